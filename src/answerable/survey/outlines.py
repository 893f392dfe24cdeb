"""Outlines of the authorities' areas, from a GeoJSON file that the user supplies.

Read with the survey, since whoever publishes a map must name its source. The trap is a file whose features carry
other names than the register: an area that is nobody's is left out, and a file with no known area is refused.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

from answerable.errors import SurveyError
from answerable.model import Authority, Outline
from answerable.survey.register import find_authority

MOST = 20_000_000
"""Characters of a file that a page could still be drawn from."""

Ring = tuple[tuple[float, float], ...]


def parse_outlines(text: str, where: str, authorities: Sequence[Authority]) -> tuple[Outline, ...]:
    """The outlines of these authorities, in their order (RFC 7946, polygons and multipolygons).

    A feature is an authority's where one of its properties is the authority's code, id, name or alias. Degrees, or
    any plane unit. Raises SurveyError for what is no such file, and for one without a known area.
    """
    if len(text) > MOST:
        raise SurveyError(where, f"has {len(text):,} characters", f"Simplify the outlines to under {MOST:,}")
    try:
        features = json.loads(text)["features"]
        found = [(_find_owner(item["properties"], authorities), _list_rings(item["geometry"])) for item in features]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise SurveyError(
            where, f"is no GeoJSON of areas ({error!r})", "Name a FeatureCollection of polygons (RFC 7946)"
        ) from error
    rings: dict[str, tuple[Ring, ...]] = {}
    for owner, parts in found:
        if owner is not None:
            rings[owner.id] = rings.get(owner.id, ()) + parts
    if not any(rings.values()):
        raise SurveyError(
            where,
            f"has {len(found)} areas and none of an authority asked",
            "Give each a property with the authority's code, id or name",
        )
    return tuple(Outline(authority=item.id, rings=rings[item.id]) for item in authorities if rings.get(item.id))


def _find_owner(properties: dict[str, Any] | None, authorities: Sequence[Authority]) -> Authority | None:
    values = [value for value in (properties or {}).values() if isinstance(value, str) and value]
    coded = (item for item in authorities if item.id in values or (item.code and item.code in values))
    named = (find_authority(value, authorities) for value in values)
    return next(coded, None) or next((item for item in named if item is not None), None)


def _list_rings(geometry: dict[str, Any] | None) -> tuple[Ring, ...]:
    if geometry is None:
        return ()
    shapes = geometry["coordinates"]
    polygons = {"Polygon": [shapes], "MultiPolygon": shapes}.get(geometry["type"], [])
    return tuple(tuple(_read_point(point) for point in ring) for polygon in polygons for ring in polygon)


def _read_point(point: Sequence[float]) -> tuple[float, float]:
    x, y = float(point[0]), float(point[1])
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"the point {point} lies nowhere")
    return x, y
