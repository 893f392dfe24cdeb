"""When a Statement was: its period, the periods of its sum, the base of its change.

Part of binding. Time words belong to the number they stand by; a base is the year before unless the words say
otherwise. The trap: in "In 2015/16 there were 59, so the number is up 22%", the only year named is the base.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from answerable.claims.bound import CHANGES, COUNTED, Bound, Context
from answerable.claims.periods import PeriodMention
from answerable.claims.reading import Reading, Topic
from answerable.claims.series import Key
from answerable.claims.statement import Statement

VERSUS = r"against(?!\s+(?:children|child|a\s+child|under|minors|young|girls|boys|kids|victims|them|those|people)\b)"
EVERY_YEAR = re.compile(r"\b(?:every|each)\s+(?:single\s+)?year\b|\bin\s+each\s+of\b|\bevery\s+one\s+of\b")
_BREAKS = re.compile(rf"[;]|\b(?:while|compared|{VERSUS}|although|whereas|but)\b|\.\s")

_COMPARED = re.compile(r"\b(?:on|from|than|compared\s+(?:with|to)|over|against|up\s+on)\s+(?:the\s+)?(?:in\s+)?$")


def _owned(statement: Statement, reading: Reading) -> list[PeriodMention]:
    """Time words that stand after a statement and before the next: its own, unless a clause starts between."""
    follows = min(
        (s.start for s in reading.statements if s.start >= statement.end and s.type != "rank"),
        default=len(reading.text),
    )
    found = []
    for mention in reading.periods:
        if statement.end <= mention.start < follows and mention.kind != "span":
            gap = reading.text[statement.end : mention.start]
            if not _BREAKS.search(gap):
                found.append(mention)
    return found


def find_period(
    statement: Statement, reading: Reading, topic: Topic, context: Context, here: Sequence[Bound]
) -> tuple[str, tuple[str, ...], tuple[str, ...], str, bool]:
    """(period, ids of a sum, bases of a change, unknown label, whether the period is only assumed)."""
    ids = topic.calendar.ids
    if statement.type in CHANGES:
        return _find_change_periods(statement, reading, topic, context, here)
    mention = _read_every(statement, reading) or _choose_mention(statement, reading)
    main = next(
        (b.period for b in reversed(here) if b.period and b.statement.type in COUNTED and b.statement.role != "base"),
        "",
    )
    latest = context.latest
    if mention is None:
        if statement.role == "base":
            now = main or context.period or latest
            bases = tuple(dict.fromkeys(base for base in _default_bases(topic, now, context) if base))
            return (bases or ("",))[0], (), bases, "", True
        return main or context.period or latest, (), (), "", True
    if mention.kind == "unknown":
        return "", (), (), mention.label, False
    if mention.kind == "at":
        return mention.ids[0], (), (), "", False
    if mention.kind == "latest":
        other = any(m.kind == "latest" and m is not mention and "this" in m.label for m in reading.periods)
        back = statement.role == "base" or (other and "last" in mention.label)
        return _step(ids, latest, -1 if back else 0), (), (), "", False
    if mention.kind == "offset":
        return _step(ids, main or context.period or latest, mention.steps), (), (), "", False
    if mention.kind == "since":
        first = ids.index(mention.ids[0]) if mention.ids[0] in ids else 0
        last = ids.index(latest) + 1 if latest in ids else len(ids)
        return latest, ids[first:last] if not statement.role else (), (), "", statement.role != ""
    if mention.kind == "range" and statement.role in {"base", "now"}:
        return mention.ids[0 if statement.role == "base" else -1], (), (), "", False
    if mention.kind == "range":
        return mention.ids[-1], mention.ids, (), "", False
    if statement.role in {"now", "base"} or mention.steps > len(ids):
        return main or latest, (), (), "" if statement.role or not ids else f"{mention.steps} years", True
    return latest, ids[-mention.steps :], (), "", False


def _choose_mention(statement: Statement, reading: Reading) -> PeriodMention | None:
    """The time words that say when a count was: after it in its clause, else the last before it that is nobody's."""
    if headed := _read_heading(statement, reading):
        return headed
    own = _owned(statement, reading)
    own = [m for m in own if m.kind != "many"] or own
    if statement.role == "now" or statement.type == "average":
        own = [m for m in own if m.kind not in {"since", "many"}]
    if own:
        return own[0]
    taken = {
        id(m) for s in reading.statements if s is not statement and s.end <= statement.start for m in _owned(s, reading)
    }
    before = [m for m in reading.periods if m.end <= statement.start and m.kind != "span"]
    if before and statement.role == "base" and before[-1].kind in {"since", "at"}:
        gap = reading.text[before[-1].end : statement.start]
        if re.match(r",?\s+(?:when|where)\b", gap) and not _lies_between(before[-1].end, statement, reading):
            return replace(before[-1], kind="at")
    before = [m for m in before if m.kind != "since"]
    if statement.role in {"base", "whole"}:
        before = [m for m in before if id(m) not in taken]
    if statement.role == "base":
        before = [
            m
            for m in before
            if not _lies_between(m.end, statement, reading) or _COMPARED.search(reading.text[: m.start])
        ]
    if before:
        chosen = before[-1]
        if chosen.kind == "offset" and id(chosen) in taken:
            return next((m for m in reversed(before) if m.kind != "offset"), None)
        return chosen
    if statement.role == "base":
        return None
    later = [m for m in reading.periods if m.start >= statement.end and m.kind in {"at", "latest"}]
    owned = {id(m) for s in reading.statements if s is not statement and s.role == "base" for m in _owned(s, reading)}
    return next((m for m in later if id(m) not in owned), None)


