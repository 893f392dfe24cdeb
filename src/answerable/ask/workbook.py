"""The reply form as an xlsx workbook, the same bytes for the same survey.

One workbook is laid out for the survey; each authority's copy differs in its reference and its name only, which are
put into the finished file. The trap is the clock: openpyxl and zip both stamp it in, and both stamps are taken out.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from answerable.ask.form import (
    CODES,
    COUNTED,
    KEY,
    NOTE,
    SHORTHAND,
    START,
    count_cells,
    list_choices,
    list_rows,
    write_marker,
)
from answerable.ask.wording import order_questions, show_day
from answerable.errors import SurveyError
from answerable.model import Authority, Question, Survey

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STAMP = datetime(2020, 1, 1)
_CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_TOKEN, _NAME = "ANS-FORM-TOKEN", "ANSWERABLE-FORM-NAME"
"""Stand for the reference and the authority in the workbook that all copies are made from."""
WIDEST = 60
"""Characters of a label column at the most."""
MOST_CELLS = 50_000
"""Figures in one question's sheet at the most."""
UNITS = ("offences", "crimes", "victims", "suspects", "arrests", "records", "people", "contacts", "services")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A survey's form before it is any authority's: the finished file without the member that names one, and that."""

    package: bytes
    name: str
    content: bytes


def make_form(survey: Survey) -> Form:
    """The Form of a survey. Raises SurveyError without openpyxl."""
    out = io.BytesIO()
    own: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(_lay_out(survey))) as book, zipfile.ZipFile(out, "w") as package:
        for item in book.infolist():
            content = book.read(item)
            if item.filename == "docProps/core.xml":
                content = _CLOCK.sub(rb"\g<1>2020-01-01T00:00:00Z\g<2>", content)
            if _TOKEN.encode() in content:
                own[item.filename] = content
            else:
                _add_member(package, item.filename, content)
    ((name, content),) = own.items()
    return Form(package=out.getvalue(), name=name, content=content)


def fill_form(form: Form, authority: Authority, token: str) -> bytes:
    """One authority's copy: only the member that names it is packed anew, behind the rest."""
    content = form.content.replace(_TOKEN.encode(), token.encode())
    content = content.replace(_NAME.encode(), escape(authority.name, quote=False).encode())
    out = io.BytesIO(form.package)
    with zipfile.ZipFile(out, "a") as package:
        _add_member(package, form.name, content)
    return out.getvalue()


