"""Files made to harm or spoiled by chance: bounded, read or refused with a message, nothing fetched, nothing run."""

import http.server
import io
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.errors import UnreadableDocument
from answerable.formats import package, read_document, unpack_document, xlsx
from answerable.formats.limits import MAX_DEPTH
from answerable.formats.safely import read_safely
from answerable.formats.screening import screen_document
from answerable.model import Document
from format_files import make_document, read, show, write_workbook
from format_seeds import Edit, list_seeds, make_docx, spoil_bytes, spoil_member

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Pieces that mean something to some parser: numbers out of range, half a tag, an entity, an address, a charset.
PIECES = (
    *(b"-1", b"99999999999999999999", b"1e999", b"nan", b"\x00", b"\xff\xfe", b"<", b">", b'"', b"&x;", b"\\", b"{"),
    *(b"}", b"XFD1048576", b"A1:XFD1048576", b"=?utf-8?q?=ff?=", b"%00", b"\r\n\r\n", b"From x\n", b"\\bin999 "),
)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 2**20), st.sampled_from((0, 1, 2, 8, 64)), st.sampled_from(PIECES) | st.binary(max_size=3)
    ),
    min_size=1,
    max_size=5,
)


def read_whatever(name: str, data: bytes) -> None:
    """Read, unpack and screen; only UnreadableDocument may come out, with its three parts."""
    document = make_document(name)
    try:
        grids = read_document(document, data)
        unpack_document(document, data)
        screen_document(document, data, grids)
    except UnreadableDocument as error:
        assert error.where == document.path and error.what and error.next_step


@pytest.mark.parametrize("name", list_seeds())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS, member=st.none() | st.integers(0, 30))
def test_a_spoiled_document_is_read_or_refused(name: str, edits: list[Edit], member: int | None) -> None:
    data = list_seeds()[name]
    inside = member is not None and data.startswith(b"PK")
    read_whatever(name, spoil_member(data, member or 0, edits) if inside else spoil_bytes(data, edits))


# What fuzzing found, each once an exception of another kind.
KEPT = [
    ("a.zip", list_seeds()["a.zip"].replace(b"a.csv", b"\x00.csv")),  # zipfile: index out of range
    ("a.ods", spoil_bytes(list_seeds()["a.ods"], [(0, 0, b"PK\x03\x04xx")])),  # zipfile: negative seek
    ("a.eml", b'Content-Type: text/plain; charset="utf-8\x00"\n\nx'),  # codecs: embedded null
    ("a.eml", b"Date: Thu, 1 Jun 99999999999999999999 09:30:00 +0100\n\nx"),  # datetime: overflow
    ("a.eml", b"Subject: =?utf-8?q?=ff?= =?x?b?!?=\nFrom: \xff\xfe\n\nx"),
    ("a.rtf", b"{\\rtf1\\ansi\\ansicpg12 caf\\'e9}"),  # no such code page
    ("a.html", b"<table><tr><td><!-- --><tr><td><x-></table>"),
    ("a.docx", list_seeds()["a.docx"][:200]),
]


@pytest.mark.parametrize(("name", "data"), KEPT)
def test_what_fuzzing_found_stays_found(name: str, data: bytes) -> None:
    read_whatever(name, data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", OLE + bytes(504) + "EncryptedPackage\0".encode("utf-16-le")),
        ("a.docx", OLE + bytes(504) + "EncryptedPackage\0".encode("utf-16-le")),
    ],
)
def test_a_password_is_named_as_what_is_wrong(name: str, data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="password"):
        read(name, data)


def replace_member(data: bytes, name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as full, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in full.namelist():
            archive.writestr(member, content if member == name else full.read(member))
    return file.getvalue()


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_MEMBER", 1_000_000)
    bomb = replace_member(write_workbook(), "xl/worksheets/sheet1.xml", bytes(20_000_000))
    assert len(bomb) < 100_000
    with pytest.raises(UnreadableDocument, match="unpacks to more than"):
        read("a.xlsx", bomb)


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;" * 10) for n in range(12))
    + b'<!ENTITY f SYSTEM "file:///etc/hostname">]>'
)


@pytest.mark.parametrize("entity", [b"&a11;", b"&f;"])
def test_entities_neither_grow_nor_read_files(entity: bytes) -> None:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        b'<worksheet xmlns="%s"><sheetData><row><c t="inlineStr"><is><t>x%sy</t></is></c></row></sheetData></worksheet>'
    )
    data = replace_member(write_workbook(), "xl/worksheets/sheet1.xml", ENTITIES + sheet % (space, entity))
    try:
        text = "".join(cell.text for grid in read_safely(make_document("a.xlsx"), data) for cell in grid.cells)
    except UnreadableDocument:
        text = ""
    assert len(text) < 20


def test_merged_areas_past_the_limit_are_refused_and_some_thousand_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_MERGES", 10_000)
    data = write_workbook()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    for count, fits in ((5_000, True), (20_000, False)):
        areas = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(10, 10 + count))
        spoiled = sheet.replace(b"</sheetData>", b"</sheetData><mergeCells>" + areas + b"</mergeCells>")
        changed = replace_member(data, "xl/worksheets/sheet1.xml", spoiled)
        if fits:
            assert len(read("a.xlsx", changed)[0].merges) == count
        else:
            with pytest.raises(UnreadableDocument, match="merged areas"):
                read("a.xlsx", changed)


