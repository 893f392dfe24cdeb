"""Figures: known cases, laws, and a second plain calculation of every published statistic on random replies."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.errors import SurveyError
from answerable.figures import (
    CAVEAT_GRADES,
    KINDS,
    compute_figures,
    grade_observation,
    list_figure_rows,
    parse_figures_json,
    parse_population,
    write_figures_csv,
    write_figures_json,
)
from answerable.figures.references import parse_published
from answerable.model import Break, Caveat, Document, Exemption, Figure, Observation, Reference, Survey
from counted import NOW, THEN, answer, make_counted_survey, observe


def index_figures(
    survey: Survey, observations: list[Observation], replies: tuple = (), **more: object
) -> dict[str, Figure]:
    figures = compute_figures(survey, replies, observations, **more)  # type: ignore[arg-type]
    assert {figure.kind for figure in figures} <= set(KINDS)
    assert len({figure.id for figure in figures}) == len(figures)
    return {figure.id: figure for figure in figures}


def test_total_and_change_stand_on_their_own_authorities() -> None:
    survey = make_counted_survey()
    found = index_figures(
        survey,
        [
            observe("ash", THEN, 59), observe("ash", NOW, 72),
            observe("birch", THEN, 112), observe("birch", NOW, 58),
            observe("cedar", NOW, 190),
            observe("cedar", THEN, 7, accepted=False),
        ],
    )  # fmt: skip
    total = found["total/the-realm/offences/2016-17"]
    assert (total.value, total.n_asked, total.n_answered, total.missing) == (320, 4, 3, ("elm",))
    assert len(total.observations) == 3
    change = found["change_abs/the-realm/offences/2016-17-from-2015-16"]
    assert (change.value, change.n_matched, change.missing) == (130 - 171, 2, ("cedar", "elm"))
    assert "Cedar (no figure for 2015/16)" in change.note
    assert found["matched_total/the-realm/offences/2016-17-from-2015-16"].value == 130
    assert found["matched_base/the-realm/offences/2016-17-from-2015-16"].value == 171
    own = found["change_pct/ash/offences/2016-17-from-2015-16"]
    assert own.value == pytest.approx(22.03, abs=0.01)
    assert own.query == "100 * (72 - 59) / 59"
    assert found["p_value/ash/offences/2016-17-from-2015-16"].value == pytest.approx(0.257, abs=0.001)
    assert found["per_day/ash/offences/2016-17"].value == 72 / 365
    assert "total/elm/offences/2016-17" not in found  # unanswered is never zero
    assert "change_abs/cedar/offences/2016-17-from-2015-16" not in found


def test_zero_is_a_count_and_gives_no_percentage() -> None:
    found = index_figures(make_counted_survey(), [observe("ash", THEN, 0), observe("ash", NOW, 5)])
    assert found["total/ash/offences/2015-16"].value == 0
    assert found["change_abs/ash/offences/2016-17-from-2015-16"].value == 5
    assert "change_pct/ash/offences/2016-17-from-2015-16" not in found
    assert "rate_ratio/ash/offences/2016-17-from-2015-16" not in found
    assert found["p_value/ash/offences/2016-17-from-2015-16"].value == pytest.approx(0.0310, abs=0.0001)


def test_a_small_base_is_noted() -> None:
    found = index_figures(
        make_counted_survey(),
        [observe("ash", THEN, 49), observe("ash", NOW, 60), observe("birch", THEN, 50), observe("birch", NOW, 60)],
    )
    assert "small base" in found["change_pct/ash/offences/2016-17-from-2015-16"].note
    assert "small base" not in found["change_pct/birch/offences/2016-17-from-2015-16"].note


def test_suppressed_counts_are_bounds_in_every_figure() -> None:
    found = index_figures(
        make_counted_survey(),
        [
            observe("ash", THEN, 100), observe("ash", NOW, None, bounds=(1, 4)),
            observe("birch", THEN, 50), observe("birch", NOW, 2),
        ],
    )  # fmt: skip
    one = found["total/ash/offences/2016-17"]
    assert (one.value, one.low, one.high, one.note) == (None, 1, 4, "suppressed by the authority")
    assert (found["total/the-realm/offences/2016-17"].low, found["total/the-realm/offences/2016-17"].high) == (3, 6)
    change = found["change_pct/ash/offences/2016-17-from-2015-16"]
    assert (change.value, change.low, change.high) == (None, -99, -96)
    rank = found["rank/birch/offences/2016-17"]
    assert (rank.value, rank.low, rank.high) == (None, 1, 2)
    assert "p_value/ash/offences/2016-17-from-2015-16" not in found
    ratio = found["rate_ratio/the-realm/offences/2016-17-from-2015-16"]
    assert ratio.value is None and ratio.low == pytest.approx(3 / 150 * 366 / 365)


def test_a_suppressed_count_printed_elsewhere_stays_suppressed() -> None:
    found = index_figures(
        make_counted_survey(), [observe("ash", NOW, 3, ref="B2"), observe("ash", NOW, None, bounds=(0, 4), ref="C7")]
    )
    figure = found["total/ash/offences/2016-17"]
    assert (figure.value, figure.low, figure.high) == (None, 0, 4)


def test_readings_that_differ_are_an_interval_not_a_choice() -> None:
    found = index_figures(make_counted_survey(), [observe("ash", NOW, 31, ref="B2"), observe("ash", NOW, 30, ref="p4")])
    figure = found["total/ash/offences/2016-17"]
    assert (figure.value, figure.low, figure.high) == (None, 30, 31)
    assert "differ" in figure.note


def test_a_later_reply_replaces_an_earlier_one() -> None:
    later = Document(sha256="1" * 64, name="b.csv", media_type="text/csv", path="ash/corrected.csv")
    replies = (
        answer("ash"),
        answer("ash", id="ash-2", received=date(2017, 6, 1), documents=(later,)),
    )
    observations = [
        observe("ash", THEN, 98),
        observe("ash", NOW, 300),
        observe("ash", THEN, 170, document="ash/corrected.csv"),
    ]
    found = index_figures(make_counted_survey(), observations, replies)
    assert found["total/ash/offences/2015-16"].value == 170
    assert found["total/ash/offences/2015-16"].observations == (observations[2].id,)
    assert found["total/ash/offences/2016-17"].value == 300


@pytest.mark.parametrize("concerned", [None, "ash"])
def test_no_change_is_computed_across_a_break(concerned: str | None) -> None:
    survey = make_counted_survey(breaks=(Break(period=NOW, reason="new record system", authority=concerned),))
    found = index_figures(survey, [observe(name, period, 60) for name in ("ash", "birch") for period in (THEN, NOW)])
    stop = found["break/ash/offences/2016-17-from-2015-16"]
    assert (stop.value, stop.unit) == ("new record system", "reason")
    assert not any(key.startswith("change") and "/ash/" in key for key in found)
    if concerned:
        whole = found["change_abs/the-realm/offences/2016-17-from-2015-16"]
        assert (whole.n_matched, whole.missing) == (1, ("ash", "cedar", "elm"))
        assert "Ash (new record system)" in whole.note
    else:
        assert not any(key.startswith("change") for key in found)
        assert "break/the-realm/offences/2016-17-from-2015-16" in found


@pytest.mark.parametrize(("kind", "grade"), sorted(CAVEAT_GRADES.items()))
def test_each_caveat_grades_an_observation_and_decides_its_change(kind: str, grade: str) -> None:
    survey = make_counted_survey()
    item = observe("ash", NOW, 60, caveats=(kind,))  # type: ignore[arg-type]
    assert grade_observation(survey, item, ())[0] == grade
    by_reply = answer("ash", caveats=(Caveat(kind=kind, text="said", period=NOW),))  # type: ignore[arg-type]
    plain = observe("ash", NOW, 60)
    assert grade_observation(survey, plain, (by_reply,))[0] == grade
    found = index_figures(survey, [observe("ash", THEN, 55), plain], (by_reply,))
    assert ("change_abs/ash/offences/2016-17-from-2015-16" in found) is (grade != "not")
    assert ("break/ash/offences/2016-17-from-2015-16" in found) is (grade == "not")


def test_a_declared_break_grades_what_stands_after_it() -> None:
    survey = make_counted_survey(breaks=(Break(period=NOW, reason="A new code.", question="offences"),))
    graded = [grade_observation(survey, observe("ash", period, 60), ()) for period in (THEN, NOW)]
    assert graded == [("comparable", ()), ("with_caveat", ("series break: A new code.",))]
    assert grade_observation(survey, observe("ash", NOW, 6, question="by-age"), ())[0] == "comparable"


def test_another_unit_is_shown_and_never_added() -> None:
    found = index_figures(make_counted_survey(), [observe("ash", NOW, 60), observe("birch", NOW, 40, unit="victims")])
    assert found["total/the-realm/offences/2016-17"].value == 60
    assert found["total/the-realm/offences/2016-17"].missing == ("birch", "cedar", "elm")
    own = found["total/birch/offences/2016-17"]
    assert (own.value, own.unit) == (40, "victims")
    assert "counts victims, asked for offences" in own.note
    assert "rank/birch/offences/2016-17" not in found


def test_trend_over_changing_forces_is_warned_of() -> None:
    # The South East release of 2024: Hampshire's blank years were summed as 0 (METHODS section 9).
    survey = make_counted_survey(dict.fromkeys(("hampshire", "kent", "surrey", "sussex"), "South East"))
    others = {"kent": (100, 250), "surrey": (60, 150), "sussex": (66, 185)}
    observations = [observe("hampshire", THEN, 152), observe("hampshire", NOW, 95)]
    observations += [observe(n, p, v) for n, pair in others.items() for p, v in zip((THEN, NOW), pair, strict=True)]
    reply = answer("hampshire", caveats=(Caveat(kind="system_changed", text="new system"),))
    found = index_figures(survey, observations, (reply,))
    assert found["matched_base/the-realm/offences/2016-17-from-2015-16"].value == 226
    assert found["change_pct/the-realm/offences/2016-17-from-2015-16"].value == pytest.approx(158.8, abs=0.1)
    loose = found["unmatched_change_pct/the-realm/offences/2016-17-from-2015-16"]
    assert loose.value == pytest.approx(79.9, abs=0.1)
    assert "off by more than a quarter" in loose.note


def test_trend_that_turns_its_sign_is_warned_of() -> None:
    survey = make_counted_survey()
    found = index_figures(survey, [observe("ash", THEN, 493), observe("birch", THEN, 279), observe("ash", NOW, 585)])
    loose = found["unmatched_change_pct/the-realm/offences/2016-17-from-2015-16"]
    assert loose.value == pytest.approx(100 * (585 - 772) / 772)
    assert "the other way" in loose.note


def test_ages_give_the_commonest_the_youngest_and_ten_and_under() -> None:
    counts = {"3": 1, "9": 4, "10": 2, "13": 20, "14": 18, "unknown": 50}
    found = index_figures(
        make_counted_survey(),
        [observe("ash", NOW, n, question="by-age", dims=(("age", age),)) for age, n in counts.items()],
    )
    place = "the-realm/by-age/2016-17"
    assert found[f"mode/{place}/age-t"].value == 13
    assert found[f"minimum/{place}/age-t"].value == 3
    assert found[f"at_most/{place}/age-10"].value == 7
    assert found[f"total/{place}/age-13"].value == 20
    assert found[f"share/{place}/age-13"].value == pytest.approx(100 * 20 / 95)


def test_ages_that_are_suppressed_stay_open() -> None:
    found = index_figures(
        make_counted_survey(),
        [
            observe("ash", NOW, None, question="by-age", dims=(("age", "5"),), bounds=(0, 4)),
            observe("ash", NOW, 2, question="by-age", dims=(("age", "8"),)),
            observe("ash", NOW, 3, question="by-age", dims=(("age", "14"),)),
        ],
    )
    place = "ash/by-age/2016-17"
    assert [found[f"{kind}/{place}/age-t"].value for kind in ("mode", "minimum")] == [None, None]
    assert (found[f"minimum/{place}/age-t"].low, found[f"minimum/{place}/age-t"].high) == (5, 8)
    assert (found[f"mode/{place}/age-t"].low, found[f"mode/{place}/age-t"].high) == (5, 14)
    assert (found[f"at_most/{place}/age-10"].low, found[f"at_most/{place}/age-10"].high) == (2, 6)


def test_bands_straddle_a_limit_and_have_no_commonest_age() -> None:
    found = index_figures(
        make_counted_survey(),
        [
            observe("ash", NOW, n, question="victims", dims=(("band", band), ("sex", "_T")), unit="victims")
            for band, n in {"u9": 2, "9-11": 5, "12-15": 30}.items()
        ],
    )
    place = "ash/victims/2016-17"
    assert f"mode/{place}/band-t" not in found
    assert (found[f"at_most/{place}/band-10"].low, found[f"at_most/{place}/band-10"].high) == (2, 7)
    assert (found[f"minimum/{place}/band-t"].low, found[f"minimum/{place}/band-t"].high) == (0, 8)


def test_reference_figures_stand_beside_ours_with_their_own_count() -> None:
    references = tuple(
        Reference(
            id=key, question=question, measure=measure, authority=None, period=NOW, value=value, n_answered=39,
            source="https://example.org", published="2017-06-01", status="stated", note="",
        )
        for key, question, measure, value in (
            ("a", "offences", "total", "5653"), ("b", "by-age", "at_most:age:10", "nearly 100"),
            ("c", "offences", "change_pct", "44"),
        )
    )  # fmt: skip
    found = index_figures(
        make_counted_survey(references=references), [observe("ash", THEN, 50), observe("ash", NOW, 72)]
    )
    assert (found["reference/a"].value, found["reference/a"].n_answered, found["reference/a"].n_asked) == (5653, 39, 4)
    assert found["reference/b"].value == "nearly 100"
    difference = found["difference/the-realm/offences/2016-17/a"]
    assert (difference.value, difference.n_answered) == (72 - 5653, 1)
    assert "theirs from 39" in difference.note
    assert found["difference/the-realm/offences/2016-17-from-2015-16/c"].value == pytest.approx(0)
    assert found["total/the-realm/offences/2016-17"].value == 72  # never mixed into ours


@pytest.mark.parametrize(
    ("text", "value"),
    [("5,653", 5653), ("44.8%", 44.8), ("+44", 44), ("−12", -12), ("nearly 100", None), ("more than 3,000", None)],
)
def test_published_values_are_numbers_only_where_stated_plainly(text: str, value: float | None) -> None:
    assert parse_published(text) == value


def test_coverage_gives_each_authority_asked_one_outcome() -> None:
    names = ("ash", "birch", "cedar", "elm", "fir", "gorse", "hazel", "ivy")
    survey = make_counted_survey(dict.fromkeys(names, "North"))
    replies = (
        answer("ash"),
        answer("birch"),
        answer("cedar", outcome="rejected", exemptions=(Exemption(question="", section="12"),)),
        answer("elm", outcome="rejected", exemptions=(Exemption(question="", section="s.40", subsection="(2)"),)),
        answer("fir", outcome="not_held"),
        answer("gorse"),
        answer("hazel", outcome="rejected", exemptions=(Exemption(question="", section="31"),)),
        answer("ivy", outcome="waiting_response", documents=()),
    )
    observations = [observe("ash", THEN, 1), observe("ash", NOW, 2), observe("birch", NOW, 4)]
    found = index_figures(survey, observations, replies)
    outcomes = {key.rpartition("/")[2]: figure for key, figure in found.items() if figure.kind == "outcome"}
    assert {key: figure.value for key, figure in outcomes.items()} == dict.fromkeys(
        ("answered", "partial", "cost", "personal", "exempt", "not-held", "unusable", "no-reply"), 1
    )
    late = index_figures(survey, observations, replies, late={"ivy", "ash", "gorse"})
    # Only a silence can be late: Ash answered, and Gorse replied with nothing that could be used.
    assert found.keys() - late.keys() == {"outcome/the-realm/offences/2016-17/no-reply"}
    assert late["outcome/the-realm/offences/2016-17/late"].value == 1
    assert found["coverage/the-realm/offences/2016-17"].value == 25.0
    bounds = found["nonresponse_bounds/the-realm/offences/2016-17"]
    assert (bounds.value, bounds.low, bounds.high) == (None, 6, 6 + 6 * 4)


POPULATION = "authority,period,children,source,year,licence\n" + "".join(
    f"{name},,{children},ONS mid-year estimates,2016,OGL v3\n"
    for name, children in (("ash", "100,000"), ("birch", 50000), ("cedar", 30000), ("elm", 20000))
).replace("100,000", '"100,000"')


def test_rates_and_child_coverage_need_a_population_and_credit_it() -> None:
    survey, observations = make_counted_survey(), [observe("ash", NOW, 4), observe("birch", NOW, 58)]
    plain = index_figures(survey, observations)
    assert not any(figure.kind in {"rate", "coverage_children"} for figure in plain.values())
    found = index_figures(survey, observations, population=parse_population(POPULATION, "population.csv"))
    rate = found["rate/ash/offences/2016-17"]
    assert (rate.value, rate.low, rate.high) == pytest.approx((4.0, 1.09, 10.24), abs=0.01)
    assert "ONS mid-year estimates, 2016, OGL v3" in rate.note
    assert found["rate/the-realm/offences/2016-17"].value == pytest.approx(62 / 1.5)
    assert found["coverage_children/the-realm/offences/2016-17"].value == 75.0
    per_thousand = replace(survey, rate_per=1000)
    small = index_figures(per_thousand, observations, population=parse_population(POPULATION, "population.csv"))
    assert small["rate/ash/offences/2016-17"].value == pytest.approx(0.04)
    assert small["rate/ash/offences/2016-17"].unit == "offences per 1,000 children"
    assert "per 1,000 children" in small["rate/ash/offences/2016-17"].title


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [(",licence", "", "licence"), ("OGL v3", "", "licence"), ("50000", "0", "children"), ("50000", "lots", "lots")],
)
def test_a_population_without_its_source_is_refused(before: str, after: str, named: str) -> None:
    with pytest.raises(SurveyError, match=named):
        parse_population(POPULATION.replace(before, after), "population.csv")


def test_yes_no_answers_are_counted_by_authority() -> None:
    given = {"ash": "yes", "birch": "yes", "cedar": "no"}
    found = index_figures(
        make_counted_survey(),
        [observe(name, NOW, word, question="flag", unit="records") for name, word in given.items()]
        + [observe("elm", NOW, "yes", question="flag"), observe("elm", NOW, "no", question="flag", ref="B9")],
    )
    yes = found["answers/the-realm/flag/2016-17/yes"]
    assert (yes.value, yes.n_answered, yes.missing) == (2, 3, ("elm",))


def test_rows_come_back_the_same_and_order_of_reading_is_immaterial() -> None:
    survey = make_counted_survey()
    observations = [
        observe(name, period, 10 * number + len(name), question="by-age", dims=(("age", str(number)),))
        for name in ("elm", "ash", "cedar")
        for period in (THEN, NOW)
        for number in (4, 12, 13)
    ] + [observe(name, period, 80) for name in ("birch", "ash") for period in (NOW, THEN)]
    figures = compute_figures(survey, (), observations)
    assert parse_figures_json(write_figures_json(figures), "figures.json") == figures
    assert write_figures_csv(figures).count("\n") == len(figures) + 1
    assert set(list_figure_rows(figures)[0]) >= {"id", "title", "kind", "value", "low", "high", "missing", "query"}
    shuffled = observations[:]
    random.Random(4).shuffle(shuffled)
    assert write_figures_json(compute_figures(survey, (), shuffled)) == write_figures_json(figures)


COUNT = st.one_of(st.none(), st.integers(0, 300))


@given(counts=st.lists(st.tuples(COUNT, COUNT), min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_totals_changes_ratios_and_ranks_agree_with_a_plain_calculation(
    counts: list[tuple[int | None, int | None]],
) -> None:
    survey = make_counted_survey()
    names = [authority.id for authority in survey.authorities]
    data = dict(zip(names, counts, strict=True))
    observations = [
        observe(name, period, value)
        for name, pair in data.items()
        for period, value in zip((THEN, NOW), pair, strict=True)
        if value is not None
    ]
    found = index_figures(survey, observations)
    now = {name: pair[1] for name, pair in data.items() if pair[1] is not None}
    if now:
        total = found["total/the-realm/offences/2016-17"]
        assert (total.value, set(total.missing)) == (sum(now.values()), set(names) - set(now))
    for name, value in now.items():
        rank = 1 + sum(other > value for other in now.values())
        assert found[f"rank/{name}/offences/2016-17"].value == rank
    both = {name: pair for name, pair in data.items() if None not in pair}
    if not both:
        assert not any(key.startswith("change_abs/the-realm") for key in found)
        return
    before, after = sum(pair[0] or 0 for pair in both.values()), sum(pair[1] or 0 for pair in both.values())
    span = "the-realm/offences/2016-17-from-2015-16"
    assert found[f"change_abs/{span}"].value == after - before
    if before:
        assert found[f"change_pct/{span}"].value == pytest.approx(100 * after / before - 100)
        assert found[f"rate_ratio/{span}"].value == pytest.approx(after / 365 / (before / 366))
    if before + after:
        expected = scipy.stats.binomtest(after, before + after, 365 / 731).pvalue
        assert found[f"p_value/{span}"].value == pytest.approx(expected, rel=1e-6)


@given(
    ages=st.dictionaries(st.integers(0, 17), st.integers(0, 9), min_size=1, max_size=8),
    hidden=st.sets(st.integers(0, 17), max_size=3),
)
@settings(max_examples=40, deadline=None)
def test_age_figures_hold_every_count_that_the_bounds_allow(ages: dict[int, int], hidden: set[int]) -> None:
    survey = make_counted_survey()
    observations = [
        observe("ash", NOW, n, question="by-age", dims=(("age", str(age)),), bounds=(0, 9) if age in hidden else None)
        for age, n in ages.items()
    ]
    found = index_figures(survey, observations)
    place = "ash/by-age/2016-17"
    under = found[f"at_most/{place}/age-10"]
    truth = sum(n for age, n in ages.items() if age <= 10)
    assert under.value == truth if under.value is not None else under.low <= truth <= under.high
    present = [age for age, n in ages.items() if n]
    youngest = found.get(f"minimum/{place}/age-t")
    if youngest is not None and present:
        ends = (youngest.value, youngest.value) if youngest.value is not None else (youngest.low, youngest.high)
        assert ends[0] <= min(present) <= ends[1]
    mode = found.get(f"mode/{place}/age-t")
    if mode is not None and mode.value is not None:
        assert Counter(ages).most_common(1)[0][1] == ages[int(mode.value)]
    whole = sum(ages.values())
    for age, n in ages.items():
        share = found.get(f"share/{place}/age-{age}")
        if share is not None and whole:
            low, high = (share.value, share.value) if share.value is not None else (share.low, share.high)
            assert low - 1e-9 <= 100 * n / whole <= high + 1e-9


def test_an_authority_outside_the_survey_is_in_no_figure() -> None:
    found = index_figures(make_counted_survey(), [observe("ash", NOW, 5), observe("yew", NOW, 900)])
    assert found["total/the-realm/offences/2016-17"].value == 5
    assert not any("yew" in key for key in found)


def test_a_region_of_one_authority_has_no_figures_of_its_own() -> None:
    survey = make_counted_survey({"ash": "North", "birch": "South", "cedar": "South"})
    found = index_figures(survey, [observe("ash", NOW, 5), observe("birch", NOW, 6)])
    assert "total/region-south/offences/2016-17" in found
    assert "total/region-north/offences/2016-17" not in found
    assert found["total/region-south/offences/2016-17"].authority == "region:South"


def test_figures_of_nothing_are_coverage_alone() -> None:
    found = compute_figures(make_counted_survey(), (), ())
    assert {figure.kind for figure in found} == {"coverage", "outcome"}
    assert {figure.value for figure in found if figure.kind == "coverage"} == {0.0}


def test_observations_of_other_statuses_are_no_answers() -> None:
    refused = replace(observe("ash", NOW, 0), value=None, status="refused")
    found = index_figures(make_counted_survey(), [refused, observe("birch", NOW, 1)])
    assert found["total/the-realm/offences/2016-17"].missing == ("ash", "cedar", "elm")
