"""Years that start in another month because a heading says so: "Tax year" over "2022/23", "Academic year" too.

Runs after titles and labels and before months are added up. The trap is the label itself, which looks like a
financial year and is compared by its days, so it must not keep the days that its heading denies.
"""

import re
from collections.abc import Iterable
from datetime import date

from answerable.model import Survey
from answerable.observations.drafts import Draft
from answerable.observations.labels import LabelIndex
from answerable.observations.resolving import is_academic, name_span
from answerable.values import Span

_HEADS: tuple[tuple[re.Pattern[str], tuple[int, int], tuple[int, int], str], ...] = (
    (re.compile(r"\btax years?\b", re.I), (4, 6), (4, 5), "tax"),
    (re.compile(r"\b(?:academic|school) years?\b", re.I), (9, 1), (8, 31), "academic"),
)
_FINANCIAL = re.compile(r"\b(?:financial|fiscal) years?\b", re.I)
_BARE = re.compile(r'"[\d\s/–-]+"')
"""A label of two years and nothing else, as evidence quotes it."""


def find_year_head(texts: Iterable[str]) -> str:
    """ "tax" or "academic" where one of the texts over a table says so and none says financial; else ""."""
    said = list(texts)
    if any(_FINANCIAL.search(text) for text in said):
        return ""
    return next((kind for text in said for pattern, _, _, kind in _HEADS if pattern.search(text)), "")


def find_usual_year(survey: Survey, lines: Iterable[str]) -> str:
    """ "academic" for a survey of academic years where the reply nowhere speaks of financial ones; else "".

    The request named the years, so a bare "2021/22" in its answer is one of them, as it is a financial year in a
    survey of those.
    """
    academic = all(is_academic(period) for period in survey.periods)
    return "academic" if academic and not any(_FINANCIAL.search(line) for line in lines) else ""


def move_year(index: LabelIndex, draft: Draft, kind: str) -> None:
    """Give a Draft whose label is two bare years the days of a tax or academic year."""
    period = draft.period
    if not kind or period is None or period.span is None or period.span.kind not in ("financial", "range"):
        return
    bare = _BARE.search(period.why)
    if bare is None or (period.span.start.month, period.span.start.day) != (4, 1):
        return
    first, last = next((start, end) for _, start, end, name in _HEADS if name == kind)
    year = period.span.start.year
    span = Span(start=date(year, *first), end=date(year + 1, *last), kind=kind)
    label = bare[0].strip('"')
    moved = name_span(index, span, f"{kind} year {label}")
    draft.evidence = [why for why in draft.evidence if why != period.why]
    draft.evidence.append(f"{moved.why}, as its heading says")
    draft.period = moved
