"""Cell text -> Reading: a whole number, bounds, or a status, and whether the text alone settles it.

The trap: a text that merely contains a number is not that number. "92 (Qlikview) 33 (Niche)" and "c.40" give
no count here, and a footnote mark on a number is kept apart from a mark that stands instead of one.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from answerable.model import Bounds, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text says. `value` is a whole number of at least 0; `number` a fraction or percentage as printed.

    `settled` is False where the text alone does not say what it means ("*", "-", "about 40"). `mark` is a
    footnote mark that stood beside a number ("72*").
    """

    value: int | None = None
    bounds: Bounds | None = None
    status: Status = "normal"
    settled: bool = True
    number: float | None = None
    percent: bool = False
    mark: str = ""


_SPACES = "\u00a0\u2009\u202f\u2007"
_DASHES = str.maketrans({"–": "-", "—": "-", "‑": "-", "−": "-", "‐": "-", **dict.fromkeys(_SPACES, " ")})
_MARKS = r"(?:\s*(?:[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰#^~]+|\[(?:\d{1,2}|[a-z])\]|\((?:\d{1,2}|[a-z]|note \d+)\)))"
_TRAILING = re.compile(rf"(?P<body>.*?[\w)\]%.:'\"?])(?P<mark>{_MARKS}+)\s*:?$", re.S)
_PLAIN = re.compile(r"\d{1,3}(?:[, ']\d{3})+(?:\.0+)?|\d+(?:\.0+)?")
_FRACTION = re.compile(r"\d[\d,]*\.\d+")
_PERCENT = re.compile(r"(-?\d+(?:\.\d+)?) ?(?:%|per ?cent)")
_WITH_NOUN = re.compile(
    r"(\d[\d,]*) (?:recorded )?(?:offences?|crimes?|incidents?|victims?|suspects?|arrests?|records?|people|persons?|"
    r"children|officers?|staff|cases?|reports?|orders?|occurrences?|individuals?|offenders?)"
)
"""A count and what it counts: "902 offences"."""
_WITH_SHARE = re.compile(r"([\d,]+) ?\(-?\d+(?:\.\d+)? ?%\)")
"""A count and its share in brackets: "12 (75%)"."""
_NUMBERED_MARK = re.compile(
    r"(?P<number>[\d,. ']*\d)(?P<mark>\s*(?:[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰^]+|\[(?:r|p|e|b|\d{1,2})\]|\((?:r|p|e)\)|[rpe]))"
)

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_UNITS += "seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: number for number, word in enumerate(_UNITS)} | {word: 20 + 10 * i for i, word in enumerate(_TENS)}
_N = rf"(\d+|{'|'.join(_UNITS)})"
_BELOW = re.compile(rf"(?:<|less than|fewer than|under|below|lower than|lt) ?{_N}(?: [a-z]+)?")
_AT_MOST = re.compile(
    rf"(?:<=|≤|at most|up to|no more than|not more than|less than or equal to) ?{_N}|{_N} or (?:fewer|less|under|below)"
)
_RANGE = re.compile(rf"(?:between )?{_N} ?(?:-|to|and) ?{_N}")
_ABOUT = re.compile(
    r"(?:c\.?|circa|approx\.?|approximately|about|around|roughly|over|more than|at least|nearly|almost|"
    r"some|~|>|>=|≥)\s?[\d,]+|[\d,]+\+"
)

_ZERO = frozenset(
    ("nil", "none", "zero", "nil return", "none recorded", "no offences",
        "no offences recorded", "no crimes", "no records", "none found",
    "no recorded offences", "0 (zero)", "zero (0)", "none identified", "no results", "no crimes recorded")
)  # fmt: skip
_NOT_HELD = frozenset(
    ("not held", "no information held",
        "information not held", "not recorded", "not collected", "no data held", "data not held", "not kept",
    "no info held", "no information is held",
        "information is not held", "nih", "inh", "not known to be held", "no record held", "no records held")
)  # fmt: skip
_NOT_AVAILABLE = frozenset(
    ("not available", "unavailable", "data not available", "no data", "no data available", "information not available")
)
"""Held or not, the text does not say."""
_NOT_APPLICABLE = frozenset(("n/a", "na", "not applicable", "n.a.", "n.a", "[z]"))
_REFUSED = frozenset(
    ("refused", "exempt", "withheld", "exempted", "not disclosed", "refused to disclose",
        "information withheld", "redacted",
    "exemption applied", "[refused]")
)  # fmt: skip
_SUPPRESSED = frozenset(
    ("[c]", "suppressed", "(c)", "confidential", "supp", "[suppressed]", "low number", "small number")
)
_UNREADABLE = re.compile(r"#(?:ref|n/a|value|name|div/0|num|null|spill|calc)[!?]?|#+|\?+|error", re.I)
_SECTION = re.compile(
    r"(?:exempt[a-z]* ?(?:under )?)?(?:s\.? ?|sec\.? ?|section ?)\d{2}(?: ?\(\d\w?\))*(?: ?\([a-z]\))*(?: .{0,30})?",
    re.I,
)
OPEN_MARKS = frozenset(
    ("*", "**", "***", "~", "-", "--", "x", "[x]", "..", ".", "^", "#", "†", "‡", "!", "+", ":", "…", "$", "@")
)
"""Texts that stand instead of a number and mean what the reply's own key says."""


