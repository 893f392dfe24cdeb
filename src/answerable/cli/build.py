"""`answerable build`: run every step from read to publish."""

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from answerable.cli import json_option, print_json, say, survey_argument
from answerable.store import find_folder


def protect_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The `--protect` flag of the commands that build, passed on as `protect`."""
    text = "Withhold the fewest further counts where a suppressed one could be worked out, and say which."
    return click.option("--protect", is_flag=True, help=text)(function)


@click.command()
@survey_argument
@click.option("--force", is_flag=True, help="Read and build again even where nothing has changed.")
@click.option("--workers", type=click.IntRange(1), help="Processes that read replies; default: one a core.")
@protect_option
@json_option
def command(survey: str, force: bool, workers: int | None, protect: bool, as_json: bool) -> None:
    """Read the replies of SURVEY, check them, compute the figures and write SURVEY/build.

    Only files whose bytes change are written. Exit 1 when a finding is an error.
    """
    folder = find_folder(survey)
    built = run_build(folder, force=force, workers=workers, protect=protect)
    if as_json:
        print_json(built)
    elif built["current"]:
        click.echo(f"{folder}/build is up to date.")
    else:
        click.echo(f"{folder}/build: {built['n_changed']} files written. Open {built['site']}")
    if built["n_errors"]:
        say(f"{built['n_errors']} findings are errors: see {folder}/build/findings.csv")
        sys.exit(1)


def run_build(
    folder: Path, *, force: bool = False, workers: int | None = None, protect: bool = False
) -> dict[str, object]:
    """Build a folder with progress on stderr; gives what `--json` prints."""
    from answerable import store

    inputs = store.hash_inputs(folder) + ("+protect" if protect else "")
    if not force and store.is_current(folder, inputs):
        # Checked before the steps are imported: an unchanged survey answers at once.
        return {**_describe(folder), "current": True, "n_changed": 0, "n_errors": store.count_kept_errors(folder)}
    from answerable.cli.progress import show_progress
    from answerable.line import build_survey

    say_left_out()
    with show_progress() as report:
        built = build_survey(folder, inputs=inputs, workers=workers, protect=protect, afresh=force, progress=report)
    for message in built.withheld:
        say(message)
    return {
        **_describe(folder),
        "current": False,
        "n_changed": len(built.changed),
        "n_errors": built.n_errors,
        "withheld": list(built.withheld),
    }


EXTRAS = {"vl_convert": ("charts", "no charts"), "gptables": ("workbook", "no workbook.xlsx")}
"""Module -> the extra that brings it, and what a build lacks without it."""


def say_left_out() -> None:
    """Say on stderr which outputs this build goes without, and the extra that brings them."""
    for module, (extra, lack) in EXTRAS.items():
        if find_spec(module) is None:
            say(f"This build has {lack}: install answerable[{extra}] to have them.")


def _describe(folder: Path) -> dict[str, object]:
    return {"survey": str(folder), "site": str(folder / "build" / "site" / "index.html")}
