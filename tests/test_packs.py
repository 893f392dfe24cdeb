"""Story packs: what a reporter downloads for a region, whole and the same bytes every time."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import openpyxl
import pytest

from answerable.model import Edition
from answerable.publish import render_edition
from answerable.publish.packs import CONTENTS
from answerable.survey import write_embargo
from small_edition import make_edition, make_survey

PACK = "packs/region-east-midlands.zip"


def render_pack(edition: Edition) -> bytes:
    return next(body for name, body in render_edition(edition) if name == PACK)


@cache
def open_pack() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(render_pack(make_edition())))


def read_rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(open_pack().read(name).decode())))


def test_pack_holds_release_chart_table_and_sources() -> None:
    pytest.importorskip("vl_convert")
    assert open_pack().namelist() == list(CONTENTS)
    assert open_pack().read("chart.png").startswith(b"\x89PNG\r\n\x1a\n")
    assert b"<svg" in open_pack().read("chart.svg")[:200]
    assert "130" in open_pack().read("release.md").decode()


def test_pack_is_the_same_bytes_and_lies_in_the_site_too() -> None:
    built = dict(render_edition(make_edition()))
    assert built[PACK] == render_pack(make_edition()) == built[f"site/{PACK}"]
    assert {item.date_time for item in open_pack().infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert 'href="../packs/region-east-midlands.zip"' in built["site/regions/region-east-midlands.html"].decode()


def test_table_has_the_region_s_authorities_and_no_other() -> None:
    rows = read_rows("table.csv")
    assert [row["Force"] for row in rows] == ["Lincolnshire", "Northamptonshire"]
    assert (rows[0]["Total 2016/17"], rows[0]["Change from 2015/16 to 2016/17"]) == ("58", "-54")
    # 0.00004 must not print as nought.
    assert float(rows[0]["Exact p value"]) == 4e-05
    sheet = openpyxl.load_workbook(io.BytesIO(open_pack().read("table.xlsx")))["Table"]
    shown = [row for row in sheet.iter_rows(values_only=True) if row[0] in {"Lincolnshire", "Northamptonshire"}]
    assert [row[2:4] for row in shown] == [(112, 58), (59, 72)]


def test_every_source_names_its_document_part_and_cell() -> None:
    rows = read_rows("sources.csv")
    found = {(row["authority"], row["period"], row["as_printed"], row["part"], row["ref"]) for row in rows}
    assert ("Lincolnshire", "2016/17", "58", 'sheet "Q1"', "C2") in found
    assert {row["authority"] for row in rows} == {"Lincolnshire", "Northamptonshire"}
    assert all(row["document"] and row["sha256"] for row in rows)


def test_readme_says_the_embargo_and_what_was_re_created() -> None:
    moment = datetime(2017, 6, 1, 0, 1, tzinfo=UTC)
    survey = make_survey(embargo_until=moment, embargo=write_embargo(moment))
    text = zipfile.ZipFile(io.BytesIO(render_pack(replace(make_edition(), survey=survey)))).read("README.txt").decode()
    assert "EMBARGO: Not for publication before 00:01 on Thursday 1 June 2017" in text
    assert "re-created" in text
    assert "2016/17: 130" in text
