"""read_document and unpack_document in a worker process with bounded time and memory.

What the line calls for documents as they came. Workers are kept and used again, one for each caller at a time,
so a small letter costs a pipe's round trip. The traps: a worker that dies must not take the next document with
it, and what a worker answers is not trusted either: only plain data is let through.
"""

import atexit
import contextlib
import io
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from answerable.errors import UnreadableDocument
from answerable.formats.frames import build_documents, build_findings, build_grids
from answerable.formats.limits import MAX_DOCUMENT, MEMORY, WALL_SECONDS
from answerable.model import Document, Finding, Grid

ATTEMPTS = 2
"""Workers a document may end before it is given up: the first may have been weakened by the one before."""
_ALLOWED = {("datetime", "date"), ("datetime", "datetime")}


def read_safely(document: Document, data: bytes, *, memory: int = MEMORY, seconds: int = 0) -> tuple[Grid, ...]:
    """The Grids of a document, read in a worker.

    `memory` is bytes of address space, `seconds` processor seconds (0: by format, see `limits`). Raises
    UnreadableDocument for all that can go wrong with it, running out of either included.
    """
    return build_grids(run_safely("read", document, data, memory=memory, seconds=seconds))


def unpack_safely(
    document: Document, data: bytes, *, memory: int = MEMORY, seconds: int = 0
) -> tuple[tuple[Document, bytes], ...]:
    """The documents inside a document, unpacked in a worker; limits and errors as `read_safely`."""
    return build_documents(run_safely("unpack", document, data, memory=memory, seconds=seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One document opened: its Grids, what screening found, the documents inside it, and why those could not be
    unpacked (`fault`, None when they could)."""

    grids: tuple[Grid, ...]
    findings: tuple[Finding, ...]
    inner: tuple[tuple[Document, bytes], ...]
    fault: UnreadableDocument | None


def open_safely(
    document: Document, data: bytes, *, domains: tuple[str, ...] = (), memory: int = MEMORY, seconds: int = 0
) -> Opened:
    """A document read, screened and unpacked in one round trip to a worker; limits and errors as `read_safely`.

    `domains` are mail domains that give no one away, as for `screening.screen_document`.
    """
    frames = run_safely("open", document, data, domains=domains, memory=memory, seconds=seconds)
    grids, findings, inner, error = frames
    return Opened(
        grids=build_grids(grids),
        findings=build_findings(findings),
        inner=build_documents(inner),
        fault=UnreadableDocument(*map(str, error)) if error else None,
    )


def draw_safely(document: Document, data: bytes, number: int) -> tuple[bytes, float, float]:
    """(PNG, width, height in points) of a page, drawn in the worker; UnreadableDocument where it cannot be."""
    png, width, height = run_safely("draw", document, data, domains=(str(number),))
    return bytes(png), float(width), float(height)


def run_safely(
    task: str,
    document: Document,
    data: bytes,
    *,
    domains: tuple[str, ...] = (),
    memory: int = MEMORY,
    seconds: int = 0,
) -> Any:
    """What `worker.TASKS[task]` gives for a document, in plain tuples, or UnreadableDocument."""
    if len(data) > MAX_DOCUMENT:
        raise UnreadableDocument(
            document.path,
            f"is larger than the {MAX_DOCUMENT / 1e6:,.0f} MB that is read",
            "Split it, or take out its pictures, and put the parts in its place",
        )
    message = pickle.dumps((task, document.path, document.name, data, domains), protocol=5)
    for attempt in range(ATTEMPTS):
        worker = take_worker(memory, seconds)
        try:
            kind, content, retire = worker.ask(message)
        except WorkerEnded as ended:
            worker.stop()
            if attempt + 1 < ATTEMPTS and ended.reason == "":
                continue
            raise report_end(document, ended.reason) from ended
        if retire:
            worker.stop()
        else:
            give_back(worker)
        if kind == "done":
            return content
        raise report_answer(document, kind, content)
    raise report_end(document, "")


def report_answer(document: Document, kind: str, content: Any) -> UnreadableDocument:
    if kind == "unreadable":
        return UnreadableDocument(*map(str, content))
    if kind == "memory":
        return report_end(document, f"needs more than {MEMORY / 1e9:.0f} GB of memory to read")
    return UnreadableDocument(
        document.path, f"could not be read ({content})", "Open it and save it again in a current format, or convert it"
    )


def report_end(document: Document, reason: str) -> UnreadableDocument:
    what = reason or "stopped the program that reads it"
    return UnreadableDocument(document.path, what, "Look at it by hand; take out what makes it so large, or convert it")


class WorkerEnded(Exception):
    """A worker died or was stopped before it answered. `reason` is "" when it is not known."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Worker:
    """One child process and its two pipes."""

    def __init__(self, memory: int, seconds: int) -> None:
        self.key = (memory, seconds)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "answerable.formats.worker", str(memory), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            start_new_session=True,
        )

    def ask(self, message: bytes) -> tuple[str, Any, bool]:
        """The worker's answer to one message; WorkerEnded when none comes."""
        stdin = self.process.stdin
        try:
            if stdin is None:
                raise WorkerEnded("")
            stdin.write(struct.pack("<Q", len(message)) + message)
            stdin.flush()
        except OSError as error:
            raise WorkerEnded("") from error
        deadline = time.monotonic() + WALL_SECONDS
        (length,) = struct.unpack("<Q", self.read(8, deadline))
        return load_answer(self.read(length, deadline))

    def read(self, length: int, deadline: float) -> bytes:
        if self.process.stdout is None:
            raise WorkerEnded("")
        descriptor = self.process.stdout.fileno()
        parts = []
        while length > 0:
            if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise WorkerEnded(f"takes more than {WALL_SECONDS} seconds to read")
            part = os.read(descriptor, min(length, 1 << 20))
            if not part:
                raise WorkerEnded(self.find_reason())
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def find_reason(self) -> str:
        code = self.process.wait()
        return "takes too much processor time to read" if code == -signal.SIGXCPU else ""

    def stop(self) -> None:
        """End the worker and what it started, and close its pipes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process.wait()


class PlainData(pickle.Unpickler):
    """Unpickles plain data and dates, nothing else: a worker taken over by a document stays harmless."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _ALLOWED:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")


