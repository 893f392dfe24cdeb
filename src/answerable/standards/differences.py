"""Two editions of an audit -> what changed in each service's settings and in the rules that judge them.

A verdict can move because the service changed, because the rule did, or because somebody tested it at last; each is
named apart. The trap: a rule that came into force between two editions is no worsening of any service.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from answerable.standards.results import TESTED, Result

DifferenceKind = Literal[
    "improved", "worsened", "other_value", "rule_changed", "new_rule", "rule_gone", "now_tested", "no_longer_tested"
]
KINDS: dict[DifferenceKind, str] = {
    "improved": "the setting came closer to what the rule asks",
    "worsened": "the setting moved away from what the rule asks",
    "other_value": "the setting changed and the verdict did not",
    "rule_changed": "another version of the rule judged",
    "new_rule": "the rule was not in force before",
    "rule_gone": "the rule is no longer in force",
    "now_tested": "it was tested for the first time",
    "no_longer_tested": "it was tested before and not now",
}
_ORDER = {"pass": 3, "partial": 2, "inconsistent": 1, "fail": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One rule at one age of one service, before and after; one side is None for a rule that came or went."""

    kind: DifferenceKind
    service: str
    before: Result | None
    after: Result | None

    @property
    def result(self) -> Result:
        """The later side, or the only one."""
        if self.after is not None:
            return self.after
        if self.before is not None:
            return self.before
        raise ValueError("a difference has a side")


def compare_results(before: Iterable[Result], after: Iterable[Result]) -> tuple[Difference, ...]:
    """What changed from one edition's results to another's, in the order of the later one, then what is gone."""
    old = {(item.service, item.rule.id, item.age): item for item in before}
    found = []
    for item in after:
        earlier = old.pop((item.service, item.rule.id, item.age), None)
        kind = _name_kind(earlier, item)
        if kind:
            found.append(Difference(kind=kind, service=item.service, before=earlier, after=item))
    for item in old.values():
        if item.verdict in TESTED:
            found.append(Difference(kind="rule_gone", service=item.service, before=item, after=None))
    return tuple(found)


def _name_kind(before: Result | None, after: Result) -> DifferenceKind | None:
    if before is None:
        return "new_rule" if after.verdict in TESTED else None
    was, now = before.verdict in TESTED, after.verdict in TESTED
    if not was or not now:
        return "now_tested" if now else "no_longer_tested" if was and after.verdict == "not_tested" else None
    if before.verdict != after.verdict:
        if before.rule != after.rule and before.values == after.values:
            return "rule_changed"
        return "improved" if _ORDER[after.verdict] > _ORDER[before.verdict] else "worsened"
    return "other_value" if before.values != after.values else None
