"""An Outlook message (msg) -> its headers and body as grids; its attachments as Documents.

An OLE file whose streams are MAPI properties ([MS-OXMSG]), read over olefile: extract-msg is GPL, python-oxmsg
gives no attached mails and no body that is only rich text. The traps: text is UTF-16 under one type and some
code page under another, a body may be stored only as compressed rich text, and an attached mail is a storage,
not a stream, and has to be followed inside the same file.
"""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import olefile

from answerable.errors import UnreadableDocument
from answerable.formats.cells import Body
from answerable.formats.html import decode_html, read_html
from answerable.formats.inner import make_inner
from answerable.formats.limits import MAX_DEPTH, MAX_MEMBERS
from answerable.formats.mail import write_mail
from answerable.formats.rtf import parse_rtf
from answerable.model import Document, Grid

SUBJECT, SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP, TO = "0037", "0C1A", "0C1F", "5D01", "0E04"
BODY, HTML, RTF, SENT, DELIVERED = "1000", "1013", "1009", "0039", "0E06"
FILE_DATA, FILE_LONG, FILE_SHORT, FILE_SHOWN = "3701", "3707", "3704", "3001"
_BROKEN = (OSError, ValueError, TypeError, IndexError, KeyError, AttributeError, struct.error, OverflowError)
_RTF_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""The text that compressed rich text may refer back to before it has any of its own ([MS-OXRTFCP] 2.1.2.1)."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the properties of a storage of the file, by their four hex digits, and what is attached."""

    subject: str
    sender: str
    to: str
    sent: datetime | None
    plain: str
    page: str
    rich: bytes
    attachments: tuple[tuple[str, bytes], ...]


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """A `headers` text grid, then the body: text grids, and tables where the body is HTML."""
    message = read_message(document, data)
    body = Body(document=document, name="headers")
    sent = message.sent.strftime("%d/%m/%Y %H:%M UTC") if message.sent else ""
    for name, value in (("Subject", message.subject), ("From", message.sender), ("To", message.to), ("Date", sent)):
        if value.strip():
            body.add_paragraph(f"{name}: {value}")
    body.close_text()
    if message.page and (not message.plain.strip() or "<table" in message.page.lower()):
        return read_html(document, message.page, body)
    for line in (message.plain or read_rich(message.rich)).splitlines():
        body.add_line(line)
    return body.finish()


def unpack(document: Document, data: bytes) -> tuple[tuple[Document, bytes], ...]:
    """Every attached file, and every attached mail written as `.eml`."""
    return make_inner(document, read_message(document, data).attachments)