def _read_every(statement: Statement, reading: Reading) -> PeriodMention | None:
    """The several years of "every year since 2020/21", of which a hedged count is said one by one."""
    if not statement.hedge or statement.role or not EVERY_YEAR.search(reading.text):
        return None
    return next((m for m in reading.periods if m.kind in {"since", "range", "many"}), None)


def _read_heading(statement: Statement, reading: Reading) -> PeriodMention | None:
    """The time words that a number stands in brackets or after a colon behind: "in 2018/19 (252)", "2015/16: 63"."""
    for mention in reading.periods:
        if mention.end <= statement.start and mention.kind in {"at", "offset", "latest"}:
            gap = reading.text[mention.end : statement.start]
            own = re.match(r"[^();]*\)", reading.text[statement.end :]) if "(" in gap else None
            closes = statement.end + own.end() if own else statement.end
            inside = any(statement.end <= m.start < closes for m in reading.periods)
            if re.fullmatch(r"\s*[(:=]\s*", gap) and not inside:
                return mention
    return None


def _lies_between(start: int, statement: Statement, reading: Reading) -> bool:
    """Whether another statement stands between a place in the sentence and this one."""
    return any(start <= other.start and other.end <= statement.start for other in reading.statements)


def find_steps(statement: Statement, reading: Reading) -> int:
    mention = _choose_mention(statement, reading) if statement.type in COUNTED else None
    return mention.steps if mention is not None and mention.kind == "offset" else 0


def _find_change_periods(
    statement: Statement, reading: Reading, topic: Topic, context: Context, here: Sequence[Bound]
) -> tuple[str, tuple[str, ...], tuple[str, ...], str, bool]:
    ids = topic.calendar.ids
    said = [b for b in here if b.period and b.statement.type in COUNTED]
    based = [b.period for b in said if b.statement.role == "base"]
    counted = [b.period for b in said if b.statement.role != "base" and not b.weak_period]
    unknown = next((m.label for m in reading.periods if m.kind == "unknown"), "")
    period, bases, at = _read_named_periods(statement, reading, ids, counted[-1] if counted else "")
    current = max((id_ for id_ in counted if id_ in ids), key=list(ids).index, default=_choose_current(ids, context))
    if beside := _read_base_beside(statement, reading, ids, current):
        bases = [beside]
        period = current if counted and current != beside else ""
        period = period or next((id_ for id_ in reversed(at) if id_ != beside), "")
    elif (ahead := _read_ahead(statement, reading)) and context.period in ids:
        bases, period = [context.period], _step(ids, context.period, ahead)
    if unknown and not (bases and at):
        return "", (), (), unknown, False
    if (
        period
        and not bases
        and period in ids
        and not _own_at(statement, reading)
        and _is_base(ids, period, context.period)
    ):
        bases, period = [period], ""
    weak = not period
    period = period or _choose_current(ids, context)
    bases = bases or based[-1:] or _find_relative_bases(reading, ids, period) or _default_bases(topic, period, context)
    return period, (), tuple(base for base in bases if base and base != period), "", weak


