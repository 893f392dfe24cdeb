"""The bundled surveys: real published figures, each with its source, and documents that come out the same again."""

import csv
import importlib.util
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from answerable import store
from answerable.formats import read_document, unpack_document
from answerable.line import publish_survey
from answerable.lookups import parse_lookups
from answerable.model import TOTAL, Document, Grid, Observation
from answerable.observations import find_observations
from answerable.survey import parse_register

ROOT = Path(__file__).resolve().parent.parent
SURVEYS = ROOT / "src" / "answerable" / "surveys"
REAL = {"cyber-flag": "make_cyber_flag", "sexual-communication": "make_sexual_communication"}
SIMULATED = {"helpline": "make_helpline", "officer-training": "make_officer_training"}
TOOLS = {**REAL, **SIMULATED}
TEXT = {".toml", ".txt", ".html", ".csv"}
"""Formats whose bytes do not hang on a library's version."""


def load_tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_every_bundled_survey_is_made_by_a_tool() -> None:
    assert set(store.list_bundled()) == set(TOOLS)


@pytest.mark.parametrize("name", SIMULATED)
def test_a_simulated_survey_says_so_everywhere(name: str) -> None:
    survey = store.read_survey(SURVEYS / name)
    replies, findings = store.read_replies(SURVEYS / name, survey)
    assert not findings
    assert survey.simulated
    assert {authority.kind for authority in survey.authorities} == {"simulated"}
    answered = [reply for reply in replies if reply.documents]
    assert answered
    assert all(reply.note.startswith("Simulated") for reply in answered)
    assert not survey.references


@pytest.mark.parametrize("name", REAL)
def test_a_bundled_survey_reads_and_its_replies_have_authorities(name: str) -> None:
    survey = store.read_survey(SURVEYS / name)
    replies, findings = store.read_replies(SURVEYS / name, survey)
    assert not findings
    assert not survey.simulated
    answered = [reply for reply in replies if reply.documents]
    assert answered
    for reply in answered:
        assert reply.recreated_from, reply.authority
        assert all(source.startswith("http") for source in reply.recreated_from)
        assert "recreated" in {caveat.kind for caveat in reply.caveats}


@pytest.mark.parametrize("name", REAL)
def test_a_reference_names_its_source_and_what_it_measures(name: str) -> None:
    survey = store.read_survey(SURVEYS / name)
    known = {a.id for a in survey.authorities} | {f"region:{a.region}" for a in survey.authorities}
    register = parse_register((SURVEYS / "registers" / "uk-police.csv").read_text(), "uk-police.csv")
    known |= {f"nation:{a.nation}" for a in register}
    dimensions = {dimension.id for dimension in survey.dimensions}
    ids = [reference.id for reference in survey.references]
    assert len(ids) == len(set(ids))
    for reference in survey.references:
        kind, _, rest = reference.measure.partition(":")
        assert kind in {"total", "change_pct", "per_day", "mode", "minimum", "at_most"}
        assert not rest or rest.split(":")[0] in dimensions
        assert reference.source.startswith("http")
        assert reference.authority is None or reference.authority in known, reference.id
        assert reference.status in {"stated", "derived", "retrospective", "restated", "variant", "ambiguous"}
        assert reference.status == "stated" or reference.note, f"{reference.id}: says why it is not plainly stated"


def test_cyber_flag_holds_every_stated_figure_and_no_other_force() -> None:
    survey = store.read_survey(SURVEYS / "cyber-flag")
    replies, _ = store.read_replies(SURVEYS / "cyber-flag", survey)
    stated = load_tool("make_cyber_flag").read_figures()
    assert len(replies) == 43
    assert {reply.authority for reply in replies if reply.documents} == set(stated)
    assert len(stated) == 17
    caveats = {reply.authority: {caveat.kind for caveat in reply.caveats} for reply in replies}
    assert "flag_not_used" in caveats["wiltshire"]
    assert "west-yorkshire" not in stated
    assert sum(int(row["value"]) for rows in stated.values() for row in first_of_each(rows, "2016/17")) == 3455


def first_of_each(rows: list[dict[str, str]], period: str) -> list[dict[str, str]]:
    return [row for row in rows if row["period"] == period and row["value"]][:1]


