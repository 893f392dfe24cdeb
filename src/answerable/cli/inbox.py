"""`answerable inbox`: file what comes back, settle what is in doubt, import other sites' exports."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.errors import SurveyError

if TYPE_CHECKING:
    from answerable.inbox import Entry, Filed, Item
    from answerable.model import Survey


@click.group()
@survey_argument
@click.pass_context
def command(ctx: click.Context, survey: str) -> None:
    """File what comes back to SURVEY under its authority, once, whichever way it came.

    What is in doubt waits in SURVEY/private/inbox until `assign` says whose it is. SURVEY/inbox.jsonl tells of all.
    """
    ctx.obj = store.find_folder(survey)


@command.command("fetch")
@json_option
@click.pass_obj
def fetch(folder: Path, as_json: bool) -> None:
    """Fetch what is new in the mailbox that mail.toml names, and file it. Nothing in the mailbox is changed."""
    from answerable.ask.mail import FILE, parse_mail
    from answerable.inbox.fetch import fetch_items

    survey = store.read_survey(folder)
    server = parse_mail(store.read_text(folder, FILE), survey).imap
    if server is None:
        raise SurveyError(FILE, "names no mailbox", "Add [imap] with host and user")
    certificate = store.read_text(folder, server.certificate) if server.certificate else None
    _file(folder, fetch_items(folder, server, certificate), "", as_json)


@command.command("file")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--authority", default="", help="Whose they are, by its id; left out, each says so itself.")
@json_option
@click.pass_obj
def file(folder: Path, paths: tuple[Path, ...], authority: str, as_json: bool) -> None:
    """File mails, mailboxes (mbox, Maildir), folders and other files."""
    from answerable.inbox import read_items

    if authority and authority not in {item.id for item in store.read_survey(folder).authorities}:
        raise SurveyError(authority, "the survey does not ask it", "Name an id of the register")
    _file(folder, chain.from_iterable(read_items(path) for path in paths), authority, as_json)


def _file(folder: Path, items: "Iterable[Item]", authority: str, as_json: bool) -> None:
    from answerable.cli.progress import show_progress
    from answerable.inbox import file_items

    with show_progress() as report:
        filed = file_items(
            folder,
            store.read_survey(folder),
            items,
            authority=authority,
            progress=lambda number: report("filing", number, 0),
        )
    _print_filed(filed, as_json)


def _print_filed(filed: "Filed", as_json: bool) -> None:
    if as_json:
        print_json({"known": filed.n_known, "entries": [asdict(entry) for entry in filed.entries]})
        return
    for entry in filed.entries:
        whose = entry.authority or f"waits ({entry.key})"
        click.echo(f"{entry.source}: {entry.state}, {whose}, {entry.how}")
    counts = Counter(entry.state for entry in filed.entries)
    parts = [f"{number} {state}" for state, number in counts.items()]
    say(f"{', '.join(parts) or 'nothing new'}; {filed.n_known} known already.")


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what is filed and settled.")
@json_option
@click.pass_obj
def list_(folder: Path, everything: bool, as_json: bool) -> None:
    """Print what waits for a person: letters in doubt, and those that came back undelivered."""
    from answerable.inbox import read_inbox

    entries = [e for e in read_inbox(folder).values() if everything or e.state in ("waiting", "bounced")]
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    table = Table("key", "state", "authority", "came", "from", "subject", "why", "file")
    for entry in entries:
        whose = entry.authority or " or ".join(entry.candidates)
        table.add_row(entry.key, entry.state, whose, entry.on, entry.domain, entry.subject, entry.how, entry.path)
    if entries:
        Console().print(table)
    say(f"{len(entries)} shown. Settle one with `inbox {folder} assign KEY AUTHORITY` or `discard KEY`.")


@command.command("assign")
@click.argument("key")
@click.argument("authority")
@json_option
@click.pass_obj
def assign(folder: Path, key: str, authority: str, as_json: bool) -> None:
    """Say that what waits under KEY is AUTHORITY's."""
    from answerable.inbox import assign_letter

    _print_entry(assign_letter(folder, store.read_survey(folder), key, authority), as_json)


@command.command("discard")
@click.argument("key")
@json_option
@click.pass_obj
def discard(folder: Path, key: str, as_json: bool) -> None:
    """Set aside what waits under KEY; its file stays in private/."""
    from answerable.inbox import discard_letter

    _print_entry(discard_letter(folder, key), as_json)


def _print_entry(entry: "Entry", as_json: bool) -> None:
    if as_json:
        print_json(asdict(entry))
    else:
        click.echo(f"{entry.key}: {entry.state}, {entry.authority or 'nobody'}, {entry.path}")


@command.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@click.pass_obj
def import_(folder: Path, paths: tuple[Path, ...], as_json: bool) -> None:
    """Import exports of other request sites as they are.

    Known are WhatDoTheyKnow's (Alaveteli's) batch zip, batch dashboard and project, MuckRock's request list and
    assignment, and Froide's campaign. Files are filed, statuses and days logged. Exit 1 when a name in one is no
    authority of the survey.
    """
    survey = store.read_survey(folder)
    told = [_import_file(folder, survey, path) for path in paths]
    if as_json:
        print_json(told)
    for item in told:
        if not as_json:
            click.echo(f"{item['file']}: {item['kind']}, {len(item['entries'])} new, {item['known']} known already")
        for name in item["unknown_names"]:
            say(f'{item["file"]}: "{name}" is no authority of the survey. Add it as an alias, then import again.')
        for status in item["unknown_statuses"]:
            say(f'{item["file"]}: the status "{status}" is not known and is left out.')
    if any(item["unknown_names"] for item in told):
        raise click.exceptions.Exit(1)


def _import_file(folder: Path, survey: "Survey", path: Path) -> dict[str, Any]:
    from answerable.inbox import file_items, log_rows, read_export

    export = read_export(path.name, path.read_bytes(), survey)
    entries = list(log_rows(folder, export.rows, export.kind))
    n_known = 0
    for authority in dict.fromkeys(name for name, _ in export.files):
        own = [item for name, item in export.files if name == authority]
        filed = file_items(folder, survey, own, authority=authority)
        entries += filed.entries
        n_known += filed.n_known
    return {
        "file": path.name,
        "kind": export.kind,
        "entries": [asdict(entry) for entry in entries],
        "known": n_known,
        "unknown_names": list(export.unknown),
        "unknown_statuses": sorted({row.status for row in export.rows if row.status and row.outcome is None}),
    }
