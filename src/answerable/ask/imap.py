"""The mailbox, asked one thing: which of these Message-IDs have a copy in it.

Stands under send.py, for letters whose sending was interrupted. Read only. The trap is a server that matches part of
a header: what it finds is compared with the whole Message-ID again.
"""

import imaplib
import re
from collections.abc import Sequence
from contextlib import suppress

from answerable.ask.mail import Server, find_password, make_context
from answerable.errors import AnswerableError, SurveyError

_HEADER = re.compile(rb"^message-id:\s*(<[^>\s]+>)", re.I | re.M)


def open_imap(server: Server, certificate: str | None) -> imaplib.IMAP4:
    """A secured, signed-in connection. AnswerableError where the server cannot be reached or will not let in."""
    line: imaplib.IMAP4 | None = None
    try:
        context = make_context(certificate)
        if server.security == "tls":
            line = imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=server.timeout)
        else:
            line = imaplib.IMAP4(server.host, server.port, timeout=server.timeout)
        if server.security == "starttls":
            line.starttls(ssl_context=context)
        line.login(server.user, find_password(server))
    except (OSError, imaplib.IMAP4.error, SurveyError) as error:
        if line is not None:
            _hang_up(line)
        if isinstance(error, SurveyError):
            raise
        what = f"cannot be reached by {server.security}, or does not let {server.user} in ({error})"
        raise AnswerableError(server.place, what, f"Check [imap] in mail.toml and {server.password_env}") from error
    return line


def find_messages(server: Server, certificate: str | None, message_ids: Sequence[str]) -> frozenset[str]:
    """Those of the Message-IDs that a message in the folder of sent letters or the inbox has."""
    line = open_imap(server, certificate)
    found = set()
    try:
        for name in dict.fromkeys((server.sent, server.inbox)):
            if line.select(f'"{name}"', readonly=True)[0] != "OK":
                continue
            for message_id in message_ids:
                numbers = line.search(None, "HEADER", "Message-ID", f'"{message_id}"')[1][0].split()
                for number in numbers:
                    parts = line.fetch(number.decode(), "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
                    heads = b"".join(part[1] for part in parts if isinstance(part, tuple))
                    if any(match.decode("ascii", "replace") == message_id for match in _HEADER.findall(heads)):
                        found.add(message_id)
        return frozenset(found)
    except (OSError, imaplib.IMAP4.error) as error:
        raise AnswerableError(server.place, f"broke off ({error})", "Try again, or leave [imap] out") from error
    finally:
        try:
            line.logout()
        except (OSError, imaplib.IMAP4.error):
            _hang_up(line)


def _hang_up(line: imaplib.IMAP4) -> None:
    with suppress(OSError):  # a handshake that failed has closed the socket already
        line.shutdown()
