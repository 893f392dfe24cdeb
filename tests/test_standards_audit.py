"""Audits: every rule has an account that passes it and one that fails it, in every form an answer can come in."""

import io
import json
import random
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.proportion import proportion_confint

from answerable.errors import SurveyError
from answerable.model import Source
from answerable.standards.audit import Audit, parse_audit
from answerable.standards.differences import compare_results
from answerable.standards.forms import list_asked, write_web_form, write_workbook_form
from answerable.standards.observed import ObservedSetting, Visit, make_observation
from answerable.standards.reading import Reading, read_audit
from answerable.standards.results import Result, judge_audit
from answerable.standards.rules import AGES, Rule, load_standards
from answerable.standards.scores import find_places, find_same_as_adult, measure_agreement, rank_scores, score_services
from answerable.stats import bound_share
from audit_folder import AUDIT, PICTURE, SAFE, all_ages, make_files, write_answers, write_audit

BOOK = load_standards()
JUDGING = tuple(rule for rule in BOOK.rules if rule.start)


def make_audit(rule: Rule) -> Audit:
    """An audit of one service that has just what the rule is about, with a child of 10 among the ages, over days
    before and after the rule began."""
    text = f"""
id = "one"
title = "One"
ages = [10, 13, 15, 16, 17, 18]
[[edition]]
id = "2026"
from = 2021-01-01
to = 2026-12-31
[[service]]
id = "s"
name = "S"
features = {json.dumps(list(rule.features))}
"""
    return parse_audit(text, "audit.toml", BOOK)


def observe(setting: str, age: int, value: str, *, on: date = date(2026, 5, 1), **more: object) -> ObservedSetting:
    visit = Visit(service="s", tester="A", on=on, country="GB", app_version="1", platform="web", run=1)
    item = ObservedSetting(
        visit=visit, edition="2026", setting=setting, age=age, value=value, evidence="s/a.png", sha256="0", quote="",
        note="", source=Source(document="s/a.json", part="observed", ref="answer 1", quote=value),
    )  # fmt: skip
    return replace(item, visit=replace(visit, **more)) if more else item  # type: ignore[arg-type]


def judge(rule: Rule, *observed: ObservedSetting) -> dict[int, Result]:
    results = judge_audit(make_audit(rule), BOOK, observed)
    return {item.age: item for item in results if item.rule.id == rule.id}


@pytest.mark.parametrize("rule", JUDGING, ids=lambda rule: rule.id)
def test_every_rule_has_a_passing_and_a_failing_case(rule: Rule) -> None:
    age = rule.ages[0] if rule.ages[0] in AGES else 10
    setting = BOOK.find_setting(rule.setting)
    failing = [code for code in setting.codes if code not in (*rule.passes, *rule.partial)]
    for value, verdict in [
        *((code, "pass") for code in rule.passes),
        *((code, "partial") for code in rule.partial),
        *((code, "fail") for code in failing),
        ("no_feature", "not_applicable"),
        ("not_tested", "not_tested"),
    ]:
        found = judge(rule, observe(rule.setting, age, value))
        assert found[age].verdict == verdict, value
        assert 18 not in found, "the control is judged by no rule"
    assert failing
    assert judge(rule)[age].verdict == "not_tested"
    # On the day before the rule the same account was not judged.
    early = judge(rule, observe(rule.setting, age, failing[0], on=date(2021, 1, 1)))
    assert early[age].verdict == "not_tested"
    assert early[age].reason == "observed only on days before the rule was in force"


def test_repeats_that_disagree_are_inconsistent_and_ones_that_pass_differently_are_not() -> None:
    rule = next(rule for rule in JUDGING if rule.id == "icu-f1-dm")
    both = judge(rule, observe("dm-from", 13, "nobody"), observe("dm-from", 13, "everyone", run=2))
    assert (both[13].verdict, both[13].values) == ("inconsistent", ("nobody", "everyone"))
    alike = judge(rule, observe("dm-from", 13, "nobody"), observe("dm-from", 13, "connections", tester="B"))
    assert (alike[13].verdict, alike[13].values) == ("pass", ("nobody", "connections"))
    untested = judge(rule, observe("dm-from", 13, "nobody"), observe("dm-from", 13, "not_tested", tester="B"))
    assert untested[13].verdict == "pass"


