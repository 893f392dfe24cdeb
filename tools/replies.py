"""What every tools/make_*.py ends with: the files of a bundled survey's replies written and listed."""

import sys
from collections.abc import Iterable
from pathlib import Path

SURVEYS = Path(__file__).resolve().parent.parent / "src" / "answerable" / "surveys"


def write_replies(survey: str, items: Iterable[tuple[str, bytes]]) -> None:
    """Write (path under replies/, bytes) pairs of a bundled survey, and print the size of each on stderr."""
    for path, data in items:
        target = SURVEYS / survey / "replies" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        print(f"{len(data):>7} {path}", file=sys.stderr)
