"""Kill a process that sends a digest at every point where it touches a file or a socket, and take it up again.

`python kill_digest.py FOLDER PORT BOX`: for each point a copy of the survey folder and a new process. Prints a line a
point: what arrived for each subscriber, and what is known of it afterwards.
"""

import json
import os
import shutil
import sys
from collections import Counter
from email import message_from_bytes
from pathlib import Path

from answerable import store
from answerable.ask.outbox import read_outbox
from answerable.publish.digest import find_issue, send_digests
from kill_sweep import arm
from sending import make_mail


def run(folder: Path, port: int, point: int | None) -> bool:
    """Send in a child; whether it was killed."""
    survey = store.read_survey(folder)
    issue, latest = find_issue(survey, store.read_kept(folder))
    child = os.fork()
    if child == 0:
        if point is not None:
            arm(point)
        send_digests(folder, survey, make_mail(port), issue, latest)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def count_box(box: Path) -> Counter[str]:
    """Message-ID -> how often it came, and the box emptied."""
    paths = sorted(box.iterdir())
    found = Counter(str(message_from_bytes(path.read_bytes())["Message-ID"]) for path in paths)
    for path in paths:
        path.unlink()
    return found


def sweep(folder: Path, port: int, box: Path) -> None:
    point, killed = 0, True
    while killed:
        point += 1
        copy = folder.with_name(f"point-{point}")
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("build", "site"))
        killed = run(copy, port, point)
        if run(copy, port, None):
            raise SystemExit(f"{copy} did not end")
        states = {name: entry.state for name, entry in read_outbox(copy).items()}
        line = {"point": point, "killed": killed, "received": count_box(box), "states": states}
        sys.stdout.write(json.dumps(line) + "\n")
        shutil.rmtree(copy)


if __name__ == "__main__":
    sweep(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
