"""decisions.jsonl <-> Decisions, and what they do to observations."""

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.decisions import apply_decisions, parse_decisions, write_decision
from answerable.errors import StoreError
from answerable.model import Bounds, Decision, Observation, Source

STAR = Observation(
    survey="practice",
    authority="kent",
    question="by-offence",
    period="2016/17",
    dimensions=(("offence", "rape"),),
    value=None,
    bounds=Bounds(low=0, high=None),
    unit="offences",
    status="suppressed",
    accepted=False,
    original_value="*",
    origin="reader",
    evidence=("authority: filed as the reply of Kent",),
    source=Source(document="kent/reply.xlsx", part='sheet "Q4"', ref="B2", quote="*"),
)


def decide(verdict: str, value: str | None = None, *, quote: str = "*", observation: str = STAR.id) -> Decision:
    return Decision(
        observation=observation,
        verdict=verdict,  # type: ignore[arg-type]
        value=value,
        reason="letter of 3 May",
        by="ana",
        at="2026-11-24T10:00:00Z",
        quote=quote,
    )


@pytest.mark.parametrize(
    ("decision", "value", "bounds", "status", "accepted", "origin"),
    [
        (decide("accept"), None, (0, None), "suppressed", True, "review:ana"),
        (decide("correct", "4"), 4, None, "normal", True, "review:ana"),
        (decide("correct", "<5"), None, (0, 4), "suppressed", True, "review:ana"),
        (decide("correct", "not held"), None, None, "not_held", True, "review:ana"),
        (decide("reject"), None, (0, None), "suppressed", False, "review:ana"),
        (decide("not_this_question"), None, (0, None), "suppressed", False, "review:ana"),
        (decide("ask_authority"), None, (0, None), "suppressed", False, "review:ana"),
        (decide("undo"), None, (0, None), "suppressed", False, "reader"),
    ],
)
def test_a_decision_changes_the_value_and_never_what_the_document_says(
    decision: Decision,
    value: int | None,
    bounds: tuple[int, int | None] | None,
    status: str,
    accepted: bool,
    origin: str,
) -> None:
    (decided,), findings = apply_decisions([STAR], [decision])
    found = (decided.bounds.low, decided.bounds.high) if decided.bounds else None
    assert (decided.value, found, decided.status, decided.accepted, decided.origin) == (
        value, bounds, status, accepted, origin,
    )  # fmt: skip
    assert (decided.original_value, decided.source, decided.id) == ("*", STAR.source, STAR.id)
    assert findings == ()


def test_the_last_line_counts_and_undo_returns_to_what_was_read() -> None:
    lines = [decide("correct", "4"), decide("undo"), decide("correct", "3")]
    assert apply_decisions([STAR], lines)[0][0].value == 3
    assert apply_decisions([STAR], lines[:2])[0][0] == STAR


def test_a_decision_does_not_hold_when_its_source_changed() -> None:
    (kept,), (finding,) = apply_decisions([STAR], [decide("correct", "4", quote="7")])
    assert kept == STAR
    assert finding.check == "decision-stale"
    assert 'when "7" stood here, now "*" does' in finding.message


def test_a_decision_on_a_vanished_observation_is_reported() -> None:
    observations, (finding,) = apply_decisions([STAR], [decide("reject", observation="0" * 12)])
    assert observations == (STAR,)
    assert finding.check == "decision-stale"


@pytest.mark.parametrize("value", ["about 40", "", None, "*", "many"])
def test_a_correction_must_be_a_number_or_a_settled_status(value: str | None) -> None:
    (kept,), (finding,) = apply_decisions([STAR], [decide("correct", value)])
    assert kept == STAR
    assert (finding.check, finding.severity) == ("decision-unusable", "error")


def test_what_has_no_value_cannot_be_accepted() -> None:
    two = replace(STAR, original_value="92 (A) 33 (B)", value=None, bounds=None, status="normal")
    _, (finding,) = apply_decisions([two], [decide("accept", quote="92 (A) 33 (B)")])
    assert finding.check == "decision-unusable"


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_a_line_reads_back_as_the_decision_that_wrote_it(reason: str, quote: str) -> None:
    decision = replace(decide("reject", quote=quote), reason=reason)
    assert parse_decisions(write_decision(decision)) == (decision,)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "is not valid JSON"),
        ('{"verdict": "accept"}', "does not have the keys"),
        (json.dumps({**asdict(decide("accept")), "verdict": "maybe"}), 'verdict "maybe" is not known'),
        (json.dumps({**asdict(decide("accept")), "by": 3}), "has a key that is not text"),
        (json.dumps({**asdict(decide("accept")), "value": 3}), "has a value that is not text"),
    ],
)
def test_a_broken_line_is_named(line: str, said: str) -> None:
    with pytest.raises(StoreError, match=r"decisions\.jsonl, line 2") as caught:
        parse_decisions("\n" + line)
    assert said in str(caught.value)
