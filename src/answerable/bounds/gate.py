"""The disclosure gate: would what is printed together let anybody work out a count that an authority withheld?

Solves over every observation, every figure, every published reference and every earlier edition at once, as an
attacker would. The trap is to look at one output at a time: a regional total, the other forces' counts and last
year's release may each be harmless. It fails closed: what the solver cannot decide is reported as a leak.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from answerable.bounds.relax import find_doubted
from answerable.bounds.solve import STEPS, Feasible, Solution, solve_system
from answerable.bounds.statements import (
    WITHHELD,
    Cells,
    is_withheld,
    list_cells,
    list_past,
    name_cell,
    open_ledger,
    state_edition,
    state_figure,
    state_reference,
    state_shown,
    tie_breakdowns,
)
from answerable.bounds.system import SLACK, Statement, System
from answerable.model import Figure, Finding, Observation, Survey

LEAST_WIDTH = 4
"""The width protected where an authority's mark declares no range: that of "fewer than five", 0 to 4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What was solved: the system, its solution, and for each statement the figure of today that makes it."""

    system: System
    solution: Solution
    figures: tuple[Figure | None, ...]


def find_leaks(
    survey: Survey,
    observations: Sequence[Observation],
    figures: Iterable[Figure],
    earlier: Mapping[str, Sequence[Figure]] | None = None,
    *,
    steps: int = STEPS,
) -> tuple[Finding, ...]:
    """A Finding at `error` for each withheld count whose feasible range is narrower than the one declared.

    `earlier` maps the name of a published edition to its figures. Each Finding names the outputs that together
    narrow the count and never the range itself. () at once where nothing was withheld.
    """
    cells = list_cells(observations)
    if not cells.hidden:
        return ()
    attack = solve_attack(survey, cells, tuple(figures), earlier or {}, frozenset(), steps)
    places = {name_cell(item): item for item in observations if item.status == "suppressed"}
    found = [report_leak(places[cell], attack, cell) for cell in list_narrowed(attack)]
    return tuple(found) + report_contradictions(attack)


def find_narrowed(
    survey: Survey,
    observations: Sequence[Observation],
    figures: Iterable[Figure],
    earlier: Mapping[str, Sequence[Figure]],
    *,
    steps: int = STEPS,
) -> tuple[str, ...] | None:
    """The keys of the withheld counts that can be narrowed, as `name_cell` writes them; None where the statements
    contradict each other, so that nothing is known to be safe."""
    cells = list_cells(observations)
    if not cells.hidden:
        return ()
    attack = solve_attack(survey, cells, tuple(figures), earlier, frozenset(), steps)
    # What was withheld only to protect another count need not stay wide itself.
    masked = {name_cell(item) for item in observations if item.evidence == (WITHHELD,)}
    found = tuple(cell for cell in list_narrowed(attack) if cell not in masked)
    return None if attack.solution.contradictions else found


def solve_attack(
    survey: Survey,
    cells: Cells,
    figures: Sequence[Figure],
    earlier: Mapping[str, Sequence[Figure]],
    withheld: frozenset[str],
    steps: int,
) -> Attack:
    """Everything that is printed, solved; the counts and figures whose key is in `withheld` are not printed."""
    ledger = open_ledger(survey, [*cells.hidden, *cells.known], cells.hidden)
    # What an earlier edition holds of a withheld count is a statement about it, not a way to withhold it again.
    stated: list[tuple[Statement, Figure | None]] = [(item, None) for item in tie_breakdowns(survey, cells)]
    stated += [(item, None) for item in state_shown(cells)]
    for figure in figures:
        if not is_withheld(figure, withheld):
            stated += [(item, figure) for item in state_figure(ledger, figure, "figure")]
    for name, printed in sorted(earlier.items()):
        stated += [(item, None) for item in state_edition(survey, cells, name, printed)]
    stated += [(item, None) for reference in survey.references for item in state_reference(ledger, reference)]
    known = {cell: value for cell, value in cells.known.items() if cell not in withheld}
    for name, printed in earlier.items():
        known |= list_past(cells, name, printed)
    open_items = [(item, figure) for item, figure in stated if any(cell not in known for cell, _ in item.terms)]
    system = System(hidden=cells.hidden, known=known, statements=tuple(item for item, _ in open_items))
    return _solve(system, tuple(figure for _, figure in open_items), steps)


def _solve(system: System, figures: tuple[Figure | None, ...], steps: int) -> Attack:
    """The solution, without the fewest assumptions that keep the statements from holding together."""
    solution, taken = solve_system(system, exact=False, enough=LEAST_WIDTH, steps=steps), 0
    while solution.contradictions:
        doubted = find_doubted(system, solution.contradictions)
        if not doubted:
            break
        kept = [n for n in range(len(figures)) if n not in doubted]
        system = replace(system, statements=tuple(system.statements[n] for n in kept))
        figures = tuple(figures[n] for n in kept)
        taken += solution.steps
        solution = solve_system(system, exact=False, enough=LEAST_WIDTH, steps=steps - taken)
    return Attack(system=system, solution=replace(solution, steps=solution.steps + taken), figures=figures)


def list_narrowed(attack: Attack) -> tuple[str, ...]:
    """The withheld cells that can be narrowed, or of which nothing is proved."""
    found = attack.solution.cells
    return tuple(cell for cell in attack.system.hidden if not _is_wide(attack.system.hidden[cell], found[cell]))


def _is_wide(declared: tuple[int, int | None], found: Feasible) -> bool:
    low, high = declared
    wanted = LEAST_WIDTH if high is None else high - low
    return found.decided and found.high - found.low >= wanted - SLACK


def report_leak(item: Observation, attack: Attack, cell: str) -> Finding:
    """The Finding for one narrowed cell; its range is never in the message."""
    found = attack.solution.cells[cell]
    outputs = sorted({attack.system.statements[index].label for index in found.proof})
    why = "; ".join(outputs[:6]) or "the solver stopped before it was sure"
    return Finding(
        check="disclosure",
        severity="error",
        message=f"{item.authority}, question {item.question}, {item.period}: a count that the authority withheld can "
        f"be narrowed from what would be printed together: {why}. Publish with --protect to withhold the fewest "
        "further counts, or withhold one of these yourself.",
        subject=item.authority,
        source=item.source,
    )


def report_contradictions(attack: Attack) -> tuple[Finding, ...]:
    """Statements that cannot all be true leave the gate without an answer, so they block too."""
    found = []
    for group in attack.solution.contradictions:
        labels = sorted({attack.system.statements[index].label for index in group})
        found.append(
            Finding(
                check="disclosure",
                severity="error",
                message=f"{'; '.join(labels[:6])}: these cannot all be true, so the gate cannot tell what they give "
                "away. Correct the reading, or withhold one of them.",
                subject="",
            )
        )
    return tuple(found)
