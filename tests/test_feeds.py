"""Atom feeds: valid by RFC 4287, ids that never change, times that are editions' and never the clock's."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from lxml import etree

from answerable.model import Edition
from answerable.publish import add_issue, list_issues, render_edition
from small_edition import NOW, make_edition, make_figure, make_survey

ATOM = "{http://www.w3.org/2005/Atom}"
FIRST = datetime(2017, 6, 1, 0, 1, tzinfo=UTC)
LATER = datetime(2017, 7, 3, 9, 30, 15, 123456, tzinfo=UTC)
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
ONCE = ("id", "title", "updated")


def make_open_edition() -> Edition:
    """The small edition without Surrey's withheld count, so that the gate holds nothing back."""
    edition = make_edition()
    return replace(
        edition,
        figures=tuple(item for item in edition.figures if item.authority != "surrey"),
        observations=tuple(item for item in edition.observations if item.authority != "surrey"),
    )


def correct(edition: Edition) -> Edition:
    """Lincolnshire has 56 and not 58; West Yorkshire answered with 30."""
    figures = [
        replace(item, value=56) if (item.kind, item.authority, item.period) == ("total", "lincolnshire", NOW) else item
        for item in edition.figures
    ]
    return replace(edition, figures=(*figures, make_figure("total", "west-yorkshire", 30)))


@cache
def render_two() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """What the first and the second edition of one survey hold."""
    first = make_open_edition()
    built = dict(render_edition(first, add_issue(list_issues(first, {}), "1", FIRST)))
    kept = {"1": {name: body.decode() for name, body in built.items() if name.endswith((".json", ".csv"))}}
    second = correct(first)
    return built, dict(render_edition(second, add_issue(list_issues(second, kept), "2", LATER)))


def open_feed(built: dict[str, bytes], name: str) -> etree._Element:
    return etree.fromstring(built[f"site/feeds/{name}.xml"])


def read_entries(feed: etree._Element) -> dict[str, dict[str, str]]:
    """Entry title -> its texts."""
    return {
        entry.findtext(f"{ATOM}title", ""): {child.tag.removeprefix(ATOM): child.text or "" for child in entry}
        for entry in feed.findall(f"{ATOM}entry")
    }


