"""One document's grids -> its lines and tables, in reading order, with pages joined.

The trap is order: a table's context is the text before it, so lines and tables come out as they stand, and a
sheet's loose texts come before the table they stand over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from answerable.model import Cell, Grid, Table
from answerable.observations.context import is_furniture
from answerable.observations.folding import fold_words
from answerable.tables import Joined, find_tables, is_text_grid, join_tables
from answerable.tables.shapes import find_shape
from answerable.values import find_spans

_HEAD_LENGTH = 300
"""Letters at the head of a document within which the letterhead stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line or loose cell. `loose` is True for a cell of a sheet or table that no table took in."""

    grid: Grid
    cell: Cell
    loose: bool


def walk_items(grids: Sequence[Grid]) -> Iterator[Line | Joined]:
    """Lines and tables of one document in order, tables broken over pages joined into one.

    Page numbers between two tables part nothing; nor does the letterhead printed again, where the table after it
    has no header of its own.
    """
    run: list[Table] = []
    held: list[Line] = []
    head = ""
    for item in _walk_grids(grids):
        if isinstance(item, Table):
            if held and not (all(is_furniture(line.cell.text) for line in held) or _goes_on(run[-1], item)):
                yield from join_tables(run)
                yield from held
                run, held = [], []
            run.append(item)
            continue
        text = " ".join(fold_words(item.cell.text))
        if run and (is_furniture(item.cell.text) or (text and text in head and not find_spans(item.cell.text))):
            held.append(item)
            continue
        if not run and len(head) < _HEAD_LENGTH:
            head = f"{head} {text}"
        yield from join_tables(run)
        yield from held
        run, held = [], []
        yield item
    yield from join_tables(run)
    yield from held


def _goes_on(before: Table, after: Table) -> bool:
    """Whether a table can be the rest of one that stands over a letterhead printed again."""
    return not after.header_rows and after.grid.kind != "text" and before.grid.part != after.grid.part


def _walk_grids(grids: Sequence[Grid]) -> Iterator[Line | Table]:
    for grid in _join_heads(grids):
        tables = list(find_tables(grid))
        if is_text_grid(grid):
            yield from _walk_lines(grid, tables)
            continue
        inside = {id(cell) for table in tables for cell in _find_table_cells(table)}
        loose = [cell for cell in grid.cells if id(cell) not in inside and not cell.hidden and cell.text.strip()]
        for table in tables:
            before = [cell for cell in loose if cell.row < _find_top(table)]
            yield from (Line(grid=grid, cell=cell, loose=True) for cell in before)
            loose = [cell for cell in loose if cell.row >= _find_top(table)]
            yield table
        yield from (Line(grid=grid, cell=cell, loose=True) for cell in loose)


def _join_heads(grids: Sequence[Grid]) -> Iterator[Grid]:
    """The grids, a header left alone at the foot of a page put over its body on the next."""
    held: list[Grid] = []
    for grid in grids:
        if held and _heads_next(held[0], grid):
            head, over = held[0].cells, max(cell.row for cell in held[0].cells) + 1
            shift = over - min(cell.row for cell in grid.cells)
            moved = tuple(replace(cell, row=cell.row + shift) for cell in grid.cells)
            merges = tuple(replace(m, row=m.row + shift, last_row=m.last_row + shift) for m in grid.merges)
            above = held[0].merges
            yield from held[1:]
            held = []
            yield replace(grid, cells=head + moved, merges=above + merges)
        elif held and grid.kind == "text" and all(is_furniture(cell.text) for cell in grid.cells):
            held.append(grid)
        else:
            yield from held
            held = [grid] if _is_lone_head(grid) else []
            if not held:
                yield grid
    yield from held


def _is_lone_head(grid: Grid) -> bool:
    """Whether a drawn table is no more than a header: one or two rows of labels over two columns or more."""
    rows = {cell.row for cell in grid.cells}
    shapes = {find_shape(cell) for cell in grid.cells}
    return grid.kind == "table" and len(rows) <= 2 and len({c.col for c in grid.cells}) > 1 and "count" not in shapes


def _heads_next(head: Grid, grid: Grid) -> bool:
    """Whether a table on another page has as many columns as a lone header, and begins with values."""
    if grid.kind != "table" or head.part == grid.part or not grid.cells:
        return False
    first = min(cell.row for cell in grid.cells)
    valued = any(cell.row == first and find_shape(cell) == "count" for cell in grid.cells)
    return valued and {c.col for c in head.cells} | {0} == {c.col for c in grid.cells} | {0}


def _find_top(table: Table) -> int:
    return min((*table.header_rows, table.body.row))


def _find_table_cells(table: Table) -> Iterator[Cell]:
    """Cells of a table's rectangle, its title and notes."""
    rows = set(table.header_rows)
    first = min((*table.header_cols, table.body.col))
    for cell in table.grid.cells:
        if first <= cell.col <= table.body.last_col and (
            cell.row in rows or table.body.row <= cell.row <= table.body.last_row
        ):
            yield cell
    yield from table.title
    yield from table.notes


def _walk_lines(grid: Grid, tables: Sequence[Table]) -> Iterator[Line | Table]:
    """Lines in order; tables made of lines, two side by side of the same ones, come where the
    first stands and take their lines away."""
    starts: dict[str, list[Table]] = {}
    taken: set[str] = set()
    for table in tables:
        cells = sorted(_find_table_cells(table), key=lambda cell: (cell.row, cell.col))
        taken |= {cell.ref for cell in cells}
        starts.setdefault(cells[0].ref, []).append(table)
    for cell in sorted(grid.cells, key=lambda cell: cell.row):
        yield from starts.pop(cell.ref, ())
        if cell.ref not in taken and not cell.hidden and cell.text.strip():
            yield Line(grid=grid, cell=cell, loose=False)
