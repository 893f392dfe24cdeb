"""What happened to each request: the log that people and programs write, with what the outbox adds to it.

requests.jsonl is the clock's log. A letter that went out starts or restarts a clock, so it is an event; a run killed
between the two files leaves the outbox ahead, and both reading and the next run put that right. The trap is the day:
the clock counts days in the United Kingdom, the outbox keeps universal time.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from answerable import store
from answerable.ask.outbox import Entry, read_outbox
from answerable.clock import Event
from answerable.clock.deadlines import EventKind
from answerable.clock.log import FILE, parse_requests, write_event
from answerable.model import Survey

EVENTS: dict[str, EventKind] = {"request": "received", "clarification": "clarified", "review": "review_asked"}
"""Kind of letter -> what its arrival is to the clock. E-mail is received on the day it is sent."""

Events = dict[str, tuple[Event, ...]]


def find_day(at: str) -> date:
    """The day in the United Kingdom of a moment of the outbox."""
    moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo("Europe/London")).date()


def make_event(entry: Entry) -> Event | None:
    """The Event that a letter is, None for one that did not go out or moves no clock."""
    if entry.state != "sent" or entry.kind not in EVENTS:
        return None
    return Event(kind=EVENTS[entry.kind], on=find_day(entry.at))


def read_events(folder: Path, survey: Survey) -> Events:
    """Authority id -> its events, from requests.jsonl and from letters sent that it does not have yet."""
    found = _read_log(folder, survey)
    for authority, event in _find_unlogged(found, read_outbox(folder), survey):
        found[authority] = (*found.get(authority, ()), event)
    return found


def log_letter(folder: Path, entry: Entry) -> None:
    """Append to requests.jsonl what one letter, just sent, is to the clock."""
    if event := make_event(entry):
        store.append_line(folder, FILE, write_event(entry.authority, event))


def log_letters(folder: Path, survey: Survey) -> int:
    """Append to requests.jsonl what letters sent are to the clock and is not there yet; gives how many lines."""
    missing = _find_unlogged(_read_log(folder, survey), read_outbox(folder), survey)
    if missing:
        store.mend_log(folder, FILE)
    for authority, event in missing:
        store.append_line(folder, FILE, write_event(authority, event))
    return len(missing)


def _read_log(folder: Path, survey: Survey) -> Events:
    known = {authority.id for authority in survey.authorities}
    return parse_requests("\n".join(store.read_log(folder, FILE)), known)


def _find_unlogged(events: Events, outbox: Mapping[str, Entry], survey: Survey) -> list[tuple[str, Event]]:
    known = {authority.id for authority in survey.authorities}
    found = []
    for entry in outbox.values():
        event = make_event(entry)
        if event and entry.authority in known and event not in events.get(entry.authority, ()):
            found.append((entry.authority, event))
    return found
