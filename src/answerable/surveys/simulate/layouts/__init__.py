"""How an answer stands on the page: every layout that real replies were seen to use, one function each.

A layout draws what one force says in answer to one question and returns the facts it stated with it.
"""

import random
from collections.abc import Callable

from answerable.surveys.simulate.layouts.crosstabs import (
    draw_label_columns,
    draw_sheet_a_year,
    draw_small_tables,
    draw_years_across,
    draw_years_down,
)
from answerable.surveys.simulate.layouts.facts import Breakdown, Drawn, Fact, break_by_age, break_by_offence
from answerable.surveys.simulate.layouts.lists import (
    MOST_RECORDS,
    draw_cell_a_line,
    draw_fused,
    draw_lines,
    draw_records,
)
from answerable.surveys.simulate.layouts.totals import (
    draw_calendar_years,
    draw_months,
    draw_part_year,
    draw_quarters,
    draw_tax_years,
    draw_total_lines,
    draw_total_prose,
    draw_total_table,
    draw_two_systems,
    find_totals,
)
from answerable.surveys.simulate.layouts.victims import draw_ages_across, draw_merged_years, draw_years_and_sexes
from answerable.surveys.simulate.wording import Style
from answerable.surveys.simulate.world import Force

OfForce = Callable[[Force, Style, random.Random], Drawn]
OfBreakdown = Callable[[Breakdown, Style, random.Random], Drawn]

TOTAL_TABLES: tuple[OfForce, ...] = (draw_total_table, draw_total_table, draw_months, draw_quarters)
TOTAL_TEXTS: tuple[OfForce, ...] = (draw_total_lines, draw_total_prose)
TOTAL_TRAPS: tuple[OfForce, ...] = (
    draw_calendar_years,
    draw_tax_years,
    draw_part_year,
    draw_two_systems,
)
TABLES: tuple[OfBreakdown, ...] = (draw_years_across, draw_years_across, draw_years_down, draw_small_tables)
GROUPED: tuple[OfBreakdown, ...] = (draw_label_columns,)
TEXTS: tuple[OfBreakdown, ...] = (draw_lines, draw_cell_a_line, draw_fused)
VICTIM_TABLES: tuple[OfForce, ...] = (draw_ages_across, draw_merged_years, draw_years_and_sexes)

__all__ = [
    "GROUPED",
    "MOST_RECORDS",
    "TABLES",
    "TEXTS",
    "TOTAL_TABLES",
    "TOTAL_TEXTS",
    "TOTAL_TRAPS",
    "VICTIM_TABLES",
    "Drawn",
    "Fact",
    "break_by_age",
    "break_by_offence",
    "draw_records",
    "draw_sheet_a_year",
    "find_totals",
]
