"""Who was asked, who answered, and what became of the rest.

Coverage stands beside every total, by number of authorities and, where a population file says how many children
live in each area, by children. The trap: a reply that came and could not be used is neither an answer nor a
silence, so each authority asked has exactly one outcome here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from answerable.figures.cells import Count
from answerable.figures.kinds import WHOLE, Place, slug_text
from answerable.figures.make import make_figure
from answerable.figures.pairs import CountKey
from answerable.figures.population import Population
from answerable.model import Figure, Outcome, Question, Reply, Survey

REASONS: dict[str, str] = {
    "answered": "answered",
    "partial": "answered in part",
    "cost": "refused on cost (FOIA s.12, FOISA s.12)",
    "personal": "refused as personal data (FOIA s.40, FOISA s.38)",
    "exempt": "refused under another exemption",
    "not_held": "said that it holds no such information",
    "unusable": "replied, with nothing that could be used",
    "late": "has not replied, though the time that the law allows was over",
    "no_reply": "has not replied",
    "withdrawn": "the request was withdrawn",
}
"""Every outcome of a request, in the order they are listed."""

_SILENT: frozenset[Outcome] = frozenset({"waiting_response", "waiting_clarification", "error_message"})


def find_outcome(replies: Sequence[Reply], answered: int, asked: int, *, late: bool = False) -> str:
    """The REASONS key for one authority, given its replies and how many of its periods have a figure. `late` says
    that its time was over without a reply."""
    if answered:
        return "answered" if answered == asked else "partial"
    outcomes = {reply.outcome for reply in replies}
    sections = {exemption.section.removeprefix("s.").strip() for reply in replies for exemption in reply.exemptions}
    if "12" in sections:
        return "cost"
    if sections & {"40", "38"}:
        return "personal"
    if "not_held" in outcomes:
        return "not_held"
    if sections or "rejected" in outcomes:
        return "exempt"
    if "user_withdrawn" in outcomes:
        return "withdrawn"
    if outcomes - _SILENT:
        return "unusable"
    return "late" if late else "no_reply"


def make_coverage(
    survey: Survey,
    places: Mapping[str, Place],
    replies: Sequence[Reply],
    counts: Mapping[CountKey, Count],
    population: Population | None = None,
    late: Collection[str] = (),
) -> Iterator[Figure]:
    """Coverage of every area and period for the headline question, and the whole's outcomes."""
    question = next(item for item in survey.questions if item.id == survey.headline)
    for place in places.values():
        if place.is_area:
            for period in survey.periods:
                yield from _make_shares(survey, place, question, period.id, counts, population)
    yield from _make_outcomes(survey, places[WHOLE], question, replies, counts, late)


def _make_shares(
    survey: Survey,
    place: Place,
    question: Question,
    period: str,
    counts: Mapping[CountKey, Count],
    population: Population | None,
) -> Iterator[Figure]:
    count = counts.get((place.key, question.id, period))
    answered = count.authorities if count else ()
    observations = count.observations if count else ()
    n, asked = len(answered), len(place.asked)
    yield make_figure(
        survey, "coverage", place, question, period, value=100 * n / asked, unit="percent", answered=answered,
        observations=observations, query=f"100 * {n} / {asked}",
    )  # fmt: skip
    if population is None:
        return
    children = [population.find(name, period) for name in place.asked]
    if None in children:
        return
    known = {name: value for name, value in zip(place.asked, children, strict=True) if value is not None}
    part, whole = sum(known[name] for name in answered), sum(known.values())
    yield make_figure(
        survey, "coverage_children", place, question, period, value=100 * part / whole, unit="percent",
        answered=answered, observations=observations, query=f"100 * {part} / {whole}", notes=(population.credit,),
    )  # fmt: skip


def _make_outcomes(
    survey: Survey,
    whole: Place,
    question: Question,
    replies: Sequence[Reply],
    counts: Mapping[CountKey, Count],
    late: Collection[str],
) -> Iterator[Figure]:
    """One figure for each outcome that occurred; its `missing` are the authorities it does not concern."""
    by_authority: dict[str, list[Reply]] = {}
    for reply in replies:
        by_authority.setdefault(reply.authority, []).append(reply)
    found: dict[str, list[str]] = {}
    for authority in whole.asked:
        n = sum((authority, question.id, period.id) in counts for period in survey.periods)
        reason = find_outcome(by_authority.get(authority, ()), n, len(survey.periods), late=authority in late)
        found.setdefault(reason, []).append(authority)
    last = survey.periods[-1].id
    for reason, text in REASONS.items():
        if reason in found:
            yield make_figure(
                survey, "outcome", whole, question, last, value=len(found[reason]), unit="authorities",
                answered=found[reason], tail=slug_text(reason), title_tail=f" ({text})",
                query="authorities asked with this outcome", notes=(text,),
            )  # fmt: skip
