"""Workbooks as a person sees them, beside second readings of the same files."""

import io
from datetime import date
from pathlib import Path

import odf.opendocument
import odf.style
import odf.table
import odf.text
import openpyxl
import openpyxl.comments
import pytest
import python_calamine
import xlwt

from answerable.errors import UnreadableDocument
from answerable.formats.cells import name_ref
from answerable.formats.number_format import show_value
from answerable.formats.xlsx import read_ref
from answerable.model import Cell, Grid, Merge
from format_files import read

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "messy-sheets"

# Value, number format, what Excel shows. The first 13 are the commonest in replies.
SHOWN = [
    (72.0, "General", "72"),
    (42461, "dd/mm/yyyy", "01/04/2016"),
    (0.4484, "0.0%", "44.8%"),
    (1204, "#,##0", "1,204"),
    (-5, "#,##0;[Red]-#,##0", "-5"),
    (0, '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', " - "),
    (42461, "mmm-yy", "Apr-16"),
    (42461, 'yyyy"/"yy', "2016/16"),
    (3, '[<5]"*";0', "*"),  # a count suppressed by its format: the file still holds it
    (3, '[<5]"<5";0', "<5"),
    (12, '[<5]"<5";0', "12"),
    (5, '0" offences"', "5 offences"),
    (7, ";;;", ""),
    (0.1 + 0.2, "General", "0.3"),
    (1 / 3, "General", "0.333333333"),
    (0.005, "0.00", "0.01"),  # Excel rounds half away from zero on the decimal digits
    (2.5, "0", "3"),
    (-2.5, "0", "-3"),
    (1234567.891, '0.0,,"m"', "1.2m"),
    (999.995, "0.0E+00", "1.0E+03"),
    (0.5, "# ?/?", "1/2"),
    (1.5, "[h]:mm", "36:00"),
    (42461.75, "dd/mm/yyyy hh:mm", "01/04/2016 18:00"),
    (0.75, "h:mm AM/PM", "6:00 PM"),
    (59, "d mmm yyyy", "28 Feb 1900"),  # Excel counts a 29 February 1900 that never was
    (61, "d mmm yyyy", "1 Mar 1900"),
    (1e11, "0", "100000000000"),
    ("Kent", '0;-0;0;"Force: "@', "Force: Kent"),
    (12, "000", "012"),
    (1234.5, "[$£-809]#,##0.00", "£1,234.50"),
    (5, "(0)", "(5)"),
    (-1, "[<0]0;0", "-1"),
    (float(10**20), "General", "1E+20"),
]


@pytest.mark.parametrize(("value", "code", "shown"), SHOWN)
def test_a_number_shows_as_its_format_says(value: float | str, code: str, shown: str) -> None:
    assert show_value(value, code).replace("\u00a0", " ") == shown


def find_cell(grid: Grid, ref: str) -> Cell:
    return next(cell for cell in grid.cells if cell.ref == ref)


def write_book() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Q3"
    sheet["B2"], sheet["B2"].number_format = 42461, "dd/mm/yyyy"
    sheet["B3"], sheet["B3"].number_format = 0.4484, "0.0%"
    sheet["B4"], sheet["B4"].number_format = 3, ";;;"
    sheet["C2"], sheet["D2"] = True, "=1/0"
    sheet["E5"] = "note below"
    sheet["E5"].comment = openpyxl.comments.Comment("Counts are of victims", "x")
    sheet["A9"] = "hidden row"
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["E"].hidden = True
    sheet.merge_cells("B7:D8")
    sheet["B7"] = "merged"
    other = book.create_sheet("Working")
    other.sheet_state = "veryHidden"
    other["A1"] = 5
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_xlsx_gives_text_value_hidden_merges_and_comments() -> None:
    shown, comments, working = read("q3.xlsx", write_book())
    assert [grid.part for grid in (shown, comments, working)] == [
        'sheet "Q3"',
        'comments on sheet "Q3"',
        'sheet "Working"',
    ]
    assert (find_cell(shown, "B2").text, find_cell(shown, "B2").value) == ("01/04/2016", date(2016, 4, 1))
    assert (find_cell(shown, "B3").text, find_cell(shown, "B3").value) == ("44.8%", 0.4484)
    assert (find_cell(shown, "B4").text, find_cell(shown, "B4").hidden) == ("3", True)
    assert (find_cell(shown, "C2").text, find_cell(shown, "C2").kind) == ("TRUE", "bool")
    assert [cell.ref for cell in shown.cells if cell.hidden] == ["B4", "E5", "A9"]
    assert shown.merges == (Merge(row=6, col=1, last_row=7, last_col=3),)
    assert [(cell.ref, cell.text) for cell in comments.cells] == [("E5", "Counts are of victims")]
    assert working.cells[0].hidden


