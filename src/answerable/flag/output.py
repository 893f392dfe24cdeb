"""Flags to a CSV or Parquet file, batch by batch, in the order of the records.

The last step of `answerable flag`. Nothing but the eight columns is written. The trap: a spreadsheet runs a cell
that begins with "=" as a formula, so evidence that would is written with a space before it.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from answerable.errors import AnswerableError

_FORMULA = "^[=+\\-@]"


def write_flags(batches: Iterable[Any], target: str) -> Counter[str]:
    """Write batches of COLUMNS to `target` (.csv, .parquet, or "-" for CSV on stdout); how many records have each
    flag comes back."""
    counts: Counter[str] = Counter()
    writer: Any = None
    with _open_target(target) as (stream, make_writer):
        for batch in batches:
            if writer is None:
                writer = make_writer(stream, batch.schema)
            writer.write_batch(_defuse(batch))
            counts.update(
                {str(row["values"]): row["counts"] for row in batch.column("flag").value_counts().to_pylist()}
            )
        if writer is not None:
            writer.close()
    return counts


@contextmanager
def _open_target(target: str) -> Iterator[tuple[Any, Any]]:
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pa_parquet

    if target == "-":
        yield sys.stdout.buffer, pa_csv.CSVWriter
        return
    path = Path(target)
    writers = {".csv": pa_csv.CSVWriter, ".parquet": pa_parquet.ParquetWriter, ".pq": pa_parquet.ParquetWriter}
    if path.suffix.lower() not in writers:
        raise AnswerableError(target, "is neither .csv nor .parquet", "Name the output with one of these endings")
    try:
        with path.open("wb") as stream:
            yield stream, writers[path.suffix.lower()]
    except OSError as error:
        raise AnswerableError(target, f"cannot be written ({error.strerror})", "Choose another place") from error


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
