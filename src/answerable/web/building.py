"""Builds in the background: a process of their own, its progress, and the finished edition handed back.

A build reads, computes and publishes while reviewers go on; a change during a build makes one more when it is
done. Builds of the app always withhold what must be withheld. The trap is a build that dies silently: whatever
ends it, the pages say so.
"""

import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from answerable.errors import AnswerableError
from answerable.model import Edition

PAUSE = 2.0
"""Seconds without a change before a build begins, so that ten quick decisions make one build."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a build stands: `state` is waiting, running, done or failed; `number` counts every change of it."""

    number: int = 0
    state: str = "waiting"
    step: str = ""
    done: int = 0
    total: int = 0
    message: str = ""


@dataclass(slots=True, kw_only=True)
class Builder:
    """One folder's builds. `progress` is replaced, never altered; `changed` is set for those who wait on it."""

    folder: Path
    deliver: Callable[[Edition], None]
    progress: Progress = field(default_factory=Progress)
    changed: threading.Condition = field(default_factory=threading.Condition)
    wanted: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None


def start_builder(folder: Path, deliver: Callable[[Edition], None]) -> Builder:
    """A Builder waiting for `ask_build`; it stops with `stop_builder`."""
    builder = Builder(folder=folder, deliver=deliver)
    builder.thread = threading.Thread(target=_run, args=(builder,), name="builder", daemon=True)
    builder.thread.start()
    return builder


def ask_build(builder: Builder) -> None:
    """Build soon; asked again before it begins, it is still one build."""
    builder.wanted.set()


def stop_builder(builder: Builder) -> None:
    """End the builder, and a build that is running."""
    leave_builder(builder)
    if builder.thread:
        builder.thread.join(timeout=10)


def leave_builder(builder: Builder) -> None:
    """Tell the builder and all who wait on it that it is over."""
    with builder.changed:
        builder.stopped.set()
        builder.wanted.set()
        builder.changed.notify_all()


def wait_progress(builder: Builder, after: int, seconds: float) -> Progress:
    """The Progress as soon as its number is above `after`, or as it stands after so many seconds."""
    with builder.changed:
        over = builder.stopped.is_set
        builder.changed.wait_for(lambda: builder.progress.number > after or over(), timeout=seconds)
        return builder.progress


def _tell(builder: Builder, state: str, step: str = "", done: int = 0, total: int = 0, message: str = "") -> None:
    with builder.changed:
        number = builder.progress.number + 1
        builder.progress = Progress(number=number, state=state, step=step, done=done, total=total, message=message)
        builder.changed.notify_all()


def _run(builder: Builder) -> None:
    while not builder.stopped.is_set():
        builder.wanted.wait()
        while builder.wanted.is_set() and not builder.stopped.is_set():
            builder.wanted.clear()
            builder.stopped.wait(PAUSE)
        if not builder.stopped.is_set():
            _build_once(builder)


def _build_once(builder: Builder) -> None:
    _tell(builder, "running", "starting")
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(builder.folder, sender), daemon=False)
    process.start()
    sender.close()
    try:
        _follow(builder, receiver)
    except EOFError:
        _tell(builder, "failed", message="The build ended without a result. Run `answerable build` to see why.")
    finally:
        if builder.stopped.is_set():
            process.terminate()
        process.join()
        receiver.close()


def _follow(builder: Builder, receiver: Any) -> None:
    """Pass on what the process says until it is done, failed, or the builder is stopped."""
    while not builder.stopped.is_set():
        if not receiver.poll(0.2):
            continue
        kind, content = receiver.recv()
        if kind == "progress":
            step, done, total = content
            _tell(builder, "running", step, done, total)
        elif kind == "edition":
            builder.deliver(content)
        elif kind == "done":
            n_changed, n_errors = content
            said = f"{n_changed:,} files changed" + (f", {n_errors:,} findings are errors" if n_errors else "")
            _tell(builder, "done", message=said)
            return
        else:
            _tell(builder, "failed", message=content)
            return


def _work(folder: Path, sender: Any) -> None:
    """Runs in the process: one build, told step by step."""
    from answerable import store
    from answerable.line import read_edition, write_edition
    from answerable.publish import list_issues
    from answerable.quarantine import hold_back

    def report(step: str, done: int, total: int) -> None:
        sender.send(("progress", (step, done, total)))

    try:
        inputs = store.hash_inputs(folder) + "+protect"
        edition = hold_back(read_edition(folder, workers=1, protect=True, progress=report))
        sender.send(("edition", edition))  # pages need not wait until all of build/ is written
        built = write_edition(folder, edition, list_issues(edition, store.read_kept(folder)), inputs, report)
    except AnswerableError as error:
        sender.send(("failed", str(error)))
        return
    except BrokenPipeError:
        return  # the app was stopped, and nobody waits for this build
    sender.send(("done", (len(built.changed), built.n_errors)))
