"""Figures -> the rows of figures.json and figures.csv, a public contract, and back again.

The trap: a value in a row is exact only where it is not null; a reader who drops `low` and `high` turns a
suppressed count into nothing.
"""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from answerable.errors import FigureError
from answerable.model import Figure

COLUMNS = (
    "id", "title", "kind", "authority", "question", "period", "base_period", "dimensions", "value", "low", "high",
    "unit", "n_asked", "n_answered", "n_matched", "missing", "observations", "query", "note",
)  # fmt: skip
"""Fields of a figure in the order they are written."""


def list_figure_rows(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """One mapping a figure; `dimensions` maps dimension to category, tuples become lists."""
    return [
        {
            column: dict(figure.dimensions)
            if column == "dimensions"
            else list(value)
            if isinstance(value := getattr(figure, column), tuple)
            else value
            for column in COLUMNS
        }
        for figure in figures
    ]


def write_figures_json(figures: Iterable[Figure]) -> str:
    """figures.json: a list, one figure a line so that two editions can be compared line by line."""
    lines = (json.dumps(row, ensure_ascii=False) for row in list_figure_rows(figures))
    return "[\n" + ",\n".join(lines) + "\n]\n"


def write_figures_csv(figures: Iterable[Figure]) -> str:
    """figures.csv: the same columns, lists joined with semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in list_figure_rows(figures):
        dimensions = ";".join(f"{name}={code}" for name, code in row["dimensions"].items())
        writer.writerow(
            dimensions if key == "dimensions" else ";".join(value) if isinstance(value, list) else value
            for key, value in row.items()
        )
    return out.getvalue()


def parse_figures_json(text: str, where: str) -> tuple[Figure, ...]:
    """The Figures of a figures.json. FigureError where it is not one."""
    try:
        return tuple(
            Figure(
                **{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
                | {"dimensions": tuple(row["dimensions"].items())}
            )
            for row in json.loads(text)
        )
    except (json.JSONDecodeError, TypeError, KeyError, AttributeError) as error:
        raise FigureError(where, f"is not a list of figures ({error})", "Build the survey again") from error
