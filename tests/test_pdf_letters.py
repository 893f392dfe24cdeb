"""Two real letters, where they are present: every number of every table, as read by eye on the page.

Only numbers are kept here, row by row without the label, "." where a cell is empty: the letters name people.
"""

from pathlib import Path

import pytest

from answerable.formats.pdf import read
from answerable.model import Document, Grid

LETTERS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "hospital-crime"

CUMBRIA = """
page 2, table 1
635
505
569
513
278
2500
page 2, table 2
1 . 3 1 . 5
2 2 2 4 . 10
2 . 1 . 1 4
5 3 3 2 1 14
1 . 1 . . 2
69 48 54 50 33 254
. 1 . . . 1
. . . 1 . 1
1 . . . . 1
1 . . 2 . 3
2 . 1 . . 3
2 9 1 1 . 13
. . . 1 . 1
. . . 2 . 2
5 3 2 4 3 17
11 10 10 19 13 63
52 25 27 20 11 135
. . . 1 . 1
3 6 4 . 2 15
11 6 6 8 12 43
1 2 2 . 2 7
64 34 54 55 25 232
8 15 20 18 13 74
8 4 3 3 1 19
. 1 . . . 1
19 16 38 25 7 105
2 . 1 . . 3
6 2 . . . 8
. 1 1 3 . 5
1 . . 1 . 2
99 60 89 74 26 348
page 3, table 1
259 257 246 218 128 1108
635 505 569 513 278 2500
page 3, table 2
. 1 . . 1 . .
. . . 1 1 . .
. 2 . 5 9 . .
. 94 . 150 101 . .
. 7 . 12 7 . .
. 23 . 10 15 . .
. . . 1 5 . .
. 7 . 10 4 . .
. 4 . 2 . . .
2 59 2 74 50 . 1
1 99 1 65 74 . 1
4 413 3 120 153 . 3
2 99 2 47 57 1 2
. 1 . 5 1 . .
. 1 . . 1 . .
. 1 . . . . .
. 77 2 24 73 . .
page 4, table 1
. 9 1 . 7
. 11 . 4 2
page 4, table 2
. . . . . 1 . .
1 . 1 . . 3 1 .
. . . . . 3 . .
1 . 2 1 1 61 5 1
. . . . . 3 1 .
. . 1 1 . 3 3 .
. . . 2 . 1 . .
2 . 1 . . 2 2 1
1 2 4 . . 31 9 4
. . 3 1 . 48 14 1
1 . 3 . . 124 15 15
1 . 3 . . 40 5 1
page 5, table 1
. . . . . . . .
. . . . . 1 . 1
. . . . . 19 13 2
. . . . . 4 . .
. . . . . 1 1 .
"""
HUMBERSIDE = """
page 1, table 1
2019 2020 2021 2022 2023 2024
1 . . . . .
2 3 3 . 1 2
6 8 10 16 21 1
8 2 7 6 10 1
. . . . 1 .
38 51 52 32 48 17
3 1 2 7 1 .
7 4 5 4 6 5
7 12 6 8 7 1
14 4 21 23 21 7
62 44 57 46 66 17
5 9 11 8 6 4
2 2 2 1 3 3
65 87 78 84 91 17
18 20 12 24 31 6
. 1 1 2 3 .
page 2, table 1
. 1 3 4 1 .
2 3 2 . 5 2
11 12 14 12 20 7
4 14 5 2 10 .
3 3 2 5 8 1
5 2 2 6 5 1
. 2 . . 2 .
49 42 42 80 80 12
145 159 128 111 162 49
page 2, table 2
2019 2020 2021 2022 2023 2024
89 114 117 67 106 30
. . 3 7 18 5
2 2 6 3 1 .
13 21 22 35 17 7
1 1 1 2 2 2
6 8 7 9 15 6
. . . 3 8 .
90 92 83 99 113 28
95 85 70 88 134 33
1 1 1 1 2 .
96 85 93 91 122 22
26 24 16 13 10 5
. . . 6 1 .
. . . . 1 .
. 1 3 3 1 1
3 10 8 5 17 2
22 13 7 15 9 2
page 3, table 1
1 . . 1 1 .
1 9 9 14 6 2
. . 1 1 4 .
. 1 1 . . .
. . 1 2 1 .
1 2 1 . . .
. . . 1 . .
2 2 5 4 . .
8 14 10 8 10 8
. . . . 8 .
. . . . 1 .
. 1 . 3 1 .
"""


def read_letter(name: str) -> list[Grid]:
    path = LETTERS / name
    if not path.is_file():
        pytest.skip(f"{name} is not here")
    document = Document(sha256="", name=name, media_type="application/pdf", path=name)
    return [grid for grid in read(document, path.read_bytes()) if grid.kind == "table"]


def show_numbers(grid: Grid) -> list[str]:
    """Each row's numbers after its label; rows of words are left out."""
    lines = []
    for row in range(max(cell.row for cell in grid.cells) + 1):
        values = {cell.col: cell.text for cell in grid.cells if cell.row == row and cell.col}
        if all(value.isdigit() for value in values.values()):
            last = max(cell.col for cell in grid.cells)
            lines.append(" ".join(values.get(col, ".") for col in range(1, last + 1)))
    return lines


@pytest.mark.parametrize(("name", "expected"), [("Cumbria.pdf", CUMBRIA), ("Humberside.pdf", HUMBERSIDE)])
def test_every_number_of_a_real_letter(name: str, expected: str) -> None:
    found = [line for grid in read_letter(name) for line in (grid.part, *show_numbers(grid))]
    assert found == expected.strip().splitlines()


def test_real_letter_adds_up() -> None:
    """The reading by eye is borne out by the letter's own totals: each row, and each year over both pages."""
    rows = [line.replace(".", "0").split() for grid in read_letter("Cumbria.pdf")[1:3] for line in show_numbers(grid)]
    numbers = [[int(number) for number in row] for row in rows]
    assert all(sum(row[:-1]) == row[-1] for row in numbers)
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]
