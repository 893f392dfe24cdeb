"""A Block -> Tables, by what each row looks like: a title, a header, values, a lone text, or nothing.

The grammar is: titles, header rows, then rows of values with section rows and separators among them; the next
header row starts the next table. The trap is a header row made of numbers (ages, years): it is a header only
while nothing above it already labels those columns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from answerable.model import Area, Cell, Grid, Table
from answerable.tables.blocks import Block
from answerable.tables.shapes import find_shape, is_age_run, is_small_range, is_worded, is_year_run, read_run
from answerable.values import parse_period_label

_REFERS = re.compile(r"\b(?:ref|reference|urn|id|(?:crime|record|case|row|incident|offence) (?:no|number))\b", re.I)
_ANNOUNCED = re.compile(r"\b(?:ages?|aged|years?|period|month)\b", re.I)


@dataclass(slots=True)
class _Draft:
    """A table while its rows are collected."""

    title: list[Cell] = field(default_factory=list)
    heads: list[Sequence[Cell]] = field(default_factory=list)
    body: list[Sequence[Cell]] = field(default_factory=list)
    notes: list[Cell] = field(default_factory=list)
    values: int = 0


def find_block_tables(grid: Grid, block: Block) -> tuple[Table, ...]:
    """The tables of one block, top to bottom; texts that belong to none are left to the caller."""
    rows = [row for row in block.rows if row]
    gaps = {row[0].row for before, row in zip(block.rows, block.rows[1:], strict=False) if row and not before}
    left = min((cell.col for row in rows for cell in row), default=0)
    drafts = [_Draft()]
    for index, row in enumerate(rows):
        fresh = row[0].row in gaps or (index > 0 and _is_lone_text(rows[index - 1]))
        drafts = _add_row(drafts, row, rows[index + 1 : index + 4], left, gap=row[0].row in gaps, fresh=fresh)
    _trail_notes(drafts)
    return tuple(table for draft in drafts if draft.values or _is_records(draft) if (table := _close(grid, draft)))


def _is_lone_text(row: Sequence[Cell]) -> bool:
    return len(row) == 1 and find_shape(row[0]) != "count"


def _add_row(
    drafts: list[_Draft], row: Sequence[Cell], after: Sequence[Sequence[Cell]], left: int, *, gap: bool, fresh: bool
) -> list[_Draft]:
    now = drafts[-1]
    kind = _find_kind(row, now, after, left, fresh=fresh)
    if kind == "data":
        now.body.append(row)
        now.values += 1
    elif kind == "head":
        if now.body and _repeats_header(row, now) and not _ends_with_text(now):
            return drafts  # the header printed again on the next page
        if now.body and not fresh and _may_be_records(now, row):
            now.body.append(row)
        elif now.body:
            title = _take_trailing(now)
            drafts.append(_Draft(title=title, heads=[row]))
        else:
            if gap and now.heads:
                now.title += [cell for head in now.heads for cell in head]
                now.heads = []
            now.heads.append(row)
    elif kind == "section":
        now.body.append(row)
    elif now.body:
        now.notes += row
    elif now.heads and len(row) == 1 and len(now.heads[-1]) == 1 and not gap:
        now.title += now.heads.pop()
        now.title += row
    else:
        now.title += [cell for head in now.heads for cell in head] if now.heads and gap else []
        now.heads = [] if gap else now.heads
        now.title += row
    return drafts


def _repeats_header(row: Sequence[Cell], now: _Draft) -> bool:
    return [cell.text for cell in row] in [[cell.text for cell in head] for head in now.heads]


def _ends_with_text(now: _Draft) -> bool:
    return bool(now.notes) or (len(now.body[-1]) == 1 and find_shape(now.body[-1][0]) != "count")


def _find_kind(row: Sequence[Cell], now: _Draft, after: Sequence[Sequence[Cell]], left: int, *, fresh: bool) -> str:
    """What a row is: data, head, section (a label over the rows below it) or text."""
    shapes = [find_shape(cell) for cell in row]
    if len(row) == 1:
        return _find_lone_kind(row[0], shapes[0], now, after, left)
    if now.body and (_repeats_header(row, now) or (fresh and after and _looks_like_header(row, left))):
        return "head"
    rest = row[1:] if row[0].col == left or shapes[0] == "label" else row
    own = shapes[len(shapes) - len(rest) :]
    counts = [cell for cell, shape in zip(rest, own, strict=True) if shape == "count"]
    hard = [cell for cell in counts if not is_worded(cell)]
    if (len(counts) == len(rest) and not hard) or (len(rest) == 1 and is_small_range(rest[0])):
        return "data"
    if not hard:
        if all(shape in ("label", "count") for shape in own):
            return "head"
        return "head" if _labels_columns(rest, now) else "data"
    if not after:
        return "data"
    numbers = read_run(counts)
    if len(numbers) == len(hard) and is_age_run(numbers) and _labels_columns(rest, now):
        return "head"
    return "data"


def _looks_like_header(row: Sequence[Cell], left: int) -> bool:
    """Whether a row after a title or a gap can only be a header: distinct texts, bands or years, or ages in order
    under a heading that announces them."""
    rest = row[1:] if row[0].col == left else row
    hard = [cell for cell in rest if find_shape(cell) == "count" and not is_worded(cell)]
    if len(rest) < 2 or len({cell.text for cell in rest}) < len(rest) or all(is_worded(cell) for cell in rest):
        return False
    if not hard:
        numbers = [number for number in read_run(rest) if number >= 1000]
        return not numbers or is_year_run(numbers)
    numbers = read_run(hard)
    announced = row[0].col > left or bool(_ANNOUNCED.search(row[0].text)) or len(numbers) >= 6
    return len(numbers) == len(hard) and is_age_run(numbers) and announced


def _find_lone_kind(cell: Cell, shape: str, now: _Draft, after: Sequence[Sequence[Cell]], left: int) -> str:
    following = [_is_valued(row) for row in after[:1]]
    if shape == "count":
        return "data" if now.body and cell.col > left else "text"
    if now.body or now.heads:
        if after and (_repeats_header(after[0], now) or _looks_like_header(after[0], left)):
            return "text"
        valueless = now.body and (shape in ("band", "year") or parse_period_label(cell.text) is not None)
        if cell.col == left and now.heads and (following == [True] or valueless):
            return "section"
        if not now.body and cell.col > left:
            return "head"
        return "text"
    if not after or len(after[0]) < 2:
        return "text"
    return "head" if cell.col == after[0][1 if after[0][0].col == left else 0].col > left else "text"


def _is_valued(row: Sequence[Cell]) -> bool:
    return len(row) > 1 and any(find_shape(cell) == "count" for cell in row[1:])


def _labels_columns(cells: Sequence[Cell], now: _Draft) -> bool:
    """Whether years, bands or ages in a row can be its columns' labels: nothing labels each of them yet."""
    numbers = read_run(cells)
    shapes = {find_shape(cell) for cell in cells}
    if "year" in shapes and not is_year_run([number for number in numbers if number >= 1000]):
        return False
    if len({cell.text for cell in cells}) < len(cells) and "band" in shapes and not now.heads:
        return False
    if now.body:
        return False
    labelled = {cell.col for head in now.heads for cell in head}
    return not all(cell.col in labelled for cell in cells)


