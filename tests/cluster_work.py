"""Functions that worker processes import by name for test_cluster.py."""

import os
import signal
import time
from pathlib import Path


def square(number: int) -> int:
    return number * number


def stay_a_moment(number: int) -> tuple[int, bytes]:
    time.sleep(0.02)
    return number, f"{number}\n".encode() * 3


def die_once(item: tuple[int, str]) -> int:
    """Ends its own process, as the kernel does when memory runs out, the first time item 5 is run."""
    number, folder = item
    marker = Path(folder, "died")
    if number == 5 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 10


def die_always(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 10


def refuse_seven(number: int) -> int:
    if number == 7:
        raise ValueError("seven is refused")
    return number
