"""Regions of a page where lines of words stand in columns with no rules down between them.

Takes the words that no drawn table took and gives bare lattices: one column, a band between every two rules
across. Seeds are runs of lines with figures below figures; headings above and wrapped lines between are drawn in.
The trap: letterheads, numbered paragraphs, contents pages and chart axes have gaps and figures too, so a seed
needs figures in the same column on two lines, or rules above and below it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from answerable.formats.pdf.boxes import Box, Word
from answerable.formats.pdf.columns import is_aligned, is_figure, is_unfinished, overlap, part_figures
from answerable.formats.pdf.lines import Line, gather_rows, make_line, measure_box, measure_height
from answerable.formats.pdf.ruled import Lattice, Span
from answerable.formats.pdf.rules import Drawing, Rule

MAX_INSIDE = 3
"""Lines without figures that may stand between two rows: a wrapped label, a heading of some rows."""
_CUE = re.compile(r"(?:q|question|response|answer|request|part)\s*\.?\s*\d", re.I)
"""A question's number, which begins another answer."""
_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}|…{2,}|_{4,}")


@dataclass(slots=True)
class _Block:
    """Lines that stand in columns so far: (index, line), and where their figures stand."""

    lines: list[int] = field(default_factory=list)
    columns: list[list[float]] = field(default_factory=list)
    """Left, right and number of lines of every column of figures."""
    figure_lines: int = 0


def find_regions(words: Sequence[Word], drawing: Drawing, taken: Sequence[Box]) -> list[Lattice]:
    """Bare lattices over `words`, top to bottom; `taken` are boxes that lines must not reach across."""
    lines = [make_line(part_figures(row)) for row in gather_rows(words)]
    if len(lines) < 2:
        return []
    height = measure_height(words)
    rules = _find_long_rules(drawing, lines)
    blocks = _seed_blocks(lines, rules, height, taken)
    regions: list[Lattice] = []
    floor = -1
    for block in blocks:
        first = _reach_up(lines, block, rules, height, floor)
        last = _reach_down(lines, block, rules, height)
        floor = last
        regions.append(_make_lattice(lines[first : last + 1], rules))
    return regions


def _find_long_rules(drawing: Drawing, lines: Sequence[Line]) -> list[Rule]:
    """Rules across that are longer than a word is wide: borders, not underlining."""
    widest = max(line.right - line.left for line in lines)
    return [rule for rule in drawing.across if rule.end - rule.start > max(0.3 * widest, 60.0)]


def _find_figures(line: Line) -> list[tuple[float, float]]:
    """Left and right of each phrase after the first that is a figure; none for contents lines."""
    if len(line.phrases) < 2 or _LEADERS.search(line.text):
        return []
    return [(phrase.left, phrase.right) for phrase in line.phrases[1:] if is_figure(phrase.text)]


def _is_prose(line: Line) -> bool:
    return len(line.phrases) == 1 and len(line.phrases[0].words) > 9


def _seed_blocks(lines: Sequence[Line], rules: Sequence[Rule], height: float, taken: Sequence[Box]) -> list[_Block]:
    blocks: list[_Block] = []
    block = _Block()
    for k, line in enumerate(lines):
        figures = _find_figures(line)
        fenced = len(line.phrases) > 1 and _is_fenced(line, rules)
        if not figures and not fenced:
            continue
        if block.lines and not _continues(lines, block, k, figures, height, taken):
            blocks.append(block)
            block = _Block()
        block.lines.append(k)
        block.figure_lines += bool(figures)
        for left, right in figures:
            _take_figure(block, left, right)
    blocks.append(block)
    return [block for block in blocks if _is_tabular(lines, block, rules)]


def _is_fenced(line: Line, rules: Sequence[Rule]) -> bool:
    """Whether rules of one width run both above and below the line, near enough to be a table's."""
    over = [
        rule for rule in rules if rule.at < line.top + 3 and overlap(rule.start, rule.end, line.left, line.right) > 0
    ]
    under = [rule for rule in rules if rule.at > line.bottom - 3]
    return any(
        abs(a.start - b.start) < 4 and abs(a.end - b.end) < 4 and b.at - a.at < 400
        for a in over
        for b in under
        if a.start - 4 <= line.left and line.right <= a.end + 4
    )


def _take_figure(block: _Block, left: float, right: float) -> None:
    for column in block.columns:
        if overlap(left, right, column[0], column[1]) > 0:
            column[0], column[1] = min(column[0], left), max(column[1], right)
            column[2] += 1
            return
    block.columns.append([left, right, 1])


def _continues(
    lines: Sequence[Line],
    block: _Block,
    k: int,
    figures: Sequence[tuple[float, float]],
    height: float,
    taken: Sequence[Box],
) -> bool:
    """Whether line `k` goes on with the block above it."""
    before = lines[block.lines[-1]]
    line = lines[k]
    between = lines[block.lines[-1] + 1 : k]
    if len(between) > MAX_INSIDE or any(_is_prose(other) or _CUE.match(other.text) for other in between):
        return False
    if between and sum(not is_figure(phrase.text) for phrase in line.phrases[1:]) > 1:
        return False  # the heading of another table, with a figure in it
    stops = [before, *between, line]
    if any(b.top - a.bottom > 2.2 * height for a, b in pairwise(stops)):
        return False
    if any(before.top < box[1] < line.top and overlap(line.left, line.right, box[0], box[2]) > 0 for box in taken):
        return False
    if not figures or not block.columns:
        return True
    if block.figure_lines == 1 and len(figures) > len(block.columns):
        # Years over pairs of columns: the figures below stand beside them.
        block.columns = []
        block.figure_lines = 0
        return True
    aligned = sum(any(overlap(left, right, c[0], c[1]) > 0 for c in block.columns) for left, right in figures)
    return 2 * aligned >= len(figures)


