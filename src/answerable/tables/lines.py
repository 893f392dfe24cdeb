"""Lines of text -> grids: delimited rows, line lists, rows set with spaces, and one cell a line.

Much of what authorities publish has lost its table markup. Each run of lines that still has a table's shape
becomes a grid of its own whose cells keep the line's `ref`. The trap is prose: a line is taken only when it
is short and the run fits one shape throughout.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from answerable.model import Cell, Grid
from answerable.tables.shapes import find_shape, is_age_run, is_small_range, is_worded, read_run
from answerable.values import parse_period_label, parse_value

Rows = list[list[tuple[Cell, str]]]
"""Rows of texts, each with the line it was cut from."""

_RULE = re.compile(r"[\s|:+=-]{3,}")
_PAIR = re.compile(
    r"(?P<label>\S(?:.{0,110}?\S)?)\s*(?:\s[-–—]\s?|\s?[-–—]\s|[=:]|\.{3,}|…)\s*(?P<value>[^\s:=].*)", re.S
)
_KEY = re.compile(r"(?:\[[a-z]\]|\([a-z]\)|[*~#^†]|[-–—]|x|n/?a)\s*(?:[=:]|[-–—]\s)", re.I)
"""A line of a key, which explains a mark."""
_FUSED = re.compile(r"(?P<label>[A-Za-z][A-Za-z/&,' ()-]{2,}[a-z)])(?P<value>\d[\d,]{0,6})")
_COMPARED = re.compile(r"\d[\d,]*(?:\s*\([A-Za-z][^)]*\)\s*[,;&+]?\s*(?:and\s+)?\d[\d,]*)+\s*(?:\([A-Za-z][^)]*\))?")
_SENTENCE = re.compile(
    r"\b(?:please|there (?:was|were|have|has|are|is)|were|was|has|have been|you|your|would|could|should|"
    r"telephone|tel|fax|ref|reference|dated?|e-?mail|foi|page)\b",
    re.I,
)
_TURNED = re.compile(
    r"(?P<head>(?:[\w ]{1,20}[.):]|question \w{1,3})\s+)?(?P<value>\d[\d,]*|<\s?\d+|nil|zero|none)\s*"
    r"\((?P<label>[^()]{2,40})\)",
    re.I,
)
_NUMBERED = re.compile(r"(?:q|question|answer|response)\.?\s*\d{1,2}[a-h]?\s+[-–]\s+(?=(?:19|20)\d\d)", re.I)
"""A question's number before the first of several periods: "Q1 - 2021/22 - 640; 2022/23 - 702"."""
_INLINE = re.compile(
    r"(?P<label>[^,;]{1,90}?)\s*(?:\s[-–—]\s?|[:=])\s*(?P<value>\d[\d,]*|<\s?\d+|nil|zero|none|\d-\d|\*|~)"
    r"(?:\s+(?:offences?|crimes?|victims?|records?|people|persons?|suspects?|arrests?))?",
    re.I,
)
_COLUMN = re.compile(r"x+(?: x+)*")
"""Columns in the outline of a run of lines: marks no more than one space apart."""
_WORD = re.compile(r"\d[\d,]*|<\d+|[*~]|\d+(?:\.\d+)?%|nil|zero|none|n/a|\[[a-z]\]", re.I)
"""A word at the end of a row set with spaces that is a value."""
_INTRODUCES = re.compile(r".*:|\(?(?:[a-h]|\d{1,2}[a-h]?)[.)]", re.I)
"""A line that announces what follows, or numbers a question: no heading of a column."""
_MAX_CELLS = 600
_MAX_HEADER = 40
"""Lines before the first value of a stacked table."""


def find_line_grids(grid: Grid) -> tuple[Grid, ...]:
    """Grids for the table-shaped runs of a text grid's lines, in order."""
    lines = [cell for cell in sorted(grid.cells, key=lambda cell: cell.row) if not cell.hidden]
    found: list[Grid] = []
    index = 0
    while index < len(lines):
        rows = next((rows for find in _FINDERS if (rows := find(lines, index))), None)
        if rows is None:
            index += 1
            continue
        found.append(_make_grid(grid, rows))
        last = rows[-1][-1][0]
        while index < len(lines) and lines[index].row <= last.row:
            index += 1
    return tuple(found)


