"""Many authorities at once: overdispersion, funnel limits, and control of false alarms.

Recording differs between authorities by more than chance, so Poisson limits alone raise false alarms: at 500
records and a recording variability of 30% the exact test fires on 77% of pairs with no true change (METHODS
section 4.3). Each estimate here widens a limit or raises a p-value, never the reverse. The trap: one wild
authority would widen every limit, so the estimate winsorises the extreme tenth first.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from answerable.stats.counts import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispersion:
    """How much more authorities differ than chance allows. `phi` multiplies a variance (1 is chance alone),
    `tau_squared` is added to it (0 is chance alone), `target` is what they were compared with, `n` how many."""

    phi: float
    tau_squared: float
    target: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Limits of a count around what its exposure leads one to expect: 95% warns, 99.8% alarms."""

    expected: float
    inner: Interval
    outer: Interval


def estimate_dispersion(
    values: Sequence[float], variances: Sequence[float], *, target: float | None = None, trim: float = 0.1
) -> Dispersion:
    """Overdispersion of `values` with sampling `variances` around `target` (their weighted mean where None).

    z-scores are winsorised at `trim` and 1 - trim; phi is their mean square, and tau squared follows by moments
    (Spiegelhalter 2005, "Handling over-dispersion of performance indicators"). Fewer than 3 values give chance
    alone, because nothing can be estimated from them.
    """
    if len(values) != len(variances) or any(variance <= 0 for variance in variances):
        raise ValueError("each value needs a variance above 0")
    weights = [1 / variance for variance in variances]
    if target is None:
        target = math.fsum(w * v for w, v in zip(weights, values, strict=True)) / math.fsum(weights) if values else 0.0
    n = len(values)
    if n < 3:
        return Dispersion(phi=1.0, tau_squared=0.0, target=target, n=n)
    scores = _winsorise([(value - target) * w**0.5 for value, w in zip(values, weights, strict=True)], trim)
    phi = math.fsum(score**2 for score in scores) / n
    total = math.fsum(weights)
    room = total - math.fsum(w**2 for w in weights) / total
    tau_squared = max((n * phi - (n - 1)) / room, 0.0) if room > 0 else 0.0
    return Dispersion(phi=max(phi, 1.0), tau_squared=tau_squared, target=target, n=n)


def _winsorise(values: Sequence[float], trim: float) -> list[float]:
    """Values beyond the `trim` and 1 - trim quantiles set to these quantiles (linear between order statistics)."""
    ordered = sorted(values)
    low, high = (_find_quantile(ordered, share) for share in (trim, 1 - trim))
    return [min(max(value, low), high) for value in values]


def _find_quantile(ordered: Sequence[float], share: float) -> float:
    place = (len(ordered) - 1) * share
    left = math.floor(place)
    right = min(left + 1, len(ordered) - 1)
    return ordered[left] + (ordered[right] - ordered[left]) * (place - left)


def estimate_ratio_dispersion(
    now: Sequence[int], before: Sequence[int], exposure_now: Sequence[float], exposure_before: Sequence[float]
) -> Dispersion:
    """Overdispersion of log rate ratios across authorities, half a case added to each count so that 0 has a log."""
    values, variances = [], []
    for a, b, ta, tb in zip(now, before, exposure_now, exposure_before, strict=True):
        values.append(_log_ratio(a, b, ta, tb))
        variances.append(1 / (a + 0.5) + 1 / (b + 0.5))
    return estimate_dispersion(values, variances)


def _log_ratio(now: int, before: int, exposure_now: float, exposure_before: float) -> float:
    return math.log((now + 0.5) / exposure_now) - math.log((before + 0.5) / exposure_before)


def compute_wider_ratio(
    now: int,
    before: int,
    exposure_now: float,
    exposure_before: float,
    dispersion: Dispersion,
    confidence: float = 0.95,
) -> tuple[float, Interval, float]:
    """Rate ratio, limits and p-value of one authority once the spread between authorities is allowed for."""
    centre = _log_ratio(now, before, exposure_now, exposure_before)
    error = math.sqrt(1 / (now + 0.5) + 1 / (before + 0.5) + dispersion.tau_squared)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * error
    p = math.erfc(abs(centre) / error / math.sqrt(2))
    return math.exp(centre), Interval(low=math.exp(centre - reach), high=math.exp(centre + reach)), p


def find_funnel_limits(exposure: float, rate: float, *, phi: float = 1.0) -> Funnel:
    """The 95% and 99.8% limits of a count with `exposure` where the whole runs at `rate`.

    Poisson limits are exact quantiles read between whole counts so that they are smooth in the exposure
    (Spiegelhalter 2005, "Funnel plots", appendix A.1.1); `phi` above 1 widens them about the expected count by
    its square root.
    """
    expected = exposure * rate
    if expected < 0:
        raise ValueError("an expected count is below 0")
    inner, outer = (_find_poisson_interval(expected, level) for level in (0.95, 0.998))
    return Funnel(expected=expected, inner=_widen(inner, expected, phi**0.5), outer=_widen(outer, expected, phi**0.5))


def _find_poisson_interval(expected: float, level: float) -> Interval:
    tail = (1 - level) / 2
    return Interval(low=_find_poisson_quantile(expected, tail), high=_find_poisson_quantile(expected, 1 - tail))


def _find_poisson_quantile(expected: float, share: float) -> float:
    """The count at which the Poisson distribution reaches `share`, interpolated between whole counts."""
    from scipy.special import pdtr, pdtrik

    if expected == 0:
        return 0.0
    count = max(math.ceil(float(pdtrik(share, expected))), 0)
    while count > 0 and pdtr(count - 1, expected) >= share:
        count -= 1
    while pdtr(count, expected) < share:
        count += 1
    reached = float(pdtr(count, expected))
    before = float(pdtr(count - 1, expected)) if count else 0.0
    return max(count - (reached - share) / (reached - before), 0.0)


def _widen(interval: Interval, centre: float, factor: float) -> Interval:
    high = None if interval.high is None else centre + (interval.high - centre) * factor
    return Interval(low=max(centre + (interval.low - centre) * factor, 0.0), high=high)


def adjust_p_values(values: Sequence[float]) -> tuple[float, ...]:
    """Benjamini-Hochberg adjusted p-values, in the order given.

    Keeping those under q bounds the expected share of false alarms among those kept by q (Benjamini and
    Hochberg 1995).
    """
    n = len(values)
    order = sorted(range(n), key=lambda index: values[index], reverse=True)
    adjusted = [0.0] * n
    least = 1.0
    for place, index in enumerate(order):
        least = min(least, values[index] * n / (n - place))
        adjusted[index] = least
    return tuple(adjusted)


def compute_false_alarm_chance(n: int, alpha: float = 0.05) -> float:
    """The chance of at least one false alarm among `n` independent tests at `alpha`."""
    return 1 - (1 - alpha) ** n
