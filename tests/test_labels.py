"""Labels -> meanings: the survey's words, codes, ages, periods and questions, and what is left over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.lookups import Lookups
from answerable.observations.ages import parse_age
from answerable.observations.folding import differ_by_one, fold_label
from answerable.observations.labels import find_codes, index_labels
from answerable.observations.resolving import resolve_label
from building import build_survey

INDEX = index_labels(build_survey())


def resolve(text: str) -> tuple[list[list[str]], tuple[str, ...]]:
    resolved = resolve_label(INDEX, text, Lookups(), "kent", "kent/reply.docx")
    names = [[":".join(part for part in (m.role, m.dimension, m.key) if part) for m in part] for part in resolved.parts]
    return names, resolved.residue


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Female", [["category:sex:F"]]),
        ("F", [["category:sex:F"]]),
        ("girls", [["category:sex:F"]]),
        ("Femal", [["category:sex:F"]]),  # one letter differs and no other label is as near
        ("Unknown Age", [["category:band:unknown", "category:age:unknown"]]),
        ("11 and under", [["category:band:0-11"]]),
        ("12–15", [["category:band:12-15"]]),
        ("16+", [["category:band:16+"]]),
        ("Aged 13", [["category:age:13"]]),
        ("13 yrs", [["category:age:13"]]),
        ("086/02 - Take or make a pseudo-photograph", [["category:offence:86/2"]]),
        ("HO code 86/2", [["category:offence:86/2"]]),
        ("OC01 - Charge/Summons", [["category:outcome:charge"]]),
        ("02: Caution", [["category:outcome:caution"]]),
        ("2016/17", [["period:2016/17"]]),
        ("Female 2016/17", [["category:sex:F"], ["period:2016/17"]]),
        ("Total 2016/17", [["total"], ["period:2016/17"]]),
        ("Number of victims (2015-16)", [["period:2015/16"], ["unit:victims"]]),
        ("Sum:", [["total"]]),
        ("Grand Total", [["total"]]),
        ("All ages", [["total"]]),
        ("Kent*", [["authority:kent"]]),
        ("2016", [["span:2016"]]),
        ("April", [["subperiod:4-4"]]),
        ("% change", [["derived:% change"]]),
        ("Question 2", [["question:by-age"]]),
        ("Response 1", [["question:offences"]]),
        ("Question 9", [["no_question:9"]]),
        ("Victim age", [["dimension:band", "dimension:age"]]),
        ("Number recorded", []),
    ],
)
def test_a_label_says_all_that_its_words_say(text: str, parts: list[list[str]]) -> None:
    found, residue = resolve(text)
    assert sorted(sorted(part) for part in found) == sorted(sorted(part) for part in parts)
    assert residue == ()


@pytest.mark.parametrize(
    "text", ["Attempted rape", "Rape (historic)", "01a: Charged [alternate]", "Robbery", "13 or so"]
)
def test_words_not_understood_are_left_over(text: str) -> None:
    assert resolve(text)[1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("male", "female"),
        ("known", "unknown"),
        ("aged 13", "aged 14"),
        ("11 and under", "12 and under"),
        ("rape", "rape"),
    ],
)
def test_labels_that_mean_different_things_are_never_near(first: str, second: str) -> None:
    assert not differ_by_one(first, second)


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("13", (13, 13)),
        ("13 year old", (13, 13)),
        ("thirteen", (13, 13)),
        ("under 12", (0, 11)),
        ("<12", (0, 11)),
        ("11 and under", (0, 11)),
        ("12 to 15 years", (12, 15)),
        ("16 and over", (16, None)),
        ("over 15", (16, None)),
        ("16+", (16, None)),
        ("Under 1", (0, 0)),
        ("15-12", None),
        ("Total", None),
    ],
)
def test_an_age_label_covers_its_ages(text: str, ages: tuple[int, int | None] | None) -> None:
    found = parse_age(text)
    assert (found[:2] if found else None) == ages


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("086/02", ("86/2",)),
        ("86/2 and 71/17", ("86/2", "71/17")),
        ("88A", ("88A",)),
        ("2016/17", ()),
        ("1/4/2016", ()),
    ],
)
def test_home_office_codes_lose_their_zeros(text: str, codes: tuple[str, ...]) -> None:
    assert find_codes(text) == codes


@given(st.text(max_size=40))
def test_folding_is_stable_and_resolving_never_fails(text: str) -> None:
    assert fold_label(" ".join(fold_label(text))) == fold_label(" ".join(fold_label(text)))
    resolve_label(INDEX, text, Lookups(), "kent", "d")


@given(
    st.sampled_from([c.label for d in INDEX.survey.dimensions for c in d.categories]),
    st.sampled_from(["", "*", " [1]", ":"]),
)
def test_every_label_of_the_survey_resolves_to_its_own_category(label: str, mark: str) -> None:
    parts, residue = resolve(f"{label.upper()}{mark}")
    assert residue == ()
    assert parts
