"""Releases and the bulletin as Markdown, HTML and Word, from one Story.

The three say the same sentences in the same order. The trap: Word's file holds the time it was made and the
name of the library's template author; both are set, so that the same story gives the same bytes.
"""

import io
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from answerable.model import Survey
from answerable.publish.pages import Desk
from answerable.publish.zips import settle_zip
from answerable.stories import Story


def render_releases(desk: Desk, environment: Environment) -> Iterator[tuple[str, bytes]]:
    """(file name, bytes) of every place's release in three formats, the bulletin first."""
    css = Markup(files("answerable.publish").joinpath("static", "release.css").read_text())
    survey = desk.edition.survey
    plain, page = environment.get_template("release.md"), environment.get_template("release.html")
    for story in desk.stories.values():
        shown = {
            "story": story, "survey": survey, "singular": survey.authority_noun[0], "kind": name_kind(story),
            "recreated": is_recreated(desk, story), "css": css,
        }  # fmt: skip
        yield f"{story.slug}.md", f"{plain.render(shown).strip()}\n".encode()
        yield f"{story.slug}.html", f"{page.render(shown)}\n".encode()
        yield f"{story.slug}.docx", write_word(story, survey, is_recreated(desk, story))


def name_kind(story: Story) -> str:
    """What a reader is holding."""
    if story.where is None:
        return "Statistical bulletin"
    return "Regional release" if story.where.startswith("region:") else "Local release"


def is_recreated(desk: Desk, story: Story) -> bool:
    """Whether the place's own document was made again from published figures."""
    reply = desk.ground.replies.get(story.where) if story.where else None
    return bool(reply and reply.recreated_from)


def write_word(story: Story, survey: Survey, recreated: bool) -> bytes:
    """The story as a .docx with real headings, in the document's language of Great Britain."""
    document = _start_document(story, survey)
    document.add_paragraph(name_kind(story), style="Subtitle")
    if story.embargo:
        document.add_paragraph(f"Embargo: {story.embargo}", style="Intense Quote")
    if survey.simulated:
        document.add_paragraph("Simulated. No number here is real.", style="Intense Quote")
    if recreated:
        text = "Re-created document. The number rests on a document re-created from published figures; see the notes."
        document.add_paragraph(text, style="Intense Quote")
    document.add_heading(story.headline.text, level=1)
    for item in story.lead:
        document.add_paragraph(item.text)
    noun = survey.authority_noun[0]
    for title, items in (
        (f"What the {noun} said of its figures", story.caveats),
        ("The wider picture", story.context + story.coverage),
        ("What others have published", story.published),
    ):
        _add_section(document, title, [item.text for item in items])
    _add_section(document, "Help and support", list(story.helplines))
    document.add_heading("Notes to editors", level=2)
    for note in story.notes:
        document.add_heading(note.title, level=3)
        for item in note.sentences:
            document.add_paragraph(item.text)
        for link in note.links:
            document.add_paragraph(link.address, style="List Bullet")
    out = io.BytesIO()
    document.save(out)
    return settle_zip(out.getvalue())


def _start_document(story: Story, survey: Survey) -> Any:
    import docx

    document = docx.Document()
    properties = document.core_properties
    properties.author = survey.contact.name if survey.contact else ""
    properties.title, properties.comments, properties.language = story.headline.text, "", "en-GB"
    return document


def _add_section(document: Any, title: str, texts: list[str]) -> None:
    if texts:
        document.add_heading(title, level=2)
    for text in texts:
        document.add_paragraph(text)
