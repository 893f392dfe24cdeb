"""Figures and published references -> Points that a claim can be recomputed from, found by what they are about.

Binding looks figures up here by their fields, never by their ids. Only counts are kept: a percentage is
recomputed from the counts it claims to compare. The trap: one series may stand in several editions with
different counts and different authorities, and a comparison across editions is not like for like.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from answerable.claims.numbers import parse_number
from answerable.claims.periods import Calendar, find_periods
from answerable.claims.places import NATION
from answerable.claims.statement import read_hedge
from answerable.model import TOTAL, Figure, Reference, Survey

Dimensions = tuple[tuple[str, str], ...]
OWN = ""
"""The edition of the survey's own figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A count: exact where low and high are equal, bounded above by nothing where high is None.

    `edition` is OWN or the day a reference was published, `source` its address; `n` how many authorities are in
    it; `suppressed` is set when the authority itself withheld the count. `missing` are the authorities asked but
    not in it.
    """

    id: str
    low: Fraction
    high: Fraction | None
    edition: str
    n: int | None
    period: str
    missing: tuple[str, ...] = ()
    suppressed: bool = False
    source: str = ""
    matched: bool = False
    """Whether it counts only the authorities that another period has too."""

    @property
    def exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a count is about. `place` is an authority id, `region:<name>` or NATION."""

    place: str
    question: str
    period: str
    dimensions: Dimensions = ()


@dataclass(slots=True)
class Series:
    """Points by Key, and the ages and counts of authorities that figures state outright."""

    points: dict[Key, list[Point]] = field(default_factory=dict)
    stated: dict[tuple[str, str, str], list[tuple[Figure | Reference, Fraction]]] = field(default_factory=dict)
    """(kind, place, period) -> modes, minimums and the like with their figure."""
    pairs: dict[tuple[str, str, str, str], list[tuple[Point, Point]]] = field(default_factory=dict)
    """(place, question, base period, period) -> the two counts over matched authorities."""
    percent: dict[tuple[str, str, str], list[tuple[Reference, Fraction]]] = field(default_factory=dict)
    """(place, question, period) -> percentages of change that somebody published without the counts."""
    asked: int = 0


def index_figures(figures: Iterable[Figure], survey: Survey, calendar: Calendar) -> Series:
    """The Series of one survey's figures and references."""
    series = Series(asked=len(survey.authorities))
    matched: dict[tuple[str, str, str, str], dict[str, Figure]] = {}
    for figure in figures:
        place = figure.authority or NATION
        if figure.kind == "total" and (point := _read_total(figure)):
            key = Key(place=place, question=figure.question, period=figure.period, dimensions=_clean(figure.dimensions))
            series.points.setdefault(key, []).append(point)
        elif figure.kind in {"matched_base", "matched_total"} and not _clean(figure.dimensions) and figure.base_period:
            pair = (place, figure.question, figure.base_period, figure.period)
            matched.setdefault(pair, {})[figure.kind] = figure
        elif figure.kind in {"mode", "minimum", "maximum"}:
            value = _read_value(figure.value)
            if value is not None:
                series.stated.setdefault((figure.kind, place, figure.period), []).append((figure, value))
    for pair, both in matched.items():
        points = [_read_total(both[kind]) for kind in ("matched_base", "matched_total") if kind in both]
        if len(points) == 2 and points[0] and points[1]:
            series.pairs.setdefault(pair, []).append((points[0], points[1]))
            for point, period in zip(points, (pair[2], pair[3]), strict=True):
                _add_matched(series, Key(place=pair[0], question=pair[1], period=period), point)
    for reference in survey.references:
        _add_reference(series, reference, _name_period(calendar, reference.period))
    return series


def _add_matched(series: Series, key: Key, point: Point | None) -> None:
    """A count over the authorities matched with another period, once, beside the total of all that answered."""
    points = series.points.setdefault(key, [])
    if point and not any(other.low == point.low and other.n == point.n for other in points):
        points.append(replace(point, period=key.period, matched=True))


def _clean(dimensions: Dimensions) -> Dimensions:
    return tuple(sorted((name, code) for name, code in dimensions if code != TOTAL))


def _read_value(value: int | float | str | None) -> Fraction | None:
    if value is None:
        return None
    parsed = parse_number(str(value))
    return parsed[0] if parsed else None


