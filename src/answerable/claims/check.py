"""A bound Statement and a survey -> its Claim: one function a type, the best edition chosen, the rest said.

The last step of checking against a survey. Places and periods that the words leave open are tried in order,
and an edition that bears the claim out is named. The trap: trying until something fits would pass any number,
so only what the text itself leaves open is tried, and a stated place or period is never swapped for another.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from answerable.claims.bound import CHANGES, COUNTED, Bound
from answerable.claims.compare import AGREES, ORDER
from answerable.claims.evaluate import (
    Judgement,
    judge_average,
    judge_change,
    judge_comparison,
    judge_total,
    keep_editions,
    mark_unlike,
    pick_best,
)
from answerable.claims.lookup import describe, find_category_counts, find_counts_for, find_known_total, find_pairs
from answerable.claims.measures import is_other_matter
from answerable.claims.nearby import EVERY_YEAR
from answerable.claims.places import NATION, UNKNOWN, is_area
from answerable.claims.ranking import judge_forces, judge_rank
from answerable.claims.reading import Topic
from answerable.claims.series import OWN, Point
from answerable.claims.shares import judge_age, judge_shares

REFUTED = frozenset({"contradicted", "reverses", "ratio_as_rise", "not_checkable"})


def not_checkable(why: str) -> Judgement:
    """A Judgement for what nothing could be bound to."""
    return Judgement(verdict="not_checkable", computed="", explanation=why)


def check_statement(bound: Bound, topic: Topic) -> Judgement:
    """The Judgement of one bound Statement against the survey's figures."""
    statement = bound.statement
    other = is_other_matter(topic.measures, statement.noun, statement.noun_kind) if topic.measures else ""
    ages = bound.reading.categories if statement.role == "whole" else bound.categories
    by_victim = any(topic.measures and topic.measures.dimensions[c.dimension].kind == "age" for c in ages)
    if other and not (by_victim and statement.noun_kind == "people"):
        unit = topic.measures.unit if topic.measures else ""
        return not_checkable(f"The survey counts {unit}; this counts something else ({other}).")
    if bound.unknown and statement.type != "count_of_forces":
        return _check_misdated(bound, topic)
    if bound.places and bound.places[0] == UNKNOWN and statement.type != "count_of_forces":
        return not_checkable("The survey has no figure for the place named.")
    function = CHECKS.get(statement.type)
    return (
        function(bound, topic) if function else not_checkable("No figure of the survey answers to this kind of claim.")
    )


def _check_misdated(bound: Bound, topic: Topic) -> Judgement:
    """A stated period that the survey has not: wrong if the number is that place's figure of another period."""
    label = bound.unknown
    if bound.statement.type in {"total", "threshold"} and bound.places and not bound.categories:
        for period in topic.calendar.ids:
            for point in find_counts_for(topic, bound.places[0], period):
                judged = judge_total(bound.statement, point)
                if judged.verdict == "supported" and point.exact and bound.statement.hedge == "":
                    why = f"This is the figure for {period}, not for {label}."
                    return replace(judged, verdict="contradicted", explanation=why)
    return not_checkable(f'The survey has no period "{label}".')


def _settle(
    bound: Bound, topic: Topic, judge: Callable[[str, str], list[Judgement]], periods: tuple[str, ...]
) -> Judgement:
    """Tries the open places and periods in order; the first that is not refuted, else the first that was found."""
    first: Judgement | None = None
    for place in bound.places:
        for period in periods:
            best = pick_best(_choose_editions(bound, topic, place, period, judge(place, period)), ORDER)
            if best is None:
                continue
            if best.verdict not in REFUTED:
                return best
            first = first or best
    if first is None and bound.weak_period and bound.statement.type not in CHANGES:
        first = _try_other_periods(bound, topic, judge, periods)
    return first or not_checkable(f"The survey has no figure for this ({describe(topic, bound)}).")


