"""OpenDocument sheets (ods) -> one grid a sheet, with the text the file itself stores for every cell.

Reads the XML itself: the format keeps what a person sees beside the value, and merges and hidden rows, none of
which a value reader gives. The trap is repetition: one element may stand for a million equal rows or columns,
so empty repeats only move the position, and filled ones are written out until the limit on cells.
"""

from datetime import datetime
from typing import Any

from answerable.formats.cells import Value, make_text_cell, tidy_text
from answerable.formats.limits import MAX_CELLS, MAX_MERGES
from answerable.formats.package import Package
from answerable.formats.sheets import make_cell, report_password, settle_date
from answerable.model import Cell, Document, Grid, Merge

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
CELL, COVERED, ROW = TABLE + "table-cell", TABLE + "covered-table-cell", TABLE + "table-row"
GROUPS = frozenset(TABLE + name for name in ("table-row-group", "table-rows", "table-header-rows"))
COLUMN_GROUPS = frozenset(TABLE + name for name in ("table-column-group", "table-columns", "table-header-columns"))
HIDDEN = ("collapse", "filter")
MAX_ROW, MAX_COL = 1_048_576, 16_384


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """One grid a sheet that is not empty, in the workbook's order, each followed by its comments.

    Cells of hidden sheets, rows and columns have `hidden` set. A formula gives the value last computed.
    """
    with Package(document, data) as package:
        if b"encryption-data" in package.read_member("META-INF/manifest.xml"):
            raise report_password(document)
        root = package.read_tree("content.xml")
        if root is None:
            raise package.report("is damaged: it has no content part")
        unseen = {
            style.get(STYLE + "name")
            for style in root.iter(STYLE + "style")
            if any(item.get(TABLE + "display") == "false" for item in style.iter(STYLE + "table-properties"))
        }
        grids: list[Grid] = []
        for table in root.iterfind(f"{OFFICE}body/{OFFICE}spreadsheet/{TABLE}table"):
            grids += read_sheet(package, table, table.get(TABLE + "style-name") in unseen)
        return tuple(grids)


def read_sheet(package: Package, table: Any, hidden: bool) -> list[Grid]:
    """One sheet as a Grid with its comments, [] when both are empty."""
    part = f'sheet "{table.get(TABLE + "name", "")}"'
    cells: list[Cell] = []
    merges: list[Merge] = []
    notes: list[Cell] = []
    columns = find_hidden_columns(table)
    row = 0
    for line in find_rows(table):
        times = read_count(line, "number-rows-repeated", MAX_ROW)
        unseen = hidden or line.get(TABLE + "visibility") in HIDDEN
        found = read_row(line, row, unseen, columns, merges, notes)
        if found or len(merges) > MAX_MERGES:
            if len(cells) + len(found) * times > MAX_CELLS or len(merges) > MAX_MERGES:
                raise package.report(f"{part} is too large: over {MAX_CELLS:,} cells or {MAX_MERGES:,} merged areas")
            for down in range(times):
                cells += found if not down else move_down(found, down)
        row = min(row + times, MAX_ROW)
    path = package.document.path
    grids = [Grid(document=path, part=part, kind="sheet", cells=tuple(cells), merges=tuple(merges))] if cells else []
    if notes:
        grids.append(Grid(document=path, part=f"comments on {part}", kind="text", cells=tuple(notes)))
    return grids


