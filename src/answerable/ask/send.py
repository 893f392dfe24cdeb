"""Letters -> sent mail, each at most once, whatever happens in between.

The one way out for requests, chasers and any other mail of a survey. For each letter: its bytes are kept under
letters/sent/, the line `sending` is on disk, the server takes it, the line `sent` is on disk. A run that was killed is
taken up where it ended: what was not handed over goes out now, what was is not sent again, and a letter that died
with the server's answer on its way becomes `unknown`, to be settled by the mailbox or a person. The trap would be to
guess that one: a request sent twice can be refused as repeated.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from smtplib import SMTP

from answerable import store
from answerable.ask.imap import find_messages
from answerable.ask.mail import FILE as MAIL_FILE
from answerable.ask.mail import Mail, Server
from answerable.ask.outbox import AGAIN, FILE, Entry, State, log_entry, read_outbox, stamp_time
from answerable.ask.smtp import close_smtp, hand_over, open_smtp
from answerable.errors import StoreError, SurveyError

Progress = Callable[[str, int, int], None]
GIVE_UP = 3
"""Letters put off in a row before the run ends: the server wants to be left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to send. `data` is the whole message but for its Date, `message_id` its header's value.

    `kind` and `authority` name it in the outbox and in letters/sent/<kind>/<authority>.eml; for mail that is no
    request, `authority` is any short name of the recipient.
    """

    kind: str
    authority: str
    message_id: str
    recipient: str
    data: bytes


def send_letters(
    folder: Path,
    letters: Sequence[Letter],
    mail: Mail,
    *,
    progress: Progress | None = None,
    on_sent: Callable[[Entry], None] | None = None,
) -> tuple[Entry, ...]:
    """Send the letters that have not gone out yet, in order, and give the last word on every one of them.

    Call it again after any interruption. `on_sent` hears of each letter as it is sent. Raises SurveyError without a
    server or address, AnswerableError when the server cannot be reached, StoreError while another process sends.
    """
    if mail.smtp is None or not mail.email:
        raise SurveyError(MAIL_FILE, "names no server or no sender", "Add [smtp] with host, and [contact] or [sender]")
    with store.lock_outbox(folder):
        store.mend_log(folder, FILE)
        settle_interrupted(folder, mail)
        known = read_outbox(folder)
        waiting = [x for x in letters if x.message_id not in known or known[x.message_id].state in AGAIN]
        if waiting:
            _send_waiting(folder, waiting, mail, mail.smtp, progress, on_sent)
        known = read_outbox(folder)
    return tuple(known[letter.message_id] for letter in letters if letter.message_id in known)


def settle_interrupted(folder: Path, mail: Mail) -> None:
    """Say of every letter that a killed run was sending, or that is unknown, what the mailbox says of it.

    A copy with its Message-ID means that it went out. None means nothing: copies can be late, or not kept.
    """
    doubtful = [entry for entry in read_outbox(folder).values() if entry.state in {"sending", "unknown"}]
    if not doubtful:
        return
    found: Collection[str] = ()
    if mail.imap is not None:
        certificate = read_certificate(folder, mail.imap)
        found = find_messages(mail.imap, certificate, [entry.message_id for entry in doubtful])
    now = stamp_time(datetime.now(UTC))
    for entry in doubtful:
        if entry.message_id in found:
            log_entry(folder, replace(entry, state="sent", note="its copy is in the mailbox"))
        elif entry.state == "sending":
            note = "interrupted while the server was taking it"
            log_entry(folder, replace(entry, state="unknown", at=now, note=note))


def settle_entry(folder: Path, message_id: str, state: State, note: str) -> Entry:
    """A person's word on an unknown letter: `sent`, or `not_sent`, after which it may be sent again."""
    with store.lock_outbox(folder):
        store.mend_log(folder, FILE)
        known = read_outbox(folder)
        if message_id not in known:
            raise StoreError(
                FILE, f"knows no letter {message_id}", "Copy the Message-ID from `answerable ask SURVEY log`"
            )
        entry = known[message_id]
        if entry.state not in {"unknown", "sending"} or state not in {"sent", "not_sent"}:
            what = f"{message_id} is {entry.state}, which is certain"
            raise StoreError(FILE, what, "Only an unknown letter is settled, as sent or not_sent")
        at = entry.at if state == "sent" else stamp_time(datetime.now(UTC))
        log_entry(folder, settled := replace(entry, state=state, at=at, note=note))
        return settled


def read_certificate(folder: Path, server: Server) -> str | None:
    """The server's own authority as PEM text, None where the machine's are used."""
    if not server.certificate:
        return None
    text = store.read_text(folder, server.certificate) if "/" not in server.certificate else None
    if text is None:
        raise StoreError(MAIL_FILE, f"{server.certificate} is not beside it", "Put the certificate there, as PEM")
    return text


def _send_waiting(
    folder: Path,
    letters: Sequence[Letter],
    mail: Mail,
    server: Server,
    progress: Progress | None,
    on_sent: Callable[[Entry], None] | None,
) -> None:
    certificate = read_certificate(folder, server)
    line: SMTP | None = None
    put_off = 0
    try:
        for number, letter in enumerate(letters, start=1):
            started = time.monotonic()
            used = line is not None
            line = line or open_smtp(server, certificate)
            entry, closed = _send_one(folder, letter, mail, line)
            if closed and used and entry.state == "deferred":
                # Servers end a conversation after so many letters; the next one is another matter.
                close_smtp(line)
                line = open_smtp(server, certificate)
                entry, closed = _send_one(folder, letter, mail, line)
            if entry.state == "sent" and on_sent:
                on_sent(entry)
            put_off = put_off + 1 if entry.state in {"deferred", "unknown"} else 0
            if progress:
                progress("sending", number, len(letters))
            if put_off == GIVE_UP:
                return
            if closed:
                close_smtp(line)
                line = None
            if number < len(letters):
                time.sleep(max(0.0, 60 / server.per_minute - (time.monotonic() - started)))
    finally:
        if line is not None:
            close_smtp(line)


def _send_one(folder: Path, letter: Letter, mail: Mail, line: SMTP) -> tuple[Entry, bool]:
    """(the last word on a letter, whether the server ended the conversation)."""
    now = datetime.now(UTC)
    data = f"Date: {format_datetime(now)}\r\n".encode() + letter.data
    entry = Entry(
        message_id=letter.message_id,
        kind=letter.kind,
        authority=letter.authority,
        state="sending",
        at=stamp_time(now),
        digest=hashlib.sha256(data).hexdigest(),
    )
    store.write_letter(folder, f"sent/{letter.kind}", f"{letter.authority}.eml", data)
    recipients = (letter.recipient, *((mail.copy_to,) if mail.copy_to else ()))
    outcome = hand_over(line, mail.email, recipients, data, lambda: log_entry(folder, entry))
    log_entry(folder, done := replace(entry, state=outcome.state, note=outcome.note))
    return done, outcome.closed