def _choose_editions(bound: Bound, topic: Topic, place: str, period: str, judged: list[Judgement]) -> list[Judgement]:
    """The judgements of the editions that the text prints from; where it prints from none, a sum over some of the
    authorities bears out no more than the very count, since a fuller edition says how many there were."""
    if printed := bound.editions.get((place, period)):
        return keep_editions(judged, printed)
    if not is_area(place) or (bound.statement.type in COUNTED and any(item.verdict == "supported" for item in judged)):
        hedged = bound.statement.hedge not in {"", "exactly"}
        if not is_area(place) or not hedged:
            return judged
    points = find_counts_for(topic, place, period)
    own = next((point for point in points if point.edition == OWN and not point.matched), None)
    if own is None or not own.missing:
        return judged
    fuller = {p.edition for p in points if p.edition != OWN and (p.n is None or p.n > (own.n or 0))}
    return keep_editions(judged, frozenset(fuller)) if fuller else judged


def _try_other_periods(
    bound: Bound, topic: Topic, judge: Callable[[str, str], list[Judgement]], tried: tuple[str, ...]
) -> Judgement | None:
    """Where the text names no period and the survey has none of those assumed: the latest one it has."""
    latest = topic.calendar.ids[-1:] if bound.statement.role == "base" else ()
    for period in reversed(topic.calendar.ids):
        for place in bound.places if period not in (*tried, *latest) else ():
            if best := pick_best(judge(place, period), ORDER):
                return best
    return None


def _open_periods(bound: Bound, topic: Topic) -> tuple[str, ...]:
    if bound.weak_period and bound.statement.role == "base":
        return bound.bases or (bound.period,)
    if not bound.weak_period:
        return (bound.period,)
    latest = topic.calendar.ids[-1] if topic.calendar.ids else ""
    return tuple(dict.fromkeys(p for p in (bound.period, latest) if p))


def check_total(bound: Bound, topic: Topic) -> Judgement:
    """A count of a place and period, in a category where one is named, summed where several periods are."""

    if _KNOWN_IN.search(bound.reading.text, 0, bound.statement.start):
        return _check_known(bound, topic)
    every = len(bound.ids) > 1 and bound.statement.hedge and EVERY_YEAR.search(bound.reading.text)

    def judge(place: str, period: str) -> list[Judgement]:
        if every:
            return _judge_every(bound, topic, place)
        if bound.categories:
            return [
                judge_total(bound.statement, point)
                for point in find_category_counts(topic, place, period, bound.categories)
            ]
        points = _keep_named_edition(bound, find_counts_for(topic, place, period, bound.ids))
        # Of several editions that refute a count the nearest says most: 5,643 is a slip for 5,653, not for 3,455.
        points.sort(key=lambda point: abs(point.low - bound.statement.value))
        return [judge_total(bound.statement, point) for point in points]

    judged = _settle(bound, topic, judge, _open_periods(bound, topic))
    if judged.verdict in REFUTED and bound.loose and not bound.statement.hedge and bound.statement.value >= SMALL:
        judged = _try_loose(bound, topic) or judged
    return _add_context(judged, bound, topic) if judged.ids else judged


_PRINTED_IN = re.compile(
    r"\b(?P<before>20\d\d)\s+(?:release|edition|survey|report|round|publication)\b|"
    r"\b(?:release|edition|survey|report|round|publication|one)\s+(?:of|from)\s+(?:[a-z]+\s+)?(?P<after>20\d\d)\b(?![/-])"
)


def _keep_named_edition(bound: Bound, points: list[Point]) -> list[Point]:
    """The counts of the edition that the words before a number name: "its 2017 release gave 3,903"."""
    named = list(_PRINTED_IN.finditer(bound.reading.text, 0, bound.statement.start))
    year = (named[-1]["before"] or named[-1]["after"]) if named else "-"
    return [point for point in points if point.edition.startswith(year)] or points


_KNOWN_IN = re.compile(
    r"\b(?:known|recorded|disclosed|stated|given|specified|identified)\s+(?:in|for)\s+(?:just\s+|only\s+)?$"
)


def _check_known(bound: Bound, topic: Topic) -> Judgement:
    """How many of the cases have something known of them: the sum of a breakdown without its "not known"."""
    dimensions = topic.measures.dimensions if topic.measures else {}
    found = [find_known_total(topic, place, bound.period, name) for place in bound.places for name in dimensions]
    judged = [judge_total(bound.statement, point) for point in found if point]
    best = pick_best(judged, ORDER)
    return (
        best if best and best.verdict in AGREES else not_checkable("The survey does not say of how many it is known.")
    )


