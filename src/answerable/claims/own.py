"""A text checked against its own numbers: 59 to 72 is 22%, parts must add up, a third is not 44 per cent.

Used by `--self`, and by checking against a survey for what no figure covers. The numbers printed become
Points like any others, so the arithmetic is the same. The trap: an article holds several pairs of numbers, and
a percentage belongs to the pair of its own place and sentence, not to whichever fits.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from answerable.claims.bound import Bound
from answerable.claims.compare import ORDER
from answerable.claims.evaluate import (
    Judgement,
    judge_average,
    judge_change,
    judge_comparison,
    judge_share,
    pick_best,
)
from answerable.claims.numbers import parse_number
from answerable.claims.places import NATION
from answerable.claims.series import Point
from answerable.claims.statement import Statement, find_change_before
from answerable.claims.sums import judge_printed_sum

EDITION = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A count printed in the text, with where it stands and what it is said of."""

    bound: Bound
    point: Point
    index: int
    start: int
    place: str

    @property
    def role(self) -> str:
        return self.bound.statement.role


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The counts of a text and the pairs that it compares, in order."""

    facts: tuple[Fact, ...]
    pairs: tuple[tuple[Fact, Fact], ...]
    bounds: tuple[Bound, ...]


def make_ledger(bounds: Sequence[Bound]) -> Ledger:
    """The Ledger of a text's bound Statements."""
    facts = tuple(_make_fact(bound) for bound in bounds if _is_fact(bound.statement))
    return Ledger(facts=facts, pairs=tuple(_find_pairs(facts)), bounds=tuple(bounds))


def _is_fact(statement: Statement) -> bool:
    return (
        statement.type in {"total", "threshold"}
        and statement.high is None
        and statement.hedge in {"", "exactly", "at_most"}
    )


def make_fact_id(bound: Bound) -> str:
    """The id of a printed count: where it stands in the text."""
    at = bound.reading.sentence.start
    return f"text:{at + bound.statement.start}-{at + bound.statement.end}"


def _make_fact(bound: Bound) -> Fact:
    statement = bound.statement
    start = bound.reading.sentence.start + statement.start
    value = statement.value
    point = Point(id=make_fact_id(bound), low=value, high=value, edition=EDITION, n=None, period=bound.period)
    place = bound.places[0] if bound.places else ""
    return Fact(bound=bound, point=point, index=bound.reading.index, start=start, place=place)


def _find_pairs(facts: Sequence[Fact]) -> list[tuple[Fact, Fact]]:
    """(base, now) pairs: by "from 59 to 72" and "compared with 59" first, then by the years named."""
    pairs: list[tuple[Fact, Fact]] = []
    for at, fact in enumerate(facts):
        if fact.role != "base":
            continue
        after = facts[at + 1] if at + 1 < len(facts) else None
        if after and after.role == "now" and after.index == fact.index:
            pairs.append((fact, after))
            continue
        before = [f for f in facts[:at] if f.role not in {"base", "whole"} and 0 <= fact.index - f.index <= 1]
        same = [f for f in before if f.place == fact.place] or before
        if same:
            pairs.append((fact, same[-1]))
        elif after and after.index == fact.index:
            pairs.append((fact, after))
    paired = {id(fact) for pair in pairs for fact in pair}
    for first in facts:
        for second in facts:
            near = 0 <= abs(second.index - first.index) <= 2 and first.place == second.place
            if near and id(first) not in paired and id(second) not in paired and _is_earlier(first, second):
                pairs.append((first, second))
    return pairs


def _is_earlier(first: Fact, second: Fact) -> bool:
    one, two = first.bound, second.bound
    if one.steps != two.steps:
        return one.steps < two.steps
    if one.weak_period or two.weak_period or not one.period or not two.period:
        return False
    return one.period < two.period


def judge_own(bound: Bound, ledger: Ledger) -> Judgement:
    """The Judgement of one Statement against the other numbers of the same text."""
    function = OWN.get(bound.statement.type)
    nothing = Judgement(verdict="not_checkable", computed="", explanation="Nothing in the text to check it against.")
    return (function(bound, ledger) if function else None) or nothing


