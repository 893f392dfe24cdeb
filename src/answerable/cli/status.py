"""`answerable status`: who was asked, when an answer is due, what came, and what is left to do."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.cli.ask import find_today, today_option

if TYPE_CHECKING:
    from answerable.ask.board import Board, Standing


WIDTH = 140
"""Columns of the table where it goes to a file."""


@click.command()
@survey_argument
@click.option("--stage", "stages", multiple=True, metavar="STAGE", help="Only requests at this stage: late, refused.")
@today_option
@json_option
def command(survey: str, stages: tuple[str, ...], today: Any, as_json: bool) -> None:
    """Print where every request of SURVEY stands: asked, due, late, answered, refused on what, partly, read, to review.

    With it, how many there are at each stage, and the share of the population that is covered.
    """
    from answerable.ask.board import STAGES
    from answerable.cli.ask import check_names
    from answerable.cli.progress import show_progress
    from answerable.line import read_matter

    check_names(stages, list(STAGES), "--stage")
    folder = store.find_folder(survey)
    with show_progress() as report:
        board = read_matter(folder, find_today(today), progress=report).board
    shown = [item for item in board.standings if not stages or item.stage in stages]
    if as_json:
        print_json({**asdict(board), "stages": dict(board.stages), "standings": [asdict(item) for item in shown]})
        return
    table = Table()
    for name in ("authority", "stage", "asked", "due", "replied", "late", "refused on", "files", "read", "to review"):
        table.add_column(name, no_wrap=name in {"authority", "asked", "due", "replied"})
    for item in shown:
        table.add_row(*_show_row(item))
    console = Console()
    Console(width=None if console.is_terminal else WIDTH).print(table)
    _say_summary(board)


def _show_row(item: "Standing") -> list[str]:
    also = f" ({item.also:%d %b})" if item.also else ""
    late = f"{item.days_late} wd" if item.days_late else ""
    reminded = f", reminded {item.reminded}" if item.reminded else ""
    drafted = "".join(f", {kind} drafted" for kind in item.drafted)
    days = [f"{day:%d %b %y}" if day else "" for day in (item.asked, item.due, item.replied)]
    counts = (item.documents, item.read, item.for_review)
    return [
        item.authority, item.stage.replace("_", " ") + reminded + drafted, days[0], days[1] + also, days[2], late,
        ", ".join(item.refused_on), *(str(n) if n else "" for n in counts),
    ]  # fmt: skip


def _say_summary(board: "Board") -> None:
    from answerable.ask.board import STAGES

    for stage, n in board.stages:
        say(f"{n:5}  {STAGES[stage]}")
    children = f", {board.share_children:.0f}% by children" if board.share_children is not None else ""
    say(f"{board.n_answered} of {board.n_authorities} answered ({board.share_answered:.0f}%{children}); "
        f"{board.for_review} values wait for review.")  # fmt: skip
