"""`answerable propose`: ask a model that the user names about what the rules left; its proposals go to review."""

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.model import Edition, Reply

KEY = "ANSWERABLE_MODEL_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Who is asked: the endpoint's address and the model's name."""

    address: str
    model: str


@click.command()
@survey_argument
@click.option("--endpoint", required=True, help="Address of an OpenAI-compatible endpoint: http://127.0.0.1:8000/v1")
@click.option("--model", required=True, help="The model's name there.")
@click.option("--authority", help="Only this authority id.")
@click.option("--show", is_flag=True, help="Print what would be sent, and send nothing.")
@json_option
def command(survey: str, endpoint: str, model: str, authority: str | None, show: bool, as_json: bool) -> None:
    """Send what the rules left of SURVEY to a model and keep what it proposes in SURVEY/proposals.jsonl.

    Documents that are held back and hidden cells are not sent. A proposal whose quote does not stand in the
    document is dropped; the rest wait in review and count for nothing until a person accepts them. A key for the
    endpoint is taken from the environment variable ANSWERABLE_MODEL_KEY.
    """
    from answerable.cli.progress import show_progress
    from answerable.line import read_edition

    folder = store.find_folder(survey)
    with show_progress() as report:
        edition = read_edition(folder, progress=report)
    asked = list(_find_asked(edition, authority))
    if show:
        print_json([{"authority": reply.authority, "messages": messages} for reply, messages in asked])
        return
    target = Target(address=endpoint, model=model)
    results = []
    with show_progress() as report:
        for number, (reply, messages) in enumerate(asked, start=1):
            results.append(_ask_about(folder, edition, reply, messages, target))
            report("asking", number, len(asked))
    if as_json:
        print_json(results)
        return
    for result in results:
        click.echo(f"{result['authority']}: {len(result['proposals'])} proposed, {len(result['dropped'])} dropped")
    say(f"{len(results)} replies were sent to {endpoint}. Look at the proposals in review.")


def _find_asked(edition: Edition, authority: str | None) -> Iterator[tuple[Reply, tuple[dict[str, str], ...]]]:
    from answerable.proposals import LONGEST, is_open, write_messages
    from answerable.quarantine import find_held

    held = find_held(edition.findings)
    for reply in edition.replies:
        if authority not in (None, reply.authority) or not reply.documents:
            continue
        if not is_open(edition.findings, edition.observations, reply.authority):
            continue
        paths = {document.path for document in reply.documents}
        messages = write_messages(edition.survey, [grid for grid in edition.grids if grid.document in paths], held)
        if messages is None:
            say(f"{reply.authority}: not sent; it is held back, or longer than {LONGEST:,} characters.")
        else:
            yield reply, messages


def _ask_about(
    folder: Path, edition: Edition, reply: Reply, messages: tuple[dict[str, str], ...], target: Target
) -> dict[str, Any]:
    from answerable.proposals import FILE, ask_endpoint, find_proposals, parse_proposals, write_proposal

    paths = {document.path for document in reply.documents}
    grids = [grid for grid in edition.grids if grid.document in paths]
    answer = ask_endpoint(target.address, target.model, messages, key=os.environ.get(KEY, ""))
    proposals, dropped = find_proposals(answer, edition.survey, reply, grids, target.model)
    known = parse_proposals(store.read_text(folder, FILE) or "")
    for proposal in proposals:
        if proposal not in known:
            store.append_line(folder, FILE, write_proposal(proposal))
    return {
        "authority": reply.authority,
        "proposals": [asdict(proposal) for proposal in proposals],
        "dropped": list(dropped),
    }
