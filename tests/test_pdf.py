"""PDF bytes to Grids: what each layout of a table in a letter must come out as."""

import io

import pypdfium2
import pytest

from answerable.errors import UnreadableDocument
from answerable.formats.pdf import read
from answerable.model import Document, Grid
from pdf_pages import finish_pdf, put_prose, put_spanning, put_table, start_pdf

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


def test_unruled_table_between_prose() -> None:
    pdf = start_pdf()
    prose = ["Please find below the number of offences recorded in each of the two years that you asked for,"]
    top = put_prose(pdf, 60, [*prose, "by offence."])
    top = put_table(pdf, top + 14, OFFENCES, (200, 70, 70), ruled=False)
    put_prose(pdf, top + 14, ["Some of these offences may have been recorded later than they were committed, and"])
    grids = read_pdf(finish_pdf(pdf))
    assert [grid.kind for grid in grids] == ["text", "table", "text"]
    assert show(grids[1]) == [list(row) for row in OFFENCES]


def test_columns_of_figures_set_close_together() -> None:
    rows = [("Age", *(str(age) for age in range(8, 18)))]
    rows += [
        (year, *(str((age * seed) % 90) for age in range(8, 18))) for year, seed in (("2015/16", 7), ("2016/17", 5))
    ]
    pdf = start_pdf()
    put_table(pdf, 80, rows, (60, *[24] * 10), ruled=False)
    (grid,) = find_table_grids(finish_pdf(pdf))
    assert show(grid) == [list(row) for row in rows]


def test_figure_close_to_its_label_is_a_cell_of_its_own() -> None:
    # A label that nearly fills its column leaves less than a space before the figure set left in the next.
    rows = [("Making/Taking indecent images", "26", "31"), ("Distributing", "4", "5"), ("Total", "30", "36")]
    pdf = start_pdf()
    width = pdf.get_string_width(rows[0][0]) + 5
    put_table(pdf, 80, rows, (width, 40, 40), right=False)
    (grid,) = find_table_grids(finish_pdf(pdf))
    assert show(grid) == [list(row) for row in rows]


def test_rule_down_through_a_run_of_letters_parts_it() -> None:
    # One piece of text without a space, with the rule between label and figure drawn through it.
    pdf = start_pdf()
    top = 80.0
    for label, figure in (("Making/Taking", "26"), ("Possession", "4")):
        pdf.text(64, top + 12, label + figure)
        at = 64 + pdf.get_string_width(label)
        pdf.rect(60, top, at - 60, 18)
        pdf.rect(at, top, 60, 18)
        top += 18
    grids = find_table_grids(finish_pdf(pdf))
    texts = [cell.text for grid in grids for cell in grid.cells]
    assert texts == ["Making/Taking", "26", "Possession", "4"]


def test_merged_header_over_two_years() -> None:
    pdf = start_pdf()
    put_spanning(pdf, 80, 60, "Offence", 160, 36)
    put_spanning(pdf, 80, 220, "Number recorded", 140)
    put_table(pdf, 98, [("2015/16", "2016/17")], (70, 70), left=220)
    put_table(pdf, 116, [("Rape", "3", "11"), ("Exposure", "5", "8")], (160, 70, 70))
    (grid,) = find_table_grids(finish_pdf(pdf))
    assert [(m.row, m.col, m.last_row, m.last_col) for m in grid.merges] == [(0, 0, 1, 0), (0, 1, 0, 2)]
    assert show(grid) == [
        ["Offence", "Number recorded", ""],
        ["", "2015/16", "2016/17"],
        ["Rape", "3", "11"],
        ["Exposure", "5", "8"],
    ]


def test_unruled_header_over_two_years_spans_them() -> None:
    pdf = start_pdf()
    pdf.text(330 - pdf.get_string_width("Number of offences") / 2, 92, "Number of offences")
    put_table(pdf, 98, OFFENCES, (200, 70, 70), ruled=False)
    (grid,) = find_table_grids(finish_pdf(pdf))
    assert show(grid)[0] == ["", "Number of offences", ""]
    assert show(grid)[1:] == [list(row) for row in OFFENCES]
    assert [(m.row, m.col, m.last_col) for m in grid.merges] == [(0, 1, 2)]


def test_wrapped_labels_and_headings_are_one_cell() -> None:
    pdf = start_pdf()
    for x, width, lines in (
        (60, 150, ["Offence"]),
        (210, 90, ["Number of", "crimes recorded"]),
        (300, 90, ["Number of", "victims"]),
    ):
        pdf.rect(x, 80, width, 36)
        for k, line in enumerate(lines):
            pdf.text(x + 4, 94 + 14 * k, line)
    for k, (label, figures) in enumerate(
        ((["Sexual communication", "with a child"], ("12", "10")), (["Causing a child to", "watch"], ("3", "3")))
    ):
        top = 116 + 36 * k
        for x, width in ((60, 150), (210, 90), (300, 90)):
            pdf.rect(x, top, width, 36)
        for j, line in enumerate(label):
            pdf.text(64, top + 14 + 14 * j, line)
        for x, figure in zip((214, 304), figures, strict=True):
            pdf.text(x, top + 28, figure)
    (grid,) = find_table_grids(finish_pdf(pdf))
    assert show(grid) == [
        ["Offence", "Number of crimes recorded", "Number of victims"],
        ["Sexual communication with a child", "12", "10"],
        ["Causing a child to watch", "3", "3"],
    ]


