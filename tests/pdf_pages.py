"""Small PDFs made for the tests of the PDF and scan readers, each with one trap; nothing here is kept on disk."""

from collections.abc import Sequence

from fpdf import FPDF

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
