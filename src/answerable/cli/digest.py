"""`answerable digest`: an e-mail of new and corrected figures to those who asked for it and confirmed."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument

if TYPE_CHECKING:
    from answerable.publish.subscribers import Subscriber


@click.group(invoke_without_command=True)
@survey_argument
@json_option
@click.pass_context
def command(ctx: click.Context, survey: str, as_json: bool) -> None:
    """Write the digest of SURVEY's latest edition, or with a subcommand send it and keep the list of subscribers.

    Only what was published is ever in it. The list lies in SURVEY/private, servers in mail.toml.
    """
    ctx.obj = store.find_folder(survey)
    if ctx.invoked_subcommand is None:
        ctx.invoke(write, as_json=as_json)


@command.command("write")
@click.option("--edition", help="The published edition; default: the latest.")
@click.option("--place", help="Authority id or region:<name>; default: the whole.")
@json_option
@click.pass_obj
def write(folder: Path, edition: str | None = None, place: str | None = None, as_json: bool = False) -> None:
    """Print the digest of one edition for one place; nothing is sent."""
    from answerable.publish.digest import find_issue, write_digest

    survey = store.read_survey(folder)
    issue, latest = find_issue(survey, store.read_kept(folder), edition)
    text = write_digest(survey, issue, latest, place)
    if as_json:
        print_json({"edition": issue.name, "place": place, "text": text})
    elif text:
        click.echo(text, nl=False)
    else:
        say(f"Edition {issue.name} holds nothing new for {place or 'the whole'}: no mail would be sent.")


@command.command("send")
@click.option("--edition", help="The published edition; default: the latest.")
@click.option("--yes", is_flag=True, help="Send. Without it, only how many mails would go out is printed.")
@json_option
@click.pass_obj
def send(folder: Path, edition: str | None, yes: bool, as_json: bool) -> None:
    """Send the edition's digest to every confirmed subscriber that has not got it; safe to run again."""
    from answerable.ask.mail import FILE, parse_mail
    from answerable.publish.digest import find_issue, make_digests, send_digests
    from answerable.publish.subscribers import list_confirmed

    survey = store.read_survey(folder)
    issue, latest = find_issue(survey, store.read_kept(folder), edition)
    mail = parse_mail(store.read_text(folder, FILE), survey)
    due = make_digests(survey, mail, issue, latest, list_confirmed(folder))
    entries = send_digests(folder, survey, mail, issue, latest) if yes else ()
    states = {state: sum(item.state == state for item in entries) for state in dict.fromkeys(x.state for x in entries)}
    if as_json:
        print_json({"edition": issue.name, "due": len(due), "states": states})
        return
    said = ", ".join(f"{n} {state.replace('_', ' ')}" for state, n in states.items())
    click.echo(f"Edition {issue.name}: {len(due)} digests; {said or 'nothing sent, add --yes to send'}.")
    if states.get("unknown"):
        say("Unknown: the line broke while the server was taking a mail. It is not sent again by itself.")


@command.command("subscribe")
@click.argument("address")
@click.option("--place", help="Authority id or region:<name>; default: every place.")
@json_option
@click.pass_obj
def subscribe_(folder: Path, address: str, place: str | None, as_json: bool) -> None:
    """Note that ADDRESS asks for the digest, and send it one mail that asks it to confirm."""
    from answerable.ask.mail import FILE, parse_mail
    from answerable.publish.digest import make_confirmation, send_quietly
    from answerable.publish.subscribers import subscribe

    survey = store.read_survey(folder)
    places = {item.id for item in survey.authorities} | {f"region:{item.region}" for item in survey.authorities}
    item = subscribe(folder, address, place, places, datetime.now(UTC))
    mail = parse_mail(store.read_text(folder, FILE), survey)
    if item.state == "subscribe" and mail.smtp:
        send_quietly(folder, mail, [make_confirmation(survey, mail, item)])
    elif item.state == "subscribe":
        say(f"{FILE} names no server, so nothing was sent. To confirm: answerable digest SURVEY confirm {item.confirm}")
    _tell(item, as_json)


@command.command("confirm")
@click.argument("token")
@json_option
@click.pass_obj
def confirm_(folder: Path, token: str, as_json: bool) -> None:
    """Confirm the subscription that TOKEN was sent for."""
    from answerable.publish.subscribers import confirm

    _tell(confirm(folder, token, datetime.now(UTC)), as_json)


@command.command("unsubscribe")
@click.argument("token")
@json_option
@click.pass_obj
def unsubscribe_(folder: Path, token: str, as_json: bool) -> None:
    """End the subscription of TOKEN, which stands in every digest."""
    from answerable.publish.subscribers import unsubscribe

    _tell(unsubscribe(folder, token, datetime.now(UTC)), as_json)


@command.command("subscribers")
@json_option
@click.pass_obj
def subscribers(folder: Path, as_json: bool) -> None:
    """Print how many asked, confirmed and unsubscribed; never the addresses."""
    from answerable.publish.subscribers import read_subscribers

    states = [item.state for item in read_subscribers(folder)]
    counts = {
        "waiting": states.count("subscribe"),
        "confirmed": states.count("confirm"),
        "unsubscribed": states.count("unsubscribe"),
    }
    if as_json:
        print_json(counts)
    else:
        click.echo(", ".join(f"{n} {state}" for state, n in counts.items()))


@command.command("listen")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; put a proxy before it.")
@click.option("--port", type=click.IntRange(0, 65535), default=8025, show_default=True, help="0 takes a free one.")
@json_option
@click.pass_obj
def listen(folder: Path, host: str, port: int, as_json: bool) -> None:
    """Answer the links in the digest's mails: confirm, and unsubscribe by one click (RFC 8058)."""
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    from answerable.publish.doorway import make_doorway

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the request's line holds the token."""

    with make_server(host, port, make_doorway(folder, store.read_survey(folder)), handler_class=Quiet) as server:
        if as_json:
            print_json({"host": host, "port": server.server_port})
        else:
            click.echo(f"Listening on http://{host}:{server.server_port}; stop with Ctrl and C.")
        sys.stdout.flush()
        server.serve_forever()


def _tell(item: "Subscriber", as_json: bool) -> None:
    words = {"subscribe": "waiting for confirmation", "confirm": "confirmed", "unsubscribe": "unsubscribed"}
    if as_json:
        print_json({"state": item.state, "place": item.place})
    else:
        click.echo(f"{item.address}: {words[item.state]}.")
