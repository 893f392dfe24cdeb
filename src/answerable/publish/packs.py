"""Story packs: for each region one zip with its release, chart, table and the source of every number.

Set from the same stories, tables and drawings as the site, after them. The trap: a pack travels alone, so what
a page would say around it (embargo, simulated, re-created) is said again in its README.txt.
"""

from collections.abc import Iterator, Mapping
from textwrap import fill

from answerable.model import Authority, Edition, Figure, Observation, Sentence, Survey
from answerable.publish import charts, compare
from answerable.publish.issues import find_revised
from answerable.publish.pages import Desk, list_sentences, list_workings, say_source
from answerable.publish.plain import write_csv
from answerable.publish.tables import Field, Sheet
from answerable.publish.workbook import list_authority_rows, write_table
from answerable.publish.zips import make_zip
from answerable.stories import Story, find_figure

PACKS = "packs"

CONTENTS = {
    "README.txt": "this page",
    "release.md": "the release, as Markdown",
    "release.html": "the release, to read in a browser",
    "release.docx": "the release, for Word",
    "chart.svg": "the chart, to enlarge without loss",
    "chart.png": "the chart, as a picture",
    "table.csv": "every authority of the region, a row each",
    "table.xlsx": "the same table as a workbook, with what its marks mean",
    "sources.csv": "every number behind the region's figures: document, sheet or page, cell, and what stands there",
}
"""Every file a pack can hold, in its order, with the words beside it in README.txt."""


def render_packs(desk: Desk, releases: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """(path in build/, bytes) of one zip a region; `releases` are the releases' bytes by file name.

    The chart needs the extra [charts] and the workbook [workbook]; README.txt lists what is there.
    """
    for story in desk.stories.values():
        if story.where and story.where.startswith("region:"):
            yield f"{PACKS}/{story.slug}.zip", make_zip(fill_pack(desk, story, releases))


def fill_pack(desk: Desk, story: Story, releases: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of one region's pack by name, in the order of CONTENTS."""
    files = {f"release.{kind}": releases[f"{story.slug}.{kind}"] for kind in ("md", "html", "docx")}
    own = list_members(desk.edition, story)
    rows = compare.list_matched(desk.ground, story.where) or compare.list_trend(desk.ground, story.where)
    drawing = charts.draw_trend(rows)
    if drawing:
        picture = charts.write_svg(drawing, story.headline.text, say_source(desk, story.where))
        files |= {"chart.svg": picture, "chart.png": charts.write_png(picture)}
    table = list_authority_rows(desk.edition, desk.ground, own, find_revised(desk.issues))
    fields = tuple(Field(name=str(name), type="string", description="") for name in table[0])
    files["table.csv"] = write_csv(
        Sheet(name="table", title="", key="", fields=fields, rows=tuple(map(tuple, table[1:])))
    )
    title = f"{story.name}: {desk.edition.survey.authority_noun[1]}"
    workbook = write_table(desk.edition.survey, title, table)
    if workbook is not None:
        files["table.xlsx"] = workbook
    files["sources.csv"] = write_csv(list_sources(desk, story, own))
    said = "; ".join(f"{row['period']}: {row['text']}" for row in rows) if drawing else ""
    recreated = any(desk.ground.replies[item.id].recreated_from for item in own if item.id in desk.ground.replies)
    names = [name for name in CONTENTS if name in files]
    files["README.txt"] = write_readme(desk.edition.survey, story, names, said, recreated=recreated)
    return {name: files[name] for name in CONTENTS if name in files}


def list_members(edition: Edition, story: Story) -> tuple[Authority, ...]:
    """The authorities of a story's region, by name."""
    name = (story.where or "").removeprefix("region:")
    return tuple(
        sorted((item for item in edition.survey.authorities if item.region == name), key=lambda item: item.name)
    )


def list_sources(desk: Desk, story: Story, own: tuple[Authority, ...]) -> Sheet:
    """Each observation behind the region's sentences and its authorities' totals, with where it stands."""
    names = ("authority", "question", "period", "categories", "as_printed", "status", "document", "part", "ref",
             "sha256", "recreated_from")  # fmt: skip
    fields = tuple(Field(name=name, type="string", description="") for name in names)
    wanted = {name for figure in _list_figures(desk, story, own) for name in figure.observations}
    # A sentence about the whole rests on every authority; a region's pack carries its own.
    members = {item.id: item.name for item in own}
    found = [item for item in desk.edition.observations if item.id in wanted and item.authority in members]
    digests = {paper.path: paper.sha256 for reply in desk.edition.replies for paper in reply.documents}
    rows = tuple(
        (members[item.authority], *_row_source(item), digests.get(item.source.document, ""), _name_origin(desk, item))
        for item in found
    )
    return Sheet(name="sources", title="Sources", key="", fields=fields, rows=rows)


def _list_figures(desk: Desk, story: Story, own: tuple[Authority, ...]) -> list[Figure]:
    sentences: list[Sentence] = list(list_sentences(story))
    totals = (
        find_figure(desk.ground, "total", item.id, period.id) for item in own for period in desk.ground.survey.periods
    )
    return [*list_workings(desk, sentences), *(figure for figure in totals if figure)]


def _row_source(item: Observation) -> tuple[str, ...]:
    categories = ";".join(f"{name}={code}" for name, code in item.dimensions)
    source = item.source
    return (
        item.question,
        item.period,
        categories,
        item.original_value,
        item.status,
        source.document,
        source.part,
        source.ref,
    )


def _name_origin(desk: Desk, item: Observation) -> str:
    reply = desk.ground.replies.get(item.authority)
    return " ".join(reply.recreated_from) if reply else ""


def write_readme(survey: Survey, story: Story, names: list[str], chart: str, *, recreated: bool) -> bytes:
    """README.txt: embargo and warnings first, the headline, what each file is, and the chart in words."""
    lines = [f"{survey.title}: {story.name}", ""]
    if story.embargo:
        lines += [f"EMBARGO: {story.embargo}", ""]
    if survey.simulated:
        lines += ["SIMULATED. The replies were made up to show the method. No number here is real.", ""]
    if recreated:
        lines += ["Some documents were re-created from published figures; sources.csv names them.", ""]
    lines += [fill(story.headline.text, 100), ""]
    lines += [f"{name:<14} {CONTENTS[name]}" for name in names]
    lines += ["", fill(f"The chart in words: {chart}.", 100)] if chart else []
    contact = survey.contact
    if contact:
        parts = (contact.name, contact.email, contact.telephone)
        lines += ["", f"Questions: {', '.join(part for part in parts if part)}"]
    return ("\n".join(lines) + "\n").encode()
