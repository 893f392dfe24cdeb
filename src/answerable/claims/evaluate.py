"""A Statement and the counts it is bound to -> a Judgement: verdict, the recomputation, and why in one sentence.

Called by binding with each edition in turn; every function takes Points and knows nothing of texts. Bounds
are carried through, so a suppressed count makes an interval and never a guess. The trap: a percentage that is
wrong as a rise may be right as a ratio (573% for +473%), and saying so is worth more than "wrong".
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from answerable.claims.arithmetic import show_bounds, show_count, show_decimal, show_percent
from answerable.claims.compare import AGREES, compare_interval
from answerable.claims.series import Point
from answerable.claims.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One verdict with its arithmetic, the ids it was computed from and the edition they belong to."""

    verdict: str
    computed: str
    explanation: str
    ids: tuple[str, ...] = ()
    edition: str = ""


_WHY = {
    "supported": "The figures bear this out: {exact}",
    "rounds": "Right when rounded; the exact value is {exact}",
    "truncates_only": "Cut off, not rounded; the exact value is {exact}",
    "overstated": "The wording says more than the figures: the exact value is {exact}",
    "understated": "The wording says less than the figures: the exact value is {exact}",
    "undecided": "Cannot be settled: a withheld count leaves the true value at {exact}",
    "contradicted": "The figures give {exact}",
}


def explain(verdict: str, exact: str) -> str:
    """The sentence for a verdict, with the exact value where it helps."""
    return _WHY[verdict].format(exact=exact) + "."


def judge_total(statement: Statement, point: Point) -> Judgement:
    """A count against a count. A number printed for a count the authority withheld is `suppressed`."""
    verdict = compare_interval(statement, point.low, point.high)
    exact = show_bounds(point.low, point.high)
    if point.suppressed and verdict == "undecided":
        return Judgement(
            verdict="suppressed",
            computed=exact,
            explanation=f"The authority withheld this count; it may be anything from {exact}.",
            ids=(point.id,),
            edition=point.edition,
        )
    return Judgement(
        verdict=verdict, computed=exact, explanation=explain(verdict, exact), ids=(point.id,), edition=point.edition
    )


def judge_change(statement: Statement, base: Point, now: Point) -> Judgement:
    """A rise or fall in percent, as a fraction word, in number or as a multiple, between two counts."""
    if statement.type == "change_abs":
        return _judge_difference(statement, base, now)
    if base.low <= 0:
        return Judgement(
            verdict="undecided" if base.high is None or base.high > 0 else "contradicted",
            computed=f"{show_bounds(base.low, base.high)} to {show_bounds(now.low, now.high)}",
            explanation="A change from nothing, or from a count that may be nothing, has no percentage.",
            ids=(base.id, now.id),
            edition=now.edition,
        )
    low = now.low / base.high if base.high else Fraction(0)
    high = now.high / base.low if now.high is not None else None
    if statement.type == "multiple" and (statement.value >= 1 or statement.form == "fraction"):
        return _judge_multiple(statement, base, now, low, high)
    return _judge_percent(statement, base, now, low - 1, None if high is None else high - 1)


def _ends(base: Point, now: Point) -> tuple[str, str]:
    return show_bounds(base.low, base.high), show_bounds(now.low, now.high)


def _judge_percent(statement: Statement, base: Point, now: Point, low: Fraction, high: Fraction | None) -> Judgement:
    first, last = _ends(base, now)
    exact = (
        show_percent(low, signed=True)
        if low == high
        else f"between {show_percent(low, signed=True)} and "
        + ("more" if high is None else show_percent(high, signed=True))
    )
    computed = f"({last} - {first}) / {first} = {exact}"
    scale = 100 if statement.form == "percent" else 1
    sign = statement.direction or (-1 if high is not None and high < 0 else 1)
    ids = (base.id, now.id)
    if high is not None and ((sign > 0 and high < 0) or (sign < 0 and low > 0)):
        word = "fall" if sign > 0 else "rise"
        return Judgement(
            verdict="reverses",
            computed=computed,
            explanation=f"The figures show a {word}: {exact}.",
            ids=ids,
            edition=now.edition,
        )
    down = sign < 0
    bounds = (
        (-high * scale if high is not None else low, -low * scale)
        if down
        else (low * scale, None if high is None else high * scale)
    )
    verdict = compare_interval(statement, *bounds)
    if verdict == "contradicted" and not down and low == high and _is_ratio(statement, low):
        why = f"{show_percent(low + 1)} is the later count as a percentage of the earlier one; the rise is {exact}."
        return Judgement(verdict="ratio_as_rise", computed=computed, explanation=why, ids=ids, edition=now.edition)
    return Judgement(
        verdict=verdict, computed=computed, explanation=explain(verdict, exact), ids=ids, edition=now.edition
    )


