"""`answerable flag`: read records, and train, audit or answer a request with what was read.

`answerable flag RECORDS -o OUT` needs no word between, so the group has a default command. Text never goes to a log
or a message; a failing record is named by its place. The trap: a path that happens to be called "audit" needs "./".
"""

import csv
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from answerable.cli import json_option, print_json, say
from answerable.errors import AnswerableError


class DefaultGroup(click.Group):
    """A group whose first word, where it is no command, is the argument of its command `read`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not {"--help", "-h"} & set(args[:1]) and (not args or args[0] not in self.commands):
            args = ["read", *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "RECORDS -o OUT [OPTIONS] | train | audit | reply")


@click.group(cls=DefaultGroup, no_args_is_help=False)
def command() -> None:
    """Say whether crime records involved the internet, on what platform, and why.

    RECORDS is a CSV, Parquet, xlsx or DuckDB file, or a PostgreSQL URL, with a table as its fragment.
    """


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command which reads records has."""
    options = (
        click.argument("records"),
        click.option("--map", "layout", type=click.Path(dir_okay=False), help="TOML that names the columns."),
        click.option("--table", default="", help="Table of a database, or sheet of a workbook."),
        click.option(
            "--counts", multiple=True, type=click.Choice(["sms", "voice", "camera"]), help="Media that count as online."
        ),
        click.option("--model", type=click.Path(dir_okay=False), help="A model `flag train` wrote."),
        click.option("--no-model", is_flag=True, help="Leave every open record to a person."),
        click.option("--workers", type=click.IntRange(1), help="Processes on this machine."),
        click.option("--cluster", help="A Dask scheduler, tcp://host:8786."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@command.command("read", hidden=True)
@reading_options
@click.option(
    "-o", "--output", required=True, help="File to write: .csv, .parquet, .xlsx or .duckdb; - for CSV on stdout."
)
@click.option("--band", nargs=2, type=float, help="Scores between which a person decides.")
@click.option("--score-all", is_flag=True, help="Score records that the rules settle, too.")
@click.option("--show-text", is_flag=True, help="Leave names, numbers and handles in the evidence.")
@json_option
def read_command(output: str, as_json: bool, **options: Any) -> None:
    """Flag each record: yes, no or needs-a-person, with medium, platforms, role, score, rules and evidence."""
    from answerable.flag.output import write_flags

    counts = write_flags((flags for _, flags in _read(options)), output)
    summary = {"records": sum(counts.values())} | {flag: counts[flag] for flag in ("yes", "no", "needs-a-person")}
    if as_json and output != "-":
        print_json(summary)
    else:
        say("; ".join(f"{name} {count:,}" for name, count in summary.items()))


@command.command("train")
@click.argument("labels", required=False, type=click.Path(dir_okay=False, exists=True))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="Model file to write.")
@json_option
def train_command(labels: str | None, output: str, as_json: bool) -> None:
    """Fit the model to the written records, and to LABELS: a CSV with text, label (yes, no, unclear), and perhaps
    family (records told in one way, such as one unit's)."""
    from answerable.flag.training import Example, list_examples, train_model, write_model

    examples = list(list_examples())
    for place, row in enumerate(_read_rows(labels, ("text", "label")) if labels else (), start=2):
        label = row["label"].strip().lower()
        if label not in {"yes", "no", "unclear"}:
            raise AnswerableError(f"{labels}, line {place}", f"has the label {label!r}", "Use yes, no or unclear")
        # Without families each record is its own, which is right only where no two are told alike.
        examples.append(Example(text=row["text"], label=label, family=row.get("family") or f"own-{place % 20}"))
    model = train_model(examples)
    write_model(model, Path(output))
    summary = {"trained_on": model.trained_on, "no_up_to": model.low, "yes_from": model.high}
    print_json(summary) if as_json else say(f"{output}: {model.trained_on}; no to {model.low}, yes from {model.high}")


@command.command("audit")
@reading_options
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="CSV of every force and offence.")
@click.option("--sample", type=click.Path(dir_okay=False), help="CSV of records for a person to read (holds text).")
@click.option("--size", default=450, show_default=True, help="Records in the sample, over nine strata.")
@click.option("--labels", type=click.Path(dir_okay=False, exists=True), help="The sample with its label column filled.")
@json_option
def audit_command(
    output: str | None, sample: str | None, size: int, labels: str | None, as_json: bool, **options: Any
) -> None:
    """Compare the force's own flag with the reading: under- and over-recording, and prevalence with intervals."""
    from answerable.flag.audit import Tally, compare_flags, measure_accuracy

    tally = Tally(size=size if sample else 0)
    for batch, flags in _read(options):
        tally.add(batch, flags)
    rows = compare_flags(tally.counts)
    if sample:
        fields = ("id", "stratum", "weight", "flag", "text", "label", "label_2")
        _write_rows(sample, fields, [{"label": "", "label_2": ""} | row for row in tally.list_sample()])
        say(f"{sample}: read each text, write yes or no under label (a second reader under label_2), give --labels")
    accuracy = None
    if labels:
        accuracy = asdict(measure_accuracy(tally.counts, _read_rows(labels, ("stratum", "label"))))
    if output:
        _write_rows(output, tuple(rows[0]) if rows else (), rows)
    if as_json:
        print_json({"rows": rows, "accuracy": accuracy})
        return
    _print_audit([row for row in rows if not row["offence"]] or rows, accuracy)


