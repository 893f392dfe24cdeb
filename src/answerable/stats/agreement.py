"""Two people's readings of the same values: how often they agree, and how much of it is more than chance.

Knows nothing of surveys; a reading is any text. The trap is kappa where both always say the same one thing:
chance explains everything there, so kappa says nothing and is None.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """n pairs, how many agree, their share from 0 to 1, and Cohen's kappa, None where it is not defined."""

    n: int
    agreed: int
    share: float
    kappa: float | None


def compare_readings(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """The Agreement of first and second readings, each reading a category of its own (Cohen 1960).

    ValueError where there is no pair.
    """
    if not pairs:
        raise ValueError("agreement needs at least one pair")
    n = len(pairs)
    agreed = sum(first == second for first, second in pairs)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    # In whole numbers, so that no rounding decides whether chance explains everything.
    chance = sum(count * seconds[name] for name, count in firsts.items())
    kappa = None if chance == n * n else (agreed * n - chance) / (n * n - chance)
    return Agreement(n=n, agreed=agreed, share=agreed / n, kappa=kappa)