def _near_pairs(bound: Bound, ledger: Ledger) -> list[tuple[Fact, Fact]]:
    """The pairs a change may be about: of its own place, in the nearest sentence that has any."""
    place = bound.places[0] if bound.places else ""
    fitting = [pair for pair in ledger.pairs if _same_place(place, pair[1].place)]
    if not fitting:
        return []
    distance = {id(pair): _distance(bound, pair) for pair in fitting}
    nearest = min(distance.values())
    if nearest > 3 and len(ledger.pairs) > 1:
        return []
    close = [pair for pair in fitting if distance[id(pair)] == nearest]
    if len(close) > 1 and nearest == 0:
        at = bound.reading.sentence.start + bound.statement.start
        before = [pair for pair in close if min(pair[0].start, pair[1].start) < at]
        shared = [pair for pair in close if pair[1] is close[0][1]]
        return close if len(shared) == len(close) else (before[-1:] or close[:1])
    return close


def _distance(bound: Bound, pair: tuple[Fact, Fact]) -> int:
    return max(abs(fact.index - bound.reading.index) for fact in pair)


def _same_place(one: str, other: str) -> bool:
    return one == other or not one or not other


def _judge_change(bound: Bound, ledger: Ledger) -> Judgement | None:
    if bound.categories:
        return None
    judged = [judge_change(bound.statement, base.point, now.point) for base, now in _near_pairs(bound, ledger)]
    return pick_best(judged, ORDER) or _judge_restated(bound, ledger)


def _judge_restated(bound: Bound, ledger: Ledger) -> Judgement | None:
    """A fraction word beside the percentage that says the same thing: "more than a third (44 per cent)"."""
    if bound.statement.form != "fraction":
        return None
    for other in ledger.bounds:
        same = other.reading is bound.reading and other.statement.type == bound.statement.type
        gap = other.statement.start - bound.statement.end
        if same and other.statement.form == "percent" and other.statement.hedge == "" and 0 <= gap <= 12:
            start = other.reading.sentence.start + other.statement.start
            point = Point(
                id=f"text:{start}-{start + other.statement.end - other.statement.start}",
                low=other.statement.value,
                high=other.statement.value,
                edition=EDITION,
                n=None,
                period="",
            )
            whole = Point(id="100", low=Fraction(100), high=Fraction(100), edition=EDITION, n=None, period="")
            return judge_share(bound.statement, point, whole)
    return None


def _judge_average(bound: Bound, ledger: Ledger) -> Judgement | None:
    place = bound.places[0] if bound.places else ""
    for steps in (0, -1, 1, -2):
        facts = [f for f in ledger.facts if f.index == bound.reading.index + steps and _same_place(place, f.place)]
        facts = [f for f in facts if f.role != "base" and (steps == 0 or f.role != "whole")] or facts
        if facts:
            at = bound.reading.sentence.start + bound.statement.start
            nearest = min(facts, key=lambda f: abs(f.start - at)) if steps == 0 else facts[0]
            said = _SAID_DAYS.search(bound.reading.sentence.text)
            days = int(said[1]) if said else _count_days(nearest.bound.period)
            return judge_average(bound.statement, nearest.point, days)
    return None


_SAID_DAYS = re.compile(r"\bover (?:its|the|these) (\d{1,3}) days\b")
"""A sentence that says how many days its average is over: a quarter's."""


