"""Writing what reviewers say: decisions.jsonl and lookups.toml, with several people at work at once.

Every write happens under a lock and after a look at what was written since the writer last read. The trap is
the last writer wins: a caller says how far it had read, and is told what came in between instead of writing.
"""

import fcntl
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from answerable.errors import StoreError

DECISIONS = "decisions.jsonl"
LOOKUPS = "lookups.toml"


def append_decisions(folder: Path, lines: Iterable[str], seen: int, refuses: Callable[[str], bool]) -> bool:
    """Append lines to decisions.jsonl unless `refuses` what stands after the first `seen` bytes; says whether.

    All lines are written or none, whoever else is writing.
    """
    path = folder / DECISIONS
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0, os.SEEK_END)
        size = file.tell()
        file.seek(min(seen, size))
        since = file.read().decode()
        if refuses(since):
            return False
        body = "".join(f"{line.rstrip(chr(10))}\n" for line in lines)
        file.seek(max(size - 1, 0))
        if size and file.read(1) != b"\n":
            body = f"\n{body}"  # a line cut off by a crash must not swallow this one
        file.write(body.encode())
        file.flush()
        os.fsync(file.fileno())
    return True


def change_lookups(folder: Path, expected: str, text: str) -> None:
    """Put `text` in the place of lookups.toml, where it still reads `expected`; whole or not at all.

    Raises StoreError when somebody changed it in the meantime.
    """
    path = folder / LOOKUPS
    with (folder / "survey.toml").open("rb") as lock:  # a lock file of its own would be an input of the build
        fcntl.flock(lock, fcntl.LOCK_EX)
        now = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
        if now != expected:
            raise StoreError(str(path), "was changed in the meantime", "Look at it again and choose anew")
        partial = folder / f".{LOOKUPS}.partial"
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)


def find_stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of the files that a reviewer or an editor changes, to see that they did."""
    names = (DECISIONS, LOOKUPS, "survey.toml", "requests.jsonl", "second-readings.jsonl")
    found = ((name, (folder / name).stat()) for name in names if (folder / name).is_file())
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)
