"""Strict reading of the TOML of standards and audits: every key is known, or an error that names the nearest.

It stands before everything else of the package. The trap: TOML gives `True` where a whole number is wanted and
a date-time where a date is, and both would pass a careless check.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from answerable.errors import SurveyError
from answerable.survey.settings import refuse_key

NAMES: dict[type, str] = {
    str: "text in quotes",
    int: "a whole number",
    bool: "true or false",
    list: "a list in brackets",
    dict: "a table in braces",
    date: "a date such as 2026-11-24",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of one table: what TOML must give for it, and its default where it may be left out."""

    type: type
    required: bool = False
    default: Any = None


def want(kind: type) -> Key:
    """A key that must be there."""
    return Key(type=kind, required=True)


def may(kind: type, default: Any = None) -> Key:
    """A key that may be left out."""
    return Key(type=kind, default=default)


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """The tables of a TOML text. SurveyError with the line where it is broken."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SurveyError(where, f"is not valid TOML: {error}", "Correct that line") from error


def read_table(found: Mapping[str, Any], keys: Mapping[str, Key], where: str) -> dict[str, Any]:
    """Every key of `keys` with its value or default. SurveyError for an unknown or missing key or a wrong type."""
    for key, value in found.items():
        if key not in keys:
            refuse_key(key, list(keys), where)
        if not _fits(value, keys[key].type):
            raise SurveyError(where, f"{key} is {type(value).__name__}", f"Write {NAMES[keys[key].type]}")
    for key, known in keys.items():
        if known.required and key not in found:
            raise SurveyError(where, f"{key} is missing", f"Add it: {NAMES[known.type]}")
    return {key: found.get(key, known.default) for key, known in keys.items()}


def list_tables(found: Mapping[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    """The tables written as [[name]]; SurveyError where it stands in single brackets."""
    tables = found.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SurveyError(where, f"{name} is no list of tables", f"Write [[{name}]] with double brackets")
    return tables


def check_choice(value: str, known: Sequence[str], where: str) -> str:
    """The value where it is one of `known`, else SurveyError naming the nearest."""
    if value not in known:
        refuse_key(value, list(known), where)
    return value


def check_once(names: Sequence[str], what: str, where: str) -> None:
    """SurveyError where a name stands twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise SurveyError(where, f'the {what} "{name}" is there twice', "Keep one, or give the other its own id")
        seen.add(name)


def _fits(value: Any, kind: type) -> bool:
    if kind is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)
