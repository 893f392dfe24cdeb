"""The least and the greatest that each hidden cell can be, by linear and then whole-number programming (HiGHS).

One model serves a whole group of rows: only the objective changes, so each solve starts from the last. Every
whole-number solution found is a witness for all cells at once, which spares most solves. The trap: a solver
that stops early has proved nothing, so its cell is `undecided` and the gate blocks on it. What stops it is work
counted in steps, never the clock: a busy machine must say what an idle one says.
"""

import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from answerable.bounds.system import SLACK, Row, System, list_rows, propagate_bounds, split_rows

if TYPE_CHECKING:
    import highspy
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Method = Literal["propagation", "lp", "ilp"]
STEPS = 1_000_000
"""Steps, iterations of the simplex method and one for each solve, after which what is left is undecided: some forty
times what 200 authorities with 60 categories take."""
STEPS_A_NODE = 100
"""What a node of the whole-number search is reckoned to take, since the solver is stopped by nodes there."""
PATIENCE = 4
"""Sweeps in a row that settle nothing, after which each cell left is solved by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasible:
    """What a hidden cell can be given everything. `proof` are the statements that narrow it, by index;
    `decided` is False where a solver stopped before it knew."""

    low: float
    high: float
    proof: tuple[int, ...] = ()
    decided: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The feasible range of each hidden cell, the statements of every group that contradicts itself, and the steps
    that finding them took."""

    cells: Mapping[str, Feasible]
    contradictions: tuple[tuple[int, ...], ...] = ()
    steps: int = 0


def solve_system(
    system: System,
    *,
    method: Method = "ilp",
    exact: bool = True,
    enough: float = math.inf,
    steps: int = STEPS,
) -> Solution:
    """The feasible range of every hidden cell.

    With `exact` False a cell known to be narrowed is not solved further. A cell without a declared end is not
    solved further once its range is known to be `enough` wide, and its range is then the part that is known.
    `steps` bounds the whole call; what is left then is undecided.
    """
    left = steps
    declared = {cell: (float(low), math.inf if high is None else float(high)) for cell, (low, high) in
                system.hidden.items()}  # fmt: skip
    cells = {cell: Feasible(low=low, high=high) for cell, (low, high) in declared.items()}
    contradictions = []
    for rows in split_rows(list_rows(system), system.hidden):
        names = list(dict.fromkeys(cell for row in rows for cell, _ in row.terms))
        bounds = {cell: declared.get(cell, (0.0, math.inf)) for cell in names}
        narrowed = propagate_bounds(rows, bounds)
        if narrowed is None:
            contradictions.append(tuple(row.index for row in rows))
            continue
        targets = [cell for cell in names if cell in declared]
        if method == "propagation":
            found = {cell: _read_propagated(cell, narrowed, declared, rows) for cell in targets}
        else:
            group = _Group(rows, names, declared, narrowed, left, enough)
            solved = group.solve(targets, whole=method == "ilp", exact=exact)
            left = group.left
            if solved is None:
                contradictions.append(tuple(row.index for row in rows))
                continue
            found = solved
        cells.update(found)
    return Solution(cells=cells, contradictions=tuple(contradictions), steps=steps - left)


def _read_propagated(
    cell: str,
    narrowed: Mapping[str, tuple[float, float]],
    declared: Mapping[str, tuple[float, float]],
    rows: Sequence[Row],
) -> Feasible:
    low, high = narrowed[cell]
    proof = tuple(row.index for row in rows) if (low, high) != declared[cell] else ()
    return Feasible(low=low, high=high, proof=proof)


