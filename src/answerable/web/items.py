"""What is open in a survey -> Items: groups of cells and findings that one answer can settle, worst first.

Stands on the reading as decided so far. A cell belongs to one Item only, the one whose answer helps most: a
label that is not understood before a symbol, a symbol before the table or page it stands in, and on a page read from
a picture what is doubted for a reason before the rest. The trap is a cell
that no Item shows: whatever a warning or an error leaves open is in exactly one.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from answerable.decisions import FINDING, SETTLING, UNSETTLED, find_last, index_places, name_cell, name_finding
from answerable.formats.screening import PREFIX
from answerable.model import Decision, Finding, Observation, Severity, Source, Touched
from answerable.quarantine import DOCUMENT

Kind = Literal["label", "symbol", "twice", "cells", "finding"]
Key = tuple[str, ...]

_SEVERITY = {"error": 0, "warning": 1, "info": 2}
_KINDS: dict[str, Kind] = {
    "label": "label",
    "symbol": "symbol",
    "twice": "twice",
    "cells": "cells",
    "finding": "finding",
}
_ORDER = tuple(_KINDS)
_BESIDE = {"totals-do-not-add": "review-arithmetic", "unit-mismatch": "review-unit"}
_LABELLED = frozenset(("review-category", "review-period"))
_ONLY_SCANNED = "review-scanned"
_SCANNED = re.compile(r"(page \d+).*, scanned$")
_LONGEST = 60
"""Characters of a text that stands in an Item's title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One thing to decide on: an observation, a cell that gave none, or a finding. `name` is its id in a Decision
    and `quote` the words the Decision rests on."""

    name: str
    quote: str
    authority: str
    source: Source | None
    observation: Observation | None = None

    @property
    def acceptable(self) -> bool:
        """Whether there is a value or a status to accept; a finding can always be."""
        item = self.observation
        return item is not None and (item.value is not None or item.status not in ("normal", "unreadable"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question to the reviewer. `text` is the label or symbol it is about, "" for others."""

    id: str
    kind: Kind
    check: str
    severity: Severity
    title: str
    text: str
    dimension: str
    authorities: tuple[str, ...]
    members: tuple[Member, ...]
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Whether no answer here can settle it, because its cause has to be put right."""
        return self.check in UNSETTLED


@dataclass(slots=True, kw_only=True)
class _Group:
    """An Item being gathered."""

    members: dict[str, Member]
    findings: dict[str, Finding]
    dimension: str = ""


def list_items(
    findings: Sequence[Finding],
    observations: Sequence[Observation],
    decisions: Iterable[Decision],
    documents: Mapping[str, str],
    before: Sequence[Item] = (),
) -> tuple[Item, ...]:
    """Every Item still open: errors first, then labels, whose meaning changes how the rest is read, then by how much
    one answer settles. `documents` are digests by path; `before` are the Items of the last look, of which those that
    nothing changed are used again."""
    places = index_places(observations)
    twins = _find_twins(observations)
    known = {id(member.observation): member for item in before for member in item.members if member.observation}
    last = find_last(decisions)
    groups: dict[Key, _Group] = {}
    claimed: set[str] = set()
    for finding, touched, key in sorted(_list_open(findings), key=_rank):
        name = name_finding(finding)
        for member in _find_members(finding, touched, places, documents, known):
            if member.name in claimed or _is_answered(member, last):
                continue
            claimed.add(member.name)
            twin = twins.get(member.name) if key[0] == "cells" else None
            group = groups.setdefault(twin or key, _Group(members={}, findings={}))
            group.members[member.name] = member
            group.findings[name] = finding
            group.dimension = group.dimension or (touched.dimension if touched else "")
    old = {item.id: item for item in before}
    items = (_make_item(key, group, old) for key, group in groups.items())
    return tuple(sorted(items, key=_rank_item))


def _rank_item(item: Item) -> tuple[int, bool, int, str, str]:
    return _SEVERITY[item.severity], item.kind != "label", -len(item.members), item.title, item.id


Open = tuple[Finding, Touched | None, Key]


def _list_open(findings: Sequence[Finding]) -> Iterable[Open]:
    keys = [[_choose_group(finding, touched) for touched in finding.touched] for finding in findings]
    known = {key for own in keys for key in own}
    for finding, own in zip(findings, keys, strict=True):
        if finding.severity == "info":
            continue
        if is_held(finding):
            yield finding, None, ("finding", "quarantine", finding.source.document if finding.source else "")
        elif not finding.touched:
            beside = _find_beside(finding)
            yield finding, None, beside if beside in known else ("finding", finding.check, finding.subject)
        for touched, key in zip(finding.touched, own, strict=True):
            yield finding, touched, key


def _choose_group(finding: Finding, touched: Touched) -> Key:
    source = touched.source
    if touched.label and finding.check in _LABELLED:
        return "label", " ".join(touched.label.casefold().split()), touched.dimension
    if finding.check == "review-value" and not _SCANNED.search(source.part):
        return "symbol", finding.subject, " ".join(source.quote.casefold().split())
    if found := _SCANNED.search(source.part):
        doubt = () if finding.check == _ONLY_SCANNED else (finding.check,)
        return "cells", source.document, found[1], *doubt
    # A printed value under a label in doubt is not answered as a cell left empty there is.
    blank = ("blank",) if finding.check == "review-category" and not source.quote.strip() else ()
    return "cells", source.document, source.part, finding.check, *blank


def _find_twins(observations: Sequence[Observation]) -> dict[str, Key]:
    """The values read off a picture that stand under one key with unequal readings, each by its id with the key of
    the Item that asks which of them stands."""
    groups: dict[Key, list[Observation]] = defaultdict(list)
    for o in observations:
        if o.source.part.endswith(", scanned"):
            groups["twice", o.source.document, o.question, o.period, str(o.dimensions)].append(o)
    return {
        o.id: key for key, own in groups.items() if len({(o.value, o.status, o.bounds) for o in own}) > 1 for o in own
    }


def is_held(finding: Finding) -> bool:
    """Whether it holds a whole document back until a person decides."""
    return finding.check.startswith(PREFIX)


def _find_beside(finding: Finding) -> Key:
    """The Item of the cells that a Finding about a whole table is said of too, so that one answer settles both."""
    if finding.check not in _BESIDE or finding.source is None:
        return ()
    found = _SCANNED.search(finding.source.part)
    return "cells", finding.source.document, found[1] if found else finding.source.part, _BESIDE[finding.check]


def _rank(entry: Open) -> tuple[int, bool, int]:
    """What is doubted for a reason of its own comes before what is open only because it was read from a picture."""
    finding, _, key = entry
    return _ORDER.index(key[0]), finding.check == _ONLY_SCANNED, _SEVERITY[finding.severity]


def _find_members(
    finding: Finding,
    touched: Touched | None,
    places: Mapping[tuple[str, str, str], Sequence[Observation]],
    documents: Mapping[str, str],
    known: Mapping[int, Member],
) -> list[Member]:
    if is_held(finding) and finding.source and finding.source.document in documents:
        path = finding.source.document
        quote = documents[path]
        return [Member(name=f"{DOCUMENT}{path}", quote=quote, authority=finding.subject, source=finding.source)]
    if touched is None:
        name = name_finding(finding)
        return [Member(name=name, quote=finding.message, authority=finding.subject, source=finding.source)]
    source = touched.source
    found = places.get((source.document, source.part, source.ref), ())
    if not found:
        return [Member(name=name_cell(source), quote=source.quote, authority=finding.subject, source=source)]
    return [
        known.get(id(o))
        or Member(name=o.id, quote=o.original_value, authority=o.authority, source=o.source, observation=o)
        for o in found
    ]


def _is_answered(member: Member, last: Mapping[str, Decision]) -> bool:
    """Whether a standing Decision settles it or has put it to the authority."""
    made = last.get(member.name)
    if made is None or made.verdict not in SETTLING | {"ask_authority"}:
        return False
    return made.quote == member.quote or (member.source is not None and made.quote == member.source.quote)


def _make_item(key: Key, group: _Group, old: Mapping[str, Item]) -> Item:
    name = hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:12]
    findings = tuple(group.findings.values())
    members = tuple(sorted(group.members.values(), key=lambda member: member.name.startswith(FINDING)))
    same = old.get(name)
    if same and (same.members, same.findings, same.dimension) == (members, findings, group.dimension):
        return same
    first = next((finding for finding in findings if finding.touched), findings[0])
    kind = _KINDS[key[0]]
    source = members[0].source
    text = ""
    if kind == "label":
        text = next(t.label for t in first.touched if " ".join(t.label.casefold().split()) == key[1])
    elif kind == "symbol" and source is not None:
        text = source.quote
    return Item(
        id=name,
        kind=kind,
        check=first.check,
        severity=min((finding.severity for finding in findings), key=lambda severity: _SEVERITY[severity]),
        title=_write_title(kind, first, members, text),
        text=text,
        dimension=group.dimension,
        authorities=tuple(sorted({member.authority for member in members if member.authority})),
        members=members,
        findings=findings,
    )


def _write_title(kind: Kind, finding: Finding, members: Sequence[Member], text: str) -> str:
    count = sum(not member.name.startswith(FINDING) for member in members)
    n = f"{count:,} value{'s' if count != 1 else ''}"
    source = members[0].source
    if kind == "label":
        return f'"{text[:_LONGEST]}" is not a label of the survey: {n}'
    if kind == "symbol":
        return f'"{text[:_LONGEST]}" is no whole number: {n}'
    if kind == "twice":
        return f"{count:,} values for the same thing, {source.part.removesuffix(', scanned') if source else ''}"
    if kind == "cells" and source is not None:
        place = source.part.removesuffix(", scanned")
        if (found := _SCANNED.search(source.part)) and finding.check == _ONLY_SCANNED:
            return f"Read from a picture, {found[1]}: {n}"
        place = found[1] if found else place
        return f"{_WORDS.get(finding.check, finding.check)}, {place[:_LONGEST]}: {n}"
    if is_held(finding):
        return f"Held back: {finding.check.removeprefix(PREFIX).replace('-', ' ')}"
    return _WORDS.get(finding.check, finding.check.replace("-", " ").capitalize())


_WORDS = {
    "review-value": "A mark or text is no whole number",
    "review-category": "A label is not understood",
    "review-title": "A title may limit the table",
    "review-question": "Nothing says which question",
    "review-period": "Nothing says which period",
    "review-arithmetic": "A total and its cells disagree",
    "review-authority": "A label names another authority",
    "review-unit": "It counts another unit",
    "review-records": "A list of records has odd rows",
    "comparability": "A period overlaps the one asked for",
    "conflicting-values": "Two values for the same thing",
    "totals-do-not-add": "A printed total is not the sum of its cells",
    "totals-count-hidden-as-zero": "Printed totals leave out hidden cells",
    "parts-exceed-total": "A breakdown adds to more than its total",
    "unit-mismatch": "The reply counts another unit",
    "tenfold-change": "Ten times the period before, or a tenth",
    "same-figures-twice": "The same figures in two periods",
    "share-out-of-range": "A percentage under 0 or over 100",
    "hidden-cell": "Cells are hidden and were not read",
    "unread-cell": "Cells were not read",
    "unreadable-document": "A document could not be opened",
    "decision-stale": "A decision no longer holds",
    "unknown-authority": "A folder matches no authority",
}
