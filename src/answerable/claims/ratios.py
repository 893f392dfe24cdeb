"""Percentages, fractions, multiples and one-in-N in a sentence -> Statements.

Part of the grammar. A percentage is a change, a share or percentage points by the words beside it. The trap:
"44% of", "rose to 44%" and "rose 44%" differ by one small word, and "a third" is a rank as often as a share.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from answerable.claims.numbers import NUMBER, Number, parse_number
from answerable.claims.statement import (
    Statement,
    find_change_after,
    find_change_before,
    make_statement,
    read_hedge,
)
from answerable.claims.words import CHANGE, MULTIPLES, UNIT_NOUNS

_SHARE_AFTER = re.compile(
    r"\s*\)?\s*(?:of\s+(?!last\s+year|the\s+previous)|(?:were|was|are|had|have|involved|involve|took|"
    r"concerned|came|said|happened|related|"
    r"victims|had\s+been)\b|in\s+which\b|where\b|that\s+(?:were|had)\b)"
)
_SHARE_BEFORE = re.compile(
    r"\b(?:account(?:s|ed|ing)?\s+for|made\s+up|mak(?:e|es|ing)\s+up|represent(?:s|ed|ing)?|compris(?:e|"
    r"es|ed|ing)|constitut(?:e|ed|es)|"
    r"equivalent\s+to|proportion\s+(?:of|was)|share\s+(?:of|was)|used\s+in|in)\s+(?:[a-z]+\s+){0,2}$"
)
_COUNTED = re.compile(rf"\b(?:{'|'.join(UNIT_NOUNS)}|share|proportion|percentage|rate|figures?|totals?)\b")
_CHANGE_BEFORE = re.compile(rf"(?<![\w-])(?P<word>{CHANGE})(?![\w])(?P<gap>[^.;:()0-9]*?)$")
_WHOLE_AFTER = re.compile(
    rf"\s*\)?\s*(?:of|out\s+of)\s+(?:the\s+|all\s+|these\s+|those\s+|its\s+|some\s+|a\s+total\s+of\s+)*(?P<n>{NUMBER})"
)
_MOVES = r"(?:rise|increase|jump|surge|hike|growth|leap|fall|drop|decrease|decline|reduction)"
_NOUN_BEFORE = re.compile(rf"\b{_MOVES}s?\b(?:\s+[a-z]+){{0,4}}\s*,?\s*$")
_NOUN_AFTER = re.compile(rf"\s*,\s*(?:[a-z'-]+\s+){{0,5}}?{_MOVES}\b")
_ALONGSIDE = re.compile(
    r"\s*(?:[.,;)]|$|(?:in|for|at|across|over|nationally|nationwide|elsewhere|overall|locally|regionally|and|respectively)\b)"
)
"""After a percentage of a list that says again what the one before it says: "23% in Kent and 11% nationally"."""
_TO_COUNT = re.compile(rf"\s*,?\s+to\s+(?:just\s+|only\s+)?{NUMBER}(?!\s?%|\s?per\s?cent|\w)")
"""After a percentage, the count that it led to: "rose 62% to 167"."""
_OF_OTHER = re.compile(
    r"\s+(?:(?:that|those)\s+(?:of|in|for)|the\s+(?:number|figure|total)\s+(?:of|in|for)|as\s+(?:many|much|high)\s+as(?:\s+in)?)\s+(?!the\b|last\b|\d)"
)
"""After a fraction of another place's count: "half that of Essex", "a third as many as in Kent"."""
_STEMS = "|".join(MULTIPLES)
_VERB = re.compile(
    rf"\b(?P<stem>{_STEMS})(?P<tail>ed|ing|es|e)\b(?!\s*-?\s*(?:decker|murder|yellow|standards?|check\w*|"
    rf"count\w*|bed\w*|glaz\w*|act|edged|"
    r"fault|down|digits?|agents?|lives|life|room|win|whammy|figures|doors?|helix|jeopardy|vision|a-side|"
    r"bass|bill|cream|take|blow|shift|wammy|jump))"
)
_BARE_BEFORE = re.compile(
    r"\b(?:to|has|have|had|is|was|were|by|at|be|than|over|nearly|almost|about|around|just|least|roughly|being)\s+$"
)
_BARE_AFTER = re.compile(r"\s+(?:the|that|what|in|since|last|its|on|those|this|over|within|from|between|compared|as)\b")
_HALVED = re.compile(r"\b(?:halved|halving)\b")
_TIMES = re.compile(
    rf"\b(?P<n>{NUMBER})(?P<half>\s+and\s+a\s+half|½)?(?:\s+times\b|[- ]?fold\b)|"
    r"\b(?P<twice>twice)\b|\b(?P<thrice>three-times)\b"
)
_TIMES_AFTER = re.compile(
    r"\s+(?:as\s+(?:many|much|high|large|great|big)|(?:that|those|what|the|its|last|their)\b|[a-z-]+'s\b|higher|more|"
    r"greater|bigger|larger|over|since|in\s+(?:just\s+)?(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\s+years?|compared)"
)
_RISE_OF = re.compile(
    r"\s+(?:as\s+(?:much|great|high|big|large|fast|steep)\s+as\s+)?(?:that\s+of\s+|"
    r"higher\s+than\s+)?(?:the\s+|of\s+the\s+)?(?:[a-z'-]+\s+){0,5}?(?P<word>rise|increase|rate|growth|"
    r"jump|hike|surge|change|percentage|average\s+(?:rise|increase))\b"
)
_RATE = re.compile(
    r"\b(?:national|average|england|wales|uk|country|country's|regional|overall|british|nationwide|across)\b"
)
_IN = re.compile(
    rf"(?<![\w,.-])(?P<a>{NUMBER})\s+(?:in|out\s+of)\s+(?:every\s+)?(?P<b>{NUMBER})\b(?!\s*(?:%|per\s?cent|"
    rf"months|years|days|weeks|hours|minutes|police|forces)|,\d|\.\d|/\d|-)"
)


