"""Between which two periods a change lies: "up from 59 in 2015/16", "since 2017/18", "in four years", "a year later".

Part of binding, after the counts of the sentence have theirs. What the words leave open is the comparison that the
survey publishes, then the year before. The trap: in "In 2015/16 there were 59, so the number is up 22%", the only
year named is the base.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from answerable.claims.bound import COUNTED, Bound, Context
from answerable.claims.nearby import (
    COMPARED,
    find_own_years,
    find_owned,
    lies_between,
    list_default_bases,
    list_told,
    step_period,
)
from answerable.claims.reading import Reading, Topic
from answerable.claims.statement import Statement


def find_change_periods(
    statement: Statement, reading: Reading, topic: Topic, context: Context, here: Sequence[Bound]
) -> tuple[str, tuple[str, ...], tuple[str, ...], str, bool]:
    ids = topic.calendar.ids
    said = [b for b in here if b.period and b.statement.type in COUNTED]
    based = [b.period for b in said if b.statement.role == "base"]
    counted = [b.period for b in said if b.statement.role != "base" and not b.weak_period]
    unknown = _read_unknown(statement, reading)
    period, bases, at = _read_named_periods(statement, reading, ids, counted[-1] if counted else "")
    current = max((id_ for id_ in counted if id_ in ids), key=list(ids).index, default=choose_current(ids, context))
    if beside := _read_base_beside(statement, reading, ids, current):
        bases = [beside]
        later = [id_ for id_ in at if id_ not in based and _order(ids, id_) > _order(ids, beside)]
        period = current if counted and current != beside else later[-1] if later else ""
    elif both := _read_other_words(statement, reading, ids, context, at):
        bases, period = [both[0]], both[1]
    if unknown and not (bases and at):
        return "", (), (), unknown, False
    alone = period in ids and not bases and not find_own_years(statement, reading)
    if alone and _is_base(ids, period, context.period):
        bases, period = [period], ""
    weak = not period
    period = period or choose_current(ids, context)
    if weak and not reading.periods and ids and period == ids[0]:
        period = context.assumed
    bases = (
        bases
        or based[-1:]
        or _find_relative_bases(reading, topic, period, context)
        or [*list_default_bases(topic, period, context), *list_told(reading, ids, period, context)]
    )
    return period, (), tuple(dict.fromkeys(base for base in bases if base and base != period)), "", weak


def _read_other_words(
    statement: Statement, reading: Reading, ids: Sequence[str], context: Context, at: Sequence[str]
) -> tuple[str, str] | None:
    """(base, period) of "twelve months on", "the last year brought" and "there were 61 fewer in 2018/19"."""
    ahead, spoken = _read_ahead(statement, reading), context.period or context.before
    if ahead and spoken in ids:
        return spoken, step_period(ids, spoken, ahead)
    if last := _read_last_year(statement, reading, ids, context):
        return step_period(ids, last, -1), last
    own = _read_fewer_then(statement, reading, ids, context, at)
    return (context.period, own) if own else None


def _read_unknown(statement: Statement, reading: Reading) -> str:
    """The label of a period that the survey has not; "" where another is the change's own and that one stands aside."""
    strange = [m for m in reading.periods if m.kind == "unknown"]
    if find_own_years(statement, reading):
        own = find_owned(statement, reading)
        strange = [m for m in strange if m in own or COMPARED.search(reading.text, 0, m.start)]
    return strange[0].label if strange else ""


def _order(ids: Sequence[str], period: str) -> int:
    return list(ids).index(period) if period in ids else -1


def _read_last_year(statement: Statement, reading: Reading, ids: Sequence[str], context: Context) -> str:
    """The period of a change that "last year" stands right before: "so the last year brought a rise of 26%"."""
    before = [m for m in reading.periods if m.end <= statement.start]
    near = before and before[-1].kind == "latest" and re.search("ye?a?r", before[-1].label)
    if not near or lies_between(before[-1].end, statement, reading) or len(before) == 1:
        return ""
    spoken = [id_ for id_ in (context.period, context.before, context.assumed) if id_ in ids]
    return max(spoken, key=list(ids).index, default="")


def _read_fewer_then(
    statement: Statement, reading: Reading, ids: Sequence[str], context: Context, at: Sequence[str]
) -> str:
    """The earlier year that "there were 61 fewer in 2018/19" looks back to from the year spoken of; "" elsewhere."""
    own = find_own_years(statement, reading)
    if statement.type != "change_abs" or len(own) != 1 or len(at) != 1 or context.period not in ids:
        return ""
    there = re.search(r"\bthere\s+(?:were|had\s+been)\s+(?:just\s+|only\s+)?$", reading.text[: statement.start])
    return own[0].ids[0] if there and _order(ids, own[0].ids[0]) < _order(ids, context.period) else ""


