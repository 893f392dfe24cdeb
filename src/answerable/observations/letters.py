"""The letter itself -> what became of the request, the exemptions it cites, and its caveats.

What reply.toml states comes before anything read here. The trap is a section that is named and not relied on:
the letter's advice on appeals and the requester's own words cite sections too, so only a sentence that refuses,
exempts or withholds gives an exemption.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from answerable.model import Caveat, CaveatKind, Exemption, Grid, Outcome
from answerable.observations.context import find_periods
from answerable.observations.labels import LabelIndex

_CITES = re.compile(r"\bs(?:ec(?:tion)?s?)?\.? ?(?P<section>\d{2})(?!\d)(?P<limbs>(?: ?\(\w{1,3}\))*)", re.I)
_RELIES = re.compile(
    r"exempt|refus|withh(?:e|o)ld|engag|neither confirm|nor deny|cost|appropriate limit|excess|18 hours|"
    r"appli(?:es|ed)|by virtue|"
    r"otherwise accessible|not obliged|redact|suppress",
    re.I,
)
_APPEALS = re.compile(r"section 50\b|right of appeal|internal review|complain", re.I)
_QUESTION = re.compile(r"\b(?:question|q|response|answer|request|part)\s*\.?(\d{1,2}\s?\(?[a-h]?\)?)(?!\d)", re.I)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.I)
_NUMBERED = re.compile(r"\s*\(?(\d{1,2}[a-h]?)[.)]\s+(?=[A-Z])")
_SECTIONS = frozenset("12 14 21 22 23 24 26 27 29 30 31 32 33 35 36 37 38 39 40 41 42 43 44".split())
_CAVEAT_WORDS: tuple[tuple[CaveatKind, str], ...] = (
    ("live_system", r"live (?:crime |recording )?(?:system|database|data)|subject to change|may change over time"),
    (
        "rule_changed",
        r"counting rules?[^.]{0,60}chang|recording (?:practice|rule|standard)s?[^.]{0,40}chang|recording changed",
    ),
    (
        "system_changed",
        r"(?:new|different|change of|changed|moved to|migrat\w+|previous) (?:\w+ ){0,3}(?:system|niche|athena|"
        r"connect|database)|two systems|system change",
    ),
    (
        "flag_not_used",
        r"(?:flag|marker|keyword)[^.]{0,60}(?:not (?:been )?(?:used|applied|mandatory|reliabl)|underused|"
        r"reli(?:es|ant) on|not always)|no (?:\w+ )?(?:flag|marker) exists",
    ),
    (
        "counts_victims",
        r"(?:figures?|data|numbers?|counts?)[^.]{0,40}(?:relate to|refer to|number of|counts?|based "
        r"on)[^.]{0,20}victims?\b|victims?,? (?:and )?not offences",
    ),
    ("counts_suspects", r"counts? suspects|(?:relate to|refer to|based on)[^.]{0,20}(?:suspects?|offenders?)\b"),
    ("counts_arrests", r"(?:relate to|refer to|based on)[^.]{0,20}arrests?\b"),
    (
        "text_search",
        r"(?:key ?word|free ?text|text) search|search(?:ed)? (?:\w+ ){0,4}(?:free text|keywords?|crime notes)|"
        r"keywords? (?:\w+ ){0,3}searched",
    ),
    (
        "not_comparable",
        r"(?:not|cannot|can ?not|never) be (?:\w+ )?compar|no comparison|not (?:be )?comparable|for "
        r"comparison purposes",
    ),
    ("rounded", r"rounded to|figures are rounded|nearest (?:five|ten|5|10)\b"),
    ("part_period", r"part[- ]year|incomplete year|up to and including|year to date"),
)
_CAVEATS = tuple((kind, re.compile(pattern, re.I)) for kind, pattern in _CAVEAT_WORDS)
_ANY_CAVEAT = re.compile(
    r"live|subject to|may change|chang|system|niche|athena|connect|database|migrat|flag|marker|keyword|victim|suspect|"
    r"offender|arrest|text|search|compar|rounded|nearest|part[- ]year|incomplete|up to|to date",
    re.I,
)
"""Words one of which every pattern above needs."""
_OUTCOME_WORDS: tuple[tuple[Outcome, str], ...] = (
    (
        "waiting_clarification",
        r"(?:require|need|seek|seeking|request|grateful for|provide) (?:\w+ ){0,4}clarif|please (?:clarify|"
        r"confirm what)|clarification (?:is )?(?:required|needed|sought)",
    ),
    (
        "waiting_response",
        r"acknowledge (?:receipt|your)|has been received and|will be (?:dealt|considered|answered) (?:\w+ "
        r"){0,4}within|(?:need|require) more time|extend(?:ed|ing)? the (?:time|deadline)|unable to respond "
        r"within|response by",
    ),
    (
        "not_held",
        r"(?:do(?:es)? not|no) (?:\w+ ){0,6}(?:hold|held)|information (?:\w+ ){0,2}not held|no information "
        r"(?:is )?held",
    ),
)
_OUTCOMES = tuple((outcome, re.compile(pattern, re.I)) for outcome, pattern in _OUTCOME_WORDS)


def read_sentences(grids: Sequence[Grid]) -> Iterator[str]:
    """The sentences of a reply's text grids, in order."""
    for grid in grids:
        for cell in grid.cells:
            if grid.kind == "text" or len(cell.text) > 40:
                yield from _split_sentences(cell.text)


