"""A document as it arrives -> Findings for what it may give away without meaning to.

Stands after the readers, before anything is published: authorities have released names and victims in hidden
sheets and pivot caches. Every Finding's check begins `quarantine-`; the document is held until a person decides
(as Alaveteli does). The trap is the message itself: it says what kind of thing was found and where, and never
repeats it, nor does its source quote it.
"""

from collections.abc import Iterable

from answerable.errors import UnreadableDocument
from answerable.formats.screening.contents import find_contents
from answerable.formats.screening.hidden import find_hidden
from answerable.formats.screening.personal import find_personal
from answerable.model import Document, Finding, Grid, Severity, Source

__all__ = ["CHECKS", "PREFIX", "screen_document"]

PREFIX = "quarantine-"
"""How the name of every check begins that holds a document back."""

CHECKS: dict[str, tuple[Severity, str, str]] = {
    "quarantine-not-screened": ("error", "it could not be screened", "Look at it by hand"),
    "quarantine-hidden-sheet": ("warning", "a hidden sheet with {n} filled cells", "Look at it in review"),
    "quarantine-hidden-rows": ("warning", "{n} filled cells in hidden rows", "Unhide the rows and look at them"),
    "quarantine-hidden-columns": (
        "warning",
        "{n} filled cells in hidden columns",
        "Unhide the columns and look at them",
    ),
    "quarantine-masked-number": (
        "warning",
        "{n} numbers that a format masks and the file still holds",
        "Treat them as withheld, and tell the authority",
    ),
    "quarantine-hidden-text": ("warning", "{n} pieces of hidden text", "Look at them in review"),
    "quarantine-tracked-changes": ("warning", "{n} tracked deletions, still in the file", "Ask for a clean copy"),
    "quarantine-comments": ("info", "{n} comments", "Read them before the file is shown to anyone"),
    "quarantine-pivot-cache": (
        "warning",
        "{n} pivot caches, which may hold every record",
        "Ask for a copy with values only",
    ),
    "quarantine-embedded-object": ("warning", "{n} embedded files or objects", "Open each and look at it"),
    "quarantine-document-properties": (
        "info",
        "its properties name {n} people or bodies",
        "Remove them before showing it",
    ),
    "quarantine-external-link": ("warning", "{n} links to files outside it", "Ask for a copy with values only"),
    "quarantine-macros": ("warning", "macros, which were not run", "Ask for a copy without macros"),
    "quarantine-nhs-number": (
        "error",
        "what look like NHS numbers in {n} places",
        "Do not publish it; tell the authority",
    ),
    "quarantine-national-insurance-number": (
        "error",
        "what look like national insurance numbers in {n} places",
        "Do not publish it; tell the authority",
    ),
    "quarantine-date-of-birth": ("error", "dates of birth in {n} places", "Do not publish it; tell the authority"),
    "quarantine-name-and-birth": (
        "error",
        "names beside dates of birth in {n} rows",
        "Do not publish it; tell the authority",
    ),
    "quarantine-phone-number": ("warning", "telephone numbers in {n} places", "See whose they are"),
    "quarantine-email-address": ("warning", "e-mail addresses of no public office in {n} places", "See whose they are"),
}
"""Check -> severity, what the message says, and what to do next."""


def screen_document(
    document: Document, data: bytes, grids: tuple[Grid, ...], *, domains: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Findings for what a document hides or gives away, one for each check and part, masked.

    `domains` are mail domains that give no one away: the authority's and the asker's own ("kent.police.uk").
    """
    found: dict[tuple[str, str], list[str]] = {}
    hits: Iterable[tuple[str, str, str]] = (
        *find_hidden(grids),
        *_find_contents(document, data),
        *find_personal(grids, domains),
    )
    for check, part, ref in hits:
        found.setdefault((check, part), []).append(ref)
    order = list(CHECKS)
    return tuple(
        make_finding(document, check, part, refs)
        for (check, part), refs in sorted(found.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    )


def _find_contents(document: Document, data: bytes) -> tuple[tuple[str, str, str], ...]:
    """As `find_contents`; a document that reads and cannot be looked into is held, not let through."""
    try:
        return tuple(find_contents(document, data))
    except UnreadableDocument:
        return (("quarantine-not-screened", "", ""),)


def make_finding(document: Document, check: str, part: str, refs: list[str]) -> Finding:
    """One Finding with where, what and what next; its source quotes nothing."""
    severity, what, next_step = CHECKS[check]
    place = ", ".join(text for text in (f"replies/{document.path}", part, refs[0]) if text)
    return Finding(
        check=check,
        severity=severity,
        message=f"{place}: {what.format(n=len(refs))}. {next_step}.",
        subject=document.path.partition("/")[0] if "/" in document.path else "",
        source=Source(document=document.path, part=part, ref=refs[0], quote=""),
    )
