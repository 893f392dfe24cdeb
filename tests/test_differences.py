"""Two editions compared: what moved, which reply moved it, and nothing that an authority withheld."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerable import store
from answerable.bounds import find_leaks
from answerable.cli import main
from answerable.decisions import write_decision
from answerable.figures import compute_figures
from answerable.line import read_edition
from answerable.model import Decision, Edition, Observation
from answerable.stories import Difference, find_differences
from counted import NOW, THEN, answer, make_counted_survey, observe

SURVEY_TOML = """
id = "moving"
title = "Cyber-flagged sexual offences"
subject = "cyber-flagged sexual offences against under-18s"
area = "England and Wales"
register = "uk-police"
authorities = ["dorset", "essex", "hampshire", "kent", "surrey"]
periods = ["2014/15", "2015/16"]
[[question]]
id = "offences"
number = "1"
text = "How many offences were recorded in each financial year?"
measure = "Offences"
unit = "offences"
"""
TOTAL = "total/england-and-wales/offences/2015-16"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.exit_code, result.stdout


def file_reply(folder: Path, authority: str, count: int) -> None:
    path = folder / "replies" / authority / "reply.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"Financial year,Offences\n2015/16,{count}\n")


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A survey published three times: two more replies came, then a fifth and a correction."""
    folder = tmp_path_factory.mktemp("moving")
    (folder / "survey.toml").write_text(SURVEY_TOML)
    for authority, count in (("essex", 1186), ("kent", 2000)):
        file_reply(folder, authority, count)
    assert run("publish", str(folder))[0] == 0
    for authority, count in (("hampshire", 500), ("surrey", 217)):
        file_reply(folder, authority, count)
    assert run("publish", str(folder))[0] == 0
    file_reply(folder, "dorset", 39)
    (old,) = (item for item in read_edition(folder).observations if item.authority == "kent")
    decision = Decision(
        observation=old.id, verdict="correct", value="2100", reason="Kent wrote on 1 May that 100 were left out.",
        by="anna", at="2017-05-01T10:00:00Z", quote=old.source.quote,
    )  # fmt: skip
    store.append_decision(folder, write_decision(decision))
    assert run("publish", str(folder))[0] == 0
    yield folder


def list_figures(folder: Path, old: str, new: str) -> dict[str, dict[str, object]]:
    code, text = run("diff", old, new, "--survey", str(folder), "--json")
    assert code == 1
    return {row["id"]: row for row in json.loads(text) if row["subject"] == "figure"}


def test_the_figure_that_moved_over_three_editions_names_the_replies_that_moved_it(moving: Path) -> None:
    first, second = list_figures(moving, "1", "2"), list_figures(moving, "2", "3")
    moves = [(row[TOTAL]["old"]["value"], row[TOTAL]["new"]["value"]) for row in (first, second)]  # type: ignore[index]
    assert moves == [(3186, 3903), (3903, 4042)]
    causes = [[(c["authority"], c["kind"]) for c in row[TOTAL]["causes"]] for row in (first, second)]  # type: ignore[attr-defined]
    assert causes == [[("hampshire", "arrived"), ("surrey", "arrived")], [("dorset", "arrived"), ("kent", "reviewed")]]
    coverage = second["coverage/england-and-wales/offences/2015-16"]
    assert [c["authority"] for c in coverage["causes"]] == ["dorset"]  # type: ignore[attr-defined]
    kent = second[TOTAL]["causes"][1]  # type: ignore[index]
    assert kent["documents"] == ["kent/reply.csv"]
    assert "2,000 before, 2,100 now" in kent["text"]
    assert first[TOTAL]["old"]["n_answered"] == 2 and first[TOTAL]["new"]["n_answered"] == 4  # type: ignore[index]


def test_every_figure_and_sentence_that_differs_is_listed_and_no_other(moving: Path) -> None:
    files = [store.read_printed(moving / "published" / name) for name in "23"]
    figures = [{row["id"]: row for row in json.loads(item["figures.json"])} for item in files]
    numbers = ("value", "low", "high", "n_answered", "n_matched")
    differing = {
        name
        for name in figures[0].keys() | figures[1].keys()
        if [figures[0].get(name, {}).get(key) for key in numbers]
        != [figures[1].get(name, {}).get(key) for key in numbers]
    }
    assert set(list_figures(moving, "2", "3")) == differing
    texts = [{(row["place"], row["text"]) for row in json.loads(item["sentences.json"])} for item in files]
    _, text = run("diff", "2", "3", "--survey", str(moving), "--json")
    rows = [row for row in json.loads(text) if row["subject"] == "sentence"]
    assert {(row["authority"], row["new"]["text"]) for row in rows if row["new"]} == texts[1] - texts[0]
    assert {(row["authority"], row["old"]["text"]) for row in rows if row["old"]} == texts[0] - texts[1]
    assert any(row["change"] == "changed" and "4,042" in row["new"]["text"] for row in rows)
    assert all(row["causes"] or row["reason"] for row in rows)


def test_an_edition_beside_the_folder_as_it_stands_and_beside_itself(moving: Path) -> None:
    assert run("diff", "3", str(moving), "--survey", str(moving))[0] == 0
    assert run("diff", str(moving / "published" / "3"), str(moving / "build"))[0] == 0
    code, text = run("diff", "1", "3", "--survey", str(moving), "--authority", "kent", "--kind", "total")
    assert code == 1
    assert "2,000" in text and "2,100" in text and "Dorset" not in text


def test_what_names_no_edition_says_what_could_be_named(moving: Path) -> None:
    result = CliRunner().invoke(main, ["diff", "9", "3", "--survey", str(moving)])
    assert result.exit_code == 2
    assert "published there: 1, 2, 3" in result.stderr


