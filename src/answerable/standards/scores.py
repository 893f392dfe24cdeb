"""Results -> scores with their denominators and intervals, agreement of testers, and what an adult's account has.

A score is passes over what was applicable and tested, and never stands without both numbers. The trap: checks of one
service are not a random sample, so an interval says how far a score of so few checks could move by chance, and a
league table without it would order services by noise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from answerable.standards.audit import Audit
from answerable.standards.observed import ObservedSetting
from answerable.standards.results import TESTED, VERDICTS, Result, Verdict
from answerable.standards.rules import ADULT, NOT_TESTED
from answerable.stats import Interval, bound_share


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Passes over tested checks of one service in one edition; a check is one rule at one declared age. `share`
    and `interval` are None where nothing was tested; `counts` has every verdict."""

    service: str
    edition: str
    passed: int
    tested: int
    applicable: int
    share: float | None
    interval: Interval | None
    counts: Mapping[Verdict, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two testers on the same settings, ages and editions: how many answers they share. `kappa` is Cohen's, None
    where both always gave one and the same answer, so that chance alone would agree."""

    edition: str
    first: str
    second: str
    n: int
    same: int
    kappa: float | None


def score_services(results: Iterable[Result], *, confirmed: bool = False) -> dict[tuple[str, str], Score]:
    """(edition, service) -> Score; with `confirmed` over rules that were read at their source only."""
    counts: dict[tuple[str, str], dict[Verdict, int]] = {}
    for result in results:
        own = counts.setdefault((result.edition, result.service), dict.fromkeys(VERDICTS, 0))
        if not confirmed or result.rule.status == "confirmed":
            own[result.verdict] += 1
    return {key: _make_score(*key, own) for key, own in counts.items()}


def _make_score(edition: str, service: str, counts: dict[Verdict, int]) -> Score:
    tested = sum(counts[verdict] for verdict in TESTED)
    return Score(
        service=service,
        edition=edition,
        passed=counts["pass"],
        tested=tested,
        applicable=tested + counts["not_tested"],
        share=counts["pass"] / tested if tested else None,
        interval=bound_share(counts["pass"], tested) if tested else None,
        counts=counts,
    )


def rank_scores(scores: Iterable[Score]) -> list[Score]:
    """Scores from the highest; services where nothing was tested last; equal ones by name."""
    return sorted(scores, key=lambda item: (item.share is None, -(item.share or 0), -item.tested, item.service))


def find_places(scores: Sequence[Score]) -> dict[str, tuple[int, int]]:
    """The best and the worst place each service could have: only an interval that lies wholly above or below its
    own sets another service before or after it."""
    ranked = [item for item in scores if item.interval is not None]
    found = {}
    for item in ranked:
        own = item.interval
        better = sum(1 for other in ranked if own and other.interval and other.interval.low > (own.high or 0))
        worse = sum(1 for other in ranked if own and other.interval and (other.interval.high or 0) < own.low)
        found[item.service] = (better + 1, len(ranked) - worse)
    return found


def measure_agreement(observed: Iterable[ObservedSetting]) -> tuple[Agreement, ...]:
    """Every pair of testers in every edition, over what both tested. A tester's answer to one setting at one age
    is the one of the last run; Cohen (1960), "A coefficient of agreement for nominal scales"."""
    answers: dict[str, dict[str, dict[tuple[str, str, int], str]]] = {}
    for item in sorted(observed, key=lambda item: (item.visit.on, item.visit.run)):
        if item.value != NOT_TESTED:
            own = answers.setdefault(item.edition, {}).setdefault(item.visit.tester, {})
            own[item.visit.service, item.setting, item.age] = item.value
    found = []
    for edition, testers in sorted(answers.items()):
        for first, second in combinations(sorted(testers), 2):
            shared = sorted(testers[first].keys() & testers[second].keys())
            if shared:
                pairs = [(f"{key[1]}={testers[first][key]}", f"{key[1]}={testers[second][key]}") for key in shared]
                found.append(_agree(edition, first, second, pairs))
    return tuple(found)


def _agree(edition: str, first: str, second: str, pairs: Sequence[tuple[str, str]]) -> Agreement:
    n, same = len(pairs), sum(left == right for left, right in pairs)
    left = {code: sum(pair[0] == code for pair in pairs) for code, _ in pairs}
    chance = sum(count * sum(pair[1] == code for pair in pairs) for code, count in left.items()) / n**2
    kappa = (same / n - chance) / (1 - chance) if chance < 1 else None
    return Agreement(edition=edition, first=first, second=second, n=n, same=same, kappa=kappa)


def find_same_as_adult(audit: Audit, observed: Iterable[ObservedSetting]) -> dict[tuple[str, str], tuple[int, int]]:
    """(edition, service) -> how many settings a child's account shared with the adult control, of how many that
    were observed on both. Nothing where the audit has no control."""
    values: dict[tuple[str, str, str], dict[int, set[str]]] = {}
    for item in observed:
        if item.value != NOT_TESTED:
            ages = values.setdefault((item.edition, item.visit.service, item.setting), {})
            ages.setdefault(item.age, set()).add(item.value)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for (edition, service, _), ages in values.items():
        children = [value for age, value in ages.items() if age < ADULT]
        if ADULT in ages and children:
            same, n = found.get((edition, service), (0, 0))
            found[edition, service] = (same + all(value == ages[ADULT] for value in children), n + 1)
    return found if ADULT in audit.ages else {}
