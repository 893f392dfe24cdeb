"""A reply form as an authority receives it: what it asks, and the same workbook filled in.

The form says beside every cell what it is for (answerable.ask.form), so the parts of the Survey that matter are read
back from the sheets, and the answers go into the cells that its own reader will look at. The trap: the form does not
say which question a breakdown sums to, and protection must not assume less than a reader of the reply can see, so every
breakdown whose counts do sum to the plain total is taken to be one of it.
"""

import importlib
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from answerable.ask.form import CODES, KEY, parse_marker
from answerable.errors import AnswerableError
from answerable.model import Category, Dimension, Observation, Period, Question, Survey

_STAMP = (2020, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms)")
_SPAN = re.compile(r"(\d{1,2} \w+ \d{4}) to (\d{1,2} \w+ \d{4})")


def read_form(data: bytes, where: str) -> Survey:
    """What a form asks: its questions with their breakdowns, and its periods. Raises AnswerableError for another
    workbook."""
    book = _open_book(data, where)
    sheets = [(sheet, marker) for sheet in book.worksheets if (marker := parse_marker(_text(sheet, 1, 1)))]
    if not sheets:
        raise AnswerableError(where, "is not a reply form", "Give the form that came with the request, or leave it out")
    names = _read_names(book)
    dimensions: dict[str, Dimension] = {}
    questions = []
    for sheet, marker in sheets:
        head = _find_head(sheet)
        keys = [_text(sheet, row, 1) for row in range(head + 1, sheet.max_row + 1) if _text(sheet, row, 1)]
        for place, id_ in enumerate(dict.fromkeys(part.partition("=")[0] for part in _split(keys))):
            codes = dict.fromkeys(pair[1] for part in _split(keys) if (pair := part.split("=", 1))[0] == id_)
            name = _text(sheet, head, 2 + place) or id_
            categories = tuple(Category(code=code, label=names.get((name, code), code)) for code in codes)
            dimensions.setdefault(id_, Dimension(id=id_, name=name, categories=categories))
        asked = tuple(dict.fromkeys(part.partition("=")[0] for part in _split(keys)))
        number = re.search(r"question (\S+) \(", _text(sheet, 1, 1))
        questions.append(
            Question(
                id=marker.question, number=number[1] if number else "", text=_text(sheet, 2, 1), measure="Offences",
                unit="offences", dimensions=asked, version=marker.version,
                kind="count" if keys and _counts(sheet) else "text",
            )
        )  # fmt: skip
    return Survey(
        id=sheets[0][1].survey, title=sheets[0][1].survey, subject="offences", recorded_by="police",
        authority_noun=("force", "forces"), area="the force", headline=questions[0].id,
        periods=_read_periods(sheets[0][0]), dimensions=tuple(dimensions.values()), questions=tuple(questions),
        authorities=(),
    )  # fmt: skip


def tie_totals(survey: Survey, observations: Iterable[Observation], counted: Iterable[tuple[str, str, int]]) -> Survey:
    """The survey with `total_of` set where a breakdown's counts sum to the plain total in every period. `counted` are
    the true counts (question, period, count), before any is withheld."""
    sums: dict[tuple[str, str], int] = {}
    for question, period, count in counted:
        sums[question, period] = sums.get((question, period), 0) + count
    plain = next((item for item in survey.questions if not item.dimensions and item.kind == "count"), None)
    present = {item.question for item in observations}
    if plain is None:
        return survey
    questions = tuple(
        replace(item, total_of=plain.id)
        if item.dimensions
        and item.id in present
        and all(sums.get((item.id, p.id), 0) == sums.get((plain.id, p.id), 0) for p in survey.periods)
        else item
        for item in survey.questions
    )
    return replace(survey, questions=questions)


def fill_answers(data: bytes, where: str, observations: Iterable[Observation]) -> bytes:
    """The form with each Observation in its cell: a whole number, or the text that stands for one withheld. Same
    form and answers, same bytes."""
    book = _open_book(data, where)
    answers = {(item.question, item.source.ref): item for item in observations}
    for sheet in book.worksheets:
        marker = parse_marker(_text(sheet, 1, 1))
        if marker is None:
            continue
        head = _find_head(sheet)
        for row in range(head + 1, sheet.max_row + 1):
            for col in range(2, sheet.max_column + 1):
                key = f"{_text(sheet, row, 1)}, {_text(sheet, head, col)}"
                item = answers.get((marker.question, key))
                if item is not None:
                    sheet.cell(row, col).value = item.original_value if item.value is None else item.value
    out = io.BytesIO()
    book.save(out)
    return _settle_dates(out.getvalue())


def _open_book(data: bytes, where: str) -> Any:
    try:
        openpyxl = importlib.import_module("openpyxl")
    except ImportError as error:
        raise AnswerableError("flag reply", "needs openpyxl", "Run: pip install 'answerable[flag]'") from error
    try:
        return openpyxl.load_workbook(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise AnswerableError(where, f"is not a workbook ({error})", "Give the form as .xlsx") from error


def _text(sheet: Any, row: int, col: int) -> str:
    value = sheet.cell(row, col).value
    return "" if value is None else str(value).strip()


def _find_head(sheet: Any) -> int:
    return next((row for row in range(1, sheet.max_row + 1) if _text(sheet, row, 1) == KEY), sheet.max_row)


def _split(keys: Iterable[str]) -> list[str]:
    return [part.strip() for key in keys for part in key.split(";") if "=" in part]


def _counts(sheet: Any) -> bool:
    """Whether the sheet asks for counts: only those have a cell for what the figures count."""
    row = [_text(sheet, 3, col) for col in range(2, sheet.max_column + 1)]
    return any(row)


def _read_names(book: Any) -> dict[tuple[str, str], str]:
    """Labels by (breakdown, code), from the form's list of codes."""
    if CODES not in book.sheetnames:
        return {}
    sheet = book[CODES]
    rows = range(2, sheet.max_row + 1)
    return {(_text(sheet, row, 1), _text(sheet, row, 2)): _text(sheet, row, 3) for row in rows}


def _read_periods(sheet: Any) -> tuple[Period, ...]:
    head = _find_head(sheet)
    found = []
    for col in range(2, sheet.max_column + 1):
        span = _SPAN.fullmatch(_text(sheet, head - 1, col))
        if span:
            start, end = (_parse_day(text) for text in span.groups())
            found.append(Period(id=_text(sheet, head, col), start=start, end=end))
    return tuple(found)


def _parse_day(text: str) -> date:
    return datetime.strptime(text, "%d %B %Y").date()


def _settle_dates(data: bytes) -> bytes:
    """The package with fixed dates, which the library would set to now."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as package:
        for item in book.infolist():
            content = _CLOCK.sub(rb"\g<1>2020-01-01T00:00:00Z\g<2>", book.read(item))
            member = zipfile.ZipInfo(item.filename, _STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            package.writestr(member, content)
    return out.getvalue()
