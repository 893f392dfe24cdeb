"""Counts of authorities in a sentence -> Statements: "39 forces answered", "38 of the 43 asked", "all but five".

Part of the grammar, before plain counts take their numbers. What the authorities did (answered, were asked,
are missing, rose, fell) is read from the clause. The trap: "43 offences recorded by forces" counts no force.
"""

import re
from collections.abc import Sequence

from answerable.claims.numbers import NUMBER, Number
from answerable.claims.statement import Statement, find_change_before, make_statement
from answerable.claims.words import CHANGE

_FORCES_BEFORE = re.compile(r"\b(?:from|by|across|only|just|figures|data|returned|total\s+of|in\s+all|among)\s*$")
_FORCES_AFTER = re.compile(
    r",?\s+(?:(?:in|across)\s+(?:[a-z]+\s+){1,5}?)?(?:(?:that|which|who)\s+)?(?:had\s+)?(?:answer|respon|repl|provid|suppl|record|report|gave|receiv|handl|dealt|"
    r"give|return|disclos|have\s+a\s+figure|"
    r"with\s+a\s+figure|took\s+part|sent|shared|released|show|reveal|logged)"
)


_NOT_BETWEEN = re.compile(r"\b(?:in|of|by|with|were|was|from|to|and|offences|crimes|cases|recorded|per)\b")
_THEM = re.compile(r"\s+of\s+(?:them|these|those)\b")
_OF_THEM = re.compile(
    rf"\s+of\s+(?:them|these|those)\s+(?:saw|recorded|reported|had|showed|registered|logged)\s+(?:an?\s+)?(?:[a-z]+\s+)?"
    rf"(?P<word>{CHANGE}|more|fewer|less)\b"
)


_REPLIES_FROM = re.compile(
    r"\b(?:replies|answers|responses|data|figures|information|returns)\s+(?:obtained\s+|received\s+|supplied\s+|provided\s+)?(?:from|by)\s+$"
)


def _is_down(word: str) -> bool:
    return find_change_before(f"{word} ", len(word))[0] < 0


def find_forces(text: str, numbers: Sequence[Number], nouns: tuple[str, str]) -> list[Statement]:
    """Counts of authorities: "39 forces", "38 of the 43 police forces asked", "all but five forces"."""
    plural = "|".join(re.escape(noun) for noun in sorted({nouns[1].lower(), *nouns[1].lower().split()[-1:]}))
    after = re.compile(rf"\s+(?:[a-z'-]+\s+){{0,4}}?(?:{plural})\b")
    alone = re.compile(
        r"\s+(?:(?:that|which|who)\s+(?:supplied|provided|gave|answered|responded|replied|returned|could)\b|replied|responded|answered|did\s+so|provided\s+(?:data|figures)|"
        r"did\s+not\s+(?:reply|respond|answer))\b"
    )
    named = re.search(rf"\b(?:{plural})\b", text) is not None
    pair = re.compile(
        rf"\s+(?:of|out\s+of|from|in)\s+(?:[a-z']+\s+){{0,5}}?(?P<n>{NUMBER})\s+(?:[a-z'-]+\s+){{0,4}}?(?:{plural})\b"
    )
    found = []
    for index, number in enumerate(numbers):
        if number.unit:
            continue
        if moved := _OF_THEM.match(text, number.end):
            subject = "falling" if moved["word"] in {"fewer", "less"} or _is_down(moved["word"]) else "rising"
            found.append(make_statement(number, text, "count_of_forces", "number", subject=subject))
            continue
        joined = pair.match(text, number.end)
        direct = after.match(text, number.end)
        if direct and _NOT_BETWEEN.search(direct[0].rsplit(maxsplit=1)[0]):
            direct = None
        replied = named and _REPLIES_FROM.search(text, 0, number.start) and _THEM.match(text, number.end)
        if replied or (joined and any(n.start == joined.start("n") for n in numbers[index + 1 : index + 2])):
            subject = "answered"
        elif named and (elliptic := alone.match(text, number.end)):
            subject = "missing" if "not" in elliptic[0] else "answered"
        elif direct:
            subject = _judge_forces(text, number, direct.end())
        else:
            continue
        if subject:
            found.append(make_statement(number, text, "count_of_forces", "number", subject=subject))
    return found


def _judge_forces(text: str, number: Number, end: int) -> str:
    """What a count of authorities counts: answered, asked, missing, rising or falling."""
    before, after = text[: number.start], text[end : end + 90]
    clause = re.split(r"[.;]", after)[0]
    if re.search(r"\b(?:of|out\s+of)\s+(?:[a-z']+\s+){0,4}$", before) and re.search(
        rf"{NUMBER}\s+(?:of|out\s+of)\s", before[-40:]
    ):
        return "asked"
    if re.search(r"\ball\s+but\s*$", before):
        return "missing"
    if re.match(
        (
            r"[\s,]*(?:that\s+|which\s+|who\s+)?(?:did\s+not|didn't|failed|refused|had\s+not|could\s+not|"
            r"were\s+unable|declined|gave\s+no|have\s+not)\b"
        ),
        clause,
    ):
        return "missing"
    seen = re.match(
        (
            rf"[\s,]*(?:that\s+|which\s+)?(?:saw|recorded|reported|had|showed|registered|logged|"
            rf"have\s+seen)\s+(?:[a-z]+\s+){{0,3}}?(?P<word>{CHANGE}|more)\b"
        ),
        clause,
    )
    if seen:
        up = seen["word"] == "more" or find_change_before(seen["word"] + " ", len(seen["word"]))[0] > 0
        return "rising" if up else "falling"
    if re.search(
        r"\b(?:asked|contacted|request(?:s|ed)?\s+(?:was|were|to)|sent|wrote|approached|surveyed)\b(?:\s+\S+){0,16}\s*$",
        before,
    ) or re.match(r"\s+(?:were\s+|was\s+)?(?:asked|contacted|approached)\b", after):
        return "asked"
    sure = _FORCES_BEFORE.search(before) or _FORCES_AFTER.match(after)
    return "answered" if sure else "" if number.word and number.value <= 12 else "some"
