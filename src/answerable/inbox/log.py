"""inbox.jsonl <-> Entries: what became of each thing that came, only ever appended to; the last line on a key counts.

The trap is the day: a letter counts from the day it came, by its own date where that is no later than the day it
was filed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from answerable import store
from answerable.errors import StoreError
from answerable.model import Outcome, Reply

FILE = "inbox.jsonl"
State = Literal["filed", "waiting", "bounced", "discarded", "status"]
"""`waiting`: kept in private/inbox until a person says whose it is. `status`: what another site says of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that came. `key` is 16 hex digits of it, `path` where it lies in the survey folder, `on` the day it
    came, `how` what settled its authority, `source` where it was found, `uid` its place in a mailbox."""

    key: str
    state: State
    authority: str
    on: str
    how: str
    path: str = ""
    source: str = ""
    subject: str = ""
    domain: str = ""
    candidates: tuple[str, ...] = ()
    outcome: str = ""
    uid: str = ""


NAMES = tuple(field.name for field in fields(Entry))


def read_inbox(folder: Path) -> dict[str, Entry]:
    """Key -> its last Entry, in the order first seen. StoreError names a line that is none."""
    return {entry.key: entry for entry in _parse(store.read_log(folder, FILE))}


def read_uids(folder: Path) -> dict[str, int]:
    """Mailbox ("INBOX;1700000000": its name and UIDVALIDITY) -> the highest UID that was filed."""
    found: dict[str, int] = {}
    for entry in _parse(store.read_log(folder, FILE)):
        box, _, number = entry.uid.rpartition(":")
        if number.isdigit():
            found[box] = max(found.get(box, 0), int(number))
    return found


def _parse(lines: Sequence[str]) -> list[Entry]:
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            entry = Entry(**{**raw, "candidates": tuple(raw.get("candidates", ()))})
        except (ValueError, TypeError, AttributeError) as error:
            where = f"{FILE}, line {number}"
            raise StoreError(where, "is not a line of the inbox", "Restore the line; nothing is filed") from error
        if entry.state not in get_args(State):
            where = f"{FILE}, line {number}"
            raise StoreError(where, f'"{entry.state}" is no state', f"Use one of {', '.join(get_args(State))}")
        found.append(entry)
    return found


def write_entry(entry: Entry) -> str:
    """The line that says an Entry, without what is empty."""
    row = {name: getattr(entry, name) for name in NAMES}
    return json.dumps({name: value for name, value in row.items() if value or name in NAMES[:5]}, ensure_ascii=False)


def date_replies(replies: Sequence[Reply], inbox: Mapping[str, Entry]) -> tuple[Reply, ...]:
    """The replies with the day the last letter came, and what another site says became of the request.

    What reply.toml states stands before both.
    """
    days: dict[str, date] = {}
    outcomes: dict[str, Outcome] = {}
    for entry in inbox.values():
        if entry.state == "filed" and entry.on:
            day = date.fromisoformat(entry.on)
            days[entry.authority] = max(days.get(entry.authority, day), day)
        elif entry.state == "status":
            outcomes.update((entry.authority, known) for known in get_args(Outcome) if known == entry.outcome)
    return tuple(
        replace(
            reply,
            received=reply.received or days.get(reply.authority),
            outcome=outcomes.get(reply.authority, reply.outcome)
            if reply.outcome == "waiting_response"
            else reply.outcome,
        )
        for reply in replies
    )
