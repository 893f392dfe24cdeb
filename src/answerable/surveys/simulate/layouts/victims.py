"""Tables of two breakdowns at once: victims by age and sex, for three years.

One table a year, a year merged over its columns, or years and sexes in two label columns. The trap: row and
column totals are facts of the same question with one dimension summed out.
"""

import random

from answerable.surveys.simulate.blocks import Area, Block, Paragraph, Tabular, Value
from answerable.surveys.simulate.layouts.facts import Drawn, Fact, state_victims
from answerable.surveys.simulate.wording import (
    PERIOD_HEADS,
    Stated,
    Style,
    show_age,
    show_period,
    show_sex,
    state_count,
)
from answerable.surveys.simulate.world import AGES, SEXES, TOTAL, Force

Cells = dict[tuple[str, str, str], Stated]


def _state_cells(force: Force, style: Style) -> Cells:
    return {key: state_count(count, style) for key, count in force.victims.items()}


def _list_facts(cells: Cells) -> list[Fact]:
    return [state_victims(period, age, sex, stated) for (period, age, sex), stated in sorted(cells.items())]


def _sum(force: Force, period: str, age: str, sex: str) -> int:
    return sum(n for (p, a, s), n in force.victims.items() if p == period and age in (a, TOTAL) and sex in (s, TOTAL))


def draw_ages_across(force: Force, style: Style, draw: random.Random) -> Drawn:
    """A table a year: ages across, sexes down, a row of totals and sometimes a column of them."""
    cells = _state_cells(force, style)
    facts = _list_facts(cells)
    with_column = draw.random() < 0.5
    ages = {age: show_age(age, draw) for age in AGES}
    sexes = {sex: show_sex(sex, draw) for sex in SEXES}
    blocks: list[Block] = []
    for period in style.periods:
        blocks.append(Paragraph(text=show_period(period, style)))
        rows: list[tuple[Value, ...]] = [("", *ages.values(), *([style.total] if with_column else []))]
        for sex in (*SEXES, TOTAL):
            label = style.total if sex == TOTAL else sexes[sex]
            across = (*AGES, TOTAL) if with_column else AGES
            row: list[Value] = [label]
            for age in across:
                if TOTAL in (age, sex):
                    n = _sum(force, period, age, sex)
                    facts.append(state_victims(period, age, sex, Stated(text=n, value=n)))
                    row.append(n)
                else:
                    row.append(cells[period, age, sex].text)
            rows.append(tuple(row))
        blocks.append(Tabular(rows=tuple(rows)))
    return Drawn(layout="ages_across", blocks=tuple(blocks), facts=tuple(facts))


def draw_merged_years(force: Force, style: Style, draw: random.Random) -> Drawn:
    """Two header rows: each year merged over its sexes; ages down."""
    cells = _state_cells(force, style)
    sexes = {sex: show_sex(sex, draw) for sex in SEXES}
    years: list[Value] = ["Age of victim"]
    heads: list[Value] = [None]
    merges: list[Area] = [(0, 0, 1, 0)]
    for number, period in enumerate(style.periods):
        years += [show_period(period, style), *[None] * (len(SEXES) - 1)]
        heads += sexes.values()
        first = 1 + number * len(SEXES)
        merges.append((0, first, 0, first + len(SEXES) - 1))
    rows: list[tuple[Value, ...]] = [tuple(years), tuple(heads)]
    for age in AGES:
        rows.append((show_age(age, draw), *(cells[period, age, sex].text for period in style.periods for sex in SEXES)))
    table = Tabular(rows=tuple(rows), header=2, merges=tuple(merges))
    return Drawn(layout="merged_headers", blocks=(table,), facts=tuple(_list_facts(cells)))


def draw_years_and_sexes(force: Force, style: Style, draw: random.Random) -> Drawn:
    """Two label columns, the year merged downwards; ages across."""
    cells = _state_cells(force, style)
    sexes = {sex: show_sex(sex, draw) for sex in SEXES}
    rows: list[tuple[Value, ...]] = [
        (draw.choice(PERIOD_HEADS), "Sex of victim", *(show_age(age, draw) for age in AGES))
    ]
    merges: list[Area] = []
    for period in style.periods:
        first = len(rows)
        for sex in SEXES:
            label = show_period(period, style) if len(rows) == first else None
            rows.append((label, sexes[sex], *(cells[period, age, sex].text for age in AGES)))
        merges.append((first, 0, len(rows) - 1, 0))
    table = Tabular(rows=tuple(rows), merges=tuple(merges))
    return Drawn(layout="label_columns", blocks=(table,), facts=tuple(_list_facts(cells)))
