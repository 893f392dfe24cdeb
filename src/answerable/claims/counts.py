"""Counts and changes in number in a sentence -> Statements.

Part of the grammar, after the ratios have taken their numbers. A bare number is a count only where a counted
noun follows or the words around compare it. The trap: every article has numbers that are nobody's count, and
naming one of those a claim is worse than leaving a strange one out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answerable.claims.nouns import read_noun
from answerable.claims.numbers import NUMBER, Number
from answerable.claims.statement import Statement, find_change_before, make_statement, read_hedge
from answerable.claims.words import CHANGE, EVENTS, MULTIPLES, SUMS

_BASE = re.compile(
    r"\b(?:from|compar(?:ed|ing|es)\s+(?:with|to)|comparison\s+(?:with|to)|against|versus|vs?\.?|up\s+on|"
    r"down\s+on|(?:rise|increase|jump|hike|fall|drop|decrease|surge|growth)\s+on|"
    r"than|more\s+than|over|above|below|(?:per\s?cent|%)\s+(?:on|over|above)|where\s+it\s+was|"
    r"when\s+(?:it\s+(?:was|stood\s+at)|there\s+(?:was|were)|(?:the\s+)?(?:figure|number|total)\s+(?:was|stood\s+at)|"
    r"(?:police|officers|they|it|the\s+force|forces)\s+(?:recorded|logged|had|saw))|instead\s+of|previously|originally|"
    r"(?:begun|began|started|starting)\s+(?:out\s+)?(?:at|from|on|with)|as\s+(?:many|high|much|large|great|big)\s+as|double|treble|triple|quadruple|twice|times|on)\s+"
    r"(?:(?:the|just|only|a|an|total|figure|figures|number|of|some|those|its|all|what|was|were|previous|"
    r"[a-z-]+'s|last|year's|earlier|prior|recorded|logged|it|there|had|been|base|baseline|first|when)\s+)*$"
)
_TO = re.compile(
    r"\b(?:to|reach(?:ed|ing)?|hit(?:ting)?|stands?\s+at|stood\s+at|totall?(?:ed|ing)|total\s+(?:of|was|"
    r"is|to)|at)\s+(?:(?:a|an|the|just|only|record|high|new|total|of|peak|staggering)\s+)*$"
)
_WHOLE = re.compile(
    rf"(?:{NUMBER}|%|per\s?cent|half|thirds?|quarters?|fifths?|tenths?|most)\s*(?:\)\s*)?(?:of|out\s+of|"
    rf"in)\s+(?:(?:the|all|these|those|its|some|a|total|of|more|than|over|nearly|almost|about)\s+)*$"
)
_HALF_THE = re.compile(
    r"\b(?:half|thirds?|quarters?|fifths?)\s+the\s+(?:figure\s+of\s+|total\s+of\s+|number\s+of\s+)?$"
)
_MADE_OF = re.compile(r"\b(?:crimes|offences|cases|total|figure|number)\s+of\s*$")
_ABS_BEFORE = re.compile(
    rf"(?<![\w-])(?:{CHANGE}|change|difference|gap|swing)(?![\w])(?:\s+[a-z-]+){{0,3}}?\s+(?:of|by)\s+(?:(?:a|an|just|only|the|total|"
    rf"another|some)\s+)*$|"
    r"\b(?:the|an?|that)\s+(?:[a-z]+\s+)?(?:increase|rise|jump|fall|drop|decrease|reduction|difference|gap)\s*"
    r"(?:,|:|is|was|being|came\s+to|amounts?\s+to)\s*$"
)
_ABS_AFTER = re.compile(
    r"\s+(?:(?:extra|additional|further)\b|(?:[a-z][a-z'-]*\s+){0,4}?(?:more|fewer|higher|lower|less|up|"
    r"down)\b)(?!\s+(?:likely|common|often|serious|recent))"
)
_EVENT_NOUN = re.compile(rf"\b(?:{'|'.join([*EVENTS, *SUMS])})\b")
_OF_THESE = re.compile(r"\b(?:of|among)\s+(?:these|those|them|which|the\s+total)\b")
_RECORD_VERB = re.compile(
    r"\b(?:record(?:ed|s|ing)?|report(?:ed|s|ing)?|log(?:ged|s|ging)?|saw|seen|sees|had|note[ds]?|count(?:ed|s)?|"
    r"there\s+(?:were|are|was|have\s+been|had\s+been)|regist(?:er|ered|ers)|total(?:led|ling|s)?|receiv(?:ed|es|e)|"
    r"(?:deal|dealt|deals)\s+with|handl(?:e|ed|es)|investigat(?:e|ed|es)|flag(?:ged|s)?|identif(?:y|ied|ies)|took|"
    r"list(?:ed|s)?|found|with|makes|made|(?:came|comes?|ran|runs?|amount(?:ed|s)?|add(?:s|ed)?\s+up)\s+to|equals|"
    r"(?:put|puts)\s+(?:[a-z0-9/,'-]+\s+){1,6}?at|(?:tally|total|figure|number|count|caseload)\s+of|"
    r"(?:stood|stands?|standing|remain(?:ed|s)?|look(?:ed|ing)?|peak(?:ed|s)?|levelled\s+off|bottomed\s+out)\s+at|reach(?:ed|es|ing)?|hit(?:s|ting)?|was|were|is|it's|brings\s+the\s+total\s+to)\s+"
    r"(?:a\s+total\s+of\s+|just\s+|only\s+|a\s+|also\s+|another\s+|a\s+further\s+|the\s+)*$"
)
_WERE = re.compile(
    r"\s+(?:of\s+(?:them|these|those|the\s+victims)\s+)?(?:were|was)\s+(?:just\s+|only\s+)?(?:aged|under|"
    r"younger|girls|boys|female|male|ten|eleven|children|\d)"
)
_NO_AGE = rf"{NUMBER}(?![\d-]|\s+(?:and|or)\s+(?:under|over|older|younger|above|below)|\s+years?\b)"
_JUST = re.compile(r"\b(?:only|just|was|a\s+single|recorded|had)\s*$")
_STARTS = re.compile(r"(?:^|[.;:,(\"–—|]\s*|\b(?:and|but|then|while|with|nor|plus|when|where)\s+)(?:just\s+|only\s+)?$")
"""What stands before a number that opens its clause: "In 2015/16, 229 had been"."""
_PLURAL = re.compile(
    r"\s+(?:[a-z]+\s+)?([a-z]{3,}s)\b(?<!ous)(?<!ss)(?<!is)(?<!was)(?<!has)(?<!plus)(?<!years)(?<!months)(?<!weeks)(?<!days)(?<!hours)(?<!times)"
)
_SHARE_OF = re.compile(r"\b(?:half|thirds?|quarters?|fifths?|%|per\s?cent)[^.;:]{0,50},\s*$")
_MEMBERS = re.compile(r"\b(?:the|these|those|his|her|their|both|other|its|all|my|our)\s+$")
_GOES_ON = re.compile(
    r"\s+(?:(?:about|was|is|are|has|have|had|were|it|they|he|she|we|(?:officers|police)\s+(?:recorded|logged|had|saw|dealt|were|was)|the|then|than|among|amongst|"
    r"within|at|on|after|before|later|earlier|altogether|annually|overall|nationally|nationwide|locally|when|where|"
    r"which|that|who|so|of\s+(?:the|all|its|their|our)|for\s+the\s+(?:first|second|third)\s+time|if|because|respectively|combined|again|rather|instead|as|or|said|told|felt|thought|knew|went|came|got|made|gave|left|became|turned|wrote|asked|yet|via|through|under|per\s+year)\b|"
    r"in\s+(?:all|total)\b|each\s*(?:[.,;:)]|$)|times\b(?!\s+(?:as|more|higher|greater|the|that|what|those|its|last)\b))"
)
"""Words that cannot begin what a number counts, so that the number stands alone."""
_DONE = re.compile(
    r"\b(?:arrested|charged|examined|seized|searched|safeguarded|protected|removed|blocked|analysed|reviewed|assessed|"
    r"processed|executed|recovered|screened|took\s+down|carried\s+out)\s+(?:a\s+total\s+of\s+|some\s+|another\s+|a\s+further\s+)?$"
)
"""What police and charities say they have done, before how many they did it to: "examined 1,946 phones"."""
_WHEN = re.compile(r"\bwhen\s+(?:just\s+|only\s+)?$")
_WERE_THEN = re.compile(r"\s+(?:[a-z]+\s+){0,2}(?:were|had|was)\b")
_SOME_WERE = re.compile(
    r"\s+(?:of\s+(?:them|these|those)\s+)?(?:were|was|had)\s+(?:been\s+)?(?:against|recorded|logged|committed|"
    r"flagged)\b|\s*\(\d+%\)"
)
_FURTHER = re.compile(r"\b(?:a\s+further|another|some)\s+$")
_THERE_WERE = re.compile(r"\bthere\s+(?:were|was|had\s+been|have\s+been)\s+(?:just\s+|only\s+)?$")
_IN_YEAR = re.compile(r"\s+[a-z]+s\s+in\s+(?:19|20)\d\d\b")
_PASSED = re.compile(r"(?:(?:has|have|had)\s+)?(?:passed|topped|exceeded|surpassed|breached|broke)\b")
_ANSWER = re.compile(
    r"\W*(?:(?:the\s+)?(?:answer|reply|response|a)\s*(?:is|was)?\s*[:.)-]|"
    r"(?:together|in\s+all|in\s+total|total|altogether|combined|all)\b\s*:?)?\W*"
)
"""All that stands before a number that is the whole of its sentence."""
_MULTIPLIED = re.compile(
    rf"\b(?:{'|'.join(MULTIPLES)})(?:ed|ing|es|e)\b|\bhalv(?:ed|ing)\b|-?fold\b|\btwice\b|\btimes\b"
)
_PAIR_AFTER = re.compile(
    rf"\s*(?:to|→|->|-->|became|turned\s+into)\s*(?:{NUMBER})(?![\w%]|\s*(?:per\s?cent|years?|hours?|days?))"
)
_PAIR_BEFORE = re.compile(rf"(?:{NUMBER})\s*(?:to|→|->|-->|became|turned\s+into)\s*$")
_CROSS = re.compile(
    r"\s*(?:\(|,|\.|;|:|!|\?|$|\)|-|–|in\s|by\s|last\s|the\s+(?:year|previous|following)|this\s|during\s|for\s|"
    r"since\s|between\s|compared|up\s|down\s|over\s|from\s|to\s|recorded|reported|logged|and\s|"
    r"seen\s|noted\s|[a-z]+ed\b|a\s+year\s+|(?:one|two|three|four|five|six|seven|\d{1,2})\s+years?\s|"
    r"(?:12|twelve)\s+months\s|against\s|across\s|were\s|had\s|of\s+(?:them|these|those|which|"
    r"(?:the|a|last|that)\s+(?:year|previous|12)|(?:19|20)\d\d)|involved\s|-\s|while\s|"
    r"but\s)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a sentence gives a number to stand on: the spans of known places, and whether it names a time.

    `carried` is set where the sentence before had a count. A number that no noun follows is a count only with one.
    """

    places: tuple[tuple[int, int], ...] = ()
    timed: bool = False
    carried: bool = False
    times: tuple[tuple[int, int], ...] = ()
    subjects: tuple[tuple[int, int], ...] = ()
    """Spans of the survey's own names for what it counts, of any words: "sexual communication with a child"."""


