"""The static site: one HTML page a place, a source page a reply, a comparison, and the method.

Pages use relative links only, so the site opens from a file or under any prefix, and asks nothing of any other
host. Text from documents is escaped by Jinja2. The trap: a page must not depend on anything that did not change,
or one new reply would rewrite them all; nothing here prints a date of building.
"""

import json
from collections.abc import Iterator
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from answerable.model import Figure, Reference, Survey
from answerable.publish import charts, compare, sources
from answerable.publish.errata import list_errata
from answerable.publish.feeds import render_feeds
from answerable.publish.links import Places, find_href, link_sentence, say_reviewed, slug
from answerable.publish.pages import Desk, say_source, write_cell
from answerable.publish.views import show_about, show_authority, show_compare, show_index, show_region
from answerable.quarantine import find_held
from answerable.stories import list_comparisons
from answerable.stories.wording import name_source, write_date, write_iso_date

STATIC = ("site.css", "site.js", "mark.svg")


def render_site(desk: Desk, downloads: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, bytes]]:
    """Every file of the site but downloads and releases, as (path under site/, bytes). `downloads` pairs the
    names of files in site/downloads/ with what they hold."""
    environment = make_environment(desk)
    for name in STATIC:
        yield f"static/{name}", files("answerable.publish").joinpath("static", name).read_bytes()
    yield "static/names.js", write_names(desk.edition.survey)
    render = partial(_render, environment, desk)
    yield "index.html", render("index.html", "", "index", show_index(desk))
    yield "compare.html", render("compare.html", "", "compare", show_compare(desk))
    yield "about.html", render("about.html", "", "about", show_about(desk, downloads))
    yield "changes.html", render("changes.html", "", "changes", {"errata": list_errata(desk, desk.issues)})
    yield from render_feeds(desk, environment, desk.issues)
    yield from draw_files(desk)
    for story in desk.stories.values():
        if story.where and story.where.startswith("region:"):
            yield f"regions/{story.slug}.html", render("authority.html", "../", "", show_region(desk, story))
    held = find_held(desk.edition.findings)
    for authority in desk.edition.survey.authorities:
        page = render("authority.html", "../", "", show_authority(desk, authority))
        yield f"authorities/{authority.id}.html", page
        reply = desk.ground.replies.get(authority.id)
        if reply and reply.documents:
            papers = sources.lay_out_reply(reply, desk.grids, desk.marks, held)
            shown = {"authority": authority, "papers": papers, "recreated": reply.recreated_from}
            yield f"sources/{authority.id}.html", render("source.html", "../", "", shown)


def write_names(survey: Survey) -> bytes:
    """static/names.js: every name and alias with its authority's id, for the search box of every page."""
    rows = [[name, item.id] for item in survey.authorities for name in dict.fromkeys((item.name, *item.aliases))]
    return f"const NAMES = {json.dumps(rows, ensure_ascii=False)};\n".encode()


def make_environment(desk: Desk) -> Environment:
    """Jinja2 with escaping on and the filters that turn figures into text and links."""
    places, names = desk.places, {item.id: item.name for item in desk.edition.survey.authorities}
    environment = Environment(
        loader=PackageLoader("answerable.publish"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        linked=lambda sentence, root: link_sentence(places, sentence, root),
        slug=slug,
        reviewed=say_reviewed,
        cell=write_cell,
        day=write_date,
        host=name_source,
        iso=write_iso_date,
        measured=partial(_name_measure, names),
        outside=link_outside,
        sources=partial(_list_sources, desk.places, names),
        href=lambda figure, root, where: _find_cell_href(places, figure, root, where),
        observed=lambda text, name, root: _link_observed(places, text, name, root),
        md=write_markdown,
        bar=lambda text: write_markdown(text.replace("\n", " ")),
        kept=_keep_words,
    )
    return environment


def _render(environment: Environment, desk: Desk, template: str, root: str, here: str, shown: dict[str, Any]) -> bytes:
    survey = desk.edition.survey
    singular, plural = survey.authority_noun
    pairs = list_comparisons(survey)
    page = environment.get_template(template).render(
        survey=survey, root=root, here=here, singular=singular, plural=plural, pair=pairs[0] if pairs else None,
        embargo="" if desk.issues and desk.issues[-1].name else survey.embargo,
        **{"feed": "bulletin", "notices": (), **shown},
    )  # fmt: skip
    return f"{page}\n".encode()


def link_outside(address: str, text: str) -> Markup | str:
    """A link to the web for an address of the web; anything else stays text, so no document can plant a script."""
    if address.startswith(("https://", "http://")):
        return Markup('<a href="{}" rel="noopener nofollow">{}</a>').format(address, text)
    return text


_MEASURES = {
    "total": "total", "per_day": "a day", "change_pct": "change, per cent", "mode": "most common age",
    "minimum": "youngest age", "at_most": "aged {} and under",
}  # fmt: skip


def _name_measure(names: dict[str, str], item: Reference) -> str:
    """What a published figure measures and for whom, in a table: "aged 10 and under, West Mercia"."""
    measure, _, rest = item.measure.partition(":")
    words = _MEASURES.get(measure, item.measure).format(rest.rpartition(":")[2])
    where = (item.authority or "").removeprefix("region:")
    return f"{words}, {names.get(where, where)}" if where else words


def write_markdown(text: str) -> Markup:
    """Text with Markdown's own marks escaped, as text: Markdown needs no HTML entities but for < and &."""
    for mark in ("\\", "*", "_", "`", "#", "<", ">", "[", "]", "|"):
        text = text.replace(mark, f"\\{mark}")
    return Markup(text)


def _keep_words(text: str) -> Markup:
    """The text with hyphenated words kept on one line, so that no headline breaks at "under-18s"."""
    words = (
        Markup('<span class="keep">{}</span>').format(word) if "-" in word else escape(word) for word in text.split(" ")
    )
    return Markup(" ").join(words)


def _list_sources(places: Places, names: dict[str, str], wanted: tuple[str, ...], root: str) -> list[dict[str, str]]:
    found = []
    for name in wanted:
        item, anchor = places.observations.get(name), places.anchors.get(name)
        if item and anchor:
            where = f"{item.source.part}, {item.source.ref}"
            title, text = names.get(item.authority, item.authority), f"{item.original_value}{say_reviewed(item)}"
            found.append({"href": f"{root}{anchor}", "name": title, "text": text, "where": where})
    return found


def _find_cell_href(places: Places, figure: Figure, root: str, where: str) -> str:
    href = find_href(places, figure, root)
    return f"{root}authorities/{where}.html{href}" if href.startswith("#") else href


def _link_observed(places: Places, text: str, name: str, root: str) -> Markup | str:
    anchor = places.anchors.get(name)
    return Markup('<a href="{}{}">{}</a>').format(root, anchor, text) if anchor else text


def draw_files(desk: Desk) -> Iterator[tuple[str, bytes]]:
    """Each place's trend as a file of its own, light, with its title and its source."""
    for where, story in desk.stories.items():
        rows = compare.list_matched(desk.ground, where) or compare.list_trend(desk.ground, where)
        drawing = charts.draw_trend(rows)
        if drawing:
            yield f"charts/{story.slug}.svg", charts.write_svg(drawing, story.headline.text, say_source(desk, where))
