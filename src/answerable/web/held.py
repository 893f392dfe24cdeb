"""What the app holds in memory: the survey as last read, what reviewers said since, and the queue that is left.

Documents are opened once; a decision is applied to what was read then, and a patch of lookups.toml is read from
the grids again, so that the queue answers at once while a build runs elsewhere. The trap is a stale copy: every
request first looks whether another person or program changed the files.
"""

import gc
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from answerable import store
from answerable.checks import run_checks
from answerable.decisions import LOOKUP, parse_decisions, settle_findings, write_decision
from answerable.errors import StoreError
from answerable.inbox import date_replies, read_inbox
from answerable.line import apply_reviews, ignore_progress
from answerable.lookups import parse_lookups
from answerable.model import Decision, Edition, Finding, Observation, Survey
from answerable.reading import Progress, Read, read_replies
from answerable.web import teaching
from answerable.web.choices import Choice
from answerable.web.items import Item, list_items
from answerable.web.rulings import Ruling, find_conflicts, make_decisions, undo_decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One consistent look at the survey: what was read, what was decided, and what is open."""

    survey: Survey
    reads: tuple[Read, ...]
    lookups: str
    decisions: tuple[Decision, ...]
    seen: int
    """Bytes of decisions.jsonl that this View knows."""
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]
    items: tuple[Item, ...]


@dataclass(slots=True, kw_only=True)
class Held:
    """The app's one mutable thing. `view` is replaced, never altered; `edition` is the last finished build's."""

    folder: Path
    view: View
    filed: tuple[Finding, ...]
    stamp: tuple[tuple[str, int, int], ...]
    edition: Edition | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    changed: Callable[[], None] | None = None
    """Called after every change, to build again."""


class Conflict(StoreError):
    """Another reviewer decided differently in the meantime; `others` is what they said."""

    def __init__(self, others: Sequence[Decision]) -> None:
        first = others[0]
        super().__init__(
            f"{first.by}, {first.at}",
            f"decided {first.verdict.replace('_', ' ')} in the meantime ({first.reason})",
            "Look again; answer once more to put yours in its place",
        )
        self.others = tuple(others)


def open_survey(folder: Path, *, workers: int | None = None, progress: Progress = ignore_progress) -> Held:
    """A Held of a survey folder, its documents read. Raises StoreError or SurveyError for the survey's files."""
    stamp = store.find_stamp(folder)
    filed, view = _open(folder, workers, progress)
    return Held(folder=folder, view=view, filed=filed, stamp=stamp)


def _open(folder: Path, workers: int | None, progress: Progress) -> tuple[tuple[Finding, ...], View]:
    survey = store.read_survey(folder)
    replies, filed = store.read_replies(folder, survey)
    lookups = store.read_lookups(folder)
    dated = date_replies(replies, read_inbox(folder))
    reads = read_replies(folder, survey, dated, workers=workers, progress=progress)
    view = _look(folder, survey, reads, filed, lookups)
    # What was read stays as long as the app: looking through it for garbage doubled the slowest answers.
    gc.freeze()
    return filed, view


def _look(
    folder: Path,
    survey: Survey,
    reads: tuple[Read, ...],
    filed: Sequence[Finding],
    lookups: str,
    before: Sequence[Item] = (),
) -> View:
    text = store.read_decisions(folder)
    decisions = parse_decisions(text)
    _, observations, decided, on_values = apply_reviews(folder, survey, reads)
    checked = run_checks(survey, tuple(read.reply for read in reads), observations)
    findings = settle_findings((*filed, *decided, *checked), observations, on_values)
    documents = {document.path: document.sha256 for read in reads for document in read.reply.documents}
    return View(
        survey=survey,
        reads=reads,
        lookups=lookups,
        decisions=decisions,
        seen=len(text.encode()),
        observations=observations,
        findings=findings,
        items=list_items(findings, observations, decisions, documents, before),
    )


def look(held: Held) -> View:
    """The View as the files stand now."""
    with held.lock:
        stamp = store.find_stamp(held.folder)
        if stamp != held.stamp:
            _refresh(held, stamp)
        return held.view