def find_ratios(text: str, numbers: Sequence[Number], masked: Sequence[tuple[int, int, str]]) -> list[Statement]:
    """Statements of change in percent, percentage points, shares, one in N and multiples, in no set order."""
    found = _find_one_in(text, masked)
    found += _find_multiples(text, masked)
    taken = [(statement.start, statement.end) for statement in found]
    for index, number in enumerate(numbers):
        if any(left < number.end and number.start < right for left, right in taken):
            continue
        if number.unit in {"percent", "points"}:
            ratio = _read_percent(text, numbers, index)
            if ratio.type != "share" or _is_share(text, number):
                found.append(ratio)
        elif number.unit == "fraction" and (statement := _read_fraction(text, numbers, index)):
            found.append(statement)
    return found


def _read_percent(text: str, numbers: Sequence[Number], index: int) -> Statement:
    number = numbers[index]
    type_, direction = _judge_ratio(text, numbers, index)
    if number.unit == "points" or re.match(r"\s+percentage\s+points?\b", text[number.end :]):
        return make_statement(number, text, "percentage_points", "points", direction=direction or 1)
    return make_statement(number, text, type_, "percent", direction=direction, subject=_find_subject(text, number.end))


def _is_share(text: str, number: Number) -> bool:
    """Whether a percentage that is no change is one of something: not a battery "at 2%", not a rate of interest."""
    start = read_hedge(text, number.start, number.end)[1]
    if not re.search(r"\b(?:at|was|is|to)\s*$", text[:start]):
        return True
    return _SHARE_AFTER.match(text, number.end) is not None or _COUNTED.search(text) is not None


def _read_fraction(text: str, numbers: Sequence[Number], index: int) -> Statement | None:
    """A fraction word, only where the words beside it make it a share or a change."""
    number = numbers[index]
    after = text[number.end : number.end + 40]
    if re.match(
        (
            r"-|\s+(?:a\s+)?(?:dozen|hour|year|day|minute|term|time|past|million|century|mile|decade|month|"
            r"week|pint|price)"
        ),
        after,
    ):
        return None
    if _OF_OTHER.match(after):
        return make_statement(number, text, "multiple", "fraction")
    by = re.search(r"\bby\s*$", text[: read_hedge(text, number.start, number.end)[1]])
    share = re.match(r"\s+(?:of|the)\b|\s+(?:were|was|are|had|involved|took|said)\b|\s*\)", after)
    same = re.search(
        r"(?:\bor|\bthat\s+is|,|\(|equal\s+to|equivalent\s+to)\s*$",
        text[: read_hedge(text, number.start, number.end)[1]],
    )
    again = re.match(r"\s+as\s+(?:many|much|high|large)\s+again\b", after)
    if not (by or share or same or again or find_change_after(text, number.end) or _is_up_to(text, number)):
        return None
    if again:
        return make_statement(number, text, "change_pct", "fraction", direction=1)
    type_, direction = ("change_pct", 0) if by else _judge_ratio(text, numbers, index)
    if by:
        direction = find_change_before(text, number.start)[0]
    return make_statement(number, text, type_, "fraction", direction=direction, subject=_find_subject(text, number.end))


