"""Counts that a sentence lists in step with its places or its periods: "97 and 67 respectively", "421: 98, then 323".

The last part of binding a sentence. A list is spread only where it is as long as what it is spread over; every
other binding stays. The trap: the first number of "421 in all: 98 and then 323" is the sum, not the first year's.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from answerable.claims.bound import COUNTED, Bound, Context
from answerable.claims.places import NATION, UNKNOWN

_AND = re.compile(
    r"\s*(?:,|;|,?\s+(?:and|then|and\s+then|followed\s+by))\s+(?:just\s+|only\s+|then\s+|a\s+further\s+)?"
)
_RESPECTIVELY = re.compile(
    r"\brespectively\b|\bin\s+(?:that|the\s+same)\s+order\b|\b(?:they|both|each|the\s+two|the\s+pair)\b"
)
_FROM = re.compile(r"\bfrom\s+(?:just\s+|only\s+)?$")
_LEADS_TO = re.compile(
    r"(?:\s+(?:offences|crimes|cases))?,?\s+(?:(?:and|then|before|but|back|up|down|again|[a-z]+ing)\s+)*to\s+(?:just\s+|only\s+)?"
)
_IN_STEP = re.compile(
    r"\brespectively\b|\b(?:figures?|numbers?|totals?|counts?|tallies)\s+(?:for\s+[a-z\s]+?\s+)?(?:were|was|are)\b|"
    r"\bin\s+(?:the|those)\s+(?:same\s+)?(?:\w+\s+)?(?:years|periods)\b|"
    r"\b(?:equivalent|corresponding|comparable|same)\s+(?:figures|numbers|totals)\b|"
    r"\b(?:went|rose|fell|climbed|dropped|moved|grew)\s+from\b"
)
_TOGETHER = re.compile(
    r"\b(?:together|combined|between\s+them|in\s+total|in\s+all|altogether|jointly|collectively|a\s+total\s+of|"
    r"totall?(?:ed|ing))\b"
)
_JOINED = re.compile(
    r"\s*(?:'s?)?(?:\s+(?:police|constabulary|council))?\s*(?:,|,?\s+and|&|\+|with)\s+(?:the\s+)?(?:both\s+)?"
)


def spread_lists(bounds: Sequence[Bound], ids: Sequence[str], context: Context) -> list[Bound]:
    """The Bounds of one sentence, each of a list with its own period or place, a joint sum with all its places."""
    found = _spread_periods(list(bounds))
    found = _spread_steps(found, ids)
    found = _spread_again(found, context.listed)
    found = _spread_places(found)
    return [_join_places(bound) for bound in found]


def _is_plain(bound: Bound) -> bool:
    return bound.statement.type in COUNTED and bound.statement.role != "whole"


def _spread_periods(bounds: list[Bound]) -> list[Bound]:
    """Counts that each took the same several periods, one a period: with their sum before them or without it."""
    for run in _list_runs(bounds):
        several = next((bounds[at].ids for at in run if len(bounds[at].ids) > 1), ())
        if len(several) == len(run):
            for at, period in zip(run, several, strict=True):
                bounds[at] = replace(bounds[at], period=period, ids=(), weak_period=False, settled=True)
            return bounds
    shared = [at for at, bound in enumerate(bounds) if len(bound.ids) > 1 and _is_plain(bound)]
    if not shared:
        return bounds
    ids = bounds[shared[0]].ids
    same = [at for at in shared if bounds[at].ids == ids and not bounds[at].categories]
    parts = same[1:] if len(same) == len(ids) + 1 else same
    if len(parts) != len(ids):
        return bounds
    for at, period in zip(parts, ids, strict=True):
        bounds[at] = replace(bounds[at], period=period, ids=(), settled=True)
    return bounds


def _spread_steps(bounds: list[Bound], ids: Sequence[str]) -> list[Bound]:
    """Three counts and more that lead on from each other, one a period: "from 103 to 54 and back up to 77"."""
    plain = [at for at, bound in enumerate(bounds) if _is_plain(bound)]
    if (
        len(plain) < 3
        or bounds[plain[0]].reading.periods
        or not _FROM.search(bounds[plain[0]].reading.text, 0, bounds[plain[0]].statement.start)
    ):
        return bounds
    for one, two in pairwise(plain):
        gap = bounds[one].reading.text[bounds[one].statement.end : bounds[two].statement.start]
        if not _LEADS_TO.fullmatch(gap):
            return bounds
    last = bounds[plain[-1]].period
    end = list(ids).index(last) + 1 if last in ids else 0
    if end < len(plain):
        return bounds
    for at, period in zip(plain, ids[end - len(plain) : end], strict=True):
        bounds[at] = replace(bounds[at], period=period, weak_period=False, settled=True)
    return bounds


def _spread_again(bounds: list[Bound], listed: Sequence[str]) -> list[Bound]:
    """Counts in step with the periods of the sentence before: "In Kent there were 650 and 417 respectively"."""
    if not listed or not bounds or bounds[0].reading.periods:
        return bounds
    said = _IN_STEP.search(bounds[0].reading.text)
    for run in _list_runs(bounds):
        first = bounds[run[0]]
        headed = re.search(r":\s*$", first.reading.text[: first.statement.start])
        if (said or headed) and len(run) == len(listed) and len({bounds[at].places[:1] for at in run}) == 1:
            for at, period in zip(run, listed, strict=True):
                bounds[at] = replace(bounds[at], period=period, weak_period=False, settled=True)
    return bounds


def _list_runs(bounds: Sequence[Bound]) -> list[list[int]]:
    """Indexes of counts that only commas and "and" part, in runs of two and more."""
    runs: list[list[int]] = []
    for at, bound in enumerate(bounds):
        if not _is_plain(bound):
            continue
        last = runs[-1][-1] if runs else -1
        if last >= 0 and _AND.fullmatch(bound.reading.text, bounds[last].statement.end, bound.statement.start):
            runs[-1].append(at)
        else:
            runs.append([at])
    return [run for run in runs if len(run) > 1]


def _spread_places(bounds: list[Bound]) -> list[Bound]:
    for run in _list_runs(bounds):
        reading = bounds[run[0]].reading
        start, end = bounds[run[0]].statement.start, bounds[run[-1]].statement.end
        opens = max((b.statement.end for at, b in enumerate(bounds) if at < run[0] and _is_plain(b)), default=0)
        known = [m for m in reading.places if m.end <= start and m.key not in {NATION, UNKNOWN}]
        named = [m.key for m in known if m.start >= opens] or [m.key for m in known]
        places = list(dict.fromkeys(named))
        after = any(m.start >= end for m in reading.places)
        if len(places) == len(run) and not after and _RESPECTIVELY.search(reading.text):
            for at, place in zip(run, places, strict=True):
                bounds[at] = replace(bounds[at], places=(place,))
    return bounds


def _join_places(bound: Bound) -> Bound:
    """ "Together, Kent and Sussex accounted for 407": the places of a sum, joined with "+"."""
    reading, statement = bound.reading, bound.statement
    if statement.type not in COUNTED or statement.role == "whole" or bound.categories:
        return bound
    if _RESPECTIVELY.search(reading.text) or re.search(r"\b(?:each|both)\b", reading.text):
        return bound
    counts = [s for s in reading.statements if s.type in COUNTED and s.role in {"", "now"}]
    if not _TOGETHER.search(reading.text) and (len(counts) > 1 or statement.role == "part"):
        return bound
    before = [m for m in reading.places if m.end <= statement.start]
    joined = before[-1:]
    for mention in reversed(before[:-1]):
        if not _JOINED.fullmatch(reading.text, mention.end, joined[0].start):
            break
        joined.insert(0, mention)
    keys = [m.key for m in joined]
    if len(keys) < 2 or UNKNOWN in keys or NATION in keys or len(set(keys)) < len(keys):
        return bound
    follow = [s for s in reading.statements if s.start >= joined[-1].end and s.type in COUNTED]
    own = follow[:1] if not statement.role else follow
    return replace(bound, places=("+".join(keys),)) if statement in own else bound
