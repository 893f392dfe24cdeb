"""Reviewers' Decisions: read from decisions.jsonl, written as lines, applied to Observations and Findings.

Stands after the reading and before the checks. A Decision names an observation, or a cell that gave none, or a
finding, or a patch of lookups.toml, and quotes what stood there; it holds while that text still stands, else it
is `decision-stale` and changes nothing. The trap is to overwrite: `original_value` keeps what the document says
whatever a reviewer decides, and undoing is one more line, never a deletion.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any, get_args

from answerable.errors import StoreError
from answerable.model import Decision, Finding, Observation, Source, Touched, Verdict
from answerable.values import parse_value

CELL, FINDING, LOOKUP = "cell:", "finding:", "lookup:"
"""How the subject of a Decision begins that is no observation: a cell, a finding, a patch of lookups.toml."""

SETTLING = frozenset(("accept", "correct", "reject", "not_this_question"))
"""Verdicts that leave nothing open; `ask_authority` and `undo` do."""

UNSETTLED = frozenset(("disclosure", "unproven-sentence", "decision-unusable", "decision-stale", "unknown-authority"))
"""Checks whose Findings no Decision on them can settle: what they say has to be put right."""

_KEYS = ("observation", "verdict", "value", "reason", "by", "at", "quote")


def parse_decisions(text: str, where: str = "decisions.jsonl") -> tuple[Decision, ...]:
    """The Decisions of a decisions.jsonl, in order. StoreError names the line that is no Decision."""
    return tuple(_parse_row(raw, place) for place, raw in read_rows(text, where))


def read_rows(text: str, where: str) -> Iterator[tuple[str, Any]]:
    """(place, value) of every line of a log of JSON lines that is not blank. StoreError names the one that is none."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            place = f"{where}, line {number}"
            try:
                yield place, json.loads(line)
            except json.JSONDecodeError as error:
                raise StoreError(place, f"is not valid JSON: {error.msg}", "Restore the line from a backup") from error


def _parse_row(raw: Any, where: str) -> Decision:
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
    last = find_last(decisions)
    known = {observation.id: observation for observation in observations}
    findings = [
        _report_missing(decision)
        for name, decision in sorted(last.items())
        if name not in known and not name.startswith((CELL, FINDING, LOOKUP)) and decision.verdict != "undo"
    ]
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
    decided, conflicts = _settle_doubles(decided)
    return tuple(decided), (*findings, *conflicts)


def _settle_doubles(observations: Sequence[Observation]) -> tuple[list[Observation], list[Finding]]:
    """A reviewer's value beside another accepted one: an equal one repeats it, unequal ones contradict each other
    and none is accepted."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, item in enumerate(observations):
        if item.accepted:
            groups[item.authority, item.question, item.period, item.dimensions].append(place)
    settled, findings = list(observations), []
    for places in groups.values():
        own = [observations[place] for place in places]
        if len(own) < 2 or not any(item.origin.startswith("review:") for item in own):
            continue
        same = len({(item.value, item.status, item.bounds) for item in own}) == 1
        for place in places[1:] if same else places:
            why = f"repeats {own[0].source.part}, {own[0].source.ref}" if same else "contradicted, see findings"
            kept = observations[place]
            settled[place] = replace(kept, accepted=False, evidence=(*kept.evidence, why))
        findings += [] if same else [_report_doubles(own)]
    return settled, findings


def _report_doubles(own: Sequence[Observation]) -> Finding:
    first = own[0]
    labels = "".join(f", {code}" for _, code in first.dimensions)
    said = "; ".join(f'"{o.original_value}" at {o.source.document}, {o.source.part}, {o.source.ref}' for o in own)
    return Finding(
        check="conflicting-values",
        severity="error",
        message=f"{first.authority}, question {first.question}, {first.period}{labels}: a reviewer's value and another "
        f"contradict each other: {said}. Reject the wrong one in review, or ask the authority.",
        subject=first.authority,
        source=first.source,
        touched=tuple(Touched(source=item.source) for item in own),
    )


def find_last(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """The last Decision on each subject, by the subject's id."""
    return {decision.observation: decision for decision in decisions}


