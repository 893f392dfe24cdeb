"""Observed settings: JSON of a probe or a web form, or a filled-in workbook -> ObservedSettings.

One observed setting is one answer to one question, on one fresh account of one declared age, by one tester on one
day. What cannot be read is a Finding with its place, never a guess. The trap: evidence is a file beside the answer;
its hash is taken again here, so a picture that was changed after the answer was written does not pass as evidence.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from answerable.errors import UnreadableDocument
from answerable.formats import read_document
from answerable.model import Cell, Document, Finding, Grid, Observation, Severity, Source
from answerable.standards.audit import Audit
from answerable.standards.rules import NO_FEATURE, NOT_TESTED, RESERVED, Standards

FORMAT = "answerable-observed-1"
SHEET = "Settings"
HEAD = "About"

CHECKS: dict[str, tuple[Severity, str]] = {
    "unreadable-observations": ("error", "a file of observed settings could not be read"),
    "unknown-answer": ("error", "an answer is none of the setting's values"),
    "unknown-setting": ("error", "a row names no setting that is known"),
    "wrong-service": ("error", "a file in one service's folder is about another service"),
    "outside-editions": ("error", "a setting was observed on a day of no edition"),
    "unknown-age": ("error", "a declared age is not one of the audit's"),
    "evidence-missing": ("warning", "a file named as evidence is not in the folder"),
    "evidence-changed": ("error", "a file named as evidence is not the one whose hash was written down"),
    "answered-twice": ("error", "one tester gave two answers to one question in one run"),
    "no-evidence": ("warning", "an answer names no evidence"),
}
"""What can be wrong with a file of observed settings, with how much it matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who looked, when and with what: what all answers of one sitting share."""

    service: str
    tester: str
    on: date
    country: str
    app_version: str
    platform: str
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedSetting:
    """One answer. `value` is a code of the setting, `no_feature` or `not_tested`; `evidence` is a Document path
    or "", `sha256` of its bytes; `quote` what stood on the screen."""

    visit: Visit
    edition: str
    setting: str
    age: int
    value: str
    evidence: str
    sha256: str
    quote: str
    note: str
    source: Source


class _Answer(NamedTuple):
    """An answer as written, before anything of it is checked."""

    setting: str
    age: Any
    value: str
    evidence: str
    sha256: str
    quote: str
    note: str
    ref: str


Read = tuple[tuple[ObservedSetting, ...], tuple[Finding, ...]]
"""What a file gave, and what is wrong with it."""


def read_observed(
    audit: Audit, standards: Standards, service: str, document: Document, data: bytes, beside: Mapping[str, str]
) -> Read:
    """The answers of one file in a service's folder. `beside` maps the paths of that folder to their hashes."""
    try:
        if document.name.endswith(".json"):
            visit, answers = _read_json(data, document)
            part = "observed"
        else:
            visit, answers = _read_workbook(document, data)
            part = f'sheet "{SHEET}"'
    except UnreadableDocument as error:
        return (), (_find("unreadable-observations", str(error), service, document.path, "", ""),)
    if visit.service != service:
        message = f'{document.path}: it is about the service "{visit.service}". Move it to that service\'s folder.'
        return (), (_find("wrong-service", message, service, document.path, "", ""),)
    edition = next((item.id for item in audit.survey.periods if item.start <= visit.on <= item.end), "")
    if not edition:
        message = f"{document.path}: {visit.on.isoformat()} is a day of no edition. Add an [[edition]] to audit.toml."
        return (), (_find("outside-editions", message, service, document.path, "", ""),)
    observed: list[ObservedSetting] = []
    findings: list[Finding] = []
    known = {item.id: (*item.codes, *RESERVED) for item in standards.settings}
    for answer in answers:
        wrong = _check_answer(answer, audit, known)
        if wrong:
            check, message = wrong
            findings.append(
                _find(
                    check, f"{document.path}, {part}, {answer.ref}: {message}", service, document.path, part, answer.ref
                )
            )
            continue
        item = _observe(answer, visit, edition, document, part, beside)
        observed.append(item)
        findings += _check_evidence(item, answer, beside)
    return tuple(observed), tuple(findings)


