"""The digest: asked for, confirmed, sent once over real connections, stopped by one click."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from wsgiref.simple_server import make_server

import pytest
from click.testing import CliRunner

from answerable import store
from answerable.cli import main
from answerable.errors import AnswerableError, StoreError, SurveyError
from answerable.line import publish_survey
from answerable.publish.digest import find_issue, make_digests, send_digests, write_digest
from answerable.publish.doorway import make_doorway
from answerable.publish.subscribers import VALID, confirm, list_confirmed, read_subscribers, subscribe, unsubscribe
from sending import TESTS, make_mail, serve_mail
from test_errata import MOMENTS, file_reply, make_folder

pytest.importorskip("aiosmtpd")

NOW = datetime(2017, 6, 9, 12, 0, tzinfo=UTC)
PLACES = frozenset({"kent", "essex", "surrey", "dorset"})


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey with two editions: Kent sent its figures again."""
    tmp_path = tmp_path_factory.mktemp("digest")
    more = 'address = "https://example.org/survey/"\ndigest_address = "https://example.org/digest"'
    survey = make_folder(tmp_path / "survey", more)
    publish_survey(survey, now=MOMENTS[0])
    file_reply(survey, "kent", 200, 215)
    publish_survey(survey, now=MOMENTS[1])
    return survey


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "survey", ignore=shutil.ignore_patterns("build", "site")))


def add(folder: Path, address: str, place: str | None = None) -> str:
    """A confirmed subscriber; gives the token that stops its mails."""
    item = subscribe(folder, address, place, PLACES, NOW)
    return confirm(folder, item.confirm, NOW).stop


def send(folder: Path, port: int) -> list[str]:
    survey = store.read_survey(folder)
    issue, latest = find_issue(survey, store.read_kept(folder))
    return [entry.state for entry in send_digests(folder, survey, make_mail(port), issue, latest)]


def read_box(box: Path) -> list[EmailMessage]:
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(box.iterdir())]  # type: ignore[misc]


def test_nobody_gets_a_digest_before_confirming_and_nobody_after_stopping(folder: Path, tmp_path: Path) -> None:
    with serve_mail(tmp_path / "box") as port:
        waiting = subscribe(folder, "waiting@example.org", None, PLACES, NOW)
        stop = add(folder, "gone@example.org")
        unsubscribe(folder, stop, NOW)
        add(folder, "reader@example.org")
        assert send(folder, port) == ["sent"]
    assert [message["To"] for message in read_box(tmp_path / "box")] == ["reader@example.org"]
    assert waiting.state == "subscribe"


def test_a_digest_goes_once_an_edition_however_often_it_is_sent(folder: Path, tmp_path: Path) -> None:
    with serve_mail(tmp_path / "box") as port:
        for name in ("a", "b", "c"):
            add(folder, f"{name}@example.org")
        for _ in range(3):
            assert send(folder, port) == ["sent"] * 3
        assert len(read_box(tmp_path / "box")) == 3
        file_reply(folder, "kent", 200, 216)
        publish_survey(folder, now=MOMENTS[2])
        assert send(folder, port) == ["sent"] * 3
    assert len(read_box(tmp_path / "box")) == 6


def test_killed_at_any_point_nobody_gets_it_twice(folder: Path, tmp_path: Path) -> None:
    box = tmp_path / "box"
    for number in range(2):
        add(folder, f"reader-{number}@example.org")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with serve_mail(box) as port:
        words = [sys.executable, str(TESTS / "kill_digest.py"), str(folder), str(port), str(box)]
        done = subprocess.run(words, env=environ, check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) > 10
    assert [line["killed"] for line in lines] == [True] * (len(lines) - 1) + [False]
    for line in lines:
        assert set(line["received"].values()) <= {1}, line
        # After taking it up again each mail has arrived, or it is said that nobody knows.
        assert len(line["states"]) == 2, line
        for name, state in line["states"].items():
            assert state == "unknown" or (state == "sent" and line["received"].get(name) == 1), line


