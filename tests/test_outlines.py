"""The map from a user's own outlines: whose area each is, what is refused, and neighbours that share a border."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from answerable.errors import SurveyError
from answerable.model import Authority, Outline
from answerable.publish import render_edition
from answerable.publish.outlines import draw_outlines
from answerable.survey import parse_survey
from answerable.survey.outlines import parse_outlines
from building import REGISTERS, SURVEY_TEXT
from in_browser import find_violations, find_wide, needs_chromium, write_site
from small_edition import make_edition

KENT = Authority(id="kent", name="Kent", code="E23000032", aliases=("Kent Police",), law="FOIA")
ESSEX = Authority(id="essex", name="Essex", code="E23000028", law="FOIA")
SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "lookups" / "pfa20_ew_boundaries.geojson"


def make_square(x: float, y: float, side: float = 1.0) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def write_features(*features: tuple[dict[str, Any] | None, Any]) -> str:
    rows = [
        {"type": "Feature", "properties": found, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for found, ring in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows})


@pytest.mark.parametrize(
    "properties",
    [{"code": "E23000032"}, {"id": "kent"}, {"PFA20NM": "Kent"}, {"name": "kent police", "size": 3}],
)
def test_an_area_is_an_authoritys_by_code_id_name_or_alias(properties: dict[str, Any]) -> None:
    text = write_features((properties, make_square(0, 51)), ({"name": "Nowhere"}, make_square(3, 51)), (None, []))
    (outline,) = parse_outlines(text, "areas.geojson", (ESSEX, KENT))
    assert (outline.authority, len(outline.rings), outline.rings[0][1]) == ("kent", 1, (1.0, 51.0))


def test_islands_in_several_features_are_one_outline() -> None:
    text = write_features(({"id": "kent"}, make_square(0, 0)), ({"id": "kent"}, make_square(5, 5)))
    (outline,) = parse_outlines(text, "areas.geojson", (KENT,))
    assert len(outline.rings) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is no GeoJSON of areas"),
        ("[1]", "is no GeoJSON of areas"),
        ('{"features": [{"properties": {"id": "kent"}, "geometry": {"type": "Polygon"}}]}', "is no GeoJSON of areas"),
        (write_features(({"id": "kent"}, [["x", 1]])), "is no GeoJSON of areas"),
        (write_features(({"id": "kent"}, [[float("nan"), 1]])), "lies nowhere"),
        (write_features(({"id": "surrey"}, make_square(0, 0))), "has 1 areas and none of an authority asked"),
        (
            '{"features": [{"properties": {"id": "kent"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}',
            "none",
        ),
        ("[" * 100_000, "is no GeoJSON of areas"),
    ],
)
def test_what_is_no_map_is_refused_with_its_file(text: str, words: str) -> None:
    with pytest.raises(SurveyError, match=words) as caught:
        parse_outlines(text, "areas.geojson", (KENT,))
    assert "areas.geojson" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('outlines = "none.geojson"', "is not there"),
        ('outlines = "here.geojson"', "outlines_source is missing"),
    ],
)
def test_outlines_need_a_file_and_a_source(line: str, words: str) -> None:
    beside = {"here.geojson": "{}", "uk-police": (REGISTERS / "uk-police.csv").read_text()}
    with pytest.raises(SurveyError, match=words):
        parse_survey(line + SURVEY_TEXT, "survey.toml", beside.get)


def test_neighbours_share_their_border_and_a_small_area_has_a_dot() -> None:
    def outline(name: str, ring: list[list[float]]) -> Outline:
        return Outline(authority=name, rings=(tuple((x, y) for x, y in ring),))

    drawing = draw_outlines(
        [
            outline("speck", make_square(1.995, 51.5, 0.01)),
            outline("west", make_square(1, 51)),
            outline("east", make_square(2, 51)),
        ]
    )
    shapes = {shape.authority: shape for shape in drawing.shapes}
    assert [shape.authority for shape in drawing.shapes][-1] == "speck"
    assert [shape.dot is not None for shape in drawing.shapes] == [False, False, True]
    assert shapes["west"].path == f"M0,{drawing.height}l300,0 0,-{drawing.height} -300,0z"
    assert shapes["east"].path.startswith(f"M300,{drawing.height}l300,0")
    # A degree of latitude is longer than one of longitude here.
    assert drawing.height == round(300 / 0.62251, 0)


def test_plane_units_are_drawn_as_they_are() -> None:
    ring = tuple((x, y) for x, y in make_square(400_000, 300_000, 1000))
    assert draw_outlines([Outline(authority="a", rings=(ring,))]).height == 600


def test_outlines_of_england_and_wales_are_all_somebodys() -> None:
    if not SHARED.is_file():
        pytest.skip("the outlines are not here")
    survey = make_edition().survey
    found = parse_outlines(SHARED.read_text(), SHARED.name, survey.authorities)
    assert [item.authority for item in found] == [item.id for item in survey.authorities]
    assert len("".join(shape.path for shape in draw_outlines(found).shapes)) < 60_000


@needs_chromium
@pytest.mark.browser
def test_the_page_with_a_map_leads_by_keyboard_to_an_area(browser: Any, tmp_path: Path) -> None:
    edition = make_edition()
    names = [item.id for item in edition.survey.authorities]
    text = write_features(*(({"id": name}, make_square(n % 3, 51 + n // 3)) for n, name in enumerate(names)))
    outlines = parse_outlines(text, "areas.geojson", edition.survey.authorities)
    survey = replace(edition.survey, outlines=outlines, outlines_source="Drawn for this test.")
    site = write_site(render_edition(replace(edition, survey=survey)), tmp_path)
    page = browser.new_context().new_page()
    assert find_wide(page, [f"{site}/index.html"], 320) == []
    assert find_violations(page, [f"{site}/index.html"]) == []
    assert "Drawn for this test." in page.text_content(".map figcaption")
    assert page.locator(".areas a").count() == len(names)
    page.locator(".areas a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/authorities/*.html")
    page.context.close()
