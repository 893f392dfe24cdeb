"""Sections -> a letter as text, as Markdown to read through, and as a message to send.

One letter is two files: `.md` is for whoever reviews it, `.eml` is what goes out, byte for byte but for its Date. The
trap is a message that differs each time it is made: boundaries and Message-IDs follow from the reference, and there
is no clock in a draft.
"""

import binascii
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.header import Header
from email.policy import SMTP
from email.utils import encode_rfc2231, formataddr
from functools import lru_cache

from answerable.ask.contacts import Recipient
from answerable.ask.mail import Mail
from answerable.ask.references import make_message_id, make_plus_address
from answerable.ask.wording import Section

WIDTH = 76


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One letter to one authority. `recipient` is None where no address is known; `notes` are for the reviewer and
    are never sent."""

    kind: str
    authority: str
    token: str
    subject: str
    sections: tuple[Section, ...]
    recipient: Recipient | None
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()


def write_text(sections: Sequence[Section]) -> str:
    """The letter as plain text, wrapped as mail is."""
    out = []
    for section in sections:
        if section.heading:
            out.append(f"{section.heading}\n{'-' * len(section.heading)}")
        out += ["\n".join(_wrap(part) for part in line.split("\n")) for line in join_lines(section.lines)]
    return "\n\n".join(out) + "\n"


def join_lines(lines: Sequence[str]) -> list[str]:
    """Lines as paragraphs: one that is indented, or the next of a list, stays with the one before it."""
    out: list[str] = []
    for line in lines:
        follows = line.startswith("  ") or (line.startswith("- ") and out and out[-1].startswith("- "))
        if follows and out:
            out[-1] += f"\n{line}"
        else:
            out.append(line)
    return out


@lru_cache(maxsize=1024)  # most lines are the same in every letter of a survey
def _wrap(line: str) -> str:
    indent = "  " if line.startswith(("  ", "- ")) else ""
    return textwrap.fill(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def write_markdown(draft: Draft, mail: Mail) -> str:
    """The letter as a reviewer reads it: where it goes, the text, then what is not sent."""
    to = f"{draft.recipient.email}" if draft.recipient else "NO ADDRESS: add it to contacts.csv"
    out = [f"# {draft.subject}", f"To: {to}  \nFrom: {mail.name} <{mail.email}>  \nReference: {draft.token}"]
    if draft.attachments:
        out.append("Attached: " + ", ".join(item.name for item in draft.attachments))
    for section in draft.sections:
        if section.heading:
            out.append(f"## {section.heading}")
        out += join_lines(section.lines)
    if draft.notes:
        out += ["---", "## Not sent: for whoever reviews this", *(f"- {note}" for note in draft.notes)]
    return "\n\n".join(out) + "\n"


def write_message(draft: Draft, mail: Mail) -> bytes:
    """The letter as it goes out, but for the Date. Without an address it has no To and cannot be sent.

    The parts are put together here and not by the email package, which takes six times as long over an attachment.
    """
    boundary = f"=_{draft.kind}-{draft.token}"
    parts = [_write_part("text/plain; charset=utf-8", "quoted-printable", _quote(write_text(draft.sections)))]
    for item in draft.attachments:
        more = f"Content-Disposition: attachment; {_write_name(item.name)}\r\n"
        parts.append(_write_part(item.media_type, "base64", _encode(item.data), more))
    head = "".join(SMTP.fold(name, value) for name, value in _list_headers(draft, mail)).encode("ascii")
    if len(parts) == 1:
        return head + b"MIME-Version: 1.0\r\n" + parts[0]
    kind = f'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode()
    body = b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts)
    return head + kind + body + f"--{boundary}--\r\n".encode()


def _list_headers(draft: Draft, mail: Mail) -> Iterator[tuple[str, str]]:
    yield "From", formataddr((" ".join(mail.name.split()), mail.email))
    if draft.recipient:
        yield "To", draft.recipient.email
    subject = draft.subject
    yield "Subject", subject if subject.isascii() else Header(subject, "utf-8", header_name="Subject").encode()
    yield "Message-ID", make_message_id(draft.kind, draft.token, mail.email)
    if mail.plus:
        yield "Reply-To", make_plus_address(mail.email, draft.token)
    if draft.kind != "request":
        request = make_message_id("request", draft.token, mail.email)
        yield "In-Reply-To", request
        yield "References", request


def _write_part(kind: str, encoding: str, body: bytes, more: str = "") -> bytes:
    return f"Content-Type: {kind}\r\n{more}Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body


def _quote(text: str) -> bytes:
    return binascii.b2a_qp(text.encode(), istext=True).replace(b"\n", b"\r\n")


def _encode(data: bytes) -> bytes:
    text = binascii.b2a_base64(data, newline=False)
    return b"".join(text[place : place + WIDTH] + b"\r\n" for place in range(0, len(text), WIDTH))


def _write_name(name: str) -> str:
    """The file name parameter, by RFC 2231 where it is not plain."""
    plain = re.fullmatch(r"[\w. ()-]+", name, re.ASCII)
    return f'filename="{name}"' if plain else f"filename*={encode_rfc2231(name, 'utf-8')}"
