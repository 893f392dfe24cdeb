"""Our figures beside an official series, authority by authority and period by period, with the reason where known.

Comes after the figures; the series is somebody else's, read from a CSV and never added to anything. The trap: where
an authority withheld its count from us, the official one beside our range would print it after all, so both the
official count and the difference are kept back there, and only whether the two agree is told.
"""

import csv
import difflib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from answerable.errors import SurveyError
from answerable.figures.coverage import REASONS, find_outcome
from answerable.figures.grades import BREAK, grade_observation
from answerable.figures.kinds import WHOLE, Place, list_places
from answerable.figures.pairs import find_break
from answerable.model import Comparison, Edition, Figure, Observation, Reply, Survey
from answerable.survey import find_authority
from answerable.values import parse_period_label, parse_value

COLUMNS = ("authority", "period", "value")
OPTIONAL = ("question", "unit", "reason")

OTHER_UNIT = "different unit"

Agreement = Literal["same", "differs", "inside", "outside", "only_ours", "only_theirs"]
"""`inside` and `outside` say whether the official count lies in the range of a count withheld from us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """One number of an official series. `place` is an authority id, `region:<name>` or `*`; `value` is None where
    the series prints a mark instead of a number. `reason` is the user's own word on the difference."""

    place: str
    question: str
    period: str
    value: int | None
    unit: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """One place, question and period, in both or in one of them. `difference` is ours less theirs; `reasons` are
    what is known of why, the user's own word first; () where nothing is known."""

    place: str
    name: str
    question: str
    period: str
    agreement: Agreement
    ours: int | None
    low: int | None
    high: int | None
    theirs: int | None
    difference: int | None
    percent: float | None
    n_asked: int
    n_answered: int
    reasons: tuple[str, ...]


def parse_series(survey: Survey, text: str, where: str) -> tuple[Official, ...]:
    """The Officials of a CSV with the columns authority, period, value, and question, unit, reason where given.

    An authority may be an id, a name, an alias or an official code; empty or the survey's area is the whole, and a
    region's name the region. SurveyError names the line that cannot be placed, or stands twice.
    """
    rows = csv.DictReader(io.StringIO(text))
    fields = [name.strip() for name in rows.fieldnames or ()]
    rows.fieldnames = fields
    for name in COLUMNS:
        if name not in fields:
            raise SurveyError(where, f"the column {name} is missing", f"Write a first line with {','.join(COLUMNS)}")
    places, found = list_places(survey), {}
    for number, row in enumerate(rows, start=2):
        item = _parse_row(
            survey, places, {key: (row.get(key) or "").strip() for key in fields}, f"{where}, line {number}"
        )
        key = (item.place, item.question, item.period)
        if key in found:
            raise SurveyError(f"{where}, line {number}", "gives a number that stands above already", "Keep one of them")
        found[key] = item
    return tuple(found.values())


def _parse_row(survey: Survey, places: Mapping[str, Place], row: Mapping[str, str], where: str) -> Official:
    questions = [question.id for question in survey.questions]
    question = row.get("question") or survey.headline
    if question not in questions:
        raise SurveyError(where, f'question "{question}" is not in the survey', f"Write one of {', '.join(questions)}")
    reading = parse_value(row["value"])
    if reading is None or (reading.value is None and reading.status == "normal"):
        raise SurveyError(where, f'value "{row["value"]}" is neither a number nor a mark', "Write 1204, or [x]")
    return Official(
        place=_find_place(survey, places, row["authority"], where),
        question=question,
        period=_find_period(survey, row["period"], where),
        value=reading.value,
        unit=row.get("unit", ""),
        reason=row.get("reason", ""),
    )


def _find_place(survey: Survey, places: Mapping[str, Place], text: str, where: str) -> str:
    if not text or text.casefold() == survey.area.casefold():
        return WHOLE
    if text in places:
        return text
    by_code = next((item.id for item in survey.authorities if item.code and item.code == text), None)
    authority = by_code or next((a.id for a in [find_authority(text, survey.authorities)] if a), None)
    region = next(
        (key for key, place in places.items() if place.is_area and place.name.casefold() == text.casefold()), ""
    )
    if not authority and not region:
        everyone = [*(item.name for item in survey.authorities), *(place.name for place in places.values())]
        names = {name.casefold(): name for name in everyone}
        near = difflib.get_close_matches(text.casefold(), names, 1)
        hint = f'Did you mean "{names[near[0]]}"?' if near else "Write its id, its name or its official code"
        raise SurveyError(where, f'"{text}" is no authority and no region of the survey', hint)
    return authority or region


