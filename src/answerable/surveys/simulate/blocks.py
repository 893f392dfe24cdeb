"""What a letter is made of before it is written in some format: paragraphs, tables and parts (sheets).

The writers turn the same blocks into every format, so that a layout and a format can be told apart when
reading is measured. The trap: a cell that is None is empty in the file; "" would be a cell that holds text.
"""

from dataclasses import dataclass, replace
from typing import Literal

Value = str | int | None
Area = tuple[int, int, int, int]
"""A merged area: first row, first column, last row, last column, inside its table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    text: str
    style: Literal["normal", "heading", "footer", "logo"] = "normal"
    """A logo is a picture where the format has pictures, and nothing elsewhere; its text stands beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabular:
    """Rows of equal length. `header` counts the header rows; hidden rows and columns exist in sheets only."""

    rows: tuple[tuple[Value, ...], ...]
    header: int = 1
    merges: tuple[Area, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_cols: tuple[int, ...] = ()
    ruled: bool = True


Block = Paragraph | Tabular


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A sheet of a workbook; in a letter its blocks follow those of the part before it under its name."""

    blocks: tuple[Block, ...]
    name: str = ""
    hidden: bool = False


def say(*texts: str) -> tuple[Paragraph, ...]:
    """One normal paragraph a text."""
    return tuple(Paragraph(text=text) for text in texts)


def lay_out_rows(part: Part) -> tuple[tuple[Value, ...], ...]:
    """A part as the rows of a sheet: a paragraph a row, an empty row after each run of blocks."""
    rows: list[tuple[Value, ...]] = []
    for block in part.blocks:
        if isinstance(block, Paragraph):
            rows.append((block.text,))
        else:
            rows += [*block.rows, ()]
    while rows and not rows[-1]:
        rows.pop()
    return tuple(rows)


def find_tables(part: Part) -> tuple[tuple[int, Tabular], ...]:
    """Each table of a part with the sheet row it starts in, as `lay_out_rows` places it."""
    found: list[tuple[int, Tabular]] = []
    row = 0
    for block in part.blocks:
        if isinstance(block, Paragraph):
            row += 1
        else:
            found.append((row, block))
            row += len(block.rows) + 1
    return tuple(found)


def flatten(parts: tuple[Part, ...]) -> tuple[Block, ...]:
    """All blocks of all parts in order, each named part under a heading of its name."""
    blocks: list[Block] = []
    for part in parts:
        if part.hidden:
            continue
        if part.name:
            blocks.append(Paragraph(text=part.name, style="heading"))
        blocks += part.blocks
    return tuple(blocks)


def drop_logos(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts without pictures, for formats that have none."""
    return tuple(
        replace(part, blocks=tuple(b for b in part.blocks if not (isinstance(b, Paragraph) and b.style == "logo")))
        for part in parts
    )
