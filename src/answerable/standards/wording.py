"""Results -> sentences: what was on by default, on which date, on which test account.

Every sentence of a release, a scorecard and a case file is made here, so that one rule holds for all of them: it
says what was observed and never that a law was broken. The trap: an observation holds for the day it was made, so
each sentence has its date.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from answerable.standards.audit import OUTCOMES, Audit, Response
from answerable.standards.results import Result
from answerable.standards.rules import ADULT, Rule, Setting, Standards
from answerable.standards.scores import Score
from answerable.stories.wording import round_half_up, write_date, write_list

ANSWERS = {"no_feature": "no such feature", "not_tested": "not tested"}


def name_value(setting: Setting, code: str) -> str:
    """An answer in words."""
    for own, words in setting.values:
        if own == code:
            return words
    return ANSWERS[code]


def name_values(setting: Setting, codes: Sequence[str]) -> str:
    """Several answers in words, parted by "or"."""
    return " or ".join(name_value(setting, code) for code in codes)


def quote_values(setting: Setting, codes: Sequence[str]) -> str:
    """Several answers in words, each in quotation marks."""
    return " or ".join(f"“{name_value(setting, code)}”" for code in codes)


def mark_source(rule: Rule) -> str:
    """Where a rule stands, and what is open about it."""
    marks = [*(["unconfirmed"] if rule.status != "confirmed" else []), *(["our application"] if rule.applied else [])]
    return f"{name_source(rule)}{f' ({write_list(marks)})' if marks else ''}"


def name_source(rule: Rule) -> str:
    """Where a rule stands: "Children's Code, Standard 7, default settings"."""
    return f"{rule.origin.name}, {rule.place}"


def name_ages(ages: Sequence[int]) -> str:
    """ "13", "13, 15 and 16"."""
    return write_list([str(age) for age in ages])


def name_days(days: Iterable[date]) -> str:
    """Days in order: "3 November 2026 and 5 November 2026"."""
    return write_list([write_date(day) for day in sorted(set(days))])


def tell_failures(standards: Standards, results: Iterable[Result]) -> tuple[str, ...]:
    """One sentence for each setting that was not as a rule asks, ages with the same answer together, in the order
    of the rules. Several rules on one setting share its sentence."""
    groups: dict[tuple[str, tuple[str, ...], tuple[date, ...]], tuple[list[int], dict[str, Rule]]] = {}
    for result in results:
        if result.verdict in {"fail", "partial"}:
            days = tuple(sorted({item.visit.on for item in result.observed}))
            ages, rules = groups.setdefault((result.rule.setting, result.values, days), ([], {}))
            ages.extend([] if result.age in ages else [result.age])
            rules[result.rule.id] = result.rule
    return tuple(
        _tell_failure(standards.find_setting(name), values, days, ages, tuple(rules.values()))
        for (name, values, days), (ages, rules) in groups.items()
    )


def _tell_failure(
    setting: Setting, values: tuple[str, ...], days: tuple[date, ...], ages: list[int], rules: tuple[Rule, ...]
) -> str:
    safe = [code for code in setting.codes if all(code in rule.passes for rule in rules)] or list(rules[0].passes)
    sources = "; ".join(dict.fromkeys(mark_source(rule) for rule in rules))
    wanted, seen = (quote_values(setting, codes) for codes in (safe, values))
    return (
        f"{lead_question(setting)}: {wanted} was not on by default on {name_days(days)}, on "
        f"new accounts of declared age {name_ages(sorted(ages))}; what was observed is "
        f"{seen}. Asked for by {sources}."
    )


def lead_question(setting: Setting) -> str:
    """The setting's name as the head of a sentence."""
    return setting.name[:1].upper() + setting.name[1:]


def tell_inconsistent(standards: Standards, results: Iterable[Result]) -> tuple[str, ...]:
    """One sentence for each rule and age at which repeats disagree."""
    return tuple(
        f"{lead_question(standards.find_setting(item.rule.setting))}: repeats at declared age {item.age} gave "
        f"{quote_values(standards.find_setting(item.rule.setting), item.values)} on "
        f"{name_days(seen.visit.on for seen in item.observed)}, so no verdict is given."
        for item in results
        if item.verdict == "inconsistent"
    )


def tell_score(score: Score) -> str:
    """A score with its denominator and interval: "18 of 22 tested checks were passed (82%; 95% interval ...)."""
    if score.share is None or score.interval is None:
        return f"None of {score.applicable} applicable checks was tested."
    low, high = (round_half_up(100 * value) for value in (score.interval.low, score.interval.high or 1))
    rest = score.counts["not_tested"]
    untested = f" {rest} applicable {'check was' if rest == 1 else 'checks were'} not tested." if rest else ""
    return (
        f"{score.passed} of {score.tested} tested checks were passed ({round_half_up(100 * score.share)}%; 95% "
        f"interval {low}% to {high}%).{untested}"
    )


def tell_response(response: Response) -> str:
    """What a service did with its right of reply."""
    asked = f"The service was asked on {write_date(response.asked)}"
    if response.received is None or response.outcome == "no_reply":
        return f"{asked} and had not replied."
    about = f" on {write_list(list(response.rules))}" if response.rules else ""
    return f"{asked} and replied on {write_date(response.received)}: it {OUTCOMES[response.outcome]}{about}."


def tell_control(same: int, n: int) -> str:
    """How much of a child's account was the same as an adult's."""
    return (
        f"Of {n} settings observed on a child's account and on an adult's ({ADULT}, the control), {same} "
        f"{'was' if same == 1 else 'were'} the same on both."
    )


NOTES = (
    "A check is one rule at one declared age. Only rules in force on the day of the observation are applied. The "
    "score is passes over the checks that were applicable and tested; an interval says how far a score of so few "
    "checks could move by chance.",
    "Everything here was observed on new test accounts on which nothing had been changed. Test accounts met only each "
    "other, no real user was contacted, and harmful content was never sought.",
    "An observation says what a setting was on a date. It does not say that a law was broken: the law applies to a "
    "provider's service as a whole, and a Code's measures can be met in other ways.",
    "Rules marked unconfirmed were not read at their source.",
)
"""What stands under every release and scorecard."""


def list_days(audit: Audit, results: Iterable[Result], edition: str) -> str:
    """The days on which an edition's accounts were looked at, first to last."""
    days = sorted({item.visit.on for result in results for item in result.observed})
    if not days:
        period = next(item for item in audit.survey.periods if item.id == edition)
        return f"{write_date(period.start)} to {write_date(period.end)}"
    return write_date(days[0]) if len(days) == 1 else f"{write_date(days[0])} to {write_date(days[-1])}"
