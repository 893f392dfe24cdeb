"""The reply form: what is filled in reads back exactly, whatever program or format it came back in."""

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.ask.form import list_rows
from answerable.ask.references import make_token
from answerable.ask.workbook import fill_form, make_form
from answerable.errors import SurveyError
from answerable.formats import read_document
from answerable.formats.screening import screen_document
from answerable.model import Category, Document, Exemption, Finding, Grid, Observation, Reply, Survey
from answerable.observations import account_cells, find_observations, settle_reply
from building import SURVEY_TEXT, build_survey, build_text

openpyxl = pytest.importorskip("openpyxl")

SURVEY = build_survey(
    SURVEY_TEXT
    + """
[[question]]
id = "flag-used"
number = "6"
text = "Was the flag used in the period?"
measure = "Flag used"
unit = "services"
kind = "yes_no"
[[question]]
id = "main-outcome"
number = "7"
text = "Which outcome was the most frequent?"
measure = "Outcome"
unit = "services"
kind = "choice"
dimensions = ["outcome"]
[[question]]
id = "how"
number = "8"
text = "How were the records found?"
measure = "Method"
unit = "services"
kind = "text"
"""
)
REPLY = Reply(id="kent", authority="kent", received=date(2017, 5, 2), outcome="waiting_response")
KENT = next(authority for authority in SURVEY.authorities if authority.id == "kent")
FORM = make_form(SURVEY)

COUNTS: list[tuple[str | int, tuple[int | None, str, tuple[int, int | None] | None]]] = [
    (0, (0, "normal", None)),
    (1204, (1204, "normal", None)),
    ("1,204", (1204, "normal", None)),  # typed as text
    ("nil", (0, "normal", None)),
    ("[c]", (None, "suppressed", (0, None))),
    ("<5", (None, "suppressed", (0, 4))),
    ("1 to 4", (None, "suppressed", (1, 4))),
    ("[x]", (None, "not_held", None)),
    ("[z]", (None, "not_applicable", None)),
    ("[s.40(2)]", (None, "refused", None)),
    ("[S. 12]", (None, "refused", None)),
    ("56 [r]", (56, "normal", None)),  # revised
]
"""What can be written for a count, and what it must read as: value, status, bounds."""
Key = tuple[str, str, tuple[tuple[str, str], ...]]
Filled = dict[Key, str | int]