BARE = Setting()


def find_counts(
    text: str, numbers: Sequence[Number], taken: Sequence[tuple[int, int]], setting: Setting = BARE
) -> list[Statement]:
    """Changes in number and plain counts among the numbers that nothing else has taken."""
    found: list[Statement] = []
    free = [n for n in numbers if not n.unit and not any(left < n.end and n.start < right for left, right in taken)]
    has_event = _EVENT_NOUN.search(text) is not None or _OF_THESE.search(text) is not None
    for number in free:
        statement = _read_absolute(text, number) or _read_count(text, number, has_event, found, setting, bool(taken))
        if statement:
            found.append(statement)
    return found


def _read_absolute(text: str, number: Number) -> Statement | None:
    """ "a rise of 13", "fell by 54", "13 more offences", "1,750 higher"; None when it is none of these."""
    start = read_hedge(text, number.start, number.end)[1]
    before = text[:start]
    noun, kind = read_noun(text, number.end)
    if _ABS_BEFORE.search(before) or re.search(r"\b(?:extra|additional)\s+$", before):
        direction = find_change_before(text, start)[0] or 1
        return make_statement(number, text, "change_abs", "number", direction=direction, noun=noun, noun_kind=kind)
    if _BASE.search(before) and not re.search(r"\b(?:than|over|above)\s*$", before):
        return None
    match = _ABS_AFTER.match(text, number.end)
    if side := re.match(r"\s+(up|down)\s+on\b", text[number.end :]):
        return make_statement(number, text, "change_abs", "number", direction=1 if side[1] == "up" else -1)
    if match and not re.search(r"\b(?:in|of|by|to|from|and|were|was|recorded|last|compared|which)\b", match[0]):
        after = text[match.end() :]
        moved = re.search(r"(?:up|down)$", match[0])
        if moved or re.match(r"\s+(?:than\s+(?:half|a\s+third|\d+%))", after):
            return None
        few = number.word and number.value <= (12 if not noun else 1)
        if (
            few
            and not re.match(r"\s+than\b", after)
            and re.search(r"(?:further|extra|additional|fewer|less)$", match[0])
        ):
            return None
        direction = -1 if re.search(r"\b(?:fewer|lower|less)\b", match[0]) else 1
        return make_statement(number, text, "change_abs", "number", direction=direction, noun=noun, noun_kind=kind)
    if re.match(rf",?\s+or\s+(?:[a-z]+\s+){{0,2}}{NUMBER}\s?(?:%|per\s?cent)", text[number.end :]) and not noun:
        direction, at = find_change_before(text, start)
        if at >= 0 and not _TO.search(before):
            return make_statement(number, text, "change_abs", "number", direction=direction)
    up = re.search(r"(?<![\w-])(?P<word>up|down)\s*$", before)
    if up and re.match(r"\s+(?:on|from|compared)\b", text[number.end :]):
        return make_statement(number, text, "change_abs", "number", direction=1 if up["word"] == "up" else -1)
    return None


