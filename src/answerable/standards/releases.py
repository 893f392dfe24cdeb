"""A card -> its story, and the story as Markdown, HTML and Word, as the releases of a survey are.

The three say the same sentences in the same order. The trap: a release travels without its page, so the notes on
what an observation means go with it every time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment
from markupsafe import Markup

from answerable.model import Sentence
from answerable.publish.documents import write_word
from answerable.standards.cards import Board, Card
from answerable.standards.wording import (
    NOTES,
    list_days,
    tell_control,
    tell_failures,
    tell_inconsistent,
    tell_response,
    tell_score,
)
from answerable.stories import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A story with the sections that follow its lead: title and paragraphs."""

    story: Story
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    failures: tuple[str, ...]
    unclear: tuple[str, ...]


def tell_card(board: Board, card: Card) -> Release:
    """The release of one card."""
    standards, audit = board.reading.standards, board.reading.audit
    failures = tell_failures(standards, card.results)
    unclear = tell_inconsistent(standards, card.results)
    days = list_days(audit, card.results, card.edition.id)
    lead = [tell_score(card.score), f"New test accounts in {audit.country} were looked at: {days}."]
    if card.same_as_adult:
        lead.append(tell_control(*card.same_as_adult))
    replies = [
        f"{tell_response(item)} {f'In its words: “{item.text}”' if item.text else ''}".strip()
        for item in card.responses
    ]
    sections = [
        ("What was not on by default", failures or ("Nothing that was tested.",)),
        ("Where repeats disagree", unclear),
        ("Right of reply", tuple(replies) or ("No reply of the service is on file for this edition.",)),
        ("Help and support", audit.survey.helplines),
        ("Notes to editors", NOTES),
    ]
    return Release(
        story=_make_story(card, write_headline(card, len(failures)), lead),
        sections=tuple((title, tuple(texts)) for title, texts in sections if texts),
        failures=failures,
        unclear=unclear,
    )


def write_headline(card: Card, n: int) -> str:
    """ "Plaza: 3 settings of children's accounts were not on by default"."""
    if card.score.tested == 0:
        return f"{card.service.name}: nothing was tested"
    if n == 0:
        return f"{card.service.name}: every setting tested on children’s accounts was on by default"
    settings = "1 safe setting was" if n == 1 else f"{n} safe settings were"
    return f"{card.service.name}: {settings} not on by default on children’s accounts"


def _make_story(card: Card, headline: str, lead: list[str]) -> Story:
    return Story(
        where=card.service.id,
        slug=card.service.id,
        name=card.service.name,
        told=card.score.tested > 0,
        headline=Sentence(kind="headline", text=headline),
        lead=tuple(Sentence(kind="standard", text=text) for text in lead),
        context=(),
        published=(),
        coverage=(),
        caveats=(),
        notes=(),
        helplines=(),
        embargo="",
    )


def render_releases(board: Board, environment: Environment) -> Iterator[tuple[str, bytes]]:
    """(file name, bytes) of every service's release in three formats."""
    survey = board.reading.audit.survey
    css = Markup(files("answerable.publish").joinpath("static", "release.css").read_text(encoding="utf-8"))
    plain, page, body = (environment.get_template(name) for name in ("scorecard.md", "scorecard.html", "word.xml"))
    for card in board.cards:
        release = tell_card(board, card)
        shown = {
            "story": release.story, "sections": release.sections, "survey": survey, "css": css,
            "kind": "Scorecard release", "tables": (),
        }  # fmt: skip
        yield f"{card.service.id}.md", f"{plain.render(shown).strip()}\n".encode()
        yield f"{card.service.id}.html", f"{page.render(shown)}\n".encode()
        yield f"{card.service.id}.docx", write_word(body.render(shown), release.story.headline.text, survey)
