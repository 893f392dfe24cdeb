"""Hidden cells and hidden text, from the grids alone. The trap: a sheet, its rows and its columns can each hide."""

from collections.abc import Iterator

from answerable.model import Grid


def find_hidden(grids: tuple[Grid, ...]) -> Iterator[tuple[str, str, str]]:
    """(check, part, ref) for every hidden cell, under the widest thing that hides it."""
    for grid in grids:
        for cell in grid.cells:
            # A format that shows "*" or "<5" for a count leaves the count in the file.
            if cell.kind == "number" and cell.value and cell.text not in (str(cell.value), "-") and masks(cell.text):
                yield "quarantine-masked-number", grid.part, cell.ref
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


def masks(text: str) -> bool:
    """Whether a number's shown text stands for it instead of showing it."""
    return not any(letter.isdigit() for letter in text) or text.lstrip().startswith(("<", "*"))
