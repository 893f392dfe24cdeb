"""Figures straight from a file of observations, or of records, that is too large to be read into objects.

`observations.csv` of any build, or the same columns as Parquet, becomes the table that all figures are computed
from; so does a file with one row a recorded offence, counted on the way. The trap: in such a file a category that
never occurs is a true zero, while an authority that does not occur at all has not answered.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerable.errors import FigureError
from answerable.figures.cells import (
    GRADES,
    LIST_BREAK,
    OBSERVATION_TABLE,
    PAIR_BREAK,
    find_caveats,
    hold_collector,
    index_caveats,
    insert_rows,
    number_documents,
    open_database,
)
from answerable.figures.compute import compute_table_figures, sort_figures
from answerable.figures.grades import grade_caveats, is_added
from answerable.figures.population import Population
from answerable.model import TOTAL, CaveatKind, Dimension, Figure, Question, Reply, Survey, Unit

if TYPE_CHECKING:
    import duckdb

NEEDED = ("observation_id", "authority", "question", "period", "value", "low", "high", "status", "unit", "accepted")
"""Columns of observations.csv that figures rest on; a column for each dimension is used where it is there."""


def compute_file_figures(
    survey: Survey,
    path: Path,
    replies: Iterable[Reply] = (),
    *,
    population: Population | None = None,
    breakdowns: bool = True,
) -> tuple[Figure, ...]:
    """The figures of an observations.csv or Parquet file with its columns, as `compute_figures` gives them.

    Without `breakdowns` the categories of each authority are left out, those of areas stay. FigureError for a
    column that is missing. Yes/no and choice questions, and sums of suppressed counts, need the
    observations themselves and are not here.
    """
    replies = tuple(replies)
    with hold_collector(), open_database() as connection:
        columns = _open_file(connection, path, NEEDED)
        _load_observations(connection, survey, replies, columns)
        found = compute_table_figures(connection, survey, replies, population=population, breakdowns=breakdowns)
        return sort_figures(survey, found)


def compute_record_figures(
    survey: Survey,
    path: Path,
    replies: Iterable[Reply] = (),
    *,
    population: Population | None = None,
    breakdowns: bool = True,
) -> tuple[Figure, ...]:
    """The figures of a CSV or Parquet file with one row a record: authority, date, and a column a dimension.

    Every count question whose dimensions are columns is counted; records outside the survey's periods are left
    out. FigureError for a column that is missing, or an authority or a category that the survey does not have.
    """
    replies = tuple(replies)
    with hold_collector(), open_database() as connection:
        columns = _open_file(connection, path, ("authority", "date"))
        _count_records(connection, survey, [item for item in survey.dimensions if item.id in columns])
        found = compute_table_figures(connection, survey, replies, population=population, breakdowns=breakdowns)
        return sort_figures(survey, found)


def _open_file(connection: "duckdb.DuckDBPyConnection", path: Path, needed: Sequence[str]) -> tuple[str, ...]:
    """Make the view `given` of a file and return its columns."""
    if not path.is_file():
        raise FigureError(str(path), "there is no such file", "Name a CSV or Parquet file")
    reader = "read_parquet($path)" if path.suffix == ".parquet" else "read_csv($path, all_varchar=true)"
    text = str(path).replace("'", "''")
    connection.execute(f"CREATE VIEW given AS SELECT * FROM {reader}".replace("$path", f"'{text}'"))
    columns = tuple(row[0] for row in connection.execute("DESCRIBE given").fetchall())
    missing = [name for name in needed if name not in columns]
    if missing:
        raise FigureError(str(path), f"has no column {missing[0]}", f"Give it the columns {', '.join(needed)}")
    return columns


def _name(text: str) -> str:
    """A column's name in SQL."""
    return '"' + text.replace('"', '""') + '"'


