"""Counts by category -> category totals, shares, and for ages the commonest, the youngest and "ten and under".

Every figure here is over the authorities that gave the breakdown, which are fewer than gave a total. The trap:
an age band may straddle a limit and a suppressed count may or may not be above 0, so all of these can be
intervals; where the evidence does not settle the commonest age, no value is stated.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from answerable.bounds import Between, add_intervals, find_largest, share_intervals
from answerable.figures.cells import Count
from answerable.figures.kinds import Place
from answerable.figures.make import make_figure, write_between
from answerable.figures.totals import make_total
from answerable.model import TOTAL, Category, Dimension, Figure, Question, Survey

DEFAULT_LIMIT = 10
"""The age of "ten and under", which the published surveys report."""


def make_breakdown(
    survey: Survey, place: Place, question: Question, counts: Sequence[Count], answered: Sequence[str]
) -> Iterator[Figure]:
    """Every figure of one place's breakdown by one set of axes in one period."""
    for count in counts:
        yield make_total(survey, place, question, count, answered)
    axes = {tuple(name for name, _ in count.dimensions) for count in counts}
    if len(axes) != 1 or len(next(iter(axes))) != 1:
        return
    dimension = next((item for item in survey.dimensions if item.id == counts[0].dimensions[0][0]), None)
    if dimension is None:
        return
    yield from _make_shares(survey, place, question, counts, answered)
    if dimension.kind == "age":
        yield from make_ages(survey, place, question, dimension, counts, answered)


def _make_shares(
    survey: Survey, place: Place, question: Question, counts: Sequence[Count], answered: Sequence[str]
) -> Iterator[Figure]:
    whole = add_intervals(count.between for count in counts)
    every = tuple(chain.from_iterable(count.observations for count in counts))
    for count in counts:
        rest = _take_away(whole, count.between)
        share = share_intervals(count.between, rest)
        if share is None:
            continue
        exact = whole[0] == whole[1] and count.exact is not None
        small = "small base" if whole[0] < survey.small_base else ""
        yield make_figure(
            survey, "share", place, question, count.period, value=share[0] if exact else None,
            low=None if exact else share[0], high=None if exact else share[1], unit="percent",
            dimensions=count.dimensions, answered=answered, observations=every,
            query=f"100 * {write_between(count.between)} / {write_between(whole)}",
            notes=(f"of {write_between(whole)} in this breakdown", small),
        )  # fmt: skip


def _take_away(whole: Between, part: Between) -> Between:
    """The interval of the other parts, which were added up beside this one."""
    high = None if whole[1] is None or part[1] is None else whole[1] - part[1]
    return whole[0] - part[0], high


def make_ages(
    survey: Survey,
    place: Place,
    question: Question,
    dimension: Dimension,
    counts: Sequence[Count],
    answered: Sequence[str],
) -> Iterator[Figure]:
    """Commonest age, counts at the youngest ages, and the youngest age; "not known" is no age."""
    by_code = {category.code: category for category in dimension.categories}
    aged = [
        (by_code[code], count)
        for count in counts
        for _, code in count.dimensions
        if code in by_code and (by_code[code].low, by_code[code].high) != (None, None)
    ]
    aged.sort(key=lambda pair: (pair[0].low or 0, pair[0].high or 0))
    if not aged:
        return
    observations = tuple(chain.from_iterable(count.observations for _, count in aged))
    for kind, tail, value, low, high, query in (
        *_find_mode(aged),
        *_find_youngest(aged),
        *(_count_up_to(aged, limit) for limit in list_limits(survey, dimension)),
    ):
        code = tail or TOTAL
        yield make_figure(
            survey, kind, place, question, counts[0].period, value=value, low=low, high=high,
            unit=question.unit if kind == "at_most" else "years", dimensions=((dimension.id, code),),
            answered=answered, observations=observations, query=query,
            notes=(f"where {dimension.name.lower()} is known",),
        )  # fmt: skip


_Found = tuple[str, str, int | str | None, int | None, int | None, str]
"""Kind, category code ("" for the whole dimension), value, low, high, query."""


def _find_mode(aged: Sequence[tuple[Category, Count]]) -> Iterator[_Found]:
    """Nothing where bands overlap or differ in width, because a wider band is common by its width."""
    widths = {category.high - (category.low or 0) if category.high is not None else None for category, _ in aged}
    total = add_intervals(count.between for _, count in aged)
    if len(widths) != 1 or None in widths or total[1] == 0:
        return
    chosen = [aged[index][0] for index in find_largest([count.between for _, count in aged])]
    query = "category with the largest count"
    if len(chosen) == 1:
        only = chosen[0]
        yield "mode", "", only.low if only.low == only.high else only.code, None, None, query
    else:
        highs = [category.high for category in chosen if category.high is not None]
        yield "mode", "", None, min(category.low or 0 for category in chosen), max(highs), f"{query}: not settled"


def _find_youngest(aged: Sequence[tuple[Category, Count]]) -> Iterator[_Found]:
    sure = [category for category, count in aged if count.between[0] > 0]
    if not sure:
        return
    possible = [category for category, count in aged if count.between[1] is None or count.between[1] > 0]
    low = min(category.low or 0 for category in possible)
    highs = [category.high for category in sure if category.high is not None]
    high = min(highs) if highs else None
    query = "least age with a count above 0"
    if low == high:
        yield "minimum", "", low, None, None, query
    else:
        yield "minimum", "", None, low, high, query


def _count_up_to(aged: Sequence[tuple[Category, Count]], limit: int) -> _Found:
    inside = [count.between for category, count in aged if category.high is not None and category.high <= limit]
    across: list[Between] = [
        (0, count.between[1])
        for category, count in aged
        if (category.low or 0) <= limit and (category.high is None or category.high > limit)
    ]
    low, high = add_intervals([*inside, *across])
    query = f"sum of the counts at age {limit} and under"
    if low == high:
        return "at_most", str(limit), low, None, None, query
    return "at_most", str(limit), None, low, high, query


def list_limits(survey: Survey, dimension: Dimension) -> tuple[int, ...]:
    """The ages of "N and under": those that published references report, and ten."""
    limits = {DEFAULT_LIMIT}
    for reference in survey.references:
        kind, _, rest = reference.measure.partition(":")
        name, _, limit = rest.partition(":")
        if kind == "at_most" and name == dimension.id and limit.isdigit():
            limits.add(int(limit))
    oldest = max((category.low or 0 for category in dimension.categories), default=0)
    return tuple(sorted(limit for limit in limits if limit < oldest))


def group_breakdowns(counts: Sequence[Count]) -> Mapping[tuple[str, str, str, str], list[Count]]:
    """Counts with dimensions, by (place, question, period, axes), categories in the order given."""
    groups: dict[tuple[str, str, str, str], list[Count]] = {}
    for count in counts:
        if count.dimensions:
            axes = "\x1e".join(name for name, _ in count.dimensions)
            groups.setdefault((count.place, count.question, count.period, axes), []).append(count)
    return groups
