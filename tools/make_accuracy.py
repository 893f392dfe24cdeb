"""Writes docs/accuracy.md from bench/accuracy-*.json: one table a measurement, each with the command that makes it."""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "accuracy.md"
NOTE = "<!-- written by tools/make_accuracy.py from bench/accuracy-*.json; measure again, then run it again -->"
INTRODUCTION = """# Accuracy

{note}

What was measured, on what, and where a bar is missed. **Bold** marks a value that misses its bar. `make accuracy`
measures everything again; a row "when first run" is the value on texts the code had never seen, and is the honest
guess for texts of yours.
"""


def describe_accuracy(folder: Path = ROOT / "bench") -> str:
    """The page: a section for each accuracy-*.json in `folder`, in the order of their names."""
    parts = [INTRODUCTION.format(note=NOTE)]
    for path in sorted(folder.glob("accuracy-*.json")):
        parts.append(_describe(path.stem, json.loads(path.read_text(encoding="utf-8"))))
    return "\n".join(parts)


def _describe(name: str, body: dict[str, Any]) -> str:
    versions = ", ".join(f"{package} {version}" for package, version in body["versions"].items())
    made = f"Made by `make {name}` at commit {body['commit']}, Python {body['python']}"
    lines = [f"## {name.removeprefix('accuracy-').capitalize()}", "", f"{made}{f', {versions}' if versions else ''}."]
    lines += ["", body["note"]] if body.get("note") else []
    groups: list[tuple[list[str], list[str]]] = []
    for subject, metrics in _gather(body["rows"]):
        # Subjects measured by some of the same metrics share a table; what one lacks stays blank.
        if not groups or not set(metrics) & set(groups[-1][0]):
            groups.append(([], []))
        groups[-1][0].extend(metric for metric in metrics if metric not in groups[-1][0])
        groups[-1][1].append(subject)
    cells = {(row["name"], row["metric"]): row for row in body["rows"]}
    for metrics, subjects in groups:
        lines += ["", *_draw_table(metrics, subjects, cells)]
    return "\n".join(lines) + "\n"


def _gather(rows: Iterable[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """Each subject with its metrics, in the order they were written."""
    metrics: dict[str, list[str]] = {}
    for row in rows:
        metrics.setdefault(row["name"], []).append(row["metric"])
    return list(metrics.items())


def _draw_table(
    metrics: Sequence[str], subjects: Sequence[str], cells: dict[tuple[str, str], dict[str, Any]]
) -> list[str]:
    heads = [metric + _show_bar({_find_bar(cells, subject, metric) for subject in subjects}) for metric in metrics]
    lines = [f"| | {' | '.join(heads)} |", "|---|" + "---:|" * len(metrics)]
    for subject in subjects:
        lines.append(f"| {subject} | {' | '.join(_show(cells.get((subject, metric))) for metric in metrics)} |")
    return lines


def _show_bar(bars: set[str]) -> str:
    stated = sorted(bars - {""})
    return f" (bar {' or '.join(stated)})" if stated else ""


def _find_bar(cells: dict[tuple[str, str], dict[str, Any]], subject: str, metric: str) -> str:
    row = cells.get((subject, metric))
    return "" if row is None else str(row["bar"])


def _show(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    value = row["value"]
    shown = f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    return f"**{shown}**" if row["holds"] is False else shown


if __name__ == "__main__":
    PAGE.write_text(describe_accuracy(), encoding="utf-8")
    sys.stdout.write("accuracy.md written\n")
