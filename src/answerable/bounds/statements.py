"""Observations, figures, references and earlier editions -> statements over cells, as an attacker would write them.

A count is named by its key, place|question|period|dimension=category..., for an authority's own cell and for an
area's sum alike; a cell is the key of an authority. The trap: a percentage, a daily average or a share gives a
count away as surely as the count itself, so every kind of figure that can be turned back is turned back here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from answerable.bounds.system import Statement
from answerable.model import TOTAL, Figure, Observation, Reference, Survey

PRECISION = 1e-9
"""Figures are printed as computed, so a quotient holds to this share of itself."""

WHOLE = "*"
"""Place in the key of the whole area's counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells of one edition: withheld by their authority with the declared range, and printed. `shown` are
    counts of withheld cells that the same authority printed all the same, with where."""

    hidden: Mapping[str, tuple[int, int | None]]
    known: Mapping[str, int]
    shown: tuple[tuple[str, int, str], ...] = ()

    def __contains__(self, key: object) -> bool:
        return key in self.hidden or key in self.known


def name_count(place: str | None, question: str, period: str, dimensions: Iterable[tuple[str, str]]) -> str:
    """The key of a count; a summed-out dimension is left out, a place None is the whole area."""
    kept = sorted(f"{name}={code}" for name, code in dimensions if code != TOTAL)
    return "|".join([place or WHOLE, question, period, *kept])


def name_cell(item: Observation) -> str:
    """The key of an observation's cell."""
    return name_count(item.authority, item.question, item.period, item.dimensions)


WITHHELD = "withheld so that a count its authority suppressed cannot be worked out"
"""The evidence of an observation that was masked to protect another."""


def list_cells(observations: Iterable[Observation]) -> Cells:
    """Withheld and printed cells. Several marks for one cell give the widest range; what is still in review is no
    fact, because a printed sum may leave the withheld cells out."""
    hidden: dict[str, tuple[int, int | None]] = {}
    known: dict[str, int] = {}
    places: dict[str, str] = {}
    for item in observations:
        cell = name_cell(item)
        if item.status == "suppressed":
            low, high = (item.bounds.low, item.bounds.high) if item.bounds else (0, None)
            if cell in hidden:
                old = hidden[cell]
                high = None if high is None or old[1] is None else max(high, old[1])
                low = min(low, old[0])
            hidden[cell] = (low, high)
        elif item.accepted and isinstance(item.value, int):
            known[cell] = item.value
            places[cell] = f"{item.source.document}, {item.source.part}, {item.source.ref}"
    return Cells(
        hidden=hidden,
        known={cell: value for cell, value in known.items() if cell not in hidden},
        shown=tuple((cell, value, places[cell]) for cell, value in known.items() if cell in hidden),
    )


def state_shown(cells: Cells) -> list[Statement]:
    """That a withheld count stands printed in another place of the reply, which would be printed with it."""
    return [
        Statement(label=f"observation at {place}", terms=((cell, 1.0),), low=value, high=value, assumed=True)
        for cell, value, place in cells.shown
    ]


def list_keys(figure: Figure) -> tuple[str, ...]:
    """The keys of the counts that a figure states or is turned back into; withholding one withholds the figure."""
    later = name_count(figure.authority, figure.question, figure.period, figure.dimensions)
    if figure.base_period is None:
        return (later,)
    return later, name_count(figure.authority, figure.question, figure.base_period, figure.dimensions)


_NO_COUNT = frozenset({"coverage", "coverage_children", "outcome", "break", "answers", "reference"}) | {
    "reading_agreement", "reading_kappa", "reading_error",
}  # fmt: skip
"""Kinds of figure that say nothing of a count that could be withheld."""

_OF_A_BREAKDOWN = frozenset({"share", "at_most", "hidden_sum"})
_BY_ORDER = frozenset({"mode", "minimum"})
_ACROSS = frozenset({"rank", "adjusted_p", "wider_ratio"})
"""Kinds computed from the counts of every authority, so that one withheld count shows in the others' figures."""


def is_withheld(figure: Figure, withheld: Iterable[str]) -> bool:
    """Whether a figure states, or is computed in a way that shows, a count whose key is withheld."""
    keys = set(list_keys(figure))
    return figure.kind not in _NO_COUNT and any(key in keys or _shows(figure, key) for key in withheld)


def list_ways(figure: Figure, printed: Iterable[str]) -> frozenset[str]:
    """The keys, of those `printed`, of which withholding one withholds the figure."""
    return frozenset(list_keys(figure)) | {key for key in printed if _shows(figure, key)}


def _shows(figure: Figure, key: str) -> bool:
    """Whether a figure is computed from other counts in a way that shows this one."""
    where, question, period, *dims = key.split("|")
    if question != figure.question or period not in {figure.period, figure.base_period}:
        return False
    axes = {dim.partition("=")[0] for dim in dims}
    same_axis = bool(axes & {name for name, _ in figure.dimensions})
    return (
        (figure.kind in _OF_A_BREAKDOWN and where == (figure.authority or WHOLE) and same_axis)
        or (figure.kind in _BY_ORDER and same_axis)
        or (figure.kind in _ACROSS and not dims)
    )


