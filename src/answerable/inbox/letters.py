"""A mail's bytes -> the Letter that matching looks at: who, to whom, in answer to what, and its words.

The trap is mail that nobody wrote: a bounce or an automatic answer comes from the right address, in the right
thread, and is no reply.
"""

import email
import email.parser
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from answerable.formats.mail import decode_header, decode_part, find_attachments, find_bodies, walk_parts

Auto = Literal["", "bounce", "auto"]
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError, email.errors.MessageError)
_BOUNCED = re.compile(r"\b(?:mailer-daemon|postmaster)@", re.I)
_AWAY = re.compile(r"^\s*(?:auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office)\b", re.I)
_TAGS = re.compile(r"<[^>]{0,2000}>")
LONGEST = 200_000
"""Characters of a letter's words that are searched for a reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """A mail's headers that matching looks at, decoded."""

    message_id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    sent: date | None
    thread: tuple[str, ...]
    auto: Auto


class Letter:
    """One mail. Its headers are read at once, its words only when they are asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.heads = _read_heads(email.parser.BytesHeaderParser().parsebytes(_cut_heads(data)))

    @cached_property
    def message(self) -> Message | None:
        """The whole message, None where it cannot be taken apart."""
        try:
            return email.message_from_bytes(self.data)
        except _BROKEN:
            return None

    @cached_property
    def words(self) -> str:
        """Its own text, without the marks of HTML, cut at LONGEST."""
        try:
            plain, page = find_bodies(self.message) if self.message else ("", "")
        except _BROKEN:
            return ""
        return (plain or _TAGS.sub(" ", page[: 4 * LONGEST]))[:LONGEST]

    @cached_property
    def attachments(self) -> tuple[tuple[str, bytes], ...]:
        """Name and bytes of what is attached, () where that cannot be told."""
        try:
            return tuple(find_attachments(self.message)) if self.message else ()
        except _BROKEN:
            return ()

    @cached_property
    def returned(self) -> str:
        """Of a bounce, the headers of the mail that came back, as text."""
        parts = walk_parts(self.message) if self.message else []
        kinds = ("message/rfc822", "text/rfc822-headers", "message/delivery-status")
        return "\n".join(_show(part) for part in parts if part.get_content_type() in kinds)

    @property
    def key(self) -> str:
        """16 hex digits over its Message-ID and its body: the same letter however it was fetched."""
        return hash_letter(self.heads.message_id, self.data)


def parse_letter(data: bytes) -> Letter:
    """The Letter of a mail's bytes; bytes of any kind give one."""
    return Letter(data)


def hash_letter(message_id: str, data: bytes) -> str:
    """The key of a letter: headers that servers add on the way, and how lines end, make no other one of it."""
    body = data.replace(b"\r\n", b"\n").partition(b"\n\n")[2].rstrip(b"\n")
    return hashlib.sha256(message_id.encode("utf-8", "replace") + b"\0" + body).hexdigest()[:16]


def _cut_heads(data: bytes) -> bytes:
    ends = [at for at in (data.find(b"\n\n"), data.find(b"\r\n\r\n")) if at >= 0]
    return data[: min(ends) + 2] if ends else data[:LONGEST]


def _read_heads(message: Message) -> Heads:
    def read(name: str) -> str:
        return decode_header(str(message.get(name, "")))

    senders = _find_addresses(message, "From")
    subject = read("Subject")
    return Heads(
        message_id=read("Message-ID"),
        sender=senders[0] if senders else "",
        to=tuple(
            address
            for name in ("To", "Cc", "Delivered-To", "X-Original-To")
            for address in _find_addresses(message, name)
        ),
        subject=subject,
        sent=_read_date(read("Date")),
        thread=tuple(re.findall(r"<[^<>\s]+>", f"{read('In-Reply-To')} {read('References')}")),
        auto=_find_auto(message, senders, subject),
    )


def _find_addresses(message: Message, name: str) -> list[str]:
    try:
        raw = [decode_header(str(value)) for value in message.get_all(name, [])]
        return [address.lower() for _, address in getaddresses(raw) if "@" in address]
    except _BROKEN:
        return []


def _read_date(text: str) -> date | None:
    """The day in the United Kingdom, None where the header is no date."""
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(ZoneInfo("Europe/London")).date()
    except _BROKEN:
        return None


def _find_auto(message: Message, senders: list[str], subject: str) -> Auto:
    """Bounces by their form (RFC 3464, RFC 5321 section 6.1), automatic answers by RFC 3834 and their subject."""
    if message.get_content_type() == "multipart/report" or any(_BOUNCED.search(sender) for sender in senders):
        return "bounce"
    said = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    return "auto" if said not in ("", "no") or _AWAY.search(subject) else ""


def _show(part: Message) -> str:
    try:
        payload = part.get_payload()
        inner = (
            [item.as_string() for item in payload if isinstance(item, Message)]
            if isinstance(payload, list)
            else [decode_part(part)]
        )
        return "\n".join(inner)[:LONGEST]
    except _BROKEN:
        return ""


def find_today() -> date:
    """The day in the United Kingdom."""
    return datetime.now(ZoneInfo("Europe/London")).date()
