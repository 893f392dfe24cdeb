"""A survey on a topic of its own, crimes at hospitals, built whole from two real letters (where the corpus is).

The first letter answers by financial year as asked; its table runs over two pages and ends in totals that add.
The second answers by calendar year: every number in it is true and none is an answer.
"""

import csv
import shutil
from pathlib import Path

import pytest

from answerable import store
from answerable.line import build_survey, read_edition
from answerable.model import Edition

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "hospital-crime"
SURVEY = ROOT / "tests" / "surveys" / "hospital-crime"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real letters is not beside the project")
    folder = tmp_path_factory.mktemp("hospital") / "survey"
    shutil.copytree(SURVEY, folder)
    for name in ("cumbria", "humberside"):
        target = folder / "replies" / name / "reply.pdf"
        target.parent.mkdir(parents=True)
        shutil.copyfile(CORPUS / f"{name.title()}.pdf", target)
    return folder


@pytest.fixture(scope="module")
def edition(folder: Path) -> Edition:
    return read_edition(folder, workers=1)


def read_expected() -> dict[tuple[str, str], int]:
    """(offence, period) -> the number on the page, read by eye; an empty offence is the whole."""
    rows = list(csv.DictReader((SURVEY / "expected.csv").read_text().splitlines()))
    return {
        (row["offence"], period): int(text)
        for row in rows
        for period, text in row.items()
        if period != "offence" and text
    }


def test_the_numbers_read_by_eye_add_up() -> None:
    expected = read_expected()
    for period in ("2019/20", "2020/21", "2021/22", "2022/23", "2023/24"):
        parts = sum(value for (offence, year), value in expected.items() if offence and year == period)
        assert parts == expected["", period]
    assert sum(value for (offence, _), value in expected.items() if not offence) == 2500


def test_financial_years_are_read_as_on_the_page(edition: Edition) -> None:
    found = {
        (dict(item.dimensions).get("offence", ""), item.period): item.value
        for item in edition.observations
        if item.authority == "cumbria" and item.accepted and item.status == "normal"
    }
    expected = read_expected()
    # A blank cell is none here: every row's and every column's total says so.
    wrong = {key: (value, expected.get(key, 0)) for key, value in found.items() if expected.get(key, 0) != value}
    assert not wrong
    assert expected.keys() <= found.keys()
    assert any("add to the total" in why for item in edition.observations if item.accepted for why in item.evidence)


def test_calendar_years_are_a_finding_and_no_answer(edition: Edition) -> None:
    observations = [item for item in edition.observations if item.authority == "humberside"]
    assert not [item for item in observations if item.accepted and item.value is not None]
    said = [item.message for item in edition.findings if item.check == "comparability" and item.subject == "humberside"]
    assert any("2019-01-01 to 2019-12-31" in message for message in said)


def test_the_survey_builds_with_one_force_in_its_total(folder: Path, edition: Edition) -> None:
    built = build_survey(folder, workers=1)
    assert "figures.csv" in built.changed
    totals = [
        item
        for item in edition.figures
        if item.kind == "total" and item.authority is None and item.question == "crimes" and item.period == "2023/24"
    ]
    assert [(item.value, item.n_answered, item.n_asked) for item in totals] == [(278, 1, 2)]
    assert store.read_build(folder, "site/index.html")
