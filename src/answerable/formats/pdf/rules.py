"""Lines and filled boxes drawn on a PDF page, as rules that run across or down.

Word processors draw a border as a stroke, as a thin filled box, or as the edge of a cell's fill, and one border
in as many pieces as there are cells; all come out as long rules. The trap: charts and logos draw thousands of
paths, so only straight upright edges are kept and the number of paths looked at is bounded.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from answerable.formats.pdf.boxes import Box, is_finite

MAX_PATHS = 20_000
"""Drawn objects looked at on one page."""
MAX_POINTS = 400
"""Points of one path beyond which it is a picture, not a border."""
ROUNDED = 17
"""Points of a box with rounded corners: a move, and four times a line and a curve's three."""
MAX_DEPTH = 5
"""Forms within forms that are followed."""
THIN = 3.0
"""A box no thicker than this many points is a rule."""
SAME = 1.5
"""Rules no further apart than this are one."""

Place = Callable[[float, float, float, float], Box]


def _bind(function: Any, result: Any, *arguments: Any) -> Callable[..., int]:
    """A function of PDFium that takes and gives addresses as plain numbers: typed pointers cost more, and each
    object of a page takes a dozen calls."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int
_get_object = _bind(pdfium.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _INT)
_get_inner = _bind(pdfium.FPDFFormObj_GetObject, _ADDRESS, _ADDRESS, ctypes.c_ulong)
_get_kind = _bind(pdfium.FPDFPageObj_GetType, _INT, _ADDRESS)
_get_bounds = _bind(pdfium.FPDFPageObj_GetBounds, _INT, _ADDRESS, *(_ADDRESS,) * 4)
_get_matrix = _bind(pdfium.FPDFPageObj_GetMatrix, _INT, _ADDRESS, _ADDRESS)
_get_draw_mode = _bind(pdfium.FPDFPath_GetDrawMode, _INT, _ADDRESS, _ADDRESS, _ADDRESS)
_count_segments = _bind(pdfium.FPDFPath_CountSegments, _INT, _ADDRESS)
_count_inner = _bind(pdfium.FPDFFormObj_CountObjects, _INT, _ADDRESS)
_get_segment = _bind(pdfium.FPDFPath_GetPathSegment, _ADDRESS, _ADDRESS, _INT)
_get_segment_kind = _bind(pdfium.FPDFPathSegment_GetType, _INT, _ADDRESS)
_get_point = _bind(pdfium.FPDFPathSegment_GetPoint, _INT, _ADDRESS, _ADDRESS, _ADDRESS)
_get_close = _bind(pdfium.FPDFPathSegment_GetClose, _INT, _ADDRESS)


class Rule(NamedTuple):
    """A straight line: `at` is its y if it runs across and its x if it runs down."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The rules across and down, and the boxes of pictures and of slanting or curved shapes."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    pictures: tuple[Box, ...]
    shapes: tuple[Box, ...]
    cut: str = ""