def test_mail_offers_one_click_and_says_what_changed(folder: Path, tmp_path: Path) -> None:
    with serve_mail(tmp_path / "box") as port:
        stop = add(folder, "reader@example.org")
        send(folder, port)
    (raw,) = (path.read_bytes() for path in (tmp_path / "box").iterdir())
    (message,) = read_box(tmp_path / "box")
    # As RFC 8058 asks: exactly this value, and an https address among those of List-Unsubscribe, on one line.
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    line = next(line for line in raw.split(b"\r\n") if line.startswith(b"List-Unsubscribe: "))
    assert f"<https://example.org/digest/unsubscribe?token={stop}>".encode() in line
    assert b"<mailto:survey@example.org?subject=" in line
    text = message.get_content()
    assert "Offences, Kent, 2015/16: 212 before, 215 now" in text
    assert "https://example.org/survey/changes.html#edition-2" in text
    assert "reader@example.org" not in text


def test_place_s_digest_has_its_own_figures_and_is_not_sent_without_news(folder: Path) -> None:
    survey = store.read_survey(folder)
    issue, latest = find_issue(survey, store.read_kept(folder))
    assert "215" in write_digest(survey, issue, latest, "kent")
    assert write_digest(survey, issue, latest, "essex") == ""
    first, _ = find_issue(survey, store.read_kept(folder), "1")
    assert write_digest(survey, first, latest, "essex").startswith("Essex: 118 ")
    assert write_digest(survey, first, latest, "dorset") == "", "Dorset has no figure"
    add(folder, "kent@example.org", "kent")
    add(folder, "essex@example.org", "essex")
    letters = make_digests(survey, make_mail(25), issue, latest, list_confirmed(folder))
    assert [letter.recipient for letter in letters] == ["kent@example.org"]


def test_without_an_https_address_there_is_no_one_click(tmp_path: Path) -> None:
    survey = make_folder(tmp_path / "survey")
    publish_survey(survey, now=MOMENTS[0])
    add(survey, "reader@example.org")
    issue, latest = find_issue(store.read_survey(survey), store.read_kept(survey))
    (letter,) = make_digests(store.read_survey(survey), make_mail(25), issue, latest, list_confirmed(survey))
    assert b"List-Unsubscribe-Post" not in letter.data
    assert b"List-Unsubscribe: <mailto:" in letter.data