def _is_ratio(statement: Statement, change: Fraction) -> bool:
    if statement.form != "percent" or change <= 0:
        return False
    return compare_interval(statement, (change + 1) * 100, (change + 1) * 100) in {
        "supported",
        "rounds",
        "truncates_only",
    }


def _judge_multiple(statement: Statement, base: Point, now: Point, low: Fraction, high: Fraction | None) -> Judgement:
    first, last = _ends(base, now)
    exact = (
        show_decimal(low)
        if low == high
        else f"between {show_decimal(low)} and " + ("more" if high is None else show_decimal(high))
    )
    computed = f"{last} / {first} = {exact}"
    if high is not None and high < 1 and statement.direction > 0:
        verdict, why = "reverses", f"The figures show a fall, to {exact} times the earlier count."
    else:
        verdict = compare_interval(statement, low, high)
        why = explain(verdict, f"{exact} times")
    return Judgement(verdict=verdict, computed=computed, explanation=why, ids=(base.id, now.id), edition=now.edition)


def _judge_difference(statement: Statement, base: Point, now: Point) -> Judgement:
    first, last = _ends(base, now)
    low = now.low - base.high if base.high is not None else None
    high = now.high - base.low if now.high is not None else None
    sign = statement.direction or 1
    ids = (base.id, now.id)
    if low is None or high is None:
        return Judgement(
            verdict="undecided",
            computed=f"{last} - {first}",
            explanation=explain("undecided", "an open range"),
            ids=ids,
            edition=now.edition,
        )
    exact = show_bounds(low, high)
    computed = f"{last} - {first} = {exact}"
    if (sign > 0 and high < 0) or (sign < 0 and low > 0):
        why = f"The figures show a {'fall' if sign > 0 else 'rise'}: {computed}."
        return Judgement(verdict="reverses", computed=computed, explanation=why, ids=ids, edition=now.edition)
    verdict = compare_interval(statement, low, high) if sign > 0 else compare_interval(statement, -high, -low)
    return Judgement(
        verdict=verdict, computed=computed, explanation=explain(verdict, exact), ids=ids, edition=now.edition
    )


DAYS = {"minute": Fraction(1, 1440), "hour": Fraction(1, 24), "day": Fraction(1), "week": Fraction(7)}


def judge_average(statement: Statement, point: Point, days: int) -> Judgement:
    """An average per minute, hour, day, week or month, or one every so many of them, over a period of `days`."""
    if statement.unit == "month":
        length = Fraction(days, max(1, round(days / 30.4)))
    elif statement.unit == "second":
        length = Fraction(1, 86400)
    else:
        length = DAYS[statement.unit]
    total = show_bounds(point.low, point.high)
    if statement.form == "every":
        if point.low <= 0:
            return Judgement(
                verdict="undecided", computed=total, explanation="The count may be nothing.", ids=(point.id,)
            )
        low = Fraction(days) / length / point.high if point.high else Fraction(0)
        high = Fraction(days) / length / point.low
        exact = show_decimal(low) if low == high else f"{show_decimal(low)} to {show_decimal(high)}"
        computed = f"{days} days / {total} = one every {exact} {statement.unit}s"
    else:
        low = point.low * length / days
        high = Fraction(10**9) if point.high is None else point.high * length / days
        exact = show_decimal(low) if low == high else f"{show_decimal(low)} to {show_decimal(high)}"
        spread = "" if statement.unit == "day" else f" x {show_decimal(length, 4)} days"
        computed = f"{total} / {days} days{spread} = {exact} a {statement.unit}"
    verdict = compare_interval(statement, low, high)
    return Judgement(
        verdict=verdict, computed=computed, explanation=explain(verdict, exact), ids=(point.id,), edition=point.edition
    )