def _count_days(period: str) -> int:
    """Days of a year named in the text; 365 where none is."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})/(\d{4})-\d{2})?", period)
    if not match:
        return 365
    year = int(match[3] if match[3] and int(match[2]) > 2 else match[1])
    return 366 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 365


_OF_THEM = re.compile(r"\s+of\s+(?:them|these|those|the\s+total)\b")


def _judge_share(bound: Bound, ledger: Ledger) -> Judgement | None:
    at = bound.reading.sentence.start + bound.statement.start
    here = [f for f in ledger.facts if f.index == bound.reading.index]
    near = here + [f for f in ledger.facts if abs(f.index - bound.reading.index) == 1]
    couples = _list_couples(here)
    if not couples and bound.statement.subject == "" and not any(f.role == "whole" for f in here):
        beside = [f for f in near if f.index != bound.reading.index]
        couples = [(a, b) for a, b in _list_couples(beside) if a.index == b.index]
        couples = couples if len(couples) == 1 else []
    if couples:
        part, whole = min(couples, key=lambda c: abs(c[0].start - at) + (25 if c[0].start < at else 0))
        return judge_share(bound.statement, part.point, whole.point)
    stated = parse_number(bound.statement.subject) if bound.statement.subject else None
    if not stated and _OF_THEM.match(bound.reading.text, bound.statement.end):
        earlier = [f for f in ledger.facts if f.index == bound.reading.index - 1 and f.role not in {"base", "part"}]
        parts = [f for f in here if f.role in {"", "part"}]
        if earlier and parts and parts[0].point.low < earlier[0].point.low:
            return judge_share(bound.statement, parts[0].point, earlier[0].point)
    wholes = [f for f in near if stated and f.point.low == stated[0]] or [f for f in here if f.role == "whole"]
    if not wholes:
        return _judge_of_all(bound, ledger, here) or _judge_restated(bound, ledger)
    whole = wholes[0]
    parts = [f for f in near if f is not whole and f.role in {"", "part"} and f.point.low < whole.point.low]
    parts = [f for f in parts if f.index == bound.reading.index] or parts
    closed = [f for f in parts if f.start < at and f.index == bound.reading.index]
    if closed and bound.reading.text[: bound.statement.start].endswith("("):
        return judge_share(bound.statement, closed[-1].point, whole.point)
    return (
        judge_share(bound.statement, min(parts, key=lambda f: abs(f.start - at)).point, whole.point) if parts else None
    )


_OF_N = re.compile(r"\W*(?:out\s+)?of\s+(?:the|all|these|those|its)\s+")


def _list_couples(facts: Sequence[Fact]) -> list[tuple[Fact, Fact]]:
    """(part, whole) of counts that stand beside each other: "143 of 478", "of the 478, 143"."""
    couples = [(one, two) for one, two in pairwise(facts) if one.role == "part" and two.role in {"whole", "base"}]
    return couples or [
        (two, one)
        for one, two in pairwise(facts)
        if one.role == "whole"
        and two.role == ""
        and one.index == two.index
        and one.point.low > two.point.low
        and _OF_N.fullmatch(one.bound.reading.text, 0, one.bound.statement.start)
    ]


_OF_ALL = re.compile(r"\W*(?:out\s+)?of\s+(?:the|all|its|those|these)\s+(?:the\s+)?(?P<noun>[a-z]+)\b")


def _judge_of_all(bound: Bound, ledger: Ledger, here: Sequence[Fact]) -> Judgement | None:
    """A share in a sentence that opens with "of the calls in 2022": of the last count of such before it."""
    opens = _OF_ALL.match(bound.reading.text)
    parts = [
        f for f in here if f.role in {"", "part"} and f.start < bound.reading.sentence.start + bound.statement.start
    ]
    if opens is None or not parts:
        return None
    named = {m.ids[0] for m in bound.reading.periods if m.kind == "at"}
    wholes = [f for f in ledger.facts if f.index < bound.reading.index and f.role not in {"base", "part"}]
    wholes = [f for f in wholes if opens["noun"] in f.bound.statement.noun and f.point.low > parts[-1].point.low]
    wholes = [f for f in wholes if not named or f.bound.period in named]
    return judge_share(bound.statement, parts[-1].point, wholes[-1].point) if wholes else None


def _judge_comparison(bound: Bound, ledger: Ledger) -> Judgement | None:
    """Two percentages of change beside each other: the place's own, and the one it is measured by."""
    near = [
        b
        for b in ledger.bounds
        if b.statement.type == "change_pct"
        and b.statement.form == "percent"
        and abs(b.reading.index - bound.reading.index) <= 1
    ]
    whole = [b for b in near if b.places and (b.places[0] == NATION or b.places[0].startswith("region:"))]
    whole = [
        b
        for b in whole
        if b.reading.sentence.start + b.statement.start > bound.reading.sentence.start + bound.statement.start
    ] or whole
    own = [b for b in near if b not in whole]
    if not whole or not own:
        return None
    one, two = own[-1].statement, whole[0].statement
    base = Point(id="", low=Fraction(100), high=Fraction(100), edition=EDITION, n=None, period="")
    ends = [
        _percent_point(b.reading.sentence.start + b.statement.start, 100 + b.statement.value)
        for b in (own[-1], whole[0])
    ]
    judged = judge_comparison(bound.statement, (base, ends[0]), (base, ends[1]))
    return judged if one.value and two.value else None


