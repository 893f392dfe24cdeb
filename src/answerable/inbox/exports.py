"""Exports of other request sites, unchanged -> the files in them by authority, and what they say of each request.

Read are a batch zip, batch dashboard and project of WhatDoTheyKnow and other Alaveteli sites, a request list and an
assignment of MuckRock, and a campaign of Froide. Whose row it is follows from the name in it. The trap is a name
that the register does not know: such a row is told to the user, never dropped.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from answerable.errors import StoreError
from answerable.formats.safely import unpack_safely
from answerable.formats.text import decode_text
from answerable.inbox.items import Item
from answerable.inbox.statuses import map_alaveteli, map_froide, map_muckrock
from answerable.model import Authority, Document, Outcome, Survey
from answerable.survey import find_authority

PEOPLE = frozenset(
    {"user", "request_owner", "latest_status_contributor", "dataset_contributor", "datetime", "skip", "number"}
)
"""Columns that name people or tell of their work; not kept with the answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What an export says of one request: whose, in its words and ours, and the days it names."""

    authority: str
    status: str = ""
    outcome: Outcome | None = None
    asked: date | None = None
    answered: date | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export read: `kind` names it, `files` pairs authority id and Item, `unknown` are names no authority has."""

    kind: str
    rows: tuple[Row, ...]
    files: tuple[tuple[str, Item], ...] = ()
    unknown: tuple[str, ...] = ()


Table = Sequence[Mapping[str, str]]


def read_export(name: str, data: bytes, survey: Survey) -> Export:
    """The Export in a zip or CSV. StoreError for a file that is none of those known; UnreadableDocument for a zip
    that cannot be opened within bounds."""
    if data[:2] == b"PK":
        return _read_batch(name, data, survey)
    table = list(csv.DictReader(io.StringIO(decode_text(data))))
    columns = {str(column).strip() for column in (table[0] if table else {})}
    for kind, needed, read in KINDS:
        if needed <= columns:
            return read(kind, table, survey)
    names = ", ".join(kind for kind, _, _ in KINDS)
    raise StoreError(name, "is none of the exports that are known", f"Known are an Alaveteli batch zip and {names}")


def _name_authority(name: str, survey: Survey) -> Authority | None:
    return find_authority(name, survey.authorities)


def _gather(kind: str, found: Iterable[tuple[str, Row]], survey: Survey) -> Export:
    """The Export of (name, row) pairs."""
    rows, unknown = [], []
    for name, row in found:
        authority = _name_authority(name, survey)
        if authority is None:
            unknown.append(name)
        else:
            rows.append(replace(row, authority=authority.id))
    return Export(kind=kind, rows=tuple(rows), unknown=tuple(dict.fromkeys(unknown)))


def _parse_day(text: str) -> date | None:
    found = re.match(r"\d{4}-\d{2}-\d{2}", text.strip())
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def _read_dashboard(kind: str, table: Table, survey: Survey) -> Export:
    rows = (
        (
            row["authority_name"],
            Row(
                authority="",
                status=row["request_status"],
                outcome=map_alaveteli(row["request_status"]),
                address=row["request_url"],
            ),
        )
        for row in table
    )
    return _gather(kind, rows, survey)


def _read_project(kind: str, table: Table, survey: Survey) -> Export:
    rows = [
        (
            row["public_body_name"],
            Row(authority="", status=row["status"], outcome=map_alaveteli(row["status"]), address=row["request_url"]),
        )
        for row in table
    ]
    known = {"request_url", "request_title", "public_body_name", "status", *PEOPLE}
    export = _gather(kind, rows, survey)
    return replace(export, files=tuple(_write_answers(kind, table, "public_body_name", known, survey)))


def _read_requests(kind: str, table: Table, survey: Survey) -> Export:
    rows = (
        (
            row["Agency"],
            Row(
                authority="",
                status=row["Status"],
                outcome=map_muckrock(row["Status"]),
                asked=_parse_day(row["Date Submitted"]),
                answered=_parse_day(row.get("Date Done", "")),
                address=row["URL"],
            ),
        )
        for row in table
    )
    return _gather(kind, rows, survey)


def _read_assignment(kind: str, table: Table, survey: Survey) -> Export:
    """Volunteers' answers, a row each; whose they are stands in the column whose values are names of authorities."""
    kept = [row for row in table if row["skip"].strip().lower() not in ("true", "1", "yes")]
    counts = {name: sum(_is_known(row[name], survey) for row in kept) for name in (kept[0] if kept else {})}
    named = max(counts, key=lambda name: counts[name], default="")
    if not named or not counts[named]:
        raise StoreError(kind, "no column names authorities of this survey", "Add their names as aliases, or a column")
    unknown = dict.fromkeys(row[named] for row in kept if not _is_known(row[named], survey))
    answers = _write_answers(kind, kept, named, {named, "datum", *PEOPLE}, survey)
    return Export(kind=kind, rows=(), files=tuple(answers), unknown=tuple(unknown))


