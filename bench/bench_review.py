"""The review app under load: server time a page with 2,000 items open, and what 200 decisions cost the browser.

The survey is 50 replies of 40 values each, every one a different text that is no whole number, so that each is an
Item of its own. Server time is taken around the whole app in this process; memory is the resident size of
Chromium's page process, after a forced collection, before and after 200 answers by keyboard.
"""

import re
import shutil
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import sync_playwright
from report import Row, write_report
from starlette.testclient import TestClient

from answerable import store
from answerable.web.app import make_app
from answerable.web.held import Held, look, open_survey

REPLIES, VALUES, DECISIONS = 50, 40, 200
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --js-flags=--expose-gc"
).split()


def write_survey(folder: Path) -> Path:
    """A survey whose every value is open."""
    codes = "\n".join(f'[[dimension.category]]\ncode = "k{n}"\nlabel = "Kind {n} of thing"' for n in range(VALUES))
    survey = (
        'id = "load"\ntitle = "Load"\nsubject = "things"\narea = "Nowhere"\nregister = "register.csv"\n'
        'periods = ["2016/17"]\nsimulated = true\n[[dimension]]\nid = "kind"\nname = "Kind"\n'
        f'{codes}\n[[question]]\nid = "by-kind"\nnumber = "1"\ntext = "How many things of each kind?"\n'
        'measure = "Things"\nunit = "records"\ndimensions = ["kind"]\n'
    )
    files: dict[str, str | bytes] = {"survey.toml": survey}
    files["register.csv"] = "id,name\n" + "".join(f"body-{n:02d},Body {n}\n" for n in range(REPLIES))
    for reply in range(REPLIES):
        rows = "".join(f"Kind {n} of thing,c.{1000 + n}\n" for n in range(VALUES))
        files[f"replies/body-{reply:02d}/reply.csv"] = f"Question 1\nKind,2016/17\n{rows}"
    store.write_folder(folder, files)
    return folder


def time_calls(call: Callable[[int], Any], n: int) -> tuple[float, float]:
    """(median, 95th of 100) in milliseconds."""
    taken = []
    for number in range(n):
        started = time.perf_counter()
        answer = call(number)
        taken.append((time.perf_counter() - started) * 1000)
        if answer.status_code not in (200, 303):
            raise SystemExit(f"answered {answer.status_code}: {answer.text[:200]}")
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]


def measure_server(held: Held) -> list[Row]:
    """Server time of the pages of the queue, with all items open."""
    items = look(held).items
    app = make_app(held, hosts=frozenset(("testserver",)), name="ana")
    client = TestClient(app)
    token = re.search(r'name="token" value="(\w+)"', client.get("/queue").text)[1]  # type: ignore[index]
    rows = [Row(name="queue", metric="items open", value=len(items))]

    def answer(number: int) -> Any:
        fields = {"token": token, "item": items[number].id, "verdict": "reject", "seen": str(look(held).seen)}
        return client.post("/queue/answer", data=fields, headers={"hx-request": "true"})

    calls: dict[str, tuple[Callable[[int], Any], int]] = {
        "an item": (lambda n: client.get("/queue", params={"item": items[n * 9].id}), 200),
        "a page of the list": (lambda n: client.get("/queue/list", params={"page": n % 40 + 1}), 100),
        "status board": (lambda _: client.get("/status"), 50),
        "an authority": (lambda n: client.get(f"/authorities/body-{n % REPLIES:02d}"), 50),
        "an answer and the next item": (answer, 100),
    }
    for name, (call, n) in calls.items():
        middle, high = time_calls(call, n)
        rows.append(Row(name=name, metric="median, ms", value=round(middle, 1), bar="< 100 ms", holds=middle < 100))
        rows.append(Row(name=name, metric="95th of 100, ms", value=round(high, 1), bar="< 100 ms", holds=high < 100))
    return rows


def read_memory(browser: Any, page: Any) -> float:
    """Megabytes resident in the page's process after a collection."""
    page.evaluate("gc()")
    page.wait_for_timeout(300)
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    sizes = []
    for process in found:
        if process["type"] == "renderer":
            text = Path(f"/proc/{process['id']}/status").read_text()
            sizes.append(int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024)  # type: ignore[index]
    return max(sizes)


def measure_browser(held: Held) -> list[Row]:
    """Growth of the page's process over 200 answers by keyboard."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = make_app(held, hosts=frozenset((f"localhost:{port}",)), name="ben")
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1, lifespan="off"))
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"http://localhost:{port}/queue")
            page.wait_for_selector("#work")
            before = read_memory(browser, page)
            for _ in range(DECISIONS):
                item = page.input_value("#work input[name=item]")
                page.keyboard.press("r")
                page.wait_for_function(
                    "name => document.querySelector('#work input[name=item]').value !== name", arg=item
                )
            after = read_memory(browser, page)
            browser.close()
    finally:
        server.should_exit = True
    grown = after - before
    made = sum(decision.by == "ben" for decision in look(held).decisions)
    return [
        Row(name="browser", metric="decisions by keyboard", value=made),
        Row(name="browser", metric="memory before, MB", value=round(before, 1)),
        Row(name="browser", metric="memory growth, MB", value=round(grown, 1), bar="< 60 MB", holds=grown < 60),
    ]


def main() -> None:
    """Measure and write bench/bench-review.json."""
    with tempfile.TemporaryDirectory() as temporary:
        held = open_survey(write_survey(Path(temporary) / "survey"), workers=1)
        rows = [*measure_server(held), *measure_browser(held)]
    write_report("bench-review", rows, packages=("starlette", "uvicorn", "playwright"))


if __name__ == "__main__":
    main()
