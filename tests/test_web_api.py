"""The API against its own OpenAPI document, and the reconciliation service against its specification (v0.2)."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from answerable.line import read_edition
from answerable.quarantine import hold_back
from answerable.web.accounts import Account, hash_password
from answerable.web.app import make_app
from answerable.web.held import Held, open_survey, take_edition
from answerable.web.reconcile import PROPERTIES
from review_survey import N, write_review_survey

testclient = pytest.importorskip("starlette.testclient")
jsonschema = pytest.importorskip("jsonschema")
schemathesis = pytest.importorskip("schemathesis")
GenerationMode = pytest.importorskip("schemathesis.generation.modes").GenerationMode
HOSTS = frozenset(("testserver", "localhost", "testserver:80"))
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """The survey as open in the app, its edition computed here instead of in the background."""
    folder = write_review_survey(tmp_path_factory.mktemp("api") / "survey")
    opened = open_survey(folder, workers=1)
    take_edition(opened, hold_back(read_edition(folder, workers=1, protect=True)))
    return opened


@pytest.fixture(scope="module")
def app(held: Held) -> Any:
    return make_app(held, hosts=HOSTS)


@pytest.fixture(scope="module")
def client(app: Any) -> Iterator[Any]:
    yield testclient.TestClient(app)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_as_the_openapi_document_says(app: Any, mode: Any) -> None:
    """Valid requests answer as described; invalid ones are refused as described."""
    described = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    tried: Counter[str] = Counter()
    for found in described.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and "limit" not in {one.name for one in operation.query}:
            continue  # every text is a valid name or filter

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        def check(case: Any) -> None:
            case.call_and_validate()
            tried[case.operation.label] += 1

        check()
    assert len(tried) == (5 if mode is GenerationMode.NEGATIVE else 11) and min(tried.values()) >= 1


@pytest.mark.parametrize("name", ["authorities", "replies", "observations", "findings", "figures"])
def test_a_list_is_cut_and_filtered_as_asked(client: Any, name: str) -> None:
    whole = client.get(f"/api/v1/{name}", params={"limit": 1000}).json()
    assert whole["total"] == len(whole["rows"]) > 3
    part = client.get(f"/api/v1/{name}", params={"limit": 2, "offset": 1}).json()
    assert part == {"total": whole["total"], "rows": whole["rows"][1:3]}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/observations?authority=town-30&accepted=true", 200), ("/api/v1/figures?limit=0", 422),
        ("/api/v1/figures?limit=1001", 422), ("/api/v1/figures?limit=x", 422), ("/api/v1/figures?offset=-1", 422),
        ("/api/v1/figures?secret=1", 422), ("/api/v1/figures?limit=1&limit=2", 422), ("/api/v1/claims", 422),
        ("/api/v1/authorities/nowhere", 404), ("/api/v1/figures/none", 404), ("/api/v1/observations?accepted=yes", 422),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_request_is_said(client: Any, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert ("rows" if status == 200 else "error") in answer.json()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_api_only_reads(client: Any, method: str) -> None:
    assert client.request(method, "/api/v1/figures").status_code == 405


def test_claims_are_judged(client: Any) -> None:
    rows = client.get("/api/v1/claims", params={"text": "Police recorded 999,999 online offences in 2016/17."}).json()[
        "rows"
    ]
    assert [row["verdict"] for row in rows] == ["contradicted"]


def test_programs_need_an_account_where_there_are_accounts_and_readers_wait_for_the_embargo(held: Held) -> None:
    known = {"reader": Account(name="reader", role="reader", password=hash_password(PASSWORD))}
    program = testclient.TestClient(make_app(held, hosts=HOSTS, accounts=known, https=True))
    assert program.get("/api/v1/figures").status_code == 401
    assert program.get("/api/v1/figures", auth=("reader", "wrong password")).status_code == 401
    assert program.get("/api/v1/figures", auth=("reader", PASSWORD)).status_code == 200
    view = held.view
    later = datetime.now(UTC) + timedelta(days=1)
    held.view = replace(view, survey=replace(view.survey, embargo="Not yet.", embargo_until=later))
    try:
        found = {
            name: program.get(f"/api/v1/{name}", auth=("reader", PASSWORD)).status_code
            for name in ("figures", "observations", "findings", "claims?text=a", "authorities", "surveys")
        }
    finally:
        held.view = view
    assert found == {
        "figures": 403, "observations": 403, "findings": 403, "claims?text=a": 403, "authorities": 200, "surveys": 200,
    }  # fmt: skip


# Reconciliation. The schemas say what the specification's own say, in this project's words.

TYPES = {"type": "array", "items": {"type": "object", "required": ["id"]}}
MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "items": {"type": "string"}, "contains": {"enum": ["0.2"]}},
        "name": {"type": "string"},
        "identifierSpace": {"type": "string", "pattern": "^https?://"},
        "schemaSpace": {"type": "string", "pattern": "^https?://"},
        "defaultTypes": {**TYPES, "uniqueItems": True},
        "view": {"type": "object", "required": ["url"], "properties": {"url": {"pattern": "\\{\\{id\\}\\}"}}},
        "suggest": {"type": "object"},
        "extend": {"type": "object"},
    },
}
CANDIDATE = {
    "type": "object",
    "required": ["id", "name", "score"],
    "properties": {
        "id": {"type": "string"}, "name": {"type": "string"}, "description": {"type": "string"},
        "score": {"type": "number"}, "match": {"type": "boolean"}, "type": TYPES,
        "features": {"type": "array", "items": {"properties": {"value": {"type": ["boolean", "number"]}}}},
    },
}  # fmt: skip
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {"result": {"type": "array", "items": CANDIDATE}},
    },
}
CELL = {
    "type": "object", "additionalProperties": False, "maxProperties": 2,
    "properties": {"str": {"type": "string"}, "id": {"type": "string"}, "name": {"type": "string"}},
}  # fmt: skip
EXTENSION = {
    "type": "object",
    "required": ["rows", "meta"],
    "properties": {
        "meta": {"type": "array", "items": {"type": "object", "required": ["id", "name"]}},
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": {"type": "array", "items": CELL}},
        },
    },
}


def reconcile(client: Any, queries: Any, method: str = "POST") -> Any:
    text = queries if isinstance(queries, str) else json.dumps(queries)
    if method == "POST":
        return client.post("/reconcile", data={"queries": text}, headers={"origin": "http://127.0.0.1:3333"})
    return client.get("/reconcile", params={"queries": text})


def test_the_manifest_is_as_specified_and_may_be_read_by_openrefine(client: Any) -> None:
    answer = client.get("/reconcile", headers={"origin": "http://127.0.0.1:3333"})
    jsonschema.validate(answer.json(), MANIFEST)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    view = answer.json()["view"]["url"].replace("{{id}}", "town-03")
    assert client.get(view.removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("query", "first", "match"),
    [
        ({"query": "Town 7"}, "town-07", True),
        ({"query": "TOWN 7 POLICE"}, "town-07", True),
        ({"query": "the Town 7 Constabulary", "limit": 1}, "town-07", True),
        ({"query": "town-07", "type": "authority", "type_strict": "any"}, "town-07", True),
        ({"query": "Tovn 17"}, "town-17", False),
        (
            {"query": "Town 7", "type": ["authority"], "properties": [{"pid": "region", "v": "Nowhere"}]},
            "town-07",
            True,
        ),
        ({"query": "Town 7", "type": "city"}, None, False),
        ({"query": "Paris"}, None, False),
        ({"query": ""}, None, False),
    ],
)
def test_names_are_matched(client: Any, method: str, query: Any, first: str | None, match: bool) -> None:
    answer = reconcile(client, {"q0": query, "q1": {"query": "Town 12"}}, method).json()
    jsonschema.validate(answer, RESULTS)
    found = answer["q0"]["result"]
    assert (found[0]["id"] if found else None) == first
    assert [one["match"] for one in found][:1] == ([match] if found else [])
    assert all(not one["match"] for one in found[1:]) and answer["q1"]["result"][0]["id"] == "town-12"
    assert len(found) <= query.get("limit", 5)


@pytest.mark.parametrize(
    "queries",
    ["not json", "[]", "3", {"q0": {}}, {"q0": 3}, {"q0": {"query": 3}}, {"q0": {"query": "a", "limit": "x"}},
     {f"q{n}": {"query": "a"} for n in range(501)}, {"q0": {"properties": [{"pid": "region"}]}}],
)  # fmt: skip
def test_a_batch_that_is_none_is_refused(client: Any, queries: Any) -> None:
    answer = reconcile(client, queries)
    assert answer.status_code == 400 and "error" in answer.json()


def test_suggest_and_extend(client: Any) -> None:
    found = client.get("/reconcile/suggest/entity", params={"prefix": "town 4"}).json()["result"]
    assert found[0]["id"] == "town-04" and {"town-40", "town-43"} <= {one["id"] for one in found} and len(found) <= N
    proposed = client.get("/reconcile/properties").json()["properties"]
    assert {one["id"] for one in proposed} == set(PROPERTIES)
    asked = {"ids": ["town-01", "nobody"], "properties": [{"id": "law"}, {"id": "code"}, {"id": "__class__"}]}
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)}).json()
    jsonschema.validate(answer, EXTENSION)
    assert answer["rows"]["town-01"] == {"law": [{"str": "FOIA"}], "code": [], "__class__": []}
    assert answer["rows"]["nobody"]["law"] == []
