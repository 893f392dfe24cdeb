"""One share of a count: Wilson's interval for k of n.

Used where n is small and k may be 0 or n, where the textbook interval collapses to a point. The trap: it is about
a process that gave k of n, not about the n things that were looked at.
"""

from statistics import NormalDist

from answerable.stats.counts import Interval


def bound_share(count: int, n: int, confidence: float = 0.95) -> Interval:
    """The interval of a share between 0 and 1, by Wilson's score method (Wilson 1927; Newcombe 1998).

    ValueError where n is not above 0 or count is outside 0 to n.
    """
    if n <= 0 or not 0 <= count <= n:
        raise ValueError("a share needs a count from 0 to n, and n above 0")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, square = count / n, z * z
    centre = (share + square / (2 * n)) / (1 + square / n)
    reach = z / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)) ** 0.5
    return Interval(low=0.0 if count == 0 else centre - reach, high=1.0 if count == n else centre + reach)
