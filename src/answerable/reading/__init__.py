"""One reply's documents -> opened in a bounded worker, screened, read into Observations; kept until they change.

Stands before `line`, which reads every reply of a survey through it. What is wrong in a document is a Finding.
The trap: a reply that fails to read must still be counted as a reply that came, never as silence.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib import metadata
from pathlib import Path

from answerable import store
from answerable.cluster import map_documents
from answerable.errors import UnreadableDocument
from answerable.formats.safely import Opened, open_safely
from answerable.lookups import parse_lookups
from answerable.model import Document, Finding, Grid, Reply, Source, Survey
from answerable.observations import find_observations, settle_reply
from answerable.reading.kept import Read, dump_read, load_read

__all__ = ["Progress", "Read", "read_replies", "read_reply"]

Progress = Callable[[str, int, int], None]
"""Told the step's name, how many of its items are done, and how many there are."""

FEW = 24
"""Up to this many replies are read in this process: starting others would take longer than they save."""

LIBRARIES = ("lxml", "olefile", "pillow", "pypdfium2", "python-calamine", "selectolax", "xlrd")
PROGRAMS = ("tesseract", "soffice", "libreoffice")
"""What the readers rest on: once one is installed or renewed, everything is read again."""


def read_replies(
    folder: Path,
    survey: Survey,
    replies: Sequence[Reply],
    *,
    workers: int | None,
    progress: Progress,
    afresh: bool = False,
) -> tuple[Read, ...]:
    """What every reply gave, in the order of `replies`.

    A reply whose documents, survey and readers are as they were is not read again, unless `afresh`.
    """
    lookups = store.read_lookups(folder)
    came = [reply for reply in replies if reply.documents]
    base = _hash_reader(folder)
    keys = {reply.id: hashlib.sha256(f"{base}\0{reply!r}".encode()).hexdigest() for reply in came}
    reads = {} if afresh else _read_kept(folder, keys)
    changed = [reply for reply in came if reply.id not in reads]
    if workers is None and len(changed) <= FEW:
        workers = 1
    reader = partial(read_reply, folder, survey, lookups)
    for number, read in enumerate(map_documents(reader, changed, workers=workers), start=1):
        progress("reading", number, len(changed))
        reads[read.reply.id] = read
        store.keep_reading(folder, keys[read.reply.id], dump_read(read))
    store.forget_readings(folder, keys.values())
    silent = (reply for reply in replies if not reply.documents)
    reads |= {reply.id: Read(reply=reply, grids=(), observations=(), findings=()) for reply in silent}
    return tuple(reads[reply.id] for reply in replies)


def _hash_reader(folder: Path) -> str:
    """All that decides how a reply is read, its own documents left out."""
    programs = [name for name in PROGRAMS if shutil.which(name)]
    return f"{store.hash_reader(folder)} {[_find_version(name) for name in LIBRARIES]} {programs}"


def _find_version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _read_kept(folder: Path, keys: dict[str, str]) -> dict[str, Read]:
    kept = {name: store.read_reading(folder, key) for name, key in keys.items()}
    found = {name: load_read(data) for name, data in kept.items() if data is not None}
    return {name: read for name, read in found.items() if read is not None}


def read_reply(folder: Path, survey: Survey, lookups_text: str, reply: Reply) -> Read:
    """One reply read: its documents and those inside them, to observations and findings."""
    lookups = parse_lookups(lookups_text, "lookups.toml")
    domains = _find_domains(survey, reply)
    documents: list[Document] = []
    grids: list[Grid] = []
    findings: list[Finding] = []
    for document in reply.documents:
        for inner, found in _open_document(document, store.read_bytes(folder, document), domains):
            if inner not in documents:
                documents.append(inner)
            if isinstance(found, Finding):
                findings.append(replace(found, subject=reply.authority))
            else:
                grids.extend(found)
    observations, left = find_observations(survey, reply, grids, lookups)
    reply = settle_reply(replace(reply, documents=tuple(documents)), grids, observations)
    return Read(reply=reply, grids=tuple(grids), observations=observations, findings=(*findings, *left))


def _find_domains(survey: Survey, reply: Reply) -> tuple[str, ...]:
    """Mail domains whose addresses give no one away: the authority's and the asker's own."""
    own = [authority.domain for authority in survey.authorities if authority.id == reply.authority]
    asker = survey.contact.email.rpartition("@")[2] if survey.contact else ""
    return tuple(name for name in (*own, asker) if name)


def _open_document(
    document: Document, data: bytes, domains: tuple[str, ...]
) -> Iterator[tuple[Document, tuple[Grid, ...] | Finding]]:
    """The document and every one inside it, outermost first, each with its grids, findings, or why there are none.

    How deep they go is bounded by `formats.limits.MAX_DEPTH`, which unpacking keeps.
    """
    try:
        opened: Opened = open_safely(document, data, domains=domains)
    except UnreadableDocument as error:
        yield document, _report_unreadable(document, error)
        return
    yield document, opened.grids
    yield from ((document, finding) for finding in opened.findings)
    if opened.fault:
        yield document, _report_unreadable(document, opened.fault)
    for child, child_data in opened.inner:
        yield from _open_document(child, child_data, domains)


def _report_unreadable(document: Document, error: UnreadableDocument) -> Finding:
    return Finding(
        check="unreadable-document",
        severity="error",
        message=str(error),
        subject="",
        source=Source(document=document.path, part="", ref="", quote=""),
    )
