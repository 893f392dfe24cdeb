"""Header levels of a table -> what each row and column says.

A level is one header row or one header column. Its labels are resolved together, because what "Unknown" or
"13" means shows in the labels beside it. The trap is a merged cell that was flattened to blanks: labels carry
on downwards and to the right, but never past the next label, and never in the innermost level.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from answerable.model import Cell, Table
from answerable.observations.labels import Meaning, Resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label in place: its cell, what was chosen for it, and what was not understood.

    `doubt` says why nothing was chosen, "" where the label is clear or says nothing ("Count")."""

    cell: Cell
    meanings: tuple[Meaning, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One header row or column: position -> Label, and the dimension its labels belong to ("" for none)."""

    labels: dict[int, Label]
    dimension: str
    has_periods: bool
    has_authorities: bool = False
    unclear: bool = False


_RANK = re.compile(r"rank(?:ing)?|position|(?:row|line|serial|item)(?: (?:no\.?|number))?|#", re.I)
Resolve = Callable[[str], Resolved]
Spread = tuple[dict[int, Cell], str]
"""Position -> the label that covers it, and why that is in doubt."""


def read_levels(table: Table, resolve: Resolve, hints: Sequence[Meaning]) -> tuple[list[Level], list[Level]]:
    """(row levels, column levels) of a table, outermost first. `hints` are dimensions its title names."""
    by_place = {(cell.row, cell.col): cell for cell in table.grid.cells if not cell.hidden}
    for merge in table.grid.merges:
        top = by_place.get((merge.row, merge.col))
        if top is None:
            continue
        for row in range(merge.row, min(merge.last_row, table.body.last_row) + 1):
            for col in range(merge.col, min(merge.last_col, table.body.last_col) + 1):
                if row in table.header_rows or col in table.header_cols:
                    by_place.setdefault((row, col), top)
    columns = [_read_header_row(table, number, by_place) for number in range(len(table.header_rows))]
    rows: list[Spread] = [(found, "") for found in _read_sections(table, by_place, resolve)]
    named = [number for number, col in enumerate(table.header_cols) if not _is_rank(table, col, by_place)]
    rows += [_read_header_col(table, number, by_place) for number in named]
    corners = [_find_corner(table, table.header_cols[number], by_place, resolve) for number in named]
    corners = [[] for _ in range(len(rows) - len(corners))] + corners
    headed = bool(table.header_rows)
    row_levels = [
        choose_level(cells, resolve, [*hints, *corner], headed=headed, unclear=unclear)
        for (cells, unclear), corner in zip(rows, corners, strict=True)
    ]
    row_levels = [_drop_grouping(level, row_levels[n + 1 :]) for n, level in enumerate(row_levels)]
    col_levels = [choose_level(cells, resolve, hints, unclear=unclear) for cells, unclear in columns]
    return row_levels, col_levels


def _drop_grouping(level: Level, inner: Sequence[Level]) -> Level:
    """A level of unknown labels that only groups the rows: every label inside is understood and stands once.

    Labels that come again under each group ("North division", "South division") are limited by it and stay open.
    """
    unknown = [label for label in level.labels.values() if label.doubt]
    if (
        level.unclear
        or not inner
        or not unknown
        or any(m.role != "total" for label in level.labels.values() for m in label.meanings)
    ):
        return level
    seen = [tuple(one.labels[row].cell.text for one in inner if row in one.labels) for row in level.labels]
    clear = all(not one.labels[row].doubt for row in level.labels for one in inner if row in one.labels)
    if not clear or len(set(seen)) < len(seen) or not any(one.dimension for one in inner):
        return level
    labels = {row: Label(cell=label.cell, meanings=label.meanings) for row, label in level.labels.items()}
    return Level(labels=labels, dimension="", has_periods=False)


def _read_header_row(table: Table, number: int, by_place: dict[tuple[int, int], Cell]) -> Spread:
    row = table.header_rows[number]
    positions = range(table.body.col, table.body.last_col + 1)
    own = {col: by_place[row, col] for col in positions if (row, col) in by_place}
    if number == len(table.header_rows) - 1:
        return own, ""
    below = table.header_rows[number + 1]
    return _spread(positions, own, {col: by_place[below, col].text for col in positions if (below, col) in by_place})


def _read_header_col(table: Table, number: int, by_place: dict[tuple[int, int], Cell]) -> Spread:
    col = table.header_cols[number]
    positions = range(table.body.row, table.body.last_row + 1)
    own = {row: by_place[row, col] for row in positions if (row, col) in by_place}
    if number == len(table.header_cols) - 1:
        return own, ""
    inner = table.header_cols[number + 1]
    valued = [row for row in positions if any((row, c) in by_place for c in range(inner, table.body.last_col + 1))]
    return _spread(valued, own, {row: by_place[row, inner].text for row in valued if (row, inner) in by_place})


def _spread(positions: Sequence[int], own: dict[int, Cell], inner: dict[int, str]) -> Spread:
    """Outer labels over the positions they cover.

    Where the inner labels come again and each repeat has one outer label in it, that is its label, wherever it is
    set. Else a label carries on to the next, if one stands at the start; if none does, it is not clear.
    """
    groups: list[list[int]] = []
    for place in positions:
        alone = place not in inner and place in own
        if not groups or alone or inner.get(place) in [inner[one] for one in groups[-1] if one in inner]:
            groups.append([])
        groups[-1].append(place)
    labels = [list({own[place].ref: own[place] for place in group if place in own}.values()) for group in groups]
    if labels and all(len(found) == 1 for found in labels):
        return {place: found[0] for group, found in zip(groups, labels, strict=True) for place in group}, ""
    if positions and positions[0] in own:
        covered: dict[int, Cell] = {}
        carried = own[positions[0]]
        for place in positions:
            carried = own.get(place, carried)
            covered[place] = carried
        return covered, ""
    if not own:
        return {}, ""
    first = next(iter(own.values()))
    named = ", ".join(f'"{cell.text}"' for cell in list(own.values())[:3])
    return dict.fromkeys(positions, first), f"it is not clear which cells {named} stand over"


def _read_sections(table: Table, by_place: dict[tuple[int, int], Cell], resolve: Resolve) -> list[dict[int, Cell]]:
    """Rows with a label and no values that name something else than the rows below: a level of their own."""
    if len(table.header_cols) != 1:
        return []
    col = table.header_cols[0]
    valued = {row for row, c in by_place if c >= table.body.col and c not in table.header_cols}
    found: dict[int, Cell] = {}
    section: Cell | None = None
    for row in range(table.body.row, table.body.last_row + 1):
        cell = by_place.get((row, col))
        if cell is None:
            continue
        if row not in valued:
            below = next(
                (by_place[r, col] for r in range(row + 1, table.body.last_row + 1) if (r, col) in by_place), None
            )
            kinds = [_name_kinds(resolve(c.text)) for c in (cell, below) if c]
            section = cell if len(kinds) == 2 and kinds[0] and not kinds[0] & kinds[1] else section
            continue
        if section is not None:
            found[row] = section
    return [found] if found else []


def _name_kinds(resolved: Resolved) -> set[tuple[str, str]]:
    return {(m.role, m.dimension) for part in resolved.parts for m in part if m.role != "total"}


def _is_rank(table: Table, col: int, by_place: dict[tuple[int, int], Cell]) -> bool:
    """Whether a label column only ranks its rows, and another names them: "1", "2", "3" under "Rank"."""
    heads = [by_place[row, col].text for row in table.header_rows if (row, col) in by_place]
    own = [
        by_place[row, col].text.strip()
        for row in range(table.body.row, table.body.last_row + 1)
        if (row, col) in by_place
    ]
    numbered = own == [str(number + 1) for number in range(len(own))]
    return numbered and len(table.header_cols) > 1 and any(_RANK.fullmatch(text.strip()) for text in heads)


def _find_corner(table: Table, col: int, by_place: dict[tuple[int, int], Cell], resolve: Resolve) -> list[Meaning]:
    """Dimensions that the heading over a label column names."""
    cells = [by_place[row, col] for row in table.header_rows if (row, col) in by_place]
    return [m for cell in cells for part in resolve(cell.text).parts for m in part if m.role == "dimension"]


def choose_level(
    cells: dict[int, Cell], resolve: Resolve, hints: Sequence[Meaning], *, headed: bool = True, unclear: str = ""
) -> Level:
    """One Level: each label's alternatives cut to what the labels beside it, or a heading, support.

    `unclear` says why it is not known what the labels stand over; then none is taken.
    """
    if unclear:
        labels = {place: Label(cell=cell, doubt=unclear) for place, cell in cells.items()}
        return Level(labels=labels, dimension="", has_periods=False, unclear=True)
    resolved = {place: resolve(cell.text) for place, cell in cells.items()}
    votes: Counter[tuple[str, str]] = Counter()
    for one in {cell.text: resolved[place] for place, cell in cells.items()}.values():
        for part in one.parts:
            names = {(m.role, m.dimension) for m in part}
            for name in names:
                votes[name] += 13 if len(names) == 1 else 12
    for hint in {hint.dimension for hint in hints}:
        if votes[("category", hint)]:
            votes[("category", hint)] += 6
    ages = len({cell.text for place, cell in cells.items() if _is_weak(resolved[place])})
    hinted = {hint.dimension for hint in hints}
    labels = {
        place: _choose_label(cell, resolved[place], votes, weak_ok=ages >= 3, hinted=hinted, headed=headed)
        for place, cell in cells.items()
    }
    dimensions = Counter(m.dimension for label in labels.values() for m in label.meanings if m.role == "category")
    top = dimensions.most_common(1)
    dimension = top[0][0] if top else next((d for d in sorted(hinted) if votes[("category", d)]), "")
    periods = any(m.role in ("period", "span", "subperiod") for label in labels.values() for m in label.meanings)
    bodies = any(m.role == "authority" for label in labels.values() for m in label.meanings)
    return Level(labels=labels, dimension=dimension, has_periods=periods, has_authorities=bodies)


def _is_weak(resolved: Resolved) -> bool:
    return any(m.weak for part in resolved.parts for m in part)


def _choose_label(
    cell: Cell, resolved: Resolved, votes: Counter[tuple[str, str]], *, weak_ok: bool, hinted: set[str], headed: bool
) -> Label:
    if resolved.residue:
        known = "; ".join(m.why for part in resolved.parts for m in part)
        doubt = f'"{cell.text}" is not a label of the survey' + (f" (part of it is {known})" if known else "")
        return Label(cell=cell, doubt=doubt)
    chosen: list[Meaning] = []
    for part in resolved.parts:
        names = {(m.role, m.dimension, m.key): m for m in part}
        ranked = sorted(names.values(), key=lambda m: -votes[(m.role, m.dimension)])
        best = [m for m in ranked if votes[(m.role, m.dimension)] == votes[(ranked[0].role, ranked[0].dimension)]]
        best = [m for m in best if m.role != "dimension"] or best
        best = _part_quarters(best, headed=headed)
        if len(best) > 1:
            return Label(cell=cell, doubt=f'"{cell.text}" may be ' + " or ".join(sorted(m.why for m in best)))
        if best[0].weak and not weak_ok and best[0].dimension not in hinted:
            return Label(cell=cell, doubt=f'"{cell.text}" may be an age, but nothing says that ages stand here')
        chosen.append(best[0])
    return Label(cell=cell, meanings=tuple(chosen))


def _part_quarters(best: list[Meaning], *, headed: bool) -> list[Meaning]:
    """ "Q1" in a list without a header is question 1; under a header of years it is a quarter."""
    if {m.role for m in best} != {"subperiod", "question"}:
        return best
    return [m for m in best if m.role == ("subperiod" if headed else "question")]
