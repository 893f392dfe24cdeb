"""A Word document -> its paragraphs and tables in body order, then headers, footers, notes and text boxes.

Reads the XML itself: what a person sees includes list numbers, text boxes, notes and tracked insertions, and
leaves out tracked deletions. The traps: merged cells (each logical cell comes once, with its Merge), text boxes
that are stored twice for old readers, and tables inside cells, which become grids of their own after the outer.
"""

from lxml import etree

from answerable.formats.cells import Body, make_text_cell, tidy_text
from answerable.formats.inner import make_inner
from answerable.formats.media import FORMATS
from answerable.formats.numbering import Numbering, read_numbering
from answerable.formats.package import Package
from answerable.model import Cell, Document, Grid, Merge

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
P, TBL, TR, TC, T, R = W + "p", W + "tbl", W + "tr", W + "tc", W + "t", W + "r"
VAL = W + "val"
BREAKS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}
BOX = W + "txbxContent"
SKIPPED = frozenset(
    {
        *(W + name for name in ("del", "moveFrom", "delText", "instrText", "rPr", "pPr", "sectPr", "tblPr", "sdtPr")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)
AFTER = ("header", "footer", "footnotes", "endnotes", "comments")
MAX_SPAN = 1000


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """Text grids and tables in body order; headers, footers, notes, comments and text boxes follow."""
    with Package(document, data) as package:
        main = package.find_main("word/document.xml")
        root = package.read_tree(main)
        if root is None:
            raise package.report("is damaged: it has no text part")
        body = Body(document=document)
        boxes: list[etree._Element] = []
        numbering = read_numbering(package, main, root)
        read_blocks(root, body, boxes, numbering)
        relations = package.read_relations(main)
        for kind in AFTER:
            for name in sorted(
                {target for sort, target, outside in relations.values() if sort == kind and not outside}
            ):
                if (tree := package.read_tree(name)) is not None:
                    body.close_text(kind)
                    read_blocks(tree, body, boxes, numbering)
        body.close_text("text box")
        while boxes:
            body.close_text("text box")
            read_blocks(boxes.pop(0), body, boxes, numbering)
        return body.finish()


def unpack(document: Document, data: bytes) -> tuple[tuple[Document, bytes], ...]:
    """The workbooks and documents embedded in it: figures pasted as an object show in Word as a picture only."""
    with Package(document, data) as package:
        names = sorted(name for name in package.names if name.startswith("word/embeddings/") and name[-1] != "/")
        found = make_inner(document, [(name.removeprefix("word/"), package.read_member(name)) for name in names])
        # An equation or a drawing is an embedded object too; only what has cells or text is a document.
        return tuple((inner, content) for inner, content in found if inner.media_type in FORMATS)


def read_blocks(root: etree._Element, body: Body, boxes: list[etree._Element], numbering: Numbering) -> None:
    """Add the paragraphs and tables under `root`; text boxes met on the way are put in `boxes`."""
    for block in find_blocks(root):
        if block.tag == P:
            text, hidden = read_paragraph(block, boxes, numbering)
            body.add_paragraph(text, hidden=hidden)
        else:
            read_table(block, body, boxes, numbering)


def find_blocks(root: etree._Element) -> list[etree._Element]:
    """The topmost paragraphs and tables under `root` in order, through content controls and tracked insertions."""
    found = []
    stack = [iter(root)]
    while stack:
        for child in stack[-1]:
            if child.tag in (P, TBL):
                found.append(child)
            elif child.tag not in SKIPPED and isinstance(child.tag, str):
                stack.append(iter(child))
                break
        else:
            stack.pop()
    return found


def read_paragraph(paragraph: etree._Element, boxes: list[etree._Element], numbering: Numbering) -> tuple[str, bool]:
    """A paragraph's text with its list number, and whether all of it is hidden text."""
    parts: list[str] = []
    shown = False
    stack = [iter(paragraph)]
    while stack:
        for child in stack[-1]:
            tag = child.tag
            if tag == T:
                parts.append(child.text or "")
                shown = shown or not is_vanished(child.getparent())
            elif tag in BREAKS:
                parts.append(BREAKS[tag])
            elif tag == BOX:
                boxes.append(child)
            elif tag == W + "sym":
                parts.append(read_symbol(child))
            elif tag not in SKIPPED and isinstance(tag, str):
                stack.append(iter(child))
                break
        else:
            stack.pop()
    text = "".join(parts)
    label = numbering.label_paragraph(paragraph) if text.strip() else ""
    return (f"{label} {text}" if label else text), bool(text.strip()) and not shown


def is_vanished(run: etree._Element | None) -> bool:
    properties = run.find(W + "rPr") if run is not None else None
    mark = properties.find(W + "vanish") if properties is not None else None
    return mark is not None and mark.get(VAL, "true") not in ("0", "false", "off")


def read_symbol(node: etree._Element) -> str:
    code = node.get(W + "char", "")
    try:
        return chr(int(code, 16) & 0xFFFF) if code else ""
    except ValueError:
        return ""


def read_table(table: etree._Element, body: Body, boxes: list[etree._Element], numbering: Numbering) -> None:
    """Add one table, then the tables inside its cells."""
    cells: list[Cell] = []
    filled: set[tuple[int, int]] = set()
    merges: dict[tuple[int, int], tuple[int, int]] = {}
    above: dict[int, tuple[int, int]] = {}
    inner: list[etree._Element] = []
    for row, line in enumerate(find_children(table, TR)):
        col = read_number(line.find(f"{W}trPr/{W}gridBefore"), 0)
        for node in find_children(line, TC):
            width = max(1, read_number(node.find(f"{W}tcPr/{W}gridSpan"), 1))
            down = node.find(f"{W}tcPr/{W}vMerge")
            corner = (row, col)
            if down is not None and down.get(VAL, "continue") != "restart" and col in above:
                corner = above[col]
            if down is not None:
                above[col] = corner
            else:
                above.pop(col, None)
            text, hidden = read_cell(node, boxes, inner, numbering)
            if text:
                # The text of a merged cell stands in its corner; what its hidden part holds besides keeps its place.
                place = (row, col) if corner in filled else corner
                filled.add(place)
                cells.append(make_text_cell(*place, text, hidden=hidden))
            if corner != (row, col) or width > 1:
                merges[corner] = (row, max(col + width - 1, merges.get(corner, (0, 0))[1]))
            col += width
    cells.sort(key=lambda cell: (cell.row, cell.col))
    areas = [Merge(row=row, col=col, last_row=end[0], last_col=end[1]) for (row, col), end in sorted(merges.items())]
    body.add_table(cells, areas)
    for nested in inner:
        read_table(nested, body, boxes, numbering)


def read_cell(
    node: etree._Element, boxes: list[etree._Element], inner: list[etree._Element], numbering: Numbering
) -> tuple[str, bool]:
    """A cell's paragraphs as lines; the tables in it go to `inner`."""
    lines, shown = [], False
    for block in find_blocks(node):
        if block.tag == TBL:
            inner.append(block)
            continue
        text, hidden = read_paragraph(block, boxes, numbering)
        lines.append(text)
        shown = shown or (bool(text.strip()) and not hidden)
    text = tidy_text("\n".join(lines))
    return text, bool(text) and not shown


def find_children(node: etree._Element, wanted: str) -> list[etree._Element]:
    """Rows of a table or cells of a row, through content controls; tracked deletions are left out."""
    found = []
    for child in node:
        if child.tag == wanted:
            if child.find(f"{W}trPr/{W}del") is None:
                found.append(child)
        elif isinstance(child.tag, str) and child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            found += find_children(child, wanted)
    return found


def read_number(node: etree._Element | None, default: int) -> int:
    text = node.get(VAL, "") if node is not None else ""
    return min(int(text), MAX_SPAN) if text.isascii() and text.isdigit() else default
