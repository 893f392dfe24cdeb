"""How long an audit of many services takes to build: 200 services, 60 rules, 5 declared ages, 4 editions.

The folder is written first; then a process of its own reads every file of answers, judges all editions, and writes
tables, releases and pages, as `answerable standards build` does. Answers are random, with a seed.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report import Row, write_report

from answerable import store
from answerable.standards.build import build_audit
from answerable.standards.rules import AGES, load_standards

SERVICES, RULES, EDITIONS = 200, 60, (2023, 2024, 2025, 2026)
BAR = 10.0


def write_folder(folder: Path) -> None:
    """An audit whose own standards/ adds rules until 60 hold in every edition."""
    book = load_standards()
    rng = random.Random(1)
    features = [item.id for item in book.features]
    # The rule on under-13s judges none of the declared ages.
    early = [rule for rule in book.rules if rule.start and rule.start.year < EDITIONS[0] and rule.ages[1] >= AGES[0]]
    files = {"audit.toml": make_audit(features), "standards/more.toml": make_rules(RULES - len(early))}
    for number in range(SERVICES):
        lean = rng.random()
        for year in EDITIONS:
            rows = [
                {
                    "setting": item.id,
                    "age": age,
                    "value": choose(rng, item.codes, lean),
                    "evidence": "a.png",
                    "quote": "as shown",
                }
                for item in book.settings
                for age in AGES
            ]
            body = {
                "format": "answerable-observed-1", "service": f"s{number:03}", "tester": "A", "on": f"{year}-06-15",
                "country": "GB", "app_version": "1", "platform": "web", "run": 1, "observed": rows,
            }  # fmt: skip
            files[f"replies/s{number:03}/{year}/answers.json"] = json.dumps(body)
            files[f"replies/s{number:03}/{year}/a.png"] = f"picture {number} {year}"
    store.write_folder(folder, files)


def choose(rng: random.Random, codes: tuple[str, ...], lean: float) -> str:
    return codes[0] if rng.random() < lean else rng.choice(codes)


def make_audit(features: list[str]) -> str:
    lines = ['id = "many"', 'title = "Many services"', "simulated = true"]
    for year in EDITIONS:
        lines += ["[[edition]]", f'id = "{year}"', f"from = {year}-01-01", f"to = {year}-12-31"]
    for number in range(SERVICES):
        lines += ["[[service]]", f'id = "s{number:03}"', f'name = "Service {number}"']
        lines += [f"features = {json.dumps(features)}"]
    return "\n".join(lines) + "\n"


def make_rules(n: int) -> str:
    """Further rules on settings that are there, in force in every edition."""
    settings = load_standards().settings
    lines = ["[source]", 'id = "more"', 'name = "More rules"', 'publisher = "Nobody"', 'basis = "a measurement"']
    lines += ['address = "https://example.org/"', 'version = "1"', "in_force_from = 2022-01-01"]
    for number in range(n):
        setting = settings[number % len(settings)]
        lines += ["[[rule]]", f'id = "more-{number}"', 'place = "1"', 'text = "A rule to measure with."']
        lines += [f'setting = "{setting.id}"', f'passes = ["{setting.codes[0]}"]', 'severity = "low"']
        lines += ['status = "confirmed"']
    return "\n".join(lines) + "\n"


def build(folder: Path) -> None:
    """In a process of its own: read, judge, render and write, as the command does; wall clock and processor time."""
    started, busy = time.perf_counter(), time.process_time()
    board, changed = build_audit(folder)
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    rules = len({result.rule.id for result in board.results if result.edition == str(EDITIONS[0])})
    print(
        json.dumps(
            {
                "seconds": seconds, "processor": busy, "answers": len(board.reading.observed),
                "results": len(board.results), "rules": rules, "files": len(changed),
            }
        )
    )  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "audit"
        write_folder(folder)
        done = subprocess.run([sys.executable, __file__, str(folder)], capture_output=True, text=True, check=True)
    took = json.loads(done.stdout)
    name = f"{SERVICES} services, {RULES} rules, {len(AGES)} ages, {len(EDITIONS)} editions"
    seconds = round(took["seconds"], 2)
    rows = [
        Row(name=name, metric="seconds, wall clock", value=seconds, bar=f"under {BAR:g} s", holds=seconds < BAR),
        Row(name=name, metric="seconds, processor", value=round(took["processor"], 2)),
        *(Row(name=name, metric=key, value=took[key]) for key in ("answers", "results", "rules", "files")),
    ]
    write_report(
        "bench-standards",
        rows,
        packages=("jinja2", "python-docx"),
        note="Random answers, seed 1, one tester and one run, in a fresh process; the control age of 18 is read and "
        "judged by no rule. rules: in force in the first edition. "
        f"The machine's load over the last minute was {os.getloadavg()[0]:.1f}.",
    )


if __name__ == "__main__":
    if len(sys.argv) == 2:
        build(Path(sys.argv[1]))
    else:
        main()
