"""The app put together: routes with the role each needs, static files, and what starts and stops with it.

`make_app` takes a survey that has been opened and gives an ASGI app. The trap is a route that checks for itself:
every page goes through `make_endpoint`, and only the log-in page and the static files are open to anybody.
"""

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from answerable.errors import AnswerableError
from answerable.model import Document
from answerable.web import api, pages, papers, queue, readers, reconcile
from answerable.web.accounts import Account, log_in
from answerable.web.building import Builder, Progress, ask_build, start_builder, stop_builder, wait_progress
from answerable.web.desk import Desk, Visit, make_endpoint, make_service, may, read_form, show
from answerable.web.guard import (
    COOKIE,
    FRAME_POLICY,
    MOST_BYTES,
    Guard,
    Role,
    Sessions,
    close_session,
    find_session,
    open_session,
    write_cookie,
)
from answerable.web.held import Held, look, take_edition

STATIC = {
    "site.css": ("answerable.publish", "text/css"),
    "mark.svg": ("answerable.publish", "image/svg+xml"),
    "review.css": ("answerable.web", "text/css"),
    "review.js": ("answerable.web", "text/javascript"),
    "build.js": ("answerable.web", "text/javascript"),
    "htmx.min.js": ("answerable.web", "text/javascript"),
}
"""Every file that is served as it is: the package it comes with and its media type."""


def make_app(
    held: Held,
    *,
    hosts: frozenset[str],
    name: str = "reviewer",
    accounts: dict[str, Account] | None = None,
    https: bool = False,
) -> Starlette:
    """The app of an opened survey, for `hosts` (names with their port). Without `accounts` whoever comes is `name`.

    The first build begins at once; it ends with the app.
    """
    builder = start_builder(held.folder, lambda edition: take_edition(held, edition))
    held.changed = lambda: ask_build(builder)
    alone: tuple[str, Role] | None = None if accounts else (name, "editor")
    desk = Desk(
        held=held,
        builder=builder,
        sessions=Sessions(alone=alone, secure=https),
        environment=make_environment(),
        accounts=accounts or {},
    )

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        ask_build(builder)
        yield
        await run_in_threadpool(stop_builder, builder)

    app = Starlette(
        routes=list_routes(),
        middleware=[Middleware(Guard, hosts=hosts, https=https)],
        lifespan=lifespan,
        max_body_size=MOST_BYTES,
    )
    app.state.desk = desk
    return app


