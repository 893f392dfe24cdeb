"""Columns seen from where words stand: which phrases line up below one another, and what tells figures from prose.

Used where no rule was drawn between columns. The trap: a heading over several columns overlaps them all, and a
long label may reach over its neighbour; so figures set the columns first, lines with most phrases before others,
and the rest must fit.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from answerable.formats.pdf.boxes import Word
from answerable.formats.pdf.lines import Phrase, make_phrase, part_phrases
from answerable.values import parse_period_label

Column = tuple[float, float]
"""Left and right of what stands in a column."""

GAP = 0.75
"""Part of a line's height that is more than a space between words."""
SPACE = 0.45
"""Part of a line's height from which figures set in one run are apart."""
CLEAR = 0.1
"""Part of a line's height that is more than the next letter of a word."""
ALIGNED = 3.0
"""Points within which edges or middles are in line."""

EXACT = 1.0
"""Points within which an edge is the same."""

_MARKS = frozenset("- – — * ** ~ : .. … x nil none zero n/a n.a. n.a na n/k [c] [x] [z] [low] .".split())
_FIGURE = re.compile(r"[^A-Za-z]*\d[^A-Za-z]*|[<>≤≥]?\s*\d[\d,.]*\s*(?:k|m|bn|million|pts?)", re.IGNORECASE)


