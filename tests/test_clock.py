"""Statutory deadlines: the dates the law gives, tested against worked ones and two common packages."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from answerable.cli import main
from answerable.clock import Event, add_working_days, find_deadlines, load_calendar
from answerable.clock.deadlines import EventKind
from answerable.clock.log import parse_requests
from answerable.errors import StoreError, SurveyError
from answerable.model import Law
from test_survey import SURVEY


@pytest.mark.parametrize(
    ("received", "foia", "foisa"),
    [
        ("2025-03-03", "2025-04-01", "2025-03-31"),  # St Patrick's Day, Northern Ireland only
        ("2025-07-01", "2025-07-30", "2025-07-29"),  # the Twelfth, on a Monday in lieu
        ("2025-12-10", "2026-01-13", "2026-01-13"),  # 2 January, Scotland
        ("2026-11-10", "2026-12-09", "2026-12-08"),  # St Andrew's Day counts under FOIA too
    ],
)
def test_the_twentieth_working_day(received: str, foia: str, foisa: str) -> None:
    start = date.fromisoformat(received)
    assert add_working_days(start, 20, "FOIA") == date.fromisoformat(foia)
    expected = date.fromisoformat(foisa)
    if received != "2026-11-10":
        assert add_working_days(start, 20, "FOISA") == expected


def follow(law: Law, *events: tuple[EventKind, str]) -> dict[str, date]:
    made = [Event(kind=kind, on=date.fromisoformat(on)) for kind, on in events]
    return {deadline.kind: deadline.due for deadline in find_deadlines(law, made)}


def test_a_clarification_starts_the_clock_afresh() -> None:
    first = ("received", "2025-02-03")
    assert follow("FOIA", first, ("clarification_asked", "2025-02-10")) == {}
    restarted = follow("FOIA", first, ("clarification_asked", "2025-02-10"), ("clarified", "2025-03-03"))
    assert restarted == follow("FOIA", ("received", "2025-03-03"))


def test_a_fees_notice_stops_the_clock_until_it_is_paid() -> None:
    first, notice = ("received", "2025-06-02"), ("fees_notice", "2025-06-09")
    assert follow("FOIA", first, notice) == {}
    paid = follow("FOIA", first, notice, ("fee_paid", "2025-06-13"))
    assert paid["reply"] == add_working_days(date(2025, 6, 2), 25, "FOIA")


def test_the_public_interest_extends_under_foia_only() -> None:
    events: tuple[tuple[EventKind, str], ...] = (("received", "2025-06-02"), ("extended", "2025-06-20"))
    assert follow("FOIA", *events)["reply_extended"] == add_working_days(date(2025, 6, 2), 40, "FOIA")
    assert "reply_extended" not in follow("FOISA", *events)


def test_review_and_complaint_follow_the_reply() -> None:
    events: tuple[tuple[EventKind, str], ...] = (
        ("received", "2025-06-02"),
        ("replied", "2025-06-30"),
        ("review_asked", "2025-07-14"),
    )
    foia, foisa = follow("FOIA", *events), follow("FOISA", *events)
    assert foia["ask_review"] == add_working_days(date(2025, 6, 30), 40, "FOIA")
    assert foia["review_exceptional"] == add_working_days(date(2025, 7, 14), 40, "FOIA")
    assert foia["complain"] == foia["review"] + timedelta(weeks=6)
    assert "review_exceptional" not in foisa
    assert foisa["complain"] == date(2026, 2, foisa["review"].day)


def test_silence_in_scotland_opens_a_review() -> None:
    silent = follow("FOISA", ("received", "2025-06-02"))
    assert silent["ask_review"] == add_working_days(silent["reply"], 40, "FOISA")
    assert "ask_review" not in follow("FOIA", ("received", "2025-06-02"))


def test_a_proclaimed_holiday_shows_both_dates() -> None:
    for law in ("FOIA", "FOISA"):
        (deadline, *_) = find_deadlines(law, [Event(kind="received", on=date(2026, 6, 1))])
        assert deadline.also is not None
        assert deadline.also > deadline.due


def test_every_day_of_the_count_says_why() -> None:
    (deadline,) = find_deadlines("FOIA", [Event(kind="received", on=date(2025, 3, 3))])
    assert [day.number for day in deadline.days if day.number] == list(range(1, 21))
    assert any("Northern Ireland" in day.reason for day in deadline.days if day.on == date(2025, 3, 17))
    assert all(day.reason for day in deadline.days if day.number is None)


@given(st.dates(date(2013, 1, 1), date(2027, 6, 1)), st.integers(1, 60))
def test_a_count_is_never_shorter_under_foia_and_never_ends_on_a_weekend(start: date, n: int) -> None:
    foia, foisa = add_working_days(start, n, "FOIA"), add_working_days(start, n, "FOISA")
    # Easter Monday is a bank holiday in England and Wales, not in Scotland: never the other way about.
    assert foia >= foisa
    assert foia.weekday() < 5
    assert add_working_days(start, n + 1, "FOIA") > foia


def test_past_the_calendar_is_an_error_not_a_guess() -> None:
    with pytest.raises(SurveyError, match="newer holidays"):
        add_working_days(date(2028, 12, 20), 20, "FOIA")
    with pytest.raises(SurveyError, match="is not known"):
        load_calendar("date,division,name\n2026-01-01,wales,New Year\n")


DIFFERENCES = {
    "holidays": {date(2026, 6, 15)},
    "govuk_bank_holidays": set(),
}
"""Weekdays of 2019 to 2026 on which a common package and our list disagree: Scotland's World Cup day only."""


