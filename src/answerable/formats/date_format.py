"""A date, a time or a day count and a date format's tokens -> the text a person sees.

Stands under `number_format`. The traps: "m" is a month unless an hour stands before it or seconds after it, and
Excel counts a 29 February 1900 that never was.
"""

from datetime import date, datetime, time, timedelta

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
LAST_DAY = 2_958_465
"""31 December 9999 as Excel counts days."""
Tokens = tuple[tuple[str, str], ...]


def show_date(value: float | date | time | timedelta, tokens: Tokens, *, from_1904: bool = False) -> str:
    """A value under the tokens of a date format; with none, as 01/04/2016 or 01/04/2016 09:30 or 09:30:00."""
    moment, seconds = find_moment(value, from_1904)
    if moment is None:
        return "#####"
    if not tokens:
        return show_plainly(value, moment)
    half = any(kind == "half" for kind, _ in tokens)
    minutes = find_minutes(tokens)
    shown = []
    for at, (kind, text) in enumerate(tokens):
        if kind == "elapsed":
            whole = seconds // {"h": 3600, "m": 60, "s": 1}[text[0].lower()]
            shown.append(str(whole).zfill(len(text)))
        elif kind == "half":
            shown.append(show_half(text, moment))
        elif kind == "date":
            shown.append(show_field(text.lower(), moment, is_minute=at in minutes, half=half))
        elif kind == "digits":
            shown.append("0" if text == "0" else "")
        elif (kind, text) != ("mark", "@"):
            shown.append(text)
    return "".join(shown)


def find_moment(value: float | date | time | timedelta, from_1904: bool) -> tuple[datetime | None, int]:
    """The moment a value stands for, and its seconds since the count began (for elapsed hours)."""
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=None)
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
    elif isinstance(value, time):
        moment = start + timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    else:
        days = value.total_seconds() / 86400 if isinstance(value, timedelta) else float(value)
        if not 0 <= days <= LAST_DAY:
            return None, 0
        # Day 60 is Excel's 29 February 1900: days before it are one later than a plain count says.
        shift = 1 if not from_1904 and days < 60 else 0
        moment = start + timedelta(seconds=round((days + shift) * 86400))
        return moment, round(days * 86400)
    return moment, round((moment - start).total_seconds())


def show_plainly(value: float | date | time | timedelta, moment: datetime) -> str:
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, timedelta):
        return str(value)
    day = f"{moment.day:02}/{moment.month:02}/{moment.year}"
    return f"{day} {moment:%H:%M}" if moment.time() != time() else day


def find_minutes(tokens: Tokens) -> set[int]:
    """Positions of the "m" and "mm" that mean minutes: after an hour or before seconds."""
    fields = [(at, text.lower()) for at, (kind, text) in enumerate(tokens) if kind in ("date", "elapsed")]
    found = set()
    for n, (at, text) in enumerate(fields):
        before = fields[n - 1][1] if n else ""
        after = fields[n + 1][1] if n + 1 < len(fields) else ""
        if text in ("m", "mm") and (before.startswith("h") or after.startswith("s")):
            found.add(at)
    return found


def show_half(text: str, moment: datetime) -> str:
    mark = "AM" if moment.hour < 12 else "PM"
    return mark if len(text) > 3 else mark[0]


def show_field(text: str, moment: datetime, *, is_minute: bool, half: bool) -> str:
    """One field of a date format: "dd", "mmm", "yyyy", "hh" ..."""
    n, letter = len(text), text[0]
    if letter in "ebg":
        letter, n = "y", 4
    if letter == "y":
        return f"{moment.year % 100:02}" if n <= 2 else f"{moment.year:04}"
    if letter == "d":
        name = DAYS[moment.weekday()]
        return (str(moment.day), f"{moment.day:02}", name[:3], name)[min(n, 4) - 1]
    if letter == "m" and not is_minute:
        name = MONTHS[moment.month - 1]
        return (str(moment.month), f"{moment.month:02}", name[:3], name, name[0])[min(n, 5) - 1]
    number = {"h": (moment.hour + 11) % 12 + 1 if half else moment.hour, "m": moment.minute, "s": moment.second}[letter]
    return str(number) if n == 1 else f"{number:02}"
