"""Records a second of the flag beside medspaCy's ConText, plain `re` and others; its memory; a cluster with a death.

`python bench/bench_flag.py 20000000` streams that many records for the memory row (a million without it)."""

import itertools
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from clusters import flag_timed, read_processor, start_cluster
from report import Row, write_report

from answerable.cluster import map_batches
from answerable.flag import Settings, flag_bytes, flag_records, make_job
from answerable.flag.labelling import read_labelled
from answerable.flag.lexicon import Phrase, read_lexicon
from answerable.flag.matches import compile_lexicon, find_matches, list_anchors, sift_tokens
from answerable.flag.score import read_model
from answerable.flag.tokens import view_text

COUNT = 60_000
LENGTH = 300
SHARE = 0.2
"""Records of the sample with a channel or device in them; the rest are made of records with none."""
PEER = 400
BATCH, SLICE = 20_000, 4_000
WORDS = 6


def main() -> None:
    texts = make_texts(SHARE)
    batch = make_batch(texts)
    rows = [Row(name="sample", metric="records", value=f"{COUNT:,} of {LENGTH} characters, {SHARE:.0%} with a mention")]
    ours, speeds = measure_ours(batch)
    rows += speeds
    rows += measure_peers(texts, batch, ours)
    rows += measure_memory(batch, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    rows += measure_cluster(batch)
    packages = ("pyarrow", "numpy", "medspacy", "spacy", "hyperscan", "google-re2", "ahocorasick_rs", "distributed")
    load = os.getloadavg()[0]
    note = f"The machine's load was {load:.0f} on {os.cpu_count()} cores: compare rows of this run with each other."
    write_report("bench-flag", rows, packages=packages, note=note)


def make_texts(share: float) -> list[str]:
    records = [record.text for split in ("train", "test") for record in read_labelled(split)]
    flags = flag_records(make_batch(records), Settings()).column("rules").to_pylist()
    plain = [text for text, rules in zip(records, flags, strict=True) if not rules]
    spoken = [text for text, rules in zip(records, flags, strict=True) if rules]
    chance = random.Random(9)
    texts = []
    for _ in range(COUNT):
        text = chance.choice(spoken) + " " if chance.random() < share else ""
        while len(text) < LENGTH:
            text += chance.choice(plain) + " "
        texts.append(text[:LENGTH])
    return texts


def make_batch(texts: Sequence[str]) -> Any:
    ids = pa.array([str(number) for number in range(len(texts))])
    return pa.RecordBatch.from_arrays([ids, pa.array(list(texts))], names=["id", "text"])


def time_best(function: Callable[[], Any], runs: int = 3) -> float:
    """The least processor time of some runs: others' load on the machine hardly counts in it."""
    spent = []
    for _ in range(runs):
        started = time.process_time()
        function()
        spent.append(time.process_time() - started)
    return min(spent)


def measure_ours(batch: Any) -> tuple[float, list[Row]]:
    """Records a processor second of one process, twice that for two cores, and of two processes by the clock."""
    rows, every = [], make_batch(make_texts(1.0)[: COUNT // 4])
    flag_records(batch.slice(0, 5000), Settings(model=read_model()))
    speeds = {}
    for name, settings, bar in (
        ("rules only", Settings(), 200_000),
        ("with the model", Settings(model=read_model()), 50_000),
    ):
        speeds[name] = COUNT / time_best(lambda settings=settings: flag_records(batch, settings))
        held = every.num_rows / time_best(lambda settings=settings: flag_records(every, settings))
        jobs = [make_job(batch.slice(at, BATCH), settings) for at in range(0, COUNT, BATCH)] * 20
        results = map_batches(flag_bytes, iter([*jobs[:2], *jobs]), workers=2)
        next(results), next(results)
        started = time.perf_counter()
        done = sum(1 for _ in results)
        clock = done * BATCH / (time.perf_counter() - started)
        two = 2 * speeds[name]
        text = f">= {bar:,}"
        rows.append(Row(name=name, metric="records a second, two cores",
                        value=round(two), bar=text, holds=two >= bar))  # fmt: skip
        rows.append(Row(name=name, metric="records a second by the clock, two processes",
                        value=round(clock), bar=text, holds=clock >= bar))  # fmt: skip
        rows.append(Row(name=name, metric="the same, a mention in every record", value=round(2 * held)))
    return speeds["rules only"], rows


def unfold(phrase: Phrase) -> Iterator[str]:
    """Every wording of a phrase, for engines that take plain strings."""
    for words in itertools.product(*phrase):
        yield " ".join(word for part in words for word in part)


def list_phrases() -> list[str]:
    """The wordings of every channel in the rules, those of many choices left out: to a peer's favour."""
    lexicon = read_lexicon()
    found: dict[str, None] = {}
    for phrase, entry in lexicon.phrases:
        size = 1
        for slot in phrase:
            size *= len(slot)
        if lexicon.entries[entry].kind in ("channel", "policy") and size <= 60:
            found |= dict.fromkeys(text for text in unfold(phrase) if 0 < len(text.split()) <= WORDS)
    return sorted(found, key=lambda text: (-len(text), text))


def measure_peers(texts: list[str], batch: Any, ours: float) -> list[Row]:
    phrases = list_phrases()
    rows = [Row(name="peers", metric="phrases given to each", value=len(phrases))]
    automaton = compile_lexicon(read_lexicon())
    slices = [view_text(batch.slice(at, SLICE).column("text")) for at in range(0, COUNT, SLICE)]

    def match() -> None:
        for data, offsets in slices:
            find_matches(automaton, sift_tokens(automaton, data, offsets))

    def sift() -> None:
        for data, offsets in slices:
            sift_tokens(automaton, data, offsets)

    metric = "records a processor second"
    rows.append(Row(name="answerable, matching alone", metric=metric, value=round(COUNT / time_best(match))))
    rows.append(Row(name="answerable, first look alone", metric=metric, value=round(COUNT / time_best(sift))))
    peers = {
        "plain re": make_re,
        "google-re2": make_re2,
        "hyperscan": make_hyperscan,
        "hyperscan, for the first look": make_sift,
        "ahocorasick_rs": make_ahocorasick,
        "medspaCy ConText": make_medspacy,
    }
    for name, make in peers.items():
        size = {"plain re": 2000, "medspaCy ConText": PEER}.get(name, 20_000)
        try:
            run = make(phrases)
        except ImportError:
            rows.append(Row(name=name, metric="records a processor second", value="not installed"))
            continue
        run(texts[:20])
        speed = size / time_best(lambda run=run, size=size: run(texts[:size]), runs=2)
        rows.append(Row(name=name, metric="records a processor second", value=round(speed, 1)))
        bar = name == "medspaCy ConText"
        rows.append(Row(name=name, metric="answerable is this many times as fast", value=round(ours / speed, 1),
                        bar=">= 100" if bar else "", holds=ours / speed >= 100 if bar else None))  # fmt: skip
    return rows


def make_re(phrases: list[str]) -> Callable[[Sequence[str]], Any]:
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")\b", re.I)
    return lambda texts: [pattern.findall(text) for text in texts]


def make_re2(phrases: list[str]) -> Callable[[Sequence[str]], Any]:
    import re2

    options = re2.Options()
    options.case_sensitive, options.max_mem = False, 1 << 29
    pattern = re2.compile(r"\b(?:" + "|".join(map(re2.escape, phrases)) + r")\b", options=options)
    return lambda texts: [pattern.findall(text) for text in texts]


def make_hyperscan(phrases: list[str]) -> Callable[[Sequence[str]], Any]:
    import hyperscan

    database = hyperscan.Database()
    database.compile(expressions=[rf"\b{re.escape(text)}\b".encode() for text in phrases],
                     flags=[hyperscan.HS_FLAG_CASELESS] * len(phrases))  # fmt: skip

    def run(texts: Sequence[str]) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        for text in texts:
            database.scan(text.encode(), match_event_handler=lambda id_, _start, end, *_: found.append((id_, end)))
        return found

    return run


def make_sift(_phrases: list[str]) -> Callable[[Sequence[str]], Any]:
    """What would stand in place of our first look: its words, looked for in all records by one call."""
    import hyperscan

    lexicon = read_lexicon()
    words = sorted(list_anchors(lexicon))
    database = hyperscan.Database()
    database.compile(expressions=[rf"[^a-z0-9]{word}[^a-z0-9]".encode() for word in words],
                     flags=[hyperscan.HS_FLAG_CASELESS] * len(words))  # fmt: skip

    def run(texts: Sequence[str]) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        block = "\n".join(["", *texts, ""]).encode()
        database.scan(block, match_event_handler=lambda id_, _start, end, *_: found.append((id_, end)))
        return found

    return run


def make_ahocorasick(phrases: list[str]) -> Callable[[Sequence[str]], Any]:
    import ahocorasick_rs

    machine = ahocorasick_rs.AhoCorasick(phrases)
    return lambda texts: [machine.find_matches_as_indexes(text.lower()) for text in texts]


def make_medspacy(phrases: list[str]) -> Callable[[Sequence[str]], Any]:
    """Targets by the same phrases, then ConText with the rules that it ships."""
    import medspacy
    from loguru import logger
    from medspacy.ner import TargetRule

    # Its sentence splitter logs every word at debug level.
    logger.remove()

    pipeline = medspacy.load(medspacy_enable=["medspacy_pyrush", "medspacy_target_matcher", "medspacy_context"])
    pipeline.get_pipe("medspacy_target_matcher").add([TargetRule(text, "CHANNEL") for text in phrases])
    return lambda texts: [
        [(e.text, e._.is_negated, e._.is_historical) for e in doc.ents] for doc in pipeline.pipe(texts)
    ]


def measure_memory(batch: Any, count: int) -> list[Row]:
    """The most memory of the command and its workers over a stream of `count` records, and over a quarter of it."""
    with tempfile.TemporaryDirectory() as name:
        peaks = []
        for size in (count // 4, count):
            source, target = Path(name) / "records.parquet", Path(name) / "flags.parquet"
            with pq.ParquetWriter(source, batch.schema) as writer:
                for at in range(0, size, COUNT):
                    writer.write_batch(batch.slice(0, min(COUNT, size - at)))
            words = [sys.executable, "-m", "answerable", "flag", str(source), "-o", str(target), "--workers", "2"]
            started = time.perf_counter()
            peaks.append(watch_memory(words))
            spent = time.perf_counter() - started
            assert_count(target, size)
        flat = peaks[1] < 1.3 * peaks[0]
        held = peaks[1] < 1000 and flat
        return [
            Row(name=f"{count:,} records", metric="most memory, MB", value=round(peaks[1]), bar="< 1000",
                holds=held),
            Row(name=f"{count // 4:,} records", metric="most memory, MB", value=round(peaks[0])),
            Row(name=f"{count:,} records", metric="records a second by the clock", value=round(count / spent)),
        ]  # fmt: skip


def assert_count(path: Path, expected: int) -> None:
    found = pq.ParquetFile(path).metadata.num_rows
    if found != expected:
        raise SystemExit(f"{found} flags came out of {expected} records")


def watch_memory(words: list[str]) -> float:
    """The greatest sum of the process tree's proportional memory, in MB, looked at five times a second."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = [0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            most[0] = max(most[0], sum(map(read_memory, [process.pid, *list_children(process.pid)])))

    thread = threading.Thread(target=watch)
    thread.start()
    code = process.wait()
    done.set()
    thread.join()
    if code:
        raise SystemExit(f"{' '.join(words)} ended with {code}")
    return most[0]


def list_children(pid: int) -> list[int]:
    try:
        below = [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return below + [deeper for child in below for deeper in list_children(child)]


def read_memory(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.M)
    return int(found[1]) / 1024 if found else 0.0


def measure_cluster(batch: Any) -> list[Row]:
    """The clock with one, two and four workers, one of the four killed midway, and the share of our own code in the
    processor time of every process: scheduler, workers and this one. What a dead worker did counts as no share."""
    settings = Settings(model=read_model())
    jobs = [make_job(batch.slice(at, BATCH), settings, squeezed=True) for at in range(0, COUNT, BATCH)] * 16
    expected = [flag_bytes(job) for job in jobs[: COUNT // BATCH]] * 16
    rows: list[Row] = []
    alone = 0.0
    with tempfile.TemporaryDirectory() as name:
        for count in (1, 2, 4):
            with start_cluster(Path(name), count) as (address, processes):
                list(map_batches(flag_timed, jobs[: 2 * count], cluster=address))
                clock, share, found = run_cluster(jobs, address, processes)
            alone = alone or clock
            label = f"cluster, {count} worker{'s' if count > 1 else ''}{', one killed midway' if count == 4 else ''}"
            rows += [
                Row(name=label, metric="speed-up over one worker", value=round(alone / clock, 2)),
                Row(name=label, metric="share of all processor time in our code", value=round(share, 2)),
                Row(name=label, metric="records a second by the clock", value=round(len(jobs) * BATCH / clock)),
                Row(name=label, metric="same bytes as one process", value=str(found == expected),
                    holds=found == expected),
            ]  # fmt: skip
    return rows


def run_cluster(jobs: Sequence[Any], address: str, processes: list[Any]) -> tuple[float, float, list[bytes]]:
    """The seconds by the clock, the share of processor time in our code, and the flags of the jobs. The second of
    four workers is killed a third of the way through."""
    before = {process.pid: read_processor(process.pid) for process in processes}
    own, found, dead = 0.0, [], {}
    started, here = time.perf_counter(), time.process_time()
    for number, (seconds, flags) in enumerate(map_batches(flag_timed, jobs, cluster=address)):
        if len(processes) == 5 and number == len(jobs) // 3:
            dead[processes[2].pid] = read_processor(processes[2].pid)
            processes[2].send_signal(signal.SIGKILL)
        own += seconds
        found.append(flags)
    clock = time.perf_counter() - started
    spent = time.process_time() - here
    spent += sum((dead.get(pid) or read_processor(pid)) - used for pid, used in before.items())
    return clock, own / spent, found


if __name__ == "__main__":
    main()
