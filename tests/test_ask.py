"""Drafting, the lint, the aggregation guard, and `answerable ask` from the first draft to the last letter sent."""

import importlib.util
import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from answerable import store
from answerable.ask.contacts import Recipient, parse_contacts
from answerable.ask.drafts import draft_requests, write_files
from answerable.ask.guard import Earlier, find_aggregation
from answerable.ask.letters import write_text
from answerable.ask.lint import CHECKS, lint_survey
from answerable.ask.mail import SETTINGS, parse_mail
from answerable.ask.references import (
    KINDS,
    find_tokens,
    index_tokens,
    make_message_id,
    make_plus_address,
    make_token,
    parse_message_id,
)
from answerable.cli import main
from answerable.clock import Event, load_calendar
from answerable.errors import SurveyError
from answerable.model import Definition, Reply, Survey
from answerable.observations import find_observations, settle_reply
from building import SURVEY_TEXT, build_survey, build_text
from sending import list_received, serve_mail

SURVEY = build_survey(SURVEY_TEXT + '\n[contact]\nname = "Survey desk"\nemail = "desk@example.org"\n')


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, [str(word) for word in words])
    return done.exit_code, done.stdout, done.stderr


# References


def test_every_authority_has_a_token_of_its_own_that_stays() -> None:
    tokens = index_tokens(SURVEY)
    assert len(tokens) == len(SURVEY.authorities)
    assert index_tokens(build_survey()) == tokens, "the wording may change, the reference may not"
    later = replace(SURVEY, periods=SURVEY.periods[1:])
    assert not set(index_tokens(later)) & set(tokens), "next year's request is another request"


@given(st.sampled_from([authority.id for authority in SURVEY.authorities]), st.sampled_from(KINDS))
def test_a_token_is_found_wherever_it_went(authority: str, kind: str) -> None:
    token = make_token(SURVEY, authority)
    message_id = make_message_id(kind, token, "desk@example.org")
    assert parse_message_id(f"In-Reply-To: {message_id}") == (kind, token)
    for text in (
        message_id,
        make_plus_address("desk@example.org", token),
        f"RE: FOI 123/25 (our reference {token})",
        token.replace("-", " ").lower(),
        token.replace("-", "–"),  # an en dash, as word processors put it
        token.replace("0", "O").replace("1", "l") if token[3:].isupper() else token,
    ):
        assert find_tokens(f"Dear all, {text}. Regards") == (token,)


@given(
    st.sampled_from([authority.id for authority in SURVEY.authorities]), st.integers(4, 12), st.sampled_from("23456789")
)
def test_a_token_with_one_wrong_sign_is_no_token(authority: str, place: int, sign: str) -> None:
    token = make_token(SURVEY, authority)
    wrong = token[:place] + sign + token[place + 1 :]
    if token[place] not in {"-", sign}:
        assert find_tokens(wrong) == ()


@pytest.mark.parametrize("text", ["", "ANS-1234", "answer-able", "<request.ans-0000-0001@x>", "TRANS-7K3Q-9XWD"])
def test_what_is_no_token_is_none(text: str) -> None:
    assert find_tokens(text) == ()
    assert parse_message_id(text) is None


# Drafts


def draft_files(survey: Survey, contacts: dict[str, Recipient] | None = None, settings: str = "") -> dict[str, bytes]:
    mail = parse_mail(settings, survey)
    return {name: data for item in draft_requests(survey, contacts or {}) for name, data in write_files(item, mail)}


