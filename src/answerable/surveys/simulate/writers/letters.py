"""Blocks -> letters with pages: docx (python-docx) and pdf (fpdf2).

A pdf has no tables, only words and lines; `ruled` decides whether the lines are there. A table longer than
the page goes on over the next one under its header rows again.
"""

import io
import struct
import unicodedata
import zlib
from typing import Any

from answerable.surveys.simulate.blocks import Block, Paragraph, Part, Tabular, flatten
from answerable.surveys.simulate.writers.stamp import STAMP, freeze_zip

_SIZE = 10.0
_LINE = 6.0
"""Millimetres from one line to the next."""


def write_docx(parts: tuple[Part, ...]) -> bytes:
    """A letter; footers are real page footers, merged areas real merged cells."""
    from docx import Document

    letter = Document()
    properties = letter.core_properties
    properties.author = "Disclosure unit"
    properties.created = properties.modified = STAMP.replace(tzinfo=None)
    for block in flatten(parts):
        if isinstance(block, Tabular):
            _add_docx_table(letter, block)
        elif block.style == "heading":
            letter.add_heading(block.text, level=2)
        elif block.style == "logo":
            letter.add_picture(io.BytesIO(draw_logo()), width=914400)
        elif block.style == "footer":
            letter.sections[0].footer.paragraphs[0].text = block.text
        else:
            letter.add_paragraph(block.text)
    out = io.BytesIO()
    letter.save(out)
    return freeze_zip(out.getvalue())


def _add_docx_table(letter: Any, block: Tabular) -> None:
    table = letter.add_table(rows=len(block.rows), cols=len(block.rows[0]))
    table.style = "Table Grid" if block.ruled else "Normal Table"
    for row, values in zip(table.rows, block.rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = "" if value is None else str(value)
    for first, left, last, right in block.merges:
        corner = table.cell(first, left)
        text = corner.text
        corner.merge(table.cell(last, right)).text = text


def write_pdf(parts: tuple[Part, ...]) -> bytes:
    """A letter on A4 in a core font; characters outside Latin-1 are replaced by their nearest."""
    from fpdf import FPDF

    page = FPDF(format="A4")
    page.set_creation_date(STAMP)
    page.set_producer("")
    page.set_auto_page_break(auto=True, margin=20)
    page.add_page()
    page.set_font("Helvetica", size=_SIZE)
    for block in flatten(parts):
        _draw_block(page, block)
    return bytes(page.output())


def draw_logo() -> bytes:
    """A small grey picture as PNG: eight bits grey, no compression worth naming."""
    width = height = 32
    rows = b"".join(b"\0" + bytes((40 + 3 * (row + col)) % 256 for col in range(width)) for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def _draw_block(page: Any, block: Block) -> None:
    if isinstance(block, Paragraph) and block.style == "logo":
        page.image(io.BytesIO(draw_logo()), w=20)
        page.ln(3)
        return
    if isinstance(block, Paragraph):
        size = {"heading": 12.0, "footer": 8.0}.get(block.style, _SIZE)
        page.set_font("Helvetica", style="B" if block.style == "heading" else "", size=size)
        page.multi_cell(0, _LINE, _fit_latin(block.text), new_x="LMARGIN", new_y="NEXT")
        page.ln(2)
        return
    widths = _measure_columns(page, block)
    skip = {
        (row, col)
        for first, left, last, right in block.merges
        for row in range(first, last + 1)
        for col in range(left, right + 1)
        if (row, col) != (first, left)
    }
    spans = {(first, left): (last - first + 1, right - left + 1) for first, left, last, right in block.merges}
    for index in range(len(block.rows)):
        if page.get_y() + _LINE > page.h - 20:
            page.add_page()
            for header in range(block.header if index >= block.header else 0):
                _draw_row(page, block, header, widths, spans, skip)
        _draw_row(page, block, index, widths, spans, skip)
    page.ln(4)


def _draw_row(
    page: Any,
    block: Tabular,
    index: int,
    widths: list[float],
    spans: dict[tuple[int, int], tuple[int, int]],
    skip: set[tuple[int, int]],
) -> None:
    top = page.get_y()
    left = page.l_margin
    page.set_font("Helvetica", style="B" if index < block.header else "", size=_SIZE - 1)
    for col, value in enumerate(block.rows[index]):
        if (index, col) not in skip:
            rows, cols = spans.get((index, col), (1, 1))
            page.set_xy(left, top)
            page.cell(
                sum(widths[col : col + cols]),
                _LINE * rows,
                "" if value is None else _fit_latin(str(value)),
                border=1 if block.ruled else 0,
                align="L" if isinstance(value, str) and not value[:1].isdigit() else "R",
            )
        left += widths[col]
    page.set_xy(page.l_margin, top + _LINE)


def _measure_columns(page: Any, block: Tabular) -> list[float]:
    """Column widths in millimetres, from the widest unmerged cell, drawn in to fit the page."""
    merged = {(first, left) for first, left, _, _ in block.merges}
    page.set_font("Helvetica", style="B", size=_SIZE - 1)
    widths = [
        max(
            page.get_string_width(_fit_latin(str(row[col]))) + 4
            if row[col] is not None and (index, col) not in merged
            else 12.0
            for index, row in enumerate(block.rows)
        )
        for col in range(len(block.rows[0]))
    ]
    room = page.w - page.l_margin - page.r_margin
    scale = min(1.0, room / sum(widths))
    return [width * scale for width in widths]


def _fit_latin(text: str) -> str:
    text = text.replace("\u2013", "-").replace("\u2014", "-").replace("\u2019", "'")
    return unicodedata.normalize("NFKC", text).encode("latin-1", "replace").decode("latin-1")


def write_scan(parts: tuple[Part, ...]) -> bytes:
    """The pdf as a scanner gives it: a grey picture a page, 150 dots an inch, no characters."""
    import pypdfium2
    from fpdf import FPDF

    pages = pypdfium2.PdfDocument(write_pdf(parts))
    scan = FPDF(format="A4")
    scan.set_creation_date(STAMP)
    scan.set_producer("")
    scan.set_auto_page_break(auto=False)
    for page in pages:
        picture = page.render(scale=150 / 72, grayscale=True).to_pil()
        scan.add_page()
        scan.image(picture, x=0, y=0, w=scan.w, h=scan.h)
    pages.close()
    return bytes(scan.output())
