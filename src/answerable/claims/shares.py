"""Shares, and the commonest, youngest and oldest age, against a survey's breakdowns.

Part of checking. A share is tried of everything first, and only then of what is known. The trap: "48% on
Snapchat" is a share of the offences whose platform was recorded, a quarter of all; printed without that base
it is `wrong_base`, not true.
"""

import re
from dataclasses import replace

from answerable.claims.bound import Bound
from answerable.claims.compare import AGREES, ORDER
from answerable.claims.evaluate import Judgement, judge_share, pick_best
from answerable.claims.lookup import find_category_counts, find_counts_for, find_known_total
from answerable.claims.measures import is_where_known
from answerable.claims.numbers import parse_number
from answerable.claims.places import NATION
from answerable.claims.reading import Topic
from answerable.claims.series import Key, Point, find_points

_OF_THEM = re.compile(r"\s+of\s+(?:them|these|those|(?:the|all)\s+(?:national\s+|overall\s+)?(?:total|figure))\b")


def _nothing(why: str) -> Judgement:
    return Judgement(verdict="not_checkable", computed="", explanation=why)


def judge_shares(bound: Bound, topic: Topic) -> Judgement:
    """A share of a place's count in a category, or of the whole area's count in a place."""
    period = bound.period
    for place in bound.places:
        if bound.categories:
            judged = _judge_category(bound, topic, place, period)
            if judged:
                return judged
        elif place != NATION and (
            any(mention.key == NATION for mention in bound.reading.places)
            or _OF_THEM.match(bound.reading.text, bound.statement.end)
        ):
            parts, wholes = find_counts_for(topic, place, period), find_counts_for(topic, NATION, period)
            best = pick_best([judge_share(bound.statement, part, whole) for part in parts for whole in wholes], ORDER)
            if best:
                return best
    return _nothing("The survey has no breakdown that this is a share of.")


def _judge_category(bound: Bound, topic: Topic, place: str, period: str) -> Judgement | None:
    parts = find_category_counts(topic, place, period, bound.categories)
    known = find_known_total(topic, place, period, bound.categories[0].dimension)
    if not parts or known is None:
        return None
    wholes = find_counts_for(topic, place, period)
    stated = _read_base(bound)
    of_all = [judge_share(bound.statement, parts[0], whole) for whole in wholes]
    of_known = judge_share(bound.statement, parts[0], known)
    where_known = is_where_known(bound.reading.text) or stated == known.low
    if where_known or not wholes:
        return of_known
    best = pick_best(of_all, ORDER)
    if best and best.verdict not in AGREES and of_known.verdict in AGREES:
        why = (
            f"True only of the {int(known.low):,} where this is known, {of_known.computed}; "
            f"of all it is {best.computed}. Print the base."
        )
        return replace(of_known, verdict="wrong_base", explanation=why)
    return best or of_known


def _read_base(bound: Bound) -> object:
    parsed = parse_number(bound.statement.subject) if bound.statement.subject else None
    return parsed[0] if parsed else None


def judge_age(bound: Bound, topic: Topic) -> Judgement:
    """A mode, minimum or maximum age: as a figure or reference states it, else from counts by age."""
    statement = bound.statement
    kind = statement.type
    found: list[Judgement] = []
    for place in bound.places:
        for source, value in topic.series.stated.get((kind, place, bound.period), ()):
            verdict = "supported" if value == statement.value else "contradicted"
            id_ = source.id if hasattr(source, "kind") else f"reference/{source.id}"
            edition = getattr(source, "published", "")
            why = (
                f"The {_WORD[kind]} age is {value}." if verdict == "contradicted" else f"The {_WORD[kind]} age is this."
            )
            found.append(Judgement(verdict=verdict, computed=str(value), explanation=why, ids=(id_,), edition=edition))
        counted = _count_ages(bound, topic, place)
        if counted:
            found.append(counted)
        if found:
            break
    return pick_best(found, ORDER) or _nothing(f"The survey has no {_WORD[kind]} age for this.")


_WORD = {"mode": "most common", "minimum": "youngest", "maximum": "oldest"}


def _count_ages(bound: Bound, topic: Topic, place: str) -> Judgement | None:
    """The mode or the extreme age from the survey's own counts by single year; None without them."""
    counts: list[tuple[int, Point]] = []
    for dimension in topic.measures.ages if topic.measures else ():
        for question in topic.measures.questions if topic.measures else ():
            if question.dimensions != (dimension.id,):
                continue
            for category in dimension.categories:
                key = Key(
                    place=place, question=question.id, period=bound.period, dimensions=((dimension.id, category.code),)
                )
                points = find_points(topic.series, key)
                if category.low is not None and category.low == category.high and points:
                    counts.append((category.low, points[0]))
    present = [(age, point) for age, point in counts if point.exact and point.low > 0]
    if not present or any(not point.exact for _, point in counts):
        return None
    kind = bound.statement.type
    if kind == "mode":
        chosen = max(present, key=lambda item: item[1].low)
    else:
        chosen = (min if kind == "minimum" else max)(present, key=lambda item: item[0])
    verdict = "supported" if chosen[0] == bound.statement.value else "contradicted"
    return Judgement(
        verdict=verdict,
        computed=f"age {chosen[0]}: {int(chosen[1].low):,}",
        explanation=f"The {_WORD[kind]} age is {chosen[0]}.",
        ids=(chosen[1].id,),
    )
