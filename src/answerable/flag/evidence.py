"""What a verdict rests on, in words fit to leave the machine: rule ids and masked spans of the record's text.

A span runs from the cue to the mention, with its place in characters. Only words that the rules know, and plain
small words, are shown; any other word, every number, and every word written as a name outside the mention becomes
"[...]". All spans of a block are written at once, as arrays. The trap: a list of names to hide is never complete, so
what may be shown is listed instead.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from answerable.flag.lexicon import Lexicon
from answerable.flag.matches import Matches
from answerable.flag.roles import Mentions
from answerable.flag.tokens import Bools, Bytes, Hashes, Ints, Tokens, hash_word, take_bytes

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
    """Hashes of words in order: `rules` may be shown in a mention, `shown` elsewhere too if not written as a name,
    which `names` are however they are written."""

    rules: Hashes
    shown: Hashes
    names: Hashes


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Runs of words, from token `first` to `last`, in order of their mentions. `mention` is the place of each one's
    mention among those asked for, `record` its record in the block, `own` and `own_end` bound the mention itself."""

    mention: Ints
    record: Ints
    first: Ints
    last: Ints
    own: Ints
    own_end: Ints


@cache
def list_words(lexicon: Lexicon) -> Words:
    """The words that may be shown. A number is never one, though rules name some ("999", "ps4" is a word)."""
    rules = {word for phrase, _ in lexicon.phrases for slot in phrase for words in slot for word in words}
    plain = set(_PLAIN.split())
    own = {word for word in rules - plain if not word.isdigit()}
    return Words(rules=_hash_all(own), shown=_hash_all(own | plain), names=_hash_all(_NAMES))


def _hash_all(words: set[str] | frozenset[str]) -> Hashes:
    return np.array(sorted(map(hash_word, words)), dtype=np.uint64)


def find_spans(matches: Matches, mentions: Mentions, chosen: Ints) -> Spans:
    """The spans of the mentions at `chosen`: one with its cue, or two where the cue is far away."""
    match, cue = mentions.match[chosen], mentions.cue[chosen]
    own, own_end = matches.token[match], matches.token[match] + matches.length[match]
    other = np.where(cue < 0, own, matches.token[cue])
    other_end = np.where(cue < 0, own_end, matches.token[cue] + matches.length[cue])
    low, high = np.minimum(own, other), np.maximum(own_end, other_end)
    apart = np.maximum(own, other) - np.minimum(own_end, other_end) + 1 > _JOINED
    number = 1 + apart.astype(np.int64)
    mention = np.repeat(np.arange(len(chosen)), number)
    second = np.zeros(len(mention), dtype=np.bool_)
    second[1:] = mention[1:] == mention[:-1]
    end = np.where(apart, np.where(own < other, own_end, other_end), high)[mention]
    return Spans(
        mention=mention,
        record=mentions.record[chosen][mention],
        first=np.where(second, np.maximum(own, other)[mention], low[mention]),
        last=np.where(second, np.where(own < other, other_end, own_end)[mention], end) - 1,
        own=own[mention],
        own_end=own_end[mention],
    )


def show_spans(lexicon: Lexicon, data: Bytes, offsets: Ints, tokens: Tokens, spans: Spans, unmasked: bool) -> Any:
    """Each span as `start-end words` in an Arrow array; its place is in characters of its record."""
    import pyarrow as pa
    import pyarrow.compute as pc

    start, end = tokens.start[spans.first], tokens.end[spans.last]
    at, length = _count_characters(data, offsets[spans.record], start, end)
    text = take_text(data, start, end) if unmasked else _mask_spans(list_words(lexicon), data, tokens, spans)
    places = (pa.array(number).cast(pa.string()) for number in (at, at + length))
    return pc.binary_join_element_wise(pc.binary_join_element_wise(*places, "-"), text, " ")


def _count_characters(data: Bytes, begin: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Characters from `begin` to `start` and from `start` to `end`, all of which are places in bytes."""
    # In UTF-8 every byte but the first of a character has these two bits; most text has none.
    inner = np.flatnonzero((data & 0xC0) == 0x80)
    begins, starts, ends = (place - np.searchsorted(inner, place) for place in (begin, start, end))
    return starts - begins, ends - starts


def _mask_spans(words: Words, data: Bytes, tokens: Tokens, spans: Spans) -> Any:
    """The words of each span that may be shown, parted by spaces; runs of the others become one mask."""
    import pyarrow as pa
    import pyarrow.compute as pc

    number = spans.last - spans.first + 1
    span = np.repeat(np.arange(len(number)), number)
    begins = np.cumsum(number) - number
    token = np.arange(len(span)) - begins[span] + spans.first[span]
    mention = (token >= spans.own[span]) & (token < spans.own_end[span])
    inner = token > spans.first[span]
    shown = _may_show(words, data, tokens, token, mention, inner)
    kept = shown.copy()
    kept[:1] = True
    # A hidden word just after another of its span is under the same mask.
    kept[1:] |= shown[:-1] | (span[1:] != span[:-1])
    span, token, shown = span[kept], token[kept], shown[kept]
    block = np.concatenate([data, np.frombuffer(MASK.encode(), dtype=np.uint8)])
    start = np.where(shown, tokens.start[token], len(data))
    pieces = take_text(block, start, np.where(shown, tokens.end[token], len(block)))
    bounds = np.searchsorted(span, np.arange(len(number) + 1))
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(bounds, pa.int32()), pieces), " ")


def _may_show(words: Words, data: Bytes, tokens: Tokens, token: Ints, mention: Bools, inner: Bools) -> Bools:
    """Whether each token may be shown. Those of a mention may if a rule has them; of the others one that is written
    as a name, or often is one, is hidden."""
    hashed = tokens.word[token]
    shown = _is_in(words.shown, hashed) & ~_is_in(words.names, hashed)
    letter = data[tokens.start[token]]
    doubt = np.flatnonzero(shown & inner & (letter >= 0x41) & (letter <= 0x5A))
    if len(doubt):
        start, end = tokens.start[token[doubt]], tokens.end[token[doubt]]
        letters, begins = take_bytes(data, start, end)
        # Only a word with a small letter is written as a name: "INSTAGRAM" is not.
        shown[doubt] = ~np.logical_or.reduceat(letters >= 0x61, begins[:-1])
    return shown | (mention & _is_in(words.rules, hashed))


def _is_in(known: Hashes, hashed: Hashes) -> Bools:
    found: Bools = known[np.minimum(np.searchsorted(known, hashed), len(known) - 1)] == hashed
    return found


def take_text(data: Bytes, start: Ints, end: Ints) -> Any:
    """The text from each start to its end as an Arrow array."""
    import pyarrow as pa

    taken, bounds = take_bytes(data, start, end)
    buffers = [None, pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(taken)]
    return pa.Array.from_buffers(pa.string(), len(start), buffers)
