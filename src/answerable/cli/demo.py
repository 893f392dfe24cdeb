"""`answerable demo`: build a bundled survey and print its main figures and the path of its site."""

import json
import time
from pathlib import Path

import click

from answerable import store
from answerable.cli import json_option, print_json
from answerable.cli.build import run_build
from answerable.errors import FigureError
from answerable.model import Survey

DEFAULT = "cyber-flag"
LOCAL = {
    "cyber-flag": "northamptonshire",
    "sexual-communication": "northamptonshire",
    "officer-training": "ashvale",
    "helpline": "lantern",
}
"""The authority whose figure the demonstration prints, by survey."""


@click.command()
@click.argument("name", default=DEFAULT)
@click.option("--into", type=click.Path(), help="Folder to copy the survey to; default: demo/NAME.")
@json_option
def command(name: str, into: str | None, as_json: bool) -> None:
    """Copy the bundled survey NAME to a folder of yours, build it, and print its main figures.

    The copy is yours: change a reply or a lookup and run `answerable build` on it.
    """
    started = time.monotonic()
    folder = store.copy_survey(name, Path(into) if into else Path("demo") / name)
    built = run_build(folder)
    survey = store.read_survey(folder)
    figures = json.loads(store.read_build(folder, "figures.json") or b"[]")
    period = survey.periods[-1].id
    national = _find_total(figures, None, survey.headline, period)
    local = _find_total(figures, LOCAL.get(name), survey.headline, period)
    if as_json:
        print_json({**built, "national": national, "local": local})
        return
    click.echo(_describe(national, survey.area, survey.authority_noun[1]))
    click.echo(_describe(local, next((a.name for a in survey.authorities if a.id == local["authority"]), ""), ""))
    for line in _list_published(survey, period):
        click.echo(line)
    click.echo(f"Site: {built['site']}  ({time.monotonic() - started:.1f} s)")


def _find_total(
    figures: list[dict[str, object]], authority: str | None, question: str, period: str
) -> dict[str, object]:
    wanted = {"kind": "total", "authority": authority, "question": question, "period": period}
    for figure in figures:
        if not figure["dimensions"] and all(figure[key] == value for key, value in wanted.items()):
            return figure
    raise FigureError(
        "figures.json", f"has no total for {authority or 'the whole area'}", "Delete build/ and build again"
    )


def _describe(figure: dict[str, object], place: str, noun: str) -> str:
    value = figure["value"] if figure["value"] is not None else f"{figure['low']} to {figure['high']}"
    shown = f"{value:,}" if isinstance(value, int) else str(value)
    behind = f", from {figure['n_answered']} of {figure['n_asked']} {noun}" if noun else ""
    return f"{place}, {figure['period']}: {shown} {figure['unit']}{behind}."


def _list_published(survey: Survey, period: str) -> list[str]:
    """The published totals for the whole area, each with its own count of authorities; the first is the main one."""
    noun, place = survey.authority_noun[1], f"{survey.area}, {period}"
    return [
        f"Published elsewhere for {place}: {_group(item.value)}, from {item.n_answered} {noun} ({item.source})."
        for item in survey.references
        if (item.measure, item.authority, item.question, item.period) == ("total", None, survey.headline, period)
    ][:1]


def _group(text: str) -> str:
    return f"{int(text):,}" if text.isdigit() else text
