"""A web page -> text grids and tables in the order of the page.

Nothing a page links to is fetched and no script runs: the page is parsed, and that is all. The trap: tables
nest (mail is laid out with them), and `rowspan`/`colspan` may claim absurd sizes; an inner table becomes a grid
of its own after the outer one, and spans are clipped.
"""

import codecs
import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from answerable.formats.cells import Body, make_text_cell, tidy_text
from answerable.formats.text import find_encoding
from answerable.model import Cell, Document, Grid, Merge

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p pre section summary table tbody td tfoot "
    "th thead title tr ul".split()
)
SKIPPED = frozenset("script style noscript template head object iframe svg".split())
MAX_SPAN = 1000
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """Text grids and table grids in page order; text hidden by `hidden` or `display:none` is marked hidden."""
    return read_html(document, decode_html(data))


def read_html(document: Document, text: str, body: Body | None = None) -> tuple[Grid, ...]:
    """The grids of a page given as text; with `body`, added to the grids already there."""
    body = body or Body(document=document)
    root = LexborHTMLParser(text).root
    if root is not None:
        walk_page(root, body)
    return body.finish()


def decode_html(data: bytes) -> str:
    """A page's text: valid UTF-8 and UTF-16 are known by their bytes, else the encoding the page states."""
    found = find_encoding(data)
    stated = _CHARSET.search(data[:2048])
    if found == "cp1252" and stated:
        try:
            found = codecs.lookup(stated[1].decode("ascii")).name
            return data.decode(found, "replace")
        except (LookupError, ValueError):
            found = "cp1252"
    return data.decode(found, "replace")


def walk_page(root: Any, body: Body) -> None:
    """Add a page's paragraphs and tables to `body`, without recursion: nesting may be thousands deep."""
    line: list[str] = []
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            _flush(line, body)
            continue
        tag = node.tag
        if tag == "-text":
            line.append(node.text_content or "")
        elif tag == "br":
            _flush(line, body)
        elif tag == "table":
            _flush(line, body)
            read_table(node, body)
        elif tag not in SKIPPED and not tag.startswith(("-", "!")):
            if tag in BLOCKS:
                _flush(line, body)
                stack.append((node, True))
            stack.extend((child, False) for child in reversed(list(node.iter(include_text=True))))
    _flush(line, body)


def _flush(line: list[str], body: Body) -> None:
    text = " ".join("".join(line).split())
    line.clear()
    if text:
        body.add_paragraph(text)


def read_table(table: Any, body: Body) -> None:
    """Add one table, then the tables inside its cells, each as a grid of its own."""
    cells: list[Cell] = []
    merges: list[Merge] = []
    taken: set[tuple[int, int]] = set()
    inner: list[Any] = []
    for row, line in enumerate(_find_rows(table)):
        col = 0
        for node in (child for child in line.iter() if child.tag in ("td", "th")):
            while (row, col) in taken:
                col += 1
            height, width = _read_span(node, "rowspan"), _read_span(node, "colspan")
            if height > 1 or width > 1:
                taken |= {(row + down, col + right) for down in range(height) for right in range(width)}
                merges.append(Merge(row=row, col=col, last_row=row + height - 1, last_col=col + width - 1))
            if text := _read_cell(node, inner):
                cells.append(make_text_cell(row, col, text))
            col += width
    body.add_table(cells, merges)
    for nested in inner:
        read_table(nested, body)


def _find_rows(table: Any) -> list[Any]:
    rows = []
    for child in table.iter():
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows += [row for row in child.iter() if row.tag == "tr"]
    return rows


def _read_span(node: Any, name: str) -> int:
    text = (node.attributes.get(name) or "1").strip()
    return max(1, min(int(text), MAX_SPAN)) if text.isascii() and text.isdigit() else 1


def _read_cell(node: Any, inner: list[Any]) -> str:
    parts: list[str] = []
    stack: list[Any] = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            parts.append(item)
        elif item.tag == "-text":
            parts.append(" ".join((" " + (item.text_content or "") + " ").split(" ")).replace("\n", " "))
        elif item.tag == "br":
            parts.append("\n")
        elif item.tag == "table":
            inner.append(item)
        elif item.tag not in SKIPPED and not item.tag.startswith(("-", "!")):
            if item.tag in BLOCKS:
                parts.append("\n")
                stack.append("\n")
            stack.extend(reversed(list(item.iter(include_text=True))))
    return tidy_text("".join(parts))
