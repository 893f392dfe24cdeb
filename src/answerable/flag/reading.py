"""A batch of records to a batch of flags: rules first, the model for what they leave, the rest to a person.

The one place where the steps of the flag meet; `cli/flag.py` runs it over a stream. It takes and returns Arrow
bytes, so that a worker process needs nothing but the settings. The trap: nothing here may look at the force's
own flag, which is compared with the reading afterwards and must not lead it.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from answerable.flag.evidence import Found, list_found, show_mentions
from answerable.flag.lexicon import ROLES, Lexicon, read_lexicon
from answerable.flag.matches import compile_lexicon, find_matches, sift_records
from answerable.flag.roles import ROLE, find_mentions
from answerable.flag.score import Model, Seen, hash_mentions, score_records
from answerable.flag.tokens import Bytes, Ints, find_tokens, view_text
from answerable.flag.verdicts import BAND, NO, YES, Policy, Verdicts, list_settings, settle_records

COLUMNS = ("id", "flag", "medium", "platforms", "role", "score", "rules", "evidence")
FLAGS = ("no", "needs-a-person", "yes")
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
    rows = _Rows(batch.num_rows)
    for at in range(0, batch.num_rows, _SLICE):
        _flag_slice(batch.slice(at, _SLICE), at, settings, rows)
    return rows.make_batch(batch.column("id"))


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


def _flag_slice(batch: Any, start: int, settings: Settings, rows: "_Rows") -> None:
    lexicon = read_lexicon()
    data, offsets = view_text(batch.column("text"))
    candidates = sift_records(compile_lexicon(lexicon), data, offsets)
    if settings.score_all and settings.model is not None:
        rows.scores[start : start + batch.num_rows] = score_records(settings.model, data, offsets).tolist()
    if len(candidates):
        _read_candidates(lexicon, batch, candidates, start, settings, rows)


class _Rows:
    """The output columns of a slice while they are filled; a record without a mention keeps the first values."""

    __slots__ = ("evidence", "flags", "media", "platforms", "roles", "rules", "scores")

    def __init__(self, count: int) -> None:
        self.flags = ["no"] * count
        self.media = [""] * count
        self.platforms = [""] * count
        self.roles = [""] * count
        self.scores: list[float | None] = [None] * count
        self.rules = [""] * count
        self.evidence = [""] * count

    def make_batch(self, ids: Any) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        texts = (self.flags, self.media, self.platforms, self.roles)
        scores = pc.round(pa.array(self.scores, pa.float64()), 3)
        columns = [ids.cast(pa.string()), *(pa.array(column, pa.string()) for column in texts), scores]
        columns += [pa.array(self.rules, pa.string()), pa.array(self.evidence, pa.string())]
        return pa.RecordBatch.from_arrays(columns, names=list(COLUMNS))


def _read_candidates(
    lexicon: Lexicon, batch: Any, candidates: Ints, start: int, settings: Settings, rows: _Rows
) -> None:
    import pyarrow as pa

    data, offsets = view_text(batch.column("text").take(pa.array(candidates)))
    tokens = find_tokens(data, offsets)
    matches = find_matches(compile_lexicon(lexicon), tokens)
    mentions = find_mentions(lexicon, tokens, matches, _read_days(batch, candidates))
    verdicts = settle_records(lexicon, mentions, len(candidates), settings.policy)
    verdict, scores = _ask_model(settings, data, offsets, verdicts, hash_mentions(lexicon, tokens, matches, mentions))
    found = list_found(lexicon, data, offsets, tokens, matches, mentions)
    row_of, flag_of = (candidates + start).tolist(), verdict.tolist()
    role_of, first, last = verdicts.role.tolist(), verdicts.first.tolist(), verdicts.last.tolist()
    for place in np.flatnonzero(verdicts.last > verdicts.first).tolist():
        row = row_of[place]
        rows.flags[row] = FLAGS[flag_of[place]]
        if place in scores:
            rows.scores[row] = scores[place]
        speaking = [at for at in range(first[place], last[place]) if found.role[at] == role_of[place]]
        rules = _describe(found, speaking, settings, row, rows)
        if verdicts.switches[place]:
            rules += _list_others(verdicts, place, settings.policy)
        rows.rules[row] = " ".join(rules)


def _read_days(batch: Any, candidates: Ints) -> Ints | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    if "day" not in batch.schema.names:
        return None
    days = pc.fill_null(batch.column("day").cast(pa.int32()), np.iinfo(np.int32).max)
    return np.asarray(days.take(pa.array(candidates)), dtype=np.int64)


def _ask_model(
    settings: Settings, data: Bytes, offsets: Ints, verdicts: Verdicts, seen: Seen
) -> tuple[Ints, dict[int, float]]:
    """Verdicts with the open ones settled where the model is sure, and the score of each open record."""
    verdict = verdicts.verdict.copy()
    asked = np.ones(len(verdict), dtype=np.bool_) if settings.score_all else verdicts.doubt
    places = np.flatnonzero(asked)
    if settings.model is None or not len(places):
        return verdict, {}
    scores = score_records(settings.model, data, offsets, seen, places)
    low = settings.model.low if settings.low is None else settings.low
    high = settings.model.high if settings.high is None else settings.high
    said = np.where(scores >= high, YES, np.where(scores <= low, NO, BAND))
    open_ = verdicts.doubt[places]
    verdict[places[open_]] = said[open_]
    return verdict, dict(zip(places.tolist(), scores.tolist(), strict=True))


def _describe(found: Found, speaking: list[int], settings: Settings, row: int, rows: _Rows) -> list[str]:
    """Fill medium, platforms, role and evidence of one record from the mentions that speak for it; its rule ids."""
    role = found.role[speaking[0]]
    entries = [found.lexicon.entries[found.entry[at]] for at in speaking]
    rows.roles[row] = ROLES[role]
    if role <= ROLE["mention"]:
        rows.media[row] = "; ".join(dict.fromkeys(entry.medium for entry in entries))
    if role != ROLE["object-stolen"] and role != ROLE["device"]:
        named = dict.fromkeys(found.lexicon.names[entry.platform] for entry in entries if entry.platform)
        rows.platforms[row] = "; ".join(named)
    rules, rows.evidence[row] = show_mentions(found, speaking, settings.unmasked)
    return rules


def _list_others(verdicts: Verdicts, place: int, policy: Policy) -> list[str]:
    """What a record that a switch could decide would be under the other settings: "if:sms=yes"."""
    base = int(verdicts.base[place])
    if base == YES:
        return []
    others = list_settings(int(verdicts.switches[place]), policy)
    return [f"if:{name}={'yes' if yes else FLAGS[base]}" for name, yes in others]
