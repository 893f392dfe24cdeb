"""Binary Excel workbooks (xlsb) -> one grid a sheet, through python-calamine.

The rarest spreadsheet in replies. calamine gives values, dates and hidden sheets; the trap is what it does not
give: number formats and hidden rows and columns cannot be seen here, so a percentage shows as its fraction.
"""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

from answerable.formats.cells import Value
from answerable.formats.date_format import show_date
from answerable.formats.number_format import GENERAL
from answerable.formats.sheets import make_cell, report_damage, report_password, settle_date, settle_number
from answerable.model import Document, Grid, Merge


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """One grid a sheet that is not empty, in the workbook's order; hidden sheets' cells are marked hidden."""
    try:
        with calamine.load_workbook(io.BytesIO(data)) as workbook:
            grids = (read_sheet(document, workbook, meta) for meta in workbook.sheets_metadata)
            return tuple(grid for grid in grids if grid)
    except calamine.PasswordError as error:
        raise report_password(document) from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise report_damage(document, error) from error


def read_sheet(document: Document, workbook: calamine.CalamineWorkbook, meta: calamine.SheetMetadata) -> Grid | None:
    """One worksheet as a Grid, None when it is empty or no worksheet."""
    if meta.typ not in (calamine.SheetTypeEnum.WorkSheet, calamine.SheetTypeEnum.MacroSheet):
        return None
    sheet = workbook.get_sheet_by_name(meta.name)
    hidden = meta.visible != calamine.SheetVisibleEnum.Visible
    first_col = sheet.start[1] if sheet.start else 0
    cells = []
    for row, values in enumerate(sheet.iter_rows() if sheet.start else ()):
        for col, raw in enumerate(values, first_col):
            if raw != "" and (cell := make_cell(row, col, *settle_value(raw), hidden)):
                cells.append(cell)
    if not cells:
        return None
    areas = sorted(sheet.merged_cell_ranges or ())
    merges = tuple(Merge(row=first[0], col=first[1], last_row=last[0], last_col=last[1]) for first, last in areas)
    return Grid(document=document.path, part=f'sheet "{meta.name}"', kind="sheet", cells=tuple(cells), merges=merges)


def settle_value(raw: Any) -> tuple[Value, str]:
    """A calamine value and the text it shows without its number format."""
    if isinstance(raw, bool):
        return raw, "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        return settle_number(float(raw), GENERAL)
    if isinstance(raw, datetime):
        return settle_date(raw), show_date(raw, ())
    if isinstance(raw, date | time | timedelta):
        shown = show_date(raw, ())
        return (raw if isinstance(raw, date) else shown), shown
    return str(raw), str(raw)
