"""A survey on a topic of its own, crimes at hospitals, against two real letters (where the corpus is present).

The first letter answers by financial year as asked; its table runs over two pages and ends in totals that add.
The second answers by calendar year: every number in it is true and none is an answer.
"""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from answerable import store
from answerable.formats import read_document, unpack_document
from answerable.model import Document, Finding, Grid, Observation
from answerable.observations import find_observations

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "hospital-crime"
SURVEY = ROOT / "tests" / "surveys" / "hospital-crime"
Read = tuple[tuple[Observation, ...], tuple[Finding, ...]]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real letters is not beside the project")
    folder = tmp_path_factory.mktemp("hospital") / "survey"
    shutil.copytree(SURVEY, folder)
    for name in ("cumbria", "humberside"):
        target = folder / "replies" / name / "reply.pdf"
        target.parent.mkdir(parents=True)
        shutil.copyfile(CORPUS / f"{name.title()}.pdf", target)
    survey = store.read_survey(folder)
    replies, findings = store.read_replies(folder, survey)
    assert not findings
    return {
        reply.authority: find_observations(
            survey, reply, [grid for document in reply.documents for grid in read_all(folder, document)]
        )
        for reply in replies
    }


def read_all(folder: Path, document: Document) -> Iterator[Grid]:
    data = store.read_bytes(folder, document)
    yield from read_document(document, data)
    assert not unpack_document(document, data)


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


def test_financial_years_are_read_as_on_the_page(read: dict[str, Read]) -> None:
    observations, _ = read["cumbria"]
    found = {
        (dict(item.dimensions).get("offence", ""), item.period): item.value
        for item in observations
        if item.accepted and item.status == "normal"
    }
    expected = read_expected()
    # A blank cell is none here: every row's and every column's total says so.
    wrong = {key: (value, expected.get(key, 0)) for key, value in found.items() if expected.get(key, 0) != value}
    assert not wrong
    assert expected.keys() <= found.keys()


def test_calendar_years_are_a_finding_and_no_answer(read: dict[str, Read]) -> None:
    observations, findings = read["humberside"]
    assert not [item for item in observations if item.accepted and item.value is not None]
    said = [finding for finding in findings if finding.check == "comparability"]
    assert said
    assert any("2019-01-01 to 2019-12-31" in finding.message for finding in said)
