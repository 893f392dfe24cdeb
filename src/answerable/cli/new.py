"""`answerable new DIR`: a commented starting survey, or with `--from` last year's a year on."""

import re
from pathlib import Path

import click

from answerable import store
from answerable.cli import json_option, print_json, say
from answerable.survey.roll import roll_forward, roll_lookups
from answerable.survey.template import LOOKUPS, REFERENCES, make_reply_guide, make_survey_text


@click.command()
@click.argument("folder", type=click.Path(file_okay=False), metavar="DIR")
@click.option("--from", "old", type=click.Path(), metavar="OLD", help="Roll this survey's questions a year forward.")
@json_option
def command(folder: str, old: str | None, as_json: bool) -> None:
    """Write a survey folder that builds as it stands.

    With --from, questions with their versions, contacts, code lists and lookups come from OLD, a survey folder or
    the name of a bundled survey, and every period moves on one year. Nothing that is there is overwritten.
    """
    target = Path(folder)
    files, notes = _roll(old) if old else (_start(_make_id(target.resolve().name)), ())
    written = store.write_folder(target, files)
    survey = store.read_survey(target)
    for note in notes:
        say(note)
    if as_json:
        print_json({"folder": folder, "files": list(written), "survey": survey.id, "notes": list(notes)})
        return
    for name in written:
        click.echo(f"{folder}/{name}")
    say(f"Next: `answerable ask {folder} draft` writes the requests. Put what comes back into")
    say(f"{folder}/replies/<authority>/, then run `answerable build {folder}`.")


def _make_id(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "survey"


def _start(name: str) -> dict[str, str]:
    return {
        "survey.toml": make_survey_text(name),
        "lookups.toml": LOOKUPS,
        "references.csv": REFERENCES,
        "replies/README.md": make_reply_guide(),
    }


def _roll(old: str) -> tuple[dict[str, str], tuple[str, ...]]:
    source = store.find_folder(old) if old not in store.list_bundled() else store.BUNDLED / old
    store.read_survey(source)
    files = store.read_beside(source)
    survey, notes = roll_forward(files["survey.toml"], f"{old}/survey.toml")
    lookups, more = roll_lookups(files.get("lookups.toml", LOOKUPS), f"{old}/lookups.toml")
    rolled = {**files, "survey.toml": survey, "lookups.toml": lookups, "references.csv": REFERENCES}
    return {**rolled, "replies/README.md": make_reply_guide()}, (*notes, *more)
