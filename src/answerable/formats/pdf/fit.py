"""Words put into a lattice, and the lattice parted where words show rows and columns that no rule was drawn for.

Takes a lattice, drawn or guessed from bare lines, and gives cells. Columns are parted first, then rows, then what
stands on both sides of a border inside one cell. The trap: a cell whose text wraps looks like several rows, so
a row begins only where figures say so; headings wrap, figures do not.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from answerable.formats.pdf.boxes import Word
from answerable.formats.pdf.columns import (
    GAP,
    Column,
    find_borders,
    find_columns,
    is_figure,
    is_one_piece,
    part_figures,
    place_phrase,
)
from answerable.formats.pdf.lines import Phrase, gather_rows, make_line, make_phrase, part_phrases
from answerable.formats.pdf.rows import find_breaks
from answerable.formats.pdf.ruled import Lattice, Span

NARROW = 8.0
"""Points under which an empty column is no column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledSpan:
    """A cell with the words that stand in it."""

    span: Span
    words: tuple[Word, ...]


def fit_words(lattice: Lattice, words: Sequence[Word]) -> list[FilledSpan]:
    """The cells of a lattice that hold words, parted where the words show it, in reading order."""
    filled = fill_spans(lattice, words)
    parted = _part_columns(lattice, filled)
    filled = filled if parted is lattice else fill_spans(parted, words)
    lattice = _part_rows(parted, filled)
    filled = filled if parted is lattice else fill_spans(lattice, words)
    cells = [part for cell in filled for part in _part_cell(cell, lattice)]
    cells.sort(key=lambda cell: (cell.span.row, cell.span.col))
    return _drop_empty_lines(cells, lattice)


def fill_spans(lattice: Lattice, words: Sequence[Word]) -> list[FilledSpan]:
    """Each span that holds words, with its words; a word belongs where its middle stands."""
    owner = {
        (row, col): k
        for k, span in enumerate(lattice.spans)
        for row in range(span.row, span.last_row + 1)
        for col in range(span.col, span.last_col + 1)
    }
    held: dict[int, list[Word]] = {}
    for word in words:
        row = bisect_right(lattice.ys, (word.top + word.bottom) / 2) - 1
        col = bisect_right(lattice.xs, (word.left + word.right) / 2) - 1
        k = owner.get((row, col))
        if k is not None:
            held.setdefault(k, []).append(word)
    return [FilledSpan(span=lattice.spans[k], words=tuple(held[k])) for k in sorted(held)]


def _part_columns(lattice: Lattice, cells: Sequence[FilledSpan]) -> Lattice:
    """The lattice with a border added where a column's lines show several columns of figures."""
    added: list[float] = []
    columns: list[Column] = []
    for col in range(len(lattice.xs) - 1):
        own = [cell for cell in cells if cell.span.col == cell.span.last_col == col]
        if not lattice.bare and not any(len(cell.words) > 3 for cell in own):
            continue
        lines = [_part_row(row, lattice) for cell in own for row in gather_rows(cell.words)]
        if _shows_columns(lines, drawn=not lattice.bare):
            columns += find_columns(lines)
            added += find_borders(columns)
    if not added:
        return lattice
    xs = tuple(sorted({*lattice.xs, *added}))
    moved = {x: k for k, x in enumerate(xs)}
    spans = tuple(
        Span(
            row=span.row,
            col=moved[lattice.xs[span.col]],
            last_row=span.last_row,
            last_col=moved[lattice.xs[span.last_col + 1]] - 1,
            loose=span.loose or span.col == span.last_col,
        )
        for span in lattice.spans
    )
    return replace(lattice, xs=xs, spans=spans, columns=tuple(columns) if lattice.bare else ())


def _part_row(row: Sequence[Word], lattice: Lattice) -> list[Phrase]:
    """A line's phrases: by their gaps between drawn borders, by the columns they stand in where none are drawn."""
    return part_figures(row, lattice.columns, inside=True) if lattice.bare else part_phrases(row, GAP)


def _shows_columns(lines: Sequence[Sequence[Phrase]], *, drawn: bool) -> bool:
    several = [line for line in lines if len(line) > 1]
    if not drawn:
        return bool(several)
    # Justified text leaves wide gaps too; only figures side by side on line after line are columns.
    figures = [line for line in several if sum(is_figure(phrase.text) for phrase in line) >= 2]
    return len(figures) >= 2 and 2 * len(figures) >= len(lines)


