"""A document as it came, beside the reading: its grids with cells lit, its pages as pictures, its HTML made safe.

Only reviewers see it, so hidden cells are shown here, as hidden. The trap is trust: names and addresses come from
documents and from the browser, so a document is found in the survey's own list, never by a path, and mailed HTML
keeps no script, style, picture or address.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from answerable import store
from answerable.errors import StoreError, UnreadableDocument
from answerable.formats import find_format
from answerable.formats.safely import draw_safely, unpack_safely
from answerable.model import Cell, Document, Grid
from answerable.reading import Read
from answerable.web.items import Item, Member

AROUND = 10
"""Rows shown either side of a cell that is lit."""
FIRST = 6
"""Rows shown of the head of a grid, so that its labels are in sight."""
MOST_COLUMNS = 40
MOST_PANELS = 8
_PAGE = re.compile(r"page (\d+)")
_BOX = re.compile(r"-?\d+(?:\.\d+)?(?:,-?\d+(?:\.\d+)?){3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One cell as shown. `lit` is the name of the member it is, "" for another cell."""

    text: str
    ref: str
    lit: str
    focus: bool
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: its number from 1; `gap` says rows were left out before it."""

    number: int
    boxes: tuple[Box, ...]
    gap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One grid as shown; a `text` one is a letter."""

    part: str
    kind: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A box on a page's picture, in points from its left top corner."""

    x: float
    y: float
    width: float
    height: float
    lit: str
    focus: bool
    read: str
    """What a machine read off a picture, shown beside it; "" where the page itself holds the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page shown as a picture with what is lit on it."""

    number: int
    width: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document beside an Item. `mailed` says that it came as HTML, `others` are the Item's other documents."""

    document: Document
    authority: str
    pages: tuple[Page, ...]
    panels: tuple[Panel, ...]
    mailed: bool
    others: tuple[tuple[str, str], ...]


def find_document(reads: Sequence[Read], path: str) -> tuple[Read, Document]:
    """The reply and Document of that path; StoreError where the survey has none."""
    for read in reads:
        for document in read.reply.documents:
            if document.path == path:
                return read, document
    raise StoreError(path[:80], "is no document of this survey", "Open it from the queue or its authority's page")


def read_document_bytes(folder: Path, read: Read, document: Document) -> bytes:
    """The bytes of a document, also of one inside others; UnreadableDocument where it cannot be taken out."""
    chain = [document]
    while chain[0].parent is not None:
        outer = next((d for d in read.reply.documents if d.path == chain[0].parent), None)
        if outer is None:
            raise StoreError(document.path, "has lost the document it came in", "Build again")
        chain.insert(0, outer)
    data = store.read_bytes(folder, chain[0])
    for outer, inner in pairwise(chain):
        found = {d.path: content for d, content in unpack_safely(outer, data)}
        if inner.path not in found:
            raise UnreadableDocument(inner.path, f"is no longer inside {outer.name}", "Build again")
        data = found[inner.path]
    return data


@lru_cache(maxsize=32)
def draw_document(document: Document, data: bytes, number: int) -> tuple[bytes, float, float]:
    """A page as (PNG, width, height in points); the last few are kept."""
    return draw_safely(document, data, number)


def name_format(document: Document, data: bytes) -> str:
    """The format a document is in, "" where it is none."""
    try:
        return find_format(document, data)
    except UnreadableDocument:
        return ""


def lay_out_item(folder: Path, reads: Sequence[Read], item: Item, focus: str, path: str = "") -> Paper | None:
    """The document that an Item's focused member stands in, or the one at `path`; None where it has no place."""
    placed = [member for member in item.members if member.source is not None]
    paths = list(dict.fromkeys(member.source.document for member in placed if member.source))
    chosen = next((member for member in placed if member.name == focus), placed[0] if placed else None)
    wanted = path if path in paths else chosen.source.document if chosen and chosen.source else ""
    if not wanted or not any(d.path == wanted for read in reads for d in read.reply.documents):
        return None
    read, document = find_document(reads, wanted)
    own = [member for member in placed if member.source and member.source.document == wanted]
    kind = name_format(document, read_document_bytes(folder, read, document))
    drawn = kind in ("pdf", "scan")
    return Paper(
        document=document,
        authority=read.reply.authority,
        pages=_lay_out_pages(folder, read, document, own, focus) if drawn else (),
        panels=() if drawn else _lay_out_panels(read, document, own, focus),
        mailed=kind in ("html", "eml", "msg"),
        others=tuple((other, _name_short(other)) for other in paths if other != wanted),
    )


