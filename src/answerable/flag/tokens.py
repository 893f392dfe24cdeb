"""A block of records as arrays of words: where each starts and ends, whose record and sentence it is in, its hash.

First step of the flag. A block is one UTF-8 buffer with record offsets, as Arrow holds a text column, and every
step here is a pass over the whole block, so no Python runs per record. The trap: offsets are bytes of UTF-8, not
characters, and curly quotes are three bytes that must part words as straight ones do.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint64]
Bools = NDArray[np.bool_]

_FIRST = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xC2B2AE3D27D4EB4F)
_LENGTH = np.uint64(0x165667B19E3779F9)
_FINAL = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(32)
_PAD = 16
_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(9)], dtype=np.uint64)


def _make_lower() -> bytes:
    """Letters to small letters, digits as they are, bytes of other scripts as they are, everything else 0."""
    letters = (chr(byte).lower() if chr(byte).isalnum() else "\0" for byte in range(0x80))
    return "".join(letters).encode() + bytes(range(0x80, 0x100))


_LOWER = _make_lower()
_ENDS = np.zeros(256, dtype=np.bool_)
_ENDS[list(b".!?;")] = True
_BREAK = np.uint8(0x0A)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The words of a block. `start` and `end` are byte positions in the block, `record` and `sentence` count from 0
    through the block, `word` is the 64-bit hash of the word in small letters."""

    start: Ints
    end: Ints
    record: Ints
    sentence: Ints
    word: Hashes


@cache
def hash_word(word: str) -> int:
    """The hash that `find_tokens` gives this word: over its first 16 bytes and its length."""
    data = np.frombuffer(word.lower().encode() + bytes(_PAD), dtype=np.uint8)
    length = len(data) - _PAD
    return int(_hash(data, np.array([0], dtype=np.int64), np.array([length], dtype=np.int64))[0])


def lower_block(data: Bytes) -> Bytes:
    """The block in small letters with every byte that is no part of a word as 0, and 16 bytes of padding."""
    low = np.frombuffer(bytearray(data).translate(_LOWER) + bytearray(_PAD), dtype=np.uint8)
    if len(data) > 2 and data.max() >= 0x80:
        # U+2000 to U+203F: dashes and curly quotes, which part words.
        marks = np.flatnonzero((data[:-2] == 0xE2) & (data[1:-1] == 0x80))
        no_break = np.flatnonzero((data[:-1] == 0xC2) & (data[1:] == 0xA0))
        for places, width in ((marks, 3), (no_break, 2)):
            for step in range(width):
                low[places + step] = 0
    return low


def find_words(low: Bytes, offsets: Ints) -> tuple[Ints, Ints]:
    """Where each word of a lowered block starts and ends; the end of a record ends its last word."""
    word = low != 0
    first = word.copy()
    first[1:] &= ~word[:-1]
    inner = offsets[(offsets > 0) & (offsets < len(low) - _PAD)]
    first[inner] = word[inner]
    last = word.copy()
    last[:-1] &= ~word[1:]
    last[inner - 1] = word[inner - 1]
    return np.flatnonzero(first), np.flatnonzero(last) + 1


def hash_words(low: Bytes, start: Ints, end: Ints) -> Hashes:
    """The hash of each word of a lowered block."""
    return _hash(low, start, end - start)


def find_tokens(data: Bytes, offsets: Ints) -> Tokens:
    """The words of a block. `offsets` has one entry more than there are records."""
    low = lower_block(data)
    start, end = find_words(low, offsets)
    record = number_records(offsets, start)
    return Tokens(
        start=start,
        end=end,
        record=record,
        sentence=number_sentences(data, start, end, record),
        word=hash_words(low, start, end),
    )


def number_records(offsets: Ints, start: Ints) -> Ints:
    """The record that each word is in."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(np.searchsorted(start, offsets)))


def view_text(array: Any) -> tuple[Bytes, Ints]:
    """The bytes and record offsets of an Arrow text array, without a copy where it has no nulls and no slice."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if array.null_count:
        array = pc.fill_null(array, "")
    width = np.int64 if pa.types.is_large_string(array.type) else np.int32
    _, places, data = array.buffers()
    count = len(array)
    if places is None or count == 0:
        return np.zeros(0, dtype=np.uint8), np.zeros(count + 1, dtype=np.int64)
    offsets = np.frombuffer(places, dtype=width)[array.offset : array.offset + count + 1].astype(np.int64)
    low, high = int(offsets[0]), int(offsets[-1])
    block = np.frombuffer(data, dtype=np.uint8)[low:high] if data is not None else np.zeros(0, dtype=np.uint8)
    return block, offsets - low


def number_sentences(data: Bytes, start: Ints, end: Ints, record: Ints) -> Ints:
    """The sentence that each word is in. A stop ends one where no word follows it at once ("snapchat.com" is one),
    a line break always."""
    if not len(start):
        return np.zeros(0, dtype=np.int64)
    ends = (data[end[:-1]] == _BREAK) | (record[1:] != record[:-1])
    wide = np.flatnonzero((start[1:] - end[:-1] > 1) & ~ends)
    if len(wide):
        between, bounds = take_bytes(data, end[wide], start[wide + 1])
        stops = _ENDS[between]
        # The last byte before a word parts nothing but lines.
        stops[bounds[1:] - 1] = False
        ends[wide] = np.logical_or.reduceat(stops | (between == _BREAK), bounds[:-1])
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(ends)])


def take_bytes(data: Bytes, start: Ints, end: Ints) -> tuple[Bytes, Ints]:
    """The bytes from each start to its end, one after the other, and where each begins, with the end of the last."""
    length = end - start
    bounds = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(length)])
    return data[np.repeat(start - bounds[:-1], length) + np.arange(bounds[-1])], bounds


def _hash(low: Bytes, start: Ints, length: Ints) -> Hashes:
    # Overlapping 8-byte words: entry i is the 8 bytes from byte i on, so a gather reads a word's letters at once.
    windows = np.ndarray((len(low) - 7,), dtype="<u8", buffer=low.data, strides=(1,))
    head = windows[start] & _MASKS[np.minimum(length, 8)]
    hashed = head * _FIRST + length.astype(np.uint64) * _LENGTH
    long = np.flatnonzero(length > 8)
    if len(long):
        tail = windows[start[long] + 8] & _MASKS[np.minimum(length[long] - 8, 8)]
        hashed[long] += tail * _SECOND
    hashed ^= hashed >> _SHIFT
    hashed *= _FINAL
    return hashed
