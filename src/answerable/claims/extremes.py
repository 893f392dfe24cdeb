"""Most common, youngest, oldest, highest, record: superlatives in a sentence -> Statements.

Part of the grammar; most of these carry no digit. What is ranked (a count or a change) and among whom is
left to binding. The trap: "most recent", "at the latest" and "record" the verb are not superlatives of a figure.
"""

import re
from fractions import Fraction

from answerable.claims.numbers import NUMBER, parse_number
from answerable.claims.statement import Statement

_AGE = rf"(?P<n>{NUMBER})"
_LITTLE = (
    r"(?:just|only|aged|age|a|an|the|at|was|were|is|being|years?|as\s+young\s+as|as\s+old\s+as|"
    r"among\s+those|those|children|girls|boys|victims|of)"
)
_MODE = (
    re.compile(
        r"\bmost\s+(?:common|frequent|frequently\s+\w+|commonly\s+\w+|often\s+\w+|usual|targeted|"
r"likely)\s+(?:single\s+)?"
        r"(?:age|year\s+of\s+age)\b(?:[\s:-]+(?!(?:was|is|were|being)\b)[a-z'-]+){0,9}?[\s:,-]+(?:was|is|"
r"were|being)?\s*"
        rf"(?:{_LITTLE}\s+)*{_AGE}"
    ),
    re.compile(rf"{_AGE}(?:[-\s]years?[-\s]olds?|\s+years?\s+old)?\s+(?:(?:was|is|being|were|are|remained|"
rf"as|became)\s+)?(?:still\s+)?the\s+(?:single\s+)?(?:most\s+(?:common|frequent|"
rf"frequently\s+\w+|commonly\s+\w+|often\s+\w+|targeted|likely)|commonest|peak)\b"),
    re.compile(rf"{_AGE}[-\s]years?[-\s]olds?\s+(?:were|are|was)\s+(?:the\s+)?(?:most\s+(?:common|often|"
rf"commonly|frequently|likely|targeted)|(?:largest|biggest)\s+(?:group|number)|"
rf"hardest\s+hit)"),
    re.compile(rf"\bmost\s+(?:commonly|often|frequently|usually)\s+(?:{_LITTLE}\s+)*(?:aged?|age)\s+(?:{_LITTLE}\s+)*{_AGE}"),
    re.compile(rf"\b(?:aged?|age)\s+{_AGE}\s+(?:were|was|are|is)\s+(?:[a-z]+\s+){{0,3}}?most\s+(?:commonly|often|frequently)\b"),
    re.compile(rf"\b(?:commonest|peak|modal|typical)\s+age\b(?:\s+[a-z]+){{0,5}}?\s+(?:{_LITTLE}\s+)*{_AGE}"),
    re.compile(rf"\bmost\s+(?:of\s+the\s+)?(?:victims?|children|targets|"
rf"offences)\s+(?:[a-z]+\s+){{0,3}}?(?:were|was)\s+(?:{_LITTLE}\s+)*{_AGE}(?!\s*(?:%|per|to|"
rf"-|and|or))"),
)  # fmt: skip
_LOWEST = (
    re.compile(
        rf"\byoungest\b(?:[\s-](?:(?!oldest)[a-z'-]+)){{0,12}}?[\s:,(]+(?:{_LITTLE}\s+)*{_AGE}\b(?!\s*(?:%|"
        rf"per\s?cent|offences|crimes))"
    ),
    re.compile(rf"\b(?:as\s+young\s+as|as\s+little\s+as)\s+(?:just\s+|only\s+|being\s+)?(?:aged?\s+)?{_AGE}\b"),
    re.compile(
        rf"{_AGE}(?:[-\s]years?[-\s]olds?|\s+years?\s+old)?,?\s+(?:was|is|were|being|"
        rf"as)?\s*(?:among\s+)?the\s+youngest\b"
    ),
)
_HIGHEST = (
    re.compile(
        rf"\boldest\b(?:[\s-](?:(?!youngest)[a-z'-]+)){{0,10}}?[\s:,(]+(?:{_LITTLE}\s+)*{_AGE}\b(?!\s*(?:%|per\s?cent))"
    ),
    re.compile(rf"\bas\s+old\s+as\s+(?:aged?\s+)?{_AGE}\b"),
)
_ORDER = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "joint": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
_RANK = re.compile(
    r"\b(?P<order>second|third|fourth|fifth|joint|2nd|3rd|4th|5th)?[\s-]*\b(?P<word>highest|largest|"
    r"biggest|greatest|most|lowest|fewest|smallest|worst|steepest|sharpest|fastest)\s+"
    r"(?:(?:single|annual|overall|recorded|total|percentage|per\s?cent|proportional|such|of\s+these|regional)\s+)*"
    r"(?P<what>numbers?|totals?|figures?|counts?|tally|offences|crimes|cases|incidents|reports|referrals|complaints|risers?|climbers?|fallers?|rise|"
    r"increase|jump|surge|growth|hike|leap|fall|drop|decrease|decline|reduction|change)\b"
)
_COUNTED = frozenset({"offences", "crimes", "cases", "incidents", "reports", "referrals", "complaints"})
_RISES = frozenset("rise increase jump surge growth hike leap change riser climber".split())
_FALLS = frozenset("fall drop decrease decline reduction faller".split())
_RANK_OF = re.compile(
    r"\bmore\s+(?:(?:[a-z-]+\s+){0,3}?(?:offences|crimes|cases|"
    r"of\s+these\s+crimes)\s+)?than\s+any\s+other\b|\bany\s+other\s+(?:police\s+)?(?:force|county|region|"
    r"area)\b"
)
_BARE_MOST = re.compile(
    r"\b(?:recorded|had|has|saw|logged|reported|registered|with)\s+(?:by\s+far\s+)?(?:the\s+)(?P<word>most|fewest)\b(?=\s*(?:[,.;:(–—]|$|in\b|of\s+(?:any|all)\b))"
)
_RECORD = re.compile(
    r"\b(?:its|their)\s+highest\b(?:\s+(?:level|number|total|figure)\b)?|"
    r"\b(?:is|are|was|were|be|set(?:ting)?)\s+a\s+(?:new\s+)?record\b(?!\s+(?:of|that|kept|holder))|"
    r"\brecord[\s-](?:highs?|numbers?|levels?|totals?|figures?|breaking|rates?)\b|\ball-time\s+high\b|"
    r"\bhighest\s+(?:ever|on\s+record|(?:number|total|figure|level|count)\s+(?:ever|on\s+record|"
    r"since\s+records))\b"
    r"|\bhighest\s+(?:[a-z]+\s+){0,2}since\s+records\s+began\b|\ba\s+(?:new\s+)?record\s+(?=\d)|"
    r"\b(?:highest|most)\s+(?:number\s+|level\s+|total\s+|"
    r"figure\s+)?(?:[a-z]+\s+){0,4}?since\b(?!\s+records)"
)


