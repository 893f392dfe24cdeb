"""When a count was: its period, the periods of its sum; a change goes on to `changing`.

Part of binding. Time words belong to the number they stand by; a base is the year before unless the words say
otherwise. The trap: "last year" is the latest period in "72 last year" and the one before in "compared with last
year's 59".
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from answerable.claims.bound import CHANGES, COUNTED, Bound, Context
from answerable.claims.changing import choose_current, find_change_periods
from answerable.claims.nearby import (
    COMPARED,
    EVERY_YEAR,
    THAN,
    find_owned,
    lies_between,
    list_default_bases,
    list_told,
    read_heading,
    step_period,
)
from answerable.claims.periods import PeriodMention
from answerable.claims.reading import Reading, Topic
from answerable.claims.statement import Statement

_SO_FAR = re.compile(
    r"\b(?:has|have)\s+(?:been\s+)?(?:recorded|logged|registered|seen|had|received|noted|dealt|reported|investigated)\b"
)
"""The tense that makes a count since a year one of all the years since: "since 2015/16 it has recorded 1,018"."""


def find_period(
    statement: Statement, reading: Reading, topic: Topic, context: Context, here: Sequence[Bound]
) -> tuple[str, tuple[str, ...], tuple[str, ...], str, bool]:
    """(period, ids of a sum, bases of a change, unknown label, whether the period is only assumed)."""
    ids = topic.calendar.ids
    if statement.type in CHANGES:
        return find_change_periods(statement, reading, topic, context, here)
    mention = _read_every(statement, reading) or _choose_mention(statement, reading)
    main = next(
        (b.period for b in reversed(here) if b.period and b.statement.type in COUNTED and b.statement.role != "base"),
        "",
    )
    latest = context.latest
    if mention is None:
        if statement.role == "base":
            now = main or (context.period if not _is_after(ids, context.period, latest) else latest) or context.assumed
            found = [*list_default_bases(topic, now, context), *list_told(reading, ids, now, context)]
            bases = tuple(dict.fromkeys(base for base in found if base))
            return (bases or ("",))[0], (), bases, "", True
        if statement.type == "rank":
            stated = next((b.period for b in reversed(here) if b.period == main and not b.weak_period), "")
            return stated or choose_current(ids, context), (), (), "", True
        spoken = context.period if not _is_after(ids, context.period, latest) else latest
        return main or spoken or context.assumed, (), (), "", True
    return _read_mention(mention, statement, reading, ids, (main, latest), context, here)


_ASIDE = re.compile(r"\b(?:which|who|whose)\b")


def _is_after(ids: Sequence[str], period: str, latest: str) -> bool:
    """Whether a place has no count as late as the period spoken of: "rose from 98 to 131" is then of its own last."""
    return period in ids and latest in ids and ids.index(period) > ids.index(latest)


def _read_mention(
    mention: PeriodMention,
    statement: Statement,
    reading: Reading,
    ids: tuple[str, ...],
    spoken: tuple[str, str],
    context: Context,
    here: Sequence[Bound],
) -> tuple[str, tuple[str, ...], tuple[str, ...], str, bool]:
    """As `find_period`, from the time words chosen; `spoken` is the sentence's main period and the latest."""
    main, latest = spoken
    if mention.kind == "unknown":
        return "", (), (), mention.label, False
    if mention.kind == "at":
        return mention.ids[0], (), (), "", False
    if mention.kind == "latest":
        other = any(m.kind == "latest" and m is not mention and "this" in m.label for m in reading.periods)
        back = statement.role == "base" or (other and "last" in mention.label)
        return step_period(ids, latest, -1 if back else 0), (), (), "", False
    if mention.kind == "offset":
        return step_period(ids, _find_start(mention, main, context, here) or latest, mention.steps), (), (), "", False
    if mention.kind == "since":
        first = ids.index(mention.ids[0]) if mention.ids[0] in ids else 0
        last = ids.index(latest) + 1 if latest in ids else len(ids)
        return latest, ids[first:last] if not statement.role else (), (), "", statement.role != ""
    if mention.kind == "range" and statement.role in {"base", "now"}:
        return mention.ids[0 if statement.role == "base" else -1], (), (), "", False
    if mention.kind == "range":
        return mention.ids[-1], mention.ids, (), "", False
    if statement.role == "base" and 0 < mention.steps <= len(ids):
        # "In four years" is counted both ways: four steps back, or the first of four years.
        end = main or latest
        steps = (-mention.steps, 1 - mention.steps)
        bases = tuple(base for base in (step_period(ids, end, step) for step in steps) if base)
        return (bases or ("",))[0], (), bases, "", True
    if statement.role in {"now", "base"} or mention.steps > len(ids):
        return main or latest, (), (), "" if statement.role or not ids else f"{mention.steps} years", True
    return latest, ids[-mention.steps :], (), "", False