def _is_tabular(lines: Sequence[Line], block: _Block, rules: Sequence[Rule]) -> bool:
    if len(block.lines) < 2:
        return False
    if any(column[2] >= 2 for column in block.columns):
        return True
    fenced = [k for k in block.lines if _is_fenced(lines[k], rules)]
    return len(fenced) >= 2 and len(fenced) == len(block.lines)


def _find_rule_between(rules: Sequence[Rule], upper: Line, lower: Line, box: Box) -> Rule | None:
    middle_up, middle_down = (upper.top + upper.bottom) / 2, (lower.top + lower.bottom) / 2
    for rule in rules:
        if middle_up < rule.at < middle_down and overlap(rule.start, rule.end, box[0], box[2]) > 0.5 * (
            box[2] - box[0]
        ):
            return rule
    return None


def _reach_up(lines: Sequence[Line], block: _Block, rules: Sequence[Rule], height: float, floor: int) -> int:
    """The first line of the table: headings above the first figures, up to a rule over them or the title."""
    first = block.lines[0]
    box = measure_box([lines[k] for k in block.lines])
    usual = median(b.top - a.bottom for a, b in pairwise(lines[k] for k in block.lines))
    while first - 1 > floor:
        line, below = lines[first - 1], lines[first]
        gap = below.top - line.bottom
        if gap > 1.5 * height or _LEADERS.search(line.text):
            break
        if len(line.phrases) == 1 and gap > 2 * max(usual, 0.2 * height):
            break
        rule = _find_rule_between(rules, line, below, box)
        open_above = rule and not any(
            rule.at - 150 < other.at < line.bottom and _same_width(rule, other) for other in rules
        )
        if not _heads_columns(line, block, box) and (open_above or not _stands_over(line, block, box)):
            break
        first -= 1
    return first


def _stands_over(line: Line, block: _Block, box: Box) -> bool:
    """Whether something of a line stands over the columns of figures and not over their labels."""
    figures_left = min((column[0] for column in block.columns), default=box[0])
    phrases = part_figures([word for phrase in line.phrases for word in phrase.words], inside=True)
    over = [phrase for phrase in phrases if box[0] + 0.5 * (figures_left - box[0]) < phrase.left < box[2]]
    return bool(over) and not _is_prose(line)


def _heads_columns(line: Line, block: _Block, box: Box) -> bool:
    """Whether a line's words, however close, stand in line with the columns of figures: "Apr May Jun"."""
    columns = sorted((column[0], column[1]) for column in block.columns)
    if not columns or line.right < columns[0][0]:
        return False
    words = [word for phrase in line.phrases for word in phrase.words]
    label = (box[0], columns[0][0] - 1.0)
    parts = part_figures(words, [label, *columns], inside=True)
    over = [part for part in parts if part.right > columns[0][0]]
    fitting = sum(any(is_aligned(part, column) for column in columns) for part in over)
    if _is_prose(line) and len(words) > 2 * len(parts):
        return False
    return len(parts) > 1 and len(over) >= 0.7 * len(columns) and fitting >= 0.7 * len(over)


def _same_width(rule: Rule, other: Rule) -> bool:
    return abs(rule.start - other.start) < 6 and abs(rule.end - other.end) < 6


def _reach_down(lines: Sequence[Line], block: _Block, rules: Sequence[Rule], height: float) -> int:
    """The last line of the table: the rest of its last row's label, if that wraps."""
    last = block.lines[-1]
    box = measure_box([lines[k] for k in block.lines])
    figures_left = min((column[0] for column in block.columns), default=box[2])
    while last + 1 < len(lines):
        line, above = lines[last + 1], lines[last]
        unfinished = is_unfinished(above.phrases[0].text)
        close = line.top - above.bottom < (0.7 if unfinished else 0.35) * height
        wrapped = line.text[:1].islower() or line.text[:1] in "(&/" or unfinished
        if not close or not wrapped or line.right > figures_left or _find_rule_between(rules, above, line, box):
            break
        last += 1
    return last


def _make_lattice(lines: Sequence[Line], rules: Sequence[Rule]) -> Lattice:
    """One column with a band between every two rules that run across the lines."""
    left, top, right, bottom = measure_box(lines)
    ys = [top - 1.0]
    for upper, lower in pairwise(lines):
        rule = _find_rule_between(rules, upper, lower, (left, top, right, bottom))
        if rule:
            ys.append(rule.at)
    ys.append(bottom + 1.0)
    spans = tuple(Span(row=row, col=0, last_row=row, last_col=0, loose=True) for row in range(len(ys) - 1))
    return Lattice(xs=(left - 1.0, right + 1.0), ys=tuple(ys), spans=spans, bare=True)
