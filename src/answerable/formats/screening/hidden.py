"""Hidden cells and hidden text, from the grids alone. The trap: a sheet, its rows and its columns can each hide."""

from collections.abc import Iterator

from answerable.model import Grid


def find_hidden(grids: tuple[Grid, ...]) -> Iterator[tuple[str, str, str]]:
    """(check, part, ref) for every hidden cell, under the widest thing that hides it."""
    for grid in grids:
        hidden = [cell for cell in grid.cells if cell.hidden]
        if not hidden:
            continue
        if grid.kind == "sheet" and len(hidden) == len(grid.cells):
            yield from (("quarantine-hidden-sheet", grid.part, cell.ref) for cell in hidden)
            continue
        shown_rows = {cell.row for cell in grid.cells if not cell.hidden}
        shown_cols = {cell.col for cell in grid.cells if not cell.hidden}
        for cell in hidden:
            check = "quarantine-hidden-text"
            if grid.kind == "sheet" and cell.row not in shown_rows:
                check = "quarantine-hidden-rows"
            elif grid.kind == "sheet" and cell.col not in shown_cols:
                check = "quarantine-hidden-columns"
            yield check, grid.part, cell.ref
