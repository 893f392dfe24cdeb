"""Pictures of letters to Grids: the same tables as from a PDF, every part marked as read by machine."""

import shutil

import pytest

from answerable.errors import UnreadableDocument
from answerable.formats import pdf as pdf_reader
from answerable.formats import scan
from answerable.formats.twice import Seen, join_readings
from answerable.model import Document, Grid
from answerable.observations import find_observations
from building import REPLY, build_survey
from pdf_pages import finish_pdf, make_picture, put_prose, put_table, save_picture, start_pdf
from test_pdf import show

needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract-ocr is not installed")

ROWS = (
    ("Offence", "2015/16", "2016/17"),
    ("Sexual assault", "12", "19"),
    ("Exposure", "47", "58"),
    ("Total", "59", "77"),
)


def make_letter(*, ruled: bool = True) -> bytes:
    pdf = start_pdf()
    top = put_prose(pdf, 60, ["Thank you for your request. The figures are below.", "They come from a live system."])
    put_table(pdf, top + 20, ROWS, (200, 90, 90), ruled=ruled)
    return finish_pdf(pdf)


def name_document(name: str) -> Document:
    return Document(sha256="0" * 64, name=name, media_type="", path=f"kent/{name}")


def read_picture(data: bytes, kind: str) -> tuple[Grid, ...]:
    read = pdf_reader.read if kind == "PDF" else scan.read
    return read(name_document(f"a.{kind.lower()}"), data)


@needs_tesseract
@pytest.mark.parametrize(
    ("kind", "ruled", "tilt"),
    [("PDF", True, 0.0), ("PNG", True, 0.4), ("JPEG", False, 0.0), ("TIFF", True, -0.3)],
)
def test_scanned_letter_gives_its_table_and_says_it_was_scanned(kind: str, ruled: bool, tilt: float) -> None:
    (picture,) = make_picture(make_letter(ruled=ruled), tilt=tilt)
    grids = read_picture(save_picture(picture, kind), kind)
    assert all(grid.part.endswith(", scanned") for grid in grids)
    (table,) = [grid for grid in grids if grid.kind == "table"]
    assert table.part == "page 1, table 1, scanned"
    assert show(table) == [list(row) for row in ROWS]


@needs_tesseract
@pytest.mark.parametrize("total", [True, False])
def test_a_scanned_value_is_accepted_only_where_a_total_confirms_it(total: bool) -> None:
    """The whole way from a picture to observations: without the total's arithmetic everything goes to review."""
    pdf = start_pdf()
    rows = [
        ("Offence", "2015/16", "2016/17"),
        ("Rape", "12", "19"),
        ("Sexual assault", "47", "58"),
        ("Total", "59", "77"),
    ]
    put_table(pdf, 90, rows if total else rows[:-1], (200, 90, 90))
    (picture,) = make_picture(finish_pdf(pdf))
    observations, findings = find_observations(build_survey(), REPLY, read_picture(save_picture(picture, "PNG"), "PNG"))
    values = sorted(o.value for o in observations if o.accepted and isinstance(o.value, int))
    assert values == ([12, 19, 47, 58, 59, 77] if total else [])
    assert len(observations) == (6 if total else 4)
    assert any(finding.check == "review-scanned" for finding in findings) is not total


@needs_tesseract
def test_page_scanned_on_its_side_is_stood_up_and_keeps_its_boxes() -> None:
    (picture,) = make_picture(make_letter())
    grids = read_picture(save_picture(picture.rotate(90, expand=True), "PNG"), "PNG")
    (table,) = [grid for grid in grids if grid.kind == "table"]
    assert show(table) == [list(row) for row in ROWS]
    left, top, right, bottom = (int(n) for n in table.cells[0].ref.split(","))
    assert right - left < bottom - top


@needs_tesseract
def test_page_without_text_gives_no_table() -> None:
    (picture,) = make_picture(finish_pdf(start_pdf()))
    assert not read_picture(save_picture(picture, "PNG"), "PNG")


def test_without_tesseract_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (picture,) = make_picture(make_letter())
    for kind in ("PNG", "PDF"):
        with pytest.raises(UnreadableDocument, match="apt install tesseract-ocr"):
            read_picture(save_picture(picture, kind), kind)


def test_text_pages_are_read_though_a_scanned_one_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (picture,) = make_picture(make_letter())
    pdf = start_pdf()
    put_table(pdf, 80, ROWS, (200, 90, 90))
    pdf.add_page()
    pdf.image(picture, 0, 0, 595)
    grids = read_picture(finish_pdf(pdf), "PDF")
    assert [grid.part for grid in grids] == ["page 1, table 1", "page 2, not read"]


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\nnothing", b"II*\x00" + b"\xff" * 40, b"GIF89a"])
def test_what_is_no_picture_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="not a whole picture"):
        scan.read(name_document("a.png"), data)


def test_words_of_one_line_share_a_height() -> None:
    head = "\t".join("level page_num block_num par_num line_num word_num left top width height conf text".split())
    lines = ["5\t1\t1\t1\t1\t1\t100\t100\t200\t40\t96\tOffence", "5\t1\t1\t1\t1\t2\t400\t118\t20\t4\t90\t-"]
    reading = scan.parse_words("\n".join([head, *lines]), 0.24)
    assert [word.text for word in reading.words] == ["Offence", "-"]
    assert len({round(word.bottom - word.top, 3) for word in reading.words}) == 1
    assert reading.sure == 1.0


def see(text: str, left: float, sure: float = 95.0) -> Seen:
    return Seen(left, 10.0, left + 5.0 * len(text), 20.0, text, sure)


TWICE: list[tuple[list[Seen], list[Seen], str]] = [
    # The second reading has the space that the first lost.
    ([see("Notknown", 0)], [see("Not", 0), see("known", 20)], "Not known"),
    # Both lost it where a word meets a number; an ordinal is one word.
    ([see("16and17", 0)], [], "16 and 17"),
    ([see("1st", 0), see("Under12", 20)], [], "1st Under 12"),
    ([see("Q1", 0)], [], "Q1"),
    # A nought read as a letter, stuck and apart.
    ([see("Oto11", 0)], [], "0 to 11"),
    ([see("O", 0), see("to", 8), see("11", 20)], [], "0 to 11"),
    # A surer label is taken, a number never is.
    ([see("publicatir", 0, 40)], [see("publication", 0, 96)], "publication"),
    ([see("publication", 0, 96)], [see("publicatir", 0, 40)], "publication"),
    ([see("41", 0, 30)], [see("47", 0, 99)], "41"),
    # What reaches into the next column is no reading of this one.
    ([see("Boys", 0, 40)], [see("Boys8", 0, 99)._replace(right=90.0)], "Boys"),
]


@pytest.mark.parametrize(("first", "second", "text"), TWICE)
def test_two_readings_make_one(first: list[Seen], second: list[Seen], text: str) -> None:
    (line,) = join_readings((tuple(first),), (tuple(second),))
    assert " ".join(seen.text for seen in line) == text


def test_a_dash_between_words_of_a_letter_parts_no_columns() -> None:
    near = (see("Unknown", 0), see("-", 39)._replace(right=41.0), see("26", 45))
    assert [word.left for word in scan.parse_lines((near,)).words][1] == 36.5
    far = (see("Unknown", 0), see("-", 60)._replace(right=62.0), see("26", 90))
    assert scan.parse_lines((far,)).words[1].left == 60