@pytest.fixture
def door(folder: Path) -> Iterator[int]:
    with make_server("127.0.0.1", 0, make_doorway(folder, store.read_survey(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def call(port: int, method: str, path: str, body: str = "") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_links_change_nothing_until_they_are_posted(folder: Path, door: int) -> None:
    item = subscribe(folder, "reader@example.org", None, PLACES, NOW)
    status, page = call(door, "GET", f"/digest/confirm?token={item.confirm}")
    assert (status, list_confirmed(folder)) == (200, ())
    assert '<form method="post"' in page
    # Confirmations are waited for two weeks from the moment of asking, which here lies in 2017.
    assert call(door, "POST", f"/digest/confirm?token={item.confirm}")[0] == 410
    confirm(folder, item.confirm, NOW)
    assert call(door, "GET", f"/digest/unsubscribe?token={item.stop}")[0] == 200
    assert len(list_confirmed(folder)) == 1
    assert call(door, "POST", f"/digest/unsubscribe?token={item.stop}", "List-Unsubscribe=One-Click")[0] == 200
    assert list_confirmed(folder) == ()


def test_doorway_does_not_tell_who_is_on_the_list(folder: Path, door: int) -> None:
    stop = add(folder, "reader@example.org")
    known = call(door, "POST", f"/unsubscribe?token={stop}", "List-Unsubscribe=One-Click")
    assert call(door, "POST", "/unsubscribe?token=guessed", "List-Unsubscribe=One-Click") == known
    assert call(door, "GET", "/unsubscribe")[0] == 404
    assert call(door, "DELETE", f"/unsubscribe?token={stop}")[0] == 405
    assert "<script>" not in call(door, "GET", "/confirm?token=%22%3E%3Cscript%3E")[1]


@pytest.mark.parametrize(
    "address", ["", "no", "a@b@c", "a b@example.org", "a@example.org\nBcc: b@example.org", "<a@b>"]
)
def test_what_is_no_address_is_refused(folder: Path, address: str) -> None:
    with pytest.raises(SurveyError, match="is no e-mail address"):
        subscribe(folder, address, None, PLACES, NOW)


def test_asking_again_sends_no_second_mail_and_old_links_lapse(folder: Path) -> None:
    first = subscribe(folder, "Reader@example.org", None, PLACES, NOW)
    assert subscribe(folder, "reader@example.org", None, PLACES, NOW + timedelta(days=1)) == first
    late = NOW + VALID + timedelta(seconds=1)
    with pytest.raises(StoreError, match="no longer valid"):
        confirm(folder, first.confirm, late)
    second = subscribe(folder, "reader@example.org", None, PLACES, late)
    assert second.confirm != first.confirm
    assert confirm(folder, second.confirm, late).state == "confirm"
    assert confirm(folder, second.confirm, late).state == "confirm"
    unsubscribe(folder, second.stop, late)
    with pytest.raises(AnswerableError, match="no longer valid"):
        confirm(folder, second.confirm, late)


def test_the_list_is_private_and_no_input_of_a_build(folder: Path) -> None:
    before = store.hash_inputs(folder)
    add(folder, "reader@example.org")
    path = folder / "private" / "subscribers.jsonl"
    assert path.stat().st_mode & 0o077 == 0
    assert (folder / "private" / ".gitignore").read_text() == "*\n"
    assert store.hash_inputs(folder) == before
    assert all(b"reader@example.org" not in p.read_bytes() for p in (folder / "published").rglob("*") if p.is_file())


def test_a_broken_line_stops_everything(folder: Path) -> None:
    add(folder, "reader@example.org")
    store.append_private(folder, "subscribers.jsonl", '{"event": "confirm", "stop": "unheard of"}')
    with pytest.raises(StoreError, match="line 3"):
        read_subscribers(folder)


def test_command_asks_confirms_sends_and_stops(folder: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    with serve_mail(tmp_path / "box") as port:
        (folder / "mail.toml").write_text(
            f'[sender]\nname = "Desk"\nemail = "survey@example.org"\n[smtp]\nhost = "localhost"\nport = {port}\n'
            'security = "none"\nper_minute = 100000\n'
        )
        for _ in range(2):
            done = run(main, ["digest", str(folder), "subscribe", "reader@example.org"])
            assert done.exit_code == 0, done.output
        (asked,) = read_box(tmp_path / "box")
        assert "confirm" in asked["Subject"]
        token = re.search(r"token=([\w-]+)", asked.get_content())
        assert token
        assert run(main, ["digest", str(folder), "send", "--yes", "--json"]).output.count('"due": 0')
        assert run(main, ["digest", str(folder), "confirm", token[1]]).exit_code == 0
        assert "add --yes" in run(main, ["digest", str(folder), "send"]).output
        done = run(main, ["digest", str(folder), "send", "--yes", "--json"])
        assert json.loads(done.output) == {"edition": "2", "due": 1, "states": {"sent": 1}}
        mail = read_box(tmp_path / "box")[-1]
        stop = re.search(r"token=([\w-]+)", mail["List-Unsubscribe"])
        assert stop
        assert run(main, ["digest", str(folder), "unsubscribe", stop[1]]).exit_code == 0
    counts = json.loads(run(main, ["digest", str(folder), "subscribers", "--json"]).output)
    assert counts == {"waiting": 0, "confirmed": 0, "unsubscribed": 1}
    assert "215" in run(main, ["digest", str(folder)]).output


def test_nothing_embargoed_is_ever_in_a_digest(tmp_path: Path) -> None:
    survey = make_folder(tmp_path / "survey", "embargo_until = 2999-01-01T00:00:00Z")
    publish_survey(survey, now=MOMENTS[0])
    with pytest.raises(StoreError, match="no such edition is published"):
        find_issue(store.read_survey(survey), store.read_kept(survey))
