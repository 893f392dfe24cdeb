"""A reviewer's ruling on an Item -> Decisions, one a member, each with who, when, why and what it rests on.

Pure: nothing is written here. The trap is a ruling that says more than the reviewer saw: accepting a group
accepts only members with a value to accept, and a correction must be a value that the line can read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from answerable.decisions import FINDING, find_last
from answerable.errors import SurveyError
from answerable.model import Decision, Verdict
from answerable.quarantine import DOCUMENT
from answerable.values import parse_value
from answerable.web.items import Item, Member

REASONS: dict[str, str] = {
    "accept": "read as it stands in the document",
    "correct": "the document says so",
    "reject": "not a value to use",
    "not_this_question": "answers something else than was asked",
    "ask_authority": "only the authority can say",
    "undo": "taken back",
}
"""The reason written where the reviewer gives none, by verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a reviewer said. `only` names one member; "" is all of the Item. `reason` "" takes the usual one."""

    verdict: Verdict
    value: str | None = None
    reason: str = ""
    only: str = ""


def make_decisions(item: Item, ruling: Ruling, by: str, at: str) -> tuple[Decision, ...]:
    """The Decisions that a Ruling makes, in the order of the Item's members.

    Raises SurveyError where it can settle nothing: a value that cannot be read, or nothing to accept.
    """
    members = [member for member in item.members if ruling.only in ("", member.name)]
    if ruling.verdict == "correct":
        _check_value(ruling.value or "")
        members = [member for member in members if member.observation is not None]
    elif ruling.verdict == "accept":
        members = [member for member in members if member.acceptable or member.name.startswith((FINDING, DOCUMENT))]
    if item.blocked and ruling.verdict != "undo":
        raise SurveyError(item.title, "cannot be settled by a decision", "Put right what it says, then build again")
    if not members:
        raise SurveyError(
            item.title, f"holds nothing to {ruling.verdict.replace('_', ' ')}", "Choose a meaning, or reject it"
        )
    value = ruling.value if ruling.verdict == "correct" else None
    return tuple(_decide(member, ruling, value, by, at) for member in members)


def _check_value(text: str) -> None:
    reading = parse_value(text)
    if reading is None or not reading.settled or (reading.value is None and reading.status == "normal"):
        raise SurveyError(f'"{text}"', "is no whole number and no status", 'Write 72, "<5", "[c]" or "not held"')


def _decide(member: Member, ruling: Ruling, value: str | None, by: str, at: str) -> Decision:
    return Decision(
        observation=member.name,
        verdict=ruling.verdict,
        value=value,
        reason=ruling.reason.strip() or REASONS[ruling.verdict],
        by=by,
        at=at,
        quote=member.quote,
    )


def undo_decisions(made: Sequence[Decision], by: str, at: str) -> tuple[Decision, ...]:
    """The lines that take Decisions back, the last of which stands again as nothing said."""
    return tuple(
        Decision(
            observation=d.observation, verdict="undo", value=None, reason=REASONS["undo"], by=by, at=at, quote=d.quote
        )
        for d in made
    )


def find_latest(decisions: Sequence[Decision], by: str) -> tuple[Decision, ...]:
    """The Decisions of `by`'s last answer that still stand: all written at one time, none taken back since."""
    last = find_last(decisions)
    standing = [d for d in decisions if d.by == by and d.verdict != "undo" and last[d.observation] is d]
    return tuple(d for d in standing if d.at == standing[-1].at) if standing else ()


def find_conflicts(since: Iterable[Decision], mine: Iterable[Decision]) -> tuple[Decision, ...]:
    """What others decided in the meantime on the same subjects, where it differs from what is being said."""
    said: Mapping[str, Decision] = {decision.observation: decision for decision in mine}
    return tuple(
        other
        for name, other in find_last(since).items()
        if name in said and (other.verdict, other.value) != (said[name].verdict, said[name].value)
    )


def parse_verdict(text: str) -> Verdict:
    """The Verdict of that name; SurveyError for another word."""
    for known in get_args(Verdict):
        if known == text:
            found: Verdict = known
            return found
    raise SurveyError(f'"{text}"', "is no verdict", f"Send one of {', '.join(get_args(Verdict))}")
