"""Blocks -> letters in Word's format (python-docx): docx with real tables, merged cells, footers and pictures.

python-docx stamps the time of writing into the file; it is taken out again, so that the same blocks are the
same bytes.
"""

import io
import struct
import zlib
from typing import Any

from answerable.surveys.simulate.blocks import Part, Tabular, flatten
from answerable.surveys.simulate.writers.stamp import STAMP, freeze_zip


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
