"""The read-only API under /api/v1: the public tables of the last build as JSON, described by an OpenAPI document.

Rows, columns and types come from `publish.tables`, so the API, the CSV files and the data package cannot
disagree. The trap is a description that drifts from what is served: both are made from the same resources here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from answerable import __version__
from answerable.claims import check_against, make_topic
from answerable.claims.report import list_rows
from answerable.model import Edition
from answerable.publish.tables import Sheet, make_sheets
from answerable.web.desk import Visit

MOST, USUAL = 1000, 100
"""Rows of one answer, at most and where no limit is asked for."""
LONGEST = 20_000
"""Characters of a text to check."""
PREFIX = "/api/v1"
Row = dict[str, Any]
_TYPES = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One collection: its rows, the columns one may ask for exactly, and whether an embargo hides it."""

    name: str
    summary: str
    filters: tuple[str, ...]
    key: str
    figures: bool


RESOURCES: tuple[Resource, ...] = (
    Resource(name="authorities", summary="Authorities asked", filters=("region", "law", "outcome"), key="id",
             figures=False),
    Resource(name="replies", summary="What became of each request", filters=("authority", "outcome"), key="authority",
             figures=False),
    Resource(name="observations", summary="Every value with where it stands", key="observation_id", figures=True,
             filters=("authority", "question", "period", "status", "accepted")),
    Resource(name="findings", summary="What a person should know", filters=("check", "severity", "authority"), key="",
             figures=True),
    Resource(name="figures", summary="Published numbers", filters=("kind", "authority", "question", "period"),
             key="id", figures=True),
)  # fmt: skip
_REPLY = (
    ("authority", "string"), ("received", "string"), ("outcome", "string"), ("documents", "array"),
    ("exemptions", "array"), ("caveats", "array"), ("reference", "string"),
)  # fmt: skip
_CLAIM = (
    ("start", "integer"), ("end", "integer"), ("text", "string"), ("type", "string"), ("stated", "string"),
    ("bound_to", "array"), ("computed", "string"), ("verdict", "string"), ("explanation", "string"),
)  # fmt: skip
_SURVEY = ("id", "title", "subject", "area", "headline", "simulated")


class Wrong(Exception):
    """A request that asks for what there is not; its text says what to ask instead."""


Answer = Callable[[Visit], Response]


def answer(page: Callable[[Visit, Edition], Any], *, figures: bool) -> Answer:
    """A page of the API: JSON, 403 under embargo, 404 for what there is not, 422 for a wrong parameter, 503 while
    the first build runs."""

    def handler(visit: Visit) -> Response:
        if figures and visit.embargoed:
            return JSONResponse({"error": "Under embargo."}, 403)
        edition = visit.desk.held.edition
        if edition is None:
            return JSONResponse({"error": "The first build is not done. Ask again in a minute."}, 503)
        try:
            return JSONResponse(page(visit, edition))
        except KeyError as error:
            return JSONResponse({"error": f"There is no {error.args[0]!r} here."}, 404)
        except Wrong as error:
            return JSONResponse({"error": str(error)}, 422)

    return handler


def list_surveys(visit: Visit, edition: Edition) -> Any:
    """The survey that is served: what it asks of whom, for which periods."""
    _check_parameters(visit.request, ())
    survey = edition.survey
    row = {name: getattr(survey, name) for name in _SURVEY}
    row["periods"] = [period.id for period in survey.periods]
    row["questions"] = [
        {"id": q.id, "number": q.number, "text": q.text, "unit": q.unit, "dimensions": list(q.dimensions)}
        for q in survey.questions
    ]
    row["dimensions"] = [
        {"id": d.id, "name": d.name, "categories": [{"code": c.code, "label": c.label} for c in d.categories]}
        for d in survey.dimensions
    ]
    return {"total": 1, "rows": [row]}


def list_resource(resource: Resource) -> Callable[[Visit, Edition], Any]:
    """The page that lists a resource, cut and filtered as asked."""

    def page(visit: Visit, edition: Edition) -> Any:
        asked = _check_parameters(visit.request, (*resource.filters, "limit", "offset"))
        rows = read_rows(edition, resource.name)
        for name in resource.filters:
            if name in asked:
                rows = [row for row in rows if _write(row[name]) == asked[name]]
        limit, offset = _read_whole(asked, "limit", USUAL, 1, MOST), _read_whole(asked, "offset", 0, 0, 10**9)
        return {"total": len(rows), "rows": rows[offset : offset + limit]}

    return page


def find_row(resource: Resource) -> Callable[[Visit, Edition], Any]:
    """The page of one row of a resource."""

    def page(visit: Visit, edition: Edition) -> Any:
        _check_parameters(visit.request, ())
        name = visit.request.path_params["name"]
        found = next((row for row in read_rows(edition, resource.name) if row[resource.key] == name), None)
        if found is None:
            raise KeyError(name)
        return found

    return page


def check_claims(visit: Visit, edition: Edition) -> Any:
    """Every number of the text asked about, against the figures."""
    asked = _check_parameters(visit.request, ("text",))
    text = asked.get("text", "")
    if not 1 <= len(text) <= LONGEST:
        raise Wrong(f"text must have 1 to {LONGEST:,} characters.")
    claims = check_against(text, make_topic(edition.survey, edition.figures))
    rows = list_rows("", claims, edition.figures, edition.survey)
    return {"total": len(rows), "rows": [{name: row[name] for name, _ in _CLAIM} for row in rows]}


def read_rows(edition: Edition, name: str) -> list[Row]:
    """The rows of a resource as objects."""
    if name == "replies":
        return [_list_reply(reply) for reply in edition.replies]
    sheet = _find_sheet(edition, name)
    columns = [field.name for field in sheet.fields]
    return [dict(zip(columns, row, strict=True)) for row in sheet.rows]


