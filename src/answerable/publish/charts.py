"""Charts: a few Vega-Lite shapes, each compiled once and drawn with each place's own data.

Drawn to SVG by vl-convert (the extra `[charts]`); where it is missing pages keep their tables and go without
drawings. Colours are the page's own custom properties, so one drawing serves light, dark and print. The trap:
compiling a shape takes ten times as long as drawing it, so shapes are kept and only their data changes.
"""

import json
import re
import textwrap
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any
from xml.sax.saxutils import escape

from markupsafe import Markup

PAPER = {
    "var(--ink)": "#1d2126",
    "var(--quiet)": "#5a626b",
    "var(--line)": "#c9ced4",
    "var(--mark)": "#0b5a7a",
    "var(--soft)": "#5f8da1",
    "var(--paper)": "#ffffff",
}
"""The light palette, for a chart that leaves the site."""

Row = dict[str, Any]
_ARIA = re.compile(r' (?:aria-[a-z]+|role|pointer-events)="[^"]*"')
_EMPTY = re.compile(r'<path class="(?:back|fore)ground"[^>]*/>')
_POINT = re.compile(r'<path transform="translate\(([-\d.]+),([-\d.]+)\)" d="[^"]*" fill="var\(--soft\)"[^>]*/>')
_CONFIG: Row = {
    "font": "Liberation Sans",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--quiet)", "titleColor": "var(--quiet)", "gridColor": "var(--line)",
        "domainColor": "var(--line)", "tickColor": "var(--line)", "labelFontSize": 13, "titleFontSize": 13,
        "titleFontWeight": "normal", "labelLimit": 150,
    },
    "text": {"fontSize": 14},
}  # fmt: skip


_RATIO: Row = {"type": "log", "nice": False, "padding": 10}
_TICKS: Row = {"values": [0.03, 0.06, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64], "format": "~g"}
_WHOLE: Row = {"format": ",d", "tickCount": 4}


def can_draw() -> bool:
    """Whether the extra that draws is installed."""
    return find_spec("vl_convert") is not None


def draw_trend(rows: Sequence[Row]) -> str:
    """Columns of one count over periods. Rows: period, value (None for no figure), text."""
    return _draw("trend", rows)


def draw_profile(rows: Sequence[Row]) -> str:
    """Columns of one count by category in the order given. Rows: category, order, value, text."""
    return _draw("profile", rows)


def draw_ratios(rows: Sequence[Row], *, wide: bool) -> str:
    """A dot and its interval a row on a log scale, widest first. Rows: name, order, ratio, low, high."""
    return _draw("ratios-wide" if wide else "ratios", rows)


def draw_counts(rows: Sequence[Row], *, wide: bool) -> str:
    """A dot and its interval a row, from nought. Rows: name, order, value, low, high."""
    return _draw("counts-wide" if wide else "counts", rows)


def draw_funnel(points: Sequence[Row], limits: Sequence[Row], *, wide: bool) -> str:
    """Ratio against size with limits. Points: n, ratio. Limits: n, inner_low ... outer_high, centre."""
    return _draw("funnel-wide" if wide else "funnel", points, limits)


def choose_point(svg: str, index: int, label: str) -> str:
    """A funnel with its point `index` as a diamond with its name over it, the rest as drawn.

    Each page has the same funnel but for this one mark, so it is drawn once and marked here.
    """
    points = list(_POINT.finditer(svg))
    if index >= len(points):
        return svg
    across, down = (float(number) for number in points[index].groups())
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])  # type: ignore[index]
    side = "start" if across < width / 2 else "end"
    beside = down - 14 if down > 24 else down + 24
    mark = (
        f'<path transform="translate({across:g},{down:g})" d="M0,-9L9,0L0,9L-9,0Z" fill="var(--mark)"/>'
        f'<text x="{across:g}" y="{beside:g}" text-anchor="{side}" font-size="13px" fill="var(--ink)" '
        f'stroke="var(--paper)" stroke-width="4" paint-order="stroke">{escape(label)}</text>'
    )
    at = svg.index("</g>", points[-1].end())
    return svg[:at] + mark + svg[at:]


def frame_chart(svg: str, name: str, title: str, description: str) -> Markup:
    """The drawing as an inline picture with its title and text alternative."""
    if not svg:
        return Markup("")
    opening = re.sub(r' (width|height|version|class|xmlns:xlink)="[^"]*"', "", svg[: svg.index(">")])
    width = re.search(r'viewBox="0 0 ([\d.]+)', opening)
    size = f' style="--width:{round(float(width[1]))}px"' if width else ""
    label = f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
    head = f'{opening} class="chart" role="img" aria-labelledby="{name}-t {name}-d"{size}>{label}'
    return Markup(head + svg[svg.index(">") + 1 :])


def write_svg(svg: str, title: str, source: str) -> bytes:
    """The drawing as a file of its own, in the light palette, with a title and its source in it."""
    for name, colour in PAPER.items():
        svg = svg.replace(name, colour)
    start = svg.index(">") + 1
    width, height = (float(number) for number in re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())  # type: ignore[union-attr]
    lines = textwrap.wrap(title, max(20, int(width / 7.4)), break_on_hyphens=False)
    notes = textwrap.wrap(source, max(20, int(width / 5.8)), break_on_hyphens=False)
    above = 20 * len(lines) + 12
    tall = above + height + 14 * len(notes) + 12
    ink, quiet = PAPER["var(--ink)"], PAPER["var(--quiet)"]
    words = "".join(
        f'<text x="6" y="{20 * number}" font-size="15" font-weight="bold" fill="{ink}">{escape(line)}</text>'
        for number, line in enumerate(lines, start=1)
    )
    words += "".join(
        f'<text x="6" y="{above + height + 14 * number:g}" font-size="11" fill="{quiet}">{escape(line)}</text>'
        for number, line in enumerate(notes, start=1)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="Liberation Sans, Arial, sans-serif" '
        f'width="{width:g}" height="{tall:g}" viewBox="0 0 {width:g} {tall:g}">'
        f"<title>{escape(title)}</title><desc>{escape(source)}</desc>"
        f'<rect width="100%" height="100%" fill="#ffffff"/>{words}<g transform="translate(0,{above})">'
        f"{svg[start:-6]}</g></svg>"
    ).encode()


