"""What comes back, by every way: filed once under whose it is, and what is in doubt waits for a person."""

import csv
import hashlib
import io
import json
import mailbox
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable import store
from answerable.ask.references import make_message_id, make_plus_address, make_token
from answerable.ask.workbook import fill_form, make_form
from answerable.cli import main
from answerable.clock.log import parse_requests
from answerable.inbox import Item, file_items, match_letter, parse_letter, read_inbox, read_items
from answerable.inbox.exports import read_export
from answerable.inbox.items import read_mbox
from answerable.inbox.matching import index_survey
from answerable.inbox.statuses import ALAVETELI, FROIDE, MUCKROCK, map_alaveteli, map_froide, map_muckrock
from answerable.line import read_edition
from building import SURVEY_TEXT, build_survey
from imap_server import PASSWORD, USER, put_message, serve_mailbox

TEXT = SURVEY_TEXT + '\n[contact]\nname = "Survey desk"\nemail = "desk@example.org"\n'
SURVEY = build_survey(TEXT)
TOKENS = {authority.id: make_token(SURVEY, authority.id) for authority in SURVEY.authorities}
DESK = "desk@example.org"
INDEX = index_survey(SURVEY, {"kent": "foi@kent-requests.example"})


def write_mail(
    subject: str = "Your request",
    *,
    sender: str = "foi@office.example",
    to: str = DESK,
    body: str = "Please find our answer.",
    sent: str = "Mon, 02 Mar 2026 10:00:00 +0000",
    attached: tuple[tuple[str, bytes], ...] = (),
    **heads: str,
) -> bytes:
    message = EmailMessage()
    for name, value in {"Subject": subject, "From": sender, "To": to, "Date": sent, **heads}.items():
        message[name.replace("_", "-")] = value
    if "Message_ID" not in heads:
        digest = hashlib.sha256(repr((subject, body, sender)).encode()).hexdigest()[:16]
        message["Message-ID"] = f"<{digest}@office.example>"
    message.set_content(body)
    for name, data in attached:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "survey").mkdir()
    (tmp_path / "survey" / "survey.toml").write_text(TEXT)
    return tmp_path / "survey"


