"""The bundled surveys: real published figures, each with its source, and documents that come out the same again."""

import csv
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from answerable import store
from answerable.survey import parse_register

ROOT = Path(__file__).resolve().parent.parent
SURVEYS = ROOT / "src" / "answerable" / "surveys"
TOOLS = {"cyber-flag": "make_cyber_flag", "sexual-communication": "make_sexual_communication"}
TEXT = {".toml", ".txt", ".html", ".csv"}
"""Formats whose bytes do not hang on a library's version."""


def load_tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", store.list_bundled())
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


@pytest.mark.parametrize("name", store.list_bundled())
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


@pytest.mark.parametrize("tool", TOOLS.values())
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


def test_code_lists_give_each_code_once() -> None:
    for path in sorted(SURVEYS.glob("*/offences.csv")):
        codes = [row["code"] for row in csv.DictReader(path.read_text().splitlines())]
        assert len(codes) == len(set(codes))
        assert all(re.fullmatch(r"\d+/\d+", code) for code in codes)
