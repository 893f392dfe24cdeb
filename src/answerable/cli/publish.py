"""`answerable publish`: keep a build as an edition, unless a finding stands in the way."""

import sys
from pathlib import Path

import click

from answerable import store
from answerable.claims import Proof, check_releases, make_topic
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.cli.build import protect_option, run_build


def _proofread(folder: Path) -> Proof:
    """The claim checker's Proof of every release of the build, told on stderr with what it could not check."""
    topic = make_topic(store.read_survey(folder), store.read_figures(folder) or ())
    proof = check_releases(store.read_releases(folder), topic)
    told = ", ".join(f"{n} {verdict.replace('_', ' ')}" for verdict, n in proof.verdicts) or "no claim"
    say(f"{proof.texts} releases read back: {told}.")
    for text, sentence in proof.unchecked:
        say(f'  not checkable: "{text}" in "{sentence}"')
    for finding in proof.findings:
        say(f"  {finding.severity}: {finding.message}")
    return proof


@click.command()
@survey_argument
@click.option("--edition", help="Name of the edition; default: the next number.")
@protect_option
@json_option
def command(survey: str, edition: str | None, protect: bool, as_json: bool) -> None:
    """Build SURVEY and keep the result in SURVEY/published/EDITION, where later builds never touch it.

    A finding at error blocks it, and so does a release with a number that the figures contradict: nothing is kept
    and the exit code is 1.
    """
    folder = store.find_folder(survey)
    built = run_build(folder, protect=protect)
    if built["n_errors"]:
        say(
            f"{folder}: {built['n_errors']} findings are errors. Settle them (answerable check {survey}), then publish."
        )
        sys.exit(1)
    proof = _proofread(folder)
    if any(finding.severity == "error" for finding in proof.findings):
        sys.exit(1)
    kept = store.keep_edition(folder, edition)
    if as_json:
        print_json({**built, "edition": str(kept), "claims": dict(proof.verdicts), "unchecked": list(proof.unchecked)})
    else:
        click.echo(f"{kept}: published.")