def read_body(data: bytes) -> str:
    message = message_from_bytes(data, policy=policy.default)
    body = message.get_body()
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_request_says_all_that_it_must() -> None:
    files = draft_files(SURVEY, {"kent": Recipient(email="foi@kent.example", name="FOI team")})
    message = message_from_bytes(files["kent.eml"], policy=policy.default)
    token = make_token(SURVEY, "kent")
    assert message["To"] == "foi@kent.example"
    assert message["Message-ID"] == f"<request.{token.lower()}@example.org>"
    assert token in message["Subject"]
    assert message["Date"] is None, "a draft has no clock in it"
    body = " ".join(read_body(files["kent.eml"]).split())
    for said in (
        "Dear FOI team,",
        "Freedom of Information Act 2000",
        "3. How many victims were there by age band and gender? Count: victims. For each of: 2015/16, 2016/17.",
        "2015/16: 1 April 2015 to 31 March 2016, both days included",
        "victims: each person recorded as the victim",
        "- Offence: 86/2 Taking or making indecent photographs",
        "each single year from 0 to 17; Unknown",
        "answer question 1 only",
        "in electronic form (section 11(1))",
        "section 16: advice and assistance",
        "section 10(1)",
        "Survey desk desk@example.org",
    ):
        assert said in body, said
    assert not [part.defects for part in message.walk() if part.defects]
    assert max(len(line) for line in files["kent.eml"].split(b"\r\n")) <= 998
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "reply-form-kent.xlsx"
    assert attached.get_content() == files["kent.xlsx"]


def test_scotland_is_asked_under_its_own_act() -> None:
    text = SURVEY_TEXT.replace('nations = ["England", "Wales"]', 'authorities = ["police-scotland", "btp"]')
    files = draft_files(build_survey(text))
    scotland, transport = read_body(files["police-scotland.eml"]), read_body(files["btp.eml"])
    assert "Freedom of Information\n(Scotland) Act 2002" in scotland
    assert "section 15: advice and" in scotland
    assert "Freedom of Information Act 2000" in transport, "Great Britain's transport police come under FOIA"


def test_a_reply_that_quotes_the_letter_is_read_as_what_it_answers() -> None:
    """Nothing that the letter itself says is a count, an exemption or a caveat of the authority."""
    for name in ("cyber-flag", "sexual-communication"):
        survey = store.read_survey(store.BUNDLED / name)
        draft = next(item for item in draft_requests(survey, {}) if item.authority == "kent")
        answer = [f"Offences recorded in {period.id}: {31 + n}" for n, period in enumerate(survey.periods)]
        quoted = [f"> {line}" for line in write_text(draft.sections).splitlines()]
        grid = build_text(["Our answer to question 1:", *answer, "On 7 September the Survey desk wrote:", *quoted])
        reply = Reply(id="kent", authority="kent", received=None, outcome="waiting_response")
        observations, findings = find_observations(survey, reply, (grid,))
        accepted = {(item.question, item.period): item.value for item in observations if item.accepted}
        first = survey.questions[0].id
        assert accepted == {(first, period.id): 31 + n for n, period in enumerate(survey.periods)}
        settled = settle_reply(reply, (grid,), observations)
        assert (settled.outcome, settled.exemptions, settled.caveats) == ("successful", (), ())
        assert {item.check for item in findings} <= {"unread-number"}


def test_drafts_are_the_same_bytes_and_do_not_need_an_address() -> None:
    files = draft_files(SURVEY)
    assert files == draft_files(
        build_survey(SURVEY_TEXT + '\n[contact]\nname = "Survey desk"\nemail = "desk@example.org"\n')
    )
    assert len(files) == 3 * len(SURVEY.authorities)
    assert message_from_bytes(files["kent.eml"])["To"] is None
    assert b"NO ADDRESS" in files["kent.md"]


def test_names_that_are_not_plain_survive_the_header() -> None:
    survey = replace(SURVEY, title='Heddlu "Ŵyr", 2025\nsecond line')
    files = draft_files(survey, settings='[sender]\nname = "Zoë Desk"\nemail = "zoe@example.org"\nplus = true')
    message = message_from_bytes(files["kent.eml"], policy=policy.default)
    assert 'Heddlu "Ŵyr", 2025 second line' in message["Subject"]
    assert message["From"].addresses[0].display_name == "Zoë Desk"
    assert find_tokens(str(message["Reply-To"])) == (make_token(survey, "kent"),)
    assert files["kent.eml"].isascii()


