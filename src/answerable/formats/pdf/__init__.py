"""PDF bytes to Grids: text and tables in the order of the pages, each cell with its box on the page.

Steps: `marks` and `rules` read what stands on a page; `ruled` and `unruled` find tables; `columns`, `rows` and
`fit` put words into cells; `grids` makes Grids. A page that holds only a picture goes to `formats.scan`. A table
that goes on overleaf stays two grids here. The trap: a reply is hostile input, so pages, characters and drawings
are counted and what is beyond the limit is reported as not read, never dropped in silence.
"""

from collections.abc import Iterator

import pypdfium2

from answerable.errors import UnreadableDocument
from answerable.formats.pdf.grids import make_note, make_table, make_text
from answerable.formats.pdf.lines import Line, gather_lines
from answerable.formats.pdf.marks import PageMarks, read_marks
from answerable.formats.pdf.tables import FoundTable, find_tables
from answerable.model import Document, Grid

MAX_PAGES = 400
"""Pages read of one document."""


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """Text and table grids of a PDF, in the order of its pages.

    A table's part is `page 2, table 1`, text's is `page 2`; `ref` is the box on the page in points, left top
    right bottom. What passes a limit comes as a text grid whose part ends in `not read`. Raises
    UnreadableDocument for a file that is locked, broken or without pages.
    """
    pdf = _open(document, data)
    try:
        count = len(pdf)
        if not count:
            raise UnreadableDocument(document.path, "it has no pages", "Ask the authority to send it again")
        grids = [grid for number in range(1, min(count, MAX_PAGES) + 1) for grid in _read_page(document, pdf, number)]
    finally:
        pdf.close()
    if count > MAX_PAGES:
        text = f"Pages {MAX_PAGES + 1} to {count} were not read: a document is read to page {MAX_PAGES}."
        grids.append(make_note(document.path, f"page {MAX_PAGES + 1} to {count}, not read", text))
    return tuple(grids)


def _open(document: Document, data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableDocument(
                document.path, "it is protected by a password", "Ask the authority for it without one"
            ) from error
        raise UnreadableDocument(
            document.path, "it is not a whole PDF", "Open it to see, or ask the authority to send it again"
        ) from error


def _read_page(document: Document, pdf: pypdfium2.PdfDocument, number: int) -> Iterator[Grid]:
    try:
        page = pdf[number - 1]
    except pypdfium2.PdfiumError:
        text = f"Page {number} was not read: it is broken. Open the document to see."
        yield make_note(document.path, f"page {number}, not read", text)
        return
    try:
        marks = read_marks(page.raw, number)
    finally:
        page.close()
    yield from make_grids(document.path, f"page {number}", marks)
    if marks.cut:
        text = f"Page {number} was not read whole: {marks.cut}."
        yield make_note(document.path, f"page {number}, not read", text)


def make_grids(path: str, part: str, marks: PageMarks, ending: str = "") -> Iterator[Grid]:
    """The grids of one page's marks; every part ends with `ending`."""
    tables, words = find_tables(marks)
    waiting: list[Line] = []
    lines = gather_lines([word for word in words if not word.sideways])
    lines += [line for word in words if word.sideways for line in gather_lines([word])]
    items: list[FoundTable | Line] = sorted([*tables, *lines], key=lambda item: (item.top, item.left))
    number = 0
    for item in items:
        if isinstance(item, Line):
            waiting.append(item)
            continue
        if waiting:
            yield make_text(path, f"{part}{ending}", waiting, marks.see_box)
            waiting = []
        number += 1
        yield make_table(path, f"{part}, table {number}{ending}", item.cells, marks.see_box)
    if waiting:
        yield make_text(path, f"{part}{ending}", waiting, marks.see_box)
