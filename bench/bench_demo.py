"""Times the newcomer's path: the demonstration from a warm environment, and a second build with nothing changed."""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report import Row, write_report

RUNS = 5


def time_command(*words: str) -> float:
    """Seconds of one run of the command line in a process of its own."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "answerable", *words], check=True, capture_output=True)
    return time.perf_counter() - started


def hash_build(folder: Path) -> dict[str, bytes]:
    root = folder / "build"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def main() -> None:
    """Cold builds into empty folders, then builds with nothing changed, beside an interpreter that does nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "survey"
        cold, first = [], {}
        for run in range(RUNS):
            shutil.rmtree(folder, ignore_errors=True)
            cold.append(time_command("demo", "--into", str(folder)))
            built = hash_build(folder)
            first = built if run == 0 else first
        again = [time_command("build", str(folder)) for _ in range(RUNS)]
        same = hash_build(folder) == first
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        bare = time.perf_counter() - started
    demo, second = statistics.median(cold), statistics.median(again)
    write_report(
        "bench-demo",
        [
            Row(name="demo, empty folder", metric="seconds, median of 5", value=demo, bar="< 10", holds=demo < 10),
            Row(name="build, no change", metric="seconds, median of 5", value=second, bar="< 1", holds=second < 1),
            Row(
                name="build, no change", metric="identical bytes", value="yes" if same else "no", bar="yes", holds=same
            ),
            Row(name="python doing nothing", metric="seconds", value=bare),
        ],
        packages=("duckdb", "jinja2", "python-docx", "gptables"),
    )


if __name__ == "__main__":
    main()
