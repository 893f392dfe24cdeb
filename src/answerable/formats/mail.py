"""A mail (message/rfc822) -> its headers and body as grids; its attachments as Documents.

The trap: most mails carry their text twice, plain and HTML. The plain one is read; the HTML one is read when
there is no plain text, or when it has a table, which plain text flattens.
"""

import email
import email.policy
import hashlib
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime
from typing import cast

from answerable.formats.cells import Body
from answerable.formats.html import read_html
from answerable.formats.inner import make_inner
from answerable.formats.text import decode_text
from answerable.model import Document, Grid

HEADERS = ("Subject", "From", "To", "Date")


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """A `headers` text grid, then the body: text grids, and tables where the body is HTML."""
    message = parse_mail(data)
    body = Body(document=document, name="headers")
    for name in HEADERS:
        if value := read_header(message, name):
            body.add_paragraph(f"{name}: {value}")
    body.close_text()
    plain, page = find_bodies(message)
    if page and (not plain.strip() or "<table" in page.lower()):
        return read_html(document, page, body)
    for line in plain.splitlines():
        body.add_line(line)
    return body.finish()


def unpack(document: Document, data: bytes) -> tuple[tuple[Document, bytes], ...]:
    """Every attachment, attached mail and inline file; parts of the body itself are not."""
    return make_inner(document, find_attachments(parse_mail(data)))


def parse_mail(data: bytes) -> EmailMessage:
    """The message; the parser never fails, it notes defects and goes on."""
    return email.message_from_bytes(data, policy=email.policy.default)


def read_header(message: EmailMessage, name: str) -> str:
    """A header decoded, or as it stands where it is malformed."""
    try:
        return str(message.get(name, ""))
    except (MessageError, ValueError, LookupError, IndexError, AttributeError, TypeError):
        raw = [value for key, value in message.raw_items() if key.lower() == name.lower()]
        return " ".join(str(raw[0]).split()) if raw else ""


def find_bodies(message: EmailMessage) -> tuple[str, str]:
    """The plain and the HTML text of a message's own body, "" where it has none."""
    plain: list[str] = []
    pages: list[str] = []
    for part in walk_parts(message):
        if is_attachment(part):
            continue
        kind = part.get_content_type()
        if kind == "text/plain":
            plain.append(decode_part(part))
        elif kind == "text/html":
            pages.append(decode_part(part))
    return "\n".join(plain), "\n".join(pages)


def walk_parts(message: EmailMessage) -> list[EmailMessage]:
    """The leaves of a message in order; a mail inside it is one leaf."""
    leaves = []
    stack = [message]
    while stack:
        part = stack.pop()
        if part.is_multipart() and (part is message or part.get_content_maintype() == "multipart"):
            payload = part.get_payload()
            stack.extend(cast(list[EmailMessage], list(reversed(cast(list[EmailMessage], payload)))))
        else:
            leaves.append(part)
    return leaves


def is_attachment(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename()) or part.is_multipart()


def decode_part(part: EmailMessage) -> str:
    """A text part's text: its stated charset where that works, else what the bytes look like."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    charset = part.get_content_charset()
    if charset and charset not in ("us-ascii", "ascii"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_text(data)


def find_attachments(message: EmailMessage) -> list[tuple[str, bytes]]:
    """Name and bytes of every leaf that is not body text."""
    found = []
    for part in walk_parts(message):
        kind = part.get_content_type()
        if part is message and not is_attachment(part) and kind.startswith("text/"):
            continue
        if not is_attachment(part) and kind in ("text/plain", "text/html"):
            continue
        if part.is_multipart():
            inner = cast(list[EmailMessage], part.get_payload())
            for item in inner:
                found.append(((read_header(item, "Subject")[:80] or "message") + ".eml", item.as_bytes()))
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            found.append((part.get_filename() or "", data))
    return found


def write_mail(
    subject: str,
    sender: str,
    to: str,
    sent: datetime | None,
    body: tuple[str, str],
    attachments: tuple[tuple[str, bytes], ...],
) -> bytes:
    """A mail as bytes, for one that was stored in another form. `body` is its plain and its HTML text."""
    message = EmailMessage()
    for name, value in (("Subject", subject), ("From", sender), ("To", to)):
        if value := " ".join(value.split()):
            message[name] = value
    if sent:
        message["Date"] = format_datetime(sent)
    message.set_content(body[0] or "\n")
    if body[1]:
        message.add_alternative(body[1], subtype="html")
    for number, (name, data) in enumerate(attachments):
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name or f"part-{number}")
    # A boundary by chance would make the same mail different bytes each time.
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"answerable-{number}-{hashlib.sha256(subject.encode()).hexdigest()[:16]}")
    return message.as_bytes()
