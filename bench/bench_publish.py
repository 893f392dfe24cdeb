"""How long publishing takes: every output of an edition rendered and written, cold and after one reply changed.

Each run is a process of its own, so "cold" pays for imports, the chart engine and the workbook library. The
survey is a simulated one; after the first build one force's count is changed and the figures computed again.
"""

import json
import pickle
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from report import Row, write_report

from answerable import store
from answerable.cli import main
from answerable.figures import compute_figures
from answerable.line import read_edition
from answerable.model import Edition
from answerable.publish import render_edition

BARS = {44: (15.0, 3.0), 500: (90.0, None)}
"""Authorities: seconds cold, seconds after one reply changed. Processor seconds stand beside those of the clock,
which other programs on the machine lengthen."""


def change_one(edition: Edition) -> Edition:
    """The edition after the first accepted count of the headline question grew by one."""
    headline = edition.survey.headline
    chosen = next(
        item
        for item in edition.observations
        if item.question == headline and item.accepted and isinstance(item.value, int) and not item.dimensions
    )
    changed = replace(chosen, value=int(chosen.value or 0) + 1)
    observations = tuple(changed if item is chosen else item for item in edition.observations)
    figures = compute_figures(edition.survey, edition.replies, observations)
    return replace(edition, observations=observations, figures=figures)


def publish_once(kept: Path, folder: Path) -> None:
    """In a process of its own: render and write a kept edition, and print what it took."""
    edition = pickle.loads(kept.read_bytes())
    started, used = time.perf_counter(), time.process_time()
    changed = store.write_build(folder, render_edition(edition))
    took = {"seconds": time.perf_counter() - started, "processor": time.process_time() - used}
    print(json.dumps({**took, "changed": len(changed)}))


def run_child(kept: Path, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, str(kept), str(folder)], capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))


def measure(n: int, root: Path) -> list[Row]:
    folder = root / f"survey-{n}"
    main(["simulate", str(folder), "--authorities", str(n), "--seed", "1"], standalone_mode=False)
    edition = read_edition(folder)
    rows = []
    for name, bar, told in (
        ("cold", BARS[n][0], edition),
        ("nothing changed", None, edition),
        ("one reply changed", BARS[n][1], change_one(edition)),
    ):
        kept = root / "edition"
        kept.write_bytes(pickle.dumps(told))
        took = run_child(kept, folder)
        seconds = round(took["seconds"], 2)
        holds = None if bar is None else seconds < bar
        bound = "" if bar is None else f"under {bar:g} s"
        rows.append(Row(name=f"{n} authorities, {name}", metric="seconds", value=seconds, bar=bound, holds=holds))
        busy = round(took["processor"], 2)
        rows.append(Row(name=f"{n} authorities, {name}", metric="processor seconds", value=busy))
        rows.append(Row(name=f"{n} authorities, {name}", metric="files written", value=int(took["changed"])))
    return rows


if __name__ == "__main__":
    if len(sys.argv) == 3:
        publish_once(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as place:
            found = [row for size in BARS for row in measure(size, Path(place))]
        write_report(
            "bench-publish",
            found,
            packages=("vl-convert-python", "jinja2", "duckdb", "python-docx", "gptables"),
            note="Simulated surveys, seed 1; rendering and writing only, in a fresh process each time.",
        )
