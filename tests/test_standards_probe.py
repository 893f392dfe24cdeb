"""The probe: scripts that are refused, a sample service good and bad, both signed up to and read in a real Chromium."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerable.cli import main
from answerable.errors import SurveyError
from answerable.standards.cards import Card, make_board
from answerable.standards.probe import Probed, Script, parse_script, probe_service
from answerable.standards.probe.run import make_words, merge_reads
from answerable.standards.reading import read_audit
from answerable.standards.rules import load_standards
from answerable.standards.sample import FEATURES, OPEN, SAFE, Configuration, make_app, measure_age
from audit_folder import write_audit
from in_browser import CHROMIUM, FLAGS, needs_chromium

BOOK = load_standards()
SAMPLE = files("answerable.standards.probe").joinpath("sample.toml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 24)


def find_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serve(configuration: Configuration) -> Iterator[str]:
    """The sample service on a free port of this machine."""
    uvicorn = pytest.importorskip("uvicorn")
    port = find_port()
    app = make_app(configuration, TODAY)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def probe(address: str, script: str = SAMPLE, **changes: object) -> Probed:
    parsed: Script = parse_script(script, "sample.toml", BOOK)
    parsed = replace(parsed, address=address, **changes)  # type: ignore[arg-type]
    return probe_service(parsed, tester="A", run=1, on=TODAY, executable=CHROMIUM, arguments=tuple(FLAGS))


def judge(folder: Path, probed: Probed) -> Card:
    audit = f"""
