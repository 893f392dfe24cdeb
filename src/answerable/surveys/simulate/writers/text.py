"""Blocks -> formats that are text underneath: csv, html, rtf and plain text.

Encoding and delimiter are choices of the writer, as they are of the programs that export replies.
"""

import csv
import io
from html import escape

from answerable.surveys.simulate.blocks import Paragraph, Part, Tabular, Value, flatten, lay_out_rows


def write_csv(parts: tuple[Part, ...], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """The rows of every part, one after the other, with the line ends that Excel writes."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for part in parts:
        for row in lay_out_rows(part):
            writer.writerow("" if value is None else value for value in row)
    return out.getvalue().encode(encoding)


def write_html(parts: tuple[Part, ...]) -> bytes:
    """A page of a disclosure log."""
    lines = ['<!doctype html>\n<html lang="en-GB">\n<head><meta charset="utf-8"><title>Disclosure log</title></head>']
    lines.append("<body>\n<main>")
    for block in flatten(parts):
        if isinstance(block, Tabular):
            lines += _draw_html_table(block)
        else:
            tag = {"heading": "h2", "footer": "footer"}.get(block.style, "p")
            lines.append(f"<{tag}>{escape(block.text)}</{tag}>")
    lines.append("</main>\n</body>\n</html>\n")
    return "\n".join(lines).encode()


def _draw_html_table(block: Tabular) -> list[str]:
    spans = {(first, left): (last - first + 1, right - left + 1) for first, left, last, right in block.merges}
    skip = {
        (row, col)
        for first, left, last, right in block.merges
        for row in range(first, last + 1)
        for col in range(left, right + 1)
        if (row, col) != (first, left)
    }
    lines = ["<table>"]
    for index, row in enumerate(block.rows):
        tag = "th" if index < block.header else "td"
        cells = []
        for col, value in enumerate(row):
            if (index, col) in skip:
                continue
            rows, cols = spans.get((index, col), (1, 1))
            more = (f' rowspan="{rows}"' if rows > 1 else "") + (f' colspan="{cols}"' if cols > 1 else "")
            cells.append(f"<{tag}{more}>{escape(_show(value))}</{tag}>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return [*lines, "</table>"]


def write_rtf(parts: tuple[Part, ...]) -> bytes:
    """Rich text with real table rows; merged areas keep their text in the first cell."""
    lines = [r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\f0\fs20"]
    for block in flatten(parts):
        if isinstance(block, Paragraph):
            lines.append(rf"\pard {_escape_rtf(block.text)}\par")
            continue
        edges = "".join(rf"\cellx{3600 + 1200 * col}" for col in range(len(block.rows[0])))
        for row in block.rows:
            cells = "".join(rf"\intbl {_escape_rtf(_show(value))}\cell " for value in row)
            lines.append(rf"\trowd{edges} {cells}\row")
        lines.append(r"\pard\par")
    return "\n".join([*lines, "}"]).encode("ascii")


def _escape_rtf(text: str) -> str:
    text = text.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}")
    return "".join(letter if ord(letter) < 128 else rf"\u{ord(letter)}?" for letter in text)


def write_txt(parts: tuple[Part, ...], *, encoding: str = "utf-8") -> bytes:
    """Plain text; a table's columns are aligned with spaces."""
    return join_text(parts).encode(encoding)


def join_text(parts: tuple[Part, ...]) -> str:
    """The text of a letter, paragraphs apart by empty lines."""
    pieces = []
    for block in flatten(parts):
        if isinstance(block, Paragraph):
            pieces.append(block.text)
            continue
        widths = [max(len(_show(row[col])) for row in block.rows) for col in range(len(block.rows[0]))]
        lines = (
            "   ".join(_show(value).ljust(width) for value, width in zip(row, widths, strict=True)).rstrip()
            for row in block.rows
        )
        pieces.append("\n".join(lines))
    return "\n\n".join(pieces) + "\n"


def _show(value: Value) -> str:
    return "" if value is None else str(value)