def test_a_long_list_of_codes_is_in_the_form_and_in_full_where_there_is_none() -> None:
    survey = store.read_survey(store.BUNDLED / "cyber-flag")
    for with_form in (True, False):
        draft = next(draft_requests(survey, {}, with_form=with_form))
        files = dict(write_files(draft, parse_mail("", survey)))
        body = " ".join(read_body(files["metropolitan.eml"]).split())
        assert ("on the sheet Codes of the reply form: 17/11, 17/12" in body) is with_form
        assert ("attached workbook" in body) is with_form
        assert ("17/11 Indecent assault on male person under 16 years; " in body) is not with_form
        assert ("metropolitan.xlsx" in files) is with_form


def test_definitions_are_printed() -> None:
    text = SURVEY_TEXT + '\n[[definition]]\nterm = "online offences"\ntext = "Offences with the online crime flag."\n'
    assert "- online offences: Offences with the online crime flag." in read_body(
        draft_files(build_survey(text))["kent.eml"]
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("authority,email\nkentt,a@b.example\n", 'Did you mean "kent"'),
        ("authority,mail\nkent,a@b.example\n", 'unknown key "mail"'),
        ("authority,email\nkent,foi at kent\n", "is not an address"),
        ("authority,email\nkent,a@b.example\nkent,a@b.example\n", "stands twice"),
        ("authority,email\nkent,a@b.example>\\r\\nBcc: x@y.example\n", "is not an address"),
    ],
)
def test_a_wrong_contact_is_named(text: str, said: str) -> None:
    with pytest.raises(SurveyError, match=said):
        parse_contacts(text, SURVEY)


# Lint


def lint(text: str, **more: object) -> list[str]:
    question = replace(SURVEY.questions[0], text=text, **more)  # type: ignore[arg-type]
    survey = replace(SURVEY, questions=(question,), headline=question.id)
    return [finding.check for finding in lint_survey(survey)]


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ("How many offences with the online flag were recorded in 2015/16 and in 2016/17?", []),
        ("How many online offences were recorded in each year?", ["ask-undefined-group"]),
        ("How many child sexual abuse offences were recorded in each year?", ["ask-undefined-group"]),
        ("How many offences under section 15A were recorded in each year?", []),
        ("How many grooming offences (Home Office code 71/17) were recorded in each year?", []),
        ("How many offences were recorded in the last three years?", ["ask-no-period"]),
        ("How many offences were recorded since 2012?", ["ask-no-period", "ask-no-period"]),
        ("How many offences were recorded in 2019/20?", ["ask-no-period"]),
        ("How many offences were recorded in 2016?", []),  # within a period asked for
        ("How many incidents were there in each year?", ["ask-no-unit"]),
        ("Please give the totals for each year.", ["ask-no-unit"]),
        ("How many were there in each year?", ["ask-no-unit"]),  # the first question points back to none
        ("Please break the answer to question 1 down by age.", []),
        ("How many offences and any other information do you hold?", ["ask-vague"]),
        ("Which platforms were used in the offences?", ["ask-cost"]),
        ("How many offences, with the circumstances of each?", ["ask-cost"]),
        ("How many offences, with the names of victims?", ["ask-personal"]),
    ],
)
def test_the_lint_names_what_would_come_back_wrong(text: str, checks: list[str]) -> None:
    assert lint(text) == checks


def test_a_definition_settles_a_group_once() -> None:
    question = replace(SURVEY.questions[0], text="How many online offences were recorded in each year?")
    survey = replace(SURVEY, questions=(question,), headline=question.id)
    (finding,) = lint_survey(survey)
    assert all(part in finding.message for part in ("survey.toml, question 1", '"online offences"', "[[definition]]"))
    defined = replace(survey, definitions=(Definition(term="Online offences", text="Offences with the flag."),))
    assert not lint_survey(defined)


