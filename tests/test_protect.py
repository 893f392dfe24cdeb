"""Secondary suppression: safe by exhaustive search, and no smaller set would do."""

import random
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.bounds import find_leaks, mask_grids, protect_counts
from answerable.bounds.fewest import choose_fewest
from answerable.bounds.protect import MARK
from answerable.bounds.statements import name_cell
from answerable.figures import compute_figures
from answerable.line import pass_gate
from answerable.model import TOTAL, Cell, Edition, Figure, Grid, Observation, Reference
from counted import NOW, THEN, make_counted_survey, observe

SURVEY = make_counted_survey()
BANDS, SEXES = ("9-11", "12-15", "16+"), ("F", "M")


def make_table(counts: dict[tuple[str, str], int], hidden: set[tuple[str, str]]) -> list[Observation]:
    """One authority's table of victims by band and sex with both margins and the grand total, some cells starred."""

    def put(band: str, sex: str, value: int, bounds: tuple[int, int] | None = None) -> Observation:
        dims = (("band", band), ("sex", sex))
        return observe("ash", NOW, value, question="victims", dims=dims, bounds=bounds, unit="victims", ref=band + sex)

    cells = [put(b, s, n, (0, 4) if (b, s) in hidden else None) for (b, s), n in counts.items()]
    rows = [put(b, TOTAL, sum(counts[b, s] for s in SEXES)) for b in BANDS]
    columns = [put(TOTAL, s, sum(counts[b, s] for b in BANDS)) for s in SEXES]
    return [*cells, *rows, *columns, put(TOTAL, TOTAL, sum(counts.values()))]


def find_ranges(observations: list[Observation], withheld: set[str]) -> dict[str, tuple[int, int]]:
    """What each starred cell can be, by trying every table of counts that fits what is printed."""
    printed = {name_cell(item): item for item in observations}
    keys = {
        (b, s): name_cell(observe("ash", NOW, 0, question="victims", dims=(("band", b), ("sex", s))))
        for b in (*BANDS, TOTAL)
        for s in (*SEXES, TOTAL)
    }
    free = list(product(BANDS, SEXES))
    most = 12

    def list_values(pair: tuple[str, str]) -> list[int]:
        item = printed[keys[pair]]
        if item.status == "suppressed":
            return list(range(5))
        return list(range(most + 1)) if keys[pair] in withheld else [int(item.value or 0)]

    found: dict[str, set[int]] = {}
    for values in product(*(list_values(pair) for pair in free)):
        at = dict(zip(free, values, strict=True))
        sums = {(b, TOTAL): sum(at[b, s] for s in SEXES) for b in BANDS}
        sums |= {(TOTAL, s): sum(at[b, s] for b in BANDS) for s in SEXES}
        sums[TOTAL, TOTAL] = sum(values)
        if all(keys[pair] in withheld or printed[keys[pair]].value == total for pair, total in sums.items()):
            for pair in free:
                if printed[keys[pair]].status == "suppressed":
                    found.setdefault(keys[pair], set()).add(at[pair])
    return {key: (min(values), max(values)) for key, values in found.items()}


def is_safe(observations: list[Observation], withheld: set[str]) -> bool:
    return all(ends == (0, 4) for ends in find_ranges(observations, withheld).values())


COUNTS = st.fixed_dictionaries({(b, s): st.integers(0, 7) for b in BANDS for s in SEXES})


@given(counts=COUNTS, chosen=st.sets(st.sampled_from(sorted(product(BANDS, SEXES))), min_size=1, max_size=2))
@settings(max_examples=8, deadline=None)
def test_the_fewest_counts_are_withheld_and_they_suffice(
    counts: dict[tuple[str, str], int], chosen: set[tuple[str, str]]
) -> None:
    hidden = {pair for pair in chosen if counts[pair] <= 4}
    observations = make_table(counts, hidden)
    found = protect_counts(SURVEY, observations, ())
    withheld = set(found.withheld)
    assert is_safe(observations, withheld)
    assert not [finding for finding in found.findings if finding.severity == "error"]
    printed = [name_cell(item) for item in observations if item.status == "normal"]
    for size in range(len(withheld)):
        # A larger set is only right where no smaller one is safe.
        assert not any(is_safe(observations, set(some)) for some in combinations(printed, size))


def test_a_single_star_in_a_row_takes_a_second_count_with_it() -> None:
    counts = dict.fromkeys(product(BANDS, SEXES), 6) | {("9-11", "F"): 2}
    observations = make_table(counts, {("9-11", "F")})
    figures = compute_figures(SURVEY, (), observations)
    assert find_leaks(SURVEY, observations, figures)
    found = protect_counts(SURVEY, observations, figures)
    assert found.withheld
    shown = {name_cell(item): item for item in found.observations}
    for key in found.withheld:
        if key in shown:
            assert (shown[key].value, shown[key].original_value, shown[key].source.quote) == (None, MARK, MARK)
    kept = {figure.id for figure in found.figures}
    assert kept < {figure.id for figure in figures}
    reported = [finding for finding in found.findings if finding.check == "withheld"]
    assert len(reported) == len(found.withheld)


