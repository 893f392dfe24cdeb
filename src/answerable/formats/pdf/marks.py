"""What stands on a PDF page: words, rules and filled boxes, as boxes in points from the top left, upright.

First of the PDF steps; with `characters` and `rules` it is all that knows PDFium. The trap: PDFium is not
thread-safe, so a process reads one document at a time, and a page must outlive all that was asked of it.
"""

from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from answerable.formats.pdf.boxes import Box, Frame, Word, is_finite
from answerable.formats.pdf.characters import Characters, forget_runs
from answerable.formats.pdf.rules import Drawing, read_drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMarks:
    """One page's marks. `turn` is how many quarter turns clockwise, beyond the page's own rotation, stood
    the text upright; `cut` says what was left unread, "" for nothing."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    drawing: Drawing
    turn: int = 0
    cut: str = ""

    def see_box(self, box: Box) -> Box:
        """An upright box as it lies on the page that a reader sees."""
        left, top, right, bottom = box
        if self.turn == 1:
            return top, self.width - right, bottom, self.width - left
        if self.turn == 2:
            return self.width - right, self.height - bottom, self.width - left, self.height - top
        if self.turn == 3:
            return self.height - bottom, left, self.height - top, right
        return box


def read_marks(page: Any, number: int) -> PageMarks:
    """The marks of an open PDFium page, numbered from 1."""
    text_page = pdfium.FPDFText_LoadPage(page)
    try:
        characters = Characters(text_page)
        rotation = max(pdfium.FPDFPage_GetRotation(page), 0)
        upright = characters.find_turn(rotation)
        frame = Frame(*_read_bounds(page), upright)
        words = characters.read_words(frame)
        drawing = read_drawing(page, frame.place)
        words = characters.split_at_rules(words, frame, drawing)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    width, height = frame.size
    placed = forget_runs([word for word, _ in words if is_finite(word[:4])])
    lost = f"{len(words) - len(placed)} words that have no place" if len(placed) < len(words) else ""
    visible = tuple(w for w in placed if w.right > 0 and w.bottom > 0 and w.left < width and w.top < height)
    cut = "; ".join(filter(None, (characters.cut, drawing.cut, lost)))
    return PageMarks(
        number=number,
        width=width,
        height=height,
        words=visible,
        drawing=drawing,
        turn=(upright - rotation) % 4,
        cut=cut,
    )


def _read_bounds(page: Any) -> Box:
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, box):
        return 0.0, 0.0, 612.0, 792.0
    return box.left, box.bottom, box.right, box.top
