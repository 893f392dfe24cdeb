"""What stands on a PDF page: words, rules and filled boxes, as boxes in points from the top left, upright.

First of the PDF steps; everything PDFium-specific about a page is here. PDFium is not thread-safe: one process
reads one document at a time. The trap: a call for every character costs more than all else together, so a word
is asked for the box of its first and last character only, and read character by character only where that box
cannot be right. `Word` and `Rule` are named tuples, not dataclasses: a page makes thousands of them.
"""

import ctypes
import math
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from answerable.formats.pdf.rules import Drawing, read_drawing

MAX_CHARACTERS = 200_000
"""Characters read of one page; a page of close print has about 6,000."""

SPACES = re.compile(r"[^\s\x00-\x01\x03-\x1f\u00a0\u200b\ufeff\ufffe\uffff]+")


class Word(NamedTuple):
    """Characters with no space between, its box, and where its baseline runs."""

    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    text: str


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

    def see_box(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """An upright box as it lies on the page that a reader sees."""
        left, top, right, bottom = box
        if self.turn == 1:
            return top, self.width - right, bottom, self.width - left
        if self.turn == 2:
            return self.width - right, self.height - bottom, self.width - left, self.height - top
        if self.turn == 3:
            return self.height - bottom, left, self.height - top, right
        return box


class Frame(NamedTuple):
    """How a point of the page's own space is shown: the visible box and clockwise quarter turns."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    def place(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """The box as seen: left, top, right, bottom from the top left corner."""
        if self.turn == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if self.turn == 1:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.turn == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return self.top - top, self.right - right, self.top - bottom, self.right - left

    @property
    def size(self) -> tuple[float, float]:
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if self.turn % 2 else (wide, high)


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
    visible = tuple(w for w, _ in words if w.right > 0 and w.bottom > 0 and w.left < width and w.top < height)
    cut = "; ".join(filter(None, (characters.cut, drawing.cut)))
    return PageMarks(
        number=number,
        width=width,
        height=height,
        words=visible,
        drawing=drawing,
        turn=(upright - rotation) % 4,
        cut=cut,
    )


def _read_bounds(page: Any) -> tuple[float, float, float, float]:
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, box):
        return 0.0, 0.0, 612.0, 792.0
    return box.left, box.bottom, box.right, box.top


class Characters:
    """The characters of a PDFium text page, asked for one by one as they are needed."""

    def __init__(self, text_page: Any) -> None:
        self.page = text_page
        count = max(pdfium.FPDFText_CountChars(text_page), 0)
        self.cut = f"{count - MAX_CHARACTERS} of {count} characters" if count > MAX_CHARACTERS else ""
        self.count = min(count, MAX_CHARACTERS)
        self.text = self._read_text()
        self._box = pdfium.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def _read_text(self) -> str:
        buffer = (ctypes.c_ushort * (self.count + 1))()
        written = pdfium.FPDFText_GetText(self.page, 0, self.count, buffer)
        text = bytes(buffer)[: 2 * self.count].decode("utf-16-le", "replace")
        if written == self.count + 1 and len(text) == self.count:
            return text
        # Some characters have no text, or two units of it: ask one by one so that positions agree.
        codes = (pdfium.FPDFText_GetUnicode(self.page, i) for i in range(self.count))
        return "".join(chr(c) if 0 < c < 0x110000 and not 0xD800 <= c < 0xE000 else " " for c in codes)

    def find_turn(self, rotation: int) -> int:
        """Clockwise quarter turns that stand most of the text upright; the page's own `rotation` if none has."""
        votes = [0, 0, 0, 0]
        step = max(1, self.count // 64)
        for i in range(0, self.count, step):
            if not self.text[i].isspace():
                angle = pdfium.FPDFText_GetCharAngle(self.page, i)
                votes[-round(angle / (math.pi / 2)) % 4] += 1
        return max(range(4), key=lambda turn: (votes[turn], turn == rotation))

    def read_box(self, index: int) -> tuple[float, float, float, float]:
        """A character's box in the page's own space: left, bottom, right, top."""
        box = self._box
        if not pdfium.FPDFText_GetLooseCharBox(self.page, index, box):
            return 0.0, 0.0, 0.0, 0.0
        return box.left, box.bottom, box.right, box.top

    def read_words(self, frame: Frame) -> list[tuple[Word, int]]:
        """Every word with the index of its first character."""
        words = []
        for match in SPACES.finditer(self.text):
            start, end = match.span()
            word = self._read_word(start, end, match.group(), frame)
            if _is_plausible(word):
                words.append((word, start))
            else:
                words += self._read_word_slowly(start, end, frame)
        return words

    def _read_word(self, start: int, end: int, text: str, frame: Frame) -> Word:
        left, top, right, bottom = frame.place(*self.read_box(start))
        if end - start > 1:
            a, b, c, d = frame.place(*self.read_box(end - 1))
            left, top, right, bottom = min(left, a), min(top, b), max(right, c), max(bottom, d)
        pdfium.FPDFText_GetCharOrigin(self.page, start, self._x, self._y)
        x, y = self._x.value, self._y.value
        _, baseline, _, _ = frame.place(x, y, x, y)
        return Word(left, top, right, bottom, baseline, text.replace("\x02", "-"))

    def _read_word_slowly(self, start: int, end: int, frame: Frame) -> list[tuple[Word, int]]:
        """Words of a run whose first and last character do not bound it, split where characters part."""
        parts: list[tuple[Word, int]] = []
        for i in range(start, end):
            next_word = self._read_word(i, i + 1, self.text[i], frame)
            if parts:
                last, first = parts[-1]
                size = max(last.bottom - last.top, 1.0)
                same_line = abs(next_word.baseline - last.baseline) < size / 2
                if same_line and -size / 2 < next_word.left - last.right < size / 4:
                    parts[-1] = (_join(last, next_word), first)
                    continue
            parts.append((next_word, i))
        return parts

    def split_at_rules(self, words: list[tuple[Word, int]], frame: Frame, drawing: Drawing) -> list[tuple[Word, int]]:
        """The words, each parted where a rule or the edge of a fill runs down through it."""
        rules = drawing.down
        if not rules:
            return words
        result = []
        for word, start in words:
            cuts = [
                rule.at
                for rule in rules
                if word.left + 1.5 < rule.at < word.right - 1.5 and rule.start < (word.top + word.bottom) / 2 < rule.end
            ]
            result += self._split(word, start, cuts, frame) if cuts and len(word.text) > 1 else [(word, start)]
        return result

    def _split(self, word: Word, start: int, cuts: list[float], frame: Frame) -> list[tuple[Word, int]]:
        parts: list[tuple[Word, int]] = []
        side_before = -1
        for i in range(start, start + len(word.text)):
            letter = self._read_word(i, i + 1, self.text[i], frame)
            middle = (letter.left + letter.right) / 2
            side = sum(cut < middle for cut in cuts)
            if parts and side == side_before:
                parts[-1] = (_join(parts[-1][0], letter), parts[-1][1])
            else:
                parts.append((letter, i))
            side_before = side
        return parts


def _is_plausible(word: Word) -> bool:
    # Upright text is at most about as wide as it is high for each character; a wider or a taller word is a run
    # that crosses a line end, stands sideways, or holds a gap that PDFium took for none.
    height = word.bottom - word.top
    length = len(word.text)
    return length == 1 or (word.right - word.left <= length * height * 1.1 and height < (word.right - word.left) * 8)


def _join(first: Word, second: Word) -> Word:
    return Word(
        min(first.left, second.left),
        min(first.top, second.top),
        max(first.right, second.right),
        max(first.bottom, second.bottom),
        first.baseline,
        first.text + second.text,
    )
