"""The gate's solver against tau-Argus, the statistical offices' own program for protecting tables.

Needs pytauargus (dependency group `crosscheck`); the exhaustive searches of test_gate and test_protect stand
without it.
"""

import random
from pathlib import Path

import pytest

from answerable.bounds.solve import solve_system
from answerable.bounds.system import Statement, System

ROWS, COLUMNS = "ABCD", "12345"
Table = dict[tuple[str, str], int]


def make_system(counts: Table, hidden: set[tuple[str, str]]) -> System:
    """The table as printed: its margins, its other cells, and the hidden ones as any number from 0."""
    names = {pair: "".join(pair) for pair in counts}
    lines = [[pair for pair in counts if pair[0] == row] for row in ROWS]
    lines += [[pair for pair in counts if pair[1] == column] for column in COLUMNS]
    statements = tuple(
        Statement(label=str(n), terms=tuple((names[pair], 1.0) for pair in line), low=float(total), high=float(total))
        for n, line in enumerate(lines)
        for total in [sum(counts[pair] for pair in line)]
    )
    known = {names[pair]: n for pair, n in counts.items() if pair not in hidden}
    return System(hidden={names[pair]: (0, None) for pair in hidden}, known=known, statements=statements)


@pytest.mark.parametrize("seed", range(6))
def test_what_tau_argus_suppresses_is_what_the_solver_needs(seed: int, tmp_path: Path) -> None:
    pytauargus = pytest.importorskip("pytauargus")
    chance = random.Random(seed)
    counts: Table = {(row, column): chance.choice([2, 3, 4, 9, 15, 31, 60]) for row in ROWS for column in COLUMNS}
    records = [(row, column, 1) for (row, column), n in counts.items() for _ in range(n)]
    micro = {name: [record[place] for record in records] for place, name in enumerate(("Region", "Age", "Value"))}
    done = pytauargus.protect(micro, ["Region", "Age"], "Value", "FREQ(5,40)", "OPT(1)", workdir=str(tmp_path))
    rows = {
        (row["Region"], row["Age"]): row for row in done.tables[0].rows if "Total" not in {row["Region"], row["Age"]}
    }
    unsafe = {pair for pair, row in rows.items() if row["status"] == "U"}
    hidden = unsafe | {pair for pair, row in rows.items() if row["status"] not in {"U", "S"}}
    assert unsafe == {pair for pair, n in counts.items() if n < 5}

    def is_safe(chosen: set[tuple[str, str]]) -> bool:
        found = solve_system(make_system(counts, chosen)).cells
        ends = {pair: found["".join(pair)] for pair in unsafe}
        return all(
            end.low <= counts[pair] - rows[pair]["lower"] and end.high >= counts[pair] + rows[pair]["upper"]
            for pair, end in ends.items()
        )

    assert is_safe(hidden)
    assert is_safe(unsafe) is (hidden == unsafe)
