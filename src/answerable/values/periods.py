"""Period labels -> the days they cover, both ends included.

A label is compared with a survey's period by its days alone, never by its looks: "2016" is a calendar year,
"tax year 2016/17" starts on 6 April, and neither is the financial year 2016/17. A label that two readings
fit ("Q1 2016") is `open` and matches nothing.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days from `start` to `end`, and how the label named them: financial, calendar, month, quarter, tax,
    academic, range, part, day, or `open` where two readings fit. A `part` without a stated end has `end` at the
    year's end and `exact` False."""

    start: date
    end: date
    kind: str
    exact: bool = True


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:19\d\d|20[0-4]\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_SEP = r"\s*(?:-|to|until|till|through|and|up to|/)\s*(?:and including\s+|the\s+|end of\s+)?"
_NAMED = r"(?:(?:tax|academic|school) year|\bay)"
_PREFIX = r"(?:f\.?/?y\.?|fin(?:ancial)? ?y(?:ea)?r|fiscal year)"


def _month_of(text: str) -> int:
    return _MONTHS.index(text.strip(". ").casefold()[:3]) + 1


def _year_of(text: str) -> int:
    number = int(text)
    return number if number >= 100 else 2000 + number


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _make(start: date, end: date, kind: str, *, exact: bool = True) -> Span | None:
    return Span(start=start, end=end, kind=kind, exact=exact) if start <= end else None


def _name_range(start: date, end: date) -> Span | None:
    """A range that is a whole year or month is called one."""
    if (start.month, start.day, end.month, end.day) == (4, 1, 3, 31) and end.year == start.year + 1:
        return _make(start, end, "financial")
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and end.year == start.year:
        return _make(start, end, "calendar")
    if (start.month, start.day, end.month, end.day) == (4, 6, 4, 5) and end.year == start.year + 1:
        return _make(start, end, "tax")
    return _make(start, end, "range")


def _read_day(day: str, month: str, year: str) -> date | None:
    try:
        number = int(re.sub(r"\D", "", day))
        return date(_year_of(year), int(month) if month.isdigit() else _month_of(month), number)
    except ValueError:
        return None


_WORD_DATE = rf"(?:{_DAY}\s*(?:of\s+)?[-/ ]?{_MONTH}[-/ ,]*\s*(?:{_YEAR}|'?\d\d(?!\d)))"
_DIGIT_DATE = r"(?:\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d\d)|\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d\d-\d\d)"
_DATE = rf"(?:{_WORD_DATE}|{_DIGIT_DATE})"


def _read_date(text: str) -> date | None:
    text = text.strip().casefold()
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        return _read_day(match[3], match[2], match[1])
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)", text):
        return _read_day(match[1], match[2], match[3])
    if match := re.fullmatch(rf"({_DAY})\s*(?:of\s+)?[-/ ]?({_MONTH})[-/ ,]*\s*'?(\d{{4}}|\d\d)", text):
        return _read_day(match[1], match[2], match[3])
    return None


def _from_range(match: re.Match[str]) -> Span | None:
    start, end = _read_date(match["a"]), _read_date(match["b"])
    return _name_range(start, end) if start and end else None


def _from_half_range(match: re.Match[str]) -> Span | None:
    """ "1 April to 31 December 2016": the year stands once."""
    end = _read_day(match["d2"], match["m2"], match["y"])
    start = _read_day(match["d1"], match["m1"], match["y"])
    if start and end and start > end:
        start = start.replace(year=start.year - 1) if (start.month, start.day) != (2, 29) else None
    return _name_range(start, end) if start and end else None


def _from_months(match: re.Match[str]) -> Span | None:
    last = _year_of(match["y2"])
    first = _year_of(match["y1"]) if match["y1"] else last
    start = date(first, _month_of(match["m1"]), 1)
    end = _last_day(last, _month_of(match["m2"]))
    if not match["y1"] and start > end:
        start = start.replace(year=start.year - 1)
    return _name_range(start, end)


