"""Writes docs/commands.md and docs/checks.md from the commands and checks themselves."""

import importlib
import sys
from pathlib import Path

import click

from answerable.checks import CHECKS
from answerable.cli import COMMANDS

DOCS = Path(__file__).resolve().parent.parent / "docs"
NOTE = "<!-- written by tools/make_commands.py; change the code, then run it again -->"


def describe_commands() -> str:
    """The commands page: every command in the order of the line, with its arguments and options."""
    lines = ["# Commands", "", NOTE, "", "Data goes to stdout, messages to stderr. Exit 0 is clean, 1 means findings"]
    lines += ["at error, 2 wrong use. Every command has `--json`.", ""]
    for name in COMMANDS:
        command = importlib.import_module(f"answerable.cli.{name.replace('-', '_')}").command
        lines += _describe(command, f"answerable {name}", 2)
    return "\n".join(lines).rstrip() + "\n"


def _describe(command: click.Command, path: str, level: int) -> list[str]:
    context = click.Context(command, info_name=path)
    lines = [f"{'#' * level} {path}", "", f"`{' '.join(command.get_usage(context).split()[1:])}`", ""]
    lines += [" ".join((command.help or "").replace("\b", "").split()), ""]
    options = [item for item in command.params if isinstance(item, click.Option) and item.name != "help"]
    if options:
        lines += ["| option | meaning |", "|---|---|"]
        lines += [f"| `{', '.join(item.opts)}` | {(item.help or '').replace('|', '/')} |" for item in options]
        lines.append("")
    if isinstance(command, click.Group):
        given = [item.make_metavar(context) for item in command.params if isinstance(item, click.Argument)]
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                lines += _describe(inner, " ".join((path, *given, name)), level + 1)
    return lines


def describe_checks() -> str:
    """The checks page: every check by name with its severity and what it means."""
    lines = ["# Checks", "", NOTE, "", "A check at error blocks `answerable publish`; a warning is published with its"]
    lines += ["caveat.", "", "| check | severity | what it finds |", "|---|---|---|"]
    lines += [f"| `{name}` | {check.severity} | {check.help} |" for name, check in CHECKS.items()]
    return "\n".join(lines) + "\n"


PAGES = {"commands.md": describe_commands, "checks.md": describe_checks}

if __name__ == "__main__":
    for page, describe in PAGES.items():
        (DOCS / page).write_text(describe(), encoding="utf-8")
    sys.stdout.write(f"{', '.join(PAGES)} written\n")
