"""Which lines of text between two rules are rows of their own, and which are the rest of a wrapped cell.

Used by `fit` on one band of a table at a time. A line with figures in its columns is a row; a line without joins
the nearest row when it stands closer to it than rows stand to each other. The trap: headings wrap over lines
that line up as well as figures do, so lines above the first figures part only where one spans several columns.
"""

from collections.abc import Sequence
from statistics import median

from answerable.formats.pdf.columns import Column, is_figure, is_unfinished, place_phrase
from answerable.formats.pdf.lines import Line

OVER_MIDDLE = 12.0
"""Points within which a heading stands over the middle of its columns: their texts are of different lengths."""
Placed = list[tuple[int, int, str]]
"""First column, last column and text of each phrase of a line."""


def find_breaks(
    lines: Sequence[Line], xs: Sequence[float], known: Sequence[Column], *, bare: bool, first: bool
) -> list[float]:
    """Heights at which the lines of one band part into rows. `bare` is a table with no rules round it."""
    columns = [_place_phrases(line, xs, known) for line in lines]
    anchors = _find_anchors(lines, columns, bare=bare)
    if not anchors:
        starts = _part_headings(lines, columns) if first or bare else []
    else:
        head = _part_headings(lines[: anchors[0]], columns[: anchors[0]])
        starts = sorted({*head, *_assign(lines, columns, anchors)})
    return [(lines[k - 1].bottom + lines[k].top) / 2 for k in starts if 0 < k < len(lines)]


def _place_phrases(line: Line, xs: Sequence[float], columns: Sequence[Column]) -> Placed:
    """First column, last column and text of each phrase."""
    return [(*place_phrase(phrase, xs, columns), phrase.text) for phrase in line.phrases]


def _find_anchors(lines: Sequence[Line], columns: Sequence[Placed], *, bare: bool) -> list[int]:
    """Lines that are rows for certain: figures stand in columns that hold figures on other lines too."""
    stacks: dict[int, list[int]] = {}
    for k, placed in enumerate(columns):
        if k and _is_rest(placed, columns[k - 1]):
            continue
        for first, last, text in placed:
            if first == last and is_figure(text):
                stacks.setdefault(first, []).append(k)
    tall = {col: rows for col, rows in stacks.items() if len(set(rows)) > 1}
    if not tall:
        return _find_text_anchors(columns) if bare else []
    filled = {first for placed in columns for first, _, _ in placed}
    longest = max(len(set(rows)) for rows in tall.values())
    if not bare and len(tall) < 2 and longest < 3 and len(filled) > 1:
        # Two figures one over the other in a single drawn cell: one cell of two lines, for a person to judge.
        labels = {k for k, placed in enumerate(columns) for first, _, _ in placed if first == min(filled)}
        if len(labels) < len(lines):
            return []
    return sorted({k for rows in tall.values() for k in rows})


def _is_rest(placed: Placed, above: Placed) -> bool:
    """Whether a line is one phrase that ends what stands over it unfinished: "2021/22" under "FY"."""
    return len(placed) == 1 and any(first == placed[0][0] and is_unfinished(text) for first, _, text in above)


def _find_text_anchors(columns: Sequence[Placed]) -> list[int]:
    """Rows of a table of words: lines that fill the first column and another."""
    lowest = min((first for placed in columns for first, _, _ in placed), default=0)
    return [k for k, placed in enumerate(columns) if len(placed) > 1 and placed[0][0] == lowest]


def _part_headings(lines: Sequence[Line], columns: Sequence[Placed]) -> list[int]:
    """Where heading lines part: after a line on which a phrase spans columns that the next line fills singly, or on
    which each phrase stands over the middle of several of the next line's."""
    starts = []
    for k in range(1, len(columns)):
        spans = [(first, last) for first, last, _ in columns[k - 1] if last > first]
        below = [(first, last) for first, last, _ in columns[k]]
        spanned = any(sum(a <= first and last <= b for first, last in below) > 1 for a, b in spans)
        if spanned or _stand_in_middles(lines[k - 1], lines[k]):
            starts.append(k)
    return starts


def _stand_in_middles(upper: Line, lower: Line) -> bool:
    """Whether each of two or more phrases, label column aside, stands over the middle of two or more of the line
    below, each of those under one of them."""
    left = lower.phrases[0].right
    over = [phrase for phrase in upper.phrases if phrase.left > left]
    under = [phrase for phrase in lower.phrases if phrase.left > left]
    if len(over) < 2 or len(under) < 2 * len(over) or len(under) % len(over):
        return False
    size = len(under) // len(over)
    groups = [under[k : k + size] for k in range(0, len(under), size)]
    return all(
        abs(one.left + one.right - group[0].left - group[-1].right) / 2 < OVER_MIDDLE
        and group[0].left < (one.left + one.right) / 2 < group[-1].right
        for one, group in zip(over, groups, strict=True)
    )


def _assign(lines: Sequence[Line], columns: Sequence[Placed], anchors: Sequence[int]) -> list[int]:
    """The lines that begin a row, from the first anchor's row on."""
    middles = [(line.top + line.bottom) / 2 for line in lines]
    height = median(line.bottom - line.top for line in lines)
    starts = set()
    for place, anchor in enumerate(anchors):
        before = anchors[place - 1] if place else -1
        loose = list(range(before + 1, anchor))
        if place == 0:
            figures = {first for first, _, text in columns[anchor] if is_figure(text)}
            loose = [k for k in loose if not {c for a, b, _ in columns[k] for c in range(a, b + 1)} & figures]
            loose = _keep_tail(loose, anchor)
        starts |= set(_split_loose(loose, before, anchor, middles, height, columns))
    tail = list(range(anchors[-1] + 1, len(lines)))
    starts |= set(_split_loose(tail, anchors[-1], None, middles, height, columns))
    return sorted(starts)


def _keep_tail(loose: list[int], anchor: int) -> list[int]:
    """The lines of `loose` that run down to the anchor without a break."""
    kept: list[int] = []
    for k in reversed(loose):
        if k + 1 != (kept[0] if kept else anchor):
            break
        kept.insert(0, k)
    return kept


def _split_loose(
    loose: Sequence[int],
    before: int,
    after: int | None,
    middles: Sequence[float],
    height: float,
    columns: Sequence[Placed],
) -> list[int]:
    """Which of the lines between two rows begin a row: the row after always, others where they stand apart."""
    starts: list[int] = []
    up = [k for k in loose if _joins_above(k, after, middles, height, columns)] if before >= 0 else []
    attached = len(up) if up == list(loose[: len(up)]) else 0
    rest = list(loose[attached:])
    joined = after
    for k in reversed(rest):
        if joined is None:
            break
        near = middles[joined] - middles[k]
        far = middles[k] - middles[k - 1] if k > 0 else near * 2
        if near < 1.25 * height and near < 0.85 * far:
            joined = k
        else:
            break
    if joined is not None:
        starts.append(joined)
    starts += [k for k in rest if joined is None or k < joined]
    return starts


def _joins_above(
    k: int,
    after: int | None,
    middles: Sequence[float],
    height: float,
    columns: Sequence[Placed],
) -> bool:
    """Whether a line without figures carries on the row above it."""
    near = middles[k] - middles[k - 1]
    if near > 1.6 * height:
        return False
    if after is not None:
        below = middles[k + 1] - middles[k]
        if near < 0.85 * below:
            return True
        if below < 0.85 * near:
            return False
    text = columns[k][0][2] if columns[k] else ""
    return text[:1].islower() or text[:1] in "(&/" or _is_rest(columns[k], columns[k - 1])