def _from_financial(match: re.Match[str]) -> Span | None:
    first, second = _year_of(match["a"]), match["b"]
    if (first + 1) % 100 != int(second) % 100 or (len(second) == 4 and int(second) != first + 1):
        return None
    if named := match["tax"] or match.groupdict().get("said"):
        return _name_year(first, "tax" if "tax" in named.casefold() else "academic")
    if match["quarter"]:
        return _name_quarter(int(match["quarter"]), first)
    if match["after"]:
        return _name_quarter(int(match["after"]), first)
    return _make(date(first, 4, 1), date(first + 1, 3, 31), "financial")


def _name_year(first: int, kind: str) -> Span | None:
    """A year from 6 April (Income Tax Act 2007 s.4) or of schools in England, from September."""
    if kind == "tax":
        return _make(date(first, 4, 6), date(first + 1, 4, 5), kind)
    return _make(date(first, 9, 1), date(first + 1, 8, 31), kind)


def _from_part_financial(match: re.Match[str]) -> Span | None:
    """ "2023/24 (to 31 December 2023)": the financial year up to a day."""
    first = _year_of(match["a"])
    end = _read_date(match["end"]) or _end_of_month(match["end"])
    if (
        (first + 1) % 100 != int(match["b"]) % 100
        or end is None
        or not date(first, 4, 1) <= end <= date(first + 1, 3, 31)
    ):
        return None
    return _name_part_financial(first, end)


def _end_of_month(text: str) -> date | None:
    match = re.fullmatch(rf"({_MONTH})[- ]*(\d{{4}}|\d\d)", text.strip(), re.I)
    return _last_day(_year_of(match[2]), _month_of(match[1])) if match else None


def _name_part_financial(first: int, end: date) -> Span | None:
    whole = (end.month, end.day) == (3, 31)
    return _make(date(first, 4, 1), end, "financial" if whole else "part")


def _name_quarter(quarter: int, first: int) -> Span | None:
    month = (4, 7, 10, 1)[quarter - 1]
    year = first if month > 1 else first + 1
    return _make(date(year, month, 1), _last_day(year, month + 2), "quarter")


