"""Every non-empty cell has a fate, whatever the grid; nothing read is both accepted and unplaced."""

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.model import TOTAL, Grid
from answerable.observations import account_cells, find_observations
from building import REPLY, build_grid, build_survey, build_text

SURVEY = build_survey()
TEXTS = st.sampled_from(
    ["", "", "5", "72", "1,204", "*", "<5", "nil", "not held", "2015/16", "2016/17", "2016", "13", "Female", "Male",
     "11 and under", "Rape", "Sexual assault", "Total", "Unknown", "Question 4", "Sussex", "s.40(2)", "92 (A) 33 (B)",
     "Offence", "Age", "There were 39 offences in 2016/17.", "* means fewer than five", "% change", "86/2"]
)  # fmt: skip
SHEETS = st.lists(st.lists(TEXTS, min_size=1, max_size=6), min_size=1, max_size=10)
LETTERS = st.lists(TEXTS.filter(bool), min_size=1, max_size=12)


def build(rows: list[list[str]], lines: list[str]) -> list[Grid]:
    sheet = build_grid(["|".join(row) for row in rows], kind="sheet", part='sheet "1"')
    return [build_text(lines), sheet]


@settings(max_examples=150, deadline=None)
@given(SHEETS, LETTERS)
def test_every_cell_has_a_fate_and_every_unread_one_a_finding(rows: list[list[str]], lines: list[str]) -> None:
    grids = build(rows, lines)
    account = account_cells(SURVEY, REPLY, grids)
    cells = {(g.document, g.part, c.ref, c.row, c.col) for g in grids for c in g.cells if c.text.strip()}
    assert set(account) == cells
    _, findings = find_observations(SURVEY, REPLY, grids)
    unread = [finding for finding in findings if finding.check == "unread-cell"]
    assert bool(unread) == ("unread" in account.values())


@settings(max_examples=150, deadline=None)
@given(SHEETS, LETTERS)
def test_what_is_accepted_is_placed_once_with_evidence(rows: list[list[str]], lines: list[str]) -> None:
    grids = build(rows, lines)
    observations, _ = find_observations(SURVEY, REPLY, grids)
    assert (observations, _) == find_observations(SURVEY, REPLY, grids)
    texts = {cell.text for grid in grids for cell in grid.cells}
    codes = {d.id: {c.code for c in d.categories} | {TOTAL} for d in SURVEY.dimensions}
    seen = set()
    for observation in (o for o in observations if o.accepted):
        key = (observation.question, observation.period, observation.dimensions)
        assert key not in seen
        seen.add(key)
        assert observation.period in {period.id for period in SURVEY.periods}
        assert all(code in codes[name] for name, code in observation.dimensions)
        assert (observation.value is None) == (observation.status != "normal")
        assert len(observation.evidence) >= 3
        source = observation.source
        assert (
            source.quote in texts
            or any(source.quote in text for text in texts)
            or ":" in source.ref
            or not source.quote
        )


def test_a_cell_that_nothing_labels_is_reported_and_an_ignored_one_is_not() -> None:
    grid = build_grid(["Offence|2016/17", "Rape|5", "Sexual assault|6", "|11|Sheet 4|99"], kind="sheet")
    account = account_cells(SURVEY, REPLY, [grid])
    assert account["kent/reply.docx", "table 1", "D4", 3, 3] == "unread"