def test_a_figure_that_shows_a_withheld_count_goes_with_it() -> None:
    dims = [(("age", str(age)),) for age in (12, 13, 14)]
    observations = [observe("ash", NOW, n, question="by-age", dims=d) for n, d in zip((9, 20), dims, strict=False)]
    observations += [observe("ash", NOW, None, question="by-age", dims=dims[2], bounds=(0, 4)), observe("ash", NOW, 31)]
    observations += [observe("ash", THEN, 25), observe("birch", NOW, 10), observe("birch", THEN, 12)]
    figures = compute_figures(SURVEY, (), observations)
    found = protect_counts(SURVEY, observations, figures)
    # Categories go before totals; Ash alone gave ages, so the areas' counts are Ash's and go too.
    assert set(found.withheld) == {f"{place}|by-age|2016/17|age=12" for place in ("ash", "region:North", "*")}
    ids = {figure.id for figure in found.figures}
    assert "total/ash/by-age/2016-17/age-12" not in ids
    assert not any(figure.kind in {"share", "at_most"} and figure.authority == "ash" for figure in found.figures)
    assert "total/ash/offences/2016-17" in ids


def test_a_reference_that_gives_a_count_away_cannot_be_protected_against() -> None:
    item = Reference(
        id="paper", question="offences", measure="total", authority="ash", period=NOW, value="3", n_answered=None,
        source="", published="", status="stated", note="",
    )  # fmt: skip
    survey = replace(SURVEY, references=(item,))
    found = protect_counts(survey, [observe("ash", NOW, None, bounds=(0, 4))], ())
    assert [finding.severity for finding in found.findings] == ["error"]
    assert found.withheld == ()


def test_no_steps_left_blocks() -> None:
    counts = dict.fromkeys(product(BANDS, SEXES), 6) | {("9-11", "F"): 2}
    found = protect_counts(SURVEY, make_table(counts, {("9-11", "F")}), (), steps=0)
    assert any(finding.severity == "error" for finding in found.findings)


def test_nothing_suppressed_leaves_everything_as_it_is() -> None:
    observations = [observe("ash", NOW, 3)]
    figures = compute_figures(SURVEY, (), observations)
    found = protect_counts(SURVEY, observations, figures)
    assert (found.figures, found.observations, found.withheld, found.findings) == (figures, tuple(observations), (), ())


@pytest.mark.parametrize(
    ("kind", "value", "base"),
    [
        ("per_day", 3 / 365, None), ("change_abs", -17, THEN), ("change_pct", -85.0, THEN),
        ("rate_ratio", 0.15 * 366 / 365, THEN),
    ],
)  # fmt: skip
def test_an_earlier_edition_gives_away_by_any_kind_of_figure(kind: str, value: float, base: str | None) -> None:
    past = Figure(
        id=f"{kind}/ash", title="", kind=kind, authority="ash", question="offences", period=NOW, base_period=base,
        value=value, unit="", n_asked=1, n_answered=1,
    )  # fmt: skip
    observations = [observe("ash", NOW, None, bounds=(0, 4)), observe("ash", THEN, 20)]
    (finding,) = find_leaks(SURVEY, observations, (), {"2017-06-01": (past,)})
    assert f"edition 2017-06-01, figure {kind}/ash" in finding.message
    assert find_leaks(SURVEY, observations, ()) == ()


def test_a_share_beside_its_base_gives_a_count_away() -> None:
    ages = {"12": 9, "13": 20, "14": None}
    observations = [
        observe("ash", NOW, n, question="by-age", dims=(("age", age),), bounds=None if n else (0, 4))
        for age, n in ages.items()
    ]
    share = Figure(
        id="share/ash", title="", kind="share", authority="ash", question="by-age", period=NOW,
        dimensions=(("age", "13"),), value=100 * 20 / 31, unit="percent", n_asked=1, n_answered=1,
    )  # fmt: skip
    assert find_leaks(SURVEY, observations, ()) == ()
    assert find_leaks(SURVEY, observations, (share,))


