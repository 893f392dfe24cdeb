"""The tables as a DuckDB file and as a SQLite file that opens in Datasette.

Both hold the same rows as the CSV files. The trap: a DuckDB file carries a random identifier, so two builds of
the same rows differ; it is replaced by one derived from the rows, and the header's checksum is made good.
"""

import hashlib
import json
import sqlite3
import struct
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from answerable.model import Edition
from answerable.publish.tables import Sheet

DUCKDB = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
SQLITE = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
FACETS = {
    "observations": ["authority", "question", "period", "status"],
    "findings": ["check", "severity", "authority"],
    "figures": ["kind", "period", "authority"],
    "authorities": ["region", "outcome"],
}
"""Columns Datasette offers as facets, by table."""

_HEADER = 4096
_IDENTIFIER = slice(124, 140)
_WORD = (1 << 64) - 1


def write_duckdb(sheets: Iterable[Sheet]) -> bytes:
    """A DuckDB database of the tables, the same bytes for the same rows."""
    import duckdb

    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answerable.duckdb"
        connection = duckdb.connect(str(path), config={"threads": 1})
        for sheet in sheets:
            columns = ", ".join(f"{_quote(field.name)} {DUCKDB[field.type]}" for field in sheet.fields)
            connection.execute(f"CREATE TABLE {_quote(sheet.name)} ({columns})")
            if sheet.rows:
                places = ", ".join(f"unnest(?::{DUCKDB[field.type]}[])" for field in sheet.fields)
                values = [list(column) for column in zip(*sheet.rows, strict=True)]
                connection.execute(f"INSERT INTO {_quote(sheet.name)} SELECT {places}", values)
            digest.update(repr(sheet).encode())
        connection.execute("CHECKPOINT")
        connection.close()
        return _settle_identifier(path.read_bytes(), digest.digest()[:16])


def _settle_identifier(data: bytes, identifier: bytes) -> bytes:
    """The file with `identifier` in place of the random one, where its header is laid out as known.

    The main header is one block of 4,096 bytes: eight of checksum, then what it covers
    (duckdb/src/storage/single_file_block_manager.cpp, duckdb/src/common/checksum.cpp).
    """
    header = bytearray(data[:_HEADER])
    if struct.pack("<Q", _sum_header(header)) != data[:8]:
        return data
    header[_IDENTIFIER] = identifier
    header[:8] = struct.pack("<Q", _sum_header(header))
    return bytes(header) + data[_HEADER:]


def _sum_header(header: bytes | bytearray) -> int:
    result = 5381
    for (word,) in struct.iter_unpack("<Q", header[8:]):
        result ^= (word * 0xBF58476D1CE4E5B9) & _WORD
    return result


def write_sqlite(edition: Edition, sheets: Iterable[Sheet]) -> bytes:
    """A SQLite database of the tables, with each observation's source page and Datasette's metadata within."""
    connection = sqlite3.connect(":memory:")
    sheets = tuple(sheets)
    for sheet in sheets:
        columns = [f"{_quote(field.name)} {SQLITE[field.type]}" for field in sheet.fields]
        if sheet.key:
            columns.append(f"PRIMARY KEY ({_quote(sheet.key)})")
        connection.execute(f"CREATE TABLE {_quote(sheet.name)} ({', '.join(columns)})")
        places = ", ".join("?" * len(sheet.fields))
        connection.executemany(f"INSERT INTO {_quote(sheet.name)} VALUES ({places})", sheet.rows)
        for facet in FACETS.get(sheet.name, ()):
            name = _quote(f"{sheet.name}_{facet}")
            connection.execute(f"CREATE INDEX {name} ON {_quote(sheet.name)} ({_quote(facet)})")
    _link_figures(connection, sheets)
    connection.execute("CREATE TABLE metadata (key TEXT PRIMARY KEY, value TEXT)")
    settings = json.dumps(describe_datasette(edition), ensure_ascii=False)
    connection.execute("INSERT INTO metadata VALUES ('datasette', ?)", (settings,))
    connection.commit()
    connection.execute("VACUUM")
    data = connection.serialize()
    connection.close()
    return data


def _link_figures(connection: sqlite3.Connection, sheets: tuple[Sheet, ...]) -> None:
    """Which observations each figure stands on, one row a link, so that either can be followed to the other."""
    connection.execute(
        "CREATE TABLE figure_observation (figure TEXT REFERENCES figures (id), "
        "observation TEXT REFERENCES observations (observation_id), PRIMARY KEY (figure, observation)) WITHOUT ROWID"
    )
    figures = next(sheet for sheet in sheets if sheet.name == "figures")
    column = next(index for index, field in enumerate(figures.fields) if field.name == "observations")
    links = [(row[0], name) for row in figures.rows for name in row[column].split(";") if name]
    connection.executemany("INSERT OR IGNORE INTO figure_observation VALUES (?, ?)", links)


def describe_datasette(edition: Edition) -> dict[str, Any]:
    """Datasette's metadata.json for figures.db: titles, facets and where each table comes from."""
    survey = edition.survey
    tables = {name: {"facets": facets, "size": 50} for name, facets in FACETS.items()}
    return {
        "title": survey.title,
        "description": survey.summary,
        "source": "The replies of the authorities; each observation names its document, part and cell.",
        "databases": {"figures": {"tables": tables}},
    }


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