def _read_count(
    text: str, number: Number, has_event: bool, earlier: Sequence[Statement], setting: Setting, related: bool
) -> Statement | None:
    hedge, start, _ = read_hedge(text, number.start, number.end)
    before = text[:start]
    noun, kind = _read_subject(text, number, setting) or read_noun(text, number.end)
    done = (number.value >= 100 and _DONE.search(before)) or (
        setting.timed and _THERE_WERE.search(before) and _IN_YEAR.match(text, number.end)
    )
    if not noun and (related or done) and not number.word and (plural := _PLURAL.match(text, number.end)):
        noun, kind = (plural[1],), "other"
    role = _judge_role(before, text[number.end :])
    if done and noun and kind == "other":
        return make_statement(number, text, "threshold" if hedge else "total", "number", noun=noun, noun_kind=kind)
    if number.word and number.value <= 1:
        if kind not in {"event", "subject"} or not _JUST.search(before):
            return None
    elif noun and kind not in {"event", "subject"}:
        if not _is_counted(text, number, before, role, setting):
            return None
    elif not noun and not _is_count(text, number, before, role, has_event, earlier, setting):
        return None
    return make_statement(
        number,
        text,
        "threshold" if hedge not in {"", "exactly"} else "total",
        "number",
        role=role,
        noun=noun,
        noun_kind=kind,
    )