def write_png(svg: bytes) -> bytes:
    """A drawing that `write_svg` wrote as a picture, twice its size in pixels."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg.decode(), scale=2))


def _draw(shape: str, *tables: Sequence[Row]) -> str:
    if not can_draw() or not tables[0]:
        return ""
    return _draw_once(shape, json.dumps(tables))


@cache
def _draw_once(shape: str, tables: str) -> str:
    import vl_convert

    vega = json.loads(_compile_shape(shape))
    for name, rows in zip(("table", "limits"), json.loads(tables), strict=False):
        next(item for item in vega["data"] if item["name"] == name)["values"] = rows
    return _EMPTY.sub("", _ARIA.sub("", str(vl_convert.vega_to_svg(vega))))


@cache
def _compile_shape(shape: str) -> str:
    import vl_convert

    spec = {"config": _CONFIG, "background": None, "padding": 4, **SHAPES[shape]}
    return json.dumps(vl_convert.vegalite_to_vega(spec))


def _shape_columns(category: str, width: int, height: int) -> Row:
    return {
        "width": width,
        "height": height,
        "data": {"name": "table", "values": []},
        "encoding": {
            "x": {
                "field": category, "type": "ordinal", "sort": {"field": "order"}, "scale": {"paddingInner": 0.25},
                "axis": {"title": None, "labelAngle": 0, "ticks": False, "labelPadding": 8, "labelOverlap": True},
            },
            "y": {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": True}},
        },
        "layer": [
            {"mark": {"type": "bar", "color": "var(--mark)"}},
            {
                "mark": {"type": "text", "baseline": "bottom", "dy": -5, "color": "var(--ink)"},
                "encoding": {"text": {"field": "text"}},
            },
        ],
    }  # fmt: skip


def _shape_dots(value: str, title: str, scale: Row, ticks: Row, width: int) -> Row:
    y = {"field": "name", "type": "nominal", "sort": {"field": "order"}, "axis": {
        "title": None, "ticks": False, "domain": False, "grid": True, "labelColor": "var(--ink)"}}  # fmt: skip
    axis = {"title": title, "grid": False, "orient": "top", "labelOverlap": True, **ticks}
    layers: list[Row] = [
        {
            "mark": {"type": "rule", "color": "var(--mark)", "strokeWidth": 2},
            "encoding": {
                "x": {"field": "low", "type": "quantitative", "scale": scale, "axis": axis},
                "x2": {"field": "high"},
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1, "color": "var(--mark)"},
            "encoding": {"x": {"field": value, "type": "quantitative", "scale": scale}},
        },
    ]
    if value == "ratio":
        layers.insert(0, {"mark": {"type": "rule", "color": "var(--quiet)", "strokeDash": [4, 3]},
                          "encoding": {"x": {"datum": 1}, "y": None}})  # fmt: skip
    return {
        "width": width, "height": {"step": 24}, "data": {"name": "table", "values": []}, "encoding": {"y": y},
        "layer": layers,
    }  # fmt: skip


def _shape_funnel(width: int) -> Row:
    x: Row = {"field": "n", "type": "quantitative", "scale": _RATIO, "axis": {
        "title": "count, both periods together", "grid": False, "format": ",d", "labelOverlap": True,
        "values": [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000]}}  # fmt: skip
    y: Row = {"type": "quantitative", "scale": _RATIO, "axis": {
        "title": "times the earlier count", "grid": False, **_TICKS}}  # fmt: skip
    lines = [
        {
            "data": {"name": "limits", "values": []},
            "mark": {"type": "line", "color": "var(--quiet)", "strokeWidth": 1.5, "strokeDash": dash, "clip": True},
            "encoding": {"x": x, "y": {**y, "field": field}},
        }
        for field, dash in (
            ("outer_low", [2, 3]), ("outer_high", [2, 3]), ("inner_low", [6, 3]), ("inner_high", [6, 3]),
            ("centre", [1, 0]),
        )
    ]  # fmt: skip
    points = {
        "data": {"name": "table", "values": []},
        "mark": {"type": "point", "filled": True, "opacity": 1, "size": 50, "color": "var(--soft)"},
        "encoding": {"x": x, "y": {**y, "field": "ratio"}},
    }
    return {"width": width, "height": 280, "layer": [*lines, points]}


SHAPES: dict[str, Row] = {
    "trend": _shape_columns("period", 310, 170),
    "profile": _shape_columns("category", 310, 150),
    "ratios": _shape_dots("ratio", "times the earlier count", _RATIO, _TICKS, 180),
    "ratios-wide": _shape_dots("ratio", "times the earlier count", _RATIO, _TICKS, 560),
    "counts": _shape_dots("value", "count", {"zero": True}, _WHOLE, 180),
    "counts-wide": _shape_dots("value", "count", {"zero": True}, _WHOLE, 560),
    "funnel": _shape_funnel(280),
    "funnel-wide": _shape_funnel(600),
}
"""Every shape by name; "-wide" is the same for a page of 640 pixels and over."""
