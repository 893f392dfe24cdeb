"""What the spreadsheet readers share: a number under its format, a cell with its text, and what is said of damage.

Stands under xlsx, xls, xlsb and ods. The trap: a date is a number that only its format makes a date, counted
from 1900 or 1904 as the workbook says.
"""

from datetime import datetime, time

from answerable.errors import UnreadableDocument
from answerable.formats.cells import Value, find_kind, name_ref, tidy_text
from answerable.formats.date_format import find_moment
from answerable.formats.number_format import GENERAL, is_date_format, show_value
from answerable.model import Cell, Document


def report_password(document: Document) -> UnreadableDocument:
    """The message for a workbook that needs a password."""
    return UnreadableDocument(
        document.path, "is protected with a password", "Ask the authority for a copy without a password"
    )


def report_damage(document: Document, error: BaseException) -> UnreadableDocument:
    """The message for a workbook that a library could not open."""
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return UnreadableDocument(
        document.path,
        f"is damaged and cannot be opened ({reason})",
        "Open it in a spreadsheet and save it again, or ask the authority to send it again",
    )


def settle_number(number: float, code: str, *, from_1904: bool = False) -> tuple[Value, str]:
    """A number's value (whole where it is whole, a date under a date format) and the text it shows."""
    value: Value = int(number) if number.is_integer() and abs(number) < 1e15 else number
    if code == GENERAL and isinstance(value, int):
        return value, str(value)
    if not is_date_format(code):
        return value, show_value(number, code)
    moment, _ = find_moment(number, from_1904)
    # A time of day alone has no date: it stays the number it is.
    dated = settle_date(moment) if moment is not None and number >= 1 else value
    return dated, show_value(number, code, from_1904=from_1904)


def settle_date(moment: datetime) -> Value:
    """A moment as a date where it is midnight, else as it is."""
    return moment.date() if moment.time() == time() else moment


def show_text(text: str, code: str) -> str:
    """What a text cell shows: nearly always itself."""
    return text if code in (GENERAL, "@") else show_value(text, code)


def make_cell(row: int, col: int, value: Value, text: str, hidden: bool) -> Cell | None:
    """A cell, None when it is blank. One whose format shows nothing (";;;") is hidden, with its value as text."""
    shown = tidy_text(text)
    if not shown:
        shown, hidden = tidy_text(str(value)) if value is not None else "", True
    if not shown:
        return None
    return Cell(row=row, col=col, text=shown, value=value, kind=find_kind(value), ref=name_ref(row, col), hidden=hidden)
