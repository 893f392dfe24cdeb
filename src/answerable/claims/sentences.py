"""Text -> the same text made plain, and its sentences; offsets never move.

Every span a claim reports is a span of the text as given, so plain text has exactly its length: quotes,
dashes, line ends and emphasis marks are replaced one for one. The trap: a full stop also ends "s.", "No."
and "per cent.", and lists and headlines end without one.
"""

import re
from dataclasses import dataclass

_PLAIN = str.maketrans(
    {
        "\n": " ", "\r": " ", "\t": " ", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2007": " ",
        "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2010": "-",
        "\u2011": "-", "\u2012": "–", "\u2212": "-",
        "*": " ", "`": " ", "|": " ", "\u00ad": " ",
    }
)  # fmt: skip
_END = re.compile(r"[.!?…]+[\"')\]]*(?=\s+[\"'(\[]?[A-Z0-9£$])|[.!?…]+[\"')\]]*\s*$")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|prof|rev|no|nos|vs|v|s|ss|p|pp|para|art|fig|vol|approx|est|inc|ltd|co|dept|"
    r"det|insp|sgt|supt|"
    r"cllr|hon|e\.g|i\.e|c|ca|jan|feb|mar|apr|aug|sept?|oct|nov|dec)|\b[a-z])\.$",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"(?<!\w)_|_(?!\w)")
_BREAK = re.compile(r"\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence by its span. `paragraph` counts from 0; `text` is plain and in small letters, same length."""

    start: int
    end: int
    paragraph: int
    text: str


def prepare_text(text: str) -> str:
    """The text in plain characters, exactly as long as it was."""
    return _EMPHASIS.sub(" ", text.translate(_PLAIN))


def lower_text(text: str) -> str:
    """Small letters, character by character, so that the length stays ("İ" has a two-character small form)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order; a blank line, a list item or a short line also ends one."""
    plain = prepare_text(text)
    lowered = lower_text(plain)
    sentences: list[Sentence] = []
    for paragraph, (start, end) in enumerate(_split_blocks(text)):
        for left, right in _split_block(plain, start, end):
            sentences.append(Sentence(start=left, end=right, paragraph=paragraph, text=lowered[left:right]))
    return tuple(sentences)


def _split_blocks(text: str) -> list[tuple[int, int]]:
    """Spans of paragraphs. A single line end inside wrapped prose goes on; after a short line it ends the block."""
    blocks: list[tuple[int, int]] = []
    start = last = 0
    lines: list[tuple[int, int]] = []
    for match in _BREAK.finditer(text):
        lines.append((last, match.start()))
        last = match.end()
    lines.append((last, len(text)))
    for index, (left, right) in enumerate(lines):
        line = text[left:right].strip()
        following = text[slice(*lines[index + 1])].strip() if index + 1 < len(lines) else ""
        if not line:
            start = right
            continue
        if "\t" in line or not (following and len(line) >= 50 and _goes_on(line, following)):
            blocks.append((start, right))
            start = right
    return [(left, right) for left, right in blocks if text[left:right].strip()]


def _goes_on(line: str, following: str) -> bool:
    if re.match(r"(?:[-*•#>|]|\(?\d{1,2}[.)])\s", following) or line.startswith("#"):
        return False
    if line[0].isdigit() and following[0].isdigit():
        return False
    return line[-1] not in '.!?:"”' or following[0].islower()


def _split_block(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    left = start
    for match in _END.finditer(plain, start, end):
        if _ABBREVIATION.search(plain, left, match.start() + 1) and match.end() < end and plain[match.start()] == ".":
            continue
        if left == start and re.fullmatch(r"\W*(?:\d{1,2}|[a-z])\.", plain[left : match.end()], re.IGNORECASE):
            continue
        spans.append((left, match.end()))
        left = match.end()
    spans.append((left, end))
    trimmed = []
    for left, right in spans:
        piece = plain[left:right]
        left += len(piece) - len(piece.lstrip())
        right -= len(piece) - len(piece.rstrip())
        if right > left:
            trimmed.append((left, right))
    return trimmed
