"""Bytes found inside a document -> Documents of their own, with a path that continues the outer one.

Stands under the containers (mail, archive, docx). The trap: names inside mails and archives are written by
strangers. They may climb (`../../x`), be empty, repeat, or be a thousand characters long; none of that reaches
a path.
"""

import hashlib
import re
from collections.abc import Iterable

from answerable.formats.media import guess_media_type
from answerable.model import Document

MAX_NAME = 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*!]')


def make_inner(outer: Document, members: Iterable[tuple[str, bytes]]) -> tuple[tuple[Document, bytes], ...]:
    """Each named member as a Document inside `outer`, in order, with its bytes; repeated names are numbered."""
    used: dict[str, int] = {}
    found = []
    for number, (name, data) in enumerate(members, 1):
        path = clean_name(name) or f"part-{number}"
        used[path] = count = used.get(path, 0) + 1
        if count > 1:
            path = number_name(path, count)
        last = path.rpartition("/")[2]
        document = Document(
            sha256=hashlib.sha256(data).hexdigest(),
            name=last,
            media_type=guess_media_type(last, data),
            path=f"{outer.path}!{path}",
            parent=outer.path,
        )
        found.append((document, data))
    return tuple(found)


def clean_name(name: str) -> str:
    """A member's name as a relative path that cannot climb: no drive, no "..", no control characters."""
    parts = [_UNSAFE.sub("_", part).strip() for part in name.replace("\\", "/").split("/")]
    parts = [part for part in parts if part not in ("", ".", "..")]
    return "/".join(part[-MAX_NAME:] for part in parts[-4:])


def number_name(path: str, count: int) -> str:
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}-{count}.{suffix}" if dot and "/" not in suffix and stem else f"{path}-{count}"
