"""Time words that stand by a number: after it, as its heading, or between it and another; and steps between periods.

Part of binding, used for counts and for changes alike. The trap: "in 2015/16" after a comma belongs to the number
before it, in brackets to the one in the brackets, and after "compared with" to a base.
"""

import re
from collections.abc import Sequence

from answerable.claims.bound import Context
from answerable.claims.periods import PeriodMention
from answerable.claims.reading import Reading, Topic
from answerable.claims.series import Key
from answerable.claims.statement import Statement

VERSUS = r"against(?!\s+(?:children|child|a\s+child|under|minors|young|girls|boys|kids|victims|them|those|people)\b)"
EVERY_YEAR = re.compile(r"\b(?:every|each)\s+(?:single\s+)?year\b|\bin\s+each\s+of\b|\bevery\s+one\s+of\b")
_BREAKS = re.compile(rf"[;]|,\s+so\b|\b(?:while|meaning|compared|{VERSUS}|although|whereas|but)\b|\.\s")

COMPARED = re.compile(r"\b(?:on|from|than|compared\s+(?:with|to)|over|against|up\s+on)\s+(?:the\s+)?(?:in\s+)?$")
_OPENS_CLAUSE = re.compile(
    r"(?:(?:\band|\bbut|\bthen|,|–|—)\s+(?:then\s+)?(?:in|by|during|for|over)\s+(?:the\s+)?|\b(?:and|but),?\s+(?:then\s+)?)$"
)
THAN = re.compile(r"\bthan\s+(?:in\s+)?(?:the\s+)?$")
SEQUENCE = re.compile(
    r"\b(?:before|then|later|afterwards|and\s+(?:then|again)|in\s+between|after\s+which|previously|earlier)\b"
)


def find_owned(statement: Statement, reading: Reading) -> list[PeriodMention]:
    """Time words that stand after a statement and before the next: its own, unless a clause starts between."""
    follows = min(
        (s.start for s in reading.statements if s.start >= statement.end and s.type != "rank"),
        default=len(reading.text),
    )
    found = []
    for mention in reading.periods:
        if statement.end <= mention.start < follows and mention.kind != "span":
            gap = reading.text[statement.end : mention.start]
            if not _BREAKS.search(gap) and not _heads_next(mention, statement, reading, follows):
                found.append(mention)
    return found


def _heads_next(mention: PeriodMention, statement: Statement, reading: Reading, follows: int) -> bool:
    """Whether time words open the clause of the next number: "in 2018/19 we had 262 and in 2019/20 we had 323"."""
    opens = _OPENS_CLAUSE.search(reading.text, statement.end, mention.start) or (
        re.match(r"\s+(?:saw|brought)\b", reading.text[mention.end :])
    )
    if follows == len(reading.text) or not opens:
        return False
    heads = [m for m in reading.periods if m.end <= statement.start and m.kind in {"at", "latest", "offset"}]
    if not heads or lies_between(heads[-1].end, statement, reading):
        return False
    return not re.search(r"[.;(]", reading.text[mention.end : follows])


def find_own_years(statement: Statement, reading: Reading) -> list[PeriodMention]:
    return [m for m in find_owned(statement, reading) if m.kind == "at"]


def read_heading(statement: Statement, reading: Reading) -> PeriodMention | None:
    """The time words that a number stands in brackets or after a colon behind: "in 2018/19 (252)", "2015/16: 63"."""
    for mention in reading.periods:
        if mention.end <= statement.start and mention.kind in {"at", "offset", "latest"}:
            if THAN.search(reading.text, 0, mention.start):
                continue
            gap = reading.text[mention.end : statement.start]
            own = re.match(r"[^();]*\)", reading.text[statement.end :]) if "(" in gap else None
            closes = statement.end + own.end() if own else statement.end
            inside = any(statement.end <= m.start < closes for m in reading.periods)
            if re.fullmatch(r"\s*[(:=]\s*", gap) and not inside:
                return mention
    return None


def lies_between(start: int, statement: Statement, reading: Reading) -> bool:
    """Whether another statement stands between a place in the sentence and this one."""
    return any(start <= other.start and other.end <= statement.start for other in reading.statements)


def has_own(statement: Statement, reading: Reading) -> bool:
    """Whether a time stands by a count: after it, as its heading, or as the only one before the only count."""
    if any(m.kind != "many" for m in find_owned(statement, reading)) or read_heading(statement, reading):
        return True
    before = [m for m in reading.periods if m.end <= statement.start and m.kind in {"at", "latest", "offset"}]
    taken = [m for s in reading.statements if s is not statement for m in find_owned(s, reading)]
    if not before or before[-1] in taken or lies_between(before[-1].end, statement, reading):
        return False
    return SEQUENCE.search(reading.text, before[-1].end, statement.start) is None


def find_latest(topic: Topic, place: str, named: str = "") -> str:
    """The latest period with a count for a place, in any edition, no later than `named`; the survey's last where it
    has none."""
    ids = topic.calendar.ids
    ids = ids[: ids.index(named) + 1] if named in ids else ids
    question = topic.measures.headline if topic.measures else ""
    keys = (Key(place=place, question=question, period=period) for period in reversed(ids))
    return next((key.period for key in keys if key in topic.series.points), ids[-1] if ids else "")


def list_default_bases(topic: Topic, period: str, context: Context) -> list[str]:
    """Without a word on it: the last "since" of the text, the comparison published, the year before."""
    comparisons = topic.survey.comparisons if topic.survey else ()
    chosen = [base for base in dict.fromkeys((context.base, context.since)) if base and base != period]
    chosen += [pair.base for pair in comparisons if pair.period == period]
    return [*chosen, step_period(topic.calendar.ids, period, -1)]


def list_told(reading: Reading, ids: Sequence[str], period: str, context: Context) -> list[str]:
    """The earlier periods that the text speaks of, for a change that no time stands by at all: "so it has doubled"."""
    if reading.periods:
        return []
    return [id_ for id_ in context.told if id_ in ids and period in ids and ids.index(id_) < ids.index(period)]


def step_period(ids: Sequence[str], period: str, steps: int) -> str:
    """The id some periods before or after another; "" where there is none."""
    if period not in ids:
        return ""
    at = list(ids).index(period) + steps
    return ids[at] if 0 <= at < len(ids) else ""
