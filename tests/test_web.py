"""The queue without its pages: what is open, what an answer writes, what a patch does, and two people at once."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerable import store
from answerable.cli import main
from answerable.decisions import find_last, parse_decisions, settle_findings
from answerable.errors import AnswerableError, StoreError, SurveyError
from answerable.line import read_edition
from answerable.model import Decision, Finding
from answerable.web.held import Conflict, Held, answer_item, look, open_survey, save_patch, take_back
from answerable.web.items import Item, list_items
from answerable.web.rulings import Ruling, find_latest, make_decisions
from answerable.web.teaching import limit_candidate, list_candidates, try_patch, write_patch
from review_survey import MARKED, ODD, WRONG, name_authority, write_review_survey


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Held:
    return open_survey(write_review_survey(tmp_path_factory.mktemp("web") / "survey"), workers=1)


@pytest.fixture
def held(read: Held, tmp_path: Path) -> Held:
    """A survey folder of the test's own, with the reading done once for all."""
    folder = write_review_survey(tmp_path / "survey")
    return Held(folder=folder, view=read.view, filed=read.filed, stamp=store.find_stamp(folder))


def find(held: Held, title: str) -> Item:
    return next(item for item in look(held).items if title in item.title)


def test_one_label_of_twelve_replies_is_one_item_and_one_symbol_of_a_reply_is_one(held: Held) -> None:
    label = find(held, '"Sixteen plus"')
    assert label.authorities == tuple(name_authority(number) for number in ODD)
    assert len(label.members) == 2 * len(ODD)
    symbols = [item for item in look(held).items if item.kind == "symbol" and item.text == "~"]
    assert {name for item in symbols for name in item.authorities} >= {name_authority(number) for number in MARKED}


def test_a_cell_is_in_one_item_only_and_every_open_cell_is_in_one(held: Held) -> None:
    view = look(held)
    names = [member.name for item in view.items for member in item.members]
    assert len(names) == len(set(names))
    wanted = {
        (t.source.document, t.source.part, t.source.ref)
        for f in view.findings
        if f.severity != "info"
        for t in f.touched
    }
    shown = {(m.source.document, m.source.part, m.source.ref) for i in view.items for m in i.members if m.source}
    assert wanted and wanted <= shown


def test_worst_comes_first(held: Held) -> None:
    view = look(held)
    wrong = Finding(check="unreadable-document", severity="error", message="x.pdf: locked.", subject="town-01")
    first = list_items((*view.findings, wrong), view.observations, (), {})[0]
    assert first.severity == "error" and first.check == "unreadable-document"


def test_an_answer_is_one_line_a_value_with_who_when_why_and_quote_and_undo_is_another(held: Held) -> None:
    item = find(held, "A total and its cells disagree")
    answer_item(held, item, Ruling(verdict="accept", reason="rung them"), "ana", look(held).seen)
    lines = [json.loads(line) for line in (held.folder / "decisions.jsonl").read_text().splitlines()]
    assert len(lines) == len(item.members) == 4
    assert all(line["by"] == "ana" and line["reason"] == "rung them" and line["quote"] and line["at"] for line in lines)
    assert item.id not in {one.id for one in look(held).items}
    take_back(held, find_latest(look(held).decisions, "ana"), "ana")
    assert len((held.folder / "decisions.jsonl").read_text().splitlines()) == 8
    assert item.id in {one.id for one in look(held).items}


@pytest.mark.parametrize("undone", [False, True])
def test_items_made_from_the_last_look_are_those_made_anew(held: Held, undone: bool) -> None:
    """Whatever was said in between, of whole items and of single values."""
    for title, ruling in (
        ("A total and its cells disagree", Ruling(verdict="correct", value="7")),
        ('"c.40"', Ruling(verdict="reject")),
        ('"Sixteen plus"', Ruling(verdict="ask_authority")),
        ("A total and its cells disagree", Ruling(verdict="accept")),
    ):
        item = find(held, title)
        only = item.members[0].name if ruling.verdict == "correct" else ""
        answer_item(held, item, replace(ruling, only=only), "ana", look(held).seen)
        if undone:
            take_back(held, find_latest(look(held).decisions, "ana"), "ana")
        view = look(held)
        documents = {d.path: d.sha256 for read in view.reads for d in read.reply.documents}
        assert view.items == list_items(view.findings, view.observations, view.decisions, documents)


@pytest.mark.parametrize(
    ("verdict", "value", "accepted", "read_as"),
    [("correct", "40", True, 40), ("correct", "not held", True, None), ("reject", None, False, None)],
)
def test_a_build_applies_what_was_decided(held: Held, verdict: str, value: str, accepted: bool, read_as: int) -> None:
    item = find(held, '"c.40"')
    answer_item(held, item, Ruling(verdict=verdict, value=value), "ana", look(held).seen)  # type: ignore[arg-type]
    edition = read_edition(held.folder, workers=1)
    made = next(o for o in edition.observations if o.id == item.members[0].name)
    assert (made.accepted, made.value, made.original_value, made.origin) == (accepted, read_as, "c.40", "review:ana")
    left = [f for f in edition.findings if f.subject == "town-25" and f.check == "review-value"]
    assert [f.severity for f in left] == ["info"] and "Settled: " in left[0].message


