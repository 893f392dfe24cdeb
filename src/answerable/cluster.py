"""One function over many documents or batches: local processes by default, a Dask cluster when given its address.

Stands below every step it runs and above `line`. Results come in the order of the items, each exactly once, with a
bounded number in flight, so a stream of any length needs flat memory. The trap is a process that dies: the items
it held are run again, one at a time, so that the one that kills its process is known and the rest are not blamed.
Local processes are spawned, never forked: DuckDB and the readers hold threads that a fork would freeze.
"""

import importlib
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from answerable.errors import AnswerableError

Item = TypeVar("Item")
Result = TypeVar("Result")

ATTEMPTS = 3
"""How often an item may end the process that runs it before it is given up."""


def map_documents(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    workers: int | None = None,
    cluster: str | None = None,
    on_lost: Callable[[Item], Result] | None = None,
) -> Iterator[Result]:
    """`function(item)` for each item, in the order of the items, each once.

    `function` must be importable by name and `items` picklable. `workers` is the number of local processes (the
    number of cores where None; 1 runs here, in this process). `cluster` is a Dask scheduler's address
    ("tcp://host:8786"). An item whose process died ATTEMPTS times gives `on_lost(item)`; without `on_lost` it
    raises AnswerableError. What `function` raises is raised here, at that item's turn.
    """
    return _map(function, items, workers, cluster, on_lost, ahead=4)


def map_batches(
    function: Callable[[Item], Result],
    batches: Iterable[Item],
    *,
    workers: int | None = None,
    cluster: str | None = None,
    on_lost: Callable[[Item], Result] | None = None,
) -> Iterator[Result]:
    """As `map_documents`, for batches of megabytes: at most two a process are in flight, to keep memory flat."""
    return _map(function, batches, workers, cluster, on_lost, ahead=2)


def _map(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    workers: int | None,
    cluster: str | None,
    on_lost: Callable[[Item], Result] | None,
    ahead: int,
) -> Iterator[Result]:
    if cluster is not None:
        return _map_cluster(function, items, cluster, on_lost, ahead)
    processes = workers if workers is not None else os.cpu_count() or 1
    if processes <= 1:
        return map(function, items)
    return _Pool(function, processes, on_lost).run(items, processes * ahead)


class _Task:
    """One item on its way: its future once submitted, how often its process died, and whether it may be why."""

    __slots__ = ("deaths", "future", "item", "suspect")

    def __init__(self, item: Any) -> None:
        self.item = item
        self.future: Future[Any] | None = None
        self.suspect = False
        self.deaths = 0


class _Pool:
    """Local processes that are started again when one of them dies."""

    def __init__(self, function: Callable[[Any], Any], processes: int, on_lost: Callable[[Any], Any] | None) -> None:
        self.function = function
        self.processes = processes
        self.on_lost = on_lost
        self.tasks: deque[_Task] = deque()
        self.executor = self._start()

    def run(self, items: Iterable[Any], ahead: int) -> Iterator[Any]:
        source = iter(items)
        try:
            while True:
                self._fill(source, ahead)
                if not self.tasks:
                    return
                task = self.tasks[0]
                done, result = self._take(task)
                if done:
                    self.tasks.popleft()
                    yield result
        finally:
            self.executor.shutdown(wait=True, cancel_futures=True)

    def _fill(self, source: Iterator[Any], ahead: int) -> None:
        """Put new items in flight, but while any item is a suspect only the first, alone."""
        if any(task.suspect for task in self.tasks):
            if self.tasks[0].future is None:
                self._submit(self.tasks[0])
            return
        for task in self.tasks:
            if task.future is None:
                self._submit(task)
        while len(self.tasks) < ahead:
            try:
                item = next(source)
            except StopIteration:
                return
            self.tasks.append(_Task(item))
            self._submit(self.tasks[-1])

    def _submit(self, task: _Task) -> None:
        try:
            task.future = self.executor.submit(self.function, task.item)
        except BrokenProcessPool:
            self._restart()

    def _take(self, task: _Task) -> tuple[bool, Any]:
        if task.future is None:
            return False, None
        try:
            return True, task.future.result()
        except BrokenProcessPool:
            alone = task.suspect
            self._restart()
        if not alone:
            return False, None
        task.deaths += 1
        if task.deaths < ATTEMPTS:
            return False, None
        return True, _give_up(task.item, self.on_lost)

    def _restart(self) -> None:
        self.executor.shutdown(wait=True, cancel_futures=True)
        self.executor = self._start()
        for task in self.tasks:
            future = task.future
            finished = future is not None and future.done() and not future.cancelled()
            if future is None or (finished and not isinstance(future.exception(), BrokenProcessPool)):
                continue
            task.future = None
            task.suspect = True

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.processes, mp_context=multiprocessing.get_context("spawn"))


def _map_cluster(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    address: str,
    on_lost: Callable[[Item], Result] | None,
    ahead: int,
) -> Iterator[Result]:
    """The scheduler runs again what a dead worker held; an item that kills ATTEMPTS workers comes back to us."""
    distributed = _import_distributed()
    client = _open_client(distributed, address)
    flying: deque[tuple[Item, Any]] = deque()
    source = iter(items)
    try:
        threads = sum(client.nthreads().values()) or 1
        exhausted = False
        while True:
            while not exhausted and len(flying) < threads * ahead:
                try:
                    item = next(source)
                except StopIteration:
                    exhausted = True
                    break
                # The item travels with its task: scattered data would die with the worker that holds it.
                flying.append((item, client.submit(function, item, pure=False)))
            if not flying:
                return
            item, future = flying.popleft()
            try:
                result = future.result()
            except distributed.KilledWorker:
                result = _give_up(item, on_lost)
            yield result
    finally:
        client.close()


def _import_distributed() -> Any:
    try:
        return importlib.import_module("distributed")
    except ImportError as error:
        raise AnswerableError(
            "--cluster", "needs the package distributed", "Run: pip install 'answerable[cluster]'"
        ) from error


def _open_client(distributed: Any, address: str) -> Any:
    try:
        return distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise AnswerableError(
            f"--cluster {address}", "no scheduler answers there", "Start one with `dask scheduler`, or correct it"
        ) from error


def _give_up(item: Item, on_lost: Callable[[Item], Result] | None) -> Result:
    if on_lost is not None:
        return on_lost(item)
    name = repr(item) if len(repr(item)) < 80 else repr(item)[:77] + "..."
    raise AnswerableError(
        name, f"ended the process that ran it {ATTEMPTS} times", "Leave it out, or look at the machine's memory"
    )
