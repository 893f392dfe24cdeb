"""Standards as dated data: every rule can be passed and failed, days are honoured, wrong files are refused by name."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from answerable.cli import main
from answerable.errors import SurveyError
from answerable.standards import (
    Standards,
    choose_defaults,
    choose_penalty,
    compute_penalty,
    find_defaults,
    find_rules,
    list_changes,
    load_penalties,
    load_standards,
    make_schema,
    parse_standards,
)
from answerable.standards.penalty import parse_amount, write_pounds
from answerable.standards.rules import Rule, is_in_force, read_bundled

NOW = date(2026, 11, 24)
BOOK = load_standards()
FEATURES = tuple(item.id for item in BOOK.features)


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_a_rule_names_its_source_in_our_own_words(rule: Rule) -> None:
    assert rule.address.startswith("https://")
    assert rule.text.endswith(".")
    assert 20 < len(rule.text) < 130
    assert rule.status == "proposed" or rule.start
    assert rule.status != "unconfirmed" or rule.origin.publisher == "Ofcom" or rule.note


def test_what_was_not_read_at_its_source_is_marked() -> None:
    # METHODS section 7 leaves the labels ICU F1 and F2, the user controls of the children's Code and the first day
    # of the duties on illegal content to be confirmed.
    open_marks = {rule.id for rule in BOOK.rules if rule.status == "unconfirmed"}
    for prefix in ("icu-f1-", "icu-f2-", "pcu-f-"):
        assert {rule.id for rule in BOOK.rules if rule.id.startswith(prefix)} <= open_marks


@pytest.mark.parametrize(
    ("on", "there", "missing"),
    [
        # Before the transition to the Children's Code ended nothing judged.
        (date(2021, 9, 1), (), ("ico-7-account-private", "icu-f1-dm", "pcu-d-report")),
        (date(2021, 9, 2), ("ico-7-account-private",), ("icu-f1-dm",)),
        (date(2024, 6, 1), ("ico-12-feed",), ("icu-f1-dm", "pcu-d-report")),
        (date(2025, 3, 17), ("icu-f1-dm",), ("pcu-d-report",)),
        (date(2025, 7, 24), ("icu-f1-dm",), ("pcu-d-report",)),
        (date(2025, 7, 25), ("pcu-d-report",), ("icu-livestream-interaction",)),
    ],
)
def test_rules_hold_from_their_first_day(on: date, there: tuple[str, ...], missing: tuple[str, ...]) -> None:
    found = {rule.id for rule in find_rules(BOOK, on=on)}
    assert found.issuperset(there)
    assert found.isdisjoint(missing)


def test_a_rule_that_ended_makes_room_for_its_next_version() -> None:
    text = SOURCE.replace('status = "confirmed"', 'status = "confirmed"\nin_force_to = 2024-12-31')
    later = RULE.replace('passes = ["off"]', 'passes = ["off", "low"]').replace(
        'status = "confirmed"', 'status = "confirmed"\nin_force_from = 2025-01-01'
    )
    book = parse_standards({"settings.toml": SETTINGS, "a.toml": text + later})
    assert [find_rules(book, on=day)[0].passes for day in (date(2024, 12, 31), date(2025, 1, 1))] == [
        ("off",),
        ("off", "low"),
    ]
    with pytest.raises(SurveyError, match="two versions hold on one day"):
        parse_standards({"settings.toml": SETTINGS, "a.toml": SOURCE + later})


SETTINGS = """
[[feature]]
id = "account"
name = "an account"
[[feature]]
id = "dm"
name = "messages"
[[setting]]
id = "mail"
name = "Who can write"
how = "Write."
feature = "dm"
values = { off = "nobody", low = "some", on = "all" }
"""
RULE = """
[[rule]]
id = "r"
place = "1"
text = "Off."
setting = "mail"
passes = ["off"]
severity = "high"
status = "confirmed"
"""
SOURCE = (
    """
