"""A model's proposals, from a stand-in endpoint on loopback: what holds waits for a person, the rest is dropped."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from answerable import store
from answerable.cli import main
from answerable.decisions import write_decision
from answerable.line import build_survey, read_edition
from answerable.model import Decision, Observation
from answerable.proposals import find_proposals
from answerable.proposals.proposal import read_quoted
from test_survey import SURVEY

LETTER = "Thank you for your request.\n\nIn the year you name first we dealt with some 7 or 8, of which 61 held up.\n"
QUOTE = "some 7 or 8, of which 61 held up"
GOOD = {
    "question": "crimes",
    "period": "2019/20",
    "categories": {},
    "value": "61",
    "quote": QUOTE,
    "document": "cumbria/letter.txt",
    "part": "text",
    "ref": "p3",
}


class Model(ThreadingHTTPServer):
    """A stand-in endpoint that gives each request the answer set before, and keeps what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Any = []
        self.status = 200
        self.sent: list[dict[str, Any]] = []
        self.keys: list[str | None] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        self.server.sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.keys.append(self.headers["Authorization"])
        text = self.server.answer if isinstance(self.server.answer, str) else json.dumps(self.server.answer)
        body = json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", f"{self.server.address}/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def model() -> Iterator[Model]:
    with Model() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reply = tmp_path / "survey" / "replies" / "cumbria"
    reply.mkdir(parents=True)
    (tmp_path / "survey" / "survey.toml").write_text(SURVEY)
    (reply / "letter.txt").write_text(LETTER)
    return tmp_path / "survey"


def propose(folder: Path, model: Model, *more: str) -> Result:
    named = ["--endpoint", model.address, "--model", "small"]
    return CliRunner().invoke(main, ["propose", str(folder), *named, *more])


def find_proposed(folder: Path) -> list[Observation]:
    return [
        item for item in read_edition(folder, workers=1).observations if "small" in str((item.origin, item.evidence))
    ]


def test_a_proposal_waits_for_a_person_and_counts_once_accepted(folder: Path, model: Model) -> None:
    model.answer = [GOOD]
    result = propose(folder, model, "--json")
    assert result.exit_code == 0, result.output
    (item,) = find_proposed(folder)
    assert (item.value, item.accepted, item.origin, item.original_value) == (61, False, "model:small", "61")
    assert "review-proposal" in {finding.check for finding in read_edition(folder, workers=1).findings}
    build_survey(folder, workers=1)
    assert not find_total(folder)
    said = Decision(observation=item.id, verdict="accept", value=None, reason="it does", by="pat", at="", quote=QUOTE)
    store.append_decision(folder, write_decision(said))
    build_survey(folder, workers=1)
    assert find_total(folder) == [61]
    (accepted,) = find_proposed(folder)
    assert accepted.accepted
    assert any("proposed by small" in line for line in accepted.evidence)


def find_total(folder: Path) -> list[object]:
    figures = json.loads((folder / "build" / "figures.json").read_text())
    return [item["value"] for item in figures if item["kind"] == "total" and item["authority"] == "cumbria"]


BAD: list[tuple[str, object]] = [
    ("quote does not stand", {**GOOD, "quote": "61 crimes were recorded"}),
    ("quote does not stand", {**GOOD, "ref": "p1"}),
    ("quote does not stand", {**GOOD, "document": "humberside/letter.txt"}),
    ("quote does not stand", {**GOOD, "quote": ""}),
    ("stands in its quote", {**GOOD, "value": "16"}),
    # 6 stands in the quote only as a part of 61.
    ("stands in its quote", {**GOOD, "value": "6"}),
    ("stands in its quote", {**GOOD, "value": "held up"}),
    ("stands in its quote", {**GOOD, "value": "some 7"}),
    ("no question", {**GOOD, "question": "deaths"}),
    ("no period", {**GOOD, "period": "2018/19"}),
    ("category", {**GOOD, "question": "by-age", "categories": {"age": "99"}}),
    ("category", {**GOOD, "question": "by-age"}),
    ("category", {**GOOD, "categories": {"age": "1"}}),
    ("not a JSON object", "61"),
]


@pytest.mark.parametrize(("reason", "item"), BAD)
def test_what_does_not_hold_is_dropped_with_its_reason(folder: Path, model: Model, reason: str, item: object) -> None:
    model.answer = [item, GOOD]
    (told,) = json.loads(propose(folder, model, "--json").stdout)
    assert [proposal["value"] for proposal in told["proposals"]] == ["61"]
    (dropped,) = told["dropped"]
    assert reason in dropped
    assert len(find_proposed(folder)) == 1