SMALL = 13
"""Counts under this fit some period by chance too easily for one to be chosen by them."""


def _try_loose(bound: Bound, topic: Topic) -> Judgement | None:
    """The first period left open by the words whose exact count is the one printed."""
    for period in bound.loose:
        for point in find_counts_for(topic, bound.places[0], period):
            if point.exact and point.low == bound.statement.value:
                judged = judge_total(bound.statement, point)
                return replace(judged, explanation=f"{judged.explanation} It is the figure for {period}.")
    return None


def _judge_every(bound: Bound, topic: Topic, place: str) -> list[Judgement]:
    """ "At least 179 every year since": the worst of the years for the claim; nothing where a year has no count."""
    by_period = [find_counts_for(topic, place, period)[:1] for period in bound.ids]
    if not all(by_period):
        return []
    judged = [judge_total(bound.statement, points[0]) for points in by_period]
    wrong = [item for item in judged if item.verdict not in AGREES]
    return wrong[:1] or [pick_best(judged, ORDER) or judged[0]]


def _add_context(judged: Judgement, bound: Bound, topic: Topic) -> Judgement:
    """Says which edition bears a count out, or whose figure a wrong number is."""
    if judged.verdict not in REFUTED:
        if judged.edition and bound.places and not bound.categories:
            own = [p for p in find_counts_for(topic, bound.places[0], bound.period, bound.ids) if p.edition == OWN]
            if own and own[0].low != bound.statement.value:
                note = (
                    f" Borne out by the edition published {judged.edition}; this survey counts {_show(own[0], topic)}."
                )
                return replace(judged, explanation=judged.explanation + note)
        return judged
    owner = _find_owner(bound, topic)
    return replace(judged, explanation=f"{judged.explanation} {owner}") if owner else judged


def _show(point: Point, topic: Topic) -> str:
    count = f"{int(point.low):,}" if point.exact else f"{int(point.low):,} or more"
    return f"{count} from {point.n} {topic.nouns[1] if point.n != 1 else topic.nouns[0]}" if point.n else count


def _find_owner(bound: Bound, topic: Topic) -> str:
    """Whose figure a wrong number is: the same place in another period, or another place."""
    if bound.statement.hedge or bound.statement.value < 10 or bound.categories or "+" in bound.places[0]:
        return ""
    places = [bound.places[0], *(key for key in topic.gazetteer.names if key != bound.places[0])]
    for place in places[:400]:
        for period in topic.calendar.ids:
            for point in find_counts_for(topic, place, period):
                if point.exact and point.low == bound.statement.value:
                    return f"It is the figure for {topic.gazetteer.names[place]} in {period}."
    return ""


def check_change(bound: Bound, topic: Topic) -> Judgement:
    """A change between two periods, from the counts of each edition; across editions or authorities it is unlike."""

    other = _find_other_place(bound)

    def judge(place: str, period: str) -> list[Judgement]:
        found: list[Judgement] = []
        if other and other != place:
            firsts, lasts = find_counts_for(topic, other, period), find_counts_for(topic, place, period)
            return [judge_change(bound.statement, a, b) for a in firsts for b in lasts if a.edition == b.edition]
        for base in bound.bases:
            found += _judge_pairs(bound, topic, place, base, period)
            if any(item.verdict not in REFUTED and item.verdict != "not_like_for_like" for item in found):
                break
        return found + _judge_published(bound, topic, place, period, found)

    if bound.categories:
        return not_checkable("A change within a category is not among the figures.")
    return _settle(bound, topic, judge, (bound.period,))


_AS_MANY = re.compile(
    r"\s*(?:that\s+(?=of|in|for)|those\s+(?=of|in|for)|the\s+(?:number|figure|total)\s+(?=of|in|for))?(?:as\s+(?:many|much|high|large|big)\s+as|(?:more|higher|fewer|lower)\s+than)?\s*(?:in|of|for|those\s+(?:in|of)|"
    r"that\s+(?:in|of)|the\s+(?:number|figure|total)\s+(?:in|of|for))?\s*(?:the\s+)?"
)


