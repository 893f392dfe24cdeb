"""Corrections end to end: a re-issued reply and a decision, the erratum each writes, and the edition before kept."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerable import store
from answerable.cli import main
from answerable.decisions import write_decision
from answerable.line import build_survey, publish_survey
from answerable.model import Decision

SURVEY = """
id = "moving"
title = "Cyber-flagged sexual offences"
subject = "cyber-flagged sexual offences against under-18s"
area = "England and Wales"
register = "uk-police"
authorities = ["dorset", "essex", "hampshire", "kent", "surrey"]
periods = ["2014/15", "2015/16"]
{more}
[[question]]
id = "offences"
number = "1"
text = "How many offences were recorded in each financial year?"
measure = "Offences"
unit = "offences"
"""
MOMENTS = [datetime(2017, 6, day, 9, 0, tzinfo=UTC) for day in (1, 8, 15, 22)]


def file_reply(folder: Path, authority: str, then: int, now: int) -> None:
    path = folder / "replies" / authority / "reply.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"Financial year,Offences\n2014/15,{then}\n2015/16,{now}\n")


def make_folder(folder: Path, more: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "survey.toml").write_text(SURVEY.format(more=more))
    for authority, then, now in (("essex", 100, 118), ("kent", 200, 212), ("surrey", 60, 72)):
        file_reply(folder, authority, then, now)
    return folder


def list_bytes(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and path.name != ".state.json")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(files)}


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Published three times: Kent sent its figures again, then a reviewer corrected Surrey's."""
    folder = make_folder(tmp_path_factory.mktemp("line") / "moving")
    publish_survey(folder, now=MOMENTS[0])
    file_reply(folder, "kent", 200, 215)
    publish_survey(folder, now=MOMENTS[1])
    rows = (folder / "build" / "observations.csv").read_text().splitlines()
    name = next(row for row in rows if ",surrey," in row and ",2015/16," in row).partition(",")[0]
    store.append_decision(
        folder,
        write_decision(
            Decision(
                observation=name, verdict="correct", value="70", reason="counted twice", by="desk",
                at="2017-06-14T10:00:00+00:00", quote="72",
            )
        ),
    )  # fmt: skip
    publish_survey(folder, now=MOMENTS[2])
    yield folder


def test_each_edition_is_kept_and_the_first_has_no_erratum(moving: Path) -> None:
    assert store.list_editions(moving) == ("1", "2", "3")
    assert not list((moving / "published" / "1").glob("errata/*"))
    assert "212" in (moving / "published" / "1" / "releases" / "kent.md").read_text()
    assert "Nothing has been changed" in (moving / "published" / "1" / "site" / "changes.html").read_text()


@pytest.mark.parametrize(
    ("edition", "place", "figure", "sentence", "why"),
    [
        ("2", "Kent", "| Offences, Kent, 2015/16 | 212 | 215 |", "215 cyber-flagged", "Kent gave another figure"),
        ("3", "Surrey", "| Offences, Surrey, 2015/16 | 72 | 70 |", "70 cyber-flagged", "a reviewer settled Surrey"),
    ],
)
def test_erratum_lists_figure_sentence_page_and_release(
    moving: Path, edition: str, place: str, figure: str, sentence: str, why: str
) -> None:
    text = (moving / "published" / edition / "errata" / f"edition-{edition}.md").read_text()
    assert text.startswith(f"# Correction: Cyber-flagged sexual offences, edition {edition}, ")
    row = next(line for line in text.splitlines() if line.startswith(figure))
    assert why in row
    assert f"Now: {place}: {sentence}" in text
    assert f"- {place}: authorities/{place.lower()}.html, releases/{place.lower()}.html" in text
    # The whole's total moved too, and stands on the first page and in the bulletin.
    assert "- England and Wales: index.html, releases/bulletin.html" in text
    assert "Dorset" not in text.partition("## Pages and releases")[0].partition("## Sentences")[0]


