"""Second readings: the sample, pairs and thirds, agreement against another implementation, and what is printed."""

import re
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable import store
from answerable.decisions import parse_decisions
from answerable.errors import StoreError
from answerable.figures import compute_second_figures
from answerable.line import read_edition
from answerable.second import (
    FILE,
    SecondReading,
    choose_sample,
    fold_observation,
    fold_value,
    pair_readings,
    parse_second,
    write_second,
)
from answerable.stats import compare_readings
from answerable.stories import prepare_ground
from answerable.stories.notes import write_notes
from answerable.web.app import make_app
from answerable.web.held import Held, look, open_survey
from review_survey import write_review_survey

testclient = pytest.importorskip("starlette.testclient")


def read(name: str, value: str, by: str, *, stood: str = "20", role: str = "reading") -> SecondReading:
    return SecondReading(observation=name, role=role, value=value, stood=stood, by=by, at="t")  # type: ignore[arg-type]


@settings(deadline=None)  # scikit-learn takes a second to import
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=40))
def test_kappa_is_what_scikit_learn_computes(pairs: list[tuple[str, str]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    found = compare_readings(pairs)
    assert found.share == pytest.approx(sum(a == b for a, b in pairs) / len(pairs))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = metrics.cohen_kappa_score([a for a, _ in pairs], [b for _, b in pairs])
    if found.kappa is None:
        assert len({name for pair in pairs for name in pair}) == 1
    else:
        assert found.kappa == pytest.approx(other)


def test_kappa_of_a_published_table() -> None:
    # Cohen 1960 as usually set: 20 and 15 agree, 5 and 10 do not.
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert compare_readings(pairs).kappa == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("texts", "folded"),
    [
        (("1,204", "1204", " 1204 "), "1204"), (("<5", "fewer than 5"), "suppressed to 4"), (("nil", "0"), "0"),
        (("not held",), "not_held"), (("c.40", "", "abc", "~"), None),
    ],
)  # fmt: skip
def test_what_two_people_write_differently_is_one_reading(texts: tuple[str, ...], folded: str | None) -> None:
    assert {fold_value(text) for text in texts} == {folded}


def test_two_read_and_a_third_judges() -> None:
    agree = [read("a", "20", "ana"), read("a", "20", "ben")]
    differ = [read("b", "20", "ana"), read("b", "29", "ben")]
    both_else = [read("c", "25", "ana"), read("c", "25", "ben")]
    alone = [read("d", "20", "ana"), read("d", "21", "ana")]
    own = [read("b", "29", "ben", role="adjudication")]
    pairs = {pair.observation: pair for pair in pair_readings([*agree, *differ, *both_else, *alone, *own])}
    assert set(pairs) == {"a", "b", "c"}, "one person is not two readers"
    assert [pairs[name].open for name in "abc"] == [False, True, True], "nobody judges their own reading"
    assert [pairs[name].settled for name in "abc"] == ["20", None, "25"]
    judged = pair_readings([*differ, read("b", "29", "cat", role="adjudication")])[0]
    assert (judged.settled, judged.open, judged.wrong) == ("29", False, True)


@pytest.mark.parametrize("line", ["{", "[]", '{"observation": "a"}', '{"role": "x"}'])
def test_a_line_that_is_no_reading_is_named(line: str) -> None:
    with pytest.raises(StoreError, match="line 2"):
        parse_second(f"{write_second(read('a', '1', 'ana'))}\n{line}\n")
    with pytest.raises(StoreError, match="role"):
        parse_second(write_second(read("a", "1", "ana", role="judge")))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    folder = write_review_survey(tmp_path_factory.mktemp("second") / "survey")
    text = (folder / "survey.toml").read_text()
    (folder / "survey.toml").write_text(text.replace("simulated = true", "simulated = true\nsecond_readings = 30"))
    return open_survey(folder, workers=1)


def test_the_sample_is_a_share_and_the_same_every_time(held: Held) -> None:
    view = look(held)
    accepted = [item for item in view.observations if item.accepted]
    sample = choose_sample(view.survey, view.observations)
    assert 0.2 * len(accepted) < len(sample) < 0.4 * len(accepted)
    moved = [replace(item, value=99) if item.value is not None else item for item in view.observations]
    assert {item.id for item in choose_sample(view.survey, moved)} == {item.id for item in sample}
    for share, wanted in ((0, 0), (100, len(accepted))):
        assert len(choose_sample(replace(view.survey, second_readings=share), view.observations)) == wanted


def test_figures_give_the_rate_with_its_interval_and_none_without_readings(held: Held) -> None:
    survey = look(held).survey
    assert compute_second_figures(survey, (), 9) == ()
    readings = [read(f"v{n}", "20" if n else "29", by) for n in range(50) for by in ("ana", "ben")]
    agreement, error = compute_second_figures(survey, pair_readings(readings), 60)[0::2]
    assert agreement.value == 100 and error.value == pytest.approx(2)
    # Wilson's interval of 1 in 50.
    assert (error.low, error.high) == (pytest.approx(0.354, abs=0.01), pytest.approx(10.5, abs=0.05))


def read_page(client: Any) -> tuple[str, str, str]:
    page = client.get("/readers").text
    token, name = (re.search(rf'name="{field}" value="([^"]*)"', page) for field in ("token", "observation"))
    return page, token[1] if token else "", name[1] if name else ""


def test_two_people_read_blind_a_third_judges_and_the_value_is_put_right(held: Held) -> None:
    hosts = frozenset(("testserver",))
    ana, ben, cat = (testclient.TestClient(make_app(held, hosts=hosts, name=name)) for name in ("ana", "ben", "cat"))
    values = {item.id: item for item in look(held).observations}
    first = ""
    for turn in range(6):
        for client in (ana, ben):
            page, token, name = read_page(client)
            item = values[name]
            assert "<dt>Value</dt>" not in page and "Stands" not in page, "the reading is not shown"
            first = first or name
            assert turn or name == first, "a value read once comes first"
            value = "999" if client is ben and name == first else str(item.value)
            done = client.post("/readers/read", data={"token": token, "observation": name, "value": value})
            assert done.status_code == 200
    again = ana.post("/readers/read", data={"token": read_page(ana)[1], "observation": first, "value": "1"})
    assert again.status_code == 422, "nobody reads a value twice"
    own = ana.post("/readers/judge", data={"token": read_page(ana)[1], "observation": first, "value": "1"})
    assert own.status_code == 422 and "cannot judge it" in own.text

    before = values[first]
    page, token, name = read_page(cat)
    assert name == first and "999" in page
    cat.post("/readers/judge", data={"token": token, "observation": first, "value": "999"})
    decision = parse_decisions(store.read_decisions(held.folder))[-1]
    assert (decision.verdict, decision.value, decision.by) == ("correct", "999", "cat")
    assert f"ana read {before.value}, ben read 999" in decision.reason
    after = next(item for item in look(held).observations if item.id == first)
    assert fold_observation(after) == "999" and after.original_value == before.original_value

    edition = read_edition(held.folder, workers=1)
    error = next(figure for figure in edition.figures if figure.kind == "reading_error")
    assert error.value and error.note.startswith("1 of "), "put right, and still counted as an error"
    ground = prepare_ground(edition.survey, edition.replies, edition.figures)
    note = next(note for note in write_notes(ground, None) if note.title == "How the reading was checked")
    text = " ".join(sentence.text for sentence in note.sentences)
    assert "Cohen's kappa" in text and "95% interval" in text and f"{error.value:.1f}%" in text


def test_no_note_without_second_readings(tmp_path: Path) -> None:
    edition = read_edition(write_review_survey(tmp_path / "survey", 3), workers=1)
    ground = prepare_ground(edition.survey, edition.replies, edition.figures)
    assert all(note.title != "How the reading was checked" for note in write_notes(ground, None))
    assert not (tmp_path / "survey" / FILE).exists()
