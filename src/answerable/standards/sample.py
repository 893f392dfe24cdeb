"""A small social service to practise on: accounts, age, privacy, messages, suggestions, location; good or bad.

`good` gives a child's account what the rules ask for, `bad` gives everybody the same open account. It keeps
everything in memory and listens on this machine only. The trap: a practice service must behave as its settings
say, since a probe may look at what happens and not at the setting.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl

from jinja2 import Environment, PackageLoader

from answerable.standards.rules import ADULT, load_standards

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

Configuration = Literal["good", "bad"]
OPEN = {
    "account-visibility": "public", "found-in-search": "found", "online-status": "everyone", "dm-from": "everyone",
    "suggestions-shown": "on", "suggested-to-others": "on", "connection-list": "everyone",
    "location-collection": "precise", "location-visible": "everyone", "personalised-feed": "on", "data-sharing": "on",
}  # fmt: skip
SAFE = {
    "account-visibility": "private", "found-in-search": "hidden", "online-status": "nobody", "dm-from": "connections",
    "suggestions-shown": "off", "suggested-to-others": "off", "connection-list": "nobody",
    "location-collection": "off", "location-visible": "nobody", "personalised-feed": "off", "data-sharing": "off",
}  # fmt: skip
FEATURES = ("profile", "connections", "dm", "suggestions", "location", "feed", "minimum-age")
MINIMUM = 13


@dataclass(slots=True)
class Account:
    """One account. `messages` reached it, `held` wait for it."""

    name: str
    password: str
    born: date
    settings: dict[str, str]
    connections: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    messages: list[tuple[str, str]] = field(default_factory=list)
    held: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class State:
    """Everything the service remembers, until it stops."""

    configuration: Configuration
    today: date
    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


def measure_age(born: date, on: date) -> int:
    """Whole years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def make_app(configuration: Configuration, today: date | None = None) -> "Starlette":
    """The service as an ASGI application. Needs the extra `[probe]`."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    state = State(configuration=configuration, today=today or date.today())
    pages: dict[str, Callable[[State, Any], Any]] = {
        "/": show_home, "/sign-up": sign_up, "/sign-in": sign_in, "/sign-out": sign_out, "/settings": change_settings,
        "/age": change_age, "/people": show_people, "/search": search, "/users/{name}": show_user,
        "/users/{name}/message": send_message, "/messages": show_messages,
    }  # fmt: skip

    def bind(page: Callable[[State, Any], Any]) -> Callable[[Any], Any]:
        async def answer(request: "Request") -> "Response":
            request.state.form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
            response: Response = page(state, request)
            return response

        return answer

    return Starlette(routes=[Route(path, bind(page), methods=["GET", "POST"]) for path, page in pages.items()])


def _show(request: "Request", title: str, *, status: int = 200, **shown: Any) -> "Response":
    from starlette.responses import HTMLResponse

    environment = Environment(
        loader=PackageLoader("answerable.standards"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    names = {item.id: item for item in load_standards().settings}
    page = environment.get_template("sample.html").render(title=title, path=request.url.path, names=names, **shown)
    return HTMLResponse(page, status_code=status)


def _go(address: str) -> "Response":
    from starlette.responses import RedirectResponse

    return RedirectResponse(address, status_code=303)


def _find_account(state: State, request: "Request") -> Account | None:
    return state.accounts.get(state.sessions.get(request.cookies.get("session", ""), ""))


def show_home(state: State, request: "Request") -> "Response":
    """The first page."""
    return _show(request, "Sample service", account=_find_account(state, request))


def sign_up(state: State, request: "Request") -> "Response":
    """A new account; under the minimum age it is refused, twice in good, never in bad."""
    if request.method == "GET":
        return _show(request, "Sign up", form="sign-up")
    found: Mapping[str, str] = request.state.form
    try:
        born = date.fromisoformat(found.get("born", ""))
    except ValueError:
        return _show(request, "Sign up", form="sign-up", error="Write the date of birth as 2013-05-01.", status=400)
    name = found.get("name", "").strip()
    young = measure_age(born, state.today) < MINIMUM or request.cookies.get("young") == "yes"
    if young and state.configuration == "good":
        answer = _show(request, "Sign up", form="sign-up", error="You cannot have an account.", status=403)
        answer.set_cookie("young", "yes")
        return answer
    if not name or name in state.accounts:
        return _show(request, "Sign up", form="sign-up", error="This name is taken.", status=400)
    child = measure_age(born, state.today) < ADULT
    settings = dict(SAFE if child and state.configuration == "good" else OPEN)
    state.accounts[name] = Account(name=name, password=found.get("password", ""), born=born, settings=settings)
    return _open_session(state, name)


def _open_session(state: State, name: str) -> "Response":
    token = secrets.token_urlsafe(16)
    state.sessions[token] = name
    answer = _go("/settings")
    answer.set_cookie("session", token, httponly=True, samesite="lax")
    return answer


def sign_in(state: State, request: "Request") -> "Response":
    """An account that is there already."""
    if request.method == "GET":
        return _show(request, "Sign in", form="sign-in")
    found = request.state.form
    account = state.accounts.get(found.get("name", ""))
    if account is None or not secrets.compare_digest(account.password, found.get("password", "")):
        return _show(request, "Sign in", form="sign-in", error="Name or password is wrong.", status=403)
    return _open_session(state, account.name)


def sign_out(state: State, request: "Request") -> "Response":
    """Ends the session; in good a child's location shown to others goes off with it."""
    account = _find_account(state, request)
    if account and state.configuration == "good" and _is_child(state, account):
        account.settings["location-visible"] = SAFE["location-visible"]
    state.sessions.pop(request.cookies.get("session", ""), None)
    return _go("/sign-in")


