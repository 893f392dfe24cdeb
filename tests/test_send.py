"""Sending: over real connections to a real server, killed at every point, and never twice."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from answerable import store
from answerable.ask.mail import parse_mail
from answerable.ask.outbox import FILE, read_outbox
from answerable.ask.send import send_letters, settle_entry
from answerable.errors import AnswerableError, StoreError, SurveyError
from building import build_survey
from sending import TESTS, list_received, make_certificate, make_letters, make_mail, serve_mail

pytest.importorskip("aiosmtpd")


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return tmp_path / "box"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "survey").mkdir()
    return tmp_path / "survey"


@pytest.fixture
def port(box: Path) -> Iterator[int]:
    with serve_mail(box) as port:
        yield port


def test_every_letter_goes_out_once_however_often_it_is_sent(folder: Path, box: Path, port: int) -> None:
    letters = make_letters("a", 3)
    first = send_letters(folder, letters, make_mail(port))
    again = send_letters(folder, letters, make_mail(port))
    assert [entry.state for entry in first] == ["sent"] * 3
    assert again == first
    assert list_received(box) == [letter.message_id for letter in letters]


def test_what_went_out_is_kept_as_it_went(folder: Path, box: Path, port: int) -> None:
    send_letters(folder, make_letters("a", 1), make_mail(port, copy_to="desk@example.org"))
    kept = store.read_letter(folder, "sent/request", "force-0.eml")
    (taken,) = (path.read_bytes() for path in box.iterdir())
    head, _, rest = taken.partition(b"\r\n")
    assert kept == rest
    assert kept is not None
    assert kept.startswith(b"Date: ")
    assert b"\r\n.Text\r\n" in kept, "a line that begins with a dot arrives as it was"
    assert head == b"X-Received: foi@force-0.example,desk@example.org clear None"


@pytest.mark.parametrize(
    ("to", "state", "again"),
    [
        ("refused", "refused", 0),
        ("later", "deferred", 0),
        ("silent", "unknown", 1),  # taken by the server, whose answer never came
    ],
)
def test_the_state_is_what_the_server_said(to: str, state: str, again: int, folder: Path, box: Path, port: int) -> None:
    letters = make_letters("a", 1, to=to)
    for _ in range(2):
        (entry,) = send_letters(folder, letters, make_mail(port))
        assert entry.state == state
    assert len(list_received(box)) == again, "an unknown letter is not sent again"


def test_one_bad_address_does_not_stop_the_rest(folder: Path, box: Path, port: int) -> None:
    bad, good = make_letters("a", 1, to="refused"), make_letters("b", 2)
    entries = send_letters(folder, [*bad, *good], make_mail(port))
    assert [entry.state for entry in entries] == ["refused", "sent", "sent"]
    assert "no such mailbox" in entries[0].note


def test_a_server_that_wants_to_be_left_alone_is(folder: Path, box: Path, port: int) -> None:
    entries = send_letters(folder, make_letters("a", 6, to="later"), make_mail(port))
    assert [entry.state for entry in entries] == ["deferred"] * 3
    assert len(send_letters(folder, make_letters("a", 6), make_mail(port))) == 6
    assert len(list_received(box)) == 6


def test_a_conversation_that_the_server_ends_is_begun_again(folder: Path, box: Path, port: int) -> None:
    entries = send_letters(folder, make_letters("a", 7, to="limited"), make_mail(port))
    assert [entry.state for entry in entries] == ["sent"] * 7
    assert len(list_received(box)) == 7


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_letters_go_by_tls_with_a_password(
    security: str, folder: Path, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    files = make_certificate(folder)
    with serve_mail(box, security, *files) as port:
        mail = make_mail(port, security=security, user="survey", password_env="TEST_PASSWORD", certificate="server.pem")
        letters = make_letters("a", 2)
        with pytest.raises(SurveyError, match="TEST_PASSWORD is not set"):
            send_letters(folder, letters, mail)
        monkeypatch.setenv("TEST_PASSWORD", "wrong")
        with pytest.raises(AnswerableError, match="does not let survey in"):
            send_letters(folder, letters, mail)
        monkeypatch.setenv("TEST_PASSWORD", "pass word")
        with pytest.raises(AnswerableError, match="cannot be reached"):
            # The machine does not know this certificate: nothing is sent past a check that fails.
            send_letters(folder, letters, make_mail(port, security=security, user="survey"))
        assert list_received(box) == []
        assert [entry.state for entry in send_letters(folder, letters, mail)] == ["sent", "sent"]
    assert all(b" secured survey" in path.read_bytes().partition(b"\r\n")[0] for path in box.iterdir())


def test_letters_are_throttled(folder: Path, box: Path, port: int) -> None:
    started = time.monotonic()
    send_letters(folder, make_letters("a", 3), make_mail(port, per_minute=600))
    assert time.monotonic() - started >= 0.2, "two pauses of a tenth of a second; slower is no failure"


def test_two_processes_do_not_send_at_once(folder: Path, port: int) -> None:
    with store.lock_outbox(folder), pytest.raises(StoreError, match="another process is sending"):
        send_letters(folder, make_letters("a", 1), make_mail(port))


def check_nothing_lost_or_doubled(folder: Path, received: Counter[str], n: int) -> Counter[str]:
    """The invariants after an interrupted run was taken up; gives the states."""
    states: Counter[str] = Counter()
    outbox = read_outbox(folder)
    for number in range(n):
        entry = outbox[f"<request.{folder.name}-{number}@example.org>"]
        states[entry.state] += 1
        assert received[entry.message_id] <= 1, f"{folder.name}: doubled"
        if entry.state == "sent":
            assert received[entry.message_id] == 1, f"{folder.name}: lost"
        else:
            assert entry.state == "unknown"
    return states


def test_killed_at_every_point_nothing_is_lost_and_nothing_doubled(tmp_path: Path, box: Path, port: int) -> None:
    root = tmp_path / "sweep"
    root.mkdir()
    words = [sys.executable, str(TESTS / "kill_sweep.py"), str(root), str(port)]
    paths = os.pathsep.join((str(TESTS), str(TESTS.parent / "src")))
    done = subprocess.run(words, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": paths})
    points = [line.split() for line in done.stdout.splitlines()]
    received = Counter(list_received(box))
    states = [check_nothing_lost_or_doubled(root / name, received, 2) for name, _ in points]
    assert [killed for _, killed in points] == ["1"] * (len(points) - 1) + ["0"]
    assert len(points) > 25, "opening, locking, connecting and every command of two letters"
    assert {state["unknown"] for state in states} == {0, 1}
    # Killed with the text on its way, a letter may or may not have arrived: both happen, and both stay unknown.
    doubtful = [root / name for (name, _), state in zip(points, states, strict=True) if state["unknown"]]
    for folder in doubtful:
        (entry,) = (entry for entry in read_outbox(folder).values() if entry.state == "unknown")
        arrived = bool(received[entry.message_id])
        settle_entry(folder, entry.message_id, "sent" if arrived else "not_sent", "asked the authority")
        send_letters(folder, make_letters(folder.name, 2), make_mail(port))
    after = Counter(list_received(box))
    assert {after[f"<request.{root_name}-{n}@example.org>"] for root_name, _ in points for n in range(2)} == {1}


def test_killed_at_random_moments_until_all_is_sent(tmp_path: Path, box: Path, port: int) -> None:
    folder = tmp_path / "random"
    folder.mkdir()
    n, dice, kills = 16, random.Random(7), 0
    code = (
        "import sys; from pathlib import Path; from answerable.ask.send import send_letters; "
        "from sending import make_letters, make_mail; sys.stdout.write('ready\\n'); sys.stdout.flush(); "
        f"send_letters(Path(sys.argv[1]), make_letters('random', {n}, to='slow'), make_mail({port}))"
    )
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS), str(TESTS.parent / "src")))}
    for attempt in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True, env=paths
        ) as run:
            assert run.stdout
            run.stdout.readline()
            try:
                run.wait(timeout=dice.uniform(0.02, 0.5) if attempt < 7 else None)
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                kills += 1
        if run.returncode == 0:
            break
    assert kills > 2
    states = check_nothing_lost_or_doubled(folder, Counter(list_received(box)), n)
    assert states["sent"] + states["unknown"] == n
    assert states["unknown"] <= kills


def test_a_line_cut_off_by_a_crash_never_happened(folder: Path, box: Path, port: int) -> None:
    send_letters(folder, make_letters("a", 1), make_mail(port))
    log = folder / FILE
    whole = log.read_text()
    log.write_text(whole + whole.splitlines()[0].replace("a-0", "a-1")[:-20])
    assert len(read_outbox(folder)) == 1
    send_letters(folder, make_letters("a", 2), make_mail(port))
    assert list_received(box) == ["<request.a-0@example.org>", "<request.a-1@example.org>"]
    assert all(json.loads(line) for line in log.read_text().splitlines())


def test_a_damaged_outbox_sends_nothing(folder: Path, box: Path, port: int) -> None:
    send_letters(folder, make_letters("a", 2), make_mail(port))
    log = folder / FILE
    log.write_text(log.read_text().replace('"state": "sent"', '"state": sent', 1))
    with pytest.raises(StoreError, match="nothing is sent"):
        send_letters(folder, make_letters("a", 3), make_mail(port))
    assert len(list_received(box)) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[smtp]\nhost = "mail.example.org"\nsecurity = "none"', "in the clear"),
        ('[smtp]\nhost = "mail.example.org"\nsecurity = "ssl"', 'unknown key "ssl"'),
        ('[smtp]\nhostname = "x"', 'Did you mean "host"'),
        ('[smtp]\nsecurity = "tls"', "host is missing"),
        ('[smtp]\nhost = "x"\nport = "25"', "port is str"),
        ('[smtp]\nhost = "x"\nper_minute = 0', "per_minute is under 1"),
        ('[smpt]\nhost = "x"', 'Did you mean "smtp"'),
        ("[smtp", "is not valid TOML"),
    ],
)
def test_a_wrong_setting_is_named(text: str, said: str) -> None:
    with pytest.raises(SurveyError, match=said):
        parse_mail(text, build_survey())


def test_ports_follow_from_the_security() -> None:
    mail = parse_mail('[smtp]\nhost = "m"\n[imap]\nhost = "m"\nuser = "u"', build_survey())
    assert mail.smtp is not None
    assert mail.imap is not None
    assert (mail.smtp.port, mail.imap.port) == (587, 993)
