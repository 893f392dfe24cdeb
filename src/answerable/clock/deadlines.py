"""What happened to a request -> its deadlines, each with its rule and the count that leads to it."""

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from answerable.clock.workdays import Calendar, Day, add_working_days, count_days, load_calendar
from answerable.errors import SurveyError
from answerable.model import Law

EventKind = Literal[
    "received", "clarification_asked", "clarified", "fees_notice", "fee_paid", "extended", "replied", "review_asked"
]
DeadlineKind = Literal["reply", "reply_extended", "ask_review", "review", "review_exceptional", "complain"]

RULES: dict[tuple[Law, DeadlineKind], str] = {
    ("FOIA", "reply"): "FOIA s.10(1): promptly, and by the 20th working day following receipt.",
    ("FOIA", "reply_extended"): "FOIA s.10(3): a reasonable time to weigh the public interest; by the Information "
    "Commissioner's guidance no more than 20 further working days (guidance, unconfirmed here).",
    ("FOIA", "ask_review"): "Section 45 code of practice: within 40 working days of the reply.",
    ("FOIA", "review"): "Section 45 code of practice: answered in 20 working days.",
    ("FOIA", "review_exceptional"): "Section 45 code of practice: up to 40 working days in exceptional cases.",
    ("FOIA", "complain"): "FOIA s.50: to the Information Commissioner, who asks for complaints within six weeks of "
    "the review (unconfirmed here).",
    ("FOISA", "reply"): "FOISA s.10(1): promptly, and by the 20th working day after receipt.",
    ("FOISA", "reply_extended"): "FOISA has no extension for the public interest.",
    ("FOISA", "ask_review"): "FOISA s.20(5): within 40 working days of the reply or of the day it was due "
    "(unconfirmed here).",
    ("FOISA", "review"): "FOISA s.21(1): answered by the 20th working day after receipt (unconfirmed here).",
    ("FOISA", "review_exceptional"): "FOISA has no longer time for a review.",
    ("FOISA", "complain"): "FOISA s.47(4): to the Scottish Information Commissioner within six months of the "
    "review (unconfirmed here).",
}
"""The rule behind each deadline. "Unconfirmed here" marks what the sources we read did not settle."""

REPLY_DAYS = 20
EXTENSION_DAYS = 20
ASK_REVIEW_DAYS = 40
REVIEW_DAYS = 20
REVIEW_EXCEPTIONAL_DAYS = 40
COMPLAIN_WEEKS = 6
COMPLAIN_MONTHS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a request on a day."""

    kind: EventKind
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A day by which something is due, the rule it rests on, and the count. `also` is the day it would be if
    holidays by proclamation counted, where that differs."""

    kind: DeadlineKind
    due: date
    rule: str
    start: date
    days: tuple[Day, ...] = ()
    paused: tuple[tuple[date, date | None], ...] = ()
    also: date | None = None


def find_deadlines(law: Law, events: Sequence[Event], calendar: Calendar | None = None) -> tuple[Deadline, ...]:
    """Every deadline that follows from the events so far, in order; () while nothing was received.

    Receipt of a clarification starts the count afresh (s.1(3)); the days from a fees notice to payment are left
    out (s.10(2)), and while a fee is unpaid there is no deadline.
    """
    calendar = calendar or load_calendar()
    ordered = sorted(events, key=lambda event: event.on)
    start = _find_start(ordered)
    if start is None:
        return ()
    replied = _find_last(ordered, "replied")
    found = []
    reply = _count_reply(law, start, ordered, calendar)
    if reply:
        found.append(reply)
        if law == "FOIA" and any(event.kind == "extended" for event in ordered):
            found.append(_count(law, "reply_extended", reply.due, EXTENSION_DAYS, calendar))
    if replied:
        found.append(_count(law, "ask_review", replied, ASK_REVIEW_DAYS, calendar))
    elif law == "FOISA" and reply:
        found.append(_count(law, "ask_review", reply.due, ASK_REVIEW_DAYS, calendar))
    if asked := _find_last(ordered, "review_asked"):
        review = _count(law, "review", asked, REVIEW_DAYS, calendar)
        found.append(review)
        if law == "FOIA":
            found.append(_count(law, "review_exceptional", asked, REVIEW_EXCEPTIONAL_DAYS, calendar))
        found.append(_date_complaint(law, review.due))
    return tuple(found)