@command.command("reply")
@reading_options
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="Workbook (.xlsx) to write.")
@click.option("--form", type=click.Path(dir_okay=False, exists=True), help="The form that came with the request.")
@click.option("--by", type=click.Choice(["reading", "force", "either"]), default="reading", show_default=True,
              help="Whose flag makes an offence online.")  # fmt: skip
@click.option("--small", type=click.IntRange(0), default=5, show_default=True, help="Withhold counts below it.")
@click.option("--authority", default="", help="The force's name, for a form of our own.")
@json_option
def reply_command(
    output: str, form: str | None, by: str, small: int, authority: str, as_json: bool, **options: Any
) -> None:
    """Write the filled reply form: online offences by flag, platform, age band and sex, small numbers protected."""
    from answerable.flag.filling import fill_answers, read_form
    from answerable.flag.reply import Counts, make_survey, name_year

    data = Path(form).read_bytes() if form else b""
    survey = read_form(data, form) if form else None
    counts = Counts(find_period=_place_days(survey) if survey else name_year, by=by)
    for batch, flags in _read(options):
        counts.add(batch, flags)
    if survey is None:
        survey = make_survey(counts)
        if not survey.periods:
            raise AnswerableError(options["records"], "has no date to count by", "Map committed or recorded with --map")
        data = _make_form(survey, authority)
    observations, left = _protect(survey, counts, small)
    Path(output).write_bytes(fill_answers(data, form or output, observations))
    for line in left:
        say(line)
    hidden = sum(item.status == "suppressed" for item in observations)
    if as_json:
        rows = [{"question": item.question, "period": item.period, **dict(item.dimensions), "text": item.original_value}
                for item in observations]  # fmt: skip
        print_json({"cells": rows, "withheld": hidden, "left_out": left})
    else:
        say(f"{output}: {len(observations)} counts, {hidden} withheld. Look it through before you send it.")


def _place_days(survey: Any) -> Callable[[Any], str]:
    def find(day: Any) -> str:
        periods = (item.id for item in survey.periods if day is not None and item.start <= day <= item.end)
        return next(periods, "")

    return find


def _make_form(survey: Any, authority: str) -> bytes:
    from answerable.ask.workbook import fill_form, make_form
    from answerable.model import Authority

    return fill_form(make_form(survey), Authority(id="force", name=authority or "the force"), "none")


