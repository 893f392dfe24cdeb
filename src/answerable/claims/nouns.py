"""The words that a number counts: "361 cyber-flagged offences", "two counts of grooming", and where they end.

Part of the grammar; averages and counts ask it what follows a number. The trap: between a number and its noun
stand up to six words, and a preposition among them means that the noun is not the number's own.
"""

import re

from answerable.claims.words import UNIT_NOUNS

_NOUNS = "|".join(sorted(UNIT_NOUNS, key=len, reverse=True))
STOP = (
    "in of by were was is are to from and the which that at on for who had have has with against when "
    "where involving over during per "
    "since than but as compared last this a an each every up down between year years day days week month "
    "months hours minutes times "
    "into about after before while or across vs versus v became"
).split()
_NOUN_AFTER = re.compile(
    rf"\s+(?:[–—-]\s+)?(?P<phrase>(?:(?!(?:{'|'.join(STOP)})\b)[a-z'-]+\s+){{0,6}})(?P<head>{_NOUNS})\b(?!-)"
)
_NOUN_OF = re.compile(r"\s+(?:of|for)\s+(?P<of>[a-z-]+(?:\s+(?:and\s+)?[a-z-]+)?)")


def read_noun(text: str, end: int) -> tuple[tuple[str, ...], str]:
    """The words a number counts and their kind (event, people, suspects, other); empty where no known noun follows."""
    match = _NOUN_AFTER.match(text, end)
    if match is None:
        return (), ""
    of = _NOUN_OF.match(text, match.end())
    return (*match["phrase"].split(), match["head"], *(of["of"].split() if of else ())), UNIT_NOUNS[match["head"]]
