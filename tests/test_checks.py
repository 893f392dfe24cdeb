"""Checks across a survey: what each finds, and that it leaves sound figures alone."""

from dataclasses import replace

import pytest

from answerable.checks import CHECKS, run_checks
from answerable.model import Bounds, Document, Exemption, Observation, Reply, Source
from building import build_survey

SURVEY = build_survey()
PAPER = Document(sha256="", name="r.xlsx", media_type="", path="kent/r.xlsx")
REPLY = Reply(id="kent", authority="kent", received=None, outcome="successful", documents=(PAPER,))


def see(question: str, period: str, *codes: tuple[str, str], value: int | None = 5, **more: object) -> Observation:
    observation = Observation(
        survey="practice",
        authority="kent",
        question=question,
        period=period,
        dimensions=codes,
        value=value,
        bounds=None,
        unit="offences",
        status="normal",
        accepted=True,
        original_value=str(value),
        origin="reader",
        evidence=(),
        source=Source(document="kent/r.xlsx", part="t", ref=f"{question}{period}{codes}", quote=str(value)),
    )
    return replace(observation, **more)  # type: ignore[arg-type]


def age(period: str, code: str, value: int) -> Observation:
    return see("by-age", period, ("age", code), value=value)


AGES = [age("2015/16", "12", 4), age("2015/16", "13", 6), age("2015/16", "14", 3), age("2015/16", "15", 2)]
HIDDEN = see(
    "by-age", "2016/17", ("age", "12"), value=None, status="suppressed", bounds=Bounds(low=1, high=4)
)  # fmt: skip


@pytest.mark.parametrize(
    ("check", "observations"),
    [
        ("unknown-authority", [see("offences", "2016/17", authority="atlantis")]),
        ("parts-exceed-total", [see("offences", "2015/16", value=14), *AGES]),
        ("tenfold-change", [see("offences", "2015/16", value=6), see("offences", "2016/17", value=61)]),
        ("tenfold-change", [see("offences", "2015/16", value=61), see("offences", "2016/17", value=0)]),
        ("same-figures-twice", [*AGES, *(replace(o, period="2016/17") for o in AGES)]),
        ("small-number-shown", [HIDDEN, age("2016/17", "13", 3)]),
        ("share-out-of-range", [see("offences", "2016/17", value=104, unit="percent")]),
    ],
)
def test_a_check_finds_what_it_is_for(check: str, observations: list[Observation]) -> None:
    findings = [finding for finding in run_checks(SURVEY, [], observations) if finding.check == check]
    assert len(findings) == 1
    assert findings[0].severity == CHECKS[check].severity


def test_sound_figures_are_left_alone() -> None:
    observations = [see("offences", "2015/16", value=15), see("offences", "2016/17", value=18), *AGES]
    observations += [age("2016/17", "12", 5), age("2016/17", "13", 9)]
    assert run_checks(SURVEY, [], observations) == ()


def test_values_not_accepted_count_for_nothing() -> None:
    observations = [see("offences", "2015/16", value=14, accepted=False), *AGES]
    assert run_checks(SURVEY, [], observations) == ()


def test_a_question_left_out_is_named_once_unless_refused() -> None:
    answered = [see("offences", period) for period in ("2015/16", "2016/17")]
    missing = [f.message for f in run_checks(SURVEY, [REPLY], answered) if f.check == "missing-question"]
    assert len(missing) == 4
    refused = replace(REPLY, exemptions=(Exemption(question="2", section="12"),))
    missing = [f.message for f in run_checks(SURVEY, [refused], answered) if f.check == "missing-question"]
    assert len(missing) == 3
    assert not any("(by-age)" in message for message in missing)


def test_every_check_has_one_line_of_help() -> None:
    assert all(check.help.endswith(".") and "\n" not in check.help for check in CHECKS.values())
