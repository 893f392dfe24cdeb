"""Suppressed counts -> the narrower range that the authority's own printed totals leave of each.

Comes before the counts are added up. A bare "*" has no upper end, so one of them would leave a national sum without
one, though the row it stands in adds up to at most its total. The trap: a table may leave categories out, so parts
are held to be at most their total and never to equal it; and what is found of one count is never printed alone, but
only in sums that hold the suppressed counts of two authorities or more.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from answerable.bounds.solve import solve_system
from answerable.bounds.statements import list_cells, name_cell, tie_breakdowns
from answerable.bounds.system import System
from answerable.figures.grades import is_same_unit
from answerable.model import Observation, Survey


def tighten_counts(survey: Survey, observations: Sequence[Observation]) -> dict[str, tuple[int, int | None]]:
    """Observation id -> the range that the totals leave, for suppressed counts where that is narrower.

    By propagation, then linear and whole-number programming. Tables whose figures contradict each other, were
    rounded, or count another unit than asked are left as they are.
    """
    questions = {question.id: question for question in survey.questions}
    used = [
        item
        for item in observations
        if item.accepted
        and item.question in questions
        and is_same_unit(questions[item.question], item.unit)
        and "rounded" not in item.caveats
    ]
    cells = list_cells(used)
    if not cells.hidden:
        return {}
    ties = tie_breakdowns(_keep_same_units(survey), cells)
    statements = tuple(replace(item, low=-inf, assumed=False) for item in ties)
    solution = solve_system(System(hidden=cells.hidden, known=cells.known, statements=statements))
    found = {}
    for item in used:
        cell = name_cell(item)
        if item.status == "suppressed" and cell in solution.cells:
            range_ = solution.cells[cell]
            high = None if range_.high == inf else int(range_.high)
            if range_.decided and (int(range_.low), high) != cells.hidden[cell]:
                found[item.id] = (int(range_.low), high)
    return found


def _keep_same_units(survey: Survey) -> Survey:
    """The survey without totals that a breakdown of another unit would answer: victims are not offences."""
    units = {question.id: question for question in survey.questions}
    questions = tuple(
        question if question.total_of is None or is_same_unit(units[question.total_of], question.unit)
        else replace(question, total_of=None)
        for question in survey.questions
    )  # fmt: skip
    return replace(survey, questions=questions)
