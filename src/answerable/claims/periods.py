"""Words for time -> the survey's periods: "2016/17", "the year to March 2017", "last year", "since 2015/16".

Before binding: a claim with a period is checked against that period and no other. The trap: "last year" is
the latest period in "72 last year" and the one before in "compared with 59 last year"; and a period that the
survey does not have is a wrong date, not the nearest one.
"""

import re
from dataclasses import dataclass
from datetime import date

from answerable.claims.numbers import NUMBER, parse_number
from answerable.claims.words import MONTH, MONTHS
from answerable.model import Period

_YEAR = r"(?:19|20)\d\d"
_FINANCIAL = re.compile(rf"\b({_YEAR})\s?(?:/|-|–|to)\s?((?:19|20)?\d\d)\b(?!\s?%|,\d)")
_YEAR_TO = re.compile(
    rf"\b(?:(?:year|12\s+months|twelve\s+months|12-month\s+period)\s+(?:to|(?:that\s+|which\s+)?(?:ending|ended|ends)(?:\s+(?:in|on))?|up\s+to|"
    rf"until)(?:\s+in)?|(?:end(?:ing|ed)|to|until)(?:\s+the\s+end\s+of)?|year-end)"
    rf"\s+(?:the\s+end\s+of\s+)?(?:\d{{1,2}}(?:st)?\s+)?({MONTH}),?\s+(?:\d{{1,2}},?\s+)?({_YEAR})"
)
_SPAN = re.compile(
    rf"\b(?:\d{{1,2}}(?:st)?\s+)?({MONTH})(?:\s+\d{{1,2}}(?:st)?)?,?\s+({_YEAR})\s?(?:to|and|-|–|until|"
    rf"through)\s?(?:the\s+end\s+of\s+)?(?:\d{{1,2}}(?:st)?\s+)?({MONTH})(?:\s+\d{{1,2}}(?:st)?)?,?\s+({_YEAR})"
)
_QUARTER = re.compile(rf"\b({MONTH})\s?(?:to|and|-|–|until)\s?({MONTH}),?\s+({_YEAR})(?![/\d])")
_CALENDAR = re.compile(
    rf"(?<![\w/.,£$€-])(?<!march )(?<!april )(?<!act )({_YEAR})(?![\w/]|,\d|\.\d|-\d|–\d|\s?%|\s?per\s?cent|"
    rf"\s+(?:offences|crimes|cases))"
)
_IN_DATE = re.compile(rf"\b{MONTH},?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?$")
"""A year at the end of a date is the day something was printed or done, not a period."""
SPAN = -100
"""Steps of time words that say how long a change took, and not when a count was: "from 55 to 145 in a year"."""


def _compile_years(pattern: str) -> re.Pattern[str]:
    """A pattern that takes "yr" and "yrs" for "year" and "years"."""
    return re.compile(pattern.replace("year", "y(?:ea)?r"))


