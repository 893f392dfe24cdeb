"""Grids -> Tables: where the body starts, which rows and columns label it, what stands over and under it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.model import Table
from answerable.tables import find_tables, join_tables
from building import build_grid, build_text


def outline(table: Table) -> tuple[tuple[int, int, int, int], tuple[int, ...], tuple[int, ...]]:
    body = table.body
    return (body.row, body.col, body.last_row, body.last_col), table.header_rows, table.header_cols


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["Age|2015/16|2016/17", "0|1|2", "1|3|2", "2|3|2"], [((1, 1, 3, 2), (0,), (0,))]),
        (["Age|0|1|2|3|Total", "Female|1|2|3|4|10"], [((1, 1, 1, 5), (0,), (0,))]),  # ages across are labels
        (["Year|No", "2010|60", "2011|7"], [((1, 1, 2, 1), (0,), (0,))]),  # years down are labels
        (["|2015/16||2016/17|", "|F|M|F|M", "Rape|1|2|3|4"], [((2, 1, 2, 4), (0, 1), (0,))]),
        (["Crime|Result|2015|2016", "Rape|Charged|3|4", "|Caution|2|1"], [((1, 2, 2, 3), (0,), (0, 1))]),
        (["2015/16|59", "2016/17|72"], [((0, 1, 1, 1), (), (0,))]),
        (
            ["Rape", "Year|No", "2010|6", "2011|7", "Assault", "Year|No", "2010|1", "2011|2"],
            [((2, 1, 3, 1), (1,), (0,)), ((6, 1, 7, 1), (5,), (0,))],
        ),
        (
            ["Age|2016/17||Sex|2016/17", "12|3||F|4", "13|3||M|4"],
            [((1, 1, 2, 1), (0,), (0,)), ((1, 4, 2, 4), (0,), (3,))],
        ),
        (["Offence|Sex|Date", "Rape|F|1/4/2016", "Rape|M|2/4/2016", "Rape|F|3/4/2016"], [((1, 0, 3, 2), (0,), ())]),
        (["Only words|here", "and|there"], []),
        ([], []),
    ],
)
def test_a_sheet_gives_its_tables(rows: list[str], expected: list[object]) -> None:
    assert [outline(table) for table in find_tables(build_grid(rows, kind="sheet"))] == expected


def test_titles_and_notes_belong_to_their_table() -> None:
    rows = ["Offences 2016/17", "", "Offence|Count", "Rape|5", "Assault|6", "", "* means fewer than five"]
    (table,) = find_tables(build_grid(rows, kind="sheet"))
    assert [cell.text for cell in table.title] == ["Offences 2016/17"]
    assert [cell.text for cell in table.notes] == ["* means fewer than five"]


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        (["2020 - 175", "2021 – 421"], ["2020", "175", "2021", "421"]),
        (["1a = 111", "2 = 24"], ["1a", "111", "2", "24"]),
        (["Making/Taking26"], ["Making/Taking", "26"]),
        (["1a. Charged - 5"], ["1a. Charged", "5"]),
        (["Outcome 2019 2020", "Charge 4 8", "Caution 3 4"],
         ["Outcome", "2019", "2020", "Charge", "4", "8", "Caution", "3", "4"]),
        (["|  |a|b|", "|--|--|--|", "|F|1|2|"], ["a", "b", "F", "1", "2"]),
        (["There have been 39 offences"], []),
        (["Our ref: 10905", "Telephone: 101"], []),
        (["Please reply by 5"], []),
    ],
)  # fmt: skip
def test_lines_give_tables_only_where_they_have_the_shape(lines: list[str], cells: list[str]) -> None:
    tables = find_tables(build_text(lines))
    assert [cell.text for table in tables for cell in table.grid.cells] == cells


def test_one_cell_a_line_is_cut_into_rows() -> None:
    lines = ["Outcome", "2019", "2020", "Charge", "4", "8", "Caution", "3", "4"]
    (table,) = find_tables(build_text(lines))
    assert outline(table) == ((1, 1, 2, 2), (0,), (0,))
    assert [cell.ref for cell in table.grid.cells] == [f"p{number}" for number in range(1, 10)]


@pytest.mark.parametrize(
    "lines",
    [
        # blank cells were lost: no value can be placed
        ["Age", "2019", "2020", "2021", "Girls", "4", "8", "Boys", "3", "4", "5"],
        # two label columns: one heading fewer than it seems
        ["Crime", "2019", "2020", "2021", "Rape", "Charged", "3", "4", "1", "Caution", "2", "1", "0"],
    ],
)
def test_a_flattened_table_that_cannot_be_placed_gives_nothing(lines: list[str]) -> None:
    assert find_tables(build_text(lines)) == ()


def test_only_the_rest_of_a_table_is_joined_to_it() -> None:
    first = find_tables(build_grid(["Offence|2016/17", "Rape|5", "Theft|6"], part="page 1, table 1"))
    rest = find_tables(build_grid(["Assault|7", "Total|18"], part="page 2, table 1"))
    other = find_tables(build_grid(["Sex|2016/17", "Female|7"], part="page 2, table 2"))
    joined = join_tables([*first, *rest, *other])
    assert [len(item.parts) for item in joined] == [2, 1]
    table = joined[0].table
    assert joined[0].find_part(table.body.last_row) == "page 2, table 1"
    assert joined[0].find_part(table.body.row) == "page 1, table 1"


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["", "5", "Rape", "2016/17", "*", "2016", "13", "Total"]), max_size=6), max_size=12
    )
)
def test_any_grid_is_cut_without_error_and_bodies_do_not_overlap(rows: list[list[str]]) -> None:
    grid = build_grid(["|".join(row) for row in rows], kind="sheet")
    taken: set[tuple[int, int]] = set()
    for table in find_tables(grid):
        body = table.body
        places = {(r, c) for r in range(body.row, body.last_row + 1) for c in range(body.col, body.last_col + 1)}
        assert not places & taken
        taken |= places
