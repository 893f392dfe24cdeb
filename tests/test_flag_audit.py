"""The audit of the force's own flag, the model that learns a force's labels, and the reply form."""

import csv
import io
import json
import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from answerable.ask.workbook import fill_form, make_form
from answerable.cli.flag import _place_days, _protect, command
from answerable.errors import AnswerableError
from answerable.flag.audit import Tally, compare_flags, compute_kappa, correct_prevalence, measure_accuracy
from answerable.flag.filling import fill_answers, read_form
from answerable.flag.labelling import read_labelled
from answerable.flag.reply import Counted, Counts, make_survey, name_year
from answerable.flag.score import read_model, read_model_file
from answerable.flag.training import Example, train_model, write_model
from answerable.formats import read_document
from answerable.model import Authority, Document, Reply, Survey
from answerable.observations import find_observations
from building import build_survey

FORCE = Authority(id="force", name="A force")


@given(st.tuples(*[st.integers(0, 40)] * 4))
def test_kappa_is_scikit_learns(table: tuple[int, int, int, int]) -> None:
    both, first, second, neither = table
    ours = compute_kappa(both, first, second, neither)
    a = [1] * both + [1] * first + [0] * second + [0] * neither
    b = [1] * both + [0] * first + [1] * second + [0] * neither
    if ours is None:
        assert len(set(a)) <= 1 and len(set(b)) <= 1
    else:
        assert ours == pytest.approx(cohen_kappa_score(a, b))


@given(st.floats(0, 1), st.floats(0.55, 1), st.floats(0.55, 1))
def test_rogan_gladen_undoes_what_the_reading_misses_and_invents(true: float, se: float, sp: float) -> None:
    read = true * se + (1 - true) * (1 - sp)
    assert correct_prevalence(read, se, sp) == pytest.approx(true, abs=1e-9)
    assert correct_prevalence(read, 0.5, 0.5) is None


def make_counts(
    seed: int, se: float, sp: float, true: float, n: int
) -> tuple[Counter[Any], list[dict[str, str]], float]:
    """A stream with known truth, and its labelled sample of fifty a stratum."""
    rng = random.Random(seed)
    counts: Counter[Any] = Counter()
    kept: dict[str, list[dict[str, str]]] = {}
    online = 0
    for _ in range(n):
        truth = rng.random() < true
        online += truth
        read = (rng.random() < se) if truth else (rng.random() >= sp)
        own = truth and rng.random() < 0.6
        stratum = f"{'yes' if own else 'no'}:{'yes' if read else 'no'}"
        counts["north", "8N", stratum] += 1
        kept.setdefault(stratum, []).append({"stratum": stratum, "label": "yes" if truth else "no"})
    sample = [row for rows in kept.values() for row in rng.sample(rows, min(200, len(rows)))]
    return counts, sample, online / n


def test_the_interval_covers_the_true_share_and_differs_from_the_raw_one() -> None:
    covered = 0
    for seed in range(12):
        counts, sample, true = make_counts(seed, 0.8, 0.97, 0.15, 4000)
        found = measure_accuracy(counts, sample)
        interval = found.prevalence_corrected
        assert interval.low is not None and interval.high is not None
        covered += interval.low <= true <= interval.high
        assert found.sensitivity.value == pytest.approx(0.8, abs=0.12)
    assert covered >= 9


def test_a_sample_without_either_answer_gives_no_interval() -> None:
    found = measure_accuracy(Counter({("a", "b", "no:no"): 10}), [{"stratum": "no:no", "label": "no"}])
    assert found.prevalence_corrected.value is None
    assert measure_accuracy(Counter(), []).n_read == 0


def test_under_and_over_recording_by_force_and_offence() -> None:
    counts = {("n", "8", "yes:yes"): 4, ("n", "8", "no:yes"): 1, ("n", "9", "yes:no"): 2, ("n", "9", "no:no"): 9}
    rows = {(row["force"], row["offence"]): row for row in compare_flags(counts)}
    assert rows["n", "8"]["under_recorded"] == 1 and rows["n", "8"]["under_recorded_share"] == 0.2
    assert rows["n", "9"]["over_recorded"] == 2
    assert (rows["n", ""]["records"], rows["n", ""]["read_yes"], rows["n", ""]["flagged"]) == (16, 5, 6)