def _is_up_to(text: str, number: Number) -> bool:
    start = read_hedge(text, number.start, number.end)[1]
    return (
        re.search(r"\b(?:up|down|risen|rose|fell|fallen|grown|increased|dropped|jumped|of)\s*$", text[:start])
        is not None
    )


def _find_subject(text: str, end: int) -> str:
    """The number that a share is a share of: "44% of 120" gives "120"."""
    match = _WHOLE_AFTER.match(text, end)
    return match["n"] if match else ""


def _judge_ratio(text: str, numbers: Sequence[Number], index: int) -> tuple[str, int]:
    """Whether a percentage or fraction is a change or a share, and the change's direction."""
    number = numbers[index]
    start = read_hedge(text, number.start, number.end)[1]
    before, after = text[:start], text[number.end :]
    if signed := re.search(r"(?:^|[\s(])(\+\s?|[−–-])$", before):
        return "change_pct", 1 if signed[1][0] == "+" else -1
    if direction := find_change_after(text, number.end):
        return "change_pct", direction
    if side := re.match(r"\s+(above|below|over|under)\s+(?:the\s+|its\s+|what\s+|that\s+)", after):
        return "change_pct", 1 if side[1] in {"above", "over"} else -1
    floor = max((n.end for n in numbers[:index]), default=0)
    if re.search(r"\bfrom\s*$", before) and re.match(rf"\s+(?:[a-z0-9/]+\s+){{0,4}}to\s+{NUMBER}\s?(?:%|per)", after):
        return "share", 0
    if index and (same := _continue_previous(text, numbers, index)):
        return same
    near = _CHANGE_BEFORE.search(before.rstrip("( "), floor)
    to = re.search(r"\b(?:to|at)\s*(?:just\s+)?$", before)
    if to and to[0].startswith("at") and (moved := _read_at(before[: to.start()], after)):
        return "change_pct", moved
    if (
        near
        and not to
        and len(near["gap"].split()) <= 8
        and not re.search(r"\b(?:while|but|with|where|of\s+which)\b", near["gap"])
        and not (_SHARE_AFTER.match(after) and len(near["gap"].split()) > 3)
    ):
        return "change_pct", find_change_before(text, start)[0]
    return _judge_by_sentence(text, number, start)


def _read_at(before: str, after: str) -> int:
    """The direction of "the largest rise, at 473%" and "at 164%, the rise in Cleveland"; 0 where it is no change."""
    if _NOUN_BEFORE.search(before):
        return find_change_before(before, len(before))[0]
    follows = _NOUN_AFTER.match(after)
    return find_change_before(follows[0], len(follows[0]))[0] if follows else 0


def _judge_by_sentence(text: str, number: Number, start: int) -> tuple[str, int]:
    """As `_judge_ratio`, by words that stand further off."""
    before, after = text[:start], text[number.end :]
    to = re.search(r"\b(?:to|at)\s*(?:just\s+)?$", before)
    if _TO_COUNT.match(after) and (moved := find_change_before(text, start))[1] >= 0:
        return "change_pct", moved[0]
    if _SHARE_AFTER.match(after) or (_SHARE_BEFORE.search(before) and not re.search(r"\bby\s*$", before)):
        return "share", 0
    if re.search(r"\bby\s*$", before) or re.match(
        (
            r"\s+(?:on|since|in\s+(?:just\s+|only\s+)?(?:a|one|two|three|four|five|six|\d+)\s+years?|over|"
            r"from|compared|up|down)\b"
        ),
        after,
    ):
        return "change_pct", find_change_before(text, start)[0]
    direction, at = find_change_before(text, start)
    if before.rstrip().endswith("(") and re.search(
        rf"{NUMBER}\s+(?:of|out\s+of)\s+(?:[a-z]+\s+){{0,2}}{NUMBER}[^()]*\($", before.rstrip()
    ):
        return "share", 0
    if at >= 0 and not to:
        return "change_pct", direction
    later = re.search(rf"(?<![\w-]){CHANGE}(?![\w])", after)
    if later and not to:
        return "change_pct", find_change_before(text, len(text), number.end)[0]
    return "share", 0


