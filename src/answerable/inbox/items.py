"""A path -> the letters and files in it, one at a time: a file, a folder of them, a Maildir or an mbox of any size.

The trap is a mailbox of gigabytes: an mbox is mapped, not read, and one message is in memory at a time.
"""

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from answerable.errors import StoreError
from answerable.formats.limits import MAX_DOCUMENT

MAIL = frozenset({".eml", ".msg"})
_FROM = re.compile(rb"From [^\n]{1,200}\n")
_QUOTED = re.compile(rb"(?m)^>(>*From )")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that came: a mail as bytes, or any other file. `source` is what a person calls where it was;
    `uid` names its place in a mailbox, "" elsewhere. `data` is None where it is larger than what is read."""

    kind: Literal["mail", "file"]
    name: str
    source: str
    data: bytes | None
    uid: str = ""


def read_items(path: Path) -> Iterator[Item]:
    """Every item at a path, in a fixed order. StoreError where there is nothing."""
    if path.is_dir():
        yield from _read_folder(path)
    elif not path.is_file():
        raise StoreError(str(path), "there is no such file or folder", "Name a mail, a mailbox, a folder or a file")
    elif path.suffix.lower() not in MAIL and _is_mbox(path):
        yield from read_mbox(path)
    else:
        yield _read_file(path)


def _read_folder(path: Path) -> Iterator[Item]:
    """A Maildir's messages (its folders `cur` and `new`), or the files of any other folder and those below it.

    Links are not followed: what is dropped into a folder must not reach outside it.
    """
    if (path / "cur").is_dir() and (path / "new").is_dir():
        files = (file for name in ("cur", "new") for file in sorted((path / name).iterdir()))
        yield from (_read_file(file, kind="mail") for file in files if file.is_file() and not file.is_symlink())
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and not file.is_symlink() and not any(part.startswith(".") for part in file.parts[-2:]):
            yield from read_items(file)


def _read_file(path: Path, kind: Literal["mail", "file"] | None = None) -> Item:
    large = path.stat().st_size > MAX_DOCUMENT
    sort: Literal["mail", "file"] = kind or ("mail" if path.suffix.lower() in MAIL else "file")
    return Item(kind=sort, name=path.name, source=path.name, data=None if large else path.read_bytes())


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return _FROM.match(file.read(400)) is not None


def read_mbox(path: Path) -> Iterator[Item]:
    """The messages of an mbox (RFC 4155), each with its quoted "From " lines as they were sent."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as box:
        start, number = 0, 0
        while start < len(box):
            end = _find_end(box, start)
            body = box.find(b"\n", start, end) + 1 or end
            number += 1
            large = end - body > MAX_DOCUMENT
            data = None if large else _QUOTED.sub(rb"\1", box[body:end])
            yield Item(kind="mail", name=f"{number}.eml", source=f"{path.name}, message {number}", data=data)
            start = end


def _find_end(box: mmap.mmap, start: int) -> int:
    """Where the next message begins: a line "From ..." after an empty one."""
    at = start
    while (at := box.find(b"\nFrom ", at + 1)) >= 0:
        if box[at - 1 : at] == b"\n" or box[at - 2 : at] == b"\n\r":
            return at + 1
    return len(box)