def test_a_publication_that_was_cut_short_is_no_edition(moving: Path, tmp_path: Path) -> None:
    for name, count in (("1", 5), ("10", 6), ("2", 7), (".3.partial", 8), ("2017-06", 9)):
        (tmp_path / "published" / name).mkdir(parents=True)
        figures = json.loads(store.read_printed(moving / "published" / "1")["figures.json"])
        (tmp_path / "published" / name / "figures.json").write_text(json.dumps([{**figures[0], "value": count}]))
    assert list(store.read_editions(tmp_path)) == ["1", "2", "10", "2017-06"]


SURVEY = make_counted_survey()


def edition(*observations: Observation) -> Edition:
    replies = tuple(answer(item.id) for item in SURVEY.authorities)
    return Edition(
        survey=SURVEY, replies=replies, grids=(), observations=observations, findings=(),
        figures=compute_figures(SURVEY, replies, observations),
    )  # fmt: skip


def find(found: tuple[Difference, ...], name: str) -> Difference:
    (only,) = (item for item in found if item.id == name)
    return only


NATION = "total/the-realm/offences/2016-17"


def test_a_count_withheld_since_is_not_printed_by_the_comparison() -> None:
    """Ash gave 3 in the old edition and a star in the new: the old total less the others' counts would say 3."""
    others = [observe("birch", NOW, 40), observe("cedar", NOW, 71)]
    old = edition(observe("ash", NOW, 3), *others)
    new = edition(observe("ash", NOW, None, bounds=(0, 4)), *others)
    assert find_leaks(SURVEY, new.observations, new.figures, {"old": old.figures})
    found = find_differences(old, new)
    assert found
    for item in found:
        told = [item.old.text if item.old else "", item.new.text if item.new else "", *(c.text for c in item.causes)]
        assert item.hidden and set(told[:2]) <= {"[c]", ""}
        assert item.old is None or (item.old.value, item.old.low, item.old.high) == (None, None, None)
        assert not any(" 3" in text or "114" in text for text in told)


def test_a_withheld_count_that_nothing_narrows_stays_a_range_and_the_rest_is_told() -> None:
    star = observe("ash", NOW, None, bounds=(0, 4))
    old = edition(star, observe("birch", NOW, 40), observe("cedar", NOW, 71))
    new = edition(star, observe("birch", NOW, 45, document="birch/2.csv"), observe("cedar", NOW, 71))
    found = find_differences(old, new)
    total = find(found, NATION)
    assert (total.old and total.old.text, total.new and total.new.text) == (
        "between 111 and 115",
        "between 116 and 120",
    )
    assert [(cause.authority, cause.kind) for cause in total.causes] == [("birch", "corrected")]
    assert not any(item.hidden for item in found)


def test_a_correction_elsewhere_does_not_contradict_the_earlier_edition() -> None:
    """The earlier total holds Birch's old count; read with its new one the star would have to be below 0."""
    star = observe("ash", NOW, None, bounds=(0, 4))
    old = edition(star, observe("birch", NOW, 40), observe("cedar", NOW, 71))
    new = edition(star, observe("birch", NOW, 80), observe("cedar", NOW, 71))
    assert find_leaks(SURVEY, new.observations, new.figures, {"1": old.figures}) == ()
    exact = replace(find_total(old), value=114, low=None, high=None)
    (leak,) = find_leaks(SURVEY, new.observations, new.figures, {"1": (*old.figures[1:], exact)})
    assert leak.subject == "ash" and "edition 1" in leak.message


def find_total(item: Edition) -> "object":
    return next(figure for figure in item.figures if figure.id == NATION)


def test_causes_tell_arrival_review_rereading_withdrawal_and_a_caveat_apart() -> None:
    base = [observe(name, period, 100) for name in ("ash", "birch", "cedar") for period in (THEN, NOW)]
    cases = [
        ([*base, observe("elm", NOW, 9)], "elm", "arrived"),
        (base[2:], "ash", "withdrawn"),
        ([*base[:1], replace(base[1], value=90, origin="review:anna"), *base[2:]], "ash", "reviewed"),
        ([*base[:1], replace(base[1], accepted=False, origin="review:anna"), *base[2:]], "ash", "reviewed"),
        ([*base[:1], replace(base[1], value=90), *base[2:]], "ash", "read_anew"),
        ([*base[:1], observe("ash", NOW, 90), *base[2:]], "ash", "corrected"),
        ([*base[:1], observe("ash", NOW, 90, document="ash/2.csv"), *base[2:]], "ash", "corrected"),
    ]
    for readings, authority, kind in cases:
        total = find(find_differences(edition(*base), edition(*readings)), NATION)
        assert [(cause.authority, cause.kind) for cause in total.causes] == [(authority, kind)], kind
    left = edition(*base[:1], replace(base[1], caveats=("system_changed",)), *base[2:])
    change = find(find_differences(edition(*base), left), "matched_total/the-realm/offences/2016-17-from-2015-16")
    assert [(cause.authority, cause.kind) for cause in change.causes] == [("ash", "left_out")]


def test_a_difference_that_no_reply_made_says_so() -> None:
    base = edition(observe("ash", NOW, 100), observe("birch", NOW, 60))
    survey = replace(SURVEY, authorities=SURVEY.authorities[:3])
    other = replace(base, survey=survey, figures=compute_figures(survey, base.replies, base.observations))
    coverage = find(find_differences(base, other), "coverage/the-realm/offences/2016-17")
    assert coverage.causes == () and coverage.reason.startswith("no reply changed")


def test_the_same_edition_twice_differs_in_nothing() -> None:
    base = edition(observe("ash", NOW, 100), observe("birch", NOW, None, bounds=(0, 4)), observe("cedar", NOW, 3))
    assert find_differences(base, base) == ()
