"""Documents that give too much away: held until a person decides, and printed nowhere until then."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from answerable import store
from answerable.cli import main
from answerable.line import build_survey, read_edition
from answerable.quarantine import find_held, hold_back
from test_survey import SURVEY

NAME = "Zebedee Quillfeather"
BORN = f"Year,Crimes\n2019/20,41\n\nName,Date of birth\n{NAME},03/04/2001\n"
PAPER = "cumbria/table.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reply = tmp_path / "survey" / "replies" / "cumbria"
    reply.mkdir(parents=True)
    (tmp_path / "survey" / "survey.toml").write_text(SURVEY)
    (reply / "table.csv").write_text(BORN)
    (reply / "reply.toml").write_text('received = 2020-05-01\noutcome = "successful"\n')
    return tmp_path / "survey"


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["quarantine", str(folder), *arguments])


def decide(folder: Path, what: str, reason: str = "it is a made-up person") -> Result:
    return run(folder, what, PAPER, "--by", "pat", "--reason", reason)


def read_counts(folder: Path) -> list[object]:
    return [item.value for item in read_edition(folder, workers=1).observations if item.accepted]


def find_name(folder: Path) -> list[str]:
    """The outputs of a build that hold the name."""
    files = (path for path in (folder / "build").rglob("*") if path.is_file())
    return [path.name for path in files if NAME.encode() in path.read_bytes()]


def test_a_held_document_gives_its_counts_and_none_of_its_words(folder: Path) -> None:
    assert 41 in read_counts(folder)
    built = build_survey(folder, workers=1)
    assert built.n_errors
    assert not find_name(folder)
    page = (folder / "build" / "site" / "sources" / "cumbria.html").read_text()
    assert "Held back." in page
    assert ">41<" in page


def test_a_reviewer_sees_all_of_it(folder: Path) -> None:
    edition = read_edition(folder, workers=1)
    assert find_held(edition.findings) == {PAPER}
    assert any(NAME in cell.text for grid in edition.grids for cell in grid.cells)
    held = hold_back(edition)
    assert not any(NAME in cell.text for grid in held.grids for cell in grid.cells)
    assert not any(NAME in finding.message for finding in held.findings)


def test_personal_data_blocks_publishing_until_a_person_decides(folder: Path) -> None:
    assert CliRunner().invoke(main, ["publish", str(folder)]).exit_code == 1
    assert run(folder).exit_code == 1
    assert decide(folder, "--release").exit_code == 0
    assert CliRunner().invoke(main, ["publish", str(folder)]).exit_code == 0
    assert find_name(folder)
    findings = (folder / "build" / "findings.csv").read_text()
    assert "released by pat" in findings
    assert "it is a made-up person" in findings
    assert decide(folder, "--hold", "second thoughts").exit_code == 1
    build_survey(folder, workers=1)
    assert not find_name(folder)


def test_nothing_of_a_document_left_out_counts_or_is_shown(folder: Path) -> None:
    assert decide(folder, "--leave-out").exit_code == 0
    assert 41 not in read_counts(folder)
    build_survey(folder, workers=1)
    assert not find_name(folder)
    assert "left out by pat" in (folder / "build" / "findings.csv").read_text()


def test_a_decision_does_not_pass_on_to_other_bytes(folder: Path) -> None:
    assert decide(folder, "--release").exit_code == 0
    (folder / "replies" / "cumbria" / "table.csv").write_text(BORN.replace("2001", "2002"))
    edition = read_edition(folder, workers=1)
    assert find_held(edition.findings) == {PAPER}
    assert [finding.severity for finding in edition.findings if finding.check == "decision-stale"] == ["warning"]


def test_a_decision_needs_a_reason_and_a_document(folder: Path) -> None:
    assert "needs --reason" in run(folder, "--release", PAPER).output
    wrong = run(folder, "--release", "cumbria/tabel.csv", "--reason", "none")
    assert wrong.exit_code == 2
    assert PAPER in wrong.output
    assert not store.read_decisions(folder)


def test_the_list_names_what_was_found_and_never_repeats_it(folder: Path) -> None:
    (shown,) = json.loads(run(folder, "--json").stdout)
    assert shown["document"] == PAPER
    assert {finding["check"] for finding in shown["findings"]} == {"quarantine-name-and-birth"}
    assert NAME not in str(shown)
    assert "2001" not in str(shown)
