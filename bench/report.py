"""Prints a measured table and writes it as bench/<name>.json, with the machine, versions and commit."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured number. `bar` is how the issue states the bar, "" where there is none."""

    name: str
    metric: str
    value: float | int | str
    bar: str = ""
    holds: bool | None = None


def write_report(name: str, rows: Sequence[Row], *, packages: Sequence[str] = (), note: str = "") -> None:
    """Print `rows` as a table and write them to bench/<name>.json."""
    table = Table("name", "metric", "value", "bar", "holds", title=name)
    for row in rows:
        holds = {True: "yes", False: "NO", None: ""}[row.holds]
        table.add_row(row.name, row.metric, _show(row.value), row.bar, holds)
    Console().print(table)
    body = {
        "rows": [asdict(row) for row in rows],
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "machine": platform.machine()},
        "python": platform.python_version(),
        "versions": {package: _find_version(package) for package in packages},
        "commit": _read_commit(),
        "note": note,
    }
    (ROOT / f"{name}.json").write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n")


def _show(value: float | int | str) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else value


def _find_version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _read_commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"
