"""Grid -> Tables: rectangles of values with the rows above and the columns left that label them.

Stands between the readers of formats and the reading of labels: it sees shapes, never meanings, so a table on
any topic is found. The trap is that labels look like values and values like labels: a year or an age in a
header is not a count, and "Not recorded" down the left is a category.
"""

from answerable.model import Grid, Table
from answerable.tables.blocks import split_blocks
from answerable.tables.lines import find_line_grids, is_delimited
from answerable.tables.pages import Joined, join_tables
from answerable.tables.rows import find_block_tables

__all__ = ["Joined", "find_tables", "is_delimited", "is_text_grid", "join_tables"]


def find_tables(grid: Grid) -> tuple[Table, ...]:
    """Every table of a grid, in reading order; () where there is none.

    A text grid gives tables for delimited lines, line lists ("2020 - 175"), rows set with spaces, and tables
    flattened to one cell a line; those stand on a grid made anew whose cells keep their own `ref`.
    """
    if is_text_grid(grid):
        return tuple(table for part in find_line_grids(grid) for table in _find_in_sheet(part))
    return _find_in_sheet(grid)


def is_text_grid(grid: Grid) -> bool:
    """Whether a grid is a run of lines: one column, with no number in a cell of its own beside a label."""
    return grid.kind == "text" or all(cell.col == 0 for cell in grid.cells)


def _find_in_sheet(grid: Grid) -> tuple[Table, ...]:
    return tuple(table for block in split_blocks(grid) for table in find_block_tables(grid, block))