def test_the_sample_holds_every_stratum_and_its_weights_sum_to_all() -> None:
    tally = Tally(size=90)
    n = 600
    flags = ["yes" if k % 3 == 0 else "no" for k in range(n)]
    own = [k % 2 == 0 for k in range(n)]
    texts = pa.array([f"t{k}" for k in range(n)])
    records = pa.RecordBatch.from_arrays(
        [pa.array([str(k) for k in range(n)]), texts, pa.array(["f"] * n), pa.array(["o"] * n), pa.array(own)],
        names=["id", "text", "force", "offence", "flagged"],
    )
    tally.add(records, pa.RecordBatch.from_arrays([pa.array(flags)], names=["flag"]))
    sample = tally.list_sample()
    assert {row["stratum"] for row in sample} == {"yes:yes", "yes:no", "no:yes", "no:no"}
    assert sum(float(row["weight"]) for row in sample) == pytest.approx(n)


def test_a_model_learns_a_forces_own_words(tmp_path: Path) -> None:
    own = [
        Example(text=f"offence type zulu seen on the message board case {k}", label="yes", family=f"own-{k % 8}")
        for k in range(40)
    ]
    few = [Example(text=r.text, label=r.label, family=r.family) for r in read_labelled("train")[::8] if not r.switch]
    model = train_model([*few, *own])
    again = train_model([*few, *own])
    assert np.array_equal(model.weights, again.weights)
    write_model(model, tmp_path / "own.npz")
    held = read_model_file(tmp_path / "own.npz")
    assert 0 < held.low < held.high < 1
    assert np.abs(held.weights - model.weights).max() <= np.abs(model.weights).max() / 127
    with pytest.raises(AnswerableError, match="families"):
        train_model(own)
    with pytest.raises(AnswerableError, match="is not a model"):
        read_model_file(Path(__file__))


def test_the_shipped_model_says_what_it_was_trained_on() -> None:
    model = read_model()
    assert 0 < model.low < model.high < 1
    assert "records of" in model.trained_on


def make_reply(survey: Survey, data: bytes) -> Any:
    document = Document(sha256="", name="reply.xlsx", media_type="", path="force/reply.xlsx")
    reply = Reply(id="force", authority="force", received=date(2024, 5, 1), outcome="successful")
    found, findings = find_observations(survey, reply, read_document(document, data))
    assert not [finding for finding in findings if finding.severity == "error"]
    return {(o.question, o.period, o.dimensions): (o.value, o.bounds, o.status, o.accepted) for o in found}


records = st.builds(
    Counted,
    period=st.sampled_from(["2022/23", "2023/24"]),
    offence=st.sampled_from(["8N", "88C"]),
    age=st.sampled_from(["9", "12", "14", "17", "40", "", "x"]),
    sex=st.sampled_from(["female", "male", ""]),
    platform=st.sampled_from(["Snapchat", "Instagram", "several", ""]),
    flagged=st.booleans(),
)


def gather(rows: list[Counted]) -> Counts:
    counts = Counts(find_period=name_year)
    counts.records.update(rows)
    return counts


def check_small_cells(observations: Any) -> None:
    """Every withheld cell of a breakdown can still be two numbers or more, given its total: arithmetic of our own."""
    totals = {o.period: o for o in observations if o.question == "offences"}
    for question in {o.question for o in observations if o.dimensions}:
        for period, total in totals.items():
            cells = [o for o in observations if (o.question, o.period) == (question, period)]
            ends = [
                (o.value, o.value) if o.value is not None else (o.bounds.low, o.bounds.high or 10**6) for o in cells
            ]
            low, high = (
                (total.value,) * 2 if total.value is not None else (total.bounds.low, total.bounds.high or 10**6)
            )
            for place, cell in enumerate(cells):
                if cell.value is None:
                    others = [end for at, end in enumerate(ends) if at != place]
                    least = max(ends[place][0], low - sum(end[1] for end in others))
                    most = min(ends[place][1], high - sum(end[0] for end in others))
                    assert most > least, (question, period)


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(records, min_size=1, max_size=60))
def test_a_filled_form_reads_back_exactly_and_gives_no_small_number_away(rows: list[Counted]) -> None:
    counts = gather(rows)
    survey = make_survey(counts)
    observations, left = _protect(survey, counts, 5)
    assert not left
    data = fill_answers(fill_form(make_form(survey), FORCE, "none"), "form", observations)
    read = make_reply(survey, data)
    assert read == {(o.question, o.period, o.dimensions): (o.value, o.bounds, o.status, True) for o in observations}
    assert data == fill_answers(fill_form(make_form(survey), FORCE, "none"), "form", observations)
    check_small_cells(observations)
    shown = {item.value for item in observations if item.value is not None}
    assert not shown & {1, 2, 3, 4}


