"""A zip archive -> its members, each a Document. The trap is the bomb: sizes are counted as bytes come out."""

import io
import zipfile

from answerable.errors import UnreadableDocument
from answerable.formats.inner import make_inner
from answerable.formats.limits import MAX_MEMBERS, MAX_UNPACKED, ZIP_ERRORS
from answerable.model import Document


def unpack(document: Document, data: bytes) -> tuple[tuple[Document, bytes], ...]:
    """Every file in the archive in its own order; raises UnreadableDocument past the limits of `limits`."""
    members = []
    room = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > MAX_MEMBERS:
                raise UnreadableDocument(
                    document.path,
                    f"holds {len(infos):,} files, more than {MAX_MEMBERS:,}",
                    "Unpack it by hand and keep the files that answer the request",
                )
            for info in infos:
                with archive.open(info) as member:
                    inner = member.read(room + 1)
                room -= len(inner)
                if room < 0:
                    raise UnreadableDocument(
                        document.path,
                        f"unpacks to more than {MAX_UNPACKED:,} bytes",
                        "Unpack it by hand and keep the files that answer the request",
                    )
                members.append((info.filename, inner))
    except ZIP_ERRORS as error:
        locked = "password" in str(error) or "encrypted" in str(error)
        what = "is protected with a password" if locked else f"is damaged and cannot be unpacked ({error})"
        raise UnreadableDocument(
            document.path, what, "Unpack it by hand, or ask the authority to send it again"
        ) from error
    return make_inner(document, members)
