"""`answerable reply-pack`: put an authority's figures to it before they are published, and record its answer."""

from datetime import date, datetime
from pathlib import Path

import click

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.errors import StoreError, SurveyError

KINDS = ("sent", "confirm", "correct", "no-answer")


@click.command()
@survey_argument
@click.argument("authority")
@click.option("--due", default="", metavar="DATE", help="Day an answer is asked for by, as 2026-11-24.")
@click.option("--record", type=click.Choice(KINDS), help="Record this step instead of writing the pack.")
@click.option("--on", default="", metavar="DATE", help="Day of the recorded step; default: today.")
@click.option("--said", default="", help="What the authority said, in short; it is printed.")
@click.option("--by", default="", help="Who records it.")
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar="OBSERVATION=VALUE",
    help="With --record correct: the right value of one observation, filed as a decision. May be given again.",
)
@json_option
def command(
    survey: str, authority: str, due: str, record: str | None, on: str, said: str, by: str,
    values: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Write the letter and the workbook of AUTHORITY's figures as read, each with the cell it came from.

    They go to SURVEY/private/right-of-reply/AUTHORITY, which no edition holds. With --record the authority's
    answer is added to right-of-reply.jsonl and shown on its page and in the notes to editors.
    """
    folder = store.find_folder(survey)
    known = {item.id for item in store.read_survey(folder).authorities}
    if authority not in known:
        raise StoreError(authority, f"is no authority of {survey}", "Use an id of the register, such as kent")
    if values and record != "correct":
        raise SurveyError("--value", "goes with a correction only", "Add --record correct")
    if record:
        done = record_answer(folder, authority, record.replace("-", "_"), due, on, said, by, values)
    else:
        done = write_pack(folder, authority, due)
    if as_json:
        print_json(done)
    else:
        click.echo("\n".join(str(value) for value in done["written"]))


def write_pack(folder: Path, authority: str, due: str) -> dict[str, list[str]]:
    """Read the survey and write one authority's pack; gives the paths written."""
    from answerable.cli.progress import show_progress
    from answerable.line import read_edition
    from answerable.publish import render_reply_pack
    from answerable.stories import make_answer

    asked = make_answer(
        authority=authority, answer="sent", on=date.today().isoformat(), due=due, said="", by="", where="--due"
    )
    with show_progress() as report:
        edition = read_edition(folder, progress=report)
    files = render_reply_pack(edition, authority, asked.due)
    paths = store.write_private(folder, {f"right-of-reply/{authority}/{name}": data for name, data in files.items()})
    say(f"For {authority} alone. When it has gone out: answerable reply-pack {folder} {authority} --record sent")
    return {"written": [str(path) for path in paths]}


def record_answer(
    folder: Path, authority: str, kind: str, due: str, on: str, said: str, by: str, values: tuple[str, ...]
) -> dict[str, list[str]]:
    """Add one step to right-of-reply.jsonl, and a decision for each corrected value; gives the lines added."""
    from answerable.stories import ANSWERS, make_answer, write_answer

    answer = make_answer(
        authority=authority, answer=kind, on=on or date.today().isoformat(), due=due, said=said, by=by, where="--on"
    )
    lines = [decide_value(folder, authority, text, said, by) for text in values]
    for line in lines:
        store.append_decision(folder, line)
    store.append_line(folder, ANSWERS, write_answer(answer))
    return {"written": [*(line.strip() for line in lines), write_answer(answer)]}


def decide_value(folder: Path, authority: str, text: str, said: str, by: str) -> str:
    """The decision's line that corrects one observation to the value its authority gave.

    Raises SurveyError where the observation is not one of this authority's in the last build.
    """
    import csv
    import io

    from answerable.decisions import write_decision
    from answerable.model import Decision

    name, sign, value = text.partition("=")
    table = (store.read_build(folder, "observations.csv") or b"").decode()
    row = next((r for r in csv.DictReader(io.StringIO(table)) if r["observation_id"] == name), None)
    if not sign or not value or row is None or row["authority"] != authority:
        raise SurveyError(
            f"--value {text}",
            f"names no observation of {authority} in build/observations.csv",
            "Run answerable build, then write --value OBSERVATION=VALUE with an id from that file",
        )
    reason = f"right of reply: {said}" if said else "right of reply"
    return write_decision(
        Decision(
            observation=name, verdict="correct", value=value, reason=reason, by=by or authority,
            at=datetime.now().astimezone().isoformat(timespec="seconds"), quote=row["quote"],
        )
    )  # fmt: skip
