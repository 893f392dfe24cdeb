"""Secondary suppression: the fewest further counts to withhold so that no withheld one can be worked out.

Each leak comes with a proof, the printed counts it rests on, and any safe choice must withhold one of each
proof. So the smallest set that hits every proof found is withheld, everything is solved again, and proofs of
what still leaks are added until nothing does; the set is then smallest of all. The trap: what references and
earlier editions printed cannot be taken back, and a leak that rests on them alone stays an error.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from answerable.bounds.fewest import choose_fewest
from answerable.bounds.gate import Attack, list_narrowed, report_contradictions, report_leak, solve_attack
from answerable.bounds.solve import STEPS
from answerable.bounds.statements import (
    WITHHELD,
    Cells,
    is_withheld,
    list_cells,
    list_keys,
    list_ways,
    name_cell,
    open_ledger,
    state_figure,
)
from answerable.model import Bounds, Figure, Finding, Grid, Observation, Survey

MARK = "[c]"
"""What is printed where a count was withheld (Government Analysis Function: confidential)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """What may be printed: the figures left, the observations with withheld counts masked, the keys withheld
    (place|question|period|dimension=category...), and the findings: each count withheld, and what still leaks."""

    figures: tuple[Figure, ...]
    observations: tuple[Observation, ...]
    withheld: tuple[str, ...]
    findings: tuple[Finding, ...]


def protect_counts(
    survey: Survey,
    observations: Sequence[Observation],
    figures: Iterable[Figure],
    earlier: Mapping[str, Sequence[Figure]] | None = None,
    *,
    steps: int = 2 * STEPS,
) -> Protected:
    """Figures and observations with the fewest further counts withheld.

    Where the steps run out, or a leak rests on what cannot be withheld, the findings hold an error and publishing
    stays blocked.
    """
    figures, cells = tuple(figures), list_cells(observations)
    if not cells.hidden:
        return Protected(figures=figures, observations=tuple(observations), withheld=(), findings=())
    doubly, cells = {cell for cell, _, _ in cells.shown}, replace(cells, shown=())
    withheld, attack = _search(survey, cells, figures, earlier or {}, steps)
    places = {name_cell(item): item for item in observations if item.status == "suppressed"}
    left = tuple(report_leak(places[cell], attack, cell) for cell in list_narrowed(attack))
    shown = tuple(_report_withheld(key) for key in sorted(withheld))
    return Protected(
        figures=tuple(figure for figure in figures if not is_withheld(figure, withheld)),
        observations=tuple(_mask(item) if _is_masked(item, withheld, doubly) else item for item in observations),
        withheld=tuple(sorted(withheld)),
        findings=(*shown, *left, *report_contradictions(attack)),
    )


def _search(
    survey: Survey, cells: Cells, figures: Sequence[Figure], earlier: Mapping[str, Sequence[Figure]], steps: int
) -> tuple[frozenset[str], Attack]:
    """The counts to withhold and what is left to attack; a leak without a proof that could be hit stays."""
    proofs: dict[frozenset[str], None] = {}
    withheld: frozenset[str] = frozenset()
    twins = find_twins(survey, cells, figures)
    past = {key for edition in earlier.values() for figure in edition for key in list_keys(figure)}
    printed = dict.fromkeys([*cells.known, *(key for figure in figures for key in list_keys(figure))])
    while True:
        attack = solve_attack(survey, cells, figures, earlier, withheld, steps)
        steps -= attack.solution.steps
        elements = (_list_elements(attack, cell, printed, twins) for cell in list_narrowed(attack))
        found = [proof for proof in elements if proof]
        fresh = [proof for proof in found if proof not in proofs]
        if not fresh:
            return withheld, attack
        proofs |= dict.fromkeys(fresh)
        chosen = choose_fewest(list(proofs), _weigh_keys(proofs, past), steps)
        if chosen is None:
            return withheld, attack
        withheld = chosen | {key for key, own in twins.items() if own in chosen}


def find_twins(survey: Survey, cells: Cells, figures: Iterable[Figure]) -> dict[str, str]:
    """Key of an area's count -> the one cell it is the sum of: the same number twice, withheld at the cost of one."""
    ledger = open_ledger(survey, [*cells.hidden, *cells.known])
    found = {}
    for figure in figures:
        if figure.kind == "total" and (figure.authority or "region:").startswith("region:"):
            terms = [term for item in state_figure(ledger, figure, "") for term in item.terms]
            present = [cell for cell, _ in terms if cell in cells]
            if len(present) == 1:
                found[list_keys(figure)[0]] = present[0]
    return found


def _list_elements(attack: Attack, cell: str, printed: Iterable[str], twins: Mapping[str, str]) -> frozenset[str]:
    """The keys of printed counts of which one must go for a leak to close, an area's by the cell it repeats."""
    found: set[str] = set()
    for index in attack.solution.cells[cell].proof:
        figure = attack.figures[index]
        found |= list_ways(figure, printed) if figure else frozenset()
        found |= {name for name, _ in attack.system.statements[index].terms if name in attack.system.known}
    return frozenset(twins.get(key, key) for key in found) - frozenset(attack.system.hidden)


def _weigh_keys(proofs: Iterable[frozenset[str]], past: Collection[str]) -> dict[str, float]:
    """Every count costs one. Of equally many, those go first that no earlier edition printed, so that an unchanged
    survey withholds the same counts again, then categories before totals, then the first by name."""
    keys = sorted({key for proof in proofs for key in proof}, key=lambda key: (key.count("|") == 2, key))
    return {
        key: 1 + 0.003 * (key in past) + 0.001 * (key.count("|") == 2) + 1e-7 * number
        for number, key in enumerate(keys)
    }


def _is_masked(item: Observation, withheld: frozenset[str], doubly: set[str]) -> bool:
    """Withheld now, or printed in one place of a reply and withheld in another."""
    cell = name_cell(item)
    return cell in withheld or (cell in doubly and item.status != "suppressed")


def _mask(item: Observation) -> Observation:
    return replace(
        item,
        value=None,
        bounds=Bounds(low=0, high=None),
        status="suppressed",
        original_value=MARK,
        evidence=(WITHHELD,),
        source=replace(item.source, quote=MARK),
    )


def mask_grids(grids: Iterable[Grid], observations: Iterable[Observation]) -> tuple[Grid, ...]:
    """The grids with the cells of masked observations masked, since pages show the table around a number."""
    places: dict[tuple[str, str], set[str]] = {}
    for item in observations:
        if item.original_value == MARK and item.evidence == (WITHHELD,):
            places.setdefault((item.source.document, item.source.part), set()).add(item.source.ref)
    return tuple(
        replace(
            grid,
            cells=tuple(
                replace(cell, text=MARK, value=MARK, kind="text") if cell.ref in refs else cell for cell in grid.cells
            ),
        )
        if (refs := places.get((grid.document, grid.part)))
        else grid
        for grid in grids
    )


def _report_withheld(key: str) -> Finding:
    place, question, period, *dims = key.split("|")
    category = f", {', '.join(dims)}" if dims else ""
    where = "the whole area" if place == "*" else place
    return Finding(
        check="withheld",
        severity="info",
        message=f"{where}, question {question}, {period}{category}: this count is withheld with every figure that "
        "shows it, because with it a suppressed count could be worked out. Nothing needs doing.",
        subject="" if place == "*" or place.startswith("region:") else place,
    )
