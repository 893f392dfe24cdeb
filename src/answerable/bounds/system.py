"""What is known of hidden counts, as linear statements over cells, and what each statement alone implies.

A `System` is everything that would be printed together: hidden cells with the range their authority declared,
printed cells with their value, and statements that tie them. Passing bounds along the statements until nothing
moves is quick and finds the plain differences. The trap: it is only the first of three methods; overlapping
totals give cells away that no single statement does (METHODS section 4.6).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

SLACK = 1e-6
"""A whole number that a solver gives may be off by this much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """`low` <= sum of coefficient times cell <= `high`. `label` names the output that says so; `assumed` is True
    for what follows only if a breakdown is complete, and may prove not to hold; `printed` for what could be
    withheld."""

    label: str
    terms: tuple[tuple[str, float], ...]
    low: float
    high: float
    assumed: bool = False
    printed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """`hidden` cells with their declared range (high None is unbounded), `known` cells with their printed value,
    and statements over both; a cell in neither is a count that nobody printed."""

    hidden: Mapping[str, tuple[int, int | None]]
    known: Mapping[str, int] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A statement with the printed cells taken to the other side; `index` finds the statement again."""

    index: int
    terms: tuple[tuple[str, float], ...]
    low: float
    high: float


def list_rows(system: System) -> tuple[Row, ...]:
    """The statements as rows over cells that are not printed; those with no such cell left are dropped."""
    rows = []
    for index, statement in enumerate(system.statements):
        fixed = math.fsum(c * system.known[cell] for cell, c in statement.terms if cell in system.known)
        merged: dict[str, float] = {}
        for cell, c in statement.terms:
            if cell not in system.known:
                merged[cell] = merged.get(cell, 0.0) + c
        terms = tuple((cell, c) for cell, c in merged.items() if c)
        if terms:
            rows.append(Row(index=index, terms=terms, low=statement.low - fixed, high=statement.high - fixed))
    return tuple(rows)


def split_rows(rows: Iterable[Row], hidden: Iterable[str]) -> tuple[tuple[Row, ...], ...]:
    """Rows in groups that share no cell, those that hold a hidden cell only, in the order given."""
    parent: dict[str, str] = {}

    def find_root(cell: str) -> str:
        parent.setdefault(cell, cell)
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    rows = tuple(rows)
    for row in rows:
        first = find_root(row.terms[0][0])
        for cell, _ in row.terms[1:]:
            parent[find_root(cell)] = first
    wanted = {find_root(cell) for cell in hidden if cell in parent}
    groups: dict[str, list[Row]] = {}
    for row in rows:
        root = find_root(row.terms[0][0])
        if root in wanted:
            groups.setdefault(root, []).append(row)
    return tuple(tuple(group) for group in groups.values())


def propagate_bounds(
    rows: Sequence[Row], bounds: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]] | None:
    """The bounds once each row has tightened them until nothing moves; None where they contradict each other."""
    found = dict(bounds)
    by_cell: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for cell, _ in row.terms:
            by_cell.setdefault(cell, []).append(number)
    queue = dict.fromkeys(range(len(rows)))
    steps = 0
    while queue and steps < 200 * len(rows) + 1000:
        steps += 1
        number = next(iter(queue))
        del queue[number]
        moved = _tighten_row(rows[number], found)
        if moved is None:
            return None
        queue.update(dict.fromkeys(other for cell in moved for other in by_cell[cell] if other != number))
    return found


def _tighten_row(row: Row, bounds: dict[str, tuple[float, float]]) -> list[str] | None:
    """The cells that one row tightens in `bounds`; None for a contradiction."""
    ends = [_find_ends(c, bounds[cell]) for cell, c in row.terms]
    least, most = math.fsum(low for low, _ in ends), math.fsum(high for _, high in ends)
    if least > row.high + SLACK or most < row.low - SLACK:
        return None
    moved = []
    for (cell, c), (low, high) in zip(row.terms, ends, strict=True):
        rest_low = least - low if not math.isinf(least) else _sum_others(ends, low, 0)
        rest_high = most - high if not math.isinf(most) else _sum_others(ends, high, 1)
        top, bottom = (row.high - rest_low) / c, (row.low - rest_high) / c
        if c < 0:
            top, bottom = bottom, top
        old = bounds[cell]
        new = (max(old[0], _round_up(bottom)), min(old[1], _round_down(top)))
        if new[0] > new[1]:
            return None
        if new != old:
            bounds[cell] = new
            moved.append(cell)
    return moved


def _find_ends(c: float, bound: tuple[float, float]) -> tuple[float, float]:
    return (c * bound[0], c * bound[1]) if c > 0 else (c * bound[1], c * bound[0])


def _sum_others(ends: Sequence[tuple[float, float]], own: float, side: int) -> float:
    """The sum of one side without `own`, where an unbounded end forbids taking it away from the sum."""
    total, skipped = 0.0, False
    for end in ends:
        if not skipped and end[side] == own:
            skipped = True
        else:
            total += end[side]
    return total


def _round_up(value: float) -> float:
    return value if math.isinf(value) else float(math.ceil(value - SLACK))


def _round_down(value: float) -> float:
    return value if math.isinf(value) else float(math.floor(value + SLACK))
