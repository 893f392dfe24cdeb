"""`answerable account`: add, change or remove an account of the review app, in a file outside the survey folder."""

from pathlib import Path

import click

from answerable.cli import json_option, print_json
from answerable.errors import StoreError


@click.command()
@click.argument("file", type=click.Path(dir_okay=False), metavar="FILE")
@click.argument("name", metavar="NAME")
@click.option(
    "--role", type=click.Choice(["reader", "reviewer", "editor"]), default="reviewer", show_default=True,
    help="reader looks, reviewer decides, editor settles what blocks publishing.",
)  # fmt: skip
@click.option("--remove", is_flag=True, help="Take the account out.")
@json_option
def command(file: str, name: str, role: str, remove: bool, as_json: bool) -> None:
    """Add NAME to the accounts in FILE, or give it a new password or role; the password is asked for.

    Only its scrypt hash is kept. A running app takes the change when it starts again.
    """
    from answerable.web.accounts import Account, check_name, check_role, hash_password, parse_accounts, save_accounts

    path = Path(file)
    if (path.parent / "survey.toml").is_file():
        raise StoreError(file, "is inside a survey folder, which is copied and published", "Keep it elsewhere")
    known = parse_accounts(path.read_text(encoding="utf-8"), file) if path.is_file() else {}
    if remove:
        if name not in known:
            raise StoreError(name, f"has no account in {file}", f"It holds {', '.join(known) or 'none'}")
        del known[name]
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        known[check_name(name)] = Account(name=name, role=check_role(role), password=hash_password(password))
    save_accounts(path, known)
    if as_json:
        print_json([{"name": one.name, "role": one.role} for one in known.values()])
        return
    click.echo(f"{file}: {', '.join(f'{one.name} ({one.role})' for one in known.values()) or 'no accounts'}")