[source]
id = "s"
name = "S"
publisher = "P"
basis = "B"
address = "https://example.org/"
version = "1"
in_force_from = 2020-01-01
"""
    + RULE
)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('passes = ["off"]', 'pases = ["off"]', 'unknown key "pases". Did you mean "passes"'),
        ('setting = "mail"', 'setting = "mial"', 'Did you mean "mail"'),
        ('passes = ["off"]', 'passes = ["of"]', 'Did you mean "off"'),
        ('passes = ["off"]', 'passes = ["off", "low", "on"]', "nothing that can be observed of mail fails it"),
        ('passes = ["off"]', "passes = []", "passes is empty"),
        ('severity = "high"', 'severity = "hihg"', 'Did you mean "high"'),
        ('severity = "high"', 'severity = "high"\napplies_if = { age = [0, 17] }', 'Did you mean "ages"'),
        ('severity = "high"', 'severity = "high"\napplies_if = { ages = [0, 18] }', "under 18"),
        ('severity = "high"', 'severity = "high"\napplies_if = { features = ["dn"] }', 'Did you mean "dm"'),
        ('severity = "high"', 'severity = "high"\nin_force_to = 2019-01-01', "ends before it begins"),
        ('severity = "high"', 'severity = "high"\nin_force_to = "soon"', "Write a date"),
        ("in_force_from = 2020-01-01", "", "has no first day"),
        ('id = "r"', "", "id is missing"),
        ('id = "r"', 'id = "r"\nid = "r"', "is not valid TOML"),
        (RULE, RULE + RULE, "two versions hold on one day"),
    ],
)
def test_a_wrong_file_is_refused_with_the_nearest_name(old: str, new: str, message: str) -> None:
    assert old in SOURCE
    with pytest.raises(SurveyError, match=message.replace("(", r"\(")):
        parse_standards({"settings.toml": SETTINGS, "a.toml": SOURCE.replace(old, new)})


@pytest.mark.parametrize("feature", [*FEATURES, None])
@pytest.mark.parametrize("age", [10, 13, 16, 17])
def test_defaults_pass_every_rule_of_the_day(feature: str | None, age: int) -> None:
    has = FEATURES if feature is None else (feature,)
    found = find_defaults(age, has, on=NOW, proposed=True)
    assert found
    for item in found:
        assert item.value == item.allowed[0]
        assert all(item.value in rule.passes for rule in item.rules)
        # Nothing safer passes them all: codes stand from the safest on.
        safer = item.setting.codes[: item.setting.codes.index(item.value)]
        assert not any(all(code in rule.passes for rule in item.rules) for code in safer)


def test_an_adult_has_no_defaults_and_a_year_before_the_codes_has_fewer() -> None:
    assert choose_defaults(18, FEATURES, NOW) == {}
    assert len(choose_defaults(13, FEATURES, date(2024, 6, 1))) < len(choose_defaults(13, FEATURES, NOW))


def test_messages_of_a_service_without_connections_wait_for_the_child() -> None:
    with_lists = {item.setting.id: item for item in find_defaults(13, ("dm", "connections"), on=NOW)}
    without = {item.setting.id: item for item in find_defaults(13, ("dm",), on=NOW)}
    assert with_lists["dm-from"].allowed == ("nobody", "connections")
    assert without["dm-from"].allowed == ("nobody", "connections", "requests")


def test_birthdays_change_what_the_ages_of_the_rules_say() -> None:
    changes = list_changes(FEATURES, on=NOW)
    assert {item.age for item in changes} == {13, 16, 18}
    assert [item.setting.id for item in changes if item.age == 13] == ["parental-consent"]
    for item in changes:
        ends = {rule.ages[1] + 1 for rule in item.rules} | {rule.ages[0] for rule in item.rules}
        assert item.age in ends


def test_the_schema_takes_the_defaults_and_refuses_a_lower_setting() -> None:
    import jsonschema

    schema = make_schema(13, ("dm", "feed", "livestream"), on=NOW)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(choose_defaults(13, ("dm", "feed", "livestream"), NOW), schema)
    lowered = {**choose_defaults(13, ("dm", "feed", "livestream"), NOW), "dm-from": "everyone"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(lowered, schema)


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)))
def test_one_version_of_a_rule_holds_on_any_day(day: date) -> None:
    found = [rule.id for rule in BOOK.rules if is_in_force(rule, day)]
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("revenue", "days", "maximum"),
    [
        ("0", 365, "18,000,000"),
        ("180000000", 365, "18,000,000"),
        ("180000000.10", 365, "18,000,000.01"),
        ("1.2bn", 365, "120,000,000"),
        ("£1,200 million", 366, "120,000,000"),
        # Half a year's revenue is doubled, two years' halved (paragraph 4(5)).
        ("100m", 73, "50,000,000"),
        ("1bn", 730, "50,000,000"),
        ("1bn", 371, "100,000,000"),
    ],
)
def test_the_maximum_is_the_greater_of_both_exactly(revenue: str, days: int, maximum: str) -> None:
    found = compute_penalty(load_penalties()[0], NOW, parse_amount(revenue, "x"), days)
    assert write_pounds(found.maximum) == maximum
    assert maximum in found.working


@given(st.decimals(0, 10**13, places=2))
def test_the_maximum_never_falls_below_either(revenue: Decimal) -> None:
    found = compute_penalty(load_penalties()[0], NOW, revenue)
    assert found.maximum >= 18_000_000
    assert found.maximum >= Fraction(revenue) / 10
    assert found.maximum in {Fraction(18_000_000), Fraction(revenue) / 10}


def test_a_penalty_needs_a_rule_of_the_day_and_an_amount() -> None:
    with pytest.raises(SurveyError, match="no rule is in force on 2023-01-01"):
        choose_penalty(load_penalties(), date(2023, 1, 1))
    for text in ("lots", "-5", "1.2.3", "inf", "nan", ""):
        with pytest.raises(SurveyError, match="is not an amount"):
            parse_amount(text, "--revenue")
    assert compute_penalty(load_penalties()[0], NOW, None).maximum == 18_000_000


def test_the_commands_print_the_same_rules_as_the_functions() -> None:
    run = CliRunner().invoke(main, ["standards", "rules", "--on", "2024-06-01", "--json"])
    assert [row["id"] for row in json.loads(run.stdout)] == [rule.id for rule in find_rules(BOOK, on=date(2024, 6, 1))]
    args = ["standards", "defaults", "--age", "13", "--features", "dm,feed,livestream", "--on", "2026-11-24"]
    run = CliRunner().invoke(main, [*args, "--json"])
    rows = json.loads(run.stdout)["defaults"]
    assert {row["setting"]: row["value"] for row in rows} == choose_defaults(13, ("dm", "feed", "livestream"), NOW)
    assert all(row["rules"] for row in rows)
    told = CliRunner().invoke(main, args).stdout
    assert "dm-from = nobody" in told
    assert "unconfirmed" in told
    assert json.loads(CliRunner().invoke(main, [*args, "--json-schema"]).stdout)["properties"]["dm-from"][
        "default"
    ] == ("nobody")
    told = CliRunner().invoke(main, ["standards", "defaults", "--changes", "--on", "2026-11-24"]).stdout
    assert told.startswith("At 13\n")
    wrong = CliRunner().invoke(main, ["standards", "defaults", "--age", "13", "--features", "dmm"])
    assert wrong.exit_code == 2
    assert 'Did you mean "dm"' in wrong.stderr
    run = CliRunner().invoke(main, ["standards", "penalty", "--revenue", "1.2bn", "--on", "2026-11-24"])
    assert run.stdout == "£120,000,000\n"
    assert CliRunner().invoke(main, ["standards", "penalty"]).exit_code == 2


def test_conflicting_rules_are_said_and_not_settled() -> None:
    book: Standards = parse_standards(
        {
            "settings.toml": SETTINGS,
            "a.toml": SOURCE,
            "b.toml": SOURCE.replace('id = "r"', 'id = "q"').replace('passes = ["off"]', 'passes = ["low"]'),
        }
    )
    with pytest.raises(SurveyError, match="no value passes all of r, q"):
        find_defaults(13, ("dm",), on=NOW, standards=book)


def test_bundled_files_are_the_ones_that_are_read() -> None:
    assert set(read_bundled()) == {
        "settings.toml",
        "penalties.toml",
        "ico-childrens-code.toml",
        "ofcom-illegal-content.toml",
        "ofcom-protection-of-children.toml",
    }
