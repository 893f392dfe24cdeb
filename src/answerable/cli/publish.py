"""`answerable publish`: keep a build as an edition, unless a finding stands in the way."""

import sys

import click

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.cli.build import protect_option, run_build


@click.command()
@survey_argument
@click.option("--edition", help="Name of the edition; default: the next number.")
@protect_option
@json_option
def command(survey: str, edition: str | None, protect: bool, as_json: bool) -> None:
    """Build SURVEY and keep the result in SURVEY/published/EDITION, where later builds never touch it.

    A finding at error blocks it: nothing is kept and the exit code is 1.
    """
    folder = store.find_folder(survey)
    built = run_build(folder, protect=protect)
    if built["n_errors"]:
        say(
            f"{folder}: {built['n_errors']} findings are errors. Settle them (answerable check {survey}), then publish."
        )
        sys.exit(1)
    kept = store.keep_edition(folder, edition)
    if as_json:
        print_json({**built, "edition": str(kept)})
    else:
        click.echo(f"{kept}: published.")