def _take_trailing(draft: _Draft) -> list[Cell]:
    """Texts after a table's last values become the next table's title."""
    taken: list[Cell] = []
    while draft.body and len(draft.body[-1]) == 1 and find_shape(draft.body[-1][0]) != "count":
        taken = [*draft.body.pop(), *taken]
    title = draft.notes[-2:] + taken
    draft.notes = draft.notes[:-2]
    return title


def _trail_notes(drafts: list[_Draft]) -> None:
    for draft in drafts:
        while len(draft.body) > 1 and _is_trailing(draft.body[-1]):
            draft.notes = [*draft.body.pop(), *draft.notes]


def _is_trailing(row: Sequence[Cell]) -> bool:
    """Whether a lone text after the values is a note, and not a period or band whose cells are blank."""
    return len(row) == 1 and find_shape(row[0]) == "label" and parse_period_label(row[0].text) is None


def _may_be_records(draft: _Draft, row: Sequence[Cell]) -> bool:
    """Whether a row of texts goes on a list of records: as wide as the header, and no values so far but ages."""
    if not draft.heads or len(row) * 4 < len(draft.heads[-1]) * 3:
        return False
    texts = sum(find_shape(cell) == "label" for body in draft.body for cell in body[1:])
    return texts * 2 >= sum(len(body) - 1 for body in draft.body)


def _is_records(draft: _Draft) -> bool:
    """A header and at least three more rows of texts as wide as it: a list of records, one row each."""
    if draft.body or len(draft.heads) < 4:
        return False
    width = len(draft.heads[-1])
    start = next((i for i, head in enumerate(draft.heads) if abs(len(head) - width) <= 1), 0)
    if len(draft.heads) - start < 4 or width < 2:
        return False
    draft.title += [cell for head in draft.heads[:start] for cell in head]
    draft.body = draft.heads[start + 1 :]
    draft.heads = draft.heads[start : start + 1]
    return True


