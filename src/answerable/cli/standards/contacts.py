"""`answerable standards helpline`: a helpline's own export, counted and protected, as its reply to a survey."""

from pathlib import Path

import click

from answerable import store
from answerable.cli import json_option, print_json, say
from answerable.errors import StoreError, SurveyError


@click.command("helpline")
@click.argument("export", type=click.Path(dir_okay=False), metavar="EXPORT.csv")
@click.option("--survey", required=True, type=click.Path(), help="Survey folder made with `new DIR --from helpline`.")
@click.option("--helpline", "authority", required=True, metavar="ID", help="Id of the helpline in helplines.csv.")
@click.option("--column", "columns", multiple=True, metavar="WHAT=NAME", help="Column of day or of a dimension.")
@click.option("--small", type=click.IntRange(2), default=5, help="Counts under this are not shown; default 5.")
@json_option
def helpline_command(
    export: str, survey: str, authority: str, columns: tuple[str, ...], small: int, as_json: bool
) -> None:
    """Count EXPORT.csv, a row a contact, by quarter, theme and age, protect small numbers, and file the tables as the
    helpline's reply in the survey folder. The export itself is not copied.
    """
    from answerable.standards.helpline import count_contacts, write_reply
    from answerable.standards.keys import check_choice

    folder = store.find_folder(survey)
    found = store.read_survey(folder)
    check_choice(authority, tuple(item.id for item in found.authorities), "--helpline")
    named = {}
    for text in columns:
        what, equals, name = text.partition("=")
        if not equals:
            raise SurveyError("--column", f'"{text}" has no =', "Write --column day=Started")
        named[check_choice(what, ("day", *(item.id for item in found.dimensions)), "--column")] = name
    path = Path(export)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(export, f"cannot be read ({error})", "Name a CSV file in UTF-8") from error
    files = write_reply(count_contacts(text, found, export, named), found, small)
    written = store.write_folder(folder, {f"replies/{authority}/{name}": body for name, body in files.items()})
    if as_json:
        print_json({"helpline": authority, "files": list(written)})
        return
    for name in written:
        click.echo(str(folder / name))
    say(f"Next: `answerable build {survey} --protect`, which checks what all helplines' tables give away together.")
