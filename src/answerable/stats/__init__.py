"""Pure arithmetic on counts: exact tests, intervals, rates, overdispersion, funnels, false-discovery control.

Stands below the checks and above the figures; knows nothing of surveys. Recorded crime is a census, so an
interval here answers "more than chance in the process?" and never "more crime?" (METHODS section 4.3). The
trap: zero counts and bases are ordinary input, and scipy takes a third of a second to import, so it is
imported inside the functions that need it.
"""

from answerable.stats.agreement import Agreement, compare_readings
from answerable.stats.counts import (
    CountComparison,
    Interval,
    bound_count,
    compare_count_pairs,
    compare_counts,
    compute_rate,
    find_smallest_rise,
)
from answerable.stats.shares import bound_share
from answerable.stats.spread import (
    Dispersion,
    Funnel,
    adjust_p_values,
    compute_false_alarm_chance,
    compute_wider_ratio,
    estimate_dispersion,
    estimate_ratio_dispersion,
    find_funnel_limits,
)

__all__ = [
    "Agreement",
    "CountComparison",
    "Dispersion",
    "Funnel",
    "Interval",
    "adjust_p_values",
    "bound_count",
    "bound_share",
    "compare_count_pairs",
    "compare_counts",
    "compare_readings",
    "compute_false_alarm_chance",
    "compute_rate",
    "compute_wider_ratio",
    "estimate_dispersion",
    "estimate_ratio_dispersion",
    "find_funnel_limits",
    "find_smallest_rise",
]