def _part_rows(lattice: Lattice, cells: Sequence[FilledSpan]) -> Lattice:
    """The lattice with a border added between lines of one band that are rows of their own."""
    ys = list(lattice.ys)
    added: list[float] = []
    for row in range(len(ys) - 1):
        own = [cell for cell in cells if cell.span.row == cell.span.last_row == row]
        texts = gather_rows(word for cell in own for word in cell.words)
        if len(texts) > 1:
            lines = [make_line(_part_drawn(text, own) or _part_row(text, lattice)) for text in texts]
            added += find_breaks(lines, lattice.xs, lattice.columns, bare=lattice.bare, first=row == 0)
    if not added:
        return lattice
    new_ys = tuple(sorted({*ys, *added}))
    moved = {y: k for k, y in enumerate(new_ys)}
    spans: list[Span] = []
    for span in lattice.spans:
        first, last = moved[ys[span.row]], moved[ys[span.last_row + 1]] - 1
        rows = [(first, last)] if span.row < span.last_row else [(row, row) for row in range(first, last + 1)]
        spans += [Span(row=a, col=span.col, last_row=b, last_col=span.last_col, loose=span.loose) for a, b in rows]
    return replace(lattice, ys=new_ys, spans=tuple(spans))


def _part_drawn(row: Sequence[Word], cells: Sequence[FilledSpan]) -> list[Phrase]:
    """A line's phrases, those of each drawn cell by themselves, however close they stand; [] where words show the
    columns."""
    if any(cell.span.loose for cell in cells):
        return []
    owners = {id(word): k for k, cell in enumerate(cells) for word in cell.words}
    runs = groupby(row, key=lambda word: owners[id(word)])
    return [phrase for _, words in runs for phrase in part_phrases(list(words), GAP)]


def _part_cell(cell: FilledSpan, lattice: Lattice) -> list[FilledSpan]:
    """The cell, or its parts where its phrases stand apart on either side of column borders."""
    span = cell.span
    if span.col == span.last_col:
        return [cell]
    inner = lattice.xs[span.col + 1 : span.last_col + 1]
    groups: dict[tuple[int, int], list[Word]] = {}
    for row in gather_rows(cell.words):
        for phrase in _cut_phrases(_part_row(row, lattice), inner):
            first, last = place_phrase(phrase, lattice.xs, lattice.columns)
            place = min(max(first, span.col), span.last_col), max(min(last, span.last_col), span.col)
            groups.setdefault(place, []).extend(phrase.words)
    parts = _join_overlapping(groups)
    if len(parts) == 1 and not span.loose:
        return [cell]
    return [
        FilledSpan(span=Span(row=span.row, col=first, last_row=span.last_row, last_col=last), words=tuple(words))
        for (first, last), words in sorted(parts.items())
    ]


def _cut_phrases(phrases: Sequence[Phrase], borders: Sequence[float]) -> list[Phrase]:
    """The phrases, cut at a border that falls between a label and a figure set close to it."""
    result: list[Phrase] = []
    for phrase in phrases:
        if is_one_piece(phrase):
            result.append(phrase)
            continue
        rest = list(phrase.words)
        for k in range(len(rest) - 1, 0, -1):
            before, after = rest[k - 1], rest[k]
            between = any(before.right - 1 <= border <= after.left + 1 for border in borders)
            if between and (is_figure(after.text) or is_figure(before.text)):
                result.append(make_phrase(rest[k:]))
                del rest[k:]
        result.append(make_phrase(rest))
    return sorted(result, key=lambda phrase: phrase.left)


def _join_overlapping(groups: dict[tuple[int, int], list[Word]]) -> dict[tuple[int, int], list[Word]]:
    """The groups with those that share a column made one, as the lines of a wrapped heading do."""
    joined: list[tuple[int, int, list[Word]]] = []
    for (first, last), words in sorted(groups.items()):
        if joined and first <= joined[-1][1]:
            before = joined.pop()
            joined.append((before[0], max(before[1], last), before[2] + words))
        else:
            joined.append((first, last, words))
    return {(first, last): words for first, last, words in joined}


def _drop_empty_lines(cells: list[FilledSpan], lattice: Lattice) -> list[FilledSpan]:
    """Cells renumbered without the rows and columns that nothing stands in.

    A drawn column stays though empty, so that the rest of a table overleaf keeps its columns; one too narrow to
    hold a letter is the gap of a double rule.
    """
    rows = sorted({cell.span.row for cell in cells} | {cell.span.last_row for cell in cells})
    used = {cell.span.col for cell in cells} | {cell.span.last_col for cell in cells}
    wide = {k for k, (left, right) in enumerate(pairwise(lattice.xs)) if right - left > NARROW}
    cols = sorted(used if lattice.bare else used | wide)
    row_at = {row: k for k, row in enumerate(rows)}
    col_at = {col: k for k, col in enumerate(cols)}
    return [
        FilledSpan(
            span=Span(
                row=row_at[cell.span.row],
                col=col_at[cell.span.col],
                last_row=row_at[cell.span.last_row],
                last_col=col_at[cell.span.last_col],
            ),
            words=cell.words,
        )
        for cell in cells
    ]
