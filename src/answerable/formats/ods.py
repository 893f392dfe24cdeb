"""OpenDocument sheets -> one grid a sheet, with the text the file itself stores for every cell.

Reads the XML itself: the format keeps what a person sees beside the value, and merges and hidden rows, none of
which a value reader gives. The trap is repetition: one element may stand for a million equal rows or columns,
so empty repeats only move the position and filled ones are limited.
"""

from answerable.formats.sheets import Looks, make_grid, open_workbook, read_merges, read_sheets
from answerable.model import Document, Grid


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """One grid a sheet that is not empty, in the workbook's order; hidden sheets' cells are marked hidden."""
    grids = []
    for name, hidden, sheet in read_sheets(document, open_workbook(document, data)):
        if grid := make_grid(document, name, sheet, Looks(hidden=hidden, merges=read_merges(sheet))):
            grids.append(grid)
    return tuple(grids)