def _make_grid(grid: Grid, rows: Rows) -> Grid:
    cells = tuple(
        replace(line, row=number, col=col, text=text.strip(), value=None, kind="text")
        for number, row in enumerate(rows)
        for col, (line, text) in enumerate(row)
        if text.strip()
    )
    return replace(grid, kind="text", cells=cells, merges=())


def _find_delimited(lines: Sequence[Cell], start: int) -> Rows | None:
    """Lines cut by tabs or upright bars, at least two with one width."""
    for mark in ("\t", "|"):
        run: list[Cell] = []
        for line in lines[start:]:
            if mark not in line.text and not (run and _RULE.fullmatch(line.text)):
                break
            if not _RULE.fullmatch(line.text):
                run.append(line)
        # Bars at the head of every line are a frame; at the head of some they stand after a blank cell.
        framed = mark == "|" and all(line.text.lstrip().startswith(mark) for line in run)
        rows = [[(line, piece) for piece in _unframe(line.text, framed=framed).split(mark)] for line in run]
        if len(rows) >= 2 and (any(parse_value(text) for row in rows for _, text in row[1:]) or _are_records(rows)):
            return rows
    return None


def _are_records(rows: Rows) -> bool:
    """Whether rows of texts are a list of records: at least four, of one width of at least three."""
    return len(rows) >= 4 and len(rows[0]) >= 3 and len({len(row) for row in rows}) == 1


def is_delimited(text: str) -> bool:
    """Whether tabs or upright bars part a line into cells."""
    tidy = text.strip()
    return "\t" in tidy or " | " in tidy or tidy.startswith("|")


def _unframe(text: str, *, framed: bool) -> str:
    """A line without the bars at its two ends, where they are a frame."""
    return text.strip(" ").removeprefix("|").removesuffix("|") if framed else text.strip(" ")


def _find_aligned(lines: Sequence[Cell], start: int) -> Rows | None:
    """Rows whose columns are set with spaces: the columns are where every line of the run has text or none.

    A blank cell leaves its column empty, so nothing moves.
    """
    run: list[Cell] = []
    for line in lines[start:]:
        if "  " not in line.text.strip() or (run and line.row != run[-1].row + 1):
            break
        run.append(line)
    if len(run) < 2:
        return None
    width = max(len(line.text) for line in run)
    used = [any(col < len(line.text) and line.text[col] != " " for line in run) for col in range(width)]
    columns = [match.span() for match in _COLUMN.finditer("".join("x" if one else " " for one in used))]
    rows = [[(line, line.text[first:end].strip()) for first, end in columns] for line in run]
    if len(columns) < 2:
        return None
    full = all(text for row in rows for _, text in row)
    valued = any(parse_value(text) for row in rows for _, text in row[1:])
    return rows if valued or (full and _are_records(rows)) else None


def _find_list(lines: Sequence[Cell], start: int) -> Rows | None:
    """ "2020 - 175", "1a = 111", "Q1: 52", "Making/Taking26": a label, a sign, a value."""
    rows: Rows = []
    for line in lines[start:]:
        pair = _cut_pair(line.text)
        if pair is None:
            break
        rows.append([(line, text) for text in pair])
    return rows or None


_ANNOUNCES = re.compile(r"\(?(?:\d{1,2}[a-h]?|[a-h])\)[.:]?|(?:question|q|part|answer) ?\(?\w{1,3}\)?[.:]?", re.I)
"""A line that only numbers the answer after it: "a)", "Question 2"."""
_SEVERAL = re.compile(r"[:=]\s.*\d\s*[,;]\s*[A-Za-z].*\s\d+$")
"""A label before several pairs: "2022/23: Primary 6, Secondary 36, Special 0"."""


@lru_cache(maxsize=16384)
def _cut_pair(text: str) -> tuple[str, str] | None:
    tidy = text.strip().lstrip("•·▪●◦-–* ").strip()
    if not tidy or len(tidy) > 140 or is_delimited(text) or parse_period_label(tidy) or _KEY.match(tidy):
        return None
    if match := _FUSED.fullmatch(tidy):
        return None if _SENTENCE.search(match["label"]) else (match["label"], match["value"])
    match = None if _SEVERAL.search(tidy) else _PAIR.fullmatch(tidy)
    while match is not None:
        value = match["value"].strip()
        if _is_listed(value):
            return None if _SENTENCE.search(match["label"]) else (match["label"].strip(), value)
        # "1a. Charged - under 18 - 5": the last sign is the one that counts
        later = _PAIR.fullmatch(value)
        if later is None:
            return None
        label = tidy[: len(tidy) - len(value)] + later["label"]
        if _is_listed(later["value"].strip()):
            return None if _SENTENCE.search(label) else (label.strip(), later["value"].strip())
        match = None
    return None


