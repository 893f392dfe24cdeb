"""build/: writing outputs, knowing when they are current, and keeping editions.

Only files whose bytes changed are written and files no longer produced are removed, so a page that did not
change keeps its time. `build/.state.json` remembers what the build was made from and what it wrote.
"""

import contextlib
import csv
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from answerable.errors import StoreError
from answerable.model import Figure
from answerable.store.folder import BUILD, KEPT, PRIVATE, REPLIES, read_beside, read_survey
from answerable.survey import is_embargoed

STATE = ".state.json"
PUBLISHED = "published"
EMBARGOED = "embargoed"
_LEFT_OUT = frozenset({
    BUILD, PUBLISHED, EMBARGOED, PRIVATE, KEPT, "letters", "mail.toml", "contacts.csv", "outbox.jsonl", ".outbox.lock",
})  # fmt: skip
"""What a build does not read; of the published editions it reads what they printed."""
_DATA = frozenset({REPLIES, KEPT, BUILD})
"""Folders below the package that are no part of its code: those of the bundled surveys."""
_PACKAGE = Path(__file__).resolve().parent.parent


def write_build(folder: Path, items: Iterable[tuple[str, bytes]], inputs: str | None = None) -> tuple[str, ...]:
    """Write (path in build/, bytes) pairs and return the paths whose bytes changed.

    What an earlier build wrote and this one does not is removed. `inputs` is what `hash_inputs` gave before
    reading began; where it is given, the build can later be found current.
    """
    root = folder / BUILD
    written: dict[str, str] = {}
    changed = []
    for name, data in items:
        _check_name(name)
        if name in written:
            raise StoreError(f"{BUILD}/{name}", "is written twice by one build", "Report this as a fault of Answerable")
        written[name] = hashlib.sha256(data).hexdigest()
        path = root / name
        if path.is_file() and path.read_bytes() == data:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        changed.append(name)
    _remove_stale(root, _read_state(root).get("files", {}).keys() - written.keys())
    state = {"inputs": inputs or "", "files": dict(sorted(written.items()))}
    root.mkdir(parents=True, exist_ok=True)
    (root / STATE).write_text(json.dumps(state, indent=1) + "\n")
    return tuple(changed)


def is_current(folder: Path, inputs: str) -> bool:
    """Whether build/ was made from exactly these inputs and every file of it still stands as written."""
    root = folder / BUILD
    state = _read_state(root)
    if not inputs or state.get("inputs") != inputs:
        return False
    files: dict[str, str] = state["files"]
    return all((root / name).is_file() and _hash_file(root / name) == digest for name, digest in files.items())


def hash_inputs(folder: Path) -> str:
    """One digest over every file of the folder that a build reads, and over the package's own code and data."""
    own = [path for path in sorted(folder.rglob("*")) if path.relative_to(folder).parts[0] not in _LEFT_OUT]
    return _hash_paths(folder, [*own, *sorted((folder / PUBLISHED).glob("*/*.json"))])


def hash_reader(folder: Path) -> str:
    """One digest over what decides how replies are read: the survey's own text files, and the package."""
    return _hash_paths(folder, [folder / name for name in sorted(read_beside(folder))])


