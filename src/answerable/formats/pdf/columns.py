"""Columns seen from where words stand: which phrases line up below one another, and what tells figures from prose.

Used where no rule was drawn between columns. The trap: a heading over several columns overlaps them all, and a
long label may reach over its neighbour; so the lines with most phrases set the columns and the rest must fit.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from answerable.formats.pdf.lines import Phrase

_MARKS = frozenset("- – — * ** ~ : .. … x nil none zero n/a n.a. n.a na n/k [c] [x] [z] [low] .".split())
_FIGURE = re.compile(r"[^A-Za-z]*\d[^A-Za-z]*|[<>≤≥]?\s*\d[\d,.]*\s*(?:k|m|bn|million|pts?)", re.IGNORECASE)


def is_figure(text: str) -> bool:
    """Whether a cell's text is a number, a range, a year, or a mark that stands where a number would."""
    return text.strip().casefold() in _MARKS or bool(_FIGURE.fullmatch(text))


def overlap(left: float, right: float, other_left: float, other_right: float) -> float:
    """Points shared by two stretches, negative for the gap between them."""
    return min(right, other_right) - max(left, other_left)


class _Column:
    __slots__ = ("left", "lines", "right")

    def __init__(self, left: float, right: float, line: int) -> None:
        self.left, self.right, self.lines = left, right, {line}

    def is_under(self, phrase: Phrase) -> bool:
        shared = overlap(self.left, self.right, phrase.left, phrase.right)
        return shared > min(2.0, 0.3 * min(self.right - self.left, phrase.right - phrase.left))

    def take(self, left: float, right: float, line: int) -> None:
        self.left, self.right = min(self.left, left), max(self.right, right)
        self.lines.add(line)


def find_columns(lines: Sequence[Sequence[Phrase]]) -> list[tuple[float, float]]:
    """Left and right of each column that the phrases of `lines` stand in, left to right."""
    columns: list[_Column] = []
    order = sorted(range(len(lines)), key=lambda k: (-len(lines[k]), k))
    for k in order:
        for phrase in lines[k]:
            under = [column for column in columns if column.is_under(phrase)]
            if not under:
                columns.append(_Column(phrase.left, phrase.right, k))
            elif len(under) == 1 and not _reaches_over(phrase, under[0], columns):
                under[0].take(phrase.left, phrase.right, k)
            elif len(under) == 1:
                under[0].lines.add(k)
    columns.sort(key=lambda column: column.left + column.right)
    return [(column.left, column.right) for column in _merge_shy(columns)]


def _reaches_over(phrase: Phrase, own: _Column, columns: Sequence[_Column]) -> bool:
    """Whether taking the phrase in would make its column touch another."""
    return any(
        column is not own and overlap(phrase.left, phrase.right, column.left, column.right) > -1.0 for column in columns
    )


def _merge_shy(columns: list[_Column]) -> list[_Column]:
    """Neighbours that never stand on one line together are one column: a heading set left over figures set right."""
    merged: list[_Column] = []
    for column in columns:
        before = merged[-1] if merged else None
        if before and not before.lines & column.lines and min(len(before.lines), len(column.lines)) <= 2:
            before.take(column.left, column.right, -1)
            before.lines |= column.lines
        else:
            merged.append(column)
    return merged


def find_borders(lines: Sequence[Sequence[Phrase]]) -> list[float]:
    """Where columns of `lines` part: the middle of the gap between each column and the next."""
    columns = find_columns(lines)
    borders = []
    for (_, right), (left, _) in pairwise(columns):
        borders.append((right + left) / 2)
    return borders
