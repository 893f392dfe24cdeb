"""Registers of authorities: a CSV -> Authorities, and a name as somebody writes it -> Authority."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import get_args

from answerable.errors import SurveyError
from answerable.model import Authority, Law
from answerable.survey.settings import refuse_key

COLUMNS = ("id", "name", "aliases", "nation", "region", "law", "code", "kind", "domain")
"""Columns of a register; only id and name are needed, aliases are separated by semicolons."""


def parse_register(text: str, where: str) -> tuple[Authority, ...]:
    """The authorities of a register CSV, in its order. SurveyError on an unknown column, law or doubled id."""
    rows = csv.DictReader(io.StringIO(text))
    for column in rows.fieldnames or ():
        if column not in COLUMNS:
            refuse_key(column, list(COLUMNS), where)
    if not {"id", "name"} <= set(rows.fieldnames or ()):
        raise SurveyError(where, "the columns id and name are missing", f"Write a first line with {','.join(COLUMNS)}")
    authorities = tuple(_parse_row(row, f"{where}, line {number}") for number, row in enumerate(rows, start=2))
    seen: set[str] = set()
    for authority in authorities:
        if authority.id in seen:
            raise SurveyError(where, f'the id "{authority.id}" stands twice', "Give each authority its own id")
        seen.add(authority.id)
    return authorities


def _parse_row(row: dict[str, str | None], where: str) -> Authority:
    found = {column: (row.get(column) or "").strip() for column in COLUMNS}
    law = found["law"] or "FOIA"
    if law not in get_args(Law):
        raise SurveyError(where, f'law "{law}" is not known', "Write FOIA or FOISA")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", found["id"]):
        raise SurveyError(where, f'id "{found["id"]}" is not usable', "Use small letters, digits and hyphens")
    return Authority(
        id=found["id"],
        name=found["name"],
        aliases=tuple(part.strip() for part in found["aliases"].split(";") if part.strip()),
        nation=found["nation"],
        region=found["region"],
        law="FOISA" if law == "FOISA" else "FOIA",
        code=found["code"],
        kind=found["kind"],
        domain=found["domain"],
    )


def fold_name(text: str) -> str:
    """A name in the form names are compared in: small letters, "and" for "&", no punctuation, and without the
    words that bodies add to it (Police, Constabulary, Service, "the")."""
    text = re.sub(r"[^a-z0-9 ]+", " ", text.lower().replace("&", " and "))
    words = [word for word in text.split() if word not in {"police", "constabulary", "service", "force", "the"}]
    return " ".join(words) or " ".join(text.split())


@lru_cache(maxsize=64)
def _index_names(authorities: tuple[Authority, ...]) -> dict[str, str | None]:
    """Folded name -> id, None where two authorities share it."""
    index: dict[str, str | None] = {}
    for authority in authorities:
        for name in {fold_name(text) for text in (authority.id.replace("-", " "), authority.name, *authority.aliases)}:
            index[name] = authority.id if index.get(name, authority.id) == authority.id else None
    return index


def find_authority(name: str, authorities: Sequence[Authority] | Iterable[Authority]) -> Authority | None:
    """The authority a name or alias stands for ("Northants", "the Met", "GMP"); None when none or several."""
    known = tuple(authorities)
    found = _index_names(known).get(fold_name(name))
    return next((authority for authority in known if authority.id == found), None)
