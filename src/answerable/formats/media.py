"""File name and first bytes -> media type -> format.

Stands before every reader. Content decides, then the name: disclosure logs serve HTML tables called `.xls` and
workbooks called `.csv`. The trap: the zip-based and the OLE-based formats share their first bytes, so those
containers are opened just far enough to see what is inside.
"""

import io
import re
import zipfile
from pathlib import PurePosixPath

from answerable.formats.limits import ZIP_ERRORS
from answerable.store.replies import MEDIA_TYPES, UNKNOWN

XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
ODT = "application/vnd.oasis.opendocument.text"

FORMATS: dict[str, str] = {
    MEDIA_TYPES["xlsx"]: "xlsx",
    MEDIA_TYPES["xlsm"]: "xlsx",
    XLSB: "xlsb",
    MEDIA_TYPES["xls"]: "xls",
    MEDIA_TYPES["ods"]: "ods",
    MEDIA_TYPES["csv"]: "csv",
    MEDIA_TYPES["tsv"]: "csv",
    MEDIA_TYPES["docx"]: "docx",
    MEDIA_TYPES["doc"]: "doc",
    ODT: "doc",
    MEDIA_TYPES["rtf"]: "rtf",
    MEDIA_TYPES["pdf"]: "pdf",
    MEDIA_TYPES["html"]: "html",
    MEDIA_TYPES["eml"]: "eml",
    MEDIA_TYPES["msg"]: "msg",
    MEDIA_TYPES["mbox"]: "mbox",
    MEDIA_TYPES["zip"]: "zip",
    MEDIA_TYPES["txt"]: "text",
    MEDIA_TYPES["md"]: "text",
    MEDIA_TYPES["png"]: "scan",
    MEDIA_TYPES["jpg"]: "scan",
    MEDIA_TYPES["tif"]: "scan",
    "image/gif": "scan",
    "image/bmp": "scan",
    "text/calendar": "text",
    "text/vcard": "text",
}
"""Media type -> format, a key of `formats.READERS`."""

NAMES: dict[str, str] = {
    **MEDIA_TYPES,
    "xlsb": XLSB,
    "odt": ODT,
    "xltx": MEDIA_TYPES["xlsx"],
    "xltm": MEDIA_TYPES["xlsm"],
    "xhtml": MEDIA_TYPES["html"],
    "docm": MEDIA_TYPES["docx"],
    "tab": MEDIA_TYPES["tsv"],
    "gif": "image/gif",
    "bmp": "image/bmp",
    "ics": "text/calendar",
    "vcf": "text/vcard",
    "log": MEDIA_TYPES["txt"],
    "text": MEDIA_TYPES["txt"],
}
"""Media type by the end of a file's name."""

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", MEDIA_TYPES["rtf"]),
    (b"\x89PNG\r\n\x1a\n", MEDIA_TYPES["png"]),
    (b"\xff\xd8\xff", MEDIA_TYPES["jpg"]),
    (b"GIF8", "image/gif"),
    (b"II*\x00", MEDIA_TYPES["tif"]),
    (b"MM\x00*", MEDIA_TYPES["tif"]),
)

_HTML = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table|meta|div)\b", re.I | re.S
)
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")
_MAIL_NAMES = re.compile(rb"^(?:return-path|received|from|to|date|subject|mime-version|message-id):", re.I | re.M)
_PLAIN = {MEDIA_TYPES[name] for name in ("txt", "md", "csv", "tsv", "eml", "mbox")}
_TEXTUAL = _PLAIN | {MEDIA_TYPES["html"]}


def guess_media_type(name: str, data: bytes) -> str:
    """The media type of a file by its content, then its name; application/octet-stream when neither tells."""
    by_name = NAMES.get(PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip("."), UNKNOWN)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _guess_zip(data, by_name)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _guess_ole(data, by_name)
    for magic, media_type in MAGIC:
        if data.startswith(magic):
            return media_type
    head = data[:2048]
    if b"%PDF-" in head[:1024] and by_name not in _PLAIN:
        return MEDIA_TYPES["pdf"]
    text = head.removeprefix(b"\xef\xbb\xbf")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = text[2:].replace(b"\x00", b"")
    if _HTML.match(text) and by_name not in _PLAIN:
        return MEDIA_TYPES["html"]
    return _guess_text(text, by_name)


def _guess_text(head: bytes, by_name: str) -> str:
    if by_name == UNKNOWN and head.startswith(b"From ") and _MAIL_NAMES.search(head):
        return MEDIA_TYPES["mbox"]
    if by_name == UNKNOWN and _MAIL.match(head.replace(b"\r\n", b"\n")) and _MAIL_NAMES.search(head):
        return MEDIA_TYPES["eml"]
    return by_name


def _guess_zip(data: bytes, by_name: str) -> str:
    """Look at member names only: nothing is unpacked here."""
    kind = ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "content.xml" in names and "mimetype" in names:
                with archive.open("mimetype") as member:
                    kind = member.read(100).decode("ascii", "replace").strip()
    except ZIP_ERRORS:
        return by_name if by_name not in _TEXTUAL | {UNKNOWN} else MEDIA_TYPES["zip"]
    if "xl/workbook.bin" in names:
        return XLSB
    if any(name.startswith("xl/") for name in names) and "[Content_Types].xml" in names:
        return MEDIA_TYPES["xlsm"] if "xl/vbaProject.bin" in names else MEDIA_TYPES["xlsx"]
    if any(name.startswith("word/") for name in names) and "[Content_Types].xml" in names:
        return MEDIA_TYPES["docx"]
    if kind:
        return ODT if kind == ODT else MEDIA_TYPES["ods"] if "spreadsheet" in kind else MEDIA_TYPES["zip"]
    return MEDIA_TYPES["zip"]


def _guess_ole(data: bytes, by_name: str) -> str:
    """Tell the OLE formats apart by their stream names, which the directory holds in UTF-16."""
    for stream, media_type in (
        ("EncryptedPackage", by_name if by_name in (MEDIA_TYPES["docx"], MEDIA_TYPES["xlsm"]) else MEDIA_TYPES["xlsx"]),
        ("__properties_version1.0", MEDIA_TYPES["msg"]),
        ("WordDocument", MEDIA_TYPES["doc"]),
        ("Workbook", MEDIA_TYPES["xls"]),
        ("Book", MEDIA_TYPES["xls"]),
    ):
        if (stream + "\0").encode("utf-16-le") in data:
            return media_type
    return by_name if by_name not in _TEXTUAL else UNKNOWN
