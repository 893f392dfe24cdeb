"""Where charts and drawings stand on a page, so that the numbers on their axes are not read as tables.

A chart is told by what a table never has: slanting and curved shapes close together, or a lattice of bars and
grid lines with next to nothing written in it. The trap: a letterhead's logo is curved too, so a table is refused
only where a drawing lies over much of it.
"""

from collections.abc import Sequence

from answerable.formats.pdf.boxes import Box
from answerable.formats.pdf.rules import Drawing

NEAR = 12.0
"""Shapes closer than this belong to one drawing."""
EDGE = 30.0
"""Points round a drawing in which its scales and keys stand."""
MAX_SHAPES = 2_000
"""Shapes looked at; more are one drawing each with what they touch first."""


def find_charts(drawing: Drawing, lattices: Sequence[Box], tables: Sequence[Box]) -> list[Box]:
    """Boxes of drawings with room for their labels; `lattices` are those that held no table."""
    outside = [box for box in drawing.shapes[:MAX_SHAPES] if not any(covers(table, box, 0.9) for table in tables)]
    groups = _join_near([*outside, *lattices])
    large = [box for box in groups if box[2] - box[0] > 50 and box[3] - box[1] > 40]
    return [(left - EDGE, top - EDGE, right + EDGE, bottom + EDGE) for left, top, right, bottom in large]


def covers(outer: Box, inner: Box, part: float = 0.4) -> bool:
    """Whether `outer` lies over at least `part` of `inner`."""
    wide = min(outer[2], inner[2]) - max(outer[0], inner[0])
    high = min(outer[3], inner[3]) - max(outer[1], inner[1])
    area = max(inner[2] - inner[0], 0.1) * max(inner[3] - inner[1], 0.1)
    return wide > 0 and high > 0 and wide * high >= part * area


def _join_near(boxes: Sequence[Box]) -> list[Box]:
    groups: list[Box] = []
    for box in sorted(boxes):
        grown = box
        # Each pass may bring the growing box near others; a group is joined at most once, so this ends.
        while True:
            near = [other for other in groups if _is_near(grown, other)]
            if not near:
                break
            groups = [other for other in groups if other not in near]
            for other in near:
                grown = (
                    min(grown[0], other[0]),
                    min(grown[1], other[1]),
                    max(grown[2], other[2]),
                    max(grown[3], other[3]),
                )
        groups.append(grown)
    return groups


def _is_near(one: Box, other: Box) -> bool:
    return (
        one[0] - NEAR < other[2] and other[0] - NEAR < one[2] and one[1] - NEAR < other[3] and other[1] - NEAR < one[3]
    )
