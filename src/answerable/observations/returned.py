"""A returned reply form -> Drafts that nothing is open about, one a filled cell.

The form says beside every cell what it is for (answerable.ask.form), so nothing is settled by evidence here: a cell
is read by the marker of its sheet, the key of its row and the heading of its column, wherever rows and columns were
moved to. The traps: a blank cell is not zero and gives a Finding; a row or column that the form did not have is not
the form's, and is left to `unread-cell`; a survey's own form of another version is read by the usual readers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from answerable.ask.form import COUNTED, KEY, NOTE, Marker, Row, list_choices, list_rows, parse_marker, parse_shorthand
from answerable.ask.references import find_tokens, make_token
from answerable.model import Cell, Exemption, Finding, Grid, Question, Reply, Source, Survey
from answerable.observations.drafts import Draft
from answerable.observations.labels import UNIT_WORDS, Meaning
from answerable.observations.unread import Place
from answerable.values import Reading, parse_value

_UNITS = frozenset(UNIT_WORDS.values())
_NAMED = 6


@dataclass(slots=True)
class Returned:
    """What the forms among a reply's grids gave, and the grids that are none."""

    drafts: list[Draft] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    fates: dict[Place, str] = field(default_factory=dict)
    rest: list[Grid] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One question's sheet: its grid, and where its key column, periods and notes stand."""

    grid: Grid
    question: Question
    head: int
    key_col: int
    periods: Mapping[int, str]
    note_col: int | None
    unit: str


def read_forms(survey: Survey, reply: Reply, grids: Sequence[Grid]) -> Returned:
    """The forms of this survey among a reply's grids, read; every other grid is in `rest`, in order."""
    found = Returned()
    sheets = {id(grid): sheet for grid in grids if (sheet := find_sheet(survey, grid))}
    documents = {sheet.grid.document for sheet in sheets.values()}
    for grid in grids:
        sheet = sheets.get(id(grid))
        if sheet is not None:
            _read_sheet(survey, sheet, found)
        elif grid.document in documents and _is_beside(grid):
            found.fates |= {(grid.document, grid.part, cell.ref): "note" for cell in grid.cells}
        else:
            found.rest.append(grid)
    for document in sorted(documents):
        _check_document(survey, reply, document, grids, found)
    return found


def find_sheet(survey: Survey, grid: Grid) -> Sheet | None:
    """The question's sheet that a grid is, None for any other grid."""
    marked = [marker for cell in grid.cells[:8] if (marker := parse_marker(cell.text))]
    head = next((cell for cell in grid.cells if cell.text.strip() == KEY), None)
    if not marked or marked[0].survey != survey.id or head is None:
        return None
    question = next((q for q in survey.questions if q.id == marked[0].question), None)
    if question is None or question.version != marked[0].version:
        return None
    names = {name: period.id for period in survey.periods for name in (period.id, *period.aliases)}
    heads = [cell for cell in grid.cells if cell.row == head.row and cell.col > head.col]
    counted = [cell for cell in grid.cells if cell.row < head.row and cell.text.strip() == COUNTED]
    units = [c.text.strip().casefold() for top in counted for c in grid.cells if c.row == top.row and c.col > top.col]
    return Sheet(
        grid=grid,
        question=question,
        head=head.row,
        key_col=head.col,
        periods={cell.col: names[cell.text.strip()] for cell in heads if cell.text.strip() in names},
        note_col=next((cell.col for cell in heads if cell.text.strip() == NOTE), None),
        unit=units[0] if units else "",
    )


def leave_out_forms(grids: Sequence[Grid]) -> tuple[tuple[Grid, ...], tuple[Exemption, ...]]:
    """(grids as the letter they are, exemptions that forms name): of a form only its notes are anybody's words.

    What the form itself says about refusing or counting must not be read as said by the authority.
    """
    sheets = {id(grid): head for grid in grids if (head := _find_head(grid)) is not None}
    documents = {grid.document for grid in grids if id(grid) in sheets}
    kept: list[Grid] = []
    exemptions: dict[Exemption, None] = {}
    for grid in grids:
        if id(grid) not in sheets:
            if not (grid.document in documents and _is_beside(grid)):
                kept.append(grid)
            continue
        marker, row = sheets[id(grid)]
        below = [cell for cell in grid.cells if cell.row > row]
        notes = {cell.col for cell in grid.cells if cell.row == row and cell.text.strip() == NOTE}
        kept.append(replace(grid, cells=tuple(cell for cell in below if cell.col in notes), merges=()))
        for short in (parse_shorthand(cell.text) for cell in below if cell.col not in notes):
            if short and short[2]:
                section, _, limb = short[2].partition("(")
                subsection = f"({limb}" if limb else ""
                exemptions[Exemption(question=marker.number, section=section, subsection=subsection)] = None
    return tuple(kept), tuple(exemptions)


def _find_head(grid: Grid) -> tuple[Marker, int] | None:
    marker = next((found for cell in grid.cells[:8] if (found := parse_marker(cell.text))), None)
    head = next((cell.row for cell in grid.cells if cell.text.strip() == KEY), None)
    return None if marker is None or head is None else (marker, head)


def _is_beside(grid: Grid) -> bool:
    """Whether a grid is the form's first sheet or its list of codes, which hold no answers."""
    first = grid.cells[0].text if grid.cells else ""
    heads = [cell.text for cell in grid.cells if cell.row == grid.cells[0].row]
    return "reply form for" in first or heads[:3] == ["Breakdown", "Code", "Label"]


