"""private/subscribers.jsonl <-> Subscribers: who asked for the digest and who confirmed it, only ever appended to.

An address gets nothing but one mail that asks it to confirm, until it has (double opt-in). The trap: a list of
addresses beside published data, so it lies in private/, which no build reads, no edition holds and no repository
takes.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from answerable import store
from answerable.errors import StoreError, SurveyError

FILE = "subscribers.jsonl"
VALID = timedelta(days=14)
"""How long a confirmation may be waited for."""

EventKind = Literal["subscribe", "confirm", "unsubscribe"]
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
"""Enough to keep a second address or a header out; whether the box exists, the confirmation tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One address that asked for one place's figures (None for all). `confirm` and `stop` are the tokens of its
    two links; `name` is what logs call it, which does not tell the address."""

    address: str
    place: str | None
    confirm: str
    stop: str
    asked: datetime
    state: EventKind = "subscribe"

    @property
    def name(self) -> str:
        return f"s-{hashlib.sha256(self.stop.encode()).hexdigest()[:12]}"


def parse_subscribers(lines: Iterable[str]) -> tuple[Subscriber, ...]:
    """Everyone who ever asked, with what became of it, in the order they asked. StoreError for a broken line."""
    found: dict[str, Subscriber] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if row["event"] == "subscribe":
                found[row["stop"]] = Subscriber(
                    address=row["address"], place=row["place"], confirm=row["confirm"], stop=row["stop"],
                    asked=datetime.fromisoformat(row["at"]),
                )  # fmt: skip
            elif row["event"] in {"confirm", "unsubscribe"}:
                found[row["stop"]] = replace(found[row["stop"]], state=row["event"])
            else:
                raise ValueError(row["event"])
        except (ValueError, KeyError, TypeError) as error:
            where = f"private/{FILE}, line {number}"
            raise StoreError(where, "is not a line of the list", "Restore the line; nothing is sent") from error
    return tuple(found.values())


def read_subscribers(folder: Path) -> tuple[Subscriber, ...]:
    """The list of a survey folder, () before anybody asked."""
    return parse_subscribers(store.read_private_log(folder, FILE))


def list_confirmed(folder: Path) -> tuple[Subscriber, ...]:
    """Those who get the digest, in the order they asked."""
    return tuple(item for item in read_subscribers(folder) if item.state == "confirm")


def subscribe(folder: Path, address: str, place: str | None, places: Collection[str], now: datetime) -> Subscriber:
    """Note that an address asks for a place's figures; whoever asked before and was not answered is the same one.

    Raises SurveyError for what is no address or no place of the survey.
    """
    if not _ADDRESS.fullmatch(address) or len(address) > 254:
        raise SurveyError(address[:80], "is no e-mail address", "Write it as name@example.org")
    if place is not None and place not in places:
        raise SurveyError(place, "is no authority or region of this survey", "Use an id of the register, such as kent")
    for item in read_subscribers(folder):
        if (item.address.casefold(), item.place) == (address.casefold(), place):
            waiting = item.state == "subscribe" and now - item.asked <= VALID
            if item.state == "confirm" or waiting:
                return item
    new = Subscriber(
        address=address, place=place, confirm=secrets.token_urlsafe(24), stop=secrets.token_urlsafe(24), asked=now
    )
    row = {"event": "subscribe", "address": address, "place": place, "confirm": new.confirm, "stop": new.stop}
    store.append_private(folder, FILE, json.dumps({**row, "at": now.isoformat()}, ensure_ascii=False))
    return new


def confirm(folder: Path, token: str, now: datetime) -> Subscriber:
    """The subscriber of a confirmation's token, who gets the digest from now on; confirming twice is once.

    Raises StoreError for a token that is unknown, too old, or of someone who has unsubscribed.
    """
    item = _find(read_subscribers(folder), "confirm", token)
    if item.state == "confirm":
        return item
    if item.state == "unsubscribe" or now - item.asked > VALID:
        raise StoreError("this link", "is no longer valid", "Subscribe again")
    return _note(folder, item, "confirm", now)


def unsubscribe(folder: Path, token: str, now: datetime) -> Subscriber:
    """The subscriber of an unsubscription's token, who gets nothing from now on; twice is once.

    Raises StoreError for an unknown token.
    """
    item = _find(read_subscribers(folder), "stop", token)
    return item if item.state == "unsubscribe" else _note(folder, item, "unsubscribe", now)


def _find(known: Iterable[Subscriber], kind: Literal["confirm", "stop"], token: str) -> Subscriber:
    # Compared in constant time, so that a token cannot be guessed sign by sign.
    found = (item for item in known if secrets.compare_digest(getattr(item, kind).encode(), token.encode()))
    item = next(found, None)
    if item is None:
        raise StoreError("this link", "belongs to no subscription", "Copy it whole from the mail")
    return item


def _note(folder: Path, item: Subscriber, event: EventKind, now: datetime) -> Subscriber:
    store.append_private(folder, FILE, json.dumps({"event": event, "stop": item.stop, "at": now.isoformat()}))
    return replace(item, state=event)
