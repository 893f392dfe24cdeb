"""One SMTP conversation: what became of a letter, as far as the server's answers say.

Stands under send.py, which writes down what is said here. The trap is the server's silence: up to the command DATA
a broken line means that nothing went out; from DATA to its answer it means that nobody knows.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass

from answerable.ask.mail import Server, find_password, make_context
from answerable.ask.outbox import State
from answerable.errors import AnswerableError, SurveyError

TAKEN = frozenset({250, 251})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one letter; `closed` where the server will take no more in this conversation."""

    state: State
    note: str
    closed: bool = False


def open_smtp(server: Server, certificate: str | None) -> smtplib.SMTP:
    """A secured, signed-in connection. AnswerableError where the server cannot be reached or will not let in."""
    line: smtplib.SMTP | None = None
    try:
        context = make_context(certificate)
        if server.security == "tls":
            line = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        if server.security == "starttls":
            line.starttls(context=context)
        line.ehlo_or_helo_if_needed()
        if server.user:
            line.login(server.user, find_password(server))
    except (OSError, smtplib.SMTPException, SurveyError) as error:
        if line is not None:
            line.close()
        if isinstance(error, SurveyError):
            raise
        what = f"cannot be reached by {server.security} ({error})"
        if isinstance(error, smtplib.SMTPAuthenticationError):
            what = f"does not let {server.user} in ({error.smtp_code})"
        raise AnswerableError(server.place, what, f"Check [smtp] in mail.toml and {server.password_env}") from error
    return line


def close_smtp(line: smtplib.SMTP) -> None:
    """End the conversation; one that is broken already is simply closed."""
    try:
        line.quit()
    except (OSError, smtplib.SMTPException):
        line.close()


def hand_over(
    line: smtplib.SMTP, sender: str, recipients: tuple[str, ...], data: bytes, before_data: Callable[[], None]
) -> Outcome:
    """Give one letter to the server. `before_data` is called when only the letter's text is left to give.

    The first of `recipients` is whom the letter is for: where the server refuses that one, nothing is sent.
    """
    try:
        line.rset()
        for answer in (line.mail(sender), line.rcpt(recipients[0])):
            if answer[0] not in TAKEN:
                return _judge(*answer)
        copies = [line.rcpt(copy)[0] for copy in recipients[1:]]
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        return Outcome(state="deferred", note=f"the line broke before the letter: {error}", closed=True)
    before_data()
    try:
        code, words = line.data(data)
    except smtplib.SMTPDataError as error:
        return _judge(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(state="unknown", note=f"the line broke before the server answered: {error}", closed=True)
    if code == 250:
        lost = "" if all(copy in TAKEN for copy in copies) else " (the server refused your own copy)"
        return Outcome(state="sent", note=_show(code, words) + lost)
    return _judge(code, words)


def _judge(code: int, words: bytes | str) -> Outcome:
    """An answer that takes nothing: 4xx asks to try later, 5xx never will (RFC 5321, section 4.2.1)."""
    state: State = "refused" if 500 <= code < 600 else "deferred"
    return Outcome(state=state, note=_show(code, words), closed=code in {421, 450, 451, 452})


def _show(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:200]
