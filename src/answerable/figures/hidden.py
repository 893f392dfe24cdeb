"""What the suppressed counts of one breakdown come to together: once by the printed total, once without it.

Stands beside the totals, for an authority that prints a total and a table with several marks in it. Whether the
table counts the same things as the total is often not said (victims are not offences), so both readings are
figures, each with its assumption in words. The trap: with a single mark the sum would be the suppressed count
itself, so there is no figure then.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from answerable.bounds import Between, add_intervals
from answerable.figures.grades import is_same_unit
from answerable.figures.kinds import Place
from answerable.figures.make import make_figure, write_between
from answerable.model import TOTAL, Figure, Observation, Question, Survey

FEWEST = 2
"""Marks in a breakdown from which on their sum may be told."""


def make_hidden_sums(
    survey: Survey, places: Mapping[str, Place], observations: Iterable[Observation]
) -> Iterator[Figure]:
    """Two figures for each breakdown of an authority with at least two suppressed counts in it."""
    questions = {question.id: question for question in survey.questions if question.kind == "count"}
    groups: dict[tuple[str, str, str], list[Observation]] = {}
    for item in observations:
        if item.question in questions and item.authority in places:
            groups.setdefault((item.authority, item.question, item.period), []).append(item)
    for (authority, name, period), own in sorted(groups.items()):
        question = questions[name]
        cells = [item for item in own if _is_finest(question, item)]
        marks = [item for item in cells if item.status == "suppressed"]
        shown = [item for item in cells if item.status == "normal"]
        open_cells = any(not (item.accepted and isinstance(item.value, int)) for item in shown)
        if len(marks) < FEWEST or len(marks) + len(shown) != len(cells) or open_cells:
            continue
        if len({item.dimensions for item in cells}) != len(cells):
            continue
        head = _find_head(survey, question)
        totals = groups.get((authority, head.id, period), []) if head else []
        total = [item for item in totals if item.accepted and not _list_codes(item) and isinstance(item.value, int)]
        yield from _make_readings(survey, places[authority], (question, head), period, marks, shown, total)


def _is_finest(question: Question, item: Observation) -> bool:
    return len(question.dimensions) == len(_list_codes(item)) > 0


def _list_codes(item: Observation) -> list[str]:
    return [code for _, code in item.dimensions if code != TOTAL]


def _find_head(survey: Survey, question: Question) -> Question | None:
    """The question that the table's grand total would answer: the declared one, else the headline."""
    wanted = question.total_of or survey.headline
    found = next((item for item in survey.questions if item.id == wanted), None)
    return None if found is None or found.dimensions or found.id == question.id else found


def _make_readings(
    survey: Survey,
    place: Place,
    asked: tuple[Question, Question | None],
    period: str,
    marks: Sequence[Observation],
    shown: Sequence[Observation],
    total: Sequence[Observation],
) -> Iterator[Figure]:
    question, head = asked
    alone = add_intervals((item.bounds.low, item.bounds.high) if item.bounds else (0, None) for item in marks)
    visible = sum(item.value for item in shown if isinstance(item.value, int))
    n = len(marks)
    exact = total[0].value if len(total) == 1 else None
    if head is not None and isinstance(exact, int) and exact >= visible:
        rest = exact - visible
        settled = question.total_of is not None and is_same_unit(question, head.unit)
        why = f"question {question.number} ({question.unit}) counts the same as question {head.number} ({head.unit})"
        words = f"as {why}" if settled else f"if {why}, which the reply does not say"
        yield _put(
            survey, place, question, period, [*marks, *shown, *total], (rest, rest), "by-the-total",
            f"{exact} - {visible}", f"{n} suppressed counts, {words}, and nothing is left out of the table",
        )  # fmt: skip
        if settled:
            return
    yield _put(
        survey, place, question, period, marks, alone, "by-themselves", " + ".join(["mark"] * n),
        f"{n} suppressed counts, if the table need not add up to any other printed total",
    )  # fmt: skip


def _put(
    survey: Survey, place: Place, question: Question, period: str, used: Sequence[Observation], between: Between,
    tail: str, query: str, note: str,
) -> Figure:  # fmt: skip
    exact = between[0] if between[0] == between[1] else None
    return make_figure(
        survey, "hidden_sum", place, question, period, value=exact, low=None if exact is not None else between[0],
        high=None if exact is not None else between[1], unit=question.unit, answered=place.asked,
        dimensions=tuple((name, TOTAL) for name in question.dimensions), tail=tail,
        observations=dict.fromkeys(item.id for item in used), query=f"{query} = {write_between(between)}",
        notes=(note,),
    )  # fmt: skip