def _find_period(survey: Survey, text: str, where: str) -> str:
    for period in survey.periods:
        if text.casefold() in {period.id.casefold(), *(alias.casefold() for alias in period.aliases)}:
            return period.id
    span = parse_period_label(text)
    for period in survey.periods:
        if span is not None and (span.start, span.end) == (period.start, period.end):
            return period.id
    known = ", ".join(period.id for period in survey.periods)
    raise SurveyError(where, f'period "{text}" is not in the survey', f"Write one of {known}")


def reconcile_series(
    edition: Edition, series: Sequence[Official], *, as_of: date | None = None
) -> tuple[Reconciled, ...]:
    """Every place and period that either of both has, the largest differences first.

    Only the places, questions and periods that the series covers at all are looked at. `as_of` is the day the
    series was drawn: a reply that came after it counts as a reason.
    """
    survey, places = edition.survey, list_places(edition.survey)
    ours = {
        (figure.authority or WHOLE, figure.question, figure.period): figure
        for figure in edition.figures
        if figure.kind == "total" and not figure.dimensions
    }
    theirs = {(item.place, item.question, item.period): item for item in series}
    wanted = {(question, period) for _, question, period in theirs}
    areas = {key for key, _, _ in theirs if places[key].is_area}
    keys = [*theirs, *(key for key in ours if key not in theirs and key[1:] in wanted and key[0] not in areas)]
    shown = [key for key in keys if key in theirs or not places[key[0]].is_area]
    desk = _set_desk(edition, as_of)
    found = [_reconcile(desk, places[key[0]], key, ours.get(key), theirs.get(key)) for key in shown]
    order = {key: number for number, key in enumerate(places)}
    periods = {period.id: number for number, period in enumerate(survey.periods)}
    return tuple(sorted(found, key=lambda item: (*_size(item), order[item.place], periods[item.period], item.question)))