def _from_ending(match: re.Match[str]) -> Span | None:
    year, month = _year_of(match["y"]), _month_of(match["m"])
    end = _read_day(match["d"], match["m"], match["y"]) if match["d"] else _last_day(year, month)
    if end is None:
        return None
    after = end + timedelta(days=1)
    months = int(match["n"]) if match["n"] else 12
    count = after.year * 12 + after.month - 1 - months
    if after.day > 28:
        return None
    return _name_range(date(count // 12, count % 12 + 1, after.day), end)


def _from_month(match: re.Match[str]) -> Span | None:
    year, month = _year_of(match["y"]), _month_of(match["m"])
    return _make(date(year, month, 1), _last_day(year, month), "month")


def _from_numeric_month(match: re.Match[str]) -> Span | None:
    year, month = int(match["y"]), int(match["m"])
    return _make(date(year, month, 1), _last_day(year, month), "month") if 1 <= month <= 12 else None


def _from_part(match: re.Match[str]) -> Span | None:
    """ "2025 to 31 May", "2025 (Jan-Jun)", "2025 to date"."""
    year = int(match["y"])
    if match["m1"] and match["m2"]:
        return _name_part(date(year, _month_of(match["m1"]), 1), _last_day(year, _month_of(match["m2"])))
    if match["m"]:
        end = _read_day(match["d"], match["m"], match["y"]) if match["d"] else _last_day(year, _month_of(match["m"]))
        return _name_part(date(year, 1, 1), end) if end else None
    return _make(date(year, 1, 1), date(year, 12, 31), "part", exact=False)


def _name_part(start: date, end: date) -> Span | None:
    whole = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    return _make(start, end, "calendar" if whole else "part")


def _from_year(match: re.Match[str]) -> Span | None:
    year = int(match["y"])
    return _make(date(year, 1, 1), date(year, 12, 31), "calendar")


def _from_open(match: re.Match[str]) -> Span | None:
    """ "Q1 2016" is January to March of the calendar year or April to June of the financial one."""
    year = int(match["y"])
    return _make(date(year, 1, 1), date(year, 12, 31), "open", exact=False)


def _from_day(match: re.Match[str]) -> Span | None:
    day = _read_date(match[0])
    return _make(day, day, "day") if day else None


_Q = r"(?:q|qtr\.?|quarter)\s?"
_SHORT_TEXT = r"(?P<tax>(?!))?(?P<quarter>(?!))?(?<![\d/.])(?P<a>[0-4]\d)/(?P<b>[0-4]\d)(?![\d/])(?P<after>(?!))?"
"""Two-digit years without a word beside them stand for a period as a whole label ("16/17") but not inside a
sentence, where "17/18" may be ages."""
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Span | None]], ...] = tuple(
    (re.compile(pattern, re.I), read)
    for pattern, read in (
        (rf"(?:between\s+|from\s+)?(?:the\s+)?(?P<a>{_DATE}){_SEP}(?:the\s+)?(?P<b>{_DATE})", _from_range),
        (
            rf"(?:between\s+|from\s+)?(?P<d1>{_DAY})\s*(?:of\s+)?(?P<m1>{_MONTH}){_SEP}(?P<d2>{_DAY})\s*(?:of\s+)?"
            rf"(?P<m2>{_MONTH})\s*(?P<y>{_YEAR})",
            _from_half_range,
        ),
        (
            rf"(?:(?:the\s+)?(?:year|(?P<n>\d{{1,2}}) months)\s+(?:ending|ended|to|end)|y/?e)\s+"
            rf"(?:the\s+)?(?P<d>{_DAY})?\s*(?:of\s+)?(?P<m>{_MONTH})[ -]*(?P<y>{_YEAR}|\d\d(?!\d))",
            _from_ending,
        ),
        (
            rf"(?:between\s+|from\s+)?(?P<m1>{_MONTH})[- ']*(?P<y1>{_YEAR}|\d\d(?!\d))?{_SEP}(?P<m2>{_MONTH})[- ']*"
            rf"(?P<y2>{_YEAR}|\d\d(?!\d))",
            _from_months,
        ),
        (
            rf"(?P<y>{_YEAR})\s*(?:"
            rf"\(?\s*(?:to|up to|until|ytd to)\s+(?:and including\s+)?(?:the\s+)?(?:end of\s+)?(?P<d>{_DAY})?\s*"
            rf"(?:of\s+)?(?P<m>{_MONTH})\s*(?:(?P=y))?\s*\)?"
            rf"|\(\s*(?:from\s+)?(?P<m1>{_MONTH}){_SEP}(?P<m2>{_MONTH})\s*\)"
            r"|[-,(]?\s*(?:ytd|year to date|to date|part year|part-year|so far)\s*\)?)",
            _from_part,
        ),
        (
            rf"(?:(?:{_PREFIX})\s*)?(?<![\d/])(?P<a>{_YEAR})\s?[/-]\s?(?P<b>{_YEAR}|\d\d)(?![\d/])\s*[,-]?\s*"
            rf"\(?\s*(?:up to|to|until|as at)\s+(?:and including\s+)?(?:the\s+)?(?:end of\s+)?"
            rf"(?P<end>{_DATE}|{_MONTH}[- ]*(?:{_YEAR}|\d\d))\s*\)?",
            _from_part_financial,
        ),
        (
            rf"(?:(?P<tax>{_NAMED})\s*|{_Q}(?P<quarter>[1-4])\s*(?:of\s+)?[-,]?\s*)?(?:(?:{_PREFIX})\s*)?"
            rf"(?<![\d/])(?P<a>{_YEAR})\s?[/-]\s?(?P<b>{_YEAR}|\d\d)(?![\d/])(?:\s*[-,]?\s*{_Q}(?P<after>[1-4])(?!\d))?"
            rf"(?:\s*(?:{_PREFIX})|\s*\(?(?P<said>{_NAMED})\)?)?",
            _from_financial,
        ),
        (
            rf"(?:(?P<tax>{_NAMED})\s*|{_Q}(?P<quarter>[1-4])\s*(?:of\s+)?[-,]?\s*)(?<![\d/])(?P<a>\d\d)\s?[/-]\s?"
            r"(?P<b>\d\d)(?![\d/])(?P<after>(?!))?",
            _from_financial,
        ),
        (
            rf"(?P<tax>(?!))?(?P<quarter>(?!))?(?:{_PREFIX})\s*(?P<a>\d\d)\s?[/-]\s?(?P<b>\d\d)(?![\d/])(?P<after>(?!))?",
            _from_financial,
        ),
        (
            _SHORT_TEXT,
            _from_financial,
        ),
        (rf"{_Q}[1-4]\s*(?:of\s+)?[-,/]?\s*(?P<y>{_YEAR})(?![\d/-])|(?!)", _from_open),
        (rf"{_DATE}", _from_day),
        (rf"(?<![a-z])(?P<m>{_MONTH})[-/ ',]*\s*(?P<y>{_YEAR}|\d\d(?!\d))(?![\d/])", _from_month),
        (rf"(?<![\d/-])(?P<y>{_YEAR})-(?P<m>\d\d)(?![\d/-])|(?!)", _from_numeric_month),
        (rf"(?<![\d/])(?P<m>\d\d)/(?P<y>{_YEAR})(?![\d/])", _from_numeric_month),
        (
            rf"(?:(?:calendar year|cy|year)\s*)?(?<![\d/£.,-])(?P<y>{_YEAR})(?![\d/]|[.,]\d|-\d)(?:\s*(?:calendar year"
            r"|\(\s*calendar(?: year)?\s*\)))?",
            _from_year,
        ),
    )
)
_DASHES = str.maketrans({"–": "-", "—": "-", "‑": "-", "−": "-", "\u00a0": " ", "’": "'", "\u2009": " "})
_HAS_DIGIT = re.compile(r"\d\d")


