"""Cells and lines made into Grids: tables with their spanning cells, text with a row a paragraph.

Last of the PDF steps, shared with scanned pages. Every Cell keeps its box on the page as a reader sees it. The
trap: prose wraps where the line is full, a list does not; so a line joins the one before only where its first
word would not have fitted there.
"""

import re
from collections.abc import Callable, Sequence

from answerable.formats.pdf.boxes import Box, Word
from answerable.formats.pdf.fit import FilledSpan
from answerable.formats.pdf.lines import Line, join_text, measure_box
from answerable.model import Cell, Grid, Merge

See = Callable[[Box], Box]

_BEGINS = re.compile(r"(?:[•●▪■□◦‣⁃*–—-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]|[Qq](?:uestion)?\s?\d)")
"""How a line begins that starts an item: a bullet, "1.", "a)", "Q2"."""


def make_table(document: str, part: str, cells: Sequence[FilledSpan], see: See) -> Grid:
    """A table grid of filled cells; `see` turns a box into the page's own as a reader sees it."""
    merges = [
        Merge(row=cell.span.row, col=cell.span.col, last_row=cell.span.last_row, last_col=cell.span.last_col)
        for cell in cells
        if cell.span.last_row > cell.span.row or cell.span.last_col > cell.span.col
    ]
    made = [_make_cell(cell.span.row, cell.span.col, cell.words, see) for cell in cells]
    return Grid(document=document, part=part, kind="table", cells=tuple(made), merges=tuple(merges))


def make_text(document: str, part: str, lines: Sequence[Line], see: See) -> Grid:
    """A text grid: one column, a row a paragraph, or a line where lines stand alone."""
    paragraphs = gather_paragraphs(lines)
    cells = [
        _make_cell(row, 0, [word for line in lines for phrase in line.phrases for word in phrase.words], see)
        for row, lines in enumerate(paragraphs)
    ]
    return Grid(document=document, part=part, kind="text", cells=tuple(cells))


def make_note(document: str, part: str, text: str, ref: str = "") -> Grid:
    """A text grid that says what of the document was not read, so that the line reports it."""
    cell = Cell(row=0, col=0, text=text, value=text, kind="text", ref=ref)
    return Grid(document=document, part=part, kind="text", cells=(cell,))


def _make_cell(row: int, col: int, words: Sequence[Word], see: See) -> Cell:
    text = join_text(words)
    ref = ",".join(str(round(number)) for number in see(measure_box(words)))
    return Cell(row=row, col=col, text=text, value=text, kind="text", ref=ref)


def gather_paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines of text grouped into paragraphs, top to bottom."""
    paragraphs: list[list[Line]] = []
    margin = max((line.right for line in lines), default=0.0)
    for line in lines:
        if paragraphs and _runs_on(paragraphs[-1][-1], line, margin):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def _runs_on(before: Line, line: Line, margin: float) -> bool:
    height = min(before.bottom - before.top, line.bottom - line.top)
    first = line.phrases[0].words[0]
    if line.top - before.bottom > 0.75 * height or abs(before.bottom - before.top - (line.bottom - line.top)) > 3.0:
        return False
    if _BEGINS.match(line.text) or len(line.phrases) > 1 or len(before.phrases) > 2:
        return False
    return before.right + 0.3 * height + (first.right - first.left) > margin - 1.0
