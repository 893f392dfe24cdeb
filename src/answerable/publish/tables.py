"""Edition -> the rows of its tables: observations, findings, figures; each with its columns described once.

The CSV files, figures.json, the DuckDB and SQLite files and the data package are all set from these rows, so
they cannot disagree. The columns are a public contract, versioned in datapackage.json. The trap: a value and a
status are never both empty, and what an authority suppressed is printed as its status and bounds only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from answerable.figures import grade_observation
from answerable.model import Edition, Figure, Observation, Reply, Survey

FieldType = Literal["string", "integer", "number", "boolean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column: its Table Schema type and what it holds."""

    name: str
    type: FieldType
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: its name, its columns, and its rows in order. `key` is the primary key's column, "" for none."""

    name: str
    title: str
    key: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Any, ...], ...]


def make_sheets(edition: Edition) -> tuple[Sheet, ...]:
    """The public tables of an edition: observations, findings, figures, authorities."""
    return (_list_observations(edition), _list_findings(edition), _list_figures(edition), _list_authorities(edition))


def _field(name: str, type_: FieldType, description: str) -> Field:
    return Field(name=name, type=type_, description=description)


def _list_observations(edition: Edition) -> Sheet:
    dimensions = [item.id for item in edition.survey.dimensions]
    fields = (
        _field("observation_id", "string", "Stable id over what it is and where it stands."),
        _field("survey", "string", "Survey id."),
        _field("authority", "string", "Authority id of the register."),
        _field("question", "string", "Question id."),
        _field("period", "string", "Period id."),
        *(_field(item.id, "string", f"{item.name}: code; _T for all.") for item in edition.survey.dimensions),
        _field("value", "string", "The value as read; empty unless status is normal."),
        _field("low", "integer", "Least it can be, where suppressed."),
        _field("high", "integer", "Greatest it can be, where suppressed."),
        _field("status", "string", "normal, suppressed, refused, not_held, no_reply, not_applicable, unreadable."),
        _field("unit", "string", "What is counted."),
        _field("accepted", "boolean", "False while anything about it is open."),
        _field("original_value", "string", "The cell's own text."),
        _field("origin", "string", "reader, lookup:<key>, review:<name> or model:<name>."),
        _field("evidence", "string", "What settled it, parted by ' | '."),
        _field("document", "string", "Path of the document under replies/."),
        _field("part", "string", "Sheet, page or text of the document."),
        _field("ref", "string", "Cell, box on the page, or paragraph."),
        _field("quote", "string", "The text quoted from there."),
        _field("grade", "string", "How far it can be compared: comparable, with_caveat or not."),
        _field("grade_reasons", "string", "What speaks against comparing it, parted by ' | '."),
    )
    replies: dict[str, list[Reply]] = {}
    for reply in edition.replies:
        replies.setdefault(reply.authority, []).append(reply)
    rows = tuple(
        (*_row_observation(item, dimensions), *_grade(edition.survey, item, replies)) for item in edition.observations
    )
    return Sheet(name="observations", title="Observations", key="observation_id", fields=fields, rows=rows)


def _row_observation(item: Observation, dimensions: Sequence[str]) -> tuple[Any, ...]:
    codes = dict(item.dimensions)
    bounds, source = item.bounds, item.source
    return (
        item.id, item.survey, item.authority, item.question, item.period, *(codes.get(name) for name in dimensions),
        None if item.value is None else str(item.value), bounds.low if bounds else None,
        bounds.high if bounds else None, item.status, item.unit, item.accepted, item.original_value, item.origin,
        " | ".join(item.evidence), source.document, source.part, source.ref, source.quote,
    )  # fmt: skip


def _grade(survey: Survey, item: Observation, replies: Mapping[str, Sequence[Reply]]) -> tuple[str, str]:
    grade, reasons = grade_observation(survey, item, replies.get(item.authority, ()))
    return grade, " | ".join(reasons)


def _list_findings(edition: Edition) -> Sheet:
    fields = (
        _field("check", "string", "The check that found it."),
        _field("severity", "string", "error, warning or info."),
        _field("authority", "string", "Authority id, empty for the survey."),
        _field("document", "string", "Path of the document under replies/."),
        _field("part", "string", "Sheet, page or text of the document."),
        _field("ref", "string", "Cell, box on the page, or paragraph."),
        _field("message", "string", "Where, what, and what next."),
    )
    rows = tuple(
        (
            item.check, item.severity, item.subject, *((item.source.document, item.source.part, item.source.ref)
            if item.source else (None, None, None)), item.message,
        )
        for item in edition.findings
    )  # fmt: skip
    return Sheet(name="findings", title="Findings", key="", fields=fields, rows=rows)


def _list_figures(edition: Edition) -> Sheet:
    fields = (
        _field("id", "string", "Stable, readable id."),
        _field("title", "string", "What the figure is, in words."),
        _field("kind", "string", "total, change_abs, p_value, reference ..."),
        _field("authority", "string", "Authority id, region:<name>, or empty for the whole."),
        _field("question", "string", "Question id."),
        _field("period", "string", "Period id."),
        _field("base_period", "string", "Earlier period of a change."),
        _field("dimensions", "string", "dimension=code, parted by ';'."),
        _field("value", "string", "The exact value; empty where only bounds are known."),
        _field("low", "number", "Least it can be, or lower 95% limit where a value is given."),
        _field("high", "number", "Greatest it can be, or upper 95% limit where a value is given."),
        _field("unit", "string", "Unit of the value."),
        _field("n_asked", "integer", "Authorities asked."),
        _field("n_answered", "integer", "Authorities in the figure."),
        _field("n_matched", "integer", "Authorities in both periods of a change."),
        _field("missing", "string", "Authorities asked and not in it, parted by ';'."),
        _field("observations", "string", "Ids it was computed from, parted by ';'."),
        _field("query", "string", "How it was computed."),
        _field("note", "string", "What to bear in mind."),
    )
    rows = tuple(_row_figure(item) for item in edition.figures)
    return Sheet(name="figures", title="Figures", key="id", fields=fields, rows=rows)


def _row_figure(item: Figure) -> tuple[Any, ...]:
    return (
        item.id, item.title, item.kind, item.authority, item.question, item.period, item.base_period,
        ";".join(f"{name}={code}" for name, code in item.dimensions), None if item.value is None else str(item.value),
        item.low, item.high, item.unit, item.n_asked, item.n_answered, item.n_matched, ";".join(item.missing),
        ";".join(item.observations), item.query, item.note,
    )  # fmt: skip


def _list_authorities(edition: Edition) -> Sheet:
    fields = (
        _field("id", "string", "Authority id of the register."),
        _field("name", "string", "Name."),
        _field("nation", "string", "Nation."),
        _field("region", "string", "Region."),
        _field("law", "string", "FOIA or FOISA."),
        _field("code", "string", "Official code, where known."),
        _field("outcome", "string", "What became of the request."),
        _field("received", "string", "Day the reply came, ISO 8601."),
        _field("recreated_from", "string", "Published sources its documents were re-created from, parted by ' '."),
    )
    replies = {reply.authority: reply for reply in edition.replies}
    rows = []
    for item in edition.survey.authorities:
        reply = replies.get(item.id)
        received = reply.received.isoformat() if reply and reply.received else None
        outcome = reply.outcome if reply else "waiting_response"
        sources = " ".join(reply.recreated_from) if reply else ""
        rows.append((item.id, item.name, item.nation, item.region, item.law, item.code, outcome, received, sources))
    return Sheet(name="authorities", title="Authorities", key="id", fields=fields, rows=tuple(rows))
