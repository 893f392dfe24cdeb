"""Numbers as people write them -> values: "5,653", "2.3 million", "44 per cent", "nine", "a dozen", "a third", "10-15".

First reader of an article's text; everything later works on the Numbers it finds. A Number keeps the place
of its last written digit, because 44% and 44.0% promise different things. The trap: "one", "third", "second"
and "quarter" are mostly not numbers; only the patterns that need them take them.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from answerable.claims.words import FRACTIONS, SCALES, WORD_VALUES

_UNITS = "|".join(sorted((word for word, value in WORD_VALUES.items() if 0 < value < 20), key=len, reverse=True))
_TENS = "|".join(word for word, value in WORD_VALUES.items() if value >= 20)
_SMALL = rf"(?:(?:{_TENS})(?:[- ](?:{_UNITS}))?|{_UNITS})"
WORDS = (
    rf"(?:half\s+a\s+dozen|(?:a|one|two|three|four|five|six)\s+dozen|"
    rf"(?:(?:a|{_SMALL})\s+(?:hundred|thousand|million|billion)\b(?:(?:\s+and\s+|\s+|"
    rf",\s+)(?:{_SMALL}\s+hundred(?:\s+and\s+{_SMALL})?|{_SMALL})\b)?)|{_SMALL})"
)
DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:\s?(?:million|billion|thousand|hundred|bn|[mk])\b)?"
NUMBER = rf"(?:{DIGITS}|{WORDS})"
"""Pattern of one plain number, without its unit."""

_PERCENT = r"(?P<percent>\s?%|[\s-]?per[\s-]?cent\b|\s?pc\b|\s?percentage\b(?!\s+points?))"
_FRACTION_WORDS = "|".join(FRACTIONS)
_FIND = re.compile(
    rf"(?<![\w.,/£$€#@&-])(?:(?P<low>{DIGITS})(?:-|–|—|\s–\s(?=\d))|"
    rf"between\s+(?P<from>{NUMBER})\s+and\s+)?(?P<number>{NUMBER})(?P<half>\s+and\s+a\s+half\b|½)?"
    rf"(?:{_PERCENT}|(?P<points>[\s-](?:percentage[\s-])?points?\b)|(?![\w/]|[.,]\d|-(?!fold)[a-z]))",
)
_FRACTION = re.compile(
    rf"(?<![\w-])(?:(?P<count>a|an|one|two|three|four|five|seven|nine)[\s-](?P<part>{_FRACTION_WORDS})s?|"
    rf"(?P<half>half))\b(?!-)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number in the text. `place` is the worth of its last written digit (0.1 for 44.8, 100 for "2 hundred");
    `coarse` the largest place it could be rounded to (100 for 5,600). `unit` is "", "percent", "points" or
    "fraction"; `high` the upper end of a range."""

    start: int
    end: int
    value: Fraction
    place: Fraction
    coarse: Fraction
    unit: str = ""
    high: Fraction | None = None
    word: bool = False


@lru_cache(maxsize=20_000)
def parse_number(text: str) -> tuple[Fraction, Fraction] | None:
    """Value and place of a number in digits or words; None when it is neither."""
    text = text.strip().lower().replace("-", " ")
    match = re.fullmatch(r"([\d,]+(?:\.(\d+))?)\s?(million|billion|thousand|hundred|bn|m|k)?", text)
    if match:
        scale = SCALES.get(match[3] or "", 1)
        place = Fraction(scale, 10 ** len(match[2] or ""))
        return Fraction(match[1].replace(",", "")) * scale, place
    return _parse_words(text)


def _parse_words(text: str) -> tuple[Fraction, Fraction] | None:
    if text.endswith("dozen"):
        first = text.removesuffix("dozen").split()
        count = Fraction(1, 2) if first[:1] == ["half"] else Fraction(WORD_VALUES.get((first or ["a"])[0], 1))
        return count * 12, Fraction(1)
    total, current, place = 0, 0, 1
    for word in text.replace(",", " ").split():
        if word in WORD_VALUES:
            current, place = current + WORD_VALUES[word], 1
        elif word == "hundred":
            current, place = (current or 1) * 100, 100
        elif word in SCALES:
            total, current, place = total + (current or 1) * SCALES[word], 0, SCALES[word]
        elif word not in {"and", "a"}:
            return None
    return Fraction(total + current), Fraction(place)


@lru_cache(maxsize=20_000)
def measure_coarse(value: Fraction, place: Fraction) -> Fraction:
    """The largest power of ten (at least `place`) that the value is a whole multiple of."""
    coarse = place
    while value and coarse < value and (value / (coarse * 10)).denominator == 1:
        coarse *= 10
    return coarse


def find_numbers(text: str) -> tuple[Number, ...]:
    """Every number and fraction word of a text prepared by `sentences.prepare_text`, in order, none overlapping."""
    found = [_make_number(match) for match in _FIND.finditer(text)]
    numbers = [number for number in found if number is not None]
    taken = [(number.start, number.end) for number in numbers if number.unit or not number.word]
    for match in _FRACTION.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            numbers = [n for n in numbers if n.end <= match.start() or n.start >= match.end()]
            numbers.append(_make_fraction(match))
    return tuple(sorted(numbers, key=lambda number: number.start))


def _make_number(match: re.Match[str]) -> Number | None:
    parsed = parse_number(match["number"])
    if parsed is None:
        return None
    value, place = parsed
    if match["half"]:
        value, place = value + place / 2, place / 2
    written = match["low"] or match["from"]
    low = parse_number(written) if written else None
    unit = "percent" if match["percent"] else "points" if match["points"] else ""
    word = not match["number"][0].isdigit()
    start, end = match.span()
    if low is not None and (low[0] >= value or (unit == "" and _is_year_pair(written, match["number"]))):
        return None
    return Number(
        start=start,
        end=end,
        value=low[0] if low else value,
        place=place,
        coarse=measure_coarse(value, place),
        unit=unit,
        high=value if low else None,
        word=word,
    )


def _is_year_pair(low: str, high: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", low) is not None and re.fullmatch(r"\d{2}|(?:19|20)\d\d", high) is not None


def _make_fraction(match: re.Match[str]) -> Number:
    half = match["half"] is not None
    value = Fraction(1, 2) if half else WORD_VALUES.get(match["count"], 1) * FRACTIONS[match["part"]]
    return Number(
        start=match.start(),
        end=match.end(),
        value=value,
        place=Fraction(0),
        coarse=Fraction(0),
        unit="fraction",
        word=True,
    )