@given(st.lists(st.sets(st.sampled_from("abcdef"), min_size=1), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_the_cheapest_hitting_set_is_what_trying_all_finds(groups: list[set[str]]) -> None:
    names = sorted(set().union(*groups))
    found = choose_fewest([frozenset(group) for group in groups], dict.fromkeys(names, 1.0), 10.0)
    assert found is not None and all(found & group for group in groups)
    smaller = (set(some) for some in combinations(names, len(found) - 1))
    assert not any(all(some & group for group in groups) for some in smaller)


def test_a_withheld_count_is_masked_in_the_table_it_came_from() -> None:
    item, hidden = observe("ash", NOW, 3, ref="B2"), observe("ash", NOW, None, bounds=(0, 4), ref="C7")
    cells = tuple(
        Cell(row=0, col=col, text=text, value=text, kind="text", ref=ref)
        for col, (text, ref) in enumerate((("Total", "A2"), ("3", "B2")))
    )
    grid = Grid(document=item.source.document, part=item.source.part, kind="sheet", cells=cells)
    (masked,) = mask_grids((grid,), (item, *protect_counts(SURVEY, [item, hidden], ()).observations))
    assert [cell.text for cell in masked.cells] == ["Total", MARK]
    assert mask_grids((grid,), (item,)) == (grid,)


def test_a_count_withheld_in_one_place_and_printed_in_another_blocks_and_is_masked() -> None:
    observations = [observe("ash", NOW, 3, ref="B2"), observe("ash", NOW, None, bounds=(0, 4), ref="C7")]
    (finding,) = find_leaks(SURVEY, observations, ())
    assert "B2" in finding.message
    found = protect_counts(SURVEY, observations, ())
    assert found.findings == ()
    assert [item.value for item in found.observations] == [None, None]


def make_years(chance: random.Random) -> list[Observation]:
    """Four forces' totals and breakdowns by age in two years that add up, with stars among the small counts."""
    found = []
    for name, period in product(("ash", "birch", "cedar", "elm"), (THEN, NOW)):
        parts = {age: chance.randrange(8) for age in ("12", "13", "14")} if chance.random() < 0.7 else {}
        total = sum(parts.values()) if parts else chance.randrange(20)
        hidden = total <= 4 and chance.random() < 0.5
        found.append(observe(name, period, total, bounds=(0, 4) if hidden else None, ref=period))
        for age, count in parts.items():
            bounds = (0, 4) if count <= 4 and chance.random() < 0.35 else None
            dims = (("age", age),)
            found.append(observe(name, period, count, question="by-age", dims=dims, bounds=bounds, ref=period + age))
    return found


def test_an_unchanged_survey_withholds_the_same_counts_again() -> None:
    chance, protected = random.Random(4), 0
    for _ in range(10):
        observations = make_years(chance)
        figures = compute_figures(SURVEY, (), observations)
        first = protect_counts(SURVEY, observations, figures)
        again = protect_counts(SURVEY, observations, figures, {"1": first.figures})
        assert again.withheld == first.withheld
        protected += bool(first.withheld)
    assert protected > 2


def test_a_breakdown_that_does_not_add_up_hides_no_leak_of_another_force() -> None:
    """Ash's ages come to more than its total; Birch's single star is still its total less the rest."""
    whole = [observe("ash", NOW, 4, ref="A"), observe("birch", NOW, 10, ref="B")]
    counts = {("ash", "12"): 7, ("ash", "13"): 1, ("ash", "14"): 2}
    counts |= {("birch", "12"): 3, ("birch", "13"): 3, ("birch", "14"): 4}

    def put(name: str, age: str, hidden: bool) -> Observation:
        bounds = (0, 4) if hidden else None
        dims = (("age", age),)
        return observe(name, NOW, counts[name, age], question="by-age", dims=dims, bounds=bounds, ref=name + age)

    figures = compute_figures(SURVEY, (), [*whole, *(put(name, age, False) for name, age in counts)])
    shared = [item for item in figures if item.id == "total/region-north/by-age/2016-17/age-13"]
    leaks = find_leaks(SURVEY, [*whole, *(put(name, age, age == "13") for name, age in counts)], shared)
    assert sorted(leak.subject for leak in leaks) == ["ash", "birch"]


def test_the_line_blocks_or_protects() -> None:
    counts = dict.fromkeys(product(BANDS, SEXES), 6) | {("9-11", "F"): 2}
    observations = tuple(make_table(counts, {("9-11", "F")}))
    edition = Edition(
        survey=SURVEY, replies=(), grids=(), observations=observations, findings=(),
        figures=compute_figures(SURVEY, (), observations),
    )  # fmt: skip
    blocked = pass_gate(edition, {}, protect=False)
    assert {finding.severity for finding in blocked.findings} == {"error"}
    safe = pass_gate(edition, {}, protect=True)
    assert {finding.check for finding in safe.findings} == {"withheld"}
    own = [finding for finding in safe.findings if finding.message.startswith("ash,")]
    assert sum(item.original_value == MARK for item in safe.observations) == len(own) > 0
    assert len(safe.findings) == 3 * len(own)  # the region and the whole hold nobody but Ash
