"""Counts that no time stands by -> the other periods that their sentence would also bear.

The last part of binding a sentence. Prose orders its numbers by sense, not by rule: "climbed to 224, before sliding
back to 179". The trap: a count may only be moved to a period that the words leave open, in the order of base and
now, or a wrong number would always find some year that it is right in.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from answerable.claims.bound import COUNTED, Bound, Context
from answerable.claims.nearby import SEQUENCE, has_own, step_period
from answerable.claims.reading import Topic

_AFTER_EVENT = re.compile(r"\b(?:a\s+year|\w+\s+years|months)\s+(?:after|into|on\s+from|since)\s+(?!that\b)")
"""A time told from something whose day the text does not say: "three years after the law came in"."""


def find_loose(bounds: Sequence[Bound], topic: Topic, context: Context) -> list[Bound]:
    """The Bounds of a sentence, those counts that no time stands by with every other period that its words bear.

    Only a sentence of several counts, or one that goes on from another, leaves a period open; a base is earlier
    than what it is the base of, and a count in a list or with its own year stays where it is.
    """
    counts = [b for b in bounds if b.statement.type in COUNTED]
    if not counts or not topic.calendar.ids:
        return list(bounds)
    ids = list(topic.calendar.ids)
    found = []
    for bound in bounds:
        own = has_own(bound.statement, bound.reading)
        open_ = (
            bound.statement.type in COUNTED and not bound.settled and not bound.ids and not own and not bound.unknown
        )
        last_year = {m.kind for m in bound.reading.periods} == {"latest"}
        if own and last_year and bound.statement.role != "base" and context.named not in {"", bound.period}:
            found.append(replace(bound, loose=(context.named,)))
            continue
        back = step_period(ids, context.period, -1) if own and last_year and context.period == bound.period else ""
        if back and bound.statement.role != "base" and not bound.categories:
            found.append(replace(bound, loose=(back,)))
            continue
        if not open_ or bound.categories:
            found.append(bound)
            continue
        named = [id_ for m in bound.reading.periods for id_ in m.ids if m.kind in {"at", "range", "since"}]
        spoken = [*named, *(b.period for b in counts if b is not bound), context.period, context.before]
        if SEQUENCE.search(bound.reading.text) or len(counts) > 1:
            spoken += [step_period(ids, id_, steps) for id_ in dict.fromkeys(spoken) for steps in (1, -1) if id_ in ids]
        if _AFTER_EVENT.search(bound.reading.text, 0, bound.statement.start):
            spoken += ids
        allowed = [id_ for id_ in dict.fromkeys(spoken) if id_ in ids and id_ != bound.period]
        found.append(replace(bound, loose=tuple(_keep_order(bound, counts, allowed, ids))))
    return found


def _stands_before(other: Bound, bound: Bound) -> bool:
    return other.statement.start < bound.statement.start


def _keep_order(bound: Bound, counts: Sequence[Bound], periods: Sequence[str], ids: list[str]) -> list[str]:
    """A base stands before the latest count of its sentence, a count that something moved to after its base."""
    others = [b for b in counts if b is not bound and b.period in ids and b.places[:1] == bound.places[:1]]
    if bound.statement.role == "base":
        told = [b for b in others if b.statement.role == "now" or (not b.statement.role and _stands_before(b, bound))]
        last = max((ids.index(b.period) for b in told), default=len(ids))
        return [id_ for id_ in periods if ids.index(id_) < last]
    if bound.statement.role in {"now", ""}:
        first = min((ids.index(b.period) for b in others if b.statement.role == "base"), default=-1)
        return [id_ for id_ in periods if ids.index(id_) > first]
    return list(periods)