@lru_cache(maxsize=65536)
def parse_value(text: str) -> Reading | None:
    """The Reading of a cell's text; None when the text is no value at all.

    Bounds of "<5" are 0 to 4: whether zero is among the hidden numbers is for the reply's key to say.
    """
    tidy = " ".join(text.translate(_DASHES).split()).casefold().rstrip(".").strip() or text.strip()
    if not tidy:
        return None
    return _parse_number(tidy) or _parse_words(tidy) or _parse_bounds(tidy)


def _parse_number(tidy: str) -> Reading | None:
    if _PLAIN.fullmatch(tidy):
        return Reading(value=int(re.sub(r"[, ']|\.0+$", "", tidy)))
    if match := _WITH_NOUN.fullmatch(tidy):
        return _parse_number(match[1])
    if match := _WITH_SHARE.fullmatch(tidy):
        return _parse_number(match[1])
    if match := _PERCENT.fullmatch(tidy):
        return Reading(number=float(match[1]), percent=True)
    if _FRACTION.fullmatch(tidy):
        return Reading(number=float(tidy.replace(",", "")), settled=False)
    if (match := _NUMBERED_MARK.fullmatch(tidy)) and (inner := _parse_number(match["number"].strip())):
        return Reading(value=inner.value, number=inner.number, settled=inner.settled, mark=match["mark"].strip())
    if (number := parse_number_word(tidy)) is not None:
        return Reading(value=number)
    return None


def _parse_words(tidy: str) -> Reading | None:
    if tidy in _ZERO:
        return Reading(value=0)
    if tidy in _NOT_HELD:
        return Reading(status="not_held")
    if tidy in _NOT_AVAILABLE:
        return Reading(status="not_held", settled=False, mark=tidy)
    if tidy in _NOT_APPLICABLE:
        return Reading(status="not_applicable")
    if tidy in _REFUSED or _SECTION.fullmatch(tidy):
        return Reading(status="refused")
    if tidy in _SUPPRESSED:
        return Reading(status="suppressed", bounds=Bounds(low=0, high=None))
    if tidy in OPEN_MARKS:
        return Reading(status="suppressed", bounds=Bounds(low=0, high=None), settled=False, mark=tidy)
    if _UNREADABLE.fullmatch(tidy):
        return Reading(status="unreadable", settled=False)
    return None


def _parse_bounds(tidy: str) -> Reading | None:
    bare = tidy.strip("[]() ")
    if match := _BELOW.fullmatch(bare):
        return _bound(0, _read_whole(match[1]) - 1)
    if match := _AT_MOST.fullmatch(bare):
        return _bound(0, _read_whole(match[1] or match[2]))
    if match := _RANGE.fullmatch(bare):
        low, high = _read_whole(match[1]), _read_whole(match[2])
        return _bound(low, high) if low < high else None
    if _ABOUT.fullmatch(bare):
        return Reading(number=float(re.sub(r"\D", "", bare)), settled=False, mark="about")
    return None


def _bound(low: int, high: int) -> Reading | None:
    if high < low:
        return None
    if low == high:
        return Reading(value=low)
    return Reading(status="suppressed", bounds=Bounds(low=low, high=high))


def _read_whole(text: str) -> int:
    return int(text) if text.isdigit() else _WORDS[text]


def parse_number_word(text: str) -> int | None:
    """The number that words spell, up to 999: "seven", "twenty-one", "one hundred and five"; None otherwise."""
    words = text.casefold().replace("-", " ").split()
    if not words or len(words) > 6:
        return None
    hundreds = 0
    if len(words) >= 2 and words[1] == "hundred" and 1 <= _WORDS.get(words[0], 0) <= 9:
        hundreds = 100 * _WORDS[words[0]]
        words = words[3:] if words[2:3] == ["and"] else words[2:]
        if not words:
            return hundreds
    numbers = [_WORDS.get(word, -1) for word in words]
    if len(numbers) == 1 and numbers[0] >= 0:
        return hundreds + numbers[0]
    if len(numbers) == 2 and numbers[0] >= 20 and 1 <= numbers[1] <= 9:
        return hundreds + sum(numbers)
    return None


def strip_marks(text: str) -> tuple[str, str]:
    """A label without the footnote marks at its end, and the marks: "Sussex*" -> ("Sussex", "*")."""
    if match := _TRAILING.fullmatch(text.strip()):
        return match["body"].strip(), match["mark"].strip()
    return text.strip(), ""
