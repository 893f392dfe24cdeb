"""What each question counts: the nouns and measures by which a label or a sentence can tell two questions apart.

"How many officers ..." counts officers, "Number of episodes" episodes. The trap is a wider noun: "sexual offences"
over a table says less than "online sexual offences", so only the bare noun or the whole measure names a question.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from answerable.model import Question
from answerable.observations.folding import FILLER, fold_words

_ASKED = re.compile(r"\b(?:how many|number of|total of|count of)((?: [a-z'-]+){1,4})", re.I)
_PLURAL = re.compile(r"(?:[a-z'-]{2,}s|children|people|staff)", re.I)
_NO_NOUN = frozenset("was has is does this its times years hours days months in of per such as".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """By question id, folded words: `nouns` that it counts, and the words of its `measure`, filler left out.
    `surface` are the nouns as they are written, singular and plural."""

    nouns: Mapping[str, frozenset[str]]
    measures: Mapping[str, frozenset[str]]
    surface: tuple[str, ...]
    memo: dict[str, frozenset[str]] = field(default_factory=dict)


def gather_counted(questions: Iterable[Question]) -> Counted:
    """What the questions that ask for a count count."""
    nouns, measures, surface = {}, {}, set()
    for question in questions:
        if question.kind != "count":
            continue
        found = {noun for text in (question.text, *question.aliases) for noun in _find_nouns(text)}
        head = next((word for word in question.measure.casefold().split() if _PLURAL.fullmatch(word)), "")
        found |= {head} if head else set()
        surface |= found | {_make_singular(noun) for noun in found}
        nouns[question.id] = frozenset(word for noun in found for word in fold_words(noun)) - FILLER
        measures[question.id] = frozenset(fold_words(question.measure)) - FILLER
    return Counted(nouns=nouns, measures=measures, surface=tuple(sorted(surface, key=lambda word: (-len(word), word))))


def _find_nouns(text: str) -> Iterable[str]:
    for match in _ASKED.finditer(text):
        words = match[1].casefold().split()
        if noun := next((word for word in words if _PLURAL.fullmatch(word) and word not in _NO_NOUN), ""):
            yield noun


def _make_singular(noun: str) -> str:
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return {"children": "child"}.get(noun, noun.removesuffix("s"))


def name_questions(counted: Counted, text: str) -> frozenset[str]:
    """Ids of the questions whose noun or measure is all that a label says; all or none of them mean nothing."""
    if text not in counted.memo:
        said = frozenset(fold_words(text)) - FILLER
        counted.memo[text] = frozenset(
            name for name, nouns in counted.nouns.items() if said and said <= nouns | counted.measures[name]
        )
    return counted.memo[text]


def is_bare(counted: Counted, words: Collection[str]) -> bool:
    """Whether folded words are no more than the noun that a question counts."""
    said = frozenset(words) - FILLER
    return any(said <= nouns for nouns in counted.nouns.values())


def names_measure(counted: Counted, words: Collection[str]) -> bool:
    """Whether folded words hold the whole measure of a question."""
    said = frozenset(words)
    return any(measure and measure <= said for measure in counted.measures.values())
