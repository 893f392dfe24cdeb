"""`answerable standards probe`, `probe-matrix` and `sample`: reading the defaults of a running service."""

import shutil
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from answerable import store
from answerable.cli import json_option, print_json, say
from answerable.errors import StoreError

NEEDS = "install answerable[probe]"


def sitting_options(function: Any) -> Any:
    """Who looks, which run it is, and where the files go: passed on as `tester`, `run`, `into` and `out`."""
    for option in (
        click.option("--tester", required=True, help="Your name or initials, as it stands in the results."),
        click.option(
            "--run", type=click.IntRange(1), default=1, help="1 for the first time through, 2 for the second."
        ),
        click.option("--into", type=click.Path(file_okay=False), help="Audit folder whose replies/ take the files."),
        click.option("--out", type=click.Path(file_okay=False), help="Write the files to this folder instead."),
    ):
        function = option(function)
    return function


@click.command("probe")
@click.argument("script", type=click.Path(dir_okay=False), metavar="SCRIPT")
@sitting_options
@click.option("--address", help="Address of the service in place of the script's, on this machine only.")
@click.option("--browser", type=click.Path(dir_okay=False), help="Chromium to use; default: the one on the PATH.")
@json_option
def probe_command(
    script: str,
    tester: str,
    run: int,
    into: str | None,
    out: str | None,
    address: str | None,
    browser: str | None,
    as_json: bool,
) -> None:
    """Sign up test accounts on a service by SCRIPT, a TOML file, and read each default setting back.

    Only for a service that you run or have permission to test: the script says which, and a service on another machine
    is refused without it. SCRIPT "sample" is the one for the sample service. Exit 1 when something could not be read.
    """
    from answerable.cli.progress import show_progress
    from answerable.standards.probe import parse_script, probe_service
    from answerable.standards.probe.script import is_loopback

    text, where = _read_script(script)
    parsed = parse_script(text, where, _load(into))
    if address:
        if not is_loopback(address) or not is_loopback(parsed.address):
            raise StoreError(address, "is not this machine", "Change the script, where permission is declared")
        from dataclasses import replace

        parsed = replace(parsed, address=address.rstrip("/"))
    _need("playwright")
    chromium = browser or shutil.which("chromium")
    # A sandbox needs a user namespace, which root does not get.
    arguments = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
    with show_progress() as report:
        probed = probe_service(
            parsed, tester=tester, run=run, on=date.today(), executable=chromium, arguments=arguments, progress=report
        )
    _put(parsed.service, probed.files, tester, run, into, out, as_json, probed.problems, probed.n_read)


def _read_script(name: str) -> tuple[str, str]:
    if name == "sample":
        return files("answerable.standards.probe").joinpath("sample.toml").read_text(encoding="utf-8"), "sample.toml"
    path = Path(name)
    if not path.is_file():
        raise StoreError(name, "there is no such script", 'Name a TOML file, or "sample"')
    return path.read_text(encoding="utf-8"), name


def _load(into: str | None) -> Any:
    from answerable.standards.reading import read_standards
    from answerable.standards.rules import load_standards

    return read_standards(store.find_audit(into)) if into else load_standards()


def _need(module: str) -> None:
    from importlib.util import find_spec

    if find_spec(module) is None:
        raise StoreError(module, "is not installed", f"To probe a service, {NEEDS}")


def _put(
    service: str,
    made: dict[str, bytes],
    tester: str,
    run: int,
    into: str | None,
    out: str | None,
    as_json: bool,
    problems: tuple[str, ...],
    n_read: int,
) -> None:
    if (into is None) == (out is None):
        raise click.UsageError("give --into AUDIT or --out DIR")
    name = "".join(letter if letter.isalnum() else "-" for letter in tester.lower())
    place = f"probe-{date.today().isoformat()}-{name}-run{run}"
    folder = store.find_audit(into) if into else Path(str(out))
    inner = f"replies/{service}/{place}" if into else place
    written = store.write_folder(folder, {f"{inner}/{file}": data for file, data in made.items()})
    if as_json:
        print_json({"service": service, "read": n_read, "files": list(written), "problems": list(problems)})
    else:
        for file in written:
            click.echo(str(folder / file))
        say(f"{n_read} settings read.")
    for problem in problems:
        say(problem)
    if problems:
        sys.exit(1)


@click.command("probe-matrix")
@click.argument("address")
@click.option("--service", default="matrix", help="Id of the service in the audit.")
@click.option("--secret-file", type=click.Path(exists=True, dir_okay=False), required=True,
              help="File with the server's registration_shared_secret.")  # fmt: skip
@sitting_options
@json_option
def probe_matrix_command(
    address: str,
    service: str,
    secret_file: str,
    tester: str,
    run: int,
    into: str | None,
    out: str | None,
    as_json: bool,
) -> None:
    """Read the defaults of your own Matrix server (Synapse) at ADDRESS, on this machine, over its client API.

    Two test accounts are registered by the shared secret; they meet only each other.
    """
    from answerable.standards.matrix import probe_synapse

    secret = Path(secret_file).read_text(encoding="utf-8").strip()
    made = probe_synapse(address.rstrip("/"), secret, service=service, tester=tester, run=run, on=date.today())
    n_read = made["answers.json"].count(b'"setting"') - made["answers.json"].count(b'"not_tested"')
    _put(service, made, tester, run, into, out, as_json, (), n_read)


@click.command("sample")
@click.argument("configuration", type=click.Choice(["good", "bad"]))
@click.option("--port", type=click.IntRange(1, 65535), default=8420, help="Port on this machine; default 8420.")
@json_option
def sample_command(configuration: str, port: int, as_json: bool) -> None:
    """Run the sample social service on this machine, to practise probing on. Stop it with Ctrl and C."""
    _need("uvicorn")
    _need("starlette")
    import uvicorn

    from answerable.standards.sample import make_app

    address = f"http://127.0.0.1:{port}"
    if as_json:
        print_json({"address": address, "configuration": configuration})
    say(f"The sample service ({configuration}) listens on {address}")
    uvicorn.run(
        make_app("good" if configuration == "good" else "bad"), host="127.0.0.1", port=port, log_level="warning"
    )
