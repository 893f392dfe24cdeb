"""Pairs -> changes, percentages, rate ratios, exact tests, and the warning against unmatched trends.

All pairs of a survey are tested in one call. The trap: a percentage needs a base of 1 or more, carries the note
`small base` under the survey's limit, and does not exist across a break, where a `break` figure stands instead.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from answerable.bounds import change_intervals, divide_intervals, subtract_intervals
from answerable.figures.cells import Count
from answerable.figures.kinds import SMALL_BASE
from answerable.figures.make import make_figure, write_between
from answerable.figures.pairs import CountKey, Gap, Pair
from answerable.model import Figure, Survey
from answerable.stats import (
    CountComparison,
    adjust_p_values,
    compare_count_pairs,
    compute_wider_ratio,
    estimate_ratio_dispersion,
)

MATERIAL = 0.25
"""A trend over differing authorities is warned of when it is off the matched one by more than this share of it."""

SHOWN = 6
"""So many authorities left out are named with their reason in a note; `missing` holds them all."""


def make_changes(survey: Survey, pairs: Sequence[Pair], counts: Mapping[CountKey, Count]) -> Iterator[Figure]:
    """Every figure of change for the pairs given."""
    days = {period.id: period.days for period in survey.periods}
    exact = [pair for pair in pairs if pair.exact]
    tests = compare_count_pairs(
        [pair.now[0] for pair in exact],
        [pair.before[0] for pair in exact],
        [days[pair.period] for pair in exact],
        [days[pair.base] for pair in exact],
    )
    found = dict(zip((id(pair) for pair in exact), tests, strict=True))
    for pair in pairs:
        yield from _make_change(survey, pair)
        yield from _make_ratio(survey, pair, days, found.get(id(pair)))
        if pair.place.is_area:
            yield from _make_matched(survey, pair)
            yield from _warn_unmatched(survey, pair, counts)
    yield from _make_adjusted(survey, exact, tests, days)


def make_break(survey: Survey, gap: Gap) -> Figure:
    """The figure that stands where no change may be computed; its value is the reason."""
    return make_figure(
        survey,
        "break",
        gap.place,
        gap.question,
        gap.period,
        base=gap.base,
        value=gap.reason,
        unit="reason",
        missing=(),
        observations=gap.observations,
    )


def _put(
    survey: Survey, pair: Pair, kind: str, *, value: float | None, unit: str, query: str,
    low: float | None = None, high: float | None = None, notes: Iterable[str] = (),
) -> Figure:  # fmt: skip
    return make_figure(
        survey,
        kind,
        pair.place,
        pair.question,
        pair.period,
        base=pair.base,
        value=value,
        low=low,
        high=high,
        unit=unit,
        answered=pair.matched,
        missing=tuple(name for name, _ in pair.left_out),
        n_matched=len(pair.matched),
        observations=pair.observations,
        query=query,
        notes=notes,
    )


def _make_change(survey: Survey, pair: Pair) -> Iterator[Figure]:
    before, now = write_between(pair.before), write_between(pair.now)
    notes = _name_left_out(survey, pair) if pair.place.is_area else ()
    low, high = subtract_intervals(pair.now, pair.before)
    yield _put(
        survey, pair, "change_abs", value=low if pair.exact else None, low=None if pair.exact else low,
        high=None if pair.exact else high, unit=pair.question.unit, query=f"{now} - {before}", notes=notes,
    )  # fmt: skip
    percent = change_intervals(pair.now, pair.before)
    if percent is not None:
        small = SMALL_BASE if pair.before[0] < survey.small_base else ""
        yield _put(
            survey, pair, "change_pct", value=percent[0] if pair.exact else None,
            low=None if pair.exact else percent[0], high=None if pair.exact else percent[1], unit="percent",
            query=f"100 * ({now} - {before}) / {before}", notes=(small, *notes),
        )  # fmt: skip


def _name_left_out(survey: Survey, pair: Pair) -> tuple[str, ...]:
    if not pair.left_out:
        return ()
    names = {authority.id: authority.name for authority in survey.authorities}
    told = [(names[name], why) for name, why in pair.left_out if not why.startswith("no figure for either")]
    # Those that answered both years and cannot be compared are the news; those silent in one come after.
    told.sort(key=lambda item: item[1].startswith("no figure"))
    shown = ", ".join(f"{name} ({why})" for name, why in told[:SHOWN])
    more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return (f"left out of the change: {shown}{more}",) if told else ()


def _make_ratio(survey: Survey, pair: Pair, days: Mapping[str, int], test: CountComparison | None) -> Iterator[Figure]:
    query = f"({write_between(pair.now)} / {days[pair.period]}) / ({write_between(pair.before)} / {days[pair.base]})"
    if test is None:
        ratio = divide_intervals(pair.now, pair.before)
        if ratio is not None:
            scale = days[pair.base] / days[pair.period]
            yield _put(
                survey, pair, "rate_ratio", value=None, low=ratio[0] * scale,
                high=None if ratio[1] is None else ratio[1] * scale, unit="ratio", query=query,
                notes=("bounds from suppressed counts, not a confidence interval",),
            )  # fmt: skip
        return
    if test.ratio is not None:
        yield _put(
            survey, pair, "rate_ratio", value=test.ratio, low=test.low, high=test.high, unit="ratio", query=query,
        )  # fmt: skip
    yield _put(
        survey, pair, "p_value", value=test.p, unit="probability",
        query=f"exact binomial test of {pair.now[0]} in {pair.now[0] + pair.before[0]} with share "
        f"{days[pair.period]}/{days[pair.period] + days[pair.base]}",
    )  # fmt: skip


def _make_matched(survey: Survey, pair: Pair) -> Iterator[Figure]:
    for kind, between in (("matched_base", pair.before), ("matched_total", pair.now)):
        exact = pair.exact or between[0] == between[1]
        yield _put(
            survey, pair, kind, value=between[0] if exact else None, low=None if exact else between[0],
            high=None if exact else between[1], unit=pair.question.unit,
            query=f"sum over the {len(pair.matched)} authorities in both periods",
        )  # fmt: skip


def _warn_unmatched(survey: Survey, pair: Pair, counts: Mapping[CountKey, Count]) -> Iterator[Figure]:
    """The trend over differing authorities, only where somebody could take it for the change."""
    both = [counts.get((pair.place.key, pair.question.id, period)) for period in (pair.base, pair.period)]
    before, now = both[0], both[1]
    if before is None or now is None or before.authorities == now.authorities == pair.matched:
        return
    loose, matched = change_intervals(now.between, before.between), change_intervals(pair.now, pair.before)
    if loose is None or before.exact is None or now.exact is None:
        return
    notes = ["not like for like"]
    if matched is not None and pair.exact:
        notes += describe_mismatch(loose[0], matched[0])
    yield _put(
        survey, pair, "unmatched_change_pct", value=loose[0], unit="percent", notes=notes,
        query=f"100 * ({now.exact} - {before.exact}) / {before.exact}",
    )  # fmt: skip


def describe_mismatch(loose: float, matched: float) -> list[str]:
    """What sets a trend over differing authorities apart from the matched one; [] where nothing material does."""
    if loose * matched < 0:
        return [f"the matched change is {matched:+.0f}%: the other way"]
    if abs(loose - matched) > MATERIAL * abs(matched):
        return [f"the matched change is {matched:+.0f}%: off by more than a quarter"]
    return []


def _make_adjusted(
    survey: Survey, pairs: Sequence[Pair], tests: Sequence[CountComparison], days: Mapping[str, int]
) -> Iterator[Figure]:
    """Adjusted p-values and wider ratios of the authorities of each question and comparison."""
    groups: dict[tuple[str, str, str], list[tuple[Pair, CountComparison]]] = {}
    for pair, test in zip(pairs, tests, strict=True):
        if not pair.place.is_area:
            groups.setdefault((pair.question.id, pair.base, pair.period), []).append((pair, test))
    for group in groups.values():
        if len(group) < 3:
            continue
        now, before = [pair.now[0] for pair, _ in group], [pair.before[0] for pair, _ in group]
        ta, tb = days[group[0][0].period], days[group[0][0].base]
        adjusted = adjust_p_values([test.p for _, test in group])
        spread = estimate_ratio_dispersion(now, before, [ta] * len(now), [tb] * len(now))
        for (pair, _), p in zip(group, adjusted, strict=True):
            yield _put(
                survey, pair, "adjusted_p", value=p, unit="probability",
                query=f"Benjamini-Hochberg over {len(group)} authorities",
            )  # fmt: skip
            ratio, wide, _ = compute_wider_ratio(pair.now[0], pair.before[0], ta, tb, spread)
            yield _put(
                survey, pair, "wider_ratio", value=ratio, low=wide.low, high=wide.high, unit="ratio",
                query=f"log ratio with variance 1/({pair.now[0]}+.5) + 1/({pair.before[0]}+.5) "
                f"+ {spread.tau_squared:.4f}",
            )  # fmt: skip
