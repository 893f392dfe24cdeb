"""Counts, changes in number, averages over time and counts of authorities in a sentence -> Statements.

Part of the grammar, after the ratios have taken their numbers. A bare number is a count only where a counted
noun follows or the words around compare it. The trap: every article has numbers that are nobody's count, and
naming one of those a claim is worse than leaving a strange one out.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from answerable.claims.numbers import NUMBER, Number, parse_number
from answerable.claims.statement import (
    Statement,
    find_change_before,
    make_statement,
    read_hedge,
)
from answerable.claims.words import CHANGE, EVENTS, SUMS, UNIT_NOUNS

_NOUNS = "|".join(sorted(UNIT_NOUNS, key=len, reverse=True))
_STOP = (
    "in of by were was is are to from and the which that at on for who had have has with against when "
    "where involving over during per "
    "since than but as compared last this a an each every up down between year years day days week month "
    "months hours minutes times "
    "into about after before while or across"
).split()
_NOUN_AFTER = re.compile(rf"\s+(?P<phrase>(?:(?!(?:{'|'.join(_STOP)})\b)[a-z'-]+\s+){{0,6}})(?P<head>{_NOUNS})\b(?!-)")
_NOUN_OF = re.compile(r"\s+(?:of|for)\s+(?P<of>[a-z-]+(?:\s+(?:and\s+)?[a-z-]+)?)")
_LINKS = "were was are is being of to in by the against have had a per each every on involving with".split()
_HARD_STOP = "|".join(word for word in _STOP if word not in _LINKS)
_PER = re.compile(
    rf"(?P<words>(?:\s+(?!(?:{_HARD_STOP})\b)[a-z'-]+){{0,9}}?)\s+(?:an?|per|each|every|a\s+single)\s+"
    r"(?P<unit>day|week|month|hour|minute)\b(?!-)|\s+(?P<adverb>daily|weekly|monthly|hourly)\b"
)
_PER_BEFORE = re.compile(
    r"\b(?P<unit>daily|weekly|monthly|hourly)\s+(?:average|rate|total|figure)\s+(?:of|was|is)\s*$|"
    r"\b(?:each|every)\s+(?P<each>day|week|month|hour),?(?:\s+(?!with|where|when|after|from|in|and)[a-z'-]+){0,7}\s*$"
)
_EVERY = re.compile(
    rf"\bevery\s+(?P<hedge>(?:[a-z]+\s+){{0,3}}?)(?:(?P<n>{NUMBER})[\s-]+|(?P<half>half(?:[\s-]an)?)[\s-]+|"
    rf"(?P<other>other)\s+)?(?P<unit>second|minute|hour|day|week)s?\b"
)
_ONE_BEFORE = re.compile(r"\b(?:one|an?|a\s+new|another)\b(?:\s+[a-z'-]+){0,12}\s*$")
_UNITS = {"daily": "day", "weekly": "week", "monthly": "month", "hourly": "hour"}
_BASE = re.compile(
    r"\b(?:from|compar(?:ed|ing|es)\s+(?:with|to)|comparison\s+(?:with|to)|against|versus|vs?\.?|up\s+on|"
    r"down\s+on|(?:rise|increase|jump|hike|fall|drop|decrease|surge|growth)\s+on|"
    r"than|more\s+than|over|above|below|(?:per\s?cent|%)\s+(?:on|over|above)|where\s+it\s+was|"
    r"when\s+(?:it\s+(?:was|stood\s+at)|there\s+(?:was|were)|(?:the\s+)?(?:figure|number|total)\s+(?:was|stood\s+at)|"
    r"(?:police|officers|they|it|the\s+force|forces)\s+(?:recorded|logged|had|saw))|instead\s+of|previously|originally|"
    r"as\s+(?:many|high|much|large|great|big)\s+as|double|treble|triple|quadruple|twice|times|on)\s+"
    r"(?:(?:the|just|only|a|an|total|figure|figures|number|of|some|those|its|all|what|was|were|previous|"
    r"last|year's|earlier|prior|recorded|logged|it|there|had|been|base|baseline|first|when)\s+)*$"
)
_TO = re.compile(
    r"\b(?:to|reach(?:ed|ing)?|hit(?:ting)?|stands?\s+at|stood\s+at|totall?(?:ed|ing)|total\s+(?:of|was|"
    r"is|to)|at)\s+(?:(?:a|an|the|just|only|record|high|new|total|of|peak|staggering)\s+)*$"
)
_WHOLE = re.compile(
    rf"(?:{NUMBER}|%|per\s?cent|half|thirds?|quarters?|fifths?|tenths?|most)\s*(?:\)\s*)?(?:of|out\s+of|"
    rf"in)\s+(?:(?:the|all|these|those|its|some|a|total|of|more|than|over|nearly|almost|about)\s+)*$"
)
_MADE_OF = re.compile(r"\b(?:crimes|offences|cases|total|figure|number)\s+of\s*$")
_ABS_BEFORE = re.compile(
    rf"(?<![\w-]){CHANGE}(?![\w])(?:\s+[a-z-]+){{0,3}}?\s+(?:of|by)\s+(?:(?:a|an|just|only|the|total|"
    rf"another|some)\s+)*$"
)
_ABS_AFTER = re.compile(
    r"\s+(?:(?:extra|additional|further)\b|(?:[a-z'-]+\s+){0,4}?(?:more|fewer|higher|lower|less|up|"
    r"down)\b)(?!\s+(?:likely|common|often|serious|recent))"
)
_EVENT_NOUN = re.compile(rf"\b(?:{'|'.join([*EVENTS, *SUMS])})\b")
_OF_THESE = re.compile(r"\b(?:of|among)\s+(?:these|those|them|which|the\s+total)\b")
_RECORD_VERB = re.compile(
    r"\b(?:record(?:ed|s|ing)|report(?:ed|s|ing)|log(?:ged|s)|saw|seen|sees|had|there\s+(?:were|are|"
    r"have\s+been)|regist(?:ered|ers)|total(?:led|ling)?|receiv(?:ed|es)|dealt\s+with|investigat(?:ed|"
    r"es)|with|makes|made|comes?\s+to|adds?\s+up\s+to|equals|"
    r"brings\s+the\s+total\s+to)\s+(?:a\s+total\s+of\s+|just\s+|only\s+|a\s+)*$"
)
_WERE = re.compile(
    r"\s+(?:of\s+(?:them|these|those|the\s+victims)\s+)?(?:were|was)\s+(?:just\s+|only\s+)?(?:aged|under|"
    r"younger|girls|boys|female|male|ten|eleven|children|\d)"
)
_JUST = re.compile(r"\b(?:only|just|was|a\s+single|recorded|had)\s*$")
_CROSS = re.compile(
    r"\s*(?:\(|,|\.|;|:|$|\)|-|–|in\s|by\s|last\s|the\s+(?:year|previous|following)|this\s|during\s|for\s|"
    r"since\s|between\s|compared|up\s|down\s|over\s|from\s|to\s|recorded|reported|logged|and\s|"
    r"seen\s|noted\s|[a-z]+ed\b|a\s+year\s+|(?:one|two|three|four|five|six|seven|\d{1,2})\s+years?\s|"
    r"(?:12|twelve)\s+months\s|against\s|across\s|were\s|had\s|of\s+(?:them|these|those|which|"
    r"the\s+(?:year|previous|12)|(?:19|20)\d\d)|involved\s|-\s|while\s|"
    r"but\s)"
)


def find_averages(text: str, numbers: Sequence[Number]) -> list[Statement]:
    """Averages per day, week, month or hour, and one every N minutes, hours or days."""
    found = []
    for every in _EVERY.finditer(text):
        if statement := _read_every(text, every):
            found.append(statement)
    used = 0
    for number in numbers:
        if number.unit or re.match(r"\s+(?:hours?|days?|times?|minutes?)\b", text[number.end :]):
            continue
        match, before = _PER.match(text, number.end), _PER_BEFORE.search(text[: _left(text, number)])
        if before and before["each"] and before.start("each") < used:
            before = None
        if match and not any(n.start < match.end() and n.start > number.start for n in numbers):
            unit = match["unit"] or _UNITS[match["adverb"]]
            used = match.end()
        elif before:
            unit = _UNITS[before["unit"]] if before["unit"] else before["each"]
        else:
            continue
        end = match.end() if match and len((match["words"] or "").split()) <= 4 else number.end
        statement = make_statement(number, text, "average", "rate", unit=unit, noun=_read_words(text, number.end))
        found.append(_widen(statement, end))
    return found


def _left(text: str, number: Number) -> int:
    return read_hedge(text, number.start, number.end)[1]


def _widen(statement: Statement, end: int) -> Statement:
    fields = {name: getattr(statement, name) for name in Statement.__slots__}
    return Statement(**{**fields, "end": max(statement.end, end)})


def _read_every(text: str, match: re.Match[str]) -> Statement | None:
    """One every N units as a Statement; None for plain "every day", which belongs to a number before it."""
    written = parse_number(match["n"]) if match["n"] else None
    if match["half"]:
        written = (Fraction(1, 2), Fraction(0))
    elif match["other"]:
        written = (Fraction(2), Fraction(1))
    one = _ONE_BEFORE.search(text[max(0, match.start() - 110) : match.start()])
    if written is None and (one is None or match["unit"] in {"day", "week"} or match["hedge"]):
        return None
    value, place = written or (Fraction(1), Fraction(1))
    number_at = match.start("n") if match["n"] else match.start("unit")
    hedge, _, _ = read_hedge(text, number_at, match.end())
    outer, start, _ = read_hedge(text, _start_of_one(text, match), match.end())
    coarse = Fraction(10) if place and value % 10 == 0 else place
    return Statement(
        type="average",
        start=start if outer else match.start(),
        end=match.end(),
        form="every",
        value=value,
        place=place,
        coarse=coarse,
        hedge=hedge or _turn(outer),
        unit=match["unit"],
        anchor=match.start(),
    )


def _start_of_one(text: str, match: re.Match[str]) -> int:
    start = match.start()
    one = re.search(r"\bone(?:\s+(?!in\b)[a-z'-]+){0,4}\s*$", text[:start])
    return one.start() if one else start


def _turn(hedge: str) -> str:
    """A hedge of a rate as a hedge of its interval: more than one an hour is less than an hour between."""
    pairs = {"more_than": "less_than", "just_over": "just_under", "nearly": "just_over", "at_least": "at_most"}
    turned = pairs | {value: key for key, value in pairs.items()}
    return turned.get(hedge, hedge)


_FORCES_BEFORE = re.compile(
    r"\b(?:from|by|across|only|just|figures|data|returned|total\s+of|in\s+all|among)\s*$|^\s*$|,\s*$|^\W+$"
)
_FORCES_AFTER = re.compile(
    r",?\s+(?:(?:that|which|who)\s+)?(?:had\s+)?(?:answer|respon|repl|provid|suppl|record|report|gave|"
    r"give|return|disclos|have\s+a\s+figure|"
    r"with\s+a\s+figure|took\s+part|sent|shared|released|show|reveal|in\b|logged|across)"
)


def find_forces(text: str, numbers: Sequence[Number], nouns: tuple[str, str]) -> list[Statement]:
    """Counts of authorities: "39 forces", "38 of the 43 police forces asked", "all but five forces"."""
    plural = "|".join(re.escape(noun) for noun in sorted({nouns[1].lower(), *nouns[1].lower().split()[-1:]}))
    after = re.compile(rf"\s+(?:[a-z'-]+\s+){{0,4}}?(?:{plural})\b")
    alone = re.compile(
        r"\s+(?:replied|responded|answered|did\s+so|provided\s+(?:data|figures)|"
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
        joined = pair.match(text, number.end)
        direct = after.match(text, number.end)
        if direct and re.search(
            r"\b(?:in|of|by|were|was|from|to|and|offences|crimes|cases|recorded|per)\b", direct[0].rsplit(maxsplit=1)[0]
        ):
            direct = None
        if joined and any(n.start == joined.start("n") for n in numbers[index + 1 : index + 2]):
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
        r"\b(?:asked|contacted|request(?:s|ed)?\s+(?:was|were|to)|sent|wrote|approached|surveyed)\b(?:\s+\S+){0,6}\s*$",
        before,
    ) or re.match(r"\s+(?:were\s+|was\s+)?(?:asked|contacted|approached)\b", after):
        return "asked"
    sure = _FORCES_BEFORE.search(before) or _FORCES_AFTER.match(after)
    return "answered" if sure else "some"


def find_counts(text: str, numbers: Sequence[Number], taken: Sequence[tuple[int, int]]) -> list[Statement]:
    """Changes in number and plain counts among the numbers that nothing else has taken."""
    found: list[Statement] = []
    free = [n for n in numbers if not n.unit and not any(left < n.end and n.start < right for left, right in taken)]
    has_event = _EVENT_NOUN.search(text) is not None or _OF_THESE.search(text) is not None
    for number in free:
        statement = _read_absolute(text, number) or _read_count(text, number, has_event, found)
        if statement:
            found.append(statement)
    return found


def _read_absolute(text: str, number: Number) -> Statement | None:
    """ "a rise of 13", "fell by 54", "13 more offences", "1,750 higher"; None when it is none of these."""
    start = _left(text, number)
    before = text[:start]
    noun, kind = read_noun(text, number.end)
    if _ABS_BEFORE.search(before):
        direction = find_change_before(text, start)[0]
        return make_statement(number, text, "change_abs", "number", direction=direction, noun=noun, noun_kind=kind)
    if _BASE.search(before) and not re.search(r"\b(?:than|over|above)\s*$", before):
        return None
    match = _ABS_AFTER.match(text, number.end)
    if match and not re.search(r"\b(?:in|of|by|to|from|and|were|was|recorded|last|compared|which)\b", match[0]):
        after = text[match.end() :]
        moved = re.search(r"(?:up|down)$", match[0])
        if moved or re.match(r"\s+(?:than\s+(?:half|a\s+third|\d+%))", after):
            return None
        direction = -1 if re.search(r"\b(?:fewer|lower|less)\b", match[0]) else 1
        return make_statement(number, text, "change_abs", "number", direction=direction, noun=noun, noun_kind=kind)
    up = re.search(r"(?<![\w-])(?P<word>up|down)\s*$", before)
    if up and re.match(r"\s+(?:on|from|compared)\b", text[number.end :]):
        return make_statement(number, text, "change_abs", "number", direction=1 if up["word"] == "up" else -1)
    return None


def _read_words(text: str, end: int) -> tuple[str, ...]:
    noun, _ = read_noun(text, end)
    return noun


def read_noun(text: str, end: int) -> tuple[tuple[str, ...], str]:
    """The words a number counts and their kind (event, people, suspects, other); empty where no known noun follows."""
    match = _NOUN_AFTER.match(text, end)
    if match is None:
        return (), ""
    of = _NOUN_OF.match(text, match.end())
    return (*match["phrase"].split(), match["head"], *(of["of"].split() if of else ())), UNIT_NOUNS[match["head"]]


def _read_count(text: str, number: Number, has_event: bool, earlier: Sequence[Statement]) -> Statement | None:
    start = _left(text, number)
    before = text[:start]
    noun, kind = read_noun(text, number.end)
    role = _judge_role(before, text[number.end :])
    bare_one = number.word and number.value <= 1
    if not noun and (bare_one or not _is_count(text, number, before, role, has_event, bool(earlier))):
        return None
    if noun and bare_one and not (kind == "event" and _JUST.search(before)):
        return None
    hedge = read_hedge(text, number.start, number.end)[0]
    return make_statement(
        number,
        text,
        "threshold" if hedge not in {"", "exactly"} else "total",
        "number",
        role=role,
        noun=noun,
        noun_kind=kind,
    )


def _is_count(text: str, number: Number, before: str, role: str, has_event: bool, listed: bool) -> bool:
    """Whether a number that no counted noun follows is a count all the same, by what stands around it."""
    if not (_CROSS.match(text, number.end) or role == "part"):
        return False
    recorded = _RECORD_VERB.search(before) is not None
    compared = role in {"base", "now", "whole", "part"} or recorded
    dated = listed and re.match(r"\s+in\s+(?:19|20)\d\d", text[number.end :]) is not None
    if number.word and number.value <= 12:
        closed = recorded and re.match(r"\s*(?:[.;]|$)", text[number.end :]) is not None
        return closed or dated or (compared and (has_event or find_change_before(text, len(text))[1] >= 0))
    opened = before.rstrip().endswith(("(", ":")) and not number.word
    return compared or listed or opened or (has_event and not number.word) or _WERE.match(text, number.end) is not None


def _judge_role(before: str, after: str) -> str:
    """now, base, part, whole or "" by the words just before and after a count."""
    if re.match(r"\W*(?:out\s+)?of\s+(?:(?:the|all|some|a|total|of)\s+)*$", before):
        return "whole"
    if _WHOLE.search(before) and not _MADE_OF.search(before) and not re.search(r"\btotal\s+of\s*$", before):
        return "whole"
    base = _BASE.search(before)
    if base:
        plain_on = re.match(r"on\s", base[0]) and not re.search(
            rf"(?:%|per\s?cent|{CHANGE})[^.;]*$", before[: base.start()]
        )
        plain_over = re.match(r"(?:over|above|below|more\s+than|than)\s*$", base[0].strip() + " ") and not re.search(
            r"\b(?:more|fewer|higher|lower|less)\s+$", before[: base.start()] + " "
        )
        if not plain_on and not (plain_over and "than" not in base[0]):
            return "base"
    if re.search(
        rf"\bfrom\s+[^.;]{{0,60}}?{NUMBER}[^.;]{{0,60}}?\bto\s+(?:(?:a|just|only|the|more|record|high|of)\s+)*$", before
    ):
        return "now"
    if _TO.search(before) and find_change_before(before, len(before))[1] >= 0:
        return "now"
    if re.match(r"\s*(?:[a-z-]+\s+){0,3}?(?:of|out\s+of)\s+(?:(?:the|all|these|those|its)\s+)*" + NUMBER, after):
        return "part"
    return ""
