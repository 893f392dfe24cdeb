"""Text -> value, bounds and status; and period labels -> the days they cover.

The second step of the line: everything that reads a cell or a number in a sentence comes here first. The trap
is that zero, blank, "-", "not held", "*" and "<5" are six different things: a mark whose meaning the text
alone does not settle comes back with `settled` False, for a key, arithmetic or a person to settle.
"""

from answerable.values.counts import Reading, parse_number_word, parse_value, strip_marks
from answerable.values.periods import Span, find_spans, parse_period_label, parse_subperiod

__all__ = [
    "Reading",
    "Span",
    "find_spans",
    "parse_number_word",
    "parse_period_label",
    "parse_subperiod",
    "parse_value",
    "strip_marks",
]