class _Group:
    """One HiGHS model over rows that share cells, with the witnesses its solves leave behind.

    A class because the model is a handle that keeps its basis between solves.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        names: Sequence[str],
        declared: Mapping[str, tuple[float, float]],
        narrowed: Mapping[str, tuple[float, float]],
        left: int,
        enough: float,
    ) -> None:
        import numpy as np

        self.rows, self.names, self.declared, self.narrowed = rows, names, declared, narrowed
        self.place = {cell: number for number, cell in enumerate(names)}
        self.left = left
        self.ends = _list_ends(names, declared)
        widths = self.ends[1] - self.ends[0]
        self.wanted = np.where(np.isinf(widths), enough, widths)
        self.seen: tuple[Floats, Floats] | None = None
        self.model = make_model(rows, names, {cell: declared.get(cell, (0.0, math.inf)) for cell in names}, False)
        self.whole: highspy.Highs | None = None

    def solve(self, targets: Sequence[str], *, whole: bool, exact: bool) -> dict[str, Feasible] | None:
        """The range of each target; None where the rows contradict each other."""
        status = self._sweep(targets)
        if status == "infeasible":
            return None
        if whole and self.whole_is_needed() and self._optimise_whole({}) == "infeasible":
            return None
        return {cell: self._solve_cell(cell, whole=whole, exact=exact) for cell in targets}

    def whole_is_needed(self) -> bool:
        """True until some whole-number solution is known: the fractions may have one where whole numbers do not."""
        return self.seen is None

    def _sweep(self, targets: Sequence[str]) -> str:
        """Push all open cells at once to one end or the other, by lot, while that still brings new witnesses.

        A corner of the feasible set has most cells at an end, so a few dozen corners settle most cells. The lot
        is drawn from a fixed seed: the same system gives the same solution.
        """
        import numpy as np

        lot = np.random.default_rng(len(targets))
        status = self._optimise({})
        idle = 0
        while status == "optimal" and idle < PATIENCE:
            open_cells = [cell for cell in targets if not self._is_settled(cell)]
            if not open_cells:
                break
            signs = lot.choice((-1.0, 1.0), len(open_cells))
            for side in (1.0, -1.0):
                status = self._optimise(dict(zip(open_cells, (side * signs).tolist(), strict=True)))
                if status == "unbounded":
                    # Some cell has no end upwards: hold every such direction to its cost of nothing.
                    status = self._optimise(
                        {
                            cell: sign * side
                            for cell, sign in zip(open_cells, signs.tolist(), strict=True)
                            if sign * side < 0 or math.isfinite(self.declared[cell][1])
                        }
                    )
            left = sum(not self._is_settled(cell) for cell in open_cells)
            idle = idle + 1 if left == len(open_cells) else 0
        return status

    def _is_settled(self, cell: str) -> bool:
        """Whether whole-number solutions are known as far apart as is wanted."""
        place = self.place[cell]
        return self.seen is not None and bool(self.seen[1][place] - self.seen[0][place] >= self.wanted[place] - SLACK)

    def _is_seen(self, cell: str, side: int) -> bool:
        place = self.place[cell]
        return self.seen is not None and bool(self.seen[side][place] == self.ends[side][place])

    def _solve_cell(self, cell: str, *, whole: bool, exact: bool) -> Feasible:
        if self.seen is not None and self._is_settled(cell):
            low, high = (float(found[self.place[cell]]) for found in self.seen)
            return Feasible(low=low, high=high)
        ends, proof = [], set()
        decided = True
        for side, sign in ((0, -1.0), (1, 1.0)):
            if self._is_seen(cell, side):
                ends.append(self.declared[cell][side])
                continue
            end, rows, sure = self._find_end(cell, side, sign, whole=whole, exact=exact)
            ends.append(end)
            proof |= rows
            decided = decided and sure
        return Feasible(low=ends[0], high=ends[1], proof=tuple(sorted(proof)), decided=decided)

    def _find_end(self, cell: str, side: int, sign: float, *, whole: bool, exact: bool) -> tuple[float, set[int], bool]:
        """(the end, the statements that set it, whether that is proved)."""
        declared = self.declared[cell][side]
        status = self._optimise({cell: sign})
        if status == "unbounded":
            return declared, set(), True
        if status != "optimal":
            return declared, set(), False
        value = self.model.getSolution().col_value[self.place[cell]]
        end = _round_in(value, side) if whole else value
        proof = self._read_proof() if abs(end - declared) > SLACK else set()
        reached = self.seen is not None and self.seen[side][self.place[cell]] == end
        if not whole or (proof and not exact) or reached:
            return end, proof, True
        status = self._optimise_whole({cell: sign})
        if status == "unbounded":
            return declared, set(), True
        if status != "optimal" or self.whole is None:
            return end, proof, False
        end = float(round(self.whole.getSolution().col_value[self.place[cell]]))
        if abs(end - declared) > SLACK and not proof:
            # No single set of multipliers proves what only whole numbers forbid: every row may matter.
            proof = {row.index for row in self.rows}
        return end, proof, True

    def _read_proof(self) -> set[int]:
        """The rows whose multipliers are not 0: weighed by them, the statements add up to the bound."""
        import numpy as np

        duals = np.abs(np.asarray(self.model.getSolution().row_dual))
        return {self.rows[int(number)].index for number in np.flatnonzero(duals > SLACK)}

    def _optimise(self, weights: Mapping[str, float]) -> str:
        return self._run(self.model, weights)

    def _optimise_whole(self, weights: Mapping[str, float]) -> str:
        if self.whole is None:
            # Propagation and the witnesses hold for whole numbers, so the tighter bounds are safe here.
            self.whole = make_model(self.rows, self.names, self.narrowed, True)
        return self._run(self.whole, weights)

    def _run(self, model: "highspy.Highs", weights: Mapping[str, float]) -> str:
        """Maximise the weighted sum and keep a whole-number solution as witness; the status in one word."""
        import highspy
        import numpy as np

        if self.left <= 0:
            return "stopped"
        costs = np.zeros(len(self.names))
        for cell, weight in weights.items():
            costs[self.place[cell]] = -weight
        model.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        model.setOptionValue("simplex_iteration_limit", self.left)
        model.setOptionValue("mip_max_nodes", 1 + self.left // STEPS_A_NODE)
        model.run()
        self.left -= 1 + max(model.getInfo().simplex_iteration_count, 0)
        status = model.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            self._keep_witness(model.getSolution().col_value)
            return "optimal"
        words = {
            highspy.HighsModelStatus.kInfeasible: "infeasible",
            highspy.HighsModelStatus.kUnbounded: "unbounded",
            # Rows and costs are finite and some solution exists once the first solve was optimal.
            highspy.HighsModelStatus.kUnboundedOrInfeasible: "unbounded" if self.seen is not None else "stopped",
        }
        return words.get(status, "stopped")

    def _keep_witness(self, values: Sequence[float]) -> None:
        import numpy as np

        found = np.asarray(values)
        at = np.round(found)
        if (np.abs(found - at) > SLACK).any():
            return
        if self.seen is None:
            self.seen = (at, at)
        else:
            self.seen = (np.minimum(self.seen[0], at), np.maximum(self.seen[1], at))


def _list_ends(names: Sequence[str], declared: Mapping[str, tuple[float, float]]) -> tuple["Floats", "Floats"]:
    """The declared ends of each cell in the order of the model; a cell that nobody declared has none to reach."""
    import numpy as np

    nothing = (math.nan, math.nan)
    low, high = (np.array([declared.get(cell, nothing)[side] for cell in names]) for side in (0, 1))
    return low, high


def _round_in(value: float, side: int) -> float:
    return float(math.floor(value + SLACK)) if side else float(math.ceil(value - SLACK))


def open_solver() -> "highspy.Highs":
    """A solver that prints nothing. Its first one writes a banner to the process's own output before any option
    can be set, which would spoil what `--json` prints, so that output is turned away meanwhile."""
    import highspy

    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        return highspy.Highs()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def make_model(
    rows: Sequence[Row], names: Sequence[str], bounds: Mapping[str, tuple[float, float]], whole: bool
) -> "highspy.Highs":
    """A solver that holds the rows over the cells `names`, without an objective."""
    import highspy
    import numpy as np

    place = {cell: number for number, cell in enumerate(names)}
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(names), len(rows)
    lp.col_cost_ = np.zeros(len(names))
    lp.col_lower_ = np.array([bounds[cell][0] for cell in names])
    lp.col_upper_ = np.array([bounds[cell][1] for cell in names])
    lp.row_lower_ = np.array([row.low for row in rows])
    lp.row_upper_ = np.array([row.high for row in rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row.terms) for row in rows)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([place[cell] for row in rows for cell, _ in row.terms], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([c for row in rows for _, c in row.terms])
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(names)
    model = open_solver()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    if not whole:
        # A presolved model has no basis to start the next objective from.
        model.setOptionValue("presolve", "off")
        model.setOptionValue("solver", "simplex")
    model.passModel(lp)
    return model
