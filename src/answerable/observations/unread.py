"""Every non-empty cell of a reply is accounted for: its fate, and a Finding for each that has none.

The trap is a cell that nobody looked at. Fates are recorded where cells are read; whatever carries a value or
a number and has no fate at the end is reported here, never dropped.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from answerable.model import Cell, Finding, Grid, Source
from answerable.tables.shapes import find_shape

Fate = Literal["value", "header", "note", "ignored", "derived", "hidden", "unread"]
Place = tuple[str, str, str]
"""A cell's address: document, part, ref."""

_NAMED = 12


def find_unread(
    grids: Sequence[Grid], fates: Mapping[Place, str], subject: str
) -> tuple[dict[tuple[str, str, str, int, int], Fate], tuple[Finding, ...]]:
    """(fate of every non-empty cell by document, part, ref, row and column; Findings for those left over).

    Total by construction: a cell without a recorded fate is a note when it is text and `unread` otherwise.
    """
    account: dict[tuple[str, str, str, int, int], Fate] = {}
    findings: list[Finding] = []
    for grid in grids:
        left: list[Cell] = []
        hidden: list[Cell] = []
        for cell in grid.cells:
            if not cell.text.strip():
                continue
            fate = _find_fate(grid, cell, fates)
            account[grid.document, grid.part, cell.ref, cell.row, cell.col] = fate
            if fate == "unread":
                left.append(cell)
            elif fate == "hidden":
                hidden.append(cell)
        if left:
            findings.append(
                _report(grid, left, "unread-cell", "could not be read as a value, a label or a note", subject)
            )
        if hidden:
            findings.append(
                _report(grid, hidden, "hidden-cell", "are hidden in the document and were not read", subject)
            )
    return account, tuple(findings)


def _find_fate(grid: Grid, cell: Cell, fates: Mapping[Place, str]) -> Fate:
    recorded = fates.get((grid.document, grid.part, cell.ref))
    if cell.hidden:
        return "hidden"
    if recorded is not None:
        return recorded  # type: ignore[return-value]
    if grid.kind != "text" and find_shape(cell) == "count" and re.search(r"\d", cell.text):
        return "unread"
    return "note"


def _report(grid: Grid, cells: Sequence[Cell], check: str, what: str, subject: str) -> Finding:
    shown = ", ".join(f'{cell.ref} "{cell.text[:40]}"' for cell in cells[:_NAMED])
    more = f" and {len(cells) - _NAMED} more" if len(cells) > _NAMED else ""
    first = cells[0]
    return Finding(
        check=check,
        severity="warning",
        message=f"{grid.document}, {grid.part}: {len(cells)} cells {what}: {shown}{more}. "
        "Patch their labels in lookups.toml, or say there that they carry nothing asked for.",
        subject=subject,
        source=Source(document=grid.document, part=grid.part, ref=first.ref, quote=first.text),
    )
