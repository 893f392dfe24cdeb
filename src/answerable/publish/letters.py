"""The reply pack: a letter and a workbook of one authority's figures as read, each with the cell it came from.

Private to the authority: it shows what was read before any protection, so it is written outside build/ and no
edition holds it. The trap: an authority may have withheld a count itself; such a cell is shown as it printed it,
never as the bounds that we worked out.
"""

import io
from datetime import date
from typing import Any

from answerable.errors import StoreError
from answerable.model import TOTAL, Authority, Edition, Observation, Survey
from answerable.publish.documents import write_word
from answerable.publish.pages import set_desk
from answerable.publish.plain import write_csv
from answerable.publish.site import make_environment
from answerable.publish.tables import Field, Sheet
from answerable.publish.zips import settle_zip
from answerable.stories import prepare_ground

MOST = 60
"""So many figures stand in the letter; the workbook has them all."""

HEADINGS = (
    "No.", "Question", "Period", "Categories", "As printed in your reply", "Read as", "State", "Document",
    "Sheet or page", "Cell or place", "Reading",
)  # fmt: skip
ASKED = ("Your answer (confirm or correct)", "Correct value", "Remarks")


def render_reply_pack(edition: Edition, name: str, due: date | None) -> dict[str, bytes]:
    """letter.md, letter.docx and figures.xlsx for the authority with id `name`; figures.csv without xlsxwriter.

    Raises StoreError for an authority without one reading: there is nothing to put to it.
    """
    survey = edition.survey
    authority = next(item for item in survey.authorities if item.id == name)
    own = [item for item in edition.observations if item.authority == name]
    if not own:
        raise StoreError(
            f"replies/{name}", "no figure was read from this authority", "File its reply first, then read it"
        )
    desk = set_desk(edition, prepare_ground(survey, edition.replies, edition.figures, edition.answers))
    rows = list_readings(survey, own)
    story, reply = desk.stories[name], desk.ground.replies.get(name)
    n_open = sum(not item.accepted for item in own)
    title = f"{authority.name}: your figures as we read them"
    shown = {
        "survey": survey, "authority": authority, "story": story, "due": due, "headings": HEADINGS[:6],
        "rows": [_shorten(row) for row in rows[:MOST]], "n_rows": len(rows), "n_open": n_open,
        "reference": reply.reference if reply else "", "received": reply.received if reply else None,
        "recreated": reply.recreated_from if reply else (), "title": title,
    }  # fmt: skip
    environment = make_environment(desk)
    files = {
        "letter.md": f"{environment.get_template('letter.md').render(shown).strip()}\n".encode(),
        "letter.docx": write_word(environment.get_template("letter.xml").render(shown), title, survey),
    }
    workbook = write_form(survey, authority, rows)
    return files | ({"figures.xlsx": workbook} if workbook else {"figures.csv": _write_plain(rows)})


def list_readings(survey: Survey, own: list[Observation]) -> list[tuple[Any, ...]]:
    """One row a reading in the survey's order: HEADINGS."""
    questions = {item.id: item for item in survey.questions}
    labels = {item.id: {c.code: c.label for c in item.categories} for item in survey.dimensions}
    order = ({item: n for n, item in enumerate(questions)}, {item.id: n for n, item in enumerate(survey.periods)})
    ranked = sorted(own, key=lambda item: (order[0].get(item.question, 99), order[1].get(item.period, 99)))
    rows = []
    for number, item in enumerate(ranked, start=1):
        question = questions.get(item.question)
        parts = [labels.get(name, {}).get(code, code) for name, code in item.dimensions if code != TOTAL]
        rows.append((
            number, f"{question.number}: {question.measure}" if question else item.question, item.period,
            ", ".join(parts) or "all", item.original_value, _word_reading(item),
            "to be published" if item.accepted else "open: please tell us what it counts",
            item.source.document, item.source.part, item.source.ref, item.id,
        ))  # fmt: skip
    return rows


def _word_reading(item: Observation) -> str:
    if item.status == "suppressed":
        return "withheld by you; shown as a range at most"
    if item.status != "normal":
        return item.status.replace("_", " ")
    return f"{item.value:,}" if isinstance(item.value, int) else str(item.value)


def _shorten(row: tuple[Any, ...]) -> tuple[str, ...]:
    """A row of the letter: the place in one column."""
    return (*(str(value) for value in row[:6]), f"{row[7]}, {row[8]}, {row[9]}")


def write_form(survey: Survey, authority: Authority, rows: list[tuple[Any, ...]]) -> bytes | None:
    """The readings as a workbook to fill in, the same bytes each time; None where xlsxwriter is not installed."""
    try:
        import xlsxwriter
    except ImportError:
        return None
    out = io.BytesIO()
    # Cells that begin with "=" or hold an address stand as the text that was read.
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{survey.title}: {authority.name}", "language": "en-GB"})
    bold, wrap = (
        book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    fill = book.add_format({"bg_color": "#fff4d6", "border": 1, "valign": "top", "text_wrap": True})
    sheet = book.add_worksheet("Figures")
    sheet.write_row(0, 0, [*HEADINGS, *ASKED], bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row, wrap)
        for column in range(len(ASKED)):
            sheet.write_blank(number, len(HEADINGS) + column, None, fill)
    answers = {"validate": "list", "source": ["confirm", "correct"], "ignore_blank": True}
    sheet.data_validation(1, len(HEADINGS), max(len(rows), 1), len(HEADINGS), answers)
    for column, width in enumerate((5, 24, 10, 26, 16, 16, 18, 30, 20, 14, 14, 18, 14, 28)):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return settle_zip(out.getvalue())


def _write_plain(rows: list[tuple[Any, ...]]) -> bytes:
    fields = tuple(Field(name=name, type="string", description="") for name in (*HEADINGS, *ASKED))
    return write_csv(
        Sheet(name="figures", title="", key="", fields=fields, rows=tuple((*row, "", "", "") for row in rows))
    )
