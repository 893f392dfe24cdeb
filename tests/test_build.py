"""The whole line on the bundled surveys: the figures it must find, the same bytes twice, and bad input."""

import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerable import store
from answerable.cli import main
from answerable.line import build_survey


def list_files(folder: Path) -> dict[str, bytes]:
    root = folder / "build"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def load_figures(folder: Path) -> dict[str, dict[str, object]]:
    return {figure["id"]: figure for figure in json.loads((folder / "build" / "figures.json").read_text())}


def find_figure(folder: Path, **wanted: object) -> dict[str, object]:
    found = [
        figure
        for figure in load_figures(folder).values()
        if not figure["dimensions"] and all(figure[key] == value for key, value in wanted.items())
    ]
    assert len(found) == 1, (wanted, found)
    return found[0]


def read_rows(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "build" / name).read_text(encoding="utf-8-sig"))))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = store.copy_survey("cyber-flag", tmp_path_factory.mktemp("line") / "cyber-flag")
    build_survey(folder)
    return folder


def test_the_national_figure_stands_beside_its_count_of_forces(built: Path) -> None:
    total = find_figure(built, kind="total", authority=None, question="offences", period="2016/17")
    assert (total["value"], total["n_answered"], total["n_asked"]) == (3455, 17, 43)
    assert len(total["missing"]) == 26
    base = find_figure(built, kind="matched_base", authority=None, question="offences")
    change = find_figure(built, kind="change_abs", authority=None, question="offences")
    # Eleven gave both years; Wiltshire says that the flag was little used in the first, so ten are compared.
    assert (base["value"], change["value"], change["n_matched"]) == (1453, 2612 - 1453, 10)
    reason = find_figure(built, kind="break", authority="wiltshire", question="offences")["value"]
    assert "flag not used" in str(reason)


@pytest.mark.parametrize(
    ("authority", "period", "value"),
    [
        ("northamptonshire", "2016/17", 72),
        ("northamptonshire", "2015/16", 59),
        ("lincolnshire", "2015/16", 112),
        ("greater-manchester", "2016/17", 650),
        ("durham", "2016/17", 190),
        ("wiltshire", "2015/16", 10),
    ],
)
def test_every_reply_is_read_from_its_document(built: Path, authority: str, period: str, value: int) -> None:
    total = find_figure(built, kind="total", authority=authority, question="offences", period=period)
    assert total["value"] == value
    rows = {row["observation_id"]: row for row in read_rows(built, "observations.csv")}
    for name in total["observations"]:
        assert rows[name]["document"].startswith(f"{authority}/")
        assert rows[name]["part"]
        assert rows[name]["ref"]
        assert rows[name]["evidence"]


def test_no_prior_year_is_no_change(built: Path) -> None:
    figures = load_figures(built).values()
    assert not [f for f in figures if f["authority"] == "durham" and f["kind"].startswith("change")]
    assert not [f for f in figures if f["authority"] == "west-yorkshire" and f["kind"] == "total" and f["value"] == 0]


def test_the_northamptonshire_release_says_what_the_data_bear(built: Path) -> None:
    text = (built / "build" / "releases" / "northamptonshire.md").read_text()
    for said in ("72", "59", "13 (22%)", "chance", "5,653", "39 forces", "15 a day"):
        assert said in text, said
    assert re.search(r"p ?(=|about|of|is about) ?0\.26", text)
    assert re.search(r"most common .{0,60}13", text, re.IGNORECASE)
    prose = re.sub(r"<https?:[^>]*>", "", text).lower()
    for word in ("sharply", "soared", "surge", "record high", "children were"):
        assert word not in prose


def test_a_release_leads_with_its_own_direction(built: Path) -> None:
    lines = (built / "build" / "releases" / "lincolnshire.md").read_text().splitlines()
    head = next(line for line in lines if line.startswith("# "))
    assert re.search(r"\b(fell|fall|fewer|down)\b", head), head


