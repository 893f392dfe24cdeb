"""Atom feeds (RFC 4287): one for the whole and one for each region and authority, with new and corrected figures.

A place's release is one entry whose id never changes and whose `updated` moves when its figures do; each edition
that changed it is another. The trap: ids must outlive the address, so they are made of the survey's id and its
last period; and times are those editions were published at, never the time of building.
"""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment

from answerable.publish.errata import list_printed, write_side
from answerable.publish.issues import ACROSS, Issue, find_moment, is_erratum, list_own, name_survey
from answerable.publish.pages import Desk
from answerable.stories import Difference, Story
from answerable.stories.wording import write_date

MOST = 40
"""So many changed figures are told in one entry; the page of changes has them all."""
_CONTROL = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML 1.0 cannot hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One atom:entry. `lines` are its paragraphs, `changes` (figure, before, now) rows."""

    id: str
    title: str
    published: str
    updated: str
    href: str
    summary: str
    lines: tuple[str, ...]
    changes: tuple[tuple[str, str, str], ...] = ()
    more: int = 0


def render_feeds(desk: Desk, environment: Environment, issues: Sequence[Issue]) -> Iterator[tuple[str, bytes]]:
    """(path in the site, bytes) of every feed: feeds/bulletin.xml, feeds/region-<name>.xml, feeds/<authority>.xml."""
    template = environment.get_template("feed.xml")
    survey = desk.edition.survey
    base = f"{survey.address.rstrip('/')}/" if survey.address else ""
    for story in desk.stories.values():
        entries = list_entries(desk, story, issues)
        page = template.render(
            survey=survey, story=story, entries=entries, root=base or "../", base=base, id=name_id(desk, story.slug),
            updated=max((entry.updated for entry in entries), default=_stamp(find_moment(desk.edition, issues[0]))),
            page=find_page(story.where, story.slug), author=survey.contact.name if survey.contact else survey.title,
        )  # fmt: skip
        yield f"feeds/{story.slug}.xml", f"{_CONTROL.sub('', page).strip()}\n".encode()


def name_id(desk: Desk, *parts: str) -> str:
    """A stable urn:uuid (RFC 9562, version 5) of the survey, its last period and the parts."""
    return uuid.uuid5(uuid.NAMESPACE_URL, ":".join((name_survey(desk.edition.survey), *parts))).urn


def find_page(where: str | None, slug: str) -> str:
    """A place's page below the site's root."""
    if where is None:
        return "index.html"
    return f"regions/{slug}.html" if where.startswith("region:") else f"authorities/{where}.html"


def list_entries(desk: Desk, story: Story, issues: Sequence[Issue]) -> tuple[Entry, ...]:
    """A place's entries, the latest first: what each edition changed, and its release; none before it has a figure."""
    found = [_tell_issue(desk, story, issue, own) for issue in issues if (own := _list_news(issue, story.where))]
    if story.told or story.where is None:
        found.append(_tell_release(desk, story, issues))
    return tuple(sorted(found, key=lambda entry: (entry.updated, entry.id), reverse=True))


def _list_news(issue: Issue, where: str | None) -> list[Difference]:
    """What an issue changed for a place's feed; that of the whole has every place's figures."""
    if where is not None:
        return list_printed(list_own(issue, where))
    figures = (item for item in issue.differences if item.subject == "figure" and item.kind not in ACROSS)
    return list_printed(tuple(figures))


def _tell_release(desk: Desk, story: Story, issues: Sequence[Issue]) -> Entry:
    touched = [issue for issue in issues if list_printed(list_own(issue, story.where))]
    first = next(
        (
            issue
            for issue in touched
            if any(d.change == "added" and d.kind == "total" for d in list_own(issue, story.where))
        ),
        issues[0],
    )
    return Entry(
        id=name_id(desk, story.slug, "release"),
        title=story.headline.text,
        published=_stamp(find_moment(desk.edition, first)),
        updated=_stamp(find_moment(desk.edition, (touched or [first])[-1])),
        href=find_page(story.where, story.slug),
        summary=story.lead[0].text,
        lines=tuple(item.text for item in (*story.lead, *story.caveats)),
    )


def _tell_issue(desk: Desk, story: Story, issue: Issue, own: list[Difference]) -> Entry:
    kind = "Correction" if is_erratum(own) else "New figures"
    moment = find_moment(desk.edition, issue)
    # Counts first: a reader of the feed wants the number, the page has what follows from it.
    ranked = sorted(own, key=lambda item: (item.kind != "total", item.authority is not None))
    shown = [
        (item.title, write_side(item, item.old) or "none", write_side(item, item.new) or "none") for item in ranked
    ]
    day = write_date(moment.date()) if issue.name else "not yet published"
    summary = f"{len(own)} figures changed in edition {issue.name or 'to come'}, {day}."
    causes = dict.fromkeys(cause.text for item in ranked for cause in item.causes)
    return Entry(
        id=name_id(desk, story.slug, f"edition {issue.name or 'draft'}"),
        title=f"{kind}: {story.name}",
        published=_stamp(moment),
        updated=_stamp(moment),
        href=f"changes.html#edition-{issue.name or 'draft'}",
        summary=summary,
        lines=(summary, *(text[:1].upper() + text[1:] for text in list(causes)[:6])),
        changes=tuple(shown[:MOST]),
        more=max(0, len(shown) - MOST),
    )


def _stamp(moment: datetime) -> str:
    """RFC 3339, to the second, with its offset."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
