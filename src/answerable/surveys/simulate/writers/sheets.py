"""Blocks -> workbooks: xlsx (openpyxl), xls (xlwt) and ods.

A part is a sheet. Merged, hidden and fused cells are written as the programs that people use write them,
since those are what a reader trips over.
"""

import io
import zipfile
from collections.abc import Iterator
from html import escape

from answerable.surveys.simulate.blocks import Part, Value, find_tables, lay_out_rows
from answerable.surveys.simulate.writers.stamp import STAMP, add_member, freeze_zip


def write_xlsx(parts: tuple[Part, ...]) -> bytes:
    """A workbook with a sheet for each part, hidden sheets, rows and columns included."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    book.properties.creator = "Disclosure unit"
    book.properties.created = book.properties.modified = STAMP.replace(tzinfo=None)
    for number, part in enumerate(parts, start=1):
        sheet = book.create_sheet(part.name or f"Sheet{number}")
        sheet.sheet_state = "hidden" if part.hidden else "visible"
        sheet.column_dimensions["A"].width = 44
        for row, col, value in _list_cells(part):
            sheet.cell(row + 1, col + 1, value)
        for top, table in find_tables(part):
            for first, left, last, right in table.merges:
                sheet.merge_cells(
                    start_row=top + first + 1, start_column=left + 1, end_row=top + last + 1, end_column=right + 1
                )
            for row in table.hidden_rows:
                sheet.row_dimensions[top + row + 1].hidden = True
            for col in table.hidden_cols:
                sheet.column_dimensions[get_column_letter(col + 1)].hidden = True
    out = io.BytesIO()
    book.save(out)
    return freeze_zip(out.getvalue())


def write_xls(parts: tuple[Part, ...]) -> bytes:
    """The same in the format of Excel 97 to 2003."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    for number, part in enumerate(parts, start=1):
        sheet = book.add_sheet(part.name or f"Sheet{number}")
        sheet.visibility = 1 if part.hidden else 0
        sheet.col(0).width = 44 * 256
        merged = {
            (top + first, left): (top + last, right)
            for top, table in find_tables(part)
            for first, left, last, right in table.merges
        }
        for row, col, value in _list_cells(part):
            if (row, col) in merged:
                last_row, last_col = merged[row, col]
                sheet.write_merge(row, last_row, col, last_col, value)
            else:
                sheet.write(row, col, value)
        for top, table in find_tables(part):
            for row in table.hidden_rows:
                sheet.row(top + row).hidden = True
            for col in table.hidden_cols:
                sheet.col(col).hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" \
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" \
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">
<office:body><office:spreadsheet>
{sheets}
</office:spreadsheet></office:body></office:document-content>
"""
_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""


def write_ods(parts: tuple[Part, ...]) -> bytes:
    """The same in OpenDocument; merged areas are spans followed by covered cells.

    Written as XML here: odfpy keeps its namespaces in a global, so that its second file differs from its first.
    """
    sheets = "\n".join(_draw_ods_sheet(part, number) for number, part in enumerate(parts, start=1))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        add_member(archive, "mimetype", b"application/vnd.oasis.opendocument.spreadsheet", stored=True)
        add_member(archive, "content.xml", _ODS.format(sheets=sheets).encode())
        add_member(archive, "META-INF/manifest.xml", _MANIFEST.encode())
    return out.getvalue()


def _draw_ods_sheet(part: Part, number: int) -> str:
    rows = lay_out_rows(part)
    spans, covered, hidden = _find_spans(part)
    width = max((len(row) for row in rows), default=1)
    hidden_cols = {col for _, table in find_tables(part) for col in table.hidden_cols}
    lines = [f'<table:table table:name="{escape(part.name or f"Sheet{number}")}">']
    for col in range(width):
        lines.append(f"<table:table-column{_collapse(col in hidden_cols)}/>")
    for index, row in enumerate(rows):
        cells = (
            _draw_ods_cell(value, spans.get((index, col)), (index, col) in covered)
            for col, value in enumerate(row or (None,))
        )
        lines.append(f"<table:table-row{_collapse(index in hidden)}>{''.join(cells)}</table:table-row>")
    return "\n".join([*lines, "</table:table>"])


def _collapse(hidden: bool) -> str:
    return ' table:visibility="collapse"' if hidden else ""


def _draw_ods_cell(value: Value, span: tuple[int, int] | None, covered: bool) -> str:
    if covered:
        return "<table:covered-table-cell/>"
    settings = f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"' if span else ""
    if value is None:
        return f"<table:table-cell{settings}/>"
    kind = f'float" office:value="{value}"' if isinstance(value, int) else 'string"'
    text = f"<text:p>{escape(str(value))}</text:p>"
    return f'<table:table-cell{settings} office:value-type="{kind}>{text}</table:table-cell>'


def _find_spans(part: Part) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]], set[int]]:
    """Spans by their first cell, the cells they cover, and hidden rows, all in sheet rows."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    hidden: set[int] = set()
    for top, table in find_tables(part):
        hidden |= {top + row for row in table.hidden_rows}
        for first, left, last, right in table.merges:
            spans[top + first, left] = (last - first + 1, right - left + 1)
            cells = {(top + row, col) for row in range(first, last + 1) for col in range(left, right + 1)}
            covered |= cells - {(top + first, left)}
    return spans, covered, hidden


def _list_cells(part: Part) -> Iterator[tuple[int, int, str | int]]:
    for row, values in enumerate(lay_out_rows(part)):
        for col, value in enumerate(values):
            if value is not None:
                yield row, col, value
