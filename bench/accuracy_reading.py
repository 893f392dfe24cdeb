"""How far reading can be trusted: precision of accepted values, recall, share sent to review, cells unaccounted.

Set (a) is the real replies of ../shared/data, each rebuilt in several formats. Other sets plug in as functions
in SETS that yield `Measured` cases: what was expected under which key, what was read, and the grids.
"""

import csv
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from real_replies import Item, build_grids, walk_cases
from report import Row, write_report
from simulated import SEEDS, read_replies, read_truth, write_simulated
from written_replies import FOLDER, answer, list_sets, read_set

from answerable.model import Grid, Observation
from answerable.observations import account_cells, find_observations

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One reply read. `truth` are values that stand in it and were asked for, `expected` those of them that the
    form still shows; `review` are those that must be left open. `form` groups the rows of the report."""

    name: str
    form: str
    layout: str
    truth: dict[Key, str]
    expected: dict[Key, str]
    review: dict[Key, str]
    observations: tuple[Observation, ...]
    unaccounted: int


def measure_real() -> Iterator[Measured]:
    """Set (a)."""
    for item, form in walk_cases():
        grids = build_grids(item, form)
        observations, _ = find_observations(item.survey, item.reply, grids)
        account = account_cells(item.survey, item.reply, grids)
        yield Measured(
            name=item.name,
            form=form,
            layout=item.name,
            truth=item.expected,
            expected={} if form == "lines" and _has_blanks(item) else item.expected,
            review=item.review,
            observations=observations,
            unaccounted=_count_cells(grids) - len(account),
        )


@cache
def read_simulated() -> tuple[tuple[str, dict[Key, dict[str, str]], Measured], ...]:
    """Set (c): 200 simulated authorities with each seed that nobody works on, each reply with its rows of truth."""
    found = []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as name:
            folder = write_simulated(Path(name) / "survey", 200, seed)
            truth = read_truth(folder)
            for survey, reply, grids in read_replies(folder):
                every = {key: row for key, row in truth.items() if key[0] == reply.authority}
                rows = {_name_truth(key): row for key, row in every.items() if row["period"]}
                account = account_cells(survey, reply, grids)
                observations, _ = find_observations(survey, reply, grids)
                case = Measured(
                    name=f"{seed} {reply.authority}",
                    form=next(iter(every.values()))["format"],
                    layout="",
                    truth=_show_truth(rows),
                    expected=_show_truth({key: row for key, row in rows.items() if row["expect"] == "accept"}),
                    review={},
                    observations=observations,
                    unaccounted=_count_cells(grids) - len(account),
                )
                found.append((reply.authority, rows, case))
    return tuple(found)


def measure_simulated() -> Iterator[Measured]:
    """Set (c), by format."""
    yield from (case for _, _, case in read_simulated())


def measure_layouts() -> Iterator[Measured]:
    """Set (c), by layout: what a reply said in one layout, and what was read under those keys."""
    for _, rows, case in read_simulated():
        for layout in sorted({row["layout"] for row in rows.values()}):
            own = {key: row for key, row in rows.items() if row["layout"] == layout}
            yield replace(
                case,
                name=f"{case.name} {layout}",
                form=layout,
                layout=layout,
                truth=_show_truth(own),
                expected={key: value for key, value in case.expected.items() if key in own},
                observations=tuple(item for item in case.observations if name_key(item) in own),
                unaccounted=0,
            )


def measure_written() -> Iterator[Measured]:
    """Replies written by hand on several subjects, each read as a document in its own format."""
    for name in list_sets():
        for item in read_set(name):
            read = answer(item)
            account = account_cells(item.survey, item.reply, read.grids)
            yield Measured(
                name=f"{name} {item.name}",
                form=item.form,
                layout=item.name,
                truth=item.expected,
                expected=item.expected,
                review=item.review,
                observations=read.observations,
                unaccounted=_count_cells(read.grids) - len(account),
            )


def _name_truth(key: tuple[str, str, str, tuple[tuple[str, str], ...]]) -> Key:
    return key[1], key[2], " ".join(code for _, code in key[3])


def _show_truth(rows: dict[Key, dict[str, str]]) -> dict[Key, str]:
    return {key: row["value"] or row["status"] for key, row in rows.items()}


SETS: dict[str, Callable[[], Iterator[Measured]]] = {
    "real replies": measure_real,
    "written by hand": measure_written,
    "simulated": measure_simulated,
    "simulated, by layout": measure_layouts,
}
"""Each set by name."""


def _has_blanks(item: Item) -> bool:
    """Whether flattening the table to lines loses cells, so that no reader can place its values."""
    return any(not text for row in item.rows[1:] for text in row) or any(
        not text for row in item.rows[:1] for text in row[1:]
    )


def _count_cells(grids: tuple[Grid, ...]) -> int:
    return sum(bool(cell.text.strip()) for grid in grids for cell in grid.cells)


def name_key(observation: Observation) -> Key:
    codes = " ".join(code for _, code in observation.dimensions)
    return observation.question, observation.period, codes


def count(case: Measured) -> Counter[str]:
    """accepted, right, wrong, expected, found, reviewed, unaccounted of one case. A value accepted under a key
    that is not expected is wrong, unless it is a total that the expected values make up."""
    tally: Counter[str] = Counter(expected=len(case.expected), unaccounted=case.unaccounted)
    open_keys = {name_key(o) for o in case.observations if not o.accepted}
    for observation in case.observations:
        if not observation.accepted:
            continue
        stated = case.truth.get(name_key(observation))
        read = str(observation.value if observation.value is not None else observation.status)
        tally["accepted"] += 1
        tally["right" if stated == read else "wrong"] += 1
        tally["found"] += stated == read and name_key(observation) in case.expected
    found = {name_key(o) for o in case.observations if o.accepted}
    tally["reviewed"] = sum(key in open_keys and key not in found for key in case.expected)
    return tally


def make_rows(name: str, cases: list[Measured]) -> list[Row]:
    """The rows of one set: whole, and by format."""
    rows = []
    groups = {"all": cases} | {form: [c for c in cases if c.form == form] for form in sorted({c.form for c in cases})}
    for group, own in groups.items():
        tally = sum((count(case) for case in own), Counter())
        precision = tally["right"] / tally["accepted"] if tally["accepted"] else 1.0
        recall = tally["found"] / tally["expected"] if tally["expected"] else 1.0
        label = f"{name}, {group}"
        if name == "simulated, by layout":
            rows.append(Row(name=label, metric="values expected", value=tally["expected"]))
            rows.append(Row(name=label, metric="wrong values accepted", value=tally["wrong"]))
            rows.append(Row(name=label, metric="precision of accepted", value=precision))
            rows.append(Row(name=label, metric="recall without a person", value=recall))
            continue
        whole = group == "all"
        rows += [
            Row(name=label, metric="values expected", value=tally["expected"]),
            Row(name=label, metric="wrong values accepted", value=tally["wrong"], bar="0", holds=tally["wrong"] == 0),
            Row(name=label, metric="precision of accepted", value=precision, bar=">= 0.995", holds=precision >= 0.995),
            Row(name=label, metric="recall without a person", value=recall,
                bar=">= 0.90" if whole else ">= 0.80", holds=recall >= (0.90 if whole else 0.80)),
            Row(name=label, metric="share to review", value=tally["reviewed"] / max(1, tally["expected"])),
            Row(name=label, metric="cells unaccounted", value=tally["unaccounted"], bar="0",
                holds=not tally["unaccounted"]),
        ]  # fmt: skip
    return rows


def list_first_runs() -> list[Row]:
    """What each hand-written set gave when it was first read, as kept beside it."""
    rows = []
    runs = list(csv.DictReader((FOLDER / "first_runs.csv").read_text().splitlines()))
    whole = {"set": "all"} | {name: sum(int(run[name]) for run in runs) for name in ("expected", "read", "wrong")}
    for run in (whole, *runs):
        expected, read, wrong = (int(run[name]) for name in ("expected", "read", "wrong"))
        label = f"written by hand, {run['set']}, when first run"
        rows.append(Row(name=label, metric="values expected", value=expected))
        rows.append(Row(name=label, metric="wrong values accepted", value=wrong))
        precision = read / (read + wrong) if read + wrong else "nothing accepted"
        rows.append(Row(name=label, metric="precision of accepted", value=precision))
        rows.append(Row(name=label, metric="recall without a person", value=read / expected))
    return rows


def main() -> None:
    rows: list[Row] = list_first_runs()
    for name, measure in SETS.items():
        cases = list(measure())
        rows += make_rows(name, cases)
        for case in cases:
            tally = count(case)
            if tally["wrong"] or tally["found"] < tally["expected"]:
                print(f"{case.form:5} {case.name}: {tally['found']}/{tally['expected']} found, {tally['wrong']} wrong")
    write_report(
        "accuracy-reading",
        rows,
        packages=("python-calamine", "python-docx", "selectolax"),
        note="lines: the table flattened to one cell a line; a table with blank cells loses them, so nothing is "
        "expected of it.",
    )


if __name__ == "__main__":
    main()
