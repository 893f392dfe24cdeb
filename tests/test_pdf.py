"""PDF bytes to Grids: what each layout of a table in a letter must come out as."""

import pytest

from answerable.errors import UnreadableDocument
from answerable.formats.pdf import read
from answerable.model import Document, Grid
from pdf_pages import finish_pdf, put_prose, put_table, start_pdf

OFFENCES = (
    ("Offence", "2015/16", "2016/17"),
    ("Sexual assault", "12", "19"),
    ("Sexual communication", "-", "<5"),
    ("Exposure", "1,204", "0"),
    ("Total", "1,216", "23"),
)


def read_pdf(data: bytes) -> tuple[Grid, ...]:
    return read(Document(sha256="0" * 64, name="a.pdf", media_type="application/pdf", path="kent/a.pdf"), data)


def show(grid: Grid) -> list[list[str]]:
    """The grid's texts by row and column, "" where nothing stands."""
    rows = max(cell.row for cell in grid.cells) + 1
    cols = max(cell.col for cell in grid.cells) + 1
    table = [[""] * cols for _ in range(rows)]
    for cell in grid.cells:
        table[cell.row][cell.col] = cell.text
    return table


def find_table_grids(data: bytes) -> list[Grid]:
    return [grid for grid in read_pdf(data) if grid.kind == "table"]


def test_ruled_table_between_prose_keeps_the_order_of_the_page() -> None:
    pdf = start_pdf()
    top = put_prose(pdf, 60, ["Thank you for your request.", "The figures are below."])
    top = put_table(pdf, top + 10, OFFENCES, (200, 70, 70))
    put_prose(pdf, top + 12, ["These figures come from a live system."])
    grids = read_pdf(finish_pdf(pdf))
    assert [(grid.kind, grid.part) for grid in grids] == [
        ("text", "page 1"),
        ("table", "page 1, table 1"),
        ("text", "page 1"),
    ]
    assert show(grids[1]) == [list(row) for row in OFFENCES]
    assert show(grids[2]) == [["These figures come from a live system."]]


def test_cell_ref_is_its_box_on_the_page() -> None:
    pdf = start_pdf()
    put_table(pdf, 100, OFFENCES, (200, 70, 70))
    (grid,) = read_pdf(finish_pdf(pdf))
    left, top, right, bottom = (int(n) for n in grid.cells[4].ref.split(","))
    assert 260 < left < right < 330
    assert 118 <= top < bottom <= 136


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a whole PDF"),
        (b"%PDF-1.7\nnothing else", "not a whole PDF"),
        (b"\x00" * 5000, "not a whole PDF"),
    ],
)
def test_what_is_no_pdf_is_unreadable(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableDocument, match=words):
        read_pdf(data)
