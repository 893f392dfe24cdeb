"""One function over many items: order, bounds, and nothing lost or doubled when a process is killed."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from clusters import start_cluster

from answerable.cluster import map_batches, map_documents
from answerable.errors import AnswerableError
from cluster_work import die_always, die_once, refuse_seven, square, stay_a_moment

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("count", [0, 1, 40])
def test_results_come_in_order(workers: int, count: int) -> None:
    assert list(map_documents(square, range(count), workers=workers)) == [n * n for n in range(count)]


def test_items_in_flight_are_bounded() -> None:
    taken = []

    def source() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = map_batches(square, source(), workers=2)
    assert [next(results) for _ in range(3)] == [0, 1, 4]
    assert len(taken) <= 3 + 2 * 2
    results.close()  # type: ignore[attr-defined]


def test_an_item_whose_process_is_killed_is_run_again(tmp_path: Path) -> None:
    items = [(number, str(tmp_path)) for number in range(12)]
    assert list(map_documents(die_once, items, workers=2)) == [number * 10 for number in range(12)]
    assert (tmp_path / "died").exists()


def test_an_item_that_always_kills_is_given_up_and_the_others_are_not() -> None:
    results = list(map_documents(die_always, range(6), workers=2, on_lost=lambda number: -number))
    assert results == [0, 10, 20, -3, 40, 50]
    with pytest.raises(AnswerableError, match=r"ended the process that ran it 3 times"):
        list(map_documents(die_always, range(6), workers=2))


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_function_raises_is_raised_at_its_turn(workers: int) -> None:
    results = map_documents(refuse_seven, range(20), workers=workers)
    assert [next(results) for _ in range(7)] == list(range(7))
    with pytest.raises(ValueError, match="seven"):
        next(results)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real scheduler and four workers, each a process of its own, on loopback."""
    pytest.importorskip("distributed")
    with start_cluster(tmp_path_factory.mktemp("cluster"), 4) as started:
        yield started


def test_a_cluster_gives_the_same_bytes_with_a_worker_killed_midway(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    address, processes = cluster
    expected = b"".join(data for _, data in map(stay_a_moment, range(200)))
    seen, out = [], b""
    for number, data in map_batches(stay_a_moment, range(200), cluster=address):
        if number == 60:
            processes[2].send_signal(signal.SIGKILL)
        seen.append(number)
        out += data
    assert processes[2].wait(timeout=10) == -signal.SIGKILL
    assert seen == list(range(200)), "nothing lost, nothing doubled, in order"
    assert out == expected


def test_no_scheduler_is_a_message_with_its_next_step() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(AnswerableError, match="dask scheduler"):
        list(map_documents(square, [1], cluster="not an address"))
