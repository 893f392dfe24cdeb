"""Suppressed counts as intervals: arithmetic on them, tightening, and the disclosure gate.

Stands between the statistics and the figures: figures are computed from intervals, and nothing is published
before the gate has solved everything that would be printed together. The trap: what tightens a bound for us
tightens it for an attacker, so a tightened bound of a single suppressed cell is never printed.
"""

from answerable.bounds.gate import find_leaks, find_narrowed
from answerable.bounds.intervals import (
    Between,
    Span,
    add_intervals,
    change_intervals,
    divide_intervals,
    find_largest,
    rank_intervals,
    share_intervals,
    subtract_intervals,
)
from answerable.bounds.protect import Protected, mask_grids, protect_counts
from answerable.bounds.statements import name_cell

__all__ = [
    "Between",
    "Protected",
    "Span",
    "add_intervals",
    "change_intervals",
    "divide_intervals",
    "find_largest",
    "find_leaks",
    "find_narrowed",
    "mask_grids",
    "name_cell",
    "protect_counts",
    "rank_intervals",
    "share_intervals",
    "subtract_intervals",
]
