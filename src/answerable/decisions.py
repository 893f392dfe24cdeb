"""Reviewers' Decisions: read from decisions.jsonl, written as lines, applied to Observations.

Stands after the reading and before the checks. A Decision names an observation and quotes what stood at its
source; it holds while that text still stands there, else it is `decision-stale` and changes nothing. The trap
is to overwrite: `original_value` keeps what the document says whatever a reviewer decides, and undoing is one
more line, never a deletion.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import get_args

from answerable.errors import StoreError
from answerable.model import Decision, Finding, Observation, Verdict
from answerable.values import parse_value

_KEYS = ("observation", "verdict", "value", "reason", "by", "at", "quote")


def parse_decisions(text: str, where: str = "decisions.jsonl") -> tuple[Decision, ...]:
    """The Decisions of a decisions.jsonl, in order. StoreError names the line that is no Decision."""
    decisions = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            decisions.append(_parse_line(line, f"{where}, line {number}"))
    return tuple(decisions)


def _parse_line(line: str, where: str) -> Decision:
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        raise StoreError(where, f"is not valid JSON: {error.msg}", "Restore the line from a backup") from error
    if not isinstance(raw, dict) or set(raw) != set(_KEYS):
        raise StoreError(where, "does not have the keys of a decision", f"Write {', '.join(_KEYS)}")
    if raw["verdict"] not in get_args(Verdict):
        raise StoreError(where, f'verdict "{raw["verdict"]}" is not known', f"Write {', '.join(get_args(Verdict))}")
    if not all(isinstance(raw[key], str) for key in _KEYS if key != "value"):
        raise StoreError(where, "has a key that is not text", "Put it in quotes")
    if not isinstance(raw["value"], str | None):
        raise StoreError(where, "has a value that is not text or null", 'Write "value": "72"')
    return Decision(**raw)


def write_decision(decision: Decision) -> str:
    """The line of decisions.jsonl that says this Decision, with its newline."""
    return json.dumps(asdict(decision), ensure_ascii=False) + "\n"


def apply_decisions(
    observations: Sequence[Observation], decisions: Iterable[Decision]
) -> tuple[tuple[Observation, ...], tuple[Finding, ...]]:
    """The observations as decided, in their order, and a Finding for each Decision that no longer holds.

    The last line on an observation counts; `undo` returns it to what was read. `accept` and `correct` make it
    accepted, `reject` and `not_this_question` keep it out, `ask_authority` leaves it open.
    """
    last: dict[str, Decision] = {}
    for decision in decisions:
        last[decision.observation] = decision
    known = {observation.id: observation for observation in observations}
    findings = [_report_missing(decision) for name, decision in sorted(last.items()) if name not in known]
    decided = []
    for observation in observations:
        made = last.get(observation.id)
        if made is None or made.verdict == "undo":
            decided.append(observation)
            continue
        if made.quote not in (observation.source.quote, observation.original_value):
            findings.append(_report_stale(observation, made))
            decided.append(observation)
            continue
        changed, problem = _apply(observation, made)
        decided.append(changed)
        findings += [problem] if problem else []
    return tuple(decided), tuple(findings)


def _apply(observation: Observation, decision: Decision) -> tuple[Observation, Finding | None]:
    origin = f"review:{decision.by}"
    said = f"{decision.verdict} by {decision.by}, {decision.at}: {decision.reason}"
    changed = replace(observation, origin=origin, evidence=(*observation.evidence, said))
    if decision.verdict == "ask_authority":
        return replace(changed, accepted=False), None
    if decision.verdict in ("reject", "not_this_question"):
        return replace(changed, accepted=False), None
    if decision.verdict == "correct":
        reading = parse_value(decision.value or "")
        if reading is None or not reading.settled or (reading.value is None and reading.status == "normal"):
            return observation, _report_unusable(observation, decision)
        return replace(changed, value=reading.value, bounds=reading.bounds, status=reading.status, accepted=True), None
    if observation.value is None and observation.status == "normal":
        return observation, _report_unusable(observation, decision)
    return replace(changed, accepted=True), None


def _report_stale(observation: Observation, decision: Decision) -> Finding:
    source = observation.source
    return Finding(
        check="decision-stale",
        severity="warning",
        message=f'{source.document}, {source.part}, {source.ref}: {decision.by} decided when "{decision.quote}" stood '
        f'here, now "{source.quote}" does. The decision is not applied; decide again in review.',
        subject=observation.authority,
        source=source,
    )


def _report_missing(decision: Decision) -> Finding:
    return Finding(
        check="decision-stale",
        severity="warning",
        message=f'decisions.jsonl: {decision.by} decided on observation {decision.observation} ("{decision.quote}"), '
        "which no document gives any more. Decide on the observation that took its place, or undo.",
        subject="",
    )


def _report_unusable(observation: Observation, decision: Decision) -> Finding:
    source = observation.source
    return Finding(
        check="decision-unusable",
        severity="error",
        message=f"{source.document}, {source.part}, {source.ref}: {decision.by} said {decision.verdict} with "
        f'"{decision.value or source.quote}", which is no whole number and no status. Correct it to a number, "<5" '
        'or "not held".',
        subject=observation.authority,
        source=source,
    )
