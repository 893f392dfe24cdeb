"""mail.toml -> Mail: which servers letters go through, without a single secret.

Passwords come from the environment, by the name that mail.toml gives, so that a survey folder can be shared. The
trap is a letter sent in the clear: without TLS only a server on this machine is spoken to.
"""

import os
import ssl
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from answerable.errors import SurveyError
from answerable.model import Survey
from answerable.survey.settings import Setting, refuse_key

FILE = "mail.toml"
Security = Literal["tls", "starttls", "none"]
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS: dict[tuple[str, Security], int] = {
    ("smtp", "tls"): 465,
    ("smtp", "starttls"): 587,
    ("smtp", "none"): 25,
    ("imap", "tls"): 993,
    ("imap", "starttls"): 143,
    ("imap", "none"): 143,
}


def _setting(table: str, key: str, kind: type, text: str, **more: Any) -> Setting:
    return Setting(table=table, key=key, type=kind, help=text, **more)


SETTINGS: tuple[Setting, ...] = (
    _setting("sender", "name", str, "Who the letters are from; left out, the survey's contact.", default=""),
    _setting("sender", "email", str, "Their address; left out, the survey's contact.", default=""),
    _setting(
        "sender", "plus", bool, "Replies go to `name+reference@domain`, if your mailbox takes that.", default=False
    ),
    _setting("sender", "copy_to", str, "An address of yours that gets a blind copy of every letter.", default=""),
    _setting("smtp", "host", str, "The server that sends: `smtp.example.org`.", required=True),
    _setting("smtp", "security", str, "`tls`, `starttls`, or `none` for a server on this machine.", default="starttls"),
    _setting("smtp", "port", int, "Left out, 465 for `tls` and 587 for `starttls`."),
    _setting("smtp", "user", str, "Name to sign in with; left out, nobody signs in.", default=""),
    _setting(
        "smtp",
        "password_env",
        str,
        "Environment variable that holds the password.",
        default="ANSWERABLE_SMTP_PASSWORD",
    ),
    _setting("smtp", "per_minute", int, "Letters a minute at the most.", default=20),
    _setting("smtp", "timeout", int, "Seconds to wait for the server.", default=60),
    _setting("smtp", "certificate", str, "A file beside mail.toml with the server's own authority (PEM).", default=""),
    _setting("imap", "host", str, "The server that holds your mailbox.", required=True),
    _setting("imap", "security", str, "`tls`, `starttls`, or `none` for a server on this machine.", default="tls"),
    _setting("imap", "port", int, "Left out, 993 for `tls` and 143 for `starttls`."),
    _setting("imap", "user", str, "Name to sign in with.", required=True),
    _setting(
        "imap",
        "password_env",
        str,
        "Environment variable that holds the password.",
        default="ANSWERABLE_IMAP_PASSWORD",
    ),
    _setting("imap", "timeout", int, "Seconds to wait for the server.", default=60),
    _setting("imap", "certificate", str, "A file beside mail.toml with the server's own authority (PEM).", default=""),
    _setting("imap", "sent", str, "Folder of sent letters, looked through after an interruption.", default="Sent"),
    _setting("imap", "inbox", str, "Folder that replies come to.", default="INBOX"),
)
TABLES = tuple(dict.fromkeys(setting.table for setting in SETTINGS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One server: where, how it is secured, and who signs in. `folders` are the mailbox folders it is asked for."""

    kind: Literal["smtp", "imap"]
    host: str
    port: int
    security: Security
    user: str
    password_env: str
    timeout: int
    per_minute: int = 20
    certificate: str = ""
    sent: str = "Sent"
    inbox: str = "INBOX"

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The settings of mail.toml. `smtp` and `imap` are None where their table is left out."""

    name: str
    email: str
    plus: bool = False
    copy_to: str = ""
    smtp: Server | None = None
    imap: Server | None = None


def parse_mail(text: str | None, survey: Survey, where: str = FILE) -> Mail:
    """The Mail of a survey; without mail.toml the survey's contact and no server.

    Raises SurveyError for broken TOML, an unknown or missing key, a wrong type, or a server in the clear.
    """
    try:
        raw = tomllib.loads(text or "")
    except tomllib.TOMLDecodeError as error:
        raise SurveyError(where, f"is not valid TOML: {error}", "Correct that line") from error
    for table, keys in raw.items():
        if table not in TABLES or not isinstance(keys, dict):
            refuse_key(table, list(TABLES), where)
        _check_table(table, keys, where)
    sender = _fill("sender", raw.get("sender", {}))
    contact = survey.contact
    return Mail(
        name=sender["name"] or (contact.name if contact else ""),
        email=sender["email"] or (contact.email if contact else ""),
        plus=sender["plus"],
        copy_to=sender["copy_to"],
        smtp=_make_server("smtp", raw["smtp"], where) if "smtp" in raw else None,
        imap=_make_server("imap", raw["imap"], where) if "imap" in raw else None,
    )


def _check_table(table: str, found: Mapping[str, Any], where: str) -> None:
    known = {setting.key: setting for setting in SETTINGS if setting.table == table}
    for key, value in found.items():
        if key not in known:
            refuse_key(key, list(known), f"{where} [{table}]")
        kind = known[key].type
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise SurveyError(
                f"{where} [{table}]", f"{key} is {type(value).__name__}", f"See docs/how-to-ask.md, {key}"
            )
    for setting in known.values():
        if setting.required and setting.key not in found:
            raise SurveyError(f"{where} [{table}]", f"{setting.key} is missing", f"Add it: {setting.help}")


def _fill(table: str, found: Mapping[str, Any]) -> dict[str, Any]:
    return {setting.key: found.get(setting.key, setting.default) for setting in SETTINGS if setting.table == table}


def _make_server(kind: Literal["smtp", "imap"], found: Mapping[str, Any], where: str) -> Server:
    filled = _fill(kind, found)
    security = filled.pop("security")
    if security not in get_args(Security):
        refuse_key(security, list(get_args(Security)), f"{where} [{kind}], security")
    if security == "none" and filled["host"] not in LOCAL:
        what = f'security = "none" would send letters and passwords to {filled["host"]} in the clear'
        raise SurveyError(f"{where} [{kind}]", what, 'Write "starttls" or "tls"')
    if filled.get("per_minute", 1) < 1:
        raise SurveyError(f"{where} [{kind}]", "per_minute is under 1", "Write how many letters a minute may go out")
    port = filled.pop("port") or PORTS[kind, security]
    return Server(kind=kind, security=security, port=port, **filled)


def find_password(server: Server) -> str:
    """The password from the environment; SurveyError where it is not set."""
    password = os.environ.get(server.password_env, "")
    if not password:
        what = f"{server.user} signs in at {server.place}, and {server.password_env} is not set"
        raise SurveyError(FILE, what, f"Set it first: export {server.password_env}=...")
    return password


def make_context(certificate: str | None) -> ssl.SSLContext:
    """Checked TLS: the machine's own authorities, or the one in `certificate` (PEM text)."""
    context = ssl.create_default_context(cadata=certificate or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
