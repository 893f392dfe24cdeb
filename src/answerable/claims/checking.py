"""A whole text -> its Claims, against a survey's figures or against itself.

The front door of the package. Against a survey, a claim is recomputed from figures; only what no figure covers
is held against the text's other numbers, and there it can be refuted but never borne out. The trap: agreeing
with itself does not make an article true.
"""

from collections.abc import Sequence
from dataclasses import replace

from answerable.claims.bind import bind_statements
from answerable.claims.bound import CHANGES, COUNTED, FOLLOWING, Bound
from answerable.claims.check import check_statement
from answerable.claims.compare import AGREES
from answerable.claims.evaluate import Judgement, mark_unlike, show_value
from answerable.claims.lookup import find_pairs
from answerable.claims.own import Ledger, find_reversed, judge_own, make_fact_id, make_ledger
from answerable.claims.places import UNKNOWN, is_area
from answerable.claims.reading import Topic, make_bare_topic, make_topic, read_sentences
from answerable.claims.series import OWN
from answerable.claims.statement import find_change_before
from answerable.model import Authority, Claim, Figure, Survey

WRONG = frozenset({"contradicted", "reverses", "ratio_as_rise"})
"""Verdicts that make a text wrong: the command ends with 1, and nothing of one's own is published with them."""


def check_text(text: str, figures: Sequence[Figure], survey: Survey) -> tuple[Claim, ...]:
    """Every numeric claim of a text with its verdict against a survey's figures, in order.

    `figures` are those of one build; published references come with the survey. Counts are compared as whole
    numbers, everything else as exact fractions.
    """
    return check_against(text, make_topic(survey, figures))


def check_against(text: str, topic: Topic) -> tuple[Claim, ...]:
    """As `check_text`, with a Topic made once for many texts."""
    bounds = bind_statements(read_sentences(text, topic), topic)
    ledger = make_ledger(bounds)
    judged = [check_statement(bound, topic) for bound in bounds]
    bounds, judged = _settle_editions(bounds, judged, topic)
    borne = _list_borne(bounds, judged)
    claims = [
        _make_claim(text, bound, _judge(bound, first, ledger, borne))
        for bound, first in zip(bounds, judged, strict=True)
    ]
    claims += _find_reversed_claims(text, ledger)
    claims += _find_reversed_figures(text, bounds, topic)
    return _sort(claims)


def check_itself(text: str, authorities: Sequence[Authority] = ()) -> tuple[Claim, ...]:
    """Every numeric claim of a text with its verdict against the text's own numbers, in order.

    `authorities` let the places be told apart by name; without them only regions and nations are not known.
    """
    topic = make_bare_topic(authorities)
    bounds = bind_statements(read_sentences(text, topic), topic)
    ledger = make_ledger(bounds)
    claims = [_make_claim(text, bound, judge_own(bound, ledger)) for bound in bounds]
    return _sort(claims + _find_reversed_claims(text, ledger))


def _settle_editions(
    bounds: Sequence[Bound], judged: Sequence[Judgement], topic: Topic
) -> tuple[tuple[Bound, ...], list[Judgement]]:
    """What follows from a count is held to the edition that the text takes the count from: 15 a day to 5,653."""
    printed: dict[tuple[str, str], set[str]] = {}
    for bound, judgement in zip(bounds, judged, strict=True):
        exact = bound.statement.type in {*COUNTED, "count_of_forces"} and not bound.statement.hedge
        if exact and judgement.verdict == "supported" and judgement.ids:
            for place in filter(is_area, bound.places[:1]):
                printed.setdefault((place, bound.period), set()).add(judgement.edition)
    if not printed:
        return tuple(bounds), list(judged)
    editions = {key: frozenset(found) for key, found in printed.items()}
    settled, again = [], []
    for bound, judgement in zip(bounds, judged, strict=True):
        held = replace(bound, editions=editions)
        follows = bound.statement.type in FOLLOWING or (bound.statement.type in COUNTED and bound.statement.hedge)
        told = [editions[place, bound.period] for place in bound.places if (place, bound.period) in editions]
        settled.append(held)
        again.append(
            check_statement(held, topic) if follows and any(judgement.edition not in e for e in told) else judgement
        )
    return tuple(settled), again


def _list_borne(bounds: Sequence[Bound], judged: Sequence[Judgement]) -> dict[str, Judgement]:
    """The counts of a text that the figures bear out exactly, by the id they have in its Ledger."""
    return {
        make_fact_id(bound): judgement
        for bound, judgement in zip(bounds, judged, strict=True)
        if bound.statement.type in COUNTED and judgement.verdict == "supported"
    }