@cache
def read_small() -> Reading:
    with TemporaryDirectory() as folder:
        return read_audit(write_audit(Path(folder)))


def judge_small() -> dict[tuple[str, str, str, int], Result]:
    small = read_small()
    results = judge_audit(small.audit, small.standards, small.observed)
    return {(item.edition, item.service, item.rule.id, item.age): item for item in results}


def test_an_audit_of_2024_is_judged_by_the_rules_of_2024() -> None:
    found = judge_small()
    assert not {name for edition, _, name, _ in found if edition == "2024" and not name.startswith("ico-")}
    assert found["2024", "plaza", "ico-7-account-private", 13].verdict == "fail"
    assert found["2026", "plaza", "icu-f1-dm", 15].verdict == "pass"


def test_the_small_audit_reads_without_findings_and_gives_each_verdict() -> None:
    small, found = read_small(), judge_small()
    assert small.findings == ()
    assert [item.outcome for item in small.responses] == ["disputed"]
    assert found["2026", "plaza", "ico-7-account-private", 16].verdict == "fail"
    assert found["2026", "plaza", "icu-f1-dm", 13].verdict == "inconsistent"
    assert found["2024", "plaza", "ico-10-collection", 13].verdict == "partial"
    assert found["2026", "quill", "ico-10-visible", 13].verdict == "not_applicable"
    assert found["2026", "quill", "ico-9-data-sharing", 13].reason == "The service holds no data of its own."
    assert found["2026", "quill", "ico-7-account-private", 15].verdict == "not_tested"


def test_a_score_counts_only_what_was_applicable_and_tested() -> None:
    small = read_small()
    results = judge_audit(small.audit, small.standards, small.observed)
    scores = score_services(results)
    for key, score in scores.items():
        own = [item.verdict for item in results if (item.edition, item.service) == key]
        assert sum(score.counts.values()) == len(own)
        assert score.passed == own.count("pass")
        assert score.tested == len(own) - own.count("not_tested") - own.count("not_applicable")
        assert score.applicable == score.tested + own.count("not_tested")
    assert scores["2024", "quill"].share is None
    confirmed = score_services(results, confirmed=True)
    assert 0 < confirmed["2026", "plaza"].tested < scores["2026", "plaza"].tested
    ranked = rank_scores(score for (edition, _), score in scores.items() if edition == "2026")
    assert [item.service for item in ranked] == ["plaza", "quill"]
    assert find_places(ranked) == {"plaza": (1, 1), "quill": (2, 2)}
    assert rank_scores(score for (edition, _), score in scores.items() if edition == "2024")[-1].service == "quill"


def test_the_control_shows_what_children_share_with_adults() -> None:
    small = read_small()
    found = find_same_as_adult(small.audit, small.observed)
    # All of 2024 was the same for all; in 2026 only the route to a report is. Quill had no control.
    assert found == {("2024", "plaza"): (8, 8), ("2026", "plaza"): (1, 8)}


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_is_wilsons(pair: tuple[int, int]) -> None:
    found = bound_share(*pair)
    low, high = proportion_confint(*pair, method="wilson")
    assert found.low == pytest.approx(max(low, 0), abs=1e-9)
    assert found.high == pytest.approx(min(high, 1), abs=1e-9)
    assert found.low <= pair[0] / pair[1] <= (found.high or 0)