def _hash_paths(folder: Path, own: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    code = (path for path in sorted(_PACKAGE.rglob("*")) if path.suffix != ".pyc" and not _DATA & {*path.parts})
    for root, paths in ((folder, own), (_PACKAGE, code)):
        for path in paths:
            if path.is_file():
                digest.update(f"{path.relative_to(root).as_posix()}\0{_hash_file(path)}\0".encode())
    return digest.hexdigest()


def read_reading(folder: Path, key: str) -> bytes | None:
    """What was kept of a reading under a key of hex digits, None where nothing was."""
    path = folder / KEPT / key
    return path.read_bytes() if path.is_file() else None


def keep_reading(folder: Path, key: str, data: bytes) -> None:
    """Keep what a reading gave under its key, whole or not at all; nothing where the folder cannot be written."""
    path = folder / KEPT / key
    partial = path.with_name(f".{key}.{os.getpid()}")
    # A survey on a read-only disk is read each time; that is slower and no fault.
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        # A folder that is cloned must be read from its documents, not from what somebody kept.
        (path.parent / ".gitignore").write_text("*\n")
        partial.write_bytes(data)
        partial.replace(path)


def forget_readings(folder: Path, keys: Iterable[str]) -> None:
    """Remove what was kept under any other key."""
    wanted = set(keys)
    for path in (folder / KEPT).glob("[0-9a-f]*"):
        if path.name not in wanted:
            with contextlib.suppress(OSError):
                path.unlink()


def read_build(folder: Path, name: str) -> bytes | None:
    """An output of the last build, None where there is none."""
    _check_name(name)
    path = folder / BUILD / name
    return path.read_bytes() if path.is_file() else None


def read_figures(folder: Path) -> tuple[Figure, ...] | None:
    """The figures of the last build, None where there is none."""
    data = read_build(folder, "figures.json")
    return None if data is None else tuple(_load_figure(row) for row in json.loads(data))


def read_releases(folder: Path) -> dict[str, str]:
    """The text of every release of the last build by its path in build/."""
    root = folder / BUILD
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.glob("releases/*.md"))}


def count_kept_errors(folder: Path) -> int:
    """How many findings of the last build are errors, from its findings.csv."""
    text = (read_build(folder, "findings.csv") or b"").decode()
    return sum(row["severity"] == "error" for row in csv.DictReader(io.StringIO(text)))


def keep_edition(folder: Path, name: str | None = None, *, now: datetime | None = None) -> Path:
    """Copy build/ to published/<name> and return that path; the next number where no name is given.

    While the survey's embargo holds at `now` (the present, where it is not given) the copy goes to
    embargoed/<name> and published/ is not touched. Where no name is given and the last numbered edition holds
    the same bytes, that one is returned. Raises StoreError when the name is taken: an edition is never written
    over; SurveyError for an embargo without an end.
    """
    embargoed = is_embargoed(read_survey(folder), now or datetime.now(UTC))
    root = folder / (EMBARGOED if embargoed else PUBLISHED)
    if name is None:
        last = max((int(path.name) for path in root.glob("*") if path.name.isdigit()), default=0)
        if last and _hash_tree(root / str(last)) == _hash_tree(folder / BUILD):
            return root / str(last)
    name = name_edition(folder, name, root.name)
    target = root / name
    root.mkdir(exist_ok=True)
    partial = root / f".{name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(folder / BUILD, partial, ignore=shutil.ignore_patterns(STATE))
    partial.rename(target)
    return target


def list_editions(folder: Path, root: str = PUBLISHED) -> tuple[str, ...]:
    """Names of the published editions, or of those in another `root`: numbers in their order and then names.

    A hidden folder is what a publication that was cut short left behind: nobody has seen it, so it is none.
    """
    found = (folder / root).glob("*/figures.json") if (folder / root).is_dir() else ()
    names = [path.parent.name for path in found if not path.parent.name.startswith(".")]
    return tuple(sorted(names, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0, name)))


def find_printed(name: str, survey: str) -> tuple[Path, Path | None]:
    """(the folder of printed files, its survey folder or None) of an edition.

    `name` is an edition of the survey folder `survey`, or the path of a folder that holds figures.json: one
    below published/, a build/, or a copy of either. StoreError says what else to name.
    """
    named = Path(survey) / PUBLISHED / name
    path = named if not name.startswith(".") and (named / "figures.json").is_file() else Path(name)
    if not (path / "figures.json").is_file():
        kept = ", ".join(list_editions(Path(survey))) or "none"
        raise StoreError(
            name,
            f"is no edition of {survey} (published there: {kept}), no survey folder and no build",
            "Name an edition with --survey FOLDER, a survey folder, or a folder that holds figures.json",
        )
    own = path.parent.parent if path.resolve().parent.name == PUBLISHED else path.parent
    return path, own if (own / "survey.toml").is_file() else None


