"""A table -> Drafts: one for each cell of its body, with all that its row and column say.

Where two labels over one cell disagree, or one is not understood, the Draft says so and stays open. The trap
is the blank cell: it is kept as a Draft without a reading, so that arithmetic can see it, and becomes a value
only when a key or a total settles it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from answerable.lookups import Lookups
from answerable.model import TOTAL, Cell
from answerable.observations.counted import name_questions
from answerable.observations.drafts import Draft
from answerable.observations.folding import fold_label
from answerable.observations.labels import LabelIndex, Meaning
from answerable.observations.levels import Label, Level, read_levels
from answerable.observations.records import count_records
from answerable.observations.resolving import TOTAL_WORDS, resolve_label
from answerable.tables import Joined
from answerable.tables.shapes import find_shape
from answerable.values import Reading, parse_value

_PLACING = {"category", "total", "derived", "period", "span", "subperiod", "question", "no_question", "authority"}
Place = tuple[str, str, str]
"""A cell's address: document, part, ref."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """What stands over one column, or beside one row, worked out once for all its cells."""

    labels: tuple[tuple[Level, Label], ...]
    about: tuple[frozenset[str], ...]
    """The questions that each label names, of those that name any."""
    summed: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class TableReading:
    """Drafts of one table; `used` says what became of each of its cells."""

    drafts: list[Draft] = field(default_factory=list)
    used: dict[Place, str] = field(default_factory=dict)
    levels: tuple[list[Level], list[Level]] = ((), ())  # type: ignore[assignment]


def read_cells(
    index: LabelIndex, joined: Joined, number: int, hints: Sequence[Meaning], lookups: Lookups, authority: str
) -> TableReading:
    """The Drafts of one table, in reading order."""
    table = joined.table
    document = table.grid.document

    def resolve(text: str):  # type: ignore[no-untyped-def]
        return resolve_label(index, text, lookups, authority, document)

    if not table.header_cols:
        return count_records(index, joined, number, resolve)
    reading = TableReading()
    rows, cols = read_levels(table, resolve, hints)
    reading.levels = (rows, cols)
    misplaced = table.grid.kind == "text" and any(_is_mixed(level) for level in cols)
    adrift = (table.grid.kind != "sheet" or not cols) and _has_bare_column(joined, cols)
    _use_headers(joined, reading)
    by_place = {(c.row, c.col): c for c in table.grid.cells if not c.hidden}
    heads = {col: _read_heads(index, cols, col) for col in range(table.body.col, table.body.last_col + 1)}
    for row in range(table.body.row, table.body.last_row + 1):
        cells = [by_place.get((row, col)) for col in heads]
        if not any(cells) and not _names_blank(rows, row):
            continue
        sides = _read_heads(index, rows, row)
        part = joined.find_part(row)
        for col, cell in zip(heads, cells, strict=True):
            draft = _read_cell((document, part, number), (row, col), cell, (sides, heads[col]), bool(cols), lookups,
                               authority)  # fmt: skip
            if draft is not None:
                if misplaced:
                    draft.doubt("category", "its header was made of lines that name different things")
                if adrift:
                    draft.doubt("category", "a column of its table has values and no heading, so others may be adrift")
                reading.drafts.append(draft)
            if cell is not None:
                reading.used[document, part, cell.ref] = "value" if draft else "unread"
    if table.grid.kind == "text" and not table.header_rows:
        _carry_questions(reading.drafts)
    return reading


def _carry_questions(drafts: Sequence[Draft]) -> None:
    """In a list of lines a question's number stands before its first period only: "1. 2021/22: 77", "2022/23: 83"."""
    first: Draft | None = None
    periods: set[str] = set()
    for draft in drafts:
        if draft.period is None or draft.dims:
            first = None
            continue
        if draft.questions:
            first, periods = draft, set()
        elif first is not None and draft.period.key not in periods:
            draft.questions += first.questions
            draft.evidence += [f"{meaning.why}, before the first of its list" for meaning in first.questions]
        else:
            first = None
        periods.add(draft.period.key)


def _names_blank(rows: list[Level], row: int) -> bool:
    """Whether a row without values is still a row of the table: its innermost label is a category or a period."""
    label = rows[-1].labels.get(row) if rows else None
    return label is not None and any(m.role in ("category", "period") for m in label.meanings)


