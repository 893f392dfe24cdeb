"""Statements that cannot all be true: which of the assumed ones must give way, and no more than those.

A force whose breakdown leaves out the victims of unknown age breaks one assumption; every other force's breakdown
still adds up, and somebody who attacks the survey would use it. The trap is to give up every assumption that
shares a sum with the broken one: the gate would then see less than the attacker does.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from answerable.bounds.solve import make_model
from answerable.bounds.system import SLACK, Row, System, list_rows

UP, DOWN = "+", "-"
PASSES, EASE = 4, 0.1
"""Solves in a row, each weighing a break by what it came to before: few large breaks rather than many small ones
(Candès, Wakin and Boyd, Enhancing Sparsity by Reweighted l1 Minimization, 2008)."""


def find_doubted(system: System, groups: Iterable[Collection[int]]) -> frozenset[int]:
    """The indices of the assumed statements to drop from groups that contradict themselves.

    Those that break where the counts fit everything else and as little as can be is broken (an elastic linear
    programme: Chinneck, Feasibility and Infeasibility in Optimization, 2008, chapter 6); all of a group's where
    only whole numbers contradict it, or where what contradicts is no assumption.
    """
    found: set[int] = set()
    by_index: dict[int, list[Row]] = {}
    for row in list_rows(system):
        by_index.setdefault(row.index, []).append(row)
    for group in groups:
        rows = [row for index in sorted(group) for row in by_index.get(index, ())]
        found |= _find_broken(system, rows) or {n for n in group if system.statements[n].assumed}
    return frozenset(found)


def _find_broken(system: System, group: Iterable[Row]) -> set[int]:
    import highspy
    import numpy as np

    rows: list[Row] = []
    bounds: dict[str, tuple[float, float]] = {}
    gaps: dict[str, int] = {}
    for row in group:
        terms = row.terms
        for cell, _ in terms:
            low, high = system.hidden.get(cell, (0, None))
            bounds[cell] = (float(low), np.inf if high is None else float(high))
        if system.statements[row.index].assumed:
            own = (f"{UP}{row.index}", f"{DOWN}{row.index}")
            gaps |= dict.fromkeys(own, row.index)
            bounds |= dict.fromkeys(own, (0.0, np.inf))
            terms = (*terms, (own[0], 1.0), (own[1], -1.0))
        rows.append(replace(row, terms=terms))
    names = list(bounds)
    model = make_model(rows, names, bounds, whole=False)
    broken = dict.fromkeys(gaps, 1.0)
    for _ in range(PASSES):
        costs = np.array([1.0 / (broken[name] + EASE) if name in gaps else 0.0 for name in names])
        model.changeColsCost(len(names), np.arange(len(names), dtype=np.int32), costs)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return set()
        broken = dict(zip(names, model.getSolution().col_value, strict=True))
    return {gaps[name] for name in gaps if broken[name] > SLACK}
