"""What a reviewer may answer an Item with at one key: which of two values stands, or what makes a printed total right.

Beside `teaching`, whose candidates say what a text means; a Choice says what to do with values. The trap is a sum
taken for the truth: a number that the document does not print is offered only where the document was read from a
picture or no number was read, always with the total it closes, and it stays open until a person chooses it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from answerable.decisions import FINDING
from answerable.model import TOTAL, Observation, Survey
from answerable.web.items import Item
from answerable.web.rulings import Ruling

MOST = 9
"""Choices offered: one a digit key."""
Codes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer: `shown` says it with its reason, `rulings` are what it does, one a value."""

    shown: str
    rulings: tuple[Ruling, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A printed total that one value takes part in: what the value must be for it to hold, and why."""

    value: int
    why: str


def list_choices(survey: Survey, item: Item, observations: Sequence[Observation]) -> tuple[Choice, ...]:
    """The Choices of an Item, likeliest first; () where it has none."""
    if item.kind == "twice":
        return tuple(_list_twins(item))[:MOST]
    closings = _list_closings(survey, item, observations)
    if closings:
        return tuple(closings[: MOST if item.kind == "cells" else 3])
    return _leave_total_out(item)


def _list_twins(item: Item) -> Iterator[Choice]:
    """Each value as the one that stands, the others not; numbered as the page lists them."""
    for number, chosen in enumerate(item.members, start=1):
        if chosen.acceptable:
            others = [one for one in item.members if one is not chosen]
            rest = ", ".join(f"“{one.quote}”" for one in others)
            rulings = [Ruling(verdict="not_this_question", only=one.name) for one in others]
            yield Choice(
                shown=f"“{chosen.quote}” stands (value {number} below), and not {rest}",
                rulings=(*rulings, Ruling(verdict="accept", only=chosen.name)),
            )


def _leave_total_out(item: Item) -> tuple[Choice, ...]:
    """Where text, not a picture, prints a total that is not the sum of its cells: the cells alone."""
    places = {(f.source.document, f.source.part, f.source.ref) for f in item.findings if f.source and not f.touched}
    totals = [
        m
        for m in item.members
        if m.observation and m.source and (m.source.document, m.source.part, m.source.ref) in places
    ]
    cells = [m for m in item.members if m not in totals and (m.acceptable or m.name.startswith(FINDING))]
    if item.check not in ("review-arithmetic", "totals-do-not-add") or not totals or len(cells) < 2:
        return ()
    said = ", ".join(f"“{one.quote}”" for one in totals)
    rulings = [Ruling(verdict="accept", only=one.name) for one in cells]
    out = [Ruling(verdict="reject", only=one.name) for one in totals]
    return (Choice(shown=f"The cells stand, the printed total {said} does not", rulings=(*rulings, *out)),)


def _list_closings(survey: Survey, item: Item, observations: Sequence[Observation]) -> list[Choice]:
    """The numbers that would make printed totals right, by how many they close and how few they would break."""
    documents = {member.source.document for member in item.members if member.source}
    table = _index_keys([o for o in observations if o.source.document in documents])
    found: list[tuple[int, int, Choice]] = []
    for place, member in enumerate(item.members):
        o = member.observation
        if o is None or not (o.source.part.endswith(", scanned") or o.value is None) or isinstance(o.value, str):
            continue
        closed: dict[int, list[str]] = defaultdict(list)
        for one in _find_sums(survey, table, o):
            closed[one.value].append(one.why)
        holding = len(closed.pop(o.value, ())) if o.value is not None else 0
        for value, whys in closed.items():
            shown = f"“{member.quote}”{_name_codes(survey, o)} is {value}: {' and '.join(whys)}"
            ruling = Ruling(verdict="correct", value=str(value), only=member.name)
            found.append((holding - len(whys), place, Choice(shown=shown, rulings=(ruling,))))
    return [choice for _, _, choice in sorted(found, key=lambda entry: entry[:2])]


Table = dict[tuple[str, str, str], dict[Codes, Observation | None]]


def _index_keys(observations: Sequence[Observation]) -> Table:
    """Observations by document, question and period, then by categories; None where two stand under one key."""
    table: Table = defaultdict(dict)
    for o in observations:
        own = table[o.source.document, o.question, o.period]
        own[o.dimensions] = None if o.dimensions in own else o
    return table


def _find_sums(survey: Survey, table: Table, o: Observation) -> Iterator[Sum]:
    """What each printed total over a value, or each set of cells under it, says that it is."""
    own = table.get((o.source.document, o.question, o.period), {})
    question = next(q for q in survey.questions if q.id == o.question)
    for at, (_, code) in enumerate(o.dimensions):
        beside = {
            codes[at][1]: other
            for codes, other in own.items()
            if codes[:at] == o.dimensions[:at] and codes[at + 1 :] == o.dimensions[at + 1 :]
        }
        parts = [other for key, other in beside.items() if key not in (TOTAL, code)]
        if code == TOTAL:
            yield from _add(parts)
            continue
        total = beside.get(TOTAL)
        alone = all(other == TOTAL for place, (_, other) in enumerate(o.dimensions) if place != at)
        if total is None and alone and question.total_of:
            total = table.get((o.source.document, question.total_of, o.period), {}).get(())
        yield from _take_away(total, parts)
    if not o.dimensions:
        for part in survey.questions:
            if part.total_of == o.question and len(part.dimensions) == 1:
                cells = table.get((o.source.document, part.id, o.period), {})
                yield from _add([other for codes, other in cells.items() if codes[0][1] != TOTAL])


def _add(parts: Sequence[Observation | None]) -> Iterator[Sum]:
    numbers = _read_numbers(parts)
    if numbers is not None and len(numbers) > 1:
        yield Sum(value=sum(numbers), why=f"the sum of the {len(numbers)} cells it covers")


def _take_away(total: Observation | None, parts: Sequence[Observation | None]) -> Iterator[Sum]:
    numbers = _read_numbers(parts)
    if total is None or not isinstance(total.value, int) or not numbers or total.value < sum(numbers):
        return
    beside = f"{len(numbers)} cells" if len(numbers) > 1 else "one cell"
    yield Sum(value=total.value - sum(numbers), why=f"closes the total {total.value} with {beside}")


def _read_numbers(parts: Sequence[Observation | None]) -> list[int] | None:
    """The numbers of cells; None where one is no number or stands twice."""
    numbers = [part.value for part in parts if part is not None and isinstance(part.value, int)]
    return numbers if len(numbers) == len(parts) else None


def _name_codes(survey: Survey, o: Observation) -> str:
    labels = {(d.id, c.code): c.label for d in survey.dimensions for c in d.categories}
    said = ", ".join(labels.get((name, code), "all") for name, code in o.dimensions)
    return f" ({said}, {o.period})" if said else f" ({o.period})"