_CUE = re.compile(
    r"most|young|old|high|larg|big|great|lowe|few|small|worst|steep|sharp|fast|record|common|peak|modal|typical|any\s+other"
)
_RANGE_BEFORE = re.compile(r"\d\s*(?:to|and|or|-|–)\s*$")
_OF_ANY = re.compile(
    r"\b(?:the\s+)?(?P<word>most|highest|largest|biggest|worst|fewest|lowest|smallest)(?:\s+recorded)?(?:\s+(?:offences|crimes|cases))?\s+"
    r"(?:of|for|among|by|recorded\s+by)\s+(?:any\b|all\s+(?:the\s+)?(?:[a-z-]+\s+)?(?:forces|police|councils|counties)|"
    r"the\s+(?:[a-z-]+\s+)?(?:forces|councils|authorities)\b)"
)


def find_extremes(text: str) -> list[Statement]:
    """Mode, minimum, maximum, rank and record statements of a plain small-letter sentence."""
    found: list[Statement] = []
    if not _CUE.search(text):
        return found
    for type_, patterns in (("minimum", _LOWEST), ("maximum", _HIGHEST), ("mode", _MODE)):
        for pattern in patterns:
            for match in pattern.finditer(text):
                _add_age(found, type_, match)
    found += [_make(match.start(), match.end(), "record") for match in _RECORD.finditer(text)]
    for match in _RANK.finditer(text):
        if match["word"] == "most" and match["what"] not in _COUNTED:
            continue
        if any(s.start < match.end() and match.start() < s.end for s in found):
            continue
        found.append(_make_rank(match))
    for match in _OF_ANY.finditer(text):
        low = match["word"] in {"fewest", "lowest", "smallest"}
        if not any(s.start < match.end() and match.start() < s.end for s in found):
            subject = f"{'lowest' if low else 'highest'}:total"
            found.append(_make(match.start("word"), match.end("word"), subject, Fraction(1)))
    for match in _BARE_MOST.finditer(text):
        subject = "highest:total" if match["word"] == "most" else "lowest:total"
        if not any(s.start < match.end() and match.start("word") < s.end for s in found):
            found.append(_make(match.start("word"), match.end("word"), subject, Fraction(1)))
    found += [_make(match.start(), match.end(), "highest:total", Fraction(1)) for match in _RANK_OF.finditer(text)]
    return found


_ADVICE = re.compile(
    r"\b(?:talk|speak|teach|read|explain|advice|lessons?|aimed|suitable|recommended|open|available|designed|apps?|games?)\w*\s+"
    r"(?:[a-z]+\s+){0,3}$"
)
"""Before an age that somebody is to be spoken to at, not one of a victim: "talk to children as young as six"."""


def _add_age(found: list[Statement], type_: str, match: re.Match[str]) -> None:
    parsed = parse_number(match["n"])
    if parsed is None or not 0 <= parsed[0] <= 100:
        return
    start, end = match.span("n")
    if match[0].startswith("as ") and _ADVICE.search(match.string, 0, match.start()):
        return
    if type_ == "mode" and _RANGE_BEFORE.search(match.string, 0, start):
        return
    if any(s.start <= start < s.end for s in found):
        return
    found.append(
        Statement(
            type=type_, start=start, end=end, form="number", value=parsed[0], place=parsed[1], anchor=match.start()
        )
    )


def _make(start: int, end: int, subject: str, value: Fraction = Fraction(0)) -> Statement:
    return Statement(type="rank", start=start, end=end, form="word", value=value, subject=subject, anchor=start)


def _make_rank(match: re.Match[str]) -> Statement:
    """A rank with its order (1 for the highest) and what is ranked: total, rise or fall."""
    what = match["what"]
    low = match["word"] in {"lowest", "fewest", "smallest"}
    metric = "total"
    if what in {
        "rise",
        "increase",
        "jump",
        "surge",
        "growth",
        "hike",
        "leap",
        "change",
        "riser",
        "risers",
        "climber",
        "climbers",
    }:
        metric = "rise"
    elif what in {"fall", "drop", "decrease", "decline", "reduction", "faller", "fallers"}:
        metric = "fall"
    order = Fraction(_ORDER.get(match["order"] or "", 1))
    start = match.start("order") if match["order"] else match.start("word")
    return _make(start, match.end(), f"{'lowest' if low else 'highest'}:{metric}", order)
