"""`answerable claims SURVEY FILE...`: every number in an article against the survey's figures, or against itself."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from answerable import store
from answerable.claims import VERDICTS, WRONG, Topic, check_against, check_itself, make_topic
from answerable.claims.articles import SUFFIXES, read_article
from answerable.claims.report import SIGNS, list_rows, write_page
from answerable.cli import json_option, print_json, say
from answerable.errors import StoreError, UnreadableDocument
from answerable.model import Authority, Claim, Figure, Survey
from answerable.survey.register import parse_register

_TOLD = 20


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="[SURVEY] FILE...")
@click.option("--self", "itself", is_flag=True, help="Check each text against its own numbers; no survey is named.")
@click.option("--html", "page", type=click.Path(), metavar="OUT", help="Write the marked article: a file, or a folder.")
@json_option
@click.pass_context
def command(ctx: click.Context, names: tuple[str, ...], itself: bool, page: str | None, as_json: bool) -> None:
    """Check the numbers of an article or release: txt, md, html, docx, pdf, eml, or a folder of them.

    SURVEY is a survey folder that has been built. Ends with 1 when a claim is contradicted.
    """
    if not itself and len(names) < 2:
        raise click.UsageError("Name a survey and at least one file, or check a file against itself with --self.")
    files = list(_list_files(names if itself else names[1:]))
    survey, figures = (None, ()) if itself else _read_survey(names[0])
    topic = make_topic(survey, figures) if survey else None
    authorities = _read_register() if itself else ()
    rows: list[dict[str, Any]] = []
    pages: list[tuple[str, bytes]] = []
    unread = 0
    for name, text in _read_files(files):
        if text is None:
            unread += 1
            continue
        claims = _check(text, topic, authorities)
        rows += list_rows(name, claims, figures, survey)
        if page:
            pages.append((name, write_page(name, text, claims, figures, survey)))
    if page:
        _write_pages(Path(page), pages)
    _print(rows, as_json, files)
    if unread:
        ctx.exit(2)
    ctx.exit(1 if any(row["verdict"] in WRONG for row in rows) else 0)


def _check(text: str, topic: Topic | None, authorities: Sequence[Authority]) -> tuple[Claim, ...]:
    return check_against(text, topic) if topic else check_itself(text, authorities)


def _list_files(names: Iterable[str]) -> Iterable[Path]:
    """The files named, and those of the folders named that can be an article."""
    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from (p for p in sorted(path.rglob("*")) if p.is_file() and p.suffix.lower() in SUFFIXES)
        elif path.is_file():
            yield path
        else:
            raise StoreError(name, "there is no such file or folder", "Check the path")


def _read_files(files: Sequence[Path]) -> Iterable[tuple[str, str | None]]:
    """(name, text) of every file and what is attached to it; None, with a message, for one that cannot be read."""
    from rich.progress import track

    paths: Iterable[Path] = files
    if len(files) > _TOLD:
        from rich.console import Console

        paths = track(files, description="Reading articles", console=Console(stderr=True), transient=True)
    for path in paths:
        try:
            yield from read_article(str(path), path.read_bytes())
        except UnreadableDocument as error:
            say(str(error))
            yield str(path), None
        except OSError as error:
            say(f"{path}: cannot be read ({error.strerror}). Check its permissions.")
            yield str(path), None


def _read_survey(name: str) -> tuple[Survey, tuple[Figure, ...]]:
    folder = store.find_folder(name)
    figures = store.read_figures(folder)
    if figures is None:
        raise StoreError(name, "has not been built, so it has no figures", f"Run `answerable build {name}` first")
    return store.read_survey(folder), figures


def _read_register() -> tuple[Authority, ...]:
    text = store.read_text(store.BUNDLED / "registers", "uk-police.csv")
    return parse_register(text, "uk-police") if text else ()


def _write_pages(out: Path, pages: Sequence[tuple[str, bytes]]) -> None:
    """One page to the file named, several into it as a folder."""
    if len(pages) == 1 and out.suffix.lower() in {".html", ".htm"}:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(pages[0][1])
        say(f"Written: {out}")
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, data in pages:
        path = out / (name.strip("/.").replace("/", "-").replace("!", "-") + ".html")
        path.write_bytes(data)
        say(f"Written: {path}")


def _print(rows: Sequence[dict[str, Any]], as_json: bool, files: Sequence[Path]) -> None:
    if as_json:
        print_json(list(rows))
        return
    file = None
    for row in rows:
        if row["file"] != file:
            file = row["file"]
            click.echo(f"{file}")
        verdict = row["verdict"].replace("_", " ")
        click.echo(
            f'  {SIGNS[row["verdict"]]} {row["start"]}-{row["end"]} "{row["text"]}" {verdict}: {row["explanation"]}'
        )
        if row["computed"] and row["computed"] not in row["explanation"]:
            click.echo(f"      {row['computed']}")
    counts = [(verdict, sum(1 for row in rows if row["verdict"] == verdict)) for verdict in VERDICTS]
    told = ", ".join(f"{n} {verdict.replace('_', ' ')}" for verdict, n in counts if n) or "no numeric claim found"
    say(f"{len(files)} file{'s' if len(files) != 1 else ''}: {told}.")
