"""A place, a period and categories -> the counts of every edition that answer to them.

Binding has said what a claim is about; this finds the Points, adds up regions, years and age ranges, and pairs
counts for a change. The trap: adding up a region from the forces that answered is not the region, so a sum
keeps the names of those missing; and a pair must hold the same authorities or be marked as not like for like.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from answerable.claims.bound import Bound
from answerable.claims.measures import CategoryMention, is_not_known
from answerable.claims.places import NATION
from answerable.claims.reading import Topic
from answerable.claims.series import OWN, Dimensions, Key, Point, find_points, sum_points


def find_counts_for(topic: Topic, place: str, period: str, ids: Sequence[str] = ()) -> list[Point]:
    """Counts of the headline question for a place over one period, or summed over `ids`; every edition."""
    question = topic.measures.headline if topic.measures else ""
    if "+" in place:
        return _sum_places(topic, place.split("+"), period, ids)
    if len(ids) > 1:
        return _sum_periods(topic, place, question, ids)
    found = find_points(topic.series, Key(place=place, question=question, period=period))
    if place.startswith("region:") and not any(point.edition == OWN for point in found):
        found = _sum_region(topic, place, question, period) + found
    return found


def _sum_places(topic: Topic, places: Sequence[str], period: str, ids: Sequence[str]) -> list[Point]:
    """The sum over several places, of the survey's own counts, else of the first edition of each."""
    found = [find_counts_for(topic, place, period, ids) for place in places]
    return [sum_points([points[0] for points in found])] if all(found) else []


def _sum_periods(topic: Topic, place: str, question: str, ids: Sequence[str]) -> list[Point]:
    whole = find_points(topic.series, Key(place=place, question=question, period=f"{ids[0]}..{ids[-1]}"))
    by_period = [find_counts_for(topic, place, period) for period in ids]
    if not all(by_period):
        return whole
    editions = sorted({point.edition for point in by_period[0]})
    sums = []
    for edition in editions:
        chosen = [next((p for p in points if p.edition == edition), None) for points in by_period]
        if all(chosen):
            sums.append(sum_points([point for point in chosen if point]))
    if not sums:
        sums.append(sum_points([points[0] for points in by_period]))
    return sums + whole


def _sum_region(topic: Topic, place: str, question: str, period: str) -> list[Point]:
    members = topic.gazetteer.regions.get(place, ())
    points = {name: find_points(topic.series, Key(place=name, question=question, period=period)) for name in members}
    own = [found[0] for found in points.values() if found and found[0].edition == OWN]
    if not own:
        return []
    missing = tuple(name for name, found in points.items() if not found or found[0].edition != OWN)
    total = sum_points(own)
    return [replace(total, n=len(own), missing=missing)]


def find_category_counts(topic: Topic, place: str, period: str, categories: Sequence[CategoryMention]) -> list[Point]:
    """Counts for a place and period in the categories named; [] where the survey has no such breakdown."""
    if topic.measures is None or not categories:
        return []
    named: dict[str, CategoryMention] = {}
    for mention in categories:
        named.setdefault(mention.dimension, mention)
    for question in topic.measures.questions:
        if not set(named) <= set(question.dimensions):
            continue
        found = [
            find_points(topic.series, Key(place=place, question=question.id, period=period, dimensions=cell))
            for cell in _list_cells(tuple(named.values()))
        ]
        present = [points[0] for points in found if points]
        if present and (len(present) == len(found) or len(found) > 1):
            return [sum_points(present)]
    return _find_at_most(topic, place, period, categories[0]) if len(named) == 1 else []


def _list_cells(mentions: Sequence[CategoryMention]) -> list[Dimensions]:
    """Every cell of a breakdown that the categories named cover: girls aged 12 to 15 are one code by one or several."""
    pairs = [[(mention.dimension, code) for code in mention.codes] for mention in mentions]
    return [tuple(sorted(cell)) for cell in product(*pairs)]


def _find_at_most(topic: Topic, place: str, period: str, mention: CategoryMention) -> list[Point]:
    """A published "aged ten and under" where the single years were not published."""
    dimension = topic.measures.dimensions[mention.dimension] if topic.measures else None
    by_code = {category.code: category for category in dimension.categories} if dimension else {}
    ages = [by_code[code] for code in mention.codes if code in by_code]
    if not ages or min((age.low or 0) for age in ages) > 0:
        return []
    limit = max(age.high if age.high is not None else 0 for age in ages)
    key = Key(place=place, question="", period=period, dimensions=((f"{mention.dimension}:at_most", str(limit)),))
    return find_points(topic.series, key)


def find_known_total(topic: Topic, place: str, period: str, dimension: str) -> Point | None:
    """The sum of a breakdown without its "not known" categories: the base of a share where known."""
    if topic.measures is None:
        return None
    categories = topic.measures.dimensions[dimension].categories
    known = [c.code for c in categories if not is_not_known(c.label)]
    for question in topic.measures.questions:
        if dimension in question.dimensions:
            keys: list[Dimensions] = [((dimension, code),) for code in known]
            found = [
                find_points(topic.series, Key(place=place, question=question.id, period=period, dimensions=key))
                for key in keys
            ]
            present = [points[0] for points in found if points]
            if present:
                return sum_points(present, id_=present[0].id if len(present) == 1 else "")
    return None


def find_pairs(topic: Topic, place: str, base: str, period: str) -> list[tuple[Point, Point, str]]:
    """(base count, later count, why they are not like for like or "") of every edition, the survey's own first."""
    question = topic.measures.headline if topic.measures else ""
    own = [(first, last, "") for first, last in topic.series.pairs.get((place, question, base, period), ())]
    firsts, lasts = find_counts_for(topic, place, base), find_counts_for(topic, place, period)
    pairs = list(own)
    for first in firsts:
        for last in lasts:
            if first.edition == last.edition and not (first.matched or last.matched):
                why = _judge_pair(topic, place, first, last, bool(own))
                pairs.append((first, last, why))
    for first in firsts:
        for last in lasts:
            if first.edition != last.edition and not (first.matched or last.matched):
                why = f"The two counts are from different editions ({_name(first)}; {_name(last)})."
                pairs.append((first, last, why))
    return pairs


def _name(point: Point) -> str:
    return f"published {point.edition}" if point.edition else "this survey"


def _judge_pair(topic: Topic, place: str, first: Point, last: Point, has_matched: bool) -> str:
    """Why two counts of one edition cannot be compared: other authorities are in them."""
    area = place == NATION or place.startswith("region:")
    if not area:
        return ""
    noun = topic.nouns[1]
    if first.n is not None and last.n is not None and first.n != last.n:
        return f"The earlier count is from {first.n} {noun}, the later from {last.n}."
    if first.edition == OWN and set(first.missing) != set(last.missing):
        return f"The two counts are not from the same {noun}."
    if first.edition == OWN and has_matched:
        return ""
    return ""


def list_members(topic: Topic, scope: str) -> tuple[str, ...]:
    """The authorities of a region, or all of the survey for the nation."""
    if scope in topic.gazetteer.regions:
        return topic.gazetteer.regions[scope]
    return tuple(authority.id for authority in topic.survey.authorities) if topic.survey else ()


def describe(topic: Topic, bound: Bound) -> str:
    """What a claim is about, in words for an explanation."""
    keys = bound.places[0].split("+") if bound.places else ()
    place = " and ".join(topic.gazetteer.names.get(key, key) for key in keys)
    return f"{place}, {bound.period}" if bound.period else place
