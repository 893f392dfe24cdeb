"""Answers to the first question: a small table, months, quarters, lines, a sentence, two systems in a cell.

The trap: a year that is not the year asked for, calendar or part, is a true number and a wrong answer; its
facts are not stated, and accepting one is a fault.
"""

import random

from answerable.surveys.simulate.blocks import Tabular, Value, say
from answerable.surveys.simulate.layouts.facts import Drawn, Fact, break_by_offence, state_total
from answerable.surveys.simulate.wording import PERIOD_HEADS, Stated, Style, show_period
from answerable.surveys.simulate.world import PERIODS, Force

MONTHS = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def find_totals(force: Force) -> dict[str, int]:
    breakdown = break_by_offence(force)
    return {period: breakdown.find_total(period) for period in PERIODS}


def show_number(count: int, style: Style) -> Value:
    return f"{count:,}" if style.commas and count > 999 else count


def draw_total_table(force: Force, style: Style, draw: random.Random) -> Drawn:
    totals = find_totals(force)
    head = (draw.choice(PERIOD_HEADS), draw.choice(("Number of offences", "Recorded offences", "Offences recorded")))
    rows = tuple((show_period(period, style), show_number(totals[period], style)) for period in style.periods)
    facts = tuple(state_total(period, totals[period]) for period in style.periods)
    return Drawn(layout="years_down", blocks=(Tabular(rows=(head, *rows)),), facts=facts)


def draw_total_lines(force: Force, style: Style, draw: random.Random) -> Drawn:
    totals = find_totals(force)
    sign = draw.choice((" - ", ": ", " = ", " \u2013 "))
    lines = say(
        *(f"{show_period(period, style)}{sign}{show_number(totals[period], style)}" for period in style.periods)
    )
    return Drawn(layout="lines", blocks=lines, facts=tuple(state_total(p, totals[p]) for p in style.periods))


def draw_total_prose(force: Force, style: Style, draw: random.Random) -> Drawn:
    """A sentence a year; small numbers are written as words."""
    totals = find_totals(force)
    form = draw.choice(
        (
            "There have been {n} offences recorded in {p}.",
            "In {p} the force recorded {n} offences.",
            "A search of the crime recording system for {p} retrieved {n} results.",
        )
    )
    words = {n: _WORDS[n] if n < len(_WORDS) else show_number(n, style) for n in totals.values()}
    lines = say(*(form.format(n=words[totals[p]], p=show_period(p, style)) for p in style.periods))
    return Drawn(layout="prose", blocks=lines, facts=tuple(state_total(p, totals[p]) for p in style.periods))


def draw_months(force: Force, style: Style, draw: random.Random) -> Drawn:
    """Years down, months across, then the year's total."""
    return _draw_parts(force, style, draw, MONTHS, "months")


def draw_quarters(force: Force, style: Style, draw: random.Random) -> Drawn:
    heads = draw.choice((("Q1", "Q2", "Q3", "Q4"), ("Apr-Jun", "Jul-Sep", "Oct-Dec", "Jan-Mar")))
    return _draw_parts(force, style, draw, heads, "quarters")


def _draw_parts(force: Force, style: Style, draw: random.Random, heads: tuple[str, ...], layout: str) -> Drawn:
    totals = find_totals(force)
    rows: list[tuple[Value, ...]] = [(draw.choice(PERIOD_HEADS), *heads, style.total)]
    for period in style.periods:
        dealt = [0] * len(heads)
        for index in draw.choices(range(len(heads)), k=totals[period]):
            dealt[index] += 1
        rows.append((show_period(period, style), *dealt, totals[period]))
    facts = tuple(state_total(period, totals[period]) for period in style.periods)
    return Drawn(layout=layout, blocks=(Tabular(rows=tuple(rows)),), facts=facts)


def draw_calendar_years(force: Force, _style: Style, draw: random.Random) -> Drawn:
    """Calendar years, though financial years were asked for: nothing that was asked is stated."""
    rows = tuple((period[:4], max(n + draw.randrange(-9, 10), 0)) for period, n in find_totals(force).items())
    return Drawn(layout="calendar_years", blocks=(Tabular(rows=(("Year", "Number of offences"), *rows)),))


def draw_tax_years(force: Force, _style: Style, draw: random.Random) -> Drawn:
    """Tax years, from 6 April, though financial years were asked for: nothing that was asked is stated."""
    rows = tuple(
        (f"6 April {period[:4]} to 5 April 20{period[5:]}", max(n + draw.randrange(-3, 4), 0))
        for period, n in find_totals(force).items()
    )
    return Drawn(layout="tax_years", blocks=(Tabular(rows=(("Period", "Number of offences"), *rows)),))


def draw_part_year(force: Force, style: Style, _draw: random.Random) -> Drawn:
    """The last year is given for nine months only, and says so."""
    totals = find_totals(force)
    *whole, last = PERIODS
    rows = [(show_period(period, style), totals[period]) for period in whole]
    rows.append((f"{show_period(last, style)} (to 31 December 20{last[2:4]})", round(totals[last] * 0.7)))
    facts = tuple(state_total(period, totals[period]) for period in whole)
    return Drawn(layout="part_year", blocks=(Tabular(rows=(("Period", "Number of offences"), *rows)),), facts=facts)


def draw_two_systems(force: Force, style: Style, draw: random.Random) -> Drawn:
    """The last year stands in two systems, one count after the other in one cell; whether to add them is not said."""
    totals = find_totals(force)
    *whole, last = PERIODS
    old = draw.randrange(totals[last] + 1)
    text = f"{old} (Qlikview) {totals[last] - old} (Niche)"
    rows = [(show_period(period, style), totals[period]) for period in whole]
    facts = [state_total(period, totals[period]) for period in whole]
    facts.append(
        Fact(
            question="offences",
            period=last,
            dimensions=(),
            stated=Stated(text=text, value=totals[last]),
            expect="review",
        )
    )
    table = Tabular(rows=(("Year", "Number of offences"), *rows, (show_period(last, style), text)))
    return Drawn(layout="two_systems", blocks=(table,), facts=tuple(facts))