def tie_breakdowns(survey: Survey, cells: Cells) -> list[Statement]:
    """Each total against the categories under it, in every direction that a table of these cells has."""
    totals = {question.id: question.total_of for question in survey.questions}
    children: dict[tuple[str, str], list[str]] = {}
    for cell in [*cells.hidden, *cells.known]:
        head, dims = cell.split("|")[:3], cell.split("|")[3:]
        for dim in dims:
            rest = [other for other in dims if other != dim]
            children.setdefault(("|".join([*head, *rest]), dim.partition("=")[0]), []).append(cell)
    found = []
    for (parent, dimension), parts in children.items():
        authority, question, period, *rest = parent.split("|")
        names = [parent] if rest or not totals.get(question) else [parent, f"{authority}|{totals[question]}|{period}"]
        for name in names:
            if name in cells:
                terms = (*((cell, 1.0) for cell in parts), (name, -1.0))
                label = f"the breakdown by {dimension} of {authority}, {question}, {period}"
                found.append(Statement(label=label, terms=terms, low=0.0, high=0.0, assumed=True))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What turning figures back needs to know of one edition."""

    survey: Survey
    members: Mapping[str, tuple[str, ...]]
    days: Mapping[str, int]
    breakdowns: Mapping[tuple[str, str, str, str], tuple[str, ...]]
    """(authority, question, period, dimension) -> the cells of that breakdown."""
    cells: frozenset[str]
    marks: Mapping[tuple[str, str, str], tuple[str, ...]]
    """(authority, question, period) -> its withheld cells."""


def open_ledger(survey: Survey, cells: Iterable[str], hidden: Iterable[str] = ()) -> Ledger:
    """The ledger of an edition whose cells have these keys; `hidden` are those withheld."""
    members: dict[str, tuple[str, ...]] = {WHOLE: tuple(authority.id for authority in survey.authorities)}
    for authority in survey.authorities:
        region = f"region:{authority.region}"
        members[region] = (*members.get(region, ()), authority.id)
        members[authority.id] = (authority.id,)
    breakdowns: dict[tuple[str, str, str, str], tuple[str, ...]] = {}
    kept = frozenset(cells)
    for cell in sorted(kept):
        authority_id, question, period, *dims = cell.split("|")
        if len(dims) == 1:
            key = (authority_id, question, period, dims[0].partition("=")[0])
            breakdowns[key] = (*breakdowns.get(key, ()), cell)
    marks: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for cell in sorted(hidden):
        authority_id, question, period, *_ = cell.split("|")
        marks[authority_id, question, period] = (*marks.get((authority_id, question, period), ()), cell)
    return Ledger(
        marks=marks,
        survey=survey,
        members=members,
        days={period.id: period.days for period in survey.periods},
        breakdowns=breakdowns,
        cells=kept,
    )


Terms = tuple[tuple[str, float], ...]


def state_figure(ledger: Ledger, figure: Figure, where: str) -> list[Statement]:
    """What one figure says of the cells in it; [] for a kind that says nothing a total does not."""
    members = [name for name in ledger.members.get(figure.authority or WHOLE, ()) if name not in figure.missing]
    now = _sum_cells(ledger, members, figure, figure.period)
    then = _sum_cells(ledger, members, figure, figure.base_period) if figure.base_period else ()
    label = f"{where} {figure.id}"
    if figure.kind in {"total", "matched_total", "matched_base"}:
        return _state_sum(label, then if figure.kind == "matched_base" else now, figure)
    if figure.kind == "hidden_sum":
        own = ledger.marks.get((figure.authority or WHOLE, figure.question, figure.period), ())
        terms = tuple((cell, 1.0) for cell in own if cell.count("|") == 2 + len(figure.dimensions))
        return [replace(item, assumed=True) for item in _state_sum(label, terms, figure)]
    if figure.kind == "at_most":
        return _state_sum(label, _sum_ages(ledger, members, figure), figure)
    if not isinstance(figure.value, int | float):
        return []
    if figure.kind == "change_abs":
        return _state(label, (*now, *_scale(then, -1.0)), figure.value, figure.value)
    if figure.kind == "per_day" and figure.period in ledger.days:
        count = float(round(figure.value * ledger.days[figure.period]))
        return _state(label, now, count, count)
    if figure.kind == "change_pct":
        return _state_quotient(label, now, then, 1 + figure.value / 100)
    if figure.kind == "rate_ratio" and figure.base_period in ledger.days and figure.period in ledger.days:
        scale = ledger.days[figure.period] / ledger.days[figure.base_period or ""]
        return _state_quotient(label, now, then, figure.value * scale)
    if figure.kind == "share":
        return _state_quotient(label, now, _sum_breakdown(ledger, members, figure), figure.value / 100)
    return []


def state_edition(survey: Survey, cells: Cells, name: str, printed: Sequence[Figure]) -> list[Statement]:
    """What an earlier edition says, over its own counts wherever they are not those of today.

    An authority may have corrected a count since, so a count is today's only where both print the same number, or
    where it is withheld today: its old figures still narrow it.
    """
    own = [figure for figure in printed if figure.kind == "total"]
    # A count withheld in that edition has no figure there and is in its totals all the same.
    ledger = open_ledger(survey, [*(list_keys(figure)[0] for figure in own), *cells.hidden, *cells.known], cells.hidden)
    past = list_past(cells, name, printed)
    found = []
    for figure in printed:
        for item in state_figure(ledger, figure, f"edition {name}, figure"):
            terms = tuple((_name_past(cells, past, name, cell), c) for cell, c in item.terms)
            found.append(replace(item, terms=terms))
    return found


def _name_past(cells: Cells, past: Mapping[str, int], name: str, cell: str) -> str:
    own = f"{cell}@{name}"
    if cell in cells.hidden or (cell in cells.known and past.get(own, cells.known[cell]) == cells.known[cell]):
        return cell
    return own


def list_past(cells: Cells, name: str, printed: Iterable[Figure]) -> dict[str, int]:
    """The counts that an earlier edition printed and that are not withheld today, under names of that edition."""
    keys = ((list_keys(figure)[0], figure) for figure in printed if figure.kind == "total" and figure.authority)
    return {
        f"{key}@{name}": figure.value
        for key, figure in keys
        if isinstance(figure.value, int) and key not in cells.hidden and not key.startswith("region:")
    }


def _sum_cells(ledger: Ledger, members: Iterable[str], figure: Figure, period: str) -> Terms:
    """The cells that a figure adds up: those its edition has, for a category that some do not list."""
    keys = (name_count(name, figure.question, period, figure.dimensions) for name in members)
    return tuple((key, 1.0) for key in keys if key in ledger.cells or not figure.dimensions)


def _sum_breakdown(ledger: Ledger, members: Iterable[str], figure: Figure) -> Terms:
    dimension = figure.dimensions[0][0] if len(figure.dimensions) == 1 else ""
    parts = [ledger.breakdowns.get((name, figure.question, figure.period, dimension), ()) for name in members]
    return tuple((cell, 1.0) for own in parts for cell in own)


def _sum_ages(ledger: Ledger, members: Iterable[str], figure: Figure) -> Terms:
    """The cells at an age and under; () where a band straddles it, which leaves the figure saying less."""
    name, limit = figure.dimensions[0]
    dimension = next((item for item in ledger.survey.dimensions if item.id == name), None)
    if dimension is None or not limit.isdigit():
        return ()
    known = [c for c in dimension.categories if (c.low, c.high) != (None, None)]
    if any((c.low or 0) <= int(limit) and (c.high is None or c.high > int(limit)) for c in known):
        return ()
    codes = {c.code for c in known if c.high is not None and c.high <= int(limit)}
    return tuple(
        (cell, 1.0)
        for member in members
        for cell in ledger.breakdowns.get((member, figure.question, figure.period, name), ())
        if cell.rpartition("=")[2] in codes
    )


def _state_sum(label: str, terms: Terms, figure: Figure) -> list[Statement]:
    if isinstance(figure.value, int | float):
        return _state(label, terms, figure.value, figure.value)
    if figure.low is None:
        return []
    return _state(label, terms, figure.low, float("inf") if figure.high is None else figure.high)


def _state(label: str, terms: Terms, low: float, high: float) -> list[Statement]:
    if not terms:
        return []
    return [Statement(label=label, terms=terms, low=float(low), high=float(high), printed=True)]


def _state_quotient(label: str, top: Terms, bottom: Terms, value: float) -> list[Statement]:
    """top / bottom = value, as two statements that allow for how it was printed."""
    if not top or not bottom:
        return []
    room = PRECISION * max(abs(value), 1.0)
    upper, lower = _scale(bottom, -(value + room)), _scale(bottom, -(value - room))
    infinity = float("inf")
    return [
        Statement(label=label, terms=(*top, *upper), low=-infinity, high=0.0, printed=True),
        Statement(label=label, terms=(*top, *lower), low=0.0, high=infinity, printed=True),
    ]


def _scale(terms: Terms, factor: float) -> Terms:
    return tuple((cell, c * factor) for cell, c in terms)


def state_reference(ledger: Ledger, item: Reference) -> list[Statement]:
    """What a published total says, where it covers everyone it names."""
    members: Sequence[str] = ledger.members.get(item.authority or WHOLE, ())
    whole = len(members) == 1 or item.n_answered == len(members)
    plain = item.value.replace(",", "")
    if item.measure != "total" or not whole or not members or not plain.isdigit():
        return []
    terms = tuple((name_count(name, item.question, item.period, ()), 1.0) for name in members)
    # Another edition may have counted otherwise: it binds only while it fits.
    return [
        Statement(
            label=f"reference {item.id}", terms=terms, low=float(plain), high=float(plain), assumed=True, printed=True
        )
    ]
