"""Words for numbers, names and chances: the small print shop that every sentence of `stories` goes through.

It stands under the grammar and knows no figure's meaning. The trap: a number is rounded once, here, so that
text, pages and the claim checker meet the same digits; and a name such as "Metropolitan Police" already says
who recorded the count, so the place phrase must not say it twice.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlsplit

from answerable.model import Authority, Period, Question, Survey

CHANCE = 0.05
"""At or over this two-sided p a change is within what chance alone would give."""
LITTLE = 3
"""A change under this per cent of its base, and within chance, is called little changed."""

MONTHS = ("January February March April May June July August September October November December").split()
_SINGULAR = {"people": "person", "offences": "offence", "crimes": "crime"}
_SMALL = "no one two three four five six seven eight nine ten".split()


def write_number(value: float | int | str) -> str:
    """5653 -> "5,653"; 15.49 -> "15.49"; text is left as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def round_half_up(value: float | int, places: int = 0) -> Decimal:
    """Schoolbook rounding, so that 22.5 is 23 on every page."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def write_percent(value: float | int) -> str:
    """A size of change in whole per cent, without its sign; under 1 with one decimal."""
    size = abs(value)
    places = 1 if 0 < size < 1 else 0
    return f"{round_half_up(size, places):,}%"


def write_chance(p: float) -> str:
    """A p value as statisticians print it: "p = 0.26", "p < 0.001"."""
    if p < 0.001:
        return "p < 0.001"
    return f"p = {round_half_up(p, 2 if p >= 0.01 else 3)}"


def write_small(n: int) -> str:
    """A whole number as a word up to ten: "three", "11"."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else f"{n:,}"


def write_list(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def write_date(day: date) -> str:
    """1 June 2017."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def write_iso_date(text: str) -> str:
    """ "2017-06-01" -> "1 June 2017", "2017-06" -> "June 2017"; anything else stays."""
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) not in (2, 3) or not 1 <= int(parts[1]) <= 12:
        return text
    return " ".join([*(str(int(part)) for part in parts[2:]), MONTHS[int(parts[1]) - 1], parts[0]])


def name_source(address: str) -> str:
    """The publisher's host of an address: "nspcc.org.uk"."""
    host = urlsplit(address).netloc
    return host.removeprefix("www.") if host else address


def name_place(survey: Survey, authority: Authority) -> str:
    """Who recorded it and where: "police in Kent", "the Metropolitan Police", "Police Scotland"."""
    who, name = survey.recorded_by, authority.name
    if not who:
        return name
    if who.casefold() in name.casefold().split() or who.casefold() in name.casefold():
        leads = name.casefold().startswith(who.casefold()) and " of " not in name
        return name if leads else f"the {name}"
    return f"{who} in {add_article(name)}"


def add_article(name: str) -> str:
    """ "City of London" needs "the" in running text; "Kent" does not."""
    return f"the {name}" if name.startswith("City of ") else name


def name_region(name: str) -> str:
    """Regions named for a compass point, and the United Kingdom, take "the"; "Wales" does not."""
    return f"the {name}" if name.split()[0] in {"North", "South", "East", "West", "United"} else name


def name_subject(survey: Survey, question: Question, count: float | int | None) -> str:
    """The thing counted, in the singular for exactly one: the survey's subject for its headline question."""
    words = survey.subject if question.id == survey.headline and survey.subject else question.measure
    if count != 1:
        return words
    plural = question.unit
    return words.replace(plural, _SINGULAR.get(plural, plural.removesuffix("s")), 1)


def name_base(base: Period, period: Period) -> str:
    """How a sentence names the earlier period: "the year before (2015/16)" or "in 2013/14"."""
    adjoining = (period.start - base.end).days == 1 and 350 < base.days < 380
    return f"the year before ({base.id})" if adjoining else f"in {base.id}"


def count_noun(survey: Survey, n: int) -> str:
    """ "1 force", "39 forces"."""
    return f"{n:,} {survey.authority_noun[0 if n == 1 else 1]}"
