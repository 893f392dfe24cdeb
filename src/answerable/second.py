"""Second readings: a sample of values, each read again by two people who do not see the first reading.

Stands after decisions: what two readers and, where they differ, a third make of a value is kept in
second-readings.jsonl, and a value that turns out wrong is put right by a Decision, never from here. The trap is
the correction that hides the error: each line keeps what stood when it was written, so that the error rate counts
what was wrong before it was put right.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from answerable.decisions import read_rows
from answerable.errors import StoreError
from answerable.model import Observation, Survey
from answerable.values import parse_value

FILE = "second-readings.jsonl"
Role = Literal["reading", "adjudication"]
_KEYS = ("observation", "role", "value", "stood", "by", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReading:
    """One person's reading of one value: `value` as `fold_value` writes it, `stood` the accepted reading then."""

    observation: str
    role: Role
    value: str
    stood: str
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One value that two people have read. `third` is the adjudicator's reading, None while there is none."""

    observation: str
    first: SecondReading
    second: SecondReading
    third: SecondReading | None

    @property
    def agree(self) -> bool:
        return self.first.value == self.second.value

    @property
    def settled(self) -> str | None:
        """What the value is: the third's word, else what both say, None while they differ."""
        return self.third.value if self.third else self.first.value if self.agree else None

    @property
    def open(self) -> bool:
        """Whether a third has to look: they differ, or both read otherwise than what stands."""
        return self.third is None and (not self.agree or self.first.value != self.first.stood)

    @property
    def wrong(self) -> bool:
        """Whether what stood is not what the value turned out to be."""
        return self.settled is not None and self.settled != self.first.stood


def parse_second(text: str, where: str = FILE) -> tuple[SecondReading, ...]:
    """The readings of a second-readings.jsonl, in order. StoreError names the line that is none."""
    return tuple(_parse_row(raw, place) for place, raw in read_rows(text, where))


def _parse_row(raw: Any, where: str) -> SecondReading:
    if not isinstance(raw, dict) or set(raw) != set(_KEYS) or not all(isinstance(raw[key], str) for key in _KEYS):
        raise StoreError(where, "does not have the keys of a reading as text", f"Write {', '.join(_KEYS)}")
    if raw["role"] not in get_args(Role):
        raise StoreError(where, f'role "{raw["role"]}" is not known', f"Write {', '.join(get_args(Role))}")
    return SecondReading(**raw)


def write_second(reading: SecondReading) -> str:
    """The line of second-readings.jsonl that says this reading."""
    return json.dumps(asdict(reading), ensure_ascii=False)


def fold_value(text: str) -> str | None:
    """A reading in one form: "1,204" is "1204", "<5" is "suppressed to 4"; None for what is neither."""
    reading = parse_value(text)
    if reading is None or not reading.settled or (reading.value is None and reading.status == "normal"):
        return None
    if reading.value is not None:
        return str(reading.value)
    return _write(reading.status, reading.bounds.high if reading.bounds else None)


def _write(status: str, high: int | None) -> str:
    return f"{status} to {high}" if high is not None else status


def fold_observation(item: Observation) -> str:
    """What stands, in the same form."""
    return str(item.value) if item.value is not None else _write(item.status, item.bounds.high if item.bounds else None)


def choose_sample(survey: Survey, observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """The accepted values to be read again: `second_readings` percent of them, chosen by their ids alone.

    The same survey gives the same sample, whatever the values are.
    """
    limit = survey.second_readings * 10_000 // 100
    return tuple(
        item
        for item in observations
        if item.accepted and int(hashlib.sha256(f"second {item.id}".encode()).hexdigest()[:8], 16) % 10_000 < limit
    )


def pair_readings(readings: Iterable[SecondReading]) -> tuple[Pair, ...]:
    """Every value that two people have read, in the order first read. A person's last reading of a value counts,
    and nobody adjudicates their own."""
    by_value: dict[str, dict[str, SecondReading]] = {}
    thirds: dict[str, SecondReading] = {}
    for reading in readings:
        if reading.role == "adjudication":
            thirds[reading.observation] = reading
        else:
            by_value.setdefault(reading.observation, {})[reading.by] = reading
    pairs = []
    for name, own in by_value.items():
        if len(own) < 2:
            continue
        first, second = list(own.values())[:2]
        third = thirds.get(name)
        judged = third if third is not None and third.by not in (first.by, second.by) else None
        pairs.append(Pair(observation=name, first=first, second=second, third=judged))
    return tuple(pairs)
