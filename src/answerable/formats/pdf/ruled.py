"""Rules that meet, made into lattices: the rows, columns and spanning cells that a drawn table has.

Takes the rules of a page and gives lattices; the words are put in later. A rule that is missing between two
squares joins them into one spanning cell. The trap: many tables draw only some of their rules (no left and right
edge, no line between rows), so an edge that the crossing rules reach beyond is closed by a border of our own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from answerable.formats.pdf.rules import Drawing, Rule

TOUCH = 3.0
"""Rules whose ends are this near each other meet."""
COVER = 0.6
"""The part of a square's side that a rule must cover to be its border."""
MAX_LINES = 300
"""Rows or columns of one lattice beyond which it is a drawing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A cell's rows and columns, both ends included. `loose` marks one that was a single square until words
    showed columns in it, so that it takes no more columns than its words do."""

    row: int
    col: int
    last_row: int
    last_col: int
    loose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """Column borders `xs`, row borders `ys` (one more than columns and rows), and the cells between. `bare` is
    one guessed from lines of words, where no rule parts the columns."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]
    bare: bool = False
    columns: tuple[tuple[float, float], ...] = ()
    """Left and right of what stands in each column, where words and not rules showed the columns."""

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def find_lattices(drawing: Drawing) -> list[Lattice]:
    """Every group of rules that meet and enclose at least two cells, top to bottom."""
    lattices = []
    for across, down in _group(drawing.across, drawing.down):
        if across and down:
            lattice = build_lattice(across, down)
            if lattice and len(lattice.spans) > 1:
                lattices.append(lattice)
    return sorted(lattices, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def _meet(across: Rule, down: Rule) -> bool:
    return across.start - TOUCH <= down.at <= across.end + TOUCH and down.start - TOUCH <= across.at <= down.end + TOUCH


def _group(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules in groups that meet one another."""
    parents = list(range(len(across) + len(down)))

    def find(k: int) -> int:
        while parents[k] != k:
            parents[k] = parents[parents[k]]
            k = parents[k]
        return k

    for i, one in enumerate(across):
        for j, other in enumerate(down):
            if _meet(one, other):
                parents[find(i)] = find(len(across) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for k in range(len(parents)):
        group = groups.setdefault(find(k), ([], []))
        if k < len(across):
            group[0].append(across[k])
        else:
            group[1].append(down[k - len(across)])
    return list(groups.values())


def _cluster(values: Sequence[float], near: float) -> list[float]:
    """Values with those nearer than `near` to the one before taken together, as their mean."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= near:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def build_lattice(across: Sequence[Rule], down: Sequence[Rule]) -> Lattice | None:
    """The lattice of rules that meet, None if they enclose nothing."""
    left, right = min(rule.start for rule in across), max(rule.end for rule in across)
    top, bottom = min(rule.start for rule in down), max(rule.end for rule in down)
    xs = _cluster([rule.at for rule in down], TOUCH)
    ys = _cluster([rule.at for rule in across], TOUCH)
    # An open side: the crossing rules run on past the last rule, so the table does too.
    xs = ([left] if xs[0] - left > 2 * TOUCH else []) + xs + ([right] if right - xs[-1] > 2 * TOUCH else [])
    ys = ([top] if ys[0] - top > 2 * TOUCH else []) + ys + ([bottom] if bottom - ys[-1] > 2 * TOUCH else [])
    if not 2 <= len(xs) <= MAX_LINES or not 2 <= len(ys) <= MAX_LINES:
        return None
    return Lattice(xs=tuple(xs), ys=tuple(ys), spans=tuple(_find_spans(xs, ys, across, down)))


def _covers(rules: Sequence[Rule], start: float, end: float) -> bool:
    covered = 0.0
    for rule in rules:
        high = rule.end if rule.end < end else end
        low = rule.start if rule.start > start else start
        covered += high - low if high > low else 0.0
    return covered >= COVER * (end - start)


def _find_spans(xs: Sequence[float], ys: Sequence[float], across: Sequence[Rule], down: Sequence[Rule]) -> list[Span]:
    """Cells: squares joined across borders that are not drawn, cut back to rectangles."""
    rows, cols = len(ys) - 1, len(xs) - 1
    down_at = [[rule for rule in down if abs(rule.at - x) <= TOUCH] for x in xs]
    across_at = [[rule for rule in across if abs(rule.at - y) <= TOUCH] for y in ys]
    runs: list[list[tuple[int, int]]] = []
    for i in range(rows):
        starts = [j for j in range(cols) if j == 0 or _covers(down_at[j], ys[i], ys[i + 1])]
        runs.append([(a, b - 1) for a, b in zip(starts, [*starts[1:], cols], strict=True)])
    spans: list[Span] = []
    open_runs: dict[tuple[int, int], int] = {}
    for i in range(rows):
        now: dict[tuple[int, int], int] = {}
        for first, last in runs[i]:
            above = open_runs.get((first, last))
            parted = above is None or _covers(across_at[i], xs[first], xs[last + 1])
            now[first, last] = i if parted or above is None else above
        for run, start in open_runs.items():
            if now.get(run) != start:
                spans.append(Span(row=start, col=run[0], last_row=i - 1, last_col=run[1]))
        open_runs = now
    spans += [Span(row=start, col=a, last_row=rows - 1, last_col=b) for (a, b), start in open_runs.items()]
    return sorted(spans, key=lambda span: (span.row, span.col))
