"""What floats over a worksheet: notes and comments on cells, and text boxes.

Stands under xlsx. Replies put their suppression key or a caveat in a text box as often as in a cell. The trap:
these live in parts of their own, reached by relations, and a comment may be stored twice (old and threaded).
"""

from typing import Any

from answerable.formats.cells import make_text_cell, tidy_text
from answerable.formats.package import Package
from answerable.model import Cell, Grid

THREADED = "[Threaded comment]"


def read_notes(package: Package, name: str, part: str, hidden: bool) -> list[Grid]:
    """A text grid of a sheet's comments, with the cell each hangs on as its ref, and one of its text boxes."""
    comments: list[tuple[str, str]] = []
    boxes: list[tuple[str, str]] = []
    threaded: list[tuple[str, str]] = []
    for kind, target, outside in package.read_relations(name).values() if name else ():
        if outside:
            continue
        if kind == "comments" and (root := package.read_tree(target)) is not None:
            comments += [(item.get("ref", ""), join_texts(item)) for item in root.iter("{*}comment")]
        elif kind == "threadedComment" and (root := package.read_tree(target)) is not None:
            threaded += [
                (item.get("ref", ""), "".join(map(str, item.itertext()))) for item in root.iter("{*}threadedComment")
            ]
        elif kind == "drawing" and (root := package.read_tree(target)) is not None:
            boxes += [("", read_box(item)) for item in root.iter("{*}txBody")]
    comments = [pair for pair in comments if not pair[1].startswith(THREADED)] + threaded
    path = package.document.path
    found = ((f"comments on {part}", comments), (f"text boxes on {part}", boxes))
    grids = [(title, make_lines(pairs, hidden)) for title, pairs in found]
    return [Grid(document=path, part=title, kind="text", cells=cells) for title, cells in grids if cells]


def join_texts(item: Any) -> str:
    return "".join(node.text or "" for node in item.iter("{*}t"))


def read_box(item: Any) -> str:
    """A text box's paragraphs, one a line."""
    return "\n".join(join_texts(paragraph) for paragraph in item.iter("{*}p"))


def make_lines(pairs: list[tuple[str, str]], hidden: bool) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for ref, text in pairs:
        for line in tidy_text(text).split("\n"):
            if line:
                row = len(cells)
                cells.append(make_text_cell(row, 0, line, ref or f"p{row + 1}", hidden=hidden))
    return tuple(cells)
