"""Document -> Grids: one module a format, each with one `read(document, data)`.

Stands between `inbox` and `tables`. Every reader is bytes in, Grids out: it touches no disk, opens no link and
runs nothing that a document carries. The trap: a name lies. What a document is, its bytes say first
(`guess_media_type`), and its name only where the bytes leave it open. A caller that reads files as they came
from outside uses `formats.safely.read_safely`, which does the same in a worker with bounded time and memory.
"""

import importlib
from collections.abc import Callable

from answerable.errors import UnreadableDocument
from answerable.formats.limits import MAX_DEPTH, MAX_DOCUMENT
from answerable.formats.media import FORMATS, guess_media_type
from answerable.model import Document, Grid

__all__ = ["CONTAINERS", "READERS", "find_format", "guess_media_type", "read_document", "unpack_document"]

Reader = Callable[[Document, bytes], tuple[Grid, ...]]
Unpacker = Callable[[Document, bytes], tuple[tuple[Document, bytes], ...]]

READERS: dict[str, str] = {
    "xlsx": "answerable.formats.xlsx",
    "xlsb": "answerable.formats.xlsb",
    "xls": "answerable.formats.xls",
    "ods": "answerable.formats.ods",
    "csv": "answerable.formats.csv",
    "docx": "answerable.formats.docx",
    "doc": "answerable.formats.doc",
    "rtf": "answerable.formats.rtf",
    "pdf": "answerable.formats.pdf",
    "html": "answerable.formats.html",
    "eml": "answerable.formats.mail",
    "msg": "answerable.formats.msg",
    "text": "answerable.formats.text",
    "scan": "answerable.formats.scan",
}
"""Format -> the module whose `read` turns it into Grids, imported when the first such document comes.
A mailbox or an archive has no text of its own and is in CONTAINERS only."""

CONTAINERS: dict[str, str] = {
    "docx": "answerable.formats.docx",
    "eml": "answerable.formats.mail",
    "msg": "answerable.formats.msg",
    "mbox": "answerable.formats.mbox",
    "zip": "answerable.formats.archive",
}
"""Format -> the module whose `unpack` gives the documents inside it."""


def find_format(document: Document, data: bytes) -> str:
    """The format a document is in, a key of READERS. Raises UnreadableDocument for an empty or unknown one."""
    if not data:
        raise UnreadableDocument(
            document.path, "the file is empty (0 bytes)", "Ask the authority to send it again, or delete it"
        )
    if len(data) > MAX_DOCUMENT:
        raise UnreadableDocument(
            document.path,
            f"is {len(data) / 1e6:,.0f} MB, more than the {MAX_DOCUMENT / 1e6:,.0f} MB that is read",
            "Split it, or take out its pictures, and put the parts in its place",
        )
    media_type = guess_media_type(document.name, data)
    if media_type not in FORMATS:
        raise UnreadableDocument(
            document.path,
            "is of no kind that can be read, by its content or its name",
            "Convert it to xlsx, csv, docx, pdf, html or plain text and put that beside it",
        )
    return FORMATS[media_type]


def read_document(document: Document, data: bytes) -> tuple[Grid, ...]:
    """The Grids of a document in its own order; () when it only holds other documents.

    Raises UnreadableDocument when it is empty, damaged, locked, too large or of an unknown kind.
    """
    kind = find_format(document, data)
    if kind not in READERS:
        return ()
    reader: Reader = importlib.import_module(READERS[kind]).read
    return reader(document, data)


def unpack_document(document: Document, data: bytes) -> tuple[tuple[Document, bytes], ...]:
    """The documents directly inside a document with their bytes (attachments, members); () for a leaf.

    Each inner Document has `parent` set to the outer path. Raises UnreadableDocument like `read_document`.
    """
    kind = find_format(document, data)
    if kind not in CONTAINERS:
        return ()
    if document.path.count("!") >= MAX_DEPTH:
        raise UnreadableDocument(
            document.path,
            f"is more than {MAX_DEPTH} documents deep and may hold others that were not looked at",
            "Take it out of the documents around it and put it beside them",
        )
    unpacker: Unpacker = importlib.import_module(CONTAINERS[kind]).unpack
    return unpacker(document, data)
