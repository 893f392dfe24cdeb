"""A reply's own key -> what its marks mean: "* means fewer than 5", "blank cells are nil".

A mark stands for what the reply itself says, nowhere else. The trap is "*": as a footnote sign on a label or a
number it hides nothing, and where no key explains it, it stays open with no more than "at least 0".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from answerable.model import Bounds
from answerable.observations.drafts import Draft
from answerable.values import Reading, parse_number_word

_MARK = (
    r"(?P<mark>[*~†^#x.–-]{1,3}|\[[a-z]\]|(?:an? )?(?:blank|empty)(?: cells?| spaces?| fields?)?|"
    r"(?:any )?(?:cells?|spaces?|fields?) (?:(?:that|which) (?:are|is) |left )(?:blank|empty)|"
    r"the letter [\"'“]?[a-z]\b|"
    r"an? (?:asterisk|star|dash|hyphen)(?: \([*-]\))?|asterisks?|dashes)"
)
_KEY = re.compile(
    rf"^[\"'“(]*{_MARK}[\"'”)]*\s*(?:=|:|–|-|means?|denotes?|indicates?|represents?|shows?|signif(?:y|ies)|"
    r"stands? for|are|is|has been used|have been used|(?=\s(?:any |all )?(?:figures?|numbers?|values?|counts?|totals?) "
    r"(?:of |that are |which are )?(?:under|below|less than|fewer than|between|from) ))\s*(?P<says>.+)",
    re.I | re.S,
)
_FOOTED = re.compile(
    r"^(?P<mark>[*~†^#]{1,3}|\[[a-z]\])\s*(?P<says>(?:fewer|less|lower|under|below|between|suppressed|withheld)\b.+)",
    re.I | re.S,
)
"""A mark and at once what it stands for, as under a table; a dash there is a bullet."""
_REPLACED = re.compile(
    r"(?P<says>(?:less than|fewer than|under|below|<) ?\w+|from \w+ to \w+|"
    r"between \w+ (?:and|to) \w+|\d ?[-–] ?\d|\d or (?:less|fewer))"
    r"[^.;]{0,80}?(?:replaced|shown|suppressed|marked|denoted|represented|displayed|indicated|recorded)[^.;]{0,30}?"
    rf"(?:by|with|as|using)\s+[\"'“(]*{_MARK}",
    re.I,
)
_HIDES = re.compile(r"suppress|asterisk|\*|<|replaced|withheld|low number", re.I)
_WORDED = {"asterisk": "*", "star": "*", "dash": "-", "hyphen": "-", "asterisks": "*", "dashes": "-"}
_NUMBER = r"(\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
_AT_LEAST_ONE = re.compile(
    r"\b(?:between|from) (?:1|one)\b|\b1 ?(?:-|–|to) ?\d\b|but (?:more|greater) than (?:0|zero|nil)|at least (?:1|one)",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """mark -> (Reading, the key's words). The mark "" is a blank cell. `low` is the least a hidden count is."""

    marks: dict[str, tuple[Reading, str]] = field(default_factory=dict)
    low: int = 0


def find_keys(lines: Iterable[str]) -> Keys:
    """The key that a reply's lines give; a mark that two lines explain differently is left out."""
    found: dict[str, set[tuple[Reading, str]]] = {}
    low = 0
    for line in lines:
        least, marks_of = _read_key(line) if len(line) <= 400 else (False, ())
        low = 1 if least else low
        for mark, reading, said in marks_of:
            found.setdefault(mark, set()).add((reading, said))
    marks = {
        mark: sorted(items, key=lambda item: item[1])[0]
        for mark, items in sorted(found.items())
        if len({reading for reading, _ in items}) == 1
    }
    return Keys(marks=marks, low=low)


@lru_cache(maxsize=65536)
def _read_key(line: str) -> tuple[bool, tuple[tuple[str, Reading, str], ...]]:
    """Whether a line says that hidden counts are at least one, and (mark, Reading, words) for each it explains."""
    least = False
    found = []
    for part in (line, *_split_sentences(line)):
        least = least or bool(_AT_LEAST_ONE.search(part) and _HIDES.search(part))
        for pattern in (_KEY, _FOOTED, _REPLACED):
            match = pattern.search(part.strip())
            if match and (reading := read_meaning(match["says"])):
                found.append((_name_mark(match["mark"]), reading, part.strip()))
    return least, tuple(found)


def _split_sentences(line: str) -> list[str]:
    """The sentences of a line of several, without a number at their head."""
    parts = re.split(r"(?<=[a-z0-9)*][.;])\s+(?=[A-Z*~\[])", line.strip())
    return [re.sub(r"^(?:notes?|key)\s*[:–-]\s*", "", part, flags=re.I) for part in parts] if len(parts) > 1 else []


def _name_mark(text: str) -> str:
    tidy = text.casefold().strip()
    if re.search(r"\b(?:blank|empty)\b", tidy):
        return ""
    if tidy.startswith("the letter"):
        return tidy[-1]
    for word, mark in _WORDED.items():
        if word in tidy:
            return mark
    return tidy.replace("–", "-")


def read_meaning(says: str) -> Reading | None:
    """The Reading that a key's words give a mark; None where they say nothing of the kind."""
    text = " ".join(says.casefold().split()).strip(" .\"'”)")
    if match := re.search(rf"(?:between )?{_NUMBER} ?(?:-|–|to|and) ?{_NUMBER}\b", text):
        low, high = _read(match[1]), _read(match[2])
        if low < high:
            return Reading(status="suppressed", bounds=Bounds(low=low, high=high))
    if match := re.search(rf"(?:less than|fewer than|under|below|lower than|<) ?{_NUMBER}", text):
        high = _read(match[1]) - 1
        low = 1 if _AT_LEAST_ONE.search(text) else 0
        return Reading(status="suppressed", bounds=Bounds(low=low, high=high)) if high > low else None
    if match := re.search(rf"{_NUMBER} or (?:less|fewer|under)", text):
        return Reading(status="suppressed", bounds=Bounds(low=0, high=_read(match[1])))
    if re.search(r"suppress|withheld|redact|small number|low number|s(?:ection|\.)? ?40|identif|confidential", text):
        return Reading(status="suppressed", bounds=Bounds(low=0, high=None))
    if re.search(r"\b(?:not held|no information held|not recorded|not available|not collected)\b", text):
        return Reading(status="not_held")
    if re.search(r"\b(?:not applicable|n/a)\b", text):
        return Reading(status="not_applicable")
    if re.fullmatch(
        r"(?:that )?(?:there (?:were|are) )?(?:a )?(?:nil|zero|none|0|no)"
        r"(?: (?:returns?|offences?|crimes?|records?|values?|were|recorded|count))*(?: recorded)?"
        r"(?: (?:in|for|during) (?:that|the|this) (?:year|period|month|quarter))?",
        text,
    ):
        return Reading(value=0)
    return None


def _read(text: str) -> int:
    return int(text) if text.isdigit() else parse_number_word(text) or 0


def settle_marks(drafts: Sequence[Draft], keys: Keys) -> None:
    """Give marks and blanks the meaning of the reply's key; a hidden count is at least one where the key says.

    A text in a cell that is no value and that no key explains stays open.
    """
    for draft in drafts:
        if draft.origin.startswith("lookup:") and draft.reading is not None:
            continue
        mark = "" if draft.blank else draft.text.strip().replace("–", "-").casefold()
        if mark in keys.marks and (draft.blank or not draft.visible):
            draft.reading, why = keys.marks[mark]
            draft.evidence.append(f'value: the reply\'s key says "{why}"')
        reading = draft.reading
        if reading is None and draft.cells and not draft.blank and not draft.answer:
            draft.doubt("value", f'"{draft.text}" is neither a whole number nor a status')
        if reading is not None and reading.bounds and reading.bounds.low == 0 and keys.low and reading.settled:
            high = reading.bounds.high
            draft.reading = replace(reading, bounds=Bounds(low=1, high=high))
            draft.evidence.append("value: the reply's key says hidden counts are at least one")
