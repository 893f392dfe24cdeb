"""Blocks -> pages: pdf (fpdf2), and the picture of it that a scanner gives.

A pdf has no tables, only words and lines; `ruled` decides whether the lines are there. Long labels are wrapped in
their cells and a table longer than the page goes on under its header rows. The trap: text that runs into the next
cell would be unreadable to a person too, and measuring that measures nothing.
"""

import io
import unicodedata
from dataclasses import dataclass
from typing import Any

from answerable.surveys.simulate.blocks import Block, Part, Tabular, Value, flatten
from answerable.surveys.simulate.writers.letters import draw_logo
from answerable.surveys.simulate.writers.stamp import STAMP

_SIZE = 10.0
_LINE = 6.0
"""Millimetres from one line of a paragraph to the next."""
_ROW = 4.4
_PAD = 1.6
"""Millimetres from line to line inside a cell, and what a row adds above and below its lines."""


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


def _draw_block(page: Any, block: Block) -> None:
    if isinstance(block, Tabular):
        _draw_table(page, _plan_table(page, block))
    elif block.style == "logo":
        page.image(io.BytesIO(draw_logo()), w=20)
        page.ln(3)
    else:
        size = {"heading": 12.0, "footer": 8.0}.get(block.style, _SIZE)
        page.set_font("Helvetica", style="B" if block.style == "heading" else "", size=size)
        page.multi_cell(0, _LINE, _fit_latin(block.text), new_x="LMARGIN", new_y="NEXT")
        page.ln(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A table laid out: column widths, row heights and the lines of every cell, in millimetres."""

    block: Tabular
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    lines: tuple[tuple[tuple[str, ...], ...], ...]
    spans: dict[tuple[int, int], tuple[int, int]]
    covered: frozenset[tuple[int, int]]
    counted: frozenset[int]
    """Columns of counts, set to the right under their headings."""


def _plan_table(page: Any, block: Tabular) -> Plan:
    spans = {(first, left): (last - first + 1, right - left + 1) for first, left, last, right in block.merges}
    covered = frozenset(
        (row, col)
        for first, left, last, right in block.merges
        for row in range(first, last + 1)
        for col in range(left, right + 1)
        if (row, col) != (first, left)
    )
    page.set_font("Helvetica", style="B", size=_SIZE - 1)
    widths = _measure_columns(page, block, frozenset(spans))
    lines = tuple(
        tuple(
            _wrap(page, value, sum(widths[col : col + spans.get((index, col), (1, 1))[1]]))
            for col, value in enumerate(row)
        )
        for index, row in enumerate(block.rows)
    )
    heights = tuple(
        _PAD + _ROW * max(len(cell) for col, cell in enumerate(row) if spans.get((index, col), (1, 1))[0] == 1)
        for index, row in enumerate(lines)
    )
    body = block.rows[block.header :]
    counted = frozenset(col for col in range(1, len(widths)) if any(isinstance(row[col], int) for row in body))
    return Plan(block=block, widths=widths, heights=heights, lines=lines, spans=spans, covered=covered, counted=counted)


def _measure_columns(page: Any, block: Tabular, merged: frozenset[tuple[int, int]]) -> tuple[float, ...]:
    """Each column as wide as its widest cell; where that is more than the page, the widest ones give way first."""
    columns = [
        [str(row[col]) for index, row in enumerate(block.rows) if row[col] is not None and (index, col) not in merged]
        for col in range(len(block.rows[0]))
    ]
    wanted = [max((page.get_string_width(_fit_latin(text)) for text in texts), default=8.0) + 4 for texts in columns]
    words = [[word for text in texts for word in text.split()] for texts in columns]
    least = [max((page.get_string_width(_fit_latin(word)) for word in own), default=8.0) + 4 for own in words]
    room = page.w - page.l_margin - page.r_margin
    cap = max(wanted)
    while cap > 10 and sum(max(min(width, cap), low) for width, low in zip(wanted, least, strict=True)) > room:
        cap -= 1
    fitted = [max(min(width, cap), low) for width, low in zip(wanted, least, strict=True)]
    scale = min(1.0, room / sum(fitted))
    return tuple(width * scale for width in fitted)


def _wrap(page: Any, value: Value, width: float) -> tuple[str, ...]:
    text = "" if value is None else _fit_latin(str(value))
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and page.get_string_width(longer) > width - 3:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(lines)


def _draw_table(page: Any, plan: Plan) -> None:
    """Row by row; a merged area is kept on one page, and a page begins with the header rows."""
    header = plan.block.header
    for index, height in enumerate(plan.heights):
        reach = max((rows for (row, _), (rows, _) in plan.spans.items() if row == index), default=1)
        needed = max(sum(plan.heights[index : index + reach]), height)
        if page.get_y() + needed > page.h - 20 and page.get_y() > page.t_margin:
            page.add_page()
            for head in range(header if index >= header else 0):
                _draw_row(page, plan, head)
        _draw_row(page, plan, index)
    page.ln(4)


def _draw_row(page: Any, plan: Plan, index: int) -> None:
    top, left = page.get_y(), page.l_margin
    page.set_font("Helvetica", style="B" if index < plan.block.header else "", size=_SIZE - 1)
    for col in range(len(plan.widths)):
        if (index, col) not in plan.covered:
            rows, cols = plan.spans.get((index, col), (1, 1))
            width = sum(plan.widths[col : col + cols])
            if plan.block.ruled:
                page.rect(left, top, width, sum(plan.heights[index : index + rows]))
            align = "C" if cols > 1 else "R" if col in plan.counted else "L"
            for number, line in enumerate(plan.lines[index][col]):
                page.set_xy(left, top + _PAD / 2 + number * _ROW)
                page.cell(width, _ROW, line, align=align)
        left += plan.widths[col]
    page.set_xy(page.l_margin, top + plan.heights[index])


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
