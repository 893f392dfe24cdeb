"""`answerable standards new`, `form`, `build` and `case`: an audit folder from its start to its case files."""

import sys
from collections import Counter
from datetime import date
from pathlib import Path

import click

from answerable import store
from answerable.cli import json_option, print_json, say
from answerable.errors import SurveyError

AUDIT = click.argument("audit", type=click.Path(), metavar="AUDIT")


@click.command("new")
@click.argument("folder", type=click.Path(file_okay=False), metavar="DIR")
@json_option
def new_command(folder: str, as_json: bool) -> None:
    """Write an audit folder that builds as it stands. Nothing that is there is overwritten."""
    from answerable.standards.template import make_audit_files

    target = Path(folder)
    written = store.write_folder(target, make_audit_files(target.resolve().name, date.today().year))
    if as_json:
        print_json({"folder": folder, "files": list(written)})
        return
    for name in written:
        click.echo(f"{folder}/{name}")
    say(f"Next: name your services in {folder}/audit.toml, then run `answerable standards form {folder} SERVICE`.")


@click.command("form")
@AUDIT
@click.argument("service")
@click.option("--out", type=click.Path(file_okay=False), default=".", help="Folder to write to; default: here.")
@json_option
def form_command(audit: str, service: str, out: str, as_json: bool) -> None:
    """Write the form for one SERVICE: a workbook for all declared ages, and a web page for one account at a time."""
    from answerable.standards.audit import AUDIT as FILE
    from answerable.standards.audit import parse_audit
    from answerable.standards.forms import write_web_form, write_workbook_form
    from answerable.standards.keys import check_choice
    from answerable.standards.reading import read_standards

    folder = store.find_audit(audit)
    standards = read_standards(folder)
    found = parse_audit(store.read_text(folder, FILE) or "", FILE, standards)
    services = {item.id: item for item in found.services}
    chosen = services[check_choice(service, tuple(services), FILE)]
    files = {f"{service}.html": write_web_form(found, standards, chosen)}
    try:
        files[f"{service}.xlsx"] = write_workbook_form(found, standards, chosen)
    except ModuleNotFoundError:
        say("The workbook needs openpyxl: install answerable[probe].")
    written = store.write_folder(Path(out), files)
    if as_json:
        print_json({"files": [str(Path(out) / name) for name in written]})
        return
    for name in written:
        click.echo(str(Path(out) / name))
    say(f"Put what comes back, with its screenshots, into {folder}/replies/{service}/.")


@click.command("build")
@AUDIT
@click.option("--edition", metavar="ID", help="The edition to show; default: the last.")
@click.option("--force", is_flag=True, help="Build again even where nothing has changed.")
@json_option
def build_command(audit: str, edition: str | None, force: bool, as_json: bool) -> None:
    """Judge the observed settings of AUDIT and write its scorecards, league table, releases and tables to build/.

    Exit 1 when a file of answers could not be read or its evidence was changed.
    """
    folder = store.find_audit(audit)
    inputs = store.hash_inputs(folder) + (f"+{edition}" if edition else "")
    site = str(folder / "build" / "site" / "index.html")
    if not force and store.is_current(folder, inputs):
        errors = store.count_kept_errors(folder)
        if as_json:
            print_json({"audit": str(folder), "site": site, "current": True, "n_changed": 0, "n_errors": errors})
        else:
            click.echo(f"{folder}/build is up to date.")
        sys.exit(1 if errors else 0)
    changed, findings, told = _build(folder, edition, inputs)
    errors = sum(severity == "error" for severity, _ in findings)
    if as_json:
        print_json(
            {
                "audit": str(folder), "site": site, "current": False, "n_changed": changed, "n_errors": errors,
                "scores": told,
            }
        )  # fmt: skip
    else:
        for row in told:
            click.echo(f"{row['service']}: {row['passed']} of {row['tested']} tested, {row['applicable']} applicable")
        click.echo(f"{folder}/build: {changed} files written. Open {site}")
    for severity, message in findings[:20]:
        say(f"{severity}: {message}")
    if errors:
        say(f"{errors} findings are errors: see {folder}/build/findings.csv")
        sys.exit(1)


def _build(
    folder: Path, edition: str | None, inputs: str
) -> tuple[int, list[tuple[str, str]], list[dict[str, object]]]:
    from answerable.cli.progress import show_progress
    from answerable.standards.build import build_audit

    with show_progress() as report:
        board, changed = build_audit(folder, edition=edition, inputs=inputs, progress=report)
    told: list[dict[str, object]] = [
        {
            "service": card.service.id, "edition": card.edition.id, "passed": card.score.passed,
            "tested": card.score.tested, "applicable": card.score.applicable, "share": card.score.share,
            "low": card.score.interval.low if card.score.interval else None,
            "high": card.score.interval.high if card.score.interval else None,
            "verdicts": dict(Counter(item.verdict for item in card.results)),
        }
        for card in board.cards
    ]  # fmt: skip
    return len(changed), [(item.severity, item.message) for item in board.reading.findings], told


@click.command("case")
@AUDIT
@click.argument("service")
@click.option("--edition", metavar="ID", help="The edition it is about; default: the last.")
@click.option("--out", type=click.Path(file_okay=False), default=".", help="Folder to write to; default: here.")
@json_option
def case_command(audit: str, service: str, edition: str | None, out: str, as_json: bool) -> None:
    """Write a case file for one SERVICE: rules not passed, evidence, dates and replies, as .docx and .zip."""
    from answerable.standards.cards import make_board
    from answerable.standards.casefile import list_failed, write_case_word, write_case_zip
    from answerable.standards.keys import check_choice
    from answerable.standards.reading import read_audit

    folder = store.find_audit(audit)
    reading = read_audit(folder)
    check_choice(service, tuple(item.id for item in reading.audit.services), audit)
    if edition:
        check_choice(edition, tuple(item.id for item in reading.audit.survey.periods), "--edition")
    wrong = [item for item in reading.findings if item.subject == service and item.severity == "error"]
    if wrong:
        raise SurveyError(audit, f"{len(wrong)} findings on {service} are errors", f"First: {wrong[0].message}")
    board = make_board(reading, edition)
    card = next(item for item in board.cards if item.service.id == service)
    name = f"{service}-{card.edition.id}"
    files = {
        f"{name}.docx": write_case_word(board, card),
        f"{name}.zip": write_case_zip(board, card, lambda document: store.read_bytes(folder, document)),
    }
    written = store.write_folder(Path(out), files)
    if as_json:
        failed = [
            {"rule": item.rule.id, "age": item.age, "verdict": item.verdict, "values": list(item.values)}
            for item in list_failed(card)
        ]
        print_json({"files": [str(Path(out) / item) for item in written], "failed": failed})
        return
    for item in written:
        click.echo(str(Path(out) / item))