def _close(grid: Grid, draft: _Draft) -> Table | None:
    widest = max((len(head) for head in draft.heads), default=0)
    while len(draft.heads) > 1 and len(draft.heads[0]) <= 2 and widest >= 4 and draft.heads[0][0].col == 0:
        draft.title += draft.heads.pop(0)
    while len(draft.heads) > 5:
        draft.title += draft.heads.pop(0)
    cells = [cell for row in draft.body for cell in row]
    everything = cells + [cell for head in draft.heads for cell in head]
    first, last = min(cell.col for cell in everything), max(cell.col for cell in everything)
    # A list of lines is a label and a value each, whatever they look like; it is never a list of records.
    labels = 1 if grid.kind == "text" and last == first + 1 else _count_label_columns(draft, first, last)
    if first + labels > last:
        return None
    if not labels:
        # a record of texts alone looks like a second header row
        draft.body = [*draft.heads[1:], *draft.body]
        draft.heads = draft.heads[:1]
    # The table's own cells only: whoever reads it would else look at the whole sheet for each of its tables.
    own = tuple(cell for row in (*draft.heads, *draft.body) for cell in row)
    return Table(
        grid=replace(grid, cells=own),
        body=Area(row=draft.body[0][0].row, col=first + labels, last_row=draft.body[-1][0].row, last_col=last),
        header_rows=tuple(head[0].row for head in draft.heads),
        header_cols=tuple(range(first, first + labels)),
        title=tuple(draft.title),
        notes=tuple(draft.notes),
    )


def _count_label_columns(draft: _Draft, first: int, last: int) -> int:
    """How many columns from the left label the rows; 0 for a list of records."""
    by_col: dict[int, list[Cell]] = {}
    for row in draft.body:
        for cell in row:
            by_col.setdefault(cell.col, []).append(cell)
    body = [cell for cells in by_col.values() for cell in cells]
    texts = sum(find_shape(cell) == "label" for cell in body)
    counts = sum(find_shape(cell) == "count" or is_small_range(cell) for cell in body)
    wide = sum(any(find_shape(cell) == "label" for cell in cells) for cells in by_col.values())
    listed = bool(draft.heads) and texts > counts and wide >= 2 and len(draft.body) >= 3
    if listed and _is_year_column(by_col.get(first, [])):
        listed = False  # one row a year is a table of counts, however they are written
    if listed and not any(_is_value_column(cells, _find_heading(draft, col)) for col, cells in by_col.items()):
        return 0
    listed = listed or bool(draft.heads and texts)
    valued = listed and any(_is_value_column(cells, _find_heading(draft, col)) for col, cells in by_col.items())
    labels = 0
    for col in range(first, last):
        own = _labels_rows(by_col.get(col, []), head=_find_heading(draft, col), leftmost=col == first)
        # A list with a column of counts is a table whatever stands on its left: counting its rows would be wrong.
        if not own and not (col == first and valued):
            break
        labels += 1
    return labels


def _is_year_column(cells: list[Cell]) -> bool:
    """Whether a column names periods of a year or more, each once."""
    spans = [parse_period_label(cell.text) for cell in cells]
    long = all(span is not None and (span.end - span.start).days > 360 for span in spans)
    return len(cells) > 1 and long and len({cell.text for cell in cells}) == len(cells)


def _find_heading(draft: _Draft, col: int) -> str:
    return " ".join(cell.text for head in draft.heads for cell in head if cell.col == col)


def _is_value_column(cells: list[Cell], head: str) -> bool:
    """Whether a column is all counts and its heading does not announce ages or years: text columns label it."""
    if not cells or _ANNOUNCED.search(head):
        return False
    if len(cells) > 2 and len({cell.text for cell in cells}) == len(cells) and all(is_small_range(c) for c in cells):
        return False
    values = [find_shape(cell) == "count" or is_small_range(cell) for cell in cells]
    return all(values) and not _is_numbering(cells, head)


def _is_numbering(cells: list[Cell], head: str) -> bool:
    """Whether a column numbers its rows one by one, or refers to each by a number of its own."""
    numbers = read_run(cells)
    if len(numbers) >= 3 and all(after == before + 1 for before, after in pairwise(numbers)):
        return True
    return len(cells) >= 2 and len({cell.text for cell in cells}) == len(cells) and bool(_REFERS.search(head))


def _labels_rows(cells: list[Cell], *, head: str, leftmost: bool) -> bool:
    """Whether a column's cells label their rows: mostly texts, or ages or years in order on the far left."""
    if not cells:
        return False
    small = [cell.text for cell in cells if is_small_range(cell)]
    hidden = len(small) > len(set(small)) or any(find_shape(cell) == "count" for cell in cells)
    hidden = hidden or not (leftmost or _ANNOUNCED.search(head))
    shapes = ["count" if hidden and is_small_range(cell) else find_shape(cell) for cell in cells]
    if sum(shape in ("label", "band") for shape in shapes) * 2 > len(cells):
        return True
    if leftmost and all(shape == "year" for shape in shapes):
        return True
    numbers = read_run(cells)
    labels = [shape for shape in shapes if shape == "label"]
    if not leftmost or len(numbers) + len(labels) + shapes.count("band") < len(cells) - 1:
        return False
    years = all(shape in ("year", "label") for shape in shapes)
    named = bool(_ANNOUNCED.search(head)) and len(set(numbers)) == len(numbers)
    return named or (is_age_run(numbers) or (years and len(set(numbers)) == len(numbers)))
