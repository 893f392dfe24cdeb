"""What else stands in a reply: footnote marks, hidden rows, notes and footers, none of them an answer.

The trap: a mark on a label is not a mark in a cell, and a hidden row is nobody's answer.
"""

import random
from dataclasses import replace

from answerable.surveys.simulate.blocks import Block, Paragraph, Tabular, Value
from answerable.surveys.simulate.wording import FOOTERS, Style


def add_footnote(blocks: tuple[Block, ...], style: Style, draw: random.Random) -> tuple[Block, ...]:
    """A mark on one row label of one table and its note below; never the mark that hides counts."""
    tables = [index for index, block in enumerate(blocks) if isinstance(block, Tabular)]
    if not tables or not style.footnote or style.mark == "*":
        return blocks
    place = draw.choice(tables)
    table = blocks[place]
    if not isinstance(table, Tabular):
        return blocks
    rows = list(table.rows)
    labelled = [i for i in range(table.header, len(rows)) if isinstance(rows[i][0], str) and rows[i][0]]
    if not labelled:
        return blocks
    row = draw.choice(labelled)
    rows[row] = (f"{rows[row][0]}*", *rows[row][1:])
    note = Paragraph(text="* Includes offences that were recorded late.")
    return (*blocks[:place], replace(table, rows=tuple(rows)), note, *blocks[place + 1 :])


def add_hidden_row(blocks: tuple[Block, ...], draw: random.Random) -> tuple[Block, ...]:
    """A hidden row of numbers at the end of the last table, as left behind by whoever made the sheet."""
    tables = [index for index, block in enumerate(blocks) if isinstance(block, Tabular)]
    if not tables:
        return blocks
    place = tables[-1]
    table = blocks[place]
    if not isinstance(table, Tabular):
        return blocks
    row: tuple[Value, ...] = ("check", *(draw.randrange(100) for _ in range(len(table.rows[0]) - 1)))
    hidden = replace(table, rows=(*table.rows, row), hidden_rows=(*table.hidden_rows, len(table.rows)))
    return (*blocks[:place], hidden, *blocks[place + 1 :])


def choose_footers(draw: random.Random) -> tuple[Paragraph, ...]:
    """None, one or two closing paragraphs."""
    chosen = draw.sample(FOOTERS, draw.choice((0, 1, 1, 2)))
    return tuple(Paragraph(text=text, style="footer") for text in chosen)
