"""Tables broken over pages -> one: rows that go on without a header of their own on the next page.

The trap is to join two tables that merely look alike: only neighbours of one document, of the same width, with
nothing but the page break between them, and the second without a header or with the first one's over again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from answerable.model import Area, Cell, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A table and the grid part its rows came from: (first row, part), in order."""

    table: Table
    parts: tuple[tuple[int, str], ...]

    def find_part(self, row: int) -> str:
        """The part of the document that a row of the table stands in."""
        if len(self.parts) == 1:
            return self.parts[0][1]
        return next(part for first, part in reversed(self.parts) if first <= row)


def join_tables(tables: Sequence[Table]) -> tuple[Joined, ...]:
    """Tables in order, each that continues the one before it joined to it. `tables` must be neighbours: the
    caller hands over runs with no text between them but page furniture."""
    joined: list[Joined] = []
    for table in tables:
        if joined and _continues(joined[-1].table, table):
            joined[-1] = _join(joined[-1], table)
        else:
            joined.append(Joined(table=table, parts=((0, table.grid.part),)))
    return tuple(joined)


def _continues(first: Table, second: Table) -> bool:
    if first.grid.document != second.grid.document or first.grid.part == second.grid.part:
        return False
    if not first.header_rows or first.grid.kind == "sheet" or second.title:
        return False
    if _width(first) != _width(second) or len(first.header_cols) != len(second.header_cols):
        return False
    return not second.header_rows or _read_header(first) == _read_header(second)


def _width(table: Table) -> int:
    return table.body.last_col - min((*table.header_cols, table.body.col))


def _read_header(table: Table) -> list[str]:
    rows = set(table.header_rows)
    return [cell.text for cell in table.grid.cells if cell.row in rows]


def _join(first: Joined, second: Table) -> Joined:
    table = first.table
    shift = max(cell.row for cell in table.grid.cells) + 1 - second.body.row
    across = table.body.col - second.body.col
    moved = tuple(_move(cell, shift, across) for cell in second.grid.cells if cell.row >= second.body.row)
    grid = replace(
        table.grid,
        cells=table.grid.cells + moved,
        merges=table.grid.merges
        + tuple(
            replace(m, row=m.row + shift, last_row=m.last_row + shift, col=m.col + across, last_col=m.last_col + across)
            for m in second.grid.merges
            if m.row >= second.body.row
        ),
    )
    body = Area(
        row=table.body.row,
        col=table.body.col,
        last_row=second.body.last_row + shift,
        last_col=max(table.body.last_col, second.body.last_col + across),
    )
    notes = table.notes + tuple(_move(cell, shift, across) for cell in second.notes)
    return Joined(
        table=replace(table, grid=grid, body=body, notes=notes),
        parts=(*first.parts, (second.body.row + shift, second.grid.part)),
    )


def _move(cell: Cell, down: int, across: int) -> Cell:
    return replace(cell, row=cell.row + down, col=cell.col + across)
