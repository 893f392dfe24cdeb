"""Small PDFs made for the tests of the PDF and scan readers, each with one trap; nothing here is kept on disk."""

import io
from collections.abc import Sequence

import pypdfium2
from fpdf import FPDF
from PIL import Image

Rows = Sequence[Sequence[str]]


def start_pdf() -> FPDF:
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_auto_page_break(auto=False)
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    return pdf


def finish_pdf(pdf: FPDF) -> bytes:
    return bytes(pdf.output())


def put_prose(pdf: FPDF, top: float, lines: Sequence[str], left: float = 60) -> float:
    """Lines of prose from `top` down; returns the height below them."""
    for line in lines:
        pdf.text(left, top + 10, line)
        top += 14
    return top


def put_table(
    pdf: FPDF,
    top: float,
    rows: Rows,
    widths: Sequence[float],
    *,
    left: float = 60,
    height: float = 18,
    ruled: bool = True,
    right: bool = True,
) -> float:
    """A table from `top` down, with or without rules; figures set right if `right`. Returns the height below."""
    for row in rows:
        x = left
        for col, (text, width) in enumerate(zip(row, widths, strict=True)):
            if ruled:
                pdf.rect(x, top, width, height)
            wide = pdf.get_string_width(text)
            pdf.text(x + width - wide - 4 if col and right else x + 4, top + height - 6, text)
            x += width
        top += height
    return top


def put_spanning(pdf: FPDF, top: float, left: float, text: str, width: float, height: float = 18) -> None:
    """One ruled cell with its text in the middle."""
    pdf.rect(left, top, width, height)
    pdf.text(left + (width - pdf.get_string_width(text)) / 2, top + height - 6, text)


def make_picture(data: bytes, *, tilt: float = 0.0, dpi: int = 200) -> list[Image.Image]:
    """The pages of a PDF as grey pictures, tilted by some degrees as a scanner's are."""
    pages = []
    for page in pypdfium2.PdfDocument(data):
        picture = page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
        pages.append(picture.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255))
    return pages


def save_picture(picture: Image.Image, kind: str, dpi: int = 200) -> bytes:
    """A picture as the bytes of a file: PNG, JPEG, TIFF or PDF."""
    buffer = io.BytesIO()
    if kind == "PDF":
        picture.save(buffer, kind, resolution=dpi)
    else:
        picture.save(buffer, kind, dpi=(dpi, dpi))
    return buffer.getvalue()