def _has_bare_column(joined: Joined, cols: list[Level]) -> bool:
    """Whether values stand in a column that no header row labels: the page's columns were not cut as printed."""
    body = joined.table.body
    valued = {
        cell.col
        for cell in joined.table.grid.cells
        if body.row <= cell.row <= body.last_row and body.col <= cell.col <= body.last_col and not cell.hidden
    }
    texts = {cell.col for cell in joined.table.grid.cells if cell.row >= body.row and find_shape(cell) == "label"}
    if not cols:
        return len(valued) > 1
    if any(_names_only_dimension(cols[-1].labels.get(col)) and col in texts for col in valued):
        return True  # a column of labels taken for values
    return any(all(col not in level.labels for level in cols) or _is_beyond(cols, col) for col in valued)


def _names_only_dimension(label: Label | None) -> bool:
    return label is not None and bool(label.meanings) and all(m.role == "dimension" for m in label.meanings)


def _is_beyond(cols: list[Level], col: int) -> bool:
    """Whether a column has no heading in the last header row, under one that stands over its neighbours' headings."""
    last, outer = cols[-1], next((level.labels[col] for level in cols[-2::-1] if col in level.labels), None)
    return outer is not None and col not in last.labels and outer.cell.col != col and outer.cell.col in last.labels


def _is_mixed(level: Level) -> bool:
    """Whether a header made of lines names things of different kinds, as it does when a cell was lost."""
    kinds = {
        (m.role in ("period", "span", "subperiod"), m.dimension)
        for label in level.labels.values()
        for m in label.meanings
        if m.role in ("period", "span", "subperiod", "category")
    }
    return len(kinds) > 1 and all(len(label.meanings) <= 1 for label in level.labels.values())


def _use_headers(joined: Joined, reading: TableReading) -> None:
    table = joined.table
    for cell in table.grid.cells:
        place = (table.grid.document, joined.find_part(cell.row), cell.ref)
        if cell.row in table.header_rows or (cell.col in table.header_cols and cell.row >= table.body.row):
            reading.used.setdefault(place, "header")
    for cell in (*table.title, *table.notes):
        reading.used.setdefault((table.grid.document, joined.find_part(cell.row), cell.ref), "note")


def _read_heads(index: LabelIndex, levels: list[Level], place: int) -> Heads:
    labels = tuple((level, level.labels[place]) for level in levels if place in level.labels)
    clear = [label.cell.text for _, label in labels if not label.doubt]
    return Heads(
        labels=labels,
        about=tuple(names for text in clear if (names := name_questions(index.counted, text))),
        summed=tuple(_list_summed(levels, place)),
        missing=tuple(_list_missing(levels, place, [label for _, label in labels])),
    )


def _read_cell(
    where: tuple[str, str, int], place: tuple[int, int], cell: Cell | None, heads: tuple[Heads, Heads], headed: bool,
    lookups: Lookups, authority: str,
) -> Draft | None:  # fmt: skip
    """The Draft of one cell. `where` is document, part and table number; `heads` are its row's and its column's,
    `headed` whether any column has one."""
    (document, part, number), (row, col) = where, place
    sides, over = heads
    if not sides.labels or (headed and not over.labels and cell is None):
        return None
    text = cell.text if cell else ""
    reading, origin, why = read_text_value(text, lookups, authority, document)
    draft = Draft(
        document=document,
        part=part,
        ref=cell.ref if cell else f"blank at row {row + 1}, column {col + 1}",
        text=text,
        reading=reading,
        place=number,
        cells=(cell,) if cell else (),
        blank=cell is None,
        origin=origin,
        authority=authority,
    )
    draft.evidence += [why] if why else []
    for level, label in (*sides.labels, *over.labels):
        _apply_label(draft, level, label)
    draft.about = _find_about(draft, (*sides.about, *over.about))
    for dimension in sides.summed:
        draft.dims.setdefault(dimension, TOTAL)
    if headed and not over.labels:
        draft.doubt("category", "nothing stands over its column")
    for message, placeless in over.missing:
        draft.doubt("category", message)
        draft.placeless = placeless
    return draft


