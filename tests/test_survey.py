"""survey.toml -> Survey: strict keys, registers, periods and names that must be defined."""

from datetime import date
from pathlib import Path

import pytest

from answerable.errors import SurveyError
from answerable.model import Survey
from answerable.survey import find_authority, parse_period_id, parse_register, parse_survey

REGISTERS = Path(__file__).resolve().parent.parent / "src" / "answerable" / "surveys" / "registers"
POLICE = parse_register((REGISTERS / "uk-police.csv").read_text(), "uk-police.csv")
SURVEY = """
id = "hospital-crime"
title = "Crimes at hospitals"
subject = "crimes at hospitals"
area = "England"
register = "uk-police"
authorities = ["cumbria", "humberside"]
periods = ["2019/20", "2020/21"]
[[dimension]]
id = "age"
name = "Age"
kind = "age"
ages = [0, 2]
[[dimension.category]]
code = "unknown"
label = "Not known"
[[question]]
id = "crimes"
number = "1"
text = "How many crimes?"
measure = "Crimes"
unit = "crimes"
[[question]]
id = "by-age"
number = "2"
text = "By age?"
measure = "Crimes"
unit = "crimes"
dimensions = ["age"]
total_of = "crimes"
"""


def read_file(name: str) -> str | None:
    path = REGISTERS / f"{name}.csv"
    return path.read_text() if path.is_file() else None


def parse(text: str) -> Survey:
    return parse_survey(text, "survey.toml", read_file)


def test_a_survey_has_what_its_file_says() -> None:
    survey = parse(SURVEY)
    assert [authority.name for authority in survey.authorities] == ["Cumbria", "Humberside"]
    assert survey.periods[0].start == date(2019, 4, 1)
    assert survey.headline == "crimes"
    assert [category.code for category in survey.dimensions[0].categories] == ["0", "1", "2", "unknown"]
    assert survey.comparisons[0].base == "2019/20"
    assert survey.small_base == 50


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("area =", "aera ="), 'unknown key "aera". Did you mean "area"?'),
        (('measure = "Crimes"', 'mesure = "Crimes"'), 'Did you mean "measure"?'),
        (('title = "Crimes at hospitals"', ""), "title is missing from the top of the file"),
        (('title = "Crimes at hospitals"', "title = 3"), "title is int, expected text in quotes"),
        (('"2020/21"', '"2020/22"'), "does not run over one year"),
        (('"2020/21"', '"last year"'), "is not a year"),
        (('["cumbria", "humberside"]', '["cumbria", "humberside", "humber"]'), 'unknown key "humber"'),
        (('id = "age"', 'id = "part"'), 'the dimension "part" has the name of a column'),
        (('dimensions = ["age"]', 'dimensions = ["aeg"]'), 'Did you mean "age"?'),
        (('total_of = "crimes"', 'total_of = "crime"'), 'Did you mean "crimes"?'),
        (('unit = "crimes"\ndim', 'unit = "crime"\ndim'), 'Did you mean "crimes"?'),
        (('id = "by-age"', 'id = "crimes"'), 'the question "crimes" is defined twice'),
        (("ages = [0, 2]", "ages = [0, 2"), "is not valid TOML"),
        (('register = "uk-police"', 'register = "uk-fire"'), 'the register "uk-fire" is not there'),
        (('"2019/20", "2020/21"', ""), "no period is asked for"),
        (("[[question]]\nid", "[question]\nid"), "is not valid TOML"),  # a single table, then a list of the same name
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(change: tuple[str, str], said: str) -> None:
    broken = SURVEY.replace(*change, 1)
    assert broken != SURVEY
    with pytest.raises(SurveyError) as caught:
        parse(broken)
    assert said in str(caught.value)
    assert str(caught.value).startswith(("survey.toml", "uk-police"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Northants", "northamptonshire"),
        ("the Met", "metropolitan"),
        ("GMP", "greater-manchester"),
        ("Kent Police", "kent"),
        ("Avon & Somerset Constabulary", "avon-and-somerset"),
        ("Dyfed Powys", "dyfed-powys"),
        ("PSNI", "psni"),
        ("West Mercia", "west-mercia"),
        ("Police Scotland", "police-scotland"),
        ("Yorkshire", None),  # three forces and none: nothing is guessed
        ("Atlantis", None),
    ],
)
def test_a_name_finds_its_authority_or_none(name: str, expected: str | None) -> None:
    found = find_authority(name, POLICE)
    assert (found.id if found else None) == expected


def test_the_bundled_register_has_every_force_with_its_law_and_code() -> None:
    assert len(POLICE) == 46
    assert sum(a.kind == "territorial" and a.nation in {"England", "Wales"} for a in POLICE) == 43
    assert {a.id for a in POLICE if a.law == "FOISA"} == {"police-scotland"}
    assert {a.id for a in POLICE if not a.code} == {"btp", "psni", "police-scotland"}
    assert all(a.region for a in POLICE if a.id != "btp")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,nmae\na,b\n", 'Did you mean "name"?'),
        ("name\nb\n", "the columns id and name are missing"),
        ("id,name\na,A\na,B\n", 'the id "a" stands twice'),
        ("id,name,law\na,A,FOI\n", 'law "FOI" is not known'),
        ("id,name\n../a,A\n", 'id "../a" is not usable'),
    ],
)
def test_a_wrong_register_is_refused(text: str, said: str) -> None:
    with pytest.raises(SurveyError, match=r"register\.csv") as caught:
        parse_register(text, "register.csv")
    assert said in str(caught.value)


@pytest.mark.parametrize(("text", "days"), [("2015/16", 366), ("2016/17", 365), ("2024", 366), ("1999/00", 366)])
def test_a_period_has_its_days(text: str, days: int) -> None:
    assert parse_period_id(text, "survey.toml").days == days