def test_a_second_build_does_nothing_and_a_fresh_one_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    assert store.is_current(built, store.hash_inputs(built))
    other = store.copy_survey("cyber-flag", tmp_path / "elsewhere")
    build_survey(other)
    first, second = list_files(built), list_files(other)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_every_link_of_the_site_leads_somewhere(built: Path) -> None:
    root = built / "build" / "site"
    pages = {path: path.read_text() for path in root.rglob("*.html")}
    assert len(pages) > 43
    for path, text in pages.items():
        for link in re.findall(r'(?:href|src)="([^"#][^"]*)"', text):
            if re.match(r"(https?:|mailto:|tel:|data:)", link):
                assert not re.search(rf'(?:src|rel="stylesheet"[^>]*href)="{re.escape(link)}"', text), link
                continue
            target, _, anchor = link.partition("#")
            into = (path.parent / target).resolve()
            assert into.is_file(), f"{path.name}: {link}"
            if anchor and into.suffix == ".html":
                assert f'id="{anchor}"' in pages[into], f"{path.name}: {link}"


BAD = {
    "empty.xlsx": b"",
    "corrupt.xlsx": b"PK\x03\x04 this is no workbook",
    "corrupt.pdf": b"%PDF-1.7\nno objects at all",
    "strange.qqq": bytes(range(256)) * 4,
}


def test_bad_input_is_a_finding_and_the_rest_still_builds(tmp_path: Path) -> None:
    folder = store.copy_survey("cyber-flag", tmp_path / "survey")
    for name, data in BAD.items():
        (folder / "replies" / "kent" / name).write_bytes(data)
    with (folder / "replies" / "kent" / "huge.csv").open("wb") as file:
        file.truncate(200_000_001)
    (folder / "replies" / "kant").mkdir()
    (folder / "replies" / "kant" / "reply.txt").write_text("2016/17: 5\n")
    build_survey(folder)
    rows = read_rows(folder, "findings.csv")
    unreadable = [row for row in rows if row["check"] == "unreadable-document"]
    assert {Path(row["document"]).name for row in unreadable} == {*BAD, "huge.csv"}
    for row in unreadable:
        assert re.match(r"kent/\S+: .+\. .+\.$", row["message"], re.DOTALL), row["message"]
    assert [row["authority"] for row in rows if row["check"] == "unknown-authority"] == ["kant"]
    total = find_figure(folder, kind="total", authority="kent", question="offences", period="2016/17")
    assert total["value"] == 361


def test_an_unknown_setting_is_refused_with_the_nearest_known(tmp_path: Path) -> None:
    folder = store.copy_survey("cyber-flag", tmp_path / "survey")
    path = folder / "survey.toml"
    path.write_text(path.read_text().replace("recorded_by", "recorded_bye", 1))
    done = CliRunner().invoke(main, ["build", str(folder)])
    assert done.exit_code == 2
    assert 'Did you mean "recorded_by"?' in done.stderr


def test_the_demonstration_prints_its_main_figures(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["demo", "--into", str(tmp_path / "demo")])
    assert done.exit_code == 0, done.output
    for said in ("3,455", "17 of 43 forces", "Northamptonshire, 2016/17: 72", "index.html", "5,653, from 39 forces"):
        assert said in done.stdout


def test_the_second_bundled_survey_builds(tmp_path: Path) -> None:
    folder = store.copy_survey("sexual-communication", tmp_path / "survey")
    build_survey(folder)
    total = find_figure(
        folder,
        kind="total",
        authority="northamptonshire",
        question=store.read_survey(folder).headline,
        period="2024/25",
    )
    assert total["value"] == 52


def test_the_query_of_a_total_gives_it_again_from_the_published_database(built: Path) -> None:
    with closing(sqlite3.connect(built / "build" / "figures.db")) as connection:
        totals = [figure for figure in load_figures(built).values() if figure["kind"] == "total"]
        assert len(totals) > 40
        for figure in totals:
            assert connection.execute(str(figure["query"])).fetchone() == (figure["value"],) * 2, figure["id"]
