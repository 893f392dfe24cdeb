"""Old Excel workbooks (xls) -> one grid a sheet, through xlrd.

xlrd reads what calamine does not: number formats, hidden rows and columns, notes, and whether a workbook is
encrypted. The trap: it was written for files that Excel wrote, and a damaged one ends in any of a dozen errors.
"""

import io
import struct
from typing import Any

import xlrd
from xlrd.compdoc import CompDocError

from answerable.formats.cells import Value, make_text_cell, tidy_text
from answerable.formats.number_format import GENERAL
from answerable.formats.sheets import make_cell, report_damage, report_password, settle_number, show_text
from answerable.formats.xlsx_styles import BUILT_IN
from answerable.model import Cell, Document, Grid, Merge

_BROKEN = (
    *(xlrd.XLRDError, CompDocError, struct.error, AssertionError, LookupError, ValueError, TypeError),
    *(AttributeError, OverflowError, EOFError, ZeroDivisionError, NotImplementedError),
    *(RecursionError, MemoryError),
)


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """One grid a sheet that is not empty, in the workbook's order, each followed by its notes.

    Cells of hidden sheets, rows and columns have `hidden` set. A formula gives the value last computed.
    """
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, on_demand=True, logfile=io.StringIO()
        )
        return tuple(grid for index in range(book.nsheets) for grid in read_sheet(document, book, index))
    except _BROKEN as error:
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise report_password(document) from error
        raise report_damage(document, error) from error


def read_sheet(document: Document, book: Any, index: int) -> list[Grid]:
    """One worksheet as a Grid with its notes, [] when both are empty."""
    sheet = book.sheet_by_index(index)
    formats = read_formats(book)
    hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
    hidden_cols = {col for col, info in sheet.colinfo_map.items() if info.hidden}
    cells: list[Cell] = []
    for row in range(sheet.nrows):
        values, kinds = sheet.row_values(row), sheet.row_types(row)
        for col, (raw, kind) in enumerate(zip(values, kinds, strict=True)):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            style = sheet.cell_xf_index(row, col)
            code = formats[style] if style is not None and style < len(formats) else GENERAL
            hidden = bool(sheet.visibility) or row in hidden_rows or col in hidden_cols
            if cell := make_cell(row, col, *settle_value(raw, kind, code, book.datemode == 1), hidden):
                cells.append(cell)
    part = f'sheet "{sheet.name}"'
    areas = sorted((row, col, below, right) for row, below, col, right in sheet.merged_cells)
    merges = tuple(Merge(row=row, col=col, last_row=below - 1, last_col=right - 1) for row, col, below, right in areas)
    notes = read_notes(sheet)
    grids = [Grid(document=document.path, part=part, kind="sheet", cells=tuple(cells), merges=merges)] if cells else []
    if notes:
        grids.append(Grid(document=document.path, part=f"comments on {part}", kind="text", cells=notes))
    return grids


def read_formats(book: Any) -> tuple[str, ...]:
    """The number format code of each cell style by its number."""
    codes = []
    for style in book.xf_list:
        found = book.format_map.get(style.format_key)
        codes.append(BUILT_IN.get(style.format_key) or (found.format_str if found else "") or GENERAL)
    return tuple(codes)


def settle_value(raw: Any, kind: int, code: str, from_1904: bool) -> tuple[Value, str]:
    """A cell's value as the file holds it, and the text it shows."""
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return settle_number(float(raw), code, from_1904=from_1904)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(raw), "TRUE" if raw else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        text = xlrd.error_text_from_code.get(raw, "#ERROR!")
        return text, text
    return str(raw), show_text(str(raw), code)


def read_notes(sheet: Any) -> tuple[Cell, ...]:
    """A sheet's notes, a row a line, each with the cell it hangs on as its ref."""
    cells: list[Cell] = []
    for (row, col), note in sorted(sheet.cell_note_map.items()):
        for line in tidy_text(note.text).split("\n"):
            if line:
                cells.append(make_text_cell(len(cells), 0, line, make_text_cell(row, col, "x").ref))
    return tuple(cells)
