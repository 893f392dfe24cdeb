"""Zip containers with the time of writing taken out of them.

A docx, xlsx or ods is a zip whose members carry the clock; packed again in the same order with one fixed
time, the same content is the same bytes.
"""

import io
import re
import zipfile
from datetime import UTC, datetime

STAMP = datetime(2020, 1, 1, tzinfo=UTC)
"""The one time that every written document carries."""

_CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def freeze_zip(data: bytes) -> bytes:
    """The same members in the same order, each dated STAMP, document properties included."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "docProps/core.xml":
                content = _CLOCK.sub(rb"\g<1>2020-01-01T00:00:00Z\g<2>", content)
            add_member(new, item.filename, content, stored=item.filename == "mimetype")
    return out.getvalue()


def add_member(archive: zipfile.ZipFile, name: str, content: bytes, *, stored: bool = False) -> None:
    """Add one member dated STAMP."""
    item = zipfile.ZipInfo(name, STAMP.timetuple()[:6])
    item.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    item.external_attr = 0o644 << 16
    archive.writestr(item, content)
