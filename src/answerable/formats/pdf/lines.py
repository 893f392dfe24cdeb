"""Words gathered into lines, and lines into phrases: runs of words with no more than a space between.

Shared by the ruled and the unruled table finder, by plain text and by scanned pages. The trap: a superscript or
a smaller font has another baseline, so words share a line when their heights overlap, not when baselines agree.
"""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from statistics import median
from typing import NamedTuple

from answerable.formats.pdf.boxes import Word

_LEFT = itemgetter(0)


class Phrase(NamedTuple):
    """Words of one line that belong together, and their box."""

    left: float
    top: float
    right: float
    bottom: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


class Line(NamedTuple):
    """Phrases side by side, left to right, and the box of them all."""

    left: float
    top: float
    right: float
    bottom: float
    phrases: tuple[Phrase, ...]

    @property
    def text(self) -> str:
        return " ".join(phrase.text for phrase in self.phrases)


def measure_box(boxes: Sequence[Word] | Sequence[Phrase] | Sequence[Line]) -> tuple[float, float, float, float]:
    """The box round all of `boxes`, which must not be empty."""
    left, top, right, bottom = boxes[0][:4]
    for box in boxes[1:]:
        next_left, next_top, next_right, next_bottom = box[:4]
        left = next_left if next_left < left else left
        top = next_top if next_top < top else top
        right = next_right if next_right > right else right
        bottom = next_bottom if next_bottom > bottom else bottom
    return left, top, right, bottom


def gather_rows(words: Iterable[Word]) -> list[list[Word]]:
    """Words by line, top to bottom, each line left to right."""
    rows: list[list[Word]] = []
    # (top, bottom) of the tallest word so far: small marks join the line they stand on, not the other way round.
    spans: list[tuple[float, float]] = []
    for word in sorted(words, key=_rank_word):
        if spans and (word.top, word.bottom) == spans[-1]:
            rows[-1].append(word)  # most words stand just as the one before
            continue
        for k in range(len(rows) - 1, max(len(rows) - 4, -1), -1):
            if _shares_line(word, *spans[k]):
                rows[k].append(word)
                if word.bottom - word.top > spans[k][1] - spans[k][0]:
                    spans[k] = (word.top, word.bottom)
                break
        else:
            rows.append([word])
            spans.append((word.top, word.bottom))
    for row in rows:
        if len(row) > 1:
            row.sort(key=_LEFT)
    if len(rows) < 2:
        return rows
    order = sorted(range(len(rows)), key=lambda k: spans[k][0] + spans[k][1])
    return [rows[k] for k in order]


def _rank_word(word: Word) -> tuple[float, float]:
    return word[1] + word[3], word[0]


def _shares_line(word: Word, top: float, bottom: float) -> bool:
    """Whether a word stands on the line from `top` to `bottom`."""
    _, own_top, _, own_bottom = word[:4]
    if own_top == top and own_bottom == bottom:
        return True
    own_height, height = own_bottom - own_top, bottom - top
    shared = (bottom if bottom < own_bottom else own_bottom) - (top if top > own_top else own_top)
    if shared <= 0.55 * (height if height < own_height else own_height):
        return False
    crossed = top < (own_top + own_bottom) / 2 < bottom and own_top < (top + bottom) / 2 < own_bottom
    return crossed or shared > 0.9 * own_height


def part_phrases(row: Sequence[Word], gap: float) -> list[Phrase]:
    """The phrases of one line's words, parted where more than `gap` of a word's height is clear."""
    if len(row) == 1:
        return [Phrase(*row[0][:4], (row[0],))]
    phrases: list[list[Word]] = []
    reach = 0.0
    for word in row:
        if phrases:
            last = phrases[-1][-1]
            if word.left - reach <= gap * min(last.bottom - last.top, word.bottom - word.top):
                phrases[-1].append(word)
                reach = max(reach, word.right)
                continue
        phrases.append([word])
        reach = word.right
    return [make_phrase(group) for group in phrases]


def make_phrase(words: Sequence[Word]) -> Phrase:
    """The phrase of some words of one line, left to right."""
    return Phrase(*measure_box(words), tuple(words))


def make_line(phrases: Sequence[Phrase]) -> Line:
    """The line of some phrases, left to right."""
    return Line(*measure_box(phrases), tuple(phrases))


def gather_lines(words: Iterable[Word], gap: float = 0.75) -> list[Line]:
    """The lines of a page or a part of it, top to bottom."""
    return [make_line(part_phrases(row, gap)) for row in gather_rows(words)]


def join_text(words: Sequence[Word]) -> str:
    """The words of a cell as a reader sees them: lines joined by a space, a broken word by nothing."""
    if len(words) == 1:
        return words[0].text
    text = ""
    for row in gather_rows(words):
        line = " ".join(word.text for word in row)
        broken = len(text) > 1 and text[-1] == "-" and text[-2].isalpha() and line[:1].islower()
        text += line if broken or not text else f" {line}"
    return text


def measure_height(words: Sequence[Word]) -> float:
    """The usual height of a line in points, 10 if there are no words."""
    return median(word.bottom - word.top for word in words) if words else 10.0
