"""The review app over HTTP: who may see what, and everything a hostile page, browser or document may try."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from answerable.ask.board import STAGES
from answerable.cli import main
from answerable.cli.serve import check_binding, list_hosts
from answerable.errors import StoreError
from answerable.line import read_matter
from answerable.model import Finding, Source
from answerable.web.accounts import Account, hash_password, is_password, log_in, parse_accounts, write_accounts
from answerable.web.app import make_app
from answerable.web.guard import COOKIE, MOST_BYTES, Sessions
from answerable.web.held import Held, look, open_survey
from answerable.web.items import list_items
from answerable.web.papers import clean_html
from review_survey import MAIL, MAILED, name_authority, write_review_survey

testclient = pytest.importorskip("starlette.testclient")
PASSWORD = "correct horse battery"
HOSTS = frozenset(("testserver", "testserver:80"))
MAILED_PATH = f"{name_authority(MAILED)}/reply.eml"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    return open_survey(write_review_survey(tmp_path_factory.mktemp("app") / "survey"), workers=1)


@pytest.fixture(scope="module")
def client(held: Held) -> Iterator[Any]:
    """A browser on the same machine, with the first build done."""
    with testclient.TestClient(make_app(held, hosts=HOSTS, name="ana")) as opened:
        wait_build(held)
        yield opened


def wait_build(held: Held) -> None:
    for _ in range(2400):
        if held.edition is not None:
            return
        time.sleep(0.05)
    pytest.fail("the first build did not end")


@pytest.fixture(scope="module")
def guarded(held: Held) -> Any:
    """The app with accounts, as it is served beyond this machine; no build runs."""
    accounts = {
        role: Account(name=role, role=role, password=hash_password(PASSWORD))  # type: ignore[arg-type]
        for role in ("reader", "reviewer", "editor")
    }
    return make_app(held, hosts=HOSTS, accounts=accounts, https=True)


def log_into(app: Any, name: str) -> Any:
    browser = testclient.TestClient(app, base_url="https://testserver")
    answer = browser.post("/login", data={"name": name, "password": PASSWORD}, follow_redirects=False)
    assert answer.status_code == 303
    return browser


def read_token(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


PAGES = (
    "/queue", "/queue/list", "/status", "/authorities/town-00", "/authorities/town-27", "/figures", "/claims",
    "/editions", f"/authorities/town-25/mail?document={MAILED_PATH}",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_with_a_strict_policy_and_no_inline_script_or_style(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", answer.text)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "", "testserver@evil.example"])
def test_another_host_name_is_refused(client: Any, host: str) -> None:
    assert client.get("/queue", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_form_from_another_site_is_refused(client: Any, headers: dict[str, str]) -> None:
    token = read_token(client.get("/queue").text)
    assert client.post("/build", data={"token": token}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "path", ["/queue/answer", "/queue/choose", "/queue/try", "/queue/teach", "/queue/undo", "/build"]
)
@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_every_change_needs_the_token(client: Any, held: Held, path: str, token: str) -> None:
    client.get("/queue")
    before = look(held).seen
    assert client.post(path, data={"token": token, "text": "x"}).status_code == 403
    assert look(held).seen == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(client: Any, method: str) -> None:
    assert client.request(method, "/queue").status_code == 405


TRAVERSALS = (
    "../survey.toml", "../../etc/passwd", "/etc/passwd", "town-00/../../survey.toml", "town-00\\..\\survey.toml",
    "town-00/reply.csv/..", "..%2fsurvey.toml", "town-00/reply.csv\x00.png", "", "town-25/reply.eml!../../x",
)  # fmt: skip


@pytest.mark.parametrize("path", TRAVERSALS)
@pytest.mark.parametrize("page", ["/paper/file", "/paper/page", "/paper/mail"])
def test_no_path_leads_out_of_the_survey_s_own_documents(client: Any, page: str, path: str) -> None:
    answer = client.get(page, params={"document": path})
    assert answer.status_code == 422
    assert "root:" not in answer.text and "practice-review" not in answer.text


@pytest.mark.parametrize(
    "name", ["../survey.toml", "..%2f..%2fsurvey.toml", "%2e%2e/desk.py", "desk.py", "htmx.LICENSE.txt"]
)
def test_only_listed_static_files_are_served(client: Any, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_an_oversized_body_is_refused_by_its_length_and_without_one(client: Any) -> None:
    big = b"text=" + b"a" * MOST_BYTES
    assert client.post("/claims", content=big).status_code == 413
    kind = {"content-type": "application/x-www-form-urlencoded"}
    chunks = (big[at : at + 65_536] for at in range(0, len(big), 65_536))
    assert client.post("/claims", content=chunks, headers=kind).status_code in (400, 413)


def test_a_header_cannot_be_injected_by_a_name(client: Any) -> None:
    injected = "town-00%0d%0aset-cookie:%20a=b"
    for path in (f"/queue?item={injected}", f"/authorities/{injected}", f"/paper/file?document={injected}"):
        assert "a=b" not in str(client.get(path).headers)
    token = read_token(client.get("/queue").text)
    answer = client.post(
        "/queue/answer",
        data={"token": token, "item": "x\r\nset-cookie: a=b", "verdict": "accept"},
        follow_redirects=False,
    )
    assert "a=b" not in str(answer.headers)


def test_a_document_is_saved_and_never_opened(client: Any) -> None:
    answer = client.get("/paper/file", params={"document": MAILED_PATH})
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.content == MAIL.encode()


def test_mailed_html_is_sandboxed_and_holds_words_only(client: Any) -> None:
    frame = client.get("/authorities/town-25/mail", params={"document": MAILED_PATH}).text
    assert re.search(r'<iframe class="mail" sandbox src="/paper/mail\?', frame)
    answer = client.get("/paper/mail", params={"document": MAILED_PATH})
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "c.40" in answer.text and "Our policy" in answer.text
    assert not re.search(r"script|tracker|javascript|onload|evil|<form|<img|color: red", answer.text)


@pytest.mark.parametrize(
    "hostile",
    [
        "<svg/onload=alert(1)>", "<a href='javascript:x'>a</a>", "<iframe srcdoc='<script>'></iframe>",
        "<math><mtext><table><mglyph><style><img src=x onerror=y>", "<img src=//evil.example/x>", "<base href=//x>",
        "<meta http-equiv=refresh content='0;url=//x'>", "<p style='background:url(//x)'>a</p>", "<object data=x>",
        "<noscript><p title='</noscript><img src=x onerror=y>'>", "<form action=//x><button formaction=//y>",
    ],
)  # fmt: skip
def test_hostile_html_loses_everything_but_its_words(hostile: str) -> None:
    cleaned = clean_html(hostile)
    assert not re.search(r"(?i)<(?!/?(?:a|p|b|table|tbody|tr|td)\b)|\s(?:on\w+|href|src|style|action)=", cleaned)


def test_an_answer_without_a_script_goes_on_to_the_next_item(client: Any, held: Held) -> None:
    item = next(one for one in look(held).items if one.text == "c.40")
    page = client.get("/queue", params={"item": item.id}).text
    fields = {
        "token": read_token(page),
        "item": item.id,
        "seen": str(look(held).seen),
        "verdict": "correct",
        "value": "41",
    }
    answer = client.post("/queue/answer", data=fields, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/queue?item=")
    assert look(held).decisions[-1].value == "41" and look(held).decisions[-1].by == "ana"
    undone = client.post("/queue/undo", data={"token": read_token(page)}, follow_redirects=False)
    assert undone.headers["location"].startswith(f"/queue?item={item.id}")


def test_a_conflict_is_shown_and_nothing_is_written(client: Any, held: Held) -> None:
    item = next(one for one in look(held).items if one.text == "c.40")
    page = client.get("/queue", params={"item": item.id}).text
    seen = look(held).seen
    from answerable import store
    from answerable.decisions import write_decision
    from answerable.web.rulings import Ruling, make_decisions

    other = make_decisions(item, Ruling(verdict="ask_authority"), "ben", "2026-11-24T10:00:00Z")
    store.append_decision(held.folder, write_decision(other[0]))
    undo = replace(other[0], verdict="undo")
    fields = {"token": read_token(page), "item": item.id, "seen": str(seen), "verdict": "reject"}
    # Ben's word took the item off the queue, so nothing of Ana's is written.
    answer = client.post("/queue/answer", data=fields, headers={"hx-request": "true"})
    assert "It was settled already." in answer.text
    store.append_decision(held.folder, write_decision(undo))
    store.append_decision(held.folder, write_decision(replace(other[0], verdict="reject", quote="another text")))
    answer = client.post(
        "/queue/answer", data={**fields, "verdict": "correct", "value": "40"}, headers={"hx-request": "true"}
    )
    assert "Somebody else decided" in answer.text and "ben" in answer.text
    assert look(held).decisions[-1].by == "ben"
    store.append_decision(held.folder, write_decision(undo))


def test_a_figure_leads_back_to_cells_and_forward_to_sentences(client: Any, held: Held) -> None:
    assert held.edition is not None
    figure = next(f for f in held.edition.figures if f.kind == "total" and f.authority is None and f.observations)
    page = client.get(f"/figures/{quote(figure.id, safe='')}").text
    assert figure.title in page
    assert "town-30/reply.csv" in page and "Where it is stated" in page


def test_a_held_document_says_what_releasing_it_does_and_shows_no_digest(held: Held) -> None:
    view = look(held)
    document = view.reads[0].reply.documents[0]
    source = Source(document=document.path, part="sheet 1", ref="A6", quote="check")
    finding = Finding(
        check="quarantine-hidden-rows", severity="warning", message="8 filled cells.", subject="town-01", source=source
    )
    items = list_items([finding], (), (), {document.path: document.sha256})
    own = Held(folder=held.folder, view=replace(view, items=items), filed=held.filed, stamp=held.stamp)
    page = testclient.TestClient(make_app(own, hosts=HOSTS)).get("/queue").text
    assert "Release" in page and "Leave out" in page and document.path in page
    assert document.sha256 not in page.replace(f'value="{document.sha256}"', "")


def test_an_article_is_marked_up(client: Any, held: Held) -> None:
    token = read_token(client.get("/claims").text)
    text = "Police in Nowhere recorded 999,999 online offences in 2016/17.<script>alert(1)</script>"
    page = client.post("/claims", data={"token": token, "text": text}).text
    assert "<mark" in page and "contradicted" in page and "<script>alert" not in page


# Accounts.


@pytest.mark.parametrize("path", [*PAGES, "/paper/file?document=town-00/reply.csv", "/build/events"])
def test_nobody_sees_anything_without_an_account(guarded: Any, path: str) -> None:
    answer = testclient.TestClient(guarded, base_url="https://testserver").get(path, follow_redirects=False)
    assert answer.status_code in (303, 401)
    assert answer.headers.get("location", "/login") == "/login"


def test_cookies_are_for_this_app_alone(guarded: Any) -> None:
    browser = testclient.TestClient(guarded, base_url="https://testserver")
    said = browser.post("/login", data={"name": "editor", "password": PASSWORD}, follow_redirects=False).headers[
        "set-cookie"
    ]
    assert all(word in said for word in ("HttpOnly", "SameSite=Strict", "Secure", "Path=/"))
    browser.post("/logout")
    assert browser.get("/status", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(("name", "password"), [("editor", "wrong password"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_password_opens_nothing(guarded: Any, name: str, password: str) -> None:
    browser = testclient.TestClient(guarded, base_url="https://testserver")
    assert browser.post("/login", data={"name": name, "password": password}).status_code == 401
    assert COOKIE not in browser.cookies


def test_guessing_is_slowed_down() -> None:
    account = Account(name="ana", role="editor", password=hash_password(PASSWORD))
    sessions = Sessions(alone=None, secure=True)
    for _ in range(8):
        assert log_in({"ana": account}, sessions, "ana", "a guess") is None
    with pytest.raises(StoreError, match="too many"):
        log_in({"ana": account}, sessions, "ana", PASSWORD)


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("reader", "/queue", 403), ("reader", "/paper/file?document=town-00/reply.csv", 403),
        ("reader", "/status", 200), ("reviewer", "/queue", 200), ("editor", "/queue/list", 200),
    ],
)  # fmt: skip
def test_roles(guarded: Any, role: str, path: str, status: int) -> None:
    assert log_into(guarded, role).get(path).status_code == status


def test_embargoed_figures_are_not_served_to_readers(guarded: Any, client: Any, held: Held) -> None:
    view = held.view
    later = datetime.now(UTC) + timedelta(days=1)
    held.view = replace(view, survey=replace(view.survey, embargo="Not yet.", embargo_until=later))
    try:
        reader = log_into(guarded, "reader")
        assert [reader.get(path).status_code for path in ("/figures", "/claims", "/editions")] == [403] * 3
        page = reader.get("/authorities/town-30").text
        assert "Under embargo" in page and "town-30/reply.csv" not in page and ">50<" not in page
        assert log_into(guarded, "editor").get("/figures").status_code == 200
        # A line without a moment may still hold, so it does.
        held.view = replace(view, survey=replace(view.survey, embargo="Until Friday.", embargo_until=None))
        assert reader.get("/figures").status_code == 403
    finally:
        held.view = view
    assert log_into(guarded, "reader").get("/figures").status_code == 200


def test_passwords_are_kept_as_hashes_and_short_ones_refused() -> None:
    stored = hash_password(PASSWORD)
    assert PASSWORD not in stored and is_password(stored, PASSWORD) and not is_password(stored, PASSWORD + "x")
    assert stored != hash_password(PASSWORD)
    accounts = {"ana": Account(name="ana", role="editor", password=stored)}
    assert parse_accounts(write_accounts(accounts), "x") == accounts
    with pytest.raises(StoreError, match="at least 12"):
        hash_password("short")


def test_the_account_command_writes_a_private_file_and_never_inside_a_survey(tmp_path: Path) -> None:
    run = CliRunner()
    path = tmp_path / "accounts.json"
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    done = run.invoke(main, ["account", str(path), "ana", "--role", "editor", "--json"], input=typed)
    assert done.exit_code == 0 and PASSWORD not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    (tmp_path / "survey.toml").write_text("")
    assert run.invoke(main, ["account", str(path), "ben"], input=typed).exit_code == 2


@pytest.mark.parametrize(
    ("host", "accounts", "cert", "proxy", "allowed"),
    [
        ("127.0.0.1", None, None, None, True), ("localhost", None, None, None, True), ("::1", None, None, None, True),
        ("0.0.0.0", None, None, None, False), ("0.0.0.0", "a.json", None, None, False),
        ("0.0.0.0", None, "c.pem", None, False), ("0.0.0.0", "a.json", "c.pem", None, True),
        ("192.0.2.1", "a.json", None, "review.example", True), ("127.0.0.1", None, None, "review.example", False),
    ],
)  # fmt: skip
def test_anything_but_loopback_needs_accounts_and_tls(
    host: str, accounts: str | None, cert: str | None, proxy: str | None, allowed: bool
) -> None:
    if allowed:
        check_binding(host, accounts, cert, cert, proxy)
        return
    with pytest.raises(StoreError):
        check_binding(host, accounts, cert, cert, proxy)


def test_hosts_are_those_the_app_is_called_by() -> None:
    assert list_hosts("127.0.0.1", 8017, None) == {"127.0.0.1:8017", "localhost:8017", "[::1]:8017"}
    assert "review.example" in list_hosts("0.0.0.0", 8017, "Review.Example")


def test_the_status_page_is_the_board_of_the_command(client: Any, held: Held) -> None:
    names = [authority.id for authority in held.view.survey.authorities]
    events = [("received", "2025-03-03", name) for name in names[:3]]
    lines = [json.dumps({"authority": name, "event": kind, "on": on}) for kind, on, name in events]
    (held.folder / "requests.jsonl").write_text("\n".join(lines) + "\n")
    page = client.get("/status").text
    board = read_matter(held.folder, datetime.now(UTC).date()).board
    assert f"{board.n_answered} of {board.n_authorities} " in page
    assert page.count("<td>2025-04-01</td>") == 3, "each is due on the day that the clock gives"
    assert all(f"<b>{n}</b> {STAGES[stage]}" in page for stage, n in board.stages)
    (held.folder / "requests.jsonl").unlink()