def _find(check: str, message: str, service: str, document: str, part: str, ref: str) -> Finding:
    source = Source(document=document, part=part, ref=ref, quote="")
    return Finding(check=check, severity=CHECKS[check][0], message=message, subject=service, source=source)


def _check_answer(
    answer: _Answer, audit: Audit, known_answers: Mapping[str, tuple[str, ...]]
) -> tuple[str, str] | None:
    codes = known_answers.get(answer.setting)
    if codes is None:
        return "unknown-setting", f'"{answer.setting}" is no setting. See `answerable standards rules`.'
    if answer.age not in audit.ages:
        return "unknown-age", f'"{answer.age}" is no declared age of the audit. Add it to ages in audit.toml.'
    if answer.value not in codes:
        return "unknown-answer", f'"{answer.value}" is no answer to {answer.setting}. Write one of {", ".join(codes)}.'
    return None


def _observe(
    answer: _Answer, visit: Visit, edition: str, document: Document, part: str, beside: Mapping[str, str]
) -> ObservedSetting:
    folder = document.path.rpartition("/")[0]
    evidence = f"{folder}/{answer.evidence}" if answer.evidence else ""
    return ObservedSetting(
        visit=visit,
        edition=edition,
        setting=answer.setting,
        age=int(answer.age),
        value=answer.value,
        evidence=evidence,
        sha256=answer.sha256 or beside.get(evidence, ""),
        quote=answer.quote,
        note=answer.note,
        source=Source(document=document.path, part=part, ref=answer.ref, quote=answer.quote or answer.value),
    )


def _check_evidence(item: ObservedSetting, answer: _Answer, beside: Mapping[str, str]) -> Iterator[Finding]:
    if item.value == NOT_TESTED:
        return
    kept = beside.get(item.evidence)
    if kept is not None and item.sha256 in {"", kept}:
        return
    where = (item.visit.service, item.source.document, item.source.part, item.source.ref)
    place = f"{item.source.document}, {item.source.part}, {item.source.ref}"
    if not answer.evidence:
        yield _find("no-evidence", f"{place}: no screenshot is named. Add one, or say why in the note.", *where)
    elif item.evidence not in beside:
        message = f'{place}: the file "{answer.evidence}" is not there. Put it beside {item.source.document}.'
        yield _find("evidence-missing", message, *where)
    elif item.sha256 and beside[item.evidence] != item.sha256:
        message = f'{place}: the hash of "{answer.evidence}" is not the one written down. Put the first file back.'
        yield _find("evidence-changed", message, *where)


_HEAD_KEYS = ("service", "tester", "on", "country", "app_version", "platform", "run")
_TEXT_KEYS = ("setting", "value", "evidence", "sha256", "quote", "note")
_ANSWER_KEYS = ("setting", "age", *_TEXT_KEYS[1:])
_ANSWER_SET = frozenset(_ANSWER_KEYS)


def _read_json(data: bytes, document: Document) -> tuple[Visit, list[_Answer]]:
    try:
        raw = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnreadableDocument(document.path, f"is not JSON ({error})", "Save it again from the form") from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT or not isinstance(raw.get("observed"), list):
        raise UnreadableDocument(document.path, f'has no "format": "{FORMAT}" with a list "observed"', "Use the form")
    _refuse_keys(raw, ("format", "age", "observed", *_HEAD_KEYS), document)
    answers = []
    for number, row in enumerate(raw["observed"], start=1):
        if not isinstance(row, dict):
            raise UnreadableDocument(document.path, f"answer {number} is not an object", "Use the form")
        if not _ANSWER_SET.issuperset(row):
            _refuse_keys(row, _ANSWER_KEYS, document)
        setting, value, evidence, sha256, quote, note = (str(row.get(key) or "") for key in _TEXT_KEYS)
        age = row.get("age", raw.get("age"))
        answers.append(_Answer(setting, age, value, evidence, sha256, quote, note, f"answer {number}"))
    return _make_visit({key: raw.get(key) for key in _HEAD_KEYS}, document), answers


def _refuse_keys(found: Mapping[str, Any], known: Sequence[str], document: Document) -> None:
    for key in found:
        if key not in known:
            raise UnreadableDocument(document.path, f'has the unknown key "{key}"', f"Known keys: {', '.join(known)}")


