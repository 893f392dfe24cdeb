"""What every reader needs to make Grids: addresses, lines of text as a grid, and the order of a document's parts.

Stands under the readers. The trap is the address: a person must be able to find the cell with it, so paragraph
numbers run on through a whole document and count empty lines too, and a table's address starts at its own A1.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from answerable.model import Cell, CellKind, Document, Grid, GridKind, Merge

Value = int | float | str | bool | date | None
_UNTIDY = re.compile(r"  |[\r\n]")
_SPACES = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u202f\u2009\ufeff\u200b\u00ad", " ") | {"\u00ad": "", "\u200b": "", "\ufeff": ""}
)


@lru_cache(maxsize=16384)
def name_column(col: int) -> str:
    """The letters of a column counted from 0: 0 is "A", 26 is "AA"."""
    name = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        name = chr(65 + rest) + name
    return name


def name_ref(row: int, col: int) -> str:
    """The A1 address of a cell whose row and column count from 0."""
    return f"{name_column(col)}{row + 1}"


_GAP = re.compile(r"\S {3,}\S|^ {6,}\S+ {2,}\S")


def tidy_text(text: str) -> str:
    """Text with odd spaces made plain, runs of spaces closed up and blank lines dropped; tabs and lines stay."""
    if text.isascii() and not _UNTIDY.search(text):
        return text.strip()
    text = text.translate(_SPACES).replace("\r\n", "\n").replace("\r", "\n")
    lines = (" ".join(part for part in line.split(" ") if part) for line in text.split("\n"))
    return "\n".join(line for line in (line.strip() for line in lines) if line)


def make_text_cell(row: int, col: int, text: str, ref: str = "", *, hidden: bool = False) -> Cell:
    """A cell whose value is its text."""
    return Cell(row=row, col=col, text=text, value=text, kind="text", ref=ref or name_ref(row, col), hidden=hidden)


@dataclass(slots=True, kw_only=True)
class Body:
    """A document's grids as they are collected in order. The only mutable thing in the readers: it ends as a tuple.

    Paragraphs gather until a table or a new part comes; then they close as one text grid.
    """

    document: Document
    grids: list[Grid] = field(default_factory=list)
    paragraphs: list[Cell] = field(default_factory=list)
    count: int = 0
    """Paragraphs met so far, empty ones too: the next one's number less one."""
    first: int = 0
    """Paragraphs met before this text grid opened."""
    name: str = "text"
    """What the text grids are called now: text, header 1, footnotes ..."""
    used: dict[str, int] = field(default_factory=dict)

    def add_paragraph(self, text: str, *, hidden: bool = False) -> None:
        """Take one paragraph or line; an empty one is counted and leaves a gap in the rows."""
        self.count += 1
        if text := tidy_text(text):
            row = self.count - self.first - 1
            self.paragraphs.append(make_text_cell(row, 0, text, f"p{self.count}", hidden=hidden))

    def add_line(self, text: str) -> None:
        """Take one line of plain text. A line with wide gaps or tabs keeps its spaces: they set columns, and where a
        column starts is all that says which cell of a row is blank, the first of a line too."""
        if _GAP.search(text.rstrip()) or "\t" in text.strip() or text.startswith("\t\t"):
            self.count += 1
            row = self.count - self.first - 1
            self.paragraphs.append(make_text_cell(row, 0, text.translate(_SPACES).rstrip(), f"p{self.count}"))
        else:
            self.add_paragraph(text)

    def close_text(self, name: str = "text") -> None:
        """End the text grid that is open, if it has anything in it; what follows is called `name`."""
        if self.paragraphs:
            self.add_grid(self.name, "text", self.paragraphs)
        self.paragraphs = []
        self.first = self.count
        self.name = name

    def add_table(self, cells: Iterable[Cell], merges: Iterable[Merge] = (), name: str = "table") -> str:
        """End the text before and add a table; returns the part it was given."""
        self.close_text(self.name)
        return self.add_grid(name, "table", cells, merges)

    def add_grid(self, name: str, kind: GridKind, cells: Iterable[Cell], merges: Iterable[Merge] = ()) -> str:
        """Add a grid under a part name that is unique in the document: tables are numbered from 1, others from 2."""
        self.used[name] = number = self.used.get(name, 0) + 1
        part = f"{name} {number}" if number > 1 or name == "table" else name
        cells = tuple(cells)
        if cells:
            self.grids.append(
                Grid(document=self.document.path, part=part, kind=kind, cells=cells, merges=tuple(merges))
            )
        return part

    def finish(self) -> tuple[Grid, ...]:
        """Every grid with something in it, in order."""
        self.close_text()
        return tuple(self.grids)


def find_kind(value: Value) -> CellKind:
    """The kind of a cell by the type its value has in the file."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "date" if isinstance(value, date) else "text"