def list_faults(feed: etree._Element) -> list[str]:
    """What RFC 4287 section 4.1 forbids, found in a feed."""
    faults = [f"feed: {feed.tag}"] if feed.tag != f"{ATOM}feed" else []
    entries = feed.findall(f"{ATOM}entry")
    for place in (feed, *entries):
        title = place.findtext(f"{ATOM}title")
        faults += [f"{title}: {name}" for name in ONCE if len(place.findall(f"{ATOM}{name}")) != 1]
        times = [*place.findall(f"{ATOM}updated"), *place.findall(f"{ATOM}published")]
        faults += [f"{title}: {time.text}" for time in times if not DATE.fullmatch(time.text or "")]
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in place.findall(f"{ATOM}link")]
        faults += [f"{title}: alternate twice"] if len(links) != len(set(links)) else []
        faults += [f"{title}: link without href" for link in place.findall(f"{ATOM}link") if not link.get("href")]
    if feed.find(f"{ATOM}author/{ATOM}name") is None:
        faults.append("no author")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries] + [feed.findtext(f"{ATOM}id")]
    faults += ["an id twice"] if len(ids) != len(set(ids)) else []
    faults += [f"not an IRI: {name}" for name in ids if not re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", name or "")]
    for content in feed.iter(f"{ATOM}content"):
        if content.get("type") != "xhtml" or [child.tag for child in content] != ["{http://www.w3.org/1999/xhtml}div"]:
            faults.append("content is not one div")
    return faults


def test_every_feed_of_every_edition_is_valid() -> None:
    for built in render_two():
        names = [name for name in built if name.startswith("site/feeds/")]
        assert len(names) == 8
        for name in names:
            feed = etree.fromstring(built[name])
            assert list_faults(feed) == [], name


def test_a_reader_of_feeds_reads_them() -> None:
    feedparser = pytest.importorskip("feedparser")
    read = feedparser.parse(render_two()[1]["site/feeds/bulletin.xml"])
    assert not read.bozo
    assert read.version == "atom10"
    assert read.entries[0].title == "Correction: England and Wales"
    assert read.feed.updated == "2017-07-03T09:30:15Z"


def test_a_release_keeps_its_id_and_moves_its_time_only_when_its_figures_change() -> None:
    first, second = (read_entries(open_feed(built, "lincolnshire")) for built in render_two())
    old, new = (next(item for title, item in found.items() if "in 2016/17" in title) for found in (first, second))
    assert old["id"] == new["id"]
    assert (old["updated"], new["updated"]) == ("2017-06-01T00:01:00Z", "2017-07-03T09:30:15Z")
    assert new["published"] == old["published"] == "2017-06-01T00:01:00Z"
    assert second["Correction: Lincolnshire"]["updated"] == "2017-07-03T09:30:15Z"
    same = read_entries(open_feed(render_two()[1], "wiltshire"))
    assert [item["updated"] for item in same.values()] == ["2017-06-01T00:01:00Z"]


def test_a_new_figure_is_published_when_it_came() -> None:
    first, second = (read_entries(open_feed(built, "west-yorkshire")) for built in render_two())
    assert first == {}
    assert set(second) == {"New figures: West Yorkshire", f"West Yorkshire: 30 {make_survey().subject} in {NOW}"}
    assert {item["published"] for item in second.values()} == {"2017-07-03T09:30:15Z"}


def test_the_whole_s_feed_tells_every_place_s_changes() -> None:
    text = render_two()[1]["site/feeds/bulletin.xml"].decode()
    assert "58 before, 56 now" in text
    assert "none before, 30 now" in text
    assert "58 before" not in render_two()[1]["site/feeds/wiltshire.xml"].decode()


def test_what_was_withdrawn_is_not_repeated_while_a_count_is_withheld() -> None:
    third = replace(correct(make_open_edition()), observations=make_edition().observations)
    kept = {"2": {name: body.decode() for name, body in render_two()[1].items() if name.endswith((".json", ".csv"))}}
    fourth = replace(third, figures=tuple(item for item in third.figures if item.authority != "lincolnshire"))
    issues = list_issues(fourth, kept)
    assert [issue.name for issue in issues] == ["2", ""]
    barred = [item for item in issues[0].differences if "lincolnshire" in item.id and item.subject == "figure"]
    assert barred
    assert all(item.hidden and (item.new is None or item.new.text == "[c]") for item in barred)


@pytest.mark.parametrize(
    ("address", "own", "page"),
    [
        ("", None, "../authorities/durham.html"),
        ("https://example.org/survey", "https://example.org/survey/feeds/durham.xml",
         "https://example.org/survey/authorities/durham.html"),
        ("https://example.org/", "https://example.org/feeds/durham.xml", "https://example.org/authorities/durham.html"),
    ],
)  # fmt: skip
def test_addresses_are_relative_or_where_the_site_is(address: str, own: str | None, page: str) -> None:
    edition = replace(make_edition(), survey=make_survey(address=address))
    feed = etree.fromstring(dict(render_edition(edition))["site/feeds/durham.xml"])
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links.get("self") == own
    assert links["alternate"] == page
    assert feed.findtext(f"{ATOM}id") == open_feed(render_two()[0], "durham").findtext(f"{ATOM}id")


def test_no_time_is_the_clock_s() -> None:
    built = dict(render_edition(make_edition()))
    times = set(re.findall(r"<updated>([^<]*)", built["site/feeds/bulletin.xml"].decode()))
    assert times == {"2017-05-02T00:00:00Z"}, "the day of the last reply"
