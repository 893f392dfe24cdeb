"""What a cell looks like before anything is known of its meaning: a label, a count, a year or a band.

The trap is to settle one cell alone: whether "13" or "2016" is a label shows only in the run it stands in.
"""

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from answerable.model import Cell
from answerable.values import parse_period_label, parse_value

Shape = Literal["label", "count", "year", "band"]

_BAND = re.compile(
    r"(?:aged? )?(?:\d{1,3} ?(?:-|–|to|and|&) ?\d{1,3}|(?:under|over|below) \d{1,3}|\d{1,3} (?:or|and) (?:under|"
    r"less|fewer|below)|\d{2} ?\+)(?: ?(?:years?|yrs?))?",
    re.I,
)
_TWO_VALUES = re.compile(r"\d[\d,]* ?\([^)]*\)(?:.{0,5}\d[\d,]* ?\([^)]*\))*")
"""A number with words after it, or several: no count, but standing where one belongs ("92 (Qlikview) 33 (Niche)")."""
_WORDED = re.compile(r"(?!(?:nil|zero)\b)[A-Za-z /.]{3,}", re.I)
_SMALL_RANGE = re.compile(r"\d ?[-–] ?\d")
_WHOLE = re.compile(r"\d{1,4}(?:\.0)?")
_YEAR = re.compile(r"(?:19[89]\d|20[0-3]\d)(?:\.0)?")


def find_shape(cell: Cell) -> Shape:
    """The shape of one cell; `count` covers every value and status, `band` a range that may be an age band."""
    return _shape_text(cell.text) if cell.kind != "date" else "label"


@lru_cache(maxsize=65536)
def _shape_text(text: str) -> Shape:
    tidy = text.strip()
    if _YEAR.fullmatch(tidy):
        return "year"
    if _BAND.fullmatch(tidy):
        return "band"
    if _TWO_VALUES.fullmatch(tidy) and not parse_period_label(tidy):
        return "count"
    if parse_value(tidy) is not None:
        return "label" if parse_period_label(tidy) else "count"
    return "label"


def is_worded(cell: Cell) -> bool:
    """Whether a value is words that are a label as often ("Not recorded", "None"): its row says which."""
    return find_shape(cell) == "count" and _is_worded_text(cell.text)


@lru_cache(maxsize=65536)
def _is_worded_text(text: str) -> bool:
    return _WORDED.fullmatch(text.strip()) is not None


def is_small_range(cell: Cell) -> bool:
    """Whether a text is a range of small numbers, which hides a count as often as it is an age band ("1-4")."""
    return len(cell.text) >= 3 and _SMALL_RANGE.fullmatch(cell.text.strip()) is not None


def read_run(cells: Sequence[Cell]) -> list[int]:
    """The whole numbers among cells, in order."""
    return [int(float(cell.text)) for cell in cells if _WHOLE.fullmatch(cell.text.strip())]


def is_age_run(numbers: Sequence[int]) -> bool:
    """Whether numbers could be single years of age in order: each one more than the last, at least three."""
    return len(numbers) >= 3 and is_rising(numbers)


def is_rising(numbers: Sequence[int]) -> bool:
    """Whether each number, up to 120, is one more than the last."""
    return bool(numbers) and numbers[-1] <= 120 and all(b == a + 1 for a, b in itertools.pairwise(numbers))


def is_year_run(numbers: Sequence[int]) -> bool:
    """Whether numbers are years, rising or falling one by one; each may stand over several columns in turn."""
    numbers = [number for number, _ in itertools.groupby(numbers)]
    if not numbers or not all(1980 <= number <= 2039 for number in numbers):
        return False
    steps = {b - a for a, b in itertools.pairwise(numbers)}
    return steps <= {1} or steps <= {-1}
