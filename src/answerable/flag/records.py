"""Crime records as a stream of Arrow batches, from a file or a database, under the names the flag uses.

Everything after this sees the same eight text columns and a day, whatever the force calls its own. A file or table
is never read whole (a workbook is, by its format). The trap: dates, ages and codes are read as text and turned by
one rule here, because each source would otherwise guess differently, and "01/02/2017" is the first of February.
"""

import importlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from answerable.errors import AnswerableError

NAMES = ("id", "text", "offence", "committed", "recorded", "age", "sex", "force", "flag")
"""What a record can have; `id` and `text` it must. `flag` is the force's own, and is only ever compared."""

BATCH = 20_000
_DATES = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y")
_YES = ("y", "yes", "true", "t", "1", "cy", "cyber", "online")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The force's own column names by ours; several names are joined with a space. `yes` lists what its flag says
    for yes, in small letters; `dates` the forms its dates have beside ISO."""

    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    yes: tuple[str, ...] = _YES
    dates: tuple[str, ...] = _DATES


def parse_layout(text: str, where: str) -> Layout:
    """A column map from TOML: `[columns]` with NAMES as keys, `[flag] yes = [...]`, `[dates] forms = [...]`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AnswerableError(where, f"is not TOML ({error})", "Correct it; docs/how-to-flag.md has one") from error
    for name in data.get("columns", {}):
        if name not in NAMES:
            raise AnswerableError(f"{where}, [columns]", f"has the unknown key {name}", f"Use {', '.join(NAMES)}")
    for section in set(data) - {"columns", "flag", "dates"}:
        raise AnswerableError(where, f"has the unknown section [{section}]", "Use [columns], [flag] and [dates]")
    columns = {
        name: tuple(value) if isinstance(value, list) else (str(value),) for name, value in data["columns"].items()
    }
    return Layout(
        columns=columns,
        yes=tuple(str(value).lower() for value in data.get("flag", {}).get("yes", _YES)),
        dates=tuple(data.get("dates", {}).get("forms", ())) + _DATES,
    )


def read_records(source: str, layout: Layout, table: str = "") -> Iterator[Any]:
    """Arrow batches of at most BATCH records with every column of NAMES as text ("" where the source has none), a
    `day` (committed, else recorded; null where neither can be read) and `flagged` (bool, null where there is no
    flag column). `source` is a path to CSV, Parquet or xlsx, or a path or URL of a DuckDB or PostgreSQL database
    with the table as its fragment ("postgresql://host/crime#records") or as `table`."""
    place, fragment = urldefrag(source)
    table = table or fragment
    if place.startswith(("postgresql://", "postgres://")):
        return _shape_batches(_read_postgres(place, _need_table(source, table)), layout, place)
    path = Path(place.removeprefix("duckdb://"))
    if not path.is_file():
        raise AnswerableError(source, "is not a file", "Give a CSV, Parquet, xlsx or DuckDB file, or a database URL")
    suffix = path.suffix.lower()
    if suffix in {".xlsx", ".xlsm", ".xls", ".ods"}:
        return _shape_batches(_read_workbook(path, table), layout, place)
    return _read_duckdb(path, suffix, table, layout, source)


def _read_duckdb(path: Path, suffix: str, table: str, layout: Layout, source: str) -> Iterator[Any]:
    import duckdb

    try:
        if suffix in {".duckdb", ".db", ".ddb"}:
            connection = duckdb.connect(str(path), read_only=True)
            relation = _quote_table(_need_table(source, table))
        else:
            connection = duckdb.connect()
            call = "read_parquet" if suffix in {".parquet", ".pq"} else "read_csv"
            options = "" if call == "read_parquet" else ", all_varchar=true, header=true"
            relation = f"{call}({_quote_text(str(path))}{options})"
        with connection:
            names = [row[0] for row in connection.execute(f"describe select * from {relation}").fetchall()]
            reader: Any = connection.sql(_make_query(layout, names, relation, source)).to_arrow_reader(BATCH)
            yield from reader
    except duckdb.Error as error:
        raise AnswerableError(source, f"cannot be read ({_first_line(error)})", "Check the file or table") from error


def _shape_batches(batches: Iterator[Any], layout: Layout, where: str) -> Iterator[Any]:
    """Batches of a source's own text columns under our names."""
    import duckdb

    with duckdb.connect() as connection:
        for batch in batches:
            connection.register("raw", importlib.import_module("pyarrow").Table.from_batches([batch]))
            query = _make_query(layout, batch.schema.names, "raw", where)
            reader: Any = connection.sql(query).to_arrow_reader(BATCH)
            yield from reader


