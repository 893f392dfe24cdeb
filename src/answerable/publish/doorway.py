"""The small web program behind the digest's links: it confirms and unsubscribes, as a WSGI application.

Stands beside the digest; a proxy with a certificate stands before it. Mail scanners open every link they see, so a
GET only shows a button and the change is made by a POST: by the button, or by a mail program's one click (RFC 8058).
The trap: no answer may tell whether an address is on the list, so an unknown token and a used one look alike.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from answerable.errors import StoreError
from answerable.model import Survey
from answerable.publish.subscribers import Subscriber, confirm, unsubscribe

Change = Callable[[Path, str, datetime], Subscriber]
ACTIONS: dict[str, tuple[Change, str, str]] = {
    "confirm": (confirm, "Send me the digest", "Confirmed. New and corrected figures will come by e-mail."),
    "unsubscribe": (unsubscribe, "Stop these mails", "Done. No further mail will come."),
}
"""Path -> what it does, the words on its button, and the words when it is done."""

HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; form-action 'self'"),
)
"""The token is in the address: it must not travel on as a referrer or stay in a cache."""

MOST = 65536
"""Bytes of a body that are read; none of them is looked at."""

Start = Callable[[str, list[tuple[str, str]]], Any]


def make_doorway(folder: Path, survey: Survey) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """A WSGI application that answers GET and POST of .../confirm?token= and .../unsubscribe?token=."""

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        action = environ.get("PATH_INFO", "").rstrip("/").rpartition("/")[2]
        token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        # Left unread, the body of a POST makes the server cut the line before its answer is read.
        environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), MOST))
        status, body = answer_action(folder, survey, environ.get("REQUEST_METHOD", ""), action, token)
        # A copy: the server adds the length of each answer to the list it is given.
        start(status, list(HEADERS))
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body.encode()]

    return answer


def answer_action(folder: Path, survey: Survey, method: str, action: str, token: str) -> tuple[str, str]:
    """(status line, page) for one request."""
    if action not in ACTIONS or not token:
        return "404 Not Found", _write_page(survey, "There is nothing here.")
    change, button, done = ACTIONS[action]
    if method in {"GET", "HEAD"}:
        form = f'<form method="post" action="?token={escape(token)}"><button>{button}</button></form>'
        return "200 OK", _write_page(survey, f"{survey.title}: new and corrected figures by e-mail.", form)
    if method != "POST":
        return "405 Method Not Allowed", _write_page(survey, "This takes GET and POST.")
    try:
        change(folder, token, datetime.now(UTC))
    except StoreError as error:
        if action == "confirm":
            return "410 Gone", _write_page(survey, f"{error.where[:1].upper()}{error.where[1:]} {error.what}.")
    return "200 OK", _write_page(survey, done)


def _write_page(survey: Survey, text: str, form: str = "") -> str:
    title = escape(survey.title)
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    body = f"<main><h1>{title}</h1><p>{escape(text)}</p>{form}</main>"
    return f'<!doctype html><html lang="en-GB"><head>{head}</head><body>{body}</body></html>\n'
