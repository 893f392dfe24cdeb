"""One count, and two counts set against each other: exact intervals, the exact conditional test, rates.

The conditional test is used because the usual shortcuts fail at the sizes published here: the asymptotic
tests print p = 0 where the exact one is 4.9e-73 (METHODS section 4.1). Many pairs are tested in one call,
since a national survey has tens of thousands. The trap: a base of 0 has a p-value but no ratio.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_TIE = 1e-7
"""Two outcomes whose probabilities differ by less than this share are equally likely, as in scipy's and R's
exact binomial test; without it rounding decides on which side a tie falls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The low and the high end of an interval; `high` None is unbounded."""

    low: float
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountComparison:
    """Two counts compared. `ratio` is now to before, per unit of exposure, None where before is 0; `low` and
    `high` are its exact confidence limits, `high` None unbounded; `p` is the exact two-sided p-value."""

    ratio: float | None
    low: float
    high: float | None
    p: float


def compare_counts(
    now: int, before: int, exposure_now: float = 1, exposure_before: float = 1, confidence: float = 0.95
) -> CountComparison:
    """The exact comparison of two counts; see `compare_count_pairs`."""
    return compare_count_pairs([now], [before], [exposure_now], [exposure_before], confidence)[0]


def compare_count_pairs(
    now: Sequence[int],
    before: Sequence[int],
    exposure_now: Sequence[float],
    exposure_before: Sequence[float],
    confidence: float = 0.95,
) -> tuple[CountComparison, ...]:
    """Each pair of counts compared exactly, given what each was exposed to (days, usually).

    Given their sum n, `now` is binomial with share ta/(ta+tb) when nothing changed; the two-sided p-value adds
    every outcome no likelier than the one seen, and Clopper-Pearson limits of the share become limits of the
    ratio (Przyborowski and Wilenski 1940; Clopper and Pearson 1934). ValueError for a negative count or an
    exposure that is not above 0.
    """
    import numpy as np

    a, b = np.asarray(now, dtype=np.float64), np.asarray(before, dtype=np.float64)
    ta, tb = np.asarray(exposure_now, dtype=np.float64), np.asarray(exposure_before, dtype=np.float64)
    if (a < 0).any() or (b < 0).any():
        raise ValueError("a count is below 0")
    if not ((ta > 0).all() and (tb > 0).all()):
        raise ValueError("an exposure is not above 0")
    share = ta / (ta + tb)
    p = _test_shares(a, a + b, share)
    low, high = _bound_shares(a, b, 1 - confidence)
    found = []
    for index in range(len(a)):
        scale = float(tb[index] / ta[index])
        left, right = float(low[index]), float(high[index])
        found.append(
            CountComparison(
                ratio=float(a[index] / b[index]) * scale if b[index] else None,
                low=left / (1 - left) * scale if left < 1 else 0.0,
                high=right / (1 - right) * scale if right < 1 else None,
                p=float(p[index]),
            )
        )
    return tuple(found)


def _test_shares(a: "Floats", n: "Floats", share: "Floats") -> "Floats":
    """Two-sided exact binomial p-values. The outcomes as unlikely as `a` on the other side of the mean form a
    tail, whose first member is found by bisection because the probabilities fall all the way out."""
    import numpy as np
    from scipy.special import bdtr, bdtrc

    mean = n * share
    below = a <= mean
    seen = _log_probability(a, n, share) + np.log1p(_TIE)
    # On the far side, outcomes run from the mean (distance 0) to the end of the scale.
    start = np.where(below, np.ceil(mean), np.floor(mean))
    step = np.where(below, 1.0, -1.0)
    near = np.zeros_like(a)
    far = np.where(below, n - start, start) + 1
    while (near < far).any():
        middle = np.floor((near + far) / 2)
        inside = _log_probability(np.clip(start + step * middle, 0, n), n, share) <= seen
        active = near < far
        far = np.where(active & inside, middle, far)
        near = np.where(active & ~inside, middle + 1, near)
    edge = start + step * near
    lower = np.where(below, a, edge)
    upper = np.where(below, edge, a)
    total = _sum_tail(bdtr, lower, n, share) + _sum_tail(bdtrc, upper - 1, n, share)
    return np.asarray(np.where(lower + 1 >= upper, 1.0, np.minimum(total, 1.0)))


def _log_probability(k: "Floats", n: "Floats", share: "Floats") -> "Floats":
    import numpy as np
    from scipy.special import gammaln

    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.asarray(ways + k * np.log(share) + (n - k) * np.log1p(-share))


def _sum_tail(function: "np.ufunc", k: "Floats", n: "Floats", share: "Floats") -> "Floats":
    """bdtr (up to k) or bdtrc (above k), with the ends of the scale given a value instead of a nan."""
    import numpy as np

    clipped = np.clip(k, 0, n)
    tail = function(clipped, n.astype(np.int64), share)
    is_lower = function.__name__ == "bdtr"
    tail = np.where(k < 0, 0.0 if is_lower else 1.0, tail)
    return np.asarray(np.where(k > n, 1.0 if is_lower else 0.0, tail))


def _bound_shares(a: "Floats", b: "Floats", alpha: float) -> tuple["Floats", "Floats"]:
    """Clopper-Pearson limits of a/(a+b); 0 and 1 at the ends, both where nothing was counted."""
    import numpy as np
    from scipy.special import betaincinv

    low = betaincinv(np.maximum(a, 1), b + 1, alpha / 2)
    high = betaincinv(a + 1, np.maximum(b, 1), 1 - alpha / 2)
    return np.where(a > 0, low, 0.0), np.where(b > 0, high, 1.0)


def bound_count(
    count: int, confidence: float = 0.95, method: Literal["exact", "byar", "convention"] = "convention"
) -> Interval:
    """The confidence interval of one count of independent events.

    `exact` is Garwood's (chi-square), `byar` Byar's approximation; `convention` is the public-health habit of
    exact below 10 and Byar from 10 (Department of Health, PHStatsMethods). A count of 0 gives 0 to 3.689 at 95%.
    """
    if count < 0:
        raise ValueError("a count is below 0")
    alpha = 1 - confidence
    if method == "exact" or (method == "convention" and count < 10):
        from scipy.special import gammaincinv

        low = float(gammaincinv(count, alpha / 2)) if count else 0.0
        return Interval(low=low, high=float(gammaincinv(count + 1, 1 - alpha / 2)))
    z = NormalDist().inv_cdf(1 - alpha / 2)
    above = count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * count**0.5)) ** 3 if count else 0.0
    return Interval(low=max(low, 0.0), high=above * (1 - 1 / (9 * above) + z / (3 * above**0.5)) ** 3)


def compute_rate(count: int, population: int, per: int = 100_000, confidence: float = 0.95) -> tuple[float, Interval]:
    """The count per `per` people, with its interval. ValueError for a population that is not above 0."""
    if population <= 0:
        raise ValueError("a population is not above 0")
    interval = bound_count(count, confidence)
    scale = per / population
    return count * scale, Interval(
        low=interval.low * scale, high=None if interval.high is None else interval.high * scale
    )


def find_smallest_rise(base: int, alpha: float = 0.05) -> int:
    """The smallest later count, over an equal time, whose rise from `base` has an exact p below `alpha`."""
    low, high = base, 2 * base + 50
    while high - low > 1:
        middle = (low + high) // 2
        if compare_counts(middle, base).p < alpha:
            high = middle
        else:
            low = middle
    return high
