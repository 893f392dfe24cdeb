"""Our figures beside an official series: every reason told apart, nothing withheld given away, and the command."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerable.cli import main
from answerable.errors import SurveyError
from answerable.figures import Reconciled, compute_figures, parse_series, reconcile_series
from answerable.model import Break, Caveat, Edition, Exemption, Observation, Reply
from answerable.store import copy_survey
from counted import NOW, THEN, answer, make_counted_survey, observe

SURVEY = replace(
    make_counted_survey(), breaks=(Break(period=NOW, reason="A new system.", authority="cedar", question="offences"),)
)
HEAD = "authority,period,value,unit,reason\n"


def edition(*observations: Observation, replies: tuple[Reply, ...] | None = None) -> Edition:
    replies = tuple(answer(item.id) for item in SURVEY.authorities) if replies is None else replies
    return Edition(
        survey=SURVEY, replies=replies, grids=(), observations=observations, findings=(),
        figures=compute_figures(SURVEY, replies, observations),
    )  # fmt: skip


def compare(of: Edition, text: str, as_of: date | None = None) -> tuple[Reconciled, ...]:
    return reconcile_series(of, parse_series(SURVEY, HEAD + text, "series.csv"), as_of=as_of)


def test_differences_come_by_size_and_what_agrees_comes_last() -> None:
    base = edition(observe("ash", NOW, 100), observe("birch", NOW, 50), observe("elm", NOW, 70))
    found = compare(base, f"Ash,{NOW},90,,\nbirch,2016-17,90,,\nElm,year ending March 2017,70,,\n")
    assert [(item.place, item.difference) for item in found] == [("birch", -40), ("ash", 10), ("elm", 0)]
    assert found[0].percent == pytest.approx(-100 * 40 / 90)
    assert [item.agreement for item in found] == ["differs", "differs", "same"]
    assert all(item.reasons == () for item in found)


CASES = {
    # reason, the readings, the replies' changes, the series' row
    "The clerk says so.": ([observe("ash", NOW, 9)], {}, f"ash,{NOW},8,,The clerk says so."),
    "different unit": ([observe("ash", NOW, 9)], {}, f"ash,{NOW},8,victims,"),
    "not answered: refused on cost": ([], {"exemptions": (Exemption(question="", section="12"),)}, f"ash,{NOW},8,,"),
    "not answered: has not replied": ([], {"outcome": "waiting_response", "documents": ()}, f"ash,{NOW},8,,"),
    "suppressed: our figure is a range": ([observe("ash", NOW, None, bounds=(0, 4))], {}, f"ash,{NOW},8,,"),
    "caveat: live system": ([observe("ash", NOW, 9, caveats=("live_system",))], {}, f"ash,{NOW},8,,"),
    "caveat: part period": (
        [observe("ash", NOW, 9)], {"caveats": (Caveat(kind="part_period", text="To 9 March."),)}, f"ash,{NOW},8,,",
    ),
    "caveat: counts victims, asked for offences": ([observe("ash", NOW, 9, unit="victims")], {}, f"ash,{NOW},8,,"),
    "late: our reply came on 2017-05-01": ([observe("ash", NOW, 9)], {}, f"ash,{NOW},8,,"),
    "the series has no number here": ([observe("ash", NOW, 9)], {}, f"ash,{NOW},[x],,"),
}  # fmt: skip


@pytest.mark.parametrize("reason", CASES)
def test_each_reason_is_known_for_what_it_is(reason: str) -> None:
    readings, changes, row = CASES[reason]
    replies = (answer("ash", **changes), *(answer(item.id) for item in SURVEY.authorities[1:]))
    as_of = date(2017, 4, 30) if reason.startswith("late") else None
    (found,) = compare(edition(*readings, replies=replies), row + "\n", as_of)
    assert len(found.reasons) == 1
    assert found.reasons[0].startswith(reason)


def test_a_declared_break_is_a_reason_from_its_period_on() -> None:
    base = edition(observe("cedar", THEN, 60), observe("cedar", NOW, 90))
    found = {item.period: item.reasons for item in compare(base, f"cedar,{THEN},61,,\ncedar,{NOW},91,,\n")}
    assert found == {THEN: (), NOW: ("series break: A new system.",)}


def test_an_area_names_those_missing_from_ours_and_whose_caveat_it_is() -> None:
    base = edition(observe("ash", NOW, 9), observe("birch", NOW, 20, caveats=("rounded",)), observe("cedar", NOW, 3))
    found = {item.place: item for item in compare(base, f"North,{NOW},30,,\nThe Realm,{NOW},99,,\n")}
    assert (found["region:North"].ours, found["region:North"].theirs) == (29, 30)
    assert found["region:North"].reasons == ("Birch: caveat: rounded",)
    assert found["*"].reasons[0].startswith("not answered: Elm (replied, with nothing that could be used)")
    assert "Cedar: series break: A new system." in found["*"].reasons


@pytest.mark.parametrize(("official", "agreement"), [(3, "inside"), (9, "outside")])
def test_a_count_withheld_from_us_is_not_printed_from_the_series(official: int, agreement: str) -> None:
    base = edition(observe("ash", NOW, None, bounds=(0, 4)), observe("birch", NOW, 20))
    found = compare(base, f"ash,{NOW},{official},,\nbirch,{NOW},20,,\nNorth,{NOW},{20 + official},,\n")
    for item in found:
        if item.place != "birch":
            assert item.agreement == agreement
            assert (item.ours, item.theirs, item.difference, item.percent) == (None, None, None, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("authority,period\nash,2016/17\n", "the column value is missing"),
        (HEAD + "ahs,2016/17,1,,\n", 'Did you mean "Ash"?'),
        (HEAD + "ash,2019/20,1,,\n", 'period "2019/20" is not in the survey'),
        (HEAD + "ash,2016/17,many,,\n", "neither a number nor a mark"),
        (HEAD + "ash,2016/17,1,,\nAsh,2016-17,2,,\n", "line 3: gives a number that stands above already"),
        ("authority,period,value,question\nash,2016/17,1,by-shoe\n", 'question "by-shoe" is not in the survey'),
    ],
)
def test_a_series_that_cannot_be_placed_names_its_line(text: str, said: str) -> None:
    with pytest.raises(SurveyError) as caught:
        parse_series(SURVEY, text, "series.csv")
    assert said in str(caught.value)


def test_the_commands_on_the_bundled_survey(tmp_path: Path) -> None:
    folder = copy_survey("cyber-flag", tmp_path / "cyber-flag")
    series = tmp_path / "series.csv"
    series.write_text(
        "authority,period,value,reason\nNorthants,2015-16,59,\nE23000038,2015/16,12,\nDurham,2016/17,191,\n"
    )
    result = CliRunner().invoke(main, ["reconcile", str(folder), str(series), "--differing", "--json"])
    rows = {(row["place"], row["period"]): row for row in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert rows["wiltshire", "2015/16"]["reasons"] == ["caveat: flag not used"]
    assert (rows["durham", "2016/17"]["difference"], rows["durham", "2016/17"]["reasons"]) == (-1, [])
    assert ("northamptonshire", "2015/16") not in rows
    series.write_text("authority,period,value,reason\nDurham,2016/17,191,A transfer.\n")
    shown = CliRunner().invoke(main, ["reconcile", str(folder), str(series)])
    assert shown.exit_code == 0 and "transfer." in shown.stdout
    figures = CliRunner().invoke(main, ["figures", str(folder), "--kind", "matched_total", "--authority", "all"])
    assert figures.exit_code == 0
    assert "2,612" in figures.stdout and "Wiltshire" in figures.stderr
    rows = json.loads(CliRunner().invoke(main, ["figures", str(folder), "--json"]).stdout)
    totals = [row for row in rows if row["id"] == "total/northamptonshire/offences/2016-17"]
    assert [row["value"] for row in totals] == [72]
    wrong = CliRunner().invoke(main, ["figures", str(folder), "--period", "2017/18"])
    assert wrong.exit_code == 2 and "2016/17" in wrong.stderr
