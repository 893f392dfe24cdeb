"""letters/ and the logs of asking: drafts and sent messages, and lines that are whole or not there at all.

    letters/request/kent.eml  kent.md  kent.xlsx     drafted, waiting for review
    letters/sent/request/kent.eml                    the bytes that went out

What a killed process left unfinished at the end of a log never happened. The trap is two processes that send at
once: whoever writes the outbox holds its lock.
"""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from answerable.errors import StoreError
from answerable.store.folder import PRIVATE

LETTERS = "letters"
LOCK = ".outbox.lock"
INBOX_LOCK = ".inbox.lock"
DRAFTED = ".drafted.json"
"""Beside the drafts of one kind: what each was when it was drafted."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)?")
_FILE = re.compile(r"[\w][\w.-]*")


def write_letter(folder: Path, kind: str, name: str, data: bytes) -> bool:
    """Write letters/<kind>/<name>, whole or not at all; gives whether the bytes changed."""
    path = _find_path(folder, kind, name)
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return True


def write_drafts(
    folder: Path, kind: str, files: Iterable[tuple[str, bytes]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write letters/<kind>/<name> for each file; gives (names whose bytes changed, names kept as edited by hand).

    A file that is no longer as it was drafted was edited by a person, and stays until it is deleted.
    """
    known = _read_drafted(folder, kind)
    changed, kept = [], []
    for name, data in files:
        path = _find_path(folder, kind, name)
        digest = hashlib.sha256(data).hexdigest()
        standing = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        if standing == digest:
            known[name] = digest
        elif standing and known.get(name) != standing:
            kept.append(name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            known[name] = digest
            changed.append(name)
    if changed:
        text = json.dumps(dict(sorted(known.items())), indent=0)
        (_find_path(folder, kind, "x").parent / DRAFTED).write_text(text)
    return tuple(changed), tuple(kept)


def remove_drafts(folder: Path, kind: str, names: Iterable[str]) -> tuple[str, ...]:
    """Remove drafts that were never edited by hand; gives the names removed."""
    known = _read_drafted(folder, kind)
    gone = []
    for name in names:
        path = _find_path(folder, kind, name)
        if path.is_file() and known.get(name) == hashlib.sha256(path.read_bytes()).hexdigest():
            path.unlink()
            gone.append(name)
    return tuple(gone)


def _read_drafted(folder: Path, kind: str) -> dict[str, str]:
    """Name -> digest as drafted; {} where the list is missing or damaged, so that every file counts as edited."""
    try:
        found: dict[str, str] = json.loads((_find_path(folder, kind, "x").parent / DRAFTED).read_text())
    except (OSError, ValueError):
        return {}
    return found


def read_letter(folder: Path, kind: str, name: str) -> bytes | None:
    """The bytes of letters/<kind>/<name>, None where there is none."""
    path = _find_path(folder, kind, name)
    return path.read_bytes() if path.is_file() else None


def list_letters(folder: Path, kind: str, suffix: str = ".eml") -> tuple[str, ...]:
    """Names of the files of one kind, in order."""
    root = _find_path(folder, kind, "x").parent
    names = (path.name for path in root.iterdir() if path.is_file()) if root.is_dir() else ()
    return tuple(sorted(name for name in names if name.endswith(suffix) and not name.startswith(".")))


def list_kinds(folder: Path) -> tuple[str, ...]:
    """Kinds of letters that have been drafted, in order."""
    root = folder / LETTERS
    names = (path.name for path in root.iterdir() if path.is_dir()) if root.is_dir() else ()
    return tuple(sorted(name for name in names if _NAME.fullmatch(name) and name != "sent"))


def _find_path(folder: Path, kind: str, name: str) -> Path:
    if not _NAME.fullmatch(kind) or not _FILE.fullmatch(name):
        raise StoreError(f"{kind}/{name}", f"is not a file inside {LETTERS}/", "Report this as a fault of Answerable")
    return folder / LETTERS / kind / name


def read_log(folder: Path, name: str) -> tuple[str, ...]:
    """The whole lines of a log, () where there is none; one that a killed process left unfinished is left out."""
    path = folder / name
    if not path.is_file():
        return ()
    data = path.read_bytes()
    return tuple(data[: _find_whole(data)].decode("utf-8", "replace").splitlines())


def read_private_log(folder: Path, name: str) -> tuple[str, ...]:
    """As `read_log`, for a log below private/."""
    return read_log(folder / PRIVATE, name)


def hide_letters(folder: Path, kind: str) -> None:
    """Keep the letters of a kind, which hold private addresses, out of any repository."""
    root = _find_path(folder, kind, "x").parent
    root.mkdir(parents=True, exist_ok=True)
    (root / ".gitignore").write_text("*\n")


def mend_log(folder: Path, name: str) -> None:
    """Cut an unfinished last line off a log, so that the next line does not run on from it."""
    path = folder / name
    if not path.is_file():
        return
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        data = file.read()
        if data and not data.endswith(b"\n"):
            file.truncate(_find_whole(data))
            file.seek(0, os.SEEK_END)
            if _find_whole(data) == len(data):
                file.write(b"\n")
            file.flush()
            os.fsync(file.fileno())


def _find_whole(data: bytes) -> int:
    """Where the last whole line ends; one typed by hand without a line break is whole if it is JSON."""
    start = data.rfind(b"\n") + 1
    try:
        json.loads(data[start:])
    except ValueError:
        return start
    return len(data)


@contextmanager
def lock_outbox(folder: Path) -> Iterator[None]:
    """Hold the folder's outbox; StoreError while another process does. A killed process holds nothing."""
    with _lock(folder, LOCK, "another process is sending from this folder"):
        yield


@contextmanager
def lock_inbox(folder: Path) -> Iterator[None]:
    """Hold the folder's inbox; StoreError while another process does. A killed process holds nothing."""
    with _lock(folder, INBOX_LOCK, "another process is filing into this folder"):
        yield


@contextmanager
def _lock(folder: Path, name: str, what: str) -> Iterator[None]:
    with (folder / name).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(str(folder), what, "Wait until it has ended, then try again") from error
        yield


def list_siblings(folder: Path) -> tuple[Path, ...]:
    """Other survey folders beside this one, in order."""
    own = folder.resolve()
    found = (path for path in own.parent.iterdir() if path.is_dir() and (path / "survey.toml").is_file())
    return tuple(sorted(path for path in found if path != own))
