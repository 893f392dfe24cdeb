"""An article as a file, in whatever format, -> its text, with tables as lines of tab-separated cells.

Before checking: spans of claims are spans of this text. Plain text and Markdown are taken as they are, every
other format goes through the readers of the line. The trap: a PDF ends its lines where the page does, a web
page where the paragraph does.
"""

import hashlib
import re
from pathlib import PurePosixPath

from answerable.errors import UnreadableDocument
from answerable.formats import CONTAINERS, find_format, guess_media_type, read_document, unpack_document
from answerable.model import Document, Grid

PLAIN = frozenset({".txt", ".text", ".md", ".markdown"})
SUFFIXES = frozenset({".html", ".htm", ".docx", ".pdf", ".eml", ".msg", ".rtf", ".odt", ".doc"}) | PLAIN
"""Endings of the files of a folder that are read as articles."""


def read_article(name: str, data: bytes) -> tuple[tuple[str, str], ...]:
    """The texts of a file as (name, text) pairs: its own, then those of what is attached to it.

    Raises UnreadableDocument when it cannot be opened or holds no text.
    """
    if PurePosixPath(name).suffix.lower() in PLAIN:
        return ((name, _decode(name, data)),)
    document = Document(
        sha256=hashlib.sha256(data).hexdigest(),
        name=PurePosixPath(name).name,
        media_type=guess_media_type(name, data),
        path=name,
    )
    texts = [(name, join_grids(read_document(document, data), paged=find_format(document, data) == "pdf"))]
    if find_format(document, data) in CONTAINERS and PurePosixPath(name).suffix.lower() in {".eml", ".msg", ".zip"}:
        for inner, inside in unpack_document(document, data):
            if PurePosixPath(inner.name).suffix.lower() in SUFFIXES:
                texts += read_article(inner.path, inside)
    found = tuple((where, text) for where, text in texts if text.strip())
    if not found:
        raise UnreadableDocument(name, "holds no text", "If it is a scan, run it through text recognition first")
    return found


def _decode(name: str, data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableDocument(name, "is not text in UTF-8, UTF-16 or Windows-1252", "Save it as UTF-8")


def join_grids(grids: tuple[Grid, ...], *, paged: bool = False) -> str:
    """The text of Grids: a paragraph a line with a blank line after it, or a line a line where it is `paged`."""
    blocks = []
    for grid in grids:
        rows: dict[int, list[str]] = {}
        for cell in grid.cells:
            words = re.sub(r"[^\S\t ]+", " ", cell.text).strip() if grid.kind == "text" else " ".join(cell.text.split())
            rows.setdefault(cell.row, []).append(words)
        lines = ["\t".join(rows[row]) for row in sorted(rows)]
        blocks.append(("\n" if paged or grid.kind != "text" else "\n\n").join(lines))
    return "\n\n".join(blocks) + "\n" if blocks else ""
