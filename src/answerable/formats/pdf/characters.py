"""The characters of a PDF page's text, made into words.

The trap: a call into PDFium for every character costs more than all else together, so a word is asked for the
box of its first and last character only, and read character by character only where that box cannot be right.
"""

import ctypes
import math
import re
from bisect import bisect_left
from itertools import groupby, pairwise
from typing import Any

import pypdfium2.raw as pdfium

from answerable.formats.pdf.boxes import Box, Frame, Word, join_words
from answerable.formats.pdf.rules import Drawing
from answerable.values import parse_period_label

MAX_CHARACTERS = 200_000
"""Characters read of one page; a page of close print has about 6,000."""

_find_object = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
"""The address of a character's piece of text; as a plain number it costs a quarter of a typed pointer."""
_find_box = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(pdfium.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
)
SPACES = re.compile(r"[^\s\x00-\x01\x03-\x1f\u00a0\u200b\ufeff\ufffe\uffff]+")


class Characters:
    """The characters of a PDFium text page, asked for one by one as they are needed."""

    def __init__(self, text_page: Any) -> None:
        self.page = text_page
        self._address = ctypes.cast(text_page, ctypes.c_void_p)
        count = max(pdfium.FPDFText_CountChars(text_page), 0)
        self.cut = f"{count - MAX_CHARACTERS} of {count} characters" if count > MAX_CHARACTERS else ""
        self.count = min(count, MAX_CHARACTERS)
        self.text = self._read_text()
        self._box = (ctypes.c_float * 4)()  # left, top, right, bottom, as FS_RECTF
        self._box_address = ctypes.addressof(self._box)

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
                votes[-self._read_quarter(i) % 4] += 1
        return max(range(4), key=lambda turn: (votes[turn], turn == rotation))

    def read_box(self, index: int) -> Box:
        """A character's box in the page's own space: left, bottom, right, top."""
        if not _find_box(self._address, index, self._box_address):
            return 0.0, 0.0, 0.0, 0.0
        left, top, right, bottom = self._box
        return left, bottom, right, top

    def read_words(self, frame: Frame) -> list[tuple[Word, int]]:
        """Every word with the index of its first character."""
        words: list[tuple[Word, int]] = []
        for match in SPACES.finditer(self.text):
            start, end = match.span()
            word = self._read_word(start, end, match.group(), frame)
            if word.sideways:
                self._add_sideways(words, word, start)
            elif _is_plausible(word) and (end - start < 2 or self._read_run(end - 1) == word.run):
                words.append((word, start))
            else:
                words += self._read_word_slowly(start, end, frame)
        return words

    def _read_word(self, start: int, end: int, text: str, frame: Frame) -> Word:
        left, top, right, bottom = frame.place(*self.read_box(start))
        # A letter's box is higher than wide unless it lies on its side.
        sideways = right - left > bottom - top and self._lies(start, frame)
        if end - start > 1:
            a, b, c, d = frame.place(*self.read_box(end - 1))
            left, right = a if a < left else left, c if c > right else right
            top, bottom = b if b < top else top, d if d > bottom else bottom
        run = self._read_run(start)
        return Word(left, top, right, bottom, text.replace("\x02", "-"), sideways, run)

    def _read_run(self, index: int) -> int:
        """A number that the characters of one piece of text share."""
        return _find_object(self._address, index) or 0

    def _lies(self, index: int, frame: Frame) -> bool:
        """Whether a character lies on its side in the frame."""
        return (self._read_quarter(index) + frame.turn) % 2 == 1

    def _read_quarter(self, index: int) -> int:
        """The quarter turns, in PDFium's sense, that a character's angle is nearest to; 0 where it has none."""
        angle = pdfium.FPDFText_GetCharAngle(self.page, index)
        return round(angle / (math.pi / 2)) if math.isfinite(angle) else 0

    def _add_sideways(self, words: list[tuple[Word, int]], word: Word, start: int) -> None:
        """Add a word that lies on its side, to the one before if it carries on the same line."""
        last = words[-1][0] if words else None
        if (
            last
            and last.sideways
            and min(last.right, word.right) - max(last.left, word.left) > 0.6 * (word.right - word.left)
        ):
            gap = max(word.top - last.bottom, last.top - word.bottom)
            if gap < word.right - word.left:
                words[-1] = (join_words(last, word, " "), words[-1][1])
                return
        words.append((word, start))

    def _read_word_slowly(self, start: int, end: int, frame: Frame) -> list[tuple[Word, int]]:
        """Words of a run whose first and last character do not bound it, split where characters part."""
        parts: list[tuple[Word, int]] = []
        for i in range(start, end):
            next_word = self._read_word(i, i + 1, self.text[i], frame)
            if parts:
                last, first = parts[-1]
                size = max(last.bottom - last.top, 1.0)
                same_line = abs(next_word.bottom - last.bottom) < size / 2
                # Cells set close together leave less than a space; letters of one word leave next to nothing.
                widest = 0.25 if next_word.run == last.run else 0.1
                if same_line and -size / 2 < next_word.left - last.right < widest * size:
                    parts[-1] = (join_words(last, next_word)._replace(run=next_word.run), first)
                    continue
            parts.append((next_word, i))
        return parts

    def split_at_rules(self, words: list[tuple[Word, int]], frame: Frame, drawing: Drawing) -> list[tuple[Word, int]]:
        """The words, each parted where a rule or the edge of a fill runs down through it."""
        rules = drawing.down
        if not rules:
            return words
        result = []
        places = [rule.at for rule in rules]
        for word, start in words:
            crossing = rules[bisect_left(places, word.left) : bisect_left(places, word.right)]
            cuts = [
                rule.at
                for rule in crossing
                if word.left + 1.5 < rule.at < word.right - 1.5 and rule.start < (word.top + word.bottom) / 2 < rule.end
            ]
            whole = word.sideways or not cuts or len(word.text) < 2 or self._reaches_over(word, start)
            result += [(word, start)] if whole else self._split(word, start, cuts, frame)
        return result

    def _reaches_over(self, word: Word, start: int) -> bool:
        """Whether a word or a year set in one piece reaches over its border: it is one cell all the same."""
        if not word.text.isalpha() and parse_period_label(word.text) is None:
            return False
        return self._read_run(start) == self._read_run(start + len(word.text) - 1)

    def _split(self, word: Word, start: int, cuts: list[float], frame: Frame) -> list[tuple[Word, int]]:
        letters = [self._read_word(i, i + 1, self.text[i], frame) for i in range(start, start + len(word.text))]
        parts: list[tuple[Word, int]] = []
        side_before = -1
        for i, (letter, middle) in enumerate(zip(letters, _find_middles(letters, len(cuts)), strict=True), start):
            side = sum(cut < middle for cut in cuts)
            if parts and side == side_before:
                parts[-1] = (join_words(parts[-1][0], letter), parts[-1][1])
            else:
                parts.append((letter, i))
            side_before = side
        return parts