def test_a_breakdown_whose_total_would_give_a_small_number_away_withholds_another() -> None:
    rows = [Counted(period="2023/24", offence="8N", age="14", sex=sex, platform="", flagged=True)
            for sex in ["female"] * 20 + ["male"] * 3]  # fmt: skip
    counts = gather(rows)
    observations, _ = _protect(make_survey(counts), counts, 5)
    by_sex = {dict(o.dimensions)["sex"]: o.original_value for o in observations if o.question == "offences-by-sex"}
    assert by_sex["M"] == "1 to 4"
    assert "20" not in by_sex.values()
    every, _ = _protect(make_survey(counts), counts, 0)
    assert {o.status for o in every} == {"normal"}


def test_the_requesters_own_form_is_filled_and_reads_back_in_their_survey() -> None:
    survey = build_survey()
    data = fill_form(make_form(survey), FORCE, "none")
    asked = read_form(data, "form.xlsx")
    assert [question.id for question in asked.questions] == [question.id for question in survey.questions]
    assert [period.id for period in asked.periods] == [period.id for period in survey.periods]
    counts = Counts(find_period=_place_days(asked))
    for age in ["0", "1", "1", "2"] * 9:
        counts.records[Counted(period="2016/17", offence="rape", age=age, sex="", platform="", flagged=True)] += 1
    observations, left = _protect(asked, counts, 5)
    assert any("left blank" in line for line in left)
    document = Document(sha256="", name="form.xlsx", media_type="", path="kent/form.xlsx")
    reply = Reply(id="kent", authority="kent", received=date(2017, 5, 2), outcome="successful")
    filled = fill_answers(data, "form.xlsx", observations)
    found, _ = find_observations(survey, reply, read_document(document, filled))
    read = {(o.question, o.period, o.dimensions): (o.value, o.status) for o in found}
    told = {(o.question, o.period, o.dimensions or ()): (o.value, o.status) for o in observations}
    assert read == told
    assert read["offences", "2016/17", ()] == (36, "normal")


def test_another_workbook_is_no_form() -> None:
    book = openpyxl.Workbook()
    held = io.BytesIO()
    book.save(held)
    with pytest.raises(AnswerableError, match="is not a reply form"):
        read_form(held.getvalue(), "x.xlsx")
    with pytest.raises(AnswerableError, match="is not a workbook"):
        read_form(b"PK", "x.xlsx")


def write_records(folder: Path) -> str:
    path = folder / "records.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text", "offence", "committed", "age", "sex", "force", "flag"])
        for k, record in enumerate(read_labelled("test")):
            own = "Y" if record.label == "yes" and k % 3 else "N"
            writer.writerow([k, record.text, "8N", f"2023-0{k % 6 + 1}-11", 10 + k % 9, "FM"[k % 2], "north", own])
    return str(path)


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(command, [*arguments, "--workers", "1", "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_the_commands_from_records_to_reply(tmp_path: Path) -> None:
    source = write_records(tmp_path)
    sample, filled = tmp_path / "sample.csv", tmp_path / "filled.csv"
    audit = run("audit", source, "--sample", str(sample), "--size", "90", "-o", str(tmp_path / "audit.csv"))
    north = next(row for row in audit["rows"] if not row["offence"])
    assert north["under_recorded"] > 50 and north["over_recorded"] < 10
    rows = list(csv.DictReader(sample.read_text().splitlines()))
    labels = {str(k): record.label for k, record in enumerate(read_labelled("test"))}
    with filled.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        for row in rows:
            label = labels[row["id"]] if labels[row["id"]] != "unclear" else ""
            writer.writerow(row | {"label": label, "label_2": label})
    accuracy = run("audit", source, "--labels", str(filled))["accuracy"]
    assert accuracy["kappa"] == 1.0
    decided = [label for label in labels.values() if label != "unclear"]
    true = decided.count("yes") / len(decided)
    assert accuracy["prevalence_corrected"]["low"] <= true <= accuracy["prevalence_corrected"]["high"] + 0.02
    reply = run("reply", source, "-o", str(tmp_path / "reply.xlsx"))
    again = run("reply", source, "-o", str(tmp_path / "again.xlsx"))
    assert reply == again
    assert (tmp_path / "reply.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    assert b"threat" not in (tmp_path / "audit.csv").read_bytes()


def test_a_reply_without_a_date_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text("id,text\n1,threats on Facebook\n")
    result = CliRunner().invoke(command, ["reply", str(path), "-o", str(tmp_path / "r.xlsx"), "--workers", "1"])
    assert isinstance(result.exception, AnswerableError) and "no date to count by" in str(result.exception)
    assert not (tmp_path / "r.xlsx").exists()