def _read_subject(text: str, number: Number, setting: Setting) -> tuple[tuple[str, ...], str] | None:
    """The survey's own words where they follow a number at once or after one other: "554 recorded sexual ..."."""
    for start, end in setting.subjects:
        if number.end <= start and re.fullmatch(r"\s+(?:[a-z-]+\s+){0,2}", text[number.end : start]):
            return tuple(text[start:end].split()[-1:]), "subject"
    return None


def _is_counted(text: str, number: Number, before: str, role: str, setting: Setting) -> bool:
    """Whether people or things that are no recorded events are counted, not only mentioned: "the two men"."""
    if number.value <= 12 and _MEMBERS.search(before):
        return False
    told = bool(setting.places) or setting.timed or setting.carried or _EVENT_NOUN.search(text) is not None
    moved = find_change_before(text, len(text))[1] >= 0
    if number.value <= 12:
        return (told or moved) and (role != "" or _RECORD_VERB.search(before) is not None)
    return told or moved or role in {"part", "whole"} or _RECORD_VERB.search(before) is not None


def _is_count(
    text: str,
    number: Number,
    before: str,
    role: str,
    has_event: bool,
    earlier: Sequence[Statement],
    setting: Setting,
) -> bool:
    """Whether a number that no counted noun follows is a count all the same, by what stands around it."""
    goes_on = _CROSS.match(text, number.end) or _GOES_ON.match(text, number.end)
    beside = earlier and re.search(r"(?:,|\band)\s+$", before) and re.match(r"\s+of\s+[a-z]", text[number.end :])
    if not (goes_on or beside or role == "part"):
        return False
    recorded = _is_recorded(text, number, before)
    compared = role != "" or recorded
    listed = bool(earlier)
    moved = find_change_before(text, len(text))[1] >= 0 or _MULTIPLIED.search(text) is not None
    told = bool(setting.places) or setting.timed
    if number.word and number.value <= 12:
        closed = recorded and re.match(r"\s*(?:[.;]|$)", text[number.end :]) is not None
        dated = (listed or compared) and told and re.match(r"\s+in\s+(?:19|20)?(?:\d\d|the\b)", text[number.end :])
        return bool(dated) or (closed and (told or has_event or moved)) or (role != "" and (has_event or moved))
    if setting.carried and _ANSWER.fullmatch(before) and re.fullmatch(r"\W*", text[number.end :]):
        return True
    if setting.carried and _SOME_WERE.match(text, number.end) and _STARTS.search(_FURTHER.sub("", before)):
        return True
    named = _stands_after(before, setting.places)
    if setting.carried and not number.word and _stands_after(before, setting.times):
        return True
    if has_event and (not number.word or compared or _STARTS.search(before)):
        return True
    shared = role in {"part", "whole"} and number.value > 12
    if listed or named or shared or _WERE.match(text, number.end):
        return True
    if told and (compared or _STARTS.search(before)):
        return True
    return compared and (moved or setting.carried) and not (recorded and role == "" and number.value <= 12)


