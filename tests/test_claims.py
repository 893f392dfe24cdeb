"""Numbers in prose, what they claim, and whether the figures bear them out."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from claims_world import make_world, read_register
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.claims import TYPES, VERDICTS, check_itself, check_releases, check_text, make_topic
from answerable.claims.articles import read_article
from answerable.claims.compare import AGREES, ORDER, compare_interval, compare_value
from answerable.claims.grammar import find_statements
from answerable.claims.numbers import find_numbers, parse_number
from answerable.claims.report import SIGNS, TONES, cut_text, list_rows, write_page
from answerable.claims.rows import find_cells
from answerable.claims.sentences import lower_text, prepare_text, split_sentences
from answerable.claims.series import read_published
from answerable.claims.statement import Statement
from answerable.cli import main
from answerable.errors import UnreadableDocument
from answerable.model import Claim

CLAIMS = Path(__file__).resolve().parent.parent / "bench" / "claims"
WORLDS = {path.stem: make_world(json.loads(path.read_text())) for path in sorted(CLAIMS.glob("world-*.json"))}
SURVEY, FIGURES = WORLDS["world-cyber-flag"]
REGISTER = read_register()


def check(text: str) -> dict[str, str]:
    return {claim.text.lower(): claim.verdict for claim in check_text(text, FIGURES, SURVEY)}


def check_alone(text: str) -> dict[str, str]:
    return {claim.text.lower(): claim.verdict for claim in check_itself(text, REGISTER)}


@pytest.mark.parametrize(
    ("text", "value", "place"),
    [
        ("5,653", 5653, 1),
        ("5600", 5600, 1),
        ("2.3 million", 2_300_000, 100_000),
        ("1.5k", 1500, 100),
        ("nine", 9, 1),
        ("twenty-one", 21, 1),
        ("a dozen", 12, 1),
        ("half a dozen", 6, 1),
        ("two hundred and six", 206, 1),
        ("three thousand four hundred", 3400, 100),
        ("44.80", Fraction("44.8"), Fraction(1, 100)),
    ],
)
def test_number_in_digits_or_words(text: str, value: float, place: float) -> None:
    assert parse_number(text) == (Fraction(value), Fraction(place))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("44% and 44 per cent and 44pc", [("44%", "percent"), ("44 per cent", "percent"), ("44pc", "percent")]),
        (
            "a third of, two-thirds of, half of",
            [("a third", "fraction"), ("two-thirds", "fraction"), ("half", "fraction")],
        ),
        ("between 10 and 20 offences", [("between 10 and 20", "")]),
        ("10–15 offences", [("10–15", "")]),
        # a spaced dash is a dash of the sentence, not a range
        ("under 11 - 8,282 of them", [("11", ""), ("8,282", "")]),
        ("5 percentage points", [("5 percentage points", "points")]),
    ],
)
def test_numbers_of_a_text(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[n.start : n.end], n.unit) for n in find_numbers(text)] == found


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("offences rose by 44 per cent", [("change_pct", "44 per cent", 1)]),
        ("44% of offences were recorded there", [("share", "44%", 0)]),
        ("the share rose to 44%", [("share", "44%", 0)]),
        ("a fall of 18%", [("change_pct", "18%", -1)]),
        ("up by more than a third", [("change_pct", "more than a third", 1)]),
        ("one in five victims", [("share", "one in five", 0)]),
        ("a third party was told", []),
        ("offences have more than doubled", [("multiple", "more than doubled", 1)]),
        ("a double-decker bus", []),
        ("a four-fold increase", [("multiple", "four-fold", 1)]),
        ("an average of 15 a day", [("average", "15 a day", 0)]),
        ("a crime every ten minutes", [("average", "every ten minutes", 0)]),
        ("more than one offence every hour", [("average", "more than one offence every hour", 0)]),
        ("figures from 39 of the 43 police forces", [("count_of_forces", "39", 0), ("count_of_forces", "43", 0)]),
        ("13 more offences than before", [("change_abs", "13", 1)]),
        ("a rise of 13", [("change_abs", "13", 1)]),
        ("a total of more than 5,600 offences", [("threshold", "more than 5,600", 0)]),
        ("the most common age was 13", [("mode", "13", 0)]),
        ("children as young as three", [("minimum", "three", 0)]),
        ("the oldest victim was 17", [("maximum", "17", 0)]),
        ("the second highest number in wales", [("rank", "second highest number", 0)]),
        ("the number hit a record high", [("rank", "record high", 0)]),
        ("almost four times the national rise", [("comparison", "almost four times", 1)]),
        ("up 5 percentage points", [("percentage_points", "5 percentage points", 1)]),
        ("72 offences, up from 59", [("total", "72", 0), ("total", "59", 0)]),
    ],
)
def test_statement_types(sentence: str, expected: list[tuple[str, str, int]]) -> None:
    found = find_statements(sentence)
    assert [(s.type, sentence[s.start : s.end], s.direction) for s in found] == expected


def make_statement(value: float, *, form: str = "percent", hedge: str = "", place: float = 1) -> Statement:
    return Statement(
        type="change_pct",
        start=0,
        end=1,
        form=form,
        value=Fraction(value),
        place=Fraction(place),
        coarse=Fraction(place),
        hedge=hedge,
    )


@pytest.mark.parametrize(
    ("value", "hedge", "form", "truth", "verdict"),
    [
        (44, "", "percent", "44.84", "truncates_only"),
        (45, "", "percent", "44.84", "rounds"),
        (46, "", "percent", "44.84", "contradicted"),
        (15, "", "rate", "15.49", "rounds"),
        (5, "", "rate", "5.84", "truncates_only"),
        (5, "more_than", "rate", "5.84", "supported"),
        (100, "more_than", "rate", "105.7", "supported"),
        (2, "more_than", "verb", "2.016", "supported"),
        (2, "more_than", "verb", "1.995", "overstated"),
        (2, "", "verb", "2.03", "rounds"),
        (2, "", "verb", "1.51", "contradicted"),
        (3, "nearly", "verb", "2.64", "overstated"),
        (2, "nearly", "verb", "1.87", "supported"),
        (2, "nearly", "verb", "2.23", "contradicted"),
        (60, "nearly", "percent", "59.3", "supported"),
        (1, "just_over", "percent", "1.53", "understated"),
        (70, "about", "percent", "69.1", "supported"),
    ],
)
def test_hedges_and_rounding(value: int, hedge: str, form: str, truth: str, verdict: str) -> None:
    assert compare_value(make_statement(value, form=form, hedge=hedge), Fraction(truth)) == verdict


def test_a_third_says_too_little_of_44_per_cent() -> None:
    third = replace(make_statement(1, form="fraction", hedge="more_than", place=0), value=Fraction(1, 3))
    assert compare_value(third, Fraction("0.4484")) == "understated"
    assert compare_value(replace(third, hedge=""), Fraction("0.359")) == "rounds"


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_a_percentage_rounded_half_up_always_passes(numerator: int, denominator: int) -> None:
    truth = Fraction(numerator, denominator)
    rounded = (truth * 10 + Fraction(1, 2)).__floor__()
    statement = make_statement(1, place=1)
    statement = replace(statement, value=Fraction(rounded, 10), place=Fraction(1, 10), coarse=Fraction(1, 10))
    assert compare_value(statement, truth) in {"supported", "rounds"}


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(0, 200), st.integers(0, 700))
def test_an_interval_never_settles_what_its_ends_dispute(low: int, width: int, stated: int) -> None:
    statement = replace(make_statement(1, form="number"), value=Fraction(stated))
    verdict = compare_interval(statement, Fraction(low), Fraction(low + width))
    singles = {compare_value(statement, Fraction(value)) in AGREES for value in range(low, low + width + 1)}
    if verdict == "contradicted":
        assert True not in singles
    if verdict == "supported":
        assert False not in singles


@settings(deadline=None)
@given(st.text(max_size=200))
def test_preparing_keeps_every_offset(text: str) -> None:
    assert len(lower_text(prepare_text(text))) == len(text)
    for sentence in split_sentences(text):
        assert 0 <= sentence.start < sentence.end <= len(text)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from("5,653 offences 44% rose Kent 2016/17 from to a third in . , one every ten minutes".split()),
        max_size=25,
    )
)
def test_every_claim_quotes_its_span_and_speaks_the_vocabulary(words: list[str]) -> None:
    text = " ".join(words)
    for claim in (*check_text(text, FIGURES, SURVEY), *check_itself(text)):
        assert claim.text == text[claim.span[0] : claim.span[1]]
        assert claim.verdict in VERDICTS
        assert claim.type in TYPES
        if claim.verdict == "supported":
            assert claim.bound_to


@pytest.mark.parametrize("path", sorted(CLAIMS.glob("nonclaims-*.json")), ids=lambda path: path.stem)
def test_a_number_that_is_no_claim_is_not_reported(path: Path) -> None:
    reported = []
    for item in json.loads(path.read_text()):
        start = item["text"].index(item["number"])
        end = start + len(item["number"])
        claims = (*check_text(item["text"], FIGURES, SURVEY), *check_itself(item["text"], REGISTER))
        if any(claim.span[0] < end and start < claim.span[1] for claim in claims):
            reported.append(item["text"])
    assert reported == []


def test_kinds_of_wrong_are_told_apart() -> None:
    found = check(
        "Kent Police saw a 573% rise, to 361 offences in 2016/17 from 63 in 2015/16. "
        "Lincolnshire Police saw a rise of 48% in 2016/17. Essex Police recorded 105 offences in 2016/17. "
        "In Wiltshire there were 44 offences in 2016/17."
    )
    assert found["573%"] == "ratio_as_rise"
    assert found["48%"] == "reverses"
    assert found["105"] == "contradicted"
    assert found["44"] == found["361"] == found["63"] == "supported"


def test_a_verb_may_be_wrong_where_its_number_is_right() -> None:
    assert check("Offences in Lincolnshire rose to 58 in 2016/17.") == {"rose to 58": "reverses", "58": "supported"}


def test_what_cannot_be_bound_is_never_true() -> None:
    found = check(
        "In Bolton there were 650 offences. East Sussex had 46 offences. Officers made 72 arrests in Northamptonshire. "
        "Childline held 323 counselling sessions. In 2011/12 Kent Police recorded 361 offences of burglary."
    )
    assert set(found.values()) == {"not_checkable"}


def test_an_edition_that_bears_a_number_out_is_named() -> None:
    claims = check_text("Northumbria Police recorded 170 offences in 2015/16.", FIGURES, SURVEY)
    assert [(c.verdict, c.bound_to) for c in claims] == [("supported", ("reference/northumbria-2015-16-restated",))]
    assert "edition published 2016-06" in claims[0].explanation


def test_editions_and_authorities_are_not_mixed() -> None:
    found = check("Across England and Wales 5,653 offences were recorded in 2016/17, up 40% from 4,042 in 2015/16.")
    assert found["40%"] == "not_like_for_like"


def test_suppressed_counts_are_intervals() -> None:
    survey, figures = make_world(
        {
            "survey": "cyber-flag",
            "totals": {"kent": {"2015/16": 63}},
            "suppressed": {"kent": {"2016/17": [1, 4]}, "surrey": {"2015/16": [100, 104], "2016/17": [203, 204]}},
        }
    )
    claims = check_text(
        "Kent Police recorded 3 offences in 2016/17. Kent Police recorded 12 offences in 2016/17. "
        "In Surrey the number rose 100% from 2015/16 to 2016/17. "
        "In Surrey it more than trebled from 2015/16 to 2016/17.",
        figures,
        survey,
    )
    assert [claim.verdict for claim in claims] == ["suppressed", "contradicted", "undecided", "contradicted"]


def test_a_share_of_what_is_known_is_not_a_share_of_all() -> None:
    survey, figures = WORLDS["world-grooming"]
    text = "Police across the UK recorded 7,062 offences in 2023/24. Snapchat was used in 48% of them."
    assert {c.text: c.verdict for c in check_text(text, figures, survey)}["48%"] == "wrong_base"
    known = "Where the platform was known, Snapchat was used in 48% of the UK's offences in 2023/24."
    assert {c.text: c.verdict for c in check_text(known, figures, survey)}["48%"] == "rounds"


def test_a_text_against_itself() -> None:
    found = check_alone(
        "Northamptonshire Police recorded 72 offences, up from 59 the year before, a rise of 22%. "
        "The four forces recorded 565 in total: Lancashire 175, Greater Manchester 296, Merseyside 70 and Cheshire 25."
    )
    assert found["22%"] == "rounds"
    assert found["565"] == "contradicted"
    assert check_alone("Offences rose from 72 to 59.")["72 to 59"] == "reverses"
    assert check_alone("There were 5,653 offences in a year, or 15 a day.")["15 a day"] == "rounds"


def test_a_release_that_the_figures_contradict_is_an_error() -> None:
    text = "Northamptonshire Police recorded 72 offences in 2016/17, a rise of 22%.\n\nIt made 14 arrests in 2016/17."
    topic = make_topic(SURVEY, FIGURES)
    right = check_releases({"releases/a.md": text}, topic)
    assert (right.texts, right.verdicts, right.findings) == (
        1,
        (("not_checkable", 1), ("rounds", 1), ("supported", 1)),
        (),
    )
    assert right.unchecked == (("14", "It made 14 arrests in 2016/17."),)
    wrong = check_releases({"releases/a.md": text.replace("22%", "27%")}, topic)
    assert [(f.check, f.severity) for f in wrong.findings] == [("claim-contradicted", "error")]
    assert wrong.findings[0].message.startswith('releases/a.md: "27%" in "Northamptonshire Police recorded 72')


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("5653", (5653, 5653)),
        ("5,653", (5653, 5653)),
        ("nearly 100", (90, 99)),
        ("more than 3,000", (3001, None)),
        ("about 74", (Fraction(703, 10), Fraction(777, 10))),
        ("n/a", None),
    ],
)
def test_published_values(text: str, bounds: tuple[float, float | None] | None) -> None:
    assert read_published(text) == bounds


def test_page_marks_every_claim_and_needs_nothing_from_outside() -> None:
    text = "Kent Police saw a 573% rise.\n\nIt <b>rose</b> to 361 offences."
    claims = check_text(text, FIGURES, SURVEY)
    page = write_page("a.txt", text, claims, FIGURES, SURVEY).decode()
    assert "".join(piece for paragraph in cut_text(text, claims) for piece, _ in paragraph).replace(
        "\n", ""
    ) == text.replace("\n", "")
    assert "&lt;b&gt;" in page
    assert "ratio as rise" in page
    assert "<script" not in page and "url(" not in page and "<link" not in page and "src=" not in page


def test_every_verdict_has_a_sign_and_an_order() -> None:
    assert set(SIGNS) == set(TONES) == set(VERDICTS) == set(ORDER)


def test_rows_say_what_a_claim_was_bound_to() -> None:
    text = "England and Wales police recorded 5,653 offences in 2016/17."
    row = list_rows("a.txt", check_text(text, FIGURES, SURVEY), FIGURES, SURVEY)[0]
    assert list(row) == [
        "file",
        "start",
        "end",
        "text",
        "type",
        "stated",
        "bound_to",
        "computed",
        "verdict",
        "explanation",
    ]
    assert row["bound_to"][0]["authorities"] == 39
    assert row["bound_to"][0]["edition"] == "published 2017-06-01"


def test_command_checks_a_text_against_itself(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.md"
    good.write_text("Offences rose from 59 to 72, a rise of 22%.")
    bad.write_text("Offences rose from 59 to 72, a rise of **27%**.")
    run = CliRunner().invoke(main, ["claims", "--self", str(good), "--json"])
    assert run.exit_code == 0
    assert [row["verdict"] for row in json.loads(run.stdout)] == ["not_checkable", "not_checkable", "rounds"]
    run = CliRunner().invoke(main, ["claims", "--self", str(tmp_path), "--html", str(tmp_path / "pages")])
    assert run.exit_code == 1
    assert "27%" in run.stdout
    assert len(list((tmp_path / "pages").glob("*.html"))) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["claims", "--self", "nowhere.txt"], "there is no such file or folder"),
        (["claims", "nowhere"], "Name a survey and at least one file"),
        (["claims", "nowhere", "tests/test_claims.py"], "there is no such folder"),
    ],
)
def test_wrong_use_says_what_next(arguments: list[str], message: str) -> None:
    run = CliRunner().invoke(main, arguments)
    assert run.exit_code == 2
    assert message in run.stderr


def test_articles_in_other_formats() -> None:
    html = b"<html><body><h1>Rise</h1><p>Offences rose from 59 to 72.</p><p>That is 22%.</p></body></html>"
    [(name, text)] = read_article("a.html", html)
    assert name == "a.html"
    assert "Offences rose from 59 to 72." in text.split("\n\n")
    with pytest.raises(UnreadableDocument):
        read_article("a.docx", b"")


def test_claims_are_the_same_every_time() -> None:
    text = " ".join(item["text"] for item in json.loads((CLAIMS / "real-developed.json").read_text()))
    first: tuple[Claim, ...] = check_text(text, FIGURES, SURVEY)
    assert first == check_text(text, FIGURES, SURVEY)
    assert list(first) == sorted(first, key=lambda claim: claim.span)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kent (361), Staffordshire (374) and Wiltshire (44) sent figures for 2016/17.", {"361", "374", "44"}),
        ("Staffordshire: 225 to 374.", {"225", "374"}),
        ("Essex and Sussex recorded 101 and 46 offences respectively in 2016/17.", {"101", "46"}),
        ("Together, Kent and Sussex recorded 407 offences in 2016/17.", {"407"}),
        ("Over the two years Northumbria recorded 421 offences: 98 and then 323.", {"421", "98", "323"}),
        ("| Force | 2015/16 | 2016/17 |\n|---|---|---|\n| Kent | 63 | 361 |\n", {"63", "361"}),
        ("Force\t2015/16\t2016/17\nStaffordshire\t225\t374\n", {"225", "374"}),
        ("Kent climbed to 361 in 2016/17, from 63.", {"361", "63"}),
    ],
)
def test_counts_that_no_words_stand_by(text: str, expected: set[str]) -> None:
    found = {claim.text: claim.verdict for claim in check_text(text, FIGURES, SURVEY)}
    assert {text for text, verdict in found.items() if verdict == "supported"} >= expected
    assert "contradicted" not in found.values()


@pytest.mark.parametrize(
    "text",
    [
        "Essex and Sussex recorded 46 and 101 offences respectively in 2016/17.",
        "| Force | 2015/16 | 2016/17 |\n|---|---|---|\n| Kent | 361 | 63 |\n",
        "Staffordshire: 374 to 225.",
        "Kent climbed to 63 in 2016/17, from 361.",
        "Together, Kent and Sussex recorded 417 offences in 2016/17.",
    ],
)
def test_counts_in_each_others_place_are_refuted(text: str) -> None:
    assert {claim.verdict for claim in check_text(text, FIGURES, SURVEY)} & {"contradicted", "reverses"}


def test_an_average_is_held_to_the_edition_of_its_count() -> None:
    survey, figures = make_world({"survey": "cyber-flag", "totals": {"": {"2016/17": 3455}}})

    def judge(text: str) -> str:
        return next(c.verdict for c in check_text(text, figures, survey) if "a day" in c.text)

    printed = "England and Wales had 5,653 offences in 2016/17, {} a day."
    assert judge(printed.format(15)) == judge("England and Wales had 9 offences a day in 2016/17.") == "rounds"
    assert judge(printed.format(9)) == "contradicted"


def test_rows_of_a_table_have_their_label_and_heading() -> None:
    cells = find_cells("Force | 2015/16 | change\n--- | --- | ---\nKent | 63 | +473%\nEssex | 1,066 | -5%\n")
    assert [(cell.label, cell.heading, cell.sign, cell.percent) for cell in cells] == [
        ("Kent", "2015/16", 0, False),
        ("Kent", "change", 1, True),
        ("Essex", "2015/16", 0, False),
        ("Essex", "change", -1, True),
    ]
    assert find_cells("One line\twith a tab.") == ()


def test_the_page_of_help_has_every_verdict_and_type() -> None:
    text = (Path(__file__).resolve().parent.parent / "docs" / "how-to-check-an-article.md").read_text()
    for name, words in (VERDICTS | TYPES).items():
        assert f"| {name.replace('_', ' ')} | {words} |" in text
