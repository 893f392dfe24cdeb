"""PDFs that are broken, locked, endless or absurd: a three-part message or a note of what was not read, in time."""

import io

import pypdfium2
import pytest
from fpdf.enums import AccessPermission
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from answerable.errors import UnreadableDocument
from answerable.formats import pdf as pdf_reader
from answerable.formats.pdf import characters, rules
from answerable.model import Grid
from pdf_pages import finish_pdf, put_table, start_pdf
from test_pdf import OFFENCES, read_pdf


def make_small() -> bytes:
    pdf = start_pdf()
    pdf.set_compression(False)
    put_table(pdf, 80, OFFENCES, (200, 70, 70))
    return finish_pdf(pdf)


SMALL = make_small()


LINE = b"BT /F1 10 Tf 60 700 Td (Total 39) Tj ET"


def write_pdf(*, box: str = "0 0 595 842", content: bytes = LINE, kids: int = 1) -> bytes:
    """A PDF written by hand, so that what a library would refuse to write can be tried. It has no cross-reference
    table, as when a file was cut."""
    parts = [b"%PDF-1.4", b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj"]
    listed = b" ".join(b"3 0 R" for _ in range(kids))
    parts.append(b"2 0 obj<</Type/Pages/Count %d/Kids[%s]>>endobj" % (kids, listed))
    parts.append(
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj"
        % box.encode()
    )
    parts.append(b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj" % (len(content), content))
    parts.append(b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj")
    parts.append(b"trailer<</Root 1 0 R>>\n%%EOF")
    return b"\n".join(parts)


def find_notes(grids: tuple[Grid, ...]) -> list[str]:
    return [grid.part for grid in grids if grid.part.endswith("not read")]


def make_locked() -> bytes:
    pdf = start_pdf()
    put_table(pdf, 80, OFFENCES, (200, 70, 70))
    pdf.set_encryption("owner", user_password="secret", permissions=AccessPermission.none())
    return finish_pdf(pdf)


def test_locked_pdf_says_so() -> None:
    with pytest.raises(UnreadableDocument, match="protected by a password") as caught:
        read_pdf(make_locked())
    assert (caught.value.where, caught.value.next_step) == (
        "kent/a.pdf",
        "Ask the authority for it without one",
    )


def test_pdf_without_pages_says_so_whatever_was_read_before() -> None:
    with pytest.raises(UnreadableDocument, match="password"):
        read_pdf(make_locked())
    buffer = io.BytesIO()
    pypdfium2.PdfDocument.new().save(buffer)
    with pytest.raises(UnreadableDocument, match="has no pages"):
        read_pdf(buffer.getvalue())


def test_pages_beyond_the_limit_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reader, "MAX_PAGES", 3)
    grids = read_pdf(write_pdf(kids=12))
    assert find_notes(grids) == ["page 4 to 12, not read"]
    assert [grid.part for grid in grids[:-1]] == ["page 1", "page 2", "page 3"]


def test_drawings_and_characters_beyond_the_limit_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_PATHS", 50)
    monkeypatch.setattr(characters, "MAX_CHARACTERS", 20)
    content = b"0 0 m 9 9 l S " * 60 + b"BT /F1 10 Tf 60 700 Td (In all there were 39 of these offences) Tj ET"
    grids = read_pdf(write_pdf(content=content))
    assert find_notes(grids) == ["page 1, not read"]
    assert "characters" in grids[-1].cells[0].text
    assert "drawings" in grids[-1].cells[0].text


@pytest.mark.parametrize(
    "box",
    ["0 0 0 0", "0 0 1e9 1e9", "-1e9 -1e9 1e9 1e9", "0 0 -5 -5", "0 0 nan inf", "9 9", "0 0 1 100000"],
)
def test_absurd_page_sizes_neither_crash_nor_lose_text_in_silence(box: str) -> None:
    grids = read_pdf(write_pdf(box=box))
    assert all(grid.cells for grid in grids)


@pytest.mark.parametrize(
    "content",
    [
        b"0 0 m 500 0 l S " * 3_000,
        b"".join(b"%d 0 m %d 800 l S 0 %d m 590 %d l S " % (k, k, k, k) for k in range(580)),
        b"q " * 20_000,
        b"1e38 0 0 1e38 0 0 cm 0 0 9 9 re f",
        b"BT /F1 0 Tf (nothing) Tj /F1 1e30 Tf (huge) Tj ET",
        b"BT /F1 10 Tf " + b"(a) Tj 0 0 Td " * 3_000 + b"ET",
        b"\xff\xfe\x00" * 500,
        b"1 0 0 0 1e9 0 cm " * 9 + b"0 0 9 9 re f BT /F1 10 Tf 1e30 0 Td (a) Tj ET 0 0 m 9 9 l S",
    ],
    ids=[
        "one line again and again",
        "lattice of 580",
        "unclosed",
        "huge matrix",
        "font sizes",
        "one place",
        "noise",
        "text at infinity",
    ],
)
def test_absurd_contents_end(content: bytes) -> None:
    assert all(grid.cells for grid in read_pdf(write_pdf(content=content)))


def read_or_refuse(data: bytes) -> None:
    """Every way to read a document but a traceback: grids whose cells say where they stand, or a refusal."""
    try:
        grids = read_pdf(data)
    except UnreadableDocument as error:
        assert error.where == "kent/a.pdf"
        assert error.what
        assert error.next_step
        return
    for grid in grids:
        places = {(cell.row, cell.col) for cell in grid.cells}
        assert len(places) == len(grid.cells)
        assert all(cell.text for cell in grid.cells)
        assert all(merge.row <= merge.last_row and merge.col <= merge.last_col for merge in grid.merges)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=40))
@example([(0, 0)])
def test_changed_bytes_are_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SMALL)
    for at, value in changes:
        data[at] = value
    read_or_refuse(bytes(data))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SMALL)), st.integers(0, 200))
def test_cut_files_are_read_or_refused(end: int, gap: int) -> None:
    read_or_refuse(SMALL[:end])
    read_or_refuse(SMALL[:end] + SMALL[end + gap :])


NUMBER = st.one_of(st.integers(-1000, 1000), st.floats(-1e6, 1e6, allow_nan=False).map(lambda n: round(n, 3)))
OPERATION = st.one_of(
    st.tuples(NUMBER, NUMBER, NUMBER, NUMBER, st.sampled_from(["re f", "re S", "re B", "re W n"])).map(
        lambda parts: " ".join(map(str, parts))
    ),
    st.tuples(NUMBER, NUMBER, NUMBER, NUMBER).map(lambda n: f"{n[0]} {n[1]} m {n[2]} {n[3]} l S"),
    st.tuples(NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER).map(lambda n: " ".join(map(str, n)) + " cm"),
    st.tuples(NUMBER, NUMBER, st.text("0123456789 <>*-ab", max_size=12)).map(
        lambda n: f"BT /F1 10 Tf {n[0]} {n[1]} Td ({n[2]}) Tj ET"
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(OPERATION, max_size=60))
@example(["0 0 0 347745.0 0 0 cm", *["0 0 0 0 re f"] * 9, "BT /F1 10 Tf 0 0 Td (0) Tj ET"])
@example(["1 0 0 1e6 0 0 cm"] * 8 + ["BT /F1 10 Tf 0 0 Td (0) Tj ET", "0 0 m 0 0 l S"])
def test_any_drawing_is_read(operations: list[str]) -> None:
    read_or_refuse(write_pdf(content="\n".join(operations).encode()))