def _continue_previous(text: str, numbers: Sequence[Number], index: int) -> tuple[str, int] | None:
    """The type of the ratio just before when this one only says it again: "more than a third (44 per cent)"."""
    previous, number = numbers[index - 1], numbers[index]
    start = read_hedge(text, number.start, number.end)[1]
    if previous.unit in {"percent", "fraction"} and re.fullmatch(
        r"\s*(?:\(|-|–|,|,? or)\s*", text[previous.end : start]
    ):
        return _judge_ratio(text, numbers, index - 1)
    between = text[previous.end : start]
    listed = previous.unit == number.unit == "percent" and len(between) < 80
    if listed and re.search(r"(?:,|\band|\()\s*$", between) and not re.search(rf"(?<![\w-]){CHANGE}(?![\w])", between):
        type_, direction = _judge_ratio(text, numbers, index - 1)
        bracketed = between.startswith(")") and between.endswith("(")
        after = text[number.end :]
        goes_on = type_ == "share" or (_ALONGSIDE.match(after) and not _SHARE_AFTER.match(after))
        if bracketed or (goes_on and not between.endswith("(")):
            return type_, direction
    return None


def _find_one_in(text: str, masked: Sequence[tuple[int, int, str]]) -> list[Statement]:
    found = []
    for match in _IN.finditer(text):
        first, second = parse_number(match["a"]), parse_number(match["b"])
        if first is None or second is None or not 0 < first[0] < second[0] or _is_masked(match.span("b"), masked):
            continue
        plain = "out of" not in match[0]
        if plain and (second[0] > 1000 or (first[0] > 1 and second[0] not in (3, 4, 5, 6, 7, 8, 9, 10, 20, 100, 1000))):
            continue
        if not plain and second[0] > 20 and second[0] not in (100, 1000):
            continue
        hedge, start, end = read_hedge(text, match.start(), match.end())
        found.append(
            Statement(
                type="share",
                start=start,
                end=end,
                form="one_in",
                value=first[0] / second[0],
                place=first[0],
                coarse=second[0],
                hedge=hedge,
                anchor=match.start(),
                subject=_find_subject(text, end),
            )
        )
    return found


def _is_masked(span: tuple[int, int], masked: Sequence[tuple[int, int, str]]) -> bool:
    return any(left < span[1] and span[0] < right for left, right, _ in masked)


def _find_multiples(text: str, masked: Sequence[tuple[int, int, str]]) -> list[Statement]:
    found = []
    for match in _VERB.finditer(text):
        bare = match["tail"] in {"e", "es"}
        if bare and not (_BARE_BEFORE.search(text[: match.start()]) or _BARE_AFTER.match(text, match.end())):
            continue
        found.append(_make_multiple(text, match.span(), Fraction(MULTIPLES[match["stem"]]), "verb"))
    for match in _HALVED.finditer(text):
        found.append(_make_multiple(text, match.span(), Fraction(1, 2), "verb", direction=-1))
    for match in _TIMES.finditer(text):
        if _is_masked(match.span(), [m for m in masked if m[2] not in {"reference"}]):
            continue
        fold = "fold" in match[0]
        before = text[max(0, match.start() - 40) : match.start()]
        if not (
            fold
            or _TIMES_AFTER.match(text, match.end())
            or re.search(rf"\b(?:{CHANGE})\s+(?:by\s+)?(?:\w+\s+){{0,2}}$", before)
        ):
            continue
        value = parse_number(match["n"]) if match["n"] else (Fraction(2), Fraction(1))
        if value and match["half"]:
            value = value[0] + value[1] / 2, value[1] / 2
        if value and 1 < value[0] < 1000:
            found.append(_make_multiple(text, match.span(), value[0], "times", place=value[1]))
    return found


def _make_multiple(
    text: str, span: tuple[int, int], value: Fraction, form: str, *, direction: int = 1, place: Fraction = Fraction(1)
) -> Statement:
    hedge, start, end = read_hedge(text, *span)
    match = _RISE_OF.match(text, end)
    comparing = value >= 1 and match is not None and _RATE.search(text, end) is not None
    return Statement(
        type="comparison" if comparing else "multiple",
        start=start,
        end=end,
        form=form,
        value=value,
        place=place,
        coarse=place,
        hedge=hedge,
        direction=direction,
        anchor=span[0],
    )
