"""Known phrases (names of forces, regions, categories) found in running text in one pass.

Binding uses it for every closed list it knows. A lookup by first word keeps the cost linear in the text,
whatever the number of authorities. The trap: the longest phrase wins, so "North Yorkshire" is never also
"Yorkshire".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_ENDING = re.compile(r"(?:ions?|ings?|ed|es|s|e)$")
_SMALL = frozenset({"a", "an", "the", "of"})
_WORD = re.compile(r"[a-z0-9&]+(?:'[a-z]+)?")


def fold_words(text: str) -> tuple[str, ...]:
    """The words of a phrase in small letters, "&" read as "and", possessive endings dropped."""
    words = (match[0] for match in _WORD.finditer(text.lower().replace("’", "'")))
    return tuple("and" if word == "&" else word.removesuffix("'s") for word in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A known phrase at [start, end) of the text, with the key it stands for."""

    start: int
    end: int
    key: str


def stem_word(word: str) -> str:
    """A word without its ending, alike for "possess", "possessing" and "possession"; short words as they are."""
    return _ENDING.sub("", word) if len(word) > 5 else word


@dataclass(frozen=True, slots=True)
class Phrases:
    """An index of phrases by their first word, longest first; `stemmed` when of bare stems."""

    by_first: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = field(default_factory=dict)
    stemmed: bool = False

    def find(self, text: str) -> list[Mention]:
        """Every phrase in `text`, the longest at each place, in order."""
        words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(text)]
        folded = ["and" if word == "&" else word.removesuffix("'s") for _, _, word in words]
        if self.stemmed:
            words = [word for word, name in zip(words, folded, strict=True) if name not in _SMALL]
            folded = [stem_word(name) for name in folded if name not in _SMALL]
        found: list[Mention] = []
        index = 0
        while index < len(words):
            for phrase, key in self.by_first.get(folded[index], ()):
                if tuple(folded[index : index + len(phrase)]) == phrase:
                    last = index + len(phrase) - 1
                    found.append(Mention(start=words[index][0], end=words[last][1], key=key))
                    index = last
                    break
            index += 1
        return found


def index_phrases(pairs: Iterable[tuple[str, str]], *, stemmed: bool = False) -> Phrases:
    """An index of (phrase, key) pairs; of two keys for one phrase the first given stays."""
    table: dict[str, dict[tuple[str, ...], str]] = {}
    for phrase, key in pairs:
        words = fold_words(phrase)
        if stemmed:
            words = tuple(stem_word(word) for word in words if word not in _SMALL)
        if words:
            table.setdefault(words[0], {}).setdefault(words, key)
    return Phrases(
        {
            first: tuple(sorted(phrases.items(), key=lambda item: (-len(item[0]), item[0])))
            for first, phrases in table.items()
        },
        stemmed,
    )