def read_printed(path: Path) -> dict[str, str]:
    """The texts of what an edition printed, by file name; those it does not have are left out."""
    names = ("figures.json", "sentences.json", "observations.csv", "authorities.csv", "changes.json")
    return {name: (path / name).read_text(encoding="utf-8") for name in names if (path / name).is_file()}


def read_kept(folder: Path) -> dict[str, dict[str, str]]:
    """The texts of what each published edition printed, by the edition's name and the file's."""
    return {name: read_printed(folder / PUBLISHED / name) for name in list_editions(folder)}


def find_kept(folder: Path, name: str) -> Path | None:
    """The path of published/<name> where it holds the same bytes as build/."""
    path = folder / PUBLISHED / name
    return path if name and _hash_tree(path) == _hash_tree(folder / BUILD) else None


def name_edition(folder: Path, name: str | None = None, root: str = PUBLISHED) -> str:
    """`name` where an edition may be called that, the next free number where none is given.

    Raises StoreError when the name is taken: an edition is never written over.
    """
    if name is None:
        return str(1 + max((int(path.name) for path in (folder / root).glob("*") if path.name.isdigit()), default=0))
    if not re.fullmatch(r"[\w][\w.-]*", name):
        raise StoreError(name, "cannot be the name of an edition", "Use letters, digits, hyphens and dots")
    if (folder / root / name).exists():
        raise StoreError(str(folder / root / name), "is published already", "Choose another --edition")
    return name


def read_editions(folder: Path, root: str = PUBLISHED) -> dict[str, tuple[Figure, ...]]:
    """The figures of every published edition, or of those in another `root`, by the edition's name.

    Raises StoreError for an edition whose figures.json cannot be read: what was printed once must stay known.
    """
    return {name: _load_figures(folder / root / name / "figures.json") for name in list_editions(folder, root)}


def read_seen(folder: Path) -> dict[str, tuple[Figure, ...]]:
    """The figures of every edition that somebody outside may hold: the published ones by name, and as
    embargoed/NAME those that were handed out before their time, which tell a count as surely.

    Raises StoreError as `read_editions` does.
    """
    drafts = read_editions(folder, EMBARGOED)
    return read_editions(folder) | {f"{EMBARGOED}/{name}": figures for name, figures in drafts.items()}


def _load_figures(path: Path) -> tuple[Figure, ...]:
    try:
        return tuple(_load_figure(row) for row in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(str(path), f"cannot be read ({error})", "Restore the edition as it was published") from error


def _load_figure(row: dict[str, Any]) -> Figure:
    """A Figure from its row in figures.json, where a dimension is an object or a pair."""
    lists = {name: tuple(row[name]) for name in ("missing", "observations")}
    dimensions = row["dimensions"]
    pairs = dimensions.items() if isinstance(dimensions, dict) else dimensions
    return Figure(**{**row, **lists, "dimensions": tuple((name, code) for name, code in pairs)})


def _check_name(name: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name:
        raise StoreError(name, "is not a path inside build/", "Report this as a fault of Answerable")


def _remove_stale(root: Path, names: Iterable[str]) -> None:
    for name in sorted(names):
        path = root / name
        path.unlink(missing_ok=True)
        while path.parent != root and path.parent.is_dir() and not any(path.parent.iterdir()):
            path = path.parent
            path.rmdir()


def _read_state(root: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((root / STATE).read_text())
    except (OSError, ValueError):
        return {}
    return state


def _hash_tree(root: Path) -> dict[str, str]:
    """Path -> digest of every file below a folder but the build's own state."""
    files = (path for path in root.rglob("*") if path.is_file())
    found = {path.relative_to(root): path for path in files}
    return {name.as_posix(): _hash_file(path) for name, path in found.items() if name.parts[0] != STATE}


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