def _is_known(name: str | None, survey: Survey) -> bool:
    return _name_authority(name or "", survey) is not None


def _read_campaign(kind: str, table: Table, survey: Survey) -> Export:
    rows = (
        (
            row["title"],
            Row(
                authority="",
                status=" ".join((row["foirequest__status"], row["foirequest__resolution"])).strip(),
                outcome=map_froide(row["foirequest__status"], row["foirequest__resolution"]),
                asked=_parse_day(row["foirequest__first_message"]),
                address=row["foirequest_id"],
            ),
        )
        for row in table
        if row["foirequest_id"]
    )
    return _gather(kind, rows, survey)


def _write_answers(
    kind: str, table: Table, named: str, left_out: set[str], survey: Survey
) -> Iterator[tuple[str, Item]]:
    """For each authority a CSV of its rows with the columns of answers only, as they stand."""
    columns = [name for name in (table[0] if table else ()) if name not in left_out]
    by_authority: dict[str, list[Mapping[str, str]]] = {}
    for row in table:
        authority = _name_authority(row[named], survey)
        if authority and any((row[name] or "").strip() for name in columns):
            by_authority.setdefault(authority.id, []).append(row)
    for name, rows in by_authority.items():
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([row[column] for column in columns] for row in rows)
        file = f"{kind.replace(' ', '-').lower()}.csv"
        yield name, Item(kind="file", name=file, source=kind, data=out.getvalue().encode())


KINDS: tuple[tuple[str, frozenset[str], Callable[[str, Table, Survey], Export]], ...] = (
    (
        "Alaveteli batch dashboard",
        frozenset({"request_url", "authority_name", "number_of_replies", "request_status"}),
        _read_dashboard,
    ),
    ("Alaveteli project", frozenset({"request_url", "request_title", "public_body_name", "status"}), _read_project),
    ("MuckRock requests", frozenset({"Title", "Status", "URL", "Agency", "Date Submitted"}), _read_requests),
    ("MuckRock assignment", frozenset({"user", "datetime", "skip"}), _read_assignment),
    (
        "Froide campaign",
        frozenset({"ident", "title", "foirequest_id", "foirequest__status", "foirequest__resolution"}),
        _read_campaign,
    ),
)
"""Kind of CSV, the columns that tell it, and what reads it."""

_MEMBER = re.compile(r"(?P<name>.+?) - [^/]+/(?P<day>\d{4}-\d{2}-\d{2})-\d{6}/(?P<rest>.+)")


def _read_batch(name: str, data: bytes, survey: Survey) -> Export:
    """A batch zip: `<authority> - <title>/<moment>/` with outgoing_N.txt, incoming_N.txt and attachments-N/."""
    document = Document(sha256="", name=name, media_type="application/zip", path=name)
    rows: dict[str, Row] = {}
    files: list[tuple[str, Item]] = []
    unknown: dict[str, None] = {}
    status: tuple[Row, ...] = ()
    for inner, content in unpack_safely(document, data):
        path = inner.path.partition("!")[2]
        if "/" not in path and path.endswith(".csv") and "dashboard" in path:
            dashboard = read_export(path, content, survey)
            status, unknown = dashboard.rows, unknown | dict.fromkeys(dashboard.unknown)
        elif not (found := _MEMBER.fullmatch(path)):
            unknown[path] = None
        elif (authority := _name_authority(found["name"], survey)) is None:
            unknown[found["name"]] = None
        else:
            row = rows.get(authority.id, Row(authority=authority.id))
            rows[authority.id] = _add_member(row, found["day"], found["rest"])
            if not found["rest"].startswith("outgoing_"):
                item = Item(kind="file", name=found["rest"].rpartition("/")[2], source=f"{name}, {path}", data=content)
                files.append((authority.id, item))
    if not rows and not status:
        raise StoreError(name, "holds no requests of this survey", "File its parts by hand, or check the names in it")
    said = {row.authority: row for row in status}
    merged = [replace(said.get(key, row), asked=row.asked, answered=row.answered) for key, row in rows.items()]
    others = [row for key, row in said.items() if key not in rows]
    return Export(kind="Alaveteli batch zip", rows=(*merged, *others), files=tuple(files), unknown=tuple(unknown))


def _add_member(row: Row, day: str, rest: str) -> Row:
    on = _parse_day(day)
    if rest.startswith("outgoing_"):
        return replace(row, asked=min(filter(None, (row.asked, on)), default=None))
    return replace(row, answered=max(filter(None, (row.answered, on)), default=None))
