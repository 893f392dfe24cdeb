"""Settled Drafts -> Observations and Findings: units, repeats and contradictions, and what is still open.

The last step of reading. The trap is a value read twice: equal ones are one observation and a repeat, unequal
ones contradict each other and neither is accepted.
"""

from collections import defaultdict
from collections.abc import MutableMapping, Sequence
from dataclasses import replace

from answerable.model import TOTAL, Caveat, CaveatKind, Finding, Observation, Question, Reply, Severity, Touched
from answerable.observations.drafts import Draft
from answerable.observations.labels import LabelIndex
from answerable.observations.settling import doubt_period
from answerable.observations.units import CAVEATS, units_agree
from answerable.observations.unread import Place

_SEVERITY: dict[str, Severity] = {"not_asked": "info", "comparability": "warning"}
_NAMED = 6
_NEXT = {
    "value": "Decide in review, or say in lookups.toml what it means.",
    "category": "Add the label to lookups.toml, with its dimension and category.",
    "title": "Say in lookups.toml what the title means.",
    "question": "Say in lookups.toml which question its label or title answers.",
    "period": "Say in lookups.toml which period its label or title means.",
    "comparability": "Ask the authority for the period of the survey, or decide in review.",
    "not_asked": "Nothing to do unless the survey should ask for it.",
    "arithmetic": "Ask the authority, or decide in review.",
    "unit": "Say in lookups.toml which question its label or title answers.",
    "authority": "Move the document to the authority it is about, or decide in review.",
}


def close_drafts(
    index: LabelIndex,
    reply: Reply,
    drafts: Sequence[Draft],
    caveats: Sequence[Caveat],
    fates: MutableMapping[Place, str],
) -> tuple[tuple[Observation, ...], list[Finding]]:
    """(observations, findings) of a reply's Drafts; `fates` gains what became of cells that gave neither."""
    findings: list[Finding] = []
    kept: list[Draft] = []
    for draft in drafts:
        if draft.derived or (draft.reading is not None and draft.reading.percent):
            _set_fate(draft, fates, "derived")
            continue
        if draft.blank and draft.reading is None:
            continue
        doubt_period(index, draft, ())
        _check_reading(draft)
        kept.append(draft)
    findings += _check_units(index, kept, reply)
    name = next((a.name for a in index.survey.authorities if a.id == reply.authority), reply.authority)
    questions = {question.id: question for question in index.survey.questions}
    observations = [
        _make(index.survey.id, (reply.authority, name), questions[draft.question], draft, caveats)
        for draft in kept
        if _is_placed(draft)
    ]
    observations, conflicts = settle_repeats(observations)
    return tuple(observations), [*findings, *conflicts, *_report_open(kept, reply)]


def _set_fate(draft: Draft, fates: MutableMapping[Place, str], fate: str) -> None:
    for _ in draft.cells:
        fates[draft.document, draft.part, draft.ref] = fate


def _check_reading(draft: Draft) -> None:
    reading = draft.reading
    if reading is None:
        return
    if reading.settled and reading.value is None and reading.number is not None:
        draft.doubt("value", f'"{draft.text}" is not a whole number')
    elif not reading.settled:
        what = f"may be about {reading.number:g}" if reading.number is not None else "is a mark that no key explains"
        draft.doubt("value", f'"{draft.text}" {what}')


def _check_units(index: LabelIndex, drafts: Sequence[Draft], reply: Reply) -> list[Finding]:
    """A unit that is not the question's is a caveat on the value, and one Finding a table."""
    findings: dict[tuple[str, str, str, str], Finding] = {}
    units = {question.id: question.unit for question in index.survey.questions if question.kind == "count"}
    for draft in drafts:
        asked = units.get(draft.question)
        stated = draft.unit or (reply.unit or "")
        if asked is None or units_agree(stated, asked) or not _is_placed(draft):
            continue
        caveat: CaveatKind = CAVEATS.get(stated, "other_definition")
        draft.caveats.append(caveat)
        draft.evidence.append(f"unit: it counts {stated}, the question asks for {asked}")
        if not draft.stated and len(units) > 1:
            draft.doubt("unit", f"it counts {stated}, and only labels tie it to question {draft.question}")
        key = (draft.document, draft.part, stated, draft.question)
        findings.setdefault(
            key,
            Finding(
                check="unit-mismatch",
                severity="warning",
                message=f"{draft.where}: it counts {stated}, question {draft.question} asks for {asked}. "
                "The values carry the caveat; ask the authority if they should be compared.",
                subject=reply.authority,
                source=draft.source,
            ),
        )
    return list(findings.values())


def _is_placed(draft: Draft) -> bool:
    """Whether a Draft can be shown to a reviewer as a value of one question, period and set of categories."""
    if not draft.question or draft.period is None or any(what == "not_asked" for what, _ in draft.open):
        return False
    return not any(code.startswith("?") for code in draft.dims.values())


