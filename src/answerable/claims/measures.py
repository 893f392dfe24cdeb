"""Words for what is counted -> the survey's questions and categories, or the finding that it counts something else.

Before binding: a number said of arrests, images or children is not checked against a count of offences. The
trap: articles call the same thing offences, crimes, cases and reports, and add "sickening"; only a word that
the survey does not own and that names another matter sets a number apart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answerable.claims.numbers import NUMBER, parse_number
from answerable.claims.phrases import Phrases, fold_words, index_phrases
from answerable.claims.words import OTHER_MATTERS
from answerable.model import Dimension, Question, Survey

_SMALL = rf"(?:\d{{1,2}}|{NUMBER})"
_AGE_DOWN = re.compile(
    rf"\b(?:aged?\s+)?(?P<n>{_SMALL})(?:[-\s]years?[-\s]olds?|\s+years?\s+old)?\s+(?:and|or)\s+(?:under|"
    rf"younger|below)\b"
)
_AGE_UNDER = re.compile(
    rf"\b(?:(?:aged\s+|were\s+|was\s+)?(?:under|below|younger\s+than)\s+(?:the\s+age\s+of\s+)?|"
    rf"under-)(?P<n>{_SMALL})s?\b(?!\s*(?:%|per|,\d|offences|crimes|cases))"
)
_AGE_UP = re.compile(rf"\b(?:aged?\s+)?(?P<n>{_SMALL})\s+(?:and|or)\s+(?:over|older|above)\b")
_AGE_RANGE = re.compile(
    rf"\b(?:aged?\s+(?:between\s+)?|ages\s+of\s+|between\s+)?(?P<n>{_SMALL})\s?(?:and|to|-|"
    rf"–)\s?(?P<m>{_SMALL})(?:[-\s]years?[-\s]olds?|\s+years?\s+old)\b|"
    rf"\b(?:aged?|were|are)\s+(?:between\s+)?(?P<n2>{_SMALL})\s?(?:and|to|or|-|–)\s?(?P<m2>{_SMALL})\b"
)
_AGE_OF = re.compile(
    r"\b(?:children|girls|boys|victims|those|pupils|youngsters|teenagers|teens)\s+(?:of|between)\s+"
    rf"(?P<n>{_SMALL})(?:\s?(?:and|to|-|–|or)\s?(?P<m>{_SMALL}))?\b(?!\s*(?:%|per|,\d|and\s+(?:under|over)))"
)
_AGE_ONE = re.compile(
    rf"\b(?:aged?\s+(?:just\s+|only\s+)?|age\s+of\s+)(?P<n>{_SMALL})\b(?!\s*(?:%|per))|"
    rf"\b(?P<n2>{_SMALL})[-\s]years?[-\s]olds?\b"
)
_OLDEST = 100
_KNOWN = re.compile(
    r"\b(?:where|when|in\s+which)\s+(?:the\s+)?(?:[a-z]+\s+){1,3}(?:noted|recorded|logged|named|knew|gave|stated|specified|"
    r"identified)\s+(?:which|what|the)\b|"
    r"\b(?:where|when|in\s+which)\s+(?:the\s+)?(?:[a-z]+\s+){1,5}(?:was|were|is|are)\s+(?:known|recorded|"
    r"stated|given|provided|named|identified|available|disclosed|specified)\b|\bwith\s+a\s+(?:known|"
    r"recorded)\b|\bwhose\s+[a-z]+\s+(?:was|were)\s+(?:known|recorded)\b|\bwhere\s+(?:known|recorded)\b"
)
_NOT_KNOWN = re.compile(
    r"(?i)\b(?:unknown|not\s+(?:known|recorded|stated|given|specified)|unspecified|no\s+(?:age|data)|missing|blank)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryMention:
    """Categories of one dimension named at [start, end): "aged ten and under" is eleven codes."""

    start: int
    end: int
    dimension: str
    codes: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What a survey counts: its own words, its categories, and the questions that break its headline down."""

    words: frozenset[str]
    categories: Phrases
    subjects: Phrases
    ages: tuple[Dimension, ...]
    dimensions: dict[str, Dimension]
    questions: tuple[Question, ...]
    headline: str
    unit: str


