"""Figures that somebody else published, set beside ours: each keeps its own count of authorities and its source.

Nothing here enters a total. The trap: "nearly 100" is not a number, so it stays text and gets no difference;
and a difference between totals of different authorities says nothing of who is right.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from answerable.figures.kinds import WHOLE, Place
from answerable.figures.make import make_figure
from answerable.model import TOTAL, Comparison, Figure, Question, Reference, Survey

_UNITS = {"change_pct": "percent", "mode": "years", "minimum": "years"}


def make_references(survey: Survey, places: Mapping[str, Place], ours: Sequence[Figure]) -> Iterator[Figure]:
    """A `reference` figure for each published one, and a `difference` where ours is the same kind of number."""
    if not survey.references:
        return
    questions = {question.id: question for question in survey.questions}
    index = {_find_key(figure): figure for figure in ours}
    for reference in survey.references:
        place = _find_place(places, reference)
        yield _make_reference(place, questions[reference.question], reference)
        value = parse_published(reference.value)
        mine = next((index[key] for key in _list_keys(survey, reference) if key in index), None)
        if mine is not None and value is not None and isinstance(mine.value, int | float):
            yield _make_difference(survey, place, questions[reference.question], reference, mine, value)


def parse_published(text: str) -> int | float | None:
    """The number that a published value states plainly ("5,653", "44.8%", "-12"); None for a hedged one."""
    plain = text.strip().replace(",", "").removesuffix("%").replace("−", "-").removeprefix("+")
    if re.fullmatch(r"-?\d+", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"-?\d+\.\d+", plain) else None


def _find_place(places: Mapping[str, Place], reference: Reference) -> Place:
    """The place of a reference; one the survey has no figures for keeps the name it was published under."""
    key = reference.authority or WHOLE
    return places.get(key, Place(key=key, slug=key, name=key.removeprefix("region:"), asked=()))


def _make_reference(place: Place, question: Question, reference: Reference) -> Figure:
    value = parse_published(reference.value)
    who = f"{reference.n_answered} authorities, " if reference.n_answered else ""
    measure, _, rest = reference.measure.partition(":")
    dimension, _, limit = rest.partition(":")
    return Figure(
        id=f"reference/{reference.id}",
        title=f"{question.measure}, {place.name}, {reference.period}, published elsewhere: "
        f"{reference.measure.replace('_', ' ').replace(':', ' ')}",
        kind="reference",
        authority=place.authority,
        question=reference.question,
        period=reference.period,
        dimensions=((dimension, limit or TOTAL),) if dimension else (),
        value=reference.value if value is None else value,
        unit=f"{question.unit} per day" if measure == "per_day" else _UNITS.get(measure, question.unit),
        n_asked=len(place.asked),
        n_answered=reference.n_answered or 0,
        query=f"{reference.measure}: {who}{reference.source}, {reference.published}",
        note=reference.note,
    )


_Key = tuple[str, str | None, str, str, str | None, tuple[tuple[str, str], ...]]


def _find_key(figure: Figure) -> _Key:
    return figure.kind, figure.authority, figure.question, figure.period, figure.base_period, figure.dimensions


def _list_keys(survey: Survey, reference: Reference) -> Iterator[_Key]:
    """Where our figure of the same measure would be; for a total, also over the matched authorities."""
    measure, _, rest = reference.measure.partition(":")
    dimension, _, limit = rest.partition(":")
    dimensions = ((dimension, limit or TOTAL),) if dimension else ()
    place, question = reference.authority, reference.question
    yield measure, place, question, reference.period, None, dimensions
    for comparison in _list_comparisons(survey, reference.period):
        yield measure, place, question, reference.period, comparison.base, dimensions


def _list_comparisons(survey: Survey, period: str) -> list[Comparison]:
    """Comparisons that end in a period, the nearest base first: "up 44%" means on the year before."""
    order = {item.id: number for number, item in enumerate(survey.periods)}
    found = [item for item in survey.comparisons if item.period == period]
    return sorted(found, key=lambda item: -order[item.base])


def _make_difference(
    survey: Survey, place: Place, question: Question, reference: Reference, mine: Figure, value: int | float
) -> Figure:
    theirs = f"theirs from {reference.n_answered}" if reference.n_answered else "theirs from an unstated number"
    difference = mine.value - value if isinstance(mine.value, int | float) else None
    return make_figure(
        survey,
        "difference",
        place,
        question,
        mine.period,
        base=mine.base_period,
        value=difference,
        unit=mine.unit,
        dimensions=mine.dimensions,
        tail=reference.id,
        n_asked=mine.n_asked,
        n_answered=mine.n_answered,
        missing=mine.missing,
        n_matched=mine.n_matched,
        observations=mine.observations,
        query=f"{mine.value} - {value}",
        notes=(f"ours from {mine.n_answered} authorities, {theirs}", f"beside reference/{reference.id}"),
    )
