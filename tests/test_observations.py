"""Grids of one reply -> Observations: every layout, what settles each value, and what stays open."""

import pytest

from answerable.lookups import parse_lookups
from answerable.model import Grid
from answerable.observations import find_observations
from building import REPLY, build_grid, build_survey, build_text, show

SURVEY = build_survey()

LAYOUTS: dict[str, tuple[list[Grid], list[str]]] = {
    "years across, ages down, total row": (
        [build_grid(["Age|2015/16|2016/17", "0|1|2", "1|3|2", "2|3|2", "Unknown|3|2", "Total|10|8"])],
        ["by-age 2015/16 0 = 1", "by-age 2016/17 0 = 2", "by-age 2015/16 1 = 3", "by-age 2016/17 1 = 2",
         "by-age 2015/16 2 = 3", "by-age 2016/17 2 = 2", "by-age 2015/16 unknown = 3", "by-age 2016/17 unknown = 2",
         "offences 2015/16 = 10", "offences 2016/17 = 8"],
    ),
    "years down, offences across, total column in front": (
        [build_grid(["Year|Overall|Rape|Sexual assault", "2015-16|5|3|2", "April 2016 to March 2017|7|4|3"])],
        ["offences 2015/16 = 5", "by-offence 2015/16 rape = 3", "by-offence 2015/16 assault = 2",
         "offences 2016/17 = 7", "by-offence 2016/17 rape = 4", "by-offence 2016/17 assault = 3"],
    ),
    "two header rows, merged cells flattened": (
        [build_grid(["|2015/16||2016/17|",
                     "Age band|Female|Male|Female|Male", "11 and under|1|2|3|4", "12-15|5|6|7|8"])],
        ["by-band 2015/16 0-11 F = 1", "by-band 2015/16 0-11 M = 2", "by-band 2016/17 0-11 F = 3",
         "by-band 2016/17 0-11 M = 4", "by-band 2015/16 12-15 F = 5", "by-band 2015/16 12-15 M = 6",
         "by-band 2016/17 12-15 F = 7", "by-band 2016/17 12-15 M = 8"],
    ),
    "two label columns, separator row": (
        [build_grid(["Crime|Result|2015/16|2016/17", "086/02 - Take photographs|Charged|38|34", "|Caution|20|22", "",
                     "086/10 - Possession|Charged|10|3", "|Caution|2|1"])],
        ["by-outcome 2015/16 86/2 charge = 38", "by-outcome 2016/17 86/2 charge = 34",
         "by-outcome 2015/16 86/2 caution = 20", "by-outcome 2016/17 86/2 caution = 22",
         "by-outcome 2015/16 86/10 charge = 10", "by-outcome 2016/17 86/10 charge = 3",
         "by-outcome 2015/16 86/10 caution = 2", "by-outcome 2016/17 86/10 caution = 1"],
    ),
    "month columns that cover the period": (
        [build_grid(["Offence|" + "|".join(f"{m}-16" for m in "Apr May Jun Jul Aug Sep Oct Nov Dec".split())
                     + "|Jan-17|Feb-17|Mar-17", "Rape" + "|1" * 12])],
        ["by-offence 2016/17 rape = 12"],
    ),
    "quarter columns under years": (
        [build_grid(["|2015/16||||2016/17|||", "Offence|Q1|Q2|Q3|Q4|Q1|Q2|Q3|Q4", "Rape|1|2|3|4|5|6|7|8"])],
        ["by-offence 2015/16 rape = 10", "by-offence 2016/17 rape = 26"],
    ),
    "a small table per offence": (
        [build_text(["Rape"]), build_grid(["Year|No", "2015/16|60", "2016/17|7"]),
         build_text(["Sexual assault"]), build_grid(["Year|No", "2015/16|6", "2016/17|8"], part="table 2")],
        ["by-offence 2015/16 rape = 60", "by-offence 2016/17 rape = 7", "by-offence 2015/16 assault = 6",
         "by-offence 2016/17 assault = 8"],
    ),
    "several questions on one sheet": (
        [build_grid(["Question 1", "2015/16|2016/17", "10|8", "", "Question 4", "Offence|2015/16|2016/17",
                     "Rape|4|5", "Sexual assault|6|3"], kind="sheet", part='sheet "Reply"')],
        ["by-offence 2015/16 rape = 4", "by-offence 2016/17 rape = 5", "by-offence 2015/16 assault = 6",
         "by-offence 2016/17 assault = 3"],
    ),
    "a sheet a year": (
        [build_grid(["Offence|Count", "Rape|4"], kind="sheet", part='sheet "2015-16"'),
         build_grid(["Offence|Count", "Rape|5"], kind="sheet", part='sheet "2016-17"')],
        ["by-offence 2015/16 rape = 4", "by-offence 2016/17 rape = 5"],
    ),
    "one table over two pages": (
        [build_grid(["Offence|2015/16|2016/17", "Rape|4|5"], part="page 1, table 1"),
         build_text(["Page 1 of 2"]),
         build_grid(["Sexual assault|6|3", "Total|10|8"], part="page 2, table 1")],
        ["by-offence 2015/16 rape = 4", "by-offence 2016/17 rape = 5", "by-offence 2015/16 assault = 6",
         "by-offence 2016/17 assault = 3", "offences 2015/16 = 10", "offences 2016/17 = 8"],
    ),
    "label and number fused": (
        [build_text(["Question 4: 2016/17", "Making/Taking26", "Rape5"])],
        ["by-offence 2016/17 86/2 = 26", "by-offence 2016/17 rape = 5"],
    ),
    "one cell a line": (
        [build_text(["Offence", "2015/16", "2016/17", "Rape", "4", "5", "Sexual assault", "6", "3"])],
        ["by-offence 2015/16 rape = 4", "by-offence 2016/17 rape = 5", "by-offence 2015/16 assault = 6",
         "by-offence 2016/17 assault = 3"],
    ),
    "line list by period": (
        [build_text(["Question 1", "2015/16 - 59", "2016/17: 72"])],
        ["offences 2015/16 = 59", "offences 2016/17 = 72"],
    ),
    "prose with both periods": (
        [build_text(["Q1. There were 72 offences in 2016/17 and 59 in 2015/16."])],
        ["offences 2016/17 = 72", "offences 2015/16 = 59"],
    ),
    "zero in words": (
        [build_text(["1) Zero offences were recorded in 2015/16.", "2016/17: nil"])],
        ["offences 2015/16 = 0", "offences 2016/17 = 0"],
    ),
    "one row an offence, counted": (
        [build_grid(["Offence|Date recorded|Victim age", "Rape|03/04/2015|13", "Rape|05/06/2016|14",
                     "Sexual assault|07/08/2016|13", "Rape|09/09/2016|13"], kind="sheet")],
        ["offences 2015/16 = 1", "by-age 2015/16 13 = 1", "by-offence 2015/16 rape = 1", "offences 2016/17 = 3",
         "by-age 2016/17 13 = 2", "by-age 2016/17 14 = 1", "by-offence 2016/17 assault = 1",
         "by-offence 2016/17 rape = 2"],
    ),
    "a list under each period, label and number fused": (
        [build_text(["Question 4", "2015/16", "Rape5", "86/2 Taking photographs26", "2016/17", "Rape7",
                     "Sexual assault<5"])],
        ["by-offence 2015/16 rape = 5", "by-offence 2015/16 86/2 = 26", "by-offence 2016/17 rape = 7",
         "by-offence 2016/17 assault = suppressed"],
    ),
    "ages that end in a number, fused": (
        [build_text(["Question 3, 2016/17", "11 and under23", "12-1563", "16 and over4"])],
        ["by-band 2016/17 0-11 _T = 23", "by-band 2016/17 12-15 _T = 63", "by-band 2016/17 16+ _T = 4"],
    ),
    "text set in columns, a blank cell in one": (
        [build_text(["Offence          2015/16   2016/17",
                     "Rape                       7",
                     "Sexual assault   3         4",
                     "A blank cell means that no offences were recorded."])],
        ["by-offence 2015/16 rape = 0", "by-offence 2016/17 rape = 7", "by-offence 2015/16 assault = 3",
         "by-offence 2016/17 assault = 4"],
    ),
    "rows grouped under headings the survey does not know": (
        [build_grid(["Group|Offence|2016/17", "Violent|Rape|7", "|Sexual assault|3", "Obscene|Making/Taking|2"])],
        ["by-offence 2016/17 rape = 7", "by-offence 2016/17 assault = 3", "by-offence 2016/17 86/2 = 2"],
    ),
    "outer labels set in the middle of what they head": (
        [build_grid(["||2015/16|||2016/17|", "Age band|Female|Male|Unknown|Female|Male|Unknown",
                     "11 and under|1|2|3|4|5|6"])],
        ["by-band 2015/16 0-11 F = 1", "by-band 2015/16 0-11 M = 2", "by-band 2015/16 0-11 U = 3",
         "by-band 2016/17 0-11 F = 4", "by-band 2016/17 0-11 M = 5", "by-band 2016/17 0-11 U = 6"],
    ),
    "several pairs in one line": (
        [build_text(["Question 4, 2016/17", "Rape - 7, Sexual assault - 3", "Question 1: 2015/16 = 59; 2016/17 = 72"])],
        ["by-offence 2016/17 rape = 7", "by-offence 2016/17 assault = 3", "offences 2015/16 = 59",
         "offences 2016/17 = 72"],
    ),
    "a count with its share in brackets": (
        [build_grid(["Offence|2016/17", "Rape|7 (70%)", "Sexual assault|3 (30%)"])],
        ["by-offence 2016/17 rape = 7", "by-offence 2016/17 assault = 3"],
    ),
    "hidden counts as a range in a column of their own": (
        [build_grid(["Offence|2015/16|2016/17", "Rape|1-4|7", "Sexual assault|1-4|9"])],
        ["by-offence 2015/16 rape = suppressed", "by-offence 2016/17 rape = 7",
         "by-offence 2015/16 assault = suppressed", "by-offence 2016/17 assault = 9"],
    ),
    "tables under one another with bands in their headers": (
        [build_grid(["Question 4", "Offence|2015/16|2016/17", "Rape|4|5", "", "Question 3", "2016/17",
                     "|11 and under|12 to 15|16 and over|Not recorded", "Girls|1|2|3|4", "Boys|5|6|7|8"],
                    kind="sheet")],
        ["by-offence 2015/16 rape = 4", "by-offence 2016/17 rape = 5", "by-band 2016/17 0-11 F = 1",
         "by-band 2016/17 12-15 F = 2", "by-band 2016/17 16+ F = 3", "by-band 2016/17 unknown F = 4",
         "by-band 2016/17 0-11 M = 5", "by-band 2016/17 12-15 M = 6", "by-band 2016/17 16+ M = 7",
         "by-band 2016/17 unknown M = 8"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_reads_whole(name: str) -> None:
    grids, expected = LAYOUTS[name]
    observations, _ = find_observations(SURVEY, REPLY, grids)
    assert sorted(show(observations)) == sorted(expected)
    assert all(o.evidence[0].startswith("authority:") and len(o.evidence) >= 3 for o in observations if o.accepted)


def test_northamptonshire_stars_stay_hidden_and_the_printed_sums_are_named() -> None:
    """Totals that count "*" as zero (FOI 10905/25): neither totals nor solved stars."""
    grids = [
        build_text(["Question 1", "2016/17: 52", "Question 3"]),
        build_grid(["|11 and under|12-15|16 and over|Unknown Age", "Female||22||2", "Male|*|*||",
                    "Unknown||*||22", "Sum:|0|22|0|24"]),
    ]  # fmt: skip
    observations, findings = find_observations(SURVEY, REPLY, grids)
    assert sorted(show(observations)) == [
        "by-band 2016/17 12-15 F = 22",
        "by-band 2016/17 unknown F = 2",
        "by-band 2016/17 unknown U = 22",
        "offences 2016/17 = 52",
    ]
    stars = [o for o in observations if o.original_value == "*"]
    assert {(o.status, o.accepted, o.bounds.low if o.bounds else None) for o in stars} == {("suppressed", False, 0)}
    checks = {finding.check for finding in findings}
    assert {"totals-count-hidden-as-zero", "review-value", "review-arithmetic"} <= checks


def test_totals_that_do_not_add_name_both_numbers() -> None:
    """Avon and Somerset 1247-22 prints 245 for cells that add to 244."""
    grid = build_grid(["Offence|2016/17", "Rape|200", "Sexual assault|44", "Sum:|245"])
    observations, findings = find_observations(SURVEY, REPLY, [grid])
    assert show(observations) == []
    message = next(finding.message for finding in findings if finding.check == "totals-do-not-add")
    assert "245" in message and "244" in message


def test_a_calendar_year_is_never_taken_for_a_financial_one() -> None:
    observations, findings = find_observations(SURVEY, REPLY, [build_grid(["Offence|2015|2016", "Rape|5|6"])])
    assert show(observations) == []
    assert {finding.check for finding in findings} == {"comparability"}


def test_two_counts_in_one_cell_go_to_review() -> None:
    grids = [build_text(["Question 1", "2015/16 - 175", "2016/17 - 92 (Qlikview) 33 (Niche)"])]
    observations, findings = find_observations(SURVEY, REPLY, grids)
    assert show(observations) == ["offences 2015/16 = 175"]
    assert [o.original_value for o in observations if not o.accepted] == ["92 (Qlikview) 33 (Niche)"]
    assert any(finding.check == "review-value" for finding in findings)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("* means fewer than five", "suppressed 0 4"),
        ("* denotes between 1 and 4", "suppressed 1 4"),
        ("Numbers of less than 5 have been replaced with an asterisk (*).", "suppressed 0 4"),
        ("* = nil", "normal"),
        ("* Fewer than five; not shown so that nobody can be identified.", "suppressed 0 4"),
        ("* not recorded", "open"),  # no verb: not a key
        ("Sussex* provided no data", "open"),
    ],
)
def test_a_mark_means_what_the_reply_says(key: str, expected: str) -> None:
    grids = [build_grid(["Offence|2016/17", "Rape|*", "Sexual assault|44"]), build_text([key])]
    observations, _ = find_observations(SURVEY, REPLY, grids)
    star = next(o for o in observations if o.original_value == "*")
    bounds = f" {star.bounds.low} {star.bounds.high}" if star.bounds else ""
    assert (f"{star.status}{bounds}" if star.accepted else "open") == expected


def test_contradicting_values_are_both_left_open() -> None:
    grids = [build_text(["Question 1", "2016/17: 52", "There were 53 offences in 2016/17."])]
    observations, findings = find_observations(SURVEY, REPLY, grids)
    assert show(observations) == []
    assert [finding.severity for finding in findings if finding.check == "conflicting-values"] == ["error"]


def test_the_same_value_twice_is_one_accepted_observation() -> None:
    grids = [build_text(["Question 1", "2016/17: 52", "There were 52 offences in 2016/17."])]
    observations, _ = find_observations(SURVEY, REPLY, grids)
    assert show(observations) == ["offences 2016/17 = 52"]
    assert any("repeats" in why for o in observations if not o.accepted for why in o.evidence)


def test_a_lookup_settles_a_label_and_says_so() -> None:
    lookups = parse_lookups(
        '[[label]]\ntext = "Sex crime A"\ndimension = "offence"\ncategory = "rape"\nreason = "their name for it"\n',
        "lookups.toml",
    )
    grid = build_grid(["Offence|2016/17", "Sex crime A|7", "Sexual assault|3"])
    observations, _ = find_observations(SURVEY, REPLY, [grid], lookups)
    assert sorted(show(observations)) == ["by-offence 2016/17 assault = 3", "by-offence 2016/17 rape = 7"]
    assert {o.origin for o in observations} == {"reader", "lookup:label:Sex crime A"}


def test_units_that_are_not_asked_for_are_a_caveat() -> None:
    grids = [
        build_text(["Number of victims by offence"]),
        build_grid(["Offence|2016/17", "Rape|7", "Sexual assault|3"]),
    ]
    observations, findings = find_observations(SURVEY, REPLY, grids)
    assert {o.caveats for o in observations} == {("counts_victims",)}
    assert any(finding.check == "unit-mismatch" for finding in findings)


OPEN: dict[str, list[Grid]] = {
    # each of these would give a wrong value if its doubt were dropped
    "a group that limits labels which come again": [
        build_grid(["Area|Offence|2016/17", "North|Rape|7", "|Sexual assault|3", "South|Rape|2", "|Sexual assault|1"])
    ],
    "several columns and no heading": [build_grid(["Rape|5|6", "Sexual assault|7|8"])],
    "a column of values without a heading beside headed ones": [
        build_grid(["Offence|2015/16|", "Rape|5|6", "Sexual assault|7|8"])
    ],
    "outer labels that head no clear columns": [
        build_grid(["||2015/16||2016/17", "Age band|Female|Male|Unknown|All", "11 and under|1|2|3|4"])
    ],
    "a part of a financial year": [build_grid(["Offence|2016/17 (to 31 December 2016)", "Rape|5"])],
    "one quarter of a year": [build_grid(["|2016/17", "Offence|Q2", "Rape|5"])],
    "a title that may limit the table": [
        build_text(["Rape of Male in the north"]),
        build_grid(["Year|No", "2015/16|60", "2016/17|7"]),
    ],
    "a sentence about a part": [build_text(["Question 1", "Of these, 12 offences in 2016/17 involved Facebook."])],
    "another unit, and nothing but labels names the question": [
        build_text(["Number of suspects by age"]),
        build_grid(["Age|2016/17", "12|5", "13|7", "14|1"]),
    ],
    "under a question that was not asked": [
        build_text(["Question 9"]),
        build_grid(["Offence|2016/17", "Rape|5", "Sexual assault|7"]),
    ],
    "a total of several forces": [build_grid(["Force|2016/17", "Essex|5", "Sussex|7", "Total|12"])],
    "records whose numbers show that one was missed": [
        build_grid(["No.|Offence|Date", "1|Rape|3/4/2016", "2|Rape|4/4/2016", "4|Rape|5/4/2016", "5|Rape|6/4/2016"])
    ],
    "records with an entry that is not understood": [
        build_grid(["Offence|Sex|Date", "Rape|F|3/4/2016", "Robbery|M|4/4/2016", "Rape|F|5/4/2016", "Rape|F|6/4/2016"])
    ],
    "a small table under a breakdown, its heading lost": [
        build_text(["Question 4"]),
        build_grid(["Year|Number", "2015/16|60", "2016/17|7"]),
    ],
    "a list of lines that looks like records": [
        build_text(["Question 9", "16-17: 13", "Not recorded: <5", "12-15: 4"])
    ],
    "a stack whose first column lost its heading": [
        build_text(["Question 4", "2015/16", "2016/17", "Rape", "4", "5", "6", "Sexual assault", "6", "3", "2"])
    ],
    "academic years where financial ones are asked for": [
        build_grid(["Academic year|Number", "2015/16|60", "2016/17|7"])
    ],
    "tax years where financial ones are asked for": [build_grid(["Tax year|Number", "2015/16|60", "2016/17|7"])],
    "a corner that may limit the table": [build_grid(["Offences with a knife|2016/17", "Total|5"])],
    "read from a picture, with no total": [
        build_grid(["Offence|2016/17", "Rape|5", "Sexual assault|7"], part="page 1, table 1, scanned")
    ],
}


@pytest.mark.parametrize("name", OPEN)
def test_what_is_not_settled_is_left_open_with_the_reason(name: str) -> None:
    observations, findings = find_observations(SURVEY, REPLY, OPEN[name])
    assert show(observations) == []
    assert any(finding.check.startswith(("review-", "comparability")) for finding in findings)


@pytest.mark.parametrize(
    "line",
    [
        "In 2016/17 there were 112 offences, an increase of 12 offences on 2015/16.",
        "There were 12 fewer offences in 2016/17 than in 2015/16.",
        "45 of the 112 offences in 2016/17 were detected.",
        "The figure for 2016/17 is 112 offences, of which 12 offences were cancelled.",
        "On average 9 offences were recorded each month in 2016/17.",
        "There were a further 12 offences in 2016/17.",
        "It would take 18 hours to review 112 offences recorded in 2016/17.",
        "2016/17: 112 offences per 1,000 children",
        "2016/17: 1 in 12 offences",
        "2016/17 - £112",
        "2016/17 - 112 minutes",
        "2016/17 - 112%",
        "Approximately 112 offences in 2016/17.",
        "No offences were detected in 2016/17.",
    ],
)
def test_a_sentence_that_does_not_state_the_whole_count_states_none(line: str) -> None:
    observations, _ = find_observations(SURVEY, REPLY, [build_text(["Question 1", line])])
    assert show(observations) == []


def test_a_count_of_four_digits_is_no_year() -> None:
    grids = [build_text(["Question 1: 1900 offences in 2015/16 and 2014 offences in 2016/17."])]
    observations, _ = find_observations(SURVEY, REPLY, grids)
    assert sorted(show(observations)) == ["offences 2015/16 = 1900", "offences 2016/17 = 2014"]


@pytest.mark.parametrize(
    "rows",
    [
        ["Offence|2016/17 target|2016/17 actual", "Rape|4|2", "Sexual assault|6|3"],
        ["Offence|Online 2016/17|Offline 2016/17", "Rape|4|2", "Sexual assault|6|3"],
        ["Division|2015/16|2016/17", "North|4|7", "South|6|9"],
        ["|2015/16|2016/17", "Flagged|5|6", "Not flagged|50|60"],
        ["Cost|2016/17", "Total|400"],
        ["2016/17|Rape|Sexual assault", "Victim under 18|4|5", "Victim over 18|40|50"],
        ["Offence|2016/17|2016/17", "Rape|4|9", "Sexual assault|6|8"],
        ["Year|Month|Offences", "2016|Apr|2", "2016|May|3", "2016|Jun|1", "2016|Jul|0", "2016|Aug|4"],
    ],
)
def test_a_table_of_something_else_gives_nothing(rows: list[str]) -> None:
    observations, findings = find_observations(SURVEY, REPLY, [build_grid(rows)])
    assert show(observations) == []
    assert findings


def test_a_scanned_value_is_accepted_where_a_total_confirms_it() -> None:
    grid = build_grid(["Offence|2016/17", "Rape|5", "Sexual assault|7", "Total|12"], part="page 1, table 1, scanned")
    observations, _ = find_observations(SURVEY, REPLY, [grid])
    assert sorted(show(observations)) == ["by-offence 2016/17 assault = 7", "by-offence 2016/17 rape = 5",
                                          "offences 2016/17 = 12"]  # fmt: skip


def test_a_heading_that_says_nothing_of_what_its_neighbours_break_down_is_left_open() -> None:
    grid = build_grid(["2016/17|Female|Male|under", "11 and under|1|2|3", "12-15|4|5|6"])
    observations, findings = find_observations(SURVEY, REPLY, [grid])
    assert {observation.value for observation in observations if observation.accepted} == {1, 2, 4, 5}
    assert any(finding.check == "review-category" and '"3"' in finding.message for finding in findings)


def test_a_mark_on_a_label_hides_nothing() -> None:
    """ "Sexual assault*" is a footnoted label: no star is read off it."""
    grids = [build_text(["Question 4: 2016/17", "Rape - 7", "Sexual assault*", "* means fewer than five"])]
    observations, _ = find_observations(SURVEY, REPLY, grids)
    assert show(observations) == ["by-offence 2016/17 rape = 7"]


@pytest.mark.parametrize(
    ("rows", "settled"),
    [
        # Every year's cell is the sum of the offences beside it: it is their total, whatever it is called.
        (["Year|Offences|Rape|Sexual assault", "2015/16|5|3|2", "2016/17|7|4|3"], True),
        (["Year|Offences|Rape|Sexual assault", "2015/16|5|3|2", "2016/17|0|0|0"], False),
        (["Year|Offences|Rape|Sexual assault", "2015/16|5|3|2", "2016/17|8|4|3"], False),
        (["Year|Offences|Rape|Sexual assault", "2015/16|5|3|2", "2016/17|7|4|*"], False),
        # One sum of two cells may be chance; one of three is not.
        (["Year|Offences|Rape|Sexual assault", "2016/17|7|4|3"], False),
        (["Year|Offences|Rape|Sexual assault|Possession of indecent photographs", "2016/17|9|4|3|2"], True),
    ],
)
def test_a_column_that_only_says_what_is_counted_is_a_total_where_it_adds_up(rows: list[str], settled: bool) -> None:
    observations, _ = find_observations(SURVEY, REPLY, [build_grid(rows)])
    totals = [item for item in observations if item.question == "offences"]
    assert totals
    assert all(item.accepted == settled for item in totals)
    if settled:
        assert all(any("it is the sum of" in line for line in item.evidence) for item in totals)


@pytest.mark.parametrize(("word", "value"), [("nil", "0"), ("Nil", "0"), ("none", "0"), ("zero", "0")])
def test_a_period_with_a_word_for_its_value_is_one_of_a_list(word: str, value: str) -> None:
    grid = build_text(["Question 1", "Year Offences", f"2015/16 {word}", "2016/17 7"])
    observations, _ = find_observations(SURVEY, REPLY, [grid])
    assert show(observations) == [f"offences 2015/16 = {value}", "offences 2016/17 = 7"]


def test_a_line_that_refuses_a_question_is_no_heading_of_what_follows() -> None:
    lines = ["Question 4 is refused under section 12 of the Act as it would take over 18 hours."]
    table = build_grid(["Age|2016/17", "0|2", "1|3", "Total|5"], document="kent/reply.docx")
    observations, _ = find_observations(SURVEY, REPLY, [build_text(lines), table])
    assert show(observations) == ["by-age 2016/17 0 = 2", "by-age 2016/17 1 = 3", "offences 2016/17 = 5"]


@pytest.mark.parametrize(
    ("head", "numbers"),
    [
        # More rows than a run of ages could have.
        ("Number", range(1, 201)),
        ("Crime reference", range(1_400_000, 1_400_000 + 200 * 37, 37)),
    ],
)
def test_a_column_that_numbers_its_rows_counts_nothing(head: str, numbers: range) -> None:
    offences = ("Rape", "Sexual assault")
    rows = [f"{number}|{1 + n % 28:02}/05/2016|{offences[n % 4 == 0]}" for n, number in enumerate(numbers)]
    observations, _ = find_observations(SURVEY, REPLY, [build_grid([f"{head}|Date recorded|Offence", *rows])])
    assert sorted(show(observations)) == [
        "by-offence 2016/17 assault = 50", "by-offence 2016/17 rape = 150", "offences 2016/17 = 200",
    ]  # fmt: skip


def test_a_header_alone_at_the_foot_of_a_page_heads_the_table_overleaf() -> None:
    head = build_grid(["Offence|2015/16|2016/17"], part="page 1, table 1", kind="table")
    body = build_grid(["Rape|5|6", "Sexual assault|7|8"], part="page 2, table 1", kind="table")
    observations, _ = find_observations(SURVEY, REPLY, [head, body])
    assert sorted(show(observations)) == [
        "by-offence 2015/16 assault = 7", "by-offence 2015/16 rape = 5",
        "by-offence 2016/17 assault = 8", "by-offence 2016/17 rape = 6",
    ]  # fmt: skip


def test_a_margin_answers_where_no_question_asks_for_both_breakdowns() -> None:
    rows = ["2016/17|Female|Male|Total", "Rape|5|1|6", "Sexual assault|7|2|9"]
    observations, _ = find_observations(SURVEY, REPLY, [build_grid(rows)])
    assert sorted(show(observations)) == ["by-offence 2016/17 assault = 9", "by-offence 2016/17 rape = 6"]


def test_a_column_that_ranks_the_rows_names_no_question() -> None:
    rows = ["Rank|Offence|2016/17", "1|Rape|9", "2|Sexual assault|4"]
    observations, _ = find_observations(SURVEY, REPLY, [build_grid(rows, part="table 1", kind="table")])
    assert sorted(show(observations)) == ["by-offence 2016/17 assault = 4", "by-offence 2016/17 rape = 9"]