_OFFSETS = (
    (
        -1,
        (
            r"(?:the\s+)?(?:year|12\s+months|twelve\s+months)\s+(?:before|earlier|previously|prior)|"
            r"(?:the\s+|a\s+)?(?:previous|prior|preceding)\s+(?:financial\s+)?(?:year|12\s+months|"
            r"twelve\s+months|period)|(?:the\s+)?year\s+before\s+(?:that|last)|previously|a\s+year\s+ago|"
            r"over\s+the\s+(?:past|last)\s+year"
        ),
    ),
    (
        SPAN,
        r"year-on-year|year\s+on\s+year|annual(?:ly)?|in\s+(?:just\s+|only\s+|the\s+space\s+of\s+)?(?:a|one|a\s+single)\s+year|in\s+12\s+months",
    ),
    (-2, r"two\s+years\s+(?:before|earlier|previously|ago|prior)"),
    (-3, r"three\s+years\s+(?:before|earlier|previously|ago|prior)"),
    (-4, r"four\s+years\s+(?:before|earlier|previously|ago|prior)"),
    (-5, r"five\s+years\s+(?:before|earlier|previously|ago|prior)"),
    (-6, r"six\s+years\s+(?:before|earlier|previously|ago|prior)"),
    (-7, r"seven\s+years\s+(?:before|earlier|previously|ago|prior)"),
    (0, r"(?:the|that|this)\s+same\s+(?:financial\s+)?(?:year|12\s+months|twelve\s+months|period)"),
    (
        1,
        (
            r"(?:the\s+)?(?:following|next|subsequent)\s+(?:financial\s+)?(?:year|12\s+months|"
            r"twelve\s+months)|(?:(?:a|the|one)\s+year|12\s+months|twelve\s+months)\s+(?:later|"
            r"on(?!\s+(?:the|a|his|her|its|\d+)\b)|afterwards)\b|(?:the\s+)?year\s+after(?:\s+that)?\b|(?:by\s+)?the\s+following\s+(?:spring|march|april|autumn|summer|december)"
        ),
    ),
)
_OFFSET = tuple((offset, _compile_years(rf"\b(?:{pattern})\b")) for offset, pattern in _OFFSETS)
_LATEST = _compile_years(
    r"\b(?:(?:in|over|during|for)\s+)?(?:the\s+)?(?:last|past|latest|most\s+recent|"
    r"this)\s+(?:financial\s+)?(?:year|12\s+months|twelve\s+months|12-month\s+period)\b(?!\s+before)|"
    r"\bcurrently\b|\bnow\b"
)
_MANY = _compile_years(
    rf"\b(?:in|over|during|within|across)\s+(?:the\s+)?(?:(?:last|past|previous|latest|space\s+of|just|"
    rf"only|course\s+of)\s+)*({NUMBER})(?:\s+financial)?[\s-]years?\b(?!\s+(?:ago|earlier|old|before))|"
    rf"\b({NUMBER})-year\b(?!-old)|\b(?:last|past|previous)\s+({NUMBER})\s+years\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodMention:
    """Time words at [start, end) of a sentence. `kind`: "at" (ids one period), "since" (ids the base), "range"
    (ids every period from first to last), "offset" (`steps` from the main period), "span" (how long a change took),
    "latest", "many" (`steps` years), "unknown" (a stated period that the survey has not; `label` says which)."""

    start: int
    end: int
    kind: str
    ids: tuple[str, ...] = ()
    steps: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The survey's periods in order of time; empty when a text is checked against itself."""

    periods: tuple[Period, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(period.id for period in self.periods)


_EDITION_AFTER = re.compile(r"\s+(?:release|edition|survey|report|round|publication|study|analysis|press)\b")
"""After the year of something printed: "its 2017 release" is an edition and no period."""
_ORDINALS = (
    (0, r"(?:the\s+)?first\s+(?:of\s+(?:the|those|these)\s+(?:\w+\s+)?)?(?:full\s+|financial\s+)?years?|the\s+first"),
    (1, r"(?:the\s+)?second\s+(?:of\s+(?:the|those|these)\s+(?:\w+\s+)?)?(?:full\s+|financial\s+)?years?|the\s+second"),
    (2, r"(?:the\s+)?third\s+(?:of\s+(?:the|those|these)\s+(?:\w+\s+)?)?(?:full\s+|financial\s+)?years?"),
)
_ORDINAL = tuple(
    (
        at,
        re.compile(
            rf"\bin\s+(?:its\s+|that\s+|their\s+)?(?:{pattern})(?=\s*(?:[,.;:]|$|and\b|but\b|it\b|they\b|there\b|of\b|police\b|when\b|officers\b|the\b))"
        ),
    )
    for at, pattern in _ORDINALS
)


def find_periods(calendar: Calendar, sentence: str) -> list[PeriodMention]:
    """Time words of a plain small-letter sentence, in order, none overlapping."""
    found: list[PeriodMention] = []
    for label, period_id in (
        (text, p.id) for p in calendar.periods for text in (p.id, *p.aliases) if text[:1].isalpha()
    ):
        for match in re.finditer(rf"(?<!\w){re.escape(label.lower())}(?!\w)", sentence):
            _add(found, match.span(), (period_id,), label)
    for match in _QUARTER.finditer(sentence):
        first, last = _month_start(match[1], match[3]), _month_end(match[2], match[3])
        _add(found, match.span(), _make_span(calendar, first, last), match[0])
    for match in _SPAN.finditer(sentence):
        first, last = _month_start(match[1], match[2]), _month_end(match[3], match[4])
        _add(found, match.span(), _make_span(calendar, first, last), match[0])
    for match in _YEAR_TO.finditer(sentence):
        last = _month_end(match[1], match[2])
        first = date(last.year - 1, last.month + 1, 1) if last.month < 12 else date(last.year, 1, 1)
        _add(found, match.span(), _make_span(calendar, first, last), match[0])
    for match in _FINANCIAL.finditer(sentence):
        if re.search(r"to\s?\d\d$", match[0]) and (int(match[1]) + 1) % 100 != int(match[2]):
            continue
        _add(found, match.span(), _find_financial(calendar, int(match[1]), match[2]), match[0])
    for match in _CALENDAR.finditer(sentence):
        if _IN_DATE.search(sentence, 0, match.start()) or _EDITION_AFTER.match(sentence, match.end()):
            continue
        _add(found, match.span(), _find_calendar(calendar, int(match[1])), match[0])
    found = [_mark_since(mention, sentence) for mention in found]
    _find_relative(found, sentence)
    for at, pattern in _ORDINAL if len(calendar.periods) > 1 else ():
        for match in pattern.finditer(sentence):
            if at < len(calendar.ids):
                _put(found, PeriodMention(start=match.start(), end=match.end(), kind="at", ids=(calendar.ids[at],)))
    found = _end_years(calendar, found, sentence)
    return _join_pairs(calendar, sorted(found, key=lambda mention: mention.start), sentence)


_CUE = re.compile(r"year|yr|month|now|current|previous|following|next|same|annual|period")


def _find_relative(found: list[PeriodMention], sentence: str) -> None:
    if not _CUE.search(sentence):
        return
    for match in _MANY.finditer(sentence):
        years = parse_number(next(group for group in match.groups() if group))
        if years and 1 < years[0] <= 30:
            _put(found, PeriodMention(start=match.start(), end=match.end(), kind="many", steps=int(years[0])))
    for offset, pattern in _OFFSET:
        for match in pattern.finditer(sentence):
            kind, steps = ("span", -1) if offset == SPAN else ("offset", offset)
            _put(found, PeriodMention(start=match.start(), end=match.end(), kind=kind, steps=steps, label=match[0]))
    for match in _LATEST.finditer(sentence):
        _put(found, PeriodMention(start=match.start(), end=match.end(), kind="latest", label=match[0]))


def _put(found: list[PeriodMention], mention: PeriodMention) -> None:
    if not any(mention.start < other.end and other.start < mention.end for other in found):
        found.append(mention)


def _add(found: list[PeriodMention], span: tuple[int, int], ids: tuple[str, ...], label: str) -> None:
    kind = "unknown" if not ids else "at" if len(ids) == 1 else "range"
    _put(found, PeriodMention(start=span[0], end=span[1], kind=kind, ids=ids, label=label.strip()))


def _make_span(calendar: Calendar, first: date, last: date) -> tuple[str, ...]:
    """Periods that lie between two days: exactly one, several in a row, or none when an end does not fit."""
    if not calendar.periods:
        return (f"{first:%Y-%m}/{last:%Y-%m}",)
    inside = [p for p in calendar.periods if (p.start - first).days >= -3 and (last - p.end).days >= -3]
    if not inside or abs((inside[0].start - first).days) > 3 or abs((inside[-1].end - last).days) > 3:
        return ()
    return tuple(period.id for period in inside)


def _find_financial(calendar: Calendar, first: int, tail: str) -> tuple[str, ...]:
    last = int(tail) if len(tail) == 4 else first // 100 * 100 + int(tail)
    if last < first:
        last += 100
    if last - first == 1:
        if not calendar.periods:
            return (f"{first}-04/{last}-03",)
        return _make_span(calendar, date(first, 4, 1), date(last, 3, 31))
    years = [f"{year}" for year in range(first, last + 1)]
    return tuple(year for year in years if year in calendar.ids) if last > first else ()


def _find_calendar(calendar: Calendar, year: int) -> tuple[str, ...]:
    """The period a bare year names: that calendar year, else the financial year that starts in it, else ends in it."""
    if not calendar.periods:
        return (str(year),)
    if str(year) in calendar.ids:
        return (str(year),)
    for period in calendar.periods:
        if period.start.year == year:
            return (period.id,)
    return tuple(period.id for period in calendar.periods if period.end.year == year)[:1]


def _mark_since(mention: PeriodMention, sentence: str) -> PeriodMention:
    before = sentence[: mention.start]
    if mention.kind == "at" and re.search(r"\bsince\s+(?:the\s+)?(?:\w+\s+){0,4}$", before):
        return PeriodMention(start=mention.start, end=mention.end, kind="since", ids=mention.ids, label=mention.label)
    if mention.kind == "at" and mention.label[:4].isdigit() and len(mention.label) == 4 and before.endswith("since "):
        return PeriodMention(start=mention.start, end=mention.end, kind="since", ids=mention.ids, label=mention.label)
    return mention


_ENDING = re.compile(r"\s*(?:to|up\s+to|until|ending|ended|ending\s+in|that\s+ended\s+in|since|from)?\s*(?:the\s+)?")


def _end_years(calendar: Calendar, found: list[PeriodMention], sentence: str) -> list[PeriodMention]:
    """Joins "the five years" and "to March 2020" into the range of those years."""
    for many in [m for m in found if m.kind == "many"]:
        for last in [m for m in found if m.kind in {"at", "range"} and m.start >= many.end]:
            to = calendar.ids.index(last.ids[-1]) + 1 if last.ids[-1] in calendar.ids else 0
            words = sentence[many.end : last.start]
            closes = words.strip() or re.match(r"to|until|end|up", sentence[last.start :])
            if to < many.steps or not closes or not _ENDING.fullmatch(words):
                continue
            ids = calendar.ids[to - many.steps : to]
            found = [m for m in found if m not in (many, last)]
            found.append(PeriodMention(start=many.start, end=last.end, kind="range", ids=ids, label="range"))
    return found


_LINK = re.compile(r"\s*(?:and|(?P<to>to|-|–))\s*(?:the\s+)?(?:in\s+)?")


def _join_pairs(calendar: Calendar, found: list[PeriodMention], sentence: str) -> list[PeriodMention]:
    """Joins "between 2015/16 and 2018/19" and "from 2015/16 to 2016/17" into one range."""
    joined: list[PeriodMention] = []
    for mention in found:
        last = joined[-1] if joined else None
        if (
            last
            and last.kind == mention.kind == "at"
            and (link := _LINK.fullmatch(sentence, last.end, mention.start))
            and (link["to"] or re.search(r"\b(?:between|from|years?|both|in)\s+(?:the\s+)?$", sentence[: last.start]))
            and last.ids[0] in calendar.ids
            and mention.ids[0] in calendar.ids
        ):
            first, final = calendar.ids.index(last.ids[0]), calendar.ids.index(mention.ids[0])
            if first < final:
                ids = calendar.ids[first : final + 1]
                joined[-1] = PeriodMention(start=last.start, end=mention.end, kind="range", ids=ids, label="range")
                continue
        joined.append(mention)
    return joined


def _month_number(name: str) -> int:
    return next(index for index, month in enumerate(MONTHS, 1) if month.startswith(name.rstrip(".")[:3]))


def _month_start(month: str, year: str) -> date:
    return date(int(year), _month_number(month), 1)


def _month_end(month: str, year: str) -> date:
    number = _month_number(month)
    following = date(int(year) + 1, 1, 1) if number == 12 else date(int(year), number + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