@pytest.mark.parametrize("value", ["", "c.40", "twelve-ish", "<", None])
def test_a_correction_that_cannot_be_read_is_refused(held: Held, value: str | None) -> None:
    with pytest.raises(SurveyError, match="is no whole number"):
        make_decisions(find(held, '"c.40"'), Ruling(verdict="correct", value=value), "ana", "now")


def test_accepting_takes_only_what_has_a_value(held: Held) -> None:
    with pytest.raises(SurveyError, match="holds nothing to accept"):
        make_decisions(find(held, '"Sixteen plus"'), Ruling(verdict="accept"), "ana", "now")


def test_asking_the_authority_takes_it_off_the_queue_and_leaves_it_open(held: Held) -> None:
    item = find(held, '"Sixteen plus"')
    answer_item(held, item, Ruling(verdict="ask_authority"), "ana", look(held).seen)
    view = look(held)
    assert item.id not in {one.id for one in view.items}
    assert any(f.check == "review-category" and f.severity == "warning" for f in view.findings)


def test_a_meaning_chosen_once_settles_twelve_replies_and_says_so_first(held: Held) -> None:
    view, item = look(held), find(held, '"Sixteen plus"')
    candidate = next(c for c in list_candidates(view.survey, item, view.observations) if c.shown.endswith("16 and 17"))
    effect = try_patch(view.survey, view.reads, view.lookups, write_patch(candidate, "", "ana", "2026-11-24"))
    assert (effect.gained, effect.lost) == (24, 0)
    assert {name for name, _ in effect.authorities} == set(item.authorities)
    assert not (held.folder / "lookups.toml").exists()
    save_patch(held, item, candidate, "their letter says so", "ana")
    assert 'text = "Sixteen plus"' in (held.folder / "lookups.toml").read_text()
    assert item.id not in {one.id for one in look(held).items}
    edition = read_edition(held.folder, workers=1)
    assert sum(o.origin.startswith("lookup:") and o.accepted for o in edition.observations) == 24
    take_back(held, find_latest(look(held).decisions, "ana"), "ana")
    assert "Sixteen plus" not in (held.folder / "lookups.toml").read_text()
    assert item.id in {one.id for one in look(held).items}


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("38 (Qlikview) 544 (Niche)", ["582, the sum of 38 and 544", "38", "544"]),
        ("1,447 and 1", ["1448, the sum of 1447 and 1", "1447", "1"]),
        ("c.1204", ["1204"]),
        ("7 of 7", ["14, the sum of 7 and 7", "7"]),
        ("~", []),
    ],
)
def test_several_numbers_in_a_cell_may_mean_their_sum_or_each(held: Held, text: str, offered: list[str]) -> None:
    item = replace(next(item for item in look(held).items if item.kind == "symbol"), text=text)
    shown = [candidate.shown for candidate in list_candidates(held.view.survey, item, ())]
    assert shown[: len(offered)] == offered
    assert shown[len(offered)].startswith("Suppressed")


def test_labels_come_before_pages_of_the_same_severity(held: Held) -> None:
    kinds = [(item.severity, item.kind == "label") for item in look(held).items]
    warned = [is_label for severity, is_label in kinds if severity == "warning"]
    assert any(warned) and warned == sorted(warned, reverse=True)


def test_a_symbol_means_something_in_its_own_reply_only(held: Held) -> None:
    view = look(held)
    item = next(i for i in view.items if i.text == "~")
    candidate = list_candidates(view.survey, item, view.observations)[0]
    assert dict(candidate.patch)["authority"] == item.authorities[0]
    effect = try_patch(view.survey, view.reads, "", write_patch(candidate, "", "ana", "2026-11-24"))
    assert [name for name, _ in effect.authorities] == list(item.authorities)


def test_a_label_can_mean_something_in_one_reply_only(held: Held) -> None:
    view, item = look(held), find(held, '"Sixteen plus"')
    candidate = next(c for c in list_candidates(view.survey, item, view.observations) if c.shown.endswith("16 and 17"))
    limited = limit_candidate(candidate, "town-03", view.survey)
    effect = try_patch(view.survey, view.reads, view.lookups, write_patch(limited, "", "ana", "2026-11-24"))
    assert effect.authorities == (("town-03", 2),)
    assert limit_candidate(limited, "town-04", view.survey) == limited


def test_two_people_at_once_never_overwrite_and_see_the_conflict(held: Held) -> None:
    item, seen = find(held, '"c.40"'), look(held).seen
    answer_item(held, item, Ruling(verdict="correct", value="40"), "ana", seen)
    with pytest.raises(Conflict, match=r"ana, .*decided correct in the meantime"):
        answer_item(held, item, Ruling(verdict="reject"), "ben", seen)
    assert [d.by for d in parse_decisions(store.read_decisions(held.folder))] == ["ana"]
    answer_item(held, item, Ruling(verdict="reject"), "ben", look(held).seen)
    last = find_last(parse_decisions(store.read_decisions(held.folder)))
    assert last[item.members[0].name].by == "ben"