@lru_cache(maxsize=65536)
def parse_period_label(text: str) -> Span | None:
    """The Span that a whole label names; None when it names none, or two readings fit."""
    if not _HAS_DIGIT.search(text):
        return None
    tidy = " ".join(text.translate(_DASHES).split()).strip(" :*.").strip()
    tidy = tidy[1:-1].strip() if tidy.startswith("(") and tidy.endswith(")") else tidy
    for pattern, read in _PATTERNS:
        if (match := pattern.fullmatch(tidy)) and (span := read(match)):
            return span
    return None


@lru_cache(maxsize=65536)
def find_spans(text: str) -> tuple[tuple[int, int, Span], ...]:
    """Every period named in a text as (first character, end, Span), in order, none overlapping another.

    Offsets are into `text` as given; dashes and spaces are replaced one for one.
    """
    if not _HAS_DIGIT.search(text):
        return ()
    return tuple(sorted(_scan(text.translate(_DASHES)), key=lambda item: item[0]))


def _scan(tidy: str) -> Iterator[tuple[int, int, Span]]:
    taken = bytearray(len(tidy))
    for pattern, read in _PATTERNS:
        if pattern.pattern == _SHORT_TEXT:
            continue
        for match in pattern.finditer(tidy):
            first, end = match.span()
            if first == end or any(taken[first:end]):
                continue
            if span := read(match):
                taken[first:end] = b"\1" * (end - first)
                while tidy[first:end] != tidy[first:end].rstrip():
                    end -= 1
                yield first, end, span


@lru_cache(maxsize=4096)
def parse_subperiod(text: str) -> tuple[int, int] | None:
    """A part of a year that names no year, as (first month, last month): "April", "Q1" of a financial year,
    "Apr-Jun"; None otherwise."""
    tidy = " ".join(text.translate(_DASHES).split()).strip(" :*.").casefold()
    if match := re.fullmatch(_MONTH, tidy):
        return _month_of(match[0]), _month_of(match[0])
    if match := re.fullmatch(rf"{_Q}([1-4])(?: \(.*\))?", tidy):
        first = (4, 7, 10, 1)[int(match[1]) - 1]
        return first, first + 2
    if match := re.fullmatch(rf"({_MONTH}){_SEP}({_MONTH})", tidy):
        return _month_of(match[1]), _month_of(match[2])
    return None
