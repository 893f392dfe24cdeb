"""Ranks, records and counts of authorities against a survey.

Part of checking. A rank is settled only if every authority it ranges over has a figure, or the text says it
ranges over those that answered. The trap: the highest of those that answered is not the highest.
"""

import re
from dataclasses import replace
from fractions import Fraction

from answerable.claims.arithmetic import show_bounds
from answerable.claims.bound import Bound
from answerable.claims.compare import AGREES, ORDER, compare_value
from answerable.claims.evaluate import Judgement, keep_editions, pick_best
from answerable.claims.lookup import find_counts_for, find_pairs, list_members
from answerable.claims.places import NATION, is_area
from answerable.claims.reading import Topic
from answerable.claims.series import OWN, Point

_ANSWERED = re.compile(
    r"\b(?:that|which|who)\s+(?:answered|responded|replied|provided|supplied|gave|took\s+part)\b|"
    r"\bof\s+those\s+(?:that|answering|responding)|\b(?:responding|answering)\b"
)


Span = tuple[Fraction, Fraction, Point]
"""The least and the most that a place's count or change may be, with the Point it comes from."""


def _nothing(why: str) -> Judgement:
    return Judgement(verdict="not_checkable", computed="", explanation=why)


def judge_rank(bound: Bound, topic: Topic) -> Judgement:
    """A superlative: among the authorities of its scope, or for a record among the periods of its series."""
    if bound.statement.subject == "record":
        return _judge_record(bound, topic)
    bound = settle_period(bound, topic)
    place = bound.places[0] if bound.places else ""
    if place in {"", NATION} or place.startswith("region:"):
        return _nothing("No single authority is named that could rank highest or lowest.")
    scope = topic.gazetteer.region_of.get(place, "") if bound.scope == "region" else bound.scope
    scope = scope if scope in topic.gazetteer.regions else NATION
    order, metric = bound.statement.subject.split(":")
    values: dict[str, Span] = {}
    for member in list_members(topic, scope):
        found = _measure(topic, member, bound, metric)
        if found:
            values[member] = found
    if place not in values:
        return _nothing("The survey has no figure that could be ranked.")
    return _rank(bound, topic, place, scope, values, order)


def settle_period(bound: Bound, topic: Topic) -> Bound:
    """The same, in the latest period that its place has a count for, where the text names none."""
    if not bound.weak_period or not bound.places or find_counts_for(topic, bound.places[0], bound.period):
        return bound
    held = [period for period in topic.calendar.ids if find_counts_for(topic, bound.places[0], period)]
    return replace(bound, period=held[-1]) if held else bound


def _measure(topic: Topic, member: str, bound: Bound, metric: str) -> Span | None:
    """The bounds of a member's count, or its exact change in percent; None where there is none."""
    if metric == "total":
        points = [p for p in find_counts_for(topic, member, bound.period) if p.high is not None and p.edition == OWN]
        return (points[0].low, points[0].high or points[0].low, points[0]) if points else None
    bases = bound.bases or tuple(b for b in _previous(topic, bound.period) if b)
    for base in bases:
        for first, last, why in find_pairs(topic, member, base, bound.period):
            if first.exact and last.exact and first.low and not why and first.edition == OWN:
                change = (last.low / first.low - 1) * (1 if metric == "rise" else -1)
                return change, change, last
    return None


def _previous(topic: Topic, period: str) -> tuple[str, ...]:
    ids = topic.calendar.ids
    comparisons = topic.survey.comparisons if topic.survey else ()
    found = [pair.base for pair in comparisons if pair.period == period]
    if period in ids and ids.index(period):
        found.append(ids[ids.index(period) - 1])
    return tuple(found)


def _rank(bound: Bound, topic: Topic, place: str, scope: str, values: dict[str, Span], order: str) -> Judgement:
    """A place's rank by what is certain of every count: above it, below it, or open."""
    low, high, _ = values[place]
    above = {name for name, span in values.items() if (span[1] < low if order == "lowest" else span[0] > high)}
    maybe = {name for name, span in values.items() if (span[0] < high if order == "lowest" else span[1] > low)}
    ranked = sorted(values, key=lambda name: (values[name][0] * (1 if order == "lowest" else -1), name))
    position = 1 + len(above)
    missing = [name for name in list_members(topic, scope) if name not in values]
    missing += sorted(maybe - above - {place})
    shown = ", ".join(f"{topic.gazetteer.names[name]} {_show(values[name], bound)}" for name in ranked[:4])
    noun = topic.nouns[1]
    ids = tuple(values[name][2].id for name in ranked[:4])
    wanted = int(bound.statement.value)
    why = f"It ranks {position} of the {len(ranked)} {noun} with a figure."
    if position > wanted or (position < wanted and not missing):
        return Judgement(verdict="contradicted", computed=shown, explanation=why, ids=ids)
    if missing and not _ANSWERED.search(bound.reading.text):
        more = " and others" if len(missing) > 4 else ""
        names = ", ".join(topic.gazetteer.names[name] for name in missing[:4]) + more
        why = f"{why.removesuffix('.')}; there is none, or a withheld one, for {names}."
        return Judgement(verdict="undecided", computed=shown, explanation=why, ids=ids)
    return Judgement(verdict="supported", computed=shown, explanation=why, ids=ids)


