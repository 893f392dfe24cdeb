"""The form of an audit, as a workbook and as one web page that works without a server: what a tester fills in.

A workbook holds all declared ages of one sitting, a web page one account. Both ask every setting that the service's
features allow and that some rule judges, with how to observe it. The trap: a form that offers an answer the reader
does not know loses that answer, so both are made from the same settings that judge.
"""

import io
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader

from answerable.publish.zips import settle_zip
from answerable.standards.audit import Audit, Service
from answerable.standards.observed import FORMAT, HEAD, SHEET
from answerable.standards.rules import RESERVED, Setting, Standards

ROWS = (
    ("service", "id of the service"),
    ("tester", "your name or initials"),
    ("on", "the day you looked, as 2026-11-24"),
    ("country", "country of the test account, as GB"),
    ("app_version", "version of the app or page"),
    ("platform", "Android, iOS, web ..."),
    ("run", "1 for your first time through, 2 for the second"),
)


def list_asked(standards: Standards, service: Service) -> tuple[Setting, ...]:
    """The settings a form asks of a service: those of its features."""
    return tuple(item for item in standards.settings if item.feature in service.features)


def write_workbook_form(audit: Audit, standards: Standards, service: Service) -> bytes:
    """The form as .xlsx: About, Settings (a row a setting, a column a declared age) and Answers with their meanings.

    Needs openpyxl, the extra `[probe]`.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    about = book.active
    about.title = HEAD
    values = {"service": service.id, "country": audit.country, "run": "1"}
    for key, words in ROWS:
        about.append([key, values.get(key, ""), words])
    sheet = book.create_sheet(SHEET)
    ages = [str(age) for age in audit.ages]
    sheet.append(["setting", "question", "how to look", *ages, "evidence", "note"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row, setting in enumerate(list_asked(standards, service), start=2):
        sheet.append([setting.id, setting.name, setting.how])
        choice = DataValidation(type="list", formula1=f'"{",".join((*setting.codes, *RESERVED))}"', allow_blank=True)
        sheet.add_data_validation(choice)
        choice.add(f"{sheet.cell(row, 4).coordinate}:{sheet.cell(row, 3 + len(ages)).coordinate}")
        for wide in (2, 3):
            sheet.cell(row, wide).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "D2"
    for column, width in zip("ABC", (28, 46, 60), strict=True):
        sheet.column_dimensions[column].width = width
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 16, 28
    _write_answers(book.create_sheet("Answers"), list_asked(standards, service))
    out = io.BytesIO()
    book.save(out)
    return settle_zip(out.getvalue())


def _write_answers(sheet: Any, settings: tuple[Setting, ...]) -> None:
    """The sheet that says what each answer means."""
    sheet.append(["setting", "answer", "meaning"])
    for setting in settings:
        for code, words in setting.values:
            sheet.append([setting.id, code, words])
    sheet.append(["every setting", "no_feature", "the service has no such thing"])
    sheet.append(["every setting", "not_tested", "you did not look"])
    sheet.append(["evidence", "13: dm-13.png; 15: dm-15.png", "file names beside this workbook, by declared age"])


def write_web_form(audit: Audit, standards: Standards, service: Service) -> bytes:
    """The form as one HTML page for one account: it makes the JSON in the browser, with the hash of each picture."""
    environment = Environment(
        loader=PackageLoader("answerable.standards"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    style = files("answerable.publish").joinpath("static", "site.css").read_text(encoding="utf-8")
    script = files("answerable.standards").joinpath("static", "form.js").read_text(encoding="utf-8")
    page = environment.get_template("form.html").render(
        audit=audit,
        service=service,
        settings=list_asked(standards, service),
        style=style,
        script=script,
        format=FORMAT,
    )
    return f"{page}\n".encode()
