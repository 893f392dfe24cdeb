"""`answerable check`: what a person should know about a survey before anything is published."""

import sys
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from answerable.cli import json_option, print_json, say, survey_argument
from answerable.store import find_folder


@click.command()
@survey_argument
@click.option("--severity", type=click.Choice(["error", "warning", "info"]), help="Only findings of this severity.")
@json_option
def command(survey: str, severity: str | None, as_json: bool) -> None:
    """Read SURVEY and print its findings, worst first. Exit 1 when one is an error."""
    from answerable.cli.progress import show_progress
    from answerable.line import read_edition

    with show_progress() as report:
        edition = read_edition(find_folder(survey), progress=report)
    order = {"error": 0, "warning": 1, "info": 2}
    found = sorted(edition.findings, key=lambda finding: order[finding.severity])
    shown = [finding for finding in found if severity in (None, finding.severity)]
    if as_json:
        print_json([asdict(finding) for finding in shown])
    else:
        table = Table("severity", "check", "authority", "message")
        for finding in shown:
            table.add_row(finding.severity, finding.check, finding.subject, finding.message)
        Console().print(table)
        say(f"{len(shown)} findings.")
    if any(finding.severity == "error" for finding in found):
        sys.exit(1)
