"""Two readings of one picture -> one: the spaces and the labels of whichever reading is the surer.

Between Tesseract and the table finder. Read as one block, a page keeps what stands alone and loses the spaces of
narrow labels ("Oto11" for "0 to 11"), because a table's wide gaps teach it that small ones are none; read as
sparse text it is the other way round. The trap is a number: it is never taken from the second reading, which
drops digits that stand alone, so a second reading can change how a value is labelled and never the value.
"""

import re
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import NamedTuple

GAP = 0.9
"""Gap between words of one run, in heights of the line."""
SURER = 3.0
"""How much surer, of 100, the second reading of a label must be to be taken."""
_STUCK = re.compile(r"(?<=[0-9])(?=[A-Za-z][a-z])(?!(?:st|nd|rd|th)\b)|(?<=[a-z]{2})(?=[0-9])")
"""Where a word and a number stuck together part: "16and17", "Under12", and not "1st" or "Q1"."""
_ROUND = re.compile(r"O(?= ?to ?\d)")
"""A nought read as a letter: nothing goes from O to 11."""


class Seen(NamedTuple):
    """One word as read: its box in points, its text, and how sure the reader is, of 100."""

    left: float
    top: float
    right: float
    bottom: float
    text: str
    sure: float


Line = tuple[Seen, ...]


def join_readings(first: Sequence[Line], second: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of the first reading, with each run of words as the second has it where that is the surer."""
    others = [seen for line in second for seen in line]
    joined = (tuple(seen for run in _part_runs(line) for seen in _choose(run, others)) for line in first)
    return tuple(_unstick(line) for line in joined)


def _unstick(line: Line) -> Line:
    """The words of a line with those parted that two were read as, each piece with its share of the box."""
    text = " ".join(seen.text for seen in line)
    words = _ROUND.sub("0", text).split(" ") if len(text.split(" ")) == len(line) else [seen.text for seen in line]
    found: list[Seen] = []
    for seen, word in zip(line, words, strict=True):
        at = seen.left
        for piece in _STUCK.split(word):
            wide = (seen.right - seen.left) * len(piece) / max(len(word), 1)
            found.append(seen._replace(left=at, right=at + wide, text=piece))
            at += wide
    return tuple(found)


def _part_runs(line: Line) -> Iterator[list[Seen]]:
    """The words of a line, parted where the gap is wider than a space."""
    height = max(seen.bottom - seen.top for seen in line)
    run: list[Seen] = []
    for seen in line:
        if run and seen.left - run[-1].right > GAP * height:
            yield run
            run = []
        run.append(seen)
    yield run


def _choose(run: list[Seen], others: Sequence[Seen]) -> list[Seen]:
    if not any(char.isalpha() for seen in run for char in seen.text) and len(run) < 2:
        return run
    left, right = run[0].left, run[-1].right
    top, bottom = min(seen.top for seen in run), max(seen.bottom for seen in run)
    slack = (bottom - top) / 2
    own = sorted(
        seen
        for seen in others
        if top <= (seen.top + seen.bottom) / 2 <= bottom and seen.right > left and seen.left < right
    )
    if not own or own[0].left < left - slack or own[-1].right > right + slack:
        return run
    if _squeeze(own) == _squeeze(run):
        return own if len(own) > len(run) else run
    surer = _weigh(own) >= _weigh(run) + SURER
    same = abs(len(_squeeze(own)) - len(_squeeze(run))) <= 2
    return own if surer and same and _count_letters(own) >= _count_letters(run) - 1 else run


def _squeeze(run: Sequence[Seen]) -> str:
    return "".join(seen.text for seen in run)


def _weigh(run: Sequence[Seen]) -> float:
    """How sure a run is, by letter."""
    return fmean(seen.sure for seen in run for _ in seen.text)


def _count_letters(run: Sequence[Seen]) -> int:
    return sum(char.isalpha() for char in _squeeze(run))
