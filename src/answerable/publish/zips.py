"""Word and Excel files as the same bytes every time: a zip whose members are ordered and dated the same.

Both formats are zips that carry the time of writing, in the archive and in docProps/core.xml. The trap: a
reader of such files needs [Content_Types].xml first, so the order of members is kept as it was written.
"""

import io
import re
import zipfile

MOMENT = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold."""
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def settle_zip(data: bytes) -> bytes:
    """The same archive with every member dated 1980-01-01 and the core properties' times fixed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            body = source.read(item)
            if item.filename == "docProps/core.xml":
                body = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", body)
            target.writestr(_make_entry(item.filename), body)
    return out.getvalue()


def make_zip(files: dict[str, bytes]) -> bytes:
    """A zip of these files in the order given, the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in files.items():
            target.writestr(_make_entry(name), body)
    return out.getvalue()


def extend_zip(start: bytes, files: dict[str, bytes]) -> bytes:
    """The archive with further files at its end; what it holds is not compressed again."""
    out = io.BytesIO(start)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        for name, body in files.items():
            target.writestr(_make_entry(name), body)
    return out.getvalue()


def _make_entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
