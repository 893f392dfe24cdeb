"""The source view: each authority's documents as they were read, every cell a number came from marked.

One page an authority, letter and tables in the documents' own order, so that a number is seen with the words
around it. The trap: what a document hides (a hidden sheet, row or column) was not meant for print and is never
printed here; a cell shows the text a reader saw, not the value the file holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from answerable.model import Cell, Document, Edition, Grid, Observation, Reply
from answerable.publish.links import name_anchor, slug

FIRST_ROWS = 30
AROUND = 12
"""Of a long table the first rows are shown, and so many either side of each row a number came from."""
MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One cell as the page shows it. `marks` are the observations read from it."""

    text: str
    anchor: str
    ref: str
    marks: tuple[Observation, ...]
    hidden: bool
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: its number from 1 and a box a column; `gap` says rows were left out before it."""

    number: int
    boxes: tuple[Box | None, ...]
    gap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One grid of a document, ready to print."""

    part: str
    kind: str
    anchor: str
    letters: tuple[str, ...]
    lines: tuple[Line, ...]
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document of a reply with its panels; `held` says that its words wait for a person's decision."""

    document: Document
    anchor: str
    panels: tuple[Panel, ...]
    held: bool = False


Marks = Mapping[tuple[str, str, str], tuple[Observation, ...]]


def index_grids(edition: Edition) -> dict[str, list[Grid]]:
    """Grids by document path, in the order read."""
    found: dict[str, list[Grid]] = {}
    for grid in edition.grids:
        found.setdefault(grid.document, []).append(grid)
    return found


def index_marks(observations: Iterable[Observation]) -> dict[tuple[str, str, str], tuple[Observation, ...]]:
    """Observations by document, part and ref."""
    found: dict[tuple[str, str, str], tuple[Observation, ...]] = {}
    for item in observations:
        key = (item.source.document, item.source.part, item.source.ref)
        found[key] = (*found.get(key, ()), item)
    return found


def lay_out_reply(
    reply: Reply, grids: Mapping[str, list[Grid]], marks: Marks, held: frozenset[str] = frozenset()
) -> tuple[Paper, ...]:
    """Every document of a reply with its grids as panels; a document that gave none has no panels.

    `held` are the paths of documents held back (`quarantine.find_held`).
    """
    return tuple(
        Paper(
            document=document,
            anchor=f"document-{slug(document.path)}",
            panels=tuple(_lay_out_grid(grid, marks) for grid in grids.get(document.path, ()) if grid.cells),
            held=document.path in held,
        )
        for document in reply.documents
    )


def _lay_out_grid(grid: Grid, marks: Marks) -> Panel:
    cells = {(cell.row, cell.col): cell for cell in grid.cells}
    columns = min(max(cell.col for cell in grid.cells) + 1, MOST_COLUMNS)
    rows = sorted({cell.row for cell in grid.cells})
    wanted = {cell.row for cell in grid.cells if (grid.document, grid.part, cell.ref) in marks}
    kept = [row for row in rows if _is_kept(row, rows[0], wanted)]
    spans, covered = _find_spans(grid)
    lines, last = [], None
    for row in kept:
        boxes = [
            None if (row, col) in covered else _make_box(grid, cells.get((row, col)), marks, spans.get((row, col)))
            for col in range(columns)
        ]
        gap = last is not None and any(last < other < row for other in rows)
        lines.append(Line(number=row + 1, boxes=tuple(boxes), gap=gap))
        last = row
    return Panel(
        part=grid.part,
        kind=grid.kind,
        anchor=name_anchor(grid.document, grid.part, "top"),
        letters=tuple(_name_column(col) for col in range(columns)),
        lines=tuple(lines),
        cut=len(kept) < len(rows),
    )


def _is_kept(row: int, first: int, wanted: set[int]) -> bool:
    return row < first + FIRST_ROWS or any(row + step in wanted for step in range(-AROUND, AROUND + 1))


def _find_spans(grid: Grid) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Rows and columns each merged corner spans, and the cells it covers. Only merges within one row are drawn
    merged, because rows between may be left out."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for merge in grid.merges:
        if merge.row == merge.last_row and merge.last_col < MOST_COLUMNS:
            spans[merge.row, merge.col] = (1, merge.last_col - merge.col + 1)
            covered |= {(merge.row, col) for col in range(merge.col + 1, merge.last_col + 1)}
    return spans, covered


def _make_box(grid: Grid, cell: Cell | None, marks: Marks, span: tuple[int, int] | None) -> Box:
    rows, columns = span or (1, 1)
    if cell is None:
        return Box(text="", anchor="", ref="", marks=(), hidden=False, rowspan=rows, colspan=columns)
    found = marks.get((grid.document, grid.part, cell.ref), ())
    return Box(
        text="" if cell.hidden else cell.text,
        anchor=name_anchor(grid.document, grid.part, cell.ref) if found else "",
        ref=cell.ref,
        marks=found,
        hidden=cell.hidden,
        rowspan=rows,
        colspan=columns,
    )


def _name_column(col: int) -> str:
    name = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        name = chr(65 + rest) + name
    return name