@lru_cache(maxsize=16384)
def _split_sentences(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"(?<=[a-z)][.!?])(?<!\d[a-h]\.)\s+", text))


def find_exemptions(grids: Sequence[Grid]) -> tuple[Exemption, ...]:
    """The exemptions a letter relies on, section and limb, for each numbered part ("" for the whole), in order.

    A part is the one the sentence names, else the last one that headed a line. NCND by s.23(5) and the like
    comes as its section; section 21 with the address that it, or the sentence after it, points to. Harm and
    public interest stay empty unless reply.toml gives them.
    """
    found: dict[tuple[str, str, str], Exemption] = {}
    part, last = "", None
    for sentence in read_sentences(grids):
        if last is not None and not found[last].address and (link := _ADDRESS.search(sentence)):
            found[last] = replace(found[last], address=link[0].rstrip(".,;"))
        last = None
        named = _QUESTION.search(sentence)
        head = named if named and named.start() < 3 else _NUMBERED.match(sentence)
        part = re.sub(r"[^0-9a-z]", "", head[1].casefold()) if head else part
        relies = _RELIES.search(sentence) or (head and len(sentence) < 80)  # "Question 5 - Section 40(2)"
        if not relies or _APPEALS.search(sentence):
            continue
        where = re.sub(r"[^0-9a-z]", "", named[1].casefold()) if named else part
        for match in _CITES.finditer(sentence):
            if match["section"] in _SECTIONS:
                limbs = re.sub(r"\s", "", match["limbs"]).casefold()
                name = (where, match["section"], limbs)
                found.setdefault(name, Exemption(question=where, section=match["section"], subsection=limbs))
                last = name if match["section"] == "21" else last
        if last is not None and (link := _ADDRESS.search(sentence)):
            found[last] = replace(found[last], address=link[0].rstrip(".,;"))
    return tuple(found.values())


def find_caveats(grids: Sequence[Grid]) -> tuple[Caveat, ...]:
    """What the letter says that limits its figures: one Caveat a kind, with the sentence that says it."""
    found: dict[CaveatKind, Caveat] = {}
    for sentence in read_sentences(grids):
        for kind in _find_caveat_kinds(sentence) if len(sentence) < 600 else ():
            found.setdefault(kind, Caveat(kind=kind, text=sentence.strip()[:240]))
    return tuple(found[kind] for kind, _ in _CAVEATS if kind in found)


@lru_cache(maxsize=16384)
def _find_caveat_kinds(sentence: str) -> tuple[CaveatKind, ...]:
    if not _ANY_CAVEAT.search(sentence):
        return ()
    return tuple(kind for kind, pattern in _CAVEATS if pattern.search(sentence))


_OF_A_TIME = frozenset(("flag_not_used", "text_search", "part_period", "rounded"))
"""Kinds that can hold for one period alone; a change of system touches what it parts."""


def limit_caveat(index: LabelIndex, caveat: Caveat) -> Caveat:
    """The caveat limited to the question its own sentence numbers, and to the one period it names."""
    numbers = {re.sub(r"[^0-9a-z]", "", match[1].casefold()) for match in _QUESTION.finditer(caveat.text)}
    questions = {index.numbers[number] for number in numbers if number in index.numbers}
    periods = {meaning.key for meaning in find_periods(index, caveat.text) if meaning.role == "period"}
    if not caveat.question and len(questions) == 1:
        caveat = replace(caveat, question=next(iter(questions)))
    if not caveat.period and len(periods) == 1 and caveat.kind in _OF_A_TIME:
        caveat = replace(caveat, period=next(iter(periods)))
    return caveat


def find_outcome(grids: Sequence[Grid], *, answered: int, exemptions: Sequence[Exemption]) -> Outcome | None:
    """What became of the request, from the letter; None when the letter does not say.

    `answered` is the number of values read. Values with an exemption are a partial answer; an exemption without
    values a refusal; a question back, an acknowledgement or "not held" count only where nothing was answered.
    """
    if answered:
        return "partially_successful" if exemptions else "successful"
    sentences = list(read_sentences(grids))
    for outcome, pattern in _OUTCOMES:
        if outcome == "waiting_clarification" and any(pattern.search(sentence) for sentence in sentences):
            return outcome
    if exemptions:
        return "rejected"
    return next((o for o, pattern in _OUTCOMES if any(pattern.search(s) for s in sentences)), None)