def test_xls_gives_text_value_hidden_and_merges() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Q3")
    sheet.write(1, 1, 42461, xlwt.easyxf(num_format_str="dd/mm/yyyy"))
    sheet.write(2, 1, 0.4484, xlwt.easyxf(num_format_str="0.0%"))
    sheet.write_merge(6, 7, 1, 3, "merged")
    sheet.write(8, 0, "hidden row")
    sheet.row(8).hidden = True
    book.add_sheet("Working").write(0, 0, 5)
    book.get_sheet(1).visibility = 1
    file = io.BytesIO()
    book.save(file)
    shown, working = read("q3.xls", file.getvalue())
    assert [(cell.ref, cell.text) for cell in shown.cells] == [
        ("B2", "01/04/2016"),
        ("B3", "44.8%"),
        ("B7", "merged"),
        ("A9", "hidden row"),
    ]
    assert (shown.cells[0].value, shown.cells[3].hidden) == (date(2016, 4, 1), True)
    assert shown.merges == (Merge(row=6, col=1, last_row=7, last_col=3),)
    assert working.cells[0].hidden


def write_ods() -> bytes:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    unseen = odf.style.Style(name="unseen", family="table")
    unseen.addElement(odf.style.TableProperties(display="false"))
    book.automaticstyles.addElement(unseen)
    table = odf.table.Table(name="Q3")
    row = odf.table.TableRow()
    cell = odf.table.TableCell(numbercolumnsspanned=2, valuetype="percentage", value=0.4484)
    cell.addElement(odf.text.P(text="44.8%"))
    row.addElement(cell)
    row.addElement(odf.table.CoveredTableCell(numbercolumnsrepeated=3))
    last = odf.table.TableCell(valuetype="date", datevalue="2016-04-01")
    last.addElement(odf.text.P(text="01/04/16"))
    row.addElement(last)
    table.addElement(row)
    table.addElement(odf.table.TableRow(numberrowsrepeated=1_000_000))
    hidden = odf.table.TableRow(visibility="collapse", numberrowsrepeated=2)
    cell = odf.table.TableCell(valuetype="float", value=5, numbercolumnsrepeated=2)
    cell.addElement(odf.text.P(text="5"))
    hidden.addElement(cell)
    table.addElement(hidden)
    book.spreadsheet.addElement(table)
    working = odf.table.Table(name="Working", stylename=unseen)
    row = odf.table.TableRow()
    cell = odf.table.TableCell(valuetype="string")
    cell.addElement(odf.text.P(text="draft"))
    row.addElement(cell)
    working.addElement(row)
    book.spreadsheet.addElement(working)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_ods_gives_text_value_hidden_merges_and_repeats() -> None:
    shown, working = read("q3.ods", write_ods())
    assert [(cell.ref, cell.text, cell.hidden) for cell in shown.cells] == [
        ("A1", "44.8%", False),
        ("E1", "01/04/16", False),
        ("A1000002", "5", True),
        ("B1000002", "5", True),
        ("A1000003", "5", True),
        ("B1000003", "5", True),
    ]
    assert (shown.cells[0].value, shown.cells[1].value) == (0.4484, date(2016, 4, 1))
    assert shown.merges == (Merge(row=0, col=0, last_row=0, last_col=1),)
    assert working.cells[0].hidden


def test_a_lone_cell_in_the_last_corner_is_read() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "a", 1
    file = io.BytesIO()
    book.save(file)
    (grid,) = read("q3.xlsx", file.getvalue())
    assert [cell.ref for cell in grid.cells] == ["A1", "XFD1048576"]


@pytest.mark.parametrize("pattern", ["*.xlsx", "*.xlsm", "*.xls", "*.ods"])
def test_every_cell_of_the_messy_sheets_is_the_one_a_second_reader_finds(pattern: str) -> None:
    if not CORPUS.is_dir():
        pytest.skip("no corpus beside the repository")
    for path in sorted(CORPUS.glob(pattern)):
        data = path.read_bytes()
        if path.stem.startswith("encrypted"):
            with pytest.raises(UnreadableDocument, match="password"):
                read(path.name, data)
            continue
        own = {(grid.part, cell.ref) for grid in read(path.name, data) for cell in grid.cells if grid.kind == "sheet"}
        assert own == find_cells(data), path.name


def find_cells(data: bytes) -> set[tuple[str, str]]:
    book = python_calamine.load_workbook(io.BytesIO(data))
    found = set()
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        first = sheet.start[1] if sheet.start else 0
        for row, values in enumerate(sheet.iter_rows() if sheet.start else ()):
            found |= {
                (f'sheet "{name}"', name_ref(row, col)) for col, value in enumerate(values, first) if str(value).strip()
            }
    return found


@pytest.mark.parametrize(
    ("ref", "place"), [("A1", (0, 0)), ("$xfd$1048576", (1048575, 16383)), ("1A", None), ("", None)]
)
def test_addresses_are_read_and_written_the_same(ref: str, place: tuple[int, int] | None) -> None:
    assert read_ref(ref) == place
    assert place is None or name_ref(*place) == ref.replace("$", "").upper()
