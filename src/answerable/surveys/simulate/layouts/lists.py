"""Breakdowns without a table: lines, one cell a line, label and number fused, and one row a record.

The trap: in a list of records nothing is counted yet; the facts are the counts of its rows.
"""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from answerable.surveys.simulate.blocks import Block, Paragraph, Tabular, Value, say
from answerable.surveys.simulate.layouts.crosstabs import (
    choose_head,
    list_facts,
    show_category,
    state_cells,
)
from answerable.surveys.simulate.layouts.facts import Breakdown, Drawn, Fact, state_total
from answerable.surveys.simulate.wording import Stated, Style, show_offence, show_period
from answerable.surveys.simulate.world import Force

MOST_RECORDS = 160
"""No force sends a list of more records than this."""


def draw_lines(breakdown: Breakdown, style: Style, draw: random.Random) -> Drawn:
    """A year, then a line a category."""
    cells = state_cells(breakdown, style)
    sign = draw.choice((" - ", ": ", " = "))
    blocks: list[Block] = []
    for period in style.periods:
        blocks.append(Paragraph(text=show_period(period, style)))
        for category in breakdown.categories:
            said = _show_plain(cells[period, category])
            blocks += say(f"{show_category(breakdown, category, style, draw)}{sign}{said}")
    return Drawn(layout="lines", blocks=tuple(blocks), facts=list_facts(breakdown, cells))


def draw_cell_a_line(breakdown: Breakdown, style: Style, draw: random.Random) -> Drawn:
    """A table that lost its grid: every cell on a line of its own, row by row."""
    cells = state_cells(breakdown, style)
    lines: list[str] = [choose_head(breakdown, draw), *(show_period(period, style) for period in style.periods)]
    for category in breakdown.categories:
        lines.append(show_category(breakdown, category, style, draw))
        lines += [str(_show_plain(cells[period, category])) for period in style.periods]
    return Drawn(layout="cell_a_line", blocks=say(*lines), facts=list_facts(breakdown, cells))


def draw_fused(breakdown: Breakdown, style: Style, draw: random.Random) -> Drawn:
    """Label and number run into each other, as when a page's table is copied out.

    Where the label itself ends in a digit nobody can tell the two apart, so those values belong in review.
    """
    cells = state_cells(breakdown, style)
    facts = {(fact.period, fact.dimensions[0][1]): fact for fact in list_facts(breakdown, cells)}
    blocks: list[Block] = []
    for period in style.periods:
        blocks.append(Paragraph(text=show_period(period, style)))
        for category in breakdown.categories:
            label = show_category(breakdown, category, style, draw)
            blocks += say(f"{label}{_show_plain(cells[period, category])}")
            if label[-1].isdigit():
                facts[period, category] = replace(facts[period, category], expect="review")
    return Drawn(layout="fused", blocks=tuple(blocks), facts=tuple(facts.values()))


def _show_plain(stated: Stated) -> Value:
    """A cell's text where there is no cell: none is written 0, since a blank or a dash would not be seen."""
    return 0 if stated.text in (None, "-") else stated.text


def draw_records(force: Force, style: Style, draw: random.Random) -> Drawn:
    """One row an offence: a number of its own, the day it was recorded, the offence and the victim's age."""
    rows: list[tuple[Value, ...]] = []
    facts: list[Fact] = []
    for period in style.periods:
        codes = [code for (year, code), n in force.offences.items() if year == period for _ in range(n)]
        ages = [age for (year, age), n in force.ages.items() if year == period for _ in range(n)]
        draw.shuffle(ages)
        for code, age in zip(codes, ages, strict=True):
            day = date(int(period[:4]), 4, 1) + timedelta(days=draw.randrange(365))
            rows.append((day.strftime("%d/%m/%Y"), show_offence(code, style, draw), _choose_age(age, draw)))
        facts += _count_records(period, "offence", Counter(codes))
        facts += _count_records(period, "age", Counter(ages))
        facts.append(state_total(period, len(codes)))
    draw.shuffle(rows)
    table: list[tuple[Value, ...]] = [("Number", "Date recorded", "Offence", "Age of victim")]
    table += [(index, *row) for index, row in enumerate(rows, start=1)]
    return Drawn(layout="records", blocks=(Tabular(rows=tuple(table)),), facts=tuple(facts))


def _choose_age(age: str, draw: random.Random) -> Value:
    low, _, high = age.partition("-")
    return draw.randint(max(int(low), 4), int(high)) if high else "Not known"


def _count_records(period: str, dimension: str, found: Counter[str]) -> list[Fact]:
    question = "offences-by-offence" if dimension == "offence" else "offences-by-age"
    return [
        Fact(
            question=question,
            period=period,
            dimensions=((dimension, category),),
            stated=Stated(text=n, value=n),
        )
        for category, n in sorted(found.items())
    ]
