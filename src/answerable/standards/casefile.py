"""A case file for one service: rules failed, evidence, dates and replies, as a Word file and as a zip with it all.

What a regulator or a charity hands on. The zip holds the Word file, the results, the answers as they came, every
screenshot that they name, and a list of hashes. The trap: a case file is read apart from the audit, so it repeats
the notes on what an observation means and every rule's source, status and days.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from answerable.model import Document
from answerable.publish.documents import write_word
from answerable.publish.plain import write_csv, write_json
from answerable.publish.zips import make_zip
from answerable.standards.audit import RESPONSE
from answerable.standards.cards import Board, Card
from answerable.standards.pages import make_environment
from answerable.standards.reading import READ, list_evidence
from answerable.standards.releases import Release, tell_card
from answerable.standards.results import Result
from answerable.standards.tables import list_results, list_rules
from answerable.standards.wording import name_source, name_value, name_values
from answerable.stories.wording import write_date, write_list

Row = tuple[str, ...]
Table = tuple[str, Row, tuple[int, ...], Sequence[Row]]
"""Title, head, widths in twentieths of a point, rows."""


def write_case_word(board: Board, card: Card) -> bytes:
    """The case file as .docx: the release's sentences, then the rules failed, the observations, and the rules."""
    release = tell_card(board, card)
    body = make_environment(board).get_template("word.xml")
    survey = board.reading.audit.survey
    text = body.render(
        story=release.story,
        sections=_choose_sections(release),
        survey=survey,
        kind=f"Case file: {card.service.name}{f' ({card.service.provider})' if card.service.provider else ''}",
        tables=(_list_failed(board, card), _list_observed(board, card), _list_rules(card)),
    )
    return write_word(text, release.story.headline.text, survey)


def _choose_sections(release: Release) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((title, texts) for title, texts in release.sections if title != "Help and support")


def list_failed(card: Card) -> tuple[Result, ...]:
    """Results that were not passed, in the order of the rules."""
    return tuple(item for item in card.results if item.verdict in {"fail", "partial", "inconsistent"})


def _list_failed(board: Board, card: Card) -> Table:
    """A row a rule and answer, the declared ages at which it is the same together."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Result]] = {}
    for item in list_failed(card):
        groups.setdefault((item.rule.id, item.verdict, item.values), []).append(item)
    rows = []
    for (name, verdict, values), own in groups.items():
        setting = board.reading.standards.find_setting(own[0].rule.setting)
        days = sorted({one.visit.on for item in own for one in item.observed})
        ages = write_list([str(item.age) for item in own])
        asked = name_values(setting, own[0].rule.passes)
        told = ", ".join(write_date(day) for day in days)
        rows.append((name, ages, verdict, name_values(setting, values), asked, told))
    head = ("Rule", "Ages", "Verdict", "Observed", "Asked for", "On")
    return "Rules that were not passed", head, (1900, 1000, 1250, 1900, 1900, 1700), rows


def _list_observed(board: Board, card: Card) -> Table:
    failed = {(item.rule.setting, item.age) for item in list_failed(card)}
    seen = {
        (one.setting, one.age, one.visit.on, one.visit.tester, one.visit.run): one
        for item in card.results
        for one in item.observed
        if (one.setting, one.age) in failed
    }
    rows = []
    for _, one in sorted(seen.items()):
        setting = board.reading.standards.find_setting(one.setting)
        visit = one.visit
        where = ", ".join(text for text in (visit.country, visit.platform, visit.app_version) if text)
        proof = f"{one.evidence.rpartition('/')[2]} {one.sha256[:16]}".strip() or "none"
        who = f"{visit.tester}, run {visit.run}"
        rows.append(
            (setting.name, str(one.age), name_value(setting, one.value), f"{write_date(visit.on)}; {who}", where, proof)
        )
    head = ("Setting", "Age", "Observed", "When and by whom", "Where", "Evidence, start of its SHA-256")
    return "The observations", head, (2000, 600, 1700, 1800, 1250, 2300), rows


def _list_rules(card: Card) -> Table:
    rules = {item.rule.id: item.rule for item in list_failed(card)}
    rows = [
        (
            rule.id,
            rule.text,
            f"{name_source(rule)}; {rule.origin.publisher}; {rule.address}",
            f"from {write_date(rule.start)}" if rule.start else "",
            f"{rule.status}{'; our application' if rule.applied else ''}",
        )
        for rule in rules.values()
    ]
    head = ("Rule", "What it asks, in our words", "Source", "In force", "Reading")
    return "The rules", head, (1700, 2500, 3000, 1250, 1200), rows


def write_case_zip(board: Board, card: Card, read: Callable[[Document], bytes]) -> bytes:
    """The case file as .zip, the same bytes for the same audit. `read` gives the bytes of a document."""
    name = f"{card.service.id}-{card.edition.id}"
    reply = next((item for item in board.reading.replies if item.authority == card.service.id), None)
    named = {one.evidence for item in card.results for one in item.observed}
    answers = {one.source.document for item in card.results for one in item.observed}
    kept = [item for item in list_evidence(board.reading).get(card.service.id, ()) if item.path in named]
    kept += [
        item
        for item in (reply.documents if reply else ())
        if item.path in answers or (item.name == RESPONSE and not item.name.endswith(READ))
    ]
    members: dict[str, bytes] = {
        f"{name}/{name}.docx": write_case_word(board, card),
        f"{name}/results.csv": write_csv(list_results(card.results)),
        f"{name}/rules.csv": write_csv(list_rules(card.results)),
    }
    members |= {f"{name}/evidence/{item.path}": read(item) for item in kept}
    return make_zip({f"{name}/manifest.json": write_json(_describe(board, card, members)), **members})


def _describe(board: Board, card: Card, members: dict[str, bytes]) -> dict[str, Any]:
    return {
        "audit": board.reading.audit.survey.id,
        "service": card.service.id,
        "edition": card.edition.id,
        "simulated": board.reading.audit.survey.simulated,
        "files": [
            {"name": name, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            for name, body in members.items()
        ],
    }