def test_unruled_label_that_wraps_joins_its_figures() -> None:
    pdf = start_pdf()
    rows = [
        (60, "Offence", None),
        (90, "Sexual communication", "12"),
        (103, "with a child", None),
        (125, "Arranging or facilitating", "4"),
        (138, "an offence", None),
        (160, "Exposure", "7"),
    ]
    for top, label, figure in rows:
        pdf.text(60, top, label)
        if figure:
            pdf.text(260, top, figure)
    pdf.text(260, 60, "2016/17")
    (grid,) = find_table_grids(finish_pdf(pdf))
    assert show(grid) == [
        ["Offence", "2016/17"],
        ["Sexual communication with a child", "12"],
        ["Arranging or facilitating an offence", "4"],
        ["Exposure", "7"],
    ]


def test_two_tables_on_a_page_with_prose_between() -> None:
    pdf = start_pdf()
    top = put_table(pdf, 80, OFFENCES, (200, 70, 70))
    top = put_prose(pdf, top + 20, ["Question 2. Age of victim"])
    second = [("Age", "2016/17"), ("12", "4"), ("13", "9")]
    put_table(pdf, top + 10, second, (100, 80), ruled=False)
    grids = read_pdf(finish_pdf(pdf))
    assert [grid.part for grid in grids] == ["page 1, table 1", "page 1", "page 1, table 2"]
    assert show(grids[2]) == [list(row) for row in second]


def test_table_that_goes_on_overleaf_stays_two_grids_with_their_columns() -> None:
    pdf = start_pdf()
    put_table(pdf, 700, OFFENCES[:3], (200, 70, 70))
    pdf.add_page()
    rest = [("Offence", "2015/16", "2016/17"), ("Exposure", "", "8"), ("Voyeurism", "", "2")]
    put_table(pdf, 40, rest, (200, 70, 70))
    first, second = find_table_grids(finish_pdf(pdf))
    assert (first.part, second.part) == ("page 1, table 1", "page 2, table 1")
    assert show(second) == [["Offence", "2015/16", "2016/17"], ["Exposure", "", "8"], ["Voyeurism", "", "2"]]


def test_empty_drawn_column_keeps_its_place() -> None:
    pdf = start_pdf()
    put_table(pdf, 80, [("Exposure", "", "8"), ("Voyeurism", "", "2")], (200, 70, 70))
    (grid,) = find_table_grids(finish_pdf(pdf))
    assert [(cell.col, cell.text) for cell in grid.cells] == [(0, "Exposure"), (2, "8"), (0, "Voyeurism"), (2, "2")]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_table_turned_on_its_side_reads_the_same(angle: int) -> None:
    pdf = start_pdf()
    with pdf.rotation(angle, 300, 420):
        put_table(pdf, 420, OFFENCES, (200, 70, 70), left=200)
    (grid,) = find_table_grids(finish_pdf(pdf))
    assert show(grid) == [list(row) for row in OFFENCES]


def test_page_turned_by_its_own_setting_reads_the_same() -> None:
    pdf = start_pdf()
    put_table(pdf, 80, OFFENCES, (200, 70, 70))
    document = pypdfium2.PdfDocument(finish_pdf(pdf))
    document[0].set_rotation(90)
    buffer = io.BytesIO()
    document.save(buffer)
    # The page is seen turned, the text lies on its side: cells as before, boxes as they are seen.
    (grid,) = find_table_grids(buffer.getvalue())
    assert show(grid) == [list(row) for row in OFFENCES]
    left, top, right, bottom = (int(n) for n in grid.cells[0].ref.split(","))
    assert right - left < bottom - top


def test_box_without_columns_is_text() -> None:
    pdf = start_pdf()
    pdf.rect(50, 70, 400, 60)
    put_prose(pdf, 80, ["This letter answers your request of 5 May.", "It does not answer any other request."])
    assert [grid.kind for grid in read_pdf(finish_pdf(pdf))] == ["text"]


def test_chart_is_no_table() -> None:
    pdf = start_pdf()
    pdf.line(100, 300, 400, 300)
    pdf.line(100, 100, 100, 300)
    for k in range(5):
        pdf.text(70, 300 - 40 * k, str(50 * k))
        pdf.text(110 + 60 * k, 315, str(2013 + k))
        pdf.line(100 + 60 * k, 280 - 30 * k, 160 + 60 * k, 250 - 31 * k)
    grids = read_pdf(finish_pdf(pdf))
    assert {grid.kind for grid in grids} == {"text"}
    assert {"2013", "200"} <= {word for grid in grids for cell in grid.cells for word in cell.text.split()}


def test_prose_that_wraps_is_one_paragraph_and_a_list_is_a_row_a_line() -> None:
    pdf = start_pdf()
    put_prose(
        pdf,
        60,
        [
            "There have been 39 offences recorded by this force in the year, and a further five that were",
            "recorded in the year before.",
        ],
    )
    put_prose(pdf, 110, ["2020 - 175", "2021 - 180", "1a. Charged - 5"])
    (grid,) = read_pdf(finish_pdf(pdf))
    assert [cell.text.split()[0] for cell in grid.cells] == ["There", "2020", "2021", "1a."]
    assert grid.cells[0].text.endswith("five that were recorded in the year before.")


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
