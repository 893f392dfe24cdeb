"""Events of this and sibling surveys -> a warning where a request would be added to an earlier one.

An authority may add the cost of requests for the same or similar information from the same person, or from persons
acting together, received within 60 consecutive working days, and refuse all of them (FOIA s.12(4); SI 2004/3244
reg. 5). Scotland has no such rule for one person: its reg. 6 adds requests of different persons, and only where the
authority publishes the information (SSI 2004/467), but a repeated request may be refused (FOISA s.14(2)). The trap is
last year's survey: it lies in another folder, under the same group.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from answerable.clock import Calendar, Event, add_working_days
from answerable.model import Authority, Finding, Survey

WINDOW = 60
"""Consecutive working days (SI 2004/3244 reg. 5(2))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Requests of another survey folder: its name, the survey, and what its log says."""

    folder: str
    survey: Survey
    events: Mapping[str, Sequence[Event]]


def share_group(survey: Survey, other: Survey) -> bool:
    """Whether two surveys ask for similar information: the same `group`, or the same id."""
    return (survey.group or survey.id) == (other.group or other.id)


def find_aggregation(
    survey: Survey, authority: Authority, earlier: Sequence[Earlier], today: date, calendar: Calendar
) -> tuple[Finding, ...]:
    """A Finding for each earlier request of the group that one received today would be added to."""
    found = []
    for item in earlier:
        if not share_group(survey, item.survey):
            continue
        for event in item.events.get(authority.id, ()):
            if event.kind != "received" or event.on > today:
                continue
            last = add_working_days(event.on, WINDOW, authority.law, calendar)
            if today <= last:
                found.append(_make(authority, item, event.on, last))
    return tuple(found)


def _make(authority: Authority, earlier: Earlier, on: date, last: date) -> Finding:
    free = last + timedelta(days=1)
    day = f"{on.day} {on:%B %Y}"
    if authority.law == "FOIA":
        rule = "may be added to it and both refused on cost (FOIA s.12(4), SI 2004/3244 reg. 5)"
    else:
        rule = "may be refused as repeated (FOISA s.14(2)); reg. 6 adds requests of different persons only"
    return Finding(
        check="ask-aggregation",
        severity="warning",
        message=f"{authority.id}: a similar request ({earlier.folder}) reached {authority.name} on {day}, and one "
        f"within 60 working days {rule}. Send it on or after {free.day} {free:%B %Y}, or both as one; "
        "`--despite-aggregation` sends it now.",
        subject=authority.id,
    )
