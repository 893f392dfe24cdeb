"""Accepted observations -> the DuckDB tables that figures are computed from.

`observation` holds what was read, `cell` one count for each authority, question, period and set of categories,
`member` which authority belongs to which area. A survey of millions of rows fills `observation` from a file
and shares everything after it. The trap: of two accepted readings of one cell that differ neither is chosen;
the cell becomes the interval between them. A later reply replaces an earlier one.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from answerable.bounds import Between
from answerable.figures.grades import Grade, grade_caveats, is_added
from answerable.figures.kinds import Place
from answerable.figures.tightened import tighten_counts
from answerable.model import TOTAL, CaveatKind, Observation, Question, Reply, Survey, Unit

if TYPE_CHECKING:
    import duckdb

GRADES: dict[Grade, int] = {"comparable": 0, "with_caveat": 1, "not": 2}
"""Grades as the table holds them, so that the worst of several is the greatest."""
LIST_BREAK, PAIR_BREAK = "\x1e", "\x1f"
"""What parts the pairs, and the halves of a pair, in a text that `join_dimensions` makes."""

OBSERVATION_TABLE = """
CREATE TABLE observation (
    id VARCHAR, authority VARCHAR, question VARCHAR, period VARCHAR, dims VARCHAR, axes VARCHAR, value BIGINT,
    low BIGINT, high BIGINT, suppressed BOOLEAN, edition INTEGER, grade INTEGER, added BOOLEAN, unit VARCHAR,
    reasons VARCHAR, tight_low BIGINT, tight_high BIGINT)
"""
"""What `load_observations` fills. `dims` and `axes` are as `join_dimensions` gives them, `edition` counts an
authority's replies from the first, `grade` is 0 comparable, 1 with caveat, 2 not. `tight_low` and
`tight_high` are what the printed totals leave of a suppressed count (`tightened`), for sums over authorities only."""

CELL_TABLE = """
CREATE TABLE cell AS
SELECT authority, question, period, dims, any_value(axes) AS axes,
    CASE WHEN bool_or(suppressed) THEN coalesce(max(low) FILTER (suppressed), 0) ELSE min(value) END AS low,
    CASE WHEN bool_or(suppressed) THEN min(high) FILTER (suppressed) ELSE max(value) END AS high,
    bool_or(suppressed) AS suppressed,
    NOT bool_or(suppressed) AND min(value) <> max(value) AS disputed,
    max(grade) AS grade, bool_and(added) AS added, min(unit) AS unit, max(reasons) AS reasons,
    min(id) AS ids, count(*) AS n, max(tight_low) AS tight_low, min(tight_high) AS tight_high
FROM observation
{latest}
GROUP BY authority, question, period, dims
"""
_SEVERAL = """
UPDATE cell SET ids = several.ids FROM (
    SELECT authority, question, period, dims, string_agg(id, chr(30) ORDER BY id) AS ids FROM observation
    {latest}
    JOIN (SELECT authority, question, period, dims FROM cell WHERE n > 1) USING (authority, question, period, dims)
    GROUP BY ALL) several
WHERE cell.authority = several.authority AND cell.question = several.question AND cell.period = several.period
    AND cell.dims = several.dims
"""
"""The ids of cells with several readings: few, while ordering the one id of each of millions takes seconds."""
_LATEST = """
JOIN (SELECT authority, question, period, dims, max(edition) AS edition FROM observation GROUP BY ALL)
USING (authority, question, period, dims, edition)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One count of one place: an authority's cell, or the sum over the authorities of an area that gave one."""

    place: str
    question: str
    period: str
    dimensions: tuple[tuple[str, str], ...]
    between: Between
    authorities: tuple[str, ...]
    observations: tuple[str, ...]
    grade: int = 0
    unit: str = ""
    reasons: str = ""
    added: bool = True
    suppressed: bool = False
    disputed: bool = False

    @property
    def exact(self) -> int | None:
        return self.between[0] if self.between[0] == self.between[1] and not self.suppressed else None


