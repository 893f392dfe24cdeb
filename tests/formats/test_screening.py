"""What a file gives away: each kind found once in a file made for it, harmless look-alikes left alone, all masked."""

import csv
import io
import zipfile

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.formats import read_document
from answerable.formats.safely import open_safely
from answerable.formats.screening import CHECKS, screen_document
from answerable.formats.screening.personal import is_insurance_prefix, is_nhs_number
from answerable.model import Finding
from format_files import make_document


def screen(name: str, data: bytes, domains: tuple[str, ...] = ()) -> dict[str, Finding]:
    document = make_document(name)
    found = screen_document(document, data, read_document(document, data), domains=domains)
    return {finding.check: finding for finding in found}


def write_rows(rows: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


# The numbers are test numbers: NHS numbers of the 999 test range, an insurance number HMRC prints as an example
# with its prefix changed to a valid one, and telephone numbers of Ofcom's range for drama.
FOUND = [
    ([["Patient 999 000 0018"]], "quarantine-nhs-number"),
    ([["NHS no", "Age"], ["9990000018", "13"]], "quarantine-nhs-number"),
    ([["NI: AB 12 34 56 C"]], "quarantine-national-insurance-number"),
    ([["write to jo.bloggs@mail.example"]], "quarantine-email-address"),
    ([["07700 900123"]], "quarantine-phone-number"),
    ([["Contact", "x"], ["01632 960123", "1"]], "quarantine-phone-number"),
    ([["seen on ward, DOB 01/02/2003"]], "quarantine-date-of-birth"),
    ([["Surname", "D.O.B."], ["Bloggs", "01/02/2003"]], "quarantine-name-and-birth"),
    ([["Age", "Date of birth"], ["14", "2003-02-01"]], "quarantine-date-of-birth"),
]
CLEAN = [
    [["9990000018", "a count"]],  # ten digits that no label calls an NHS number
    [["999 000 0019"]],  # wrong check digit
    [["0000000000", "NHS"]],
    [["QQ 12 34 56 C"]],  # a prefix that HMRC never gives out
    [["foi@kent.police.uk"], ["foi@example.nhs.uk"]],
    [["FOI 01632/960123"]],
    [["Force name", "2015/16"], ["Kent", "01/02/2003"]],
    [["Offence", "2015/16"], ["13", "72"]],
    [["Reference 20170123456"]],
]


@pytest.mark.parametrize(("rows", "check"), FOUND)
def test_personal_data_is_found_and_never_repeated(rows: list[list[str]], check: str) -> None:
    found = screen("a.csv", write_rows(rows))
    assert list(found) == [check]
    said = found[check].message + repr(found[check].source)
    assert not any(cell in said for row in rows for cell in row if len(cell) > 3)


@pytest.mark.parametrize("rows", CLEAN)
def test_look_alikes_are_left_alone(rows: list[list[str]]) -> None:
    assert screen("a.csv", write_rows(rows)) == {}


def test_the_authority_s_own_domain_gives_no_one_away() -> None:
    assert screen("a.txt", b"Write to foi@force.example", domains=("force.example",)) == {}


def test_a_letter_s_office_telephone_is_left_alone_but_a_mobile_is_not() -> None:
    assert screen("a.txt", b"Telephone 01632 960123") == {}
    assert list(screen("a.txt", b"Telephone 07700 900123")) == ["quarantine-phone-number"]


@given(st.integers(100_000_000, 999_999_999))
def test_at_most_one_last_digit_makes_an_nhs_number(first: int) -> None:
    assert sum(is_nhs_number(f"{first}{last}") for last in range(10)) <= 1


@pytest.mark.parametrize(
    ("prefix", "valid"), [("AB", True), ("GB", False), ("QQ", False), ("AO", False), ("ZZ", False)]
)
def test_insurance_prefixes(prefix: str, valid: bool) -> None:
    assert is_insurance_prefix(prefix) is valid


def test_hidden_sheets_rows_and_columns_are_told_apart() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 5):
        sheet.append([f"a{row}", f"b{row}", f"c{row}"])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    other = book.create_sheet("Working")
    other["A1"], other.sheet_state = "x", "hidden"
    book.properties.creator = "Jo Bloggs"
    file = io.BytesIO()
    book.save(file)
    found = screen("a.xlsx", file.getvalue())
    assert list(found) == [
        "quarantine-hidden-sheet",
        "quarantine-hidden-rows",
        "quarantine-hidden-columns",
        "quarantine-document-properties",
    ]
    assert "3 filled cells in hidden rows" in found["quarantine-hidden-rows"].message
    assert "3 filled cells in hidden columns" in found["quarantine-hidden-columns"].message
    assert "Bloggs" not in found["quarantine-document-properties"].message
    assert found["quarantine-hidden-sheet"].subject == "kent"
    document = make_document("a.xlsx")
    assert {finding.check: finding for finding in open_safely(document, file.getvalue()).findings} == found


@pytest.mark.parametrize(
    ("part", "check"),
    [
        ("xl/pivotCache/pivotCacheDefinition1.xml", "quarantine-pivot-cache"),
        ("xl/embeddings/oleObject1.bin", "quarantine-embedded-object"),
        ("xl/vbaProject.bin", "quarantine-macros"),
        ("xl/externalLinks/externalLink1.xml", "quarantine-external-link"),
    ],
)
def test_what_a_workbook_carries_beside_its_cells(part: str, check: str) -> None:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(part, "x")
    assert list(screen("a.xlsx", file.getvalue())) == [check]


def test_tracked_deletions_and_hidden_text_of_a_letter() -> None:
    letter = docx.Document()
    letter.add_paragraph("secret").runs[0].font.hidden = True
    paragraph = letter.add_paragraph("shown")._p
    deleted = docx.oxml.parse_xml(
        '<w:del xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:id="1" w:author="x">'
        "<w:r><w:delText>gone</w:delText></w:r></w:del>"
    )
    paragraph.append(deleted)
    file = io.BytesIO()
    letter.save(file)
    document = make_document("a.docx")
    grids = read_document(document, file.getvalue())
    assert [cell.text for grid in grids for cell in grid.cells] == ["secret", "shown"]
    assert list(screen("a.docx", file.getvalue())) == ["quarantine-hidden-text", "quarantine-tracked-changes"]


def test_a_count_masked_by_its_format_is_found_and_not_said() -> None:
    book = openpyxl.Workbook()
    for row, (count, code) in enumerate(
        ((3, '[<5]"*";0'), (4, '[<5]"<5";0'), (7, "0"), (0, '0;-0;"-"'), (1, '0"%"')), 1
    ):
        book.active.cell(row, 1, count).number_format = code
    file = io.BytesIO()
    book.save(file)
    found = screen("a.xlsx", file.getvalue())
    assert list(found) == ["quarantine-masked-number"]
    assert "A1: 2 numbers" in found["quarantine-masked-number"].message


def test_a_web_page_s_hidden_text_is_marked() -> None:
    page = b"<p>shown<p style='display: none'>hidden<p hidden>also"
    grids = read_document(make_document("a.html"), page)
    assert [(cell.text, cell.hidden) for cell in grids[0].cells] == [("shown", False), ("hidden", True), ("also", True)]
    assert list(screen("a.html", page)) == ["quarantine-hidden-text"]


def test_every_check_says_what_next() -> None:
    assert all(check.startswith("quarantine-") and what and next_step for check, (_, what, next_step) in CHECKS.items())
