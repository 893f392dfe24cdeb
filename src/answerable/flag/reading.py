"""A batch of records to a batch of flags: rules first, the model for what they leave, the rest to a person.

The one place where the steps of the flag meet; `cli/flag.py` runs it over a stream. It takes and returns Arrow
bytes, so that a worker process needs nothing but the settings. The trap: nothing here may look at the force's
own flag, which is compared with the reading afterwards and must not lead it.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerable.flag.describing import FLAGS, Block, describe_records
from answerable.flag.lexicon import read_lexicon
from answerable.flag.matches import compile_lexicon, find_matches, sift_tokens
from answerable.flag.roles import find_mentions
from answerable.flag.score import Model, Seen, hash_mentions, score_records
from answerable.flag.tokens import Bytes, Ints, view_text
from answerable.flag.verdicts import BAND, NO, YES, Policy, Verdicts, settle_records

COLUMNS = ("id", "flag", "medium", "platforms", "role", "score", "rules", "evidence")
_SLICE = 4_000
"""Records worked on at once: their bytes and tables stay in the processor's cache."""

_LARGEST = 31 << 20
"""Bytes, a little below the greatest size that glibc learns from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How records are read. A score of `high` or more is yes, `low` or less is no, between them a person decides.
    `model` None leaves every open record to a person. `score_all` also scores what the rules settle."""

    policy: Policy = field(default_factory=Policy)
    model: Model | None = None
    low: float | None = None
    high: float | None = None
    score_all: bool = False
    unmasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A batch on its way to another process, as an Arrow IPC stream. It never shows what it holds: a cluster's worker
    prints the arguments of a task that fails, and an error names the item that could not be read."""

    data: bytes = field(repr=False)
    settings: Settings = field(repr=False)
    squeezed: bool = False
    """Whether records and flags travel compressed, as over a network: a third of the bytes or less, and half the time
    of a scheduler that hands them on. Between processes of one machine it would only cost time."""


def make_job(batch: Any, settings: Settings, *, squeezed: bool = False) -> Job:
    """A batch as `flag_bytes` takes it."""
    columns = [name for name in ("id", "text", "day") if name in batch.schema.names]
    return Job(data=_pack(batch.select(columns), squeezed), settings=settings, squeezed=squeezed)


def flag_records(batch: Any, settings: Settings) -> Any:
    """An Arrow batch of COLUMNS, a row a record in the same order. `batch` has `id` and `text`, and may have `day`
    (a date32: when it was committed, else recorded)."""
    import pyarrow as pa

    _keep_memory()
    starts = range(0, max(batch.num_rows, 1), _SLICE)
    parts = [_flag_slice(batch.slice(at, _SLICE), settings) for at in starts]
    columns = [pa.concat_arrays([part[name] for part in parts]) for name in COLUMNS[1:]]
    return pa.RecordBatch.from_arrays([batch.column("id").cast(pa.string()), *columns], names=list(COLUMNS))


def flag_bytes(job: Job) -> bytes:
    """`flag_records` on a Job's stream, for a worker process: bytes in, bytes out."""
    return _pack(flag_records(unpack_batch(job.data), job.settings), job.squeezed)


def unpack_batch(data: bytes) -> Any:
    """The batch of a stream."""
    import pyarrow as pa

    with pa.ipc.open_stream(data) as reader:
        return reader.read_next_batch()


def _pack(batch: Any, squeezed: bool) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd" if squeezed else None)
    with pa.ipc.new_stream(sink, schema=batch.schema, options=options) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


@cache
def _keep_memory() -> None:
    """glibc gives an array back to the system when it is dropped, and asks for it again a moment later, until an
    array as large has been dropped once. Dropping one here saves a fifth of the time; elsewhere it does nothing."""
    np.empty(_LARGEST, dtype=np.uint8)


def _flag_slice(batch: Any, settings: Settings) -> dict[str, Any]:
    """Every column but the first, by name."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lexicon = read_lexicon()
    automaton = compile_lexicon(lexicon)
    data, offsets = view_text(batch.column("text"))
    tokens = sift_tokens(automaton, data, offsets)
    matches = find_matches(automaton, tokens)
    mentions = find_mentions(lexicon, tokens, matches, _read_days(batch))
    verdicts = settle_records(lexicon, mentions, batch.num_rows, settings.policy)
    flag, scores = verdicts.verdict, np.full(batch.num_rows, np.nan)
    if settings.model is not None:
        seen = hash_mentions(lexicon, tokens, matches, mentions)
        flag, scores = _ask_model(settings, settings.model, data, offsets, verdicts, seen)
    block = Block(data=data, offsets=offsets, tokens=tokens, matches=matches, mentions=mentions, verdicts=verdicts)
    columns = describe_records(lexicon, block, settings.policy, settings.unmasked)
    columns["flag"] = pa.array(FLAGS, pa.string()).take(pa.array(flag))
    columns["score"] = pc.round(pa.array(scores, mask=np.isnan(scores)), 3)
    return columns


def _read_days(batch: Any) -> Ints | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    if "day" not in batch.schema.names:
        return None
    days = pc.fill_null(batch.column("day").cast(pa.int32()), np.iinfo(np.int32).max)
    return np.asarray(days, dtype=np.int64)


def _ask_model(
    settings: Settings, model: Model, data: Bytes, offsets: Ints, verdicts: Verdicts, seen: Seen
) -> tuple[Ints, NDArray[np.float64]]:
    """Verdicts with the open ones settled where the model is sure, and the score of each, NaN where not asked."""
    verdict, every = verdicts.verdict.copy(), np.full(len(verdicts.verdict), np.nan)
    places = np.flatnonzero(verdicts.doubt | settings.score_all)
    if not len(places):
        return verdict, every
    # What the rules saw counts only beside a mention: cues are not looked for in records without one.
    beside = (verdicts.last > verdicts.first)[seen.record]
    seen = Seen(record=seen.record[beside], bucket=seen.bucket[beside])
    scores = score_records(model, data, offsets, seen, places)
    low = model.low if settings.low is None else settings.low
    high = model.high if settings.high is None else settings.high
    said = np.where(scores >= high, YES, np.where(scores <= low, NO, BAND))
    open_ = verdicts.doubt[places]
    verdict[places[open_]] = said[open_]
    every[places] = scores
    return verdict, every
