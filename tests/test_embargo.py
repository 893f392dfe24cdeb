"""The embargo: a moment, compared as a moment, and nothing in published/ before it."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable import store
from answerable.errors import SurveyError
from answerable.line import publish_survey
from answerable.survey import is_embargoed, parse_survey, write_embargo
from building import read_beside
from small_edition import make_survey

SUMMER = timezone(timedelta(hours=1))
MOMENT = datetime(2017, 6, 1, 0, 1, tzinfo=SUMMER)
TEXT = """
id = "practice"
title = "Practice"
subject = "offences"
area = "England and Wales"
register = "uk-police"
authorities = ["kent"]
periods = ["2015/16", "2016/17"]
{line}
[[question]]
id = "offences"
number = "1"
text = "How many?"
measure = "Offences"
unit = "offences"
"""


def parse(line: str) -> object:
    return parse_survey(TEXT.format(line=line), "survey.toml", read_beside)


@pytest.mark.parametrize(
    ("now", "held"),
    [
        (datetime(2017, 6, 1, 0, 0, 59, tzinfo=SUMMER), True),
        (datetime(2017, 6, 1, 0, 1, tzinfo=SUMMER), False),
        # The same moments told from other places: London in June is an hour ahead of UTC.
        (datetime(2017, 5, 31, 23, 0, 59, tzinfo=UTC), True),
        (datetime(2017, 5, 31, 23, 1, tzinfo=UTC), False),
        (datetime(2017, 6, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))), True),
        (datetime(2017, 5, 31, 18, 1, tzinfo=timezone(timedelta(hours=-5))), False),
        # A clock that reads later than the moment's, in a place where it is earlier.
        (datetime(2017, 6, 1, 12, 0, tzinfo=timezone(timedelta(hours=14))), True),
    ],
)
def test_embargo_holds_until_its_moment_wherever_the_clock_stands(now: datetime, held: bool) -> None:
    assert is_embargoed(make_survey(embargo_until=MOMENT), now) is held


@given(st.integers(-(10**7), 10**7), st.integers(-14 * 60, 14 * 60), st.integers(-14 * 60, 14 * 60))
def test_offsets_never_change_the_answer(seconds: int, first: int, second: int) -> None:
    zones = [timezone(timedelta(minutes=minutes)) for minutes in (first, second)]
    survey = make_survey(embargo_until=MOMENT.astimezone(zones[0]))
    now = (MOMENT + timedelta(seconds=seconds)).astimezone(zones[1])
    assert is_embargoed(survey, now) is (seconds < 0)


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        (MOMENT, "Not for publication before 00:01 on Thursday 1 June 2017 (UTC+1)."),
        (MOMENT.astimezone(UTC), "Not for publication before 23:01 on Wednesday 31 May 2017 (UTC)."),
        (
            datetime(2017, 1, 9, 6, 0, 30, tzinfo=timezone(-timedelta(hours=3, minutes=30))),
            "Not for publication before 06:00:30 on Monday 9 January 2017 (UTC-3:30).",
        ),
    ],
)
def test_line_names_the_day_the_time_and_the_zone(moment: datetime, line: str) -> None:
    assert write_embargo(moment) == line


def test_survey_writes_the_line_unless_it_has_its_own() -> None:
    assert "00:01 on Thursday 1 June 2017" in parse("embargo_until = 2017-06-01T00:01:00+01:00").embargo  # type: ignore[attr-defined]
    own = parse('embargo_until = 2017-06-01T00:01:00+01:00\nembargo = "Strictly 1 June"')
    assert own.embargo == "Strictly 1 June"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("embargo_until = 2017-06-01T00:01:00", "does not say which time zone"),
        ("embargo_until = 2017-06-01", "expected a moment"),
        ('embargo_until = "1 June"', "expected a moment"),
    ],
)
def test_a_moment_that_is_none_is_refused(line: str, message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        parse(line)


def test_a_line_without_a_moment_never_becomes_public() -> None:
    with pytest.raises(SurveyError, match="no moment at which it ends"):
        is_embargoed(make_survey(embargo="Not before June"), datetime(2030, 1, 1, tzinfo=UTC))


def test_published_stays_untouched_until_the_moment(tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    store.write_folder(folder, {"survey.toml": TEXT.format(line="embargo_until = 2017-06-01T00:01:00+01:00")})
    store.write_build(folder, [("site/index.html", b"secret"), ("figures.json", b"[]")])
    for now in (MOMENT - timedelta(days=3), MOMENT - timedelta(microseconds=1)):
        kept = store.keep_edition(folder, now=now)
        assert kept == folder / "embargoed" / "1"
        assert not (folder / "published").exists()
    assert store.keep_edition(folder, now=MOMENT) == folder / "published" / "1"
    assert store.list_editions(folder) == ("1",)


def test_a_draft_handed_out_early_counts_as_printed(tmp_path: Path) -> None:
    """A count that the draft printed and its authority has withheld since: the draft's readers know it."""
    line = "embargo_until = 2017-06-01T00:01:00+01:00"
    answer = "Offences,2015/16,2016/17\nOffences,30,{count}\n"
    text = TEXT.format(line=line).replace('["kent"]', '["kent", "essex"]')
    files = {"survey.toml": text, "replies/kent/reply.csv": answer.format(count=3)}
    store.write_folder(tmp_path, files | {"replies/essex/reply.csv": answer.format(count=41)})
    _, kept = publish_survey(tmp_path, now=MOMENT - timedelta(days=3))
    assert kept == tmp_path / "embargoed" / "1"
    withheld = answer.format(count="*") + "* fewer than five\n"
    (tmp_path / "replies/kent/reply.csv").write_text(withheld)
    built, kept = publish_survey(tmp_path, now=MOMENT)
    assert (built.n_errors, kept) == (1, None)
    assert b"edition embargoed/1" in (store.read_build(tmp_path, "findings.csv") or b"")