def test_a_million_merged_cells_are_refused_in_the_worker() -> None:
    data = write_workbook()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    areas = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(10, 1_000_010))
    spoiled = sheet.replace(b"</sheetData>", b"</sheetData><mergeCells>" + areas + b"</mergeCells>")
    with pytest.raises(UnreadableDocument, match="merged areas"):
        read_safely(make_document("a.xlsx"), replace_member(data, "xl/worksheets/sheet1.xml", spoiled))


@pytest.mark.parametrize("name", ["a.xlsm", "a.docm"])
def test_macros_are_carried_along_and_never_run(name: str, tmp_path: Path) -> None:
    """A macro project is bytes like any other: the document reads as it does without it and nothing is written."""
    plain = write_workbook() if name == "a.xlsm" else make_docx()
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        members = {item: archive.read(item) for item in archive.namelist()}
    file = io.BytesIO()
    trace = tmp_path / "ran"
    with zipfile.ZipFile(file, "w") as archive:
        for item, content in members.items():
            archive.writestr(item, content)
        project = "xl/vbaProject.bin" if name == "a.xlsm" else "word/vbaProject.bin"
        archive.writestr(project, f'Sub AutoOpen()\nOpen "{trace}" For Output As #1\nEnd Sub')
    assert show(read_safely(make_document(name), file.getvalue())) == show(read_safely(make_document(name), plain))
    assert not trace.exists()


@pytest.mark.parametrize(
    "page",
    [
        b"<div>" * 10_000 + b"deep",
        b"<table><tr><td>" * 2_000 + b"deep",
        b"<table><tr>" + b"<td rowspan=99999 colspan=99999>deep" * 3,
        b"<table><tr><td rowspan=0 colspan=-1>deep",
        b"<b>" * 10_000 + b"deep",
    ],
)
def test_deep_and_absurd_pages_are_read_or_refused(page: bytes) -> None:
    try:
        assert "deep" in str(show(read_safely(make_document("a.html"), page)))
    except UnreadableDocument as error:
        assert error.next_step


def test_a_letter_of_nested_tables_is_read_or_refused() -> None:
    letter = docx.Document()
    cell = letter.add_table(1, 1).cell(0, 0)
    for _ in range(40):
        cell = cell.add_table(1, 1).cell(0, 0)
    cell.text = "deep"
    file = io.BytesIO()
    letter.save(file)
    grids = read("a.docx", file.getvalue())
    assert grids[-1].cells[0].text == "deep"


def test_mails_in_mails_end_at_a_stated_depth() -> None:
    mail = b"Subject: inner\n\n39 offences"
    for n in range(MAX_DEPTH + 3):
        mark = b"=%d=" % n
        mail = (
            b'Subject: %d\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="%s"\n\n--%s\n'
            b"Content-Type: message/rfc822\n\n%s\n--%s--\n" % (n, mark, mark, mail, mark)
        )
    document, data = make_document("a.eml"), mail
    depth = 0
    with pytest.raises(UnreadableDocument, match="documents deep"):
        while True:
            ((document, data),) = unpack_document(document, data)
            depth += 1
    assert depth == MAX_DEPTH


def test_a_mail_of_a_thousand_nested_parts_is_refused() -> None:
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1_000))
    read_whatever("a.eml", b"Subject: x\n" + head + b"\nx")


@pytest.fixture
def address() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and the paths that anyone asked it for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_nothing_a_document_links_to_is_fetched(address: tuple[str, list[str]]) -> None:
    url, asked = address
    page = (
        f'<base href="{url}/"><link rel=stylesheet href="{url}/a.css"><script src="{url}/a.js"></script>'
        f'<img src="{url}/a.png"><iframe src="{url}/f"></iframe><object data="{url}/o"></object>shown'
    ).encode()
    assert show(read("a.html", page)) == [("text", [("p1", "shown")])]
    mail = b"Subject: x\nContent-Type: text/html\n\n" + page
    assert ("text", [("p2", "shown")]) in show(read("a.eml", mail))
    outside = b'<!DOCTYPE x SYSTEM "%s/x.dtd">' % url.encode()
    with zipfile.ZipFile(io.BytesIO(write_workbook())) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    data = replace_member(write_workbook(), "xl/worksheets/sheet1.xml", outside + sheet.partition(b"?>")[2] or sheet)
    read_whatever("a.xlsx", data)
    assert asked == []


def test_a_zip_is_refused_by_what_comes_out_not_by_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from answerable.formats import archive as module

    monkeypatch.setattr(module, "MAX_UNPACKED", 1_000)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(100_000))
    with pytest.raises(UnreadableDocument, match="unpacks to more than"):
        unpack_document(make_document("a.zip"), file.getvalue())


def test_a_workbook_whose_sheet_is_missing_gives_the_others() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "a"
    book.create_sheet("gone")["A1"] = "b"
    file = io.BytesIO()
    book.save(file)
    out = io.BytesIO()
    with zipfile.ZipFile(file) as full, zipfile.ZipFile(out, "w") as archive:
        for name in full.namelist():
            if name != "xl/worksheets/sheet2.xml":
                archive.writestr(name, full.read(name))
    assert [grid.part for grid in read("a.xlsx", out.getvalue())] == ['sheet "Sheet"']


def test_reading_the_same_bytes_twice_gives_the_same_grids() -> None:
    for name, data in list_seeds().items():
        document = Document(sha256="", name=name, media_type="", path=f"kent/{name}")
        assert read_document(document, data) == read_document(document, data)
        assert unpack_document(document, data) == unpack_document(document, data)
