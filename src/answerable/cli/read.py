"""`answerable read`: the observations in a survey's replies, with where each stands."""

import sys
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from answerable.cli import json_option, print_json, say, survey_argument
from answerable.store import find_folder


@click.command()
@survey_argument
@click.option("--authority", help="Only this authority id.")
@json_option
def command(survey: str, authority: str | None, as_json: bool) -> None:
    """Read the replies of SURVEY and print every observation with its cell. Writes nothing."""
    from answerable.cli.progress import show_progress
    from answerable.line import read_edition

    with show_progress() as report:
        edition = read_edition(find_folder(survey), progress=report)
    observations = [item for item in edition.observations if authority in (None, item.authority)]
    if as_json:
        print_json([{"id": item.id, **asdict(item)} for item in observations])
    else:
        table = Table("authority", "question", "period", "categories", "value", "accepted", "document", "cell")
        for item in observations:
            value = str(item.value) if item.value is not None else f"{item.status} {item.original_value}".strip()
            categories = ", ".join(code for _, code in item.dimensions)
            accepted = "yes" if item.accepted else "review"
            place = f"{item.source.document} {item.source.part}".strip()
            table.add_row(
                item.authority, item.question, item.period, categories, value, accepted, place, item.source.ref
            )
        Console().print(table)
        say(f"{len(observations)} observations, {sum(not item.accepted for item in observations)} for review.")
    if any(finding.severity == "error" for finding in edition.findings):
        sys.exit(1)