def test_the_lint_looks_at_size_and_order() -> None:
    wide = replace(SURVEY.questions[1], dimensions=("age", "sex", "offence"), total_of=None, text="Offences?")
    survey = replace(SURVEY, questions=(replace(wide, number="1"), SURVEY.questions[0]), headline="offences")
    survey = replace(survey, questions=(survey.questions[0], replace(survey.questions[1], number="2")))
    assert {finding.check for finding in lint_survey(survey)} == {"ask-personal", "ask-first"}
    ages = replace(SURVEY.dimensions[0], categories=SURVEY.dimensions[0].categories * 30)
    big = replace(SURVEY, questions=(replace(SURVEY.questions[1], dimensions=("age",)),), dimensions=(ages,))
    assert "ask-cost" in {finding.check for finding in lint_survey(replace(big, headline="by-age"))}


@pytest.mark.parametrize("name", store.list_bundled())
def test_bundled_surveys_ask_well(name: str) -> None:
    assert {item.check for item in lint_survey(store.read_survey(store.BUNDLED / name))} <= {"ask-cost"}


def test_the_page_on_asking_has_every_setting_of_mail() -> None:
    root = Path(__file__).resolve().parent.parent
    spec = importlib.util.spec_from_file_location("make_docs", root / "tools" / "make_docs.py")
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = (root / "docs" / "how-to-ask.md").read_text()
    assert tool.fill_page(page) == page, "run tools/make_docs.py"
    assert all(f"| `{setting.key}` |" in page for setting in SETTINGS)


def test_every_check_of_asking_is_documented() -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "checks.md").read_text()
    assert all(f"| `{name}` |" in page for name in CHECKS)


# Aggregation


def guard(law_of: str, on: str, today: str, **more: str) -> list[str]:
    survey = build_survey(SURVEY_TEXT.replace('nations = ["England", "Wales"]', f'authorities = ["{law_of}"]'))
    other = replace(survey, id="other", **more) if more else survey  # type: ignore[arg-type]
    event = Event(kind="received", on=date.fromisoformat(on))
    earlier = Earlier(folder="2024", survey=other, events={law_of: (event,)})
    own = replace(survey, group=more.get("group", ""))
    found = find_aggregation(own, survey.authorities[0], [earlier], date.fromisoformat(today), load_calendar())
    return [finding.message for finding in found]


def test_a_similar_request_within_sixty_working_days_is_a_warning() -> None:
    # From Monday 1 September 2025, no holiday between: the 60th working day after it is Monday 24 November.
    (message,) = guard("kent", "2025-09-01", "2025-11-24")
    assert "s.12(4)" in message
    assert "on or after 25 November 2025" in message
    assert not guard("kent", "2025-09-01", "2025-11-25")


def test_scotland_is_warned_of_repeats_not_of_aggregation() -> None:
    (message,) = guard("police-scotland", "2025-09-01", "2025-10-01")
    assert "s.14(2)" in message
    assert "s.12(4)" not in message


def test_only_surveys_of_the_group_count() -> None:
    assert not guard("kent", "2025-09-01", "2025-10-01", title="Another")
    assert guard("kent", "2025-09-01", "2025-10-01", group="online")


# The command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = SURVEY_TEXT.replace('nations = ["England", "Wales"]', 'authorities = ["kent", "sussex", "essex"]')
    return make_folder(tmp_path / "2025", text)


def make_folder(path: Path, text: str) -> Path:
    contacts = "authority,email,name\nkent,foi@kent.example,\nsussex,foi@sussex.example,\n"
    contact = '\n[contact]\nname = "Survey desk"\nemail = "desk@example.org"\n'
    store.write_folder(path, {"survey.toml": text + contact, "contacts.csv": contacts})
    return path


@pytest.fixture
def box(tmp_path: Path, folder: Path) -> Iterator[Path]:
    pytest.importorskip("aiosmtpd")
    with serve_mail(tmp_path / "box") as port:
        settings = f'[smtp]\nhost = "localhost"\nsecurity = "none"\nport = {port}\nper_minute = 60000\n'
        (folder / "mail.toml").write_text(settings)
        yield tmp_path / "box"