def _protect(survey: Any, counts: Any, small: int) -> tuple[Any, list[str]]:
    """The observations with small counts, and what would give one away, withheld; and what was left out, in words.

    Where no choice of further counts is safe, whole periods of few offences are withheld, at last all of them.
    """
    from answerable.bounds import protect_counts
    from answerable.flag.filling import tie_totals
    from answerable.flag.reply import make_observations, withhold_periods

    bare, left = make_observations(survey, counts, small=0)
    survey = tie_totals(survey, bare, ((item.question, item.period, int(item.value or 0)) for item in bare))
    observations = make_observations(survey, counts, small)[0]
    for least in (0, small, 10 * small, sys.maxsize):
        tried = withhold_periods(observations, least) if least else observations
        protected = protect_counts(survey, tried, ())
        if not any(finding.severity == "error" for finding in protected.findings):
            break
    return protected.observations, left


def _read(options: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Batches of records with their flags, in order, worked on beside each other."""
    _need_arrow()
    from answerable.cluster import map_batches
    from answerable.flag.reading import flag_bytes, make_job, unpack_batch
    from answerable.flag.records import Layout, parse_layout, read_records

    layout = parse_layout(Path(options["layout"]).read_text(), options["layout"]) if options["layout"] else Layout()
    settings = _make_settings(options)
    held: list[Any] = []

    def jobs() -> Iterator[Any]:
        for batch in read_records(options["records"], layout, options["table"]):
            held.append(batch)
            yield make_job(batch, settings, squeezed=options["cluster"] is not None)

    workers = options["workers"] or os.cpu_count()
    results = map_batches(flag_bytes, jobs(), workers=workers, cluster=options["cluster"])
    for flags in _show_progress(results):
        # Results come in the order of the batches, so the oldest batch held is this one's.
        yield held.pop(0), unpack_batch(flags)


def _make_settings(options: dict[str, Any]) -> Any:
    from answerable.flag import Policy, Settings
    from answerable.flag.score import read_model, read_model_file

    model = read_model_file(Path(options["model"])) if options["model"] else read_model()
    low, high = options.get("band") or (None, None)
    if low is not None and high is not None and not 0 <= low <= high <= 1:
        raise AnswerableError("--band", f"is {low} {high}", "Give two numbers from 0 to 1, the lower first")
    return Settings(
        policy=Policy(**dict.fromkeys(options["counts"], True)),
        model=None if options["no_model"] else model,
        low=low,
        high=high,
        score_all=options.get("score_all", False),
        unmasked=options.get("show_text", False),
    )


def _show_progress(results: Iterator[bytes]) -> Iterator[bytes]:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} batches read"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("flag", total=None)
        for result in results:
            progress.advance(task)
            yield result


def _need_arrow() -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise AnswerableError("flag", "needs the package pyarrow", "Run: pip install 'answerable[flag]'") from error


def _read_rows(path: str, needed: tuple[str, ...]) -> list[dict[str, str]]:
    with Path(path).open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    missing = [name for name in needed if rows and name not in rows[0]]
    if missing or not rows:
        what = f"has no column {missing[0]!r}" if missing else "has no rows"
        raise AnswerableError(path, what, f"Give a CSV with {' and '.join(needed)}")
    return rows


def _write_rows(path: str, fields: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    with Path(path).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fields)
        writer.writeheader()
        writer.writerows(rows)


def _print_audit(rows: list[dict[str, Any]], accuracy: dict[str, Any] | None) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(*(name.replace("_", " ") for name in (rows[0] if rows else ("records",)) if name != "offence"))
    for row in rows:
        shown = (
            f"{value:.2f}" if isinstance(value, float) else value for name, value in row.items() if name != "offence"
        )
        table.add_row(*("" if value is None else str(value) for value in shown))
    console.print(table)
    for name, value in (accuracy or {}).items():
        if isinstance(value, dict):
            value = f"{value['value']} (95% {value['low']} to {value['high']})"
        console.print(f"{name.replace('_', ' ')}: {value}")
