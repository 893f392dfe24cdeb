"""What is being counted: offences, crimes, victims, suspects, arrests or records, by the words around a value.

The trap is a word that names the subject and not the count ("age of victim"): a unit is read only where the
words say a number is of it.
"""

import re
from functools import lru_cache

from answerable.model import CaveatKind, Unit
from answerable.observations.labels import UNIT_WORDS

_COUNTED = re.compile(
    r"\b(?:number|count|total|no\.?)s?(?: of)?(?: (?:recorded|reported|unique|individual|distinct|all|"
    r"police|custody))* "
    r"(?:[a-z-]+ ){0,2}?(?P<of>offences?|crimes?|victims?|suspects?|offenders?|perpetrators?|arrests?|"
    r"records?|persons?|people|incidents?)\b"
    r"|^(?:[a-z-]+ ){0,3}?(?P<head>offences?|crimes?|victims?|suspects?|offenders?|perpetrators?|arrests?|"
    r"records?|persons? arrested)\b",
    re.I,
)
_SAME = ({"offences", "crimes"},)
CAVEATS: dict[str, CaveatKind] = {
    "victims": "counts_victims",
    "suspects": "counts_suspects",
    "arrests": "counts_arrests",
}


@lru_cache(maxsize=16384)
def find_unit(text: str) -> str:
    """The unit that a heading or label counts; "" where it names none."""
    match = _COUNTED.search(text.strip())
    if match is None:
        return ""
    word = (match["of"] or match["head"]).casefold().split()[-1]
    word = word[:-1] if word.endswith("s") else word
    return UNIT_WORDS.get(word, "")


def units_agree(stated: str, asked: Unit) -> bool:
    """Whether a stated unit is the one asked for; offences and crimes are counted alike but named apart."""
    return stated in ("", asked) or any({stated, asked} <= same for same in _SAME)
