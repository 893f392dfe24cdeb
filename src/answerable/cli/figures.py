"""`answerable figures`: the figures of a survey with their bounds, how many authorities are in each, and coverage."""

import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument

if TYPE_CHECKING:
    from answerable.model import Edition, Figure

EACH = "each"
"""--authority EACH: every authority and area, not only the whole."""
OTHERS = frozenset({"reference", "difference"})
"""Kinds about what others published: in the table only where they are asked for."""


@click.command()
@survey_argument
@click.option("--question", help="Only this question.")
@click.option("--authority", help="Only this authority, region:<name>, `all` (the whole area) or `each`; default: all.")
@click.option("--period", help="Only this period.")
@click.option("--kind", multiple=True, help="Only this kind of figure (total, change_pct ...); may be repeated.")
@click.option("--kinds", is_flag=True, help="Print the kinds of figure there are, and nothing else.")
@json_option
def command(
    survey: str, question: str | None, authority: str | None, period: str | None, kind: tuple[str, ...],
    kinds: bool, as_json: bool,
) -> None:  # fmt: skip
    """Print the figures of SURVEY as they may be published, each with the authorities it stands on.

    A figure is a number, or a range where a suppressed count is in it. What the disclosure gate would hold back is
    left out, as `build --protect` does. --json prints the rows of figures.json, of every place unless --authority
    names one. Exit 1 when a finding is an error.
    """
    from answerable.figures import KINDS, list_figure_rows

    if kinds:
        print_json(KINDS) if as_json else _print_kinds(KINDS)
        return
    edition = _read(survey)
    _check_choices(edition, {"question": question, "authority": authority, "period": period}, kind)
    place = authority or (EACH if as_json else "all")
    shown = [
        figure
        for figure in edition.figures
        if place in {EACH, figure.authority or "all"}
        and question in {None, figure.question}
        and period in {None, figure.period}
        and (not kind or figure.kind in kind)
    ]
    if as_json:
        print_json(list_figure_rows(shown))
    else:
        _print_table(edition, [figure for figure in shown if kind or figure.kind not in OTHERS])
        _say_rest(edition, shown, authority, kind)
    if any(finding.severity == "error" for finding in edition.findings):
        say(f"Some findings are errors: see answerable check {survey}")
        sys.exit(1)


def _read(survey: str) -> "Edition":
    from answerable.cli.progress import show_progress
    from answerable.line import read_edition

    with show_progress() as report:
        edition = read_edition(store.find_folder(survey), protect=True, progress=report)
    for finding in edition.findings:
        if finding.check == "withheld":
            say(finding.message)
    return edition


def _check_choices(edition: "Edition", chosen: dict[str, str | None], kinds: tuple[str, ...]) -> None:
    """BadParameter that lists what could have been named."""
    from answerable.figures import KINDS

    known = {
        "question": [item.id for item in edition.survey.questions],
        "period": [item.id for item in edition.survey.periods],
        "authority": ["all", EACH, *dict.fromkeys(f.authority for f in edition.figures if f.authority)]
        + [item.id for item in edition.survey.authorities],
        "kind": list(KINDS),
    }
    for name, value in [*chosen.items(), *(("kind", item) for item in kinds)]:
        if value is not None and value not in known[name]:
            listed = ", ".join(dict.fromkeys(known[name]))
            raise click.BadParameter(f'"{value}" is not in this survey. There is: {listed}.', param_hint=f"--{name}")


def _print_kinds(kinds: dict[str, str]) -> None:
    table = Table("kind", "what it is")
    for name, text in kinds.items():
        table.add_row(name, text)
    Console().print(table)


def _print_table(edition: "Edition", figures: "list[Figure]") -> None:
    table = Table("figure", "value", "unit", "answered", "matched", "note")
    for figure in figures:
        asked = f"{figure.n_answered} of {figure.n_asked} ({100 * figure.n_answered / figure.n_asked:.0f}%)"
        matched = "" if figure.n_matched is None else f"{figure.n_matched}"
        table.add_row(
            figure.title, write_figure(figure), figure.unit, asked if figure.n_asked else "", matched, figure.note
        )
    Console().print(table)
    names = {item.id: item.name for item in edition.survey.authorities}
    for figure in figures:
        if figure.kind in {"total", "matched_total"} and not figure.dimensions and figure.missing:
            left = ", ".join(names.get(name, name) for name in figure.missing)
            say(f"Not in {figure.title}: {left}.")


def write_figure(figure: "Figure") -> str:
    """A figure for a terminal: a number with its interval, or a range."""
    places = 0 if isinstance(figure.value, int) else 3 if figure.kind in {"p_value", "adjusted_p"} else 2
    ends = [end for end in (figure.low, figure.high) if end is not None]
    shown = [_write_number(end, 0 if isinstance(end, int) else places or 2) for end in ends]
    span = " to ".join(shown) if len(shown) == 2 else f"at least {shown[0]}" if shown else ""
    if figure.value is None:
        return span or "[x]"
    if isinstance(figure.value, str):
        return figure.value
    if places == 3 and 0 < figure.value < 0.001:
        return "below 0.001"
    return _write_number(figure.value, places) + (f" (95%: {span})" if span else "")


def _write_number(value: float, places: int) -> str:
    return f"{value:,.{places}f}"


def _say_rest(edition: "Edition", shown: "list[Figure]", authority: str | None, kind: tuple[str, ...]) -> None:
    others = 0 if kind else sum(figure.kind in OTHERS for figure in shown)
    say(f"{len(shown) - others} figures.")
    if others:
        say(f"{others} more about what others published: --kind reference --kind difference.")
    if authority is None and len(edition.figures) > len(shown):
        say(f"{len(edition.figures)} figures of every place: --authority {EACH}, or --authority and an authority's id.")
