"""A letter's text and its attachments -> a mail message, a mailbox or a zip.

Boundaries, identifiers and dates are fixed by what the message holds. Addresses are of the reserved domain
example.org: nobody is written to.
"""

import io
import zipfile
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from answerable.surveys.simulate.blocks import Part
from answerable.surveys.simulate.writers.stamp import add_member
from answerable.surveys.simulate.writers.text import join_text, write_html

Attachment = tuple[str, str, bytes]
"""Name, media type, content."""


def write_eml(
    parts: tuple[Part, ...],
    *,
    name: str,
    subject: str,
    sent: date | None = None,
    attachments: tuple[Attachment, ...] = (),
    html: bool = False,
) -> bytes:
    """One message from `name`'s disclosure unit; with `html`, the same text as a page beside the plain one.

    Without `sent` it has no date, as for a reply whose day nobody published.
    """
    message = EmailMessage()
    message["From"] = "Disclosure unit <disclosure@example.org>"
    message["To"] = "Survey desk <survey@example.org>"
    message["Subject"] = subject
    if sent:
        message["Date"] = format_datetime(datetime(sent.year, sent.month, sent.day, 12, tzinfo=UTC))
    message["Message-ID"] = f"<{name}@example.org>"
    message.set_content(join_text(parts))
    if html:
        message.add_alternative(write_html(parts).decode(), subtype="html")
    for file_name, media_type, content in attachments:
        main, _, sub = media_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=file_name)
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=={name}-{number}==")
    return message.as_bytes(policy=policy.SMTP)


def write_mbox(messages: tuple[bytes, ...]) -> bytes:
    """A mailbox (RFC 4155) of messages."""
    out = b""
    for message in messages:
        body = message.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
        out += b"From disclosure@example.org Wed Jan  1 00:00:00 2020\n" + body + b"\n"
    return out


def write_zip(files: tuple[tuple[str, bytes], ...]) -> bytes:
    """A zip of files in the order given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files:
            add_member(archive, name, content)
    return out.getvalue()
