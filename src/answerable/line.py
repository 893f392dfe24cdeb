"""The steps in their order: what `build` runs, for the command line and the review app alike.

It holds no method of its own: it hands each step's result to the next. The trap: an edition for a reviewer shows
everything, one for print must have passed the gate and hold back what a person has not released.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from answerable import store
from answerable.ask.board import add_received, make_board
from answerable.ask.chase import Matter
from answerable.ask.contacts import FILE as CONTACTS
from answerable.ask.contacts import parse_contacts
from answerable.ask.outbox import read_outbox
from answerable.ask.record import read_events
from answerable.ask.references import KINDS
from answerable.bounds import find_leaks, mask_grids, protect_counts
from answerable.checks import run_checks
from answerable.clock import find_deadlines, load_calendar
from answerable.decisions import apply_decisions, parse_decisions, settle_findings
from answerable.figures import Population, compute_figures, compute_second_figures, parse_population
from answerable.inbox import date_replies, read_inbox
from answerable.model import Decision, Edition, Figure, Finding, Grid, Observation, Reply, Survey
from answerable.observations import find_outcome
from answerable.proposals import FILE as PROPOSALS
from answerable.proposals import apply_proposals, parse_proposals
from answerable.publish import Issue, add_issue, list_issues, render_edition
from answerable.quarantine import decide_documents, hold_back, split_decisions
from answerable.reading import Progress, Read, read_replies
from answerable.second import FILE as SECOND
from answerable.second import choose_sample, pair_readings, parse_second
from answerable.stories import ANSWERS, find_unproven, parse_answers
from answerable.survey import is_embargoed

POPULATION = "population.csv"
"""Children by authority, beside survey.toml; without it no rate is computed."""


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
    folder: Path,
    *,
    workers: int | None = None,
    protect: bool = False,
    afresh: bool = False,
    progress: Progress = ignore_progress,
) -> Edition:
    """Every step from the documents to the figures, for a reviewer: nothing is held back, no output is written.

    With `protect` the fewest further counts are withheld where a suppressed one could be worked out. With
    `afresh` every document is read again, also those that have not changed.
    Raises StoreError or SurveyError for the survey's own files; what is wrong in a reply is a Finding.
    """
    survey = store.read_survey(folder)
    replies, findings = store.read_replies(folder, survey)
    replies = date_replies(replies, read_inbox(folder))
    reads = read_replies(folder, survey, replies, workers=workers, progress=progress, afresh=afresh)
    answers = parse_answers(store.read_text(folder, ANSWERS) or "", {item.id for item in survey.authorities})
    settled = tuple(read.reply for read in reads)
    grids, observations, decided, decisions = apply_reviews(folder, survey, reads)
    progress("checking", 0, 1)
    checked = run_checks(survey, settled, observations)
    progress("figures", 0, 1)
    late = _find_late(folder, survey, settled)
    figures = compute_figures(survey, settled, observations, population=_read_population(folder), late=late)
    figures = (*figures, *_compare_readers(folder, survey, observations))
    edition = Edition(
        survey=survey,
        replies=settled,
        grids=grids,
        observations=observations,
        findings=settle_findings((*findings, *decided, *checked), observations, decisions),
        figures=figures,
        answers=answers,
    )
    progress("gate", 0, 1)
    edition = pass_gate(edition, store.read_seen(folder), protect=protect)
    # Told from what is left to print, so that no sentence states a withheld count.
    return replace(edition, findings=(*edition.findings, *find_unproven(survey, settled, edition.figures)))


def apply_reviews(
    folder: Path, survey: Survey, reads: Sequence[Read]
) -> tuple[tuple[Grid, ...], tuple[Observation, ...], tuple[Finding, ...], tuple[Decision, ...]]:
    """(grids, observations, findings, decisions on values and findings): what was read and what a model proposed,
    as reviewers decided on values and documents. `settle_findings` comes after the checks."""
    read = [item for one in reads for item in one.observations]
    grids = [grid for one in reads for grid in one.grids]
    proposals = parse_proposals(store.read_text(folder, PROPOSALS) or "")
    proposed, said = apply_proposals(survey, [one.reply for one in reads], grids, read, proposals)
    decisions, on_documents = split_decisions(parse_decisions(store.read_decisions(folder)))
    observations, stale = apply_decisions([*read, *proposed], decisions)
    documents = [document for one in reads for document in one.reply.documents]
    found = [finding for one in reads for finding in one.findings]
    findings, left_out = decide_documents(documents, [*found, *said, *stale], on_documents)
    shown = tuple(grid for grid in grids if grid.document not in left_out)
    kept = tuple(item for item in observations if item.source.document not in left_out)
    return shown, kept, findings, decisions


def read_matter(folder: Path, today: date, *, progress: Progress = ignore_progress) -> Matter:
    """Where every request stands on a day (`board`), with what chasers are written from; nothing is computed.

    Raises StoreError or SurveyError for the survey's own files.
    """
    survey = store.read_survey(folder)
    replies, _ = store.read_replies(folder, survey)
    reads = read_replies(folder, survey, replies, workers=None, progress=progress)
    grids, observations, _, _ = apply_reviews(folder, survey, reads)
    return make_matter(folder, survey, reads, grids, observations, today)


def make_matter(
    folder: Path, survey: Survey, reads: Sequence[Read], grids: Sequence[Grid],
    observations: Sequence[Observation], today: date,
) -> Matter:  # fmt: skip
    """The same from replies that are read already."""
    settled = tuple(read.reply for read in reads)
    calendar = load_calendar(store.read_text(folder, "holidays.csv"))
    events, outbox = add_received(read_events(folder, survey), settled), read_outbox(folder)
    board = make_board(
        survey, settled, observations, events, outbox, today, calendar, _count_children(folder, survey),
        [read.reply.authority for read in reads if _is_acknowledgement(read)],
        [(kind, name.removesuffix(".eml")) for kind in KINDS for name in store.list_letters(folder, kind)],
    )  # fmt: skip
    return Matter(
        survey=survey, board=board, replies=settled, observations=tuple(observations), grids=tuple(grids),
        events=events, outbox=outbox, contacts=parse_contacts(store.read_text(folder, CONTACTS), survey), today=today,
        calendar=calendar,
    )  # fmt: skip


def _is_acknowledgement(read: Read) -> bool:
    """Whether all that came says only that the request has been received."""
    waits = read.reply.outcome == "waiting_response" and not read.observations
    return waits and find_outcome(read.grids, answered=0, exemptions=()) == "waiting_response"


def _count_children(folder: Path, survey: Survey) -> dict[str, int]:
    """Authority id -> children in the last period, for those that population.csv knows."""
    population = _read_population(folder)
    if population is None:
        return {}
    found = {authority.id: population.find(authority.id, survey.periods[-1].id) for authority in survey.authorities}
    return {name: value for name, value in found.items() if value is not None}


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


def _find_late(folder: Path, survey: Survey, replies: Sequence[Reply]) -> frozenset[str]:
    """Authorities whose time under the law was over without a reply when the survey closed: on the day it is
    published, else on the last day that anything came, so that a build next week says the same."""
    events = read_events(folder, survey)
    days = [reply.received for reply in replies if reply.received]
    days += [event.on for own in events.values() for event in own]
    closed = survey.published or max(days, default=None)
    if closed is None:
        return frozenset()
    calendar = load_calendar()
    found = set()
    for authority in survey.authorities:
        due = [
            deadline.due
            for deadline in find_deadlines(authority.law, events.get(authority.id, ()), calendar)
            if deadline.kind in {"reply", "reply_extended"}
        ]
        if due and max(due) < closed:
            found.add(authority.id)
    return frozenset(found)


def _compare_readers(folder: Path, survey: Survey, observations: Sequence[Observation]) -> tuple[Figure, ...]:
    """How far people who read a sample again agree, () where nobody has."""
    pairs = pair_readings(parse_second(store.read_text(folder, SECOND) or ""))
    return compute_second_figures(survey, pairs, len(choose_sample(survey, observations)))


def _read_population(folder: Path) -> Population | None:
    text = store.read_text(folder, POPULATION)
    return None if text is None else parse_population(text, POPULATION)


def build_survey(
    folder: Path,
    *,
    inputs: str | None = None,
    workers: int | None = None,
    protect: bool = False,
    afresh: bool = False,
    progress: Progress = ignore_progress,
) -> Built:
    """Read, check, compute and write build/. `inputs` is `store.hash_inputs` where the caller has it already."""
    inputs = inputs or store.hash_inputs(folder)
    edition = read_edition(folder, workers=workers, protect=protect, afresh=afresh, progress=progress)
    edition = hold_back(edition)
    return write_edition(folder, edition, list_issues(edition, store.read_kept(folder)), inputs, progress)


def approve_all() -> bool:
    """The approval that asks for nothing more than the findings do."""
    return True


def publish_survey(
    folder: Path,
    *,
    now: datetime,
    approve: Callable[[], bool] = approve_all,
    name: str | None = None,
    protect: bool = False,
    progress: Progress = ignore_progress,
) -> tuple[Built, Path | None]:
    """Build, and keep the result as an edition published at `now`; (what was built, where it is kept).

    Nothing is kept where a finding is an error or `approve`, called on the finished build, says no. While the
    embargo holds it is kept in embargoed/ as a draft. Where the last edition holds the same bytes, it is that one.
    Raises SurveyError for an embargo without an end.
    """
    embargoed = is_embargoed(store.read_survey(folder), now)
    inputs = store.hash_inputs(folder) + ("+protect" if protect else "")
    edition = hold_back(read_edition(folder, protect=protect, progress=progress))
    issues = list_issues(edition, store.read_kept(folder))
    last = issues[-1]
    faulty = any(finding.severity == "error" for finding in edition.findings)
    if faulty or embargoed or (last.name and name in (None, last.name)):
        built = write_edition(folder, edition, issues, inputs, progress)
        if faulty or not approve():
            return built, None
        kept = store.keep_edition(folder, name, now=now) if embargoed else store.find_kept(folder, last.name)
        if kept:
            return built, kept
    name = store.name_edition(folder, name)
    built = write_edition(folder, edition, add_issue(issues, name, now), inputs, progress)
    return built, store.keep_edition(folder, name, now=now) if approve() else None


def write_edition(folder: Path, edition: Edition, issues: tuple[Issue, ...], inputs: str, progress: Progress) -> Built:
    """Write build/ from an edition that may be printed, with what was published before it."""
    changed = store.write_build(folder, _count_pages(render_edition(edition, issues), progress), inputs)
    errors = sum(finding.severity == "error" for finding in edition.findings)
    withheld = tuple(finding.message for finding in edition.findings if finding.check == "withheld")
    return Built(changed=changed, n_errors=errors, withheld=withheld)


def _count_pages(items: Iterator[tuple[str, bytes]], progress: Progress) -> Iterator[tuple[str, bytes]]:
    for number, item in enumerate(items, start=1):
        progress("publishing", number, 0)
        yield item
