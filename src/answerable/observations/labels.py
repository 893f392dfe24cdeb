"""Labels -> meanings, by the survey's own words, patches of lookups.toml, official codes and ages.

A label resolves only when every word of it is accounted for; what is left over is its residue, and a label
with residue settles nothing. The trap is a word that fits two dimensions ("Unknown"): both stay as
alternatives until the labels beside it, or a heading, say which is meant.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from answerable.model import Dimension, Question, Survey
from answerable.observations.ages import parse_age
from answerable.observations.counted import Counted, gather_counted
from answerable.observations.folding import FILLER, find_neighbours, fold_label, fold_words, spell_label
from answerable.values import Span, parse_number_word

Role = Literal[
    "period", "span", "subperiod", "category", "total", "question", "no_question", "unit", "dimension", "authority",
    "derived",
    "topic",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One thing a label can mean. `key` is a period, category, question, unit or authority id; `weak` marks a
    bare number that is an age only where ages stand; `why` is the evidence, in words."""

    role: Role
    key: str = ""
    dimension: str = ""
    span: Span | None = None
    weak: bool = False
    why: str = ""
    patch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What a label says: all of `parts` at once, each one of its alternatives; `residue` is unexplained."""

    parts: tuple[tuple[Meaning, ...], ...] = ()
    residue: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        return bool(self.parts) and not self.residue


Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelIndex:
    """A survey's vocabulary, folded once. `memo` holds labels already resolved."""

    survey: Survey
    exact: dict[Phrase, tuple[Meaning, ...]]
    starts: dict[str, tuple[Phrase, ...]]
    """First word -> phrases, longest first."""
    near: dict[str, tuple[tuple[str, Phrase], ...]]
    """One-letter-shorter forms of labels as spelled, each with the label and its phrase, for typing errors."""
    codes: dict[str, tuple[Meaning, ...]]
    ages: dict[tuple[int, int | None], tuple[Meaning, ...]]
    periods: dict[tuple[str, str], str]
    topic: frozenset[str]
    """Words of the subject and the questions, that a label may repeat."""
    subject: frozenset[str]
    numbers: dict[str, str]
    """Question number -> question id."""
    counted: Counted
    aliases: dict[str, tuple[Phrase, ...]]
    """Question id -> its aliases, folded."""
    asked: dict[str, frozenset[str]]
    """Question id -> the words of its text without filler."""
    memo: dict[tuple[str, str], Resolved] = field(default_factory=dict)
    fitting: dict[frozenset[str], list[Question]] = field(default_factory=dict)
    """Dimensions shown -> the questions they fit, as `settling` found them."""
    cues: dict[str, tuple[str, Meaning | None]] = field(default_factory=dict)
    """Line -> the question it announces, as `context.find_cue` found it."""
    heads: dict[str, tuple[str, Meaning | None, int]] = field(default_factory=dict)
    """Text -> the question's number at its head, as `resolving.read_cue` found it."""
    repeating: dict[str, bool] = field(default_factory=dict)
    """Line -> whether it is a question's text again, as `context` found it."""
    named: dict[str, tuple[Meaning, ...]] = field(default_factory=dict)
    """Text -> the periods it names, as `context.find_periods` found them."""


_SYNONYMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("female", ("f", "females", "girl", "girls", "woman", "women")),
    ("male", ("m", "males", "boy", "boys", "man", "men")),
    (
        "unknown",
        ("not known", "not recorded", "nk", "n/k", "not stated", "not specified", "unspecified", "missing", "unk",
         "none recorded", "no age recorded", "unrecorded", "age not recorded", "u", "blank", "(blank)", "not provided"),
    ),
)  # fmt: skip
UNIT_WORDS: dict[str, str] = {
    "offence": "offences", "crime": "crimes", "victim": "victims", "suspect": "suspects", "offender": "suspects",
    "perpetrator": "suspects", "arrest": "arrests", "record": "records", "person": "people", "people": "people",
    "arrested": "arrests", "defendant": "suspects", "incident": "records",
    "custody": "records", "occurrence": "records",
}  # fmt: skip
"""Folded word -> the unit it names."""


_indexes: list[LabelIndex] = []
"""The last few indexes made, newest first. Compared by identity: to hash a survey is to walk all its texts."""


def index_labels(survey: Survey) -> LabelIndex:
    """The index of a survey's labels, made once a survey."""
    for index in _indexes:
        if index.survey is survey:
            return index
    index = _make_index(survey)
    _indexes[:] = [index, *_indexes[:7]]
    return index


@lru_cache(maxsize=8)
def _make_index(survey: Survey) -> LabelIndex:
    exact: dict[Phrase, dict[tuple[str, str, str], Meaning]] = {}
    codes: dict[str, list[Meaning]] = {}
    ages: dict[tuple[int, int | None], list[Meaning]] = {}
    spelled: dict[str, Phrase] = {}

    def add(text: str, meaning: Meaning) -> None:
        phrase = fold_label(text)
        spelled[spell_label(text)] = phrase
        if phrase:
            exact.setdefault(phrase, {}).setdefault((meaning.role, meaning.dimension, meaning.key), meaning)

    for dimension in survey.dimensions:
        _add_dimension(dimension, add, codes, ages)
    _add_names(survey, add)
    phrases = {phrase: tuple(found.values()) for phrase, found in exact.items()}
    return LabelIndex(
        survey=survey,
        exact=phrases,
        starts=_index_starts(phrases),
        near=_index_near(spelled),
        codes={code: tuple(found) for code, found in codes.items()},
        ages={band: tuple(found) for band, found in ages.items()},
        periods={(p.start.isoformat(), p.end.isoformat()): p.id for p in survey.periods},
        topic=_find_topic(survey),
        subject=frozenset(fold_label(survey.subject)) - FILLER,
        numbers={normalise_number(question.number): question.id for question in survey.questions},
        counted=gather_counted(survey.questions),
        aliases={q.id: tuple(fold_words(name) for name in _list_names(survey, q)) for q in survey.questions},
        asked={q.id: frozenset(fold_words(q.text)) - FILLER for q in survey.questions},
    )


