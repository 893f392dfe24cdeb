"""`answerable diff`: every figure and sentence that two editions print differently, and which reply caused it."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from answerable import store
from answerable.cli import json_option, print_json, say

if TYPE_CHECKING:
    from answerable.model import Survey
    from answerable.stories import Difference, Printed


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--survey", default=".", type=click.Path(), help="Survey folder in which editions are named; default: .")
@click.option("--authority", help="Only what is about this authority, region:<name>, or `all` for the whole area.")
@click.option("--kind", help="Only figures of this kind (total, change_pct ...).")
@json_option
def command(old: str, new: str, survey: str, authority: str | None, kind: str | None, as_json: bool) -> None:
    """List every figure and sentence that NEW prints otherwise than OLD, and the reply that caused it.

    OLD and NEW are editions published in the survey folder (`1`, `2`), survey folders, which are read as they stand
    now, or folders that hold a figures.json (my-survey/published/1, my-survey/build). Counts that both editions
    together would give away are shown as [c]. Exit 0 when nothing differs, 1 when something does.
    """
    from answerable.stories import compare_printed

    sides = [_open_side(name, survey) for name in (old, new)]
    own = sides[1][1] or sides[0][1]
    if own is None:
        own = store.read_survey(store.find_folder(survey))
    before, after = (_read_side(item, own) for item in sides)
    if before.sentences is None or after.sentences is None:
        lacking = before.name if before.sentences is None else after.name
        say(f"{lacking} was kept without its sentences, so only figures are compared.")
    found = [item for item in compare_printed(own, before, after) if _is_wanted(item, authority, kind)]
    if any(item.hidden for item in found):
        say("Shown as [c]: differences that could give a suppressed count away.")
    if as_json:
        print_json([asdict(item) for item in found])
    else:
        _print_table(found, before.name, after.name)
    if found:
        sys.exit(1)


_Side = tuple[str, "Survey | None", "Printed | Path"]


def _open_side(name: str, survey: str) -> _Side:
    """(name, its survey where it has one, what it printed or where that is to be read)."""
    if (Path(name) / "survey.toml").is_file():
        from answerable.cli.progress import show_progress
        from answerable.line import read_edition
        from answerable.stories import print_edition

        with show_progress() as report:
            edition = read_edition(Path(name), progress=report)
        return name, edition.survey, print_edition(edition, name)
    path, folder = store.find_printed(name, survey)
    return name, store.read_survey(folder) if folder else None, path


def _read_side(side: _Side, survey: "Survey") -> "Printed":
    from answerable.stories import parse_printed

    name, _, found = side
    return parse_printed(survey, name, store.read_printed(found)) if isinstance(found, Path) else found


def _is_wanted(item: "Difference", authority: str | None, kind: str | None) -> bool:
    if authority is not None and (item.authority or "all") != authority:
        return False
    return kind is None or item.kind == kind


def _print_table(found: "list[Difference]", old: str, new: str) -> None:
    console = Console()
    figures = [item for item in found if item.subject == "figure"]
    sentences = [item for item in found if item.subject == "sentence"]
    if figures:
        table = Table("figure", old, new, "from", "why", title=f"{len(figures)} figures", title_justify="left")
        for item in figures:
            cells = (item.old.text if item.old else "", item.new.text if item.new else "")
            table.add_row(item.title, *cells, _write_numbers(item), _write_why(item))
        console.print(table)
    if sentences:
        table = Table("sentence", old, new, "why", title=f"{len(sentences)} sentences", title_justify="left")
        for item in sentences:
            cells = (item.old.text if item.old else "", item.new.text if item.new else "")
            table.add_row(item.title, *cells, _write_why(item))
        console.print(table)
    say(f"{old} and {new}: {len(figures)} figures and {len(sentences)} sentences differ.")


def _write_numbers(item: "Difference") -> str:
    """How many authorities are in the figure, in both editions where that changed."""
    counts = [side.n_answered for side in (item.old, item.new) if side and side.n_answered is not None]
    return ", then ".join(dict.fromkeys(f"{n:,}" for n in counts))


def _write_why(item: "Difference") -> str:
    texts = [cause.text for cause in item.causes]
    more = f"; and {len(texts) - 4} more" if len(texts) > 4 else ""
    return "; ".join(texts[:4]) + more or item.reason
