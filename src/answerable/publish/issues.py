"""changes.json <-> Issues: what each edition changed against the one before it, and when it was published.

An edition keeps its own changes.json, so later ones tell the history without comparing anew. Written before the
pages, which print it as errata and feeds. The trap: a number printed once may be withheld today, so an earlier
erratum repeats it only while the edition at hand may still print it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from answerable.errors import StoreError
from answerable.model import Edition, Figure, Observation, Survey
from answerable.stories import (
    Cause,
    Difference,
    Printed,
    Value,
    compare_printed,
    parse_printed,
    print_edition,
    write_sentences,
)
from answerable.stories.causes import MARK

CHANGES = "changes.json"

ACROSS = frozenset({"rank", "adjusted_p", "wider_ratio", "nonresponse_bounds"})
"""Kinds that move when any authority does: no correction of a place of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One edition in its survey's history. `name` is "" and `at` None while it is not published; `after` names the
    edition before it, "" for the first; `content` is a digest of the figures and sentences it prints."""

    name: str
    at: datetime | None
    after: str
    content: str
    differences: tuple[Difference, ...] = ()


def write_changes(issue: Issue) -> bytes:
    """changes.json: the edition's name and moment, and every difference, a line each."""
    head = {
        "edition": issue.name, "published": issue.at.isoformat() if issue.at else None, "after": issue.after,
        "content": issue.content,
    }  # fmt: skip
    lines = ",\n".join(json.dumps(asdict(item), ensure_ascii=False) for item in issue.differences)
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "differences": [\n{lines}\n]}}\n'.encode()


def parse_changes(text: str, where: str) -> Issue:
    """The Issue of a changes.json. StoreError for a file that is none: what was printed once must stay known."""
    try:
        row = json.loads(text)
        return Issue(
            name=row["edition"],
            at=datetime.fromisoformat(row["published"]) if row["published"] else None,
            after=row["after"],
            content=row["content"],
            differences=tuple(_load_difference(item) for item in row["differences"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        what = f"is not what an edition changed ({error})"
        raise StoreError(where, what, "Restore the edition as it was published") from error


def _load_difference(row: Mapping[str, Any]) -> Difference:
    sides = {name: Value(**row[name]) if row[name] else None for name in ("old", "new")}
    causes = tuple(Cause(**{**item, "documents": tuple(item["documents"])}) for item in row["causes"])
    return Difference(**{**row, **sides, "causes": causes, "figures": tuple(row["figures"])})


def list_issues(edition: Edition, kept: Mapping[str, Mapping[str, str]]) -> tuple[Issue, ...]:
    """The survey's history, the edition at hand last; `kept` are the texts of each published edition's files.

    Where it prints the same figures and sentences as the last published one, it is that one. An edition that was
    kept without a changes.json is compared with, and has no place of its own in the history.
    """
    printed = print_edition(edition, "")
    content = digest_printed(edition, printed)
    known = [
        parse_changes(files[CHANGES], f"published/{name}/{CHANGES}") for name, files in kept.items() if CHANGES in files
    ]
    past = sorted(known, key=lambda issue: issue.at or datetime.min.replace(tzinfo=UTC))
    if past and past[-1].content == content:
        return (*(screen_issue(issue, edition.figures, edition.observations) for issue in past[:-1]), past[-1])
    last = past[-1].name if past else ([*kept] or [""])[-1]
    found: tuple[Difference, ...] = ()
    if last:
        found = compare_printed(edition.survey, parse_printed(edition.survey, last, kept[last]), printed)
    draft = Issue(name="", at=None, after=last, content=content, differences=found)
    return (*(screen_issue(issue, edition.figures, edition.observations) for issue in past), draft)


def add_issue(issues: Sequence[Issue], name: str, at: datetime) -> tuple[Issue, ...]:
    """The history with the edition at hand published as `name` at that moment, to the second.

    Where it prints the same figures and sentences as the last one it follows that one, and changes nothing.
    """
    last, at = issues[-1], at.replace(microsecond=0)
    if last.name:
        return (*issues, replace(last, name=name, at=at, after=last.name, differences=()))
    return (*issues[:-1], replace(last, name=name, at=at))


def digest_printed(edition: Edition, printed: Printed) -> str:
    """16 hex digits over every figure and sentence, and over the accepted readings behind them."""
    digest = hashlib.sha256()
    for item in edition.figures:
        digest.update(repr((item.id, item.value, item.low, item.high, item.n_answered, item.n_matched)).encode())
    for reading in edition.observations:
        digest.update(repr((reading.id, reading.value, reading.status, reading.bounds, reading.accepted)).encode())
    digest.update(write_sentences(printed.sentences or ()))
    return digest.hexdigest()[:16]


def screen_issue(issue: Issue, figures: Iterable[Figure], readings: Iterable[Observation]) -> Issue:
    """An earlier issue without the numbers that an edition with these figures and readings may not print."""
    values = {item.id: item.value for item in figures}
    exact = {name for name, value in values.items() if value is not None}
    withheld = any(item.status == "suppressed" for item in readings)
    # A figure that is a range now, or gone, may hold a withheld count back or protect another one.
    barred = {name for item in issue.differences for name in item.figures if withheld and name not in exact}
    return replace(
        issue,
        differences=tuple(_mask(item) if barred.intersection(item.figures) else item for item in issue.differences),
    )


def _mask(item: Difference) -> Difference:
    hidden = Value(text=MARK)
    causes = tuple(replace(cause, text=cause.text.partition(": ")[0]) for cause in item.causes)
    return replace(item, old=hidden if item.old else None, new=hidden if item.new else None, causes=causes, hidden=True)


def start_history(edition: Edition) -> tuple[Issue, ...]:
    """The history of an edition that stands alone."""
    return list_issues(edition, {})


def find_moment(edition: Edition, issue: Issue) -> datetime:
    """When an issue was, or may first be, published: its own moment, the embargo's end, the survey's day of
    publication, the last reply's day, else the end of what was asked for. Never the clock's."""
    survey = edition.survey
    if issue.at or survey.embargo_until:
        return issue.at or survey.embargo_until or datetime.min
    received = [reply.received for reply in edition.replies if reply.received]
    day = survey.published or max(received, default=survey.periods[-1].end)
    return datetime.combine(day, time(), tzinfo=UTC)


def is_erratum(items: Sequence[Difference]) -> bool:
    """Whether any of some differences takes back what was printed, rather than adding replies to it."""
    added = {"arrived", "taken_in"}
    return any(
        item.change != "added" and not (item.causes and all(cause.kind in added for cause in item.causes))
        for item in items
        if item.subject == "figure"
    )


def find_revised(issues: Iterable[Issue]) -> frozenset[str]:
    """Ids of the figures that some edition printed otherwise than the one before it."""
    return frozenset(
        item.id
        for issue in issues
        for item in issue.differences
        if item.subject == "figure" and item.change == "changed" and is_erratum((item,))
    )


def find_day(edition: Edition, issue: Issue) -> date:
    """The day of `find_moment`, where the moment was written."""
    return find_moment(edition, issue).date()


def list_own(issue: Issue, where: str | None) -> tuple[Difference, ...]:
    """The figures of one place that an issue changed, without those that only follow from other places'."""
    return tuple(
        item
        for item in issue.differences
        if item.subject == "figure" and item.authority == where and item.kind not in ACROSS
    )


def name_survey(survey: Survey) -> str:
    """What feed ids are made from: the survey and its last period, which no later edition changes."""
    return f"answerable:{survey.id}:{survey.periods[-1].id}"