def _name_short(path: str) -> str:
    return path.replace("/", ", ").replace("!", ", ")


def _lay_out_pages(
    folder: Path, read: Read, document: Document, members: Sequence[Member], focus: str
) -> tuple[Page, ...]:
    """The pages that members stand on, each with its size and what is lit."""
    numbers = sorted({_find_page(member) for member in members})
    data = read_document_bytes(folder, read, document)
    pages = []
    for number in numbers[:4]:
        try:
            _, width, height = draw_document(document, data, number)
        except UnreadableDocument:
            continue
        own = [member for member in members if _find_page(member) == number]
        marks = tuple(mark for member in own if (mark := _make_mark(member, focus)) is not None)
        pages.append(Page(number=number, width=width, height=height, marks=marks))
    return tuple(pages)


def _find_page(member: Member) -> int:
    found = _PAGE.search(member.source.part) if member.source else None
    return int(found[1]) if found else 1


def _make_mark(member: Member, focus: str) -> Mark | None:
    if member.source is None or not _BOX.fullmatch(member.source.ref):
        return None
    left, top, right, bottom = (float(side) for side in member.source.ref.split(","))
    return Mark(
        x=left - 3,
        y=top - 2,
        width=max(right - left, 4) + 6,
        height=max(bottom - top, 4) + 4,
        lit=member.name,
        focus=member.name == focus,
        read=member.quote[:8] if member.source.part.endswith(", scanned") else "",
    )


def _lay_out_panels(read: Read, document: Document, members: Sequence[Member], focus: str) -> tuple[Panel, ...]:
    """The grids that members stand in, each with the one before it, cut to the rows around them."""
    grids = [grid for grid in read.grids if grid.document == document.path and grid.cells]
    lit = {(m.source.part, m.source.ref): m.name for m in members if m.source}
    holding = [n for n, grid in enumerate(grids) if any((grid.part, cell.ref) in lit for cell in grid.cells)]
    if not holding:
        holding = [n for n, grid in enumerate(grids) if any(grid.part == part for part, _ in lit)] or [0]
    shown = sorted({n for number in holding for n in (number - 1, number) if 0 <= n < len(grids)})
    return tuple(_lay_out_grid(grids[n], lit, focus) for n in shown[:MOST_PANELS])


def _lay_out_grid(grid: Grid, lit: dict[tuple[str, str], str], focus: str) -> Panel:
    cells = {(cell.row, cell.col): cell for cell in grid.cells}
    columns = min(max(cell.col for cell in grid.cells) + 1, MOST_COLUMNS)
    rows = sorted({cell.row for cell in grid.cells})
    near = {cell.row for cell in grid.cells if (grid.part, cell.ref) in lit} or set(rows[-3:])
    kept = [row for row in rows if row < rows[0] + FIRST or any(abs(row - other) <= AROUND for other in near)]
    lines, last = [], None
    for row in kept:
        boxes = tuple(_make_box(grid, cells.get((row, col)), lit, focus) for col in range(columns))
        gap = last is not None and any(last < other < row for other in rows)
        lines.append(Line(number=row + 1, boxes=boxes, gap=gap))
        last = row
    return Panel(part=grid.part, kind=grid.kind, lines=tuple(lines))


def _make_box(grid: Grid, cell: Cell | None, lit: dict[tuple[str, str], str], focus: str) -> Box:
    if cell is None:
        return Box(text="", ref="", lit="", focus=False, hidden=False)
    name = lit.get((grid.part, cell.ref), "")
    return Box(text=cell.text, ref=cell.ref, lit=name, focus=bool(name) and name == focus, hidden=cell.hidden)


def find_html(document: Document, data: bytes) -> str:
    """The HTML of a page or mail, "" where it has none."""
    kind = name_format(document, data)
    if kind == "html":
        return data.decode("utf-8", "replace")
    if kind == "eml":
        from email import message_from_bytes, policy

        part = message_from_bytes(data, policy=policy.default).get_body(preferencelist=("html",))
        content = part.get_content() if part is not None else ""
        return content if isinstance(content, str) else ""
    return ""


def clean_html(text: str) -> str:
    """HTML with its structure and words only: no script, style, form, picture, frame, address or event."""
    import nh3

    tags = set(
        "a abbr b blockquote br caption cite code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i ins li ol p "
        "pre q s small span strong sub sup table tbody td tfoot th thead tr u ul".split()
    )
    attributes = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
    return nh3.clean(
        text,
        tags=tags,
        attributes=attributes,
        clean_content_tags={"script", "style", "title"},
        link_rel=None,
        strip_comments=True,
    )
