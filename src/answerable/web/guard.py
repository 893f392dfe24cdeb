"""What stands before every page: host names, sizes, headers, sessions and the token against forged requests.

The app binds to loopback unless accounts and TLS are given; even there another site's page could post to it or
rebind its name, so the host, the origin and a token are checked on every change. The trap is a check that one
route forgets: these run for all of them.
"""

import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Role = Literal["reader", "reviewer", "editor"]
RANK: dict[str, int] = {"reader": 1, "reviewer": 2, "editor": 3}
COOKIE = "answerable_session"
MOST_BYTES = 2_000_000
"""Bytes of a request's body: an article to check is the largest thing anyone sends."""
HOURS = 12
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FRAME_POLICY = "sandbox; default-src 'none'; style-src 'self'; frame-ancestors 'self'"
"""For mailed HTML: nothing runs, nothing is fetched, and only this app may frame it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is at the other end, and the token that their forms carry."""

    name: str
    role: Role
    token: str
    ends: float


@dataclass(slots=True, kw_only=True)
class Sessions:
    """Sessions by the hash of their cookie. `alone` is the role of whoever comes without an account, None for
    nobody; `secure` says that cookies travel over TLS only."""

    alone: tuple[str, Role] | None
    secure: bool
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    known: dict[str, Session] = field(default_factory=dict)
    failures: dict[str, list[float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def open_session(sessions: Sessions, name: str, role: Role) -> tuple[str, Session]:
    """(cookie, Session) of somebody who has shown who they are."""
    cookie = secrets.token_urlsafe(32)
    ends = time.time() + HOURS * 3600
    session = Session(name=name, role=role, token=_sign(sessions, cookie), ends=ends)
    with sessions.lock:
        sessions.known = {key: one for key, one in sessions.known.items() if one.ends > time.time()}
        sessions.known[_hash(cookie)] = session
    return cookie, session


def find_session(sessions: Sessions, cookie: str) -> Session | None:
    """The Session of a cookie, None where it is unknown or over."""
    session = sessions.known.get(_hash(cookie)) if cookie else None
    return session if session and session.ends > time.time() else None


def close_session(sessions: Sessions, cookie: str) -> None:
    """Forget a cookie."""
    with sessions.lock:
        sessions.known.pop(_hash(cookie), None)


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _sign(sessions: Sessions, cookie: str) -> str:
    return hmac.new(sessions.secret, cookie.encode(), "sha256").hexdigest()


def is_token(session: Session, token: str) -> bool:
    """Whether a form's token is the session's."""
    return hmac.compare_digest(session.token.encode(), token.encode())


def write_cookie(sessions: Sessions, cookie: str) -> str:
    """The Set-Cookie header of a session's cookie; "" takes it away."""
    age = HOURS * 3600 if cookie else 0
    secure = "; Secure" if sessions.secure else ""
    return f"{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}"


class Guard:
    """ASGI middleware: refuses wrong hosts, origins and sizes, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], https: bool) -> None:
        self.app = app
        self.hosts = hosts
        self.https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self.refuse(scope)

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.set_headers(MutableHeaders(raw=message["headers"]), scope["path"])
            await send(message)

        if refused is not None:
            await refused(scope, receive, send_safe)
            return
        await self.app(scope, _limit(receive), send_safe)

    def refuse(self, scope: Scope) -> PlainTextResponse | None:
        """The answer to a request that may not pass, None for one that may."""
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or headers["host"].lower() not in self.hosts:
            return PlainTextResponse("This is not a name of this app.\n", 421)
        size = headers.get("content-length", "0")
        if not size.isdigit() or int(size) > MOST_BYTES:
            return PlainTextResponse(f"At most {MOST_BYTES:,} bytes can be sent.\n", 413)
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and not scope["path"].startswith("/reconcile"):
            origin = headers.get("origin")
            if origin is not None and urlsplit(origin).netloc.lower() not in self.hosts:
                return PlainTextResponse("This came from another site.\n", 403)
            if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                return PlainTextResponse("This came from another site.\n", 403)
        return None

    def set_headers(self, headers: MutableHeaders, path: str) -> None:
        """The headers of every answer."""
        headers.setdefault("content-security-policy", POLICY)
        headers["x-content-type-options"] = "nosniff"
        headers["referrer-policy"] = "same-origin"
        headers["cross-origin-opener-policy"] = "same-origin"
        # OpenRefine asks from its own origin; names of authorities are no secret.
        shared = path.startswith("/reconcile")
        headers["cross-origin-resource-policy"] = "cross-origin" if shared else "same-origin"
        headers["permissions-policy"] = "camera=(), geolocation=(), microphone=()"
        if not path.startswith("/static/"):
            headers.setdefault("cache-control", "no-store")
        if self.https:
            headers["strict-transport-security"] = "max-age=31536000"


def _limit(receive: Receive) -> Receive:
    """A body without a length is cut off at the limit all the same."""
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > MOST_BYTES:
                return {"type": "http.disconnect"}
        return message

    return receive_some
