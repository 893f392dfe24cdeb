"""Puts a Figure together from a place, a question, periods and what was computed.

The only module that writes titles, so that a chart, a page and the command line name a figure alike. The trap:
`missing` must follow from who was asked and who is in the figure, never be passed in by hand.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from answerable.figures.cells import Count
from answerable.figures.kinds import Place, name_figure
from answerable.model import TOTAL, Figure, Question, Survey

Number = int | float | str | None

_TITLES: dict[str, str] = {
    "total": "{what}, {place}, {period}",
    "per_day": "{what} a day, {place}, {period}",
    "change_abs": "{what}, {place}: change from {base} to {period}",
    "change_pct": "{what}, {place}: change from {base} to {period}, %",
    "rate_ratio": "{what} per day, {place}: {period} over {base}",
    "p_value": "{what}, {place}: chance of such a difference between {base} and {period}",
    "adjusted_p": "{what}, {place}: that chance allowing for one test per authority, {base} and {period}",
    "wider_ratio": "{what} per day, {place}: {period} over {base}, recording differences allowed for",
    "matched_base": "{what}, {place}, {base}, authorities in both periods",
    "matched_total": "{what}, {place}, {period}, authorities in both periods",
    "unmatched_change_pct": "{what}, {place}: change between differing authorities, {base} to {period}, %",
    "break": "{what}, {place}: not compared, {base} and {period}",
    "rank": "{what}, {place}, {period}: place among those that answered",
    "share": "{what}, {place}, {period}: share, %",
    "mode": "{what}, {place}, {period}: commonest age",
    "at_most": "{what}, {place}, {period}: at the youngest ages",
    "minimum": "{what}, {place}, {period}: youngest age",
    "hidden_sum": "{what}, {place}, {period}: its suppressed counts together",
    "answers": "{what}, {place}, {period}: authorities giving this answer",
    "rate": "{what} per {per:,} children, {place}, {period}",
    "coverage": "{what}, {place}, {period}: authorities that answered, %",
    "coverage_children": "{what}, {place}, {period}: children covered, %",
    "outcome": "{what}, {place}: outcome of the request",
    "nonresponse_bounds": "{what}, {place}, {period}: had all answered",
    "reference": "{what}, {place}, {period}, as published elsewhere",
    "difference": "{what}, {place}, {period}: ours less the published figure",
}


def make_figure(
    survey: Survey, kind: str, place: Place, question: Question, period: str, *, value: Number, unit: str,
    low: int | float | None = None, high: int | float | None = None, base: str | None = None,
    dimensions: tuple[tuple[str, str], ...] = (), tail: str = "", title_tail: str = "",
    answered: Sequence[str] = (), missing: Sequence[str] | None = None,
    n_asked: int | None = None, n_answered: int | None = None, n_matched: int | None = None,
    observations: Iterable[str] = (), query: str = "", notes: Iterable[str] = (),
) -> Figure:  # fmt: skip
    """One Figure; `answered` are the authorities in it, and those asked but not among them are missing."""
    what = question.measure + label_dimensions(survey, dimensions)
    title = (
        _TITLES[kind].format(what=what, place=place.name, period=period, base=base, per=survey.rate_per) + title_tail
    )
    return Figure(
        id=name_figure(kind, place, question.id, period, base, dimensions, tail),
        title=title,
        kind=kind,
        authority=place.authority,
        question=question.id,
        period=period,
        base_period=base,
        dimensions=dimensions,
        value=value,
        low=low,
        high=high,
        unit=unit,
        n_asked=len(place.asked) if n_asked is None else n_asked,
        n_answered=len(answered) if n_answered is None else n_answered,
        n_matched=n_matched,
        missing=tuple(missing) if missing is not None else list_missing(place.asked, tuple(answered)),
        observations=tuple(observations),
        query=query,
        note="; ".join(note for note in notes if note),
    )


def list_missing(asked: tuple[str, ...], answered: tuple[str, ...]) -> tuple[str, ...]:
    """Those asked that are not among those answered, in the order asked."""
    return () if asked == answered else _take_away(asked, answered)


@lru_cache(maxsize=4096)
def _take_away(asked: tuple[str, ...], answered: tuple[str, ...]) -> tuple[str, ...]:
    found = frozenset(answered)
    return tuple(name for name in asked if name not in found)


def label_dimensions(survey: Survey, dimensions: tuple[tuple[str, str], ...]) -> str:
    """Categories as a reader sees them: " (age of victim 13)"; nothing for no dimensions."""
    if not dimensions:
        return ""
    labels = []
    for dimension, code in dimensions:
        if code == TOTAL:
            continue
        known = next((item for item in survey.dimensions if item.id == dimension), None)
        label = next((item.label for item in known.categories if item.code == code), code) if known else code
        labels.append(f"{known.name.lower() if known else dimension} {label}")
    return f" ({', '.join(labels)})" if labels else ""


def describe_count(count: Count) -> tuple[int | None, int | None, int | None, tuple[str, ...]]:
    """(value, low, high, notes) of a count: exact, or its bounds with the reason."""
    if count.exact is not None:
        return count.exact, None, None, ()
    notes = []
    if count.suppressed:
        notes.append("includes suppressed counts" if len(count.authorities) > 1 else "suppressed by the authority")
    if count.disputed:
        notes.append("accepted readings of one cell differ")
    return None, count.between[0], count.between[1], tuple(notes)


def write_between(between: tuple[int, int | None]) -> str:
    """A count in a formula: "72", "[1, 4]" or "[1, unbounded]"."""
    low, high = between
    if low == high:
        return str(low)
    return f"[{low}, {'unbounded' if high is None else high}]"
