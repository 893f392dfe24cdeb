"""requests.jsonl <-> Events: what happened to each authority's request, one line an event, only ever appended.

The trap: a line written by hand can be wrong, and a deadline counted from it would be wrong silently; so an
unknown event, authority or date is an error that names the line.
"""

import json
from collections.abc import Collection
from datetime import date
from typing import get_args

from answerable.clock.deadlines import Event, EventKind
from answerable.errors import StoreError, SurveyError

FILE = "requests.jsonl"


def parse_requests(text: str, authorities: Collection[str]) -> dict[str, tuple[Event, ...]]:
    """Authority id -> its events in the order logged. Raises StoreError for a line that is not one."""
    found: dict[str, list[Event]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{FILE}, line {number}"
        try:
            row = json.loads(line)
            event = make_event(row["event"], row["on"], where)
            authority = row["authority"]
        except (ValueError, KeyError, TypeError) as error:
            what = "is not a JSON object with authority, event and on"
            raise StoreError(where, what, "Correct that line") from error
        if authority not in authorities:
            raise StoreError(where, f'the survey does not ask "{authority}"', "Use an id of the register")
        found.setdefault(authority, []).append(event)
    return {authority: tuple(events) for authority, events in found.items()}


def make_event(kind: str, on: str, where: str) -> Event:
    """The Event of two words; SurveyError when the kind or the date is not one."""
    if kind not in get_args(EventKind):
        raise SurveyError(where, f'"{kind}" is no event', f"Use one of {', '.join(get_args(EventKind))}")
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        raise SurveyError(where, f'"{on}" is no date', "Write it as 2026-11-24") from error
    return Event(kind=next(known for known in get_args(EventKind) if known == kind), on=day)


def write_event(authority: str, event: Event) -> str:
    """The line that logs an event."""
    return json.dumps({"authority": authority, "event": event.kind, "on": event.on.isoformat()})