def _find_middles(letters: list[Word], cuts: int) -> list[float]:
    """Where each letter stands: by its piece of text, where the file sets one for each side, for a label may reach
    a letter over its border; else by itself."""
    pieces = [list(group) for _, group in groupby(letters, key=lambda letter: letter.run)]
    if not 1 < len(pieces) <= cuts + 1:
        return [(letter.left + letter.right) / 2 for letter in letters]
    return [(piece[0].left + piece[-1].right) / 2 for piece in pieces for _ in piece]


def _is_plausible(word: Word) -> bool:
    # Upright text is at most about as wide as it is high for each character; a wider or a taller word is a run
    # that crosses a line end, stands sideways, or holds a gap that PDFium took for none.
    height = word.bottom - word.top
    length = len(word.text)
    return length == 1 or (word.right - word.left <= length * height * 1.1 and height < (word.right - word.left) * 8)


def forget_runs(words: list[Word]) -> list[Word]:
    """The words, their runs set to 0 in a file that sets each word by itself, where runs tell cells from nothing."""
    neighbours = [
        (before, after)
        for before, after in pairwise(words)
        if before.text.isalpha() and after.text.isalpha() and abs(before.bottom - after.bottom) < 1.0
    ]
    changes = sum(before.run != after.run for before, after in neighbours)
    return [word._replace(run=0) for word in words] if 4 * changes > len(neighbours) else words