def _find_start(mention: PeriodMention, main: str, context: Context, here: Sequence[Bound]) -> str:
    """The period that "the year before" or "a year later" steps from."""
    if mention.label.endswith("that") and not main and context.last:
        return context.last
    if mention.steps <= 0:
        return main or context.period
    said = next((b.period for b in reversed(here) if b.period and b.statement.type in COUNTED), "")
    return said or main or context.period or context.before


def _is_left(mention: PeriodMention, statement: Statement, reading: Reading) -> bool:
    """Whether time words name a base that a colon has closed: "81 more in 2022/23 than in 2021/22: 172"."""
    closed = re.search(r"[:;]", reading.text[mention.end : statement.start])
    return closed is not None and THAN.search(reading.text, 0, mention.start) is not None


def _is_put_aside(mention: PeriodMention, statement: Statement, reading: Reading) -> bool:
    """Whether time words say what something is compared with, or stand in brackets that close before the number."""
    if COMPARED.search(reading.text, 0, mention.start):
        return True
    opens, closes = reading.text[: mention.start].rfind("("), reading.text.find(")", mention.end)
    return opens > reading.text[: mention.start].rfind(")") and mention.end <= closes < statement.start


def _choose_mention(statement: Statement, reading: Reading) -> PeriodMention | None:
    """The time words that say when a count was: after it in its clause, else the last before it that is nobody's."""
    if headed := read_heading(statement, reading):
        return headed
    own = find_owned(statement, reading)
    if statement.type in COUNTED and statement.role != "base":
        own = [m for m in own if not THAN.search(reading.text, 0, m.start)]
    own = [m for m in own if m.kind != "many"] or own
    if statement.role == "now" or statement.type == "average":
        own = [m for m in own if m.kind not in {"since", "many"}]
    if own:
        return own[0]
    taken = {
        id(m)
        for s in reading.statements
        if s is not statement and s.end <= statement.start
        for m in find_owned(s, reading)
    }
    before = [m for m in reading.periods if m.end <= statement.start and m.kind != "span"]
    if before and statement.role == "base" and before[-1].kind in {"since", "at"}:
        gap = reading.text[before[-1].end : statement.start]
        if re.match(r",?\s+(?:when|where)\b", gap) and not lies_between(before[-1].end, statement, reading):
            return replace(before[-1], kind="at")
    if before := _list_before(statement, reading, before, taken):
        chosen = before[-1]
        if chosen.kind == "offset" and id(chosen) in taken:
            return next((m for m in reversed(before) if m.kind != "offset"), None)
        return chosen
    if statement.role in {"base", "now"} and (whole := _read_closing_range(reading)):
        return whole
    if statement.role == "base":
        return None
    later = [m for m in reading.periods if m.start >= statement.end and m.kind in {"at", "latest"}]
    owned = {
        id(m) for s in reading.statements if s is not statement and s.role == "base" for m in find_owned(s, reading)
    }
    later = [m for m in later if not _ASIDE.search(reading.text, statement.end, m.start)]
    return next((m for m in later if id(m) not in owned), None)


def _read_closing_range(reading: Reading) -> PeriodMention | None:
    """The only time words of a sentence, where they name both ends: "98 to 323, up 230% (2015/16 to 2019/20)"."""
    only = reading.periods[0] if len(reading.periods) == 1 else None
    return only if only and only.kind in {"range", "many"} else None


def _list_before(
    statement: Statement, reading: Reading, before: Sequence[PeriodMention], taken: set[int]
) -> list[PeriodMention]:
    """The time words before a count that it may be of: a base's are free of other counts, no other's name a base."""
    found = [m for m in before if m.kind != "since" or (not statement.role and _SO_FAR.search(reading.text, m.end))]
    if statement.role in {"base", "whole"}:
        found = [m for m in found if id(m) not in taken]
    if statement.role == "base":
        return [
            m for m in found if not lies_between(m.end, statement, reading) or COMPARED.search(reading.text[: m.start])
        ]
    if statement.role in {"", "now"}:
        based = {id(m) for s in reading.statements if s.role == "base" for m in find_owned(s, reading)}
        free = [m for m in found if not _is_left(m, statement, reading)] or found
        return [m for m in free if id(m) not in based and not _is_put_aside(m, statement, reading)] or free
    return found


def _read_every(statement: Statement, reading: Reading) -> PeriodMention | None:
    """The several years of "every year since 2020/21", of which a hedged count is said one by one."""
    if not statement.hedge or statement.role or not EVERY_YEAR.search(reading.text):
        return None
    return next((m for m in reading.periods if m.kind in {"since", "range", "many"}), None)


def find_steps(statement: Statement, reading: Reading) -> int:
    mention = _choose_mention(statement, reading) if statement.type in COUNTED else None
    return mention.steps if mention is not None and mention.kind == "offset" else 0