def _make_visit(found: Mapping[str, Any], document: Document) -> Visit:
    texts = {key: str(found.get(key) or "").strip() for key in _HEAD_KEYS}
    for key in ("service", "tester", "on"):
        if not texts[key]:
            raise UnreadableDocument(document.path, f"{key} is not filled in", "Fill it in and save it again")
    try:
        on = date.fromisoformat(texts["on"][:10])
    except ValueError as error:
        raise UnreadableDocument(document.path, f'"{texts["on"]}" is no day', "Write it as 2026-11-24") from error
    if not (texts["run"] or "1").isdigit():
        raise UnreadableDocument(document.path, f'"{texts["run"]}" is no run', "Number the runs from 1")
    return Visit(**{**texts, "on": on, "run": int(texts["run"] or 1)})  # type: ignore[arg-type]


def _read_workbook(document: Document, data: bytes) -> tuple[Visit, list[_Answer]]:
    grids = {grid.part: grid for grid in read_document(document, data)}
    head, body = grids.get(f'sheet "{HEAD}"'), grids.get(f'sheet "{SHEET}"')
    if head is None or body is None:
        raise UnreadableDocument(document.path, f"has no sheets {HEAD} and {SHEET}", "Use the form of this audit")
    found = {row[0].text.strip(): row[1] for row in _list_rows(head) if {0, 1} <= row.keys()}
    values = {key: _read_value(found[key]) for key in _HEAD_KEYS if key in found}
    return _make_visit(values, document), list(_read_sheet(body, document))


def _read_value(cell: Cell) -> str:
    return cell.value.isoformat() if isinstance(cell.value, date) else cell.text.strip()


def _list_rows(grid: Grid) -> list[dict[int, Cell]]:
    rows: dict[int, dict[int, Cell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, {})[cell.col] = cell
    return [rows[number] for number in sorted(rows)]


def _read_sheet(grid: Grid, document: Document) -> Iterator[_Answer]:
    rows = _list_rows(grid)
    heads = {cell.text.strip(): col for col, cell in rows[0].items()} if rows else {}
    ages = {int(name): col for name, col in heads.items() if name.isdigit()}
    if "setting" not in heads or not ages:
        raise UnreadableDocument(document.path, f"{SHEET} has no columns setting and 13", "Use the form of this audit")
    for row in rows[1:]:
        texts = {name: row[col].text.strip() if col in row else "" for name, col in heads.items()}
        files = _split_evidence(texts.get("evidence", ""))
        for age, col in ages.items():
            if col not in row or not row[col].text.strip():
                continue
            yield _Answer(
                setting=texts["setting"],
                age=age,
                value=row[col].text.strip(),
                evidence=files.get(age, files.get(None, "")),
                sha256="",
                quote="",
                note=texts.get("note", ""),
                ref=row[col].ref,
            )


def _split_evidence(text: str) -> dict[int | None, str]:
    """ "13: a.png; 15: b.png" by age; a plain name stands for every age of the row (key None)."""
    found: dict[int | None, str] = {}
    for part in (part.strip() for part in text.split(";")):
        age, colon, name = part.partition(":")
        if colon and age.strip().isdigit():
            found[int(age)] = name.strip()
        elif part:
            found[None] = part
    return found


def make_observation(audit: Audit, item: ObservedSetting) -> Observation:
    """The core Observation of an observed setting, for the public tables; not for one that was not tested."""
    visit = item.visit
    absent = item.value == NO_FEATURE
    return Observation(
        survey=audit.survey.id,
        authority=visit.service,
        question=item.setting,
        period=item.edition,
        dimensions=(("declared-age", str(item.age)), ("tester", visit.tester), ("run", str(visit.run))),
        value=None if absent else item.value,
        bounds=None,
        unit="services",
        status="not_applicable" if absent else "normal",
        accepted=True,
        original_value=item.quote or item.value,
        origin="reader",
        evidence=(
            f"observed {visit.on.isoformat()} in {visit.country or 'a country that is not said'}",
            f"version {visit.app_version or 'not said'} on {visit.platform or 'a platform that is not said'}",
            *((f"{item.evidence} sha256 {item.sha256}",) if item.evidence else ()),
        ),
        source=item.source,
    )