def run(folder: Path, *words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["inbox", str(folder), *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


def list_replies(folder: Path) -> list[str]:
    files = (path for path in (folder / "replies").rglob("*") if path.is_file())
    return sorted(path.relative_to(folder / "replies").as_posix() for path in files)


def file_mail(folder: Path, *mails: bytes) -> list[str]:
    """File mails and give the state and authority of each."""
    items = [Item(kind="mail", name="a.eml", source="a test", data=mail) for mail in mails]
    return [f"{entry.state} {entry.authority}".strip() for entry in file_items(folder, SURVEY, items).entries]


# Whose it is


KENT, ESSEX = TOKENS["kent"], TOKENS["essex"]
ANSWERED = make_message_id("request", KENT, DESK)
FORM = fill_form(make_form(SURVEY), next(a for a in SURVEY.authorities if a.id == "kent"), KENT)

MATCHES: list[tuple[str, str, bytes]] = [
    ("kent", "the thread", write_mail(In_Reply_To=ANSWERED)),
    ("kent", "the thread", write_mail(References=f"<other@x.example> {ANSWERED}")),
    ("kent", "the address it was sent to", write_mail(to=make_plus_address(DESK, KENT))),
    ("kent", "the reference in the subject", write_mail(f"RE: Request (our reference {KENT}) [4471/26]")),
    # A clerk typed it: small letters, O for 0.
    ("kent", "the reference in the subject", write_mail(f"re {KENT.lower().replace('0', 'o')}")),
    ("kent", "the reference in its text", write_mail(body=f"We refer to {KENT}.\nThe answer is attached.")),
    ("kent", "the reference in an attachment", write_mail(attached=(("form.xlsx", FORM),))),
    ("kent", "the reference in an attachment", write_mail(attached=((f"answer {KENT}.pdf", b"%PDF"),))),
    (
        "kent",
        "the sender's domain and the subject",
        write_mail("Freedom of Information request 4471/26", sender="foi@kent.police.uk"),
    ),
    ("kent", "the sender's domain and the subject", write_mail("FOI 4471/26", sender="a@kent-requests.example")),
    ("kent", "the sender's domain and the subject", write_mail("FOI 4471/26", sender="a@mail.kent.police.uk")),
    # A newsletter of the same office is no reply.
    ("", "only the sender's domain", write_mail("Community news", sender="news@kent.police.uk")),
    ("", "only the sender's domain", write_mail("FOI about Essex", sender="foi@kent.police.uk")),
    ("", "only the name in the subject", write_mail("FOI answer from Kent Police", sender="bureau@mail.example")),
    ("", "nothing ties it to a request", write_mail("Lunch?", sender="friend@mail.example")),
    # Two requests in one letter, and a letter that answers one and comes from another.
    ("", "the reference in its text names several requests", write_mail(body=f"{KENT} and {ESSEX}")),
    ("", "the thread names another than its sender", write_mail(sender="a@essex.police.uk", In_Reply_To=ANSWERED)),
    # The thread is looked at first, what is quoted below last.
    ("kent", "the thread", write_mail(body=f"> {ESSEX}", In_Reply_To=ANSWERED)),
    # A reference that does not check is none.
    ("", "nothing ties it to a request", write_mail("re ANS-0000-0001")),
]


@pytest.mark.parametrize(("authority", "how", "mail"), MATCHES, ids=[str(n) for n in range(len(MATCHES))])
def test_a_letter_is_matched_by_its_strongest_evidence(authority: str, how: str, mail: bytes) -> None:
    match = match_letter(parse_letter(mail), INDEX)
    assert (match.authority, match.how) == (authority, how)


def test_a_doubtful_letter_has_its_candidates(folder: Path) -> None:
    match = match_letter(parse_letter(write_mail(body=f"{KENT} and {ESSEX}")), INDEX)
    assert set(match.candidates) == {"kent", "essex"}


def test_a_letter_that_came_back_is_no_reply(folder: Path) -> None:
    back = (
        b"From: MAILER-DAEMON@example.org\nSubject: Undelivered\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        b"--b\nContent-Type: text/plain\n\nIt could not be delivered.\n"
        b"--b\nContent-Type: message/rfc822\n\nMessage-ID: " + ANSWERED.encode() + b"\nSubject: x\n\nText\n--b--\n"
    )
    assert file_mail(folder, back) == ["bounced kent"]
    assert list_replies(folder) == []
    code, out, _ = run(folder, "list", "--json")
    assert code == 0
    assert json.loads(out)[0]["state"] == "bounced"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_a_letter_that_nobody_is_sure_of(data: bytes) -> None:
    assert match_letter(parse_letter(b"From: a@x.example\n" + data), INDEX).authority == ""


# Filing


def test_a_reply_is_filed_as_it_came_and_read(folder: Path) -> None:
    table = b"Year,Total\n2015/16,59\n2016/17,72\n"
    mail = write_mail(f"FOI {KENT}", body=f"Our reference {KENT}", attached=(("table.csv", table),))
    assert file_mail(folder, mail) == ["filed kent"]
    (name,) = list_replies(folder)
    assert name.startswith("kent/2026-03-02-foi-ans-")
    assert (folder / "replies" / name).read_bytes() == mail
    edition = read_edition(folder, workers=1)
    kent = next(reply for reply in edition.replies if reply.authority == "kent")
    assert kent.received == date(2026, 3, 2)
    assert {"table.csv"} <= {document.name for document in kent.documents}


def test_the_same_letter_is_filed_once_whichever_way_it_came(folder: Path, tmp_path: Path) -> None:
    mail = write_mail(f"FOI {KENT}", Message_ID="<one@office.example>", body="From the office\nFrom here on\n")
    (tmp_path / "one.eml").write_bytes(b"Received: by a server\n" + mail.replace(b"\n", b"\r\n"))
    box = mailbox.mbox(tmp_path / "box")
    box.add(mail)
    box.close()
    maildir = mailbox.Maildir(tmp_path / "maildir")
    maildir.add(mail)
    for name in ("one.eml", "box", "maildir"):
        assert run(folder, "file", tmp_path / name)[0] == 0
    assert len(list_replies(folder)) == 1
    assert len(read_inbox(folder)) == 1


def test_another_letter_under_the_same_message_id_is_another(folder: Path) -> None:
    one = write_mail(f"FOI {KENT}", Message_ID="<one@office.example>", body="first")
    two = write_mail(f"FOI {KENT}", Message_ID="<one@office.example>", body="second, corrected")
    assert file_mail(folder, one, two, one) == ["filed kent", "filed kent"]
    assert len(list_replies(folder)) == 2


def test_what_is_in_doubt_waits_until_a_person_says_whose_it_is(folder: Path) -> None:
    mail = write_mail("Community news", sender="news@kent.police.uk")
    assert file_mail(folder, mail) == ["waiting"]
    assert list_replies(folder) == []
    (entry,) = json.loads(run(folder, "list", "--json")[1])
    assert entry["candidates"] == ["kent"]
    assert (folder / entry["path"]).read_bytes() == mail
    assert (folder / "private").stat().st_mode & 0o077 == 0
    assert run(folder, "assign", entry["key"], "narnia")[0] == 2
    assert run(folder, "assign", "0" * 16, "kent")[0] == 2
    assert run(folder, "assign", entry["key"], "kent")[0] == 0
    assert len(list_replies(folder)) == 1
    assert json.loads(run(folder, "list", "--json")[1]) == []
    assert file_mail(folder, mail) == [], "it is known now"


def test_what_is_set_aside_stays_away_and_can_be_had_back(folder: Path) -> None:
    file_mail(folder, write_mail("Lunch?"))
    (entry,) = json.loads(run(folder, "list", "--json")[1])
    assert run(folder, "discard", entry["key"])[0] == 0
    assert json.loads(run(folder, "list", "--json")[1]) == []
    assert file_mail(folder, write_mail("Lunch?")) == []
    assert run(folder, "assign", entry["key"], "kent")[0] == 0


def test_a_folder_is_filed_by_the_references_in_its_files(folder: Path, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    (drop / "inner").mkdir(parents=True)
    (drop / "returned.xlsx").write_bytes(FORM)
    (drop / "inner" / f"{ESSEX} reply.csv").write_text("Year,Total\n2015/16,4\n")
    (drop / "unknown.csv").write_text("1\n")
    (drop / "link.csv").symlink_to("/etc/hostname")
    code, out, _ = run(folder, "file", drop, "--json")
    assert code == 0
    states = Counter((entry["state"], entry["authority"]) for entry in json.loads(out)["entries"])
    assert states == {("filed", "kent"): 1, ("filed", "essex"): 1, ("waiting", ""): 1}
    assert run(folder, "file", drop / "unknown.csv", "--authority", "narnia")[0] == 2


def test_a_file_that_a_person_names_is_filed_there(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "q3.csv").write_text("Year,Total\n2015/16,4\n")
    assert run(folder, "file", tmp_path / "q3.csv", "--authority", "durham")[0] == 0
    (name,) = list_replies(folder)
    assert name.startswith("durham/")


def test_a_saved_disclosure_log_belongs_to_the_site_it_is_from(folder: Path, tmp_path: Path) -> None:
    page = "<html><head>{}</head><body><h1>Disclosure log</h1><p>About Essex</p></body></html>"
    own = page.format('<link rel="canonical" href="https://www.kent.police.uk/foi/4471">')
    saved = "<!-- saved from url=(0036)https://www.kent.police.uk/foi/4472 -->" + page.format("")
    for name, text in (("a.html", own), ("b.html", saved), ("c.html", page.format(""))):
        (tmp_path / name).write_text(text)
    code, out, _ = run(folder, "file", *(tmp_path / f"{name}.html" for name in "abc"), "--json")
    assert code == 0
    assert [entry["authority"] for entry in json.loads(out)["entries"]] == ["kent", "kent", ""]


def test_a_date_to_come_counts_from_the_day_it_was_filed(folder: Path) -> None:
    file_mail(folder, write_mail(f"FOI {KENT}", sent="Mon, 02 Mar 2099 10:00:00 +0000"))
    (entry,) = read_inbox(folder).values()
    assert date.fromisoformat(entry.on) <= date.today()


@pytest.mark.parametrize("name", ["../../x.eml", "/etc/x", "a\x00b", "ü" * 300, ""])
def test_a_name_never_leads_out_of_the_folder(folder: Path, name: str) -> None:
    items = [Item(kind="file", name=name, source="a test", data=f"{KENT} {name}".encode())]
    file_items(folder, SURVEY, items, authority="kent")
    (path,) = list_replies(folder)
    assert path.startswith("kent/")


def test_an_mbox_is_parted_where_a_mail_begins(tmp_path: Path) -> None:
    mails = [write_mail(f"{n}", body=f"From here on: {n}\n\nFrom the office\n") for n in range(5)]
    box = mailbox.mbox(tmp_path / "box")
    for mail in mails:
        box.add(mail)
    box.close()
    found = [item.data for item in read_mbox(tmp_path / "box")]
    assert [parse_letter(data or b"").key for data in found] == [parse_letter(mail).key for mail in mails]


def test_an_outlook_message_waits_or_is_filed_by_its_words(folder: Path) -> None:
    sample = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "mail" / "strangeDate.msg"
    if not sample.exists():
        pytest.skip("needs the corpus")
    assert run(folder, "file", sample)[0] == 0
    assert [entry.state for entry in read_inbox(folder).values()] == ["waiting"]


# Interruptions


def make_mails(tmp_path: Path, n: int) -> Path:
    names = list(TOKENS)
    box = mailbox.mbox(tmp_path / "box")
    for number in range(n):
        token = TOKENS[names[number % len(names)]]
        box.add(write_mail(f"{number} {token if number % 7 else ''}", body=f"{number}\n" * 40))
    box.close()
    return tmp_path / "box"


@pytest.mark.parametrize("seed", range(3))
def test_killed_anywhere_nothing_is_lost_and_nothing_doubled(folder: Path, tmp_path: Path, seed: int) -> None:
    box = make_mails(tmp_path, 150)
    chance = random.Random(seed)
    words = [sys.executable, "-m", "answerable", "inbox", str(folder), "file", str(box)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for _ in range(4):
        with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            wait_for_files(folder, len(read_inbox(folder)) + chance.randrange(1, 40), process)
            process.send_signal(signal.SIGKILL)
    assert 0 < len(read_inbox(folder)) < 150
    assert subprocess.run(words, env=environment, capture_output=True, check=False).returncode == 0
    entries = read_inbox(folder)
    assert len(entries) == 150
    kept = [path for path in (folder / "private" / "inbox").iterdir() if path.suffix == ".eml"]
    assert len(list_replies(folder)) + len(kept) == 150
    assert all((folder / entry.path).is_file() for entry in entries.values())


def wait_for_files(folder: Path, n: int, process: "subprocess.Popen[bytes]") -> None:
    """Until n lines are written, or the process has ended."""
    log = folder / "inbox.jsonl"
    while process.poll() is None and (not log.exists() or log.read_bytes().count(b"\n") < n):
        time.sleep(0.002)


def test_two_runs_at_once_are_not_let(folder: Path) -> None:
    with store.lock_inbox(folder):
        code, _, said = run(folder, "file", folder / "survey.toml")
    assert code == 2
    assert "another process is filing" in said


# A mailbox


def test_a_mailbox_is_fetched_from_where_the_last_run_left_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWERABLE_IMAP_PASSWORD", PASSWORD)
    with serve_mailbox() as (port, _, mail):
        (folder / "mail.toml").write_text(
            f'[imap]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nuser = "{USER}"\n'
        )
        put_message(mail, "", "news", write_mail("Community news", sender="news@kent.police.uk"))
        for number, token in enumerate((KENT, ESSEX)):
            put_message(mail, "", f"{number}", write_mail(f"FOI {token}", body=f"{number}"))
        code, out, _ = run(folder, "fetch", "--json")
        assert code == 0
        assert Counter(entry["state"] for entry in json.loads(out)["entries"]) == {"filed": 2, "waiting": 1}
        put_message(mail, "", "later", write_mail(f"FOI {TOKENS['durham']}"))
        code, out, _ = run(folder, "fetch", "--json")
        told = json.loads(out)
        assert (told["known"], [entry["authority"] for entry in told["entries"]]) == (0, ["durham"])
        assert [path.partition("/")[0] for path in list_replies(folder)] == ["durham", "essex", "kent"]
        # Nothing in the mailbox was marked as seen or moved.
        assert not list(mail.rglob("*:2,*S*"))


def test_fetching_killed_anywhere_loses_and_doubles_nothing(folder: Path) -> None:
    words = [sys.executable, "-m", "answerable", "inbox", str(folder), "fetch"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "ANSWERABLE_IMAP_PASSWORD": PASSWORD}
    names = list(TOKENS)
    chance = random.Random(5)
    with serve_mailbox() as (port, _, mail):
        (folder / "mail.toml").write_text(
            f'[imap]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nuser = "{USER}"\n'
        )
        for number in range(60):
            put_message(mail, "", f"{number}", write_mail(f"FOI {TOKENS[names[number % 43]]}", body=f"{number}"))
        for _ in range(3):
            with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run_:
                wait_for_files(folder, len(read_inbox(folder)) + chance.randrange(1, 15), run_)
                run_.send_signal(signal.SIGKILL)
        assert 0 < len(read_inbox(folder)) < 60
        assert subprocess.run(words, env=environment, capture_output=True, check=False).returncode == 0
    assert len(read_inbox(folder)) == len(list_replies(folder)) == 60


def test_a_mailbox_that_is_not_named_or_does_not_answer_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "names no mailbox" in run(folder, "fetch")[2]
    monkeypatch.setenv("ANSWERABLE_IMAP_PASSWORD", "secret")
    (folder / "mail.toml").write_text('[imap]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nuser = "desk"\n')
    code, _, said = run(folder, "fetch")
    assert code == 2
    assert "cannot be reached" in said


# Exports of other sites


def write_csv(*rows: dict[str, object]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def write_dashboard() -> bytes:
    rows = (("Kent Police", 1, "Successful"), ("Essex Police", 0, "Long overdue"), ("Narnia Police", 0, "Refused"))
    return write_csv(
        *(
            {
                "request_url": f"https://requests.example/{name}",
                "authority_name": name,
                "number_of_replies": n,
                "request_status": status,
            }
            for name, n, status in rows
        )
    )


def write_batch() -> bytes:
    out = io.BytesIO()
    files = {
        "batch-7-cyber-dashboard-2026-03-20-090000.csv": write_dashboard(),
        "Kent Police - cyber_flag_2/2026-02-03-101500/outgoing_5.txt": b"Please tell us ...",
        "Kent Police - cyber_flag_2/2026-03-02-101500/incoming_6.txt": b"Please see the attached.",
        "Kent Police - cyber_flag_2/2026-03-02-101500/attachments-6/table.csv": b"Year,Total\n2015/16,59\n2016/17,72\n",
        "Essex Police - cyber_flag/2026-02-03-101500/outgoing_8.txt": b"Please tell us ...",
    }
    with zipfile.ZipFile(out, "w") as batch:
        for name, data in files.items():
            batch.writestr(name, data)
    return out.getvalue()


def test_a_batch_zip_gives_files_days_and_what_became_of_each(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "batch.zip").write_bytes(write_batch())
    code, out, said = run(folder, "import", tmp_path / "batch.zip", "--json")
    assert code == 1
    (told,) = json.loads(out)
    assert told["unknown_names"] == ["Narnia Police"]
    assert "Narnia Police" in said
    assert [Path(name).parent.name for name in list_replies(folder)] == ["kent", "kent"]
    events = parse_requests((folder / "requests.jsonl").read_text(), TOKENS)
    assert [(event.kind, str(event.on)) for event in events["kent"]] == [
        ("received", "2026-02-03"),
        ("replied", "2026-03-02"),
    ]
    assert [event.kind for event in events["essex"]] == ["received"]
    edition = read_edition(folder, workers=1)
    kent = next(reply for reply in edition.replies if reply.authority == "kent")
    assert kent.outcome == "successful"
    assert {72, 59} <= {item.value for item in edition.observations if item.authority == "kent"}
    before = (folder / "inbox.jsonl").read_bytes(), (folder / "requests.jsonl").read_bytes()
    run(folder, "import", tmp_path / "batch.zip")
    assert before == ((folder / "inbox.jsonl").read_bytes(), (folder / "requests.jsonl").read_bytes())


def test_a_project_gives_states_and_answers_without_the_volunteers() -> None:
    row = {
        "request_url": "https://requests.example/1",
        "request_title": "Cyber flag",
        "public_body_name": "Kent Police",
        "request_owner": "A. Owner",
        "latest_status_contributor": "B. Helper",
        "status": "partially_successful",
        "dataset_contributor": "C. Helper",
        "2015/16": "59",
        "2016/17": "72",
    }
    export = read_export("project.csv", write_csv(row), SURVEY)
    assert [(item.authority, item.outcome) for item in export.rows] == [("kent", "partially_successful")]
    ((authority, item),) = export.files
    assert (authority, item.data) == ("kent", b"2015/16,2016/17\n59,72\n")


def test_a_request_list_of_muckrock() -> None:
    row = {
        "User": "owner",
        "Title": "Cyber flag",
        "Status": "No Responsive Documents",
        "URL": "https://requests.example/2",
        "Jurisdiction": "England",
        "Agency": "Essex Police",
        "Date Submitted": "2026-02-03 10:00:00",
        "Date Due": "2026-03-03",
        "Date Done": "2026-03-01 09:00:00+00:00",
    }
    (found,) = read_export("requests.csv", write_csv(row), SURVEY).rows
    assert (found.authority, found.outcome) == ("essex", "not_held")
    assert (found.asked, found.answered) == (date(2026, 2, 3), date(2026, 3, 1))


def test_an_assignment_of_muckrock_by_the_column_that_names_authorities() -> None:
    rows = [
        {"user": "a", "datetime": "2026-03-03", "skip": "False", "datum": "https://x.example/1", "force": "Kent Police",
         "How many in 2015/16?": "59"},
        {"user": "b", "datetime": "2026-03-03", "skip": "True", "datum": "https://x.example/2", "force": "Essex Police",
         "How many in 2015/16?": ""},
    ]  # fmt: skip
    export = read_export("assignment.csv", write_csv(*rows), SURVEY)
    ((authority, item),) = export.files
    assert (authority, item.data) == ("kent", b"How many in 2015/16?\n59\n")


def test_a_campaign_of_froide() -> None:
    row = {
        "id": 1, "campaign_id": 2, "ident": "kent", "title": "Kent Police", "slug": "kent", "publicbody_id": 3,
        "foirequest_id": 4, "foirequest__status": "resolved", "foirequest__resolution": "refused",
        "foirequest__first_message": "2026-02-03T10:00:00+00:00", "resolved": True, "context_as_json": "{}",
        "lat": "", "lng": "",
    }  # fmt: skip
    (found,) = read_export("campaign.csv", write_csv(row), SURVEY).rows
    assert (found.authority, found.outcome, found.asked) == ("kent", "rejected", date(2026, 2, 3))


def test_a_file_that_is_no_export_says_which_are(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    code, _, said = run(folder, "import", tmp_path / "other.csv")
    assert code == 2
    assert "MuckRock requests" in said


@pytest.mark.parametrize(
    ("shown", "ours"),
    [
        ("Awaiting response", "waiting_response"),
        ("Needs status update", "waiting_response"),
        ("Information not held.", "not_held"),
        ("Refused", "rejected"),
        ("waiting_clarification", "waiting_clarification"),
        ("Partially successful", "partially_successful"),
        ("Delivery error", "error_message"),
        ("Enchanted", None),
    ],
)
def test_words_of_alaveteli_are_mapped_however_they_are_shown(shown: str, ours: str | None) -> None:
    assert map_alaveteli(shown) == ours


def test_every_word_of_the_other_sites_is_one_of_ours() -> None:
    assert all(map_alaveteli(word) for word in ALAVETELI)
    assert all(map_muckrock(word.title()) for word in MUCKROCK)
    assert all(map_froide(word, "") for word in FROIDE)
    assert map_froide("resolved", "partially_successful") == "partially_successful"


def test_what_a_person_wrote_in_reply_toml_stands_before_another_site(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "dashboard.csv").write_bytes(write_dashboard())
    run(folder, "import", tmp_path / "dashboard.csv")
    (folder / "replies" / "kent").mkdir(parents=True)
    (folder / "replies" / "kent" / "reply.toml").write_text('outcome = "rejected"\nreceived = 2026-03-09\n')
    kent = next(reply for reply in read_edition(folder, workers=1).replies if reply.authority == "kent")
    assert (kent.outcome, kent.received) == ("rejected", date(2026, 3, 9))


def test_items_of_a_path_that_is_not_there_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no such file"):
        list(read_items(tmp_path / "gone"))
