"""Simulated surveys: the same bytes for a seed, valid folders, and a truth that is what the documents say."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerable import store
from answerable.cli import main
from answerable.line import build_survey
from answerable.surveys.simulate import QUESTIONS, TRUTH_COLUMNS, simulate_survey
from answerable.surveys.simulate.blocks import Part, Tabular, say
from answerable.surveys.simulate.reply import FORMATS
from answerable.surveys.simulate.world import AGES, OFFENCES, PERIODS, SEXES, make_forces
from answerable.surveys.simulate.writers import WRITERS, write_csv, write_ods
from answerable.surveys.simulate.writers.text import write_rtf

N = 60
FILES = dict(simulate_survey(N, 3))
TRUTH = list(csv.DictReader(io.StringIO(FILES["truth.csv"].decode())))


def test_a_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert dict(simulate_survey(N, 3)) == FILES
    assert dict(simulate_survey(5, 4))["truth.csv"] != dict(simulate_survey(5, 3))["truth.csv"]


def test_more_authorities_leave_the_first_replies_as_they_are() -> None:
    few = dict(simulate_survey(10, 3))
    for name, data in few.items():
        if name.startswith("replies/"):
            assert FILES[name] == data


def test_the_folder_is_a_survey_marked_as_simulated(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["simulate", str(tmp_path / "a"), "--authorities", "20", "--seed", "3", "--json"])
    assert result.exit_code == 0, result.output
    survey = store.read_survey(tmp_path / "a")
    replies, findings = store.read_replies(tmp_path / "a", survey)
    assert survey.simulated
    assert "simulated" in survey.subject
    assert not findings
    assert len(survey.authorities) == 20
    assert sum(bool(reply.documents) for reply in replies) == json.loads(result.stdout)["replies"]
    again = CliRunner().invoke(main, ["simulate", str(tmp_path / "a")])
    assert again.exit_code == 2
    assert "is there already" in again.output


def test_counts_add_up_over_every_breakdown() -> None:
    for force in make_forces(30, 9):
        for period in PERIODS:
            total = sum(force.offences[period, code] for code, _ in OFFENCES)
            assert sum(force.ages[period, age] for age in AGES) == total
            people = sum(force.victims[period, age, sex] for age in AGES for sex in SEXES)
            assert total - 3 <= people <= total


def test_names_are_distinct_and_hold_no_digit() -> None:
    forces = list(make_forces(1500, 2))
    assert len({force.id for force in forces}) == 1500
    assert not any(letter.isdigit() for force in forces for letter in force.name)


def test_the_truth_is_what_the_forces_recorded() -> None:
    assert tuple(TRUTH[0]) == TRUTH_COLUMNS
    forces = {force.id: force for force in make_forces(N, 3)}
    checked = 0
    for row in TRUTH:
        counts = forces[row["authority"]]
        if row["status"] == "suppressed":
            true = find_count(counts, row)
            assert int(row["low"]) <= true <= int(row["high"])
            checked += 1
        elif row["status"] == "normal" and row["expect"] == "accept":
            assert int(row["value"]) == find_count(counts, row), row
            checked += 1
    assert checked > 1000


def find_count(force: object, row: dict[str, str]) -> int:
    tables = {
        "offences": "offences",
        "offences-by-offence": "offences",
        "offences-by-age": "ages",
        "victims": "victims",
    }
    counts = getattr(force, tables[row["question"]])
    wanted = [row["period"], *(row[name] for name in ("offence", "age", "sex") if row[name])]
    return sum(
        n for key, n in counts.items() if all(want in (part, "_T") for want, part in zip(wanted, key, strict=False))
    )


def test_every_format_and_status_occurs() -> None:
    rows = list(csv.DictReader(io.StringIO(dict(simulate_survey(120, 3))["truth.csv"].decode())))
    assert {row["format"] for row in rows} == set(FORMATS)
    assert {row["status"] for row in rows} >= {"normal", "suppressed", "refused", "not_held", "clarify", "acknowledged"}
    assert {row["question"] for row in rows if row["question"]} == set(QUESTIONS)
    assert {row["expect"] for row in rows} == {"accept", "review"}
    assert len({row["layout"] for row in rows}) >= 15


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_a_writer_gives_the_same_bytes_twice(kind: str) -> None:
    table = Tabular(rows=(("a", None), ("c & <d>", 3), (None, "\u2013")), merges=((0, 0, 0, 1),))
    parts = (Part(name="One", blocks=(*say("x \u00e9"), table)), Part(name="Two", blocks=(table,)))
    assert WRITERS[kind](parts) == WRITERS[kind](parts)


def test_escaped_text_comes_back() -> None:
    from python_calamine import CalamineWorkbook

    part = (Part(name="A & B", blocks=(Tabular(rows=(("a<b & c", 1),)),)),)
    book = CalamineWorkbook.from_filelike(io.BytesIO(write_ods(part)))
    assert book.sheet_names == ["A & B"]
    assert book.get_sheet_by_index(0).to_python() == [["a<b & c", 1.0]]
    assert rb"\{a\\\}" in write_rtf((Part(blocks=say("{a\\}")),))
    assert write_csv(part, delimiter=";").startswith(b"a<b & c;1")


def test_every_page_of_a_simulated_survey_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    store.write_folder(folder, dict(simulate_survey(4, 6)))
    build_survey(folder, workers=1)
    pages = [path for path in (folder / "build").rglob("*") if path.suffix in {".html", ".md"}]
    assert len(pages) > 8
    silent = [str(path) for path in pages if "simulated" not in path.read_text(encoding="utf-8").lower()]
    assert not silent
