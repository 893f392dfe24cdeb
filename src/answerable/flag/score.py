"""A linear model's probability that an offence was online, from a record's letters and what the rules saw in it.

Used only for records that the rules leave open. Each run of three, four and five letters is hashed to one of the
model's buckets, and so is each mention by its medium and role; the score is their weights, put through the logistic
curve that was fitted on families of records kept from the training. The trap: scoring must hash exactly as training
did, so both call `hash_grams` and `hash_mentions`, and no library's hashing stands between.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerable.errors import AnswerableError
from answerable.flag.lexicon import ROLES, Entry, Lexicon
from answerable.flag.matches import Matches
from answerable.flag.roles import Mentions
from answerable.flag.tokens import Bytes, Ints, Tokens, hash_word, lower_block, take_bytes

GRAMS = (3, 4, 5)
RULES = 1 << 12
"""Buckets after those of the letters, for what the rules saw."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SPACE = np.uint8(0x20)
_DIGIT = np.uint8(0x23)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """Weights by bucket (2**bits for letters, then RULES), and the fitted curve: probability = logistic(slope * raw +
    offset). Scores of `low` or less are no, of `high` or more yes. `trained_on` says on how many records of what."""

    bits: int
    weights: NDArray[np.float32]
    bias: float
    slope: float
    offset: float
    low: float
    high: float
    trained_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the rules saw in a block: a bucket below RULES and the record it was seen in, each pair once."""

    record: Ints
    bucket: Ints


@cache
def read_model() -> Model:
    """The model the package ships."""
    with (files("answerable.flag") / "model.npz").open("rb") as stream:
        return _load(stream)


def read_model_file(path: Path) -> Model:
    """A model that `answerable flag train` wrote."""
    try:
        with path.open("rb") as stream:
            return _load(stream)
    except (OSError, ValueError, KeyError) as error:
        raise AnswerableError(str(path), f"is not a model ({error})", "Give a file `flag train` wrote") from error


def _load(stream: Any) -> Model:
    with np.load(stream, allow_pickle=False) as held:
        bits, bias, slope, offset, low, high = held["numbers"].tolist()
        weights = held["weights"].astype(np.float32) * np.float32(held["scale"])
        trained_on = str(held["trained_on"])
    return Model(
        bits=int(bits), weights=weights, bias=bias, slope=slope, offset=offset, low=low, high=high,
        trained_on=trained_on,
    )  # fmt: skip


def hash_grams(data: Bytes, offsets: Ints, bits: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The bucket of every gram in a block, and the record each is in. Digits count as one sign, runs of spaces
    and marks as one space each; a gram never crosses from one record to the next."""
    low = lower_block(data)[: len(data)]
    text = np.where(low == 0, _SPACE, np.where((low >= 0x30) & (low <= 0x39), _DIGIT, low))
    end = np.repeat(offsets[1:], np.diff(offsets))
    record = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    buckets, records = [], []
    value = np.zeros(len(text), dtype=np.uint64)
    for size in range(1, max(GRAMS) + 1):
        value[: len(text) - size + 1] |= text[size - 1 :].astype(np.uint64) << np.uint64(8 * (size - 1))
        if size in GRAMS:
            inside = np.flatnonzero(np.arange(len(text)) + size <= end)
            buckets.append(((value[inside] * _SPREAD) >> np.uint64(64 - bits)).astype(np.int64))
            records.append(record[inside])
    return np.concatenate(buckets), np.concatenate(records)


def hash_mentions(lexicon: Lexicon, tokens: Tokens, matches: Matches, mentions: Mentions) -> Seen:
    """The bucket of every mention, by medium and role and whether it is weak, and of every rule that was called."""
    said, medium = np.unique((mentions.entry * len(ROLES) + mentions.role) * 2 + mentions.weak, return_inverse=True)
    buckets = [
        _place_mention(lexicon.entries[entry], role, weak)
        for entry, role, weak in (
            (kind // 2 // len(ROLES), kind // 2 % len(ROLES), bool(kind % 2)) for kind in said.tolist()
        )
    ]
    rule = _place_entries(lexicon)[matches.entry]
    pairs = np.concatenate([mentions.record, tokens.record[matches.token]]) * RULES
    pairs = np.unique(pairs + np.concatenate([np.array(buckets, dtype=np.int64)[medium], rule]))
    return Seen(record=pairs // RULES, bucket=pairs % RULES)


def _place_mention(entry: Entry, role: int, weak: bool) -> int:
    return _place(f"{role} {weak} {entry.medium or entry.id}")


@cache
def _place_entries(lexicon: Lexicon) -> Ints:
    return np.array([_place(entry.id) for entry in lexicon.entries], dtype=np.int64)


@cache
def _place(name: str) -> int:
    return hash_word(name) % RULES


def score_records(
    model: Model, data: Bytes, offsets: Ints, seen: Seen | None = None, places: Ints | None = None
) -> NDArray[np.float64]:
    """The probability for each record of a block, or for those at `places`. `seen` counts records as the block."""
    raw = np.full(len(offsets) - 1, model.bias)
    if seen is not None:
        weights = model.weights[(1 << model.bits) + seen.bucket]
        raw += np.bincount(seen.record, weights=weights, minlength=len(raw))
    if places is not None:
        data, offsets = take_bytes(data, offsets[places], offsets[places + 1])
        raw = raw[places]
    buckets, records = hash_grams(data, offsets, model.bits)
    total = np.bincount(records, weights=model.weights[buckets], minlength=len(raw))
    size = np.maximum(np.bincount(records, minlength=len(raw)), 1)
    raw += total / np.sqrt(size)
    return np.asarray(1 / (1 + np.exp(-(model.slope * raw + model.offset))))
