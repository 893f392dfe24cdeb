"""An OpenRefine reconciliation service for the names of authorities (Reconciliation Service API v0.2).

Names and aliases of the survey's register are compared with what a spreadsheet calls a body. The specification is
https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/. The trap is a false match:
`match` is true only where one authority has exactly this name or alias, whatever the scores of others.
"""

import difflib
import json
from collections.abc import Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from answerable.model import Authority, Survey
from answerable.web.desk import Visit

TYPE = {"id": "authority", "name": "Authority"}
PROPERTIES = {"code": "Official code", "region": "Region", "nation": "Nation", "law": "Law", "kind": "Kind"}
USUAL, MOST = 5, 50
MOST_QUERIES = 500
_LEAST = 40.0
"""Score under which a name is no candidate."""
Row = dict[str, Any]


def show_service(visit: Visit) -> Response:
    """The manifest, or the answer to a batch of `queries` or to an `extend`."""
    survey = visit.desk.held.view.survey
    try:
        if visit.ask("queries"):
            return _send({name: {"result": _match(survey, query)} for name, query in _read(visit, "queries").items()})
        if visit.ask("extend"):
            return _send(_extend(survey, _read(visit, "extend")))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return _send({"error": f"It is not of the form the specification asks for: {error}"}, 400)
    return _send(describe_service(survey, str(visit.request.base_url).rstrip("/")))


def _send(body: Row, status: int = 200) -> Response:
    return JSONResponse(body, status, {"access-control-allow-origin": "*"})


def _read(visit: Visit, name: str) -> Row:
    found = json.loads(visit.ask(name))
    if not isinstance(found, dict) or len(found) > MOST_QUERIES:
        raise ValueError(f"{name} is an object of at most {MOST_QUERIES} members")
    return found


def describe_service(survey: Survey, address: str) -> Row:
    """The service manifest."""
    return {
        "versions": ["0.1", "0.2"],
        "name": f"Authorities of {survey.title}",
        "identifierSpace": f"{address}/authorities/",
        "schemaSpace": f"{address}/reconcile#",
        "defaultTypes": [TYPE],
        "view": {"url": f"{address}/authorities/{{{{id}}}}"},
        "suggest": {"entity": {"service_url": address, "service_path": "/reconcile/suggest/entity"}},
        "extend": {
            "propose_properties": {"service_url": address, "service_path": "/reconcile/properties"},
            "property_settings": [],
        },
    }


def _match(survey: Survey, query: Row) -> list[Row]:
    """Candidates for one query, best first."""
    if not isinstance(query, dict) or not ("query" in query or query.get("properties")):
        raise ValueError("a query has `query` or `properties`")
    text, limit = query.get("query", ""), query.get("limit", USUAL)
    if not isinstance(text, str) or isinstance(limit, bool) or not isinstance(limit, int | float):
        raise ValueError("`query` is text and `limit` a number")
    types = query.get("type", [])
    if types and TYPE["id"] not in ([types] if isinstance(types, str) else types):
        return []
    found = [(_score(text, authority), authority) for authority in survey.authorities]
    found = [(_weigh(score, authority, query), authority) for score, authority in found]
    ranked = sorted((pair for pair in found if pair[0] >= _LEAST), key=lambda pair: (-pair[0], pair[1].id))
    exact = [authority.id for _, authority in ranked if _fold(text) in _list_names(authority)]
    return [
        {
            "id": authority.id,
            "name": authority.name,
            "description": ", ".join(part for part in (authority.region, authority.nation) if part),
            "score": round(score, 1),
            "match": exact == [authority.id],
            "type": [TYPE],
            "features": [{"id": "exact_name", "value": authority.id in exact}],
        }
        for score, authority in ranked[: min(max(int(limit), 1), MOST)]
    ]


def _weigh(score: float, authority: Authority, query: Row) -> float:
    """A score with the properties given beside the name; the name alone where none is."""
    given = [item for item in query.get("properties", ()) if item.get("pid") in PROPERTIES]
    if not given:
        return score
    values = [_list_values(item["v"]) for item in given]
    hits = sum(_fold(getattr(authority, item["pid"])) in found for item, found in zip(given, values, strict=True))
    share = hits / len(given)
    return 100.0 * share if not query.get("query") else 0.7 * score + 30.0 * share


def _list_values(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [_fold(str(one.get("name", one["id"]) if isinstance(one, dict) else one)) for one in values]


def _score(text: str, authority: Authority) -> float:
    wanted = _fold(text)
    if not wanted:
        return 0.0
    names = _list_names(authority)
    if wanted in names:
        return 100.0
    return max(99.0 * difflib.SequenceMatcher(None, wanted, name, autojunk=False).ratio() for name in names)


def _list_names(authority: Authority) -> list[str]:
    return [_fold(name) for name in (authority.name, authority.id, authority.code, *authority.aliases) if name]


_NOISE = frozenset("the of and police constabulary force service for".split())


def _fold(text: str) -> str:
    """Lower-case words without the ones that most names share; all of them where nothing else is left."""
    words = "".join(char if char.isalnum() else " " for char in text.casefold()).split()
    return " ".join(word for word in words if word not in _NOISE) or " ".join(words)


def suggest_entity(visit: Visit) -> Response:
    """Authorities whose name or alias begins with, or holds, what was typed."""
    wanted = _fold(visit.ask("prefix"))
    found = [a for a in visit.desk.held.view.survey.authorities if any(wanted in name for name in _list_names(a))]
    found.sort(key=lambda a: (not any(name.startswith(wanted) for name in _list_names(a)), a.name))
    rows = [{"id": a.id, "name": a.name, "description": a.region, "notable": [TYPE]} for a in found[:MOST]]
    return _send({"result": rows if wanted else []})


def propose_properties(_visit: Visit) -> Response:
    """The properties that can be fetched for an authority."""
    found = [{"id": name, "name": title} for name, title in PROPERTIES.items()]
    return _send({"type": TYPE["id"], "limit": len(found), "properties": found})


def _extend(survey: Survey, asked: Row) -> Row:
    """Properties of authorities by id; an id or property that is not known has no values."""
    known = {authority.id: authority for authority in survey.authorities}
    names = [str(item["id"]) for item in asked["properties"]]
    ids = [str(name) for name in asked["ids"]]
    rows = {name: {prop: _list_property(known.get(name), prop) for prop in names} for name in ids}
    return {"meta": [{"id": name, "name": PROPERTIES.get(name, name)} for name in names], "rows": rows}


def _list_property(authority: Authority | None, name: str) -> Sequence[Row]:
    value = getattr(authority, name) if authority is not None and name in PROPERTIES else ""
    return [{"str": value}] if value else []