def _is_listed(value: str) -> bool:
    """Whether a text after a sign is a value, or two values side by side that a person must part."""
    bare = re.sub(
        r"\s+(?:offences?|crimes?|victims?|records?|people|persons?|suspects?|arrests?)\.?$", "", value, flags=re.I
    )
    reading = parse_value(bare)
    if reading is not None and reading.status == "refused" and len(bare) > 24:
        return False  # a sentence that refuses, not a cell
    return (reading is not None and parse_period_label(bare) is None) or bool(_COMPARED.fullmatch(value))


def _find_inline(lines: Sequence[Cell], start: int) -> Rows | None:
    """Several pairs in one line, "Q4. Snapchat - 4, Instagram - 2": a heading where there is one, and a row a pair."""
    line = lines[start]
    if len(line.text) > 300 or is_delimited(line.text):
        return None
    pieces = re.split(r"\s*[,;]\s+(?:and\s+)?", line.text.strip().rstrip("."))
    pairs = _cut_pieces(pieces)
    if len(pieces) < 2 or len(pairs) != len(pieces):
        return None
    label = pairs[0][0]
    numbered = _NUMBERED.match(label) if len(pairs) > 1 else None
    head, sign, first = (numbered[0], "", label[numbered.end() :]) if numbered else label.rpartition(_find_break(label))
    labels = [first.strip(), *(pair[0].strip() for pair in pairs[1:])]
    if any(_SENTENCE.search(label) for label in labels) or not all(labels):
        return None
    rows = [[(line, label), (line, pair[1])] for label, pair in zip(labels, pairs, strict=True)]
    return [[(line, f"{head}{sign}".strip())], *rows] if head.strip() else rows


def _cut_pieces(pieces: Sequence[str]) -> list[tuple[str, str]]:
    """(label, value) of each piece, "Snapchat - 4" or "31 (2020)"; a number before the first stays with its label."""
    pairs = [(match["label"], match["value"]) for piece in pieces if (match := _INLINE.fullmatch(piece.strip()))]
    if pairs:
        return pairs
    turned = [match for piece in pieces if (match := _TURNED.fullmatch(piece.strip()))]
    return [(f"{match['head'] or ''}{match['label']}", match["value"]) for match in turned]


def _find_break(label: str) -> str:
    """What parts a heading from the first label after it, as it stands; a sign that is not there for none."""
    found = re.findall(r"[:.)]\s+", label)
    return found[-1] if found else "\0"


def _find_spaced(lines: Sequence[Cell], start: int) -> Rows | None:
    """Rows set with spaces: the same number of values at the end of each, under a header line."""
    rows: Rows = []
    width = 0
    for line in lines[start + 1 :]:
        cut = _cut_values(line.text) if _is_row(line) else []
        if len(cut) < 2 or (width and len(cut) != width) or _SENTENCE.search(cut[0]):
            break
        width = len(cut)
        rows.append([(line, text) for text in cut])
    if len(rows) < 2:
        return None
    head = _cut_header(lines[start].text, width)
    return [[(lines[start], text) for text in head], *rows] if head else None


def _is_row(line: Cell) -> bool:
    """Whether a line can be a row set with spaces: no pair, and no period or age band, which end in a number."""
    if "   " in line.text.strip() or is_delimited(line.text) or _SEVERAL.search(line.text.strip()):
        return False  # columns set with spaces are cut where the spaces are
    return _cut_pair(line.text) is None and find_shape(line) == "label" and parse_period_label(line.text) is None


def _cut_values(text: str) -> list[str]:
    words = text.split()
    values: list[str] = []
    while len(words) > 1 and _WORD.fullmatch(words[-1]):
        values.insert(0, words.pop())
    return [" ".join(words), *values]