def test_from_draft_to_sent(folder: Path, box: Path) -> None:
    code, out, err = run("ask", folder, "draft")
    assert code == 1, "essex has no address"
    assert "essex,<its address for requests>" in err
    assert "3 letters, 9 files written" in out
    code, out, err = run("ask", folder, "send", "--today", "2025-11-24")
    assert code == 1
    assert "2 letters would go out" in err
    assert list_received(box) == [], "nothing goes out without --yes"
    code, out, err = run("ask", folder, "send", "--yes", "--json")
    assert code == 1
    assert {row["authority"]: row["state"] for row in json.loads(out)} == {
        "kent": "sent",
        "sussex": "sent",
        "essex": "held",
    }
    assert len(list_received(box)) == 2
    (folder / "contacts.csv").write_text((folder / "contacts.csv").read_text() + "essex,foi@essex.example,\n")
    assert run("ask", folder, "draft")[0] == 0
    assert run("ask", folder, "send", "--yes")[0] == 0
    assert run("ask", folder, "send", "--yes")[0] == 0
    tokens = index_tokens(store.read_survey(folder))
    received = [parse_message_id(message_id) for message_id in list_received(box)]
    assert [tokens[found[1]] for found in received if found] == ["kent", "sussex", "essex"]
    assert len(run("ask", folder, "log")[1].splitlines()) == 3
    code, out, _ = run("clock", folder, "kent", "--json")
    assert json.loads(out)["deadlines"][0]["kind"] == "reply", "sending starts the clock"


def test_a_letter_edited_by_hand_is_kept_and_sent_as_it_is(folder: Path, box: Path) -> None:
    run("ask", folder, "draft")
    path = folder / "letters/request/kent.eml"
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"I look forward", b"We look forward"))
    _, _, err = run("ask", folder, "draft")
    assert "kent.eml was edited by hand and is kept" in err
    run("ask", folder, "send", "--yes", "--only", "kent")
    (sent,) = (file.read_bytes() for file in box.iterdir())
    assert b"We look forward" in sent
    assert b"\n" not in sent.replace(b"\r\n", b"")


def test_last_years_request_holds_this_years_back(folder: Path, box: Path) -> None:
    other = make_folder(folder.parent / "2024", (folder / "survey.toml").read_text().split("\n[contact]")[0])
    run("clock", other, "kent", "--log", "received=2025-10-01")
    run("ask", folder, "draft")
    _, out, _ = run("ask", folder, "send", "--yes", "--today", "2025-11-24", "--json")
    rows = {row["authority"]: row for row in json.loads(out)}
    assert rows["kent"]["state"] == "held"
    assert "s.12(4)" in rows["kent"]["why"]
    assert rows["sussex"]["state"] == "sent"
    run("ask", folder, "send", "--yes", "--today", "2025-11-24", "--despite-aggregation")
    assert len(list_received(box)) == 2


def test_who_was_asked_by_post_is_not_asked_again(folder: Path, box: Path) -> None:
    run("ask", folder, "draft")
    run("clock", folder, "kent", "--log", "received=2025-11-03")
    run("ask", folder, "send", "--yes")
    assert [parse_message_id(x) for x in list_received(box)] == [
        ("request", make_token(store.read_survey(folder), "sussex"))
    ]


def test_a_survey_changed_after_sending_is_not_asked_anew(folder: Path, box: Path) -> None:
    (folder / "contacts.csv").write_text("authority,email\nkent,silent@kent.example\nsussex,foi@sussex.example\n")
    run("ask", folder, "draft")
    run("ask", folder, "send", "--yes")  # kent is unknown, sussex sent
    text = (folder / "survey.toml").read_text()
    (folder / "survey.toml").write_text(text.replace('"2015/16", "2016/17"', '"2016/17", "2017/18"'))
    run("ask", folder, "draft")
    _, out, _ = run("ask", folder, "send", "--yes", "--json")
    assert {row["state"] for row in json.loads(out)} == {"held"}
    assert len(list_received(box)) == 2