@pytest.mark.parametrize("answer", ["There were 61 crimes.", "[", "[" * 5000, "null", "{}", "[[GOOD]]", ""])
def test_an_answer_of_another_form_gives_nothing(folder: Path, model: Model, answer: str) -> None:
    model.answer = answer
    assert propose(folder, model).exit_code == 0
    assert not find_proposed(folder)


def test_an_answer_may_have_words_around_its_array(folder: Path, model: Model) -> None:
    model.answer = f"Here it is:\n```json\n{json.dumps([GOOD])}\n```"
    propose(folder, model)
    propose(folder, model)
    assert len(find_proposed(folder)) == 1
    assert (folder / "proposals.jsonl").read_text().count("\n") == 1


def test_a_proposal_goes_when_its_words_do_or_the_rules_read_it(folder: Path, model: Model) -> None:
    model.answer = [GOOD]
    propose(folder, model)
    letter = folder / "replies" / "cumbria" / "letter.txt"
    letter.write_text(LETTER.replace("61", "62"))
    assert not find_proposed(folder)
    letter.write_text(LETTER)
    assert find_proposed(folder)
    (letter.parent / "table.csv").write_text("Year,Crimes\n2019/20,61\n")
    assert not find_proposed(folder)


def test_nothing_is_sent_of_what_is_held_back_or_hidden(folder: Path, model: Model) -> None:
    letter = folder / "replies" / "cumbria" / "letter.txt"
    letter.write_text(LETTER + "\nHer date of birth: 03/04/2001\n")
    result = propose(folder, model)
    assert result.exit_code == 0
    assert "not sent" in result.stderr
    assert not model.sent


def test_a_reply_that_the_rules_read_whole_is_not_sent(folder: Path, model: Model) -> None:
    reply = folder / "replies" / "cumbria"
    (reply / "letter.txt").unlink()
    rows = "Year,Total,Age 0,Age 1,Age 2,Not known\n2019/20,61,20,21,19,1\n2020/21,61,20,20,20,1\n"
    (reply / "table.csv").write_text(rows)
    assert propose(folder, model).exit_code == 0
    assert not model.sent


def test_what_is_sent_can_be_looked_at_first(folder: Path, model: Model) -> None:
    shown = json.loads(propose(folder, model, "--show").stdout)
    assert not model.sent
    propose(folder, model, "--authority", "cumbria")
    assert model.sent[0]["messages"] == shown[0]["messages"]
    assert "p3\tIn the year" in model.sent[0]["messages"][1]["content"]
    assert model.sent[0]["model"] == "small"


def test_the_key_comes_from_the_environment(folder: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    propose(folder, model)
    monkeypatch.setenv("ANSWERABLE_MODEL_KEY", "secret")
    propose(folder, model)
    assert model.keys == [None, "Bearer secret"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_endpoint_that_fails_is_said_plainly_and_no_redirect_is_followed(
    folder: Path, model: Model, status: int
) -> None:
    model.status = status
    result = propose(folder, model)
    assert result.exit_code == 2
    assert model.address in result.stderr
    assert len(model.sent) == 1


@pytest.mark.parametrize("address", ["file:///etc/hostname", "ftp://127.0.0.1/", "127.0.0.1:1"])
def test_only_the_web_is_asked(folder: Path, address: str) -> None:
    result = CliRunner().invoke(main, ["propose", str(folder), "--endpoint", address, "--model", "small"])
    assert result.exit_code == 2
    assert "not an address" in result.output


def test_a_line_that_is_no_proposal_is_named(folder: Path) -> None:
    (folder / "proposals.jsonl").write_text('{"authority": "cumbria"}\n')
    result = CliRunner().invoke(main, ["read", str(folder)])
    assert result.exit_code == 2
    assert "proposals.jsonl, line 1" in result.output


def test_a_status_can_be_proposed_and_a_reply_of_another_is_not_read(folder: Path) -> None:
    edition = read_edition(folder, workers=1)
    text = json.dumps([{**GOOD, "value": "some 7 or 8"}])
    assert find_proposals(text, edition.survey, edition.replies[0], edition.grids, "small")[0] == ()
    assert read_quoted("<5", "the figure is <5 for the year").status == "suppressed"  # type: ignore[union-attr]
    assert read_quoted("not held", "this is not held by us").status == "not_held"  # type: ignore[union-attr]
    assert read_quoted("5", "the figure is 5.5 for the year") is None
