"""The table competition's measure: which texts of a table are neighbours, across and down.

Göbel, Hassan, Oro, Orsi, "ICDAR 2013 Table Competition" (10.1109/ICDAR.2013.292): each cell with text is paired
with the nearest cell with text to its right and below; a table is right where the pairs are. Tables are found
as well as read: pairs of all tables of a page are compared with all of the truth's, so a table that is missed
lowers recall and one that is invented lowers precision.
"""

import re
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

Pairs = Counter[tuple[int, str, str, str]]


class Placed(NamedTuple):
    """A cell's text and the rows and columns it spans, both ends included."""

    row: int
    col: int
    last_row: int
    last_col: int
    text: str


def normalise(text: str) -> str:
    """The text without spaces and case, with one kind of dash and quote. The truth has "hungary" and "n" where the
    page shows "Hungary" and "N": the library it was made with misread the case of one font."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[\u2010-\u2015\u2212\u00ad\x02\ufffe]", "-", text)
    text = re.sub(r"[\u2018\u2019\u201c\u201d`\u00b4]", "'", text)
    return re.sub(r"[\s\x00-\x1f\ue000-\uf8ff]+", "", text)


def find_pairs(page: int, cells: Iterable[Placed]) -> Pairs:
    """The neighbouring texts of one table, with the page they stand on."""
    at: dict[tuple[int, int], int] = {}
    kept = [cell._replace(text=normalise(cell.text)) for cell in cells]
    kept = [cell for cell in kept if cell.text]
    for index, cell in enumerate(kept):
        for row in range(cell.row, cell.last_row + 1):
            for col in range(cell.col, cell.last_col + 1):
                at[row, col] = index
    rows = max((cell.last_row for cell in kept), default=-1) + 1
    cols = max((cell.last_col for cell in kept), default=-1) + 1
    found = set()
    for row in range(rows):
        line = [at[row, col] for col in range(cols) if (row, col) in at]
        found |= {(a, b, "across") for a, b in pairwise(line) if a != b}
    for col in range(cols):
        line = [at[row, col] for row in range(rows) if (row, col) in at]
        found |= {(a, b, "down") for a, b in pairwise(line) if a != b}
    return Counter((page, kept[a].text, kept[b].text, way) for a, b, way in sorted(found))


def read_truth(path: Path) -> list[tuple[int, list[Placed]]]:
    """The page and the cells of every table part of a -str.xml file."""
    tables = []
    for region in ElementTree.parse(path).getroot().iter("region"):
        cells = []
        for cell in region.iter("cell"):
            row, col = int(cell.attrib["start-row"]), int(cell.attrib["start-col"])
            last_row, last_col = int(cell.get("end-row", row)), int(cell.get("end-col", col))
            cells.append(Placed(row, col, last_row, last_col, cell.findtext("content") or ""))
        tables.append((int(region.attrib["page"]), cells))
    return tables


def score(pairs: Sequence[tuple[Pairs, Pairs]]) -> dict[str, float]:
    """Precision, recall and F1 over all documents' (truth, found) pairs, and the mean of each document's F1."""
    right = sum((truth & found).total() for truth, found in pairs)
    wanted = sum(truth.total() for truth, _ in pairs)
    given = sum(found.total() for _, found in pairs)
    single = [
        2 * (truth & found).total() / (truth.total() + found.total()) if truth.total() + found.total() else 1.0
        for truth, found in pairs
    ]
    return {
        "precision": right / given if given else 0.0,
        "recall": right / wanted if wanted else 0.0,
        "f1": 2 * right / (wanted + given) if wanted + given else 0.0,
        "mean_f1": sum(single) / len(single),
    }
