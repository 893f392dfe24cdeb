"""xlsx workbooks -> one grid a sheet. The trap: see `sheets`."""

from answerable.formats.sheets import Looks, make_grid, open_workbook, read_merges, read_sheets
from answerable.model import Document, Grid


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """One grid a sheet that is not empty, in the workbook's order; hidden sheets' cells are marked hidden."""
    grids = []
    for name, hidden, sheet in read_sheets(document, open_workbook(document, data)):
        if grid := make_grid(document, name, sheet, Looks(hidden=hidden, merges=read_merges(sheet))):
            grids.append(grid)
    return tuple(grids)
