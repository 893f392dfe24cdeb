"""Right of reply: the pack an authority gets, what it answers, and where that is shown."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from answerable import store
from answerable.cli import main
from answerable.errors import AnswerableError, StoreError
from answerable.model import Answer
from answerable.publish import render_edition, render_reply_pack
from answerable.stories import parse_answers, prepare_ground, tell_answer, write_answer
from small_edition import find_observation, make_edition, make_replies, make_survey

KENT = frozenset({"kent"})
SENT = Answer(authority="durham", answer="sent", on=date(2017, 5, 3), due=date(2017, 5, 17))


def tell(*answers: Answer) -> list[str]:
    ground = prepare_ground(make_survey(), make_replies(), (), answers)
    authority = next(item for item in ground.survey.authorities if item.id == "durham")
    return [sentence.text for sentence in tell_answer(ground, authority)]


def answer(kind: str, day: int, said: str = "") -> Answer:
    return Answer(authority="durham", answer=kind, on=date(2017, 5, day), said=said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ((), None),
        ((SENT,), "Durham was sent these figures on 3 May 2017 and asked to confirm or correct them by 17 May 2017."),
        ((SENT, answer("confirm", 9)), "Durham was sent these figures on 3 May 2017 and confirmed them on 9 May 2017."),
        (
            (SENT, answer("correct", 9, "a month is missing.")),
            "Durham was sent these figures on 3 May 2017 and asked for a correction on 9 May 2017: a month is missing.",
        ),
        (
            (SENT, answer("no_answer", 17)),
            "Durham was sent these figures on 3 May 2017 and had not answered by 17 May 2017.",
        ),
        ((answer("confirm", 9),), "Durham confirmed these figures on 9 May 2017."),
        # Sent again: the answer was about the figures before.
        (
            (answer("confirm", 2), replace(SENT, due=None)),
            "Durham was sent these figures on 3 May 2017 and asked to confirm or correct them.",
        ),
    ],
)
def test_what_became_of_it_in_words(answers: tuple[Answer, ...], text: str | None) -> None:
    assert tell(*answers)[:1] == ([text] if text else [])


def test_a_reply_after_the_answer_is_said() -> None:
    # The reply came on 2 May 2017.
    assert tell(replace(SENT, on=date(2017, 4, 20)), replace(SENT, answer="confirm", on=date(2017, 4, 28)))[1:] == [
        "A further reply was received on 2 May 2017, after that answer."
    ]


def test_answers_are_shown_on_the_page_and_in_the_notes_of_every_release() -> None:
    edition = replace(make_edition(), answers=(SENT, answer("confirm", 9)))
    built = dict(render_edition(edition))
    for name in ("site/authorities/durham.html", "releases/durham.md", "releases/durham.html"):
        assert "confirmed them on 9 May 2017" in built[name].decode(), name
    assert "Answers: 1 confirmed." in built["releases/bulletin.md"].decode()
    assert "confirmed them on" not in built["releases/lincolnshire.md"].decode()


def test_letter_and_workbook_name_each_figure_with_its_cell() -> None:
    files = render_reply_pack(make_edition(), "lincolnshire", date(2017, 6, 20))
    letter = files["letter.md"].decode()
    assert '| 2016/17 | all | 58 | 58 | lincolnshire/reply.xlsx, sheet "Q1", C2 |' in letter
    assert "by 20 June 2017" in letter
    assert "a fall of 54 (48%)" in letter
    sheet = openpyxl.load_workbook(io.BytesIO(files["figures.xlsx"]))["Figures"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[2][2:6] == ["2016/17", "all", "58", "58"]
    assert rows[2][7:11] == [
        "lincolnshire/reply.xlsx",
        'sheet "Q1"',
        "C2",
        find_observation("lincolnshire", "2016/17").id,
    ]
    assert files == render_reply_pack(make_edition(), "lincolnshire", date(2017, 6, 20))


def test_pack_never_prints_the_bounds_of_what_was_withheld() -> None:
    files = render_reply_pack(make_edition(), "surrey", None)
    table = files["letter.md"].decode().partition("## The figures as read")[2]
    assert "46 and under 5 more" in table
    assert "withheld by you" in table
    assert "52" not in table


def test_a_cell_that_looks_like_a_formula_stays_text() -> None:
    edition = make_edition()
    changed = tuple(
        replace(item, original_value="=HYPERLINK(1)") if item.authority == "durham" else item
        for item in edition.observations
    )
    files = render_reply_pack(replace(edition, observations=changed), "durham", None)
    sheet = openpyxl.load_workbook(io.BytesIO(files["figures.xlsx"]))["Figures"]
    assert sheet["E2"].value == "=HYPERLINK(1)"
    assert sheet["E2"].data_type == "s"


def test_nothing_read_is_nothing_to_put_to_an_authority() -> None:
    with pytest.raises(StoreError, match="no figure was read"):
        render_reply_pack(make_edition(), "west-yorkshire", None)


@pytest.mark.parametrize("item", [SENT, answer("correct", 9, 'they said "two", or more'), answer("no_answer", 17)])
def test_a_recorded_line_reads_back(item: Answer) -> None:
    assert parse_answers(write_answer(item) + "\n", {"durham"}) == (item,)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "is not valid JSON"),
        ("[]", "does not have the keys"),
        ('{"authority":"kent","answer":"maybe","on":"2017-05-01","due":"","said":"","by":""}', "is no answer"),
        ('{"authority":"kent","answer":"sent","on":"","due":"","said":"","by":""}', "the day is missing"),
        ('{"authority":"kent","answer":"sent","on":"2017-13-01","due":"","said":"","by":""}', "is no date"),
        ('{"authority":"essex","answer":"sent","on":"2017-05-01","due":"","said":"","by":""}', "does not ask"),
    ],
)
def test_a_line_that_is_no_answer_is_named(line: str, message: str) -> None:
    with pytest.raises(AnswerableError, match=message):
        parse_answers(line, KENT)


def test_a_correction_becomes_a_decision_and_changes_the_figure(tmp_path: Path) -> None:
    folder = store.copy_survey("cyber-flag", tmp_path / "survey")
    run = CliRunner().invoke
    assert run(main, ["build", str(folder)]).exit_code == 0
    rows = (store.read_build(folder, "observations.csv") or b"").decode().splitlines()
    name = next(row for row in rows if ",lincolnshire," in row and ",2016/17," in row).partition(",")[0]
    wrong = run(main, ["reply-pack", str(folder), "kent", "--record", "correct", "--value", f"{name}=56"])
    assert wrong.exit_code == 2
    assert not (folder / "decisions.jsonl").exists()
    done = run(
        main,
        ["reply-pack", str(folder), "lincolnshire", "--record", "correct", "--on", "2017-07-03", "--by", "desk",
         "--value", f"{name}=56"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert run(main, ["build", str(folder)]).exit_code == 0
    release = (store.read_build(folder, "releases/lincolnshire.md") or b"").decode()
    assert "Lincolnshire: 56 cyber-flagged" in release
    assert "asked for a correction on 3 July 2017" in release


def test_the_pack_goes_where_no_edition_holds_it(tmp_path: Path) -> None:
    folder = store.copy_survey("cyber-flag", tmp_path / "survey")
    before = store.hash_inputs(folder)
    done = CliRunner().invoke(main, ["reply-pack", str(folder), "wiltshire"])
    assert done.exit_code == 0, done.output
    own = folder / "private" / "right-of-reply" / "wiltshire"
    assert sorted(path.name for path in own.iterdir()) == ["figures.xlsx", "letter.docx", "letter.md"]
    assert (folder / "private" / ".gitignore").read_text() == "*\n"
    assert store.hash_inputs(folder) == before
