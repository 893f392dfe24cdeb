"""Kill a sending process at every point where it touches a file or a socket: `python kill_sweep.py FOLDER PORT`.

For each point a new survey folder and a new process, killed by itself when it gets there (an audit hook counts);
then the run is taken up again. Prints a line a point: the folder, and whether the process got there.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from answerable.ask.send import send_letters
from sending import make_letters, make_mail

POINTS = ("open", "os.rename", "fcntl.flock", "fcntl.lockf", "socket.connect", "smtplib.connect", "smtplib.send")
N_LETTERS = 2


def arm(point: int) -> None:
    """From now on, die at the nth thing that can be seen from outside."""
    seen = 0

    def count(event: str, _: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in POINTS:
            seen += 1
            if seen == point:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def run(folder: Path, port: int, point: int | None) -> bool:
    """Send in a child; whether it was killed."""
    child = os.fork()
    if child == 0:
        if point is not None:
            arm(point)
        send_letters(folder, make_letters(folder.name, N_LETTERS), make_mail(port))
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def sweep(root: Path, port: int) -> None:
    point, killed = 0, True
    while killed:
        point += 1
        folder = root / f"point-{point}"
        folder.mkdir()
        killed = run(folder, port, point)
        if run(folder, port, None):
            raise SystemExit(f"{folder} did not end")
        sys.stdout.write(f"{folder.name} {int(killed)}\n")


if __name__ == "__main__":
    sweep(Path(sys.argv[1]), int(sys.argv[2]))
