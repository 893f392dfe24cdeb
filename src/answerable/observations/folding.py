"""Labels in the form they are compared in: small letters, no punctuation, one spelling, no plural.

The trap is to fold away a difference that matters: "male" and "female", "known" and "unknown", "13" and "13+"
must stay apart, so only spelling, number and filler go, never a negation, a digit or a sign of a range.
"""

import re
import unicodedata
from functools import lru_cache

from answerable.values import strip_marks

FILLER = frozenset(
    "a an the of for in by to on at per with and or is are was were be been number numbers no count "
    "counts total recorded "
    "reported record figure figures data table tab sheet cat breakdown broken down where which that as from "
    "between during each all response answer reply question part year financial period calendar date "
    "victim victims offence offences crime crimes".split()
)
"""Words a label may hold beside its meaning; none of them tells two categories apart."""

_SAME = {
    "offense": "offence", "yr": "year", "yo": "year", "organized": "organised", "unorganized": "unorganised",
    "color": "colour", "m": "m", "f": "f", "nos": "number", "num": "number", "girls": "girl", "boys": "boy",
    "w": "with", "unrecorded": "unrecorded", "photos": "photograph", "photo": "photograph",
        "authorisation": "authorization",
}  # fmt: skip
_WORD = re.compile(r"[a-z]+|\d+(?=s\b)|\d+[a-z]?(?:/\d+)?|[+<>%]")


@lru_cache(maxsize=131072)
def fold_label(text: str) -> tuple[str, ...]:
    """The words of a label as they are compared, without footnote marks."""
    return fold_words(strip_marks(text)[0])


@lru_cache(maxsize=131072)
def fold_words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ").replace("’", "'")).casefold()
    plain = plain.replace("'s", "").replace("'", "")
    plain = re.sub(r"(?<=[a-z])[-/](?=[a-z])", " ", plain)
    return tuple(_fold_word(word) for word in _WORD.findall(plain) if word not in ("a", "an", "the", "s"))


def _fold_word(word: str) -> str:
    word = _SAME.get(word, word)
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return _SAME.get(word, word.replace("isation", "ization") if len(word) > 8 else word)


@lru_cache(maxsize=65536)
def spell_label(text: str) -> str:
    """A label as it is spelled, in small letters and without punctuation: for typing errors, which folding moves."""
    plain = unicodedata.normalize("NFKD", strip_marks(text)[0].replace("&", " and ")).casefold()
    return " ".join(re.findall(r"[a-z0-9+]+", plain))


def find_neighbours(word: str) -> set[str]:
    """Every text one deletion away, for finding labels one letter apart."""
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def differ_by_one(first: str, second: str) -> bool:
    """Whether two texts differ by one letter added, dropped, changed, or two swapped; digits must agree."""
    if first == second or re.sub(r"\D", "", first) != re.sub(r"\D", "", second):
        return False
    if abs(len(first) - len(second)) > 1:
        return False
    if len(first) == len(second):
        off = [i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
        swapped = len(off) == 2 and off[1] == off[0] + 1 and first[off[0]] == second[off[1]]
        return len(off) == 1 or (swapped and first[off[1]] == second[off[0]])
    short, long = sorted((first, second), key=len)
    return short in find_neighbours(long)
