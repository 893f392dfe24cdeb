"""The tables of one page: those drawn with rules first, then those that only lines of words show.

Takes a page's marks and gives tables and the words left over for text. The trap: charts, boxes round text and
forms draw lattices too; one is a table only if words fill it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from answerable.formats.pdf.boxes import Box, Word
from answerable.formats.pdf.charts import covers, find_charts
from answerable.formats.pdf.fit import FilledSpan, fit_words
from answerable.formats.pdf.lines import measure_height
from answerable.formats.pdf.marks import PageMarks
from answerable.formats.pdf.ruled import Lattice, find_lattices
from answerable.formats.pdf.unruled import find_regions

MANY = 12
"""Squares from which a lattice that is no table is taken for a drawing."""


class FoundTable(NamedTuple):
    """A table's place on the page and its cells."""

    left: float
    top: float
    right: float
    bottom: float
    cells: tuple[FilledSpan, ...]


def find_tables(marks: PageMarks) -> tuple[list[FoundTable], list[Word]]:
    """The tables of a page, and the words that stand in none."""
    tables: list[FoundTable] = []
    words = list(marks.words)
    lattices = find_lattices(marks.drawing)
    drawings: list[Box] = []
    for lattice in lattices:
        if any(_is_within(other.box, lattice.box) for other in lattices if other is not lattice):
            # A frame round a table or a chart: what is inside is looked at for itself.
            continue
        inside, outside = part_words(words, lattice.box)
        cells = fit_words(lattice, inside)
        if is_table(lattice, cells):
            tables.append(FoundTable(*lattice.box, tuple(cells)))
            words = outside
        elif len(lattice.spans) >= MANY:
            drawings.append(lattice.box)
    charts = find_charts(marks.drawing, drawings, [table[:4] for table in tables])
    upright = [word for word in words if not word.sideways]
    for lattice in find_regions(upright, marks.drawing, [table[:4] for table in tables]):
        if any(covers(chart, lattice.box) for chart in charts):
            continue
        inside, outside = part_words(words, lattice.box)
        cells = fit_words(lattice, inside)
        if len({cell.span.col for cell in cells}) > 1 and len({cell.span.row for cell in cells}) > 1:
            tables.append(FoundTable(*lattice.box, tuple(cells)))
            words = outside
    return tables, words


def _is_within(inner: Box, outer: Box) -> bool:
    return outer[0] < inner[0] and outer[1] < inner[1] and inner[2] < outer[2] and inner[3] < outer[3]


def part_words(words: Sequence[Word], box: Box) -> tuple[list[Word], list[Word]]:
    """The words whose middle stands in the box, and the rest."""
    left, top, right, bottom = box
    inside: list[Word] = []
    outside: list[Word] = []
    for word in words:
        within = left <= (word.left + word.right) / 2 <= right and top <= (word.top + word.bottom) / 2 <= bottom
        (inside if within else outside).append(word)
    return inside, outside


def is_table(lattice: Lattice, cells: Sequence[FilledSpan]) -> bool:
    """Whether the words in a drawn lattice make it a table and not a chart, a form's frame or a text box."""
    if len({cell.span.col for cell in cells}) < 2:
        return False
    squares = len(lattice.spans)
    if len(cells) < 0.2 * squares:
        return False
    height = measure_height([word for cell in cells for word in cell.words])
    low = sum(lattice.ys[span.last_row + 1] - lattice.ys[span.row] < 0.6 * height for span in lattice.spans)
    return low < 0.5 * squares
