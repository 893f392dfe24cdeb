"""`answerable status`: who was asked and what became of each request."""

import click
from rich.console import Console
from rich.table import Table

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument


@click.command()
@survey_argument
@json_option
def command(survey: str, as_json: bool) -> None:
    """Print every authority of SURVEY with its outcome, its documents and when they came."""
    from answerable.cli.progress import show_progress
    from answerable.line import read_edition

    folder = store.find_folder(survey)
    with show_progress() as report:
        edition = read_edition(folder, progress=report)
    read = {reply.authority: 0 for reply in edition.replies}
    review = dict(read)
    for item in edition.observations:
        (read if item.accepted else review)[item.authority] += 1
    rows = [
        {
            "authority": reply.authority,
            "outcome": reply.outcome,
            "received": reply.received,
            "documents": len(reply.documents),
            "read": read[reply.authority],
            "for_review": review[reply.authority],
        }
        for reply in edition.replies
    ]
    if as_json:
        print_json(rows)
        return
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console().print(table)
    answered = sum(reply.outcome in {"successful", "partially_successful"} for reply in edition.replies)
    say(f"{answered} of {len(rows)} {edition.survey.authority_noun[1]} answered.")