def judge_share(statement: Statement, part: Point, whole: Point) -> Judgement:
    """A share in percent, as a fraction word or as one in N, of a part in a whole."""
    ids = (part.id, whole.id)
    computed = f"{show_bounds(part.low, part.high)} / {show_bounds(whole.low, whole.high)}"
    if whole.low <= 0:
        return Judgement(verdict="undecided", computed=computed, explanation="The whole may be nothing.", ids=ids)
    low = part.low / whole.high if whole.high else Fraction(0)
    high = Fraction(1) if part.high is None else min(Fraction(1), part.high / whole.low)
    scale = 100 if statement.form == "percent" else 1
    verdict = compare_interval(statement, low * scale, high * scale)
    exact = show_percent(low) if low == high else f"{show_percent(low)} to {show_percent(high)}"
    if statement.form == "one_in" and low == high and low > 0:
        exact += f", one in {show_decimal(1 / low)}"
    return Judgement(
        verdict=verdict,
        computed=f"{computed} = {exact}",
        explanation=explain(verdict, exact),
        ids=ids,
        edition=whole.edition,
    )


def judge_comparison(statement: Statement, own: tuple[Point, Point], other: tuple[Point, Point]) -> Judgement | None:
    """How many times one change in percent is another; None where a base is nothing or a count is not exact."""
    points = (*own, *other)
    if not all(point.exact for point in points) or not own[0].low or not other[0].low or other[0].low == other[1].low:
        return None
    first, second = own[1].low / own[0].low - 1, other[1].low / other[0].low - 1
    ratio = first / second
    computed = f"{show_percent(first, signed=True)} / {show_percent(second, signed=True)} = {show_decimal(ratio)}"
    verdict = compare_interval(statement, ratio, ratio)
    return Judgement(
        verdict=verdict,
        computed=computed,
        explanation=explain(verdict, f"{show_decimal(ratio)} times"),
        ids=tuple(point.id for point in points),
        edition=own[1].edition,
    )


def judge_sum(statement: Statement, parts: tuple[Point, ...]) -> Judgement:
    """A whole against the sum of its parts."""
    low = sum((part.low for part in parts), Fraction(0))
    high = (
        None
        if any(part.high is None for part in parts)
        else sum((part.high or part.low for part in parts), Fraction(0))
    )
    verdict = compare_interval(statement, low, high)
    exact = show_bounds(low, high)
    shown = " + ".join(show_bounds(part.low, part.high) for part in parts)
    return Judgement(
        verdict=verdict,
        computed=f"{shown} = {exact}",
        explanation=explain(verdict, exact),
        ids=tuple(part.id for part in parts),
        edition=parts[0].edition,
    )


def mark_unlike(judgement: Judgement, reason: str) -> Judgement:
    """The same arithmetic, but not like for like: an agreement turns into `not_like_for_like`."""
    if judgement.verdict not in AGREES:
        return judgement
    return replace(
        judgement,
        verdict="not_like_for_like",
        explanation=f"{reason} The arithmetic alone agrees: {judgement.computed}.",
    )


def pick_best(judgements: list[Judgement], order: tuple[str, ...]) -> Judgement | None:
    """The judgement best for the claim, the first given among equals; None of an empty list."""
    return min(judgements, key=lambda item: order.index(item.verdict)) if judgements else None


def keep_editions(judgements: list[Judgement], editions: frozenset[str]) -> list[Judgement]:
    """The judgements of the editions that a text prints from, where there are any; else all of them."""
    kept = [item for item in judgements if item.edition in editions and item.ids]
    return [item for item in judgements if item in kept or not item.ids] if kept else judgements


def show_value(statement: Statement) -> str:
    """A Statement's number in one fixed form: "> 5,600", "44%", "1 in 5"."""
    signs = {
        "more_than": "> ",
        "at_least": ">= ",
        "less_than": "< ",
        "at_most": "<= ",
        "nearly": "just under ",
        "just_under": "just under ",
        "just_over": "just over ",
        "about": "about ",
        "exactly": "exactly ",
    }
    sign = signs.get(statement.hedge, "")
    if statement.form == "word":
        return statement.subject
    if statement.form == "one_in":
        return f"{sign}{show_count(statement.place)} in {show_count(statement.coarse)}"
    number = show_count(statement.value)
    if statement.form == "fraction":
        number = f"{statement.value.numerator}/{statement.value.denominator}"
    if statement.high is not None:
        number = f"{number} to {show_count(statement.high)}"
    tail = {"percent": "%", "points": " percentage points", "verb": " times", "times": " times"}.get(statement.form, "")
    if statement.form == "rate":
        tail = f" a {statement.unit}"
    elif statement.form == "every":
        return f"{sign}one every {number} {statement.unit}s"
    arrow = {1: "+", -1: "-"}.get(statement.direction, "") if statement.type in {"change_pct", "change_abs"} else ""
    return f"{sign}{arrow}{number}{tail}"
