"""Asking at scale: requests drafted, with their reply forms, onto the disk.

Run by `make bench-ask`; a bar is a whole run, from reading the survey to the last file written.
"""

import csv
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from report import Row, write_report

from answerable import store
from answerable.ask.contacts import parse_contacts
from answerable.ask.drafts import REQUEST, draft_requests, write_files
from answerable.ask.mail import parse_mail

N_REQUESTS = 5_000
DRAFT_BAR = 30.0
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


MEASURES: tuple[Callable[[Path], list[Row]], ...] = (measure_drafts,)
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
