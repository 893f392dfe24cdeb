"""Averages over time in a sentence -> Statements: so many a day, week or month, one every so many minutes.

Part of the grammar, before plain counts take their numbers. The trap: "every day" belongs to a number before
it, "every 93 minutes" is a number of its own, and a hedge on the rate turns round on the interval.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from answerable.claims.nouns import STOP, read_noun
from answerable.claims.numbers import NUMBER, Number, parse_number
from answerable.claims.statement import Statement, make_statement, read_hedge

_LINKS = "were was are is being of to in by the against have had a per each every on involving with".split()
_HARD_STOP = "|".join(word for word in STOP if word not in _LINKS)
_PER = re.compile(
    rf"(?P<words>(?:\s+(?!(?:{_HARD_STOP})\b)[a-z'-]+){{0,9}}?)\s+(?:an?|per|each|every|a\s+single)\s+"
    r"(?P<unit>day|week|month|hour|minute)\b(?!-)|\s+(?P<adverb>daily|weekly|monthly|hourly)\b"
)
_TIMES_PER = re.compile(r"\s+times\s+(?:an?|per|each|every|a\s+single)\s+(?P<unit>day|week|month|hour)\b")
_PER_BEFORE = re.compile(
    r"\b(?P<unit>daily|weekly|monthly|hourly)\s+(?:average|rate|total|figure)\s+(?:of|was|is)\s*$|"
    r"\b(?:each|every)\s+(?P<each>day|week|month|hour),?(?:\s+(?!with|where|when|after|from|in|and)[a-z'-]+){0,7}\s*$"
)
_EVERY = re.compile(
    rf"\bevery\s+(?P<hedge>(?:[a-z]+\s+){{0,3}}?)(?:(?P<n>{NUMBER})(?P<more>\s+and\s+a\s+half|½)?[\s-]+|(?P<half>half(?:[\s-]an)?)[\s-]+|"
    rf"(?P<other>other)\s+)?(?P<unit>second|minute|hour|day|week)s?\b(?P<plus>\s+and\s+a\s+half\b)?"
)
_ONE_BEFORE = re.compile(r"\b(?:one|an?|a\s+new|another)\b(?:\s+[a-z'-]+){0,12}\s*$")
_UNITS = {"daily": "day", "weekly": "week", "monthly": "month", "hourly": "hour"}


_ONE_OF = re.compile(r"\bone\s+(?:of\s+these|such)\s+(?:[a-z-]+\s+)?[a-z]+\b")
_DAILY = re.compile(r"\b(?:every|each)\s+(?:single\s+)?(?P<unit>day|week|hour)\b")


def _make_one(text: str, match: re.Match[str]) -> Statement:
    """ "Every day police log one of these crimes": a rate of one."""
    daily = _DAILY.search(text)
    return Statement(
        type="average",
        start=match.start(),
        end=match.start() + len("one"),
        form="rate",
        value=Fraction(1),
        unit=daily["unit"] if daily else "day",
        anchor=match.start(),
    )


def find_averages(text: str, numbers: Sequence[Number]) -> list[Statement]:
    """Averages per day, week, month or hour, and one every N minutes, hours or days."""
    found = []
    for every in _EVERY.finditer(text):
        if statement := _read_every(text, every):
            found.append(statement)
    found += [_make_one(text, match) for match in _ONE_OF.finditer(text) if _DAILY.search(text)]
    used = 0
    for number in numbers:
        if number.unit or re.match(r"\s+(?:hours?|days?|times?|minutes?)\b", text[number.end :]):
            times = None if number.unit else _TIMES_PER.match(text, number.end)
            if times is None:
                continue
            found.append(make_statement(number, text, "average", "rate", unit=times["unit"]))
            continue
        match, before = (
            _PER.match(text, number.end),
            _PER_BEFORE.search(text[: read_hedge(text, number.start, number.end)[1]]),
        )
        if before and before["each"] and before.start("each") < used:
            before = None
        if match and not any(n.start < match.end() and n.start > number.start for n in numbers):
            unit = match["unit"] or _UNITS[match["adverb"]]
            used = match.end()
        elif before:
            unit = _UNITS[before["unit"]] if before["unit"] else before["each"]
        else:
            continue
        end = match.end() if match and len((match["words"] or "").split()) <= 4 else number.end
        statement = make_statement(number, text, "average", "rate", unit=unit, noun=read_noun(text, number.end)[0])
        found.append(_widen(statement, end))
    return found


def _widen(statement: Statement, end: int) -> Statement:
    fields = {name: getattr(statement, name) for name in Statement.__slots__}
    return Statement(**{**fields, "end": max(statement.end, end)})


def _read_every(text: str, match: re.Match[str]) -> Statement | None:
    """One every N units as a Statement; None for plain "every day", which belongs to a number before it."""
    written = parse_number(match["n"]) if match["n"] else None
    if written and match["more"]:
        written = (written[0] + written[1] / 2, written[1] / 2)
    if match["half"]:
        written = (Fraction(1, 2), Fraction(0))
    elif match["other"]:
        written = (Fraction(2), Fraction(1))
    one = _ONE_BEFORE.search(text[max(0, match.start() - 110) : match.start()])
    if written is None and not match["plus"] and (one is None or match["unit"] in {"day", "week"} or match["hedge"]):
        return None
    value, place = written or (Fraction(1), Fraction(1))
    if match["plus"]:
        value, place = value + Fraction(1, 2), Fraction(1, 2)
    number_at = match.start("n") if match["n"] else match.start("unit")
    hedge, _, _ = read_hedge(text, number_at, match.end())
    outer, start, _ = read_hedge(text, _start_of_one(text, match), match.end())
    coarse = Fraction(10) if place and value % 10 == 0 else place
    return Statement(
        type="average",
        start=start if outer else match.start(),
        end=match.end(),
        form="every",
        value=value,
        place=place,
        coarse=coarse,
        hedge=hedge or _turn(outer),
        unit=match["unit"],
        anchor=match.start(),
    )


def _start_of_one(text: str, match: re.Match[str]) -> int:
    start = match.start()
    one = re.search(r"\bone(?:\s+(?!in\b)[a-z'-]+){0,4}\s*$", text[:start])
    return one.start() if one else start


def _turn(hedge: str) -> str:
    """A hedge of a rate as a hedge of its interval: more than one an hour is less than an hour between."""
    pairs = {"more_than": "less_than", "just_over": "just_under", "nearly": "just_over", "at_least": "at_most"}
    turned = pairs | {value: key for key, value in pairs.items()}
    return turned.get(hedge, hedge)
