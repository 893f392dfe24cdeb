"""A mail (message/rfc822) -> its headers and body as grids; its attachments as Documents.

The traps: most mails carry their text twice, plain and HTML. The plain one is read; the HTML one is read when
there is no plain text, or when it has a table, which plain text flattens. And the standard library's newer header
parser raises on headers that fuzzing (and real senders) spoil, so headers are decoded one by one.
"""

import email
import email.header
import hashlib
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import format_datetime

from answerable.errors import UnreadableDocument
from answerable.formats.cells import Body
from answerable.formats.html import decode_html, read_html
from answerable.formats.inner import make_inner
from answerable.formats.limits import MAX_MEMBERS
from answerable.formats.text import decode_text
from answerable.model import Document, Grid

SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
HEADERS = ("Subject", "From", "To", "Date")
_BROKEN = (MessageError, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """A `headers` text grid, then the body: text grids, and tables where the body is HTML."""
    message = parse_mail(document, data)
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
    try:
        return make_inner(document, find_attachments(parse_mail(document, data)))
    except _BROKEN as error:
        raise report_damage(document, error) from error


def parse_mail(document: Document, data: bytes) -> Message:
    """The message, or UnreadableDocument when its parts nest too deeply to be taken apart."""
    try:
        return email.message_from_bytes(data)
    except _BROKEN as error:
        raise report_damage(document, error) from error


def report_damage(document: Document, error: Exception) -> UnreadableDocument:
    reason = "its parts nest too deeply" if isinstance(error, RecursionError) else str(error)[:100]
    return UnreadableDocument(
        document.path,
        f"is damaged and cannot be taken apart ({reason})",
        "Open it in a mail program and save its text and attachments beside it",
    )


def read_header(message: Message, name: str) -> str:
    """A header decoded, or as it stands where it is malformed."""
    return decode_header(str(message.get(name, "")))


def decode_header(raw: str) -> str:
    """Text with its encoded words (=?utf-8?q?...?=) decoded, on one line."""
    text = raw
    if "=?" in raw:
        try:
            text = str(email.header.make_header(email.header.decode_header(raw)))
        except _BROKEN:
            text = raw
    # Bytes above 127 come as surrogates, which nothing further down the line can write.
    return " ".join(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())


def find_bodies(message: Message) -> tuple[str, str]:
    """The plain and the HTML text of a message's own body, "" where it has none."""
    plain: list[str] = []
    pages: list[str] = []
    for part in walk_parts(message):
        kind = part.get_content_type()
        if not is_attachment(part) and kind in ("text/plain", "text/html"):
            (plain if kind == "text/plain" else pages).append(decode_part(part))
    return "\n".join(plain), "\n".join(pages)


def walk_parts(message: Message) -> list[Message]:
    """The leaves of a message in order; a mail inside it is one leaf."""
    leaves = []
    stack = [message]
    while stack:
        part = stack.pop()
        inner = list_parts(part)
        if inner and (part is message or part.get_content_maintype() == "multipart"):
            stack.extend(reversed(inner))
        else:
            leaves.append(part)
    return leaves


def list_parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [item for item in payload if isinstance(item, Message)] if isinstance(payload, list) else []


def is_attachment(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(read_name(part)) or part.is_multipart()


def read_name(part: Message) -> str:
    """The file name of a part, "" when it has none."""
    try:
        return decode_header(part.get_filename() or "")
    except _BROKEN:
        return ""


def decode_bytes(part: Message) -> bytes:
    """A part's own bytes, its transfer encoding undone; b"" when that fails."""
    try:
        data = part.get_payload(decode=True)
    except _BROKEN:
        return b""
    return data if isinstance(data, bytes) else b""


def decode_part(part: Message) -> str:
    """A text part's text: its stated charset where that works, else what the bytes look like."""
    data = decode_bytes(part)
    try:
        charset = part.get_content_charset()
        if charset and charset not in ("us-ascii", "ascii"):
            return data.decode(charset)
    except _BROKEN:
        pass
    return decode_html(data) if part.get_content_type() == "text/html" else decode_text(data)


def find_attachments(message: Message) -> list[tuple[str, bytes]]:
    """Name and bytes of every leaf that is not body text."""
    found: list[tuple[str, bytes]] = []
    for part in walk_parts(message):
        if (part is message and not is_attachment(part)) or part.get_content_type() in SIGNATURES:
            continue
        if not is_attachment(part) and part.get_content_type() in ("text/plain", "text/html"):
            continue
        for item in list_parts(part):
            found.append((f"{read_header(item, 'Subject')[:80] or 'message'}.eml", item.as_bytes()))
        if not part.is_multipart() and (data := decode_bytes(part)):
            found.append((read_name(part), data))
        if len(found) > MAX_MEMBERS:
            raise ValueError(f"more than {MAX_MEMBERS:,} attachments")
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
