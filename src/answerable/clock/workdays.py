"""Working days: a dated list of bank holidays, and counting from one day to another with a reason for each."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import get_args

from answerable.errors import SurveyError
from answerable.model import Law

DIVISIONS: dict[Law, tuple[str, ...]] = {
    "FOIA": ("england-and-wales", "scotland", "northern-ireland"),
    "FOISA": ("scotland",),
}
"""Whose bank holidays are no working days: FOIA s.10(6)(b) "any part of the United Kingdom"; FOISA s.73."""

LISTED_ON = date(2026, 11, 24)
"""The day the bundled list (GOV.UK bank holidays, Open Government Licence) was taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days that are no working days, by law, with their names; `first` and `last` bound what is known.

    `proclaimed` holds days made holidays by proclamation that the published list leaves out: whether they count
    is for a lawyer, so both dates are shown where they differ.
    """

    listed: tuple[tuple[Law, date, str], ...]
    proclaimed: tuple[tuple[Law, date, str], ...]
    first: date
    last: date

    def name_holiday(self, law: Law, day: date, *, with_proclaimed: bool = False) -> str | None:
        """Why a weekday is no working day under a law; None for a working day."""
        return _index_days(self, with_proclaimed).get((law, day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a count: its number where it is a working day, else None with the reason."""

    on: date
    number: int | None
    reason: str


@lru_cache(maxsize=8)
def _index_days(calendar: Calendar, with_proclaimed: bool) -> dict[tuple[Law, date], str]:
    days = calendar.listed + (calendar.proclaimed if with_proclaimed else ())
    return {(law, day): name for law, day, name in days}


@lru_cache(maxsize=8)
def load_calendar(text: str | None = None) -> Calendar:
    """The bundled calendar, or one from a CSV of `date,division,name,status` that takes its place.

    Raises SurveyError for a date, division or status that is not known.
    """
    where = "holidays.csv"
    if text is None:
        text = (resources.files("answerable.clock") / where).read_text(encoding="utf-8")
    found: dict[str, dict[tuple[Law, date], list[str]]] = {"listed": {}, "proclaimed": {}}
    days = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        place = f"{where}, line {number}"
        try:
            day = date.fromisoformat(row["date"])
        except (KeyError, ValueError) as error:
            raise SurveyError(place, "the date is not one", "Write it as 2026-12-25") from error
        division, status = row.get("division", ""), row.get("status") or "listed"
        if division not in DIVISIONS["FOIA"] or status not in found:
            raise SurveyError(place, f'"{division}", "{status}" is not known', "See the bundled holidays.csv")
        days.append(day)
        for law in get_args(Law):
            if division in DIVISIONS[law]:
                names = found[status].setdefault((law, day), [])
                label = f"{row['name']} ({division.replace('-', ' ').title().replace(' And ', ' and ')})"
                names.append(label)
    if not days:
        raise SurveyError(where, "has no holidays", "Use the bundled list or give every bank holiday")
    return Calendar(
        listed=_join_names(found["listed"]),
        proclaimed=_join_names(found["proclaimed"]),
        first=date(min(days).year, 1, 1),
        last=date(max(days).year, 12, 31),
    )


def _join_names(days: dict[tuple[Law, date], list[str]]) -> tuple[tuple[Law, date, str], ...]:
    return tuple((law, day, "; ".join(names)) for (law, day), names in sorted(days.items()))


def count_days(start: date, n: int, law: Law, calendar: Calendar, *, with_proclaimed: bool = False) -> Iterator[Day]:
    """Every day after `start` up to and including the nth working day. Raises SurveyError past the calendar."""
    day, number = start, 0
    while number < n:
        day += timedelta(days=1)
        if not calendar.first <= day <= calendar.last:
            what = f"the calendar runs from {calendar.first} to {calendar.last}"
            raise SurveyError(f"a deadline from {start}", what, "Put a newer holidays.csv beside survey.toml")
        reason = "Saturday" if day.weekday() == 5 else "Sunday" if day.weekday() == 6 else ""
        reason = reason or calendar.name_holiday(law, day, with_proclaimed=with_proclaimed) or ""
        if reason:
            yield Day(on=day, number=None, reason=reason)
        else:
            number += 1
            yield Day(on=day, number=number, reason="")


def add_working_days(
    start: date, n: int, law: Law, calendar: Calendar | None = None, *, with_proclaimed: bool = False
) -> date:
    """The nth working day after `start` (FOIA s.10(1): "the twentieth working day following the date of receipt")."""
    days = count_days(start, n, law, calendar or load_calendar(), with_proclaimed=with_proclaimed)
    return max((day.on for day in days), default=start)
