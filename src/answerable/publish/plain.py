"""The tables as CSV and JSON, and the data package that describes them.

Read by R, Datasette, frictionless and the claim checker of another newsroom. The trap: an empty CSV cell means
"no value", so a text that is empty and a number that is missing look alike there; figures.json keeps null.
"""

import csv
import hashlib
import io
import json
from typing import Any

from answerable.model import Edition, Figure
from answerable.publish.tables import Sheet

CONTRACT = "1.1.0"
"""Version of the public columns; the first part rises when a column is renamed or removed."""


def write_csv(sheet: Sheet) -> bytes:
    """One table as CSV: a header row, "\\n" line ends, UTF-8 without a mark."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in sheet.fields])
    # Most cells are text already, and a large survey has millions of them.
    writer.writerows([value if type(value) is str else _write_cell(value) for value in row] for row in sheet.rows)
    return out.getvalue().encode()


def _write_cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def write_figures(figures: tuple[Figure, ...]) -> bytes:
    """figures.json: the public list of figures."""
    body = [
        {
            "id": item.id,
            "title": item.title,
            "kind": item.kind,
            "authority": item.authority,
            "question": item.question,
            "period": item.period,
            "base_period": item.base_period,
            "dimensions": dict(item.dimensions),
            "value": item.value,
            "low": item.low,
            "high": item.high,
            "unit": item.unit,
            "n_asked": item.n_asked,
            "n_answered": item.n_answered,
            "n_matched": item.n_matched,
            "missing": list(item.missing),
            "observations": list(item.observations),
            "query": item.query,
            "note": item.note,
        }
        for item in figures
    ]
    # A line a figure: three times as fast as indenting, and a change shows as one line of a diff.
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in body)
    return f"[\n{lines}\n]\n".encode()


def write_json(body: Any) -> bytes:
    """JSON in the order given, one space of indent, ending in a line feed."""
    return (json.dumps(body, indent=1, ensure_ascii=False) + "\n").encode()


def write_package(edition: Edition, sheets: tuple[Sheet, ...], files: dict[str, bytes]) -> bytes:
    """datapackage.json (Data Package v1, Table Schema) over the CSV files, with their sizes and hashes."""
    survey = edition.survey
    body: dict[str, Any] = {
        "name": survey.id,
        "title": survey.title,
        "description": survey.summary,
        "version": CONTRACT,
        "profile": "tabular-data-package",
        "sources": _list_sources(edition),
        "resources": [_describe_sheet(sheet, files[f"{sheet.name}.csv"]) for sheet in sheets],
    }
    if survey.published:
        body["created"] = f"{survey.published.isoformat()}T00:00:00Z"
    if survey.simulated:
        body["simulated"] = True
    return write_json({key: value for key, value in body.items() if value})


def _list_sources(edition: Edition) -> list[dict[str, str]]:
    addresses = {item.source for item in edition.survey.references if item.source}
    addresses |= {address for reply in edition.replies for address in reply.recreated_from}
    return [{"title": address, "path": address} for address in sorted(addresses) if "://" in address]


def _describe_sheet(sheet: Sheet, data: bytes) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [
            {"name": field.name, "type": field.type, "description": field.description} for field in sheet.fields
        ],
        "missingValues": [""],
    }
    if sheet.key:
        schema["primaryKey"] = [sheet.key]
    return {
        "name": sheet.name,
        "title": sheet.title,
        "path": f"{sheet.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": schema,
    }