def _read_ahead(statement: Statement, reading: Reading) -> int:
    """How many periods on a change ends that opens with "twelve months on"; 0 without such words."""
    before = [m for m in reading.periods if m.kind == "offset" and m.steps > 0 and m.end <= statement.start]
    counted = any(s.type in COUNTED and s.start < statement.start for s in reading.statements)
    return before[0].steps if before and not counted else 0


def choose_current(ids: Sequence[str], context: Context) -> str:
    """The period a change ends in where its sentence says none: the later of the last two spoken of."""
    spoken = [id_ for id_ in (context.period, context.before) if id_ in ids]
    if len(spoken) == 2 and _order(ids, spoken[0]) < _order(ids, spoken[1]):
        spoken.append(context.assumed)  # The last sentence only looked back.
    return max(spoken, key=list(ids).index) if spoken else context.assumed


def _read_base_beside(statement: Statement, reading: Reading, ids: Sequence[str], period: str) -> str:
    """The base that stands right after a change: "30% from 109 in 2018/19", "20 more than in 2017/18"."""
    own = find_own_years(statement, reading)
    if own and COMPARED.search(reading.text[: own[0].start]):
        return own[0].ids[0]
    back = [m for m in find_owned(statement, reading) if m.kind == "offset" and m.steps < 0]
    if back and COMPARED.search(reading.text[: back[0].start]):
        return step_period(ids, period, back[0].steps)
    follows = next((s for s in reading.statements if s.start >= statement.end), None)
    if follows is not None and follows.role == "base":
        named = find_own_years(follows, reading)
        return named[0].ids[0] if named else ""
    return ""


def _read_named_periods(
    statement: Statement, reading: Reading, ids: Sequence[str], period: str
) -> tuple[str, list[str], list[str]]:
    """The period and the bases that a sentence names outright, and its single years."""
    bases: list[str] = []
    for mention in reading.periods:
        if mention.kind == "since":
            bases.append(mention.ids[0])
        elif mention.kind == "range":
            bases, period = [mention.ids[0]], mention.ids[-1]
    at = [m.ids[0] for m in reading.periods if m.kind == "at"]
    own = find_own_years(statement, reading)
    if not bases and len(at) > 1 and (both := _read_between(statement, reading)):
        return both[1], [both[0]], at
    if not bases and len(at) == 1 and own and COMPARED.search(reading.text[: own[0].start]):
        return period, [at[0]], []
    if len(set(at)) > 1 and not bases and ids:
        ordered = sorted(set(at), key=lambda id_: ids.index(id_) if id_ in ids else 0)
        return ordered[-1], [ordered[0]], at
    return period or (at[0] if at else ""), bases, at


def _read_between(statement: Statement, reading: Reading) -> tuple[str, str] | None:
    """The two periods of "between 2018/19 (76) and 2019/20 (145)" that stand after a change."""
    single = [m for m in reading.periods if m.kind == "at" and m.start >= statement.end]
    for first, last in pairwise(single):
        opens = re.search(r"\b(?:between|from)\s+(?:the\s+)?$", reading.text[: first.start])
        if opens and re.fullmatch(r"\s*(?:\([^)]*\)\s*)?(?:and|to)\s+(?:in\s+)?", reading.text[first.end : last.start]):
            return first.ids[0], last.ids[0]
    return None


def _find_relative_bases(reading: Reading, topic: Topic, period: str, context: Context) -> list[str]:
    """Bases by "the year before", "two years earlier" or "in four years" (counted both ways)."""
    ids = topic.calendar.ids
    for mention in reading.periods:
        if mention.kind == "many":
            return [step_period(ids, period, -mention.steps), step_period(ids, period, 1 - mention.steps)]
        if mention.kind in {"offset", "span"} and mention.steps < 0:
            return [step_period(ids, period, mention.steps)]
        if mention.kind == "latest" and re.search("ye?a?r", mention.label):
            return [step_period(ids, period, -1), *list_default_bases(topic, period, context)]
    return []


def _is_base(ids: Sequence[str], period: str, before: str) -> bool:
    """Whether the only year of a sentence is what it compares with: the first of all, or before the text's own."""
    return ids[0] == period or (before in ids and list(ids).index(period) < list(ids).index(before))
