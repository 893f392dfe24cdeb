"""Suppressed counts in sums: narrowed by printed totals, told in both readings, and never one by one."""

import random
from dataclasses import replace
from itertools import product

import pytest

from answerable import store
from answerable.bounds import find_leaks
from answerable.bounds.solve import solve_system
from answerable.bounds.system import Statement, System
from answerable.figures import compute_figures
from answerable.figures.tightened import tighten_counts
from answerable.line import read_edition
from answerable.model import Figure, Observation, Survey
from counted import NOW, make_counted_survey, observe

SURVEY = make_counted_survey()


def count_ages(authority: str, total: int | None, counts: dict[str, int | None], high: int | None = None) -> list[
    Observation
]:  # fmt: skip
    """A total and a table by age in which None is a star."""
    found = [] if total is None else [observe(authority, NOW, total)]
    for age, count in counts.items():
        bounds = (0, high) if count is None else None
        dims = (("age", age),)
        found.append(observe(authority, NOW, count, question="by-age", dims=dims, bounds=bounds, ref=f"B{age}"))
    return found


def find(observations: list[Observation], survey: Survey = SURVEY) -> dict[str, Figure]:
    return {figure.id: figure for figure in compute_figures(survey, (), observations)}


BY_13 = "total/the-realm/by-age/2016-17/age-13"


def test_printed_totals_give_a_star_an_upper_end_in_a_sum_of_several_authorities() -> None:
    """Ash's two stars come to at most 30 - 22, Birch's to at most 40 - 31; each alone has no upper end."""
    ash = count_ages("ash", 30, {"12": 22, "13": None, "14": None})
    birch = count_ages("birch", 40, {"12": 31, "13": None, "14": None})
    found = find([*ash, *birch, *count_ages("cedar", 9, {"12": 4, "13": 5})])
    assert (found[BY_13].low, found[BY_13].high) == (5, 5 + 8 + 9)
    assert (found["total/ash/by-age/2016-17/age-13"].low, found["total/ash/by-age/2016-17/age-13"].high) == (0, None)
    assert find_leaks(SURVEY, [*ash, *birch], list(find([*ash, *birch]).values())) == ()


def test_what_the_totals_leave_of_one_authority_is_not_printed_through_an_area() -> None:
    found = find([*count_ages("ash", 30, {"12": 22, "13": None, "14": None}), *count_ages("cedar", 9, {"13": 9})])
    assert (found[BY_13].low, found[BY_13].high) == (9, None)


@pytest.mark.parametrize(
    "change",
    [{"unit": "victims"}, {"caveats": ("rounded",)}, {"accepted": False}],
    ids=["another unit", "rounded", "in review"],
)
def test_a_total_that_may_not_bind_narrows_nothing(change: dict[str, object]) -> None:
    readings = count_ages("ash", 30, {"12": 22, "13": None, "14": None})
    assert len(tighten_counts(SURVEY, readings)) == 2
    assert tighten_counts(SURVEY, [replace(readings[0], **change), *readings[1:]]) == {}  # type: ignore[arg-type]


def test_bounds_of_sums_hold_every_true_count() -> None:
    """A second implementation: every assignment that the printed totals allow, by trying all of them."""
    chance = random.Random(5)
    for _ in range(25):
        readings: list[Observation] = []
        sums: list[set[int]] = []
        for name in ("ash", "birch"):
            true = {age: chance.randrange(7) for age in ("12", "13", "14")}
            stars = [age for age in true if age == "13" or chance.random() < 0.5]
            total = sum(true.values()) + chance.randrange(3)  # what the table leaves out
            readings += count_ages(name, total, {age: None if age in stars else n for age, n in true.items()})
            room = total - sum(n for age, n in true.items() if age not in stars)
            place = stars.index("13")
            options = {pick[place] for pick in product(range(room + 1), repeat=len(stars)) if sum(pick) <= room}
            sums.append(options)
        figure = find(readings)[BY_13]
        possible = {a + b for a, b in product(*sums)}
        assert (figure.low, figure.high) == (min(possible), max(possible))


def test_both_readings_of_stars_beside_a_total_name_their_assumption() -> None:
    """FOI 10905/25: 52 offences; a table of victims with 22, 2, 22 and three stars, whose sums count a star as 0."""
    edition = read_edition(store.BUNDLED / "sexual-communication", workers=1)
    found = {item.id: item for item in edition.figures if item.kind == "hidden_sum"}
    root = "hidden_sum/northamptonshire/victims/2024-25/age-band-t/sex-t"
    bound, alone = found[f"{root}/by-the-total"], found[f"{root}/by-themselves"]
    assert (bound.value, bound.query) == (6, "52 - 46 = 6")
    assert "if question 2 (victims) counts the same as question 1 (offences)" in bound.note
    assert (alone.value, alone.low, alone.high) == (None, 0, None)
    assert "need not add up" in alone.note
    assert not any(finding.check == "disclosure" for finding in edition.findings)


def test_three_stars_of_at_least_one_are_one_to_four_and_a_total_of_two_fixes_the_third() -> None:
    hidden: dict[str, tuple[int, int | None]] = dict.fromkeys(("girl", "boy", "unknown"), (1, None))
    six = Statement(label="by the total", terms=tuple((cell, 1.0) for cell in hidden), low=6.0, high=6.0)
    found = solve_system(System(hidden=hidden, statements=(six,))).cells
    assert {(cell.low, cell.high) for cell in found.values()} == {(1, 4)}
    known = Statement(label="boys", terms=(("girl", 1.0), ("boy", 1.0)), low=4.0, high=4.0)
    fixed = solve_system(System(hidden=hidden, statements=(six, known))).cells["unknown"]
    assert (fixed.low, fixed.high) == (2, 2)


def test_one_star_has_no_sum_of_its_own() -> None:
    found = find(count_ages("ash", 30, {"12": 22, "13": None, "14": 3}))
    assert not any(figure.kind == "hidden_sum" for figure in found.values())


def test_a_declared_total_of_the_same_unit_leaves_one_reading() -> None:
    found = find(count_ages("ash", 30, {"12": 22, "13": None, "14": None}, high=4))
    sums = [figure for figure in found.values() if figure.kind == "hidden_sum"]
    assert [(item.value, item.id.rpartition("/")[2]) for item in sums] == [(8, "by-the-total")]


def test_a_sum_that_settles_its_parts_is_a_leak() -> None:
    """Two counts under five that come to eight are four each."""
    readings = count_ages("ash", 30, {"12": 22, "13": None, "14": None}, high=4)
    survey = replace(SURVEY, questions=tuple(replace(item, total_of=None) for item in SURVEY.questions))
    figures = compute_figures(survey, (), readings)
    (left, right) = find_leaks(survey, readings, figures)
    assert "hidden_sum/ash/by-age/2016-17/age-t/by-the-total" in left.message + right.message
