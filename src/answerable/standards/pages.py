"""A board -> the site of an audit: the league table, a scorecard a service, rule by rule, and the method.

The frame, the styles, the search and the sorting are those of every survey's site. The trap: screenshots are part of
the evidence and are copied under their hash, so a page can never show another picture than the one that was judged.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup, escape

from answerable.model import Document
from answerable.publish.plain import write_csv, write_figures, write_package
from answerable.publish.site import link_outside, write_markdown, write_names
from answerable.publish.tables import make_sheets
from answerable.standards.cards import Board, Card, Line
from answerable.standards.differences import KINDS
from answerable.standards.observed import CHECKS
from answerable.standards.reading import list_evidence
from answerable.standards.releases import Release, render_releases, tell_card
from answerable.standards.results import TESTED, VERDICTS
from answerable.standards.rules import ADULT, Rule
from answerable.standards.tables import list_agreement, list_differences, list_results, list_rules, make_edition
from answerable.standards.wording import NOTES, name_ages, name_source, name_value, name_values, tell_response
from answerable.stories.wording import round_half_up, write_date

DOWNLOADS = {
    "results.csv": "what every rule made of every account, with its days and evidence",
    "rules.csv": "the rules behind them, with sources, days and words",
    "differences.csv": "what changed since the edition before",
    "agreement.csv": "how far testers agree",
    "observations.csv": "every answer as it was observed",
    "figures.csv": "the scores with their denominators and intervals",
    "findings.csv": "what is wrong with the files of answers",
    "authorities.csv": "the services",
    "datapackage.json": "describes the CSV files (Table Schema)",
}
PICTURES = {"image/png": "png", "image/jpeg": "jpg"}
"""Media types of evidence that is shown, with the ending of its copy."""

ReadBytes = Callable[[Document], bytes]


def render_audit(board: Board, read: ReadBytes) -> Iterator[tuple[str, bytes]]:
    """(path in build/, bytes) of everything an audit publishes. `read` gives the bytes of a document."""
    data = make_tables(board)
    yield from data.items()
    environment = make_environment(board)
    for name, body in render_releases(board, environment):
        yield f"releases/{name}", body
        yield f"site/releases/{name}", body
    for name in DOWNLOADS:
        yield f"site/downloads/{name}", data[name]
    for name, body in render_site(board, environment, read):
        yield f"site/{name}", body


def make_tables(board: Board) -> dict[str, bytes]:
    """The public tables: those of every survey, and results, differences and agreement."""
    reading = board.reading
    edition = make_edition(reading, tuple(board.scores.values()))
    before = board.before.id if board.before else ""
    sheets = (
        *make_sheets(edition),
        list_results(board.results),
        list_rules(board.results),
        list_differences(board.differences, before, board.edition.id),
        list_agreement(board.agreement),
    )
    data = {f"{sheet.name}.csv": write_csv(sheet) for sheet in sheets}
    data["figures.json"] = write_figures(edition.figures)
    data["datapackage.json"] = write_package(edition, sheets, data)
    return data


def make_environment(board: Board) -> Environment:
    """Jinja2 with escaping on, this package's templates before those of the survey site."""
    settings = {item.id: item for item in board.reading.standards.settings}
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("answerable.standards"), PackageLoader("answerable.publish")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["source"] = make_marker()
    environment.filters.update(
        day=write_date,
        percent=write_share,
        place=write_place,
        ages=name_ages,
        verdict=lambda name: name.replace("_", " "),
        answer=name_value,
        answers=name_values,
        setting=settings.__getitem__,
        outside=link_outside,
        md=write_markdown,
    )
    return environment


def write_share(share: float) -> str:
    """0.8149 -> "81%"."""
    return f"{round_half_up(100 * share)}%"


def write_place(place: tuple[int, int]) -> str:
    """ "1", "2 to 5"."""
    return str(place[0]) if place[0] == place[1] else f"{place[0]} to {place[1]}"


def render_site(board: Board, environment: Environment, read: ReadBytes) -> Iterator[tuple[str, bytes]]:
    """Every file of the site but releases and downloads, as (path under site/, bytes)."""
    own = files("answerable.standards").joinpath("static", "standards.css").read_bytes()
    for name in ("site.css", "site.js", "mark.svg"):
        body = files("answerable.publish").joinpath("static", name).read_bytes()
        yield f"static/{name}", body + own if name == "site.css" else body
    survey = board.reading.audit.survey
    yield "static/names.js", write_names(survey)
    shared = {
        "survey": survey, "singular": "service", "plural": "services", "edition": board.edition, "before": board.before,
        "embargo": survey.embargo, "ages": board.ages, "notes": NOTES, "kinds": KINDS,
        "has_control": ADULT in board.reading.audit.ages,
    }  # fmt: skip
    render = partial(_render, environment, shared)
    yield "index.html", render("league.html", "", "index", _show_league(board))
    yield "compare.html", render("byrule.html", "", "compare", _show_rules(board))
    yield "about.html", render("method.html", "", "about", _show_method(board))
    ranked = sum(card.score.share is not None for card in board.cards)
    copied: set[str] = set()
    evidence = list_evidence(board.reading)
    for card in board.cards:
        pictures = {}
        for document in evidence.get(card.service.id, ()):
            ending = PICTURES.get(document.media_type)
            if ending:
                name = f"evidence/{document.sha256[:32]}.{ending}"
                pictures[document.path] = name
                if name not in copied:
                    copied.add(name)
                    yield name, read(document)
        shown = show_card(card, tell_card(board, card), pictures, ranked)
        yield f"authorities/{card.service.id}.html", render("card.html", "../", "", shown)