def _judge(bound: Bound, judged: Judgement, ledger: Ledger, borne: dict[str, Judgement]) -> Judgement:
    """The figures' verdict; where they leave it open, that of the text's own counts where figures bear those out."""
    open_ = judged.verdict == "not_checkable" or (judged.verdict in WRONG and bound.statement.type in CHANGES)
    if not open_:
        return judged
    own = judge_own(bound, ledger)
    if (
        own.ids
        and all(id_ in borne for id_ in own.ids)
        and (judged.verdict == "not_checkable" or own.verdict in AGREES)
    ):
        ids = tuple(id_ for name in own.ids for id_ in borne[name].ids)
        editions = {borne[name].edition for name in own.ids}
        held = replace(own, ids=ids, edition=borne[own.ids[-1]].edition)
        return held if len(editions) == 1 else mark_unlike(held, "The two counts are from different editions.")
    if judged.verdict != "not_checkable":
        return judged
    if own.verdict in WRONG:
        return replace(own, explanation=f"The text's own numbers disagree. {own.explanation}")
    if own.verdict == "not_checkable":
        return judged
    return Judgement(
        verdict="not_checkable",
        computed=own.computed,
        explanation=f"{judged.explanation} It fits the text's own numbers.",
    )


def _make_claim(text: str, bound: Bound, judged: Judgement) -> Claim:
    statement = bound.statement
    start = bound.reading.sentence.start + statement.start
    end = bound.reading.sentence.start + statement.end
    type_ = statement.type
    if type_ in {"total", "threshold"} and (
        len(bound.ids) > 1 or (judged.computed.count(" + ") and not bound.categories)
    ):
        type_ = "sum"
    return Claim(
        text=text[start:end],
        span=(start, end),
        type=type_,
        stated=show_value(statement),
        bound_to=judged.ids,
        computed=judged.computed,
        verdict=judged.verdict,
        explanation=judged.explanation,
    )


def _find_reversed_claims(text: str, ledger: Ledger) -> list[Claim]:
    """ "rose from 72 to 59": a claim of its own about the verb."""
    claims = []
    for base, now, direction in find_reversed(ledger):
        start = min(base.start, now.start)
        end = max(f.bound.reading.sentence.start + f.bound.statement.end for f in (base, now))
        word = "rise" if direction > 0 else "fall"
        claims.append(
            Claim(
                text=text[start:end],
                span=(start, end),
                type="change_abs",
                stated=word,
                bound_to=(base.point.id, now.point.id),
                computed=f"{now.point.low} - {base.point.low} = {now.point.low - base.point.low}",
                verdict="reverses",
                explanation=f"The text says a {word}; its numbers go the other way.",
            )
        )
    return claims


def _find_reversed_figures(text: str, bounds: Sequence[Bound], topic: Topic) -> list[Claim]:
    """ "rose to 58" where the figures fell: the count may be right and the verb wrong."""
    claims = []
    for bound in bounds:
        statement = bound.statement
        if (
            statement.type not in {"total", "threshold"}
            or statement.role != "now"
            or not bound.places
            or bound.places[0] == UNKNOWN
        ):
            continue
        direction, at = find_change_before(bound.reading.text, statement.start, max(0, statement.start - 40))
        base = _base_of(bound, topic)
        pairs = (
            [p for p in find_pairs(topic, bound.places[0], base, bound.period) if p[0].edition == OWN] if base else []
        )
        if at < 0 or not pairs or not pairs[0][0].exact or not pairs[0][1].exact or bound.categories:
            continue
        moved = pairs[0][1].low - pairs[0][0].low
        if moved and (moved > 0) != (direction > 0):
            start, end = bound.reading.sentence.start + at, bound.reading.sentence.start + statement.end
            claims.append(
                Claim(
                    text=text[start:end],
                    span=(start, end),
                    type="change_abs",
                    stated="rise" if direction > 0 else "fall",
                    bound_to=(pairs[0][0].id, pairs[0][1].id),
                    computed=f"{pairs[0][1].low} - {pairs[0][0].low} = {moved}",
                    verdict="reverses",
                    explanation=f"The figures moved the other way, from {pairs[0][0].low} to {pairs[0][1].low}.",
                )
            )
    return claims


def _base_of(bound: Bound, topic: Topic) -> str:
    ids = topic.calendar.ids
    if bound.period not in ids or ids.index(bound.period) == 0:
        return ""
    return ids[ids.index(bound.period) - 1]


def _sort(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    return tuple(sorted(claims, key=lambda claim: (claim.span, claim.type)))
