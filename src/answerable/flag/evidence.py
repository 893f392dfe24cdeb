"""What a verdict rests on, in words fit to leave the machine: rule ids and masked spans of the record's text.

A span runs from the cue to the mention, with its place in characters. Only words that the rules know, and plain
small words, are shown; any other word, every number, and every word written as a name outside the mention becomes
"[...]". The trap: a list of names to hide is never complete, so what may be shown is listed instead.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from answerable.flag.lexicon import Lexicon
from answerable.flag.matches import Matches
from answerable.flag.roles import Mentions
from answerable.flag.tokens import Bytes, Ints, Tokens, find_tokens, hash_word

MASK = "[...]"
_NAMES = frozenset(
    "rob bill dean mark grant chase bolt page frank grace rose jack pat may june april will ray max sky art bond "
    "king hunt booth cook baker mason carter hall wood stone brook lake field ford hill marsh poole rice rich price "
    "swan wolf fox bird bell ball cash cross day dolly drew eve faith gay gene harry hope iris ivy jade jean joy lance "
    "lane law lee miles nick noble park penny piers post potter ring robin sandy sharp short singer skip stuart summer "
    "teller tinder trey van victor violet ward watts webb west white young".split()
)
"""Words of the rules or plain words that are also names: shown only where they are the mention itself."""
_JOINED = 12
"""A cue and a mention at most this many words apart are shown as one span."""
_MOST = 3
_PLAIN = (
    "a about after again all also am an and any are as at away back be because been before being both but by can "
    "child children could day days did do does during each every few for from had has have he her here herself him "
    "himself his how i if in into is it its just later made make many me more most my no not now of off on once one "
    "only or other our out over own person same she since so some such than that the their them then there these "
    "they this those through time to too two under until up very via victim was we were what when where which while "
    "who whom why will with within without would years your suspect offender unknown male female ip ap vic "
    "susp aggrieved complainant party states stated reports reported u k"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Hashes of words: `rules` may be shown in a mention, `shown` elsewhere too if not written as a name."""

    rules: frozenset[int]
    shown: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in a block, as plain lists, since evidence is written one record at a time. The words stay in
    arrays: few of them are ever shown."""

    lexicon: Lexicon
    text: bytes
    ascii: bool
    begins: list[int]
    tokens: Tokens
    match_token: list[int]
    match_length: list[int]
    match_entry: list[int]
    match: list[int]
    cue: list[int]
    entry: list[int]
    role: list[int]
    record: list[int]


def list_found(
    lexicon: Lexicon, data: Bytes, offsets: Ints, tokens: Tokens, matches: Matches, mentions: Mentions
) -> Found:
    """The arrays of a block as `Found`."""
    text = data.tobytes()
    return Found(
        lexicon=lexicon,
        text=text,
        ascii=text.isascii(),
        begins=offsets.tolist(),
        tokens=tokens,
        match_token=matches.token.tolist(),
        match_length=matches.length.tolist(),
        match_entry=matches.entry.tolist(),
        match=mentions.match.tolist(),
        cue=mentions.cue.tolist(),
        entry=mentions.entry.tolist(),
        role=mentions.role.tolist(),
        record=mentions.record.tolist(),
    )


@cache
def list_words(lexicon: Lexicon) -> Words:
    """The words that may be shown. A number is never one, though rules name some ("999", "ps4" is a word)."""
    rules = {word for phrase, _ in lexicon.phrases for slot in phrase for words in slot for word in words}
    plain = set(_PLAIN.split())
    shown = {word for word in rules - plain if not word.isdigit()}
    own = frozenset(map(hash_word, shown))
    return Words(rules=own, shown=own | frozenset(map(hash_word, plain)))


def show_mentions(found: Found, places: list[int], unmasked: bool) -> tuple[list[str], str]:
    """Rule ids in order, and the spans as `start-end words` parted by "; ", of the mentions at `places`."""
    rules: list[str] = []
    spans: list[str] = []
    entries = found.lexicon.entries
    for place in places[:_MOST]:
        cue = found.cue[place]
        called = [found.entry[place]] if cue < 0 else [found.entry[place], found.match_entry[cue]]
        for entry in called:
            if entries[entry].id not in rules:
                rules.append(entries[entry].id)
        target = found.match_token[found.match[place]]
        own = (target, target + found.match_length[found.match[place]])
        for first, last in _list_spans(found, found.match[place], cue):
            span = _show_span(found, found.record[place], (first, last), own, unmasked)
            if span not in spans:
                spans.append(span)
    return rules, "; ".join(spans)


def _list_spans(found: Found, match: int, cue: int) -> list[tuple[int, int]]:
    """First and last token of each span of a mention: one with its cue, or two where the cue is far away."""
    first = found.match_token[match]
    last = first + found.match_length[match] - 1
    if cue < 0:
        return [(first, last)]
    other = found.match_token[cue]
    end = other + found.match_length[cue] - 1
    if max(first, other) - min(last, end) <= _JOINED:
        return [(min(first, other), max(last, end))]
    return sorted([(first, last), (other, end)])


def _show_span(found: Found, record: int, ends: tuple[int, int], own: tuple[int, int], unmasked: bool) -> str:
    first, last = ends
    begin, start, end = found.begins[record], int(found.tokens.start[first]), int(found.tokens.end[last])
    span = found.text[start:end]
    at, length = start - begin, end - start
    if not found.ascii:
        at = len(found.text[begin:start].decode("utf-8", "replace"))
        length = len(span.decode("utf-8", "replace"))
    text = (
        span.decode("utf-8", "replace") if unmasked else _mask_span(found.lexicon, span, own[0] - first, own[1] - first)
    )
    return f"{at}-{at + length} {text}"


@lru_cache(maxsize=1 << 15)
def _mask_span(lexicon: Lexicon, span: bytes, first: int, last: int) -> str:
    """The words of a span that may be shown; runs of the others become one mask. Words `first` to `last` are the
    mention itself; of the others one that is written as a name, or often is one, is hidden. The same few spans come
    again and again, so the last are kept, in memory only."""
    known = list_words(lexicon)
    tokens = find_tokens(np.frombuffer(span, dtype=np.uint8), np.array([0, len(span)], dtype=np.int64))
    places = zip(tokens.start.tolist(), tokens.end.tolist(), tokens.word.tolist(), strict=True)
    shown: list[str] = []
    for number, (start, end, hashed) in enumerate(places):
        word = span[start:end].decode("utf-8", "replace")
        named = (number > 0 and word[0].isupper() and not word.isupper()) or word.lower() in _NAMES
        mention = first <= number < last and hashed in known.rules
        if mention or (hashed in known.shown and not named):
            shown.append(word)
        elif not shown or shown[-1] != MASK:
            shown.append(MASK)
    return " ".join(shown)