def join_dimensions(dimensions: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Dimensions as one text to group by, and their axes likewise; a summed-out dimension is left out."""
    kept = sorted(pair for pair in dimensions if pair[1] != TOTAL)
    return LIST_BREAK.join(PAIR_BREAK.join(pair) for pair in kept), LIST_BREAK.join(name for name, _ in kept)


def split_dimensions(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs that `join_dimensions` joined."""
    if not text:
        return ()
    pairs = (part.partition(PAIR_BREAK) for part in text.split(LIST_BREAK))
    return tuple((name, code) for name, _, code in pairs)


def open_database() -> "duckdb.DuckDBPyConnection":
    """An empty in-memory database that leaves no file and keeps rows in a repeatable order."""
    import duckdb

    return duckdb.connect(":memory:")


@contextmanager
def hold_collector() -> Iterator[None]:
    """Keeps the cyclic garbage collector still while hundreds of thousands of figures are made.

    Figures hold no cycles, and the collector walks all of them again each time their number grows by a quarter.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def load_observations(
    connection: "duckdb.DuckDBPyConnection",
    survey: Survey,
    replies: Iterable[Reply],
    observations: Iterable[Observation],
) -> None:
    """Fill `observation` with the accepted counts among `observations`, graded."""
    replies = tuple(replies)
    questions = {question.id: question for question in survey.questions if question.kind == "count"}
    editions = number_documents(replies)
    caveats = index_caveats(replies)
    grades: dict[tuple[str, Unit, frozenset[CaveatKind]], tuple[int, bool, str]] = {}
    observations = tuple(observations)
    tight = tighten_counts(survey, observations)
    nothing = (None, None)
    rows: list[tuple[Any, ...]] = []
    for item in observations:
        is_count = item.status == "normal" and isinstance(item.value, int)
        if not item.accepted or item.question not in questions or not (is_count or item.status == "suppressed"):
            continue
        kinds = frozenset(item.caveats).union(*find_caveats(caveats, item.authority, item.question, item.period))
        key = (item.question, item.unit, kinds)
        if key not in grades:
            grades[key] = _grade(questions[item.question], item.unit, kinds)
        dims, axes = join_dimensions(item.dimensions)
        bounds = item.bounds
        rows.append(
            (
                item.id, item.authority, item.question, item.period, dims, axes, item.value if is_count else None,
                bounds.low if bounds else None, bounds.high if bounds else None, not is_count,
                editions.get(item.source.document.partition("!")[0], 0), *grades[key][:2], item.unit, grades[key][2],
                *tight.get(item.id, nothing),
            )
        )  # fmt: skip
    connection.execute(OBSERVATION_TABLE)
    insert_rows(connection, "observation", rows, 17)


def _grade(question: Question, unit: Unit, kinds: frozenset[CaveatKind]) -> tuple[int, bool, str]:
    grade, reasons = grade_caveats(question, unit, sorted(kinds))
    return GRADES[grade], is_added(question, unit, kinds), ", ".join(reasons)


def insert_rows(
    connection: "duckdb.DuckDBPyConnection", table: str, rows: Sequence[tuple[Any, ...]], width: int
) -> None:
    """Insert rows as one list a column; DuckDB takes lists a hundred times faster than row by row."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        places = ", ".join("unnest(?)" for _ in range(width))
        connection.execute(f"INSERT INTO {table} SELECT {places}", columns)


def number_documents(replies: Sequence[Reply]) -> dict[str, int]:
    """Document path -> which of its authority's replies it came with, counted in order of receipt."""
    by_authority: dict[str, list[Reply]] = {}
    for reply in replies:
        by_authority.setdefault(reply.authority, []).append(reply)
    numbers: dict[str, int] = {}
    for own in by_authority.values():
        for number, reply in enumerate(sorted(own, key=lambda item: (item.received or date.min, item.id))):
            numbers.update((document.path, number) for document in reply.documents)
    return numbers


def index_caveats(replies: Sequence[Reply]) -> dict[tuple[str, str, str], set[CaveatKind]]:
    """(authority, question, period) -> the caveats stated for them; "" stands for every question or period."""
    found: dict[tuple[str, str, str], set[CaveatKind]] = {}
    for reply in replies:
        for caveat in reply.caveats:
            found.setdefault((reply.authority, caveat.question, caveat.period), set()).add(caveat.kind)
    return found


def find_caveats(
    index: dict[tuple[str, str, str], set[CaveatKind]], authority: str, question: str, period: str
) -> list[set[CaveatKind]]:
    """The caveats of an authority's replies that cover one question and period."""
    if not index:
        return []
    keys = ((authority, q, p) for q in ("", question) for p in ("", period))
    return [index[key] for key in keys if key in index]


def build_cells(connection: "duckdb.DuckDBPyConnection", places: dict[str, Place]) -> None:
    """Make `cell` from `observation`, and `member` from the areas among `places`."""
    repeated = connection.execute("SELECT coalesce(max(edition) > min(edition), false) FROM observation").fetchone()
    latest = _LATEST if repeated and repeated[0] else ""
    connection.execute(CELL_TABLE.format(latest=latest))
    connection.execute(_SEVERAL.format(latest=latest))
    connection.execute("CREATE TABLE member (area VARCHAR, authority VARCHAR, place INTEGER)")
    rows = [
        (place.key, authority, number)
        for place in places.values()
        if place.is_area
        for number, authority in enumerate(place.asked)
    ]
    insert_rows(connection, "member", rows, 3)


_AUTHORITY_COUNTS = """
SELECT authority, question, period, dims, low, high, authority, ids, grade, suppressed, disputed, unit, reasons, added
FROM cell WHERE dims = '' OR $breakdowns ORDER BY question, period, dims, authority
"""
_AREA_COUNTS = """
SELECT m.area, c.question, c.period, c.dims,
    CASE WHEN count(*) FILTER (c.suppressed) > 1 THEN sum(coalesce(c.tight_low, c.low)) ELSE sum(c.low) END::BIGINT,
    CASE WHEN count(*) FILTER (c.suppressed) > 1 AND count(coalesce(c.tight_high, c.high)) = count(*)
        THEN sum(coalesce(c.tight_high, c.high)) WHEN count(c.high) = count(*) THEN sum(c.high) END::BIGINT,
    string_agg(c.authority, chr(30) ORDER BY m.place), string_agg(c.ids, chr(30) ORDER BY m.place),
    max(c.grade), bool_or(c.suppressed),
    bool_or(c.disputed), min(c.unit), '', true
FROM cell c JOIN member m USING (authority) WHERE c.added GROUP BY ALL ORDER BY 2, 3, 4, 1
"""
_ANSWERED = """
SELECT area, question, period, axes, string_agg(authority, chr(30) ORDER BY place) FROM (
    SELECT DISTINCT m.area, c.question, c.period, c.axes, c.authority, m.place
    FROM cell c JOIN member m USING (authority) WHERE c.added)
GROUP BY ALL ORDER BY ALL
"""


def list_counts(connection: "duckdb.DuckDBPyConnection", *, breakdowns: bool = True) -> list[Count]:
    """Every count of an area, then every count of an authority; an authority's categories where `breakdowns`."""
    rows = connection.execute(_AREA_COUNTS).fetchall()
    rows += connection.execute(_AUTHORITY_COUNTS, {"breakdowns": breakdowns}).fetchall()
    names: dict[str, tuple[str, ...]] = {}
    return [
        Count(
            place=row[0], question=row[1], period=row[2], dimensions=split_dimensions(row[3]), between=(row[4], row[5]),
            authorities=_split_names(names, row[6]), observations=tuple(row[7].split(LIST_BREAK)), grade=row[8],
            suppressed=row[9], disputed=row[10], unit=row[11], reasons=row[12] or "", added=row[13],
        )
        for row in rows
    ]  # fmt: skip


def _split_names(known: dict[str, tuple[str, ...]], text: str) -> tuple[str, ...]:
    """Authorities from one text: DuckDB hands over a text of thousands of names far faster than a list of them.
    Most counts of an area have the same authorities, so each set of them is kept once."""
    if text not in known:
        known[text] = tuple(text.split(LIST_BREAK))
    return known[text]


def list_answered(connection: "duckdb.DuckDBPyConnection") -> dict[tuple[str, str, str, str], tuple[str, ...]]:
    """(area, question, period, axes) -> the authorities that gave that breakdown, in the survey's order."""
    rows = connection.execute(_ANSWERED).fetchall()
    return {(row[0], row[1], row[2], row[3]): tuple(row[4].split(LIST_BREAK)) for row in rows}