def _read_ahead(statement: Statement, reading: Reading) -> int:
    """How many periods on a change ends that opens with "twelve months on"; 0 without such words."""
    before = [m for m in reading.periods if m.kind == "offset" and m.steps > 0 and m.end <= statement.start]
    counted = any(s.type in COUNTED and s.start < statement.start for s in reading.statements)
    return before[0].steps if before and not counted else 0


def _choose_current(ids: Sequence[str], context: Context) -> str:
    """The period a change ends in where its sentence says none: the later of the last two spoken of."""
    spoken = [id_ for id_ in (context.period, context.before) if id_ in ids]
    return max(spoken, key=list(ids).index) if spoken else context.latest


def find_latest(topic: Topic, place: str) -> str:
    """The latest period with a count for a place, in any edition; the survey's last where it has none."""
    ids = topic.calendar.ids
    question = topic.measures.headline if topic.measures else ""
    keys = (Key(place=place, question=question, period=period) for period in reversed(ids))
    return next((key.period for key in keys if key in topic.series.points), ids[-1] if ids else "")


def _read_base_beside(statement: Statement, reading: Reading, ids: Sequence[str], period: str) -> str:
    """The base that stands right after a change: "30% from 109 in 2018/19", "20 more than in 2017/18"."""
    own = _own_at(statement, reading)
    if own and _COMPARED.search(reading.text[: own[0].start]):
        return own[0].ids[0]
    back = [m for m in _owned(statement, reading) if m.kind == "offset" and m.steps < 0]
    if back and _COMPARED.search(reading.text[: back[0].start]):
        return _step(ids, period, back[0].steps)
    follows = next((s for s in reading.statements if s.start >= statement.end), None)
    if follows is not None and follows.role == "base":
        named = _own_at(follows, reading)
        return named[0].ids[0] if named else ""
    return ""


def _own_at(statement: Statement, reading: Reading) -> list[PeriodMention]:
    return [m for m in _owned(statement, reading) if m.kind == "at"]


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
    own = _own_at(statement, reading)
    if not bases and len(at) > 1 and (both := _read_between(statement, reading)):
        return both[1], [both[0]], at
    if not bases and len(at) == 1 and own and _COMPARED.search(reading.text[: own[0].start]):
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


def _find_relative_bases(reading: Reading, ids: Sequence[str], period: str) -> list[str]:
    """Bases by "the year before", "two years earlier" or "in four years" (counted both ways)."""
    for mention in reading.periods:
        if mention.kind == "many":
            return [_step(ids, period, -mention.steps), _step(ids, period, 1 - mention.steps)]
        if mention.kind in {"offset", "span"} and mention.steps < 0:
            return [_step(ids, period, mention.steps)]
    return []


def _is_base(ids: Sequence[str], period: str, before: str) -> bool:
    """Whether the only year of a sentence is what it compares with: the first of all, or before the text's own."""
    return ids[0] == period or (before in ids and list(ids).index(period) < list(ids).index(before))


def _default_bases(topic: Topic, period: str, context: Context) -> list[str]:
    """Without a word on it: the last "since" of the text, the comparison published, the year before."""
    comparisons = topic.survey.comparisons if topic.survey else ()
    chosen = [context.since] if context.since and context.since != period else []
    chosen += [pair.base for pair in comparisons if pair.period == period]
    return [*chosen, _step(topic.calendar.ids, period, -1)]


def _step(ids: Sequence[str], period: str, steps: int) -> str:
    """The id some periods before or after another; "" where there is none."""
    if period not in ids:
        return ""
    at = list(ids).index(period) + steps
    return ids[at] if 0 <= at < len(ids) else ""
