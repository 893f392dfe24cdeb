"""Months and quarters -> the survey's period, when every day of it is there.

The sum is a new Draft whose evidence is the cells it adds; a part that is missing leaves the period open. The
trap is months of two years under one another: parts must be neighbours, cover the period, and nothing twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from answerable.model import Bounds, Period
from answerable.observations.drafts import Draft
from answerable.observations.labels import LabelIndex, Meaning
from answerable.values import Reading, Span


def merge_months(index: LabelIndex, drafts: Sequence[Draft], cues: dict[int, Meaning | None]) -> list[Draft]:
    """The drafts, parts of a period replaced by their sum where they make it up. `cues` gains the new Drafts."""
    groups: dict[tuple[object, ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        _place_months(draft)
        if draft.period_total and draft.period is not None and draft.period.role == "period":
            draft.period_total = False  # the total of a period's months is the period's own value
        if draft.period is not None and draft.period.role == "span" and draft.period.span and not draft.derived:
            groups[_name_group(draft)].append(draft)
    merged: dict[int, Draft | None] = {}
    for parts in groups.values():
        for period in index.survey.periods:
            chosen = _choose_parts(parts, period)
            if chosen and not any(id(part) in merged for part in chosen):
                total = _add_parts(chosen, period)
                cues[id(total)] = cues.get(id(chosen[0]))
                merged |= {id(part): None for part in chosen} | {id(chosen[0]): total}
    return [found for draft in drafts if (found := merged.get(id(draft), draft))]


def _place_months(draft: Draft) -> None:
    """A month or quarter under a year gets its days."""
    if draft.months is None or draft.period is None or draft.period.span is None:
        return
    start, end = draft.period.span.start, draft.period.span.end
    first, last = draft.months
    year = start.year if first >= start.month else end.year
    begin = date(year, first, 1)
    until = _end_month(year if last >= first else year + 1, last)
    if start <= begin and until <= end:
        span = Span(start=begin, end=until, kind="month")
        draft.months = None
        draft.period = Meaning(
            role="span", key=f"{begin} to {until}", span=span, why=f"{begin} to {until}, by its label"
        )


def _end_month(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _name_group(draft: Draft) -> tuple[object, ...]:
    questions = tuple(meaning.key for meaning in draft.questions)
    return draft.place, tuple(sorted(draft.dims.items())), questions, draft.unit


def _choose_parts(parts: Sequence[Draft], period: Period) -> list[Draft]:
    """Parts that cover a period from its first day to its last, end to start; [] where a day is missing."""
    inside = [
        part
        for part in parts
        if part.period and part.period.span and period.start <= part.period.span.start
        and part.period.span.end <= period.end and part.period.span.exact
    ]  # fmt: skip
    inside.sort(key=lambda part: part.period.span.start if part.period and part.period.span else period.start)
    chosen: list[Draft] = []
    day = period.start
    for part in inside:
        span = part.period.span if part.period else None
        if span is None or span.start != day:
            return []
        chosen.append(part)
        day = span.end + timedelta(days=1)
    return chosen if len(chosen) > 1 and day == period.end + timedelta(days=1) else []


def _add_parts(parts: Sequence[Draft], period: Period) -> Draft:
    first, last = parts[0], parts[-1]
    total = Draft(
        document=first.document,
        part=first.part,
        ref=f"{first.ref}:{last.ref}",
        text=" + ".join(part.text for part in parts),
        reading=_add_readings(parts),
        place=first.place,
        cells=tuple(cell for part in parts for cell in part.cells),
        dims=dict(first.dims),
        period=Meaning(role="period", key=period.id),
        period_total=False,
        questions=list(first.questions),
        unit=first.unit,
        about=first.about,
        topic=first.topic,
        origin=next((part.origin for part in parts if part.origin != "reader"), "reader"),
        authority=first.authority,
    )
    total.evidence = [why for why in first.evidence if first.period is None or why != first.period.why]
    total.evidence.append(
        f"period {period.id}: the sum of {len(parts)} cells, {first.ref} to {last.ref}, that cover it"
    )
    for part in parts:
        for what, message in part.open:
            total.doubt(what, message)
        if part.reading is None or not part.reading.settled:
            total.doubt("value", f'{part.ref} "{part.text}" is not settled, so the period cannot be added up')
    return total


def _add_readings(parts: Sequence[Draft]) -> Reading | None:
    if any(part.reading is None or (part.reading.value is None and part.reading.bounds is None) for part in parts):
        return None
    if all(part.visible for part in parts):
        return Reading(value=sum(part.low for part in parts))
    highs = [part.high for part in parts]
    high = None if None in highs else sum(high for high in highs if high is not None)
    return Reading(status="suppressed", bounds=Bounds(low=sum(part.low for part in parts), high=high))
