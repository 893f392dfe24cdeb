"""Where requests stand, what is due next, and what the letters argue."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from answerable import store
from answerable.ask.board import STAGES, Standing, count_late, make_board
from answerable.ask.grounds import TESTS, find_grounds, load_grounds, make_case
from answerable.ask.outbox import Entry, log_entry, read_outbox
from answerable.ask.record import log_letters, read_events
from answerable.ask.references import make_token
from answerable.ask.steps import Step, find_step
from answerable.cli import main
from answerable.clock import Event, add_working_days, load_calendar
from answerable.clock.deadlines import EventKind
from answerable.line import read_matter
from answerable.model import Authority, Bounds, Document, Exemption, Law, Observation, Outcome, Reply, Source, Status
from building import SURVEY_TEXT, build_survey

SURVEY = build_survey(
    SURVEY_TEXT.replace('nations = ["England", "Wales"]', 'authorities = ["kent", "police-scotland"]')
)
KENT, SCOTLAND = SURVEY.authorities
CALENDAR = load_calendar()
PAPER = Document(sha256="", name="r.pdf", media_type="", path="kent/r.pdf")
ASKED: tuple[EventKind, str] = ("received", "2026-09-07")
"""A reply is due by 5 October 2026 under either Act."""


def make_events(*told: tuple[EventKind, str]) -> tuple[Event, ...]:
    return tuple(Event(kind=kind, on=date.fromisoformat(on)) for kind, on in told)


def make_reply(outcome: Outcome, *sections: str, came: bool = True) -> Reply:
    exemptions = tuple(Exemption(question="", section=s.partition("(")[0], subsection=s[2:]) for s in sections)
    return Reply(
        id="kent", authority="kent", received=None, outcome=outcome, exemptions=exemptions,
        documents=(PAPER,) if came else (),
    )  # fmt: skip


def see(status: Status = "normal", *, accepted: bool = True, ref: str = "A1") -> Observation:
    return Observation(
        survey="practice", authority="kent", question="offences", period="2015/16", dimensions=(),
        value=5 if status == "normal" else None, bounds=Bounds(low=0, high=4) if status == "suppressed" else None,
        unit="offences", status=status, accepted=accepted, original_value="", origin="reader", evidence=(),
        source=Source(document=PAPER.path, part="", ref=ref, quote=""),
    )  # fmt: skip


def stand(
    reply: Reply | None, *told: tuple[EventKind, str], today: str = "2026-10-20", seen: tuple[Observation, ...] = (),
    outbox: dict[str, Entry] | None = None, **more: object,
) -> Standing:  # fmt: skip
    replies = (reply,) if reply else ()
    board = make_board(
        SURVEY, replies, seen, {"kent": make_events(*told)}, outbox or {}, date.fromisoformat(today), CALENDAR, **more
    )  # type: ignore[arg-type]
    return board.standings[0]


@pytest.mark.parametrize(
    ("reply", "told", "seen", "stage"),
    [
        (None, (), (), "not_asked"),
        (None, (ASKED,), (), "late"),
        (None, (ASKED, ("clarification_asked", "2026-09-10")), (), "clarification"),
        (None, (ASKED, ("clarification_asked", "2026-09-10"), ("clarified", "2026-10-01")), (), "waiting"),
        (None, (ASKED, ("fees_notice", "2026-09-10")), (), "fee"),
        (None, (ASKED, ("extended", "2026-09-30")), (), "waiting"),  # to weigh the public interest
        (make_reply("waiting_response"), (ASKED,), (), "unread"),
        (make_reply("waiting_response"), (ASKED,), (see(),), "answered"),
        (make_reply("successful"), (ASKED,), (see(),), "answered"),
        (make_reply("partially_successful", "40(2)"), (ASKED,), (see(),), "partly"),
        (make_reply("rejected", "12"), (ASKED,), (), "refused"),
        (make_reply("not_held"), (ASKED,), (), "not_held"),
        (make_reply("waiting_clarification"), (ASKED,), (), "clarification"),
        (make_reply("waiting_clarification"), (ASKED, ("clarified", "2026-10-12")), (), "unread"),
        (make_reply("user_withdrawn", came=False), (ASKED,), (), "withdrawn"),
        (make_reply("rejected", "12"), (ASKED, ("review_asked", "2026-10-12")), (), "review"),
        (make_reply("rejected", "12"), (ASKED, ("review_asked", "2026-08-12")), (), "review_late"),
        (
            make_reply("rejected", "12"),
            (ASKED, ("review_asked", "2026-10-01"), ("replied", "2026-10-15")),
            (),
            "refused",
        ),
    ],
)
def test_every_request_has_one_stage(
    reply: Reply | None, told: tuple[tuple[EventKind, str], ...], seen: tuple[Observation, ...], stage: str
) -> None:
    assert stand(reply, *told, seen=seen).stage == stage


def test_an_acknowledgement_is_no_reply() -> None:
    assert stand(make_reply("waiting_response"), ASKED, acknowledged=["kent"]).stage == "late"


def test_lateness_is_counted_in_working_days_to_the_reply() -> None:
    assert stand(None, ASKED).days_late == 11
    assert stand(make_reply("successful"), ASKED, ("replied", "2026-10-07"), seen=(see(),)).days_late == 2
    assert stand(make_reply("successful"), ASKED, seen=(see(),)).days_late == 0, "nobody knows when it came"


@given(st.dates(date(2025, 1, 1), date(2027, 6, 1)), st.integers(1, 80))
def test_days_late_turn_a_count_of_working_days_back(due: date, n: int) -> None:
    laws: tuple[Law, ...] = ("FOIA", "FOISA")
    for law in laws:
        assert count_late(due, add_working_days(due, n, law), law, CALENDAR) == n


def test_the_board_adds_up_and_knows_the_share_of_children() -> None:
    other = replace(see(accepted=False, ref="A3"), period="2016/17")
    # The second repeats the first and is not open; the third is.
    seen, told = (see(), see(accepted=False, ref="A2"), other), {"kent": make_events(ASKED)}
    for children, share in (({"kent": 300, "police-scotland": 900}, 25.0), ({"kent": 300}, None), (None, None)):
        board = make_board(SURVEY, [make_reply("successful")], seen, told, {}, date(2026, 10, 20), CALENDAR, children)
        assert board.share_children == share
    assert sum(n for _, n in board.stages) == board.n_authorities == 2
    assert (board.n_asked, board.n_answered, board.share_answered, board.for_review) == (1, 1, 50.0, 1)
    assert set(dict(board.stages)) <= set(STAGES)


# Steps


def entry(kind: str, on: str, authority: str = "kent") -> dict[str, Entry]:
    key = f"<{kind}>"
    return {key: Entry(message_id=key, kind=kind, authority=authority, state="sent", at=f"{on}T09:00:00Z")}


def step(
    authority: Authority, reply: Reply | None, *told: tuple[EventKind, str], today: str = "2026-10-20",
    sent: dict[str, Entry] | None = None, hidden: bool = False,
) -> Step | None:  # fmt: skip
    moved = replace(reply, authority=authority.id) if reply else None
    events = make_events(*told)
    board = make_board(
        SURVEY, (moved,) if moved else (), (), {authority.id: events}, sent or {}, date.fromisoformat(today), CALENDAR
    )
    standing = next(item for item in board.standings if item.authority == authority.id)
    return find_step(authority, standing, events, sent or {}, hidden, date.fromisoformat(today), CALENDAR)


REFUSED = make_reply("rejected", "12")
REPLIED: tuple[EventKind, str] = ("replied", "2026-10-01")
REVIEW: tuple[EventKind, str] = ("review_asked", "2026-10-08")


@pytest.mark.parametrize(
    ("authority", "reply", "told", "today", "sent", "kind"),
    [
        (KENT, None, (ASKED,), "2026-10-05", {}, None),  # the last day is in time
        (KENT, None, (ASKED,), "2026-10-06", {}, "reminder-1"),
        (KENT, None, (ASKED,), "2026-10-13", entry("reminder-1", "2026-10-06"), None),
        (KENT, None, (ASKED,), "2026-10-14", entry("reminder-1", "2026-10-06"), "reminder-2"),
        (
            KENT,
            None,
            (ASKED,),
            "2026-10-30",
            entry("reminder-1", "2026-10-06") | entry("reminder-2", "2026-10-14"),
            "complaint",
        ),
        (SCOTLAND, None, (ASKED,), "2026-10-14", entry("reminder-1", "2026-10-06", "police-scotland"), "review"),
        (KENT, REFUSED, (ASKED, REPLIED), "2026-10-20", {}, "review"),
        (KENT, REFUSED, (ASKED,), "2026-10-20", {}, "review"),  # nobody logged when it came
        (KENT, REFUSED, (ASKED, REPLIED), "2026-12-20", {}, ""),  # the window has closed
        (KENT, REFUSED, (ASKED, REPLIED, REVIEW), "2026-10-20", {}, None),
        (KENT, REFUSED, (ASKED, REPLIED, REVIEW), "2026-11-10", {}, None),  # 20 days are over, 40 are not
        (KENT, REFUSED, (ASKED, REPLIED, REVIEW), "2026-12-10", {}, "complaint"),
        (SCOTLAND, REFUSED, (ASKED, REPLIED, REVIEW), "2026-11-10", {}, "complaint"),
        (KENT, REFUSED, (ASKED, REPLIED, REVIEW, ("replied", "2026-10-19")), "2026-10-20", {}, "complaint"),
        (KENT, REFUSED, (ASKED, REPLIED, REVIEW), "2026-12-10", entry("complaint", "2026-12-08"), None),
        (KENT, make_reply("waiting_clarification"), (ASKED,), "2026-10-20", {}, ""),
        (KENT, make_reply("successful"), (ASKED, REPLIED), "2026-10-20", {}, None),
    ],
)
def test_the_next_step(
    authority: Authority, reply: Reply | None, told: tuple[tuple[EventKind, str], ...], today: str,
    sent: dict[str, Entry], kind: str | None,
) -> None:  # fmt: skip
    found = step(authority, reply, *told, today=today, sent=sent)
    assert (found.kind if found else None) == kind


def test_small_numbers_withheld_from_an_answer_are_a_step_too() -> None:
    found = step(KENT, make_reply("successful"), ASKED, REPLIED, hidden=True)
    assert found
    assert found.kind == "review"
    assert "small numbers withheld" in found.why


# Grounds


def argue(reply: Reply, text: str, *seen: Observation, authority: Authority = KENT, late: bool = False) -> list[str]:
    moved = tuple(replace(item, authority=authority.id) for item in seen)
    case = make_case(SURVEY, authority, reply, moved, text, late=late, received="7 September", due="5 October")
    found = find_grounds(case)
    assert not any("{" in title + argued for _, title, argued in found), "every word is filled in"
    return [ground.id for ground, _, _ in found]


COST = "It would exceed 18 hours."


@pytest.mark.parametrize(
    ("reply", "text", "seen", "grounds"),
    [
        (REFUSED, COST, (), ["cost-estimate", "cost-first-question", "cost-advice"]),
        (REFUSED, "245 records at 5 minutes each.", (), ["cost-first-question", "cost-advice"]),
        (REFUSED, f"{COST} You may wish to refine it.", (), ["cost-estimate", "cost-first-question"]),
        (REFUSED, f"{COST} Under section 16.", (see(),), ["cost-estimate"]),  # question 1 was answered
        (
            REFUSED,
            "300 records would take 20 hours including the time to redact them. Section 16.",
            (see(),),
            ["cost-activities"],
        ),
        (make_reply("partially_successful", "40(2)"), "", (see(), see("suppressed")), ["small-numbers"]),
        (make_reply("successful"), "", (see(), see("suppressed")), ["small-numbers"]),  # nobody said why
        (make_reply("partially_successful", "40(2)"), "", (see(), see("refused")), []),
        (make_reply("partially_successful", "12"), "18 hours, s.16", (see("suppressed"), see()), ["cost-estimate"]),
        (make_reply("rejected", "31(1)"), "", (), ["public-interest", "harm"]),
        (make_reply("rejected", "31(1)"), "The public interest favours withholding.", (), ["harm"]),
        (make_reply("rejected", "21"), "", (), ["otherwise-accessible"]),
        (make_reply("rejected", "14"), "", (), ["vexatious"]),
        (make_reply("not_held"), "", (), ["not-held"]),
        (make_reply("rejected"), "", (), ["no-section"]),
    ],
)
def test_grounds_fit_what_was_refused(
    reply: Reply, text: str, seen: tuple[Observation, ...], grounds: list[str]
) -> None:
    assert argue(reply, text, *seen) == grounds


def test_scotland_argues_under_its_own_act() -> None:
    reply = make_reply("partially_successful", "38(1)(b)")
    assert argue(reply, "", see(), see("suppressed"), authority=SCOTLAND) == ["small-numbers-scotland"]
    assert argue(REFUSED, COST, authority=SCOTLAND) == ["cost-first-question", "cost-advice"]


def test_silence_is_a_ground() -> None:
    assert argue(make_reply("waiting_response", came=False), "", late=True) == ["late"]


def test_every_ground_has_a_source_and_a_test() -> None:
    grounds = load_grounds()
    assert {ground.when for ground in grounds} == set(TESTS)
    assert len({ground.id for ground in grounds}) == len(grounds)
    assert all(ground.source for ground in grounds)


# The commands


def run(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, [str(word) for word in words])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    asked = 'authorities = ["kent", "sussex", "essex", "police-scotland"]'
    text = SURVEY_TEXT.replace('nations = ["England", "Wales"]', asked)
    text += '\n[contact]\nname = "Survey desk"\nemail = "desk@example.org"\n'
    contacts = "authority,email,name\n" + "".join(
        f"{name},foi@{name}.example,\n" for name in ("kent", "sussex", "essex", "information-commissioner")
    )
    refusal = (
        "Your request is refused. To answer would exceed the appropriate limit of 18 hours, so it is exempt under "
        "section 12(1) of the Freedom of Information Act."
    )
    files = {
        "survey.toml": text,
        "contacts.csv": contacts,
        "replies/kent/reply.txt": refusal,
        "replies/kent/reply.toml": 'received = 2026-10-01\nreference = "FOI 123/26"\n',
        "replies/sussex/ack.txt": "Your request has been received and will be dealt with within 20 working days.",
        "population.csv": "authority,period,children,source,year,licence\n"
        + "".join(f"{n},,100,S,2026,OGL\n" for n in ("kent", "sussex", "essex", "police-scotland")),
    }
    store.write_folder(tmp_path / "2026", files)
    for name in ("kent", "sussex", "essex"):
        run("clock", tmp_path / "2026", name, "--log", "received=2026-09-07")
    return tmp_path / "2026"


def test_status_in_the_terminal_and_in_json(folder: Path) -> None:
    code, out, err = run("status", folder, "--today", "2026-10-20")
    assert code == 0, err
    assert "s.12(1)" in out
    assert "0 of 4 answered (0%, 0% by children)" in err
    code, out, _ = run("status", folder, "--today", "2026-10-20", "--json")
    told = json.loads(out)
    assert {item["authority"]: item["stage"] for item in told["standings"]} == {
        "kent": "refused",
        "sussex": "late",  # an acknowledgement is no reply
        "essex": "late",
        "police-scotland": "not_asked",
    }
    assert told["stages"] == {"not_asked": 1, "late": 2, "refused": 1}
    assert (told["n_asked"], told["n_late"], told["share_children"]) == (3, 2, 0.0)
    code, out, _ = run("status", folder, "--today", "2026-10-20", "--stage", "late", "--json")
    assert [item["authority"] for item in json.loads(out)["standings"]] == ["sussex", "essex"]
    assert run("status", folder, "--stage", "lat")[0] == 2


def test_the_web_app_can_ask_for_the_board(folder: Path) -> None:
    board = read_matter(folder, date(2026, 10, 20)).board
    assert hash(board)
    assert board.n_late == 2


def test_chasers_are_drafted_in_bulk_and_stale_ones_taken_away(folder: Path) -> None:
    code, out, _ = run("ask", folder, "chase", "--today", "2026-10-20", "--json")
    assert code == 0
    assert {row["authority"]: row["letter"] for row in json.loads(out)} == {
        "kent": "review",
        "sussex": "reminder-1",
        "essex": "reminder-1",
    }
    letter = message_from_bytes((folder / "letters/review/kent.eml").read_bytes(), policy=policy.default)
    token = make_token(store.read_survey(folder), "kent")
    assert letter["Message-ID"] == f"<review.{token.lower()}@example.org>"
    assert letter["In-Reply-To"] == f"<request.{token.lower()}@example.org>"
    body = " ".join(str(letter.get_body().get_content()).split())  # type: ignore[union-attr]
    assert "your reply of 1 October 2026 (your reference FOI 123/26)" in body
    assert "1. There is no estimate of the cost" in body
    notes = (folder / "letters/review/kent.md").read_text()
    assert "ico.org.uk" in notes.split("Not sent")[1]
    assert "ico.org.uk" not in body
    _, out, _ = run("status", folder, "--today", "2026-10-20", "--json")
    drafted = {item["authority"]: item["drafted"] for item in json.loads(out)["standings"]}
    assert drafted == {"kent": ["review"], "sussex": ["reminder-1"], "essex": ["reminder-1"], "police-scotland": []}
    again = {path: path.read_bytes() for path in (folder / "letters").rglob("*.*")}
    run("ask", folder, "chase", "--today", "2026-10-20")
    assert {path: path.read_bytes() for path in (folder / "letters").rglob("*.*")} == again
    run("clock", folder, "essex", "--log", "replied=2026-10-19")
    run("ask", folder, "chase", "--today", "2026-10-20")
    assert not (folder / "letters/reminder-1/essex.eml").exists()
    assert (folder / "letters/reminder-1/sussex.eml").exists()


def test_a_reminder_is_held_when_the_reply_has_come(folder: Path) -> None:
    run("ask", folder, "chase", "--today", "2026-10-20")
    (folder / "replies/essex").mkdir()
    (folder / "replies/essex/reply.txt").write_text("1. Offences recorded in 2015/16: 12\n2016/17: 14\n")
    _, out, _ = run("ask", folder, "send", "--today", "2026-10-20", "--json")
    states = {(row["kind"], row["authority"]): row["state"] for row in json.loads(out)}
    assert states["reminder-1", "essex"] == "held"
    assert states["reminder-1", "sussex"] == "ready"
    assert states["review", "kent"] == "ready"


def test_a_complaint_takes_its_papers_along(folder: Path) -> None:
    survey = store.read_survey(folder)
    request = b"Message-ID: <x>\r\n\r\nThe request\r\n"
    store.write_letter(folder, "sent/request", "kent.eml", request)
    run("clock", folder, "kent", "--log", "review_asked=2026-10-08")
    run("ask", folder, "chase", "--today", "2026-12-10")
    letter = message_from_bytes((folder / "letters/complaint/kent.eml").read_bytes(), policy=policy.default)
    assert letter["To"] == "foi@information-commissioner.example"
    attached = {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
    assert attached["sent-request.eml"] == request
    assert attached["reply-reply.txt"] == (folder / "replies/kent/reply.txt").read_bytes()
    body = str(letter.get_body().get_content())  # type: ignore[union-attr]
    assert "section 50" in body
    assert "- 8 October 2026: it received the request for a review" in body.replace("\r\n", "\n")
    assert make_token(survey, "kent") in body


def test_a_letter_sent_is_an_event_even_if_the_run_was_killed_before_it_was_logged(folder: Path) -> None:
    survey = store.read_survey(folder)
    at = datetime(2026, 10, 9, 23, 30, tzinfo=UTC)  # half past midnight on the 10th in London
    sent = Entry(message_id="<r>", kind="review", authority="kent", state="sent", at=f"{at:%Y-%m-%dT%H:%M:%SZ}")
    log_entry(folder, sent)
    assert read_outbox(folder)["<r>"] == sent
    expected = Event(kind="review_asked", on=date(2026, 10, 10))
    assert expected in read_events(folder, survey)["kent"]
    assert expected.on.isoformat() not in (folder / "requests.jsonl").read_text()
    assert log_letters(folder, survey) == 1
    assert log_letters(folder, survey) == 0
    assert read_events(folder, survey)["kent"].count(expected) == 1