def read_message(document: Document, data: bytes) -> Message:
    """The message in an Outlook file, or UnreadableDocument."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return read_storage(ole, "", 0)
    except _BROKEN as error:
        raise UnreadableDocument(
            document.path,
            f"is damaged and cannot be opened ({' '.join(str(error).split())[:200]})",
            "Open it in Outlook and save it as text or PDF, or ask for the mail to be forwarded",
        ) from error


def read_storage(ole: olefile.OleFileIO, storage: str, depth: int) -> Message:
    """The message in one storage ("" for the file's own); attached mails are followed to MAX_DEPTH."""

    def find(number: str) -> bytes:
        for kind in ("001F", "001E", "0102"):
            name = f"{storage}__substg1.0_{number}{kind}"
            if ole.exists(name) and ole.get_type(name) == olefile.STGTY_STREAM:
                content = ole.openstream(name).read()
                return content.decode("utf-16-le", "replace").encode() if kind == "001F" else bytes(content)
        return b""

    address = show(find(SENDER_SMTP)) or show(find(SENDER_ADDRESS))
    name = show(find(SENDER_NAME))
    html = find(HTML)
    return Message(
        subject=show(find(SUBJECT)),
        sender=f"{name} <{address}>" if name and "@" in address and name != address else name or address,
        to=show(find(TO)),
        sent=read_time(ole, storage),
        plain=show(find(BODY)),
        page=decode_html(html) if html else "",
        rich=expand_rtf(find(RTF)),
        attachments=tuple(read_attachments(ole, storage, depth)),
    )


def show(content: bytes) -> str:
    """A text property: UTF-8 when it came as UTF-16, else code page 1252, which Outlook in the UK writes."""
    try:
        return content.decode("utf-8").rstrip("\0")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace").rstrip("\0")


def read_time(ole: olefile.OleFileIO, storage: str) -> datetime | None:
    """When a message was sent, else delivered, from its fixed-length properties; None when neither is a date."""
    name = f"{storage}__properties_version1.0"
    if not ole.exists(name):
        return None
    content = ole.openstream(name).read()
    found = {}
    for at in range(32 if not storage else 24, len(content) - 15, 16):
        tag, _, value = struct.unpack_from("<IIQ", content, at)
        found[f"{tag >> 16:04X}{tag & 0xFFFF:04X}"] = value
    for number in (SENT, DELIVERED):
        ticks = found.get(f"{number}0040", 0)
        # Outside 1980 to 2100 it is noise: Outlook writes the year 4501 for "none".
        if 119_600_064_000_000_000 < ticks < 157_469_184_000_000_000:
            return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
    return None


def read_attachments(ole: olefile.OleFileIO, storage: str, depth: int) -> list[tuple[str, bytes]]:
    """Name and bytes of each attachment of one storage, in the order of their numbers."""
    parents = [part for part in storage.split("/") if part]
    level = len(parents)
    names = sorted(
        {
            entry[level]
            for entry in ole.listdir(streams=True, storages=True)
            if len(entry) > level and entry[:level] == parents and entry[level].startswith("__attach_version1.0_")
        }
    )
    found = []
    for name in names[:MAX_MEMBERS]:
        at = f"{storage}{name}/"
        title = next(
            (text for number in (FILE_LONG, FILE_SHORT, FILE_SHOWN) if (text := read_name(ole, at, number))), ""
        )
        stream, inner = f"{at}__substg1.0_{FILE_DATA}0102", f"{at}__substg1.0_{FILE_DATA}000D"
        if ole.exists(stream):
            found.append((title, bytes(ole.openstream(stream).read())))
        elif ole.exists(f"{inner}/__properties_version1.0") and depth < MAX_DEPTH:
            message = read_storage(ole, f"{inner}/", depth + 1)
            written = write_mail(
                message.subject, message.sender, message.to, message.sent, choose_body(message), message.attachments
            )
            found.append((f"{title or message.subject or 'message'}.eml", written))
    return found


def read_name(ole: olefile.OleFileIO, at: str, number: str) -> str:
    for kind in ("001F", "001E"):
        name = f"{at}__substg1.0_{number}{kind}"
        if ole.exists(name):
            content = ole.openstream(name).read()
            return content.decode("utf-16-le", "replace").rstrip("\0") if kind == "001F" else show(content)
    return ""


def choose_body(message: Message) -> tuple[str, str]:
    return message.plain or read_rich(message.rich), message.page


def read_rich(content: bytes) -> str:
    """The paragraphs of a rich-text body, one a line; table rows with tabs between their cells."""
    if not content.startswith(b"{\\rtf"):
        return ""
    lines = []
    for item in parse_rtf(content.decode("latin-1"))["text"].items:
        if isinstance(item, tuple):
            lines.append(item[0])
        else:
            lines += ["\t".join(" ".join(text.split()) for _, text in row) for row in item]
    return "\n".join(lines)


def expand_rtf(content: bytes) -> bytes:
    """Rich text from its compressed form ([MS-OXRTFCP]); b"" when there is none or it is neither form."""
    if len(content) < 16:
        return b""
    size, kind = struct.unpack_from("<I4s", content, 4)
    if kind == b"MELA":
        return content[16 : 16 + size]
    if kind != b"LZFu":
        return b""
    window = bytearray(4096)
    window[: len(_RTF_START)] = _RTF_START
    at, write, out = 16, len(_RTF_START), bytearray()
    put: Callable[[int], None] = out.append
    while at < len(content) and len(out) < size:
        flags = content[at]
        at += 1
        for bit in range(8):
            if flags >> bit & 1:
                if at + 1 >= len(content):
                    return bytes(out)
                pair = content[at] << 8 | content[at + 1]
                at += 2
                start, length = pair >> 4, (pair & 15) + 2
                if start == write:
                    return bytes(out)
                piece = [0] * length
                for step in range(length):
                    piece[step] = window[(start + step) % 4096]
                    window[write] = piece[step]
                    write = (write + 1) % 4096
                out += bytes(piece)
            elif at < len(content):
                window[write] = content[at]
                put(content[at])
                write, at = (write + 1) % 4096, at + 1
    return bytes(out)
