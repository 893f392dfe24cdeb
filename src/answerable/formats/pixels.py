"""Rules found in the dark pixels of a scanned page, and the page with them wiped out.

Stands between a picture and the table finder: a scanned table has lines too, and Tesseract reads them as letters
unless they are gone. The trap: a scan is never quite straight, so a line climbs from one pixel row to the next
and is thickened before it is looked for.
"""

from typing import Any

import numpy

from answerable.formats.pdf.rules import Drawing, Rule, join_rules

Pixels = Any
"""A numpy array of grey values, rows by columns, 0 black to 255 white."""

DARK = 150
"""Grey below which a pixel is ink."""
SHORTEST = 0.4
"""Inches of unbroken ink from which it is a rule and not a letter."""
THICKEST = 0.06
"""Inches of ink across which it is a picture, not a rule."""


def find_rules(pixels: Pixels, dpi: float) -> tuple[Drawing, Pixels]:
    """The rules on a page as a Drawing in points, and the page's pixels without them."""
    # Half the resolution is enough for a line's place and takes a quarter of the time; ink wins over paper.
    rows, cols = pixels.shape[0] // 2 * 2, pixels.shape[1] // 2 * 2
    half = pixels[:rows, :cols].reshape(rows // 2, 2, cols // 2, 2).min(axis=(1, 3))
    dark = half < DARK
    across = _find_runs(dark, dpi / 2)
    down = _find_runs(numpy.ascontiguousarray(dark.T), dpi / 2)
    scale = 72.0 / (dpi / 2)
    drawing = Drawing(
        across=join_rules(_trace(across, dpi / 2, scale)),
        down=join_rules(_trace(down, dpi / 2, scale)),
        pictures=(),
        shapes=(),
    )
    clean = pixels.copy()
    wiped = _thicken(across, 1) | _thicken(down, 1).T
    clean[:rows, :cols][wiped.repeat(2, axis=0).repeat(2, axis=1)] = 255
    return drawing, clean


def _thicken(ink: Pixels, by: int) -> Pixels:
    """Ink spread `by` pixels up and down."""
    spread = ink.copy()
    for step in range(1, by + 1):
        spread[step:] |= ink[:-step]
        spread[:-step] |= ink[step:]
    return spread


def _find_runs(dark: Pixels, dpi: float) -> Pixels:
    """The pixels that belong to long thin runs across."""
    length = max(int(SHORTEST * dpi), 8)
    rows, cols = dark.shape
    if cols <= length:
        return numpy.zeros_like(dark)
    spread = _thicken(dark, 1)
    sums = numpy.zeros((rows, cols + 1), dtype=numpy.int32)
    numpy.cumsum(spread, axis=1, out=sums[:, 1:])
    full = sums[:, length:] - sums[:, :-length] >= 0.97 * length
    marks = numpy.zeros((rows, cols + 1), dtype=numpy.int32)
    marks[:, : cols - length + 1] += full
    marks[:, length:] -= full
    runs = numpy.cumsum(marks, axis=1)[:, :cols] > 0
    # A filled box or a photograph is long and dark on many rows together; a rule only on a few.
    thick = max(int(THICKEST * dpi), 3)
    depth = numpy.zeros((rows + 1, cols), dtype=numpy.int32)
    numpy.cumsum(runs, axis=0, out=depth[1:])
    if rows > thick:
        solid = depth[thick:] - depth[:-thick] >= thick
        cover = numpy.zeros((rows + 1, cols), dtype=numpy.int32)
        cover[: rows - thick + 1] += solid
        cover[thick:] -= solid
        runs &= numpy.cumsum(cover, axis=0)[:rows] <= 0
    return runs & dark


def _trace(runs: Pixels, dpi: float, scale: float) -> list[Rule]:
    """Each pixel row's runs as rules, in points."""
    shortest = SHORTEST * dpi / 2
    rules: list[Rule] = []
    padded = numpy.zeros((runs.shape[0], runs.shape[1] + 2), dtype=numpy.int8)
    padded[:, 1:-1] = _thicken(runs, 1)
    steps = numpy.diff(padded, axis=1)
    starts, ends = numpy.argwhere(steps == 1), numpy.argwhere(steps == -1)
    for (row, start), (_, end) in zip(starts.tolist(), ends.tolist(), strict=True):
        if end - start >= shortest:
            rules.append(Rule(row * scale, start * scale, end * scale))
    return rules
