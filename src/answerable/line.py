"""The steps in their order: what `build` runs, for the command line and the review app alike.

It holds no method of its own: it reads documents, hands each step's result to the next, and turns an
UnreadableDocument into a Finding so that one bad file never stops a survey. The trap: a reply that fails to
read must still be counted as a reply that came, never as silence.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from answerable import store
from answerable.bounds import find_leaks, mask_grids, protect_counts
from answerable.checks import run_checks
from answerable.cluster import map_documents
from answerable.decisions import apply_decisions, parse_decisions
from answerable.errors import UnreadableDocument
from answerable.figures import Population, compute_figures, parse_population
from answerable.formats.safely import open_safely
from answerable.lookups import parse_lookups
from answerable.model import Document, Edition, Figure, Finding, Grid, Observation, Reply, Source, Survey
from answerable.observations import find_observations, settle_reply
from answerable.publish import render_edition
from answerable.stories import ANSWERS, find_unproven, parse_answers

Progress = Callable[[str, int, int], None]
"""Told the step's name, how many of its items are done, and how many there are."""

POPULATION = "population.csv"
"""Children by authority, beside survey.toml; without it no rate is computed."""

FEW = 24
"""Up to this many replies are read in this process: starting others would take longer than they save."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one reply gave: itself with all its documents, their grids, observations and findings."""

    reply: Reply
    grids: tuple[Grid, ...]
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did: the paths in build/ whose bytes changed, and how many findings are errors."""

    changed: tuple[str, ...]
    n_errors: int
    withheld: tuple[str, ...] = ()
    """What `protect` withheld, in words."""


def ignore_progress(_step: str, _done: int, _total: int) -> None:
    """The progress callable that says nothing."""


def read_edition(
    folder: Path, *, workers: int | None = None, protect: bool = False, progress: Progress = ignore_progress
) -> Edition:
    """Every step from the documents to the figures, with nothing written.

    With `protect` the fewest further counts are withheld where a suppressed one could be worked out.
    Raises StoreError or SurveyError for the survey's own files; what is wrong in a reply is a Finding.
    """
    survey = store.read_survey(folder)
    replies, findings = store.read_replies(folder, survey)
    reads = _read_replies(folder, survey, replies, workers, progress)
    observations = tuple(observation for read in reads for observation in read.observations)
    decisions = parse_decisions(store.read_decisions(folder))
    observations, stale = apply_decisions(observations, decisions)
    answers = parse_answers(store.read_text(folder, ANSWERS) or "", {item.id for item in survey.authorities})
    settled = tuple(read.reply for read in reads)
    progress("checking", 0, 1)
    checked = run_checks(survey, settled, observations)
    progress("figures", 0, 1)
    figures = compute_figures(survey, settled, observations, population=_read_population(folder))
    edition = Edition(
        survey=survey,
        replies=settled,
        grids=tuple(grid for read in reads for grid in read.grids),
        observations=observations,
        findings=(*findings, *(finding for read in reads for finding in read.findings), *stale, *checked),
        figures=figures,
        answers=answers,
    )
    progress("gate", 0, 1)
    edition = pass_gate(edition, store.read_editions(folder), protect=protect)
    # Told from what is left to print, so that no sentence states a withheld count.
    return replace(edition, findings=(*edition.findings, *find_unproven(survey, settled, edition.figures)))


def pass_gate(edition: Edition, earlier: Mapping[str, Sequence[Figure]], *, protect: bool) -> Edition:
    """The edition with the gate's findings; with `protect`, without the counts that had to be withheld."""
    survey, observations, figures = edition.survey, edition.observations, edition.figures
    if not protect:
        return replace(edition, findings=(*edition.findings, *find_leaks(survey, observations, figures, earlier)))
    safe = protect_counts(survey, observations, figures, earlier)
    return replace(
        edition,
        grids=mask_grids(edition.grids, safe.observations),
        observations=safe.observations,
        findings=(*edition.findings, *safe.findings),
        figures=safe.figures,
    )


def _read_population(folder: Path) -> Population | None:
    text = store.read_text(folder, POPULATION)
    return None if text is None else parse_population(text, POPULATION)


def build_survey(
    folder: Path,
    *,
    inputs: str | None = None,
    workers: int | None = None,
    protect: bool = False,
    progress: Progress = ignore_progress,
) -> Built:
    """Read, check, compute and write build/. `inputs` is `store.hash_inputs` where the caller has it already."""
    inputs = inputs or store.hash_inputs(folder)
    edition = read_edition(folder, workers=workers, protect=protect, progress=progress)
    changed = store.write_build(folder, _count_pages(render_edition(edition), progress), inputs)
    errors = sum(finding.severity == "error" for finding in edition.findings)
    withheld = tuple(finding.message for finding in edition.findings if finding.check == "withheld")
    return Built(changed=changed, n_errors=errors, withheld=withheld)


def _count_pages(items: Iterator[tuple[str, bytes]], progress: Progress) -> Iterator[tuple[str, bytes]]:
    for number, item in enumerate(items, start=1):
        progress("publishing", number, 0)
        yield item


def _read_replies(
    folder: Path, survey: Survey, replies: Sequence[Reply], workers: int | None, progress: Progress
) -> tuple[Read, ...]:
    lookups = store.read_lookups(folder)
    came = [reply for reply in replies if reply.documents]
    if workers is None and len(came) <= FEW:
        workers = 1
    reader = partial(read_reply, folder, survey, lookups)
    reads = {}
    for number, read in enumerate(map_documents(reader, came, workers=workers), start=1):
        progress("reading", number, len(came))
        reads[read.reply.id] = read
    silent = (reply for reply in replies if not reply.documents)
    reads |= {reply.id: Read(reply=reply, grids=(), observations=(), findings=()) for reply in silent}
    return tuple(reads[reply.id] for reply in replies)


def read_reply(folder: Path, survey: Survey, lookups_text: str, reply: Reply) -> Read:
    """One reply read: its documents and those inside them, to observations and findings."""
    lookups = parse_lookups(lookups_text, "lookups.toml")
    documents: list[Document] = []
    grids: list[Grid] = []
    findings: list[Finding] = []
    for document in reply.documents:
        for inner, found in _open_document(document, store.read_bytes(folder, document)):
            if inner not in documents:
                documents.append(inner)
            if isinstance(found, Finding):
                findings.append(replace(found, subject=reply.authority))
            else:
                grids.extend(found)
    observations, left = find_observations(survey, reply, grids, lookups)
    reply = settle_reply(replace(reply, documents=tuple(documents)), grids, observations)
    return Read(reply=reply, grids=tuple(grids), observations=observations, findings=(*findings, *left))


def _open_document(document: Document, data: bytes) -> Iterator[tuple[Document, tuple[Grid, ...] | Finding]]:
    """The document and every one inside it, outermost first, each with its grids or with why there are none.

    How deep they go is bounded by `formats.limits.MAX_DEPTH`, which unpacking keeps.
    """
    try:
        grids, inner, fault = open_safely(document, data)
    except UnreadableDocument as error:
        yield document, _report_unreadable(document, error, "")
        return
    yield document, grids
    if fault:
        yield document, _report_unreadable(document, fault, "")
    for child, child_data in inner:
        yield from _open_document(child, child_data)


def _report_unreadable(document: Document, error: UnreadableDocument, subject: str) -> Finding:
    return Finding(
        check="unreadable-document",
        severity="error",
        message=str(error),
        subject=subject,
        source=Source(document=document.path, part="", ref="", quote=""),
    )
