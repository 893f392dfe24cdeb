"""`answerable publish`: keep a build as an edition, unless a finding, a release or an embargo stands in the way."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from answerable import store
from answerable.claims import Proof, check_releases, make_topic
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.cli.build import protect_option, say_left_out


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
    and the exit code is 1. Until the moment of `embargo_until` it is kept in SURVEY/embargoed instead, and
    published/ is not touched.
    """
    from answerable.cli.progress import show_progress
    from answerable.line import publish_survey

    folder = store.find_folder(survey)
    say_left_out()
    proofs: list[Proof] = []

    def approve() -> bool:
        proofs.append(_proofread(folder))
        return not any(finding.severity == "error" for finding in proofs[-1].findings)

    with show_progress() as report:
        built, kept = publish_survey(
            folder, now=datetime.now(UTC), approve=approve, name=edition, protect=protect, progress=report
        )
    for message in built.withheld:
        say(message)
    if kept is None:
        if built.n_errors:
            say(f"{folder}: {built.n_errors} findings are errors. Settle them (answerable check {survey}).")
        sys.exit(1)
    embargoed = kept.parent.name == store.EMBARGOED
    if embargoed:
        say(f"{store.read_survey(folder).embargo} Nothing was published; run this again after that moment.")
    if not as_json:
        click.echo(f"{kept}: {'kept under embargo' if embargoed else 'published'}.")
        return
    said = {"survey": str(folder), "site": str(kept / "site" / "index.html"), "n_changed": len(built.changed)}
    said |= {"n_errors": 0, "withheld": list(built.withheld), "edition": str(kept), "embargoed": embargoed}
    print_json({**said, "claims": dict(proofs[-1].verdicts), "unchecked": list(proofs[-1].unchecked)})
