"""Lists of records, one row an offence -> counts by what the columns say.

A record is counted only when every cell of the columns that matter is understood, because a total over the
rows one happens to understand is wrong. Each count's evidence names the number of rows. The trap is to publish
what nobody counted: the rows are the authority's own, the counting is ours and says so.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from answerable.model import Cell, Period
from answerable.observations.ages import parse_age
from answerable.observations.drafts import Draft
from answerable.observations.labels import LabelIndex, Meaning, Resolved
from answerable.observations.levels import Level, choose_level
from answerable.tables import Joined
from answerable.tables.shapes import read_run
from answerable.values import Reading, find_spans

if TYPE_CHECKING:
    from answerable.observations.cells import TableReading

Dims = tuple[tuple[str, str], ...]
Key = tuple[str, Dims]


def count_records(index: LabelIndex, joined: Joined, number: int, resolve: Callable[[str], Resolved]) -> "TableReading":
    """Drafts that count a list's rows by period and by each set of dimensions that a question asks for."""
    from answerable.observations.cells import TableReading

    reading = TableReading()
    table = joined.table
    by_col: dict[int, dict[int, Cell]] = {}
    for cell in table.grid.cells:
        if not cell.hidden and table.body.row <= cell.row <= table.body.last_row:
            by_col.setdefault(cell.col, {})[cell.row] = cell
    heads = {c.col: c for c in table.grid.cells if table.header_rows and c.row == table.header_rows[-1]}
    levels = {col: _read_column(index, cells, heads.get(col), resolve) for col, cells in sorted(by_col.items())}
    named = {col: level for col, level in levels.items() if level.dimension or level.has_periods}
    rows = sorted({row for cells in by_col.values() for row in cells})
    if not named or len(rows) < 2:
        return reading
    doubts = [label.doubt for level in named.values() for label in level.labels.values() if label.doubt]
    doubts += _check_numbering(by_col, rows)
    doubts += [f"row {row + 1} has no entry in a column that is counted" for row in rows
               if any(row not in level.labels for level in named.values())]  # fmt: skip
    doubts += [
        f'"{level.labels[row].cell.text}" in row {row + 1} is no entry of its column'
        for level in named.values()
        for row in rows
        if row in level.labels and not level.labels[row].doubt and not _is_entry(level, row)
    ]
    _use_rows(joined, reading, heads, by_col)
    counts = _count_rows(index, rows, named)
    first = [by_col[col][rows[0]] for col in sorted(by_col) if rows[0] in by_col[col]]
    last = [by_col[col][rows[-1]] for col in sorted(by_col) if rows[-1] in by_col[col]]
    ref = f"{first[0].ref}:{last[-1].ref}"
    for (period, dims), count in sorted(counts.items()):
        draft = _make_count(joined, number, rows, ref, period, dims, count)
        draft.about = frozenset() if dims else _find_parents(index, {level.dimension for level in named.values()})
        for doubt in doubts[:3]:
            draft.doubt("records", doubt)
        reading.drafts.append(draft)
    return reading


def _check_numbering(by_col: dict[int, dict[int, Cell]], rows: Sequence[int]) -> list[str]:
    """A doubt where a column that numbers the records does not run from 1 to their count: one was missed."""
    for cells in by_col.values():
        numbers = read_run([cells[row] for row in rows if row in cells])
        rising = len(numbers) > 3 and len(numbers) >= len(rows) - 1 and numbers == sorted(set(numbers))
        if rising and numbers[0] <= 2 and numbers[-1] <= 2 * len(rows) and (numbers[0], numbers[-1]) != (1, len(rows)):
            return [f"the records are numbered {numbers[0]} to {numbers[-1]}, and {len(rows)} were found"]
    return []


def _is_entry(level: Level, row: int) -> bool:
    meanings = level.labels[row].meanings
    if level.dimension:
        return any(m.role == "category" and m.dimension == level.dimension for m in meanings)
    return any(m.role == "period" for m in meanings)


def _find_parents(index: LabelIndex, dimensions: set[str]) -> frozenset[str]:
    """The questions that all rows of a list answer: those of which its columns make breakdowns that were asked."""
    asked = (q for q in index.survey.questions if q.total_of and set(q.dimensions) <= dimensions)
    return frozenset(q.total_of for q in asked if q.total_of)


