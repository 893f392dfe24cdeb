"""A helpline's own export becomes tables in which no small number can be worked out, whatever the counts are."""

import json
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable import store
from answerable.cli import main
from answerable.errors import SurveyError
from answerable.line import build_survey
from answerable.standards.helpline import SMALL, count_contacts, protect_column, write_reply

SURVEY = store.read_survey(store.BUNDLED / "helpline")
EXPORT = """Contact,Date,Main theme,Age
1,2026-01-05,Grooming,13
2,2026-02-05,Cyberbullying,12
3,2026-03-31,grooming,Unknown
4,2026-04-01,Other,17
5,2025-12-31,Other,17
"""


def list_solutions(shown: dict[str, str], total: int) -> dict[str, set[int]]:
    """Every value that each withheld cell could have, as a reader who adds up would find, by trying all."""
    hidden = [code for code, text in shown.items() if not text.isdigit()]
    left = total - sum(int(text) for text in shown.values() if text.isdigit())
    ranges = [range(SMALL) if shown[code].startswith("<") else range(SMALL, left + 1) for code in hidden]
    found: dict[str, set[int]] = {code: set() for code in hidden}
    for values in product(*ranges):
        if sum(values) == left:
            for code, value in zip(hidden, values, strict=True):
                found[code].add(value)
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 14), min_size=2, max_size=5))
def test_no_small_count_can_be_narrowed(counts: list[int]) -> None:
    column = {f"c{number}": count for number, count in enumerate(counts)}
    shown = protect_column(column)
    for code, count in column.items():
        if shown[code].isdigit():
            assert int(shown[code]) == count
            assert count == 0 or count >= SMALL or not any(text.startswith("<") for text in shown.values())
        elif shown[code].startswith("<"):
            assert 0 < count < SMALL
    if all(text == "*" for text in shown.values()):
        return
    for code, values in list_solutions(shown, sum(counts)).items():
        assert len(values) >= SMALL, code
        assert column[code] in values


@given(st.lists(st.sampled_from([0, 5, 9, 30]), min_size=1, max_size=6))
def test_nothing_is_withheld_without_a_reason(counts: list[int]) -> None:
    column = {str(number): count for number, count in enumerate(counts)}
    assert protect_column(column) == {code: str(count) for code, count in column.items()}


def test_contacts_are_counted_by_quarter_theme_and_age() -> None:
    counts = count_contacts(EXPORT, SURVEY, "export.csv")
    assert counts[""] == {"Jan-Mar 2026": {"": 3}, "Apr-Jun 2026": {"": 1}}
    assert counts["theme"]["Jan-Mar 2026"] == {"grooming": 2, "bullying": 1}
    assert counts["age-band"]["Jan-Mar 2026"] == {"12-15": 2, "unknown": 1}
    # Three contacts in a quarter: nothing of it may be shown but that.
    files = write_reply(counts, SURVEY)
    assert files["contacts.csv"] == ",January to March 2026,April to June 2026\nContacts,<5,<5\n"
    assert set("".join(files["contacts-by-theme.csv"].splitlines()[2].split(",")[1:])) == {"*"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Cyberbullying", "Gaming", 'export.csv, line 3: "Gaming" is no category of Theme'),
        ("2026-02-05", "5 Feb", 'line 3: "5 Feb" is no day'),
        (",13\n", ",\n", 'line 2: "" is no category of Age of the child'),
        (",13\n", ",44\n", 'line 2: "44" is no category'),
        ("Main theme", "Topic", "has no column for theme"),
    ],
)
def test_what_is_not_known_stops_the_work(old: str, new: str, message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        count_contacts(EXPORT.replace(old, new), SURVEY, "export.csv")


def test_the_command_files_a_reply_and_the_survey_builds_without_a_leak(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(main, ["new", str(tmp_path / "mine"), "--from", "helpline"]).exit_code == 0
    folder = store.copy_survey("helpline", tmp_path / "copy")
    for path in (folder / "replies" / "quiet").glob("*.csv"):
        path.unlink()
    export = tmp_path / "own.csv"
    export.write_text(EXPORT.replace("Main theme", "Topic") + "6,2026-05-01,Wellbeing,15\n" * 30)
    args = ["standards", "helpline", str(export), "--survey", str(folder), "--helpline", "quiet"]
    assert run(main, args).exit_code == 2
    done = run(main, [*args, "--column", "theme=Topic", "--json"])
    assert len(json.loads(done.stdout)["files"]) == 3
    assert run(main, [*args, "--column", "theme=Topic"]).exit_code == 2, "a reply is never written over"
    built = build_survey(folder, workers=1, protect=True)
    assert built.n_errors == 0


@pytest.mark.parametrize("name", ["helpline", "officer-training"])
def test_a_sibling_survey_is_published_with_nothing_further_withheld(name: str, tmp_path: Path) -> None:
    folder = store.copy_survey(name, tmp_path / "copy")
    done = CliRunner().invoke(main, ["publish", str(folder), "--json"])
    assert done.exit_code == 0, done.output
    assert (folder / "published" / "1" / "releases" / "bulletin.md").is_file()
    findings = (folder / "build" / "findings.csv").read_text()
    assert ",error," not in findings
    assert "withheld" not in findings
