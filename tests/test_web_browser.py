"""The review app in a real Chromium: a survey of 44 authorities settled by keyboard alone, and axe on every page."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from answerable import store
from answerable.decisions import parse_decisions
from answerable.web.app import make_app
from answerable.web.held import Held, look, open_survey
from in_browser import RULES, find_violations, find_wide, needs_chromium
from review_survey import MAILED, N, name_authority, write_review_survey

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    folder = write_review_survey(tmp_path_factory.mktemp("browser") / "survey")
    path = folder / "survey.toml"
    path.write_text(path.read_text().replace("simulated = true", "simulated = true\nsecond_readings = 20"))
    return open_survey(folder, workers=1)


@pytest.fixture(scope="module")
def address(held: Held) -> Iterator[str]:
    uvicorn = pytest.importorskip("uvicorn")
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = make_app(held, hosts=frozenset((f"localhost:{port}",)), name="ana")
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    for _ in range(2400):
        if held.edition is not None:
            break
        time.sleep(0.05)
    yield f"http://localhost:{port}"
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


def open_page(browser: Any, wrong: list[str], **options: Any) -> Any:
    """A page that notes every script error, refused policy and request to another host."""
    page = browser.new_context(**options).new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: wrong.append(request.url) if "//localhost:" not in request.url else None)
    return page


def list_pages(held: Held) -> list[str]:
    figure = next(f for f in held.edition.figures if f.kind == "total" and f.authority is None)  # type: ignore[union-attr]
    items = {item.kind: item.id for item in look(held).items}
    return [
        "/queue", *(f"/queue?item={name}" for name in items.values()), "/queue/list", "/status", "/authorities/town-00",
        "/authorities/town-27", f"/authorities/town-25/mail?document={name_authority(MAILED)}/reply.eml", "/figures",
        f"/figures/{figure.id.replace('/', '%2F')}", "/claims", "/editions", "/readers",
        f"/values/{next(item.id for item in look(held).observations if item.accepted)}",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_type_passes_axe(browser: Any, address: str, held: Held, scheme: str) -> None:
    wrong: list[str] = []
    page = open_page(browser, wrong, viewport={"width": 1280, "height": 900}, color_scheme=scheme, bypass_csp=True)
    addresses = [f"{address}{path}" for path in list_pages(held)]
    found = find_violations(page, addresses, (*RULES, "best-practice"))
    page.context.close()
    assert found == []
    assert wrong == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_scrolls_sideways(browser: Any, address: str, held: Held, width: int) -> None:
    page = open_page(browser, [])
    assert find_wide(page, [f"{address}{path}" for path in list_pages(held)], width) == []
    page.context.close()


def press(page: Any, key: str, expect: str) -> None:
    """Press a key and wait until the app says what it did; what it said before is wiped first."""
    page.evaluate("document.querySelector('#said').textContent = ''")
    page.keyboard.press(key)
    page.wait_for_function("words => document.querySelector('#said')?.textContent.includes(words)", arg=expect)


def test_the_lit_cell_is_in_sight(browser: Any, address: str, held: Held) -> None:
    page = open_page(browser, [], viewport={"width": 1280, "height": 500})
    for item in look(held).items:
        if item.kind == "finding":
            continue
        page.goto(f"{address}/queue?item={item.id}&member={item.members[-1].name}")
        inside = page.evaluate(
            """() => { const lit = document.querySelector('.source .focus').getBoundingClientRect();
            const pane = document.querySelector('.source').getBoundingClientRect();
            return lit.top >= pane.top - 1 && lit.bottom <= pane.bottom + 1 && lit.left >= pane.left - 1; }"""
        )
        assert inside, item.title
    page.context.close()


def test_a_survey_of_44_is_settled_by_keyboard_alone(browser: Any, address: str, held: Held) -> None:
    wrong: list[str] = []
    page = open_page(browser, wrong, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    assert len(look(held).survey.authorities) == N
    page.goto(address)
    page.wait_for_url("**/queue")
    assert '"Sixteen plus"' in page.text_content("h1")

    # A label: the digit shows what it would do, Enter saves it for twelve replies.
    choice = next(
        number for number in range(1, 10) if "16 and 17" in page.text_content(f".choices [data-key='{number}']")
    )
    page.keyboard.press(str(choice))
    page.wait_for_selector("#effect")
    assert "accepts 24 values" in page.text_content("#effect")
    press(page, "Enter", "Saved")

    # Undo, and again.
    press(page, "u", "Taken back")
    assert '"Sixteen plus"' in page.text_content("h1")
    page.keyboard.press(str(choice))
    page.wait_for_selector("#effect")
    press(page, "Enter", "Saved")

    # A table whose total is wrong: next and back, one value corrected, why written, the rest accepted.
    assert "A total and its cells disagree" in page.text_content("h1")
    first = page.text_content("h1 + .where, .where")
    page.keyboard.press("j")
    page.wait_for_function("text => document.querySelector('.where').textContent !== text", arg=first)
    page.keyboard.press("k")
    page.wait_for_function("text => document.querySelector('.where').textContent === text", arg=first)
    page.keyboard.press("w")
    page.keyboard.type("rung them")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelectorAll('.members li')[1].getAttribute('aria-current') === 'true'")
    page.keyboard.press("c")
    page.keyboard.type("7")
    press(page, "Enter", "Correct: 1 value")
    press(page, "a", "Accept: 3 values")

    # Everything else: a symbol's first meaning, a table's values.
    pressed = 0
    while look(held).items:
        assert pressed < 60, page.text_content("h1")
        pressed += 1
        before = len(look(held).items)
        if page.query_selector(".choices form[action='/queue/choose']"):
            press(page, "1", "Chosen")
        elif page.query_selector(".choices"):
            page.keyboard.press("1")
            page.wait_for_selector("#effect")
            press(page, "Enter", "Saved")
        else:
            press(page, "a", "Accept")
        assert len(look(held).items) < before
    assert page.text_content("h1") == "Nothing is open"
    assert wrong == []
    page.context.close()

    decisions = parse_decisions(store.read_decisions(held.folder))
    assert {decision.by for decision in decisions} == {"ana"}
    assert all(decision.reason and decision.at for decision in decisions)
    corrected = next(decision for decision in decisions if decision.verdict == "correct")
    assert (corrected.value, corrected.quote) == ("7", "4")


def test_the_build_line_follows_the_build(browser: Any, address: str, held: Held) -> None:
    page = open_page(browser, [])
    page.goto(f"{address}/status")
    page.get_by_role("button", name="Build now").click()
    # By selector: the page's content policy lets no function be polled.
    page.wait_for_selector("#build[data-state='done']", state="attached", timeout=120_000)
    assert "files changed" in page.text_content("#build")
    page.context.close()
    assert (Path(held.folder) / "build" / "figures.json").is_file()
