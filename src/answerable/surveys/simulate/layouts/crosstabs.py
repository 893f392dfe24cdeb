"""Tables of one breakdown: categories by period, either way round, with totals in any place.

Also two label columns with merged cells, one small table a category, and one sheet a year. The trap: a totals
row or column may stand first or last and be called anything, or one of its sums may be wrong.
"""

import random
from dataclasses import replace

from answerable.surveys.simulate.blocks import Area, Block, Paragraph, Tabular, Value
from answerable.surveys.simulate.layouts.facts import Breakdown, Drawn, Fact, state_total
from answerable.surveys.simulate.wording import (
    AGE_HEADS,
    OFFENCE_HEADS,
    PERIOD_HEADS,
    Stated,
    Style,
    show_age,
    show_offence,
    show_period,
    state_count,
)
from answerable.surveys.simulate.world import PERIODS


def state_cells(breakdown: Breakdown, style: Style) -> dict[tuple[str, str], Stated]:
    """(period, category) -> what its cell says."""
    return {key: state_count(count, style) for key, count in breakdown.counts.items()}


def list_facts(breakdown: Breakdown, cells: dict[tuple[str, str], Stated]) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            question=breakdown.question,
            period=period,
            dimensions=((breakdown.dimension, category),),
            stated=cells[period, category],
        )
        for period in PERIODS
        for category in breakdown.categories
    )


def show_category(breakdown: Breakdown, category: str, style: Style, draw: random.Random) -> str:
    if breakdown.dimension == "age":
        return show_age(category, draw)
    return show_offence(category, style, draw)


def choose_head(breakdown: Breakdown, draw: random.Random) -> str:
    return draw.choice(AGE_HEADS if breakdown.dimension == "age" else OFFENCE_HEADS)


def draw_years_across(breakdown: Breakdown, style: Style, draw: random.Random) -> Drawn:
    """Categories down, years across, a totals row after or before them, or none."""
    cells = state_cells(breakdown, style)
    labels = {category: show_category(breakdown, category, style, draw) for category in breakdown.categories}
    order = list(breakdown.categories)
    draw.shuffle(order)
    rows: list[tuple[Value, ...]] = [
        (labels[category], *(cells[period, category].text for period in style.periods)) for category in order
    ]
    facts = list_facts(breakdown, cells)
    place = draw.choice(("last", "last", "first", "none"))
    if place != "none":
        totals: list[int] = [breakdown.find_total(period) for period in style.periods]
        facts, totals = spoil_sum(facts, totals, style, draw)
        rows.insert(0 if place == "first" else len(rows), (style.total, *totals))
    head = (choose_head(breakdown, draw), *(show_period(period, style) for period in style.periods))
    return Drawn(layout="years_across", blocks=(Tabular(rows=(head, *rows)),), facts=facts)


def spoil_sum(
    facts: tuple[Fact, ...], totals: list[int], style: Style, draw: random.Random
) -> tuple[tuple[Fact, ...], list[int]]:
    """Total facts added; now and then the last sum is one too high, and what it sums must go to review."""
    if draw.random() > 0.04:
        return (*facts, *(state_total(period, n) for period, n in zip(style.periods, totals, strict=True))), totals
    last = style.periods[-1]
    doubted = [replace(fact, expect="review") if fact.period == last else fact for fact in facts]
    doubted += [state_total(period, n) for period, n in zip(style.periods[:-1], totals[:-1], strict=True)]
    wrong = [*totals[:-1], totals[-1] + 1]
    return (*doubted, state_total(last, wrong[-1], expect="review")), wrong


def draw_years_down(breakdown: Breakdown, style: Style, draw: random.Random) -> Drawn:
    """Years down, categories across, a totals column last or none."""
    cells = state_cells(breakdown, style)
    with_total = draw.random() < 0.6
    head: list[Value] = [draw.choice(PERIOD_HEADS)]
    head += [show_category(breakdown, category, style, draw) for category in breakdown.categories]
    head += [style.total] if with_total else []
    rows = [tuple(head)]
    for period in style.periods:
        row: list[Value] = [show_period(period, style)]
        row += [cells[period, category].text for category in breakdown.categories]
        row += [breakdown.find_total(period)] if with_total else []
        rows.append(tuple(row))
    facts = list_facts(breakdown, cells)
    if with_total:
        facts += tuple(state_total(period, breakdown.find_total(period)) for period in style.periods)
    return Drawn(layout="years_down", blocks=(Tabular(rows=tuple(rows)),), facts=facts)


def draw_label_columns(breakdown: Breakdown, style: Style, draw: random.Random) -> Drawn:
    """Two label columns, the first merged downwards over its group."""
    cells = state_cells(breakdown, style)
    rows: list[tuple[Value, ...]] = [
        ("Group", choose_head(breakdown, draw), *(show_period(p, style) for p in style.periods))
    ]
    merges: list[Area] = []
    groups = {"Obscene publications": "86", "Sexual offences": ""}
    for group, number in groups.items():
        members = [c for c in breakdown.categories if (c.partition("/")[0] == "86") == (number == "86")]
        first = len(rows)
        for category in members:
            label = show_category(breakdown, category, style, draw)
            rows.append(
                (group if len(rows) == first else None, label, *(cells[p, category].text for p in style.periods))
            )
        if len(members) > 1:
            merges.append((first, 0, len(rows) - 1, 0))
    return Drawn(
        layout="label_columns",
        blocks=(Tabular(rows=tuple(rows), merges=tuple(merges)),),
        facts=list_facts(breakdown, cells),
    )


def draw_small_tables(breakdown: Breakdown, style: Style, draw: random.Random) -> Drawn:
    """A table of its own for each category, under its name."""
    cells = state_cells(breakdown, style)
    blocks: list[Block] = []
    for category in breakdown.categories:
        blocks.append(Paragraph(text=show_category(breakdown, category, style, draw)))
        rows = [(show_period(period, style), cells[period, category].text) for period in style.periods]
        blocks.append(Tabular(rows=((draw.choice(PERIOD_HEADS), "Number"), *rows)))
    return Drawn(layout="small_tables", blocks=tuple(blocks), facts=list_facts(breakdown, cells))


def draw_sheet_a_year(breakdown: Breakdown, style: Style, draw: random.Random) -> Drawn:
    """A sheet for each year, with its categories and their total."""
    cells = state_cells(breakdown, style)
    sheets = []
    head = (choose_head(breakdown, draw), "Offences")
    for period in style.periods:
        rows: list[tuple[Value, ...]] = [
            (show_category(breakdown, category, style, draw), cells[period, category].text)
            for category in breakdown.categories
        ]
        rows.append((style.total, breakdown.find_total(period)))
        name = show_period(period, style).replace("/", "-")
        sheets.append((name, (Tabular(rows=(head, *rows)),)))
    facts = list_facts(breakdown, cells)
    facts += tuple(state_total(period, breakdown.find_total(period)) for period in style.periods)
    return Drawn(layout="sheet_a_year", sheets=tuple(sheets), facts=facts)