def make_measures(survey: Survey) -> Measures:
    """The Measures of a survey, from its subject, questions, dimensions and their aliases."""
    texts = [survey.subject, survey.title]
    pairs: list[tuple[str, str]] = []
    for question in survey.questions:
        texts += [question.measure, *question.aliases]
    for dimension in survey.dimensions:
        for category in dimension.categories:
            if dimension.kind != "age" and not _NOT_KNOWN.search(category.label):
                names = (category.label, *category.aliases)
                pairs += [(name, f"{dimension.id}\x1f{category.code}") for name in names if len(name) > 2]
            texts += [category.label, *category.aliases]
    headline = next((q for q in survey.questions if q.id == survey.headline), None)
    return Measures(
        words=frozenset(word for text in texts for word in fold_words(text)),
        categories=index_phrases(pairs, stemmed=True),
        subjects=index_phrases((name, "") for name in _list_subjects(survey)),
        ages=tuple(d for d in survey.dimensions if d.kind == "age"),
        dimensions={d.id: d for d in survey.dimensions},
        questions=survey.questions,
        headline=survey.headline,
        unit=headline.unit if headline else "",
    )


def _list_subjects(survey: Survey) -> list[str]:
    """Names of several words that the survey gives to what its headline counts, as a number may stand before them."""
    headline = next((q for q in survey.questions if q.id == survey.headline), None)
    names = [survey.subject, *((headline.measure, *headline.aliases) if headline else ())]
    names += [
        f"{name} {noun}" for name in names for noun in ("offences", "crimes", "cases", "offence", "crime", "case")
    ]
    return [name for name in names if " " in name and any(char.isalpha() for char in name)]


def is_other_matter(measures: Measures, noun: Sequence[str], kind: str) -> str:
    """The word that makes a count one of something the survey does not count; "" when it may be the survey's own."""
    if kind == "subject":
        return ""
    for word in noun:
        if word in OTHER_MATTERS and word not in measures.words and word.rstrip("s") not in measures.words:
            return word
    own = {"victims": "people", "people": "people", "suspects": "suspects", "arrests": "other"}.get(
        measures.unit, "event"
    )
    if kind == "other" and not set(noun) & measures.words:
        return noun[-1]
    if kind and kind != own and kind != "other":
        return noun[-1]
    return ""


def find_categories(measures: Measures, sentence: str) -> list[CategoryMention]:
    """Categories named in a plain small-letter sentence, in order."""
    found: list[CategoryMention] = []
    for mention in measures.categories.find(sentence):
        dimension, code = mention.key.split("\x1f")
        found.append(
            CategoryMention(
                start=mention.start,
                end=mention.end,
                dimension=dimension,
                codes=(code,),
                label=sentence[mention.start : mention.end],
            )
        )
    for ages in measures.ages:
        _find_ages(ages, sentence, found)
    return sorted(found, key=lambda mention: mention.start)


_CUE = re.compile(
    r"age|old|under|over|young|below|above|\b(?:children|girls|boys|victims|those|pupils|teen\w*) (?:of|between)"
)


def _find_ages(dimension: Dimension, sentence: str, found: list[CategoryMention]) -> None:
    if not _CUE.search(sentence):
        return
    ages = [c for c in dimension.categories if c.low is not None and not _NOT_KNOWN.search(c.label)]
    top = max((c.high if c.high is not None else 200 for c in ages), default=0)
    for pattern, form in (
        (_AGE_DOWN, "down"),
        (_AGE_UNDER, "under"),
        (_AGE_UP, "up"),
        (_AGE_RANGE, "range"),
        (_AGE_ONE, "one"),
        (_AGE_OF, "range"),
    ):
        for match in pattern.finditer(sentence):
            values = [parse_number(text) for text in match.groupdict().values() if text]
            whole = [int(value[0]) for value in values if value]
            if not whole or max(whole) > _OLDEST or any(m.start < match.end() and match.start() < m.end for m in found):
                continue
            low, high = _bound_ages(form, whole, top)
            if low <= 0 and high >= top:
                continue
            codes = tuple(
                c.code
                for c in ages
                if c.low is not None and c.low >= low and (c.high if c.high is not None else 200) <= high
            )
            found.append(
                CategoryMention(
                    start=match.start(), end=match.end(), dimension=dimension.id, codes=codes, label=match[0]
                )
            )


def _bound_ages(form: str, values: list[int], top: int) -> tuple[int, int]:
    first, last = values[0], values[-1]
    return {
        "down": (0, first),
        "under": (0, first - 1),
        "up": (first, top),
        "range": (first, last),
        "one": (first, first),
    }[form]


def is_where_known(sentence: str) -> bool:
    """Whether a sentence says that its share is of the cases where something was known or recorded."""
    return _KNOWN.search(sentence) is not None


def is_not_known(label: str) -> bool:
    """Whether a category stands for what was not known or not recorded."""
    return _NOT_KNOWN.search(label) is not None