def read_row(
    line: Any, row: int, hidden: bool, columns: list[tuple[int, int]], merges: list[Merge], notes: list[Cell]
) -> list[Cell]:
    """The cells of one row; merged areas and comments go to their lists."""
    cells: list[Cell] = []
    col = 0
    for item in line:
        if item.tag not in (CELL, COVERED):
            continue
        times = read_count(item, "number-columns-repeated", MAX_COL)
        value, text, note = read_content(item)
        for at in range(col, min(col + times, MAX_COL)) if text else ():
            unseen = hidden or any(first <= at <= last for first, last in columns)
            if cell := make_cell(row, at, value, text, unseen):
                cells.append(cell)
        if note:
            notes += [
                make_text_cell(len(notes) + n, 0, text, make_text_cell(row, col, "x").ref, hidden=hidden)
                for n, text in enumerate(tidy_text(note).split("\n"))
            ]
        height, width = (
            read_count(item, "number-rows-spanned", MAX_ROW),
            read_count(item, "number-columns-spanned", MAX_COL),
        )
        if item.tag == CELL and (height > 1 or width > 1):
            merges.append(Merge(row=row, col=col, last_row=row + height - 1, last_col=col + width - 1))
        col = min(col + times, MAX_COL)
    return cells


def move_down(cells: list[Cell], down: int) -> list[Cell]:
    moved = (make_cell(cell.row + down, cell.col, cell.value, cell.text, cell.hidden) for cell in cells)
    return [cell for cell in moved if cell]


def find_rows(table: Any) -> list[Any]:
    """The rows of a sheet in order, through groups and headers."""
    rows: list[Any] = []
    stack = list(reversed(table))
    while stack:
        item = stack.pop()
        if item.tag == ROW:
            rows.append(item)
        elif item.tag in GROUPS:
            stack.extend(reversed(item))
    return rows


def find_hidden_columns(table: Any) -> list[tuple[int, int]]:
    """First and last of each run of hidden columns."""
    found: list[tuple[int, int]] = []
    col = 0
    stack = list(reversed(table))
    while stack:
        item = stack.pop()
        if item.tag == TABLE + "table-column":
            times = read_count(item, "number-columns-repeated", MAX_COL)
            if item.get(TABLE + "visibility") in HIDDEN:
                found.append((col, col + times - 1))
            col += times
        elif item.tag in COLUMN_GROUPS:
            stack.extend(reversed(item))
    return found


def read_count(item: Any, name: str, limit: int) -> int:
    text = item.get(TABLE + name, "1")
    return max(1, min(int(text), limit)) if text.isascii() and text.isdigit() and len(text) < 12 else 1


def read_content(item: Any) -> tuple[Value, str, str]:
    """A cell's value as the file holds it, the text it shows, and its comment."""
    lines = [read_line(child) for child in item if child.tag == TEXT + "p"]
    note = "\n".join(read_line(line) for box in item.iterfind(OFFICE + "annotation") for line in box.iter(TEXT + "p"))
    shown = "\n".join(lines)
    kind = item.get(OFFICE + "value-type", "")
    raw = item.get(OFFICE + "value", "")
    if kind in ("float", "percentage", "currency"):
        try:
            number = float(raw)
        except ValueError:
            return shown, shown, note
        if number.is_integer() and abs(number) < 1e15:
            return int(number), shown or str(int(number)), note
        return number, shown or f"{number:.10g}", note
    if kind == "boolean":
        true = item.get(OFFICE + "boolean-value") == "true"
        return true, shown or str(true).upper(), note
    if kind == "date":
        stated = item.get(OFFICE + "date-value", "")
        try:
            return settle_date(datetime.fromisoformat(stated).replace(tzinfo=None)), shown or stated, note
        except ValueError:
            return shown or stated, shown or stated, note
    return shown, shown, note


def read_line(node: Any) -> str:
    """A paragraph's text, with the spaces and tabs that stand as elements; comments inside it are left out."""
    parts = [node.text or ""]
    for child in node:
        if child.tag == TEXT + "s":
            count = child.get(TEXT + "c", "1")
            parts.append(" " * (min(int(count), 100) if count.isascii() and count.isdigit() else 1))
        elif child.tag == TEXT + "tab":
            parts.append("\t")
        elif child.tag == TEXT + "line-break":
            parts.append("\n")
        elif child.tag != OFFICE + "annotation" and isinstance(child.tag, str):
            parts.append("".join(map(str, child.itertext())))
        parts.append(child.tail or "")
    return "".join(parts)
