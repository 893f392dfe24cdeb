"""How fast figures are computed and the disclosure gate solved, with the same sums in pandas and Polars beside them.

Each measurement runs in a process of its own, so that its memory is its own, with everything the product computes:
totals, bounds, like-for-like changes, exact tests, ranks. pandas and Polars do only the sums and the matched changes
of the same file. A bar is held against processor seconds, all threads counted: on a machine with nothing else to do
the clock shows no more than them, while on a busy one it shows mostly the others. The clock's seconds stand beside.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from figures_world import (
    CATEGORIES,
    CATEGORIES_OF_GATE,
    make_observations,
    make_survey,
    make_withheld,
    write_observations,
    write_records,
)
from report import Row, write_report

LARGE, PERIODS, RECORDS = 10_000, 8, 10_000_000
BARS = {"national": 2.0, "large": 20.0, "records": 10.0, "gate": 30.0}
MEMORY = 4.0


def count_national(_: Path) -> str:
    from answerable.bounds import find_leaks
    from answerable.figures import compute_figures

    survey = make_survey(44, 2)
    observations = make_observations(survey)
    started = time.perf_counter(), time.process_time()
    figures = compute_figures(survey, (), observations)
    leaks = find_leaks(survey, observations, figures)
    return _tell(started, f"{len(observations):,} observations, {len(figures):,} figures, {len(leaks)} leaks")


def count_large(folder: Path) -> str:
    from answerable.figures import compute_file_figures

    survey = make_survey(LARGE, PERIODS)
    started = time.perf_counter(), time.process_time()
    figures = compute_file_figures(survey, folder / "observations.parquet", breakdowns=False)
    return _tell(started, f"{len(figures):,} figures")


def count_records(folder: Path) -> str:
    from answerable.figures import compute_record_figures

    survey = make_survey(44, PERIODS)
    started = time.perf_counter(), time.process_time()
    figures = compute_record_figures(survey, folder / "records.parquet")
    return _tell(started, f"{len(figures):,} figures")


def solve_gate(_: Path) -> str:
    from answerable.bounds import find_leaks
    from answerable.figures import compute_figures

    survey = make_survey(200, 1, CATEGORIES_OF_GATE)
    whole, left = make_withheld(survey, 0.3)
    earlier = [item for item in compute_figures(survey, (), whole) if item.authority is None]
    figures = compute_figures(survey, (), left)
    started = time.perf_counter(), time.process_time()
    leaks = find_leaks(survey, left, figures, {"1": earlier})
    hidden = sum(item.status == "suppressed" for item in left)
    stopped = sum("the solver stopped" in leak.message for leak in leaks)
    return _tell(started, f"{hidden:,} suppressed cells, {len(leaks)} can be narrowed, {stopped} undecided")


def sum_pandas(folder: Path) -> str:
    import pandas as pd

    started = time.perf_counter(), time.process_time()
    rows = pd.read_parquet(folder / "observations.parquet")
    value = pd.to_numeric(rows["value"])
    rows["low"], rows["high"] = value.fillna(rows["low"]), value.fillna(rows["high"])
    rows["region"] = rows["authority"].str[1:].astype(int) % 10
    keys = ["question", "period", "kind"]
    by_region = rows.groupby(["region", *keys])[["low", "high"]].sum()
    whole = rows.groupby(keys)[["low", "high"]].sum()
    totals = rows[rows["kind"] == "_T"].pivot(index="authority", columns="period", values="low")
    periods = list(totals.columns)
    pairs = [totals[[base, now]].dropna() for base, now in pairwise(periods)]
    changes = [100 * (pair.iloc[:, 1] - pair.iloc[:, 0]) / pair.iloc[:, 0] for pair in pairs]
    return _tell(started, f"{len(by_region) + len(whole) + sum(map(len, changes)):,} numbers")


def sum_polars(folder: Path) -> str:
    import polars as pl

    started = time.perf_counter(), time.process_time()
    value = pl.col("value").cast(pl.Int64)
    rows = pl.scan_parquet(folder / "observations.parquet").with_columns(
        low=value.fill_null(pl.col("low")), high=value.fill_null(pl.col("high")),
        region=pl.col("authority").str.slice(1).cast(pl.Int32) % 10,
    ).collect()  # fmt: skip
    keys = ["question", "period", "kind"]
    by_region = rows.group_by(["region", *keys]).agg(pl.col("low").sum(), pl.col("high").sum())
    whole = rows.group_by(keys).agg(pl.col("low").sum(), pl.col("high").sum())
    totals = rows.filter(pl.col("kind") == "_T").pivot(on="period", index="authority", values="low")
    periods = sorted(set(totals.columns) - {"authority"})
    pairs = [totals.select(base, now).drop_nulls() for base, now in pairwise(periods)]
    changes = [pair.select(100 * (pl.nth(1) - pl.nth(0)) / pl.nth(0)) for pair in pairs]
    return _tell(started, f"{len(by_region) + len(whole) + sum(map(len, changes)):,} numbers")


def count_pandas(folder: Path) -> str:
    import pandas as pd

    started = time.perf_counter(), time.process_time()
    rows = pd.read_parquet(folder / "records.parquet")
    days = pd.to_datetime(rows["date"])
    rows["period"] = days.dt.year - (days.dt.month < 4)
    counts = rows.groupby(["authority", "period", "kind"]).size()
    whole = counts.groupby(["period", "kind"]).sum()
    return _tell(started, f"{len(counts) + len(whole):,} numbers")


def count_polars(folder: Path) -> str:
    import polars as pl

    started = time.perf_counter(), time.process_time()
    period = pl.col("date").dt.year() - (pl.col("date").dt.month() < 4).cast(pl.Int32)
    rows = pl.scan_parquet(folder / "records.parquet").with_columns(period=period)
    counts = rows.group_by("authority", "period", "kind").len().collect()
    whole = counts.group_by("period", "kind").agg(pl.col("len").sum())
    return _tell(started, f"{len(counts) + len(whole):,} numbers")


PARTS: dict[str, Callable[[Path], str]] = {
    "national": count_national,
    "large": count_large,
    "large, pandas": sum_pandas,
    "large, Polars": sum_polars,
    "records": count_records,
    "records, pandas": count_pandas,
    "records, Polars": count_polars,
    "gate": solve_gate,
}
NAMES = {
    "national": f"44 authorities, 2 periods, {CATEGORIES + 1} counts each: all figures and the gate",
    "large": "10,000 authorities, 8 periods, 40 counts each: all figures",
    "large, pandas": "the sums and changes of the same file, pandas",
    "large, Polars": "the sums and changes of the same file, Polars",
    "records": "10 million records of 44 authorities: counted, all figures",
    "records, pandas": "the counts of the same file, pandas",
    "records, Polars": "the counts of the same file, Polars",
    "gate": "gate: 200 x 60 table, 30% suppressed, margins printed",
}


def _tell(started: tuple[float, float], what: str) -> str:
    wall, processor = time.perf_counter() - started[0], time.process_time() - started[1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return json.dumps({"wall": wall, "processor": processor, "memory": memory, "what": what})


def run_part(name: str, folder: Path) -> dict[str, float]:
    """What one part measured, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, name, str(folder)], capture_output=True, text=True, check=True, env=os.environ
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        n = write_observations(folder / "observations.parquet", make_survey(LARGE, PERIODS))
        write_records(folder / "records.parquet", RECORDS, make_survey(44, PERIODS))
        for part in PARTS:
            found = run_part(part, folder)
            bar = BARS.get(part)
            holds = None if bar is None else found["processor"] < bar
            title = NAMES[part]
            rows.append(Row(name=title, metric="processor seconds", value=round(found["processor"], 2),
                            bar=f"under {bar:g} s" if bar else "", holds=holds))  # fmt: skip
            rows.append(Row(name=title, metric="seconds by the clock", value=round(found["wall"], 2)))
            least = part == "large"
            rows.append(Row(name=title, metric="GB at most", value=round(found["memory"], 2),
                            bar=f"under {MEMORY:g} GB" if least else "",
                            holds=found["memory"] < MEMORY if least else None))  # fmt: skip
            rows.append(Row(name=title, metric="gives", value=str(found["what"])))
    load = os.getloadavg()[0]
    note = (
        f"{n:,} rows in the large file; {RECORDS:,} records. Load of the machine at the end: {load:.1f} on two cores."
    )
    write_report("bench-figures", rows, packages=("duckdb", "highspy", "pandas", "polars"), note=note)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(PARTS[sys.argv[1]](Path(sys.argv[2])))
    else:
        main()