def _find_sheet(edition: Edition, name: str) -> Sheet:
    return next(sheet for sheet in make_sheets(edition) if sheet.name == name)


def _list_reply(reply: Any) -> Row:
    return {
        "authority": reply.authority,
        "received": reply.received.isoformat() if reply.received else None,
        "outcome": reply.outcome,
        "documents": [document.path for document in reply.documents],
        "exemptions": [f"s.{item.section}{item.subsection}" for item in reply.exemptions],
        "caveats": [item.kind for item in reply.caveats],
        "reference": reply.reference,
    }


def _check_parameters(request: Request, known: Sequence[str]) -> Mapping[str, str]:
    """The query's parameters, each once; Wrong for one that is not known or stands twice."""
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise Wrong(f"{name!r} is not known here. Use {', '.join(known) or 'none'}.")
        if name in found:
            raise Wrong(f"{name!r} stands twice.")
        found[name] = value
    if "accepted" in found and found["accepted"] not in ("true", "false"):
        raise Wrong("accepted is true or false.")
    return found


def _read_whole(asked: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = asked.get(name, str(usual))
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1
    if not least <= number <= most:
        raise Wrong(f"{name} is a whole number from {least} to {most}.")
    return number


def _write(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def list_pages() -> list[tuple[str, Answer]]:
    """(path, handler) of every page of the API."""
    pages = [
        (f"{PREFIX}/openapi.json", answer(lambda _, edition: describe_api(edition), figures=False)),
        (f"{PREFIX}/surveys", answer(list_surveys, figures=False)),
        (f"{PREFIX}/claims", answer(check_claims, figures=True)),
    ]
    for resource in RESOURCES:
        pages.append((f"{PREFIX}/{resource.name}", answer(list_resource(resource), figures=resource.figures)))
        if resource.key:
            address = f"{PREFIX}/{resource.name}/{{name:path}}"
            pages.append((address, answer(find_row(resource), figures=resource.figures)))
    return pages


def describe_api(edition: Edition) -> Row:
    """The OpenAPI 3.1 document of the API, from its resources and the columns of their rows."""
    paths: Row = {f"{PREFIX}/surveys": _describe_page("The survey", _describe_list(_SURVEY_SCHEMA), [])}
    text = {
        "name": "text",
        "in": "query",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    }
    claims = _describe_list(_make_schema(_CLAIM))
    paths[f"{PREFIX}/claims"] = _describe_page("Numbers of a text against the figures", claims, [text])
    for resource in RESOURCES:
        schema = _describe_resource(edition, resource)
        filters = [_describe_filter(schema, name) for name in resource.filters]
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        offset = {"type": "integer", "minimum": 0, "maximum": 10**9, "default": 0}
        cut = [{"name": name, "in": "query", "schema": one} for name, one in (("limit", limit), ("offset", offset))]
        paths[f"{PREFIX}/{resource.name}"] = _describe_page(resource.summary, _describe_list(schema), [*filters, *cut])
        if resource.key:
            name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
            paths[f"{PREFIX}/{resource.name}/{{name}}"] = _describe_page(
                f"One of: {resource.summary}", schema, [name], lost=True
            )
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Answerable: {edition.survey.title}", "version": __version__,
                 "description": "Read-only tables of a survey. Every row is of the last build."},
        "paths": paths,
    }  # fmt: skip


def _describe_page(summary: str, schema: Row, parameters: list[Row], *, lost: bool = False) -> Row:
    said = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
    responses: Row = {"200": _describe_answer("What was asked for", schema)}
    refusals = {"401": "Log in first", "403": "Under embargo", "503": "The first build is not done"}
    refusals |= {"404": "There is none"} if lost else {}
    refusals["422"] = "A parameter is wrong"
    responses |= {status: _describe_answer(words, said) for status, words in refusals.items()}
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


def _describe_answer(words: str, schema: Row) -> Row:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _describe_list(schema: Row) -> Row:
    rows = {"type": "array", "items": schema}
    total = {"type": "integer", "description": "Rows that match, also those cut off."}
    return {"type": "object", "required": ["total", "rows"], "properties": {"total": total, "rows": rows}}


def _describe_resource(edition: Edition, resource: Resource) -> Row:
    if resource.name == "replies":
        return _make_schema(_REPLY)
    sheet = _find_sheet(edition, resource.name)
    return {
        "type": "object",
        "required": [field.name for field in sheet.fields],
        "properties": {
            field.name: {"type": [_TYPES[field.type], "null"], "description": field.description}
            for field in sheet.fields
        },
    }


def _describe_filter(schema: Row, name: str) -> Row:
    kind = schema["properties"][name]["type"]
    one = {"type": "boolean"} if "boolean" in kind else {"type": "string"}
    return {"name": name, "in": "query", "schema": one}


def _make_schema(fields: Sequence[tuple[str, str]]) -> Row:
    return {
        "type": "object",
        "required": [name for name, _ in fields],
        "properties": {name: {"type": kind if kind == "array" else [kind, "null"]} for name, kind in fields},
    }


_SURVEY_SCHEMA: Row = {
    "type": "object",
    "required": [*_SURVEY, "periods", "questions", "dimensions"],
    "properties": {
        **{name: {"type": "boolean" if name == "simulated" else "string"} for name in _SURVEY},
        "periods": {"type": "array", "items": {"type": "string"}},
        "questions": {"type": "array", "items": {"type": "object", "required": ["id", "number", "text", "unit"]}},
        "dimensions": {"type": "array", "items": {"type": "object", "required": ["id", "name", "categories"]}},
    },
}
