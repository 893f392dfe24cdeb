"""Words to the rules they call: every phrase of the lexicon in a block, found by steps over whole arrays.

A first pass keeps only records that hold the rarest word of some target, most records being none; the second finds
phrases by following word sequences one step at a time for all places at once. The trap: of phrases that overlap
one is kept, a target before a cue and the longer before the shorter, so "facebook marketplace" is one mention.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from answerable.flag.labelling import read_labelled
from answerable.flag.lexicon import Entry, Lexicon, Phrase
from answerable.flag.tokens import (
    Bytes,
    Hashes,
    Ints,
    Tokens,
    find_words,
    hash_word,
    hash_words,
    lower_block,
    number_sentences,
)

_SIFT_BITS = 21
_SIFT_SHIFT = np.uint64(64 - _SIFT_BITS)
_ANCHOR = np.uint8(1)
_PAIR = np.uint8(2)
_BUCKET_SHIFT = np.uint64(64 - 16)
_FIRST_OF_PAIR, _SECOND_OF_PAIR = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_RARE = 3
"""A word in at most this many of the written records may call for a closer look by itself."""
_COMMON = frozenset(
    (
        "a about abuse abusive action address adult after an and another any ap approached are area as ask asked at "
        "attended away back bag bay be been being box by called came can car card cards cash changing child city "
        "concealed content crime damage damaged date day demanded desk details door driver during dwelling e "
        "enquiries entered entry exit face fake false female fire for force forced from front further gained gave "
        "given group had harassing has have he her him himself his home house houses i in into ip is it items job "
        "known lead left letter made make making male malicious man met name new night no not note number of off "
        "offence offender offensive office officer officers on one or other over own page paid party pay person "
        "police property push pushed put rear received receiving report reported room s said sale saw school search "
        "security seen sell sending sent shared she shop sold some staff stated statement states stole stolen store "
        "street student suspect take taken team that the theft their them then they this threatening time to took "
        "town two under unknown untidy up us use used using value vehicle vic victim was were when which while who "
        "will window with without work written year years your"
    ).split()
)
"""Words frequent in real records, beyond what the written ones show; not to sift by where there is a rarer one."""
_VERY = 1_000
_NONE = -1
_WIDTH = 1 << 20
"""More than there are different words in any lexicon; a state and a word make one key."""


_Place = tuple[int, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Hashes in order, the last the greatest there is, and by the top bits of a hash where the first with such bits
    or greater stands: a look-up is one step or a few, where halving would be fifteen."""

    keys: Hashes
    begins: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Automaton:
    """The lexicon's phrases as tables. `sift` is indexed by the top bits of a word's hash and says whether the word
    may be the anchor of a target (1), and whether it is one only beside another word (2), as `pairs` lists them.
    `words` holds the words' hashes; `first` is the state a word alone leads to, 0 for none; `steps` holds the hashes
    of a state and a word, `targets` the state that each leads to, `accepts` the entry each state completes or -1,
    `is_target` whether an entry is a target."""

    sift: NDArray[np.uint8]
    pairs: Hashes
    words: Index
    first: Ints
    steps: Index
    targets: Ints
    accepts: Ints
    is_target: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Phrases found, in order of place: first token, number of tokens, and the lexicon entry each calls."""

    token: Ints
    length: Ints
    entry: Ints


@cache
def compile_lexicon(lexicon: Lexicon) -> Automaton:
    """The tables of a lexicon, made once a process."""
    words = sorted({word for phrase, _ in lexicon.phrases for word in _list_words(phrase)}, key=hash_word)
    number = {word: place for place, word in enumerate(words)}
    hashes = np.array([hash_word(word) for word in words], dtype=np.uint64)
    edges, accepts = _make_states(lexicon, number)
    sift, pairs = _make_sift(lexicon)
    keys = np.array(list(edges), dtype=np.uint64) * _FIRST_OF_PAIR
    order = np.argsort(keys)
    return Automaton(
        sift=sift,
        pairs=pairs,
        words=index_hashes(hashes),
        first=np.array([edges.get(place, 0) for place in range(len(words))], dtype=np.int64),
        steps=index_hashes(keys[order]),
        targets=np.array(list(edges.values()), dtype=np.int64)[order],
        accepts=np.array(accepts, dtype=np.int64),
        is_target=np.array([bool(entry.kind) for entry in lexicon.entries], dtype=np.bool_),
    )


def _list_words(phrase: Phrase) -> set[str]:
    return {word for slot in phrase for words in slot for word in words}


def _is_sifted(entry: Entry) -> bool:
    """A fixed phrase only says what some other mention is not; a record with nothing else has no mention."""
    return entry.kind not in ("", "fixed")


def index_hashes(keys: Hashes) -> Index:
    """An index of hashes that are in order, each once and below 2**64 - 1."""
    tops = np.arange(1 << 16, dtype=np.uint64) << _BUCKET_SHIFT
    most = np.array([np.iinfo(np.uint64).max], dtype=np.uint64)
    return Index(keys=np.concatenate([keys, most]), begins=np.searchsorted(keys, tops).astype(np.int32))


def find_hashes(index: Index, wanted: Hashes) -> tuple[Ints, Ints]:
    """The places among `wanted` of those that the index has, and the place that each has there."""
    at = index.begins[wanted >> _BUCKET_SHIFT].astype(np.int64)
    behind = np.flatnonzero(index.keys[at] < wanted)
    while len(behind):
        at[behind] += 1
        behind = behind[index.keys[at[behind]] < wanted[behind]]
    known = np.flatnonzero(index.keys[at] == wanted)
    return known, at[known]


def _make_sift(lexicon: Lexicon) -> tuple[NDArray[np.uint8], Hashes]:
    sift = np.zeros(1 << _SIFT_BITS, dtype=np.uint8)
    anchors = list_anchors(lexicon)
    for word, pairs in anchors.items():
        sift[np.uint64(hash_word(word)) >> _SIFT_SHIFT] |= _PAIR if pairs else _ANCHOR
    beside = sorted({pair for pairs in anchors.values() for pair in pairs})
    first, second = (np.array([hash_word(pair[at]) for pair in beside], dtype=np.uint64) for at in range(2))
    return sift, np.unique(_hash_pairs(first, second))


def list_anchors(lexicon: Lexicon) -> dict[str, set[tuple[str, str]]]:
    """Words of which a text must hold one for a target to be in it; each with the pairs of words of which it must
    make one, none where the word alone calls for a closer look."""
    anchors: dict[str, set[tuple[str, str]]] = {}
    alone: set[str] = set()
    for phrase, entry in lexicon.phrases:
        if _is_sifted(lexicon.entries[entry]):
            for word, pairs in _pick_anchors(phrase):
                anchors.setdefault(word, set()).update(pairs)
                if not pairs:
                    alone.add(word)
    return {word: set() if word in alone else pairs for word, pairs in anchors.items()}


def _hash_pairs(first: Hashes, second: Hashes) -> Hashes:
    return first * _FIRST_OF_PAIR + second * _SECOND_OF_PAIR


def _rate_word(word: str) -> tuple[int, str]:
    return (_VERY if word in _COMMON else 0) + _count_words()[word] + 1, word


def _pick_anchors(phrase: Phrase) -> list[tuple[str, list[tuple[str, str]]]]:
    """Words of which a text must hold one for the phrase to be in it, of the slot that cannot be left out whose most
    frequent word is rarest; each with the pairs of which it must make one, none where it is rare enough."""
    slots = [number for number, slot in enumerate(phrase) if () not in slot]
    chosen = min(slots, key=lambda number: _rate_slot(phrase[number]))
    anchors = []
    for words in phrase[chosen]:
        word = min(words, key=_rate_word)
        anchors.append((word, [] if _rate_word(word)[0] <= _RARE else _pair_word(phrase, chosen, words, word)))
    return anchors


def _rate_slot(slot: tuple[tuple[str, ...], ...]) -> tuple[tuple[int, str], int]:
    return max(_rate_word(min(words, key=_rate_word)) for words in slot), len(slot)


def _pair_word(phrase: Phrase, slot: int, words: tuple[str, ...], word: str) -> list[tuple[str, str]]:
    """The pairs that the word must make in the phrase, none where what stands beside it is not known."""
    at = words.index(word)
    if at + 1 < len(words):
        return [(word, words[at + 1])]
    if at:
        return [(words[at - 1], word)]
    following = [after for after, _ in _step((phrase, slot + 1))] if slot + 1 < len(phrase) else [()]
    if () not in following:
        return [(word, after[0]) for after in following]
    if slot and () not in phrase[slot - 1]:
        return [(before[-1], word) for before in phrase[slot - 1]]
    return []


@cache
def _count_words() -> Counter[str]:
    """In how many of the written training records each word stands."""
    texts = (set(re.findall(r"[a-z0-9]+", record.text.lower())) for record in read_labelled("train"))
    return Counter(word for words in texts for word in words)


def _step(place: tuple[Phrase, int]) -> Iterator[tuple[tuple[str, ...], int]]:
    """What may come next in a phrase from one of its slots on, with the slot that follows; ((), n) is its end."""
    phrase, slot = place
    if slot == len(phrase):
        yield (), slot
        return
    for words in phrase[slot]:
        if words:
            yield words, slot + 1
        else:
            yield from _step((phrase, slot + 1))


def _make_states(lexicon: Lexicon, number: dict[str, int]) -> tuple[dict[int, int], list[int]]:
    """Subset construction: a state is the set of places in phrases that the words so far can have reached.

    A place is (phrase, slot, words of the slot still to come), by their numbers, so a phrase's many unfoldings
    share the states after each slot.
    """
    start: frozenset[_Place] = frozenset((at, 0, ()) for at in range(len(lexicon.phrases)))
    states: dict[frozenset[_Place], int] = {start: 0}
    waiting = [start]
    edges: dict[int, int] = {}
    accepts: list[int] = []
    for state in waiting:
        reached: dict[int, set[_Place]] = defaultdict(set)
        done = [-1]
        for at, slot, rest in state:
            phrase, entry = lexicon.phrases[at]
            for words, following in [(rest, slot)] if rest else _step((phrase, slot)):
                if words:
                    reached[number[words[0]]].add((at, following, words[1:]))
                else:
                    done.append(entry)
        # The first rule to claim a phrase keeps it: file order is the order of preference.
        accepts.append(min(done[1:], default=_NONE))
        for word in sorted(reached):
            after = frozenset(reached[word])
            if after not in states:
                states[after] = len(states)
                waiting.append(after)
            edges[states[state] * _WIDTH + word] = states[after]
    return edges, accepts


def sift_tokens(automaton: Automaton, data: Bytes, offsets: Ints) -> Tokens:
    """The words of the records that may hold a target, as `find_tokens` gives those of every record."""
    low = lower_block(data)
    start, end = find_words(low, offsets)
    word = hash_words(low, start, end)
    marks = automaton.sift[word >> _SIFT_SHIFT]
    hits = np.flatnonzero(marks & _ANCHOR)
    maybe = np.flatnonzero(marks & _PAIR)
    after, before = maybe[maybe + 1 < len(word)], maybe[maybe > 0]
    pairs = np.concatenate([_hash_pairs(word[after], word[after + 1]), _hash_pairs(word[before - 1], word[before])])
    at = np.minimum(np.searchsorted(automaton.pairs, pairs), len(automaton.pairs) - 1)
    hits = np.concatenate([hits, np.concatenate([after, before])[automaton.pairs[at] == pairs]])
    bounds = np.searchsorted(start, offsets)
    found = np.zeros(len(offsets) - 1, dtype=np.bool_)
    found[np.searchsorted(bounds, hits, side="right") - 1] = True
    size = np.diff(bounds)
    kept = np.flatnonzero(np.repeat(found, size))
    start, end, record = start[kept], end[kept], np.repeat(np.flatnonzero(found), size[found])
    return Tokens(
        start=start, end=end, record=record, sentence=number_sentences(data, start, end, record), word=word[kept]
    )


def find_matches(automaton: Automaton, tokens: Tokens) -> Matches:
    """Every phrase in a block of tokens, the longest where several overlap."""
    word = np.full(len(tokens.word), _NONE, dtype=np.int64)
    place, number = find_hashes(automaton.words, tokens.word)
    word[place] = number
    state = automaton.first[number]
    place, state = place[state > 0], state[state > 0]
    found: list[tuple[Ints, Ints, Ints]] = []
    length = 1
    while len(place):
        entry = automaton.accepts[state]
        whole = entry >= 0
        found.append((place[whole], np.full(int(whole.sum()), length, dtype=np.int64), entry[whole]))
        inside = place + length < len(word)
        place, state = place[inside], state[inside]
        goes_on = (word[place + length] >= 0) & (tokens.sentence[place + length] == tokens.sentence[place])
        place, state = place[goes_on], state[goes_on]
        keys = (state * _WIDTH + word[place + length]).astype(np.uint64) * _FIRST_OF_PAIR
        stays, at = find_hashes(automaton.steps, keys)
        place, state = place[stays], automaton.targets[at]
        length += 1
    return _keep_longest(found, len(word), automaton.is_target)


def _keep_longest(found: list[tuple[Ints, Ints, Ints]], count: int, is_target: NDArray[np.bool_]) -> Matches:
    """Targets are laid before cues and longer phrases before shorter; one stands only where its words are free."""
    taken = np.zeros(count + 1, dtype=np.bool_)
    kept: list[tuple[Ints, Ints, Ints]] = []
    layers = [(part, kind) for kind in (True, False) for part in reversed(found)]
    for (place, length, entry), kind in layers:
        chosen = is_target[entry] == kind
        place, length, entry = place[chosen], length[chosen], entry[chosen]
        if not len(place):
            continue
        size = int(length[0])
        free = ~np.logical_or.reduce([taken[place + step] for step in range(size)])
        # Two phrases of one length can overlap each other: the earlier is kept.
        place, length, entry = place[free], length[free], entry[free]
        alone = np.ones(len(place), dtype=np.bool_)
        close = np.flatnonzero(np.diff(place) < size) + 1
        for at in close.tolist():
            alone[at] = not (alone[at - 1] and place[at] - place[at - 1] < size)
        place, length, entry = place[alone], length[alone], entry[alone]
        for step in range(size):
            taken[place + step] = True
        kept.append((place, length, entry))
    if not kept:
        empty = np.zeros(0, dtype=np.int64)
        return Matches(token=empty, length=empty, entry=empty)
    place, length, entry = (np.concatenate(part) for part in zip(*kept, strict=True))
    order = np.argsort(place, kind="stable")
    return Matches(token=place[order], length=length[order], entry=entry[order])
