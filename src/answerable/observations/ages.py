"""Age labels -> the ages they cover: "13", "Aged 13", "11 and under", "12-15", "16+", "under 12".

The trap is a bare number: it is an age only where a dimension of ages stands, which the caller knows.
"""

import re
from functools import lru_cache

_N = r"(\d{1,3})"
_TAIL = r"(?: ?(?:years?|yrs?|y/?o)\.?(?: ?(?:old|of age))?)?"
_HEAD = r"(?:(?:ages?|aged|victims? aged|children aged|aged between|between|years?)[: ]*)?"
_WORDS = {"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16}
_WORDS |= {"seventeen": 17, "eighteen": 18, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_WORDS |= {"six": 6, "seven": 7, "eight": 8, "nine": 9}
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(f"{_HEAD}{form}"), how)
    for form, how in (
        (rf"{_N}{_TAIL}", "one"),
        (rf"{_N}{_TAIL} ?(?:-|to|and) ?{_N}{_TAIL}", "range"),
        (rf"{_N}{_TAIL} ?(?:(?:and|or|&) (?:under|younger|below|less)|-)", "up_to"),
        (rf"(?:under|below|less than|younger than|<|u) ?(?:the age of )?{_N}s?{_TAIL}", "below"),
        (rf"(?:<=|up to) ?{_N}{_TAIL}", "up_to"),
        (rf"{_N}{_TAIL} ?(?:\+|(?:and|or|&) (?:over|above|older|more)|plus)", "from"),
        (rf"(?:over|above|older than|>) ?{_N}s?{_TAIL}", "above"),
        (rf"(?:>=|from) ?{_N}{_TAIL}", "from"),
        (r"(?:less than|under|<) ?(?:one|1|a)(?: year)?(?: old)?", "infant"),
    )
)


@lru_cache(maxsize=16384)
def parse_age(text: str) -> tuple[int, int | None, bool] | None:
    """(youngest, oldest or None, whether the text says it is an age); None where it names no ages."""
    tidy = " ".join(text.translate(str.maketrans("–—‑", "---")).casefold().split()).strip(" .:*()")
    for word, number in _WORDS.items():
        tidy = re.sub(rf"\b{word}\b", str(number), tidy)
    for pattern, how in _FORMS:
        if match := pattern.fullmatch(tidy):
            low, high = _read_ages(how, [int(group) for group in match.groups() if group])
            if (high is None or low <= high) and low <= 120:
                return low, high, how != "one" or bool(re.search(r"[a-z]", tidy))
    return None


def _read_ages(how: str, numbers: list[int]) -> tuple[int, int | None]:
    if how == "one":
        return numbers[0], numbers[0]
    if how == "range":
        return numbers[0], numbers[1]
    if how == "up_to":
        return 0, numbers[0]
    if how == "below":
        return 0, numbers[0] - 1
    if how == "infant":
        return 0, 0
    return (numbers[0], None) if how == "from" else (numbers[0] + 1, None)
