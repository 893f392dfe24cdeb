"""Every number of METHODS section 4, and each statistic against a second, independent implementation."""

import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from answerable.stats import (
    adjust_p_values,
    bound_count,
    compare_count_pairs,
    compare_counts,
    compute_false_alarm_chance,
    compute_rate,
    compute_wider_ratio,
    estimate_dispersion,
    estimate_ratio_dispersion,
    find_funnel_limits,
    find_smallest_rise,
)

COUNTS = st.integers(0, 400)
DAYS = st.sampled_from([90, 181, 365, 366])


@pytest.mark.parametrize(
    ("before", "now", "ratio", "low", "high", "p"),
    [
        (3903, 5653, 1.452, 1.394, 1.513, 4.9e-73),  # the published national totals
        (10, 44, 4.41, 2.19, 9.83, 2e-6),  # Wiltshire: the flag became known
        (112, 58, 0.52, 0.37, 0.72, 4e-5),  # Lincolnshire halved under a national rise
        (4, 9, 2.26, 0.63, 10.0, 0.18),
        (59, 72, 1.224, 0.855, 1.757, 0.257),  # Northamptonshire
    ],
)
def test_two_counts_give_the_worked_numbers(
    before: int, now: int, ratio: float, low: float, high: float, p: float
) -> None:
    found = compare_counts(now, before, 365, 366)
    assert found.ratio == pytest.approx(ratio, rel=0.005)
    assert found.low == pytest.approx(low, rel=0.005)
    assert found.high == pytest.approx(high, rel=0.005)
    assert found.p == pytest.approx(p, rel=0.05)


@given(now=COUNTS, before=COUNTS, ta=DAYS, tb=DAYS)
@settings(max_examples=150, deadline=None)
def test_exact_test_agrees_with_scipy_and_statsmodels(now: int, before: int, ta: int, tb: int) -> None:
    found = compare_counts(now, before, ta, tb)
    if now + before == 0:
        assert (found.ratio, found.low, found.high, found.p) == (None, 0.0, None, 1.0)
        return
    assert found.p == pytest.approx(scipy.stats.binomtest(now, now + before, ta / (ta + tb)).pvalue, rel=1e-8)
    left, right = proportion_confint(now, now + before, method="beta")
    assert found.low == pytest.approx(left / (1 - left) * tb / ta, rel=1e-7, abs=1e-12)
    if before == 0:
        assert found.high is None and found.ratio is None
    else:
        assert found.high == pytest.approx(right / (1 - right) * tb / ta, rel=1e-7)
        assert found.ratio == pytest.approx(now / ta / (before / tb))


