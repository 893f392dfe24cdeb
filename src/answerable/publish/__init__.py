"""Edition -> everything a build holds: tables, databases, workbook, releases and the site.

`render_edition` yields (path in build/, bytes) and `store.write_build` writes what changed. Same edition, same
bytes. The trap: the site must stand alone when it is copied to a server, so what it offers to download is inside
it, beside the copies that build/ promises.
"""

from collections.abc import Iterator

from answerable.model import Edition
from answerable.publish.databases import write_duckdb, write_sqlite
from answerable.publish.documents import render_releases
from answerable.publish.errata import render_errata
from answerable.publish.issues import CHANGES, Issue, add_issue, find_revised, list_issues, start_history, write_changes
from answerable.publish.letters import render_reply_pack
from answerable.publish.packs import render_packs
from answerable.publish.pages import Desk, set_desk
from answerable.publish.plain import write_csv, write_figures, write_package
from answerable.publish.site import make_environment, render_site
from answerable.publish.tables import Sheet, make_sheets
from answerable.publish.workbook import write_workbook
from answerable.stories import place_sentences, prepare_ground, write_sentences

__all__ = ["CHANGES", "Issue", "add_issue", "list_issues", "render_edition", "render_reply_pack"]

DOWNLOADS = {
    "figures.csv": "every figure with its count of authorities and how it was computed",
    "observations.csv": "every number read, with its document, sheet and cell",
    "findings.csv": "what the checks found",
    "authorities.csv": "who was asked and what became of the request",
    "figures.json": "the figures with the observations behind them",
    "sentences.json": "every printed sentence with the figures it states",
    "changes.json": "what this edition changed against the one before it",
    "datapackage.json": "describes the CSV files (Table Schema)",
    "workbook.xlsx": "a statistical workbook with notes",
    "figures.db": "SQLite, ready for Datasette",
}
"""What the site offers, with the words beside it."""


def render_edition(edition: Edition, issues: tuple[Issue, ...] = ()) -> Iterator[tuple[str, bytes]]:
    """(path in build/, bytes) of every output of an edition, the data first, each path once.

    `issues` are the survey's editions so far, this one last (`list_issues`); without them it stands alone.
    """
    issues = issues or start_history(edition)
    ground = prepare_ground(edition.survey, edition.replies, edition.figures, edition.answers)
    desk = set_desk(edition, ground, issues)
    sheets = make_sheets(edition)
    data = _write_data(desk, sheets)
    yield from data.items()
    yield "answerable.duckdb", write_duckdb(sheets)
    environment = make_environment(desk)
    releases = dict(render_releases(desk, environment))
    for name, body in (
        *((f"releases/{name}", body) for name, body in releases.items()),
        *render_packs(desk, releases),
        *render_errata(desk, environment),
    ):
        yield name, body
        yield f"site/{name}", body
    offered = {name: text for name, text in DOWNLOADS.items() if name in data}
    for name in offered:
        yield f"site/downloads/{name}", data[name]
    for name, body in render_site(desk, tuple(offered.items())):
        yield f"site/{name}", body


def _write_data(desk: Desk, sheets: tuple[Sheet, ...]) -> dict[str, bytes]:
    """The files of the build's own folder that the site offers too, by name."""
    edition = desk.edition
    data = {f"{sheet.name}.csv": write_csv(sheet) for sheet in sheets}
    data["figures.json"] = write_figures(edition.figures)
    data["sentences.json"] = write_sentences(place_sentences(desk.stories.values()))
    data[CHANGES] = write_changes(desk.issues[-1])
    data["datapackage.json"] = write_package(edition, sheets, data)
    workbook = write_workbook(edition, desk.ground, find_revised(desk.issues))
    if workbook is not None:
        data["workbook.xlsx"] = workbook
    data["figures.db"] = write_sqlite(edition, sheets)
    return data