def _percent_point(start: int, value: Fraction) -> Point:
    return Point(id=f"text:{start}", low=value, high=value, edition=EDITION, n=None, period="")


def _judge_points(bound: Bound, ledger: Ledger) -> Judgement | None:
    """Percentage points between the two percentages of the same sentence."""
    shares = [
        b
        for b in ledger.bounds
        if b.reading is bound.reading and b.statement.form == "percent" and b.statement is not bound.statement
    ]
    if len(shares) != 2:
        return None
    before, after = sorted(shares, key=lambda b: b.statement.start)
    came_from = re.search(r"\bfrom\s*$", before.reading.text[: before.statement.start])
    points = [_percent_point(b.reading.sentence.start + b.statement.start, b.statement.value) for b in (before, after)]
    if not came_from:
        points.reverse()
    fields = {name: getattr(bound.statement, name) for name in Statement.__slots__}
    return judge_change(Statement(**{**fields, "type": "change_abs"}), points[0], points[1])


def _judge_rank(bound: Bound, ledger: Ledger) -> Judgement | None:
    """A superlative among the places printed beside it; it can be refuted here, never settled."""
    if ":" not in bound.statement.subject or not bound.places:
        return None
    order, metric = bound.statement.subject.split(":")
    near = [
        f for f in ledger.facts if abs(f.index - bound.reading.index) <= 3 and f.role != "base" and f.role != "whole"
    ]
    values: dict[str, Fraction] = {}
    if metric == "total":
        for fact in near:
            if fact.place != NATION and not fact.place.startswith("region:"):
                values.setdefault(fact.place, fact.point.low)
    else:
        for base, now in ledger.pairs:
            if base.point.low and now.place != NATION:
                values.setdefault(now.place, (now.point.low / base.point.low - 1) * (1 if metric == "rise" else -1))
    place = bound.places[0]
    if place not in values or len(values) < 2:
        return None
    best = max(values.values()) if order == "highest" else min(values.values())
    if values[place] != best and bound.statement.value == 1:
        return Judgement(
            verdict="contradicted", computed="", explanation="Another place printed beside it ranks above it."
        )
    why = f"It holds among the {len(values)} places printed here; others are not printed."
    return Judgement(verdict="undecided", computed="", explanation=why)


def _judge_sum(bound: Bound, ledger: Ledger) -> Judgement | None:
    return judge_printed_sum(bound, [(f.bound, f.point) for f in ledger.facts])


OWN: dict[str, Callable[[Bound, Ledger], Judgement | None]] = {
    "total": _judge_sum,
    "threshold": _judge_sum,
    "change_pct": _judge_change,
    "change_abs": _judge_change,
    "multiple": _judge_change,
    "average": _judge_average,
    "share": _judge_share,
    "comparison": _judge_comparison,
    "percentage_points": _judge_points,
    "rank": _judge_rank,
}
"""One function a claim type that a text's own numbers can bear out or refute."""


def find_reversed(ledger: Ledger) -> list[tuple[Fact, Fact, int]]:
    """Pairs whose verb says the opposite of their numbers: "rose from 72 to 59"; with the verb's direction."""
    found = []
    for base, now in ledger.pairs:
        if base.index != now.index or base.role != "base":
            continue
        reading = base.bound.reading
        first = min(base.bound.statement.start, now.bound.statement.start)
        last = max(base.bound.statement.start, now.bound.statement.start)
        floor = max(first - 60, 0) if now.bound.statement.start > base.bound.statement.start else first
        direction, at = find_change_before(reading.text, last if floor == first else first, floor)
        moved = now.point.low - base.point.low
        if at >= 0 and direction and moved and (moved > 0) != (direction > 0):
            found.append((base, now, direction))
    return found
