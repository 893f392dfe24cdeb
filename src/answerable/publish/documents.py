"""Releases and the bulletin as Markdown, HTML and Word, from one Story.

The three say the same sentences in the same order. The trap: Word's file holds the time it was made and the
name of the library's template author; both are set, so that the same story gives the same bytes.
"""

import io
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

from jinja2 import Environment
from markupsafe import Markup

from answerable.model import Survey
from answerable.publish.errata import list_notices
from answerable.publish.pages import Desk
from answerable.publish.zips import extend_zip, make_zip
from answerable.stories import Story


def render_releases(desk: Desk, environment: Environment) -> Iterator[tuple[str, bytes]]:
    """(file name, bytes) of every place's release in three formats, the bulletin first."""
    css = Markup(files("answerable.publish").joinpath("static", "release.css").read_text())
    survey = desk.edition.survey
    plain, page, body = (environment.get_template(f"release.{kind}") for kind in ("md", "html", "xml"))
    for story in desk.stories.values():
        shown = {
            "story": story, "survey": survey, "singular": survey.authority_noun[0], "kind": name_kind(story),
            "recreated": is_recreated(desk, story), "css": css, "notices": list_notices(desk, story.where),
        }  # fmt: skip
        yield f"{story.slug}.md", f"{plain.render(shown).strip()}\n".encode()
        yield f"{story.slug}.html", f"{page.render(shown)}\n".encode()
        yield f"{story.slug}.docx", write_word(body.render(shown), story.headline.text, survey)


def name_kind(story: Story) -> str:
    """What a reader is holding."""
    if story.where is None:
        return "Statistical bulletin"
    return "Regional release" if story.where.startswith("region:") else "Local release"


def is_recreated(desk: Desk, story: Story) -> bool:
    """Whether the place's own document was made again from published figures."""
    reply = desk.ground.replies.get(story.where) if story.where else None
    return bool(reply and reply.recreated_from)


def write_word(text: str, title: str, survey: Survey) -> bytes:
    """A rendered body as a .docx on A4 with real headings: python-docx's own template with our text in it.

    python-docx looks a style up by name for each paragraph, which took two thirds of a build; the template is
    read once and the body set by Jinja2, with escaping on.
    """
    properties = {
        "title": title,
        "creator": survey.contact.name if survey.contact else "",
        "language": "en-GB",
    }
    stated = "".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in properties.items())
    core = f"{_CORE_HEAD}{stated}</cp:coreProperties>"
    return extend_zip(_pack_template(), {_BODY: text.strip().encode(), _CORE: core.encode()})


_BODY, _CORE = "word/document.xml", "docProps/core.xml"


@cache
def _pack_template() -> bytes:
    """The template without the two members that each document has of its own, compressed once for all of them."""
    return make_zip({name: body for name, body in _read_template() if name not in {_BODY, _CORE}})


_CORE_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">'
)


_STYLES = {
    "Normal": ("Georgia", 11, None),
    "Heading 1": ("Georgia", 20, "1D2126"),
    "Heading 2": ("Georgia", 14, "1D2126"),
    "Heading 3": ("Georgia", 11, "1D2126"),
    "Subtitle": ("Arial", 10, "545C65"),
    "Intense Quote": ("Arial", 10, "8A5B00"),
}
"""Style -> font, points, colour: ink on paper, as on the site."""


def _set_styles(styles: Any) -> None:
    """Our faces and sizes in place of the template's blue headings."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, (font, size, colour) in _STYLES.items():
        style = styles[name]
        style.font.name, style.font.size = font, Pt(size)
        if colour:
            style.font.color.rgb = RGBColor.from_string(colour)
        fonts = style.element.rPr.rFonts
        for part in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            # A theme's face would win over the one that is named.
            fonts.attrib.pop(qn(f"w:{part}"), None)
        style.paragraph_format.space_after = Pt(6)
    styles["Heading 1"].paragraph_format.space_before = Pt(6)
    quote = styles["Intense Quote"]
    quote.font.italic, quote.font.bold = False, False
    quote.paragraph_format.left_indent = quote.paragraph_format.right_indent = Pt(0)


@cache
def _read_template() -> tuple[tuple[str, bytes], ...]:
    """The members of python-docx's default template, in their own order,."""
    import docx

    out = io.BytesIO()
    document = docx.Document()
    _set_styles(document.styles)
    document.save(out)
    with zipfile.ZipFile(out) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist())
