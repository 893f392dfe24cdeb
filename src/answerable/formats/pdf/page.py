"""One page's marks to Grids, tables and text in the order they stand in.

Shared by PDF pages and by pages read off pictures. The trap: text between two tables is what says what they
count, so order is by height on the page and a text grid never runs across a table.
"""

from collections.abc import Iterator

from answerable.formats.pdf.grids import make_note, make_table, make_text
from answerable.formats.pdf.lines import Line, gather_lines
from answerable.formats.pdf.marks import PageMarks
from answerable.formats.pdf.tables import FoundTable, find_tables
from answerable.model import Grid


def make_page(path: str, part: str, marks: PageMarks, ending: str = "") -> Iterator[Grid]:
    """The grids of one page's marks; every part ends with `ending`."""
    tables, words = find_tables(marks)
    waiting: list[Line] = []
    lines = gather_lines([word for word in words if not word.sideways])
    lines += [line for word in words if word.sideways for line in gather_lines([word])]
    items: list[FoundTable | Line] = sorted([*tables, *lines], key=lambda item: (item.top, item.left))
    number = 0
    for item in items:
        if isinstance(item, Line):
            waiting.append(item)
            continue
        if waiting:
            yield make_text(path, f"{part}{ending}", waiting, marks.see_box)
            waiting = []
        number += 1
        yield make_table(path, f"{part}, table {number}{ending}", item.cells, marks.see_box)
    if waiting:
        yield make_text(path, f"{part}{ending}", waiting, marks.see_box)
    if marks.cut:
        text = f"Page {marks.number} was not read whole: {marks.cut}."
        yield make_note(path, f"{part}, not read", text)