_COMPARING = re.compile(r"\b(?:as|that|those|number|figure|total)\b")


def _find_other_place(bound: Bound) -> str:
    """The place that a multiple is of: "more than twice as many as Sussex"; "" where it is of another time."""
    if bound.statement.type != "multiple":
        return ""
    for mention in bound.reading.places:
        gap = bound.reading.text[bound.statement.end : mention.start]
        if mention.start >= bound.statement.end and _COMPARING.search(gap) and _AS_MANY.fullmatch(gap):
            return mention.key
    return ""


def _judge_pairs(bound: Bound, topic: Topic, place: str, base: str, period: str) -> list[Judgement]:
    """Judgements from the pairs of one edition; where no edition has both counts, or the text prints the base of
    another, those that agree across editions."""
    printed = {statement.value for statement in bound.reading.statements if statement.role == "base"}
    within: list[Judgement] = []
    across: list[tuple[Judgement, Fraction]] = []
    for first, last, why in find_pairs(topic, place, base, period):
        judged = judge_change(bound.statement, first, last)
        judged = mark_unlike(judged, why) if why else judged
        if first.edition == last.edition:
            within.append(judged)
        else:
            across.append((judged, first.low))
    unlike = [item for item, base_count in across if item.verdict == "not_like_for_like" and base_count in printed]
    agreed = any(item.verdict in AGREES for item in within)
    return (
        (within if agreed else unlike) or within or [item for item, _ in across if item.verdict == "not_like_for_like"]
    )


def _judge_published(bound: Bound, topic: Topic, place: str, period: str, found: list[Judgement]) -> list[Judgement]:
    """A percentage somebody published without its counts, in an edition that has no counts to recompute it from."""
    question = topic.measures.headline if topic.measures else ""
    statement = bound.statement
    if statement.form != "percent" or statement.type != "change_pct":
        return []
    editions = {item.edition for item in found}
    judged = []
    for reference, value in topic.series.percent.get((place, question, period), ()):
        if reference.published in editions:
            continue
        signed = value * (statement.direction or 1)
        if signed == statement.value:
            why = f"As published on {reference.published}; the counts behind it were not published."
            judged.append(
                Judgement(
                    verdict="supported",
                    computed=f"published as {reference.value}%",
                    explanation=why,
                    ids=(f"reference/{reference.id}",),
                    edition=reference.published,
                )
            )
    return judged


def check_average(bound: Bound, topic: Topic) -> Judgement:
    """An average over the days of its period."""
    days = {period.id: period.days for period in topic.calendar.periods}

    def judge(place: str, period: str) -> list[Judgement]:
        span = sum(days.get(id_, 0) for id_ in bound.ids) or days.get(period, 365)
        return [
            judge_average(bound.statement, point, span) for point in find_counts_for(topic, place, period, bound.ids)
        ]

    if bound.categories:
        return not_checkable("An average within a category is not among the figures.")
    return _settle(bound, topic, judge, _open_periods(bound, topic))


def check_comparison(bound: Bound, topic: Topic) -> Judgement:
    """One place's change as a multiple of the nation's: "almost four times the national rise"."""
    found = []
    places = [place for place in bound.places if place != NATION] or list(bound.places)
    for base in bound.bases:
        for place in places:
            for first, last, _ in find_pairs(topic, place, base, bound.period)[:1]:
                for whole_first, whole_last, why in find_pairs(topic, NATION, base, bound.period):
                    judged = judge_comparison(bound.statement, (first, last), (whole_first, whole_last))
                    if judged:
                        found.append(mark_unlike(judged, why) if why else judged)
    return pick_best(found, ORDER) or not_checkable("The two changes are not both among the figures.")


CHECKS: dict[str, Callable[[Bound, Topic], Judgement]] = {
    "total": check_total,
    "threshold": check_total,
    "sum": check_total,
    "change_pct": check_change,
    "change_abs": check_change,
    "multiple": check_change,
    "average": check_average,
    "comparison": check_comparison,
    "share": judge_shares,
    "mode": judge_age,
    "minimum": judge_age,
    "maximum": judge_age,
    "rank": judge_rank,
    "count_of_forces": judge_forces,
}
"""One function a claim type."""
