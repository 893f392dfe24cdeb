"""Counts -> totals, totals a day, places among the others, and what the total could be had all answered.

A total holds every authority that answered; the change has its own, smaller set (`changes`). The trap: an
authority that did not answer is absent here, never a zero, and the bounds for those absent are a figure of
their own that no headline takes up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from answerable.bounds import rank_intervals
from answerable.figures.cells import Count
from answerable.figures.kinds import WHOLE, Place, name_figure
from answerable.figures.make import describe_count, make_figure, write_between
from answerable.model import Figure, Question, Survey

TOTAL_SQL = (
    "SELECT sum(coalesce(CAST(value AS INTEGER), low)), sum(coalesce(CAST(value AS INTEGER), high)) "
    "FROM observations JOIN figure_observation ON observation = observation_id WHERE figure = '{figure}'"
)
"""Gives a total again from the published figures.db: its least and greatest, the same number where it is exact."""


def make_total(survey: Survey, place: Place, question: Question, count: Count, answered: Sequence[str] = ()) -> Figure:
    """The total of one count. `answered` are those that gave the breakdown, where the count is a category of it."""
    value, low, high, notes = describe_count(count)
    present = answered or count.authorities
    silent = len(present) - len(count.authorities)
    if silent:
        notes = (*notes, f"{silent} of the {len(present)} that gave this breakdown list no such category")
    if not count.added:
        notes = (*notes, f"not added to any total: {count.reasons}")
    elif count.reasons:
        notes = (*notes, count.reasons)
    return make_figure(
        survey,
        "total",
        place,
        question,
        count.period,
        value=value,
        low=low,
        high=high,
        unit=count.unit if not place.is_area else question.unit,
        dimensions=count.dimensions,
        answered=present,
        observations=count.observations,
        query=TOTAL_SQL.format(figure=name_figure("total", place, question.id, count.period, None, count.dimensions)),
        notes=notes,
    )


def make_per_day(survey: Survey, place: Place, question: Question, count: Count, days: int) -> Figure:
    """The count divided by the days of its period."""
    value, low, high, notes = describe_count(count)
    return make_figure(
        survey,
        "per_day",
        place,
        question,
        count.period,
        value=None if value is None else value / days,
        low=None if low is None else low / days,
        high=None if high is None else high / days,
        unit=f"{question.unit} per day",
        answered=count.authorities,
        observations=count.observations,
        query=f"{write_between(count.between)} / {days}",
        notes=notes,
    )


def make_ranks(
    survey: Survey, places: Mapping[str, Place], question: Question, counts: Sequence[Count]
) -> Iterator[Figure]:
    """The place of each authority by its count, among all counts given (one question and period)."""
    ranks = rank_intervals([count.between for count in counts])
    answered = tuple(count.authorities[0] for count in counts)
    for count, (best, worst) in zip(counts, ranks, strict=True):
        settled = best == worst and count.exact is not None
        yield make_figure(
            survey,
            "rank",
            places[count.place],
            question,
            count.period,
            value=best if settled else None,
            low=None if settled else best,
            high=None if settled else worst,
            unit="place",
            n_asked=len(places[WHOLE].asked),
            answered=answered,
            missing=(),
            observations=count.observations,
            query=f"1 + authorities with a larger count, of {len(counts)}",
        )


def make_nonresponse(
    survey: Survey, place: Place, question: Question, count: Count, counts: Iterable[Count]
) -> Figure | None:
    """What the total could be had every authority answered: each one missing between 0 and the largest answer.

    None where nobody is missing, or where the largest answer has no upper bound.
    """
    n_missing = len(place.asked) - len(count.authorities)
    highs = [item.between[1] for item in counts]
    if not n_missing or count.between[1] is None or not highs or None in highs:
        return None
    largest = max(high for high in highs if high is not None)
    return make_figure(
        survey,
        "nonresponse_bounds",
        place,
        question,
        count.period,
        value=None,
        low=count.between[0],
        high=count.between[1] + n_missing * largest,
        unit=question.unit,
        answered=count.authorities,
        observations=count.observations,
        query=f"{write_between(count.between)} + {n_missing} * [0, {largest}]",
        notes=(f"each of the {n_missing} missing between 0 and the largest answer, {largest}; not an estimate",),
    )