def _refresh(held: Held, stamp: tuple[tuple[str, int, int], ...]) -> None:
    lookups, reads = store.read_lookups(held.folder), held.view.reads
    survey = store.read_survey(held.folder)
    if lookups != held.view.lookups or survey != held.view.survey:
        parsed = parse_lookups(lookups, teaching.LOOKUPS)
        reads = tuple(teaching.read_again(survey, read, parsed) for read in reads)
    held.view = _look(held.folder, survey, reads, held.filed, lookups, held.view.items)
    held.stamp = stamp
    if held.changed:
        held.changed()


def find_item(view: View, name: str) -> Item | None:
    """The open Item of that id, None where it is settled."""
    return next((item for item in view.items if item.id == name), None)


def read_clock() -> str:
    """Now, as decisions write it: UTC, to the microsecond, so that two answers never share a time."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def answer_item(held: Held, item: Item, ruling: Ruling, by: str, seen: int) -> tuple[Decision, ...]:
    """Write what a reviewer said of an Item and give the Decisions.

    `seen` is how far decisions.jsonl was read when the Item was shown. Raises Conflict where another reviewer
    said something else since, SurveyError where the answer settles nothing.
    """
    made = make_decisions(item, ruling, by, read_clock())
    append(held, made, by, seen)
    return made


def answer_by_choice(held: Held, item: Item, choice: Choice, reason: str, by: str, seen: int) -> tuple[Decision, ...]:
    """Write what a Choice does, all at one moment, so that one undo takes it back. Raises as `answer_item`."""
    at = read_clock()
    rulings = [replace(ruling, reason=reason) for ruling in choice.rulings]
    made = tuple(decision for ruling in rulings for decision in make_decisions(item, ruling, by, at))
    append(held, made, by, seen)
    return made


def append(held: Held, made: Sequence[Decision], by: str, seen: int) -> None:
    """Append Decisions under the lock; raises Conflict, with nothing written, where others differ."""
    others: list[Decision] = []

    def refuses(since: str) -> bool:
        others.extend(d for d in find_conflicts(parse_decisions(since), made) if d.by != by and d.verdict != "undo")
        return bool(others)

    if not store.append_decisions(held.folder, (write_decision(decision) for decision in made), seen, refuses):
        raise Conflict(others)
    look(held)


def take_back(held: Held, made: Sequence[Decision], by: str) -> tuple[Decision, ...]:
    """Undo Decisions: a line each, and a patch of lookups.toml that one of them saved is taken out again."""
    for decision in made:
        if decision.observation.startswith(LOOKUP) and decision.value:
            text = store.read_lookups(held.folder)
            if decision.value not in text:
                raise StoreError(teaching.LOOKUPS, "the patch was changed by hand", "Take it out there")
            store.change_lookups(held.folder, text, text.replace(decision.value, "", 1))
    undone = undo_decisions(made, by, read_clock())
    store.append_decisions(held.folder, (write_decision(d) for d in undone), 0, lambda _: False)
    look(held)
    return undone


def save_patch(held: Held, item: Item, candidate: teaching.Candidate, reason: str, by: str) -> Decision:
    """Add a Candidate to lookups.toml and one line to decisions.jsonl that says who chose it, and give that line.

    Raises StoreError where lookups.toml changed since it was last looked at, SurveyError where it cannot be added.
    """
    at, view = read_clock(), look(held)
    block = teaching.write_patch(candidate, reason or f"chosen in review: {candidate.shown}", by, at)
    parse_lookups(f"{view.lookups}{block}", teaching.LOOKUPS)
    store.change_lookups(held.folder, view.lookups, f"{view.lookups}{block}")
    decision = Decision(
        observation=f"{LOOKUP}{item.id}",
        verdict="accept",
        value=block,
        reason=reason or f'"{item.text}" means {candidate.shown}',
        by=by,
        at=at,
        quote=item.text,
    )
    store.append_decisions(held.folder, [write_decision(decision)], 0, lambda _: False)
    look(held)
    return decision


def take_edition(held: Held, edition: Edition) -> None:
    """Take a finished build, and what it read: replies that came since are in the queue from now on."""
    stamp = store.find_stamp(held.folder)
    filed, view = _open(held.folder, 1, ignore_progress)  # the build has kept its readings, so nothing is read twice
    with held.lock:
        held.edition, held.filed = edition, filed
        if stamp == store.find_stamp(held.folder):
            held.view, held.stamp = view, stamp
