"""Accounts: names, roles and hashed passwords in a file of their own, outside the survey folder.

A survey folder is copied and published; a file of password hashes must not travel with it. The trap is timing: a
name that is not there takes as long to refuse as a wrong password.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

from answerable.errors import StoreError
from answerable.web.guard import Role, Sessions

SHORTEST = 12
"""Characters of a password."""
_COST, _BLOCK, _LANES = 2**15, 8, 1
_MEMORY = 64 * 1024 * 1024
_TRIES, _WINDOW = 8, 900.0
"""Failures of one name within so many seconds after which it waits."""
_NAME = re.compile(r"[\w][\w .@-]{0,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person: `password` is scrypt's hash with its salt, never the password."""

    name: str
    role: Role
    password: str


def hash_password(password: str) -> str:
    """ "scrypt$<salt>$<hash>", both base64. Raises StoreError for one that is too short."""
    if len(password) < SHORTEST:
        raise StoreError("password", f"has {len(password)} characters", f"Take at least {SHORTEST}")
    salt = secrets.token_bytes(16)
    return f"scrypt${base64.b64encode(salt).decode()}${base64.b64encode(_derive(password, salt)).decode()}"


def _derive(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY)


def is_password(stored: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    kind, salt, wanted = stored.split("$")
    found = _derive(password, base64.b64decode(salt))
    return kind == "scrypt" and hmac.compare_digest(found, base64.b64decode(wanted))


def parse_accounts(text: str, where: str) -> dict[str, Account]:
    """Accounts by name. StoreError for a file that is none."""
    try:
        rows = json.loads(text)["accounts"]
        found = [Account(name=row["name"], role=check_role(row["role"]), password=row["password"]) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(where, "is no file of accounts", "Write one with `answerable account`") from error
    return {account.name: account for account in found}


def write_accounts(accounts: dict[str, Account]) -> str:
    """The text of a file of accounts, by name."""
    rows = [asdict(accounts[name]) for name in sorted(accounts)]
    return json.dumps({"accounts": rows}, indent=1, ensure_ascii=False) + "\n"


def save_accounts(path: Path, accounts: dict[str, Account]) -> None:
    """Write a file of accounts, whole or not at all, readable by its owner only."""
    partial = path.with_name(f".{path.name}.partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(write_accounts(accounts))
    partial.replace(path)


def check_role(text: str) -> Role:
    """The Role of that name; StoreError for another word."""
    for role in get_args(Role):
        if role == text:
            found: Role = role
            return found
    raise StoreError(f'role "{text}"', "is not known", f"Take one of {', '.join(get_args(Role))}")


def check_name(text: str) -> str:
    """A name that can stand in decisions.jsonl; StoreError for another."""
    if not _NAME.fullmatch(text):
        raise StoreError(f"name {text[:20]!r}", "cannot be an account", "Use letters, digits, spaces, dots and hyphens")
    return text


_NOBODY = "scrypt$AAAAAAAAAAAAAAAAAAAAAA==$AAAA"


def log_in(accounts: dict[str, Account], sessions: Sessions, name: str, password: str) -> Account | None:
    """The Account of a name and its password, None for a wrong one; StoreError after too many wrong ones."""
    now = time.time()
    with sessions.lock:
        recent = [at for at in sessions.failures.get(name, ()) if now - at < _WINDOW]
        sessions.failures = {key: times for key, times in sessions.failures.items() if now - times[-1] < _WINDOW}
    if len(recent) >= _TRIES:
        raise StoreError(name, "has had too many wrong passwords", "Wait a quarter of an hour")
    account = accounts.get(name)
    right = is_password(account.password if account else _NOBODY, password[:1024])
    if account is not None and right:
        return account
    with sessions.lock:
        sessions.failures[name] = [*recent, now]
    return None