def _render(
    environment: Environment, shared: Mapping[str, Any], template: str, root: str, here: str, shown: Mapping[str, Any]
) -> bytes:
    page = environment.get_template(template).render(root=root, here=here, **shared, **shown)
    return f"{page}\n".encode()


def _show_league(board: Board) -> dict[str, Any]:
    moved = Counter(item.kind for item in board.differences)
    return {
        "cards": board.cards,
        "scores": board.scores,
        "moved": [(kind, words, moved[kind]) for kind, words in KINDS.items() if moved[kind]],
    }


def _show_rules(board: Board) -> dict[str, Any]:
    counts: dict[str, Counter[str]] = {}
    rules: dict[str, Rule] = {}
    for card in board.cards:
        for result in card.results:
            rules[result.rule.id] = result.rule
            counts.setdefault(result.rule.id, Counter())[result.verdict] += 1
    rows = [(rule, sum(counts[name][verdict] for verdict in TESTED), counts[name]) for name, rule in rules.items()]
    return {"rows": rows, "verdicts": tuple(VERDICTS)}


def _show_method(board: Board) -> dict[str, Any]:
    rules = {result.rule.id: result.rule for card in board.cards for result in card.results}
    found = Counter((item.check, item.severity) for item in board.reading.findings)
    return {
        "verdicts": VERDICTS,
        "agreement": board.agreement,
        "rules": tuple(rules.values()),
        "files": tuple(DOWNLOADS.items()),
        "findings": [(check, severity, n) for (check, severity), n in sorted(found.items())],
        "checks": CHECKS,
    }


_MARKS = {name: f'<span class="v v-{name}">{name.replace("_", " ")}</span>' for name in VERDICTS}
_write_day = cache(write_date)


def make_marker() -> Callable[..., Markup]:
    """A function that links a rule to its source, with what is open about it; each rule is set once a site."""
    kept: dict[tuple[str, str, str], Markup] = {}

    def mark(rule: Rule, words: str = "") -> Markup:
        key = (rule.id, str(rule.start), words)
        if key not in kept:
            tags = [
                *([rule.status] if rule.status != "confirmed" else []),
                *(["our application"] if rule.applied else []),
            ]
            link = escape(link_outside(rule.address, words or name_source(rule)))
            kept[key] = Markup("").join([link, *(Markup(' <span class="tag">{}</span>').format(tag) for tag in tags)])
        return kept[key]

    return mark


def _tell_cells(line: Line, ages: Sequence[int]) -> Markup:
    """The cells of a rule's row: a verdict and what was observed for each age. Set here, not in the template, since
    a large audit has some fifty thousand of them."""
    parts = []
    for age in ages:
        result = line.results.get(age)
        if result is None:
            parts.append('<td><span class="quiet">no rule</span></td>')
        else:
            words = escape(name_values(line.setting, result.values))
            seen = f"<br><small>{words}</small>" if result.values else ""
            parts.append(f"<td>{_MARKS[result.verdict]}{seen}</td>")
    return Markup("".join(parts))


def _tell_seen(line: Line, pictures: Mapping[str, str]) -> Markup:
    """What was observed on each account, by whom, when and with what, with its picture."""
    parts = []
    for one in line.observed:
        visit = one.visit
        words = [f"{one.age}: {name_value(line.setting, one.value)}", _write_day(visit.on)]
        words += [f"tester {visit.tester}", f"run {visit.run}"]
        words += [f"version {visit.app_version}"] if visit.app_version else []
        words += [text for text in (visit.platform, visit.country) if text]
        told = str(escape(", ".join(words)))
        if one.evidence in pictures:
            told += f', <a href="../{pictures[one.evidence]}">screenshot</a>'
        parts.append(f"<li>{told}{escape(f'. {one.note}') if one.note else ''}</li>")
    return Markup("".join(parts))


def show_card(card: Card, release: Release, pictures: Mapping[str, str], ranked: int) -> dict[str, Any]:
    """What a scorecard page shows."""
    return {
        "card": card,
        "story": release.story,
        "seen": lambda line: _tell_seen(line, pictures),
        "cells": _tell_cells,
        "n_ranked": ranked,
        "failures": release.failures,
        "unclear": release.unclear,
        "responses": [(tell_response(item), item.text) for item in card.responses],
    }
