"""`answerable reconcile`: our figures beside an official series, the largest differences first."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.errors import StoreError

if TYPE_CHECKING:
    from answerable.figures import Reconciled


@click.command()
@survey_argument
@click.argument("series", type=click.Path(), metavar="SERIES.csv")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day the series was drawn; a later reply is a reason.")
@click.option("--differing", is_flag=True, help="Leave out what agrees.")
@json_option
def command(survey: str, series: str, as_of: datetime | None, differing: bool, as_json: bool) -> None:
    """Set the totals of SURVEY beside an official series and list the differences by size, with the known reason.

    SERIES.csv has the columns authority, period, value; and question, unit, reason where you have them. Official
    counts are shown as [c] where the authority withheld its own. Exit 1 when a difference has no known reason.
    """
    from answerable.cli.progress import show_progress
    from answerable.figures import parse_series, reconcile_series
    from answerable.line import read_edition

    folder = store.find_folder(survey)
    with show_progress() as report:
        edition = read_edition(folder, protect=True, progress=report)
    official = parse_series(edition.survey, _read_series(Path(series)), series)
    found = reconcile_series(edition, official, as_of=as_of.date() if as_of else None)
    shown = [item for item in found if not differing or item.agreement not in {"same", "inside"}]
    if as_json:
        print_json([asdict(item) for item in shown])
    else:
        _print_table(shown)
        _say_sums(found)
    if any(_is_open(item) for item in found):
        sys.exit(1)


def _read_series(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(str(path), f"cannot be read ({error})", "Name a CSV file in UTF-8") from error


def _is_open(item: "Reconciled") -> bool:
    return item.agreement in {"differs", "outside"} and not item.reasons


WORDS = {
    "same": "agree", "differs": "", "inside": "within our range", "outside": "outside our range",
    "only_ours": "not in the series", "only_theirs": "not in ours",
}  # fmt: skip


def _print_table(found: "list[Reconciled]") -> None:
    table = Table("place", "question", "period", "ours", "official", "difference", "why")
    for item in found:
        ours = f"{item.ours:,}" if item.ours is not None else _write_range(item.low, item.high)
        withheld = item.ours is None and item.agreement in {"inside", "outside"}
        theirs = f"{item.theirs:,}" if item.theirs is not None else "[c]" if withheld else "[x]"
        size = WORDS[item.agreement]
        if item.agreement == "differs" and item.difference is not None:
            size = f"{item.difference:+,}" + (f" ({item.percent:+.1f}%)" if item.percent is not None else "")
        why = "; ".join(item.reasons) or ("no reason known" if _is_open(item) else "")
        table.add_row(item.name, item.question, item.period, ours, theirs, size, why)
    Console().print(table)


def _write_range(low: int | None, high: int | None) -> str:
    if low is None:
        return "[x]"
    return f"at least {low:,}" if high is None else f"{low:,} to {high:,}"


def _say_sums(found: "tuple[Reconciled, ...]") -> None:
    """Both sums over what both print as a number, by question and period: areas are left out of them."""
    sums: dict[tuple[str, str], list[int]] = {}
    for item in found:
        other_unit = any(reason.startswith("different unit") for reason in item.reasons)
        if item.ours is not None and item.theirs is not None and item.n_asked == 1 and not other_unit:
            own = sums.setdefault((item.question, item.period), [0, 0, 0])
            own[0], own[1], own[2] = own[0] + item.ours, own[1] + item.theirs, own[2] + 1
    for (question, period), (ours, theirs, n) in sums.items():
        say(f"{question}, {period}: over the {n} with a number in both, ours {ours:,}, official {theirs:,}.")
    without = sum(_is_open(item) for item in found)
    say(f"Differences without a known reason: {without}.")
