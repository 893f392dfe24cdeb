"""What a build holds: same bytes twice, links that lead somewhere, nothing unescaped, nothing given away."""

import csv
import io
import json
import re
import sqlite3
from functools import cache
from pathlib import Path

import duckdb
import openpyxl
import pytest

from answerable.publish import render_edition
from small_edition import NOW, THEN, make_edition


@cache
def render() -> dict[str, bytes]:
    return dict(render_edition(make_edition()))


def test_same_edition_gives_the_same_bytes() -> None:
    first, second = render(), dict(render_edition(make_edition()))
    assert [name for name in first if first[name] != second[name]] == []
    assert list(first) == list(second)


@pytest.mark.parametrize(
    "name",
    [
        "observations.csv", "findings.csv", "figures.csv", "figures.json", "answerable.duckdb", "workbook.xlsx",
        "datapackage.json", "figures.db", "site/index.html", "site/authorities/west-yorkshire.html",
        "releases/northamptonshire.md", "releases/northamptonshire.html", "releases/northamptonshire.docx",
        "releases/bulletin.md",
    ],
)  # fmt: skip
def test_build_holds(name: str) -> None:
    assert len(render()[name]) > 100


def test_observations_keep_the_public_columns() -> None:
    rows = list(csv.reader(io.StringIO(render()["observations.csv"].decode())))
    assert rows[0][:5] == ["observation_id", "survey", "authority", "question", "period"]
    assert rows[0][-6:] == ["document", "part", "ref", "quote", "grade", "grade_reasons"]
    assert len(rows) == 1 + len(make_edition().observations)


def test_suppressed_value_is_empty_and_bounded() -> None:
    rows = csv.DictReader(io.StringIO(render()["observations.csv"].decode()))
    row = next(row for row in rows if row["authority"] == "surrey")
    assert (row["value"], row["low"], row["high"], row["status"]) == ("", "46", "52", "suppressed")


def test_figures_json_keeps_null_apart_from_nought() -> None:
    figures = json.loads(render()["figures.json"])
    surrey = next(item for item in figures if item["authority"] == "surrey")
    assert surrey["value"] is None
    assert (surrey["low"], surrey["high"]) == (46, 52)


def test_databases_hold_the_same_figures(tmp_path: Path) -> None:
    path = tmp_path / "answerable.duckdb"
    path.write_bytes(render()["answerable.duckdb"])
    with duckdb.connect(str(path), read_only=True) as connection:
        ours = connection.execute("SELECT id, value FROM figures ORDER BY id").fetchall()
    (tmp_path / "figures.db").write_bytes(render()["figures.db"])
    with sqlite3.connect(tmp_path / "figures.db") as lite:
        theirs = lite.execute("SELECT id, value FROM figures ORDER BY id").fetchall()
        links = lite.execute("SELECT count(*) FROM figure_observation").fetchone()
    lite.close()
    assert ours == theirs
    assert links == (8,)


def test_data_package_is_valid_for_frictionless(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    for name, body in render().items():
        if "/" not in name and name.endswith((".csv", ".json")):
            (tmp_path / name).write_bytes(body)
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])


def test_workbook_has_cover_contents_notes_and_no_blank_cell(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render()["workbook.xlsx"]))
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Authorities", "Whole"]
    for name in ("Authorities", "Whole"):
        assert not book[name].merged_cells.ranges
        rows = [row for row in book[name].iter_rows(values_only=True) if row[1] is not None]
        assert len(rows) > 5
        assert all(value is not None for row in rows for value in row)


def test_every_relative_link_leads_to_a_file_and_every_anchor_to_an_element() -> None:
    pages = {name: body.decode() for name, body in render().items() if name.startswith("site/") and "html" in name}
    missing = []
    for name, text in pages.items():
        for address in re.findall(r'(?:href|src)="([^"]+)"', text):
            if re.match(r"[a-z]+:", address):
                continue
            path, _, anchor = address.partition("#")
            target = str(Path("/", name).parent.joinpath(path).resolve())[1:] if path else name
            if target not in render() or (anchor and f'id="{anchor}"' not in pages[target]):
                missing.append((name, address))
    assert missing == []


def test_text_from_documents_is_escaped_and_hidden_cells_stay_hidden() -> None:
    page = render()["site/sources/lincolnshire.html"].decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_site_asks_nothing_of_another_host() -> None:
    for name, body in render().items():
        if name.startswith("site/") and name.endswith((".html", ".css", ".js")):
            loads = re.findall(r'(?:src|<link[^>]*href)="(https?:[^"]*)"|url\(\s*["\']?(https?:)', body.decode())
            assert loads == [], name


def test_recreated_documents_are_marked_wherever_they_are_shown() -> None:
    for name in (
        "site/authorities/northamptonshire.html", "site/sources/northamptonshire.html",
        "releases/northamptonshire.html", "releases/northamptonshire.md", "site/about.html",
    ):  # fmt: skip
        assert "e-created" in render()[name].decode(), name
    assert "Re-created" not in render()["site/sources/lincolnshire.html"].decode()


def test_no_page_prints_a_number_for_an_authority_without_one() -> None:
    text = render()["releases/west-yorkshire.md"].decode()
    assert "West Yorkshire: no figure" in text
    assert f"West Yorkshire in {NOW}" not in text


def test_each_funnel_marks_its_own_authority_and_is_drawn_once() -> None:
    pytest.importorskip("vl_convert")
    own = render()["site/authorities/lincolnshire.html"].decode()
    other = render()["site/authorities/wiltshire.html"].decode()
    mark = re.compile(r'<path transform="translate\(([^)]*)\)" d="M0,-9L9,0L0,9L-9,0Z"[^>]*/><text[^>]*>([^<]*)</text>')
    assert [name for _, name in mark.findall(own)] == ["Lincolnshire"]
    assert [name for _, name in mark.findall(other)] == ["Wiltshire"]
    assert mark.search(own)[1] != mark.search(other)[1]  # type: ignore[index]


def test_authorities_left_out_of_a_change_are_named_with_the_reason() -> None:
    page = render()["site/index.html"].decode()
    names = page.partition("left out of the change: which, and why")[2].partition("</details>")[0]
    found = re.findall(r'<a href="authorities/([a-z-]+).html">[^<]*</a>: ([^<]*)', names)
    assert found == [
        ("durham", f"no figure for {THEN}"),
        ("surrey", f"no figure for {THEN}"),
        ("west-yorkshire", f"no figure for {THEN} and {NOW}"),
    ]


def test_a_chart_that_leaves_the_site_carries_its_title_and_what_it_stands_on() -> None:
    pytest.importorskip("vl_convert")
    chart = render()["site/charts/bulletin.svg"].decode()
    text = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", chart))
    assert "174 cyber-flagged sexual offences" in text
    assert "Over the 3 forces with comparable figures for both periods." in text
