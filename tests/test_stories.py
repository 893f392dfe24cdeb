"""Sentences say what their figures bear: direction, numbers before percentages, chance, ranges and silences."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.model import Authority, Figure, Reference, Reply, Sentence
from answerable.stories import Ground, Story, check_stories, prepare_ground, tell_stories, tell_story
from answerable.stories.wording import (
    name_place,
    name_subject,
    write_chance,
    write_iso_date,
    write_list,
    write_number,
    write_percent,
)
from small_edition import (
    CHANCE,
    NOW,
    THEN,
    make_edition,
    make_figure,
    make_figures,
    make_refusal,
    make_replies,
    make_survey,
)

UNBORNE = re.compile(
    r"\b(sharp\w*|soar\w*|surg\w*|record (high|low|number)|plummet\w*|sky\w*|committed|epidemic)\b", re.I
)


def make_ground(*more: Figure, replies: tuple[Reply, ...] | None = None, **survey: object) -> Ground:
    return prepare_ground(make_survey(**survey), replies or make_replies(), (*more, *make_figures()))


def list_texts(story: Story) -> list[str]:
    return [item.text for item in list_all(story)]


def list_all(story: Story) -> list[Sentence]:
    return [story.headline, *story.lead, *story.context, *story.published, *story.coverage, *story.caveats]


def test_northamptonshire_release_says_what_was_asked_of_it() -> None:
    text = " ".join(list_texts(tell_story(make_ground(), "northamptonshire")))
    for words in (
        "72 cyber-flagged sexual offences against under-18s were recorded by police in Northamptonshire in 2016/17",
        "compared with 59 the year before (2015/16), a rise of 13 (22%)",
        "within what chance alone would give (exact test, p = 0.26)",
        "the published total for 2016/17 is 5,653 cyber-flagged sexual offences against under-18s from 39 forces",
        "about 15 a day",
        "most common age in the published figures was 13",
        "Nearly 100 of the published offences were against children aged ten and under",
        "youngest victim in the published figures was aged 3",
        "published by nspcc.org.uk, 1 June 2017",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("where", "kinds"),
    [
        ("northamptonshire", ["rose", "within_chance"]),
        ("lincolnshire", ["fell", "beyond_chance"]),
        ("wiltshire", ["rose", "beyond_chance"]),
        # No figure for the year before: a level, and why there is no change.
        ("durham", ["level", "first_figure"]),
        # Suppressed cells in the reply: a range.
        ("surrey", ["range", "first_figure"]),
        ("west-yorkshire", ["silent_waiting_response"]),
    ],
)
def test_the_data_choose_the_sentence(where: str, kinds: list[str]) -> None:
    assert [item.kind for item in tell_story(make_ground(), where).lead] == kinds


def test_local_release_leads_with_its_own_direction() -> None:
    story = tell_story(make_ground(), "lincolnshire")
    assert story.headline.text.endswith(
        "58 cyber-flagged sexual offences against under-18s in 2016/17, down from 112 in 2015/16"
    )
    assert "a fall of 54 (48%)" in story.lead[0].text


def test_no_percentage_from_a_small_base() -> None:
    story = tell_story(make_ground(), "wiltshire")
    assert "a rise of 34." in story.lead[0].text
    assert "%" not in story.lead[0].text
    assert "change_pct/wiltshire/2016-17" not in story.lead[0].figures


def test_suppressed_change_is_a_range() -> None:
    more = (
        make_figure("total", "surrey", 40, period=THEN),
        make_figure("change_abs", "surrey", None, low=6, high=12, base_period=THEN),
    )
    told = tell_story(make_ground(*more), "surrey").lead
    assert told[1].text == "From 2015/16 that is a rise of between 6 and 12, because small counts were suppressed."


def test_change_that_may_go_either_way_says_so() -> None:
    more = (
        make_figure("total", "surrey", 49, period=THEN),
        make_figure("change_abs", "surrey", None, low=-3, high=3, base_period=THEN),
    )
    told = tell_story(make_ground(*more), "surrey").lead
    assert "may have fallen by up to 3 or risen by up to 3" in told[1].text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("A new recording system.", "A new recording system"),
        ("flag not used", "the flag was not in use"),
        ("flag not used, text search", "the flag was not in use and the figures come from a search of free text"),
        ("counts crimes in 2015/16 and victims in 2016/17", "counts crimes in 2015/16 and victims in 2016/17"),
    ],
)
def test_break_gives_its_reason_and_no_change(reason: str, words: str) -> None:
    more = (
        make_figure("total", "durham", 100, period=THEN),
        make_figure("break", "durham", reason, base_period=THEN),
    )
    told = tell_story(make_ground(*more), "durham").lead
    assert told[1].text == f"The figure cannot be compared with 2015/16: {words}."


def test_refusal_names_its_section_and_law() -> None:
    replies = (*(reply for reply in make_replies() if reply.authority != "west-yorkshire"), make_refusal())
    text = tell_story(make_ground(replies=replies), "west-yorkshire").lead[0].text
    assert "refused the request under section 12 of the Freedom of Information Act 2000" in text


def test_little_change_and_no_change() -> None:
    figures = (
        make_figure("total", "durham", 190, period=THEN),
        make_figure("change_abs", "durham", 0, base_period=THEN),
        make_figure("change_pct", "durham", 0.0, base_period=THEN),
    )
    assert "the same number" in tell_story(make_ground(*figures), "durham").lead[0].text
    figures = (
        make_figure("total", "durham", 187, period=THEN),
        make_figure("change_abs", "durham", 3, base_period=THEN),
        make_figure("change_pct", "durham", 300 / 187, base_period=THEN),
        make_figure("p_value", "durham", 0.8, base_period=THEN),
    )
    assert "little changed: a rise of 3 (2%)" in tell_story(make_ground(*figures), "durham").lead[0].text


def test_restated_and_derived_references_stay_out_of_the_text() -> None:
    more = Reference(
        id="x", question="total", measure="total", authority=None, period=NOW, value="9999", n_answered=2, source="",
        published="", status="derived", note="",
    )  # fmt: skip
    ground = make_ground(references=(more,))
    assert all("9,999" not in text for story in tell_stories(ground) for text in list_texts(story))


def test_no_story_uses_a_word_that_no_test_bears() -> None:
    for story in tell_stories(make_ground()):
        assert [text for text in list_texts(story) if UNBORNE.search(text)] == []


def test_every_sentence_with_a_number_of_ours_names_its_figure() -> None:
    edition = make_edition()
    known = {figure.id for figure in edition.figures}
    for story in tell_stories(make_ground()):
        for item in (*story.lead, *story.context):
            assert set(item.figures) <= known
            if re.search(r"\d", item.text) and item.kind not in {"first_figure", "cannot_compare"}:
                assert item.figures, item.text


def test_every_authority_has_a_story_whether_it_answered_or_not() -> None:
    told = {story.where: story.told for story in tell_stories(make_ground())}
    assert {key for key in told if key and not key.startswith("region:")} == {
        item.id for item in make_survey().authorities
    }
    assert told["west-yorkshire"] is False
    assert told["durham"] is True


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 1))
def test_sentence_has_the_numbers_direction(now: int, then: int, p: float) -> None:
    figures = [
        make_figure("total", "durham", now),
        make_figure("total", "durham", then, period=THEN),
        make_figure("change_abs", "durham", now - then, base_period=THEN),
        make_figure("p_value", "durham", p, base_period=THEN),
    ]
    if then:
        figures.append(make_figure("change_pct", "durham", 100 * (now - then) / then, base_period=THEN))
    story = tell_story(prepare_ground(make_survey(), make_replies(), figures), "durham")
    text = story.lead[0].text
    assert ("rise" in text) <= (now > then)
    assert ("fall" in text) <= (now < then)
    assert ("%" in text) <= (then >= 50)
    assert (f"{now:,} ") in text
    assert f"compared with {then:,} " in text
    if len(story.lead) > 1:
        assert ("within" in story.lead[1].text) == (p >= 0.05)


@pytest.mark.parametrize(
    ("value", "text"), [(22.03, "22%"), (22.5, "23%"), (-48.2, "48%"), (0.4, "0.4%"), (0, "0%"), (1340.0, "1,340%")]
)
def test_write_percent(value: float, text: str) -> None:
    assert write_percent(value) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.2573, "p = 0.26"), (0.0123, "p = 0.01"), (0.0042, "p = 0.004"), (4e-5, "p < 0.001"), (1.0, "p = 1.00")],
)
def test_write_chance(p: float, text: str) -> None:
    assert write_chance(p) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Kent", "police in Kent"),
        ("City of London", "police in the City of London"),
        ("Metropolitan Police", "the Metropolitan Police"),
        ("Police Scotland", "Police Scotland"),
        ("Police Service of Northern Ireland", "the Police Service of Northern Ireland"),
    ],
)
def test_name_place(name: str, text: str) -> None:
    assert name_place(make_survey(), Authority(id="x", name=name)) == text


def test_exactly_one_is_singular() -> None:
    survey = make_survey()
    assert name_subject(survey, survey.questions[0], 1) == "cyber-flagged sexual offence against under-18s"
    assert name_subject(survey, survey.questions[0], 0) == "cyber-flagged sexual offences against under-18s"
    one = make_ground(replace(make_figures()[0], kind="total", authority="durham", period=NOW, value=1))
    assert "1 cyber-flagged sexual offence against under-18s was recorded" in tell_story(one, "durham").lead[0].text


def test_small_print() -> None:
    assert write_number(5653) == "5,653"
    assert write_number(15.49) == "15.49"
    assert write_list(["a", "b", "c"]) == "a, b and c"
    assert (write_iso_date("2017-06-01"), write_iso_date("2017-06"), write_iso_date("soon")) == (
        "1 June 2017", "June 2017", "soon",
    )  # fmt: skip
    assert CHANCE["northamptonshire"] >= 0.05


def test_every_sentence_of_ours_is_borne_by_the_figures_it_names() -> None:
    ground = make_ground()
    assert check_stories(ground, tell_stories(ground)) == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("72 cyber", "73 cyber", "prints 73"),
        ("(22%)", "(23%)", "prints 23%"),
        ("a rise of 13", "a fall of 13", "turns the direction"),
        ("compared with 59", "compared with 1,059", "prints 1,059"),
        # A period is not a count, but a count that happens to look like part of one is.
        ("in 2016/17", "in 2016/17, or 2016", "prints 2016"),
    ],
)
def test_a_sentence_that_its_figures_do_not_bear_is_found(old: str, new: str, problem: str) -> None:
    ground = make_ground()
    story = tell_story(ground, "northamptonshire")
    wrong = replace(story.lead[0], text=story.lead[0].text.replace(old, new))
    assert wrong.text != story.lead[0].text
    findings = check_stories(ground, [replace(story, lead=(wrong,))])
    assert [(item.check, item.severity) for item in findings] == [("unproven-sentence", "error")]
    assert problem in findings[0].message


def test_a_figure_that_is_not_in_the_edition_is_found() -> None:
    ground = make_ground()
    story = tell_story(ground, "durham")
    wrong = replace(story.lead[0], figures=("total/nowhere",))
    assert "does not have" in check_stories(ground, [replace(story, lead=(wrong,))])[0].message
