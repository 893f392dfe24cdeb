"""Rows of a table that stands in a text, tab-separated or between bars -> its cells with their label and heading.

Before the grammar: a number in a table has no words beside it, only a label at the head of its row and one at the
head of its column. The trap: a column of changes or rates is not a column of counts, and a line with one tab in it
may be prose.
"""

import re
from dataclasses import dataclass

from answerable.claims.numbers import DIGITS

_RULE = re.compile(r"[\s|:+=-]*")
_CELL = re.compile(r"[^\t|\n]+")
_NUMBER = re.compile(rf"(?P<sign>[+−–-])?\s?(?P<number>{DIGITS})\s?(?P<percent>%|per\s?cent)?")
_PERIOD = re.compile(r"(?:19|20)\d\d(?:\s?[/–-]\s?\d{2,4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A number at [start, end) of the text with the words of its row's label and its column's heading."""

    start: int
    end: int
    label: str
    heading: str
    sign: int
    percent: bool


def find_cells(text: str) -> tuple[Cell, ...]:
    """Every number of the tables in a text, in order. A table is two and more lines, each cut by tabs or bars."""
    if "\t" not in text and "|" not in text:
        return ()
    found: list[Cell] = []
    block: list[list[tuple[int, int, str]]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        cells = _cut_line(line, at)
        at += len(line)
        if cells is None:
            found += _read_block(block)
            block = []
        elif cells:
            block.append(cells)
    return tuple(found + _read_block(block))


def _cut_line(line: str, at: int) -> list[tuple[int, int, str]] | None:
    """The cells of one line; none for a rule between rows, None for a line that is no row."""
    if "\t" not in line.strip() and "|" not in line:
        return None
    if _RULE.fullmatch(line):
        return []
    cells = []
    for match in _CELL.finditer(line.rstrip("\r\n")):
        words = match[0].strip(" *_`")
        if words:
            start = at + match.start() + match[0].index(words)
            cells.append((start, start + len(words), words))
    return cells


def _read_block(block: list[list[tuple[int, int, str]]]) -> list[Cell]:
    if len(block) < 2:
        return []
    head = block[0] if not any(_is_count(words) for _, _, words in block[0][1:]) else []
    widest = max(len(row) for row in block)
    found = []
    for row in block[1:] if head else block:
        for index, (start, end, words) in enumerate(row[1:], start=1):
            match = _NUMBER.fullmatch(words)
            if match is None or not _is_count(words):
                continue
            column = index + (len(head) - widest if len(head) == widest - 1 else 0)
            found.append(
                Cell(
                    start=start,
                    end=end,
                    label=row[0][2],
                    heading=head[column][2] if 0 <= column < len(head) else "",
                    sign=-1 if match["sign"] and match["sign"] != "+" else 1 if match["sign"] else 0,
                    percent=match["percent"] is not None,
                )
            )
    return found


def _is_count(words: str) -> bool:
    return _NUMBER.fullmatch(words) is not None and _PERIOD.fullmatch(words) is None
