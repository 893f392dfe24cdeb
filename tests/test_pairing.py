"""Sentences that state several counts: what their order gives to each, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.observations import find_observations
from building import REPLY, build_survey, build_text

SURVEY = build_survey()


def read_sentence(text: str) -> dict[tuple[str, str], str]:
    """(period, categories) -> what was accepted of a letter with this one sentence."""
    found, _ = find_observations(SURVEY, REPLY, (build_text([text]),))
    return {
        (item.period, " ".join(code for _, code in item.dimensions)): str(item.value) for item in found if item.accepted
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "1. In 2015/16 there were 59 offences and in 2016/17 there were 72.",
            {("2015/16", ""): "59", ("2016/17", ""): "72"},
        ),
        (
            "1. There were 59 offences in the financial year 2015/16 and 72 in the financial year 2016/17.",
            {("2015/16", ""): "59", ("2016/17", ""): "72"},
        ),
        (
            "1. In 2015/16 and 2016/17 there were 59 and 72 offences respectively.",
            {("2015/16", ""): "59", ("2016/17", ""): "72"},
        ),
        ("1. There were no offences in 2015/16 or in 2016/17.", {("2015/16", ""): "0", ("2016/17", ""): "0"}),
    ],
)
def test_each_count_has_the_period_that_its_place_gives_it(text: str, expected: dict[tuple[str, str], str]) -> None:
    assert read_sentence(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4. 2016/17: 30 of 86/2, 12 of 86/10", {("2016/17", "86/2"): "30", ("2016/17", "86/10"): "12"}),
        ("4. In 2016/17, rape 4 and sexual assault 9.", {("2016/17", "rape"): "4", ("2016/17", "assault"): "9"}),
        (
            "4. 2015/16: 3 rape and 8 sexual assault; 2016/17: 4 rape and 9 sexual assault",
            {
                ("2015/16", "rape"): "3",
                ("2015/16", "assault"): "8",
                ("2016/17", "rape"): "4",
                ("2016/17", "assault"): "9",
            },
        ),
    ],
)
def test_each_count_has_the_category_beside_it(text: str, expected: dict[tuple[str, str], str]) -> None:
    assert read_sentence(text) == expected


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("1. There were 72 offences in 2016/17, 13 more than in 2015/16.", "13"),
        ("1. There were 72 offences in 2016/17, up 13 from 2015/16.", "13"),
        ("1. There were 72 offences in 2016/17, 13 of which were in 2015/16.", "13"),
        ("1. In 2015/16 and 2016/17 there were 59 and 72 offences.", "59"),  # which is whose is not said
        ("1. In 2015/16 there were 59 offences, 13 officers and 4 staff, in 2016/17 72.", "13"),
        ("4. 2016/17: 30 offences, 12 of them rape and 9 sexual assault", "30"),
    ],
)
def test_what_the_order_does_not_say_is_not_read(text: str, never: str) -> None:
    assert never not in read_sentence(text).values()


@given(
    counts=st.lists(st.integers(2, 9999), min_size=2, max_size=2, unique=True),
    order=st.sampled_from(("{0} offences in 2015/16 and {1} in 2016/17", "in 2015/16 {0} offences, in 2016/17 {1}")),
)
def test_two_years_in_either_order_read_alike(counts: list[int], order: str) -> None:
    found = read_sentence(f"1. There were {order.format(*counts)}.")
    whole = {("2015/16", ""): str(counts[0]), ("2016/17", ""): str(counts[1])}
    looks_like_a_year = any(1900 <= count <= 2049 for count in counts)
    assert found == whole or (looks_like_a_year and found == {})
