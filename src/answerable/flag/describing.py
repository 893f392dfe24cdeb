"""Verdicts and mentions to the columns of the output, for every record of a block at once.

After the roles and the model have spoken; `reading` puts the identifiers before it. Each column is a list of numbers
a record, turned into text by one join, so no Python runs per record. The trap: only the mentions with the role that
speaks for a record are described, save platforms, and evidence and rules of no more than the first three of them.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from answerable.flag.evidence import find_spans, show_spans
from answerable.flag.lexicon import ROLES, SWITCHES, Lexicon
from answerable.flag.matches import Matches
from answerable.flag.roles import ROLE, Mentions
from answerable.flag.tokens import Bytes, Ints, Tokens
from answerable.flag.verdicts import YES, Policy, Verdicts, list_settings

FLAGS = ("no", "needs-a-person", "yes")
_MOST = 3
_BESIDE = np.isin(np.arange(len(ROLES)), [ROLE[role] for role in ("mention", "resale", "third-party", "historic")])
"""Roles of a platform that is named beside those that speak for the record."""
_SETTINGS = 1 << len(SWITCHES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of records with all that was found in them."""

    data: Bytes
    offsets: Ints
    tokens: Tokens
    matches: Matches
    mentions: Mentions
    verdicts: Verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the entries of a lexicon are called, as Arrow arrays, and the place of each entry's own, -1 for none.
    `rules` ends with what other settings of the switches would give, by the flag with all off and the switches."""

    media: Any
    medium: Ints
    platforms: Any
    platform: Ints
    rules: Any
    rule: Ints
    settings: int


@cache
def list_names(lexicon: Lexicon, policy: Policy) -> Names:
    """The names of a lexicon's entries, made once a process."""
    media, medium = _number([entry.medium for entry in lexicon.entries], [])
    platforms, platform = _number([lexicon.names.get(entry.platform, "") for entry in lexicon.entries], [])
    others = [_write_settings(base, switches, policy) for base in range(len(FLAGS)) for switches in range(_SETTINGS)]
    rules, rule = _number([entry.id for entry in lexicon.entries], others)
    platform[[not entry.platform for entry in lexicon.entries]] = -1
    return Names(
        media=media, medium=medium, platforms=platforms, platform=platform, rules=rules, rule=rule,
        settings=len(rules) - len(others),
    )  # fmt: skip


def _number(names: list[str], more: list[str]) -> tuple[Any, Ints]:
    import pyarrow as pa

    known = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return pa.array([*known, *more], pa.string()), np.array([known[name] for name in names], dtype=np.int64)


def _write_settings(base: int, switches: int, policy: Policy) -> str:
    """What a record that a switch could decide would be under the other settings: "if:sms=yes"."""
    others = list_settings(switches, policy) if base != YES else ()
    return " ".join(f"if:{name}={'yes' if yes else FLAGS[base]}" for name, yes in others)


def describe_records(lexicon: Lexicon, block: Block, policy: Policy, unmasked: bool) -> dict[str, Any]:
    """Medium, platforms, role, rules and evidence as Arrow arrays, "" for a record without a mention."""
    names = list_names(lexicon, policy)
    mentions, verdicts, count = block.mentions, block.verdicts, len(block.offsets) - 1
    speaking = np.flatnonzero(mentions.role == verdicts.role[mentions.record])
    row, role, entry = mentions.record[speaking], mentions.role[speaking], mentions.entry[speaking]
    on_channel = role <= ROLE["mention"]
    named = _find_platforms(names, mentions, verdicts)
    first = np.searchsorted(row, row)
    few = np.flatnonzero(np.arange(len(row)) - first < _MOST)
    spans = find_spans(block.matches, mentions, speaking[few])
    shown = show_spans(lexicon, block.data, block.offsets, block.tokens, spans, unmasked).dictionary_encode()
    return {
        "medium": join_texts(row[on_channel], names.medium[entry[on_channel]], names.media, count, "; "),
        "platforms": join_texts(
            mentions.record[named], names.platform[mentions.entry[named]], names.platforms, count, "; "
        ),
        "role": join_texts(row, role, list_roles(), count, ""),
        "rules": _join_rules(names, block, speaking[few], count),
        "evidence": join_texts(spans.record, np.asarray(shown.indices, dtype=np.int64), shown.dictionary, count, "; "),
    }


def _find_platforms(names: Names, mentions: Mentions, verdicts: Verdicts) -> Ints:
    """The mentions whose platform is named: those that speak for their record, and some beside them; none where it is
    a thing stolen or merely named that speaks."""
    speaking = verdicts.role[mentions.record]
    spoken = (speaking != ROLE["object-stolen"]) & (speaking != ROLE["device"])
    heard = (mentions.role == speaking) | _BESIDE[mentions.role]
    return np.flatnonzero((names.platform[mentions.entry] >= 0) & spoken & heard)


@cache
def list_roles() -> Any:
    import pyarrow as pa

    return pa.array(ROLES, pa.string())


def _join_rules(names: Names, block: Block, chosen: Ints, count: int) -> Any:
    """The rules of the mentions at `chosen`, each before that of its cue, then what other settings would give."""
    mentions, verdicts = block.mentions, block.verdicts
    cued = chosen[mentions.cue[chosen] >= 0]
    switched = np.flatnonzero((verdicts.switches > 0) & (verdicts.base != YES) & (verdicts.last > verdicts.first))
    record = np.concatenate([mentions.record[chosen], mentions.record[cued], switched])
    rule = np.concatenate(
        [
            names.rule[mentions.entry[chosen]],
            names.rule[block.matches.entry[mentions.cue[cued]]],
            names.settings + verdicts.base[switched] * _SETTINGS + verdicts.switches[switched],
        ]
    )
    place = np.concatenate([2 * chosen, 2 * cued + 1, np.full(len(switched), 2 * len(mentions.role))])
    order = np.lexsort((place, record))
    return join_texts(record[order], rule[order], names.rules, count, " ")


def join_texts(row: Ints, code: Ints, texts: Any, count: int, separator: str) -> Any:
    """For each of `count` rows the texts that its codes stand for, in order, each once, as an Arrow array. `row` is
    in ascending order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    _, first = np.unique(row * len(texts) + code, return_index=True)
    kept = np.sort(first)
    bounds = np.searchsorted(row[kept], np.arange(count + 1))
    return pc.binary_join(
        pa.ListArray.from_arrays(pa.array(bounds, pa.int32()), texts.take(pa.array(code[kept]))), separator
    )
