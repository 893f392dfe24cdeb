"""Rows of a table that stands in a text, tab-separated or between bars -> its cells with their label and heading.

Before the grammar: a number in a table has no words beside it, only a label at the head of its row and one at the
head of its column. The trap: a column of changes or rates is not a column of counts, and a line with one tab in it
may be prose.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from answerable.claims.numbers import DIGITS

_RULE = re.compile(r"[\s|:+=-]*")
_HINT = re.compile(r"[\t|]|\S {2,}\S|\d, .*\n.*\d, ")
_CUTS = (re.compile(r"[^\t|\n]+"), re.compile(r"\S+(?: \S+)*"), re.compile(r"[^,\s](?:[^,\n]|,(?=\d{3}\b))*"))
"""Cells between tabs or bars, between two and more blanks, between commas."""
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
    if not _HINT.search(text):
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
    cut = _CUTS[0]
    if "\t" in line.strip() or "|" in line:
        cut = _CUTS[0]
    elif re.search(r"\S {2,}\S", line) and not re.search(r"[.!?] {2}", line):
        cut = _CUTS[1]
    elif line.count(", ") > 1 and not re.search(r"[.;:]\s|[a-z]{3,} [a-z]{3,} [a-z]{3,}", line):
        cut = _CUTS[2]
    elif line.strip():
        return None
    if _RULE.fullmatch(line):
        return []
    cells: list[tuple[int, int, str]] = []
    for match in cut.finditer(line.rstrip("\r\n")):
        words = match[0].strip(" *_`")
        if words:
            start = at + match.start() + match[0].index(words)
            cells.append((start, start + len(words), words))
    return cells


def _read_block(rows: list[list[tuple[int, int, str]]]) -> list[Cell]:
    """The Cells of rows that stand together; a row of heads among them begins another table."""
    heads = [at for at, row in enumerate(rows) if len(row) > 1 and not any(_is_count(words) for _, _, words in row[1:])]
    cuts = sorted({0, *heads, len(rows)})
    return [cell for start, end in pairwise(cuts) for cell in _read_table(rows[start:end])]


def _read_table(block: list[list[tuple[int, int, str]]]) -> list[Cell]:
    if len(block) < 2 or max(len(row) for row in block) < 2:
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
