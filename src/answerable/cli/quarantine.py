"""`answerable quarantine`: the documents held back until a person decides, and that decision."""

import getpass
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.errors import StoreError
from answerable.model import Decision, Document, Edition, Finding, Verdict

VERDICTS: dict[str, Verdict] = {"release": "accept", "leave_out": "reject", "hold": "undo"}
"""What a person may decide -> how decisions.jsonl says it."""


@click.command()
@survey_argument
@click.option("--release", metavar="DOCUMENT", help="Show this document: nothing in it gives anyone away.")
@click.option("--leave-out", metavar="DOCUMENT", help="Count nothing of this document.")
@click.option("--hold", metavar="DOCUMENT", help="Undo the last decision on this document.")
@click.option("--by", default=getpass.getuser, show_default="your login name", help="Who decides.")
@click.option("--reason", help="Why, in one sentence; needed with a decision.")
@json_option
def command(
    survey: str,
    release: str | None,
    leave_out: str | None,
    hold: str | None,
    by: str,
    reason: str | None,
    as_json: bool,
) -> None:
    """Print the documents of SURVEY that are held back, and why, or decide on one.

    A document with hidden cells, embedded objects, macros or personal data is held: its counts are read, its
    words are printed nowhere. Exit 1 when one may hold personal data. A DOCUMENT is named as it is printed here.
    """
    from answerable.cli.progress import show_progress
    from answerable.line import read_edition

    folder = store.find_folder(survey)
    with show_progress() as report:
        edition = read_edition(folder, progress=report)
    given = {"release": release, "leave_out": leave_out, "hold": hold}
    chosen = [(name, path) for name, path in given.items() if path]
    for name, path in chosen:
        _decide(folder, edition, path, VERDICTS[name], by, reason)
        say(f"{path}: {name.replace('_', ' ')}, written to {folder}/decisions.jsonl.")
    if chosen:
        edition = read_edition(folder)
    held = _gather(edition)
    if as_json:
        print_json([_describe(path, findings) for path, findings in held.items()])
    elif not chosen:
        _print_held(held)
    say(f"{len(held)} documents are held back." if held else "Nothing is held back.")
    if any(finding.severity == "error" for findings in held.values() for finding in findings):
        sys.exit(1)


def _decide(folder: Path, edition: Edition, path: str, verdict: Verdict, by: str, reason: str | None) -> None:
    from answerable.decisions import write_decision
    from answerable.quarantine import DOCUMENT

    if not reason:
        raise click.UsageError("A decision needs --reason, one sentence that a reader of the survey will see.")
    document = _find_document(edition, path)
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    decision = Decision(
        observation=DOCUMENT + document.path,
        verdict=verdict,
        value=None,
        reason=reason,
        by=by,
        at=now,
        quote=document.sha256,
    )
    store.append_decision(folder, write_decision(decision))


def _find_document(edition: Edition, path: str) -> Document:
    known = {document.path: document for reply in edition.replies for document in reply.documents}
    path = path.removeprefix(f"{store.REPLIES}/")
    if path not in known:
        near = [name for name in known if name.partition("/")[0] == path.partition("/")[0]] or list(known)
        raise StoreError(path, "no reply holds it", f"Name one of {', '.join(near[:4])}")
    return known[path]


def _gather(edition: Edition) -> dict[str, list[Finding]]:
    from answerable.formats.screening import PREFIX
    from answerable.quarantine import find_held

    held: dict[str, list[Finding]] = {path: [] for path in sorted(find_held(edition.findings))}
    for finding in edition.findings:
        if finding.source and finding.source.document in held and finding.check.startswith(PREFIX):
            held[finding.source.document].append(finding)
    return held


def _describe(path: str, findings: Iterable[Finding]) -> dict[str, object]:
    return {
        "document": path,
        "findings": [{"check": f.check, "severity": f.severity, "message": f.message} for f in findings],
    }


def _print_held(held: dict[str, list[Finding]]) -> None:
    table = Table("document", "severity", "what and where")
    for path, findings in held.items():
        for number, finding in enumerate(findings):
            table.add_row(path if number == 0 else "", finding.severity, finding.message)
    if held:
        Console().print(table)