def _is_child(state: State, account: Account) -> bool:
    return measure_age(account.born, state.today) < ADULT


def change_settings(state: State, request: "Request") -> "Response":
    """The settings; in good a child who lowers one is warned before it happens, with two answers alike."""
    account = _find_account(state, request)
    if account is None:
        return _go("/sign-in")
    if request.method == "POST":
        found = {name: value for name, value in request.state.form.items() if name in account.settings}
        lowered = [name for name, value in found.items() if _is_lower(name, account.settings[name], value)]
        warned = state.configuration == "good" and _is_child(state, account)
        if lowered and warned and request.state.form.get("sure") != "yes":
            return _show(request, "Before you turn this off", account=account, lowered=lowered, found=found)
        account.settings.update(found)
        return _go("/settings")
    return _show(request, "Settings", account=account, settings=account.settings)


def _is_lower(name: str, old: str, new: str) -> bool:
    codes = load_standards().find_setting(name).codes
    return new in codes and codes.index(new) > codes.index(old)


def change_age(state: State, request: "Request") -> "Response":
    """A new date of birth; in good a child cannot become an adult without proof."""
    account = _find_account(state, request)
    if account is None or request.method == "GET":
        return _go("/settings")
    try:
        born = date.fromisoformat(request.state.form.get("born", ""))
    except ValueError:
        return _go("/settings")
    if state.configuration == "good" and _is_child(state, account) and measure_age(born, state.today) >= ADULT:
        return _show(request, "Prove your age", account=account, proof=True)
    account.born = born
    return _show(request, "Your age was changed", account=account)


def show_people(state: State, request: "Request") -> "Response":
    """Suggestions: for whom they are on, of whom may be suggested."""
    account = _find_account(state, request)
    if account is None:
        return _go("/sign-in")
    shown = [
        other.name
        for other in state.accounts.values()
        if other is not account and other.settings["suggested-to-others"] == "on"
    ]
    return _show(
        request, "People", account=account, people=shown if account.settings["suggestions-shown"] == "on" else []
    )


def search(state: State, request: "Request") -> "Response":
    """Accounts whose name is just what was typed, where they may be found."""
    account = _find_account(state, request)
    wanted = request.query_params.get("q", "")
    found = [name for name, other in state.accounts.items() if name == wanted and _can_find(other, account)]
    return _show(request, "Search", account=account, hits=found)


def _can_find(other: Account, viewer: Account | None) -> bool:
    near = viewer is not None and (viewer is other or viewer.name in other.connections)
    return near or other.settings["found-in-search"] == "found"


def show_user(state: State, request: "Request") -> "Response":
    """A profile as somebody else sees it."""
    viewer, other = _find_account(state, request), state.accounts.get(request.path_params["name"])
    if viewer is None or other is None:
        return _show(request, "Not here", status=404, account=viewer)
    if request.state.form.get("do") == "block":
        viewer.blocked.add(other.name)
    near = viewer is other or viewer.name in other.connections
    settings = other.settings
    return _show(
        request,
        other.name,
        account=viewer,
        other=other,
        sees=near or settings["account-visibility"] == "public",
        sees_place=viewer is other or _may(settings["location-visible"], near),
        sees_online=_may(settings["online-status"], near),
        sees_list=viewer is other or _may(settings["connection-list"], near),
        blocked=other.name in viewer.blocked,
    )


def _may(setting: str, near: bool) -> bool:
    return setting == "everyone" or (setting == "connections" and near)


def send_message(state: State, request: "Request") -> "Response":
    """A direct message: it arrives, waits, or is refused, as the receiver's setting says."""
    sender, other = _find_account(state, request), state.accounts.get(request.path_params["name"])
    if sender is None or other is None or request.method == "GET":
        return _go("/")
    setting, near = other.settings["dm-from"], sender.name in other.connections
    words = (sender.name, request.state.form.get("text", ""))
    if sender.name in other.blocked:
        return _show(request, "Not sent", account=sender, sent="refused")
    if _may(setting, near):
        other.messages.append(words)
        return _show(request, "Sent", account=sender, sent="arrived")
    if setting == "requests":
        other.held.append(words)
        return _show(request, "Waiting", account=sender, sent="waits")
    return _show(request, "Not sent", account=sender, sent="refused")


def show_messages(state: State, request: "Request") -> "Response":
    """What reached an account."""
    account = _find_account(state, request)
    return _go("/sign-in") if account is None else _show(request, "Messages", account=account, inbox=account.messages)
