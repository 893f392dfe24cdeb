"""Batches of records for the tests of the flag."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from answerable.flag import Policy, Settings, flag_records
from answerable.flag.score import read_model


def make_batch(texts: Sequence[str], days: Sequence[Any] | None = None) -> Any:
    columns = [pa.array([str(number) for number in range(len(texts))]), pa.array(list(texts), pa.string())]
    names = ["id", "text"]
    if days is not None:
        columns.append(pa.array(list(days), pa.date32()))
        names.append("day")
    return pa.RecordBatch.from_arrays(columns, names=names)


def flag_texts(texts: Sequence[str], *, days: Sequence[Any] | None = None, **policy: bool) -> list[dict[str, Any]]:
    settings = Settings(policy=Policy(**policy), model=read_model())
    rows: list[dict[str, Any]] = flag_records(make_batch(texts, days), settings).to_pylist()
    return rows
