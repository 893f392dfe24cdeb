"""One reply, all its grids -> Observations and Findings: the order in which everything is settled.

Labels first, then months into periods, marks by the reply's key, arithmetic, questions, units; last, what is
said twice. The trap is the order itself: arithmetic needs the labels as they stand, so questions come after.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from answerable.lookups import Lookups
from answerable.model import Finding, Grid, Observation, Reply, Survey
from answerable.observations.arithmetic import check_sums
from answerable.observations.cells import read_cells
from answerable.observations.closing import close_drafts
from answerable.observations.context import Context, add_line, end_answer, find_periods
from answerable.observations.drafts import Draft
from answerable.observations.fused import part_fused
from answerable.observations.keys import Keys, find_keys, settle_marks
from answerable.observations.labels import LabelIndex, Meaning, index_labels
from answerable.observations.letters import find_caveats, limit_caveat
from answerable.observations.merging import merge_months
from answerable.observations.prose import read_line
from answerable.observations.returned import leave_out_forms, read_forms
from answerable.observations.settling import settle_period, settle_question
from answerable.observations.titles import apply_title, read_title
from answerable.observations.units import find_unit
from answerable.observations.unread import Fate, Place, find_unread
from answerable.observations.walking import Line, walk_items
from answerable.observations.years import find_usual_year, find_year_head, move_year
from answerable.tables import Joined
from answerable.tables.shapes import find_shape


@dataclass(slots=True)
class Reading:
    """What one reply gave: Drafts with the context each was read in, and the fate of its cells."""

    drafts: list[Draft] = field(default_factory=list)
    cues: list[Meaning | None] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    fates: dict[Place, str] = field(default_factory=dict)


def find_observations(
    survey: Survey, reply: Reply, grids: Sequence[Grid], lookups: Lookups | None = None
) -> tuple[tuple[Observation, ...], tuple[Finding, ...]]:
    """(observations, findings) of one reply with all its grids, in reading order.

    An observation with `accepted` False has a Finding of a check `review-...` that says what is open.
    """
    index = index_labels(survey)
    lookups = lookups or Lookups()
    reading = read_reply(index, reply, grids, lookups)
    said = find_caveats(leave_out_forms(grids)[0])
    caveats = (*reply.caveats, *(limit_caveat(index, caveat) for caveat in said))
    observations, findings = close_drafts(index, reply, reading.drafts, caveats, reading.fates)
    _, unread = find_unread(grids, reading.fates, reply.authority)
    return observations, (*reading.findings, *findings, *unread)


def account_cells(
    survey: Survey, reply: Reply, grids: Sequence[Grid], lookups: Lookups | None = None
) -> dict[tuple[str, str, str, int, int], Fate]:
    """What became of every non-empty cell of a reply: (document, part, ref, row, column) -> Fate."""
    index = index_labels(survey)
    reading = read_reply(index, reply, grids, lookups or Lookups())
    close_drafts(index, reply, reading.drafts, (), reading.fates)
    return find_unread(grids, reading.fates, reply.authority)[0]


def read_reply(index: LabelIndex, reply: Reply, grids: Sequence[Grid], lookups: Lookups) -> Reading:
    """The Drafts of a reply, settled as far as the evidence goes; a returned reply form needs no settling."""
    forms = read_forms(index.survey, reply, grids)
    reading, grids = Reading(findings=forms.findings, fates=forms.fates), forms.rest
    by_document: dict[str, list[Grid]] = {}
    for grid in (part_fused(index, grid, lookups, reply.authority) for grid in grids):
        by_document.setdefault(grid.document, []).append(grid)
    lines = _list_lines(grids)
    named = [meaning for text in lines for meaning in find_periods(index, text)]
    keys = find_keys(dict.fromkeys(lines))
    for own in by_document.values():
        said = _list_lines(own) if len(by_document) > 1 or own != list(grids) else ()
        everywhere = [meaning for text in said for meaning in find_periods(index, text)] or named
        context = Context()
        items = list(walk_items(own))
        for item, after in zip(items, [*items[1:], None], strict=True):
            if isinstance(item, Joined):
                _read_table(index, item, context, reading, everywhere, lookups, reply.authority)
            else:
                alone = not (isinstance(after, Line) and find_shape(after.cell) != "label")
                _read_loose(index, item, context, reading, everywhere, lookups, reply.authority, alone=alone)
    usual = find_usual_year(index.survey, lines)
    for draft in reading.drafts:
        move_year(index, draft, usual)
    _settle(index, reading, keys, reply)
    reading.drafts += forms.drafts
    return reading


def _list_lines(grids: Sequence[Grid]) -> list[str]:
    return [cell.text for grid in grids for cell in grid.cells if not cell.hidden and len(cell.text) > 5]


def _settle(index: LabelIndex, reading: Reading, keys: Keys, reply: Reply) -> None:
    cues = {id(draft): cue for draft, cue in zip(reading.drafts, reading.cues, strict=True)}
    reading.drafts = merge_months(index, reading.drafts, cues)
    settle_marks(reading.drafts, keys)
    reading.findings += check_sums(reading.drafts, reply.authority)
    for draft in reading.drafts:
        if not draft.derived:
            settle_question(index, draft, cues.get(id(draft)))


def _read_table(
    index: LabelIndex, joined: Joined, context: Context, reading: Reading, everywhere: Sequence[Meaning],
    lookups: Lookups, authority: str,
) -> None:  # fmt: skip
    for cell in joined.table.title:
        line = Line(grid=joined.table.grid, cell=cell, loose=True)
        _read_loose(index, line, context, reading, everywhere, lookups, authority)
    summed = frozenset(name for question in index.survey.questions for name in question.dimensions)
    title = read_title(index, joined.table, context, lookups, authority)
    found = read_cells(index, joined, len(reading.drafts), title.dimensions, lookups, authority)
    if _ignores(joined, lookups, authority, found.used):
        found.drafts = [draft for draft in found.drafts if not _is_ignored(draft, lookups, authority)]
    reading.fates |= {place: fate for place, fate in found.used.items() if reading.fates.get(place) != "value"}
    kind = find_year_head([*title.texts[:1], *_list_heads(joined)])
    unit = next((unit for text in title.texts if (unit := find_unit(text))), "")
    for draft in found.drafts:
        apply_title(draft, title, summed)
        move_year(index, draft, kind)
        settle_period(index, draft, (title.periods, context.periods), everywhere)
        draft.unit = draft.unit or unit  # of the nearest words that name one: its labels, else its title
    _add(reading, found.drafts, context)
    for cell in joined.table.notes:
        line = Line(grid=joined.table.grid, cell=cell, loose=True)
        _read_loose(index, line, context, reading, everywhere, lookups, authority)


def _list_heads(joined: Joined) -> list[str]:
    """The texts of a table's header rows and label columns' headings."""
    rows = set(joined.table.header_rows)
    return [cell.text for cell in joined.table.grid.cells if cell.row in rows and len(cell.text) < 60]


def _ignores(joined: Joined, lookups: Lookups, authority: str, used: dict[Place, str]) -> bool:
    """Mark the cells that lookups.toml says carry nothing asked for."""
    if not lookups.ignores:
        return False
    document = joined.table.grid.document
    hit = False
    for cell in joined.table.grid.cells:
        part = joined.find_part(cell.row)
        for ignore in lookups.ignores:
            named = (ignore.ref and (ignore.part, ignore.ref) == (part, cell.ref)) or (
                ignore.text and ignore.text == cell.text
            )
            if named and ignore.scope.covers(authority, document):
                used[document, part, cell.ref] = "ignored"
                hit = True
    return hit


def _is_ignored(draft: Draft, lookups: Lookups, authority: str) -> bool:
    return any(
        ignore.scope.covers(authority, draft.document)
        and ((ignore.ref and (ignore.part, ignore.ref) == (draft.part, draft.ref)) or ignore.text == draft.text != "")
        for ignore in lookups.ignores
    )


def _add(reading: Reading, drafts: Sequence[Draft], context: Context) -> None:
    cue = context.cue if context.sure else None
    if context.cue is None and context.number and context.sure:
        for draft in drafts:
            draft.doubt("question", f"it stands under question {context.number}, which the survey does not ask")
    reading.drafts += drafts
    reading.cues += [cue] * len(drafts)
    if drafts:
        end_answer(context)


def _read_loose(
    index: LabelIndex, line: Line, context: Context, reading: Reading, everywhere: Sequence[Meaning],
    lookups: Lookups, authority: str, *, alone: bool = True,
) -> None:  # fmt: skip
    place = (line.grid.document, line.grid.part, line.cell.ref)
    if any(
        ignore.scope.covers(authority, line.grid.document)
        and (ignore.text == line.cell.text or (ignore.part, ignore.ref) == (line.grid.part, line.cell.ref))
        for ignore in lookups.ignores
    ):
        reading.fates[place] = "ignored"
        return
    answers = context.cue is not None and context.sure and len(context.recent) == 1 and alone
    answers = answers and find_shape(line.cell) == "count"
    add_line(context, index, line.cell.text)
    drafts, findings = read_line(index, line, len(reading.drafts), authority, answers=answers)
    reading.findings += findings
    if drafts:
        reading.fates[place] = "value"
    before = frozenset(context.words) if drafts else frozenset()
    for draft in drafts:
        draft.before = before
        settle_period(index, draft, (context.periods,), everywhere)
    _add(reading, drafts, context)
