"""Flags to a CSV, Parquet, xlsx or DuckDB file, batch by batch, in the order of the records.

The last step of `answerable flag`. Nothing but the eight columns is written. The trap: a spreadsheet runs a cell
that begins with "=" as a formula, so a text that would is written with a space before it.
"""

import importlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from answerable.errors import AnswerableError

TABLE = "flags"
"""The table that a DuckDB file is given; one that stands there is replaced."""
_FORMULA = "^[=+\\-@]"


def write_flags(batches: Iterable[Any], target: str) -> Counter[str]:
    """Write batches of COLUMNS to `target` (.csv, .parquet, .xlsx, .duckdb, or "-" for CSV on stdout); how many
    records have each flag comes back."""
    counts: Counter[str] = Counter()
    with _open_target(target) as write:
        for batch in batches:
            write(_defuse(batch))
            counts.update(
                {str(row["values"]): row["counts"] for row in batch.column("flag").value_counts().to_pylist()}
            )
    return counts


@contextmanager
def _open_target(target: str) -> Iterator[Callable[[Any], None]]:
    """A function that writes one batch; the file is closed when it is done with."""
    suffix = ".csv" if target == "-" else Path(target).suffix.lower()
    if suffix not in _OPENERS:
        raise AnswerableError(target, "has no known ending", f"Name the output with {', '.join(sorted(_OPENERS))}")
    try:
        with _OPENERS[suffix](target) as write:
            yield write
    except OSError as error:
        raise AnswerableError(target, f"cannot be written ({error.strerror})", "Choose another place") from error


@contextmanager
def _open_arrow(target: str, make_writer: Callable[[Any, Any], Any]) -> Iterator[Callable[[Any], None]]:
    held: list[Any] = []

    def write(batch: Any) -> None:
        if not held:
            held.append(make_writer(stream, batch.schema))
        held[0].write_batch(batch)

    with sys.stdout.buffer if target == "-" else Path(target).open("wb") as stream:
        yield write
        for writer in held:
            writer.close()
        if target == "-":
            stream.flush()


def _open_csv(target: str) -> Any:
    return _open_arrow(target, importlib.import_module("pyarrow.csv").CSVWriter)


def _open_parquet(target: str) -> Any:
    return _open_arrow(target, importlib.import_module("pyarrow.parquet").ParquetWriter)


@contextmanager
def _open_workbook(target: str) -> Iterator[Callable[[Any], None]]:
    try:
        openpyxl = importlib.import_module("openpyxl")
    except ImportError as error:
        raise AnswerableError(target, "needs openpyxl", "Run: pip install 'answerable[flag]'") from error
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Flags")
    rows = 0

    def write(batch: Any) -> None:
        nonlocal rows
        if not rows:
            sheet.append(batch.schema.names)
        rows += batch.num_rows
        if rows >= 1_048_576:
            raise AnswerableError(target, "would have more rows than a sheet can", "Write .csv or .parquet")
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            sheet.append(row)

    yield write
    book.save(target)


@contextmanager
def _open_database(target: str) -> Iterator[Callable[[Any], None]]:
    import duckdb

    made = False
    with duckdb.connect(target) as connection:

        def write(batch: Any) -> None:
            nonlocal made
            connection.register("held", importlib.import_module("pyarrow").Table.from_batches([batch]))
            start = f"insert into {TABLE}" if made else f"create or replace table {TABLE} as"
            connection.execute(f"{start} select * from held")
            made = True

        yield write


_OPENERS: dict[str, Callable[[str], Any]] = {
    ".csv": _open_csv,
    ".parquet": _open_parquet,
    ".pq": _open_parquet,
    ".xlsx": _open_workbook,
    ".duckdb": _open_database,
}


def _defuse(batch: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = []
    for _name, column in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_string(column.type):
            risky = pc.match_substring_regex(column, _FORMULA)
            if pc.any(risky).as_py():
                column = pc.if_else(risky, pc.binary_join_element_wise("", column, " "), column)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