def _write(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def _join_columns(names: Iterable[str], *, pairs: bool) -> str:
    """The SQL of `join_dimensions`: the pairs, or the axes alone, of the columns that hold a category."""
    parts = []
    for name in sorted(names):
        code = f"{_name(name)}::VARCHAR"
        shown = f"{_write(name + PAIR_BREAK)} || {code}" if pairs else _write(name)
        parts.append(f"CASE WHEN {code} NOT IN ('', {_write(TOTAL)}) THEN {shown} END")
    return f"concat_ws({_write(LIST_BREAK)}, {', '.join(parts)})" if parts else "''"


_LOAD = """
INSERT INTO observation
SELECT observation_id, authority, question, period, {dims}, {axes},
    CASE WHEN status = 'normal' THEN try_cast(value AS BIGINT) END, try_cast(low AS BIGINT), try_cast(high AS BIGINT),
    status = 'suppressed', {edition}, coalesce(own.grade, plain.grade), coalesce(own.added, plain.added), unit,
    coalesce(own.reasons, plain.reasons), NULL, NULL
FROM given LEFT JOIN own USING (authority, question, period, unit) JOIN plain USING (question, unit)
WHERE accepted::BOOLEAN AND (status = 'suppressed' OR (status = 'normal' AND try_cast(value AS BIGINT) IS NOT NULL))
"""


def _load_observations(
    connection: "duckdb.DuckDBPyConnection", survey: Survey, replies: Sequence[Reply], columns: Sequence[str]
) -> None:
    _grade_rows(connection, survey, replies)
    edition = "0"
    if "document" in columns and len({reply.authority for reply in replies}) < len(replies):
        connection.execute("CREATE TABLE came (document VARCHAR, edition INTEGER)")
        insert_rows(connection, "came", list(number_documents(replies).items()), 2)
        edition = "coalesce((SELECT edition FROM came WHERE came.document = split_part(given.document, '!', 1)), 0)"
    names = [item.id for item in survey.dimensions if item.id in columns]
    connection.execute(OBSERVATION_TABLE)
    connection.execute(
        _LOAD.format(dims=_join_columns(names, pairs=True), axes=_join_columns(names, pairs=False), edition=edition)
    )


def _grade_rows(connection: "duckdb.DuckDBPyConnection", survey: Survey, replies: Sequence[Reply]) -> None:
    """Grades by question and unit, and apart for the authorities whose replies carry a caveat."""
    questions = {question.id: question for question in survey.questions if question.kind == "count"}
    known = connection.execute("SELECT DISTINCT question, unit FROM given ORDER BY ALL").fetchall()
    plain = [(name, unit, *_grade(questions[name], unit, ())) for name, unit in known if name in questions]
    caveats = index_caveats(replies)
    authorities = sorted({authority for authority, _, _ in caveats})
    sql = "SELECT DISTINCT authority, question, period, unit FROM given WHERE list_contains(?, authority) ORDER BY ALL"
    rows = connection.execute(sql, [authorities]).fetchall() if authorities else []
    own = [
        (authority, name, period, unit, *_grade(questions[name], unit, kinds))
        for authority, name, period, unit in rows
        if name in questions
        for kinds in [sorted(set().union(*find_caveats(caveats, authority, name, period)))]
    ]
    grade = "grade INTEGER, added BOOLEAN, reasons VARCHAR"
    connection.execute(f"CREATE TABLE plain (question VARCHAR, unit VARCHAR, {grade})")
    connection.execute(f"CREATE TABLE own (authority VARCHAR, question VARCHAR, period VARCHAR, unit VARCHAR, {grade})")
    insert_rows(connection, "plain", plain, 5)
    insert_rows(connection, "own", own, 7)


def _grade(question: Question, unit: Unit, kinds: Sequence[CaveatKind]) -> tuple[int, bool, str]:
    grade, reasons = grade_caveats(question, unit, kinds)
    return GRADES[grade], is_added(question, unit, kinds), ", ".join(reasons)


_COUNT = """
INSERT INTO observation
SELECT left(md5(concat_ws('/', {question}, authority, period, {dims})), 12), authority, {question}, period, {dims},
    {axes}, coalesce(n, 0), NULL, NULL, false, 0, 0, true, {unit}, '', NULL, NULL
FROM (SELECT DISTINCT authority, period FROM counted) {listed}
    LEFT JOIN (SELECT {keys}, sum(n)::BIGINT AS n FROM counted GROUP BY ALL) USING ({keys})
"""


def _count_records(connection: "duckdb.DuckDBPyConnection", survey: Survey, dimensions: Sequence[Dimension]) -> None:
    """Fill `observation` with the counts of every question that the columns of `given` can answer."""
    names = {item.id for item in dimensions}
    days = " ".join(
        f"WHEN date::DATE BETWEEN DATE '{period.start}' AND DATE '{period.end}' THEN {_write(period.id)}"
        for period in survey.periods
    )
    columns = "".join(f", {_name(name)}" for name in sorted(names))
    connection.execute(
        f"CREATE TABLE counted AS SELECT * FROM (SELECT authority, CASE {days} END AS period{columns}, count(*) AS n "
        "FROM given GROUP BY ALL) WHERE period IS NOT NULL"
    )
    _check_known(connection, "authority", [authority.id for authority in survey.authorities])
    for item in dimensions:
        codes = [category.code for category in item.categories]
        _check_known(connection, item.id, codes)
        connection.execute(f"CREATE TABLE {_name('of ' + item.id)} ({_name(item.id)} VARCHAR)")
        insert_rows(connection, _name("of " + item.id), [(code,) for code in codes], 1)
    connection.execute(OBSERVATION_TABLE)
    for question in survey.questions:
        if question.kind == "count" and names.issuperset(question.dimensions):
            own = question.dimensions
            fields: dict[str, Any] = {
                "question": _write(question.id),
                "unit": _write(question.unit),
                "dims": _join_columns(own, pairs=True),
                "axes": _join_columns(own, pairs=False),
                "listed": "".join(f" CROSS JOIN {_name('of ' + name)}" for name in own),
                "keys": ", ".join(["authority", "period", *(_name(name) for name in own)]),
            }
            connection.execute(_COUNT.format(**fields))


def _check_known(connection: "duckdb.DuckDBPyConnection", column: str, known: Sequence[str]) -> None:
    sql = f"SELECT min({_name(column)}) FROM counted WHERE NOT list_contains(?, {_name(column)})"
    row = connection.execute(sql, [list(known)]).fetchone()
    if row and row[0] is not None:
        what = f'{column} "{row[0]}" is not in the survey'
        raise FigureError("the records", what, "Correct it, or add it to survey.toml")
