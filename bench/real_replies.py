"""The real replies of ../shared/data, rebuilt as documents in several formats, and what must be read from each.

tests/expected/real_replies.toml holds a survey and the expected numbers for every item that gives any; the
tables come from the shared data. The wording around a table is reduced to question numbers and the sentences
that the data gives, so these measure layouts and labels, not letters' style.
"""

import csv
import html
import io
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from answerable.formats import read_document
from answerable.model import Cell, Document, Grid, Reply, Survey
from answerable.survey import parse_survey

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "real_replies.json"
EXPECTED = ROOT / "tests" / "expected" / "real_replies.toml"
REGISTERS = ROOT / "src" / "answerable" / "surveys" / "registers"
FORMATS = ("grid", "csv", "html", "docx", "lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One real reply: its survey, its lines and table, and the values to read and to leave open."""

    name: str
    survey: Survey
    reply: Reply
    lines: tuple[str, ...]
    after: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    expected: dict[tuple[str, str, str], str]
    review: dict[tuple[str, str, str], str]


def read_items() -> list[Item]:
    """Every item of the expected file, in its order, with its table from the shared data."""
    shared = {item["reference"]: item for item in json.loads(DATA.read_text())["items"]}
    return [_read_item(raw, shared[raw["reference"]]) for raw in tomllib.loads(EXPECTED.read_text())["item"]]


def _read_item(raw: dict, shared: dict) -> Item:
    force = re.sub(r"[^a-z]+", "-", shared["force"].casefold())
    text = f'id = "real"\ntitle = "Real"\nsubject = "offences"\narea = "UK"\nregister = "uk-police"\n{raw["survey"]}'
    survey = parse_survey(text, raw["reference"], lambda name: _read_register(name))
    return Item(
        name=f"{shared['force']} {raw['reference']}",
        survey=survey,
        reply=Reply(id=force, authority=force, received=None, outcome="waiting_response"),
        lines=tuple(raw["lines"]),
        after=tuple(raw["after"]),
        rows=_read_rows(shared["tables"][0]) if raw["table"] else (),
        expected=dict(_split(line) for line in raw["expected"]),
        review=dict(_split(line) for line in raw["review"]),
    )


def _read_register(name: str) -> str | None:
    path = REGISTERS / f"{name}.csv"
    return path.read_text() if path.is_file() else None


def _split(line: str) -> tuple[tuple[str, str, str], str]:
    question, period, codes, value = line.split("|")
    return (question, period, codes), value


def _read_rows(table: dict) -> tuple[tuple[str, ...], ...]:
    """A table as rows of cell texts; a label with " | " is two label columns, "(blank ...)" a separator."""
    rows = [tuple(row) for row in table["header_rows"]]
    for row in table["rows"]:
        label = "" if row["label"].startswith("(blank") else row["label"]
        wide = any(" | " in other["label"] for other in table["rows"])
        labels = [part.strip() for part in label.split(" | ")] if wide else [label]
        labels = [*labels, *[""] * (1 + wide - len(labels))]
        rows.append((*labels, *row["cells"]))
    return tuple(rows)


def build_grids(item: Item, form: str) -> tuple[Grid, ...]:
    """The item's Grids, in one of FORMATS; every form but `grid` and `lines` goes through bytes and a reader."""
    if form == "grid":
        return tuple(
            grid for grid in (_text(item.lines, "text"), _table(item.rows), _text(item.after, "text 2")) if grid
        )
    if form == "lines":
        texts = [text for row in item.rows for text in row if text]
        grid = _text((*item.lines, *texts, *item.after), "text")
        return (grid,) if grid else ()
    data = {"csv": _write_csv, "html": _write_html, "docx": _write_docx}[form](item)
    document = Document(sha256="", name=f"reply.{form}", media_type="", path=f"{item.reply.id}/reply.{form}")
    return read_document(document, data)


def _text(lines: tuple[str, ...], part: str) -> Grid | None:
    cells = tuple(
        Cell(row=row, col=0, text=text, value=None, kind="text", ref=f"p{row + 1}") for row, text in enumerate(lines)
    )
    return Grid(document="reply", part=part, kind="text", cells=cells) if cells else None


def _table(rows: tuple[tuple[str, ...], ...]) -> Grid | None:
    cells = tuple(
        Cell(row=r, col=c, text=text, value=None, kind="text", ref=f"R{r + 1}C{c + 1}")
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text
    )
    return Grid(document="reply", part="table 1", kind="table", cells=cells) if cells else None


def _write_csv(item: Item) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([*([line] for line in item.lines), *item.rows, *([line] for line in item.after)])
    return out.getvalue().encode()


def _write_html(item: Item) -> bytes:
    def paragraphs(lines: tuple[str, ...]) -> str:
        return "".join(f"<p>{html.escape(line)}</p>" for line in lines)

    rows = "".join("<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in item.rows)
    table = f"<table>{rows}</table>" if rows else ""
    return f"<html><body>{paragraphs(item.lines)}{table}{paragraphs(item.after)}</body></html>".encode()


def _write_docx(item: Item) -> bytes:
    import docx

    document = docx.Document()
    for line in item.lines:
        document.add_paragraph(line)
    if item.rows:
        width = max(len(row) for row in item.rows)
        table = document.add_table(rows=len(item.rows), cols=width)
        for row, texts in zip(table.rows, item.rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=False):
                cell.text = text
    for line in item.after:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def walk_cases() -> Iterator[tuple[Item, str]]:
    """Every item in every format."""
    for item in read_items():
        for form in FORMATS:
            yield item, form