class _Collector:
    """Lists that grow while the page's objects are walked."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.across: list[Rule] = []
        self.down: list[Rule] = []
        self.pictures: list[Box] = []
        self.shapes: list[Box] = []
        self.left = MAX_PATHS
        self.box = (ctypes.c_float * 4)()
        self.sides = tuple(ctypes.addressof(self.box) + 4 * k for k in range(4))


def read_drawing(page: Any, place: Place) -> Drawing:
    """The drawing of an open PDFium page; `place` turns a box of page space into a box as seen."""
    found = _Collector(place)
    count = pdfium.FPDFPage_CountObjects(page)
    get = partial(_get_object, ctypes.cast(page, ctypes.c_void_p).value)
    _walk(found, get, count, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), 0)
    return Drawing(
        across=join_rules(found.across),
        down=join_rules(found.down),
        pictures=tuple(found.pictures),
        shapes=tuple(found.shapes),
        cut="" if found.left > 0 else f"drawings beyond the first {MAX_PATHS}",
    )


Matrix = tuple[float, float, float, float, float, float]


def _walk(found: _Collector, get: Callable[[int], int], count: int, matrix: Matrix, depth: int) -> None:
    for i in range(count):
        if found.left <= 0:
            return
        item = get(i)
        kind = _get_kind(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            found.left -= 1
            _take_path(found, item, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.left -= 1
            box = found.place(*_apply_to_box(matrix, _read_bounds(found, item)))
            found.pictures += [box] if is_finite(box) else []
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            inner = _multiply(_read_matrix(item), matrix)
            size = _count_inner(item)
            _walk(found, partial(_get_inner, item), size, inner, depth + 1)


def _read_bounds(found: _Collector, item: int) -> Box:
    if not _get_bounds(item, *found.sides):
        return 0.0, 0.0, 0.0, 0.0
    left, bottom, right, top = found.box
    return left, bottom, right, top


def _read_matrix(item: int) -> Matrix:
    raw = pdfium.FS_MATRIX()
    _get_matrix(item, ctypes.addressof(raw))
    return raw.a, raw.b, raw.c, raw.d, raw.e, raw.f


def _multiply(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _apply_to_box(matrix: Matrix, box: Box) -> Box:
    x1, y1 = _apply(matrix, box[0], box[1])
    x2, y2 = _apply(matrix, box[2], box[3])
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _take_path(found: _Collector, item: int, matrix: Matrix) -> None:
    box = found.place(*_apply_to_box(matrix, _read_bounds(found, item)))
    if not is_finite(box):
        return
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    if wide <= THIN or high <= THIN:
        # Thin whatever its points: a line, or a box filled to look like one.
        if max(wide, high) > 2 * min(wide, high):
            _add_edge(found, left, top, right, bottom)
        return
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    _get_draw_mode(item, ctypes.addressof(mode), ctypes.addressof(stroke))
    if not mode.value and not stroke.value:
        return
    points = _count_segments(item)
    if points > MAX_POINTS:
        found.shapes.append(box)
        return
    if 4 <= points <= 5 and _take_rectangle(found, item, _multiply(_read_matrix(item), matrix), drawn=stroke.value):
        return
    edges, slanted = _read_edges(item, _multiply(_read_matrix(item), matrix), points)
    if slanted and points != ROUNDED:
        found.shapes.append(box)
    if stroke.value:
        for one, other in edges:
            _add_line(found, one, other)


Point = tuple[float, float]


def _take_rectangle(found: _Collector, item: int, matrix: Matrix, *, drawn: int) -> bool:
    """Whether a path is a plain upright rectangle; its four sides are kept if it is `drawn` and not only filled."""
    corners = []
    x, y = ctypes.c_float(), ctypes.c_float()
    at_x, at_y = ctypes.addressof(x), ctypes.addressof(y)
    for i in range(4):
        segment = _get_segment(item, i)
        if i and _get_segment_kind(segment) != pdfium.FPDF_SEGMENT_LINETO:
            return False
        _get_point(segment, at_x, at_y)
        corners.append(_apply(matrix, x.value, y.value))
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    first = abs(ay - by) < 0.5 and abs(bx - cx) < 0.5 and abs(cy - dy) < 0.5 and abs(dx - ax) < 0.5
    other = abs(ax - bx) < 0.5 and abs(by - cy) < 0.5 and abs(cx - dx) < 0.5 and abs(dy - ay) < 0.5
    if not first and not other:
        return False
    box = found.place(min(ax, cx), min(ay, cy), max(ax, cx), max(ay, cy))
    if drawn and is_finite(box):
        left, top, right, bottom = box
        found.across += [Rule(top, left, right), Rule(bottom, left, right)]
        found.down += [Rule(left, top, bottom), Rule(right, top, bottom)]
    return True


def _read_edges(item: int, matrix: Matrix, points: int) -> tuple[list[tuple[Point, Point]], bool]:
    """A path's straight upright edges, and whether it has others."""
    x, y = ctypes.c_float(), ctypes.c_float()
    at_x, at_y = ctypes.addressof(x), ctypes.addressof(y)
    here = begun = (0.0, 0.0)
    edges: list[tuple[Point, Point]] = []
    slanted = False
    for i in range(points):
        segment = _get_segment(item, i)
        kind = _get_segment_kind(segment)
        _get_point(segment, at_x, at_y)
        point = _apply(matrix, x.value, y.value)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begun = point
        elif kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            slanted = True
        else:
            edges.append((here, point))
        here = point
        if _get_close(segment):
            edges.append((here, begun))
            here = begun
    upright = [(a, b) for a, b in edges if min(abs(a[0] - b[0]), abs(a[1] - b[1])) <= 1.0]
    return upright, slanted or len(upright) < len(edges)


def _add_line(found: _Collector, a: tuple[float, float], b: tuple[float, float]) -> None:
    box = found.place(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
    if is_finite(box):
        _add_edge(found, *box)


def _add_edge(found: _Collector, left: float, top: float, right: float, bottom: float) -> None:
    if right - left >= bottom - top:
        found.across.append(Rule((top + bottom) / 2, left, right))
    else:
        found.down.append(Rule((left + right) / 2, top, bottom))


def join_rules(rules: list[Rule], *, gap: float = 3.0) -> tuple[Rule, ...]:
    """The rules with pieces of one line joined, in order of place. Pieces up to `gap` points apart touch."""
    lanes: list[list[Rule]] = []
    for rule in sorted(rules):
        if lanes and rule.at - lanes[-1][0].at <= SAME:
            lanes[-1].append(rule)
        else:
            lanes.append([rule])
    joined = []
    for lane in lanes:
        lane.sort(key=lambda rule: rule.start)
        at = sum(rule.at for rule in lane) / len(lane)
        start, end = lane[0].start, lane[0].end
        for rule in lane[1:]:
            if rule.start - end <= gap:
                end = max(end, rule.end)
            else:
                joined.append(Rule(at, start, end))
                start, end = rule.start, rule.end
        joined.append(Rule(at, start, end))
    return tuple(joined)