def name_cell(source: Source) -> str:
    """The id of a cell that gave no observation, for a Decision on it."""
    return CELL + _hash(source.document, source.part, source.ref)


def name_finding(finding: Finding) -> str:
    """The id of a Finding, for a Decision on it: what it is about, and its words where it has no place."""
    source = finding.source
    place = (source.document, source.part, source.ref) if source else (finding.message,)
    return FINDING + _hash(finding.check, finding.subject, *place)


@lru_cache(maxsize=1 << 14)
@lru_cache(maxsize=1 << 15)
def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def name_touched(finding: Finding, observations: Mapping[tuple[str, str, str], Sequence[Observation]]) -> list[str]:
    """The ids that a reviewer decides on to settle a Finding: its observations and other cells, else itself.

    `observations` are those of the edition by document, part and ref.
    """
    names = []
    for touched in finding.touched:
        source = touched.source
        found = observations.get((source.document, source.part, source.ref), ())
        names += [item.id for item in found] or [name_cell(source)]
    return list(dict.fromkeys(names)) or [name_finding(finding)]


def index_places(observations: Iterable[Observation]) -> dict[tuple[str, str, str], list[Observation]]:
    """Observations by document, part and ref."""
    found: dict[tuple[str, str, str], list[Observation]] = defaultdict(list)
    for item in observations:
        found[item.source.document, item.source.part, item.source.ref].append(item)
    return found


def settle_findings(
    findings: Sequence[Finding], observations: Sequence[Observation], decisions: Iterable[Decision]
) -> tuple[Finding, ...]:
    """The findings with those a reviewer has settled lowered: an error to a warning, a warning to info.

    A Finding that leaves cells open is settled when every one of them is decided; another when it is decided
    itself. A Decision on a cell or finding that is no longer there becomes `decision-stale`.
    """
    last = find_last(decisions)
    places = index_places(observations)
    seen: set[str] = set()
    settled = []
    for finding in findings:
        names = name_touched(finding, places)
        seen.update(names)
        made = [last[name] for name in names if name in last]
        done = len(made) == len(names) and all(_holds(decision, finding, places) for decision in made)
        settled.append(_lower(finding, made) if done and not _still_differs(finding, places, last) else finding)
    left = [
        _report_missing(decision)
        for name, decision in sorted(last.items())
        if name.startswith((CELL, FINDING)) and name not in seen and decision.verdict != "undo"
    ]
    return (*settled, *left)


def _holds(decision: Decision, finding: Finding, places: Mapping[tuple[str, str, str], Sequence[Observation]]) -> bool:
    """Whether a Decision settles its part of a Finding: a settling verdict on words that still stand."""
    if decision.verdict not in SETTLING or finding.check in UNSETTLED:
        return False
    if decision.observation.startswith(FINDING):
        return decision.quote == finding.message
    quotes = {touched.source.quote for touched in finding.touched}
    for touched in finding.touched:
        source = touched.source
        quotes |= {item.original_value for item in places.get((source.document, source.part, source.ref), ())}
    return decision.quote in quotes


def _still_differs(
    finding: Finding, places: Mapping[tuple[str, str, str], Sequence[Observation]], last: Mapping[str, Decision]
) -> bool:
    """Whether two values that a reviewer took still contradict each other."""
    if finding.check != "conflicting-values":
        return False
    values: dict[tuple[object, ...], set[tuple[object, ...]]] = defaultdict(set)
    for source in (touched.source for touched in finding.touched):
        for item in places.get((source.document, source.part, source.ref), ()):
            if item.id in last and last[item.id].verdict in ("accept", "correct"):
                values[item.question, item.period, item.dimensions].add((item.value, item.status))
    return any(len(found) > 1 for found in values.values())


def _lower(finding: Finding, made: Sequence[Decision]) -> Finding:
    said = made[-1]
    count = f"{len(made)} decisions, the last " if len(made) > 1 else ""
    message = f"{finding.message} Settled: {count}{said.verdict} by {said.by}, {said.at}: {said.reason}"
    return replace(finding, severity="warning" if finding.severity == "error" else "info", message=message)


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
