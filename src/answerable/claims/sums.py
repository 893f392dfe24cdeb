"""Parts printed beside a whole: do they add up?

Part of checking a text against itself. Three or more counts of different places that nearly add up to a
fourth are its parts, and a small difference is a misprint. The trap: an article names some forces of many, so
parts that fall far short of a whole say nothing.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from answerable.claims.bound import Bound
from answerable.claims.evaluate import Judgement, judge_sum
from answerable.claims.series import Point

_SIGNAL = re.compile(
    r"\b(?:in\s+total|in\s+all|altogether|combined|between\s+them|together|made\s+up\s+of|comprising|"
    r"comprised|consisting|broken\s+down|"
    r"breaks\s+down|respectively|total\s+of|totall?ing|sum\s+of|adding\s+up|adds\s+up|(?:in|over|across|"
    r"during)\s+(?:the\s+)?(?:last\s+|past\s+)?(?:two|three|four|five|six)\s+years|split)\b"
)
_MAKING = re.compile(
    r"\b(?:making|giving|bringing\s+(?:it|the\s+total)\s+to|adding\s+up\s+to|"
    r"a\s+combined\s+total\s+of)\s+(?:a\s+total\s+of\s+)?$"
)
_SOME = re.compile(r"\b(?:including|such\s+as|among\s+them|for\s+example|e\.g|mostly|mainly|up|down|rise|fall)\b")
_CLOSE = Fraction(3, 100)
_LIST_CLOSE = Fraction(1, 4)


def judge_printed_sum(bound: Bound, facts: Sequence[tuple[Bound, Point]]) -> Judgement | None:
    """Whether a count is the sum of the counts printed with it; None when they are not its parts."""
    index = bound.reading.index
    whole = bound.statement.value
    if bound.statement.hedge not in {"", "exactly"} or bound.statement.role in {"base", "part"}:
        return None
    here = _list_parts(facts, bound, {index})
    beside = [
        here,
        _list_parts(facts, bound, {index + 1}),
        _list_parts(facts, bound, {index, index + 1}),
        _list_parts(facts, bound, {index - 1}),
    ]
    signal = _SIGNAL.search(bound.reading.text) is not None
    near: Judgement | None = None
    for parts in beside:
        if len(parts) < 2 or any(point.low >= whole for point in parts):
            continue
        total = sum((point.low for point in parts), Fraction(0))
        enough = len(parts) >= 3 or signal
        if enough and total == whole:
            return judge_sum(bound.statement, tuple(parts))
        if (
            enough
            and near is None
            and abs(total - whole) <= max(whole * _CLOSE, Fraction(2) if len(parts) > 2 else Fraction(0))
        ):
            near = judge_sum(bound.statement, tuple(parts))
    return near or _judge_breakdown(bound, facts) or _judge_stated_sum(bound, facts, here)


def _judge_breakdown(bound: Bound, facts: Sequence[tuple[Bound, Point]]) -> Judgement | None:
    """Against the counts of a list that a colon opens: "95 complaints: 40 about calls, 30 about letters and 15 ..."."""
    text, statement = bound.reading.text, bound.statement
    colon = re.match(r"[^.;:()\d]{0,60}:", text[statement.end :])
    if colon is None or _SOME.search(text, statement.end):
        return None
    opens = statement.end + colon.end()
    parts = [p for o, p in facts if o.reading.index == bound.reading.index and o.statement.start >= opens]
    total = sum((point.low for point in parts), Fraction(0))
    close = abs(total - statement.value) <= statement.value * _LIST_CLOSE
    return judge_sum(statement, tuple(parts)) if len(parts) > 1 and close else None


def _judge_stated_sum(bound: Bound, facts: Sequence[tuple[Bound, Point]], here: Sequence[Point]) -> Judgement | None:
    """Against every count before it in its sentence, where it says that it is their sum: "making 85 in total"."""
    if not _MAKING.search(bound.reading.text, 0, bound.statement.start) or len(here) < 2:
        return None
    last = all(o.statement.start <= bound.statement.start for o, _ in facts if o.reading.index == bound.reading.index)
    return judge_sum(bound.statement, tuple(here)) if last else None


def _list_parts(facts: Sequence[tuple[Bound, Point]], bound: Bound, indexes: set[int]) -> list[Point]:
    return [
        point
        for other, point in facts
        if other.statement is not bound.statement
        and other.reading.index in indexes
        and other.statement.role not in {"base", "whole"}
    ]
