"""A web page -> text grids and tables in the order of the page.

Nothing a page links to is fetched and no script runs: the page is parsed, and that is all. The traps: tables
nest (mail is laid out with them), so an inner table becomes a grid of its own after the outer one; `rowspan` and
`colspan` may claim absurd sizes and are clipped; and text that a style hides is not what a person sees.
"""

import codecs
import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from answerable.errors import UnreadableDocument
from answerable.formats.cells import Body, make_text_cell, tidy_text
from answerable.formats.limits import MAX_CELLS
from answerable.formats.text import find_encoding
from answerable.model import Cell, Document, Grid, Merge

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary table tbody td "
    "tfoot th thead title tr ul".split()
)
SKIPPED = frozenset("script style noscript template head object iframe svg math canvas".split())
MAX_SPAN = 1000
"""Rows or columns that one cell may claim: the limit that browsers have for columns."""
MAX_TAKEN = 1_000_000
"""Places that the spans of one table may cover together."""
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_MAY_HIDE = re.compile(r"\bhidden\b|display\s*:\s*none", re.IGNORECASE)


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """Text grids and table grids in page order; text hidden by `hidden` or an inline style is marked hidden.

    Hidden text inside a cell that shows other text goes to a last grid, `hidden text`.
    """
    return read_html(document, decode_html(data))


def read_html(document: Document, text: str, body: Body | None = None) -> tuple[Grid, ...]:
    """The grids of a page given as text; with `body`, added to the grids already there."""
    page = Page(body or Body(document=document), watch=bool(_MAY_HIDE.search(text)))
    root = LexborHTMLParser(text).root
    if root is not None:
        page.walk(root)
    page.body.close_text("hidden text")
    for piece in page.aside:
        page.body.add_paragraph(piece, hidden=True)
    return page.body.finish()


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