def _show(span: Span, bound: Bound) -> str:
    if bound.statement.subject.endswith(":total"):
        return show_bounds(span[0], span[1])
    change = -span[0] if bound.statement.subject.endswith(":fall") else span[0]
    return f"{float(change) * 100:+.1f}%"


def _judge_record(bound: Bound, topic: Topic) -> Judgement:
    """A record: the latest count against every earlier period.

    Of an area each period counts by its fullest edition, since a sum over fewer authorities is no lower level.
    """
    place = bound.places[0] if bound.places else NATION
    by_period: dict[str, Point] = {}
    for period in topic.calendar.ids:
        points = [p for p in find_counts_for(topic, place, period) if p.exact]
        if points:
            by_period[period] = max(points, key=lambda p: p.low) if is_area(place) else points[0]
    period = bound.period
    if period not in by_period:
        return _nothing("The survey has no figure for the period said to be a record.")
    if len(topic.calendar.ids) < 3 or len(by_period) < 2:
        return _nothing("A record needs at least three comparable periods; the survey has fewer.")
    until = topic.calendar.ids[: topic.calendar.ids.index(period)]
    earlier = {name: point for name, point in by_period.items() if name in until}
    if not earlier:
        return _nothing("The survey has no earlier period to compare with.")
    shown = ", ".join(f"{name}: {int(point.low):,}" for name, point in by_period.items())
    ids = tuple(point.id for point in by_period.values())
    top = max(point.low for point in earlier.values())
    if by_period[period].low < top:
        return Judgement(
            verdict="contradicted", computed=shown, explanation=f"An earlier period had {int(top):,}.", ids=ids
        )
    missing = [name for name in until if name not in by_period]
    if missing:
        why = f"Highest of the periods held, but there is no figure for {', '.join(missing)}."
        return Judgement(verdict="undecided", computed=shown, explanation=why, ids=ids)
    first = topic.calendar.ids[0]
    why = f"The highest since this series began in {first}; say so in place of a record."
    return Judgement(verdict="supported", computed=shown, explanation=why, ids=ids)


def judge_forces(bound: Bound, topic: Topic) -> Judgement:
    """A count of authorities: asked, answered, without an answer, or with a rise or a fall."""
    subject = bound.statement.subject
    if subject in {"rising", "falling"}:
        return _count_moving(bound, topic, subject)
    judged: list[Judgement] = []
    for place in dict.fromkeys((*bound.places, NATION)):
        if place == NATION or place in topic.gazetteer.regions:
            judged += _judge_place(bound, topic, place)
        if any(item.verdict in AGREES for item in judged):
            break
    best = pick_best(keep_editions(judged, bound.editions.get((NATION, bound.period), frozenset())), ORDER)
    if best is None or (subject == "some" and best.verdict == "contradicted"):
        return _nothing("The text does not say what these authorities did.")
    return best


def _judge_place(bound: Bound, topic: Topic, place: str) -> list[Judgement]:
    """The count of authorities against every edition of one place."""
    period = bound.period or (topic.calendar.ids[-1] if topic.calendar.ids else "")
    periods = topic.calendar.ids if bound.weak_period else (period,)
    points = [p for id_ in periods for p in find_counts_for(topic, place, id_) if p.n is not None]
    points.sort(key=lambda point: point.period != period)
    asked = len(list_members(topic, place))
    subject = bound.statement.subject
    judged: list[Judgement] = []
    if subject in {"answered", "some"}:
        judged += [_judge_n(bound, point.n or 0, point, asked) for point in points]
    if subject == "missing":
        judged += [_judge_n(bound, asked - (point.n or 0), point, asked) for point in points if point.edition == OWN]
    if subject in {"asked", "some"}:
        judged.append(_judge_n(bound, asked, None, asked))
    return judged


def _judge_n(bound: Bound, count: int, point: Point | None, asked: int) -> Judgement:
    verdict = compare_value(bound.statement, Fraction(count))
    edition = point.edition if point else OWN
    if point is None:
        why = f"{asked} were asked in this survey."
    elif edition:
        why = f"{point.n} answered in the edition published {edition}."
    else:
        why = f"{point.n} of {asked} have a figure for {point.period} in this survey."
    ids = (point.id,) if point else ()
    return Judgement(verdict=verdict, computed=str(count), explanation=why, ids=ids, edition=edition)


def _count_moving(bound: Bound, topic: Topic, subject: str) -> Judgement:
    count, known, ids = 0, 0, []
    for member in list_members(topic, NATION):
        for base in bound.bases or _previous(topic, bound.period or topic.calendar.ids[-1]):
            pairs = [
                p
                for p in find_pairs(topic, member, base, bound.period or topic.calendar.ids[-1])
                if p[0].edition == OWN
            ]
            if pairs and pairs[0][0].exact and pairs[0][1].exact:
                known += 1
                moved = pairs[0][1].low - pairs[0][0].low
                count += (moved > 0) if subject == "rising" else (moved < 0)
                ids.append(pairs[0][1].id)
            break
    if not known:
        return _nothing("No authority has figures for both periods.")
    verdict = compare_value(bound.statement, Fraction(count))
    word = "rise" if subject == "rising" else "fall"
    return Judgement(
        verdict=verdict,
        computed=f"{count} of {known}",
        explanation=f"{count} of {known} with both figures show a {word}.",
        ids=tuple(ids[:6]),
    )
