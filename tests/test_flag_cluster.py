"""The flag on a real cluster of four workers, one killed midway: the same bytes, nothing lost or doubled."""

import csv
import signal
from pathlib import Path
from typing import Any

import pytest
from clusters import start_cluster

from answerable.cli.flag import _read
from answerable.flag import records
from answerable.flag.labelling import read_labelled

OPTIONS: dict[str, Any] = {
    "layout": None, "table": "", "counts": (), "model": None, "no_model": False, "workers": 1, "cluster": None,
}  # fmt: skip


def test_a_cluster_gives_the_same_flags_with_a_worker_killed_midway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(records, "BATCH", 60)
    source = tmp_path / "records.csv"
    texts = [record.text for record in read_labelled("test")]
    with source.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text"])
        writer.writerows(enumerate(texts))
    options = OPTIONS | {"records": str(source)}
    alone = [flags for _, flags in _read(options)]
    found = []
    with start_cluster(tmp_path, 4) as (address, processes):
        for number, (batch, flags) in enumerate(_read(options | {"cluster": address})):
            if number == 4:
                processes[2].send_signal(signal.SIGKILL)
            assert batch.column("id").to_pylist() == flags.column("id").to_pylist()
            found.append(flags)
        assert processes[2].wait(timeout=20) == -signal.SIGKILL
    assert len(alone) > 10
    assert found == alone
    assert [id_ for flags in found for id_ in flags.column("id").to_pylist()] == [str(k) for k in range(len(texts))]