def test_the_same_word_from_two_people_is_no_conflict(held: Held) -> None:
    item, seen = find(held, '"c.40"'), look(held).seen
    for by in ("ana", "ben"):
        answer_item(held, item, Ruling(verdict="reject"), by, seen)
    assert [d.by for d in parse_decisions(store.read_decisions(held.folder))] == ["ana", "ben"]


def test_lookups_changed_in_the_meantime_are_not_overwritten(held: Held) -> None:
    with pytest.raises(StoreError, match="was changed in the meantime"):
        store.change_lookups(held.folder, "something else", "new")
    assert not (held.folder / "lookups.toml").exists()


def test_a_line_cut_off_by_a_crash_does_not_swallow_the_next(tmp_path: Path) -> None:
    (tmp_path / "decisions.jsonl").write_bytes(b'{"half": ')
    assert store.append_decisions(tmp_path, ["{}\n"], 0, lambda _: False)
    assert (tmp_path / "decisions.jsonl").read_text().splitlines() == ['{"half": ', "{}"]


def test_what_another_program_decides_is_seen(held: Held) -> None:
    member = find(held, '"c.40"').members[0]
    line = {"observation": member.name, "verdict": "reject", "value": None, "reason": "r", "by": "b", "at": "t"}
    store.append_decision(held.folder, json.dumps({**line, "quote": member.quote}))
    assert not any('"c.40"' in item.title for item in look(held).items)


def decide(name: str, verdict: str, quote: str) -> Decision:
    return Decision(observation=name, verdict=verdict, value=None, reason="r", by="ana", at="t", quote=quote)  # type: ignore[arg-type]


def test_a_finding_without_cells_is_settled_by_its_own_words_only(held: Held) -> None:
    finding = Finding(check="tenfold-change", severity="warning", message="ten times.", subject="kent")
    item = list_items([finding], (), (), {})[0]
    name = item.members[0].name
    assert settle_findings([finding], (), [decide(name, "accept", "ten times.")])[0].severity == "info"
    changed = replace(finding, message="twenty times.")
    assert [f.severity for f in settle_findings([changed], (), [decide(name, "accept", "ten times.")])] == [
        "warning",
        "warning",
    ]


@pytest.mark.parametrize("check", ["disclosure", "unproven-sentence", "decision-unusable"])
def test_no_decision_settles_what_must_be_put_right(check: str) -> None:
    finding = Finding(check=check, severity="error", message="no.", subject="kent")
    item = list_items([finding], (), (), {})[0]
    assert settle_findings([finding], (), [decide(item.members[0].name, "accept", "no.")])[0].severity == "error"
    with pytest.raises(AnswerableError, match="cannot be settled by a decision"):
        make_decisions(item, Ruling(verdict="accept"), "ana", "now")


def test_two_accepted_values_of_one_thing_are_an_error_and_neither_counts(held: Held) -> None:
    view = look(held)
    items = [o for o in view.observations if o.authority == name_authority(WRONG[0])]
    one = replace(items[0], accepted=True, value=3)
    two = replace(one, source=replace(one.source, ref="Z9"), value=4, accepted=False)
    from answerable.decisions import apply_decisions

    decided, findings = apply_decisions([one, two], [decide(two.id, "accept", two.original_value)])
    assert [o.accepted for o in decided] == [False, False]
    assert [f.check for f in findings] == ["conflicting-values"]
    same, none = apply_decisions([one, replace(two, value=3)], [decide(two.id, "accept", two.original_value)])
    assert [o.accepted for o in same] == [True, False] and none == ()


def test_the_terminal_lists_what_is_open_and_takes_an_answer(tmp_path: Path) -> None:
    folder, run = write_review_survey(tmp_path / "survey", 25), CliRunner()
    listed = run.invoke(main, ["review", str(folder), "--json"])
    rows = json.loads(listed.stdout)
    assert listed.exit_code == 1 and rows[0]["title"].startswith('"Sixteen plus"') and rows[0]["values"] == 24
    wrong = next(row for row in rows if row["check"] == "review-arithmetic")
    said = ["review", str(folder), wrong["item"], "--verdict", "accept", "--as", "ana", "--why", "rung them", "--json"]
    left = json.loads(run.invoke(main, said).stdout)
    assert len(left) == len(rows) - 1
    made = parse_decisions(store.read_decisions(folder))
    assert {(d.by, d.reason, d.verdict) for d in made} == {("ana", "rung them", "accept")}
    assert run.invoke(main, ["review", str(folder), "none", "--verdict", "accept"]).exit_code == 2
    assert run.invoke(main, ["review", str(folder), wrong["item"]]).exit_code == 2
