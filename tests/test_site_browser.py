"""The site in a real Chromium: a reporter's way through it, by keyboard, at every width, in light and dark."""

from collections.abc import Iterator
from typing import Any

import pytest

from answerable.publish import render_edition
from in_browser import find_violations, find_wide, needs_chromium, write_site
from small_edition import make_edition
from test_feeds import render_two

PAGES = (
    "index.html", "compare.html", "about.html", "authorities/northamptonshire.html", "authorities/west-yorkshire.html",
    "authorities/surrey.html", "regions/region-east-midlands.html", "sources/northamptonshire.html",
    "sources/surrey.html", "releases/northamptonshire.html", "changes.html", "authorities/corrected.html",
)  # fmt: skip

pytestmark = [pytest.mark.browser, needs_chromium]


def list_changed_pages() -> list[tuple[str, bytes]]:
    """The pages that an edition with corrections and an answer prints otherwise, under names of their own."""
    built = render_two()[1]
    return [
        ("site/changes.html", built["site/changes.html"]),
        ("site/authorities/corrected.html", built["site/authorities/lincolnshire.html"]),
    ]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    items = [*render_edition(make_edition()), *list_changed_pages()]
    return write_site(items, tmp_path_factory.mktemp("under a prefix"))


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page at a phone's width that fails its test on a script error or a request for anything but a file."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, reduced_motion="reduce")
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda request: wrong.append(request.url) if not request.url.startswith("file:") else None)
    yield opened
    context.close()
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_type_passes_axe(browser: Any, site: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    found = find_violations(context.new_page(), [f"{site}/{name}" for name in PAGES])
    context.close()
    assert found == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_scrolls_sideways(page: Any, site: str, width: int) -> None:
    assert find_wide(page, [f"{site}/{name}" for name in PAGES], width) == []


def test_reporter_finds_a_force_by_its_short_name_and_sees_the_cell(page: Any, site: str) -> None:
    page.goto(f"{site}/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.fill("#find", "northants")
    page.keyboard.press("Enter")
    page.wait_for_url("**/authorities/northamptonshire.html")
    assert "within what chance alone would give" in page.text_content(".lead")
    page.click(".lead a.number >> text='72'")
    page.wait_for_url("**/sources/northamptonshire.html#*")
    lit = page.locator(":target")
    assert lit.inner_text().startswith("72")
    assert lit.evaluate("cell => getComputedStyle(cell).fontWeight") == "700"
    assert lit.evaluate("cell => cell === document.activeElement")
    assert "Re-created document" in page.text_content("main")


def test_search_finds_what_is_typed_in_part_and_goes_nowhere_for_nonsense(page: Any, site: str) -> None:
    page.goto(f"{site}/authorities/durham.html")
    page.fill("#find", "coln")
    page.press("#find", "Enter")
    page.wait_for_url("**/authorities/lincolnshire.html")
    page.fill("#find", "zzz")
    page.press("#find", "Enter")
    page.wait_for_url("**/index.html?q=zzz*")


def test_table_sorts_by_keyboard_with_missing_numbers_last_both_ways(page: Any, site: str) -> None:
    page.goto(f"{site}/index.html")
    button = page.locator("table.standings th:nth-child(3) button")
    read = "() => [...document.querySelectorAll('table.standings tbody tr')].map(row => row.cells[2].dataset.value)"
    button.focus()
    page.keyboard.press("Enter")
    assert page.evaluate(read) == ["190", "72", "58", "44", "", ""]
    page.keyboard.press("Enter")
    assert page.evaluate(read) == ["44", "58", "72", "190", "", ""]
    assert page.get_attribute("table.standings th:nth-child(3)", "aria-sort") == "ascending"


def test_table_filters_by_name_alias_and_region(page: Any, site: str) -> None:
    page.goto(f"{site}/index.html")
    for words, shown in (("east mid", 2), ("Northants", 1), ("", 6)):
        page.fill("#sieve", words)
        assert page.locator("table.standings tbody tr:visible").count() == shown
    assert page.text_content("#sieve-count") == ""


def test_everything_can_be_read_without_scripts(browser: Any, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(f"{site}/index.html")
    assert opened.locator("table.standings tbody tr:visible").count() == 6
    assert not opened.locator(".sieve").is_visible()
    opened.goto(f"{site}/authorities/northamptonshire.html")
    assert not opened.locator("[data-copy]").is_visible()
    context.close()


def test_drawings_say_their_numbers_in_words(page: Any, site: str) -> None:
    pytest.importorskip("vl_convert")
    page.goto(f"{site}/authorities/northamptonshire.html")
    drawing = page.locator("svg.chart").first
    assert drawing.get_attribute("role") == "img"
    assert drawing.locator("desc").text_content() == "2015/16: 59; 2016/17: 72"


def test_printed_page_opens_its_tables_and_drops_what_cannot_be_clicked(page: Any, site: str) -> None:
    page.goto(f"{site}/authorities/northamptonshire.html")
    page.emulate_media(media="print")
    assert page.locator("details table").first.is_visible()
    assert not page.locator(".find").is_visible()
