"""The figures of a survey, every kind in one deterministic order.

The SQL core (`cells`) takes either observations or a table already loaded, so that a survey of millions of rows
runs the same code. The trap: figures must not depend on the order in which documents were read, so everything
is sorted by the survey's own order before a figure is made.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from answerable.figures.answers import make_answers
from answerable.figures.breakdowns import group_breakdowns, make_breakdown
from answerable.figures.cells import (
    Count,
    build_cells,
    hold_collector,
    list_answered,
    list_counts,
    load_observations,
    open_database,
)
from answerable.figures.changes import make_break, make_changes
from answerable.figures.coverage import make_coverage
from answerable.figures.hidden import make_hidden_sums
from answerable.figures.kinds import KINDS, WHOLE, Place, list_places
from answerable.figures.pairs import CountKey, Gap, Pair, find_pairs
from answerable.figures.population import Population, make_rate
from answerable.figures.references import make_references
from answerable.figures.totals import make_nonresponse, make_per_day, make_ranks, make_total
from answerable.model import Figure, Observation, Question, Reply, Survey

if TYPE_CHECKING:
    import duckdb

STANDING = frozenset({"people", "services", "percent"})
"""Units of what is there on a day and does not happen over a period, so that no daily average is made of it."""


def compute_figures(
    survey: Survey,
    replies: Iterable[Reply],
    observations: Iterable[Observation],
    *,
    population: Population | None = None,
    late: Collection[str] = (),
) -> tuple[Figure, ...]:
    """Every figure that the accepted observations bear, areas before authorities, in the survey's own order.

    What was not answered is in no figure; what was suppressed enters as bounds. `population` adds rates; `late` are
    the authorities whose time under the law was over without a reply.
    """
    replies, observations = tuple(replies), tuple(observations)
    with hold_collector(), open_database() as connection:
        load_observations(connection, survey, replies, observations)
        found = compute_table_figures(connection, survey, replies, population=population, late=late)
        found += make_answers(survey, list_places(survey), observations)
        found += make_hidden_sums(survey, list_places(survey), observations)
        return sort_figures(survey, found)


def compute_table_figures(
    connection: "duckdb.DuckDBPyConnection",
    survey: Survey,
    replies: Sequence[Reply] = (),
    *,
    population: Population | None = None,
    breakdowns: bool = True,
    late: Collection[str] = (),
) -> list[Figure]:
    """The figures of a loaded `observation` table, unsorted.

    Without `breakdowns` the categories are figures of areas only: at ten thousand authorities the category
    counts of each stay in the table `cell`, which is where three million of them belong.
    """
    places = list_places(survey)
    build_cells(connection, places)
    counts = [count for count in list_counts(connection, breakdowns=breakdowns) if count.place in places]
    answered = list_answered(connection)
    plain: dict[CountKey, Count] = {
        (count.place, count.question, count.period): count for count in counts if not count.dimensions
    }
    questions = {question.id: question for question in survey.questions}
    figures = list(_make_levels(survey, places, questions, plain, population))
    for (key, question, period, axes), group in group_breakdowns(counts).items():
        if questions[question].kind == "count":
            present = answered.get((key, question, period, axes), (key,) if not places[key].is_area else ())
            figures += make_breakdown(survey, places[key], questions[question], group, present)
    pairs = list(find_pairs(survey, places, plain))
    figures += [make_break(survey, item) for item in pairs if isinstance(item, Gap)]
    figures += make_changes(survey, [item for item in pairs if isinstance(item, Pair)], plain)
    figures += make_coverage(survey, places, replies, plain, population, late)
    figures += make_references(survey, places, figures)
    return figures


def _make_levels(
    survey: Survey,
    places: Mapping[str, Place],
    questions: Mapping[str, Question],
    plain: Mapping[CountKey, Count],
    population: Population | None,
) -> Iterator[Figure]:
    days = {period.id: period.days for period in survey.periods}
    ranked: dict[tuple[str, str], list[Count]] = {}
    for count in plain.values():
        place, question = places[count.place], questions[count.question]
        yield make_total(survey, place, question, count)
        if count.added:
            if question.unit not in STANDING:
                yield make_per_day(survey, place, question, count, days[count.period])
            if not place.is_area:
                ranked.setdefault((count.question, count.period), []).append(count)
            rate = make_rate(survey, place, question, count, population) if population else None
            if rate is not None:
                yield rate
    for (name, period), counts in ranked.items():
        yield from make_ranks(survey, places, questions[name], counts)
        whole = plain.get((WHOLE, name, period))
        bounds = make_nonresponse(survey, places[WHOLE], questions[name], whole, counts) if whole else None
        if bounds is not None:
            yield bounds


def sort_figures(survey: Survey, figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Figures by question, place, period, kind and categories, each in the survey's order; ids are unique."""
    questions = {question.id: number for number, question in enumerate(survey.questions)}
    places = {place.authority: number for number, place in enumerate(list_places(survey).values())}
    periods = {period.id: number for number, period in enumerate(survey.periods)}
    kinds = {kind: number for number, kind in enumerate(KINDS)}
    ages = {(d.id, c.code): number for d in survey.dimensions for number, c in enumerate(d.categories)}

    n_places, n_periods, n_kinds = len(places) + 1, len(periods) + 1, len(kinds)

    def find_place_in_order(figure: Figure) -> tuple[int, list[tuple[str, int, str]], str]:
        # One number for all that is counted: numbers compare faster than tuples, and there may be a million.
        rank = len(questions) if figure.kind in {"reference", "difference"} else 0
        rank = (rank + questions[figure.question]) * n_places + places.get(figure.authority, n_places - 1)
        rank = (rank * n_periods + periods.get(figure.period, -1) + 1) * n_kinds + kinds[figure.kind]
        rank = rank * n_periods + periods.get(figure.base_period or "", -1) + 1
        dimensions = figure.dimensions
        return rank, [(name, ages.get((name, code), -1), code) for name, code in dimensions], figure.id

    seen: set[str] = set()
    kept = []
    for figure in sorted(figures, key=find_place_in_order):
        if figure.id not in seen:
            seen.add(figure.id)
            kept.append(figure)
    return tuple(kept)