def _read_postgres(url: str, table: str) -> Iterator[Any]:
    """Rows through a server-side cursor, so that neither side holds the table."""
    import pyarrow as pa

    try:
        psycopg = importlib.import_module("psycopg")
    except ImportError as error:
        raise AnswerableError(
            f"table {table}", "needs the package psycopg", "Run: pip install 'answerable[postgres]'"
        ) from error
    try:
        with psycopg.connect(url) as connection, connection.cursor(name="answerable") as cursor:
            cursor.itersize = BATCH
            cursor.execute(f"select * from {_quote_table(table)}")
            names = [column.name for column in cursor.description]
            while rows := cursor.fetchmany(BATCH):
                columns = zip(*rows, strict=True)
                yield pa.RecordBatch.from_arrays([_text_array(column) for column in columns], names=names)
    except psycopg.Error as error:
        # The message is the server's; the URL may hold a password and is not shown.
        raise AnswerableError(f"table {table}", f"cannot be read ({_first_line(error)})", "Check the URL") from error


def _read_workbook(path: Path, sheet: str) -> Iterator[Any]:
    import pyarrow as pa
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        rows = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python()
    except CalamineError as error:
        raise AnswerableError(str(path), f"cannot be read ({error})", "Save it again as xlsx, or as CSV") from error
    if not rows:
        raise AnswerableError(str(path), "has an empty sheet", "Name the sheet with --table")
    names = [str(name) for name in rows[0]]
    for at in range(1, len(rows), BATCH):
        columns = zip(*rows[at : at + BATCH], strict=True)
        yield pa.RecordBatch.from_arrays([_text_array(column) for column in columns], names=names)


def _text_array(column: tuple[Any, ...]) -> Any:
    import pyarrow as pa

    return pa.array([_show(value) for value in column], pa.string())


def _show(value: Any) -> str | None:
    """A cell as text; a whole number loses the ".0" that a workbook gives it."""
    if value is None or isinstance(value, str):
        return value
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _make_query(layout: Layout, names: list[str], relation: str, where: str) -> str:
    """The SELECT that gives our columns from a source's own."""
    found = {name: _find_columns(layout, name, names, where) for name in NAMES}
    text = {name: _join_columns(columns) for name, columns in found.items()}
    days = [_make_day(text[name], layout) for name in ("committed", "recorded") if found[name]]
    day = f"coalesce({', '.join(days)})" if days else "null::date"
    yes = ", ".join(_quote_text(value) for value in layout.yes)
    flagged = f"lower(trim({text['flag']})) in ({yes})" if found["flag"] else "null::boolean"
    columns = ", ".join(f"{text[name]} as {name}" for name in NAMES)
    return f"select {columns}, {day} as day, {flagged} as flagged from {relation}"


def _find_columns(layout: Layout, name: str, names: list[str], where: str) -> tuple[str, ...]:
    known = {own.lower(): own for own in names}
    if name in layout.columns:
        for own in layout.columns[name]:
            if own.lower() not in known:
                listed = ", ".join(names[:12])
                raise AnswerableError(where, f"has no column {own!r} (it has {listed})", "Correct the column map")
        return tuple(known[own.lower()] for own in layout.columns[name])
    if name in known:
        return (known[name],)
    if name in ("id", "text"):
        listed = ", ".join(names[:12])
        raise AnswerableError(where, f"has no column {name!r} (it has {listed})", "Map it with --map; see docs")
    return ()


def _join_columns(columns: tuple[str, ...]) -> str:
    parts = [f"{_quote(column)}::varchar" for column in columns]
    if not parts:
        return "''"
    return f"coalesce({parts[0]}, '')" if len(parts) == 1 else f"concat_ws(' ', {', '.join(parts)})"


def _make_day(text: str, layout: Layout) -> str:
    forms = ", ".join(_quote_text(form) for form in layout.dates)
    return f"coalesce(try_cast({text} as date), try_cast(try_strptime({text}, [{forms}]) as date))"


def _need_table(source: str, table: str) -> str:
    if not table:
        raise AnswerableError(source, "is a database, and no table is named", "Add #table to it, or --table")
    return table


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quote_table(table: str) -> str:
    return ".".join(_quote(part) for part in table.split("."))


def _quote_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