def make_environment() -> Environment:
    """Jinja2 with escaping on; a name that is not given is an error."""
    environment = Environment(
        loader=PackageLoader("answerable.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["told"] = write_progress
    return environment


def write_progress(progress: Progress) -> str:
    """How a build stands, in words."""
    if progress.state == "running":
        of = f" of {progress.total:,}" if progress.total else ""
        return f"{progress.step}{f' {progress.done:,}{of}' if progress.done else ''}"
    if progress.state == "done":
        return f"done; {progress.message}"
    return f"failed. {progress.message}" if progress.state == "failed" else "waiting"


def list_routes() -> list[Route]:
    """Every route of the app."""
    shown: list[tuple[str, str, Callable[[Visit], Response], Role]] = [
        ("GET", "/queue", queue.show_queue, "reviewer"),
        ("GET", "/queue/list", queue.show_list, "reviewer"),
        ("POST", "/queue/answer", queue.answer, "reviewer"),
        ("POST", "/queue/choose", queue.choose, "reviewer"),
        ("POST", "/queue/try", queue.try_candidate, "reviewer"),
        ("POST", "/queue/teach", queue.save_candidate, "reviewer"),
        ("POST", "/queue/undo", queue.undo, "reviewer"),
        ("GET", "/paper/page", show_page, "reviewer"),
        ("GET", "/paper/file", show_file, "reviewer"),
        ("GET", "/paper/mail", show_mail, "reviewer"),
        ("GET", "/authorities/{name}/mail", show_mailed, "reviewer"),
        ("POST", "/build", build, "reviewer"),
        ("GET", "/values/{name}", pages.show_value, "reviewer"),
        ("GET", "/readers", readers.show_readers, "reviewer"),
        ("POST", "/readers/read", readers.take_reading, "reviewer"),
        ("POST", "/readers/judge", readers.take_judgement, "reviewer"),
        ("GET", "/", start, "reader"),
        ("GET", "/status", pages.show_status, "reader"),
        ("GET", "/authorities/{name}", pages.show_authority, "reader"),
        ("GET", "/figures", pages.show_figures, "reader"),
        ("GET", "/figures/{name:path}", pages.show_figure, "reader"),
        ("GET", "/claims", pages.show_claims, "reader"),
        ("POST", "/claims", pages.show_claims, "reader"),
        ("GET", "/editions", pages.show_editions, "reader"),
    ]
    return [
        *(Route(path, make_endpoint(handler, role), methods=[method]) for method, path, handler, role in shown),
        *(Route(path, make_service(handler), methods=methods) for path, handler, methods in list_services()),
        Route("/build/events", show_events, methods=["GET"]),
        Route("/login", show_login, methods=["GET"]),
        Route("/login", take_login, methods=["POST"]),
        Route("/logout", take_logout, methods=["POST"]),
        Route("/static/{name}", show_static, methods=["GET"]),
    ]


def list_services() -> list[tuple[str, Callable[[Visit], Response], list[str]]]:
    """(path, handler, methods) of every page for programs."""
    both = ["GET", "POST"]
    return [
        *((path, handler, ["GET"]) for path, handler in api.list_pages()),
        ("/reconcile", reconcile.show_service, both),
        ("/reconcile/suggest/entity", reconcile.suggest_entity, both),
        ("/reconcile/properties", reconcile.propose_properties, both),
    ]


def start(visit: Visit) -> Response:
    """Reviewers begin at the queue, readers at the status board."""
    return RedirectResponse("/queue" if may(visit, "reviewer") else "/status", 303)


def build(visit: Visit) -> Response:
    """Build now."""
    ask_build(visit.desk.builder)
    return RedirectResponse("/status", 303)


def _take_document(visit: Visit) -> tuple[Document, bytes]:
    view = look(visit.desk.held)
    read, document = papers.find_document(view.reads, visit.ask("document"))
    return document, papers.read_document_bytes(visit.desk.held.folder, read, document)


def show_page(visit: Visit) -> Response:
    """A page of a document as a PNG."""
    number = visit.ask("page")
    document, data = _take_document(visit)
    picture, _, _ = papers.draw_document(document, data, int(number) if number.isdecimal() and len(number) < 6 else 1)
    return Response(picture, media_type="image/png", headers={"cache-control": "private, max-age=600"})


def show_file(visit: Visit) -> Response:
    """A document's own bytes, to be saved and never opened by the browser."""
    document, data = _take_document(visit)
    named = f"attachment; filename*=UTF-8''{quote(document.name, safe='')}"
    headers = {"content-disposition": named, "content-security-policy": "sandbox; default-src 'none'"}
    return Response(data, media_type="application/octet-stream", headers=headers)


def show_mail(visit: Visit) -> Response:
    """The HTML of a mail or page, made safe, for a sandboxed frame."""
    document, data = _take_document(visit)
    body = papers.clean_html(papers.find_html(document, data)) or "<p>It holds no HTML.</p>"
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mail</title></head>'
    page = f"{head}<body>{body}</body></html>"
    return HTMLResponse(page, headers={"content-security-policy": FRAME_POLICY})


def show_mailed(visit: Visit) -> Response:
    """The page that frames a mail."""
    document, _ = _take_document(visit)
    return show(visit, "mail.html", document=document, name=visit.request.path_params["name"])


async def show_events(request: Request) -> Response:
    """How the build stands, as server-sent events, until the browser goes."""
    desk: Desk = request.app.state.desk
    if find_session(desk.sessions, request.cookies.get(COOKIE, "")) is None:
        return Response("Log in first.\n", 401, media_type="text/plain")
    return StreamingResponse(
        _tell_events(request, desk.builder), media_type="text/event-stream", headers={"cache-control": "no-store"}
    )


async def _tell_events(request: Request, builder: Builder) -> AsyncIterator[str]:
    number = -1
    while not builder.stopped.is_set() and not await request.is_disconnected():
        progress = await run_in_threadpool(wait_progress, builder, number, 5.0)
        if progress.number == number:
            yield ": still here\n\n"
            continue
        number = progress.number
        told = json.dumps({"state": progress.state, "text": write_progress(progress)})
        yield f"event: progress\nid: {number}\ndata: {told}\n\n"


async def show_login(request: Request) -> Response:
    """The log-in form."""
    desk: Desk = request.app.state.desk
    return HTMLResponse(desk.environment.get_template("login.html").render(message="", token=""))


async def take_login(request: Request) -> Response:
    """Open a session for a name and its password; the log-in needs no token, its cookie is new."""
    desk: Desk = request.app.state.desk
    form = await read_form(request)
    try:
        account = await run_in_threadpool(
            log_in, desk.accounts, desk.sessions, form.get("name", ""), form.get("password", "")
        )
        message, status = ("", 303) if account else ("Name and password do not match.", 401)
    except AnswerableError as error:
        account, message, status = None, str(error), 429
    if account is None:
        return HTMLResponse(desk.environment.get_template("login.html").render(message=message, token=""), status)
    cookie, _ = open_session(desk.sessions, account.name, account.role)
    return RedirectResponse("/", 303, {"set-cookie": write_cookie(desk.sessions, cookie)})


async def take_logout(request: Request) -> Response:
    """Close a session."""
    desk: Desk = request.app.state.desk
    close_session(desk.sessions, request.cookies.get(COOKIE, ""))
    return RedirectResponse("/login", 303, {"set-cookie": write_cookie(desk.sessions, "")})


async def show_static(request: Request) -> Response:
    """A file that comes with the package, of those listed."""
    name = request.path_params["name"]
    if name not in STATIC:
        return Response("There is no such file.\n", 404, media_type="text/plain")
    package, media_type = STATIC[name]
    data = files(package).joinpath("static", name).read_bytes()
    return Response(data, media_type=media_type, headers={"cache-control": "public, max-age=3600"})
