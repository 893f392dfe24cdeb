"""`answerable ask`: draft the requests, check their wording, send them, and chase the answers."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.errors import SurveyError
from answerable.model import Finding


@click.group()
@survey_argument
@click.pass_context
def command(ctx: click.Context, survey: str) -> None:
    """Write the requests of SURVEY, one an authority, send them after review, and chase what does not come.

    Nothing is sent but by `send --yes`. Letters lie in SURVEY/letters, addresses in contacts.csv, servers in mail.toml.
    """
    ctx.obj = store.find_folder(survey)


def today_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The `--today` option, passed on as `today`."""
    return click.option(
        "--today", type=click.DateTime(["%Y-%m-%d"]), help="Count from this day instead of today: 2026-11-24."
    )(function)


def find_today(given: Any) -> date:
    """The day given, else today in the United Kingdom."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    found: date = given.date() if given else datetime.now(ZoneInfo("Europe/London")).date()
    return found


def print_findings(findings: Sequence[Finding]) -> None:
    """Findings for a person, on stderr, the first few of each check."""
    seen: Counter[str] = Counter(finding.check for finding in findings)
    shown: Counter[str] = Counter()
    for finding in findings:
        shown[finding.check] += 1
        if shown[finding.check] <= SHOWN:
            say(f"{finding.severity}: {finding.message}")
        elif shown[finding.check] == seen[finding.check]:
            say(f"{finding.severity}: {seen[finding.check] - SHOWN} more of {finding.check}; --json lists them all.")


SHOWN = 5
"""Findings of one check that are printed in full."""


def has_errors(findings: Sequence[Finding]) -> bool:
    """Whether the command must exit 1."""
    return any(finding.severity == "error" for finding in findings)


@command.command("draft")
@click.option("--no-form", is_flag=True, help="Write letters without the fill-in form.")
@json_option
@click.pass_obj
def draft(folder: Path, no_form: bool, as_json: bool) -> None:
    """Write one request an authority: .eml to send, .md to read, .xlsx to be filled in. Nothing is sent.

    A letter edited by hand is kept; delete it to have it drafted again.
    """
    from answerable.ask.contacts import check_contacts, parse_contacts
    from answerable.ask.drafts import REQUEST, draft_requests, write_files
    from answerable.ask.lint import lint_survey
    from answerable.ask.mail import FILE, parse_mail

    survey = store.read_survey(folder)
    mail = parse_mail(store.read_text(folder, FILE), survey)
    contacts = parse_contacts(store.read_text(folder, "contacts.csv"), survey)
    drafts = draft_requests(survey, contacts, with_form=not no_form)
    changed, kept = store.write_drafts(folder, REQUEST, (item for one in drafts for item in write_files(one, mail)))
    findings = (*check_contacts(survey, contacts), *lint_survey(survey))
    if as_json:
        print_json({"written": list(changed), "kept": list(kept), "findings": [asdict(item) for item in findings]})
    else:
        click.echo(f"{folder}/letters/{REQUEST}: {len(survey.authorities)} letters, {len(changed)} files written.")
    for name in kept:
        say(f"letters/{REQUEST}/{name} was edited by hand and is kept; delete it to have it drafted again.")
    print_findings(findings)
    say(f"Next: read letters/{REQUEST}/*.md, then `answerable ask {folder} send`.")
    sys.exit(1 if has_errors(findings) else 0)


@command.command("lint")
@json_option
@click.pass_obj
def lint(folder: Path, as_json: bool) -> None:
    """Name what in the questions is vague, likely to be refused on cost, or asks for personal data."""
    from answerable.ask.lint import lint_survey

    findings = lint_survey(store.read_survey(folder))
    if as_json:
        print_json([asdict(item) for item in findings])
    else:
        print_findings(findings)
        say(f"{len(findings)} findings." if findings else "Nothing to say about the questions.")
    sys.exit(1 if has_errors(findings) else 0)


@command.command("send")
@click.option("--yes", is_flag=True, help="Send. Without it, only say what would go out and what is held back.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only letters of this kind: request, reminder-1.")
@click.option("--only", multiple=True, metavar="AUTHORITY", help="Only letters to this authority.")
@click.option("--despite-aggregation", is_flag=True, help="Send although a similar request went there recently.")
@today_option
@json_option
@click.pass_obj
def send(
    folder: Path, yes: bool, kinds: tuple[str, ...], only: tuple[str, ...], despite_aggregation: bool, today: Any,
    as_json: bool,
) -> None:  # fmt: skip
    """Say what would go out; with --yes, send it, each letter once, however often it is interrupted.

    Exit 1 while a letter is held back, was not taken, or may or may not have gone out.
    """
    from answerable.ask.mail import FILE, parse_mail
    from answerable.ask.ready import list_letters, list_ready, read_situation
    from answerable.ask.record import log_letter, log_letters
    from answerable.ask.references import KINDS
    from answerable.ask.send import send_letters
    from answerable.cli.progress import show_progress
    from answerable.clock import load_calendar

    survey = store.read_survey(folder)
    check_names(kinds, KINDS, "--kind")
    check_names(only, [authority.id for authority in survey.authorities], "--only")
    mail = parse_mail(store.read_text(folder, FILE), survey)
    calendar = load_calendar(store.read_text(folder, "holidays.csv"))

    late = find_late(folder, find_today(today))

    def look() -> Any:
        situation = read_situation(folder, survey, mail, find_today(today), calendar, late)
        wanted = kinds or KINDS
        return list_ready(folder, situation, kinds=wanted, only=only, despite_aggregation=despite_aggregation)

    ready = look()
    if yes:
        with show_progress() as report:
            send_letters(folder, list_letters(ready), mail, progress=report, on_sent=partial(log_letter, folder))
        log_letters(folder, survey)
        ready = look()
    print_ready(ready, as_json, yes, str(folder))
    done = {"sent"} if yes else {"sent", "ready"}
    sys.exit(0 if all(item.state in done for item in ready) else 1)


def find_late(folder: Path, today: date) -> set[str]:
    """Authorities that owe a reply; read only where reminders are drafted, for what came may have answered them."""
    from answerable.cli.progress import show_progress
    from answerable.line import read_matter

    if not (store.list_letters(folder, "reminder-1") or store.list_letters(folder, "reminder-2")):
        return set()
    with show_progress() as report:
        board = read_matter(folder, today, progress=report).board
    return {item.authority for item in board.standings if item.stage == "late"}


def check_names(given: Sequence[str], known: Sequence[str], where: str) -> None:
    """SurveyError, naming the nearest, for a name that is not known."""
    from answerable.survey.settings import refuse_key

    for name in given:
        if name not in known:
            refuse_key(name, list(known), where)


def print_ready(ready: Sequence[Any], as_json: bool, sent: bool, folder: str) -> None:
    from rich.console import Console
    from rich.table import Table

    rows = [{name: getattr(item, name) for name in ("kind", "authority", "to", "state", "why")} for item in ready]
    if as_json:
        print_json(rows)
        return
    table = Table("kind", "authority", "to", "state", "why")
    for row in rows:
        table.add_row(*row.values())
    if rows:
        Console().print(table)
    n = sum(item.state == "ready" for item in ready)
    if not rows:
        say(f"No letters are drafted; run `answerable ask {folder} draft`.")
    elif not sent:
        say(
            f"{n} letters would go out. Send them with `answerable ask {folder} send --yes`." if n else "None would go."
        )
    elif n:
        say(f"{n} letters were not taken by the server: see why, and run this again later.")
    if any(item.state == "unknown" for item in ready):
        say("Unknown letters may have arrived and are never sent again by themselves: ask the authority or look into "
            f"your mailbox, then `answerable ask {folder} settle AUTHORITY sent` (or not-sent).")  # fmt: skip


@command.command("chase")
@today_option
@json_option
@click.pass_obj
def chase(folder: Path, today: Any, as_json: bool) -> None:
    """Draft what is due: reminders, review requests with the grounds that fit, complaints with their papers.

    They lie in SURVEY/letters/<kind> to be read, and go out by `send --yes`. Drafts no longer due are taken away.
    """
    from answerable.ask.chase import CHASERS, draft_chasers
    from answerable.ask.drafts import write_files
    from answerable.ask.mail import FILE, parse_mail
    from answerable.cli.progress import show_progress
    from answerable.line import read_matter

    with show_progress() as report:
        matter = read_matter(folder, find_today(today), progress=report)
    mail = parse_mail(store.read_text(folder, FILE), matter.survey)
    found = list(draft_chasers(folder, matter))
    for kind in CHASERS:
        files = [item for _, one in found if one and one.kind == kind for item in write_files(one, mail)]
        stale = {*store.list_letters(folder, kind), *store.list_letters(folder, kind, ".md")} - {x for x, _ in files}
        store.remove_drafts(folder, kind, sorted(stale))
        _, kept = store.write_drafts(folder, kind, files)
        for name in kept:
            say(f"letters/{kind}/{name} was edited by hand and is kept; delete it to have it drafted again.")
    rows = [{"authority": step.authority, "letter": one.kind if one else "", "why": step.why} for step, one in found]
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            click.echo(f"{row['letter'] or 'look yourself':14} {row['authority']}: {row['why']}")
    n = sum(bool(row["letter"]) for row in rows)
    say(
        f"{n} letters drafted. Next: read letters/*/*.md, then `answerable ask {folder} send`." if n else "None is due."
    )


@command.command("log")
@json_option
@click.pass_obj
def log(folder: Path, as_json: bool) -> None:
    """Print what became of every letter that was to go out."""
    from answerable.ask.outbox import read_outbox

    entries = read_outbox(folder).values()
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    for entry in entries:
        click.echo(f"{entry.at}  {entry.state:9} {entry.kind:12} {entry.authority}  {entry.message_id}  {entry.note}")


@command.command("settle")
@click.argument("authority")
@click.argument("state", type=click.Choice(["sent", "not-sent"]))
@click.option("--kind", default="request", help="The letter: request, reminder-1, review ...")
@click.option("--note", default="", help="How you know.")
@json_option
@click.pass_obj
def settle(folder: Path, authority: str, state: str, kind: str, note: str, as_json: bool) -> None:
    """Say whether an unknown letter to AUTHORITY went out; `not-sent` lets it be sent again."""
    from answerable.ask.outbox import State, find_entry, read_outbox
    from answerable.ask.record import log_letters
    from answerable.ask.send import settle_entry

    survey = store.read_survey(folder)
    entry = find_entry(read_outbox(folder), kind, authority)
    if entry is None:
        raise SurveyError(f"{kind} to {authority}", "was never handed to the server", "See `answerable ask SURVEY log`")
    told: State = "sent" if state == "sent" else "not_sent"
    settled = settle_entry(folder, entry.message_id, told, note or "settled by a person")
    log_letters(folder, survey)
    if as_json:
        print_json(asdict(settled))
    else:
        click.echo(f"{kind} to {authority}: {settled.state}")
