"""The role of each mention: what the words around a channel or device say it was to the offence.

ConText's way (Harkema and others 2009, https://doi.org/10.1016/j.jbi.2009.05.002): a cue has a role, a direction
and a reach, and a stop word ends its scope. Where cues disagree, a negation or a strong cue wins, else the
nearest. All mentions of a block are settled at once by comparing each with its neighbours in the same sentence.
The trap: "sent" is said both of threats and of CCTV, so an act near by makes a medium only if no nearer cue,
such as "to police", claims the mention.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from answerable.flag.lexicon import KINDS, ROLES, SIGNS, SWITCHES, WITHIN, Entry, Lexicon
from answerable.flag.matches import Matches
from answerable.flag.tokens import Bools, Ints, Tokens

ROLE = {role: place for place, role in enumerate(ROLES)}
KIND = {kind: place for place, kind in enumerate(KINDS)}
_ACT, _WEAK, _PHYSICAL = (len(ROLES) + place for place in range(len(SIGNS)))
_FAR = np.int64(1) << 40
_PLACE = np.int64(1) << 32
"""Distance * _PLACE + the cue's place: the least is the nearest cue, the earlier of two as near."""
_CLOSE = 9
"""An act this many words from a channel, or fewer, says what the channel was used for."""
_NEAR = 60
"""The same in letters, for a message named with no channel beside a channel with no act."""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The lexicon's entries as arrays, one place an entry. `role` of a cue may be a sign; -1 where none. `speaks` is
    a square: whether the cue of the row speaks of the target of the column."""

    target: Bools
    stop: Bools
    kind: Ints
    role: Ints
    act: Bools
    before: Bools
    after: Bools
    reach: Ints
    within: Ints
    strong: Bools
    switch: Ints
    first_day: Ints
    speaks: Bools
    needs: Bools
    meets: Bools
    physical: Bools
    sure: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """Every target of a block with its role. `match` is its place among the matches, `cue` that of the phrase
    that settled the role or -1. `record` counts in the block. `weak` marks a medium that rests on little: nothing
    near it says what was done."""

    match: Ints
    record: Ints
    entry: Ints
    role: Ints
    cue: Ints
    weak: Bools


@cache
def tabulate_entries(lexicon: Lexicon) -> Columns:
    """The entries of a lexicon as arrays, made once a process."""
    entries = lexicon.entries
    meeting = {medium for entry in entries for medium in entry.despite}

    def number(pick: list[int]) -> Ints:
        return np.array(pick, dtype=np.int64)

    def test(pick: list[bool]) -> Bools:
        return np.array(pick, dtype=np.bool_)

    return Columns(
        target=test([bool(entry.kind) for entry in entries]),
        stop=test([entry.section == "stop" for entry in entries]),
        kind=number([KIND.get(entry.kind, -1) for entry in entries]),
        role=number([_number_role(entry) for entry in entries]),
        act=test([entry.act for entry in entries]),
        before=test([entry.scope != "after" for entry in entries]),
        after=test([entry.scope != "before" for entry in entries]),
        reach=number([entry.reach for entry in entries]),
        within=number([WITHIN.index(entry.within) for entry in entries]),
        strong=test([entry.strong for entry in entries]),
        switch=number([SWITCHES.index(entry.switch) if entry.switch else -1 for entry in entries]),
        first_day=number(
            [(entry.first_day - _EPOCH).days if entry.first_day else -_EPOCH.toordinal() for entry in entries]
        ),
        physical=test([entry.physical for entry in entries]),
        sure=test([entry.sure for entry in entries]),
        meets=test([entry.medium in meeting for entry in entries]),
        needs=test([bool(entry.needs) for entry in entries]),
        speaks=np.array([[not cue.only or target.medium in cue.only for target in entries] for cue in entries]),
    )


def _number_role(entry: Entry) -> int:
    return len(ROLES) + SIGNS.index(entry.role) if entry.role in SIGNS else ROLE.get(entry.role, -1)


def find_mentions(lexicon: Lexicon, tokens: Tokens, matches: Matches, days: Ints | None = None) -> Mentions:
    """Every target of a block and its role. `days` is each record's day since 1970, None where none is known
    and far in the future for a record without one."""
    columns = tabulate_entries(lexicon)
    record = tokens.record[matches.token]
    physical = np.zeros(int(tokens.record[-1]) + 1 if len(tokens.record) else 0, dtype=np.bool_)
    physical[record[columns.physical[matches.entry]]] = True
    nearest = _find_nearest(columns, tokens, matches, physical[record])
    target = np.flatnonzero(columns.target[matches.entry])
    entry = matches.entry[target]
    role, cue, weak = _settle(columns, matches.entry, entry, nearest[:, target], physical[record[target]])
    mentioned = (role == ROLE["mention"]) & (columns.kind[entry] != KIND["ambiguous"])
    elsewhere = _find_acts(columns, matches, record, physical)
    cued = np.maximum(elsewhere[record[target]], 0)
    far = mentioned & (elsewhere[record[target]] >= 0) & columns.speaks[matches.entry[cued], entry]
    role[far], cue[far] = ROLE["medium"], elsewhere[record[target]][far]
    gap = np.abs(tokens.start[matches.token[target]] - tokens.start[matches.token[cued]])
    weak[far] = (gap > _NEAR)[far]
    if days is not None:
        early = days[record[target]] < columns.first_day[entry]
        role[early], cue[early] = ROLE["homonym"], -1
    return Mentions(match=target, record=record[target], entry=entry, role=role, cue=cue, weak=weak)


def _find_nearest(columns: Columns, tokens: Tokens, matches: Matches, physical: Bools) -> NDArray[np.int64]:
    """For each role and match, the nearest cue of that role in whose scope the match stands, as a distance key."""
    count = len(matches.token)
    nearest = np.full((_PHYSICAL + 1, count), _FAR, dtype=np.int64)
    sentence = tokens.sentence[matches.token]
    clause = np.cumsum(columns.stop[matches.entry])
    is_target = columns.target[matches.entry]
    is_cue = columns.role[matches.entry] >= 0
    # A fixed phrase is a cue for what stands near it only where it is about police work: "CCTV sent by e-mail".
    is_cue &= ~is_target | (columns.role[matches.entry] == ROLE["investigative"])
    first, last = matches.token, matches.token + matches.length
    step = 1
    # A match is at least one word, so no cue reaches a match further along than its words.
    while step < min(count, int(columns.reach.max()) + 2):
        left = np.flatnonzero(sentence[:-step] == sentence[step:])
        if not len(left):
            break
        right = left + step
        for cue, target, ahead in ((left, right, columns.before), (right, left, columns.after)):
            pair = is_cue[cue] & is_target[target]
            cue_at, target_at = cue[pair], target[pair]
            rule = matches.entry[cue_at]
            pair = columns.speaks[rule, matches.entry[target_at]] & (~columns.needs[rule] | physical[target_at])
            cue_at, target_at, rule = cue_at[pair], target_at[pair], rule[pair]
            gap = np.maximum(first[cue_at], first[target_at]) - np.minimum(last[cue_at], last[target_at])
            holds = ahead[rule] & (gap < columns.reach[rule])
            holds &= (columns.within[rule] > 0) | (clause[cue_at] == clause[target_at])
            cue_at, target_at, rule, gap = cue_at[holds], target_at[holds], rule[holds], gap[holds]
            gap = np.where(columns.strong[rule], 0, gap + 1)
            np.minimum.at(nearest, (columns.role[rule], target_at), gap * _PLACE + cue_at)
        step += 1
    return nearest


def _settle(
    columns: Columns, called: Ints, entry: Ints, nearest: NDArray[np.int64], physical: Bools
) -> tuple[Ints, Ints, Bools]:
    """The role of each target, the cue that gave it and whether that is weak, from the nearest cue of each role."""
    kind = columns.kind[entry]
    device = kind == KIND["device"]
    nearest[ROLE["object-stolen"], ~device] = _FAR
    acts = np.where(physical & ~columns.meets[entry], nearest[_ACT], np.minimum(nearest[_ACT], nearest[_WEAK]))
    act = acts // _PLACE
    act[columns.act[entry]] = 0
    # A tie between two roles goes to the one listed first.
    winner = np.argmin(nearest[:_ACT] // _PLACE, axis=0)
    claim = nearest[winner, np.arange(len(entry))]
    negated = nearest[ROLE["negated"]]
    winner = np.where(negated < _FAR, ROLE["negated"], winner)
    claim = np.where(negated < _FAR, negated, claim)
    claimed = (claim < _FAR) & ((claim // _PLACE <= act) | (winner == ROLE["negated"]))
    acted = ~claimed & (act < _FAR // _PLACE)
    role = np.where(claimed, winner, np.where(acted, ROLE["medium"], ROLE["mention"]))
    by_act = np.where(acts < _FAR, acts % _PLACE, -1)
    cue = np.where(claimed, claim % _PLACE, np.where(acted, by_act, -1))
    # A channel in a record that tells of nothing done to a body or a thing is what the record is about.
    alone = ~claimed & ~acted & ~physical & (kind == KIND["channel"])
    role = np.where(alone, ROLE["medium"], role)
    role = np.where((kind == KIND["ambiguous"]) & ~claimed, ROLE["unclear"], role)
    role = np.where(device & ~claimed, ROLE["device"], role)
    fixed = kind == KIND["fixed"]
    said = columns.sure[called[np.maximum(cue, 0)]] & (act <= _CLOSE) & ~physical
    weak = np.where(acted, ~columns.act[entry] & ~said, alone) | claimed
    return np.where(fixed, columns.role[entry], role), np.where(fixed, -1, cue), weak


def _find_acts(columns: Columns, matches: Matches, record: Ints, physical: Bools) -> Ints:
    """For each record the first phrase that says what was done, wherever it stands, -1 where there is none: an act
    cue for the whole record, or, where nothing physical was done, a message or picture, which says it for a channel
    named elsewhere."""
    acts = np.full(len(physical), -1, dtype=np.int64)
    whole = (columns.role[matches.entry] == _ACT) & (columns.within[matches.entry] == WITHIN.index("record"))
    whole |= (columns.kind[matches.entry] == KIND["ambiguous"]) & ~physical[record]
    places = np.flatnonzero(whole)[::-1]
    acts[record[places]] = places
    return acts
