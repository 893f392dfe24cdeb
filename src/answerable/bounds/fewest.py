"""The cheapest set that takes at least one element from each of many sets, by whole-number programming (HiGHS).

Secondary suppression asks it which printed counts to withhold. The trap: a set chosen when its steps ran out may not
be the smallest, or hit everything, so there is an answer only when the solver has proved it.
"""

from collections.abc import Mapping, Sequence


def choose_fewest(groups: Sequence[frozenset[str]], costs: Mapping[str, float], steps: int) -> frozenset[str] | None:
    """The cheapest elements that hit every group; None where the solver did not finish in `steps`,
    counted as `solve_system` counts them."""
    import highspy
    import numpy as np

    from answerable.bounds.solve import STEPS_A_NODE, open_solver

    if steps <= 0:
        return None
    names = sorted(costs)
    place = {name: number for number, name in enumerate(names)}
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(names), len(groups)
    lp.col_cost_ = np.array([costs[name] for name in names])
    lp.col_lower_, lp.col_upper_ = np.zeros(len(names)), np.ones(len(names))
    lp.row_lower_, lp.row_upper_ = np.ones(len(groups)), np.full(len(groups), np.inf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(group) for group in groups)]).astype(np.int32)
    columns = [place[name] for group in groups for name in sorted(group)]
    lp.a_matrix_.index_ = np.array(columns, dtype=np.int32)
    lp.a_matrix_.value_ = np.ones(len(columns))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(names)
    model = open_solver()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    model.setOptionValue("mip_max_nodes", 1 + steps // STEPS_A_NODE)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 1e-9)
    model.passModel(lp)
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    values = model.getSolution().col_value
    return frozenset(name for name, value in zip(names, values, strict=True) if value > 0.5)
