"""After an interruption: what the mailbox says of a letter, asked of a real IMAP server."""

import shutil
from pathlib import Path

import pytest

from answerable.ask.imap import find_messages
from answerable.ask.mail import Mail, Server
from answerable.ask.outbox import Entry, log_entry, read_outbox
from answerable.ask.send import send_letters
from answerable.errors import AnswerableError
from imap_server import PASSWORD, USER, put_message, serve_mailbox
from sending import list_received, make_certificate, make_letters, make_mail, serve_mail

pytest.importorskip("aiosmtpd")


def make_server(port: int, security: str = "none", certificate: str = "") -> Server:
    return Server(
        kind="imap", host="localhost", port=port, security=security, user=USER, password_env="TEST_IMAP", timeout=20,
        certificate=certificate,
    )  # type: ignore[arg-type] # fmt: skip


def test_a_copy_settles_an_interrupted_letter_and_its_absence_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_IMAP", PASSWORD)
    folder, box = tmp_path / "survey", tmp_path / "box"
    folder.mkdir()
    letters = make_letters("a", 3)
    for letter in letters[:2]:
        known = Entry(
            message_id=letter.message_id,
            kind="request",
            authority=letter.authority,
            state="sending",
            at="2026-11-24T09:00:00Z",
        )
        log_entry(folder, known)
    with serve_mailbox() as (port, _, mailbox), serve_mail(box) as smtp:
        put_message(mailbox, "Sent", "1", letters[0].data)
        # Part of a longer Message-ID is not that message.
        put_message(mailbox, "", "2", b"Message-ID: <x" + letters[1].message_id[1:].encode() + b"\r\n\r\nAnother\r\n")
        mail: Mail = make_mail(smtp, imap=make_server(port))
        entries = send_letters(folder, letters, mail)
        assert [entry.state for entry in entries] == ["sent", "unknown", "sent"]
        assert entries[0].at == "2026-11-24T09:00:00Z", "it went out when it was being sent, not now"
        put_message(mailbox, "", "3", letters[1].data)  # a blind copy that came late
        assert send_letters(folder, letters, mail)[1].state == "sent"
    assert list_received(box) == [letters[2].message_id]
    assert {entry.state for entry in read_outbox(folder).values()} == {"sent"}


def test_the_mailbox_is_asked_by_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    files = make_certificate(tmp_path)
    pem = files[0].read_text()
    with serve_mailbox(*files) as (plain, secure, mailbox):
        put_message(mailbox, "Sent", "1", b"Message-ID: <one@example.org>\r\n\r\nText\r\n")
        wanted = ["<one@example.org>", "<two@example.org>"]
        for port, security in ((secure, "tls"), (plain, "starttls")):
            monkeypatch.setenv("TEST_IMAP", PASSWORD)
            assert find_messages(make_server(port, security), pem, wanted) == {"<one@example.org>"}
            with pytest.raises(AnswerableError, match="cannot be reached"):
                find_messages(make_server(port, security), None, wanted)
            monkeypatch.setenv("TEST_IMAP", "wrong")
            with pytest.raises(AnswerableError, match="does not let survey in"):
                find_messages(make_server(port, security), pem, wanted)
