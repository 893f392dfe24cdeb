"""Workbook cells of any spreadsheet format -> Grids, through python-calamine.

Stands under xlsx, xlsb and xls: calamine turns bytes into values, this turns values into Cells with the text a
person sees. The trap: calamine gives numbers bare, so what a cell shows ("44.8%", "01/04/2016") comes from its
number format, which each format's own module finds.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

from answerable.errors import UnreadableDocument
from answerable.formats.cells import Value, find_kind, name_ref, tidy_text
from answerable.model import Cell, Document, Grid, Merge


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How a sheet shows its cells: which are hidden, merged, and under which number format."""

    hidden: bool = False
    rows: frozenset[int] = frozenset()
    cols: frozenset[int] = frozenset()
    merges: tuple[Merge, ...] = ()
    formats: Mapping[tuple[int, int], str] = field(default_factory=dict)


def open_workbook(document: Document, data: bytes) -> calamine.CalamineWorkbook:
    """The workbook, or UnreadableDocument that tells a password from damage."""
    try:
        return calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise report_password(document) from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise report_damage(document, error) from error


def report_password(document: Document) -> UnreadableDocument:
    return UnreadableDocument(
        document.path, "is protected with a password", "Ask the authority for a copy without a password"
    )


def report_damage(document: Document, error: Exception) -> UnreadableDocument:
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return UnreadableDocument(
        document.path,
        f"is damaged and cannot be opened ({reason})",
        "Open it in a spreadsheet and save it again, or ask the authority to send it again",
    )


def read_sheets(document: Document, workbook: calamine.CalamineWorkbook) -> Iterator[tuple[str, bool, Any]]:
    """Each worksheet of a workbook: its name, whether it is hidden, and calamine's sheet."""
    for meta in workbook.sheets_metadata:
        if meta.typ not in (calamine.SheetTypeEnum.WorkSheet, calamine.SheetTypeEnum.MacroSheet):
            continue
        try:
            yield meta.name, meta.visible != calamine.SheetVisibleEnum.Visible, workbook.get_sheet_by_name(meta.name)
        except (calamine.CalamineError, ValueError, OSError) as error:
            raise report_damage(document, error) from error


def make_grid(document: Document, name: str, sheet: Any, looks: Looks) -> Grid | None:
    """One sheet as a Grid; None when it is empty."""
    cells = []
    first_col = sheet.start[1] if sheet.start else 0
    for row, values in enumerate(sheet.iter_rows() if sheet.start else ()):
        for col, raw in enumerate(values, first_col):
            if raw != "" and raw is not None and (cell := make_cell(row, col, raw, looks)):
                cells.append(cell)
    if not cells:
        return None
    return Grid(document=document.path, part=f'sheet "{name}"', kind="sheet", cells=tuple(cells), merges=looks.merges)


def make_cell(row: int, col: int, raw: Any, looks: Looks) -> Cell | None:
    """A cell with the text its number format shows; None when that is blank."""
    value = settle_value(raw)
    text = tidy_text(show_plain(raw))
    hidden = looks.hidden or row in looks.rows or col in looks.cols
    if not text:
        return None
    return Cell(row=row, col=col, text=text, value=value, kind=find_kind(value), ref=name_ref(row, col), hidden=hidden)


def read_merges(sheet: Any) -> tuple[Merge, ...]:
    """The merged areas that calamine found in a sheet, in order of their first corner."""
    areas = sorted(sheet.merged_cell_ranges or ())
    return tuple(Merge(row=first[0], col=first[1], last_row=last[0], last_col=last[1]) for first, last in areas)


def settle_value(raw: Any) -> Value:
    """What the file holds: whole floats become int, times and durations text."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return int(raw)
    if isinstance(raw, time | timedelta):
        return str(raw)
    value: Value = raw
    return value


def show_plain(raw: Any) -> str:
    """What a cell with no number format shows."""
    value = settle_value(raw)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M").removesuffix(" 00:00")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value)