def _add_member(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    item = zipfile.ZipInfo(name, _STAMP.timetuple()[:6])
    item.compress_type = zipfile.ZIP_DEFLATED
    item.external_attr = 0o644 << 16
    package.writestr(item, content)


def _lay_out(survey: Survey) -> bytes:
    try:
        from openpyxl import Workbook
    except ImportError as error:
        what = "writing it needs openpyxl, which is not installed"
        raise SurveyError("the reply form", what, "pip install answerable[ask], or draft with --no-form") from error
    book = Workbook()
    book.properties.creator = ""
    book.properties.created = book.properties.modified = _STAMP
    _fill_start(book.active, survey)
    for question in order_questions(survey):
        if (n := count_cells(survey, question)) > MOST_CELLS:
            what = f"question {question.number} asks for {n:,} figures, more than a person can fill in"
            raise SurveyError("the reply form", what, "Drop a breakdown, or draft with --no-form")
        _fill_question(book.create_sheet(_name_sheet(question)), survey, question)
    _fill_codes(book.create_sheet(CODES), survey)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _name_sheet(question: Question) -> str:
    """Q and the question's number, without what a sheet's name may not hold."""
    return re.sub(r"[\[\]:*?/\\]", "-", f"Q{question.number}")[:31]


def _put(sheet: Any, row: int, col: int, text: str | None) -> Any:
    """Write text that stays text: a label that begins with "=" is no formula."""
    cell = sheet.cell(row, col, text or None)
    if text:
        cell.data_type = "s"
    return cell


def _fill_start(sheet: Any, survey: Survey) -> None:
    from openpyxl.styles import Alignment

    sheet.title = START
    lines = [
        f"{survey.title}: reply form for {_NAME}",
        f"Our reference: {_TOKEN}",
        "",
        "Each question has a sheet of its own. Fill in the pale cells; write in no other, and leave no cell blank.",
        "A whole number counts; 0 means none. Where there is no number to give, write one of these instead:",
        *(f"     {mark}     {meaning}" for mark, _, meaning in SHORTHAND),
        "Yes or no, codes: choose from the list in the cell.",
        "If your figures count something other than the unit asked for, choose what they do count at the head of the "
        "sheet.",
        "Anything a reader of the figures should know goes into the column Note, or into your letter.",
        "Then send the workbook back as it is, with your answer or instead of one.",
    ]
    wrapped = Alignment(wrap_text=True, vertical="top")
    for number, text in enumerate(lines, start=1):
        _put(sheet, number, 1, text)
        sheet.cell(number, 1).alignment = wrapped
    _set_width(sheet, "A", 90)
    _make_bold(sheet.cell(1, 1))


def _fill_question(sheet: Any, survey: Survey, question: Question) -> None:
    dimensions = {dimension.id: dimension.name for dimension in survey.dimensions}
    labels = [dimensions[name] for name in question.dimensions] if question.kind != "choice" else []
    first = 2 + len(labels)
    """The first column with figures."""
    _put(sheet, 1, 1, write_marker(survey, question))
    _put(sheet, 2, 1, " ".join(question.text.split()))
    sheet.cell(3, 1, COUNTED)
    if question.kind == "count":
        sheet.cell(3, first, question.unit)
        _add_list(sheet, [f"{_column(first)}3"], UNITS)
    for place, period in enumerate(survey.periods):
        sheet.cell(4, first + place, f"{show_day(period.start)} to {show_day(period.end)}")
        _put(sheet, 5, first + place, period.id)
        _set_width(sheet, _column(first + place), 17)
    widths = _measure_labels(survey, question, [KEY, *labels])
    for place, text in enumerate([KEY, *labels]):
        _put(sheet, 5, 1 + place, text)
        _set_width(sheet, _column(1 + place), widths[place])
    note = first + len(survey.periods)
    sheet.cell(5, note, NOTE)
    _set_width(sheet, _column(note), 40)
    last = 5
    for last, row in enumerate(list_rows(survey, question), start=6):
        for place, text in enumerate([row.key, *row.labels], start=1):
            _put(sheet, last, place, text)
    _style_sheet(sheet, first, note, last)
    _check_cells(sheet, survey, question, f"{_column(first)}6:{_column(note - 1)}{last}", f"{_column(first)}6")


def _measure_labels(survey: Survey, question: Question, heads: list[str]) -> list[int]:
    """Widths of the key and label columns: their longest text, within reason."""
    widths = [len(head) for head in heads]
    for row in list_rows(survey, question):
        widths = [max(width, len(text)) for width, text in zip(widths, (row.key, *row.labels), strict=True)]
    return [max(12, min(width + 2, WIDEST)) for width in widths]


def _style_sheet(sheet: Any, first: int, note: int, last: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for place in range(1, note + 1):
        _make_bold(sheet.cell(5, place))
    sheet.cell(1, 1).font = Font(name="Calibri", bold=True)
    sheet.row_dimensions[4].height = 32
    for place in range(first, note):
        sheet.cell(4, place).alignment = Alignment(wrap_text=True, horizontal="right", vertical="bottom")
        sheet.cell(5, place).alignment = Alignment(horizontal="right")
    pale = PatternFill("solid", fgColor="FFF7E0")
    right = Alignment(horizontal="right")
    for row in range(6, last + 1):
        sheet.cell(row, 1).font = Font(name="Calibri", color="6B6B6B")
        for place in range(first, note):
            sheet.cell(row, place).fill = pale
            sheet.cell(row, place).alignment = right
    sheet.freeze_panes = sheet.cell(6, first)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _check_cells(sheet: Any, survey: Survey, question: Question, area: str, corner: str) -> None:
    """Let the cells take what reads back: whole numbers and shorthand, or one of a list."""
    from openpyxl.worksheet.datavalidation import DataValidation

    marks = [mark for mark, _, _ in SHORTHAND]
    if question.kind in {"yes_no", "choice"}:
        _add_list(sheet, [area], (*list_choices(survey, question), *marks[1:3]))
        return
    if question.kind == "text":
        return
    number = f"AND(ISNUMBER({corner}),{corner}>=0,{corner}=INT({corner}))"
    text = f'AND(ISTEXT({corner}),OR(LEFT({corner},1)="[",LEFT({corner},1)="<",ISNUMBER(FIND(" to ",{corner}))))'
    rule = DataValidation(type="custom", formula1=f"OR({number},{text})", allow_blank=True)
    rule.errorTitle, rule.promptTitle = "Not a figure", "A figure"
    rule.error = f"Write a whole number, 0 for none, or: <5, 1 to 4, {', '.join(marks)}."
    rule.prompt = f"A whole number, 0 for none, or <5, 1 to 4, {', '.join(marks)}"
    rule.showErrorMessage = rule.showInputMessage = True
    rule.add(area)
    sheet.add_data_validation(rule)


LONGEST_LIST = 255
"""Characters of a list that Excel takes inside a cell's rule; a longer one is on the sheet Codes."""


def _add_list(sheet: Any, areas: list[str], choices: tuple[str, ...]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    text = ",".join(choices)
    if len(text) > LONGEST_LIST or any("," in item or '"' in item for item in choices):
        return
    rule = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True)
    rule.error, rule.showErrorMessage = "Choose from the list.", True
    for area in areas:
        rule.add(area)
    sheet.add_data_validation(rule)


def _fill_codes(sheet: Any, survey: Survey) -> None:
    used = {name for question in survey.questions for name in question.dimensions}
    for place, text in enumerate(("Breakdown", "Code", "Label", "Also called"), start=1):
        sheet.cell(1, place, text)
        _make_bold(sheet.cell(1, place))
    row = 1
    for dimension in survey.dimensions:
        for item in dimension.categories if dimension.id in used else ():
            row += 1
            texts = (dimension.name, item.code, item.label, "; ".join(item.aliases))
            for place, text in enumerate(texts, start=1):
                _put(sheet, row, place, text)
    for letter, width in zip("ABCD", (26, 14, 60, 60), strict=True):
        _set_width(sheet, letter, width)
    sheet.freeze_panes = "A2"


def _column(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))


def _set_width(sheet: Any, letter: str, width: int) -> None:
    sheet.column_dimensions[letter].width = width


def _make_bold(cell: Any) -> None:
    from openpyxl.styles import Font

    cell.font = Font(name="Calibri", bold=True)
