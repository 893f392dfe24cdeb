"""Finding a survey folder, reading its own files, and appending decisions."""

import fcntl
import os
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from answerable.errors import StoreError
from answerable.model import Document, Survey
from answerable.survey import parse_survey

BUNDLED = Path(__file__).resolve().parent.parent / "surveys"
BUILD = "build"
REPLIES = "replies"
PRIVATE = "private"
"""What never leaves the desk: subscribers, letters to authorities. No build reads it, no edition holds it."""
KEPT = ".readings"
"""Beside build/, not in it: what is kept of a reading holds what the documents hide, and build/ is for print."""


def list_bundled() -> tuple[str, ...]:
    """Names of the surveys that come with the package."""
    return tuple(sorted(path.parent.name for path in BUNDLED.glob("*/survey.toml")))


def find_folder(name: str) -> Path:
    """The survey folder at a path, or StoreError that says what to do instead."""
    folder = Path(name)
    if (folder / "survey.toml").is_file():
        return folder
    what = "there is no survey.toml in it" if folder.is_dir() else "there is no such folder"
    hint = f"answerable demo {name}" if name in list_bundled() else f"answerable new {name}"
    raise StoreError(name, what, f"Name a survey folder, or make one with `{hint}`")


def find_audit(name: str) -> Path:
    """The audit folder at a path, or StoreError that says what to do instead."""
    folder = Path(name)
    if (folder / "audit.toml").is_file():
        return folder
    what = "there is no audit.toml in it" if folder.is_dir() else "there is no such folder"
    raise StoreError(name, what, f"Name an audit folder, or make one with `answerable standards new {name}`")


def copy_survey(name: str, target: Path) -> Path:
    """Copy a bundled survey to `target`, leaving files that are there already as they are; returns `target`.

    Copies nothing over: a user's decisions and lookups outlive an update of the package.
    """
    if name not in list_bundled():
        raise StoreError(name, "is not a bundled survey", f"Choose one of {', '.join(list_bundled())}")
    source = BUNDLED / name
    for path in sorted(source.rglob("*")):
        if path.is_dir() or {BUILD, KEPT} & {*path.relative_to(source).parts} or path.suffix == ".pyc":
            continue
        into = target / path.relative_to(source)
        if not into.exists():
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, into)
    return target


def write_folder(target: Path, files: Mapping[str, str | bytes]) -> tuple[str, ...]:
    """Write the files of a new survey folder and return their names; nothing is overwritten.

    Raises StoreError when the folder already holds one of the files.
    """
    for name in files:
        if (target / name).exists():
            raise StoreError(str(target / name), "is there already", "Name another folder, or move that file away")
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return tuple(files)


def read_beside(folder: Path) -> dict[str, str]:
    """The survey's own text files by name: survey.toml, lookups.toml and every CSV and GeoJSON beside them."""
    names = sorted(
        path.name for path in folder.iterdir() if path.suffix in {".toml", ".csv", ".geojson"} and path.is_file()
    )
    found = {name: read_text(folder, name) for name in names}
    return {name: text for name, text in found.items() if text is not None}


def read_texts(folder: Path, place: str, suffix: str) -> dict[str, str]:
    """The text files of one place in a survey folder whose names end in `suffix`, by name."""
    root = folder / place
    names = sorted(path.name for path in root.iterdir() if path.suffix == suffix) if root.is_dir() else []
    found = {name: read_text(folder, f"{place}/{name}") for name in names}
    return {name: text for name, text in found.items() if text is not None}


def read_text(folder: Path, name: str) -> str | None:
    """A text file of the survey folder, None where there is none; StoreError when it is not UTF-8."""
    path = folder / name
    if not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StoreError(str(path), f"is not UTF-8 text (byte {error.start})", "Save it as UTF-8") from error


def read_survey(folder: Path) -> Survey:
    """The Survey in a folder. Raises StoreError without survey.toml, SurveyError for what is wrong in it."""
    text = read_text(folder, "survey.toml")
    if text is None:
        raise StoreError(str(folder), "there is no survey.toml in it", "Make one with `answerable new`")
    return parse_survey(text, str(folder / "survey.toml"), lambda name: _read_beside(folder, name))


def _read_beside(folder: Path, name: str) -> str | None:
    """A file beside survey.toml, else a bundled register or code list of that name."""
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise StoreError(name, "leads out of the survey folder", "Put the file beside survey.toml")
    if (text := read_text(folder, name)) is not None:
        return text
    bundled = name if name.endswith(".csv") else f"{name}.csv"
    return read_text(BUNDLED / "registers", bundled)


def read_lookups(folder: Path) -> str:
    """The text of lookups.toml, "" where there is none."""
    return read_text(folder, "lookups.toml") or ""


def read_decisions(folder: Path) -> str:
    """The text of decisions.jsonl, "" where there is none."""
    return read_text(folder, "decisions.jsonl") or ""


def append_decision(folder: Path, line: str) -> None:
    """Append one line to decisions.jsonl."""
    append_line(folder, "decisions.jsonl", line)


def append_line(folder: Path, name: str, line: str) -> None:
    """Append one line to a log of the survey folder, whole or not at all, whoever else is writing."""
    path = folder / name
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(line.rstrip("\n").encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def write_private(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files below private/ over what stands there, and return their paths.

    The folder is made readable to its owner only, with a .gitignore that keeps all of it out of a repository.
    """
    root = folder / PRIVATE
    root.mkdir(mode=0o700, exist_ok=True)
    (root / ".gitignore").write_text("*\n")
    paths = []
    for name, data in files.items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise StoreError(name, "leads out of private/", "Report this as a fault of Answerable")
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        paths.append(path)
    return tuple(paths)


def append_private(folder: Path, name: str, line: str) -> None:
    """Append one line to a log below private/, whole or not at all; readable to its owner only."""
    write_private(folder, {})
    append_line(folder / PRIVATE, name, line)
    (folder / PRIVATE / name).chmod(0o600)


def read_bytes(folder: Path, document: Document) -> bytes:
    """The bytes of a document that is a file of its own (not one inside another)."""
    path = folder / REPLIES / document.path
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(str(path), f"cannot be read ({error.strerror})", "Check its permissions") from error