def test_a_letter_that_is_not_its_own_is_held(folder: Path, box: Path) -> None:
    run("ask", folder, "draft")
    (folder / "letters/request/kent.eml").write_bytes((folder / "letters/request/sussex.eml").read_bytes())
    _, out, _ = run("ask", folder, "send", "--yes", "--json")
    assert {row["authority"]: row["state"] for row in json.loads(out)}["kent"] == "held"
    assert len(list_received(box)) == 1


def test_letters_that_the_server_does_not_take_are_tried_again(folder: Path, box: Path) -> None:
    contacts = "authority,email\nkent,later@kent.example\nsussex,refused@sussex.example\nessex,foi@essex.example\n"
    (folder / "contacts.csv").write_text(contacts)
    run("ask", folder, "draft")
    code, _, err = run("ask", folder, "send", "--yes")
    assert code == 1
    assert "2 letters were not taken" in err
    (folder / "contacts.csv").write_text(contacts.replace("later", "foi").replace("refused", "foi"))
    run("ask", folder, "draft")
    assert run("ask", folder, "send", "--yes")[0] == 0
    assert sorted(list_received(box)) == sorted({*list_received(box)})
    assert len(list_received(box)) == 3


def test_without_a_server_or_a_sender_the_settings_are_named(folder: Path) -> None:
    run("ask", folder, "draft")
    code, _, err = run("ask", folder, "send", "--yes")
    assert code == 2
    assert "[smtp]" in err
    text = (folder / "survey.toml").read_text()
    (folder / "survey.toml").write_text(text.split("[contact]")[0])
    code, _, err = run("ask", folder, "draft")
    assert code == 1
    assert "nobody is named as asking" in err


def test_an_unknown_letter_is_settled_by_a_person(folder: Path, box: Path) -> None:
    contacts = "authority,email,name\nkent,silent@kent.example,\n"
    (folder / "contacts.csv").write_text(contacts)
    run("ask", folder, "draft")
    code, _, err = run("ask", folder, "send", "--yes", "--only", "kent")
    assert code == 1
    assert "never sent again by themselves" in err
    run("ask", folder, "send", "--yes", "--only", "kent")
    assert len(list_received(box)) == 1
    code, _, _ = run("ask", folder, "settle", "kent", "sent", "--note", "their acknowledgement")
    assert code == 0
    assert run("ask", folder, "send", "--only", "kent")[0] == 0
    code, _, err = run("ask", folder, "settle", "kent", "not-sent")
    assert code == 2
    assert "is sent, which is certain" in err
    assert (folder / "requests.jsonl").read_text().count("received") == 1


def test_a_year_on_the_questions_contacts_and_definitions_come_along(folder: Path, tmp_path: Path) -> None:
    text = (folder / "survey.toml").read_text()
    (folder / "survey.toml").write_text(text + '\n[[definition]]\nterm = "flag"\ntext = "The flag, since 2015."\n')
    code, _, err = run("new", tmp_path / "2026", "--from", folder)
    assert code == 0, err
    assert "definition flag, text still names 2015: check it" in err
    old, new = store.read_survey(folder), store.read_survey(tmp_path / "2026")
    assert (tmp_path / "2026/contacts.csv").read_bytes() == (folder / "contacts.csv").read_bytes()
    assert new.definitions == old.definitions
    assert [(q.id, q.version) for q in new.questions] == [(q.id, q.version) for q in old.questions]
    assert [period.id for period in new.periods] == ["2016/17", "2017/18"]
    assert not (tmp_path / "2026/requests.jsonl").exists()
    assert not set(index_tokens(old)) & set(index_tokens(new))
    assert tomllib.loads((tmp_path / "2026/survey.toml").read_text())["contact"]["name"] == "Survey desk"