def _make_count(
    joined: Joined,
    number: int,
    rows: Sequence[int],
    ref: str,
    period: str,
    dims: tuple[tuple[str, str], ...],
    count: int,
) -> Draft:
    draft = Draft(
        document=joined.table.grid.document,
        part=joined.find_part(rows[0]),
        ref=ref,
        text=str(count),
        reading=Reading(value=count),
        place=number,
        quote=f"{len(rows)} rows",
        dims=dict(dims),
        period=Meaning(role="period", key=period, why=f"period {period}: dates in the rows") if period else None,
    )
    draft.evidence.append(f"counted {count} of {len(rows)} rows, one row a record")
    draft.evidence += [f"{name}: {code}" for name, code in dims]
    return draft


def _read_column(
    index: LabelIndex, cells: dict[int, Cell], head: Cell | None, resolve: Callable[[str], Resolved]
) -> Level:
    """What a column of records says; a date stands for the survey's period that holds it."""
    hints = [m for part in resolve(head.text).parts for m in part if m.role == "dimension"] if head else []
    dated = {row: _find_period(cell.text, index.survey.periods) for row, cell in cells.items()}
    if sum(bool(found) for found in dated.values()) * 2 > len(cells):
        return choose_level(cells, lambda text: _resolve_date(text, index.survey.periods), hints)
    if not hints and not _is_recognised(cells, resolve):
        return Level(labels={}, dimension="", has_periods=False)
    return choose_level(cells, lambda text: _resolve_age(index, text, resolve(text)), hints)


def _resolve_age(index: LabelIndex, text: str, resolved: Resolved) -> Resolved:
    """A single year of age stands for the one band that holds it, where the survey asks for bands."""
    age = parse_age(text)
    known = any(m.role == "category" for part in resolved.parts for m in part)
    if known or age is None or age[0] != age[1]:
        return resolved
    holding = [
        Meaning(
            role="category", key=item.code, dimension=dimension.id, why=f"{dimension.name}: {item.label} holds {age[0]}"
        )
        for dimension in index.survey.dimensions
        if dimension.kind == "age"
        for item in dimension.categories
        if (item.low is not None or item.high is not None)
        and (item.low or 0) <= age[0] <= (item.high if item.high is not None else 200)
    ]
    by_dimension = {m.dimension for m in holding}
    return Resolved(parts=(tuple(holding),)) if len(holding) == len(by_dimension) >= 1 else resolved


def _is_recognised(cells: dict[int, Cell], resolve: Callable[[str], Resolved]) -> bool:
    texts = {cell.text for cell in cells.values()}
    known = sum(
        any(m.role in ("category", "period") and not m.weak for p in resolve(t).parts for m in p) for t in texts
    )
    return known * 2 > len(texts)


def _find_period(text: str, periods: Sequence[Period]) -> Period | None:
    spans = find_spans(text)
    if len(spans) != 1:
        return None
    span = spans[0][2]
    return next((p for p in periods if p.start <= span.start and span.end <= p.end), None)


def _resolve_date(text: str, periods: Sequence[Period]) -> Resolved:
    period = _find_period(text, periods)
    if period is None:
        return Resolved(residue=(text,))
    return Resolved(parts=((Meaning(role="period", key=period.id, why=f'period {period.id}: "{text}"'),),))


def _count_rows(index: LabelIndex, rows: Sequence[int], named: dict[int, Level]) -> Counter[Key]:
    """Rows counted for the whole and for each question's dimensions that the columns give."""
    given = {level.dimension for level in named.values() if level.dimension}
    wanted = {(): None} | {q.dimensions: None for q in index.survey.questions if set(q.dimensions) <= given}
    counts: Counter[Key] = Counter()
    for row in rows:
        dims: dict[str, str] = {}
        period = ""
        for level in named.values():
            for meaning in level.labels[row].meanings if row in level.labels else ():
                if meaning.role == "category":
                    dims[meaning.dimension] = meaning.key
                elif meaning.role == "period":
                    period = meaning.key
        for names in wanted:
            if all(name in dims for name in names):
                counts[period, tuple((name, dims[name]) for name in names)] += 1
    return counts


def _use_rows(
    joined: Joined, reading: "TableReading", heads: dict[int, Cell], by_col: dict[int, dict[int, Cell]]
) -> None:
    table = joined.table
    for cell in heads.values():
        reading.used[table.grid.document, joined.find_part(cell.row), cell.ref] = "header"
    for cells in by_col.values():
        for cell in cells.values():
            reading.used[table.grid.document, joined.find_part(cell.row), cell.ref] = "value"
    for cell in (*table.title, *table.notes):
        reading.used.setdefault((table.grid.document, joined.find_part(cell.row), cell.ref), "note")
