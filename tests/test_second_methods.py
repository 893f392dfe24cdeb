"""A second, independent calculation of each published statistic, and the worked numbers of the methods.

Plain Python, scipy or statsmodels on random replies; nothing here calls the code it checks but to compare.
"""

import math
import random
from dataclasses import replace
from itertools import combinations
from statistics import NormalDist

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.rates import confint_poisson_2indep

from answerable.bounds.solve import Method, solve_system
from answerable.bounds.system import Statement, System
from answerable.figures import compute_figures, parse_population
from answerable.model import Figure, Observation
from answerable.stats import bound_count, compare_counts
from counted import NOW, THEN, make_counted_survey, observe

NAMES = tuple("abcdefgh")
SURVEY = make_counted_survey({name: "North" if name < "e" else "South" for name in NAMES})
CHILDREN = {name: 10_000 * (number + 1) for number, name in enumerate(NAMES)}
POPULATION = parse_population(
    "authority,period,children,source,year,licence\n"
    + "".join(f"{name},,{children},ONS,2016,OGL\n" for name, children in CHILDREN.items()),
    "population.csv",
)


def answer_at_random(seed: int) -> tuple[list[Observation], dict[tuple[str, str], int | None]]:
    """Counts of both years, None for a star under five, absent for no answer."""
    chance = random.Random(seed)
    known: dict[tuple[str, str], int | None] = {}
    readings = []
    for name in NAMES:
        for period in (THEN, NOW):
            if chance.random() < 0.8:
                count = chance.choice([0, 3, 17, 60, 240])
                star = count < 5 and chance.random() < 0.5
                known[name, period] = None if star else count
                readings.append(observe(name, period, count, bounds=(0, 4) if star else None))
    return readings, known


def index(readings: list[Observation]) -> dict[str, Figure]:
    return {item.id: item for item in compute_figures(SURVEY, (), readings, population=POPULATION)}


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_levels_coverage_and_what_the_silent_could_add(seed: int) -> None:
    readings, known = answer_at_random(seed)
    found = index(readings)
    for period, days in ((THEN, 366), (NOW, 365)):
        slug = period.replace("/", "-")
        own = {name: known[name, period] for name in NAMES if (name, period) in known}
        assert found[f"coverage/the-realm/offences/{slug}"].value == pytest.approx(100 * len(own) / 8)
        children = sum(CHILDREN[name] for name in own)
        part = found[f"coverage_children/the-realm/offences/{slug}"]
        assert part.value == pytest.approx(100 * children / sum(CHILDREN.values()))
        if not own:
            continue
        low = sum(n or 0 for n in own.values())
        high = sum(4 if n is None else n for n in own.values())
        per_day = found[f"per_day/the-realm/offences/{slug}"]
        ends = (per_day.value, per_day.value) if per_day.value is not None else (per_day.low, per_day.high)
        assert ends == pytest.approx((low / days, high / days))
        rate = found[f"rate/the-realm/offences/{slug}"]
        if None in own.values():
            assert rate.value is None
            assert (rate.low, rate.high) == pytest.approx((low * 1e5 / children, high * 1e5 / children))
        else:
            assert rate.value == pytest.approx(low * 1e5 / children)
        if len(own) < 8:
            largest = max(4 if n is None else n for n in own.values())
            silent = found[f"nonresponse_bounds/the-realm/offences/{slug}"]
            assert (silent.value, silent.low, silent.high) == (None, low, high + (8 - len(own)) * largest)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_adjusted_chances_and_wider_ratios(seed: int) -> None:
    readings, known = answer_at_random(seed)
    found = index(readings)
    pairs = {
        name: (known[name, THEN], known[name, NOW])
        for name in NAMES
        if known.get((name, THEN)) is not None and known.get((name, NOW)) is not None
    }
    tail = "offences/2016-17-from-2015-16"
    if len(pairs) < 3:
        assert not any(key.startswith(("adjusted_p", "wider_ratio")) for key in found)
        return
    then, now = (np.array([pair[side] for pair in pairs.values()], dtype=float) for side in (0, 1))
    chances = [scipy.stats.binomtest(int(b), int(a + b), 365 / 731).pvalue if a + b else 1.0
               for a, b in zip(then, now, strict=True)]  # fmt: skip
    adjusted = scipy.stats.false_discovery_control(chances)
    logs = np.log((now + 0.5) / 365) - np.log((then + 0.5) / 366)
    variances = 1 / (now + 0.5) + 1 / (then + 0.5)
    weights, n = 1 / variances, len(pairs)
    scores = (logs - np.average(logs, weights=weights)) / np.sqrt(variances)
    scores = np.clip(scores, np.quantile(scores, 0.1), np.quantile(scores, 0.9))
    spread = max((np.sum(scores**2) - (n - 1)) / (weights.sum() - (weights**2).sum() / weights.sum()), 0)
    reach = scipy.stats.norm.ppf(0.975) * np.sqrt(variances + spread)
    for place, name in enumerate(pairs):
        assert found[f"adjusted_p/{name}/{tail}"].value == pytest.approx(adjusted[place], rel=1e-7)
        wide = found[f"wider_ratio/{name}/{tail}"]
        assert wide.value == pytest.approx(math.exp(logs[place]))
        assert wide.low == pytest.approx(math.exp(logs[place] - reach[place]))
        assert wide.high == pytest.approx(math.exp(logs[place] + reach[place]))


