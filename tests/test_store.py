"""The survey folder: replies as they lie there, builds that are current, nothing outside it touched."""

import json
from pathlib import Path

import pytest

from answerable import store
from answerable.errors import StoreError, SurveyError
from test_survey import SURVEY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "survey.toml").write_text(SURVEY)
    reply = tmp_path / "replies" / "cumbria"
    reply.mkdir(parents=True)
    (reply / "table.csv").write_text("Year,Crimes\n2019/20,4\n")
    (reply / "reply.toml").write_text('received = 2024-05-01\noutcome = "successful"\n')
    return tmp_path


def test_every_authority_has_a_reply_and_silence_is_not_an_answer(folder: Path) -> None:
    replies, findings = store.read_replies(folder, store.read_survey(folder))
    assert [(reply.authority, reply.outcome, len(reply.documents)) for reply in replies] == [
        ("cumbria", "successful", 1),
        ("humberside", "waiting_response", 0),
    ]
    assert replies[0].documents[0].path == "cumbria/table.csv"
    assert store.read_bytes(folder, replies[0].documents[0]).startswith(b"Year")
    assert findings == ()


def test_a_reply_of_an_unknown_authority_is_a_finding_and_the_rest_is_read(folder: Path) -> None:
    (folder / "replies" / "cumbia").mkdir()
    (folder / "replies" / "cumbia" / "a.csv").write_text("1\n")
    (folder / "replies" / "loose.csv").write_text("1\n")
    replies, findings = store.read_replies(folder, store.read_survey(folder))
    assert [finding.check for finding in findings] == ["unknown-authority"] * 2
    assert "replies/cumbia" in findings[0].message
    assert len(replies) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("recieved = 2024-05-01\n", 'Did you mean "received"?'),
        ('outcome = "answered"\n', 'unknown key "answered"'),
        ("received =\n", "is not valid TOML"),
        ('[[caveat]]\nkind = "live"\ntext = "x"\n', 'Did you mean "live_system"?'),
    ],
)
def test_a_wrong_reply_file_is_refused(folder: Path, text: str, said: str) -> None:
    (folder / "replies" / "cumbria" / "reply.toml").write_text(text)
    with pytest.raises((StoreError, SurveyError)) as caught:
        store.read_replies(folder, store.read_survey(folder))
    assert said in str(caught.value)
    assert "cumbria/reply.toml" in str(caught.value)


def test_a_link_in_a_reply_is_not_followed(folder: Path) -> None:
    (folder / "secret.csv").write_text("1\n")
    (folder / "replies" / "cumbria" / "link.csv").symlink_to(folder / "secret.csv")
    replies, _ = store.read_replies(folder, store.read_survey(folder))
    assert [document.name for document in replies[0].documents] == ["table.csv"]


def test_a_build_is_current_until_an_input_or_an_output_changes(folder: Path) -> None:
    inputs = store.hash_inputs(folder)
    assert store.write_build(folder, [("a.txt", b"1"), ("site/b.txt", b"2")], inputs) == ("a.txt", "site/b.txt")
    assert store.is_current(folder, store.hash_inputs(folder))
    (folder / "build" / "a.txt").write_text("touched")
    assert not store.is_current(folder, inputs)
    assert store.write_build(folder, [("a.txt", b"1")], inputs) == ("a.txt",)
    assert not (folder / "build" / "site").exists()
    (folder / "lookups.toml").write_text("")
    assert not store.is_current(folder, store.hash_inputs(folder))


@pytest.mark.parametrize("name", ["../a", "/a", "site/../../a", "a\\b", ""])
def test_an_output_cannot_leave_build(folder: Path, name: str) -> None:
    with pytest.raises(StoreError):
        store.write_build(folder, [(name, b"")])


def test_a_register_outside_the_folder_is_refused(folder: Path) -> None:
    (folder / "survey.toml").write_text(SURVEY.replace('"uk-police"', '"../secret.csv"'))
    with pytest.raises(StoreError, match="leads out of the survey folder"):
        store.read_survey(folder)


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="answerable new"):
        store.find_folder(str(tmp_path / "absent"))


def test_decisions_are_only_appended(folder: Path) -> None:
    store.append_decision(folder, json.dumps({"a": 1}))
    store.append_decision(folder, json.dumps({"b": 2}) + "\n")
    assert [json.loads(line) for line in store.read_decisions(folder).splitlines()] == [{"a": 1}, {"b": 2}]


def test_an_edition_is_kept_whole_and_never_written_over(folder: Path) -> None:
    store.write_build(folder, [("a.txt", b"1"), ("site/b.txt", b"2")], "inputs")
    kept = store.keep_edition(folder)
    assert kept.name == "1"
    assert sorted(path.name for path in kept.rglob("*") if path.is_file()) == ["a.txt", "b.txt"]
    assert store.keep_edition(folder).name == "1"
    store.write_build(folder, [("a.txt", b"3")], "inputs")
    assert store.keep_edition(folder).name == "2"
    assert store.keep_edition(folder, "2017-06").name == "2017-06"
    with pytest.raises(StoreError, match="is published already"):
        store.keep_edition(folder, "1")
    with pytest.raises(StoreError, match="cannot be the name"):
        store.keep_edition(folder, "../up")
