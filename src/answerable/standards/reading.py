"""An audit folder -> everything in it: the audit, its standards, what was observed, and who replied what.

    my-audit/  audit.toml  standards/*.toml  replies/<service>/...  build/

A service's folder holds filled-in forms, files of the probe, the screenshots they name, and response.toml for its
right of reply. The trap: a file that cannot be read must be a Finding that blocks publishing, since a missing
answer would otherwise look like a setting that nobody tested.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from answerable import store
from answerable.errors import SurveyError
from answerable.model import Document, Finding, Reply, Source
from answerable.standards.audit import AUDIT, RESPONSE, Audit, Response, parse_audit, parse_responses
from answerable.standards.observed import ObservedSetting, read_observed
from answerable.standards.rules import PENALTIES_FILE, Standards, load_standards, parse_standards, read_bundled

Told = Callable[[str, int, int], None]
"""Told a step's name, how many of its items are done, and how many there are."""

READ = (".json", ".xlsx", ".xlsm", ".ods")
"""Endings of files that hold answers; everything else in a service's folder is evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An audit folder as read."""

    audit: Audit
    standards: Standards
    replies: tuple[Reply, ...]
    observed: tuple[ObservedSetting, ...]
    responses: tuple[Response, ...]
    findings: tuple[Finding, ...]


def be_silent(_step: str, _done: int, _total: int) -> None:
    """The progress callable that says nothing."""


def read_standards(folder: Path) -> Standards:
    """The bundled standards, with the folder's own standards/*.toml added."""
    own = store.read_texts(folder, "standards", ".toml")
    if not own:
        return load_standards()
    texts = {name: text for name, text in read_bundled().items() if name != PENALTIES_FILE}
    doubled = sorted(texts.keys() & own.keys())
    if doubled:
        raise SurveyError(f"standards/{doubled[0]}", "has the name of a bundled file", "Give it another name")
    return parse_standards({**texts, **own})


def read_audit(folder: Path, *, progress: Told = be_silent) -> Reading:
    """Read an audit folder. SurveyError for its own files; what is wrong with a file of answers is a Finding."""
    standards = read_standards(folder)
    audit = parse_audit(store.read_text(folder, AUDIT) or "", AUDIT, standards)
    replies, findings = store.read_replies(folder, audit.survey)
    observed: list[ObservedSetting] = []
    responses: list[Response] = []
    found = list(findings)
    for number, reply in enumerate(replies, start=1):
        progress("reading", number, len(replies))
        beside = {document.path: document.sha256 for document in reply.documents}
        for document in reply.documents:
            if document.name == RESPONSE:
                text = store.read_bytes(folder, document).decode("utf-8-sig", errors="replace")
                responses += parse_responses(text, f"replies/{document.path}", reply.authority, audit, standards)
            elif document.name.endswith(READ):
                data = store.read_bytes(folder, document)
                more, wrong = read_observed(audit, standards, reply.authority, document, data, beside)
                observed += more
                found += wrong
    found += find_repeats(observed)
    return Reading(
        audit=audit,
        standards=standards,
        replies=replies,
        observed=tuple(observed),
        responses=tuple(responses),
        findings=tuple(found),
    )


def find_repeats(observed: list[ObservedSetting]) -> list[Finding]:
    """Findings for answers that one tester gave twice in one run and edition with different values."""
    seen: dict[tuple[str, str, str, int, str, int], ObservedSetting] = {}
    findings = []
    for item in observed:
        key = (item.visit.service, item.edition, item.setting, item.age, item.visit.tester, item.visit.run)
        first = seen.setdefault(key, item)
        if first is not item and first.value != item.value:
            where = f"{item.source.document}, {item.source.part}, {item.source.ref}"
            message = (
                f"{where}: {item.setting} at {item.age} is {item.value}, and {first.value} in {first.source.document}, "
                f"by one tester in one run. Give the later file another run number."
            )
            source = Source(document=item.source.document, part=item.source.part, ref=item.source.ref, quote="")
            findings.append(
                Finding(
                    check="answered-twice", severity="error", message=message, subject=item.visit.service, source=source
                )
            )
    return findings


def list_evidence(reading: Reading) -> dict[str, tuple[Document, ...]]:
    """Service id -> the documents of its folder that some answer names as evidence, in the folder's order."""
    named = {item.evidence for item in reading.observed}
    return {
        reply.authority: tuple(document for document in reply.documents if document.path in named)
        for reply in reading.replies
    }