_CODE = re.compile(r"\(\d+/\d+\w?\)")
"""An official code in brackets, part of a heading."""
_YEARS = re.compile(r"(?:19|20)\d\d\s?[-/–]\s?(?:\d\d){1,2}")
_UNFINISHED = re.compile(r"(?:[-–/&(,]|\b(?:to|and|of|or|the|with|for|by|in|not|fy|year|ending))$", re.IGNORECASE)
_BAND = re.compile(
    r"(?:aged? |ages )?\d{1,3} ?(?:-|–|to|and|&|or) ?(?:\d{1,3}|under|over|above|older|younger|less|more)(?: years)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def is_figure(text: str) -> bool:
    """Whether a cell's text is a number, a range, a year, or a mark that stands where a number would."""
    return text.strip().casefold() in _MARKS or bool(_FIGURE.fullmatch(text) and not _CODE.fullmatch(text))


def is_unfinished(text: str) -> bool:
    """Whether a line ends in a word that wants another: "1 April 2021 to", "Apr 2021 -", "FY"."""
    return _UNFINISHED.search(text) is not None


def overlap(left: float, right: float, other_left: float, other_right: float) -> float:
    """Points shared by two stretches, negative for the gap between them."""
    return min(right, other_right) - max(left, other_left)


def part_figures(row: Sequence[Word], columns: Sequence[Column] = (), *, inside: bool = False) -> list[Phrase]:
    """The phrases of one line's words: figures set apart from one another, however close, and words that stand
    in line with `columns` parted between them. `inside` a table, a figure that the file sets apart from the label
    before it is apart as well."""
    phrases: list[Phrase] = []
    for phrase in part_phrases(row, GAP):
        cuts = [
            k
            for k, (before, after) in enumerate(pairwise(phrase.words), start=1)
            if _stand_apart(before, after, inside=inside)
        ]
        if not cuts or is_one_piece(phrase):
            phrases.append(phrase)
            continue
        edges = [0, *cuts, len(phrase.words)]
        phrases += [make_phrase(phrase.words[a:b]) for a, b in pairwise(edges)]
    return [part for phrase in phrases for part in _part_by_columns(phrase, columns)] if columns else phrases


def _stand_apart(before: Word, after: Word, *, inside: bool) -> bool:
    """Whether two neighbouring words are two cells: figures are, but for one number in two pieces ("29 300",
    "5 (20%)")."""
    if not is_figure(after.text):
        return False
    height = min(before.bottom - before.top, after.bottom - after.top)
    known = bool(before.run and after.run)
    if not is_figure(before.text):
        return inside and known and before.run != after.run and after.left - before.right > CLEAR * height
    if after.text.startswith("("):
        return False
    if after.left - before.right > SPACE * height:
        return True
    return before.run != after.run if known else not (len(after.text) == 3 and len(before.text) <= 3)


def _part_by_columns(phrase: Phrase, columns: Sequence[Column]) -> list[Phrase]:
    """The phrase, or a phrase for each column if its words stand in line with the columns they fall in."""
    under = [k for k, column in enumerate(columns) if overlap(phrase.left, phrase.right, *column) > 1.0]
    if not under or len(phrase.words) < 2 or is_one_piece(phrase):
        return [phrase]
    if len(under) < 2:
        return _cut_at_edges(phrase, columns) if phrase.left < columns[under[0]][0] - ALIGNED else [phrase]
    groups: list[tuple[int, list[Word]]] = []
    for word in phrase.words:
        k = max(under, key=lambda k: (overlap(word.left, word.right, *columns[k]), -k))
        if groups and groups[-1][0] == k:
            groups[-1][1].append(word)
        else:
            groups.append((k, [word]))
    parts = [(k, make_phrase(words)) for k, words in groups]
    if len(parts) < 2 or len({k for k, _ in parts}) < len(parts):
        return _cut_at_edges(phrase, columns)
    if all(a[-1].run and b[0].run and a[-1].run != b[0].run for (_, a), (_, b) in pairwise(groups)):
        return [part for _, part in parts]
    aligned = sum(is_figure(part.text) or is_aligned(part, columns[k]) for k, part in parts)
    # All in line, or all but a label at one end that reaches beyond its column.
    enough = aligned == len(parts) or (aligned >= 2 and aligned >= len(parts) - 1)
    figures = all(is_figure(part.text) for _, part in parts[1:])
    return [part for _, part in parts] if enough or (figures and aligned) else _cut_at_edges(phrase, columns)


def is_one_piece(phrase: Phrase) -> bool:
    """Whether a phrase is a period, which stands over its columns whole, or a band that the file sets in one go."""
    text = phrase.text
    if parse_period_label(text) is not None and not text.replace(" ", "").isdigit():
        return True
    runs = {word.run for word in phrase.words}
    return len(runs) == 1 and 0 not in runs and _BAND.fullmatch(text) is not None


def _cut_at_edges(phrase: Phrase, columns: Sequence[Column]) -> list[Phrase]:
    """The phrase cut where a word begins just where a column does, too exact to be chance; or where the file sets
    pieces apart and each but the first is in line with a column of its own."""
    words = phrase.words
    edges = [0, *(k for k in range(1, len(words)) if words[k].run != words[k - 1].run), len(words)]
    pieces = [make_phrase(words[a:b]) for a, b in pairwise(edges)]
    own = [{k for k, column in enumerate(columns[1:]) if is_aligned(piece, column)} for piece in pieces[1:]]
    if own and all(own) and len(set().union(*own)) >= len(own):
        return pieces
    cuts = [k for k in range(1, len(words)) if any(abs(words[k].left - left) <= EXACT for left, _ in columns[1:])]
    edges = [0, *cuts, len(words)]
    return [make_phrase(words[a:b]) for a, b in pairwise(edges)]


def place_phrase(phrase: Phrase, xs: Sequence[float], columns: Sequence[Column]) -> tuple[int, int]:
    """First and last column that a phrase stands in, by what stands in the columns if known, else by borders."""
    if columns:
        width = phrase.right - phrase.left
        under = [
            k
            for k, (left, right) in enumerate(columns)
            if overlap(phrase.left, phrase.right, left, right) > min(3.0, 0.3 * min(width, right - left))
        ]
        if under:
            return under[0], under[-1]
    # A phrase may reach a little over a border and still stand beside it.
    slack = min(0.2 * (phrase.right - phrase.left), 4.0)
    first = bisect_right(xs, phrase.left + slack) - 1
    return first, max(first, bisect_right(xs, phrase.right - slack) - 1)


def is_aligned(phrase: Phrase, column: Column) -> bool:
    """Whether a phrase shares its left edge, its right edge or its middle with a column."""
    left, right = column
    return (
        min(abs(phrase.left - left), abs(phrase.right - right), abs(phrase.left + phrase.right - left - right) / 2)
        <= ALIGNED
    )


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


def find_columns(lines: Sequence[Sequence[Phrase]]) -> list[Column]:
    """Left and right of each column that the phrases of `lines` stand in, left to right."""
    columns: list[_Column] = []
    order = sorted(range(len(lines)), key=lambda k: (-len(lines[k]), k))
    for kind in ("figure", "year", "text"):
        for k in order:
            # Years over several columns each would draw one of them out to their own width.
            if kind == "year" and 2 * sum(_find_kind(one.text) == "year" for one in lines[k]) <= len(columns):
                continue
            if len(lines[k]) > 1 or kind == "text":
                for phrase in lines[k]:
                    if _find_kind(phrase.text) == kind:
                        _place(phrase, k, columns)
    columns.sort(key=lambda column: column.left + column.right)
    return [(column.left, column.right) for column in _merge_shy(columns)]


def _find_kind(text: str) -> str:
    if not is_figure(text):
        return "text"
    return "year" if _YEARS.fullmatch(text) else "figure"


def _place(phrase: Phrase, line: int, columns: list[_Column]) -> None:
    """Put a phrase into the column it stands in, or make it one; a phrase over several is left out."""
    under = [column for column in columns if column.is_under(phrase)]
    if not under:
        columns.append(_Column(phrase.left, phrase.right, line))
    elif len(under) == 1 and not _reaches_over(phrase, under[0], columns):
        under[0].take(phrase.left, phrase.right, line)
    elif len(under) == 1:
        under[0].lines.add(line)


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


def find_borders(columns: Sequence[Column]) -> list[float]:
    """Where columns part: the middle of the gap between each and the next."""
    return [(right + left) / 2 for (_, right), (left, _) in pairwise(columns)]
