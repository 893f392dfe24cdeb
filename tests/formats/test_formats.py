"""read_document and unpack_document: the content decides, the parts come in order, nothing is lost."""

import csv
import email.message
import io
import zipfile
from pathlib import Path

import docx
import pytest

from answerable.errors import UnreadableDocument
from answerable.formats import guess_media_type, read_document, unpack_document
from format_files import make_document, read, show, write_workbook


def test_docx_comes_in_body_order_with_merged_cells_once() -> None:
    letter = docx.Document()
    letter.add_paragraph("Question 1")
    letter.add_paragraph("")
    table = letter.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Year"
    table.cell(1, 2).text = "72"
    letter.add_paragraph("Question 2")
    file = io.BytesIO()
    letter.save(file)
    grids = read("reply.docx", file.getvalue())
    assert show(grids) == [
        ("text", [("p1", "Question 1")]),
        ("table 1", [("A1", "Year"), ("C2", "72")]),
        ("text 2", [("p3", "Question 2")]),
    ]
    merge = grids[1].merges[0]
    assert (merge.row, merge.col, merge.last_row, merge.last_col) == (0, 0, 0, 1)


def test_html_spans_and_inner_tables() -> None:
    page = b"<p>Before</p><table><tr><th colspan=2>Year<tr><td>a<td>b<table><tr><td>in</table></table>After"
    grids = read("reply.html", page)
    assert show(grids) == [
        ("text", [("p1", "Before")]),
        ("table 1", [("A1", "Year"), ("A2", "a"), ("B2", "b")]),
        ("table 2", [("A1", "in")]),
        ("text 2", [("p2", "After")]),
    ]


def test_mail_gives_its_body_and_its_attachments() -> None:
    message = email.message.EmailMessage()
    message["Subject"] = "Request 17/42"
    message.set_content("There have been 39 offences.\n")
    message.add_attachment(write_workbook(), maintype="application", subtype="octet-stream", filename="../../q3.xlsx")
    outer = make_document("reply.eml")
    grids = read_document(outer, message.as_bytes())
    assert show(grids) == [
        ("headers", [("p1", "Subject: Request 17/42")]),
        ("text", [("p2", "There have been 39 offences.")]),
    ]
    ((inner, data),) = unpack_document(outer, message.as_bytes())
    assert (inner.path, inner.parent, inner.name) == ("kent/reply.eml!q3.xlsx", "kent/reply.eml", "q3.xlsx")
    assert show(read_document(inner, data)) == [
        ('sheet "Q3"', [("A1", "Age"), ("B1", "2015"), ("A2", "13"), ("B2", "72")])
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_csv_of_any_encoding_and_delimiter(delimiter: str, encoding: str) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([["Force – name", "£"], ["Kent, Medway", "<5"], ["Sussex", "12"]])
    (grid,) = read("reply.csv", file.getvalue().encode(encoding))
    assert [cell.text for cell in grid.cells] == ["Force – name", "£", "Kent, Medway", "<5", "Sussex", "12"]
    assert [cell.ref for cell in grid.cells] == ["A1", "B1", "A2", "B2", "A3", "B3"]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.xls", b"<html><table></table>", "text/html"),  # disclosure logs serve HTML under .xls
        ("a.csv", write_workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.bin", b"\x00\x01", "application/octet-stream"),
        ("a.bin", b"%PDF-1.4", "application/pdf"),
        ("A.TXT", b"%PDF- is how a PDF starts", "text/plain"),
        ("mail", b"From: a@b.example\nTo: c@d.example\n\nx", "message/rfc822"),
        ("a.doc", b"{\\rtf1 }", "application/rtf"),
    ],
)
def test_content_decides_before_the_name(name: str, data: bytes, expected: str) -> None:
    assert guess_media_type(name, data) == expected


@pytest.mark.parametrize(("name", "data"), [("a.xlsx", b""), ("a.xyz", b"\x01\x02"), ("a.xlsx", b"PK\x03\x04broken")])
def test_what_cannot_be_read_says_where_what_and_what_next(name: str, data: bytes) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(name, data)
    assert caught.value.where == f"kent/{name}"
    assert caught.value.what and caught.value.next_step


def test_zip_members_cannot_climb() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../etc/a.csv", "x,1\n")
        archive.writestr("a/../a.csv", "y,2\n")
    outer = make_document("all.zip")
    assert read_document(outer, file.getvalue()) == ()
    paths = [document.path for document, _ in unpack_document(outer, file.getvalue())]
    assert paths == ["kent/all.zip!etc/a.csv", "kent/all.zip!a/a.csv"]


def test_every_messy_sheet_opens_or_says_why() -> None:
    folder = Path(__file__).parents[2].parent / "shared" / "corpus" / "messy-sheets"
    if not folder.is_dir():
        pytest.skip("no corpus beside the repository")
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        try:
            assert (
                read(path.name, data) or unpack_document(make_document(path.name), data) or path.stem == "libreoffice"
            )
        except UnreadableDocument as error:
            assert path.stem.startswith("encrypted"), error
