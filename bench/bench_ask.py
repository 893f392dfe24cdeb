"""Asking at scale: requests drafted, with their reply forms, onto the disk; and a large mailbox filed.

Run by `make bench-ask`; a bar is a whole run, from reading the survey to the last file written. The mailbox is filed
by the command in a process of its own, so that its memory is that of filing alone; beside it the standard library's
`mailbox.mbox` goes through the same file and does nothing with it.
"""

import contextlib
import csv
import io
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from report import Row, write_report

from answerable import store
from answerable.ask.contacts import parse_contacts
from answerable.ask.drafts import REQUEST, draft_requests, write_files
from answerable.ask.mail import parse_mail
from answerable.ask.references import make_token
from answerable.inbox import read_inbox

N_REQUESTS = 5_000
DRAFT_BAR = 30.0
N_MESSAGES = 20_000
MESSAGE = 100_000
"""Bytes of one message: 20,000 of them make 2 GB."""
BARE = "import mailbox, sys; print(sum(len(box) for box in map(bytes, mailbox.mbox(sys.argv[1]))))"
SURVEY = store.BUNDLED / "cyber-flag"


def make_folder(root: Path) -> Path:
    """The bundled survey, put to 5,000 made-up authorities, each with an address."""
    text = (SURVEY / "survey.toml").read_text()
    text = text.replace('register = "uk-police"', 'register = "bodies.csv"')
    text = text.replace('nations = ["England", "Wales"]\n', "").replace('kinds = ["territorial"]\n', "")
    bodies, contacts = io.StringIO(), io.StringIO()
    register, addresses = csv.writer(bodies), csv.writer(contacts)
    register.writerow(("id", "name", "law"))
    addresses.writerow(("authority", "email", "name"))
    for number in range(N_REQUESTS):
        register.writerow((f"body-{number}", f"Body {number} & Sons", "FOISA" if number % 10 == 0 else "FOIA"))
        addresses.writerow((f"body-{number}", f"foi@body-{number}.example", ""))
    files = {"survey.toml": text, "offences.csv": (SURVEY / "offences.csv").read_text()}
    store.write_folder(root, {**files, "bodies.csv": bodies.getvalue(), "contacts.csv": contacts.getvalue()})
    return root


def measure_drafts(root: Path) -> list[Row]:
    """Drafting every request with its form, then drafting again with nothing changed."""
    folder = make_folder(root / "asked")
    rows = []
    for name in ("drafted", "drafted again, nothing changed"):
        started = time.perf_counter()
        survey = store.read_survey(folder)
        contacts = parse_contacts(store.read_text(folder, "contacts.csv"), survey)
        mail = parse_mail(None, survey)
        drafts = draft_requests(survey, contacts)
        written, _ = store.write_drafts(folder, REQUEST, (item for x in drafts for item in write_files(x, mail)))
        seconds = round(time.perf_counter() - started, 2)
        label = f"{N_REQUESTS:,} requests {name}"
        rows.append(
            Row(name=label, metric="seconds", value=seconds, bar=f"under {DRAFT_BAR:g} s", holds=seconds < DRAFT_BAR)
        )
        rows.append(Row(name=label, metric="files written", value=len(written)))
    return rows


def make_mailbox(folder: Path, path: Path, n: int, size: int) -> None:
    """An mbox of `n` messages of `size` bytes, nine in ten of them replies, with its "From " lines quoted."""
    survey = store.read_survey(folder)
    names = [authority.id for authority in survey.authorities]
    line = b"2015/16,59,2016/17,72,and some more words to make it as long as letters with a scan are\n"
    body = line * (size // len(line))
    with path.open("wb") as file:
        for number in range(n):
            token = make_token(survey, names[number % len(names)]) if number % 10 else "no reference"
            file.write(
                f"From office@example Mon Mar  2 10:00:00 2026\nFrom: foi@office-{number}.example\n"
                f"Subject: Your request {token}\nMessage-ID: <{number}@office.example>\n"
                f"Date: Mon, 02 Mar 2026 10:00:00 +0000\n\n{number}\n>From here on\n".encode()
            )
            file.write(body + b"\n")


def measure_mailbox(root: Path) -> list[Row]:
    """Filing a tenth of a large mailbox, then all of it: how long, and whether memory grows with it."""
    rows = []
    peaks = []
    for n in (N_MESSAGES // 10, N_MESSAGES):
        folder = make_folder(root / f"filed-{n}")
        box = root / f"{n}.mbox"
        make_mailbox(folder, box, n, MESSAGE)
        label = f"{n:,} messages, {box.stat().st_size / 1e9:.1f} GB"
        seconds, peak = run_measured([sys.executable, "-m", "answerable", "inbox", str(folder), "file", str(box)])
        filed = sum(entry.state == "filed" for entry in read_inbox(folder).values())
        bare, bare_peak = run_measured([sys.executable, "-c", BARE, str(box)])
        peaks.append(peak)
        rows += [
            Row(name=label, metric="seconds", value=round(seconds, 1)),
            Row(name=label, metric="filed", value=filed),
            Row(name=label, metric="times mailbox.mbox, which only looks", value=round(seconds / bare, 1)),
            Row(name=label, metric="peak memory, MB", value=round(peak)),
            Row(name=label, metric="peak memory of mailbox.mbox, MB", value=round(bare_peak)),
        ]
        box.unlink()
        shutil.rmtree(folder)
    growth = peaks[1] - peaks[0]
    name = "ten times the messages"
    rows.append(
        Row(name=name, metric="more memory, MB", value=round(growth), bar="constant (< 100)", holds=growth < 100)
    )
    return rows


def run_measured(words: list[str]) -> tuple[float, float]:
    """(seconds, peak megabytes of its own, mapped pages of the mailbox left out) of a command."""
    started = time.perf_counter()
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        peak = 0
        while process.poll() is None:
            with contextlib.suppress(OSError):
                found = re.search(r"RssAnon:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
                peak = max(peak, int(found[1]) if found else 0)
            time.sleep(0.02)
        if process.returncode:
            raise SystemExit(f"{words} ended with {process.returncode}")
    return time.perf_counter() - started, peak / 1024


MEASURES: tuple[Callable[[Path], list[Row]], ...] = (measure_drafts, measure_mailbox)
"""What is measured, each in a folder of its own."""


def main() -> None:
    rows = []
    for measure in MEASURES:
        with tempfile.TemporaryDirectory() as place:
            rows += measure(Path(place))
    write_report(
        "bench-ask", rows, packages=("openpyxl",), note="Letters with a reply form for 3 questions and 390 figures."
    )


if __name__ == "__main__":
    main()
