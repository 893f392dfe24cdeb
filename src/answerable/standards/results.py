"""Observed settings + the rules of their day -> Results: what each rule makes of each account.

Six verdicts and no others; only pass, fail, partial and inconsistent are tested. Repeats that disagree are
`inconsistent`, never an average. The trap: a rule judges an observation only if it was in force on the day of that
observation, so one edition can hold accounts judged by different versions of a rule.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from answerable.model import Period
from answerable.standards.audit import Audit, Service
from answerable.standards.observed import ObservedSetting
from answerable.standards.rules import NO_FEATURE, NOT_TESTED, Rule, Standards, fits_service, is_in_force

Verdict = Literal["pass", "fail", "partial", "not_applicable", "not_tested", "inconsistent"]
VERDICTS: dict[Verdict, str] = {
    "pass": "the setting was as the rule asks",
    "fail": "the setting was not as the rule asks",
    "partial": "the setting was as the rule asks in part",
    "inconsistent": "repeats of the test gave different answers",
    "not_tested": "nobody tested it",
    "not_applicable": "the service has no such feature, or the rule is not applied to it",
}
"""Every verdict in the order it is listed, with what it means."""

TESTED: frozenset[Verdict] = frozenset({"pass", "fail", "partial", "inconsistent"})


@dataclass(frozen=True, slots=True)
class Result:
    """What one rule makes of one service's accounts of one declared age in one edition. `values` are the distinct
    answers in the order of the setting's values, `reason` says why a rule was not applied."""

    service: str
    edition: str
    rule: Rule
    age: int
    verdict: Verdict
    values: tuple[str, ...]
    observed: tuple[ObservedSetting, ...]
    reason: str


Key = tuple[str, str, str, int]
"""Service, edition, setting, declared age."""


def index_observed(observed: Iterable[ObservedSetting]) -> dict[Key, list[ObservedSetting]]:
    """Observed settings by service, edition, setting and age, in the order given."""
    found: dict[Key, list[ObservedSetting]] = {}
    for item in observed:
        found.setdefault((item.visit.service, item.edition, item.setting, item.age), []).append(item)
    return found


@dataclass(frozen=True, slots=True)
class _Versions:
    """One rule in one edition: its versions in the order of their days, and what each value means to each. `whole`
    is the one that held on every day of the edition, None where the day of an observation decides."""

    rules: tuple[Rule, ...]
    verdicts: Mapping[int, Mapping[str, Verdict]]
    whole: Rule | None
    codes: tuple[str, ...]

    @property
    def last(self) -> Rule:
        return self.rules[-1]


def judge_audit(audit: Audit, standards: Standards, observed: Iterable[ObservedSetting]) -> tuple[Result, ...]:
    """Every result of every edition, by edition, service, rule and age. A rule that was in force on no day of an
    edition gives none; one that was gives one for each declared age it covers."""
    index = index_observed(observed)
    codes = {item.id: (*item.codes, NO_FEATURE) for item in standards.settings}
    results: list[Result] = []
    for edition in audit.survey.periods:
        rules = [_prepare(versions, edition, codes) for versions in group_versions(standards.rules, edition)]
        for service in audit.services:
            for versions in rules:
                results += _judge_rule(service, edition.id, versions, audit.ages, index)
    return tuple(results)


def _prepare(rules: tuple[Rule, ...], edition: Period, codes: Mapping[str, tuple[str, ...]]) -> _Versions:
    own = codes[rules[-1].setting]
    return _Versions(
        rules=rules,
        verdicts={id(rule): {code: _judge_value(rule, code) for code in own} for rule in rules},
        whole=next(
            (rule for rule in rules if is_in_force(rule, edition.start) and is_in_force(rule, edition.end)), None
        ),
        codes=own,
    )


def group_versions(rules: Sequence[Rule], edition: Period) -> list[tuple[Rule, ...]]:
    """Each rule that was in force in an edition, as its versions in the order of their days."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.start and rule.start <= edition.end and (rule.end is None or rule.end >= edition.start):
            found.setdefault(rule.id, []).append(rule)
    return [tuple(sorted(versions, key=lambda rule: str(rule.start))) for versions in found.values()]


def _judge_rule(
    service: Service,
    edition: str,
    versions: _Versions,
    ages: tuple[int, ...],
    index: Mapping[Key, list[ObservedSetting]],
) -> list[Result]:
    last = versions.last
    why = next((reason for name, reason in service.exempt if name == last.id), "")
    if not why and not any(fits_service(rule, service.features) for rule in versions.rules):
        why = "the service is listed without what the rule is about"
    found = []
    for age in ages:
        if not any(rule.ages[0] <= age <= rule.ages[1] for rule in versions.rules):
            continue
        if why:
            found.append(Result(service.id, edition, last, age, "not_applicable", (), (), why))
            continue
        seen = index.get((service.id, edition, last.setting, age), ())
        found.append(_judge_age(service.id, edition, versions, age, seen))
    return found


def _judge_age(service: str, edition: str, versions: _Versions, age: int, seen: Sequence[ObservedSetting]) -> Result:
    tested = [item for item in seen if item.value != NOT_TESTED]
    if versions.whole is not None:
        used = [(versions.whole, item) for item in tested]
    else:
        judged = [(find_version(versions.rules, item), item) for item in tested]
        used = [(rule, item) for rule, item in judged if rule is not None]
    if not used:
        why = "observed only on days before the rule was in force" if tested else ""
        return Result(service, edition, versions.last, age, "not_tested", (), (), why)
    verdicts = {versions.verdicts[id(rule)][item.value] for rule, item in used}
    seen_values = {item.value for _, item in used}
    values = tuple(seen_values) if len(seen_values) == 1 else tuple(c for c in versions.codes if c in seen_values)
    verdict: Verdict = verdicts.pop() if len(verdicts) == 1 else "inconsistent"
    why = "the account showed no such feature" if verdict == "not_applicable" else ""
    return Result(service, edition, used[-1][0], age, verdict, values, tuple(item for _, item in used), why)


def find_version(versions: Sequence[Rule], item: ObservedSetting) -> Rule | None:
    """The version that was in force on the day of an observation."""
    return next((rule for rule in versions if is_in_force(rule, item.visit.on)), None)


def _judge_value(rule: Rule, value: str) -> Verdict:
    if value == NO_FEATURE:
        return "not_applicable"
    if value in rule.passes:
        return "pass"
    return "partial" if value in rule.partial else "fail"
