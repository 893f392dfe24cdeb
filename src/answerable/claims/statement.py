"""What one number in prose says, before anybody looks whether it is true; and the words around it.

The grammar makes Statements, binding and evaluation consume them. A Statement keeps the number exactly as
written (value, hedge, place of the last digit) apart from what it is said of. The trap: "up to 72" is a hedge
in "up to 72 forces" and a direction in "went up to 72".
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from answerable.claims.numbers import Number
from answerable.claims.words import CHANGE, HEDGES, UP


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A typed number at [start, end) of its sentence.

    `form` is how it is written: number, percent, points, fraction, verb (doubled), times, one_in, rate, every.
    `direction` is 1 for a rise, -1 for a fall, 0 where none is said. `role` is now, base, part, whole or "".
    `unit` is the time unit of an average; `noun` the words counted; `anchor` where binding looks from.
    `subject` says which authorities a count of authorities counts, or what a rank ranks.
    """

    type: str
    start: int
    end: int
    form: str
    value: Fraction
    place: Fraction = Fraction(1)
    coarse: Fraction = Fraction(1)
    high: Fraction | None = None
    hedge: str = ""
    direction: int = 0
    role: str = ""
    unit: str = ""
    noun: tuple[str, ...] = ()
    noun_kind: str = ""
    anchor: int = -1
    subject: str = ""
    key: str = ""


_HEDGES = tuple((name, re.compile(rf"(?<![\w-]){pattern}\s*(?:\ban?\s+|\bthe\s+)?$")) for name, pattern in HEDGES)
_AFTER = (
    ("at_least", re.compile(r"(?:\s+or\s+more\b|\s+and\s+(?:more|counting)\b)")),
    ("more_than", re.compile(r"\s?\+|-?plus\b|\s+plus\b")),
    ("at_most", re.compile(r"\s+or\s+(?:fewer|less)\b")),
    ("about", re.compile(r"\s+or\s+so\b|-ish\b|-odd\b")),
)
_HEDGE_HINT = re.compile(r"[a-z~.]")
_MOVED_UP_TO = re.compile(
    r"(?:\b(?:went|gone|going|goes|moved|moving|rising|rose|risen|shot|jumped|is|was|climbed|soared|it's|"
    r"and|back|numbers|figures?|year|offences|crimes)\s+up\s+to\s*|^\s*up\s+to\s*)$"
)
_COMPARED_MORE = re.compile(
    r"(?:\d|\d\s+(?:[a-z]+\s+){0,2}(?:offences|crimes|cases|incidents|reports|ones|per\s?cent|times)|per\s?cent|times|%)\s*(?:more|fewer|higher|"
    r"lower|less|greater)\s+than\s*$|"
    r"\b(?:more|fewer|higher|lower|less|greater)\s+than\s+the\s*$|\b(?:twice|times|half)\s+as\s+(?:many|"
    r"much|high)\s+as\s*(?:the\s*)?$|"
    r"(?:%|per\s?cent)\s+(?:over|above|below|under)\s*(?:the\s*)?$"
)
_THAN_AFTER = re.compile(r"\s+than\b")
_CHANGE = re.compile(rf"(?<![\w-]){CHANGE}(?![\w])")
_UP = re.compile(rf"{UP}")
_CHANGE_AFTER = re.compile(
    rf"\s*[-,]?\s*(?:(?:year-on-year|annual|overall|national|sharp|huge|dramatic|steep|big|large|massive|"
    rf"significant|percentage|points?|"
    rf"shocking|alarming|staggering|worrying|[a-z]+(?:ly|ing)|average|rate\s+of|"
    rf"[a-z-]+)\s+){{0,2}}?(?P<word>{CHANGE}|more|less|better|worse)(?![\w-])"
)


def read_hedge(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The hedge of a number at [start, end): its name ("" for none) and the span widened to take it in."""
    before = text[max(0, start - 48) : start]
    offset = max(0, start - 48)
    if _HEDGE_HINT.search(before[-3:]) and not _COMPARED_MORE.search(before):
        for name, pattern in _HEDGES:
            match = pattern.search(before)
            if match and not (name == "at_most" and match[0].startswith("up to") and _MOVED_UP_TO.search(before)):
                return name, offset + match.start(), end
    for name, pattern in _AFTER:
        if match := pattern.match(text, end):
            return name, start, match.end()
    return "", start, end


def find_change_before(text: str, start: int, floor: int = 0) -> tuple[int, int]:
    """Direction (1, -1, 0) and position of the last word of change in text[floor:start]; position -1 for none."""
    last = None
    for match in _CHANGE.finditer(text, floor, start):
        if not (match[0].endswith("er") and _THAN_AFTER.match(text, match.end())):
            last = match
    if last is None:
        return 0, -1
    return (1 if _UP.fullmatch(last[0]) else -1), last.start()


def find_change_after(text: str, end: int) -> int:
    """Direction of a word of change that follows a number within a word or two: "44% rise", "13 fewer"."""
    match = _CHANGE_AFTER.match(text, end)
    if match is None:
        return 0
    between = text[end : match.start("word")]
    if re.search(r"\b(?:of|in|on|and|from|to|were|was|had|which|who|while|but|as|with|for|are|is|the|a)\b", between):
        return 0
    word = match["word"]
    return 1 if word in {"more", "better"} or _UP.fullmatch(word) else -1


def make_statement(number: Number, text: str, type_: str, form: str, **fields: object) -> Statement:
    """A Statement of a Number with its hedge read from the words beside it."""
    hedge, start, end = read_hedge(text, number.start, number.end)
    values = {
        "type": type_,
        "start": start,
        "end": end,
        "form": form,
        "value": number.value,
        "place": number.place,
        "coarse": number.coarse,
        "high": number.high,
        "hedge": hedge,
        "anchor": number.start,
    }
    return Statement(**{**values, **fields})  # type: ignore[arg-type]
