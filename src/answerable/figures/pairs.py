"""Pairs of counts that may be compared: the same authorities, one definition, no break between the periods.

Every change is computed from a Pair, so like for like is settled here once. The trap: an authority left out of
a change is named with its reason, because a trend over a changing set of authorities can even turn its sign.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from answerable.bounds import Between, add_intervals
from answerable.figures.cells import Count
from answerable.figures.grades import fold_unit
from answerable.figures.kinds import Place
from answerable.model import Comparison, Question, Survey, Unit

NOT_COMPARABLE = 2

CountKey = tuple[str, str, str]
"""(place key, question id, period id) of a count with no dimensions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two counts over the same authorities. `left_out` pairs each authority asked but not in them with why."""

    place: Place
    question: Question
    base: str
    period: str
    before: Between
    now: Between
    exact: bool
    matched: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    observations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A pair of periods that must not be compared for a place, and the reason."""

    place: Place
    question: Question
    base: str
    period: str
    reason: str
    observations: tuple[str, ...]


def find_break(survey: Survey, comparison: Comparison, question: str, authority: str | None) -> str:
    """The reason of a declared break between the two periods, "" where there is none.

    With `authority` None only breaks that concern every authority count.
    """
    starts = {period.id: period.start for period in survey.periods}
    for item in survey.breaks:
        inside = starts[comparison.base] < starts[item.period] <= starts[comparison.period]
        if inside and item.question in {None, question} and item.authority in {None, authority}:
            return item.reason
    return ""


def judge_pair(survey: Survey, comparison: Comparison, before: Count | None, now: Count | None, question: str) -> str:
    """Why an authority's two counts are not like for like; "" where they are."""
    if before is None:
        return f"no figure for {comparison.base}" if now is not None else "no figure for either period"
    if now is None:
        return f"no figure for {comparison.period}"
    reason = find_break(survey, comparison, question, now.place)
    if reason:
        return reason
    if _fold(before.unit) != _fold(now.unit):
        return f"counts {before.unit} in {before.period} and {now.unit} in {now.period}"
    worse = now if now.grade == NOT_COMPARABLE else before
    if worse.grade == NOT_COMPARABLE:
        return worse.reasons or "not comparable"
    if before.disputed or now.disputed:
        return "accepted readings of one cell differ"
    return ""


def _fold(unit: str) -> str:
    known: dict[str, Unit] = {"crimes": "crimes", "records": "records"}
    return fold_unit(known[unit]) if unit in known else unit


def find_pairs(survey: Survey, places: Mapping[str, Place], counts: Mapping[CountKey, Count]) -> Iterator[Pair | Gap]:
    """Every pair or gap for every question, comparison and place, areas before their authorities."""
    for question in survey.questions:
        if question.kind != "count":
            continue
        for comparison in survey.comparisons:
            verdicts: dict[str, str] = {}
            for authority in survey.authorities:
                found = [counts.get((authority.id, question.id, p)) for p in (comparison.base, comparison.period)]
                verdicts[authority.id] = judge_pair(survey, comparison, found[0], found[1], question.id)
            whole_break = find_break(survey, comparison, question.id, None)
            for place in places.values():
                found_pair = _pair_place(place, question, comparison, counts, verdicts, whole_break)
                if found_pair is not None:
                    yield found_pair


def _pair_place(
    place: Place,
    question: Question,
    comparison: Comparison,
    counts: Mapping[CountKey, Count],
    verdicts: Mapping[str, str],
    whole_break: str,
) -> Pair | Gap | None:
    keys = [(place.key, question.id, period) for period in (comparison.base, comparison.period)]
    own = [counts.get(key) for key in keys]
    if place.is_area:
        reason = whole_break
    else:
        # An authority with a figure for one period only has no pair to speak of, so it has no gap either.
        reason = verdicts[place.key] if all(own) else ""
        if not all(own):
            return None
    if reason:
        if not all(own):
            return None
        seen = tuple(name for count in own if count for name in count.observations)
        return Gap(
            place=place, question=question, base=comparison.base, period=comparison.period, reason=reason,
            observations=seen,
        )  # fmt: skip
    matched = [name for name in place.asked if not verdicts[name]]
    if not matched:
        return None
    left_out = tuple((name, verdicts[name]) for name in place.asked if verdicts[name])
    before = [counts[(name, question.id, comparison.base)] for name in matched]
    now = [counts[(name, question.id, comparison.period)] for name in matched]
    return _join_pair(place, question, comparison, before, now, left_out)


def _join_pair(
    place: Place,
    question: Question,
    comparison: Comparison,
    before: Sequence[Count],
    now: Sequence[Count],
    left_out: tuple[tuple[str, str], ...],
) -> Pair:
    return Pair(
        place=place,
        question=question,
        base=comparison.base,
        period=comparison.period,
        before=add_intervals(count.between for count in before),
        now=add_intervals(count.between for count in now),
        exact=all(count.exact is not None for count in (*before, *now)),
        matched=tuple(count.place for count in now),
        left_out=left_out,
        observations=tuple(chain.from_iterable(count.observations for count in (*before, *now))),
    )