def _size(item: Reconciled) -> tuple[int, float]:
    """Numbers that differ by size, then ranges that do not fit, then what only one of both has, then the same."""
    ranks: dict[Agreement, int] = {
        "differs": 0, "outside": 1, "only_theirs": 2, "only_ours": 3, "inside": 4, "same": 5,
    }  # fmt: skip
    return ranks[item.agreement], -abs(item.difference or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What the reasons are looked up in, indexed once."""

    survey: Survey
    as_of: date | None
    observations: Mapping[str, Observation]
    replies: Mapping[str, Sequence[Reply]]
    names: Mapping[str, str]


def _set_desk(edition: Edition, as_of: date | None) -> _Desk:
    replies: dict[str, list[Reply]] = {}
    for reply in edition.replies:
        replies.setdefault(reply.authority, []).append(reply)
    return _Desk(
        survey=edition.survey,
        as_of=as_of,
        observations={item.id: item for item in edition.observations},
        replies=replies,
        names={item.id: item.name for item in edition.survey.authorities},
    )


def _reconcile(
    desk: _Desk, place: Place, key: tuple[str, str, str], mine: Figure | None, official: Official | None
) -> Reconciled:
    ours = mine.value if mine and isinstance(mine.value, int) else None
    theirs = official.value if official else None
    agreement = _compare(mine, ours, theirs)
    hidden = mine is not None and ours is None
    difference = ours - theirs if ours is not None and theirs is not None else None
    reasons = [official.reason] if official and official.reason else []
    if agreement not in {"same", "inside"}:
        reasons += _find_reasons(desk, place, key, mine, official)
    return Reconciled(
        place=key[0],
        name=place.name,
        question=key[1],
        period=key[2],
        agreement=agreement,
        ours=ours,
        low=int(mine.low) if hidden and mine and mine.low is not None else None,
        high=int(mine.high) if hidden and mine and mine.high is not None else None,
        theirs=None if hidden else theirs,
        difference=difference,
        percent=100 * difference / theirs if difference is not None and theirs else None,
        n_asked=len(place.asked),
        n_answered=mine.n_answered if mine else 0,
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _compare(mine: Figure | None, ours: int | None, theirs: int | None) -> Agreement:
    if mine is None:
        return "only_theirs"
    if theirs is None:
        return "only_ours"
    if ours is None:
        above = mine.low is None or theirs >= mine.low
        return "inside" if above and (mine.high is None or theirs <= mine.high) else "outside"
    return "same" if ours == theirs else "differs"


def _find_reasons(
    desk: _Desk, place: Place, key: tuple[str, str, str], mine: Figure | None, official: Official | None
) -> list[str]:
    """What is known of why both differ, the plainest first."""
    question = next(item for item in desk.survey.questions if item.id == key[1])
    reasons = []
    if official and official.unit and _fold(official.unit) != _fold(question.unit):
        reasons.append(f"{OTHER_UNIT}: the series counts {official.unit}, the survey {question.unit}")
    if official is None or official.value is None:
        reasons.append("the series has no number here")
    if mine is None or (place.is_area and mine.missing):
        reasons += _list_silent(desk, place if mine is None else mine.missing)
    if mine is not None and mine.value is None:
        reasons.append(f"suppressed: our figure is a range ({mine.note})")
    for name in place.asked:
        found = _find_break_reason(desk.survey, key, name)
        reasons += [_sign(desk, place, name, f"{BREAK}: {found}")] if found else []
    if mine is not None:
        reasons += _list_caveats(desk, place, mine)
    return reasons


def _fold(unit: str) -> str:
    """Crimes and records are offences recorded, as when totals are added up."""
    return "offences" if unit.casefold() in {"crimes", "records"} else unit.casefold()


def _list_silent(desk: _Desk, place: Place | tuple[str, ...]) -> list[str]:
    """Why authorities are not in our figure."""
    missing = place.asked if isinstance(place, Place) else place
    by_reason: dict[str, list[str]] = {}
    for name in missing:
        outcome = find_outcome(desk.replies.get(name, ()), 0, len(desk.survey.periods))
        by_reason.setdefault(REASONS[outcome], []).append(desk.names.get(name, name))
    if isinstance(place, Place) and not place.is_area:
        return [f"not answered: {reason}" for reason in by_reason]
    return [f"not answered: {', '.join(found)} ({reason})" for reason, found in by_reason.items()]


def _find_break_reason(survey: Survey, key: tuple[str, str, str], authority: str) -> str:
    """A break declared at or before this period: the official series may be on the other side of it."""
    first = min(survey.periods, key=lambda item: item.start).id
    comparison = Comparison(base=first, period=key[2])
    return find_break(survey, comparison, key[1], authority) or next(
        (item.reason for item in survey.breaks
         if item.period == key[2] and item.question in {None, key[1]} and item.authority in {None, authority}), ""
    )  # fmt: skip


def _list_caveats(desk: _Desk, place: Place, mine: Figure) -> list[str]:
    reasons: list[str] = []
    for name in dict.fromkeys(mine.observations):
        item = desk.observations.get(name)
        if item is None:
            continue
        replies = desk.replies.get(item.authority, ())
        _, found = grade_observation(desk.survey, item, replies)
        told = [reason for reason in found if not reason.startswith(BREAK)]
        reasons += [_sign(desk, place, item.authority, f"caveat: {reason}") for reason in told]
        reasons += [_sign(desk, place, item.authority, text) for text in _tell_late(desk.as_of, replies)]
    return reasons


def _tell_late(as_of: date | None, replies: Iterable[Reply]) -> list[str]:
    """A recording system moves on, so a reply drawn after the series may hold what was recorded since."""
    days = [reply.received for reply in replies if reply.received]
    if as_of is None or not days or max(days) <= as_of:
        return []
    return [f"late: our reply came on {max(days).isoformat()}, after the series of {as_of.isoformat()}"]


def _sign(desk: _Desk, place: Place, authority: str, text: str) -> str:
    """A reason within an area's figure says whose it is."""
    if not place.is_area:
        return text
    return f"{desk.names.get(authority, authority)}: {text}"