def fill(data: bytes, survey: Survey, values: Filled) -> bytes:
    """The form with values put into its cells, as a person would in a spreadsheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for question in survey.questions:
        sheet: Any = book[f"Q{question.number}"]
        heads = {cell.value: cell.column for cell in sheet[5]}
        rows = {row.key: row.dimensions for row in list_rows(survey, question)}
        for cell in sheet["A"][5:]:
            for period in survey.periods:
                key = (question.id, period.id, rows[cell.value])
                sheet.cell(cell.row, heads[period.id]).value = values.get(key)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def list_cells(survey: Survey) -> list[Key]:
    return [
        (question.id, period.id, row.dimensions)
        for question in survey.questions
        for row in list_rows(survey, question)
        for period in survey.periods
    ]


def read(data: bytes, name: str = "form.xlsx") -> tuple[Grid, ...]:
    return read_document(Document(sha256="", name=name, media_type="", path=f"kent/{name}"), data)


def find(grids: tuple[Grid, ...], reply: Reply = REPLY) -> tuple[dict[Key, Observation], tuple[Finding, ...]]:
    observations, findings = find_observations(SURVEY, reply, grids)
    by_key = {(o.question, o.period, o.dimensions): o for o in observations}
    assert len(by_key) == len(observations)
    return by_key, findings


def choose_values() -> tuple[Filled, dict[Key, tuple[Any, str, tuple[int, int | None] | None]]]:
    """Every cell filled: each way to write a count in turn, so that each stands in every question."""
    values: Filled = {}
    expected = {}
    kinds = {question.id: question.kind for question in SURVEY.questions}
    other = {"yes_no": ["no", "Yes"], "choice": ["charge", "[x]"], "text": ["By keyword, 12 records", "<5"]}
    for number, key in enumerate(list_cells(SURVEY)):
        kind = kinds[key[0]]
        if kind == "count":
            # Thirteen is prime to twelve: neighbours differ and every question sees every mark.
            values[key], expected[key] = COUNTS[number % len(COUNTS)]
            continue
        values[key] = text = other[kind][number % 2]
        expected[key] = (
            (None, "not_held", None) if text == "[x]" else (text.lower() if kind == "yes_no" else text, "normal", None)
        )
    return values, expected


def simplify(observation: Observation) -> tuple[Any, str, tuple[int, int | None] | None]:
    bounds = observation.bounds
    return observation.value, observation.status, (bounds.low, bounds.high) if bounds else None


def test_every_status_reads_back_in_every_question_without_a_finding() -> None:
    values, expected = choose_values()
    grids = read(fill(fill_form(FORM, KENT, make_token(SURVEY, "kent")), SURVEY, values))
    found, findings = find(grids)
    assert {key: simplify(item) for key, item in found.items()} == expected
    assert all(item.accepted for item in found.values())
    assert not findings
    assert set(account_cells(SURVEY, REPLY, grids).values()) == {"value", "header", "note"}
    assert len(expected) > 100


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_filling_reads_back(data: st.DataObject) -> None:
    rows = st.sampled_from(COUNTS) | st.integers(0, 10**6).map(lambda n: (n, (n, "normal", None)))
    counted = {question.id for question in SURVEY.questions if question.kind == "count"}
    cells = [key for key in list_cells(SURVEY) if key[0] in counted]
    chosen = {key: data.draw(rows) for key in data.draw(st.lists(st.sampled_from(cells), min_size=1, unique=True))}
    written = fill(fill_form(FORM, KENT, make_token(SURVEY, "kent")), SURVEY, {k: v for k, (v, _) in chosen.items()})
    found, findings = find(read(written))
    assert {key: simplify(item) for key, item in found.items()} == {key: told for key, (_, told) in chosen.items()}
    assert {item.check for item in findings} <= {"form-blank"}


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_a_form_saved_by_another_program_reads_the_same(tmp_path: Path) -> None:
    values, expected = choose_values()
    (tmp_path / "form.xlsx").write_bytes(fill(fill_form(FORM, KENT, make_token(SURVEY, "kent")), SURVEY, values))
    for suffix in ("xlsx", "ods", "xls"):
        words = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", suffix]
        subprocess.run(
            [*words, "--outdir", str(tmp_path / suffix), str(tmp_path / "form.xlsx")], check=True, capture_output=True
        )
        found, findings = find(read((tmp_path / suffix / f"form.{suffix}").read_bytes(), f"form.{suffix}"))
        assert {key: simplify(item) for key, item in found.items()} == expected, suffix
        assert not findings, suffix


def test_rows_and_columns_may_be_moved() -> None:
    values, expected = choose_values()
    book = openpyxl.load_workbook(io.BytesIO(fill(fill_form(FORM, KENT, make_token(SURVEY, "kent")), SURVEY, values)))
    sheet: Any = book["Q2"]
    sheet.insert_rows(4, 3)
    sheet.insert_cols(1)
    sheet.title = "Our answer"
    out = io.BytesIO()
    book.save(out)
    found, findings = find(read(out.getvalue()))
    assert {key: simplify(item) for key, item in found.items()} == expected
    assert not findings


def test_a_blank_cell_is_a_finding_and_never_zero() -> None:
    values, _ = choose_values()
    missing = ("by-age", "2016/17", (("age", "13"),))
    del values[missing]
    found, findings = find(read(fill(fill_form(FORM, KENT, make_token(SURVEY, "kent")), SURVEY, values)))
    assert missing not in found
    (finding,) = findings
    assert finding.check == "form-blank"
    assert "age=13, 2016/17" in finding.message


def test_what_the_form_itself_says_is_not_the_authority_s_word() -> None:
    question = replace(SURVEY.questions[0], text="How many offences? Figures that relate to victims are not asked for.")
    survey = replace(SURVEY, questions=(question, *SURVEY.questions[1:]))
    values, _ = choose_values()
    values = {
        key: 7 if isinstance(value, int) or str(value).startswith("[") else value for key, value in values.items()
    }
    token = make_token(survey, "kent")
    data = fill(fill_form(make_form(survey), KENT, token), survey, values)
    observations, _ = find_observations(survey, REPLY, read(data))
    settled = settle_reply(REPLY, read(data), observations)
    assert (settled.outcome, settled.exemptions, settled.caveats) == ("successful", (), ())
    # A section in a cell, and a note, are.
    values[("offences", "2015/16", ())] = "[s.40(2)]"
    book = openpyxl.load_workbook(io.BytesIO(fill(data, survey, values)))
    book["Q1"]["D6"] = "This is taken from a live system and may change over time."
    out = io.BytesIO()
    book.save(out)
    observations, _ = find_observations(survey, REPLY, read(out.getvalue()))
    settled = settle_reply(REPLY, read(out.getvalue()), observations)
    assert settled.outcome == "partially_successful"
    assert settled.exemptions == (Exemption(question="1", section="40", subsection="(2)"),)
    assert [caveat.kind for caveat in settled.caveats] == ["live_system"]


def test_an_empty_form_is_one_finding_and_the_letter_is_read() -> None:
    grids = read(fill_form(FORM, KENT, make_token(SURVEY, "kent")))
    letter = build_text(["1. How many offences were recorded in each financial year?", "2015/16: 12", "2016/17: 15"])
    found, findings = find((letter, *grids))
    assert [item.check for item in findings] == ["form-empty"]
    assert {item.value for item in found.values()} == {12, 15}


def test_a_letter_that_says_the_same_repeats_the_form_and_another_contradicts_it() -> None:
    values, _ = choose_values()
    values |= {("offences", "2015/16", ()): 12, ("offences", "2016/17", ()): 15}
    grids = read(fill(fill_form(FORM, KENT, make_token(SURVEY, "kent")), SURVEY, values))
    lines = ["1. How many offences were recorded in each financial year?", "2015/16: 12"]
    for last, checks in (("2016/17: 15", set()), ("2016/17: 16", {"conflicting-values"})):
        observations, findings = find_observations(SURVEY, REPLY, (build_text([*lines, last]), *grids))
        assert {item.check for item in findings} == checks
        told = [o.accepted for o in observations if (o.question, o.period) == ("offences", "2016/17")]
        assert sum(told) == (0 if checks else 1)


@pytest.mark.parametrize("text", ["c.40", "*", "3.5", "-2", "see letter", "4 or 5"])
def test_what_the_form_does_not_offer_goes_to_review(text: str) -> None:
    values, _ = choose_values()
    key = ("by-age", "2016/17", (("age", "13"),))
    values[key] = float(text) if text in {"3.5", "-2"} else text  # type: ignore[assignment]
    found, findings = find(read(fill(fill_form(FORM, KENT, make_token(SURVEY, "kent")), SURVEY, values)))
    assert not found[key].accepted
    assert [item.check for item in findings] == ["review-value"]


def test_another_unit_is_a_caveat_on_every_value() -> None:
    values, _ = choose_values()
    book = openpyxl.load_workbook(io.BytesIO(fill(fill_form(FORM, KENT, make_token(SURVEY, "kent")), SURVEY, values)))
    book["Q2"]["C3"] = "victims"
    out = io.BytesIO()
    book.save(out)
    found, findings = find(read(out.getvalue()))
    assert [item.check for item in findings] == ["unit-mismatch"]
    assert all("counts_victims" in item.caveats for key, item in found.items() if key[0] == "by-age")


def test_the_form_of_another_authority_is_left_open() -> None:
    values, _ = choose_values()
    found, findings = find(read(fill(fill_form(FORM, KENT, make_token(SURVEY, "sussex")), SURVEY, values)))
    assert not any(item.accepted for item in found.values())
    assert {item.check for item in findings} == {"review-authority"}


def test_the_form_of_another_survey_or_version_is_no_form_of_this_one() -> None:
    other = replace(SURVEY, questions=tuple(replace(question, version="2") for question in SURVEY.questions))
    values, _ = choose_values()
    data = fill(fill_form(make_form(other), KENT, make_token(SURVEY, "kent")), other, values)
    observations, _ = find_observations(SURVEY, REPLY, read(data))
    assert not any("reply form" in " ".join(item.evidence) for item in observations)


def test_odd_names_are_read_back_too() -> None:
    odd = replace(
        SURVEY.dimensions[3],
        categories=(
            Category(code="a;b = c", label="=1+1"),
            Category(code="86/2", label="+44"),
            Category(code="x", label="@"),
        ),
    )
    question = replace(SURVEY.questions[3], number="2 (b)/*", id="by-offence", text="=HYPERLINK(1)")
    survey = replace(SURVEY, id="my, survey", questions=(question,), dimensions=(odd,), headline="by-offence")
    data = fill_form(make_form(survey), KENT, make_token(survey, "kent"))
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet: Any = book.worksheets[1]
    assert [cell.data_type for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"] == ["s"]
    for row in sheet.iter_rows(min_row=6, min_col=3, max_col=4):
        for number, cell in enumerate(row):
            cell.value = 10 * row[0].row + number
    out = io.BytesIO()
    book.save(out)
    observations, findings = find_observations(survey, REPLY, read(out.getvalue()))
    assert sorted(item.value for item in observations if item.accepted) == [60, 61, 70, 71, 80, 81]  # type: ignore[type-var]
    assert not findings


def test_a_form_that_nobody_could_fill_in_is_refused() -> None:
    question = replace(SURVEY.questions[1], dimensions=("age", "band", "sex", "offence", "outcome") * 2)
    with pytest.raises(SurveyError, match="--no-form"):
        make_form(replace(SURVEY, questions=(question,)))


def test_the_form_hides_nothing_and_is_the_same_bytes_each_time() -> None:
    data = fill_form(FORM, KENT, make_token(SURVEY, "kent"))
    assert data == fill_form(make_form(SURVEY), KENT, make_token(SURVEY, "kent"))
    document = Document(sha256="", name="form.xlsx", media_type="", path="kent/form.xlsx")
    assert not screen_document(document, data, read(data))


def test_the_cells_take_what_reads_back_and_nothing_else() -> None:
    book = openpyxl.load_workbook(io.BytesIO(fill_form(FORM, KENT, make_token(SURVEY, "kent"))))
    rules = {
        (name, str(area)): rule.formula1
        for name in book.sheetnames
        for rule in book[name].data_validations.dataValidation
        for area in rule.sqref.ranges
    }
    assert rules["Q6", "B6:C6"] == '"yes,no,[x],[z]"'
    assert rules["Q7", "B6:C6"] == '"charge,caution,resolution,[x],[z]"'
    assert "INT(C6)" in rules["Q2", "C6:D24"]
    assert "victims" in rules["Q2", "C3"]
    codes = {row[1] for row in book["Codes"].iter_rows(min_row=2, values_only=True)}
    assert {"86/2", "12-15", "charge"} <= codes
