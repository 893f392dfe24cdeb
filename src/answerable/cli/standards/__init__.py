"""`answerable standards`: what a safe account is, what a service's accounts start with, and what follows.

Each subcommand is a function of a module beside this one, imported when it is named, as the commands above it are.
"""

import importlib

import click

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "rules": ("law", "list the rules with their dates and sources"),
    "defaults": ("law", "print the safest default settings for a declared age"),
    "new": ("audit", "write an audit folder that builds as it stands"),
    "form": ("audit", "write the form for one service"),
    "probe": ("probing", "sign up test accounts by a script and read their settings"),
    "probe-matrix": ("probing", "read the defaults of your own Matrix server"),
    "sample": ("probing", "run the sample service to practise on"),
    "build": ("audit", "judge what was observed; write scorecards, league table and releases"),
    "case": ("audit", "write a case file for one service"),
    "helpline": ("contacts", "turn a helpline's own export into protected tables"),
    "penalty": ("law", "print the statutory maximum penalty"),
}
"""Subcommand -> the module that holds it as `<name>_command`, and its one-line help."""


class LazySubgroup(click.Group):
    """A group that imports a subcommand's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in SUBCOMMANDS:
            return None
        module = importlib.import_module(f"answerable.cli.standards.{SUBCOMMANDS[name][0]}")
        command: click.Command = getattr(module, f"{name.replace('-', '_')}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in SUBCOMMANDS.items()])


@click.group(cls=LazySubgroup, context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Minimum standards for services that children use: the rules, audits of settings, scorecards, penalties."""