class Page:
    """One page as it is walked, without recursion: nesting may be a hundred thousand deep."""

    def __init__(self, body: Body, *, watch: bool) -> None:
        self.body = body
        self.watch = watch
        """Whether anything on the page can be hidden; most pages need no look at each element's style."""
        self.line: list[str] = []
        self.unseen: list[str] = []
        self.aside: list[str] = []

    def is_hidden(self, node: Any) -> bool:
        stated = node.attributes
        return "hidden" in stated or bool(_UNSEEN.search(stated.get("style") or ""))

    def flush(self) -> None:
        """End the line: what shows is a paragraph; what is hidden is one only when nothing shows."""
        shown, unseen = "".join(self.line), "".join(self.unseen)
        self.line.clear()
        self.unseen.clear()
        if shown and not shown.isspace():
            self.body.add_paragraph(" ".join(shown.split()))
        if unseen and not unseen.isspace():
            self.body.add_paragraph(" ".join(unseen.split()), hidden=True)

    def walk(self, root: Any) -> None:
        """Add the paragraphs and tables under a node to the body."""
        stack: list[tuple[Any, bool, bool]] = [(root, False, False)]
        while stack:
            node, leaving, hidden = stack.pop()
            if leaving:
                self.flush()
                continue
            tag = node.tag
            if tag == "-text":
                (self.unseen if hidden else self.line).append(node.text_content or "")
            elif tag == "br":
                self.flush()
            elif tag == "table":
                self.flush()
                self.read_tables(node, hidden)
            elif tag not in SKIPPED and tag[:1] not in "-!":
                hidden = hidden or (self.watch and self.is_hidden(node))
                if tag in BLOCKS:
                    self.flush()
                    stack.append((node, True, hidden))
                stack.extend((child, False, hidden) for child in reversed(list_children(node)))
        self.flush()

    def read_tables(self, table: Any, hidden: bool) -> None:
        """Add a table, then the tables inside its cells in order, each as a grid of its own."""
        stack = [table]
        while stack:
            inner: list[Any] = []
            self.read_table(stack.pop(), hidden, inner)
            stack.extend(reversed(inner))

    def read_table(self, table: Any, hidden: bool, inner: list[Any]) -> None:
        hidden = hidden or (self.watch and self.is_hidden(table))
        cells: list[Cell] = []
        merges: list[Merge] = []
        taken: set[tuple[int, int]] = set()
        rows = self.find_rows(table, hidden)
        for row, (line, unseen) in enumerate(rows):
            col = 0
            for node in list_children(line):
                if node.tag not in ("td", "th"):
                    continue
                while (row, col) in taken:
                    col += 1
                height, width = read_spans(node, len(rows) - row)
                if height > 1 or width > 1:
                    taken |= {(row + down, col + right) for down in range(height) for right in range(width)}
                    merges.append(Merge(row=row, col=col, last_row=row + height - 1, last_col=col + width - 1))
                text, concealed = self.read_cell(node, unseen, inner)
                if text:
                    cells.append(make_text_cell(row, col, text, hidden=concealed))
                col += width
            if len(cells) > MAX_CELLS or len(taken) > MAX_TAKEN:
                raise UnreadableDocument(
                    self.body.document.path,
                    f"has a table of more than {MAX_CELLS:,} cells or spans over {MAX_TAKEN:,} places",
                    "Copy the table that answers the request into a spreadsheet and keep that",
                )
        self.body.add_table(cells, merges)

    def find_rows(self, table: Any, hidden: bool) -> list[tuple[Any, bool]]:
        """A table's rows with whether each is hidden; its caption becomes a paragraph before it."""
        rows = []
        for child in list_children(table):
            if child.tag == "tr":
                rows.append((child, hidden or (self.watch and self.is_hidden(child))))
            elif child.tag in ("thead", "tbody", "tfoot"):
                unseen = hidden or (self.watch and self.is_hidden(child))
                for row in list_children(child):
                    if row.tag == "tr":
                        rows.append((row, unseen or (self.watch and self.is_hidden(row))))
            elif child.tag == "caption":
                text, concealed = self.read_cell(child, hidden, [])
                self.body.add_paragraph(text, hidden=concealed)
        return rows

    def read_cell(self, node: Any, hidden: bool, inner: list[Any]) -> tuple[str, bool]:
        """A cell's text, a line for each block in it, and whether all of it is hidden; its tables go to `inner`."""
        only = node.first_child
        if only is not None and only.next is None and only.tag == "-text" and not self.watch:
            return " ".join((only.text_content or "").split()), hidden
        shown: list[str] = []
        unseen: list[str] = []
        stack: list[tuple[Any, bool]] = [(node, hidden)]
        while stack:
            item, concealed = stack.pop()
            if isinstance(item, str):
                shown.append(item)
                continue
            tag = item.tag
            if tag == "-text":
                (unseen if concealed else shown).append(_BLANKS.sub(" ", item.text_content or ""))
            elif tag == "br":
                shown.append("\n")
            elif tag == "table":
                inner.append(item)
            elif tag not in SKIPPED and tag[:1] not in "-!":
                concealed = concealed or (self.watch and self.is_hidden(item))
                if tag in BLOCKS:
                    shown.append("\n")
                    stack.append(("\n", concealed))
                stack.extend((child, concealed) for child in reversed(list_children(item)))
        text, rest = tidy_text("".join(shown)), tidy_text("".join(unseen))
        if text and rest:
            self.aside.append(rest)
        return (text, False) if text else (rest, True)


def list_children(node: Any) -> list[Any]:
    """A node's children in order, text among them."""
    children = []
    child = node.first_child
    while child is not None:
        children.append(child)
        child = child.next
    return children


def read_spans(node: Any, rows: int) -> tuple[int, int]:
    """How many rows and columns a cell claims, clipped to the rows there are; 0 rows means all of them."""
    stated = node.attributes
    if not stated:
        return 1, 1
    height = read_number(stated.get("rowspan"))
    return min(height or rows, rows), max(1, read_number(stated.get("colspan")))


def read_number(text: str | None) -> int:
    text = (text or "1").strip()
    return min(int(text), MAX_SPAN) if text.isascii() and text.isdigit() and len(text) < 9 else 1