def _find_about(draft: Draft, found: Sequence[frozenset[str]]) -> frozenset[str]:
    """The questions whose noun or measure each of its labels names that names any; () where two labels disagree."""
    common = frozenset.intersection(*found) if found else frozenset()
    if found and not common:
        draft.doubt("question", "its labels name what different questions count")
    return common


def read_text_value(text: str, lookups: Lookups, authority: str, document: str) -> tuple[Reading | None, str, str]:
    """(Reading, origin, evidence) of a cell's text, patches first."""
    for patch in lookups.values:
        if patch.text == text.strip() and patch.scope.covers(authority, document):
            reading = Reading(value=patch.value, bounds=patch.bounds, status=patch.status)
            return reading, f"lookup:{patch.key}", f'value: lookup {patch.key}, "{patch.text}": {patch.reason}'
    return parse_value(text), "reader", ""


def _apply_label(draft: Draft, level: Level, label: Label) -> None:
    """Add what one label says to a Draft."""
    if label.doubt:
        draft.unknown.append((level.dimension, label.cell.text))
        if level.dimension:
            draft.dims.setdefault(level.dimension, f"?{label.cell.text}")
            if TOTAL_WORDS & set(fold_label(label.cell.text)):
                draft.placeless = level.dimension
        draft.doubt("category" if level.dimension or not level.has_periods else "period", label.doubt)
        return
    for meaning in label.meanings:
        if meaning.why:
            draft.evidence.append(meaning.why)
        if meaning.patch:
            draft.origin = f"lookup:{meaning.patch}"
        _apply_meaning(draft, level, meaning)


def _apply_meaning(draft: Draft, level: Level, meaning: Meaning) -> None:
    if meaning.role in ("period", "span"):
        if draft.period is not None and draft.period.key != meaning.key:
            draft.doubt("period", f"{draft.period.why}, and {meaning.why}")
        draft.period = draft.period or meaning
    elif meaning.role == "subperiod":
        first, last = meaning.key.split("-")
        draft.months = (int(first), int(last))
    elif meaning.role == "category":
        before = draft.dims.get(meaning.dimension)
        if before not in (None, meaning.key, TOTAL):
            draft.doubt("category", f"two labels disagree: {before}, and {meaning.why}")
        draft.dims[meaning.dimension] = meaning.key
    elif meaning.role == "total":
        if dimension := meaning.dimension or level.dimension:
            draft.dims.setdefault(dimension, TOTAL)
        elif level.has_periods:
            draft.period_total = True
        elif level.has_authorities:
            draft.doubt("authority", "it is a total of several authorities")
    elif meaning.role == "question":
        draft.questions.append(meaning)
    elif meaning.role == "no_question":
        draft.doubt("question", meaning.why)
    elif meaning.role == "unit":
        draft.unit = draft.unit or meaning.key
    elif meaning.role == "topic":
        draft.topic += f" {meaning.key}"
    elif meaning.role == "derived":
        draft.derived = True
    elif meaning.role == "authority":
        _apply_authority(draft, meaning)


def _apply_authority(draft: Draft, meaning: Meaning) -> None:
    if meaning.key != draft.authority:
        draft.doubt("authority", f"its label names another authority, {meaning.why}")


def _list_missing(levels: list[Level], place: int, labels: list[Label]) -> Iterator[tuple[str, str]]:
    """(what is not said, dimension where a label says nothing of it) for each level that breaks down by a dimension
    and neither names a category at this place nor is a total."""
    if any(m.role in ("total", "derived") for label in labels for m in label.meanings):
        return
    for level in levels:
        label = level.labels.get(place)
        said = label is not None and (label.doubt or any(m.role in _PLACING for m in label.meanings))
        if level.dimension and not said:
            text = f'"{label.cell.text}"' if label else "nothing"
            message = f"{text} stands over it where the columns beside it name a {level.dimension}"
            yield message, level.dimension if label else ""


def _list_summed(levels: list[Level], place: int) -> Iterator[str]:
    """The dimensions of blank inner labels that a total in an outer one stands for too."""
    outer_total = False
    for level in levels:
        label = level.labels.get(place)
        if label is None:
            if outer_total and level.dimension:
                yield level.dimension
            continue
        outer_total = any(meaning.role == "total" for meaning in label.meanings)
