"""One running app and one visit to it: what every page is made from, and the checks that every visit passes.

A page is a function from a Visit to a Response; `make_endpoint` gives it who is asking, refuses who may not, and
checks the token of every change. The trap is a page added without a role: it cannot be, the role is an argument.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from answerable.errors import AnswerableError, SurveyError
from answerable.survey import is_embargoed
from answerable.web.accounts import Account, log_in
from answerable.web.building import Builder
from answerable.web.guard import (
    COOKIE,
    RANK,
    Role,
    Session,
    Sessions,
    find_session,
    is_token,
    open_session,
    write_cookie,
)
from answerable.web.held import Conflict, Held


@dataclass(slots=True, kw_only=True)
class Desk:
    """The app's parts. `accounts` is empty where the app is open to this machine alone."""

    held: Held
    builder: Builder
    sessions: Sessions
    environment: Environment
    accounts: dict[str, Account] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request by one person; `form` are the fields of a POST."""

    desk: Desk
    request: Request
    session: Session
    form: Mapping[str, str]

    def ask(self, name: str) -> str:
        """A field of the form, else of the address; "" where there is none."""
        return self.form.get(name) or self.request.query_params.get(name, "")

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a piece of the page."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def embargoed(self) -> bool:
        """Whether figures are kept from whoever is asking."""
        if RANK[self.session.role] > RANK["reader"]:
            return False
        try:
            return is_embargoed(self.desk.held.view.survey, datetime.now(UTC))
        except SurveyError:
            return True  # a line that names no moment may still hold


Handler = Callable[[Visit], Response]


def may(visit: Visit, role: Role) -> bool:
    """Whether the visitor has a role or a higher one."""
    return RANK[visit.session.role] >= RANK[role]


def show(visit: Visit, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """A template filled for a visit."""
    view = visit.desk.held.view
    page = visit.desk.environment.get_template(template).render(
        survey=view.survey, session=visit.session, may=lambda role: RANK[visit.session.role] >= RANK[role],
        path=visit.request.url.path, build=visit.desk.builder.progress, n_open=len(view.items),
        with_accounts=bool(visit.desk.accounts), embargoed=visit.embargoed, **values,
    )  # fmt: skip
    return HTMLResponse(page, status)


def make_endpoint(handler: Handler, role: Role) -> Callable[[Request], Any]:
    """The ASGI endpoint of a page that needs a role."""

    async def endpoint(request: Request) -> Response:
        desk: Desk = request.app.state.desk
        cookie = request.cookies.get(COOKIE, "")
        session, fresh = find_session(desk.sessions, cookie), ""
        if session is None and desk.sessions.alone is not None:
            fresh, session = open_session(desk.sessions, *desk.sessions.alone)
        if session is None:
            return refuse(request)
        form = await read_form(request) if request.method == "POST" else {}
        visit = Visit(desk=desk, request=request, session=session, form=form)
        if RANK[session.role] < RANK[role]:
            response: Response = tell(visit, 403, "Not for your account", f"This needs the role {role}.")
        elif request.method == "POST" and (fresh or not is_token(session, form.get("token", ""))):
            response = tell(visit, 403, "This form is out of date", "Load the page again and repeat what you did.")
        else:
            response = await run_in_threadpool(_run, handler, visit)
        if fresh:
            response.headers.append("set-cookie", write_cookie(desk.sessions, fresh))
        return response

    return endpoint


def make_service(handler: Handler) -> Callable[[Request], Any]:
    """The ASGI endpoint of a page for programs, which changes nothing and so needs no token.

    Where there are accounts, a program is known by its session's cookie or by name and password (HTTP Basic).
    """

    async def endpoint(request: Request) -> Response:
        desk: Desk = request.app.state.desk
        session = find_session(desk.sessions, request.cookies.get(COOKIE, ""))
        if session is None and desk.sessions.alone is not None:
            name, role = desk.sessions.alone
            session = Session(name=name, role=role, token="", ends=0.0)
        if session is None:
            session = await run_in_threadpool(_log_in_program, desk, request.headers.get("authorization", ""))
        if session is None:
            return JSONResponse({"error": "Log in first."}, 401, {"www-authenticate": "Basic realm=answerable"})
        form = await read_form(request) if request.method == "POST" else {}
        visit = Visit(desk=desk, request=request, session=session, form=form)
        return await run_in_threadpool(_run, handler, visit)

    return endpoint


def _log_in_program(desk: Desk, header: str) -> Session | None:
    kind, _, coded = header.partition(" ")
    if kind.casefold() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
        account = log_in(desk.accounts, desk.sessions, name, password)
    except (ValueError, AnswerableError):
        return None
    return Session(name=account.name, role=account.role, token="", ends=0.0) if account else None


def refuse(request: Request) -> Response:
    """The answer to somebody who has not logged in."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": "Log in first."}, 401)
    if request.headers.get("hx-request") == "true":
        return Response("", 401, {"hx-redirect": "/login"})
    return RedirectResponse("/login", 303)


async def read_form(request: Request) -> dict[str, str]:
    """The text fields of a form; files in it are not read here."""
    async with request.form(max_files=1, max_fields=50) as form:
        found = {name: value for name, value in form.items() if isinstance(value, str)}
        for name, value in form.items():
            if not isinstance(value, str):
                found[f"{name}.name"] = value.filename or ""
                found[name] = (await value.read()).decode("latin-1")
    return found


def _run(handler: Handler, visit: Visit) -> Response:
    try:
        return handler(visit)
    except Conflict as error:
        return tell(visit, 409, "Somebody else decided", str(error))
    except AnswerableError as error:
        return tell(visit, 422, "That did not work", str(error))


def tell(visit: Visit, status: int, title: str, message: str) -> Response:
    """A page, a piece of one, or JSON that says what went wrong and what next."""
    if visit.request.url.path.startswith(("/api/", "/reconcile")):
        return JSONResponse({"error": message}, status)
    if visit.partial:
        page = visit.desk.environment.get_template("said.html").render(message=f"{title}. {message}", bad=True)
        return HTMLResponse(page, 200, {"hx-retarget": "#said", "hx-reswap": "outerHTML"})
    return show(visit, "message.html", status, title=title, message=message)