def _read_total(figure: Figure) -> Point | None:
    value = _read_value(figure.value)
    low = value if value is not None else Fraction(figure.low) if figure.low is not None else None
    high = value if value is not None else Fraction(figure.high) if figure.high is not None else None
    if low is None:
        return None
    single = figure.authority is not None and not figure.authority.startswith("region:")
    return Point(
        id=figure.id,
        low=low,
        high=high,
        edition=OWN,
        n=figure.n_matched if figure.kind.startswith("matched") else figure.n_answered,
        period=figure.period,
        missing=figure.missing,
        suppressed=value is None and single and len(figure.observations) <= 1,
    )


def _add_reference(series: Series, reference: Reference, period: str) -> None:
    place = reference.authority or NATION
    kind, _, rest = reference.measure.partition(":")
    bounds = read_published(reference.value)
    if bounds is None:
        return
    low, high = bounds
    point = Point(
        id=f"reference/{reference.id}",
        low=low,
        high=high,
        edition=reference.published,
        n=reference.n_answered,
        period=period,
        source=reference.source,
    )
    if kind == "total":
        series.points.setdefault(Key(place=place, question=reference.question, period=period), []).append(point)
    elif kind == "at_most":
        dimension, _, limit = rest.partition(":")
        key = Key(place=place, question="", period=period, dimensions=((f"{dimension}:at_most", limit),))
        series.points.setdefault(key, []).append(point)
    elif kind in {"mode", "minimum", "maximum"}:
        series.stated.setdefault((kind, place, period), []).append((reference, low))
    elif kind == "change_pct":
        series.percent.setdefault((place, reference.question, period), []).append((reference, low))


def _name_period(calendar: Calendar, text: str) -> str:
    """The survey's id of a reference's period, "first..last" for several, else the text as it stands."""
    if text in calendar.ids:
        return text
    found = [
        mention for mention in find_periods(calendar, f"between {text.lower().replace('-20', ' to 20')}") if mention.ids
    ]
    ids = found[0].ids if found else ()
    return text if not ids else ids[0] if len(ids) == 1 else f"{ids[0]}..{ids[-1]}"


def read_published(text: str) -> tuple[Fraction, Fraction | None] | None:
    """The bounds of a published value: "5,653" is exact, "nearly 100" is 90 to 99, "more than 3,000" has no end."""
    plain = text.strip().lower().rstrip("%").removeprefix("+")
    negative = plain.startswith(("-", "−"))
    words = plain.lstrip("-−").strip()
    for size in range(min(4, len(words.split())), 0, -1):
        number = parse_number(" ".join(words.split()[-size:]))
        if number:
            break
    else:
        return None
    value = number[0]
    head = words[: len(words) - len(" ".join(words.split()[-size:]))]
    hedge = read_hedge(head + " ", len(head), len(head))[0] if head else ""
    if negative:
        return -value, -value
    bounds: dict[str, tuple[Fraction, Fraction | None]] = {
        "nearly": (value * Fraction(9, 10), value - 1),
        "just_under": (value * Fraction(9, 10), value - 1),
        "more_than": (value + 1, None),
        "just_over": (value + 1, value * Fraction(11, 10)),
        "at_least": (value, None),
        "less_than": (Fraction(0), value - 1),
        "about": (value * Fraction(95, 100), value * Fraction(105, 100)),
    }
    return bounds.get(hedge, (value, value))


def find_points(series: Series, key: Key) -> list[Point]:
    """Every edition's count for a Key, the survey's own first."""
    return sorted(
        series.points.get(key, ()), key=lambda point: (point.edition != OWN, point.matched, point.edition, point.id)
    )


def sum_points(points: Sequence[Point], id_: str = "") -> Point:
    """The sum of counts as one Point; its id joins theirs."""
    highs = [point.high for point in points]
    return Point(
        id=id_ or " + ".join(point.id for point in points),
        low=sum((point.low for point in points), Fraction(0)),
        high=None if None in highs else sum((high for high in highs if high is not None), Fraction(0)),
        edition=points[0].edition,
        n=None if any(point.n is None for point in points) else max(point.n or 0 for point in points),
        period=points[-1].period,
        missing=tuple(sorted({name for point in points for name in point.missing})),
        suppressed=False,
    )