def load_plain(body: bytes) -> Any:
    """The plain data in pickled bytes. Raises ValueError where they hold anything else, or nothing whole."""
    try:
        return PlainData(io.BytesIO(body)).load()
    except (pickle.UnpicklingError, TypeError, EOFError, AttributeError, LookupError) as error:
        raise ValueError("these bytes hold more than plain data, or less than a whole") from error


def load_answer(body: bytes) -> tuple[str, Any, bool]:
    try:
        kind, content, retire = load_plain(body)
    except (ValueError, TypeError) as error:
        raise WorkerEnded("gave an answer that cannot be trusted") from error
    return str(kind), content, bool(retire)


_idle: list[Worker] = []
_lock = threading.Lock()
_owner = os.getpid()


def take_worker(memory: int, seconds: int) -> Worker:
    """An idle worker with these limits, or a new one."""
    global _owner
    with _lock:
        if _owner != os.getpid():
            # A forked process must not speak on its parent's pipes.
            _idle.clear()
            _owner = os.getpid()
        for worker in _idle:
            if worker.key == (memory, seconds):
                _idle.remove(worker)
                return worker
    return Worker(memory, seconds)


def give_back(worker: Worker) -> None:
    with _lock:
        _idle.append(worker)


@atexit.register
def stop_workers() -> None:
    """End every idle worker; more are started when they are needed."""
    with _lock:
        idle, _idle[:] = list(_idle), []
    if _owner == os.getpid():
        for worker in idle:
            worker.stop()
