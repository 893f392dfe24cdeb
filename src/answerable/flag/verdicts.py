"""Mentions to a verdict a record: yes, no, or not settled by the rules; and what other policies would make of it.

Forces differ on whether a text message, a voice call or a camera makes an offence online, so these three are
switches and every verdict says what the others would give. The trap: where a policy medium explains a message,
the bare word "message" in the same record is no further doubt.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerable.flag.lexicon import SWITCHES, Lexicon
from answerable.flag.roles import KIND, ROLE, Mentions, tabulate_entries
from answerable.flag.tokens import Bools, Ints

NO, BAND, YES = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Which media count as online beside those that always do."""

    sms: bool = False
    voice: bool = False
    camera: bool = False

    @property
    def mask(self) -> int:
        return sum(1 << place for place, switch in enumerate(SWITCHES) if getattr(self, switch))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """One entry a record of the block. `verdict` is NO, BAND or YES under the policy, `base` with every switch off;
    `doubt` marks those that rest on little, in which the model has the word;
    `switches` has a bit for each policy medium that the record involves; `role` is the role that speaks for it;
    `first` and `last` bound its mentions."""

    verdict: NDArray[np.int64]
    base: NDArray[np.int64]
    doubt: Bools
    switches: Ints
    role: Ints
    first: Ints
    last: Ints


def settle_records(lexicon: Lexicon, mentions: Mentions, count: int, policy: Policy) -> Verdicts:
    """The verdict of the rules on each of `count` records. Mentions are in order of their records."""
    columns = tabulate_entries(lexicon)
    kind = columns.kind[mentions.entry]
    medium = mentions.role == ROLE["medium"]
    switch = columns.switch[mentions.entry]
    acted = (medium | (mentions.role == ROLE["mention"])) & (kind == KIND["policy"])
    switches = np.zeros(count, dtype=np.int64)
    np.bitwise_or.at(switches, mentions.record[acted], 1 << switch[acted])
    channels = kind == KIND["channel"]
    channel = _any(mentions.record[medium & channels], count)
    sure = _any(mentions.record[medium & channels & ~mentions.weak], count)
    weak = _any(mentions.record[mentions.weak & (channels | (kind == KIND["ambiguous"]))], count)
    open_channel = _any(mentions.record[(mentions.role == ROLE["mention"]) & channels], count)
    unclear = _any(mentions.record[mentions.role == ROLE["unclear"]], count)
    base = np.where(channel, YES, np.where(open_channel | (unclear & (switches == 0)), BAND, NO))
    settled = (switches & policy.mask) != 0
    role = np.full(count, len(ROLE), dtype=np.int64)
    np.minimum.at(role, mentions.record, mentions.role)
    return Verdicts(
        verdict=np.where(settled, YES, base),
        base=base,
        doubt=~settled & ~sure & ((base == BAND) | weak),
        switches=switches,
        role=role,
        first=np.searchsorted(mentions.record, np.arange(count), side="left"),
        last=np.searchsorted(mentions.record, np.arange(count), side="right"),
    )


def list_settings(switches: int, policy: Policy) -> Iterable[tuple[str, bool]]:
    """Other settings of the switches that a record involves, each as its name and whether it makes the record yes.

    The name joins what counts with "+" ("sms", "sms+voice"); "none" is every involved switch off. A switch that the
    record does not involve makes no difference and is left out.
    """
    involved = [place for place in range(len(SWITCHES)) if switches >> place & 1]
    now = {place for place in involved if policy.mask >> place & 1}
    for size in range(len(involved) + 1):
        for chosen in itertools.combinations(involved, size):
            if set(chosen) != now:
                yield "+".join(SWITCHES[place] for place in chosen) or "none", bool(chosen)


def _any(records: Ints, count: int) -> Bools:
    found = np.zeros(count, dtype=np.bool_)
    found[records] = True
    return found
