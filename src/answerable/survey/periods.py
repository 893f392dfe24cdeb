"""Periods as a survey writes them: "2015/16" is 1 April to 31 March, "2024" the calendar year."""

import re
from datetime import date

from answerable.errors import SurveyError
from answerable.model import Period

_FINANCIAL = re.compile(r"(\d{4})/(\d{2})")
_CALENDAR = re.compile(r"\d{4}")


def parse_period_id(text: str, where: str) -> Period:
    """The Period a short name stands for; SurveyError when it is neither financial nor calendar.

    The UK financial year runs from 1 April to 31 March (Interpretation Act 1978, Schedule 1).
    """
    if match := _FINANCIAL.fullmatch(text):
        first = int(match[1])
        if (first + 1) % 100 != int(match[2]):
            raise SurveyError(where, f'"{text}" does not run over one year', "Write the next year's two digits")
        return Period(id=text, start=date(first, 4, 1), end=date(first + 1, 3, 31))
    if _CALENDAR.fullmatch(text):
        return Period(id=text, start=date(int(text), 1, 1), end=date(int(text), 12, 31))
    raise SurveyError(
        where, f'period "{text}" is not a year', "Write 2015/16 or 2024, or add a [[period]] with start and end"
    )
