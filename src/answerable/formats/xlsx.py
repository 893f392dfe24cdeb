"""Excel workbooks (xlsx, xlsm) -> one grid a sheet, its cells as a person sees them and as the file holds them.

Reads the XML itself, in one pass a sheet: the number format, hidden rows and columns, and a lone cell at
XFD1048576 are beyond readers that give bare values in a dense block. The traps: a cell without an address takes
the place after the one before; shared text is by number; dates are numbers under a date format.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lxml import etree

from answerable.formats.cells import Value
from answerable.formats.limits import MAX_CELLS, MAX_MERGES
from answerable.formats.number_format import GENERAL, show_value
from answerable.formats.package import Package
from answerable.formats.sheets import make_cell, settle_date, settle_number, show_text
from answerable.formats.xlsx_notes import read_notes
from answerable.formats.xlsx_styles import read_formats
from answerable.model import Cell, Document, Grid, Merge

_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")
YES = ("1", "true", "on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What every sheet of a workbook needs: shared texts, number formats by style, and where days count from."""

    path: str
    texts: tuple[str, ...]
    formats: tuple[str, ...]
    from_1904: bool


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """One grid a sheet that is not empty, in the workbook's order, each followed by its notes and text boxes.

    Cells of hidden sheets, rows and columns have `hidden` set. A formula gives the value last computed.
    """
    with Package(document, data) as package:
        main = package.find_main("xl/workbook.xml")
        root = package.read_tree(main)
        if root is None:
            raise package.report("is damaged: it has no workbook part")
        relations = package.read_relations(main)
        setting = root.find("{*}workbookPr")
        book = Book(
            path=document.path,
            texts=read_texts(package, package.find_part(main, "sharedStrings")),
            formats=read_formats(package.read_tree(package.find_part(main, "styles"))),
            from_1904=setting is not None and setting.get("date1904") in YES,
        )
        grids: list[Grid] = []
        for sheet in root.iterfind("{*}sheets/{*}sheet"):
            ids = [str(value) for key, value in sheet.items() if str(key).endswith("}id")]
            target = relations[ids[0]][1] if ids and ids[0] in relations else ""
            part, hidden = f'sheet "{sheet.get("name", "")}"', sheet.get("state", "visible") != "visible"
            grids += read_sheet(package, target, part, book, hidden)
            grids += read_notes(package, target, part, hidden)
        return tuple(grids)


def read_texts(package: Package, name: str) -> tuple[str, ...]:
    """The workbook's shared texts by number; phonetic hints are left out."""
    texts = []
    for _, item in stream_elements(package, name, ("{*}si",)):
        texts.append(join_text(item))
        item.clear()
    return tuple(texts)