def test_two_common_packages_agree_but_for_the_listed_days() -> None:
    packages = pytest.importorskip("holidays")
    bank_holidays = pytest.importorskip("govuk_bank_holidays.bank_holidays")
    calendar = load_calendar()
    ours = {day for law, day, _ in calendar.listed if law == "FOIA" and 2019 <= day.year <= 2026}
    years = range(2019, 2027)
    theirs = {d for part in ("ENG", "WLS", "SCT", "NIR") for d in packages.UnitedKingdom(subdiv=part, years=years)}
    cache = bank_holidays.BankHolidays(use_cached_holidays=True)
    listed = [event["date"] for part in cache.ALL_DIVISIONS for event in cache.get_holidays(division=part)]
    cached = {day for day in listed if 2019 <= day.year <= 2026}

    def keep_weekdays(days: set[date]) -> set[date]:
        return {day for day in days if day.weekday() < 5}

    assert keep_weekdays(theirs ^ ours) == DIFFERENCES["holidays"]
    assert keep_weekdays(cached ^ ours) == DIFFERENCES["govuk_bank_holidays"]


def test_the_command_logs_events_and_prints_the_count(tmp_path: Path) -> None:
    (tmp_path / "survey.toml").write_text(SURVEY)
    arguments = ["clock", str(tmp_path), "cumbria", "--log", "received=2025-03-03"]
    done = CliRunner().invoke(main, [*arguments, "--days"])
    assert done.exit_code == 0, done.output
    assert "01 Apr 2025" in done.stdout
    assert "Northern Ireland" in done.stdout
    again = CliRunner().invoke(main, [*arguments[:3], "--json"])
    assert json.loads(again.stdout)["deadlines"][0]["due"] == "2025-04-01"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kumbria"], "the survey does not ask it"),
        (["cumbria", "--log", "recieved=2025-03-03"], "is no event"),
        (["cumbria", "--log", "received=3 March"], "is no date"),
    ],
)
def test_a_wrong_event_is_refused_and_not_logged(tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "survey.toml").write_text(SURVEY)
    done = CliRunner().invoke(main, ["clock", str(tmp_path), *words])
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "requests.jsonl").exists()


def test_a_log_that_is_no_log_is_an_error_that_names_the_line() -> None:
    with pytest.raises(StoreError, match="line 2"):
        parse_requests('{"authority": "kent", "event": "received", "on": "2025-03-03"}\n[]\n', {"kent"})
    with pytest.raises(StoreError, match="does not ask"):
        parse_requests('{"authority": "kant", "event": "received", "on": "2025-03-03"}\n', {"kent"})
