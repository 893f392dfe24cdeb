"""The command line: one command a step, each in its own module, each parsing, calling and printing only.

Commands are loaded when they are named, so `answerable --help` and a build with nothing to do start at once.
Data goes to stdout, messages to stderr; exit 0 is clean, 1 findings at `error`, 2 wrong use.
"""

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

import click

from answerable import __version__
from answerable.errors import AnswerableError

COMMANDS: dict[str, str] = {
    "new": "write a commented starting survey",
    "ask": "write the requests, send them after review, and chase the answers",
    "inbox": "file what comes back under its authority, once, and import other sites' exports",
    "simulate": "write a practice survey with known truth",
    "read": "print every observation with the cell it came from",
    "quarantine": "print the documents that are held back, release one or leave it out",
    "propose": "ask a model that you name about what the rules left; its proposals go to review",
    "review": "list what is open, and settle it",
    "check": "print what a person should know before publishing",
    "figures": "print the figures with their bounds, coverage and authorities",
    "reconcile": "set the figures beside an official series, with the reason of each difference",
    "claims": "check the numbers of an article against the survey, or against itself",
    "reply-pack": "write an authority's figures as a letter to it, and record its answer",
    "publish": "keep a build as an edition, unless a finding blocks it",
    "build": "run every step from read to publish",
    "diff": "list what two editions print differently, and which reply caused it",
    "digest": "e-mail new and corrected figures to those who asked for them",
    "status": "print where every request stands",
    "clock": "print the statutory deadlines of one request",
    "flag": "say whether crime records involved the internet, on what platform, and why",
    "standards": "what a safe account is; audits of services, scorecards, penalties",
    "serve": "open the review app in a browser",
    "demo": "build the bundled survey and print its main figures",
    "account": "add or change an account of the review app",
}
"""Every command in the order of the line, with its one-line help. Its module is `answerable.cli.<name>`, its
click command is called `command` there."""


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"answerable.cli.{name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AnswerableError as error:
            click.echo(str(error), err=True)
            ctx.exit(2)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="answerable")
def main() -> None:
    """Ask every public authority the same question; publish only figures you can stand behind."""


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The `--json` flag that every command has, passed on as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(function)


def survey_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """The survey folder that every step takes, passed on as `survey`."""
    return click.argument("survey", type=click.Path(), metavar="SURVEY")(function)


def say(message: str) -> None:
    """Print a message for a person, on stderr."""
    click.echo(message, err=True)


def print_json(data: Any) -> None:
    """Print data as JSON on stdout, keys in the order given."""
    json.dump(data, sys.stdout, indent=1, ensure_ascii=False, default=str)
    sys.stdout.write("\n")