def stream_elements(
    package: Package, name: str, tags: tuple[str, ...], events: tuple[str, ...] = ("end",)
) -> Iterator[tuple[str, Any]]:
    """Elements of one XML member as they are parsed; nothing for a member that is not there."""
    data = package.read_member(name)
    if not data:
        return
    parser: Any = etree.iterparse(
        io.BytesIO(data), events=events, tag=tags, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        yield from parser
    except etree.XMLSyntaxError as error:
        raise package.report(f"is damaged: {name} is not valid XML ({error})") from error


def read_sheet(package: Package, name: str, part: str, book: Book, hidden: bool) -> list[Grid]:
    """A worksheet as a Grid, [] when it is empty."""
    cells: list[Cell] = []
    merges: list[Merge] = []
    hidden_rows: set[int] = set()
    hidden_cols: list[tuple[int, int]] = []
    row = col = -1
    tags = ("{*}row", "{*}c", "{*}col", "{*}mergeCell")
    for event, item in stream_elements(package, name, tags, ("start", "end")):
        kind = item.tag.rpartition("}")[2]
        if event == "start":
            if kind == "row":
                row, col = read_number(item.get("r"), row + 2) - 1, -1
                if item.get("hidden") in YES:
                    hidden_rows.add(row)
        elif kind == "c":
            row, col = place_cell(item.get("r", ""), row, col)
            if cell := read_cell(item, row, col, book, hidden):
                cells.append(cell)
        elif kind == "row":
            item.clear()
        elif kind == "col" and item.get("hidden") in YES:
            hidden_cols.append((read_number(item.get("min"), 1) - 1, read_number(item.get("max"), 1) - 1))
        elif kind == "mergeCell" and (area := read_area(item.get("ref", ""))):
            merges.append(area)
        if len(cells) > MAX_CELLS or len(merges) > MAX_MERGES:
            raise package.report(f"{part} is too large: more than {MAX_CELLS:,} cells or {MAX_MERGES:,} merged areas")
    if not cells:
        return []
    cells = [mark_hidden(cell, hidden_rows, hidden_cols) for cell in cells] if hidden_rows or hidden_cols else cells
    cells.sort(key=lambda cell: (cell.row, cell.col))
    merges.sort(key=lambda area: (area.row, area.col))
    return [Grid(document=book.path, part=part, kind="sheet", cells=tuple(cells), merges=tuple(merges))]


def mark_hidden(cell: Cell, rows: set[int], cols: list[tuple[int, int]]) -> Cell:
    if cell.row in rows or any(first <= cell.col <= last for first, last in cols):
        return replace(cell, hidden=True)
    return cell


def read_number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else default


def read_ref(ref: str) -> tuple[int, int] | None:
    """Row and column, from 0, of an A1 address; None when it is not one."""
    match = _REF.match(ref)
    if not match:
        return None
    col = 0
    for letter in match[1].upper():
        col = col * 26 + ord(letter) - 64
    return int(match[2]) - 1, col - 1


def place_cell(ref: str, row: int, col: int) -> tuple[int, int]:
    """Where a cell stands: its address, or the place after the cell before."""
    return read_ref(ref) or (max(row, 0), col + 1)


def read_area(ref: str) -> Merge | None:
    first, _, last = ref.partition(":")
    start, end = read_ref(first), read_ref(last)
    if not start or not end:
        return None
    return Merge(row=start[0], col=start[1], last_row=end[0], last_col=end[1])


def read_cell(item: Any, row: int, col: int, book: Book, hidden: bool) -> Cell | None:
    """One `<c>` element as a Cell, None when it is blank."""
    code = book.formats[style] if (style := read_number(item.get("s"), 0)) < len(book.formats) else GENERAL
    value, text = read_content(item, code, book)
    return make_cell(row, col, value, text, hidden)


def read_content(item: Any, code: str, book: Book) -> tuple[Value, str]:
    """A cell's value as the file holds it, and the text it shows."""
    kind = item.get("t", "n")
    if kind == "inlineStr":
        inner = item.find("{*}is")
        text = join_text(inner) if inner is not None else ""
        return text, show_text(text, code)
    node = item.find("{*}v")
    raw = (node.text or "") if node is not None else ""
    if not raw:
        return None, ""
    if kind == "s":
        text = book.texts[number] if (number := read_number(raw.strip(), -1)) in range(len(book.texts)) else raw
        return text, show_text(text, code)
    if kind == "b":
        return raw.strip() in YES, "TRUE" if raw.strip() in YES else "FALSE"
    if kind in ("str", "e"):
        text = decode_text(raw)
        return text, show_text(text, code) if kind == "str" else text
    return read_amount(raw.strip(), code, book, kind)


def read_amount(raw: str, code: str, book: Book, kind: str) -> tuple[Value, str]:
    """A number, or the date that a date format makes of it; text when it is neither."""
    if kind == "d":
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            return raw, raw
        return settle_date(moment), show_value(moment, code if code != GENERAL else "dd/mm/yyyy")
    try:
        number = float(raw)
    except ValueError:
        return raw, raw
    if number in (float("inf"), float("-inf")) or number != number:
        return raw, raw
    return settle_number(number, code, from_1904=book.from_1904)


def join_text(item: Any) -> str:
    """The text of a shared or inline string: its runs joined."""
    parts = []
    for node in item.iter("{*}t"):
        parent = node.getparent()
        if parent is None or not parent.tag.endswith("}rPh"):
            parts.append(node.text or "")
    return decode_text("".join(parts))


def decode_text(text: str) -> str:
    """Text with Excel's own escapes for characters XML cannot hold (_x000D_) undone."""
    return _CODE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
