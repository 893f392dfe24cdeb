"""outbox.jsonl <-> Entries: what is known of each letter that was to go out, only ever appended to.

A letter's line `sending` is on disk before its text is handed to the server, and `sent` after the server has taken
it. The trap lies between the two: a process that died there cannot know which side of the server's answer it died
on. Such a letter becomes `unknown` and is never sent again by itself; the copy in the mailbox, or a person, settles it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from answerable import store
from answerable.errors import StoreError

FILE = "outbox.jsonl"
State = Literal["sending", "sent", "deferred", "refused", "unknown", "not_sent"]
"""`deferred`: the server asked to try later. `refused`: it will not take this letter. `not_sent`: a person has
made sure that an unknown letter did not go out."""

AGAIN: frozenset[State] = frozenset({"deferred", "refused", "not_sent"})
"""States after which a letter certainly did not go out, so that it may be sent (again)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The last word on one letter. `at` is UTC, `digest` the SHA-256 of the bytes handed over, `note` the server's
    words or a person's."""

    message_id: str
    kind: str
    authority: str
    state: State
    at: str
    digest: str = ""
    note: str = ""


def parse_outbox(lines: Sequence[str]) -> dict[str, Entry]:
    """Message-ID -> its last Entry, in the order the letters were first sent. StoreError for a line that is none."""
    found: dict[str, Entry] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{FILE}, line {number}"
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError) as error:
            # Skipping it could send a letter twice.
            raise StoreError(where, "is not a line of the outbox", "Restore the line; nothing is sent") from error
        if entry.state not in get_args(State):
            raise StoreError(where, f'"{entry.state}" is no state', f"Use one of {', '.join(get_args(State))}")
        found[entry.message_id] = entry
    return found


def read_outbox(folder: Path) -> dict[str, Entry]:
    """The outbox of a survey folder, {} before anything was sent."""
    return parse_outbox(store.read_log(folder, FILE))


def log_entry(folder: Path, entry: Entry) -> None:
    """Append an Entry, on disk before this returns."""
    row = {name: getattr(entry, name) for name in Entry.__slots__}
    store.append_line(folder, FILE, json.dumps(row, ensure_ascii=False))


def find_entry(outbox: Mapping[str, Entry], kind: str, authority: str) -> Entry | None:
    """The last Entry of one kind of letter to one authority."""
    found = [entry for entry in outbox.values() if (entry.kind, entry.authority) == (kind, authority)]
    return found[-1] if found else None


def stamp_time(now: datetime) -> str:
    """A moment as the outbox writes it: 2026-11-24T09:30:00Z."""
    return f"{now:%Y-%m-%dT%H:%M:%SZ}"
