"""Where a request stands -> the next letter that is due, or why a person has to look.

One authority has one next step at most. The trap is a step that the law does not give yet or no longer gives: a
complaint before a review is over, a review asked for after the window has closed; each step names the day it rests on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from answerable.ask.board import Standing
from answerable.ask.outbox import Entry
from answerable.ask.record import find_day
from answerable.clock import Calendar, Event, add_working_days, find_deadlines
from answerable.model import Authority

PATIENCE = 5
"""Working days that a reminder is given before the next step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The next letter to one authority; `kind` is "" where none is due and a person has to look. `late` says that it
    is about a reply that did not come."""

    authority: str
    kind: str
    why: str
    late: bool = False


def find_step(
    authority: Authority, standing: Standing, events: Sequence[Event], outbox: Mapping[str, Entry], hidden: bool,
    today: date, calendar: Calendar,
) -> Step | None:  # fmt: skip
    """The next Step, None while there is nothing to do. `hidden` says that small numbers were withheld."""
    sent = {
        entry.kind: find_day(entry.at)
        for entry in outbox.values()
        if entry.authority == authority.id and entry.state == "sent"
    }
    due = f"a reply was due by {show(standing.due)}" if standing.due else ""
    if "complaint" in sent or standing.stage in _SETTLED:
        return None
    if standing.stage in _LOOK:
        return Step(authority=authority.id, kind="", why=_LOOK[standing.stage])
    if standing.stage == "late":
        return _chase_silence(authority, sent, due, today, calendar)
    days: dict[str, date] = {item.kind: item.due for item in find_deadlines(authority.law, events, calendar)}
    if standing.stage == "review_late":
        last = days.get("review_exceptional", standing.due)
        why = f"the review was due by {show(last)} at the latest"
        return Step(authority=authority.id, kind="complaint", why=why) if last and today > last else None
    if standing.stage in {"refused", "partly", "not_held"} or hidden:
        return _contest(authority, standing, events, days, today)
    return None


_SETTLED = frozenset({"not_asked", "waiting", "withdrawn", "review"})
_LOOK = {
    "unknown": "nobody knows whether the request went out; see `answerable ask SURVEY log`",
    "clarification": "the authority wants a clarification: answer it, and log clarified=DATE with `answerable clock`",
    "fee": "the authority wants a fee: pay it and log fee_paid=DATE, or ask for less",
    "unread": "something came and nothing could be read of it: look at the documents, and log replied=DATE or not",
}


def _chase_silence(
    authority: Authority, sent: Mapping[str, date], due: str, today: date, calendar: Calendar
) -> Step | None:
    """Reminders, then the Commissioner; in Scotland one reminder, then a review, which the Commissioner asks for."""
    order = ("reminder-1", "review") if authority.law == "FOISA" else ("reminder-1", "reminder-2", "complaint")
    for before, kind in zip((None, *order), order, strict=False):
        if kind in sent:
            continue
        if before is not None and today <= add_working_days(sent[before], PATIENCE, authority.law, calendar):
            return None
        since = f", and the {before.replace('-', ' ')} of {show(sent[before])} went unanswered" if before else ""
        return Step(authority=authority.id, kind=kind, why=due + since, late=True)
    return None


def _contest(
    authority: Authority, standing: Standing, events: Sequence[Event], days: Mapping[str, date], today: date
) -> Step | None:
    """A review while it can be asked for, then the Commissioner."""
    other = "small numbers withheld" if standing.stage == "answered" else standing.stage.replace("_", " ")
    on = f"refused under {', '.join(standing.refused_on)}" if standing.refused_on else other
    asked = [event.on for event in events if event.kind == "review_asked"]
    replied = [event.on for event in events if event.kind == "replied" and asked and event.on > max(asked)]
    if asked and replied:
        return Step(authority=authority.id, kind="complaint", why=f"{on}, and upheld on review {show(max(replied))}")
    if asked:
        return None
    last = days.get("ask_review")
    if last is not None and today > last:
        why = f"{on}; a review had to be asked for by {show(last)}"
        return Step(authority=authority.id, kind="", why=why)
    until = (
        f"can be asked for until {show(last)}"
        if last
        else "has to be asked for in 40 working days of the reply, \
whose day nobody logged"
    )
    return Step(authority=authority.id, kind="review", why=f"{on}; a review {until}")


def show(day: date | None) -> str:
    """1 April 2015; "" for no day."""
    return f"{day.day} {day:%B %Y}" if day else ""
