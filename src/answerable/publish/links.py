"""Where every number leads: an observation to its cell in the source view, a figure to its workings.

Sentences come as text with the ids of the figures they state, in order; here each printed number becomes a link.
The trap: text from documents reaches a page only escaped, so links are made of Markup from the start.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from answerable.model import Edition, Figure, Observation, Sentence
from answerable.stories import write_value
from answerable.stories.wording import write_chance, write_number, write_percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Observations and figures by id, and the anchor of each observation under the site's root."""

    observations: Mapping[str, Observation]
    figures: Mapping[str, Figure]
    anchors: Mapping[str, str]


def find_places(edition: Edition) -> Places:
    """Index an edition for linking."""
    grids = {(grid.document, grid.part) for grid in edition.grids}
    anchors = {}
    for item in edition.observations:
        if (item.source.document, item.source.part) in grids:
            anchor = name_anchor(item.source.document, item.source.part, item.source.ref)
            anchors[item.id] = f"sources/{item.authority}.html#{anchor}"
    return Places(
        observations={item.id: item for item in edition.observations},
        figures={figure.id: figure for figure in edition.figures},
        anchors=anchors,
    )


def name_anchor(document: str, part: str, ref: str) -> str:
    """The id of one cell on its authority's source page, made of letters, digits and hyphens."""
    return slug("-".join([document.partition("/")[2] or document, part, ref]))


def say_reviewed(item: Observation) -> str:
    """ ", corrected to 34" where a reviewer's value stands in place of what the document prints."""
    if not item.origin.startswith("review:") or item.value is None or str(item.value) == item.original_value:
        return ""
    return f", corrected to {write_number(item.value)}"


def slug(text: str) -> str:
    """Lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def find_href(places: Places, figure: Figure, root: str) -> str:
    """Straight to the cell where a figure is one cell, else to its workings on the same page."""
    known = [places.anchors[name] for name in figure.observations if name in places.anchors]
    if len(known) == 1 and len(figure.observations) == 1:
        return f"{root}{known[0]}"
    return f"#work-{slug(figure.id)}"


def link_sentence(places: Places, sentence: Sentence, root: str) -> Markup:
    """The sentence with each stated number linked, in order; a number not found in it is left as text."""
    return link_text(sentence, places, lambda figure: find_href(places, figure, root))


def link_text(sentence: Sentence, places: Places, address: Callable[[Figure], str]) -> Markup:
    """The same with another address for each figure."""
    text, at, parts = sentence.text, 0, Markup("")
    for name in sentence.figures:
        figure = places.figures.get(name)
        found = _find_number(text, figure, at) if figure else None
        if figure is None or found is None:
            continue
        start, end = found
        parts += escape(text[at:start])
        parts += Markup('<a class="number" href="{}">{}</a>').format(address(figure), text[start:end])
        at = end
    return parts + escape(text[at:])


def _find_number(text: str, figure: Figure, at: int) -> tuple[int, int] | None:
    for form in _list_forms(figure):
        match = re.compile(rf"(?<![\d,.]){re.escape(form)}(?![\d]|[,.]\d)", re.IGNORECASE).search(text, at)
        if match:
            return match.span()
    return None


def _list_forms(figure: Figure) -> list[str]:
    """How a figure may stand in a sentence."""
    value = figure.value
    if figure.kind == "p_value" and isinstance(value, int | float):
        return [write_chance(float(value))]
    if figure.kind == "change_pct" and isinstance(value, int | float):
        return [write_percent(value)]
    if figure.kind == "coverage" or value is None or isinstance(value, str):
        return [write_value(figure)]
    return [write_number(abs(value)), f"{round(abs(value), 1):g}"]
