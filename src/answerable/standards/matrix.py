"""The defaults of a real self-hosted server, read over its client API: Matrix, as Synapse serves it.

Two test accounts are registered by the server's shared secret and meet only each other. Everything is asked as a
client would ask it. The trap: Matrix asks for no age, so every declared age is the same account and the answers say
so; a behaviour is written down only as far as the API shows it.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from answerable.errors import StoreError
from answerable.standards.observed import FORMAT
from answerable.standards.probe.script import is_loopback
from answerable.standards.rules import AGES

CLIENT = "/_matrix/client/v3"
FEATURES = ("profile", "dm", "group-chat")
"""What Synapse has of the features that rules hang on, for audit.toml."""
NO_AGE = "The server asks for no age, so one account stands for every declared age."
NOTES = {
    "online-status": "Those who share a room see it; here that stands for connections.",
    "dm-from": "A stranger's message stands in a room that the account is invited to and reads only once it joins.",
    "block-mute": "Ignoring an account hides all it sends.",
}
TIMEOUT = 20
PATIENCE = 10
"""How often a client asks for news of at most a second each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One test account."""

    user: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    status: int
    body: dict[str, Any]


def probe_synapse(
    address: str, shared_secret: str, *, service: str, tester: str, run: int, on: date, country: str = "GB"
) -> dict[str, bytes]:
    """The files for a service's folder: answers.json, and transcript.json with every question asked as evidence.

    StoreError where the address is not this machine's (a shared secret is the operator's, so is the permission), or
    where the server does not answer as Synapse does.
    """
    if not is_loopback(address):
        raise StoreError(address, "is not this machine", "Probe your own server on its loopback address")
    said: list[dict[str, Any]] = []
    version = _ask(said, address, "GET", "/_matrix/federation/v1/version").body.get("server", {})
    subject, peer = (_register(said, address, shared_secret, name) for name in ("subject", "peer"))
    found = {
        "found-in-search": _look_up(said, address, subject, peer),
        "account-visibility": _see_profile(said, address, subject),
        "online-status": _see_presence(said, address, subject, peer),
        **_send_first_message(said, address, subject, peer),
        "block-mute": _block(said, address, subject, peer),
        "data-sharing": "not_tested",
    }
    transcript = (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()
    digest = hashlib.sha256(transcript).hexdigest()
    answers = [
        {"setting": setting, "age": age, "value": value, "evidence": "transcript.json.txt", "sha256": digest,
         "note": f"{NOTES.get(setting, '')} {NO_AGE}".strip()}
        for setting, value in found.items()
        for age in AGES
    ]  # fmt: skip
    body = {
        "format": FORMAT, "service": service, "tester": tester, "on": on.isoformat(), "country": country,
        "app_version": f"{version.get('name', 'unknown')} {version.get('version', '')}".strip(),
        "platform": "client API", "run": run, "observed": answers,
    }  # fmt: skip
    text = json.dumps(body, indent=1, ensure_ascii=False) + "\n"
    return {"answers.json": text.encode(), "transcript.json.txt": transcript}


def _ask(
    said: list[dict[str, Any]], address: str, method: str, path: str, body: Mapping[str, Any] | None = None,
    token: str = "", hidden: bool = False,
) -> _Reply:  # fmt: skip
    """One request, written down without tokens, passwords and secrets."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(address + path, data=data, headers=headers, method=method), timeout=TIMEOUT) as answer:
            reply = _Reply(status=answer.status, body=json.loads(answer.read() or b"{}"))
    except HTTPError as error:
        reply = _Reply(status=error.code, body=_read_error(error.read()))
    except (URLError, TimeoutError, json.JSONDecodeError) as error:
        raise StoreError(address, f"does not answer as a Matrix server ({error})", "Start it and try again") from error
    kept = {} if hidden else {key: value for key, value in reply.body.items() if "token" not in key}
    said.append({"ask": f"{method} {path}", "sent": None if hidden else body, "status": reply.status, "got": kept})
    return reply


def _read_error(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data or b"{}")
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _register(said: list[dict[str, Any]], address: str, shared_secret: str, name: str) -> Account:
    """A test account by the shared-secret registration of Synapse's admin API."""
    path = "/_synapse/admin/v1/register"
    nonce = str(_ask(said, address, "GET", path, hidden=True).body.get("nonce", ""))
    user, password = f"test-{name}-{secrets.token_hex(4)}", secrets.token_urlsafe(16)
    words = b"\x00".join(text.encode() for text in (nonce, user, password, "notadmin"))
    mac = hmac.new(shared_secret.encode(), words, hashlib.sha1).hexdigest()
    body = {"nonce": nonce, "username": user, "password": password, "admin": False, "mac": mac}
    reply = _ask(said, address, "POST", path, body, hidden=True)
    if reply.status != 200:
        why = reply.body.get("error", reply.status)
        raise StoreError(address, f"took no test account ({why})", "Check registration_shared_secret")
    return Account(user=str(reply.body["user_id"]), token=str(reply.body["access_token"]))


