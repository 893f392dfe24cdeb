"""Answers at one key: which of two values stands, which number closes a total, and what is never offered."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from answerable import store
from answerable.errors import SurveyError
from answerable.model import Grid, Observation
from answerable.observations import find_observations
from answerable.web.app import make_app
from answerable.web.choices import Choice, list_choices
from answerable.web.held import Held, answer_by_choice, find_item, look, open_survey, take_back
from answerable.web.items import Item, list_items
from answerable.web.rulings import find_latest
from building import REPLY, build_grid, build_survey
from review_survey import WRONG, write_review_survey

SCANNED = "page 1, table 1, scanned"
NAMES = ("Rape", "Sexual assault", "Possession of indecent photographs")


def read_items(*grids: Grid) -> tuple[tuple[Item, ...], tuple[Observation, ...]]:
    observations, findings = find_observations(build_survey(), REPLY, grids)
    return list_items(findings, observations, (), {}), observations


def list_all(*grids: Grid) -> list[tuple[Item, Choice]]:
    items, observations = read_items(*grids)
    return [(item, choice) for item in items for choice in list_choices(build_survey(), item, observations)]


def build_table(numbers: list[int], total: int, part: str = SCANNED) -> Grid:
    rows = [f"{name} | {number}" for name, number in zip(NAMES, numbers, strict=False)]
    return build_grid(["Offence | 2016/17", *rows, f"Total | {total}"], part=part)


@settings(deadline=None, max_examples=40)
@given(numbers=st.lists(st.integers(0, 300), min_size=2, max_size=3), at=st.integers(0, 3), misread=st.integers(0, 900))
def test_the_number_that_was_misread_is_among_those_shown(numbers: list[int], at: int, misread: int) -> None:
    """And every number shown closes its total; the rest of the page is another item or was confirmed."""
    shown = [*numbers, sum(numbers)]
    at %= len(shown)
    true, shown[at] = shown[at], misread
    found = list_all(build_table(shown[:-1], shown[-1]))
    rulings = [choice.rulings[0] for _, choice in found if choice.rulings[0].verdict == "correct"]
    if true == misread:
        assert rulings == []
        return
    values = {member.name: member.observation for item, _ in found for member in item.members}
    wrong = {name for name, o in values.items() if o is not None and o.value == misread}
    assert any(ruling.value == str(true) and ruling.only in wrong for ruling in rulings)
    for ruling in rulings:
        o = values[ruling.only]
        assert o is not None
        part = dict(o.dimensions).get("offence", "_T") != "_T"
        rest = sum(shown[:-1]) - (o.value if part and isinstance(o.value, int) else 0)
        assert int(ruling.value or "") == (shown[-1] - rest if part else rest) >= 0


@pytest.mark.parametrize(
    ("grid", "titles"),
    [
        (build_table([12, 53], 77), ["A total and its cells disagree, page 1: 3 values"]),
        (build_table([12, 53], 77, part="table 1"), ["A total and its cells disagree, table 1: 3 values"]),
        (build_grid(["Offence | 2016/17", "Rape | 12"], part=SCANNED), []),
    ],
)
def test_a_number_is_never_offered_for_printed_text(grid: Grid, titles: list[str]) -> None:
    found = list_all(grid)
    assert list(dict.fromkeys(item.title for item, _ in found)) == titles
    verdicts = {ruling.verdict for _, choice in found for ruling in choice.rulings}
    assert ("correct" in verdicts) is (bool(titles) and grid.part == SCANNED)


def test_a_doubt_on_a_scanned_page_is_an_item_of_its_own() -> None:
    other = build_grid(["Offence | 2015/16", "Rape | 5"], part="page 1, table 2, scanned")
    items, _ = read_items(build_table([12, 53], 77), other)
    assert [(item.check, len(item.members)) for item in items] == [("review-arithmetic", 4), ("review-scanned", 1)]


def test_of_two_values_under_one_key_the_chosen_one_stands_and_the_other_is_turned_down() -> None:
    tables = [
        build_grid(["Offence | 2016/17", f"Rape | {n}", "Sexual assault | 9"], part=f"page 1, table {n}, scanned")
        for n in (1, 2)
    ]
    found = [(item, choice) for item, choice in list_all(*tables) if item.kind == "twice"]
    assert [[(r.verdict, r.only) for r in choice.rulings][-1][0] for _, choice in found] == ["accept", "accept"]
    (item,) = {item.id: item for item, _ in found}.values()
    assert item.title == "2 values for the same thing, page 1, table 1"
    assert [member.quote for member in item.members] == ["1", "2"]
    first = found[0][1]
    assert "“1”" in first.shown and {r.only: r.verdict for r in first.rulings} == {
        item.members[0].name: "accept",
        item.members[1].name: "not_this_question",
    }


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return open_survey(write_review_survey(tmp_path / "survey", WRONG.stop), workers=1)


def find_wrong(held: Held) -> tuple[Item, Choice]:
    view = look(held)
    item = next(item for item in view.items if item.check == "review-arithmetic")
    (choice,) = list_choices(view.survey, item, view.observations)
    return item, choice


def test_one_key_leaves_a_wrong_total_out_and_one_undo_brings_it_back(held: Held) -> None:
    item, choice = find_wrong(held)
    made = answer_by_choice(held, item, choice, "rung them", "ana", look(held).seen)
    view = look(held)
    assert len({decision.at for decision in made}) == 1 and {decision.reason for decision in made} == {"rung them"}
    assert find_item(view, item.id) is None
    standing = {o.id: o.accepted for o in view.observations}
    of_values = [r for r in choice.rulings if r.only in standing]
    assert [standing[r.only] for r in of_values] == [True, True, False]
    assert [r.verdict for r in choice.rulings if r not in of_values] == ["accept"]
    take_back(held, find_latest(view.decisions, "ana"), "ana")
    assert find_item(look(held), item.id) == item


def test_a_choice_is_taken_only_as_it_was_shown(held: Held) -> None:
    item, choice = find_wrong(held)
    client = TestClient(make_app(held, hosts=frozenset(("testserver",)), name="ana"))
    token = client.get("/queue").text.split('name="token" value="')[1].split('"')[0]
    fields = {"token": token, "item": item.id, "seen": str(look(held).seen)}
    assert "is no longer offered" in client.post("/queue/choose", data={**fields, "shown": "something else"}).text
    assert store.read_decisions(held.folder) == ""
    answer = client.post("/queue/choose", data={**fields, "shown": choice.shown}, headers={"hx-request": "true"})
    assert answer.status_code == 200 and "Chosen: The cells stand" in answer.text


def test_a_choice_that_settles_nothing_is_refused(held: Held) -> None:
    item, choice = find_wrong(held)
    gone = Choice(shown=choice.shown, rulings=tuple(r for r in choice.rulings if r.verdict == "accept"))
    other = next(one for one in look(held).items if one.id != item.id)
    with pytest.raises(SurveyError, match="holds nothing to"):
        answer_by_choice(held, other, gone, "", "ana", look(held).seen)
