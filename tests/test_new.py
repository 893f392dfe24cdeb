"""`answerable new`: a starting survey that is valid, shows every key, and rolls a year forward without guessing."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerable import store
from answerable.cli import main
from answerable.survey import SETTINGS
from answerable.survey.roll import roll_forward, roll_lookups
from answerable.survey.template import EXAMPLES, make_reply_guide, make_survey_text


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.output


def test_a_new_survey_is_valid_and_waits_for_its_replies(tmp_path: Path) -> None:
    code, output = run("new", str(tmp_path / "My survey 2025"))
    assert code == 0, output
    survey = store.read_survey(tmp_path / "My survey 2025")
    assert survey.id == "my-survey-2025"
    assert len(survey.authorities) == 43
    replies, findings = store.read_replies(tmp_path / "My survey 2025", survey)
    assert not findings
    assert {reply.outcome for reply in replies} == {"waiting_response"}
    assert not any(reply.documents for reply in replies)


def test_the_starting_text_shows_every_key_once_in_its_table() -> None:
    text = make_survey_text("x") + make_reply_guide()
    lines = [line.removeprefix("# ").partition(" = ")[0] for line in text.split("# A breakdown")[0].splitlines()]
    lines += [line.partition(" = ")[0] for line in make_reply_guide().splitlines()]
    for setting in SETTINGS:
        assert setting.key in lines, f"{setting.table}.{setting.key}"
    assert set(EXAMPLES) == {(s.table, s.key) for s in SETTINGS} - {("", "id")}


def test_every_commented_example_has_the_type_that_its_key_takes() -> None:
    for setting in SETTINGS:
        example = EXAMPLES.get((setting.table, setting.key))
        if example is not None:
            assert isinstance(tomllib.loads(f"x = {example}")["x"], setting.type), setting.key


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "lookups.toml").write_text("# mine\n")
    code, output = run("new", str(tmp_path))
    assert code == 2
    assert "is there already" in output
    assert (tmp_path / "lookups.toml").read_text() == "# mine\n"
    assert not (tmp_path / "survey.toml").exists()


@pytest.mark.parametrize("name", store.list_bundled())
def test_a_survey_rolls_forward_with_its_questions_and_their_versions(name: str, tmp_path: Path) -> None:
    code, output = run("new", str(tmp_path / "next"), "--from", name, "--json")
    assert code == 0, output
    old, new = store.read_survey(store.BUNDLED / name), store.read_survey(tmp_path / "next")
    assert [(q.id, q.version, q.aliases) for q in new.questions] == [
        (q.id, q.version, q.aliases) for q in old.questions
    ]
    assert new.contact == old.contact
    assert new.dimensions == old.dimensions
    assert [p.start.year for p in new.periods] == [p.start.year + 1 for p in old.periods]
    assert len(new.comparisons) == len(old.comparisons)
    assert not new.references
    assert not (tmp_path / "next" / "replies" / "kent").exists()


def test_rolling_twice_moves_two_years(tmp_path: Path) -> None:
    run("new", str(tmp_path / "a"), "--from", "cyber-flag")
    code, output = run("new", str(tmp_path / "b"), "--from", str(tmp_path / "a"))
    assert code == 0, output
    survey = store.read_survey(tmp_path / "b")
    assert [period.id for period in survey.periods] == ["2017/18", "2018/19"]
    assert "2017/18 and in 2018/19" in survey.questions[0].text


OLD = """\
title = "Crimes in 2023"  # kept
periods = ["2022", "2023"]
published = 2024-02-01
[[period]]
id = "leap"
start = 2023-02-28
end = 2024-02-29
aliases = ["to February 2024"]
[[break]]
period = "2022"
reason = "a"
[[break]]
period = "2023"
reason = "b"
[[question]]
id = "a"
text = "How many in 2022 and 2023, since 2010?"
"""


def test_what_a_person_must_look_at_is_said() -> None:
    text, notes = roll_forward(OLD, "survey.toml")
    raw = tomllib.loads(text)
    assert raw["periods"] == ["2023", "2024"]
    assert "published" not in raw
    assert [item["period"] for item in raw["break"]] == ["2023"]
    assert (str(raw["period"][0]["start"]), str(raw["period"][0]["end"])) == ("2024-02-29", "2025-02-28")
    assert raw["period"][0]["aliases"] == ["to February 2025"]
    assert raw["question"][0]["text"] == "How many in 2023 and 2024, since 2010?"
    assert "# kept" in text
    said = "\n".join(notes)
    for words in ("published was taken out", "break at 2022", "period leap runs from", "title still names 2023"):
        assert words in said
    assert "question a, text still names 2010" in said


def test_lookups_of_single_documents_stay_with_last_year() -> None:
    text, notes = roll_lookups(
        '# why\n[[label]]\ntext = "a"\ntotal = true\nreason = "x"\n'
        '[[label]]\ntext = "b"\ndocument = "kent/a.pdf"\ntotal = true\nreason = "x"\n'
        '[[value]]\ntext = "*"\ndocument = "kent/a.pdf"\nlow = 1\nreason = "x"\n',
        "lookups.toml",
    )
    raw = tomllib.loads(text)
    assert [item["text"] for item in raw["label"]] == ["a"]
    assert "value" not in raw
    assert len(notes) == 2


def test_rolling_from_no_survey_says_what_to_do(tmp_path: Path) -> None:
    code, output = run("new", str(tmp_path / "b"), "--from", str(tmp_path / "none"))
    assert code == 2
    assert "there is no such folder" in output


def test_json_lists_what_was_written(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["new", str(tmp_path / "a"), "--json"])
    assert json.loads(result.stdout)["files"] == ["survey.toml", "lookups.toml", "references.csv", "replies/README.md"]
