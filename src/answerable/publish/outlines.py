"""The map of areas as paths of an inline SVG, from the outlines that the user supplied.

The trap is an area too small to see or touch (the City of London beside Devon and Cornwall): it is given a dot of
its own, and its neighbours are drawn before it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from answerable.model import Outline

WIDTH = 600
SMALL = 14.0
"""Units of the drawing under which an area is given a dot: at a phone's 340 pixels, the eight that one can hit."""

Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One area: its path in the drawing's units, and the middle of its dot where it is small."""

    authority: str
    path: str
    dot: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Shapes, the largest first, in a box of `width` by `height` units."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def draw_outlines(outlines: Iterable[Outline]) -> Drawing:
    """The outlines in whole units, north up, so that neighbours still share their border.

    Degrees are drawn true to shape at their middle latitude (equirectangular); plane units as they are.
    """
    placed = [(item.authority, item.rings) for item in outlines]
    points = [point for _, rings in placed for ring in rings for point in ring]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    degrees = max(map(abs, xs)) <= 180 and max(map(abs, ys)) <= 90
    narrow = math.cos(math.radians((min(ys) + max(ys)) / 2)) if degrees else 1.0
    scale = WIDTH / (((max(xs) - min(xs)) * narrow) or 1.0)

    def place(point: tuple[float, float]) -> tuple[int, int]:
        return round((point[0] - min(xs)) * narrow * scale), round((max(ys) - point[1]) * scale)

    shapes = [(authority, [_thin([place(point) for point in ring]) for ring in rings]) for authority, rings in placed]
    shapes.sort(key=lambda item: -_measure(item[1]))
    return Drawing(
        width=WIDTH,
        height=place((min(xs), min(ys)))[1],
        shapes=tuple(
            Shape(authority=name, path="".join(map(_write_ring, rings)), dot=_find_dot(rings)) for name, rings in shapes
        ),
    )


def _thin(ring: Ring) -> list[tuple[int, int]]:
    """The ring without points that fall on the one before."""
    kept: list[tuple[int, int]] = []
    for x, y in ring:
        if not kept or kept[-1] != (x, y):
            kept.append((int(x), int(y)))
    return kept


def _write_ring(ring: Sequence[tuple[int, int]]) -> str:
    """A closed path of steps from point to point; "" for a ring that has shrunk to nothing."""
    if len(ring) < 4:
        return ""
    steps = [f"{after[0] - before[0]},{after[1] - before[1]}" for before, after in pairwise(ring[:-1])]
    return f"M{ring[0][0]},{ring[0][1]}l{' '.join(steps)}z"


def _measure(rings: Iterable[Ring]) -> float:
    """The longer side of the box around the rings."""
    points = [point for ring in rings for point in ring]
    return max(max(axis) - min(axis) for axis in zip(*points, strict=True)) if points else 0.0


def _find_dot(rings: Sequence[Ring]) -> tuple[int, int] | None:
    if _measure(rings) >= SMALL:
        return None
    points = [point for ring in rings for point in ring]
    xs, ys = zip(*points, strict=True)
    return round((min(xs) + max(xs)) / 2), round((min(ys) + max(ys)) / 2)
