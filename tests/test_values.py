"""Cell text -> value, bounds and status; period labels -> days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.values import (
    find_spans,
    parse_number_word,
    parse_period_label,
    parse_subperiod,
    parse_value,
    strip_marks,
)


@pytest.mark.parametrize(
    ("text", "value", "low", "high", "status", "settled"),
    [
        ("72", 72, None, None, "normal", True),
        ("1,204", 1204, None, None, "normal", True),
        ("1 204", 1204, None, None, "normal", True),
        ("72.0", 72, None, None, "normal", True),
        ("72*", 72, None, None, "normal", True),  # a footnote mark on a number hides nothing
        ("72 [r]", 72, None, None, "normal", True),
        ("twenty-one", 21, None, None, "normal", True),
        ("nil", 0, None, None, "normal", True),
        ("None recorded", 0, None, None, "normal", True),
        ("<5", None, 0, 4, "suppressed", True),
        ("< 5", None, 0, 4, "suppressed", True),
        ("fewer than five", None, 0, 4, "suppressed", True),
        ("Less than 5", None, 0, 4, "suppressed", True),
        ("5 or fewer", None, 0, 5, "suppressed", True),
        ("1-4", None, 1, 4, "suppressed", True),
        ("between 1 and 4", None, 1, 4, "suppressed", True),
        ("[c]", None, 0, None, "suppressed", True),
        ("*", None, 0, None, "suppressed", False),
        ("~", None, 0, None, "suppressed", False),
        ("-", None, 0, None, "suppressed", False),
        ("–", None, 0, None, "suppressed", False),
        ("n/a", None, None, None, "not_applicable", True),
        ("Not held", None, None, None, "not_held", True),
        ("No information held.", None, None, None, "not_held", True),
        ("not recorded", None, None, None, "not_held", True),
        ("not available", None, None, None, "not_held", False),  # held or not, it does not say
        ("s.40(2)", None, None, None, "refused", True),
        ("Exempt under section 40(2)", None, None, None, "refused", True),
        ("#REF!", None, None, None, "unreadable", False),
        ("c.40", None, None, None, "normal", False),
        ("100+", None, None, None, "normal", False),
        ("5.5", None, None, None, "normal", False),
    ],
)
def test_a_cell_says_one_thing(
    text: str, value: int | None, low: int | None, high: int | None, status: str, settled: bool
) -> None:
    reading = parse_value(text)
    assert reading is not None
    bounds = (reading.bounds.low, reading.bounds.high) if reading.bounds else (None, None)
    assert (reading.value, *bounds, reading.status, reading.settled) == (value, low, high, status, settled)


@pytest.mark.parametrize(
    "text", ["", "Sussex", "92 (Qlikview) 33 (Niche)", "7 (cut off)", "1a", "1,20", "2016/17", "-5"]
)
def test_what_is_no_value_is_none(text: str) -> None:
    assert parse_value(text) is None


def test_a_percentage_is_never_a_count() -> None:
    reading = parse_value("45%")
    assert reading is not None
    assert (reading.value, reading.number, reading.percent) == (None, 45.0, True)


@given(st.integers(min_value=0, max_value=10**7))
def test_a_number_is_read_back_however_it_is_grouped(number: int) -> None:
    for text in (str(number), f"{number:,}", f"{number}.0", f" {number} "):
        reading = parse_value(text)
        assert reading is not None
        assert reading.value == number


@given(st.text(max_size=30))
def test_reading_never_fails_and_never_gives_a_value_with_a_status(text: str) -> None:
    reading = parse_value(text)
    if reading is not None and reading.value is not None:
        assert reading.value >= 0
        assert reading.status == "normal"
        assert reading.bounds is None
    if reading is not None and reading.bounds is not None:
        assert reading.status == "suppressed"
        assert reading.bounds.high is None or reading.bounds.low <= reading.bounds.high


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("2016/17", date(2016, 4, 1), date(2017, 3, 31), "financial"),
        ("2016-17", date(2016, 4, 1), date(2017, 3, 31), "financial"),
        ("2016/2017", date(2016, 4, 1), date(2017, 3, 31), "financial"),
        ("FY 2016/17", date(2016, 4, 1), date(2017, 3, 31), "financial"),
        ("16/17", date(2016, 4, 1), date(2017, 3, 31), "financial"),
        ("April 2016 to March 2017", date(2016, 4, 1), date(2017, 3, 31), "financial"),
        ("1 Apr 2016 - 31 Mar 2017", date(2016, 4, 1), date(2017, 3, 31), "financial"),
        ("01/04/2016 – 31/03/2017", date(2016, 4, 1), date(2017, 3, 31), "financial"),
        ("year ending March 2017", date(2016, 4, 1), date(2017, 3, 31), "financial"),
        ("12 months to 31 March 2017", date(2016, 4, 1), date(2017, 3, 31), "financial"),
        ("2017", date(2017, 1, 1), date(2017, 12, 31), "calendar"),
        ("Jan-24", date(2024, 1, 1), date(2024, 1, 31), "month"),
        ("February 2024", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("Q1 2016/17", date(2016, 4, 1), date(2016, 6, 30), "quarter"),
        ("2016/17 Q4", date(2017, 1, 1), date(2017, 3, 31), "quarter"),
        ("Apr-Jun 2016", date(2016, 4, 1), date(2016, 6, 30), "range"),
        ("6 April 2016 to 5 April 2017", date(2016, 4, 6), date(2017, 4, 5), "tax"),
        ("tax year 2016/17", date(2016, 4, 6), date(2017, 4, 5), "tax"),
        ("Academic year 2016/17", date(2016, 9, 1), date(2017, 8, 31), "academic"),
        ("2016/17 academic year", date(2016, 9, 1), date(2017, 8, 31), "academic"),
        ("School Year 16/17", date(2016, 9, 1), date(2017, 8, 31), "academic"),
        ("2025 to 31 May", date(2025, 1, 1), date(2025, 5, 31), "part"),
        ("2025 (Jan-Jun)", date(2025, 1, 1), date(2025, 6, 30), "part"),
        ("Q1 2016", date(2016, 1, 1), date(2016, 12, 31), "open"),  # two readings fit, so it matches none
    ],
)
def test_a_period_label_covers_its_days(text: str, start: date, end: date, kind: str) -> None:
    span = parse_period_label(text)
    assert span is not None
    assert (span.start, span.end, span.kind) == (start, end, kind)


@pytest.mark.parametrize("text", ["12-15", "16-17", "2010-2012", "86/02", "71/17", "2016/18", "13", "Total", ""])
def test_what_is_no_period_is_none(text: str) -> None:
    assert parse_period_label(text) is None


@given(st.integers(min_value=1990, max_value=2035))
def test_every_way_of_writing_a_financial_year_is_the_same_days(year: int) -> None:
    short = f"{(year + 1) % 100:02d}"
    labels = [f"{year}/{short}", f"{year}-{short}", f"{year}/{year + 1}", f"April {year} - March {year + 1}"]
    labels += [f"1 April {year} to 31 March {year + 1}", f"year ending March {year + 1}"]
    spans = {parse_period_label(label) for label in labels}
    assert len(spans) == 1
    span = spans.pop()
    assert span is not None
    assert span.end + timedelta(days=1) == date(year + 1, 4, 1)


@given(st.text(alphabet="0123456789/-AprilMch to()Q FY", max_size=40))
def test_spans_in_a_text_do_not_overlap_and_lie_within_it(text: str) -> None:
    last = 0
    for first, end, span in find_spans(text):
        assert last <= first < end <= len(text)
        assert span.start <= span.end
        last = end


def test_ages_in_a_sentence_are_no_period() -> None:
    assert find_spans("victims aged 17/18 and 12-15, code 71/17") == ()


@pytest.mark.parametrize(
    ("text", "months"), [("April", (4, 4)), ("Q1", (4, 6)), ("Q4", (1, 3)), ("Apr-Jun", (4, 6)), ("May 2016", None)]
)
def test_a_part_of_a_year_names_its_months(text: str, months: tuple[int, int] | None) -> None:
    assert parse_subperiod(text) == months


@pytest.mark.parametrize(
    ("text", "label", "marks"),
    [("Sussex*", "Sussex", "*"), ("Rape [1]", "Rape", "[1]"), ("Total¹", "Total", "¹"), ("Kent", "Kent", "")],
)
def test_footnote_marks_come_off_a_label(text: str, label: str, marks: str) -> None:
    assert strip_marks(text) == (label, marks)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("seven", 7),
        ("twenty one", 21),
        ("one hundred and five", 105),
        ("seven hundred", 700),
        ("many", None),
        ("", None),
    ],
)
def test_number_words(text: str, number: int | None) -> None:
    assert parse_number_word(text) == number
