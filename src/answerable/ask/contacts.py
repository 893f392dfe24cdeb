"""contacts.csv -> where each authority takes requests.

Addresses change and are nobody's to guess: none is bundled, and a missing one is a Finding, never a made-up mailbox.
The trap is a letter to the wrong body; an id that the survey does not ask is an error.
"""

import csv
import io
import re
from dataclasses import dataclass

from answerable.errors import SurveyError
from answerable.model import Finding, Survey
from answerable.survey.settings import refuse_key

FILE = "contacts.csv"
COLUMNS = ("authority", "email", "name")
"""Columns of contacts.csv; `name` is the team that the letter greets and may be left out."""

COMMISSIONERS = {"FOIA": "information-commissioner", "FOISA": "scottish-commissioner"}
"""Law -> the row of contacts.csv that complaints go to."""

_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Where one authority takes requests. `name` is empty where nobody said."""

    email: str
    name: str = ""


def parse_contacts(text: str | None, survey: Survey, where: str = FILE) -> dict[str, Recipient]:
    """Authority id -> Recipient, {} without a file. SurveyError for an unknown column, id or address."""
    rows = csv.DictReader(io.StringIO(text or ""))
    for column in rows.fieldnames or ():
        if column not in COLUMNS:
            refuse_key(column, list(COLUMNS), where)
    if text and not {"authority", "email"} <= set(rows.fieldnames or ()):
        what = "the columns authority and email are missing"
        raise SurveyError(where, what, f"Write a first line with {','.join(COLUMNS)}")
    known = [*(authority.id for authority in survey.authorities), *COMMISSIONERS.values()]
    found: dict[str, Recipient] = {}
    for number, row in enumerate(rows, start=2):
        name, email = (row["authority"] or "").strip(), (row["email"] or "").strip()
        place = f"{where}, line {number}"
        if name not in known:
            refuse_key(name, known, place)
        if name in found:
            raise SurveyError(place, f'"{name}" stands twice', "Keep one address for each authority")
        if not email:
            continue
        if not _ADDRESS.fullmatch(email):
            raise SurveyError(place, f'"{email}" is not an address', "Write it as foi@example.police.uk")
        found[name] = Recipient(email=email, name=(row.get("name") or "").strip())
    return found


def check_contacts(survey: Survey, contacts: dict[str, Recipient]) -> tuple[Finding, ...]:
    """A Finding for each authority asked that has no address, and one where nobody is named as asking."""
    found = [
        Finding(
            check="ask-no-address",
            severity="error",
            message=f"{FILE}: {authority.name} has no address, so its letter cannot be sent. "
            f"Add the line {authority.id},<its address for requests>"
            + (f" (its site is {authority.domain})." if authority.domain else "."),
            subject=authority.id,
        )
        for authority in survey.authorities
        if authority.id not in contacts
    ]
    if survey.contact is None:
        message = (
            "survey.toml: nobody is named as asking; a request is valid only with a name and an address "
            "(FOIA s.8(1), FOISA s.8(1)). Add [contact] with name and email."
        )
        found.append(Finding(check="ask-no-name", severity="error", message=message, subject=""))
    return tuple(found)
