"""Delimited text -> one grid, its addresses as a spreadsheet would show them.

The trap: nothing in the file says its delimiter. Comma, semicolon, tab and bar are tried on the first lines and
the one that cuts the most lines into the same number of fields wins; a file that none cuts is one column.
"""

import csv
import io
from collections import Counter

from answerable.errors import UnreadableDocument
from answerable.formats.cells import make_text_cell, tidy_text
from answerable.formats.text import decode_text
from answerable.model import Document, Grid

DELIMITERS = ",;\t|"
_SAMPLE_LINES = 200
_FIELD_LIMIT = 10_000_000


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """One `sheet` grid of text cells, part `sheet "<file name>"`; () when every field is blank."""
    text = decode_text(data)
    cells = []
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        for row, fields in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=find_delimiter(text))):
            for col, field in enumerate(fields):
                if field and (shown := tidy_text(field)):
                    cells.append(make_text_cell(row, col, shown))
    except csv.Error as error:
        raise UnreadableDocument(
            document.path, f"cannot be read as delimited text ({error})", "Open it in a spreadsheet and save it as xlsx"
        ) from error
    if not cells:
        return ()
    return (Grid(document=document.path, part=f'sheet "{document.name}"', kind="sheet", cells=tuple(cells)),)


def find_delimiter(text: str) -> str:
    """The delimiter that most evenly cuts the first lines of some text; comma when none does."""
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue  # it cuts nothing
        try:
            widths = Counter(map(len, csv.reader(io.StringIO(sample), delimiter=delimiter)))
        except csv.Error:
            continue
        cut = {width: n for width, n in widths.items() if width > 1}
        if cut:
            width = max(cut, key=lambda width: (cut[width], width))
            score = (cut[width], width)
            if score > best_score:
                best, best_score = delimiter, score
    return best
