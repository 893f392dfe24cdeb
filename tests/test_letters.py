"""The letter itself -> exemptions by limb and question, caveats, and what became of the request."""

import pytest

from answerable.model import Exemption
from answerable.observations import find_caveats, find_exemptions, find_observations, find_outcome
from building import REPLY, build_grid, build_survey, build_text


def limbs(lines: list[str]) -> list[tuple[str, str, str]]:
    return [(e.question, e.section, e.subsection) for e in find_exemptions([build_text(lines)])]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["The cost would exceed the appropriate limit and section 12(1) applies."], [("", "12", "(1)")]),
        (["Question 3", "This is exempt under s.40(2) of the Act."], [("3", "40", "(2)")]),
        (["Question 3 is exempt by virtue of section 31(1)(a)(b)."], [("3", "31", "(1)(a)(b)")]),
        (["We neither confirm nor deny, by virtue of section 23(5) and section 30(3)."],
         [("", "23", "(5)"), ("", "30", "(3)")]),
        (["Section 21 applies: the information is otherwise accessible at www.example.org."], [("", "21", "")]),
        (["4. The age of suspects", "This is exempt under section 40(2)."], [("4", "40", "(2)")]),
        (["Response 2: Section 12 applies."], [("2", "12", "")]),
        (["Q1 is answered below.", "Q2 is refused under Section 12."], [("2", "12", "")]),
        # not relied on: advice on appeals, the offence's own section, an Act
        (["You may complain to the Commissioner under section 50."], []),
        (["Offences under section 15A of the Sexual Offences Act 2003."], []),
        (["Please find the figures below."], []),
    ],
)  # fmt: skip
def test_only_what_the_letter_relies_on_is_an_exemption(lines: list[str], expected: list[tuple[str, str, str]]) -> None:
    assert limbs(lines) == expected


@pytest.mark.parametrize(
    "lines",
    [
        ["Section 21 applies: see https://force.example/2024/figures."],
        ["Question 2 is exempt by virtue of Section 21.", "It can be found at https://force.example/2024/figures"],
    ],
)
def test_section_21_comes_with_the_address_it_points_to(lines: list[str]) -> None:
    (exemption,) = find_exemptions([build_text(lines)])
    assert exemption.address == "https://force.example/2024/figures"


def test_a_caveat_touches_the_question_and_period_it_names() -> None:
    lines = [
        "Question 1", "2015/16 - 59", "2016/17 - 72",
        "The flag was not used by all officers in 2015/16.",
        "Question 4 was answered by a keyword search of crime notes.",
    ]  # fmt: skip
    grids = [build_text(lines), build_grid(["Offence|2015/16|2016/17", "Rape|4|5", "Sexual assault|6|3"])]
    observations, _ = find_observations(build_survey(), REPLY, grids)
    touched = {(o.question, o.period): o.caveats for o in observations if o.accepted}
    assert touched == {
        ("offences", "2015/16"): ("flag_not_used",),
        ("offences", "2016/17"): (),
        ("by-offence", "2015/16"): ("flag_not_used", "text_search"),
        ("by-offence", "2016/17"): ("text_search",),
    }


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Figures come from a live system and are subject to change.", "live_system"),
        ("The Home Office counting rules changed in April 2017.", "rule_changed"),
        ("In 2023 the force moved to a new recording system.", "system_changed"),
        ("The flag was not used by all officers in the first year.", "flag_not_used"),
        ("The figures relate to victims and not offences.", "counts_victims"),
        ("This question was answered by a keyword search of crime notes.", "text_search"),
        ("These figures should not be compared with those of other forces.", "not_comparable"),
        ("All figures are rounded to the nearest five.", "rounded"),
    ],
)
def test_a_caveat_is_kept_with_its_sentence(line: str, kind: str) -> None:
    caveats = find_caveats([build_text(["Thank you for your request.", line])])
    assert [(caveat.kind, caveat.text) for caveat in caveats] == [(kind, line)]


@pytest.mark.parametrize(
    ("lines", "answered", "expected"),
    [
        (["We acknowledge receipt of your request."], 0, "waiting_response"),
        (["We require further clarification of part 2."], 0, "waiting_clarification"),
        (["The force does not hold this information."], 0, "not_held"),
        (["The request is refused under section 12(1)."], 0, "rejected"),
        (["Question 3 is refused under section 40(2)."], 5, "partially_successful"),
        (["Question 1: 52"], 1, "successful"),
        (["Good morning."], 0, None),
    ],
)
def test_the_letter_says_what_became_of_the_request(lines: list[str], answered: int, expected: str | None) -> None:
    grids = [build_text(lines)]
    assert find_outcome(grids, answered=answered, exemptions=find_exemptions(grids)) == expected


def test_a_section_of_the_requests_own_offence_is_not_an_exemption() -> None:
    assert find_exemptions([build_text(["Recorded under s.15A and code 71/17, s.66 refused."])]) == ()
    assert Exemption(question="", section="12") in find_exemptions([build_text(["Refused: s.12."])])