@pytest.mark.parametrize("tool", REAL.values())
def test_two_sources_of_one_force_and_period_agree(tool: str) -> None:
    for authority, rows in load_tool(tool).read_figures().items():
        values: dict[str, set[str]] = {}
        for row in rows:
            values.setdefault(row["period"], set()).add(row["value"])
        assert all(len(found) == 1 for found in values.values()), authority


@pytest.mark.parametrize(("name", "tool"), TOOLS.items())
def test_the_documents_come_out_the_same_again(name: str, tool: str) -> None:
    made = dict(load_tool(tool).make_replies())
    folder = SURVEYS / name / "replies"
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == set(made)
    for path, data in made.items():
        if Path(path).suffix in TEXT:
            assert (folder / path).read_bytes() == data, f"run tools/{tool}.py: {path} differs"
    assert dict(load_tool(tool).make_replies()) == made


@pytest.mark.parametrize(("name", "tool"), REAL.items())
def test_the_line_reads_what_the_figures_say_and_nothing_else(name: str, tool: str) -> None:
    read = {
        (item.authority, item.period): item.value
        for item in read_survey_observations(name)
        if item.question == "offences" and item.accepted and item.status == "normal"
    }
    stated = {
        (authority, row["period"]): int(row["value"])
        for authority, rows in load_tool(tool).read_figures().items()
        for row in rows
        if row["value"]
    }
    assert read == stated


def test_officer_training_is_read_as_it_was_simulated() -> None:
    tool = load_tool("make_officer_training")
    read = {
        (item.authority, item.question, item.period, tuple(code for _, code in item.dimensions)): item.value
        for item in read_survey_observations("officer-training")
        if item.accepted and item.status == "normal"
    }
    codes = {
        "trained": {"People trained": ()},
        "role": {"Police officers": ("officers",), "Police staff": ("staff",)},
        "parts": {"Recognise": ("recognise",), "Investigate": ("investigate",), "Safeguard": ("safeguard",)},
        "flag": {"Told": ("told",), "Not told": ("not-told",)},
    }
    questions = {"trained": "trained", "role": "trained-by-role", "parts": "parts", "flag": "flag"}
    for authority in tool.MAKERS:
        found = tool.simulate_force(authority)
        for part, question in questions.items():
            if authority == "dunmere" or (authority, part) == ("eastholm", "flag"):
                assert not any(key[:2] == (authority, question) for key in read)
                continue
            for label, by_period in found[part].items():
                for period, value in by_period.items():
                    assert read[authority, question, period, codes[part][label]] == value


def test_northamptonshire_hidden_cells_are_neither_zero_nor_summed() -> None:
    found = [item for item in read_survey_observations("sexual-communication") if item.question == "victims"]
    stars = [item for item in found if item.original_value == "*"]
    assert len(stars) == 3
    assert all(item.status == "suppressed" and item.value is None for item in stars)
    sums = [item for item in found if dict(item.dimensions)["sex"] == TOTAL]
    assert not any(item.accepted for item in sums), "the row of sums counts hidden cells as zero"


def read_survey_observations(name: str) -> list[Observation]:
    survey = store.read_survey(SURVEYS / name)
    lookups = parse_lookups(store.read_lookups(SURVEYS / name), "lookups.toml")
    replies, _ = store.read_replies(SURVEYS / name, survey)
    found: list[Observation] = []
    for reply in replies:
        grids = [
            grid
            for document in reply.documents
            for grid in read_all(document, store.read_bytes(SURVEYS / name, document))
        ]
        found += find_observations(survey, reply, grids, lookups)[0]
    return found


def read_all(document: Document, data: bytes) -> Iterator[Grid]:
    yield from read_document(document, data)
    for inner, inner_data in unpack_document(document, data):
        yield from read_all(inner, inner_data)


def test_code_lists_give_each_code_once() -> None:
    for path in sorted(SURVEYS.glob("*/offences.csv")):
        codes = [row["code"] for row in csv.DictReader(path.read_text().splitlines())]
        assert len(codes) == len(set(codes))
        assert all(re.fullmatch(r"\d+/\d+", code) for code in codes)


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_every_bundled_survey_passes_its_own_checker(name: str, tmp_path: Path) -> None:
    """Published as it is: no release with a number that the figures contradict, and no leak."""
    folder = tmp_path / name
    shutil.copytree(SURVEYS / name, folder)
    built, kept = publish_survey(folder, now=datetime(2026, 11, 24, tzinfo=UTC), protect=True)
    assert (built.n_errors, kept) == (0, folder / "published" / "1")
