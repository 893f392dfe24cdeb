"""The force's own flag beside the reading: who under- and over-records, how much is online, and how sure that is.

Counts are kept by force and offence while records stream past; the sample for a person is the records whose hashed
id is least in each stratum, so it is the same every time. Prevalence is corrected for what the reading misses and
invents (Rogan and Gladen 1978, https://doi.org/10.1093/oxfordjournals.aje.a112510) with sensitivity and specificity
from that sample, weighted back to all records. The trap: a sample without the confident no's cannot show a miss.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerable.flag.describing import FLAGS

STRATA = tuple(f"{own}:{read}" for own in ("yes", "no", "blank") for read in FLAGS)
"""The force's own flag, then the reading."""
RESAMPLES = 2000
SEED = 20170401
_SHARE = (2.5, 97.5)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What is kept of a stream: records by (force, offence, stratum), and each stratum's sample by hashed id."""

    size: int
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    kept: dict[str, list[tuple[str, dict[str, str]]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, records: Any, flags: Any) -> None:
        """Count one batch of records (as `read_records` gives them) and its flags."""
        columns = [records.column(name).to_pylist() for name in ("force", "offence", "flagged")]
        read = flags.column("flag").to_pylist()
        strata = [f"{_name_own(own)}:{flag}" for own, flag in zip(columns[2], read, strict=True)]
        self.counts.update(zip(columns[0], columns[1], strata, strict=True))
        if self.size:
            self._keep(records, flags, strata)

    def _keep(self, records: Any, flags: Any, strata: list[str]) -> None:
        ids = records.column("id").to_pylist()
        each = max(self.size // len(STRATA), 1)
        for row, (id_, stratum) in enumerate(zip(ids, strata, strict=True)):
            key = hashlib.sha256(id_.encode()).hexdigest()
            held = self.kept[stratum]
            if len(held) < each or key < held[-1][0]:
                record = {"id": id_, "stratum": stratum, "text": records.column("text")[row].as_py()}
                held.append((key, record | {"flag": flags.column("flag")[row].as_py()}))
                held.sort(key=lambda pair: pair[0])
                del held[each:]

    def list_sample(self) -> list[dict[str, str]]:
        """The sample in an order that does not show the strata, with how many records each one stands for."""
        totals = count_strata(self.counts)
        rows = [pair for stratum in STRATA for pair in self.kept.get(stratum, [])]
        size = {stratum: len(held) for stratum, held in self.kept.items()}
        return [
            record | {"weight": f"{totals[record['stratum']] / size[record['stratum']]:.6g}"}
            for _, record in sorted(rows, key=lambda pair: pair[0])
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A share with its 95% bootstrap interval; None where the sample cannot give it."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How the reading did on records a person read, and what that makes of the prevalence. `kappa` is between the
    two readers, None where there was one."""

    n_read: int
    sensitivity: Interval
    specificity: Interval
    prevalence_read: float
    prevalence_corrected: Interval
    kappa: float | None


def count_strata(counts: Mapping[tuple[str, str, str], int]) -> Counter[str]:
    """Records by stratum, every force and offence together."""
    totals: Counter[str] = Counter()
    for (_, _, stratum), count in counts.items():
        totals[stratum] += count
    return totals


def compare_flags(counts: Mapping[tuple[str, str, str], int]) -> list[dict[str, Any]]:
    """One row for each force and offence, and for each force with offence "": records, own flags, readings, under-
    recorded (read yes, own flag not yes), over-recorded (own flag yes, read no), and the kappa of flag and reading."""
    groups: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (force, offence, stratum), count in counts.items():
        groups[force, offence][stratum] += count
        if offence:
            groups[force, ""][stratum] += count
    return [
        {"force": force, "offence": offence} | _compare(groups[force, offence]) for force, offence in sorted(groups)
    ]


def _compare(strata: Counter[str]) -> dict[str, Any]:
    def total(own: tuple[str, ...], read: tuple[str, ...]) -> int:
        return sum(strata[f"{a}:{b}"] for a in own for b in read)

    both, every = total(("yes",), ("yes",)), total(("yes", "no", "blank"), FLAGS)
    under, over = total(("no", "blank"), ("yes",)), total(("yes",), ("no",))
    read_yes = both + under
    return {
        "records": every,
        "flagged": total(("yes",), FLAGS),
        "read_yes": read_yes,
        "needs_a_person": total(("yes", "no", "blank"), ("needs-a-person",)),
        "under_recorded": under,
        "over_recorded": over,
        "under_recorded_share": round(under / read_yes, 4) if read_yes else None,
        "kappa": _round(compute_kappa(both, over, under, total(("no", "blank"), ("no",)))),
    }


def compute_kappa(both: float, first: float, second: float, neither: float) -> float | None:
    """Cohen's kappa of two yes/no readings: counts of both yes, only the first, only the second, neither. None where
    there is nothing to agree on by chance (no counts, or one answer throughout)."""
    total = both + first + second + neither
    if not total:
        return None
    agreed = (both + neither) / total
    yes = (both + first) * (both + second) / total**2
    chance = yes + (first + neither) * (second + neither) / total**2
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def correct_prevalence(read: float, sensitivity: float, specificity: float) -> float | None:
    """Rogan and Gladen's estimate of the true share from the share read, held to 0..1; None where the reading tells
    nothing (sensitivity + specificity not above 1)."""
    gain = sensitivity + specificity - 1
    return min(max((read + specificity - 1) / gain, 0.0), 1.0) if gain > 0 else None


def measure_accuracy(counts: Mapping[tuple[str, str, str], int], labels: Iterable[Mapping[str, str]]) -> Accuracy:
    """The reading's accuracy from labelled rows of the sample (`stratum`, `label`, perhaps `label_2`; yes or no).

    Records that the reading left to a person are decided by the person, so they count with their label: sensitivity
    and specificity are of what the reading decided, and the share left open is added by its own labels.
    """
    rows = [row for row in labels if row.get("label", "").lower() in {"yes", "no"}]
    totals = count_strata(counts)
    strata = sorted({row["stratum"] for row in rows})
    place = np.array([strata.index(row["stratum"]) for row in rows], dtype=np.int64)
    truth = np.array([row["label"].lower() == "yes" for row in rows], dtype=np.bool_)
    size = np.array([totals[stratum] for stratum in strata], dtype=np.float64)
    read = np.array([stratum.endswith(":yes") for stratum in strata], dtype=np.bool_)
    opened = np.array([stratum.endswith(":needs-a-person") for stratum in strata], dtype=np.bool_)
    every = sum(totals.values())
    read_share = sum(count for stratum, count in totals.items() if stratum.endswith(":yes")) / every if every else 0.0
    point = _estimate(place, truth, size, read, opened, read_share)
    generator = np.random.default_rng(SEED)
    draws = [_estimate(*_resample(generator, place, truth), size, read, opened, read_share) for _ in range(RESAMPLES)]
    sensitivity, specificity, corrected = (_make_interval(point[at], [draw[at] for draw in draws]) for at in range(3))
    return Accuracy(
        n_read=len(rows),
        sensitivity=sensitivity,
        specificity=specificity,
        prevalence_read=round(read_share, 6),
        prevalence_corrected=corrected,
        kappa=_compare_readers(rows),
    )


def _estimate(
    place: NDArray[np.int64],
    truth: NDArray[np.bool_],
    size: NDArray[np.float64],
    read: NDArray[np.bool_],
    opened: NDArray[np.bool_],
    read_share: float,
) -> tuple[float | None, float | None, float | None]:
    """Sensitivity, specificity and corrected prevalence, each stratum standing for all its records."""
    count = np.bincount(place, minlength=len(size))
    yes = np.bincount(place, weights=truth, minlength=len(size))
    share = np.divide(yes, count, out=np.zeros(len(size)), where=count > 0)
    online, offline = size * share, size * (1 - share)
    decided = ~opened
    true_yes, true_no = online[decided].sum(), offline[decided].sum()
    if not true_yes or not true_no:
        return None, None, None
    sensitivity = float(online[decided & read].sum() / true_yes)
    specificity = float(offline[decided & ~read].sum() / true_no)
    whole = float(size.sum())
    of_decided = float(size[decided].sum()) / whole
    corrected = correct_prevalence(read_share / of_decided, sensitivity, specificity) if of_decided else None
    if corrected is None:
        return sensitivity, specificity, None
    return sensitivity, specificity, corrected * of_decided + float(online[opened].sum()) / whole


def _resample(
    generator: np.random.Generator, place: NDArray[np.int64], truth: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """A sample of the same size from each stratum, drawn with return."""
    picks = np.concatenate(
        [generator.choice(np.flatnonzero(place == at), size=int((place == at).sum())) for at in np.unique(place)]
        or [np.zeros(0, dtype=np.int64)]
    )
    return place[picks], truth[picks]


def _make_interval(value: float | None, draws: list[float | None]) -> Interval:
    known = [draw for draw in draws if draw is not None]
    if value is None or not known:
        return Interval(value=_round(value), low=None, high=None)
    low, high = np.percentile(known, _SHARE)
    return Interval(value=_round(value), low=_round(float(low)), high=_round(float(high)))


def _compare_readers(rows: list[Mapping[str, str]]) -> float | None:
    pairs = Counter(
        (row["label"].lower() == "yes", row["label_2"].lower() == "yes")
        for row in rows
        if row.get("label_2", "").lower() in {"yes", "no"}
    )
    kappa = compute_kappa(pairs[True, True], pairs[True, False], pairs[False, True], pairs[False, False])
    return _round(kappa)


def _name_own(flagged: bool | None) -> str:
    return "blank" if flagged is None else "yes" if flagged else "no"


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
