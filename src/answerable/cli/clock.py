"""`answerable clock`: the statutory deadlines of one request, with the count behind each."""

from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.clock import Deadline, Event, find_deadlines, load_calendar
from answerable.clock.log import FILE, make_event, parse_requests, write_event
from answerable.errors import SurveyError


@click.command()
@survey_argument
@click.argument("authority")
@click.option("--log", "logged", multiple=True, metavar="EVENT=DATE", help="Log an event first: received=2026-11-24.")
@click.option("--days", is_flag=True, help="Print every day of the count with its reason.")
@json_option
def command(survey: str, authority: str, logged: tuple[str, ...], days: bool, as_json: bool) -> None:
    """Print when AUTHORITY of SURVEY must have answered, and what may follow, each with its rule.

    Events are kept in SURVEY/requests.jsonl: received, clarification_asked, clarified, fees_notice, fee_paid,
    extended, replied, review_asked. A holidays.csv beside survey.toml takes the place of the bundled list.
    """
    folder = store.find_folder(survey)
    asked = {item.id: item for item in store.read_survey(folder).authorities}
    if authority not in asked:
        raise SurveyError(authority, "the survey does not ask it", f"Use one of {', '.join(list(asked)[:5])} ...")
    for text in logged:
        kind, _, on = text.partition("=")
        store.append_line(folder, FILE, write_event(authority, make_event(kind, on, f"--log {text}")))
    events = parse_requests(store.read_text(folder, FILE) or "", asked).get(authority, ())
    calendar = load_calendar(store.read_text(folder, "holidays.csv"))
    deadlines = find_deadlines(asked[authority].law, events, calendar)
    if as_json:
        print_json({"authority": authority, "law": asked[authority].law, "deadlines": [asdict(d) for d in deadlines]})
        return
    _print_deadlines(deadlines, events, days)


def _print_deadlines(deadlines: tuple[Deadline, ...], events: tuple[Event, ...], days: bool) -> None:
    if not deadlines:
        why = "a clarification or a fee is awaited" if events else "nothing is logged; add --log received=DATE"
        say(f"No deadline runs: {why}.")
        return
    table = Table("what", "due", "counted from", "rule")
    for item in deadlines:
        also = f"\n({item.also:%a %d %b %Y} if a proclaimed holiday counts)" if item.also else ""
        name = item.kind.replace("_", " ")
        table.add_row(name, f"{item.due:%a %d %b %Y}{also}", f"{item.start:%d %b %Y}", item.rule)
    Console().print(table)
    for item in deadlines if days else ():
        click.echo(f"\n{item.kind.replace('_', ' ')}:")
        for day in item.days:
            click.echo(f"  {day.on:%a %d %b %Y}  {day.number if day.number else '-':>2}  {day.reason}")
