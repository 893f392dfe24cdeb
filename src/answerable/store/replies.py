"""replies/<authority>/... -> Reply: one for every authority asked, with its documents and its reply.toml."""

import hashlib
import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from answerable.errors import StoreError
from answerable.model import Caveat, CaveatKind, Document, Exemption, Finding, Outcome, Reply, Survey, Unit
from answerable.store.folder import PRIVATE, REPLIES, read_text
from answerable.survey.settings import check_keys, refuse_key

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "rtf": "application/rtf",
    "pdf": "application/pdf",
    "htm": "text/html",
    "html": "text/html",
    "eml": "message/rfc822",
    "msg": "application/vnd.ms-outlook",
    "mbox": "application/mbox",
    "zip": "application/zip",
    "txt": "text/plain",
    "md": "text/markdown",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "tif": "image/tiff",
    "tiff": "image/tiff",
}
"""Media type by file name; the readers look at the bytes too."""

UNKNOWN = "application/octet-stream"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}")


def read_replies(folder: Path, survey: Survey) -> tuple[tuple[Reply, ...], tuple[Finding, ...]]:
    """One Reply for every authority asked, in the survey's order, and Findings for folders that match none.

    An authority without a folder has outcome `waiting_response` and no documents. A folder with documents but
    no stated outcome also has `waiting_response`: the line settles it from the letters.
    """
    root = folder / REPLIES
    known = {authority.id for authority in survey.authorities}
    folders = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    findings = [_report_unknown(path.name, survey) for path in folders if path.name not in known]
    if root.is_dir():
        findings += [
            _report_stray(path.name) for path in sorted(root.iterdir()) if path.is_file() and _is_reply_file(path)
        ]
    replies = tuple(_read_reply(root / authority.id, authority.id) for authority in survey.authorities)
    return replies, tuple(findings)


def file_reply(folder: Path, authority: str, name: str, data: bytes) -> str:
    """Write replies/<authority>/<name>, whole or not at all, and give that path; what stands there is never altered.

    Raises StoreError where other bytes stand under that name, or the name leads elsewhere.
    """
    if not _PLAIN.fullmatch(authority) or not _PLAIN.fullmatch(name):
        raise StoreError(
            f"{authority}/{name}", f"is not a file inside {REPLIES}/", "Report this as a fault of Answerable"
        )
    path = folder / REPLIES / authority / name
    if path.is_file():
        if path.read_bytes() != data:
            raise StoreError(str(path), "holds other bytes", "Move that file away, then file it again")
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{name}.partial")
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    return path.relative_to(folder).as_posix()


def read_waiting(folder: Path, path: str) -> bytes:
    """The bytes of something that waits below private/; StoreError where it is gone."""
    file = folder / path
    if ".." in Path(path).parts or Path(path).parts[:1] != (PRIVATE,) or not file.is_file():
        raise StoreError(path, "is not there any more", "File it again from where it came")
    return file.read_bytes()


def _report_unknown(name: str, survey: Survey) -> Finding:
    return Finding(
        check="unknown-authority",
        severity="error",
        message=f'{REPLIES}/{name}: no authority of the survey {survey.id} has the id "{name}". '
        "Rename the folder to an id of the register, or add the authority to survey.toml.",
        subject=name,
    )


def _report_stray(name: str) -> Finding:
    return Finding(
        check="unknown-authority",
        severity="error",
        message=f"{REPLIES}/{name}: a file outside any authority's folder, not read. "
        f"Move it into {REPLIES}/<authority>/.",
        subject="",
    )


def _is_reply_file(path: Path) -> bool:
    return not path.name.startswith((".", "~$")) and path.name not in {"reply.toml", "Thumbs.db", "README.md"}


def _read_reply(path: Path, authority: str) -> Reply:
    where = f"{REPLIES}/{authority}/reply.toml"
    text = read_text(path, "reply.toml") if path.is_dir() else None
    stated = _parse_toml(text, where) if text else {}
    documents = tuple(_make_document(file, path.parent) for file in _list_files(path))
    return Reply(
        id=authority,
        authority=authority,
        received=stated.get("received"),
        outcome=_choose(stated.get("outcome", "waiting_response"), get_args(Outcome), where),
        documents=documents,
        exemptions=tuple(Exemption(**{"question": "", **item}) for item in stated.get("exemption", ())),
        caveats=tuple(_parse_caveat(item, where) for item in stated.get("caveat", ())),
        unit=_choose(stated["unit"], get_args(Unit), where) if "unit" in stated else None,
        reference=stated.get("reference", ""),
        recreated_from=tuple(stated.get("recreated_from", ())),
        note=stated.get("note", ""),
    )


def _list_files(path: Path) -> list[Path]:
    """A reply's files in a fixed order. Links are not followed: a reply must not reach outside its folder."""
    if not path.is_dir():
        return []
    files = [file for file in path.rglob("*") if file.is_file() and not file.is_symlink() and _is_reply_file(file)]
    return sorted(files, key=lambda file: file.relative_to(path).as_posix())


def _make_document(path: Path, root: Path) -> Document:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    suffix = path.suffix.lower().lstrip(".")
    return Document(
        sha256=digest,
        name=path.name,
        media_type=MEDIA_TYPES.get(suffix, UNKNOWN),
        path=path.relative_to(root).as_posix(),
    )


def _parse_toml(text: str, where: str) -> dict[str, Any]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StoreError(where, f"is not valid TOML: {error}", "Correct that line") from error
    check_keys("reply", raw, where)
    for name in ("exemption", "caveat"):
        for item in raw.get(name, ()):
            check_keys(f"reply.{name}", item, where)
    return raw


def _parse_caveat(item: dict[str, Any], where: str) -> Caveat:
    return Caveat(**{**item, "kind": _choose(item["kind"], get_args(CaveatKind), where)})


def _choose(value: str, allowed: Sequence[str], where: str) -> Any:
    if value not in allowed:
        refuse_key(value, list(allowed), where)
    return value
