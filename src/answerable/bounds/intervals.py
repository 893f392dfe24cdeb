"""Arithmetic on counts known only to lie between a low and a high, both included.

A count known exactly has low = high; `high` None is unbounded. Every function returns the tightest interval
that holds whatever the counts are. The trap: a share or a change uses one count twice, so dividing interval
by interval would be too wide; each is worked out at the corner where it is extreme.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

Between = tuple[int, int | None]
"""Least and greatest whole number a count can be."""

Span = tuple[float, float | None]
"""Least and greatest value a quotient can be; None is unbounded."""


def add_intervals(parts: Iterable[Between]) -> Between:
    """The interval of a sum of independent counts."""
    low, high = 0, 0
    bounded = True
    for left, right in parts:
        low += left
        if right is None:
            bounded = False
        else:
            high += right
    return low, high if bounded else None


def subtract_intervals(now: Between, before: Between) -> tuple[int | None, int | None]:
    """The interval of now less before; None where that end is unbounded."""
    low = None if before[1] is None else now[0] - before[1]
    high = None if now[1] is None else now[1] - before[0]
    return low, high


def divide_intervals(now: Between, before: Between) -> Span | None:
    """The interval of now / before; None where before can be 0."""
    if before[0] <= 0:
        return None
    low = 0.0 if before[1] is None else now[0] / before[1]
    return low, None if now[1] is None else now[1] / before[0]


def change_intervals(now: Between, before: Between) -> Span | None:
    """The interval of the percentage change; None where the base can be 0."""
    ratio = divide_intervals(now, before)
    if ratio is None:
        return None
    return 100 * (ratio[0] - 1), None if ratio[1] is None else 100 * (ratio[1] - 1)


def share_intervals(part: Between, rest: Between) -> Span | None:
    """The interval of the percentage part / (part + rest); None where nothing was counted at all."""
    if part[1] == 0 and rest[1] == 0:
        return None
    if rest[1] == 0:
        return 100.0, 100.0
    low = 0.0 if rest[1] is None or part[0] == 0 else 100 * part[0] / (part[0] + rest[1])
    if part[1] == 0:
        return low, 0.0
    return low, 100.0 if part[1] is None or rest[0] == 0 else 100 * part[1] / (part[1] + rest[0])


def rank_intervals(counts: Sequence[Between]) -> tuple[tuple[int, int], ...]:
    """The best and the worst place of each count, 1 the largest; equal counts share the better place."""
    lows = sorted(low for low, _ in counts)
    highs = sorted(float("inf") if high is None else high for _, high in counts)
    n = len(counts)
    ranks = []
    for low, high in counts:
        top = float("inf") if high is None else high
        surely_larger = n - bisect_right(lows, top)
        maybe_larger = n - bisect_right(highs, low) - (1 if top > low else 0)
        ranks.append((1 + surely_larger, 1 + maybe_larger))
    return tuple(ranks)


def find_largest(counts: Sequence[Between]) -> tuple[int, ...]:
    """Places in `counts` of those that can be the largest; one place where it is settled, several for a tie."""
    if not counts:
        return ()
    floor = max(low for low, _ in counts)
    return tuple(index for index, (_, high) in enumerate(counts) if high is None or high >= floor)