@given(counts=st.dictionaries(st.sampled_from(["3", "12", "13", "17"]), st.integers(0, 60), min_size=1),
       stars=st.sets(st.sampled_from(["3", "12", "13", "17"])))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_shares_hold_every_count_that_the_stars_allow(counts: dict[str, int], stars: set[str]) -> None:
    readings = []
    for age, count in counts.items():
        bounds = (0, 4) if age in stars else None
        readings.append(observe("a", NOW, count, question="by-age", dims=(("age", age),), bounds=bounds, ref=age))
    found = index(readings)
    choices = [list(range(5)) if age in stars else [count] for age, count in counts.items()]
    tables: list[tuple[int, ...]] = [()]
    for options in choices:
        tables = [(*table, pick) for table in tables for pick in options]
    for place, age in enumerate(counts):
        shares = [100 * table[place] / sum(table) for table in tables if sum(table)]
        figure = found.get(f"share/a/by-age/2016-17/age-{age}")
        if figure is None:
            assert not shares
            continue
        ends = (figure.value, figure.value) if figure.value is not None else (figure.low, figure.high)
        assert ends == pytest.approx((min(shares), max(shares)))


@given(count=st.integers(10, 5000), confidence=st.sampled_from([0.9, 0.95, 0.998]))
@settings(max_examples=60, deadline=None)
def test_byars_interval_by_its_formula(count: int, confidence: float) -> None:
    """O (1 - 1/9O - z/3 sqrt O)^3, and the same with O + 1 and plus (Breslow and Day 1987)."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    low = count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
    high = (count + 1) * (1 - 1 / (9 * (count + 1)) + z / (3 * math.sqrt(count + 1))) ** 3
    found = bound_count(count, confidence)
    assert (found.low, found.high) == pytest.approx((low, high))


def test_the_usual_shortcuts_fail_where_the_exact_test_does_not() -> None:
    found = compare_counts(5653, 3903, 365, 366)
    assert found.p == pytest.approx(4.9e-73, rel=0.02)
    assert scipy.stats.poisson_means_test(5653, 365, 3903, 366).pvalue == 0
    low, high = confint_poisson_2indep(5653, 365, 3903, 366, method="score", compare="ratio")
    assert (round(low, 3), round(high, 3)) == (1.394, 1.513)
    assert found.high is not None
    assert (round(found.low, 3), round(found.high, 3)) == (1.394, 1.513)


def test_the_south_east_release_of_2024() -> None:
    """Kent, Surrey and Sussex 226, ... 493, 585; Hampshire 152, 181, 291, 18, blank, 279, 95, the blank summed as 0."""
    periods = tuple(replace(SURVEY.periods[0], id=f"y{n}") for n in range(3))
    survey = replace(
        make_counted_survey(dict.fromkeys(("hampshire", "three"), "South East")),
        periods=(periods[0], replace(periods[1], start=SURVEY.periods[1].start, end=SURVEY.periods[1].end), periods[2]),
        comparisons=(),
    )
    survey = replace(
        survey, periods=survey.periods[:2], comparisons=(replace(SURVEY.comparisons[0], base="y0", period="y1"),)
    )
    cases = {
        (378, 680): ({"y0": 152, "y1": 95}, {"y0": 226, "y1": 585}, 79.9, 158.8),
        (772, 680): ({"y0": 279, "y1": 95}, {"y0": 493, "y1": 585}, -11.9, 18.7),
    }
    for totals, (hampshire, three, loose, matched) in cases.items():
        readings = [observe("hampshire", p, n, caveats=("system_changed",)) for p, n in hampshire.items()]
        readings += [observe("three", p, n) for p, n in three.items()]
        found = {item.id: item for item in compute_figures(survey, (), readings)}
        assert tuple(found[f"total/the-realm/offences/{p}"].value for p in ("y0", "y1")) == totals
        change = found["change_pct/the-realm/offences/y1-from-y0"]
        warning = found["unmatched_change_pct/the-realm/offences/y1-from-y0"]
        assert change.value == pytest.approx(matched, abs=0.05)
        assert warning.value == pytest.approx(loose, abs=0.05)
        assert ("the other way" if loose * matched < 0 else "off by more than a quarter") in warning.note


def count_exact(system: System, method: Method) -> int:
    found = solve_system(system, method=method).cells
    return sum(cell.low == cell.high for cell in found.values())


def test_a_two_way_table_with_its_margins_gives_many_of_its_stars_away() -> None:
    """44 areas by 6 categories, everything under 5 starred: linear programming finds all that whole numbers do."""
    chance = random.Random(44)
    counts = {(r, c): chance.choice([1, 3, 7, 12, 18, 25, 33, 41, 60]) for r in range(44) for c in range(6)}
    stars = {pair for pair, n in counts.items() if n < 5}
    lines = [[p for p in counts if p[0] == r] for r in range(44)] + [[p for p in counts if p[1] == c] for c in range(6)]
    statements = tuple(
        Statement(label=str(k), terms=tuple((str(p), 1.0) for p in line), low=float(n), high=float(n))
        for k, line in enumerate(lines)
        for n in [sum(counts[p] for p in line)]
    )
    known = {str(p): n for p, n in counts.items() if p not in stars}
    system = System(hidden={str(p): (0, 4) for p in stars}, known=known, statements=statements)
    plain, linear, whole = (count_exact(system, method) for method in ("propagation", "lp", "ilp"))
    alone = sum(sum(p in stars for p in line) == 1 for line in lines)
    assert 0 < alone <= plain <= linear == whole < len(stars)


def test_overlapping_totals_give_away_what_only_whole_numbers_find() -> None:
    """Fifteen problems of twenty counts with totals of overlapping subsets: each method finds more than the last."""
    chance = random.Random(15)
    exact: dict[Method, int] = {"propagation": 0, "lp": 0, "ilp": 0}
    for _ in range(15):
        truth = {f"c{n}": chance.randrange(5) for n in range(20)}
        subsets = [chance.sample(sorted(truth), chance.randrange(3, 9)) for _ in range(17)]
        statements = tuple(
            Statement(label=str(k), terms=tuple((cell, 1.0) for cell in subset), low=float(n), high=float(n))
            for k, subset in enumerate(subsets)
            for n in [sum(truth[cell] for cell in subset)]
        )
        system = System(hidden=dict.fromkeys(truth, (0, 4)), statements=statements)
        for method in exact:
            exact[method] += count_exact(system, method)
    assert exact["propagation"] < exact["lp"] < exact["ilp"] <= 300


def test_forces_printed_all_but_one_are_the_commonest_leak() -> None:
    """Every pair of stars among four counts under a printed total: one star alone is always found."""
    truth = {"a": 3, "b": 2, "c": 9, "d": 40}
    total = Statement(label="total", terms=tuple((cell, 1.0) for cell in truth), low=54.0, high=54.0)
    for size in (1, 2):
        for stars in combinations(["a", "b"], size):
            known = {cell: n for cell, n in truth.items() if cell not in stars}
            system = System(hidden=dict.fromkeys(stars, (0, 4)), known=known, statements=(total,))
            assert count_exact(system, "propagation") == (1 if size == 1 else 0)
