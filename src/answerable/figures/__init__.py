"""Observations -> Figures: totals, like-for-like changes, exact tests, ages, shares, places, coverage.

The step between what was read and what is said of it. DuckDB adds up; intervals carry suppressed counts through;
every figure holds the ids of the observations it came from. The trap: the total and the change of one survey
stand on different sets of authorities, and each says which.
"""

from answerable.figures.compute import compute_figures, compute_table_figures, sort_figures
from answerable.figures.coverage import REASONS
from answerable.figures.files import compute_file_figures, compute_record_figures
from answerable.figures.grades import CAVEAT_GRADES, Grade, grade_observation
from answerable.figures.kinds import KINDS, SMALL_BASE
from answerable.figures.population import Population, parse_population
from answerable.figures.reconcile import Official, Reconciled, parse_series, reconcile_series
from answerable.figures.rows import (
    COLUMNS,
    list_figure_rows,
    parse_figures_json,
    write_figures_csv,
    write_figures_json,
)
from answerable.figures.second import compute_second_figures

__all__ = [
    "CAVEAT_GRADES",
    "COLUMNS",
    "KINDS",
    "REASONS",
    "SMALL_BASE",
    "Grade",
    "Official",
    "Population",
    "Reconciled",
    "compute_figures",
    "compute_file_figures",
    "compute_record_figures",
    "compute_second_figures",
    "compute_table_figures",
    "grade_observation",
    "list_figure_rows",
    "parse_figures_json",
    "parse_population",
    "parse_series",
    "reconcile_series",
    "sort_figures",
    "write_figures_csv",
    "write_figures_json",
]