def _read_sheet(survey: Survey, sheet: Sheet, found: Returned) -> None:
    grid, rows = sheet.grid, {_tidy_key(row.key): row for row in list_rows(survey, sheet.question)}
    by_place = {(cell.row, cell.col): cell for cell in grid.cells if not cell.hidden}
    keyed = [(cell.row, rows[_tidy_key(cell.text)]) for (_, col), cell in sorted(by_place.items())
             if col == sheet.key_col and cell.row > sheet.head and _tidy_key(cell.text) in rows]  # fmt: skip
    known = {row for row, _ in keyed}
    first = min(sheet.periods, default=0)
    for (row, col), cell in by_place.items():
        if row <= sheet.head or (row in known and (sheet.key_col <= col < first)):
            found.fates[grid.document, grid.part, cell.ref] = "header"
        elif row in known and col == sheet.note_col:
            found.fates[grid.document, grid.part, cell.ref] = "note"
    blank = []
    for number, asked in keyed:
        for col, period in sheet.periods.items():
            filled = by_place.get((number, col))
            if filled is None or not filled.text.strip():
                blank.append(f"{asked.key}, {period}")
                continue
            found.fates[grid.document, grid.part, filled.ref] = "value"
            found.drafts.append(_make_draft(survey, sheet, asked, period, filled))
    there = {asked.key for _, asked in keyed}
    missing = [f"{asked.key}, all periods" for asked in rows.values() if asked.key not in there]
    if left := blank + missing:
        found.findings.append(_report_blank(grid, sheet.question, left))


def _tidy_key(text: str) -> str:
    return "; ".join(part.strip() for part in text.split(";"))


def _make_draft(survey: Survey, sheet: Sheet, row: Row, period: str, cell: Cell) -> Draft:
    question = sheet.question
    draft = Draft(
        document=sheet.grid.document,
        part=sheet.grid.part,
        ref=cell.ref,
        text=cell.text,
        reading=None,
        place=-1,
        cells=(cell,),
        dims=dict(row.dimensions),
        period=Meaning(role="period", key=period),
        unit="" if question.kind != "count" else sheet.unit if sheet.unit in _UNITS else "",
        question=question.id,
        stated=True,
    )
    draft.evidence += [
        f"question {question.number}: the reply form's own mark",
        f"period {period}: the reply form's heading",
        f"categories: the reply form's key {row.key}",
    ]
    if sheet.unit and sheet.unit not in _UNITS and question.kind == "count":
        draft.doubt("unit", f'"{sheet.unit}" stands where the form asks what the figures count')
    _read_cell(survey, question, cell, draft)
    return draft


def _read_cell(survey: Survey, question: Question, cell: Cell, draft: Draft) -> None:
    """Set the Draft's reading or answer from what stands in the cell, or leave "value" open."""
    text = cell.text.strip()
    if (short := parse_shorthand(text)) and question.kind != "text":
        status, bounds, section = short
        draft.reading = Reading(status=status, bounds=bounds)
        draft.evidence.append(f"refused under section {section}" if section else f"{text}: the reply form's shorthand")
    elif question.kind == "text":
        draft.reading, draft.answer = Reading(), text
    elif question.kind in {"yes_no", "choice"}:
        codes = {code.casefold(): code for code in list_choices(survey, question)}
        draft.reading, draft.answer = Reading(), codes.get(text.casefold(), "")
        if not draft.answer:
            draft.doubt("value", f'"{text}" is none of {", ".join(list(codes.values())[:_NAMED])}')
    else:
        draft.reading = _read_count(cell, draft)
        if draft.reading is None:
            draft.doubt("value", f'"{text}" is no whole number and none of the form\'s marks')


def _read_count(cell: Cell, draft: Draft) -> Reading | None:
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        # What the file holds, not what a number format shows: "1.2k" over 1204 is 1204.
        return Reading(value=int(cell.value)) if cell.value >= 0 and cell.value == int(cell.value) else None
    reading = parse_value(cell.text)
    if reading is None or not reading.settled or reading.number is not None:
        return None
    if reading.mark:
        draft.evidence.append(f"marked {reading.mark}")
    return reading


def _check_document(survey: Survey, reply: Reply, document: str, grids: Sequence[Grid], found: Returned) -> None:
    """A form that came back empty is one Finding; one made for another authority leaves every value open."""
    own = [draft for draft in found.drafts if draft.document == document]
    if not own:
        left = [item for item in found.findings if item.source and item.source.document == document]
        found.findings = [item for item in found.findings if item not in left]
        source = left[0].source if left else None
        message = f"{document}: the reply form came back empty. Look for the answer in the letter, or ask for it."
        found.findings.append(
            Finding(check="form-empty", severity="info", message=message, subject=reply.authority, source=source)
        )
    texts = (cell.text for grid in grids if grid.document == document for cell in grid.cells[:4])
    tokens = {token for text in texts for token in find_tokens(text)}
    if tokens and make_token(survey, reply.authority) not in tokens:
        for draft in own:
            draft.doubt("authority", f"the form's reference {min(tokens)} is not that of {reply.authority}'s request")
    found.findings = [replace(item, subject=reply.authority) for item in found.findings]


def _report_blank(grid: Grid, question: Question, left: Sequence[str]) -> Finding:
    shown = "; ".join(left[:_NAMED]) + (f"; and {len(left) - _NAMED} more" if len(left) > _NAMED else "")
    return Finding(
        check="form-blank",
        severity="warning",
        message=f"{grid.document}, {grid.part}: {len(left)} cells of question {question.number} were left blank "
        f"({shown}). Blank is not zero: nothing was read for them. Ask the authority.",
        subject="",
        source=Source(document=grid.document, part=grid.part, ref=grid.cells[0].ref, quote=grid.cells[0].text),
    )
