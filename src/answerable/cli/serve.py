"""`answerable serve`: open the review app on a survey, on this machine alone unless told and secured otherwise."""

import getpass
import socket
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from answerable import store
from answerable.cli import json_option, print_json, say, survey_argument
from answerable.errors import StoreError

if TYPE_CHECKING:
    from starlette.applications import Starlette

LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))


@click.command()
@survey_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8017, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--as", "name", help="Name your decisions carry; default: your login.")
@click.option("--accounts", type=click.Path(), help="File of accounts, written by `answerable account`.")
@click.option("--cert", type=click.Path(), help="TLS certificate, PEM.")
@click.option("--key", type=click.Path(), help="Its private key, PEM.")
@click.option("--proxy", metavar="NAME", help="A proxy in front speaks TLS and passes this host name on.")
@json_option
def command(
    survey: str, host: str, port: int, name: str | None, accounts: str | None, cert: str | None, key: str | None,
    proxy: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Open the review app on SURVEY in a browser: settle what is open, look at figures, check articles.

    Any address but this machine's own needs --accounts, and TLS: --cert and --key, or --proxy. Needs the extra [web].
    """
    folder = store.find_folder(survey)
    check_binding(host, accounts, cert, key, proxy)
    try:
        import uvicorn  # noqa: F401

        from answerable.web.accounts import check_name, parse_accounts
        from answerable.web.app import make_app
        from answerable.web.held import open_survey
    except ModuleNotFoundError as error:
        raise StoreError("serve", f"{error.name} is missing", "Install answerable[web]") from error
    from answerable.cli.progress import show_progress

    known = parse_accounts(_read(accounts), accounts) if accounts else {}
    if accounts and not known:
        raise StoreError(accounts, "holds no account", f"Add one: `answerable account {accounts} NAME`")
    with show_progress() as report:
        held = open_survey(folder, progress=report)
    listener = _listen(host, port)
    bound = listener.getsockname()[1]
    hosts = list_hosts(host, bound, proxy)
    app = make_app(
        held, hosts=hosts, name=check_name(name or getpass.getuser()), accounts=known, https=bool(cert or proxy)
    )
    _tell(f"{'https' if cert else 'http'}://{'localhost' if host in LOOPBACK else host}:{bound}/", folder, as_json)
    _run(app, listener, cert, key)


def _run(app: "Starlette", listener: socket.socket, cert: str | None, key: str | None) -> None:
    """Serve until Control-C; pages that follow a build are let go of first, or they would hold the server open."""
    import uvicorn

    from answerable.web.building import leave_builder

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            leave_builder(app.state.desk.builder)
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        app, log_level="warning", server_header=False, proxy_headers=False, ssl_certfile=cert, ssl_keyfile=key,
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    Server(config).run(sockets=[listener])


def _tell(address: str, folder: Path, as_json: bool) -> None:
    if as_json:
        print_json({"address": address, "survey": str(folder)})
    else:
        click.echo(address)
    say("Press Control-C to stop.")


def check_binding(host: str, accounts: str | None, cert: str | None, key: str | None, proxy: str | None) -> None:
    """StoreError unless the address is loopback, or accounts and TLS protect it."""
    if bool(cert) != bool(key):
        raise StoreError("--cert and --key", "go together", "Give both")
    if host in LOOPBACK and not proxy:
        return
    if not accounts:
        raise StoreError(host, "can be reached from elsewhere", "Add --accounts FILE; `answerable account` writes it")
    if not (cert or proxy):
        raise StoreError(host, "would send passwords in the clear", "Add --cert and --key, or --proxy NAME")


def list_hosts(host: str, port: int, proxy: str | None) -> frozenset[str]:
    """The names, with and without the port where it is the usual one, by which the app may be called."""
    names = {"127.0.0.1", "localhost", "[::1]"} if host in LOOPBACK else {host}
    found = {f"{name}:{port}" for name in names} | ({proxy.lower()} if proxy else set())
    return frozenset(found | (names if port in (80, 443) else set()))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise StoreError(
            f"{host}:{port}", f"cannot be listened on ({error.strerror})", "Choose another --port"
        ) from error
    return listener


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise StoreError(path, f"cannot be read ({error.strerror})", "Write it with `answerable account`") from error
