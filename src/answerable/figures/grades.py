"""How far an observation can be compared with others: comparable, with a caveat, or not.

Graded once, before anything is added up, from what the authority said of its figures and from the unit it
counted. The trap: a count that cannot be compared over time may still be added to this period's total (a new
record system), while one of another unit may not (victims are not offences).
"""

from collections.abc import Iterable
from typing import Literal

from answerable.model import Break, Caveat, CaveatKind, Observation, Question, Reply, Survey, Unit

Grade = Literal["comparable", "with_caveat", "not"]

CAVEAT_GRADES: dict[CaveatKind, Grade] = {
    "live_system": "with_caveat",
    "rule_changed": "not",
    "system_changed": "not",
    "flag_not_used": "not",
    "counts_victims": "not",
    "counts_suspects": "not",
    "counts_arrests": "not",
    "text_search": "with_caveat",
    "part_period": "not",
    "other_definition": "not",
    "other_selection": "not",
    "other_date_basis": "not",
    "other_version": "not",
    "not_comparable": "not",
    "rounded": "with_caveat",
    "recreated": "comparable",
    "other": "with_caveat",
}
"""What each caveat does to a comparison over time."""

NEVER_ADDED: frozenset[CaveatKind] = frozenset(
    {"counts_victims", "counts_suspects", "counts_arrests", "part_period", "other_definition", "other_selection"}
)
"""Caveats under which a count answers another question, so that no total may hold it."""

_SAME_UNIT: dict[Unit, Unit] = {"crimes": "offences", "records": "offences"}
_UNIT_CAVEATS: dict[CaveatKind, Unit] = {
    "counts_victims": "victims",
    "counts_suspects": "suspects",
    "counts_arrests": "arrests",
}


def fold_unit(unit: Unit) -> Unit:
    """The unit under the name totals are added in: crimes and records are offences recorded."""
    return _SAME_UNIT.get(unit, unit)


def list_caveats(observation: Observation, replies: Iterable[Reply]) -> tuple[CaveatKind, ...]:
    """The caveats of an observation: its own, and those of its authority's replies that cover it."""
    found = set(observation.caveats)
    found |= {
        caveat.kind
        for reply in replies
        if reply.authority == observation.authority
        for caveat in reply.caveats
        if _covers(caveat, observation)
    }
    return tuple(sorted(found))


def _covers(caveat: Caveat, observation: Observation) -> bool:
    return caveat.question in {"", observation.question} and caveat.period in {"", observation.period}


def grade_observation(
    survey: Survey, observation: Observation, replies: Iterable[Reply]
) -> tuple[Grade, tuple[str, ...]]:
    """The grade of one observation with the reasons for it, "" reasons where nothing speaks against it."""
    question = next((item for item in survey.questions if item.id == observation.question), None)
    caveats = list_caveats(observation, replies)
    grade, reasons = grade_caveats(question, observation.unit, caveats)
    broken = [f"{BREAK}: {item.reason}" for item in survey.breaks if _starts_at(item, observation)]
    if broken:
        return ("not" if grade == "not" else "with_caveat"), (*reasons, *broken)
    return grade, reasons


BREAK = "series break"
"""Begins the reason that a declared break gives."""


def _starts_at(item: Break, observation: Observation) -> bool:
    """Whether a declared break parts this observation from the period before it."""
    return (
        item.period == observation.period
        and item.question in {None, observation.question}
        and item.authority in {None, observation.authority}
    )


def grade_caveats(
    question: Question | None, unit: Unit, caveats: Iterable[CaveatKind]
) -> tuple[Grade, tuple[str, ...]]:
    """The grade that a unit and caveats come to, and the reasons, worst first."""
    reasons: dict[str, Grade] = {}
    if question is not None and not is_same_unit(question, unit):
        reasons[f"counts {unit}, asked for {question.unit}"] = "not"
    for kind in caveats:
        # A force asked for victims that says it counts victims answered as asked.
        if question is not None and _UNIT_CAVEATS.get(kind) == question.unit:
            continue
        if CAVEAT_GRADES[kind] != "comparable":
            reasons[kind.replace("_", " ")] = CAVEAT_GRADES[kind]
    ordered = sorted(reasons, key=lambda reason: (reasons[reason] != "not", reason))
    if "not" in reasons.values():
        return "not", tuple(ordered)
    return ("with_caveat" if reasons else "comparable"), tuple(ordered)


def is_same_unit(question: Question, unit: Unit) -> bool:
    """Whether counts of `unit` may be added under this question."""
    return fold_unit(unit) == fold_unit(question.unit)


def is_added(question: Question | None, unit: Unit, caveats: Iterable[CaveatKind]) -> bool:
    """Whether a count belongs in a total: same unit, same definition, the whole period."""
    if question is None or not is_same_unit(question, unit):
        return False
    return not any(kind in NEVER_ADDED and _UNIT_CAVEATS.get(kind) != question.unit for kind in caveats)
