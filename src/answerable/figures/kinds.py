"""The closed vocabulary of figures, their readable ids, and the places they are about.

Every other module of the package names its figures through here, so an id in a sentence, a claim or an old
edition always finds the same figure again. The trap: `low` and `high` are hard bounds where `value` is None
(suppressed counts) and a 95% interval where it is set (ratios and rates).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from answerable.model import Survey

KINDS: dict[str, str] = {
    "total": "count over every authority that answered; bounds where a count was suppressed",
    "per_day": "total divided by the days of the period",
    "change_abs": "later count less the earlier, same authorities and definition in both periods",
    "change_pct": "that change as a percentage of the earlier count",
    "rate_ratio": "later to earlier count per day, with its exact 95% interval",
    "p_value": "exact two-sided chance of a difference this large with no change in the process",
    "adjusted_p": "that p-value allowing for one test per authority (Benjamini-Hochberg)",
    "wider_ratio": "rate ratio with the interval widened by how much authorities differ in recording",
    "matched_base": "earlier total over the authorities answered and comparable in both periods",
    "matched_total": "later total over those same authorities",
    "unmatched_change_pct": "change between totals of different authorities, shown only to warn against it",
    "break": "a declared break in the series: no change is computed across it",
    "rank": "place by total among the authorities that answered, 1 the largest",
    "share": "percentage of the breakdown that falls in one category",
    "mode": "the commonest age, or age band",
    "at_most": "count at this age and under",
    "minimum": "the youngest age counted",
    "hidden_sum": "what the suppressed counts of one breakdown come to together, on the assumption in its note",
    "answers": "authorities that gave this answer",
    "rate": "count per 100,000 children (or what the survey's rate_per says) with its 95% interval",
    "coverage": "percentage of the authorities asked that answered",
    "coverage_children": "percentage of the child population in the areas of the authorities that answered",
    "outcome": "authorities asked whose reply came to this",
    "nonresponse_bounds": "what the total could be had every authority answered; never the headline",
    "reference": "a figure somebody else published, with its own count of authorities",
    "difference": "our figure less the published one",
    "reading_agreement": "percentage of second readings in which two people agreed",
    "reading_kappa": "that agreement beyond chance, Cohen's kappa",
    "reading_error": "percentage of sampled values that had been read wrongly, with its 95% interval",
}
"""Every kind of figure with one line of help, in the order figures are listed."""

SMALL_BASE = "small base"
"""Stands in the note of a percentage whose base is under the survey's `small_base`: text prints none."""

WHOLE = "*"
"""Key of the whole area in the figure tables; a Figure has authority None there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An authority, a region or the whole area. `key` is an authority id, `region:<name>` or `WHOLE`."""

    key: str
    slug: str
    name: str
    asked: tuple[str, ...]

    @property
    def authority(self) -> str | None:
        return None if self.key == WHOLE else self.key

    @property
    def is_area(self) -> bool:
        return self.key == WHOLE or self.key.startswith("region:")


@lru_cache(maxsize=4096)
def slug_text(text: str) -> str:
    """Lower-case letters, digits and single hyphens: "2016/17" becomes "2016-17"."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def list_places(survey: Survey) -> dict[str, Place]:
    """Every place figures are about, by key: the whole, each region of two or more authorities, each authority.

    A region of one authority would only repeat that authority's figures under another name.
    """
    ids = tuple(authority.id for authority in survey.authorities)
    slug = slug_text(survey.area) or "all"
    places = {WHOLE: Place(key=WHOLE, slug=f"all-{slug}" if slug in ids else slug, name=survey.area, asked=ids)}
    members: dict[str, list[str]] = {}
    for authority in survey.authorities:
        members.setdefault(authority.region, []).append(authority.id)
    for region in sorted(members):
        if region and 1 < len(members[region]) < len(ids):
            key = f"region:{region}"
            places[key] = Place(key=key, slug=f"region-{slug_text(region)}", name=region, asked=tuple(members[region]))
    for authority in survey.authorities:
        places[authority.id] = Place(key=authority.id, slug=authority.id, name=authority.name, asked=(authority.id,))
    return places


def name_figure(
    kind: str,
    place: Place,
    question: str,
    period: str,
    base: str | None = None,
    dimensions: tuple[tuple[str, str], ...] = (),
    tail: str = "",
) -> str:
    """The id of a figure: kind/place/question/period[-from-base][/dimension-category][/tail]."""
    span = slug_text(period) if base is None else f"{slug_text(period)}-from-{slug_text(base)}"
    if not dimensions and not tail:
        return f"{kind}/{place.slug}/{slug_text(question)}/{span}"
    parts = [kind, place.slug, slug_text(question), span]
    parts += [f"{slug_text(dimension)}-{slug_text(code)}" for dimension, code in dimensions]
    return "/".join([*parts, tail] if tail else parts)
