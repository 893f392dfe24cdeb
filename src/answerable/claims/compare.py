"""A stated number against an exact value -> a verdict: the one place that says what "nearly" and "a third" allow.

Pure arithmetic on Fractions; evaluation calls it with the value that it recomputed. AggChecker's criterion
(https://arxiv.org/abs/1804.07686) decides a bare number: wrong if the true value cannot be rounded to it; a
number that is only cut off is told apart. The trap: "more than 3,000" is true of 30,000 and says too little.
"""

from dataclasses import dataclass
from fractions import Fraction

from answerable.claims.statement import Statement

ORDER = (
    "supported",
    "rounds",
    "truncates_only",
    "understated",
    "overstated",
    "undecided",
    "suppressed",
    "not_like_for_like",
    "wrong_base",
    "ratio_as_rise",
    "contradicted",
    "reverses",
    "not_checkable",
)
"""Verdicts from the best for a claim to the worst."""

AGREES = frozenset({"supported", "rounds", "truncates_only", "understated", "overstated"})

FRACTION_WINDOWS: dict[Fraction, tuple[Fraction, Fraction]] = {
    Fraction(1, 3): (Fraction(30, 100), Fraction(37, 100)),
    Fraction(2, 3): (Fraction(63, 100), Fraction(70, 100)),
    Fraction(1, 2): (Fraction(47, 100), Fraction(53, 100)),
    Fraction(1, 4): (Fraction(23, 100), Fraction(27, 100)),
    Fraction(3, 4): (Fraction(72, 100), Fraction(78, 100)),
}
"""What a bare fraction word allows (METHODS section 5); any other fraction allows 8% of itself either side."""

