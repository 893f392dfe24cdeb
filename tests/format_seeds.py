"""One small valid document of each format, and the ways a fuzzer spoils it."""

import functools
import io
import zipfile
from email.message import EmailMessage

import docx
import odf.opendocument
import odf.table
import odf.text
import xlwt

from format_files import write_workbook

Edit = tuple[int, int, bytes]


def make_docx() -> bytes:
    letter = docx.Document()
    letter.add_paragraph("Question 1", style="List Number")
    table = letter.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Year"
    table.cell(1, 1).text = "72"
    letter.sections[0].footer.paragraphs[0].text = "OFFICIAL"
    # The library's template carries a picture and 30 kB of styles: without them a spoiled byte hits what is read.
    file = io.BytesIO()
    letter.save(file)
    small = io.BytesIO()
    with zipfile.ZipFile(file) as full, zipfile.ZipFile(small, "w") as archive:
        for name in full.namelist():
            if not name.endswith((".jpeg", "stylesWithEffects.xml", "theme1.xml")):
                archive.writestr(name, full.read(name))
    return small.getvalue()


def make_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Q3")
    sheet.write(0, 0, "Age")
    sheet.write(1, 0, 0.5, xlwt.easyxf(num_format_str="0.0%"))
    sheet.write_merge(2, 3, 0, 1, "merged")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def make_ods() -> bytes:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="Q3")
    row = odf.table.TableRow(numberrowsrepeated=2)
    cell = odf.table.TableCell(valuetype="float", value=72, numbercolumnsrepeated=2)
    cell.addElement(odf.text.P(text="72"))
    row.addElement(cell)
    table.addElement(row)
    book.spreadsheet.addElement(table)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def make_mail() -> bytes:
    inner = EmailMessage()
    inner["Subject"] = "Inner"
    inner.set_content("39 offences")
    outer = EmailMessage()
    outer["Subject"], outer["From"], outer["Date"] = "Réply", "FOI <foi@kent.example>", "Thu, 1 Jun 2017 09:30:00 +0100"
    outer.set_content("See attached")
    outer.add_alternative("<table><tr><td>1", subtype="html")
    outer.add_attachment(b"a,1\n", maintype="text", subtype="csv", filename="a.csv")
    outer.add_attachment(inner)
    return outer.as_bytes()


def make_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "a,1\n")
        archive.writestr("folder/b.txt", "there have been 39 offences")
    return file.getvalue()


RTF = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}"
    rb"caf\'e9 \u8211? 39\par\trowd\clvmgf\cellx100\cellx200\intbl a\cell b"
    rb"\cell\row\trowd\clvmrg\cellx100\cellx200\intbl\cell 72\cell\row\pard{\footnote n}end\par}"
)
HTML = (
    b"<!doctype html><title>t</title><p>a<b hidden>x</b><table><caption>c</caption><tr><th rowspan=2>y<th colspan=3>z"
    b"<tr><td>1<table><tr><td>2</table></table>end"
)


@functools.cache
def list_seeds() -> dict[str, bytes]:
    """File name -> bytes."""
    mail = make_mail()
    return {
        "a.xlsx": write_workbook(),
        "a.xls": make_xls(),
        "a.ods": make_ods(),
        "a.docx": make_docx(),
        "a.eml": mail,
        "a.mbox": b"From x\n" + mail + b"\n\nFrom y\n" + mail,
        "a.zip": make_zip(),
        "a.rtf": RTF,
        "a.html": HTML,
        "a.csv": b'Year;"Count, of ""all"""\r\n2015/16;72\r\n',
        "a.txt": "There have been 39 offences – £5\n".encode("cp1252"),
    }


def spoil_bytes(data: bytes, edits: list[Edit]) -> bytes:
    """Bytes with pieces overwritten: (place, how many to drop, what to put there), places taken round the end."""
    for place, drop, put in edits:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + drop :]
    return data


def spoil_member(data: bytes, which: int, edits: list[Edit]) -> bytes:
    """A zip with one member spoiled inside, so that what is broken is what the reader parses, not the zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as full, zipfile.ZipFile(file, "w") as archive:
        names = full.namelist()
        for index, name in enumerate(names):
            content = full.read(name)
            archive.writestr(name, spoil_bytes(content, edits) if index == which % len(names) else content)
    return file.getvalue()