def _find_start(events: Sequence[Event]) -> date | None:
    """The day the clock runs from: the last clarification, else receipt; None while a clarification is awaited."""
    start = waiting = None
    for event in events:
        if event.kind in {"received", "clarified"}:
            start, waiting = event.on, None
        elif event.kind == "clarification_asked":
            waiting = event.on
    return None if waiting else start


def _find_last(events: Sequence[Event], kind: EventKind) -> date | None:
    return max((event.on for event in events if event.kind == kind), default=None)


def _list_pauses(events: Sequence[Event], start: date) -> tuple[tuple[date, date | None], ...]:
    """(notice, payment) of every fees notice since the clock started; payment None while unpaid."""
    pauses: list[tuple[date, date | None]] = []
    for event in events:
        if event.on < start:
            continue
        if event.kind == "fees_notice" and (not pauses or pauses[-1][1]):
            pauses.append((event.on, None))
        elif event.kind == "fee_paid" and pauses and pauses[-1][1] is None:
            pauses[-1] = (pauses[-1][0], event.on)
    return tuple(pauses)


def _count_reply(law: Law, start: date, events: Sequence[Event], calendar: Calendar) -> Deadline | None:
    pauses = _list_pauses(events, start)
    if any(paid is None for _, paid in pauses):
        return None
    due, also = (_count_with_pauses(law, start, pauses, calendar, proclaimed) for proclaimed in (False, True))
    return Deadline(
        kind="reply",
        due=due[-1].on,
        rule=RULES[law, "reply"],
        start=start,
        days=due,
        paused=pauses,
        also=also[-1].on if also[-1].on != due[-1].on else None,
    )


def _count_with_pauses(
    law: Law, start: date, pauses: Sequence[tuple[date, date | None]], calendar: Calendar, proclaimed: bool
) -> tuple[Day, ...]:
    """The count of REPLY_DAYS working days, the days from each notice to its payment left out."""
    number, out = 0, []
    horizon = REPLY_DAYS + sum(((paid or notice) - notice).days + 1 for notice, paid in pauses)
    for day in count_days(start, horizon, law, calendar, with_proclaimed=proclaimed):
        if any(notice <= day.on <= (paid or notice) for notice, paid in pauses):
            out.append(Day(on=day.on, number=None, reason="fees notice, not counted (s.10(2))"))
        elif day.number is None:
            out.append(day)
        else:
            number += 1
            out.append(Day(on=day.on, number=number, reason=""))
        if number == REPLY_DAYS:
            return tuple(out)
    raise SurveyError(f"a deadline from {start}", "the fees notices leave no working day", "Check their dates")


def _count(law: Law, kind: DeadlineKind, start: date, n: int, calendar: Calendar) -> Deadline:
    days = tuple(count_days(start, n, law, calendar))
    also = add_working_days(start, n, law, calendar, with_proclaimed=True)
    due = days[-1].on
    return Deadline(
        kind=kind, due=due, rule=RULES[law, kind], start=start, days=days, also=also if also != due else None
    )


def _date_complaint(law: Law, start: date) -> Deadline:
    if law == "FOIA":
        due = start + timedelta(weeks=COMPLAIN_WEEKS)
    else:
        month = start.month + COMPLAIN_MONTHS
        year, month = start.year + (month - 1) // 12, (month - 1) % 12 + 1
        due = date(year, month, min(start.day, months.monthrange(year, month)[1]))
    return Deadline(kind="complain", due=due, rule=RULES[law, "complain"], start=start)
