"""A real Dask scheduler and workers on loopback, each a process of its own, and the work that they import by name."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from answerable.flag import Job, flag_bytes

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def start_cluster(folder: Path, count: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler in `folder`, and its process and those of its `count` workers; all end with the
    block."""
    place = folder / f"scheduler-{count}.json"
    paths = os.pathsep.join(str(ROOT / name) for name in ("src", "bench", "tests"))
    environment = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    dask = [sys.executable, "-m", "dask"]
    quiet: dict[str, Any] = {
        "env": environment, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
    }  # fmt: skip
    # The scheduler declares a worker lost only when its connection closes, which the kernel does at once on loopback.
    scheduler = [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file"]
    worker = [*dask, "worker", "--scheduler-file", str(place), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    processes = [subprocess.Popen([*scheduler, str(place)], **quiet)]
    try:
        processes += [subprocess.Popen([*worker, "--host", "127.0.0.1"], **quiet) for _ in range(count)]
        yield _wait_for_workers(place, count), processes
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def _wait_for_workers(place: Path, count: int) -> str:
    from distributed import Client

    deadline = time.monotonic() + 90
    while not place.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    with Client(scheduler_file=str(place), set_as_default=False) as client:
        client.wait_for_workers(count, timeout=90)
        return str(client.scheduler.address)


def flag_timed(job: Job) -> tuple[float, bytes]:
    """A batch's flags and the processor seconds that our own code took over them."""
    started = time.process_time()
    flags = flag_bytes(job)
    return time.process_time() - started, flags


def read_processor(pid: int) -> float:
    """The processor seconds that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
