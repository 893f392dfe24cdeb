"""Label and number run together ("12 to 1518") -> parted, where only one cut leaves a label of the survey.

Copying a table out of a page loses the space between its columns. The trap is a label that itself ends in a
number: the cut is made only where exactly one prefix is a category or a period, else the line stays as it is.
"""

import re
from dataclasses import replace

from answerable.lookups import Lookups
from answerable.model import Cell, Grid
from answerable.observations.folding import fold_label
from answerable.observations.labels import LabelIndex
from answerable.observations.resolving import resolve_label
from answerable.tables import is_delimited, is_text_grid
from answerable.values import parse_period_label

_VALUE = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,6}|\d-\d{1,2}|<\s?\d{1,2}|\*|~|-|\[c\]|nil")
_APART = re.compile(
    r"(?P<label>\S.*?)(?P<sign>\s*[:=]\s*|\s+[-–—]\s+|\s+)"
    r"(?P<value>\d[\d,]*|\d-\d|<\s?\d+|[*~]|\[[a-z]\]|nil|zero|none|not held|n/a)",
    re.I,
)
_ENDS = ("*", "~", "-", "]", "nil", "zero", "none", "not held", "n/a")
_GLUED = re.compile(r"[A-Za-z)]\d[\d,]*$")
_TAIL = 9
"""Characters at the end of a line that a value can take."""


def part_fused(index: LabelIndex, grid: Grid, lookups: Lookups, authority: str) -> Grid:
    """A text grid whose fused lines read "label = value"; any other grid, and any line in doubt, unchanged."""
    if not is_text_grid(grid):
        return grid
    cells = tuple(_part_cell(index, cell, lookups, authority, grid.document) for cell in grid.cells)
    return replace(grid, cells=cells) if cells != grid.cells else grid


def _part_cell(index: LabelIndex, cell: Cell, lookups: Lookups, authority: str, document: str) -> Cell:
    text = cell.text.strip()
    if not 2 < len(text) <= 120 or not (text[-1].isdigit() or text.lower().endswith(_ENDS)) or parse_period_label(text):
        return cell
    whole = not _GLUED.search(text) and _is_label(index, text, lookups, authority, document)
    if whole or fold_label(text) in index.exact:
        return cell
    if "  " in text or is_delimited(text):
        return cell  # columns set apart already
    if (apart := _APART.fullmatch(text)) and _is_label(index, apart["label"], lookups, authority, document):
        # A period and its value are a row set with spaces, which the table of all such lines takes in.
        kept = apart["sign"].strip() or parse_period_label(apart["label"])
        return cell if kept else replace(cell, text=f"{apart['label']} = {apart['value']}")
    cuts = [
        cut
        for cut in range(max(1, len(text) - _TAIL), len(text))
        if (text[cut - 1].isalnum() or text[cut - 1] in ").]'\"*")
        and not text[cut].isspace()
        and _VALUE.fullmatch(text[cut:])
        and not (len(text) - cut > 1 and text[cut] == "0")
        and _is_label(index, text[:cut], lookups, authority, document, numbered=not text[cut - 1].isdigit())
    ]
    clean = [cut for cut in cuts if not text[cut - 1].isdigit()]
    cuts = clean or cuts  # a label that ends in a letter ends there
    return replace(cell, text=f"{text[: cuts[0]]} = {text[cuts[0] :]}") if len(cuts) == 1 else cell


def _is_label(
    index: LabelIndex, text: str, lookups: Lookups, authority: str, document: str, *, numbered: bool = True
) -> bool:
    """Whether a text is wholly a category, a total or a period of the survey; a bare number is none.

    `numbered` allows a question's number in it: where a run of digits is cut, its first digit looks like one.
    """
    if text.strip().isdigit():
        return False
    resolved = resolve_label(index, text, lookups, authority, document)
    roles = {m.role for part in resolved.parts for m in part if not m.weak}
    barred = {"span"} if numbered else {"span", "question"}
    return resolved.settled and bool(roles & {"category", "total", "period"}) and not roles & barred