def _stands_after(before: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether nothing but a comma, a colon, a bracket or a dash parts a number from a place or time before it."""
    return any(end <= len(before) and re.fullmatch(r"[\s,:(–—-]*", before[end:]) for _, end in spans)


def _is_recorded(text: str, number: Number, before: str) -> bool:
    """Whether a verb that records or passes stands before a number, or "has" before one that ends its clause."""
    if _RECORD_VERB.search(before) or _PASSED.match(text, len(before)):
        return True
    return re.search(r"\bhas\s+$", before) is not None and re.match(r"\s*(?:[.;,]|$)", text[number.end :]) is not None


def _judge_role(before: str, after: str) -> str:
    """now, base, part, whole or "" by the words just before and after a count."""
    if re.match(r"\W*(?:it\s+|that\s+)?(?:was|had\s+been)\s+(?:just\s+|only\s+)?$", before) and "." not in before:
        return "base" if not re.match(r"\s+(?:in|last|this)\b", after) else ""
    if _WHEN.search(before) and _WERE_THEN.match(after):
        return "base"
    if _PAIR_AFTER.match(after) and (
        re.search(r"(?:^|[(:,–—])\s*$", before) or find_change_before(before, len(before))[1] >= 0
    ):
        return "base"
    if _PAIR_BEFORE.search(before):
        return "now"
    if re.match(r"\W*(?:out\s+)?of\s+(?:(?:the|all|some|a|total|of)\s+)*$", before) or _HALF_THE.search(before):
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
    if _TO.search(before) and (find_change_before(before, len(before))[1] >= 0 or _MULTIPLIED.search(before)):
        return "now"
    if _SHARE_OF.search(before) and re.match(r"\s*(?:,|were\b|was\b)", after):
        return "part"
    if re.match(r"\s*(?:[a-z-]+\s+){0,3}?(?:of|out\s+of)\s+(?:(?:the|all|these|those|its)\s+)*" + _NO_AGE, after):
        return "part"
    return ""
