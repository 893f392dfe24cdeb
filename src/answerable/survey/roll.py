"""Last year's survey.toml -> this year's: the same questions with their versions, a year on.

Comments and order are kept, since the text is edited and not written anew. The trap: a year that stands in a
sentence is not changed behind anybody's back; every key that still names one is reported.
"""

import re
from collections.abc import Iterator, MutableMapping
from datetime import date, timedelta
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from answerable.errors import SurveyError
from answerable.survey.periods import parse_period_id

_YEARS = re.compile(r"\b(\d{4})(?:/(\d{2}))?\b")
_ONCE = ("published", "embargo", "embargo_until")
"""Keys that belong to one edition only."""


def roll_forward(text: str, where: str) -> tuple[str, tuple[str, ...]]:
    """survey.toml a year on, with a sentence for each thing that a person should look at.

    Every period moves on one year, in the period list, the comparisons and the wording of the questions, and a
    break stays while its period is asked for. Question versions are kept: raise one only when its wording
    changes in more than the year. Raises SurveyError for text that is not TOML.
    """
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise SurveyError(where, f"is not valid TOML: {error}", "Correct that line") from error
    notes = [f"{key} was taken out: it belongs to last year's edition" for key in _ONCE if key in document]
    for key in _ONCE:
        document.pop(key, None)
    old = [*document.get("periods", []), *(table["id"] for table in document.get("period", []))]
    moved = {str(period): _move_years(str(period)) for period in old}
    notes += _move_periods(document, moved)
    for table in document.get("comparison", []):
        table["base"] = moved.get(table["base"], table["base"])
        table["period"] = moved.get(table["period"], table["period"])
    for table in document.get("question", []):
        if (wording := _replace_periods(table["text"], moved)) != table["text"]:
            table["text"] = wording
    notes += _drop_breaks(document, set(moved.values()))
    notes += [f"{place} still names {year}: check it" for place, year in _find_years(document)]
    return tomlkit.dumps(document), tuple(notes)


def _move_years(text: str) -> str:
    """A year on: 2023/24 -> 2024/25, 2024 -> 2025, wherever one stands in the text."""

    def move(found: re.Match[str]) -> str:
        year = int(found[1]) + 1
        return f"{year}/{(year + 1) % 100:02d}" if found[2] else str(year)

    return _YEARS.sub(move, text)


def _replace_periods(text: str, moved: dict[str, str]) -> str:
    if not moved:
        return text
    names = "|".join(re.escape(name) for name in sorted(moved, key=len, reverse=True))
    return re.sub(names, lambda found: moved[found[0]], text)


def _move_periods(document: MutableMapping[str, Any], moved: dict[str, str]) -> Iterator[str]:
    """Move periods on; one with dates of its own whose name is a plain year becomes that plain year."""
    names = [moved[str(name)] for name in document.get("periods", [])]
    kept = []
    for table in document.get("period", []):
        name = moved[str(table["id"])]
        if _is_plain(name):
            names.append(name)
            yield f"period {name} now has its usual dates; last year's {table['id']} had its own"
        else:
            table["id"] = name
            table["start"], table["end"] = _add_year(table["start"]), _add_year(table["end"])
            if "aliases" in table:
                table["aliases"] = [_move_years(alias) for alias in table["aliases"]]
            kept.append(table)
            yield f"period {name} runs from {table['start']} to {table['end']}: check its dates"
    if names:
        document["periods"] = sorted(names)
    _keep_tables(document, "period", kept)


def _drop_breaks(document: MutableMapping[str, Any], periods: set[str]) -> Iterator[str]:
    kept = []
    for table in document.get("break", []):
        if table["period"] in periods:
            kept.append(table)
        else:
            yield f"the break at {table['period']} was taken out: the period is no longer asked for"
    _keep_tables(document, "break", kept)


def _keep_tables(document: MutableMapping[str, Any], name: str, kept: list[Any]) -> None:
    if name not in document or len(document[name]) == len(kept):
        return
    del document[name]
    if kept:
        tables = tomlkit.aot()
        for table in kept:
            tables.append(table)
        document[name] = tables


def _is_plain(name: str) -> bool:
    try:
        parse_period_id(name, "")
    except SurveyError:
        return False
    return True


def _add_year(day: date) -> date:
    """The same day a year later; the end of February stays the end of February."""
    if (day.month, day.day) in {(2, 28), (2, 29)}:
        return date(day.year + 1, 3, 1) - timedelta(days=1)
    return day.replace(year=day.year + 1)


def _find_years(document: MutableMapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys of sentences that name a year."""
    for key in ("title", "subject", "summary", "method_note", "source_note"):
        if found := _YEARS.search(str(document.get(key, ""))):
            yield key, found[0]
    for table in document.get("question", []):
        plain = str(table["text"])
        for name in document.get("periods", []):
            plain = plain.replace(str(name), "")
        if found := _YEARS.search(plain):
            yield f"question {table['id']}, text", found[0]
    for table in document.get("definition", []):
        if found := _YEARS.search(str(table["text"])):
            yield f"definition {table['term']}, text", found[0]


def roll_lookups(text: str, where: str) -> tuple[str, tuple[str, ...]]:
    """lookups.toml without the entries that hold for one of last year's documents, which are named."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise SurveyError(where, f"is not valid TOML: {error}", "Correct that line") from error
    notes = []
    for name in list(document):
        entries = document[name]
        if not isinstance(entries, list):
            continue
        kept = [entry for entry in entries if "document" not in entry]
        if len(kept) < len(entries):
            notes.append(f"lookups.toml: {len(entries) - len(kept)} [[{name}]] of single documents were left behind")
        _keep_tables(document, name, kept)
    return tomlkit.dumps(document), tuple(notes)