def _list_names(survey: Survey, question: Question) -> tuple[str, ...]:
    """What a heading may call a question: its aliases, and its measure where that has words enough and is its own."""
    own = sum(other.measure == question.measure for other in survey.questions) == 1
    return (*question.aliases, question.measure) if own and len(fold_words(question.measure)) > 1 else question.aliases


def _add_names(survey: Survey, add: Callable[[str, Meaning], None]) -> None:
    for period in survey.periods:
        for text in (period.id, *period.aliases):
            span = Span(start=period.start, end=period.end, kind="range")
            add(text, Meaning(role="period", key=period.id, span=span, why=f'period {period.id}: "{text}"'))
    for question in survey.questions:
        for text in (*_list_names(survey, question), question.text):
            add(text, Meaning(role="question", key=question.id, why=f'question {question.number}: "{text[:60]}"'))
    for authority in survey.authorities:
        for text in (authority.name, *authority.aliases):
            add(text, Meaning(role="authority", key=authority.id, why=f'authority: "{text}"'))


def _add_dimension(dimension: Dimension, add, codes, ages) -> None:  # type: ignore[no-untyped-def]
    for text in (dimension.name, dimension.id, *dimension.aliases, *(("age",) if dimension.kind == "age" else ())):
        add(text, Meaning(role="dimension", dimension=dimension.id, why=f'{dimension.name}: "{text}"'))
    taken = {fold_label(text) for item in dimension.categories for text in (item.label, *item.aliases, item.code)}
    for item in dimension.categories:
        meaning = Meaning(role="category", key=item.code, dimension=dimension.id, why=f"{dimension.name}: {item.label}")
        for text in (item.label, *item.aliases, item.code):
            if not text.strip().isdigit():
                add(text, meaning)
            if dimension.kind == "offence":
                for code in find_codes(text):
                    codes.setdefault(code, []).append(meaning)
        for name, others in _SYNONYMS:
            if fold_label(item.label)[:1] == (name,) and len(fold_label(item.label)) <= 2:
                for text in others:
                    if fold_label(text) not in taken:
                        add(text, meaning)
        if dimension.kind == "age" and (item.low is not None or item.high is not None):
            ages.setdefault((item.low or 0, item.high), []).append(meaning)


def _find_topic(survey: Survey) -> frozenset[str]:
    texts = [survey.subject, survey.title]
    texts += [text for question in survey.questions for text in (question.text, question.measure)]
    return frozenset(word for text in texts for word in fold_label(text)) - FILLER


def _index_starts(phrases: Iterable[Phrase]) -> dict[str, tuple[Phrase, ...]]:
    starts: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        starts.setdefault(phrase[0], []).append(phrase)
    return {word: tuple(sorted(found, key=lambda p: (-len(p), p))) for word, found in starts.items()}


def _index_near(spelled: dict[str, Phrase]) -> dict[str, tuple[tuple[str, Phrase], ...]]:
    near: dict[str, set[tuple[str, Phrase]]] = {}
    for text, phrase in spelled.items():
        if phrase and 5 <= len(text) <= 90:
            for form in (text, *find_neighbours(text)):
                near.setdefault(form, set()).add((text, phrase))
    return {form: tuple(sorted(found)) for form, found in near.items()}


_CODE = re.compile(r"(?<![\d/])0*(\d{1,3})[/](\d{1,2})([A-Z])?(?![\d/])")
_CLASS = re.compile(r"(?<![\d/])0*(\d{1,3}[A-Z])(?![\dA-Za-z/])")


@lru_cache(maxsize=65536)
def find_codes(text: str) -> tuple[str, ...]:
    """Home Office offence codes in a text, as "86/2" or "88A": leading zeros go."""
    codes = [f"{int(m[1])}/{int(m[2])}{m[3] or ''}" for m in _CODE.finditer(text)]
    codes += [m[1] for m in _CLASS.finditer(text)]
    return tuple(dict.fromkeys(codes))


def normalise_number(text: str) -> str:
    """A question number as it is compared: "Q2(a)" -> "2a", "one" -> "1"."""
    if (spelled := parse_number_word(text)) is not None:
        return str(spelled)
    return re.sub(r"[^0-9a-z]", "", text.casefold().removeprefix("question").removeprefix("q"))


def find_age_meanings(index: LabelIndex, text: str) -> tuple[Meaning, ...]:
    """Categories of dimensions of ages whose ages are exactly the label's."""
    age = parse_age(text)
    if age is None:
        return ()
    low, high, stated = age
    found = index.ages.get((low, high), ())
    return tuple(
        Meaning(role="category", key=m.key, dimension=m.dimension, why=f'{m.why}, from "{text}"', weak=not stated)
        for m in found
    )
