"""Several counts in one sentence -> the period and the categories of each.

"In 2021/22 there were 20 adults and 29 children; in 2022/23 there were 26 and 30" is read only as far as its order
alone says what belongs together. The trap is the number that compares: "212 in 2021/22, 30 more than in 2020/21"
has the same order and is no row of counts, so a sentence that compares or takes a part is left alone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from answerable.observations.folding import fold_words
from answerable.observations.labels import LabelIndex, Meaning, find_codes
from answerable.observations.resolving import match_phrase

Period = tuple[int, int, Meaning]
_WORD = re.compile(r"[a-z][\w'’/&-]*|\d+/\d+[A-Z]?\b|\d[\d,]*", re.I)
_COMPARES = re.compile(
    r"\b(?:more|fewer|less|than|up|down|(?:in|de)creas\w+|r[io]se\w*|f[ae]ll\w*|higher|lower|differ\w*|compar\w+|"
    r"average|per|about|around|approximately|nearly|almost|over|least|most|of (?:these|which|those|them|whom)|"
    r"including|excluding|remaining|further|additional|another|other than)\b",
    re.I,
)
_CLOSES = re.compile(r"\s*(?:[,;.)]|$|\(|(?:and|in|for|during|between|from|was|were)\b)", re.I)
"""What may follow a number whose noun was said before: "in 2022/23 there were 251 and"."""
_GAP = re.compile(r"[\s:=–-]*(?:(?:were|was|are|is|of|the|recorded|as)\s+){0,2}", re.I)
"""What may stand between a number and the category beside it."""
_NOTHING = re.compile(r"no|none|nil|zero|0", re.I)
_JOINT = re.compile(r"\s*(?:,|,?\s*(?:and|or|nor))\s*(?:(?:in|for|during)\s+)?(?:the\s+)?", re.I)
_IN_TURN = re.compile(r"\brespectively\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """One count of a sentence: where its number stands, its period and the categories that are its own."""

    first: int
    end: int
    period: Meaning | None = None
    categories: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    first: int
    end: int
    meaning: Meaning


def pair_counts(
    index: LabelIndex,
    body: str,
    numbers: Iterable[re.Match[str]],
    nouns: Iterable[int],
    periods: Sequence[Period],
    measured: frozenset[str] = frozenset(),
) -> tuple[Paired, ...]:
    """The counts of a sentence that states two or more; () where its order leaves any of them in doubt.

    `numbers` are all that could be counts, `nouns` where those start that a counting noun follows, `measured` words
    of the measure that is counted.
    """
    named = _find_categories(index, body, periods, measured)
    if named is None:
        return ()
    found = [m for m in numbers if not any(item.first <= m.start() < item.end for item in named)]
    bare = body
    for match in found:
        bare = bare[: match.start()] + " " * (match.end() - match.start()) + bare[match.end() :]
    if len(found) == 1 and _NOTHING.fullmatch(found[0][0]) and _joins_all(body, periods):
        return tuple(Paired(first=found[0].start(), end=found[0].end(), period=meaning) for _, _, meaning in periods)
    if len(found) < 2 or _COMPARES.search(bare):
        return ()
    followed = set(nouns)
    for match in found:
        beside = any(_touches(body, match.end(), item.first) for item in named)
        if not (match.start() in followed or beside or _CLOSES.match(body, match.end())):
            return ()
    counts = [Paired(first=match.start(), end=match.end()) for match in found]
    for dimension in dict.fromkeys(item.meaning.dimension for item in named):
        own = [item for item in named if item.meaning.dimension == dimension]
        if len(own) > 1:
            counts = _give_categories(body, counts, own)
    return _give_periods(body, counts, periods) if counts and (followed or named or periods) else ()


def _joins_all(body: str, periods: Sequence[Period]) -> bool:
    """Whether a sentence names several periods in a row: "in 2020/21 or in 2023/24", which nothing is said of each."""
    joints = (body[end:first] for (_, end, _), (first, _, _) in pairwise(periods))
    return len(periods) > 1 and all(_JOINT.fullmatch(joint) for joint in joints)


def _find_categories(
    index: LabelIndex, body: str, periods: Sequence[Period], measured: frozenset[str]
) -> list[_Named] | None:
    """The categories a sentence names, in order; None where a word may be either of two."""
    words: list[tuple[str, int, int]] = []
    for match in _WORD.finditer(body):
        if not any(first <= match.start() < end for first, end, _ in periods):
            words += [(word, match.start(), match.end()) for word in fold_words(match[0]) if word not in measured]
    folded = tuple(word for word, _, _ in words)
    found, position = [], 0
    while position < len(folded):
        phrase = match_phrase(index, folded, position)
        coded = (code for code in find_codes(body[words[position][1] : words[position][2]]) if not phrase)
        said = [*index.exact.get(phrase, ()), *(m for code in coded for m in index.codes.get(code, ()))]
        meanings = {(m.dimension, m.key): m for m in said if m.role == "category" and not m.weak}
        if len(meanings) > 1:
            return None
        last = position + max(len(phrase), 1) - 1
        found += [_Named(first=words[position][1], end=words[last][2], meaning=m) for m in meanings.values()]
        position = last + 1
    return found


def _touches(body: str, end: int, first: int) -> bool:
    """Whether nothing that means anything stands between two places of a sentence, the first before the second."""
    return end <= first and _GAP.fullmatch(body[end:first]) is not None


def _give_categories(body: str, counts: list[Paired], own: Sequence[_Named]) -> list[Paired]:
    """Each count with the category beside it, all on the same side; a first count without one is their sum.

    [] where the order says nothing, or where what would be the sum does not add up.
    """
    after = {i: item for i, count in enumerate(counts) for item in own if _touches(body, count.end, item.first)}
    before = {i: item for i, count in enumerate(counts) for item in own if _touches(body, item.end, count.first)}
    for side in (after, before):
        if len(side) != len(own) or len({item.first for item in side.values()}) != len(own):
            continue
        rest = [i for i in range(len(counts)) if i not in side]
        if rest and not (rest == [0] and _adds_up(body, counts)):
            continue
        return [
            replace(count, categories=(*count.categories, side[i].meaning)) if i in side else count
            for i, count in enumerate(counts)
        ]
    return []


def _adds_up(body: str, counts: Sequence[Paired]) -> bool:
    texts = [body[count.first : count.end].replace(",", "") for count in counts]
    return all(text.isdigit() for text in texts) and int(texts[0]) == sum(map(int, texts[1:]))


def _give_periods(body: str, counts: Sequence[Paired], periods: Sequence[Period]) -> tuple[Paired, ...]:
    """Each count with its period: the only one, or the one its place in the order gives it; () for any other order."""
    if not periods:
        return tuple(counts) if any(count.categories for count in counts) else ()
    if len({meaning.key for _, _, meaning in periods}) == 1:
        return tuple(replace(count, period=periods[0][2]) for count in counts)
    marks = sorted([(count.first, "n") for count in counts] + [(first, "p") for first, _, _ in periods])
    order = "".join(kind for _, kind in marks)
    size = len(periods)
    each, left = divmod(len(counts), size)
    if left:
        return ()
    if order == ("p" + "n" * each) * size or order == ("n" * each + "p") * size:
        owners = [n // each for n in range(len(counts))]
    elif each == 1 and _IN_TURN.search(body) and order in ("p" * size + "n" * size, "n" * size + "p" * size):
        owners = list(range(size))
    else:
        return ()
    if each > 1 and not _are_apart(counts, each):
        return ()
    return tuple(replace(count, period=periods[owner][2]) for count, owner in zip(counts, owners, strict=True))


def _are_apart(counts: Sequence[Paired], each: int) -> bool:
    """Whether the counts of every period differ in their categories."""
    groups = [counts[n : n + each] for n in range(0, len(counts), each)]
    keys = [[tuple((m.dimension, m.key) for m in count.categories) for count in group] for group in groups]
    return all(len(set(group)) == each for group in keys)
