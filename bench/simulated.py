"""Simulated surveys for the measurements: written, read, and every reading compared with the truth.

A value is right when its question, period, categories and status are those that the reply states and its number
is; what the reply leaves open (`expect` review) counts neither way, unless a wrong number of it is accepted.
"""

import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from answerable import store
from answerable.errors import UnreadableDocument
from answerable.formats import read_document, unpack_document
from answerable.model import TOTAL, Document, Grid, Observation, Reply, Survey
from answerable.observations import find_observations
from answerable.surveys.simulate import simulate_survey

SEEDS = (90101, 90102, 90103)
"""Seeds for measuring only: whoever works on reading works on others."""

Key = tuple[str, str, str, tuple[tuple[str, str], ...]]
"""Authority, question, period, categories in the question's order."""


@dataclass(slots=True)
class Tally:
    """Counts of one format or one layout. `missed` were in the reply and read by nobody."""

    right: int = 0
    wrong: int = 0
    review: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        stated = self.right + self.review + self.missed
        return self.right / stated if stated else 1.0


@dataclass(slots=True)
class Score:
    """Tallies over all, by format and by layout, and the mistakes with what was read and what was true."""

    overall: Tally = field(default_factory=Tally)
    formats: dict[str, Tally] = field(default_factory=dict)
    layouts: dict[str, Tally] = field(default_factory=dict)
    mistakes: list[tuple[Key, str, str]] = field(default_factory=list)

    def count(self, what: str, kind: str, layout: str) -> None:
        for tally in (
            self.overall,
            self.formats.setdefault(kind, Tally()),
            self.layouts.setdefault(layout, Tally()),
        ):
            setattr(tally, what, getattr(tally, what) + 1)


def write_simulated(folder: Path, n_authorities: int, seed: int) -> Path:
    """Write a simulated survey into a folder and return it."""
    store.write_folder(folder, dict(simulate_survey(n_authorities, seed)))
    return folder


def read_truth(folder: Path) -> dict[Key, dict[str, str]]:
    """truth.csv by key; rows that refuse a whole question have an empty period."""
    with (folder / "truth.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for row in rows:
        dimensions = tuple((name, row[name]) for name in ("offence", "age", "sex") if row[name])
        found[row["authority"], row["question"], row["period"], dimensions] = row
    return found


def find_key(survey: Survey, observation: Observation) -> Key:
    """The key of an observation; a grand total goes to the question it totals."""
    question = next(item for item in survey.questions if item.id == observation.question)
    dimensions = observation.dimensions
    if question.total_of and all(code == TOTAL for _, code in dimensions):
        return observation.authority, question.total_of, observation.period, ()
    return observation.authority, observation.question, observation.period, dimensions


def score_observations(folder: Path, survey: Survey, observations: tuple[Observation, ...]) -> Score:
    """Every accepted observation against the truth, and every stated value against what was read."""
    truth = read_truth(folder)
    kinds = {key[0]: row["format"] for key, row in truth.items()}
    score = Score()
    accepted: set[Key] = set()
    seen: set[Key] = set()
    for observation in observations:
        key = find_key(survey, observation)
        seen.add(key)
        if not observation.accepted or observation.status in {"refused", "not_held", "no_reply"}:
            continue
        row = truth.get(key)
        if row and _is_right(observation, row):
            if key not in accepted and row["expect"] == "accept":
                score.count("right", row["format"], row["layout"])
            accepted.add(key)
        else:
            kind = kinds.get(observation.authority, "")
            score.count("wrong", kind, row["layout"] if row else "not stated")
            said = f"{observation.status} {observation.value} {observation.bounds} {observation.source}"
            score.mistakes.append((key, said, str(row)))
    for key, row in _list_stated(truth):
        if key not in accepted:
            score.count("review" if key in seen else "missed", row["format"], row["layout"])
    return score


def _list_stated(truth: dict[Key, dict[str, str]]) -> Iterator[tuple[Key, dict[str, str]]]:
    for key, row in truth.items():
        if row["period"] and row["expect"] == "accept":
            yield key, row


def _is_right(observation: Observation, row: dict[str, str]) -> bool:
    if row["status"] == "suppressed":
        if observation.status == "suppressed":
            return observation.value is None
        return False
    return observation.status == "normal" and row["value"] != "" and observation.value == int(row["value"])


def read_replies(folder: Path) -> Iterator[tuple[Survey, Reply, tuple[Grid, ...]]]:
    """Every reply of a survey folder that came, with all its grids, attachments included."""
    survey = store.read_survey(folder)
    replies, _ = store.read_replies(folder, survey)
    for reply in replies:
        if reply.documents:
            opened = ((one, store.read_bytes(folder, one)) for one in reply.documents)
            yield survey, reply, tuple(grid for one, data in opened for grid in read_documents(one, data))


def read_documents(document: Document, data: bytes) -> Iterator[Grid]:
    """The grids of a document and of those inside it; what cannot be read is named on stderr."""
    try:
        grids = read_document(document, data)
        inner = unpack_document(document, data)
    except UnreadableDocument as error:
        print(error, file=sys.stderr)
        return
    yield from grids
    for child, child_data in inner:
        yield from read_documents(child, child_data)


def main() -> None:
    """Print the score of one simulated survey and its mistakes: `python bench/simulated.py SEED N`."""
    seed, n_authorities = int(sys.argv[1]), int(sys.argv[2])
    if seed in SEEDS:
        sys.exit(f"seed {seed} is for measuring only: work on another")
    with tempfile.TemporaryDirectory() as name:
        folder = write_simulated(Path(name) / "survey", n_authorities, seed)
        observations: list[Observation] = []
        checks: Counter[str] = Counter()
        for survey, reply, grids in read_replies(folder):
            found, findings = find_observations(survey, reply, grids)
            observations += found
            checks.update(finding.check for finding in findings)
        score = score_observations(folder, survey, tuple(observations))
    for key, said, true in score.mistakes:
        print(*key, "|", said, "|", true)
    for title, tallies in (("format", score.formats), ("layout", score.layouts), ("all", {"all": score.overall})):
        print(f"\n{title:16} precision  recall   right   wrong  review  missed")
        for label, tally in sorted(tallies.items()):
            numbers = f"{tally.right:8}{tally.wrong:8}{tally.review:8}{tally.missed:8}"
            print(f"{label:16} {tally.precision:9.4f} {tally.recall:7.3f}{numbers}")
    print(dict(checks.most_common()))


if __name__ == "__main__":
    main()
