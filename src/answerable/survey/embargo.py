"""When a survey may be public: the moment its embargo ends, and the line that says so.

Read by the store, which keeps editions, and by the stories, which print the line. The trap: 00:01 in London in
June is 23:01 of the day before in UTC, so a moment is only taken with its offset, and compared as a moment.
"""

from datetime import UTC, datetime, timedelta

from answerable.errors import SurveyError
from answerable.model import Survey

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = ("January February March April May June July August September October November December").split()


def parse_embargo(value: datetime | None, where: str) -> datetime | None:
    """The moment as written, with its offset from UTC. Raises SurveyError for a time without one."""
    if value is not None and value.utcoffset() is None:
        raise SurveyError(
            where,
            f"embargo_until = {value.isoformat()} does not say which time zone",
            f"Add the offset from UTC: {value.isoformat()}+01:00 in British summer, {value.isoformat()}Z in winter",
        )
    return value


def write_embargo(moment: datetime) -> str:
    """ "Not for publication before 00:01 on Thursday 1 June 2017 (UTC+1)." """
    day = f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return f"Not for publication before {clock} on {day} ({_name_zone(moment)})."


def _name_zone(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    return f"UTC{'+' if offset > timedelta() else '-'}{hours}{f':{minutes:02d}' if minutes else ''}"


def is_embargoed(survey: Survey, now: datetime) -> bool:
    """Whether the survey's embargo still holds at `now` (with an offset); from the moment itself on it does not.

    Raises SurveyError for an embargo line without a moment: nobody could tell when it ends.
    """
    if survey.embargo_until is not None:
        return now.astimezone(UTC) < survey.embargo_until.astimezone(UTC)
    if survey.embargo:
        raise SurveyError(
            "survey.toml",
            f'there is an embargo line ("{survey.embargo}") and no moment at which it ends',
            "Add embargo_until = 2017-06-01T00:01:00+01:00 with your own time, or take the line out",
        )
    return False
