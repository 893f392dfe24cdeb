"""A batch of records to a batch of flags: rules first, the model for what they leave, the rest to a person.

The one place where the steps of the flag meet; `cli/flag.py` runs it over a stream. It takes and returns Arrow
bytes, so that a worker process needs nothing but the settings. The trap: nothing here may look at the force's
own flag, which is compared with the reading afterwards and must not lead it.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerable.flag.describing import FLAGS, Block, describe_records
from answerable.flag.lexicon import read_lexicon
from answerable.flag.matches import compile_lexicon, find_matches, sift_records
from answerable.flag.roles import find_mentions
from answerable.flag.score import Model, Seen, hash_mentions, score_records
from answerable.flag.tokens import Bytes, Ints, find_tokens, view_text
from answerable.flag.verdicts import BAND, NO, YES, Policy, Verdicts, settle_records

COLUMNS = ("id", "flag", "medium", "platforms", "role", "score", "rules", "evidence")
_SLICE = 4_000
"""Records worked on at once: their bytes and tables stay in the processor's cache."""


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


def flag_records(batch: Any, settings: Settings) -> Any:
    """An Arrow batch of COLUMNS, a row a record in the same order. `batch` has `id` and `text`, and may have `day`
    (a date32: when it was committed, else recorded)."""
    import pyarrow as pa

    starts = range(0, max(batch.num_rows, 1), _SLICE)
    parts = [_flag_slice(batch.slice(at, _SLICE), settings) for at in starts]
    columns = [pa.concat_arrays([part[name] for part in parts]) for name in COLUMNS[1:]]
    return pa.RecordBatch.from_arrays([batch.column("id").cast(pa.string()), *columns], names=list(COLUMNS))


def flag_bytes(job: Job) -> bytes:
    """`flag_records` on a Job's stream, for a worker process: bytes in, bytes out."""
    import pyarrow as pa

    with pa.ipc.open_stream(job.data) as reader:
        batches = [flag_records(batch, job.settings) for batch in reader]
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, schema=batches[0].schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
    return bytes(sink.getvalue())


def _flag_slice(batch: Any, settings: Settings) -> dict[str, Any]:
    """Every column but the first, by name."""
    import pyarrow as pa
    import pyarrow.compute as pc

    count = batch.num_rows
    data, offsets = view_text(batch.column("text"))
    candidates = sift_records(compile_lexicon(read_lexicon()), data, offsets)
    scores = np.full(count, np.nan)
    if settings.score_all and settings.model is not None:
        scores = score_records(settings.model, data, offsets)
    flag = np.zeros(count, dtype=np.int64)
    columns = _read_candidates(batch, candidates, settings, flag, scores)
    columns["flag"] = pa.array(FLAGS, pa.string()).take(pa.array(flag))
    columns["score"] = pc.round(pa.array(scores, mask=np.isnan(scores)), 3)
    return columns


def _read_candidates(
    batch: Any, candidates: Ints, settings: Settings, flag: Ints, scores: NDArray[np.float64]
) -> dict[str, Any]:
    """What is said of each record in words; `flag` and `scores` are filled where a record has a mention."""
    import pyarrow as pa

    lexicon = read_lexicon()
    data, offsets = view_text(batch.column("text").take(pa.array(candidates)))
    tokens = find_tokens(data, offsets)
    matches = find_matches(compile_lexicon(lexicon), tokens)
    mentions = find_mentions(lexicon, tokens, matches, _read_days(batch, candidates))
    verdicts = settle_records(lexicon, mentions, len(candidates), settings.policy)
    seen = hash_mentions(lexicon, tokens, matches, mentions)
    verdict, score = _ask_model(settings, data, offsets, verdicts, seen)
    mentioned = verdicts.last > verdicts.first
    flag[candidates[mentioned]] = verdict[mentioned]
    asked = mentioned & ~np.isnan(score)
    scores[candidates[asked]] = score[asked]
    block = Block(
        row=candidates, data=data, offsets=offsets, tokens=tokens, matches=matches, mentions=mentions,
        verdicts=verdicts,
    )  # fmt: skip
    return describe_records(lexicon, block, settings.policy, settings.unmasked, batch.num_rows)


def _read_days(batch: Any, candidates: Ints) -> Ints | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    if "day" not in batch.schema.names:
        return None
    days = pc.fill_null(batch.column("day").cast(pa.int32()), np.iinfo(np.int32).max)
    return np.asarray(days.take(pa.array(candidates)), dtype=np.int64)


def _ask_model(
    settings: Settings, data: Bytes, offsets: Ints, verdicts: Verdicts, seen: Seen
) -> tuple[Ints, NDArray[np.float64]]:
    """Verdicts with the open ones settled where the model is sure, and the score of each, NaN where not asked."""
    verdict, every = verdicts.verdict.copy(), np.full(len(verdicts.verdict), np.nan)
    asked = np.ones(len(verdict), dtype=np.bool_) if settings.score_all else verdicts.doubt
    places = np.flatnonzero(asked)
    if settings.model is None or not len(places):
        return verdict, every
    scores = score_records(settings.model, data, offsets, seen, places)
    low = settings.model.low if settings.low is None else settings.low
    high = settings.model.high if settings.high is None else settings.high
    said = np.where(scores >= high, YES, np.where(scores <= low, NO, BAND))
    open_ = verdicts.doubt[places]
    verdict[places[open_]] = said[open_]
    every[places] = scores
    return verdict, every
