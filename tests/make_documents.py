"""Writes tests/documents: small replies, each made for one trap of its format. Run it after changing one of them.

Their figures are made up for the trap and stand for no authority.
"""

import io
import shutil
import subprocess
import tempfile
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import xlwt

from format_seeds import make_ods

FOLDER = Path(__file__).resolve().parent / "documents"
BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><mc:AlternateContent>'
    '<mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>* means fewer than five</w:t></w:r>'
    "</w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r>"
    "<w:t>* means fewer than five</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def make_hidden() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Response"
    for row in (["Year", "Offences", "Crime reference"], ["2015/16", 59, "A1"], ["2016/17", 72, "A2"], ["Check", 131]):
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["C"].hidden = True
    working = book.create_sheet("Working")
    working.append(["Offence date", "Age"])
    working.append(["03/05/2016", 13])
    working.sheet_state = "hidden"
    return save(book)


def make_suppressed() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Age", "2016/17"])
    for age, count in ((12, 3), (13, 21), (14, 0)):
        sheet.append([age, count])
        sheet.cell(sheet.max_row, 2).number_format = '[=0]0;[<5]"*";#,##0'
    return save(book)


def make_percent() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Table")
    for col, text in enumerate(("Month", "Offences", "Share flagged")):
        sheet.write(0, col, text)
    sheet.write(1, 0, 42461, xlwt.easyxf(num_format_str="mmm-yy"))
    sheet.write(1, 1, 1204, xlwt.easyxf(num_format_str="#,##0"))
    sheet.write(1, 2, 0.4484, xlwt.easyxf(num_format_str="0.0%"))
    return save(book)


def make_letter() -> bytes:
    letter = docx.Document()
    letter.add_paragraph("How many offences were recorded?", style="List Number")
    table = letter.add_table(3, 3)
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Recorded"
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Offence"
    for col, text in ((1, "2015/16"), (2, "2016/17")):
        table.cell(1, col).text = text
    for col, text in enumerate(("Rape", "4", "*")):
        table.cell(2, col).text = text
    letter.add_paragraph("How many led to a charge?", style="List Number")
    letter.add_paragraph("No information held.")._p.append(docx.oxml.parse_xml(BOX))
    letter.sections[0].footer.paragraphs[0].text = "Freedom of Information"
    return save(letter)


def make_mail() -> bytes:
    inner = EmailMessage()
    inner["Subject"] = "Reply 17/42"
    inner.set_content("Figures attached.\n")
    inner.add_attachment(b"Year;Offences\n2016/17;72\n", maintype="text", subtype="csv", filename="../figures.csv")
    outer = EmailMessage()
    outer["Subject"] = "FW: Reply 17/42 – figures"
    outer.set_content("Please see the table.\n")
    outer.add_alternative("<p>Please see the table.</p><table><tr><td>2016/17<td>72</table>", subtype="html")
    outer.add_attachment(inner)
    for number, part in enumerate(part for part in outer.walk() if part.is_multipart()):
        part.set_boundary(f"part-{number}")
    return outer.as_bytes()


def make_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("Reply/../figures.csv", "Year,Offences\n2016/17,72\n")
        archive.writestr("Reply/letter.txt", "There have been 72 offences.\n")
    return file.getvalue()


def save(item: object) -> bytes:
    file = io.BytesIO()
    item.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def convert(letter: bytes, kind: str) -> bytes:
    """A letter in a format that only LibreOffice writes."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "letter.docx").write_bytes(letter)
        command = [shutil.which("soffice") or "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", kind, "--outdir", folder, f"{folder}/letter.docx"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (Path(folder) / f"letter.{kind}").read_bytes()


def make_cell_of_two_paragraphs() -> bytes:
    letter = docx.Document()
    letter.add_paragraph("Offences recorded – caf\u00e9 £5")
    table = letter.add_table(2, 2)
    table.cell(0, 0).text = "Sexual"
    table.cell(0, 0).add_paragraph("communication")
    table.cell(0, 1).text = "72"
    table.cell(1, 0).merge(table.cell(1, 1)).text = "Live system"
    letter.add_paragraph("Yours faithfully")
    return save(letter)


HTML = """<!doctype html><title>Disclosure</title><p>Recorded offences
<table><caption>By year</caption><tr><th rowspan=2>Force<th colspan=2>Recorded
<tr><th><span style="display:none">0000002015</span>2015/16<th>2016/17
<tr><td>Kent<td>59<td>72<script>document.write("99")</script></table><p hidden>Draft
"""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    two = make_cell_of_two_paragraphs()
    for name, data in {
        "hidden-rows-and-sheet.xlsx": make_hidden(),
        "suppressed-by-number-format.xlsx": make_suppressed(),
        "percent-and-month.xls": make_percent(),
        "repeated-cells.ods": make_ods(),
        "list-numbers-and-text-box.docx": make_letter(),
        "two-paragraphs-in-a-cell.rtf": convert(two, "rtf"),
        "two-paragraphs-in-a-cell.doc": convert(two, "doc"),
        "sort-keys-and-spans.html": HTML.encode(),
        "semicolons-cp1252.csv": "Force – area;Offences\r\nKent;1.204\r\nD’Hondt;£5\r\n".encode("cp1252"),
        "forwarded-with-table.eml": make_mail(),
        "climbing-names.zip": make_zip(),
    }.items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
