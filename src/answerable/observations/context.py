"""The letter around the tables: which question is being answered, and which period is being spoken of.

Lines are taken in order. A cue is a question's number or its own words; a list of questions with no answers
between them is the request repeated, and its last cue does not stand for what follows. The trap is a period
named for another reason (a date of receipt, a law's year): only spans of a month or more count.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from answerable.observations.folding import FILLER, fold_words
from answerable.observations.labels import LabelIndex, Meaning
from answerable.observations.resolving import name_span, read_cue
from answerable.values import find_spans

_RESET = re.compile(
    r"(?:our |the |force )?(?:response|reply|decision|answers?|information provided|result of searches|"
    r"disclosure|in response)\W*",
    re.I,
)
_ASKING = re.compile(
    r"\?|\bplease\b|\bhow many\b|\bcould you\b|\bcan you\b|\bi would like\b|\byou (?:asked|requested)\b|\bprovide\b",
    re.I,
)
_NUMBERED = re.compile(
    r"\s*(?:q|question|response|answer|request|part)\W*(?:\d|one|two|three|four|five|six|seven|eight|nine|ten)\b", re.I
)
_REFUSES = re.compile(
    r"\b(?:is|are|was|were|been|being|therefore) (?:also |partly |wholly |fully )?(?:refused|withheld|exempt(?:ed)?)\b|"
    r"\bneither confirms? n?or den(?:y|ies)\b|\bexceeds? the (?:cost|appropriate|statutory) limit\b|"
    r"\bno information (?:is |was )?held\b|\b(?:is|are) not held\b",
    re.I,
)
"""A line that names a question and answers it whole: what follows is another's, unless its own labels say so."""
_FURNITURE = re.compile(
    r"(?:page )?(?P<page>\d{1,3})(?: ?(?:of|/) ?(?P<last>\d{1,3}))?|official(?:[ -]sensitive)?(?:: .*)?|"
    r"not protectively marked|continued.*",
    re.I,
)
"""Lines that stand on every page and part nothing."""


def is_furniture(text: str) -> bool:
    """Whether a line stands on every page; "86/2" is an offence's code, since no page comes after the last."""
    match = _FURNITURE.fullmatch(text.strip())
    return match is not None and not (match["last"] and int(match["page"]) > int(match["last"]))


@dataclass(slots=True)
class Context:
    """What the lines so far have settled. `run` counts cues in a row without an answer between them."""

    cue: Meaning | None = None
    number: str = ""
    run: int = 0
    asks: int = 0
    """Lines that ask and name no question, since the last answer."""
    answered: bool = True
    periods: list[Meaning] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    """Every word so far, folded."""
    stated: dict[str, list[Meaning]] = field(default_factory=dict)
    """Periods that the lines under each question's number have named, here or where the request was repeated."""

    @property
    def sure(self) -> bool:
        """Whether the cue is the heading of an answer and not the end of a repeated request."""
        return self.run <= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    """What the words of a line show without the survey: letters repeat each other's lines, so it is found once."""

    furniture: bool
    resets: bool
    asks: bool
    refuses: bool
    words: frozenset[str]


@lru_cache(maxsize=16384)
def _find_signs(text: str) -> _Signs:
    tidy = text.strip()
    return _Signs(
        furniture=is_furniture(text),
        resets=bool(_RESET.fullmatch(tidy)),
        asks=bool(_ASKING.search(text)),
        refuses=bool(_REFUSES.search(text)),
        words=frozenset(fold_words(text)),
    )


def add_line(context: Context, index: LabelIndex, text: str) -> None:
    """Take in one line of the letter."""
    signs = _find_signs(text)
    if signs.furniture:
        return
    if signs.resets:
        if context.run != 1 or context.asks:
            context.cue, context.number, context.run, context.periods = None, "", 0, []
        context.asks, context.recent = 0, []
        return
    number, meaning = find_cue(index, text)
    if number.startswith("=") and context.cue is not None and meaning is not None and meaning.key == context.cue.key:
        number = context.number  # the question's own words again
    if number and number != context.number:
        context.run = context.run + 1 if not context.answered else 1
        context.cue, context.number, context.answered = meaning, number, False
        context.periods = list(context.stated.get(number, ()))
        context.recent = []
    elif not number and not signs.asks and not _repeats_question(index, text):
        context.answered = True
        context.run = min(context.run, 1) if context.run < 2 else context.run
    context.asks += bool(not number and signs.asks)
    context.recent = [*context.recent[-3:], text]
    context.words |= signs.words
    if number and signs.refuses:
        context.cue, context.number, context.run, context.answered = None, "", 0, True
    found = find_periods(index, text)
    context.periods += found
    if context.number:
        context.stated.setdefault(context.number, []).extend(found)