@pytest.mark.parametrize(("count", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_a_share_needs_a_whole(count: int, n: int) -> None:
    with pytest.raises(ValueError, match="share"):
        bound_share(count, n)


@pytest.mark.parametrize("seed", range(6))
def test_agreement_is_cohens_kappa(seed: int) -> None:
    rng = random.Random(seed)
    settings = rng.sample([item.id for item in BOOK.settings], 12)
    first = {(name, age): rng.choice(BOOK.find_setting(name).codes) for name in settings for age in AGES}
    second = {
        key: value if rng.random() < 0.7 else rng.choice(BOOK.find_setting(key[0]).codes)
        for key, value in first.items()
    }
    observed = [observe(name, age, value) for (name, age), value in first.items()]
    observed += [observe(name, age, value, tester="B") for (name, age), value in second.items()]
    (found,) = measure_agreement(observed)
    left = [f"{key[0]}={value}" for key, value in sorted(first.items())]
    right = [f"{key[0]}={value}" for key, value in sorted(second.items())]
    assert found.n == len(first)
    assert found.same == sum(a == b for a, b in zip(left, right, strict=True))
    assert found.kappa == pytest.approx(cohen_kappa_score(left, right))


def test_agreement_by_chance_alone_has_no_kappa() -> None:
    observed = [observe("dm-from", age, "nobody", tester=name) for age in AGES for name in "AB"]
    (found,) = measure_agreement(observed)
    assert (found.n, found.same, found.kappa) == (5, 5, None)
    assert measure_agreement(observed[:1]) == ()


def test_differences_name_what_moved() -> None:
    found = judge_small()
    before = [item for key, item in found.items() if key[0] == "2024"]
    after = [item for key, item in found.items() if key[0] == "2026"]
    kinds = {(item.service, item.result.rule.id, item.result.age): item.kind for item in compare_results(before, after)}
    assert kinds["plaza", "ico-7-account-private", 13] == "improved"
    assert ("plaza", "ico-7-account-private", 16) not in kinds
    assert kinds["plaza", "icu-f1-connection-list", 13] == "new_rule"
    assert kinds["quill", "ico-7-account-private", 13] == "now_tested"
    back = {(item.service, item.result.rule.id, item.result.age): item.kind for item in compare_results(after, before)}
    assert back["plaza", "ico-7-account-private", 13] == "worsened"
    assert back["plaza", "icu-f1-connection-list", 13] == "rule_gone"
    assert back["quill", "ico-7-account-private", 13] == "no_longer_tested"
    assert compare_results(after, after) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("features", "feature", 'Did you mean "features"'),
        ('"dm"', '"dn"', 'Did you mean "dm"'),
        ("ico-9-data-sharing", "ico-9-data", 'Did you mean "ico-9-data-sharing"'),
        ('id = "quill"', 'id = "plaza"', 'the service "plaza" is there twice'),
        ("from = 2026-11-01", "from = 2024-06-30", "overlap"),
        ("to = 2024-06-30", "to = 2024-05-30", "ends before it starts"),
    ],
)
def test_a_wrong_audit_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        parse_audit(AUDIT.replace(old, new, 1 if old == '"dm"' else -1), "audit.toml", BOOK)


ANSWERS = write_answers("plaza", "2026-11-03", all_ages(SAFE, (13,)))


@pytest.mark.parametrize(
    ("data", "check"),
    [
        (ANSWERS.replace(b'"private"', b'"closed"'), "unknown-answer"),
        (ANSWERS.replace(b'"account-visibility", "age"', b'"account-seen", "age"'), "unknown-setting"),
        (ANSWERS.replace(b'"age": 13', b'"age": 14'), "unknown-age"),
        (ANSWERS.replace(b'"age": 13', b'"age": "13"'), "unknown-age"),
        (ANSWERS.replace(b"2026-11-03", b"2025-01-01"), "outside-editions"),
        (ANSWERS.replace(b"2026-11-03", b"soon"), "unreadable-observations"),
        (ANSWERS.replace(b'"service": "plaza"', b'"service": "quill"'), "wrong-service"),
        (ANSWERS.replace(b'"tester": "A"', b'"tester": ""'), "unreadable-observations"),
        (ANSWERS.replace(b'"tester"', b'"testr"'), "unreadable-observations"),
        (ANSWERS.replace(b"screen.png", b"gone.png"), "evidence-missing"),
        (ANSWERS.replace(b"screen.png", b"../../../audit.toml"), "evidence-missing"),
        (ANSWERS.replace(b"screen.png", b""), "no-evidence"),
        (ANSWERS[:-2], "unreadable-observations"),
        (b"\xff\xfe", "unreadable-observations"),
        (b"[]", "unreadable-observations"),
    ],
)
def test_what_cannot_be_read_is_found_and_never_guessed(data: bytes, check: str, tmp_path: Path) -> None:
    files = {"audit.toml": AUDIT.encode(), "replies/plaza/a.json": data, "replies/plaza/screen.png": PICTURE}
    found = read_audit(write_audit(tmp_path, files))
    assert {item.check for item in found.findings} == {check}
    assert all("." in item.message and item.subject == "plaza" for item in found.findings)