def test_page_keeps_the_whole_history_and_marks_the_corrected_release(moving: Path) -> None:
    site = moving / "build" / "site"
    page = (site / "changes.html").read_text()
    assert page.index('id="edition-3"') < page.index('id="edition-2"')
    assert "Corrected" in (site / "authorities" / "kent.html").read_text()
    assert (
        "Corrected in edition 2, 8 June 2017. The erratum lists what changed."
        in (moving / "build" / "releases" / "kent.md").read_text()
    )
    assert "Corrected" not in (moving / "build" / "releases" / "essex.md").read_text()


def test_a_build_after_publishing_gives_the_published_bytes(moving: Path) -> None:
    before = list_bytes(moving / "published" / "3")
    assert build_survey(moving).changed == ()
    assert list_bytes(moving / "build") == before
    _, kept = publish_survey(moving, now=MOMENTS[3])
    assert kept == moving / "published" / "3"
    assert json.loads((moving / "build" / "changes.json").read_text())["edition"] == "3"


def test_published_editions_are_an_input_of_the_build(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "survey")
    before = store.hash_inputs(folder)
    publish_survey(folder, now=MOMENTS[0])
    assert store.hash_inputs(folder) != before


def test_an_answer_alone_makes_an_edition_that_changes_nothing(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "survey")
    publish_survey(folder, now=MOMENTS[0])
    done = CliRunner().invoke(main, ["reply-pack", str(folder), "kent", "--record", "confirm", "--on", "2017-06-05"])
    assert done.exit_code == 0
    _, kept = publish_survey(folder, now=MOMENTS[1])
    assert kept == folder / "published" / "2"
    changes = json.loads((folder / "build" / "changes.json").read_text())
    assert (changes["edition"], changes["after"], changes["differences"]) == ("2", "1", [])
    assert "confirmed these figures on 5 June 2017" in (folder / "build" / "releases" / "kent.md").read_text()


def test_embargoed_survey_reaches_published_only_at_its_moment(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "survey", "embargo_until = 2017-06-08T10:00:00+01:00")
    for now in (MOMENTS[0], MOMENTS[1] - timedelta(microseconds=1)):
        built, kept = publish_survey(folder, now=now)
        assert kept == folder / "embargoed" / "1"
        assert built.n_errors == 0
        assert not (folder / "published").exists()
    line = "Not for publication before 10:00 on Thursday 8 June 2017 (UTC+1)."
    releases = sorted((folder / "build" / "releases").glob("*.md"))
    assert len(releases) > 5
    assert all(line in path.read_text() for path in releases)
    assert line in (folder / "build" / "site" / "index.html").read_text()
    _, kept = publish_survey(folder, now=MOMENTS[1])
    assert kept == folder / "published" / "1"
    assert json.loads((kept / "changes.json").read_text())["published"] == "2017-06-08T09:00:00+00:00"
    # The site no longer warns; a release keeps its line, as press releases do.
    assert line not in (kept / "site" / "index.html").read_text()
    assert line in (kept / "releases" / "kent.md").read_text()


def test_publishing_an_embargo_without_an_end_is_refused(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "survey", 'embargo = "Not before June"')
    done = CliRunner().invoke(main, ["publish", str(folder)])
    assert done.exit_code == 2
    assert "no moment at which it ends" in done.output
    assert not (folder / "published").exists()


def test_a_name_that_is_taken_leaves_everything_as_it_was(moving: Path) -> None:
    before = list_bytes(moving / "build")
    done = CliRunner().invoke(main, ["publish", str(moving), "--edition", "2"])
    assert done.exit_code == 2
    assert "is published already" in done.output
    assert list_bytes(moving / "build") == before


def test_a_survey_with_withheld_counts_can_be_published_again(tmp_path: Path) -> None:
    # What one edition withheld is in its totals all the same; the gate took those for contradictions once.
    folder = tmp_path / "simulated"
    assert CliRunner().invoke(main, ["simulate", str(folder), "--authorities", "8", "--seed", "3"]).exit_code == 0
    built, kept = publish_survey(folder, now=MOMENTS[0], protect=True)
    assert (built.n_errors, kept) == (0, folder / "published" / "1")
    assert built.withheld
    built, kept = publish_survey(folder, now=MOMENTS[1], protect=True)
    assert built.n_errors == 0
    assert kept
    assert json.loads((kept / "changes.json").read_text())["differences"] == []