def _cut_header(text: str, width: int) -> list[str] | None:
    """A header line cut into `width` texts: by wide gaps, or by periods at its end."""
    if text.rstrip().endswith((".", ";", "?")):
        return None
    parts = [part for part in re.split(r"\s{2,}|\t", text.strip()) if part]
    if len(parts) == width:
        return parts
    if len(parts) == width - 1:
        return ["", *parts]
    words = text.split()
    tail = words[len(words) - (width - 1) :]
    if len(words) >= width - 1 and all(parse_period_label(word) or word.casefold() == "total" for word in tail):
        return [" ".join(words[: len(words) - (width - 1)]), *tail]
    if width == 2 and len(text) < 90 and not parse_value(text) and not text.rstrip().endswith((".", ":", "?")):
        return [text.rsplit(" ", 1)[0], text.rsplit(" ", 1)[1]] if len(words) > 1 else None
    return None


def _find_stacked(lines: Sequence[Cell], start: int) -> Rows | None:
    """One cell a line: a header's labels, then each row's label and its values, all of one width.

    The number of values between two labels gives the width. A blank corner leaves no line, so the header may
    have one label fewer than the rows have cells.
    """
    if (
        _INTRODUCES.fullmatch(lines[start].text.strip())
        or find_shape(lines[start]) == "count"
        or not any(find_shape(line) == "count" for line in lines[start : start + _MAX_HEADER])
    ):
        return None
    texts = _take_short(lines[start : start + _MAX_CELLS])
    shapes = ["count" if _is_stacked_value(cell) else "label" for cell in texts]
    if "count" not in shapes:
        return None
    first = shapes.index("count")
    count = next((i for i, shape in enumerate(shapes[first:]) if shape != "count"), len(shapes) - first)
    rows = _head_stack(texts, first, count)
    if rows is None:
        return None
    headed = len(rows)
    index = first - 1
    if (rows[0][0][0] if headed else texts[index]) is not lines[start]:
        return None  # it starts further down: lines between belong to something else
    if headed and start and all(parse_period_label(lines[k].text) for k in (start - 1, start)):
        return None  # it starts further up: a column's heading was left out
    while index + count < len(texts) and shapes[index : index + count + 1] == ["label"] + ["count"] * count:
        rows.append([(cell, cell.text) for cell in texts[index : index + count + 1]])
        index += count + 1
    if shapes[index : index + 2] in (["label", "count"], ["count"]) or shapes[index : index + 1] == ["count"]:
        return None  # a row of another width: blank cells were lost, so no value can be placed
    if count > 1 and not headed and rows and not is_age_run(read_run([cell for cell, _ in rows[0][1:]])):
        return None  # nothing names the columns
    enough = 1 if headed and count > 1 and all(parse_period_label(text) for _, text in rows[0][1:]) else 2
    return rows if len(rows) - headed >= enough else None


def _is_stacked_value(cell: Cell) -> bool:
    """Whether a line is a value: a count, or a small range that hides one ("1-4")."""
    return (find_shape(cell) == "count" and not is_worded(cell)) or is_small_range(cell)


def _head_stack(texts: Sequence[Cell], first: int, count: int) -> Rows | None:
    """The header of a stack as its first row, [] for none; None where labels cannot be told from headings."""
    if first <= count or (count == 1 and first <= 2):
        return []
    head = texts[first - 1 - count : first - 1]
    periods = [parse_period_label(cell.text) is not None for cell in texts[: first - 1]]
    if any(periods) and (not all(periods[-count:]) or any(periods[:-count])):
        return None  # one heading more or fewer than there are values: a second label column, or a lost cell
    if not any(periods) and first > count + 2:
        return None
    corner = [(cell, cell.text) for cell in texts[max(0, first - 2 - count) : first - 1 - count]]
    return [[*(corner or [(head[0], "")]), *((cell, cell.text) for cell in head)]]


def _take_short(lines: Sequence[Cell]) -> list[Cell]:
    short: list[Cell] = []
    for line in lines:
        text = line.text.strip()
        sentence = len(text) > 110 or text.endswith(("?", ".", ";"))
        if "   " in text or is_delimited(text) or sentence or _ANNOUNCES.fullmatch(text) or _cut_pair(text):
            break
        short.append(line)
    return short


_FINDERS = (_find_delimited, _find_aligned, _find_inline, _find_list, _find_spaced, _find_stacked)
