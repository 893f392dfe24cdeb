"""Two readers: a sampled value is shown in its document without its reading, and read by two people, then a third.

What they say goes to second-readings.jsonl; what a third finds wrong becomes a Decision as well, so that the
published value is right. The trap is the hint: neither the reading, nor the other reader's, is on the page until
both have been given.
"""

from typing import Any

from starlette.responses import RedirectResponse, Response

from answerable import store
from answerable.decisions import write_decision
from answerable.errors import StoreError, SurveyError
from answerable.figures import compute_second_figures
from answerable.model import Decision, Observation
from answerable.second import (
    FILE,
    Pair,
    SecondReading,
    choose_sample,
    fold_observation,
    fold_value,
    pair_readings,
    parse_second,
    write_second,
)
from answerable.web import papers
from answerable.web.desk import Visit, show
from answerable.web.held import View, look, read_clock
from answerable.web.items import Item, Member
from answerable.web.queue import describe_reading


def show_readers(visit: Visit) -> Response:
    """What the visitor is to read next, what they are to judge, and how far readers agree."""
    held, by = visit.desk.held, visit.session.name
    view = look(held)
    readings = parse_second(store.read_text(held.folder, FILE) or "")
    sample, pairs = choose_sample(view.survey, view.observations), pair_readings(readings)
    wanted = find_next(sample, readings, by)
    judged = next((pair for pair in pairs if pair.open and by not in (pair.first.by, pair.second.by)), None)
    known = {item.id: item for item in view.observations}
    item = known.get(judged.observation) if judged else wanted
    people: dict[str, int] = {}
    for reading in readings:
        people[reading.by] = people.get(reading.by, 0) + 1
    return show(
        visit, "readers.html", share=view.survey.second_readings, n_sample=len(sample), pairs=pairs,
        figures=compute_second_figures(view.survey, pairs, len(sample)), people=sorted(people.items()), wanted=item,
        judged=judged, n_judge=sum(pair.open for pair in pairs),
        left=sum(1 for one in sample if _is_mine(one, readings, by)),
        paper=_show_paper(visit, view, item) if item else None,
        asked=describe_reading(view.survey, item)[:-1] if item else [],
        names={one.id: one.name for one in view.survey.authorities},
    )  # fmt: skip


def _is_mine(item: Observation, readings: tuple[SecondReading, ...], by: str) -> bool:
    """Whether a value still wants a reading that this person can give."""
    own = {one.by for one in readings if one.observation == item.id and one.role == "reading"}
    return by not in own and len(own) < 2


def find_next(sample: tuple[Observation, ...], readings: tuple[SecondReading, ...], by: str) -> Observation | None:
    """The next value for a reader: first those that somebody else has read once, so that pairs come about."""
    counts: dict[str, set[str]] = {}
    for one in readings:
        if one.role == "reading":
            counts.setdefault(one.observation, set()).add(one.by)
    mine = [item for item in sample if by not in counts.get(item.id, ()) and len(counts.get(item.id, ())) < 2]
    return max(mine, key=lambda item: len(counts.get(item.id, ())), default=None)


def _show_paper(visit: Visit, view: View, item: Observation) -> Any:
    member = Member(name=item.id, quote="", authority=item.authority, source=item.source)
    shown = Item(
        id=item.id, kind="cells", check="", severity="info", title="", text="", dimension="",
        authorities=(item.authority,), members=(member,), findings=(),
    )  # fmt: skip
    return papers.lay_out_item(visit.desk.held.folder, view.reads, shown, item.id)


def take_reading(visit: Visit) -> Response:
    """Keep one reading, by whoever is asking, of a sampled value."""
    held, by = visit.desk.held, visit.session.name
    view = look(held)
    readings = parse_second(store.read_text(held.folder, FILE) or "")
    sample = choose_sample(view.survey, view.observations)
    item = next((one for one in sample if one.id == visit.ask("observation")), None)
    if item is None or not _is_mine(item, readings, by):
        raise StoreError("this value", "has been read by two people, or by you, already", "Go on to the next")
    _keep(visit, item, "reading", _read_value(visit))
    return RedirectResponse("/readers", 303)


def _read_value(visit: Visit) -> str:
    value = fold_value(visit.ask("value"))
    if value is None:
        raise SurveyError(f'"{visit.ask("value")[:40]}"', "is no whole number and no status", 'Write 72, "<5" or "[c]"')
    return value


def _keep(visit: Visit, item: Observation, role: Any, value: str) -> SecondReading:
    reading = SecondReading(
        observation=item.id,
        role=role,
        value=value,
        stood=fold_observation(item),
        by=visit.session.name,
        at=read_clock(),
    )
    store.append_line(visit.desk.held.folder, FILE, write_second(reading))
    return reading


def take_judgement(visit: Visit) -> Response:
    """Keep a third person's word where two differ or both read otherwise, and put a wrong value right."""
    held, by = visit.desk.held, visit.session.name
    view = look(held)
    pairs = pair_readings(parse_second(store.read_text(held.folder, FILE) or ""))
    pair = next((one for one in pairs if one.observation == visit.ask("observation") and one.open), None)
    item = next((one for one in view.observations if one.id == visit.ask("observation")), None)
    if pair is None or item is None:
        raise StoreError("this value", "is not in dispute any more", "Go on to the next")
    if by in (pair.first.by, pair.second.by):
        raise StoreError(by, "has read this value and cannot judge it", "Let a third person look")
    value = _read_value(visit)
    _keep(visit, item, "adjudication", value)
    if value != fold_observation(item):
        decision = _correct(visit, pair, item)
        store.append_decisions(held.folder, [write_decision(decision)], 0, lambda _: False)
    return RedirectResponse("/readers", 303)


def _correct(visit: Visit, pair: Pair, item: Observation) -> Decision:
    said = f"adjudicated: {pair.first.by} read {pair.first.value}, {pair.second.by} read {pair.second.value}"
    return Decision(
        observation=item.id, verdict="correct", value=visit.ask("value").strip(), reason=said, by=visit.session.name,
        at=read_clock(), quote=item.original_value,
    )  # fmt: skip