@pytest.mark.parametrize(("now", "before", "ta", "tb"), [(9, 4, 1, 1), (0, 7, 3, 2), (12, 3, 2, 5), (6, 6, 1, 1)])
def test_exact_test_agrees_with_whole_fractions(now: int, before: int, ta: int, tb: int) -> None:
    n, share = now + before, Fraction(ta, ta + tb)
    chance = [math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    expected = sum(value for value in chance if value <= chance[now])
    assert compare_counts(now, before, ta, tb).p == pytest.approx(float(expected), rel=1e-10)


@given(now=COUNTS, before=COUNTS)
@settings(max_examples=60, deadline=None)
def test_swapping_the_periods_turns_the_ratio_over(now: int, before: int) -> None:
    one, other = compare_counts(now, before, 365, 366), compare_counts(before, now, 366, 365)
    assert one.p == pytest.approx(other.p, rel=1e-9)
    if one.ratio and other.ratio:
        assert one.ratio == pytest.approx(1 / other.ratio)
        assert one.high == pytest.approx(1 / other.low)


def test_many_pairs_at_once_are_each_pair_alone() -> None:
    random = np.random.default_rng(5)
    now, before = random.poisson(30, 200).tolist(), random.poisson(25, 200).tolist()
    together = compare_count_pairs(now, before, [365] * 200, [366] * 200)
    assert together == tuple(compare_counts(a, b, 365, 366) for a, b in zip(now, before, strict=True))


def test_smallest_rise_that_reaches_five_percent() -> None:
    bases = (5, 10, 20, 50, 100, 500, 1000)
    assert [find_smallest_rise(base) for base in bases] == [15, 23, 36, 73, 131, 565, 1091]


@pytest.mark.parametrize(
    ("count", "method", "low", "high"),
    [
        (0, "convention", 0.0, 3.689),  # a package in use gives nan or raises here
        (4, "convention", 1.09, 10.24),
        (58, "convention", 44.0, 75.0),
        (58, "exact", 44.0, 75.0),
        (0, "byar", 0.0, 3.67),
    ],
)
def test_one_count_gives_the_worked_interval(count: int, method: str, low: float, high: float) -> None:
    found = bound_count(count, method=method)
    assert found.low == pytest.approx(low, abs=0.05)
    assert found.high == pytest.approx(high, abs=0.05)


@given(count=st.integers(0, 3000), confidence=st.sampled_from([0.9, 0.95, 0.998]))
@settings(max_examples=80, deadline=None)
def test_exact_interval_agrees_with_chi_square_and_byar_is_near(count: int, confidence: float) -> None:
    alpha = 1 - confidence
    exact, byar = bound_count(count, confidence, "exact"), bound_count(count, confidence, "byar")
    low = scipy.stats.chi2.ppf(alpha / 2, 2 * count) / 2 if count else 0.0
    assert exact.low == pytest.approx(low, rel=1e-9)
    assert exact.high == pytest.approx(scipy.stats.chi2.ppf(1 - alpha / 2, 2 * count + 2) / 2, rel=1e-9)
    assert byar.low == pytest.approx(exact.low, abs=0.2)
    assert byar.high == pytest.approx(exact.high, abs=0.2)


def test_rate_scales_count_and_interval() -> None:
    rate, interval = compute_rate(4, 200_000, 100_000)
    assert rate == 2.0
    assert (interval.low, interval.high) == pytest.approx((1.0899 / 2, 10.2416 / 2), rel=1e-3)
    with pytest.raises(ValueError, match="population"):
        compute_rate(4, 0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
@settings(max_examples=80, deadline=None)
def test_false_discovery_control_agrees_with_scipy_and_statsmodels(values: list[float]) -> None:
    adjusted = adjust_p_values(values)
    assert adjusted == pytest.approx(scipy.stats.false_discovery_control(values), abs=1e-12)
    assert adjusted == pytest.approx(multipletests(values, method="fdr_bh")[1], abs=1e-12)


def test_forty_three_tests_raise_a_false_alarm_nine_times_in_ten() -> None:
    assert compute_false_alarm_chance(43) == pytest.approx(0.89, abs=0.001)


@pytest.mark.parametrize(
    ("variability", "mean", "rate"),
    [
        (0, 20, 0.035),
        (0, 100, 0.041),
        (0, 500, 0.046),
        (0.1, 20, 0.052),
        (0.1, 100, 0.152),
        (0.1, 500, 0.411),
        (0.2, 20, 0.112),
        (0.2, 100, 0.361),
        (0.2, 500, 0.662),
        (0.3, 20, 0.206),
        (0.3, 100, 0.517),
        (0.3, 500, 0.772),
    ],
)
def test_recording_variability_alone_raises_false_alarms(variability: float, mean: int, rate: float) -> None:
    random = np.random.default_rng(7)
    size = 4000
    levels = [
        random.gamma(1 / variability**2, mean * variability**2, size) if variability else np.full(size, float(mean))
        for _ in range(2)
    ]
    now, before = (random.poisson(level).tolist() for level in levels)
    found = compare_count_pairs(now, before, [1] * size, [1] * size)
    assert sum(pair.p < 0.05 for pair in found) / size == pytest.approx(rate, abs=0.025)


def test_dispersion_finds_the_variability_that_was_put_in() -> None:
    random = np.random.default_rng(11)
    n, tau = 400, 0.3
    shift = random.normal(0, tau, n)
    before = random.poisson(200, n)
    now = random.poisson(200 * np.exp(shift))
    found = estimate_ratio_dispersion(now.tolist(), before.tolist(), [365] * n, [365] * n)
    assert found.phi > 5
    # Winsorising a tenth at each end takes back part of the variance, so the estimate stays below the truth.
    assert 0.2 < found.tau_squared**0.5 < 0.32
    calm = estimate_ratio_dispersion(random.poisson(200, n).tolist(), before.tolist(), [365] * n, [365] * n)
    assert calm.phi == pytest.approx(1, abs=0.2)
    assert calm.tau_squared < 0.003


def test_dispersion_agrees_with_a_plain_second_calculation() -> None:
    random = np.random.default_rng(3)
    values, variances = random.normal(0, 1, 40), random.uniform(0.05, 0.6, 40)
    target = np.average(values, weights=1 / variances)
    scores = (values - target) / np.sqrt(variances)
    scores = np.clip(scores, np.quantile(scores, 0.1), np.quantile(scores, 0.9))
    phi = np.mean(scores**2)
    weights = 1 / variances
    tau = (40 * phi - 39) / (weights.sum() - (weights**2).sum() / weights.sum())
    found = estimate_dispersion(values.tolist(), variances.tolist())
    assert (found.target, found.phi, found.tau_squared) == pytest.approx((target, max(phi, 1), max(tau, 0)))


def test_dispersion_of_two_values_is_chance_alone() -> None:
    assert estimate_dispersion([1.0, 9.0], [0.1, 0.1]).tau_squared == 0.0
    assert estimate_dispersion([], []).phi == 1.0


def test_wider_ratio_is_wider_and_its_p_larger() -> None:
    spread = estimate_ratio_dispersion([44, 58, 300, 20, 90], [10, 112, 200, 40, 88], [365] * 5, [366] * 5)
    narrow = compare_counts(44, 10, 365, 366)
    ratio, wide, p = compute_wider_ratio(44, 10, 365, 366, spread)
    assert wide.low < narrow.low and wide.high is not None and narrow.high is not None and wide.high > narrow.high
    assert p > narrow.p
    assert ratio == pytest.approx(44.5 / 365 / (10.5 / 366))


@given(expected=st.floats(0.05, 2000))
@settings(max_examples=80, deadline=None)
def test_funnel_limits_lie_within_one_of_scipy_quantiles(expected: float) -> None:
    funnel = find_funnel_limits(expected, 1.0)
    for interval, level in ((funnel.inner, 0.95), (funnel.outer, 0.998)):
        tail = (1 - level) / 2
        for end, share in ((interval.low, tail), (interval.high, 1 - tail)):
            whole = scipy.stats.poisson.ppf(share, expected)
            assert end is not None and max(whole - 1, 0) <= end <= whole
    wide = find_funnel_limits(expected, 1.0, phi=4.0)
    assert wide.inner.low <= funnel.inner.low and (wide.inner.high or 0) >= (funnel.inner.high or 0)


@pytest.mark.parametrize("arguments", [(-1, 3, 1, 1), (1, 3, 0, 1)])
def test_impossible_counts_are_refused(arguments: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"count|exposure"):
        compare_counts(*arguments)