_STEPS = tuple(sorted({Fraction(n, d) for d in (2, 3, 4, 5, 10) for n in range(1, d)} | {Fraction(1)}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How far hedged and rounded numbers may stand from the truth, as shares of the stated number."""

    nearly: Fraction = Fraction(9, 10)
    loosely_nearly: Fraction = Fraction(4, 5)
    about: Fraction = Fraction(5, 100)
    loosely_about: Fraction = Fraction(15, 100)
    just: Fraction = Fraction(11, 10)
    much_more: Fraction = Fraction(125, 100)
    coarse: Fraction = Fraction(6, 100)
    multiple: Fraction = Fraction(25, 1000)
    short_of: Fraction = Fraction(95, 100)


RULES = Rules()


def compare_value(statement: Statement, value: Fraction, rules: Rules = RULES) -> str:
    """supported, rounds, truncates_only, understated, overstated or contradicted for one exact value."""
    if statement.high is not None:
        inside = statement.value <= value <= statement.high
        return "supported" if inside else "contradicted"
    hedge = statement.hedge
    if hedge in {"more_than", "at_least", "just_over"}:
        return _compare_above(statement, value, rules)
    if hedge in {"nearly", "just_under"}:
        return _compare_nearly(statement, value, rules)
    if hedge in {"less_than", "at_most"}:
        return _compare_below(statement, value, rules)
    if hedge == "about":
        return _compare_about(statement, value, rules)
    return _compare_bare(statement, value, rules)


def _step_over(statement: Statement) -> Fraction:
    """The next number a writer would have reached for: the next fraction, or the next of the number's last place."""
    if statement.form in {"fraction", "one_in"}:
        return next((step for step in _STEPS if step > statement.value * Fraction(105, 100)), Fraction(2))
    return statement.value + max(statement.coarse, Fraction(1) if statement.form != "percent" else statement.coarse)


def _compare_above(statement: Statement, value: Fraction, rules: Rules) -> str:
    stated = statement.value
    floor = value >= stated if statement.hedge == "at_least" else value > stated
    if not floor:
        return "overstated" if value >= stated * rules.short_of else "contradicted"
    if statement.hedge == "just_over":
        return "supported" if value <= stated * rules.just else "understated"
    much = stated * rules.much_more if statement.form not in {"verb", "times"} else stated
    return "understated" if value > much and value >= _step_over(statement) else "supported"


def _compare_nearly(statement: Statement, value: Fraction, rules: Rules) -> str:
    stated = statement.value
    if value >= stated:
        return "understated" if value <= stated * (2 - rules.short_of) else "contradicted"
    if value >= stated * rules.nearly:
        return "supported"
    return "overstated" if value >= stated * rules.loosely_nearly else "contradicted"


def _compare_below(statement: Statement, value: Fraction, rules: Rules) -> str:
    stated = statement.value
    under = value <= stated if statement.hedge == "at_most" else value < stated
    if under:
        return "overstated" if value * rules.much_more < stated and value <= stated - statement.coarse else "supported"
    return "understated" if value * rules.short_of <= stated else "contradicted"


def _compare_about(statement: Statement, value: Fraction, rules: Rules) -> str:
    stated = statement.value
    if abs(value - stated) <= max(abs(stated) * rules.about, statement.place / 2):
        return "supported"
    if statement.form == "fraction" and _is_in_window(stated, value):
        return "supported"
    if _can_round(statement, value, rules.about * 2):
        return "supported"
    if abs(value - stated) <= abs(stated) * rules.loosely_about:
        return "overstated" if stated > value else "understated"
    return "contradicted"


def _compare_bare(statement: Statement, value: Fraction, rules: Rules) -> str:
    stated = statement.value
    if value == stated:
        return "supported"
    if statement.form in {"fraction", "one_in"}:
        return _compare_fraction(statement, value, rules)
    if statement.form == "verb":
        return _compare_multiple(statement, value, rules)
    if statement.hedge == "exactly":
        return "contradicted"
    if (statement.place < 1 or statement.form != "number") and abs(value - stated) <= statement.place / 2:
        return "rounds"
    if _can_round(statement, value, rules.coarse):
        return "rounds"
    if 0 <= value - stated < statement.place and statement.form != "number":
        return "truncates_only"
    if statement.coarse > 1 and 0 <= value - stated < statement.coarse and value <= stated * (1 + rules.coarse):
        return "truncates_only"
    return "contradicted"


def _can_round(statement: Statement, value: Fraction, tolerance: Fraction) -> bool:
    """Whether the value rounds to the stated number at a place that its trailing zeros allow."""
    place = statement.place
    while place <= statement.coarse:
        allowed = min(place / 2, tolerance * abs(value))
        if (place > 1 or statement.form != "number") and abs(value - statement.value) <= allowed:
            return True
        place = place * 10 if place else Fraction(10**9)
    return False


def _is_in_window(stated: Fraction, value: Fraction) -> bool:
    low, high = FRACTION_WINDOWS.get(stated, (stated * Fraction(92, 100), stated * Fraction(108, 100)))
    return low <= value <= high


def _compare_fraction(statement: Statement, value: Fraction, rules: Rules) -> str:
    stated = statement.value
    if statement.form == "one_in" and value > 0:
        count = statement.place / value
        near = abs(count - statement.coarse) <= Fraction(1, 2) or (
            statement.coarse % 10 == 0
            and abs(count - statement.coarse) <= 5
            and abs(count / statement.coarse - 1) <= rules.coarse
        )
        if near and (statement.place == 1 or abs(value - stated) <= Fraction(1, 2) / statement.coarse):
            return "rounds"
    elif _is_in_window(stated, value):
        return "rounds"
    if abs(value - stated) <= stated * rules.loosely_about:
        return "overstated" if stated > value else "understated"
    return "contradicted"


def _compare_multiple(statement: Statement, value: Fraction, rules: Rules) -> str:
    """Doubled is 1.95 to 2.05 times; above that the verb says too little, from nine tenths too much."""
    stated = statement.value
    if stated < 1:
        return "rounds" if Fraction(47, 100) <= value <= Fraction(53, 100) else "contradicted"
    if abs(value - stated) <= stated * rules.multiple:
        return "rounds"
    if stated < value < stated + 1:
        return "understated"
    return "overstated" if stated * rules.nearly <= value < stated else "contradicted"


def compare_interval(statement: Statement, low: Fraction, high: Fraction | None, rules: Rules = RULES) -> str:
    """The verdict where the true value lies between two bounds: undecided when it depends on where."""
    if high is not None and low == high:
        return compare_value(statement, low, rules)
    top = high if high is not None else max(low, statement.high or statement.value) * 1000 + 1
    ends = {compare_value(statement, low, rules), compare_value(statement, top, rules)}
    if low <= statement.value <= top and statement.hedge in {"", "exactly", "about"}:
        return "undecided"
    if len(ends) == 1:
        return ends.pop()
    if ends <= {"supported", "rounds", "understated"}:
        return "supported"
    return "undecided"