def _make(
    survey: str, authority: tuple[str, str], question: Question, draft: Draft, caveats: Sequence[Caveat]
) -> Observation:
    """The Observation of a Draft; `authority` is its id and name."""
    period = draft.period.key if draft.period else ""
    reading = draft.reading
    touching = [c.kind for c in caveats if c.question in ("", draft.question) and c.period in ("", period)]
    return Observation(
        survey=survey,
        authority=authority[0],
        question=draft.question,
        period=period,
        dimensions=tuple((d, draft.dims.get(d, TOTAL)) for d in question.dimensions),
        value=draft.answer or (reading.value if reading else None),
        bounds=reading.bounds if reading else None,
        unit=question.unit,
        status=reading.status if reading else "unreadable",
        accepted=not draft.open,
        original_value=draft.text,
        origin=draft.origin,
        evidence=(f"authority: filed as the reply of {authority[1]}", *dict.fromkeys(draft.evidence)),
        caveats=tuple(dict.fromkeys((*draft.caveats, *touching))),
        source=draft.source,
    )


def settle_repeats(observations: Sequence[Observation]) -> tuple[list[Observation], list[Finding]]:
    """One accepted observation for each key: equal values repeat it, unequal ones leave all of them open."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, observation in enumerate(observations):
        if observation.accepted:
            groups[observation.authority, observation.question, observation.period, observation.dimensions].append(
                place
            )
    settled = list(observations)
    findings = []
    for places in groups.values():
        if len(places) < 2:
            continue
        best = next((place for place in places if observations[place].value is not None), places[0])
        first = observations[best]
        if all(_agree(first, observations[place]) for place in places):
            for place in places:
                if place != best:
                    why = f"repeats {first.source.part}, {first.source.ref} of {first.source.document}"
                    settled[place] = replace(
                        observations[place], accepted=False, evidence=(*observations[place].evidence, why)
                    )
                    settled[best] = replace(
                        settled[best],
                        evidence=(*settled[best].evidence, f"said again at {observations[place].source.ref}"),
                    )
            continue
        for place in places:
            settled[place] = replace(
                observations[place],
                accepted=False,
                evidence=(*observations[place].evidence, "contradicted, see findings"),
            )
        findings.append(_report_conflict([observations[place] for place in places]))
    return settled, findings


def _agree(first: Observation, second: Observation) -> bool:
    """Whether two statements of one value can both be right: equal, or a number within the other's bounds."""
    if first.value is not None and second.value is not None:
        return first.value == second.value
    if isinstance(first.value, int) and second.bounds is not None:
        return second.bounds.low <= first.value and (second.bounds.high is None or first.value <= second.bounds.high)
    return first.status == second.status and first.bounds == second.bounds


def _report_conflict(observations: Sequence[Observation]) -> Finding:
    first = observations[0]
    labels = ", ".join(code for _, code in first.dimensions)
    said = "; ".join(
        f'"{o.original_value}" at {o.source.document}, {o.source.part}, {o.source.ref}' for o in observations
    )
    return Finding(
        check="conflicting-values",
        severity="error",
        message=f"{first.authority}, question {first.question}, {first.period}{', ' + labels if labels else ''}: "
        f"{said}. Reject the wrong one in review, or ask the authority.",
        subject=first.authority,
        source=first.source,
        touched=tuple(Touched(source=o.source) for o in observations),
    )


def _report_open(drafts: Sequence[Draft], reply: Reply) -> list[Finding]:
    """One Finding for each kind of thing left open in a table, with the reasons and the cells it touches."""
    groups: dict[tuple[str, str, int, str], dict[str, list[Draft]]] = defaultdict(lambda: defaultdict(list))
    for draft in drafts:
        for what, message in draft.open:
            groups[draft.document, draft.part, draft.place, what][message].append(draft)
    findings = []
    for (document, part, _, what), reasons in groups.items():
        touched = list({id(draft): draft for own in reasons.values() for draft in own}.values())
        named = [draft for draft in touched if not draft.blank]
        refs = ", ".join(f'{draft.ref} "{draft.text}"' for draft in named[:_NAMED])
        refs += f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        said = "; ".join(list(reasons)[:_NAMED])
        said += f"; and {len(reasons) - _NAMED} more like these" if len(reasons) > _NAMED else ""
        findings.append(
            Finding(
                check={"comparability": "comparability", "not_asked": "not-asked"}.get(what, f"review-{what}"),
                severity=_SEVERITY.get(what, "warning"),
                message=f"{document}, {part}, {refs}: {said}. {_NEXT.get(what, 'Decide in review.')}",
                subject=reply.authority,
                source=touched[0].source,
                touched=tuple(_touch(draft, what) for draft in touched),
            )
        )
    return findings


def _touch(draft: Draft, what: str) -> Touched:
    """A Draft's cell with the label that is not understood, where that is what is open."""
    dimension, label = draft.unknown[0] if draft.unknown and what in ("category", "period") else ("", "")
    return Touched(source=draft.source, label=label, dimension=dimension)
