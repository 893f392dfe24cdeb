"""The defaults of a real Matrix server: Synapse is started on this machine, and two test accounts meet."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from answerable.errors import StoreError
from answerable.standards.cards import make_board
from answerable.standards.matrix import FEATURES, probe_synapse
from answerable.standards.reading import read_audit
from audit_folder import write_audit

ROOT = Path(__file__).resolve().parent.parent
SECRET = "a secret of this test"
CONFIG = """
server_name: "localhost"
pid_file: {folder}/pid
listeners:
  - {{port: {port}, type: http, bind_addresses: ["127.0.0.1"], resources: [{{names: [client, federation]}}]}}
database: {{name: sqlite3, args: {{database: "{folder}/server.db"}}}}
media_store_path: {folder}/media
signing_key_path: {folder}/signing.key
registration_shared_secret: "{secret}"
macaroon_secret_key: "m"
form_secret: "f"
report_stats: false
trusted_key_servers: []
suppress_key_server_warning: true
log_config: {folder}/log.yaml
"""
LOG = """
version: 1
handlers: {console: {class: logging.StreamHandler}}
root: {level: WARNING, handlers: [console]}
"""


def find_server() -> str | None:
    kept = ROOT / ".synapse" / "bin" / "synapse_homeserver"
    return os.environ.get("SYNAPSE_HOMESERVER") or (str(kept) if kept.is_file() else shutil.which("synapse_homeserver"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = find_server()
    if program is None:
        pytest.skip("Synapse is not installed: pip install matrix-synapse into .synapse")
    folder = tmp_path_factory.mktemp("synapse")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "server.yaml").write_text(CONFIG.format(folder=folder, port=port, secret=SECRET))
    (folder / "log.yaml").write_text(LOG)
    with (folder / "said").open("wb") as said:
        subprocess.run(
            [program, "-c", "server.yaml", "--generate-keys"], cwd=folder, check=True, stdout=said, stderr=said
        )
        running = subprocess.Popen([program, "-c", "server.yaml"], cwd=folder, stdout=said, stderr=said)
        try:
            wait_for(f"http://127.0.0.1:{port}/health", running)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.wait(30)


def wait_for(address: str, running: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        try:
            with urlopen(address, timeout=1):
                return
        except (URLError, ConnectionError, TimeoutError):
            assert running.poll() is None, "the server ended before it answered"
            time.sleep(0.25)
    raise AssertionError("the server did not answer in a minute")


def test_the_defaults_of_synapse_are_read_and_judged(server: str, tmp_path: Path) -> None:
    made = probe_synapse(server, SECRET, service="matrix", tester="A", run=1, on=date(2026, 11, 24))
    answers = json.loads(made["answers.json"])
    assert answers["app_version"].startswith("Synapse ")
    found = {row["setting"]: row["value"] for row in answers["observed"] if row["age"] == 13}
    # Read on Synapse 1.163.2 as it comes: profiles are open without an account, a stranger's message is an invitation.
    assert found["account-visibility"] == "public"
    assert found["found-in-search"] == "hidden"
    assert found["dm-from"] == "requests"
    assert found["group-chat-add"] == "asked"
    assert found["block-mute"] == "both"
    assert found["report-route"] == "in-place"
    assert found["online-status"] == "connections"
    transcript = made["transcript.json.txt"].decode()
    assert SECRET not in transcript
    assert "access_token" not in transcript
    audit = f"""
id = "matrix"
title = "A Matrix server"
[[edition]]
id = "2026"
from = 2026-11-01
to = 2026-11-30
[[service]]
id = "matrix"
name = "Matrix (Synapse)"
features = {json.dumps(list(FEATURES))}
"""
    files = {f"replies/matrix/{name}": data for name, data in made.items()}
    reading = read_audit(write_audit(tmp_path, {"audit.toml": audit.encode(), **files}))
    assert reading.findings == ()
    (card,) = make_board(reading).cards
    verdicts = {item.rule.id: item.verdict for item in card.results if item.age == 13}
    assert verdicts["ico-7-account-private"] == "fail"
    # Matrix has no connections, so the rule that a child confirms a stranger's message applies, and is kept.
    assert verdicts["icu-f1-dm-confirm"] == "pass"
    assert verdicts["icu-f1-dm"] == "not_applicable"
    assert verdicts["pcu-f-group-chat"] == "pass"


def test_a_wrong_secret_takes_no_account(server: str) -> None:
    with pytest.raises(StoreError, match="took no test account"):
        probe_synapse(server, "wrong", service="matrix", tester="A", run=1, on=date(2026, 11, 24))


def test_another_machine_is_refused() -> None:
    with pytest.raises(StoreError, match="is not this machine"):
        probe_synapse("https://matrix.example.org", SECRET, service="matrix", tester="A", run=1, on=date(2026, 11, 24))
