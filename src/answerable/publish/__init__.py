"""Edition -> everything a build holds: tables, databases, workbook, releases and the site.

`render_edition` yields (path in build/, bytes) and `store.write_build` writes what changed. Same edition, same
bytes. The trap: the site must stand alone when it is copied to a server, so what it offers to download is inside
it, beside the copies that build/ promises.
"""

from collections.abc import Iterator

from answerable.model import Edition
from answerable.publish.databases import write_duckdb, write_sqlite
from answerable.publish.documents import render_releases
from answerable.publish.letters import render_reply_pack
from answerable.publish.packs import render_packs
from answerable.publish.pages import set_desk
from answerable.publish.plain import write_csv, write_figures, write_package
from answerable.publish.site import make_environment, render_site
from answerable.publish.tables import make_sheets
from answerable.publish.workbook import write_workbook
from answerable.stories import place_sentences, prepare_ground, write_sentences

__all__ = ["render_edition", "render_reply_pack"]

DOWNLOADS = {
    "figures.csv": "every figure with its count of authorities and how it was computed",
    "observations.csv": "every number read, with its document, sheet and cell",
    "findings.csv": "what the checks found",
    "authorities.csv": "who was asked and what became of the request",
    "figures.json": "the figures with the observations behind them",
    "datapackage.json": "describes the CSV files (Table Schema)",
    "workbook.xlsx": "a statistical workbook with notes",
    "figures.db": "SQLite, ready for Datasette",
}
"""What the site offers, with the words beside it."""


def render_edition(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """(path in build/, bytes) of every output of an edition, the data first, each path once."""
    ground = prepare_ground(edition.survey, edition.replies, edition.figures, edition.answers)
    sheets = make_sheets(edition)
    data = {f"{sheet.name}.csv": write_csv(sheet) for sheet in sheets}
    data["figures.json"] = write_figures(edition.figures)
    data["datapackage.json"] = write_package(edition, sheets, data)
    workbook = write_workbook(edition, ground)
    if workbook is not None:
        data["workbook.xlsx"] = workbook
    data["figures.db"] = write_sqlite(edition, sheets)
    yield from data.items()
    yield "answerable.duckdb", write_duckdb(sheets)
    desk = set_desk(edition, ground)
    yield "sentences.json", write_sentences(place_sentences(desk.stories.values()))
    releases = dict(render_releases(desk, make_environment(desk)))
    for name, body in (*((f"releases/{name}", body) for name, body in releases.items()), *render_packs(desk, releases)):
        yield name, body
        yield f"site/{name}", body
    offered = {name: text for name, text in DOWNLOADS.items() if name in data}
    for name in offered:
        yield f"site/downloads/{name}", data[name]
    for name, body in render_site(desk, tuple(offered.items())):
        yield f"site/{name}", body
