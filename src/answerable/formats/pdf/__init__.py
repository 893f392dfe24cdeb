"""PDF bytes to Grids: text and tables in the order of the pages, each cell with its box on the page.

Steps: `marks` and `rules` read what stands on a page; `ruled` and `unruled` find tables; `columns`, `rows` and
`fit` put words into cells; `grids` and `page` make Grids. A page that holds only a picture goes to
`formats.scan`. A table that goes on overleaf stays two grids here. The trap: a reply is hostile input, so pages,
characters and drawings are counted and what is beyond the limit is reported as not read, never dropped in silence.
"""

import math
from collections.abc import Iterator

import pypdfium2

from answerable.errors import UnreadableDocument
from answerable.formats.pdf.grids import make_note
from answerable.formats.pdf.marks import PageMarks, read_marks
from answerable.formats.pdf.page import make_page
from answerable.model import Document, Grid

MAX_PAGES = 400
"""Pages read of one document."""
FEW_CHARACTERS = 24
"""Characters under which a page has no text to speak of; a scanner's stamp may have some."""
MANY_SHAPES = 60
"""Curved shapes from which a page without characters may be text turned into outlines."""


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """Text and table grids of a PDF, in the order of its pages.

    A table's part is `page 2, table 1`, text's is `page 2`; `ref` is the box on the page in points, left top
    right bottom. A page that is only a picture has `, scanned` after its parts. What passes a limit, or cannot
    be read, comes as a text grid whose part ends in `not read`. Raises UnreadableDocument for a file that is
    locked, broken, without pages, or of which nothing could be read.
    """
    pdf = _open(document, data)
    try:
        count = len(pdf)
        if not count:
            raise UnreadableDocument(document.path, "it has no pages", "Ask the authority to send it again")
        grids = list(_read_pages(document, pdf, min(count, MAX_PAGES)))
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
        # PDFium keeps its last error from one document to the next, so it is believed only of a file that says
        # it is encrypted.
        if "password" in str(error).lower() and b"/Encrypt" in data:
            raise UnreadableDocument(
                document.path, "it is protected by a password", "Ask the authority for it without one"
            ) from error
        raise UnreadableDocument(
            document.path,
            "it is not a whole PDF, or has no pages",
            "Open it to see, or ask the authority to send it again",
        ) from error


def _read_pages(document: Document, pdf: pypdfium2.PdfDocument, count: int) -> Iterator[Grid]:
    """The grids of the first `count` pages. Raises UnreadableDocument where no page could be read."""
    problem: UnreadableDocument | None = None
    read_any = False
    pictures = 0
    for number in range(1, count + 1):
        try:
            page = pdf[number - 1]
        except pypdfium2.PdfiumError:
            problem = UnreadableDocument(document.path, f"page {number} is broken", "Open the document to see it")
            yield _note_problem(document, number, problem)
            continue
        try:
            marks = read_marks(page.raw, number)
            if not is_picture(marks):
                read_any = True
                yield from make_page(document.path, f"page {number}", marks)
                continue
            pictures += 1
            yield from _read_picture(document, page, number, pictures)
            read_any = True
        except UnreadableDocument as error:
            problem = error
            yield _note_problem(document, number, error)
        finally:
            page.close()
    if problem and not read_any:
        raise problem


def _note_problem(document: Document, number: int, problem: UnreadableDocument) -> Grid:
    text = f"Page {number} was not read: {problem.what}. {problem.next_step}."
    return make_note(document.path, f"page {number}, not read", text)


def is_picture(marks: PageMarks) -> bool:
    """Whether a page shows text only as a picture: next to no characters, and pictures or outlines over it."""
    if sum(len(word.text) for word in marks.words) >= FEW_CHARACTERS:
        return False
    area = sum(
        max(0.0, min(right, marks.width) - max(left, 0.0)) * max(0.0, min(bottom, marks.height) - max(top, 0.0))
        for left, top, right, bottom in marks.drawing.pictures
    )
    return area > 0.4 * marks.width * marks.height or len(marks.drawing.shapes) > MANY_SHAPES


def _read_picture(document: Document, page: pypdfium2.PdfPage, number: int, pictures: int) -> Iterator[Grid]:
    from answerable.formats.scan import DPI, MAX_PICTURES, MAX_PIXELS, read_pixels

    if pictures > MAX_PICTURES:
        raise UnreadableDocument(
            document.path, f"only {MAX_PICTURES} pages that are pictures are read", "Split the document and file both"
        )
    width, height = page.get_size()
    scale = min(DPI / 72.0, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))
    pixels = page.render(scale=scale, grayscale=True).to_numpy()
    yield from read_pixels(document, number, pixels.reshape(pixels.shape[:2]), 72.0 * scale)
