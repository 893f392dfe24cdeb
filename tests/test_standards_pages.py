"""What an audit publishes: the same bytes twice, words that state an observation and no more, pages in a browser."""

import csv
import io
import json
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import docx
import pytest
from click.testing import CliRunner

from answerable.cli import main
from answerable.model import Document
from answerable.standards.cards import Board, make_board
from answerable.standards.casefile import write_case_word, write_case_zip
from answerable.standards.pages import render_audit
from answerable.standards.reading import read_audit
from audit_folder import PICTURE, make_files, write_audit
from in_browser import find_violations, find_wide, needs_chromium, write_site

PAGES = (
    "index.html", "compare.html", "about.html", "authorities/plaza.html", "authorities/quill.html",
    "releases/plaza.html",
)  # fmt: skip


def read_bytes(document: Document) -> bytes:
    return make_files()[f"replies/{document.path}"]


@cache
def make_small() -> Board:
    with TemporaryDirectory() as folder:
        return make_board(read_audit(write_audit(Path(folder))))


@cache
def render() -> dict[str, bytes]:
    return dict(render_audit(make_small(), read_bytes))


def read_table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render()[name].decode())))


def test_the_same_audit_gives_the_same_bytes() -> None:
    again = dict(render_audit(make_board(make_small().reading), read_bytes))
    assert list(again) == list(render())
    assert [name for name in again if again[name] != render()[name]] == []


def test_no_page_or_release_says_more_than_was_observed() -> None:
    for name, body in render().items():
        if name.endswith((".html", ".md")):
            text = body.decode().casefold()
            for word in ("breach", "illegal settings", "unlawful", "non-compliant", "violat", "guilty"):
                assert word not in text, f"{name}: {word}"
    release = render()["releases/plaza.md"].decode()
    assert "was not on by default on 3 November 2026" in release
    assert "on new accounts of declared age 16" in release
    assert "“accepted connections only”" in release
    assert "disputed the observations" in release


def test_results_carry_rule_days_and_evidence() -> None:
    rows = read_table("results.csv")
    failed = [
        row for row in rows if row["verdict"] == "fail" and row["service"] == "plaza" and row["edition"] == "2026"
    ]
    assert [(row["rule"], row["age"]) for row in failed] == [("ico-7-account-private", "16")]
    assert failed[0]["observed"] == "2026-11-03;2026-11-04;2026-11-05"
    assert failed[0]["testers"] == "A;B"
    assert failed[0]["in_force_from"] == "2021-09-02"
    assert len(failed[0]["evidence"]) == 64
    rules = {(row["rule"], row["in_force_from"]): row for row in read_table("rules.csv")}
    assert {(row["rule"], row["in_force_from"]) for row in rows} == set(rules)
    assert rules["icu-f1-dm", "2025-03-17"]["status"] == "unconfirmed"
    figures = {row["id"]: row for row in read_table("figures.csv")}
    assert figures["small-audit.passed.2026.plaza"]["query"] == "100 * 42 / 44"
    assert figures["small-audit.passed.2026.plaza"]["n_answered"] == "44"
    (agreement,) = read_table("agreement.csv")
    assert (agreement["n"], agreement["same"]) == ("40", "39")


def test_the_tables_are_a_valid_data_package(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    for name, body in render().items():
        if "/" not in name:
            (tmp_path / name).write_bytes(body)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.flatten(["message"]) == []


def test_links_lead_somewhere_and_pages_ask_no_other_host() -> None:
    import re
    from posixpath import dirname, join, normpath

    site = {name.removeprefix("site/") for name in render() if name.startswith("site/")}
    for name in sorted(site):
        if not name.endswith(".html"):
            continue
        page = render()[f"site/{name}"].decode()
        assert not re.search(r'(?:src|href)="//', page)
        assert not re.search(r'<(?:script|link|img)[^>]+"https?:', page)
        for target in re.findall(r'(?:href|src)="([^"#?]+)', page):
            if not target.startswith(("http://", "https://")):
                assert normpath(join(dirname(name), target)) in site, f"{name}: {target}"


def test_words_of_others_are_escaped() -> None:
    files = make_files()
    files["replies/plaza/response.toml"] = files["replies/plaza/response.toml"].replace(
        b"The account", b"<script>alert(1)</script> \\u0001The account"
    )
    with TemporaryDirectory() as folder:
        board = make_board(read_audit(write_audit(Path(folder), files)))
    for name, body in render_audit(board, read_bytes):
        if name.endswith((".html", ".md")):
            assert b"<script>alert" not in body, name
            assert b"\n<script>" not in body
        if name.endswith(".docx"):
            docx.Document(io.BytesIO(body))


def test_a_case_file_holds_the_rules_the_evidence_and_the_reply() -> None:
    board = make_small()
    card = next(item for item in board.cards if item.service.id == "plaza")
    word = write_case_word(board, card)
    assert word == write_case_word(board, card)
    document = docx.Document(io.BytesIO(word))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Case file: Plaza (Plaza Ltd)" in text
    assert "disputed the observations" in text
    failed, observed, rules = ([[cell.text for cell in row.cells] for row in table.rows] for table in document.tables)
    assert [row[:3] for row in failed[1:]] == [
        ["ico-7-account-private", "16", "fail"],
        ["icu-f1-dm", "13", "inconsistent"],
    ]
    assert len(observed) == 1 + 6
    assert [row[0] for row in rules[1:]] == ["ico-7-account-private", "icu-f1-dm"]
    assert rules[2][4] == "unconfirmed"
    data = write_case_zip(board, card, read_bytes)
    assert data == write_case_zip(board, card, read_bytes)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("plaza-2026/manifest.json"))
        assert archive.read("plaza-2026/evidence/plaza/2026/screen.png") == PICTURE
        assert "plaza-2026/evidence/plaza/response.toml" in names
        assert not any("2024" in name for name in names)
        assert [item["name"] for item in manifest["files"]] == names[1:]


