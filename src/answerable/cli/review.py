"""`answerable review`: what is open, worst first, and one answer at a time, for a terminal or a script."""

import getpass
import sys
from typing import Any, get_args

import click
from rich.console import Console
from rich.table import Table

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.errors import StoreError
from answerable.model import Verdict


@click.command()
@survey_argument
@click.argument("item", required=False)
@click.option("--verdict", type=click.Choice(get_args(Verdict)[:-1]), help="What to say of ITEM.")
@click.option("--value", help="With `correct`: 72, <5, [c] or not held.")
@click.option("--why", default="", help="The reason; left out, the usual one.")
@click.option("--as", "name", help="Name the decision carries; default: your login.")
@json_option
def command(
    survey: str, item: str | None, verdict: str | None, value: str | None, why: str, name: str | None, as_json: bool
) -> None:
    """List what is open in SURVEY, worst first, or say something of one ITEM of that list.

    One answer settles the whole item. `answerable serve` shows the documents beside it. Exit 1 while something is open.
    """
    from answerable.cli.progress import show_progress
    from answerable.web.held import answer_item, find_item, look, open_survey
    from answerable.web.rulings import Ruling, parse_verdict

    if (item is None) != (verdict is None):
        raise click.UsageError("Name an item and a --verdict, or neither.")
    folder = store.find_folder(survey)
    with show_progress() as report:
        held = open_survey(folder, progress=report)
    if item is not None and verdict is not None:
        found = find_item(look(held), item)
        if found is None:
            raise StoreError(item, "is no open item", "Take one of the list that `answerable review` prints")
        ruling = Ruling(verdict=parse_verdict(verdict), value=value, reason=why)
        made = answer_item(held, found, ruling, name or getpass.getuser(), look(held).seen)
        say(f"{found.title}: {verdict.replace('_', ' ')}, {len(made)} lines in decisions.jsonl.")
    _print(look(held).items, as_json)


def _print(items: Any, as_json: bool) -> None:
    rows = [
        {
            "item": item.id, "severity": item.severity, "check": item.check, "title": item.title,
            "values": len(item.members), "authorities": list(item.authorities),
        }
        for item in items
    ]  # fmt: skip
    if as_json:
        print_json(rows)
    else:
        table = Table("item", "severity", "what", "where")
        for row in rows:
            named = row["authorities"]
            where = ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
            table.add_row(row["item"], row["severity"], row["title"], where)
        Console().print(table)
        say(f"{len(rows)} open.")
    if rows:
        sys.exit(1)