id = "sample"
title = "The sample service"
[[edition]]
id = "2026"
from = 2026-11-01
to = 2026-11-30
[[service]]
id = "sample"
name = "Sample"
features = {json.dumps(list(FEATURES))}
"""
    made = {f"replies/sample/probe/{name}": data for name, data in probed.files.items()}
    reading = read_audit(write_audit(folder, {"audit.toml": audit.encode(), **made}))
    assert reading.findings == ()
    (card,) = make_board(reading).cards
    return card


def read_values(probed: Probed, age: int) -> dict[str, str]:
    return {
        row["setting"]: row["value"]
        for row in json.loads(probed.files["answers.json"])["observed"]
        if row["age"] == age
    }


@needs_chromium
@pytest.mark.browser
def test_the_good_service_passes_what_the_probe_can_read(tmp_path: Path) -> None:
    with serve("good") as address:
        probed = probe(address, ages=(13, 18))
    assert probed.problems == ()
    child, adult = read_values(probed, 13), read_values(probed, 18)
    assert {name: child[name] for name in SAFE if name in child} == {name: SAFE[name] for name in SAFE if name in child}
    assert adult["account-visibility"] == OPEN["account-visibility"]
    assert (child["lowering-warning"], child["age-edit"], child["under-minimum-claim"]) == (
        "warned",
        "challenged",
        "refused",
    )
    card = judge(tmp_path, probed)
    assert card.score.tested >= 18
    assert card.score.passed == card.score.tested
    assert all(item.sha256 for result in card.results for item in result.observed)


@needs_chromium
@pytest.mark.browser
def test_the_bad_service_fails_them_and_the_pictures_are_kept(tmp_path: Path) -> None:
    with serve("bad") as address:
        probed = probe(address, ages=(13,))
    assert probed.problems == ()
    found = read_values(probed, 13)
    assert {name: found[name] for name in OPEN if name in found} == {name: OPEN[name] for name in OPEN if name in found}
    assert (found["age-edit"], found["under-minimum-claim"]) == ("accepted", "accepted")
    card = judge(tmp_path, probed)
    passed = {item.rule.id for item in card.results if item.verdict == "pass"}
    assert passed == {"icu-j1-block-mute", "icu-d-report", "pcu-d-report", "pcu-f-block-mute"}
    assert card.score.counts["fail"] >= 14
    assert all(data.startswith(b"\x89PNG") for name, data in probed.files.items() if name.endswith(".png"))


class Elsewhere(BaseHTTPRequestHandler):
    """A page that asks another address for a picture, and says it needs no account."""

    other = ""

    def do_GET(self) -> None:
        body = (
            f'<h1>Settings</h1><img src="{self.other}/x.png"><select id="s"><option value="odd">Odd</option></select>'
        )
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


SHORT = """
service = "s"
address = "http://127.0.0.1:1"
ages = [13]
[permission]
kind = "own"
by = "the tester"
on = 2026-01-01
[[sign_up]]
open = "/"
[[step]]
read = "#s"
setting = "dm-from"
[[step]]
open = "/missing"
[[step]]
read = "#hidden"
setting = "age-edit"
part = "present"
beside = "h1"
values = { yes = "challenged", no = "accepted" }
"""


@needs_chromium
@pytest.mark.browser
def test_a_page_that_is_missing_or_unknown_leaves_settings_untested_and_no_request_leaves_the_service() -> None:
    asked: list[str] = []

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

    servers = [HTTPServer(("127.0.0.1", 0), handler) for handler in (Elsewhere, Other)]
    Elsewhere.other = f"http://127.0.0.1:{servers[1].server_port}"
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    probed = probe(f"http://127.0.0.1:{servers[0].server_port}", SHORT)
    for server in servers:
        server.shutdown()
        server.server_close()
    # The absence of an element on a page that is not there must not be read as an answer.
    assert read_values(probed, 13) == {"dm-from": "not_tested", "age-edit": "not_tested"}
    assert probed.n_read == 0
    told = "\n".join(probed.problems)
    assert 'the page says "odd"' in told
    assert "/missing answered 404" in told
    assert f"a request to 127.0.0.1:{servers[1].server_port} was stopped" in told
    assert asked == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'address = "http://127.0.0.1:1"',
            'address = "https://social.example"',
            "no permission to test it is declared",
        ),
        ('address = "http://127.0.0.1:1"', 'address = "http://127.0.0.1.example.org"', "no permission to test it"),
        ('address = "http://127.0.0.1:1"', 'address = "http://10.0.0.5:80"', "no permission to test it is declared"),
        ('address = "http://127.0.0.1:1"', 'address = "file:///etc"', "is not one of a service"),
        ('by = "the tester"', 'by = " "', "does not say by whom"),
        ("on = 2026-01-01", "on = 2999-01-01", "dated after today"),
        ('kind = "own"', 'kind = "asked"', "Known keys: own, written"),
        ('[permission]\nkind = "own"\nby = "the tester"\non = 2026-01-01', "", "permission is missing"),
        ('read = "#s"', 'reed = "#s"', 'Did you mean "read"'),
        ('read = "#s"', 'read = "#s"\nclick = "#s"', "has 2 verbs"),
        ('setting = "dm-from"', 'setting = "dm-form"', 'Did you mean "dm-from"'),
        ('setting = "dm-from"', "", "setting and read go together"),
        ('setting = "dm-from"', 'setting = "dm-from"\nvalues = { a = "nobdy" }', 'Did you mean "nobody"'),
        ('beside = "h1"', "", "present needs beside"),
        ('open = "/missing"', 'open = "/missing"\naccount = "peer"', "account"),
        ("ages = [13]", 'ages = ["13"]', "ages are not whole years"),
    ],
)
def test_a_script_without_permission_or_sense_is_refused(old: str, new: str, message: str) -> None:
    assert old in SHORT
    with pytest.raises(SurveyError, match=message):
        parse_script(SHORT.replace(old, new), "s.toml", BOOK)


def test_a_service_elsewhere_needs_a_reference_to_its_permission() -> None:
    text = SHORT.replace("http://127.0.0.1:1", "https://social.example").replace(
        'kind = "own"', 'kind = "written"\nreference = "letter of 3 March 2026, file 12"'
    )
    assert parse_script(text, "s.toml", BOOK).reference.startswith("letter")


def test_accounts_have_just_the_declared_age() -> None:
    for on in (TODAY, date(2028, 2, 29), date(2027, 3, 1), date(2027, 1, 1)):
        for age in (13, 15, 16, 17, 18):
            words = make_words("subject", age, "A", 1, on, "x")
            assert measure_age(date.fromisoformat(words["birth_date"]), on) == age
            assert measure_age(date.fromisoformat(words["adult_birth_date"]), on) == 18
            assert measure_age(date.fromisoformat(words["young_birth_date"]), on) == 12


def test_of_several_reads_the_least_safe_counts() -> None:
    orders = {"dm-from": BOOK.find_setting("dm-from").codes}
    rows = [{"setting": "dm-from", "value": value} for value in ("nobody", "everyone", "connections")]
    assert merge_reads(rows, orders) == [rows[1]]
    assert merge_reads([rows[1], {"setting": "dm-from", "value": "not_tested"}], orders)[0]["value"] == "not_tested"


@needs_chromium
@pytest.mark.browser
def test_the_command_probes_into_an_audit(tmp_path: Path) -> None:
    audit = 'id = "a"\ntitle = "A"\nages = [13]\n[[edition]]\nid = "all"\nfrom = 2026-01-01\nto = 2036-01-01\n'
    audit += f'[[service]]\nid = "sample"\nname = "S"\nfeatures = {json.dumps(list(FEATURES))}\n'
    write_audit(tmp_path / "audit", {"audit.toml": audit.encode()})
    script = tmp_path / "short.toml"
    script.write_text(
        SHORT.replace('service = "s"', 'service = "sample"').replace('open = "/missing"', 'open = "/"')
        .replace('read = "#s"\n', 'read = "h1"\npart = "text"\nvalues = { "Sample service" = "everyone" }\n')
    )  # fmt: skip
    with serve("bad") as address:
        args = ["standards", "probe", str(script), "--tester", "A", "--into", str(tmp_path / "audit"), "--json"]
        done = CliRunner().invoke(main, [*args, "--address", address])
    told = json.loads(done.stdout)
    assert (done.exit_code, told["read"], told["problems"]) == (0, 2, [])
    assert told["files"][0].startswith("replies/sample/probe-")
    # Without a picture the answers stand, with a warning for each.
    built = CliRunner().invoke(main, ["standards", "build", str(tmp_path / "audit"), "--json"])
    assert (built.exit_code, json.loads(built.stdout)["n_errors"]) == (0, 0)
    refused = CliRunner().invoke(main, [*args, "--address", "http://social.example"])
    assert refused.exit_code == 2
    assert "is not this machine" in refused.stderr
