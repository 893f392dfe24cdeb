"""A sheet -> Blocks: runs of rows over the same columns, so that tables side by side are read one by one.

A blank column parts two tables only when labels stand right of it; one inside a table is a spacer. Blank rows
part nothing here: whether one ends a table shows in the rows after it (rows.py).
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from answerable.model import Cell, Grid
from answerable.tables.shapes import find_shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows of visible cells, left to right; a blank row is an empty tuple. `top` is the number of the first."""

    top: int
    rows: tuple[tuple[Cell, ...], ...]


def split_blocks(grid: Grid) -> tuple[Block, ...]:
    """The Blocks of a grid, top to bottom, then left to right. Hidden cells are left out."""
    rows: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        if not cell.hidden and cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    chains: list[_Chain] = []
    open_chains: list[_Chain] = []
    for band in _split_bands(rows):
        groups = _split_columns(band, grid)
        open_chains = _extend_chains(open_chains, groups, chains)
    return tuple(chain.close() for chain in sorted(chains, key=lambda chain: (chain.top, chain.first)))


class _Chain:
    """Bands that continue one another downwards; only within this module."""

    def __init__(self, rows: Sequence[Sequence[Cell]]) -> None:
        self.rows: list[Sequence[Cell]] = []
        self.top = min(row[0].row for row in rows)
        self.first, self.last = _find_reach(rows)
        self.rows += rows

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        self.rows += rows
        first, last = _find_reach(rows)
        self.first, self.last = min(self.first, first), max(self.last, last)

    def overlaps(self, other: "_Chain") -> bool:
        return self.first <= other.last and other.first <= self.last

    def close(self) -> Block:
        by_row = {row[0].row: tuple(row) for row in self.rows}
        return Block(top=self.top, rows=tuple(by_row.get(row, ()) for row in range(self.top, max(by_row) + 1)))


def _find_reach(rows: Sequence[Sequence[Cell]]) -> tuple[int, int]:
    """The first and last column of rows that go from left to right."""
    return min(row[0].col for row in rows), max(row[-1].col for row in rows)


def _split_bands(rows: dict[int, list[Cell]]) -> Iterable[list[list[Cell]]]:
    band: list[list[Cell]] = []
    before = -2
    for number in sorted(rows):
        if band and number != before + 1:
            yield band
            band = []
        band.append(sorted(rows[number], key=lambda cell: cell.col))
        before = number
    if band:
        yield band


def _split_columns(band: list[list[Cell]], grid: Grid) -> list[list[list[Cell]]]:
    """A band cut at blank columns that have labels of their own to the right."""
    wide = [row for row in band if len(row) > 1] or band
    used = {cell.col for row in wide for cell in row}
    for merge in grid.merges:
        inside = any(row[0].row == merge.row for row in wide)
        if inside and merge.last_col - merge.col < max(used, default=0) - min(used, default=0):
            used |= set(range(merge.col, merge.last_col + 1))
    cuts = [col for col in range(min(used), max(used)) if col not in used and col + 1 in used]
    cuts += [col - 1 for col in _find_repeats(wide) if col - 1 not in cuts]
    cuts = sorted(cut for cut in cuts if _starts_with_labels(band, cut))
    edges = [-1, *cuts, 1 << 30]
    groups = []
    for low, high in itertools.pairwise(edges):
        group = [part for row in band if (part := [cell for cell in row if low < cell.col <= high])]
        if group:
            groups.append(group)
    return groups


def _find_repeats(rows: list[list[Cell]]) -> list[int]:
    """Columns that hold the first one's heading and labels over again: another table begins there."""
    first = min(cell.col for row in rows for cell in row)
    columns: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        for cell in row:
            columns.setdefault(cell.col, []).append((cell.row, cell.text))
    own = columns[first]
    return [col for col, texts in columns.items() if col > first + 1 and len(own) > 2 and texts == own]


def _starts_with_labels(band: list[list[Cell]], cut: int) -> bool:
    """Whether the column right of a cut labels its rows as a table's first column does."""
    first = [cell for row in band for cell in row if cell.col == cut + 1]
    right = [cell for row in band for cell in row if cell.col > cut + 1]
    labels = sum(find_shape(cell) != "count" for cell in first)
    return len(first) >= 2 and bool(right) and labels * 2 > len(first)


def _extend_chains(before: list[_Chain], groups: list[list[list[Cell]]], chains: list[_Chain]) -> list[_Chain]:
    """Chains after one more band: a group continues the one chain it lies under, else starts its own."""
    after: list[_Chain] = []
    for group in groups:
        own = _Chain(group)
        over = [chain for chain in before if chain.overlaps(own)]
        if len(groups) == 1 and len(before) == 1:
            over = before
        if len(over) == 1 and over[0] not in after:
            over[0].add(group)
            after.append(over[0])
        else:
            chains.append(own)
            after.append(own)
    return after
