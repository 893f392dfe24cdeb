"""Which replies made a figure differ between two editions, from the readings behind it.

A figure names its observations, and an observation its authority, document and cell; so a figure moved because
readings behind it came, went or changed. The trap: a count that its authority withheld in either edition is never
told here, not even as the old value of a correction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from answerable.bounds import name_cell
from answerable.model import Figure, Observation, Survey
from answerable.stories.printed import Printed
from answerable.stories.wording import write_number

CauseKind = Literal["arrived", "withdrawn", "corrected", "reviewed", "read_anew", "taken_in", "left_out"]

MARK = "[c]"
"""Stands for a count that must not be told."""

_ACROSS = frozenset({"rank", "adjusted_p", "wider_ratio", "nonresponse_bounds"})
"""Kinds that hang on readings beyond those they name."""
_OF_REPLIES = frozenset({"outcome", "coverage", "coverage_children"})
_OF_MEMBERSHIP: frozenset[CauseKind] = frozenset({"arrived", "withdrawn", "taken_in", "left_out"})
SHOWN = 3
"""So many readings of one authority are told; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One authority's part in a difference. `documents` are those its readings stand in now, or stood in;
    `text` says it in one sentence."""

    authority: str
    kind: CauseKind
    documents: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One cell whose accepted readings differ between two editions."""

    authority: str
    question: str
    period: str
    old: tuple[Observation, ...]
    new: tuple[Observation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The readings of two editions set against each other, indexed once for all figures."""

    survey: Survey
    moved: Mapping[str, Moved]
    cells: Mapping[str, str]
    """Observation id, of either edition -> its cell."""
    holders: tuple[frozenset[tuple[str, str, str]], frozenset[tuple[str, str, str]]]
    """(authority, question, period) with a reading, in the old and in the new edition."""
    readings: Mapping[str, Observation]
    names: Mapping[str, str]
    families: Mapping[str, frozenset[str]]
    """Question -> itself and the questions whose grand total answers it, or that it answers."""


def follow_readings(survey: Survey, old: Printed, new: Printed) -> Trail:
    """What moved between the readings of two editions."""
    sides = [_group_cells(item) for item in (old, new)]
    moved = {}
    for cell in dict.fromkeys([*sides[0], *sides[1]]):
        before, after = sides[0].get(cell, ()), sides[1].get(cell, ())
        if _list_states(before) != _list_states(after):
            first = (after or before)[0]
            moved[cell] = Moved(
                authority=first.authority, question=first.question, period=first.period, old=before, new=after
            )
    readings = {**old.observations, **new.observations}
    holders = [frozenset((o.authority, o.question, o.period) for own in side.values() for o in own) for side in sides]
    return Trail(
        survey=survey,
        moved=moved,
        cells={key: name_cell(item) for key, item in readings.items()},
        holders=(holders[0], holders[1]),
        readings=readings,
        names={authority.id: authority.name for authority in survey.authorities},
        families=find_families(survey),
    )


def _group_cells(printed: Printed) -> dict[str, tuple[Observation, ...]]:
    groups: dict[str, tuple[Observation, ...]] = {}
    for item in printed.observations.values():
        if item.accepted:
            cell = name_cell(item)
            groups[cell] = (*groups.get(cell, ()), item)
    return groups


def _list_states(items: Iterable[Observation]) -> list[tuple[str, str]]:
    return sorted((str(item.value), repr((item.status, item.bounds, item.unit))) for item in items)


def find_families(survey: Survey) -> dict[str, frozenset[str]]:
    """Question -> the questions whose counts bear on it: its own, and any that share its total."""
    heads = {question.id: question.total_of or question.id for question in survey.questions}
    groups: dict[str, set[str]] = {}
    for question, head in heads.items():
        groups.setdefault(head, set()).update({question, head})
    return {question: frozenset(groups[head]) for question, head in heads.items()}


def find_causes(trail: Trail, old: Figure | None, new: Figure | None) -> tuple[Cause, ...]:
    """The replies behind one figure's difference, in the survey's order; () where no reading explains it."""
    figure = new or old
    if figure is None:
        return ()
    named = [set(item.observations if item else ()) for item in (old, new)]
    own = {trail.cells[name] for name in named[0] | named[1] if name in trail.cells}
    cells = {cell for cell in own if cell in trail.moved}
    if not cells or figure.kind in _ACROSS:
        cells |= {cell for cell, item in trail.moved.items() if _bears_on(trail, item, figure)}
    by_authority: dict[str, list[Moved]] = {}
    for cell in sorted(cells):
        by_authority.setdefault(trail.moved[cell].authority, []).append(trail.moved[cell])
    found = [_tell_moved(trail, name, own_cells) for name, own_cells in by_authority.items()]
    if old is not None and new is not None:
        found += _tell_membership(trail, named[0] - named[1], named[1] - named[0], set(by_authority))
    if figure.kind in _OF_REPLIES:
        # Who answered does not hang on what the answer was.
        found = [cause for cause in found if cause.kind in _OF_MEMBERSHIP] or found
    order = {name: number for number, name in enumerate(trail.names)}
    return tuple(sorted(found, key=lambda cause: (order.get(cause.authority, len(order)), cause.kind)))


def _bears_on(trail: Trail, item: Moved, figure: Figure) -> bool:
    family = trail.families.get(figure.question, frozenset({figure.question}))
    whole = figure.authority is None or figure.authority.startswith("region:") or figure.kind in _ACROSS
    if item.question not in family or not (whole or item.authority == figure.authority):
        return False
    return figure.kind in _OF_REPLIES or item.period in {figure.period, figure.base_period}


def _tell_moved(trail: Trail, authority: str, cells: Sequence[Moved]) -> Cause:
    keys = {(item.authority, item.question, item.period) for item in cells}
    after = [reading for item in cells for reading in item.new]
    before = [reading for item in cells for reading in item.old]
    kind = _judge_moved(before, after, keys, trail)
    documents = tuple(sorted({item.source.document for item in after or before}))
    name = trail.names.get(authority, authority)
    where = ", ".join(documents[:SHOWN])
    texts: dict[CauseKind, str] = {
        "arrived": f"{name} has a figure now ({where})",
        "withdrawn": f"{name} has no figure any more (it was in {where})",
        "corrected": f"{name} gave another figure ({where}): {_tell_cells(cells)}",
        "reviewed": f"a reviewer settled {name}'s reading ({where}): {_tell_cells(cells)}",
        "read_anew": f"{name}'s document is read differently ({where}): {_tell_cells(cells)}",
    }
    return Cause(authority=authority, kind=kind, documents=documents, text=texts[kind])


def _judge_moved(
    before: Sequence[Observation], after: Sequence[Observation], keys: set[tuple[str, str, str]], trail: Trail
) -> CauseKind:
    if not before and not keys & trail.holders[0]:
        return "arrived"
    documents = [{item.source.document for item in side} for side in (before, after)]
    if after and not documents[1] <= documents[0]:
        return "corrected"
    # A reading that a reviewer rejected stays in the edition, out of every figure.
    now = [trail.readings[item.id] for item in before if item.id in trail.readings]
    if any(item.origin.startswith("review:") for item in (*after, *now)):
        return "reviewed"
    if not after and not keys & trail.holders[1]:
        return "withdrawn"
    quotes = [{(item.source.document, item.source.ref, item.source.quote) for item in side} for side in (before, after)]
    return "read_anew" if quotes[1] <= quotes[0] else "corrected"


def _tell_cells(cells: Sequence[Moved]) -> str:
    told = [_tell_cell(item) for item in cells[:SHOWN]]
    more = len(cells) - len(told)
    return "; ".join([*told, f"and {more} more"] if more else told)


def _tell_cell(item: Moved) -> str:
    first = (item.new or item.old)[0]
    codes = [code for _, code in first.dimensions if code != "_T"]
    what = " ".join([item.question, item.period, *codes])
    if any(reading.status == "suppressed" for reading in (*item.old, *item.new)):
        return f"{what}: {MARK}"
    return f"{what}: {_write_readings(item.old)} before, {_write_readings(item.new)} now"


def _write_readings(readings: Sequence[Observation]) -> str:
    values = dict.fromkeys(write_number(item.value) for item in readings if item.value is not None)
    return " or ".join(values) or "nothing"


def _tell_membership(trail: Trail, gone: set[str], come: set[str], told: set[str]) -> list[Cause]:
    """Authorities whose reading stands as before and is in one of the two figures only: a caveat or a break."""
    found = []
    kinds: tuple[tuple[set[str], CauseKind, str], ...] = (
        (gone, "left_out", "is left out now, though its reading stands"),
        (come, "taken_in", "is taken in now, though its reading stood before"),
    )
    for ids, kind, words in kinds:
        by_authority: dict[str, set[str]] = {}
        for name in ids:
            item = trail.readings.get(name)
            if item is not None and item.authority not in told:
                by_authority.setdefault(item.authority, set()).add(item.source.document)
        for authority, documents in by_authority.items():
            text = f"{trail.names.get(authority, authority)} {words}"
            found.append(Cause(authority=authority, kind=kind, documents=tuple(sorted(documents)), text=text))
    return found