def test_a_picture_that_was_changed_is_no_evidence(tmp_path: Path) -> None:
    files = {**make_files(), "replies/quill/2026/screen.png": PICTURE + b" touched up"}
    assert {item.check for item in read_audit(write_audit(tmp_path, files)).findings} == {"evidence-changed"}


def test_one_tester_cannot_answer_twice_in_one_run(tmp_path: Path) -> None:
    more = write_answers("quill", "2026-11-07", all_ages({"account-visibility": "private"}, (13,)))
    files = {**make_files(), "replies/quill/2026/b.json": more}
    (found,) = read_audit(write_audit(tmp_path, files)).findings
    assert found.check == "answered-twice"


def test_a_folder_of_no_service_is_found(tmp_path: Path) -> None:
    files = {**make_files(), "replies/nobody/a.json": ANSWERS}
    assert [item.check for item in read_audit(write_audit(tmp_path, files)).findings] == ["unknown-authority"]


def test_an_audit_can_bring_its_own_rules(tmp_path: Path) -> None:
    own = """
[source]
id = "house"
name = "House rules"
publisher = "A charity"
basis = "its own"
address = "https://example.org/"
version = "1"
in_force_from = 2020-01-01
[[rule]]
id = "house-1"
place = "1"
text = "Reports are made beside what is reported."
setting = "report-route"
passes = ["in-place"]
severity = "low"
status = "confirmed"
"""
    found = read_audit(write_audit(tmp_path, {**make_files(), "standards/house.toml": own.encode()}))
    assert "house-1" in {item.rule.id for item in judge_audit(found.audit, found.standards, found.observed)}


def test_the_workbook_form_comes_back_as_it_was_filled_in(tmp_path: Path) -> None:
    audit = read_small().audit
    service = audit.services[0]
    form = write_workbook_form(audit, BOOK, service)
    assert form == write_workbook_form(audit, BOOK, service)
    book = openpyxl.load_workbook(io.BytesIO(form))
    about, sheet = book["About"], book["Settings"]
    for row in about.iter_rows():
        if row[0].value in {"tester", "on"}:
            row[1].value = {"tester": "A", "on": "2026-11-03"}[str(row[0].value)]
    asked = {str(row[0].value): row for row in sheet.iter_rows(min_row=2)}
    assert list(asked) == [item.id for item in list_asked(BOOK, service)]
    assert "livestream-audience" not in asked
    asked["dm-from"][3].value, asked["dm-from"][7].value = "connections", "everyone"
    asked["dm-from"][8].value = "13: screen.png; 18: other.png"
    asked["account-visibility"][3].value = "privat"
    out = io.BytesIO()
    book.save(out)
    files = {
        "audit.toml": AUDIT.encode(),
        "replies/plaza/form.xlsx": out.getvalue(),
        "replies/plaza/screen.png": PICTURE,
        "replies/plaza/other.png": PICTURE,
    }
    found = read_audit(write_audit(tmp_path, files))
    assert [(item.setting, item.age, item.value, item.evidence) for item in found.observed] == [
        ("dm-from", 13, "connections", "plaza/screen.png"),
        ("dm-from", 18, "everyone", "plaza/other.png"),
    ]
    assert {item.source.ref[0] for item in found.observed} == {"D", "H"}
    (wrong,) = found.findings
    assert wrong.check == "unknown-answer"
    assert 'sheet "Settings", D2: "privat"' in wrong.message


def test_an_observed_setting_is_a_core_observation() -> None:
    small = read_small()
    items = [make_observation(small.audit, item) for item in small.observed]
    assert len({item.id for item in items}) == len(items)
    one = items[0]
    assert (one.authority, one.question, one.value, one.status) == ("plaza", "account-visibility", "public", "normal")
    assert one.source.document == "plaza/2024/a.json"
    assert one.original_value == "account-visibility: public"


def test_the_web_form_asks_what_the_workbook_asks() -> None:
    audit = read_small().audit
    page = write_web_form(audit, BOOK, audit.services[1]).decode()
    for setting in list_asked(BOOK, audit.services[1]):
        assert f'data-setting="{setting.id}"' in page
    assert 'data-setting="location-visible"' not in page
    assert "http" not in page.split("<main", 1)[1]
