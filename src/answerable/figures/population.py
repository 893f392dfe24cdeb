"""The population file of a survey folder -> children by authority and year, and rates among them.

There is no rate without one, and every rate carries its source, year and licence. The trap: a population of
another year is not that year's, so the year used is said in the note.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from answerable.errors import SurveyError
from answerable.figures.cells import Count
from answerable.figures.kinds import Place
from answerable.figures.make import make_figure, write_between
from answerable.model import Figure, Question, Survey
from answerable.stats import bound_count

COLUMNS = ("authority", "period", "children", "source", "year", "licence")
"""Columns of population.csv. An empty period stands for every period that has no row of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Children under 18 by authority and period. `credit` names source, year and licence for a reader."""

    children: Mapping[tuple[str, str], int] = field(default_factory=dict)
    credit: str = ""

    def find(self, authority: str, period: str) -> int | None:
        return self.children.get((authority, period), self.children.get((authority, "")))


def parse_population(text: str, where: str) -> Population:
    """The Population of a CSV; SurveyError for a missing column, a number that is not above 0, or no source."""
    rows = csv.DictReader(io.StringIO(text))
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise SurveyError(where, f"the column {missing[0]} is missing", f"Write a first line with {','.join(COLUMNS)}")
    children: dict[tuple[str, str], int] = {}
    credits: dict[str, None] = {}
    for number, row in enumerate(rows, start=2):
        place = f"{where}, line {number}"
        count = row["children"].replace(",", "").strip()
        if not count.isdigit() or int(count) == 0:
            raise SurveyError(place, f'children is "{row["children"]}"', "Write a whole number above 0")
        for column in ("source", "year", "licence"):
            if not row[column].strip():
                raise SurveyError(place, f"{column} is empty", "A rate is only printed with its source")
        children[(row["authority"].strip(), row["period"].strip())] = int(count)
        credits[f"{row['source'].strip()}, {row['year'].strip()}, {row['licence'].strip()}"] = None
    return Population(children=children, credit="children: " + "; ".join(credits))


def make_rate(survey: Survey, place: Place, question: Question, count: Count, population: Population) -> Figure | None:
    """The count per `rate_per` children with its 95% interval; None where any area in it has no population."""
    found = [population.find(name, count.period) for name in count.authorities]
    if None in found or not found:
        return None
    children = sum(value for value in found if value is not None)
    scale = survey.rate_per / children
    if count.exact is not None:
        interval = bound_count(count.exact)
        value: float | None = count.exact * scale
        low, high = interval.low * scale, None if interval.high is None else interval.high * scale
        notes: tuple[str, ...] = (population.credit,)
    else:
        value, low = None, count.between[0] * scale
        high = None if count.between[1] is None else count.between[1] * scale
        notes = (population.credit, "bounds from suppressed counts, not a confidence interval")
    return make_figure(
        survey, "rate", place, question, count.period, value=value, low=low, high=high,
        unit=f"{question.unit} per {survey.rate_per:,} children", answered=count.authorities,
        observations=count.observations, query=f"{survey.rate_per} * {write_between(count.between)} / {children}",
        notes=notes,
    )  # fmt: skip
