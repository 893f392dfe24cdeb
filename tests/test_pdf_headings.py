"""Headings of PDF tables that are wider than their columns: what a page prints over several, or beyond its border."""

import pytest

from pdf_pages import finish_pdf, put_table, start_pdf
from test_pdf import find_table_grids, show

SEXES = ("Females", "Boys", "Unspecified")


@pytest.mark.parametrize("periods", [("2021/22", "2022/23"), ("Apr 2021 - Mar 2022", "Apr 2022 - Mar 2023")])
def test_bare_periods_over_three_columns_are_a_level_of_their_own(periods: tuple[str, str]) -> None:
    pdf = start_pdf()
    pdf.text(64, 112, "Age of victim")
    for number, period in enumerate(periods):
        pdf.text(160 + 180 * number + 90 - pdf.get_string_width(period) / 2, 112, period)
    rows = [
        ("", *SEXES, *SEXES),
        ("0 to 11", "17", "11", "4", "75", "34", "6"),
        ("12-15", "64", "22", "9", "8", "9", "5"),
    ]
    put_table(pdf, 118, rows, (100, *(60,) * 6), ruled=False)
    (grid,) = find_table_grids(finish_pdf(pdf))
    table = show(grid)
    assert ["".join(table[0][1:4]), "".join(table[0][4:])] == list(periods)
    assert table[1] == ["", *SEXES, *SEXES]
    assert table[2] == list(rows[1])


def test_a_period_that_wraps_is_one_label_and_no_row() -> None:
    pdf = start_pdf()
    rows = [("Year", "Offences"), ("FY", "30"), ("2021/22", ""), ("FY", "31"), ("2022/23", ""), ("FY", "9")]
    top = put_table(pdf, 100, rows, (60, 80), height=16, ruled=False)
    pdf.text(64, top + 10, "2023/24")
    (grid,) = find_table_grids(finish_pdf(pdf))
    assert show(grid) == [["Year", "Offences"], ["FY 2021/22", "30"], ["FY 2022/23", "31"], ["FY 2023/24", "9"]]


def test_a_year_or_word_that_reaches_over_its_border_stays_whole() -> None:
    pdf = start_pdf()
    rows = [("Year", "Sex", "Number"), ("2023/2024", "Female", "21"), ("publications", "Male", "11")]
    put_table(pdf, 100, rows, (40, 80, 60), right=False)
    (grid,) = find_table_grids(finish_pdf(pdf))
    assert show(grid) == [list(row) for row in rows]


def test_another_question_begins_another_table() -> None:
    pdf = start_pdf()
    first = [("Age", "2022-23", "2023-24"), ("0-11", "121", "206"), ("12-15", "411", "713")]
    second = [("Age", "Female", "Male", "Unknown"), ("0-11", "113", "34", "21"), ("12-15", "347", "151", "43")]
    top = put_table(pdf, 100, first, (100, 70, 70), ruled=False)
    pdf.text(64, top + 12, "Q4")
    put_table(pdf, top + 16, second, (100, 60, 90, 110), ruled=False)
    grids = find_table_grids(finish_pdf(pdf))
    assert [show(grid) for grid in grids] == [[list(row) for row in first], [list(row) for row in second]]


def test_wrapped_headings_of_drawn_cells_are_one_row_however_close() -> None:
    pdf = start_pdf()
    widths = (50, 64, 60)
    left = 60
    for width, lines in zip(
        widths, (["Year"], ["POSSESSION", "OF AN", "INDECENT"], ["MEETING A", "FEMALE"]), strict=True
    ):
        pdf.rect(left, 100, width, 40)
        for number, line in enumerate(lines):
            pdf.text(left + width - pdf.get_string_width(line) - 1, 110 + 12 * number, line)
        left += width
    put_table(pdf, 140, [("2021-22", "5", "22"), ("2022-23", "42", "9")], widths)
    (grid,) = find_table_grids(finish_pdf(pdf))
    assert show(grid)[0] == ["Year", "POSSESSION OF AN INDECENT", "MEETING A FEMALE"]
    assert show(grid)[1:] == [["2021-22", "5", "22"], ["2022-23", "42", "9"]]