def test_the_commands_build_an_audit_and_its_case_files(tmp_path: Path) -> None:
    run = CliRunner().invoke
    folder = write_audit(tmp_path / "audit")
    told = json.loads(run(main, ["standards", "build", str(folder), "--json"]).stdout)
    assert (told["n_errors"], told["current"]) == (0, False)
    assert [(row["service"], row["passed"], row["tested"]) for row in told["scores"]] == [
        ("plaza", 42, 44),
        ("quill", 0, 4),
    ]
    assert json.loads(run(main, ["standards", "build", str(folder), "--json"]).stdout)["current"] is True
    old = json.loads(run(main, ["standards", "build", str(folder), "--edition", "2024", "--json"]).stdout)
    assert old["scores"][0]["passed"] == 0
    case = run(main, ["standards", "case", str(folder), "plaza", "--out", str(tmp_path / "case"), "--json"])
    assert [Path(name).name for name in json.loads(case.stdout)["files"]] == ["plaza-2026.docx", "plaza-2026.zip"]
    form = run(main, ["standards", "form", str(folder), "quill", "--out", str(tmp_path), "--json"])
    assert [Path(name).name for name in json.loads(form.stdout)["files"]] == ["quill.html", "quill.xlsx"]
    wrong = run(main, ["standards", "case", str(folder), "plazza", "--out", str(tmp_path)])
    assert wrong.exit_code == 2
    assert 'Did you mean "plaza"' in wrong.stderr
    (folder / "replies" / "quill" / "2026" / "a.json").write_text("[]")
    assert run(main, ["standards", "build", str(folder)]).exit_code == 1
    assert run(main, ["standards", "case", str(folder), "quill", "--out", str(tmp_path)]).exit_code == 2


def test_a_new_audit_builds_as_it_stands(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(main, ["standards", "new", str(tmp_path / "mine")]).exit_code == 0
    done = run(main, ["standards", "build", str(tmp_path / "mine"), "--json"])
    assert json.loads(done.stdout)["scores"][0]["tested"] == 0
    assert run(main, ["standards", "new", str(tmp_path / "mine")]).exit_code == 2
    assert run(main, ["standards", "build", str(tmp_path / "none")]).exit_code == 2


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_site(render().items(), tmp_path_factory.mktemp("an audit"))


@needs_chromium
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_passes_axe(browser: Any, site: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    found = find_violations(context.new_page(), [f"{site}/{name}" for name in PAGES])
    context.close()
    assert found == []


@needs_chromium
@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_scrolls_sideways(browser: Any, site: str, width: int) -> None:
    context = browser.new_context()
    assert find_wide(context.new_page(), [f"{site}/{name}" for name in PAGES], width) == []
    context.close()


@needs_chromium
@pytest.mark.browser
def test_the_league_table_sorts_and_a_verdict_leads_to_its_picture(browser: Any, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/index.html")
    page.locator("th", has_text="Not tested").locator("button").click()
    assert page.locator("tbody tr").first.inner_text().startswith("Plaza")
    page.get_by_role("link", name="Plaza").click()
    page.locator("summary", has_text="Who sees the account").first.click()
    page.locator(".seen a", has_text="screenshot").first.click()
    assert page.url.endswith(".png")
    context.close()


@needs_chromium
@pytest.mark.browser
def test_the_web_form_writes_a_file_that_is_read(browser: Any, tmp_path: Path) -> None:
    from answerable.standards.forms import write_web_form

    reading = make_small().reading
    service = reading.audit.services[1]
    (tmp_path / "form.html").write_bytes(write_web_form(reading.audit, reading.standards, service))
    (tmp_path / "screen.png").write_bytes(PICTURE)
    address = (tmp_path / "form.html").as_uri()
    page = browser.new_context().new_page()
    assert find_wide(page, [address], 360) == []
    assert find_violations(page, [address]) == []
    page.click("text=Save the file")
    assert page.text_content("#said") == "Fill in: Tester."
    page.fill("[name=tester]", "C")
    page.fill("[name=on]", "2026-11-09")
    page.select_option("[name=age]", "15")
    page.check("#dm-from-connections")
    page.set_input_files("[data-setting=dm-from] [type=file]", str(tmp_path / "screen.png"))
    page.check("#report-route-not_tested")
    with page.expect_download() as download:
        page.click("text=Save the file")
    saved = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename == "2026-11-09-C-run1-age15.json"
    page.context.close()
    files = {**make_files(), "replies/quill/2026/c.json": saved}
    found = read_audit(write_audit(tmp_path / "audit", files))
    assert found.findings == ()
    mine = [item for item in found.observed if item.visit.tester == "C"]
    assert [(item.setting, item.age, item.value) for item in mine] == [
        ("dm-from", 15, "connections"),
        ("report-route", 15, "not_tested"),
    ]
    assert mine[0].sha256
