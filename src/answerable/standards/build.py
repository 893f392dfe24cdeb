"""An audit folder -> its build/: read, judge, set and write, in one call for the command and for whoever scripts it.

The trap: a large audit makes a million small values that never form a cycle, and looking through them for cycles
costs a third of the time, so the collector waits until the build is done.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from answerable import store
from answerable.standards.cards import Board, make_board
from answerable.standards.keys import check_choice
from answerable.standards.pages import render_audit
from answerable.standards.reading import Told, be_silent, read_audit


@contextmanager
def pause_collector() -> Iterator[None]:
    """Hold the cyclic collector back, and put it back as it was."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def build_audit(
    folder: Path, *, edition: str | None = None, inputs: str | None = None, progress: Told = be_silent
) -> tuple[Board, tuple[str, ...]]:
    """The board that was built, and the paths in build/ whose bytes changed.

    `edition` is the one to show, the last where it is None; `inputs` is `store.hash_inputs` where the caller has it.
    Raises SurveyError or StoreError for the audit's own files; what is wrong with a file of answers is a Finding.
    """
    with pause_collector():
        reading = read_audit(folder, progress=progress)
        if edition:
            check_choice(edition, tuple(item.id for item in reading.audit.survey.periods), "--edition")
        progress("judging", 0, 1)
        board = make_board(reading, edition)
        progress("publishing", 0, 1)
        items = render_audit(board, lambda document: store.read_bytes(folder, document))
        return board, store.write_build(folder, items, inputs)