def end_answer(context: Context) -> None:
    """Mark that a value was read since the last cue, and start collecting headings afresh."""
    context.answered = True
    context.asks = 0
    context.recent = []


def find_cue(index: LabelIndex, text: str) -> tuple[str, Meaning | None]:
    """(number, question) a line announces, by number or by the question's own words; ("", None) for none."""
    if text not in index.cues:
        index.cues[text] = _find_cue(index, text)
    return index.cues[text]


def _find_cue(index: LabelIndex, text: str) -> tuple[str, Meaning | None]:
    number, meaning, used = read_cue(index, text)
    if number:
        rest = text.strip()[used:].strip(" .:)-–")
        strong = _NUMBERED.match(text)
        if strong or not rest or text.rstrip().endswith(":") or _overlaps(index, rest, meaning) or len(text) < 60:
            return number, meaning
    words = fold_words(text[:400])
    for question in index.survey.questions:
        names = index.aliases[question.id]
        if (
            len(text) < 160
            and any(len(name) >= 2 and _contains(words, name) for name in names)
            and text.rstrip()[-1:] != "."
            and not _names_another(index, question.id, words)
        ):
            return f"={question.id}", Meaning(
                role="question", key=question.id, why=f'question {question.number}: heading "{text[:80]}"'
            )
    return _find_by_words(index, text, words)


def _names_another(index: LabelIndex, own: str, words: tuple[str, ...]) -> bool:
    """Whether a line that names one question also names what another counts: "children and episodes"."""
    nouns = index.counted.nouns
    mine = nouns.get(own, frozenset())
    said = set(words)
    return "and" in words and any((theirs - mine) & said for theirs in nouns.values())


def _find_by_words(index: LabelIndex, text: str, words: tuple[str, ...]) -> tuple[str, Meaning | None]:
    scored = []
    for question in index.survey.questions:
        wanted = index.asked[question.id]
        if len(wanted) >= 4 and len(wanted & set(words)) >= 0.85 * len(wanted):
            scored.append((len(wanted), question))
    if len(scored) == 1 or (scored and scored[-1][0] != max(s for s, _ in scored[:-1])):
        question = max(scored, key=lambda item: item[0])[1]
        why = f'question {question.number}: its own words in "{text[:80]}"'
        return f"={question.id}", Meaning(role="question", key=question.id, why=why)
    return "", None


def _overlaps(index: LabelIndex, text: str, meaning: Meaning | None) -> bool:
    if meaning is None:
        return False
    question = next(q for q in index.survey.questions if q.id == meaning.key)
    wanted = set(fold_words(f"{question.text} {question.measure}")) - FILLER
    return len(wanted & set(fold_words(text))) * 2 >= len(wanted) > 0


def _repeats_question(index: LabelIndex, text: str) -> bool:
    if text not in index.repeating:
        words = set(fold_words(text)) - FILLER
        index.repeating[text] = len(words) >= 4 and any(
            len(words & asked) >= 0.7 * len(words) for asked in index.asked.values()
        )
    return index.repeating[text]


def _contains(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    return phrase[0] in words and any(words[i : i + len(phrase)] == phrase for i in range(len(words) - len(phrase) + 1))


def find_periods(index: LabelIndex, text: str) -> tuple[Meaning, ...]:
    """Periods of at least a month that a text names, in order."""
    if text not in index.named:
        index.named[text] = _find_periods(index, text)
    return index.named[text]


def _find_periods(index: LabelIndex, text: str) -> tuple[Meaning, ...]:
    return tuple(
        name_span(index, span, text[first:end])
        for first, end, span in find_spans(text)
        if span.kind not in ("day", "open") and (span.end - span.start).days >= 27
    )