def _look_up(said: list[dict[str, Any]], address: str, subject: Account, peer: Account) -> str:
    """Whether a stranger finds the account in the user directory."""
    wanted = subject.user[1:].partition(":")[0]
    reply = _ask(said, address, "POST", f"{CLIENT}/user_directory/search", {"search_term": wanted}, peer.token)
    if reply.status != 200:
        return "not_tested"
    return "found" if any(item["user_id"] == subject.user for item in reply.body.get("results", ())) else "hidden"


def _see_profile(said: list[dict[str, Any]], address: str, subject: Account) -> str:
    """Whether somebody without any account sees the profile."""
    reply = _ask(said, address, "GET", f"{CLIENT}/profile/{quote(subject.user)}")
    return {200: "public", 401: "private", 403: "private"}.get(reply.status, "not_tested")


def _see_presence(said: list[dict[str, Any]], address: str, subject: Account, peer: Account) -> str:
    """Whether a stranger sees that the account is online; an own sync sets it online first."""
    _ask(said, address, "GET", f"{CLIENT}/sync?timeout=0&set_presence=online", token=subject.token, hidden=True)
    reply = _ask(said, address, "GET", f"{CLIENT}/presence/{quote(subject.user)}/status", token=peer.token)
    return {200: "everyone", 403: "connections"}.get(reply.status, "not_tested")


def _send_first_message(said: list[dict[str, Any]], address: str, subject: Account, peer: Account) -> dict[str, str]:
    """What becomes of a stranger's direct chat: the peer opens a room, invites the account and writes."""
    make = {"is_direct": True, "preset": "trusted_private_chat", "invite": [subject.user]}
    room = _ask(said, address, "POST", f"{CLIENT}/createRoom", make, peer.token)
    if room.status != 200:
        return {"dm-from": "connections", "group-chat-add": "not_tested", "report-route": "not_tested"}
    name = str(room.body["room_id"])
    event = {"msgtype": "m.text", "body": "A message between two test accounts."}
    sent = _ask(said, address, "PUT", f"{CLIENT}/rooms/{quote(name)}/send/m.room.message/1", event, peer.token)
    joined, invited = _wait_for_room(said, address, subject, name)
    before = _ask(said, address, "GET", f"{CLIENT}/rooms/{quote(name)}/messages?dir=b&limit=5", token=subject.token)
    reads = before.status == 200 and any(
        item.get("content", {}).get("body") == event["body"] for item in before.body.get("chunk", ())
    )
    found = {
        "dm-from": "everyone" if joined or reads else "requests" if invited else "not_tested",
        "group-chat-add": "added" if joined else "asked" if invited else "not_tested",
    }
    return {**found, "report-route": _report(said, address, subject, name, str(sent.body.get("event_id", "")))}


def _wait_for_room(said: list[dict[str, Any]], address: str, subject: Account, room: str) -> tuple[bool, bool]:
    """Whether the account was put into the room, or invited to it; the server tells a client a moment later."""
    since = ""
    for _ in range(PATIENCE):
        reply = _ask(said, address, "GET", f"{CLIENT}/sync?timeout=1000{since}", token=subject.token)
        rooms = reply.body.get("rooms", {})
        found = room in rooms.get("join", {}), room in rooms.get("invite", {})
        if any(found) or reply.status != 200:
            return found
        since = f"&since={quote(str(reply.body['next_batch']))}"
    return False, False


def _report(said: list[dict[str, Any]], address: str, subject: Account, room: str, event: str) -> str:
    """Whether a message of the other test account can be reported where it stands, once the room is joined."""
    joined = _ask(said, address, "POST", f"{CLIENT}/rooms/{quote(room)}/join", {}, subject.token)
    if joined.status != 200 or not event:
        return "not_tested"
    path = f"{CLIENT}/rooms/{quote(room)}/report/{quote(event)}"
    reply = _ask(said, address, "POST", path, {"reason": "A test between two test accounts."}, subject.token)
    return {200: "in-place", 404: "missing", 405: "missing"}.get(reply.status, "not_tested")


def _block(said: list[dict[str, Any]], address: str, subject: Account, peer: Account) -> str:
    """Whether the account can ignore another: Matrix hides all it sends, which is blocking and muting in one."""
    body: dict[str, Any] = {"ignored_users": {peer.user: {}}}
    path = f"{CLIENT}/user/{quote(subject.user)}/account_data/m.ignored_user_list"
    reply = _ask(said, address, "PUT", path, body, subject.token)
    return "both" if reply.status == 200 else "not_tested"
