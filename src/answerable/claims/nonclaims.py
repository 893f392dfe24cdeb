"""Spans of a text whose numbers are not claims: dates, ages, sections, telephones, money, addresses, references.

Stands between finding numbers and reading statements: what lies in one of these spans is never a count. Each
pattern is named for what it leaves out. The trap: a year, an age or a duration still helps to bind a claim
beside it, so spans are kept with their kind, not cut out of the text.
"""

import re
from functools import lru_cache

from answerable.claims.numbers import NUMBER
from answerable.claims.words import MONTH, UNIT_NOUNS

_NOUN = rf"(?:{'|'.join(sorted(UNIT_NOUNS, key=len, reverse=True))})"
_SMALL = rf"(?:\d{{1,3}}|{NUMBER})"
_ONES = "one\\b|two|three|four|five|six|seven|eight|nine"
_HEADS = (
    "sections? ss?\\.? subsections? articles? schedules? chapters? pages? p\\.? pp\\.? paragraphs? "
    "paras? para\\. parts? clauses? "
    "regulations? rules? tables? figures? fig\\. appendix annex volumes? vol\\.? issues? nos?\\.? "
    "numbers? questions? items? steps? "
    "stages? levels? grades? tiers? phases? channel radio class(?:es)? codes? "
    "categor(?:y|ies) rooms? flats? "
    "apartment units? platforms? routes? junctions? bus flight sizes? versions? windows iphone ipad android ios "
    "zones? wards? blocks? courts? operation bands? series episodes? seasons? rounds? games? match lots? "
    "exhibits? gates? bays? lines? "
    "floors? formula top war euro apollo boeing airbus xbox playstation galaxy pixel web generation "
    "chelsea studio catch district "
    "bbc itv group reference ref\\.? foi crime\\s+number case\\s+number recommendations? standards? "
    "measures? principles? goals? "
    "lane hotel act terminal gcse key\\s+stage mark model chapter verse psalm hymn volume slides? notes? footnote "
    "summary bulletin newsletter briefing leaflet "
    "option options plan bullet point quarter q half term week-end division league"
).split(" ")

PATTERNS: tuple[tuple[str, str], ...] = (
    ("address", (r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)[@#]\w+|"
r"\b[\w-]+\.(?:co\.uk|org\.uk|com|org|net)\S*")),
    ("telephone", (r"(?<![\w.,])(?:\+\d{1,3}[\s-]?)?\(?0\d{2,5}\)?(?:[\s-]?\d{2,8}){1,4}(?![\w,])|"
r"(?<!\w)\+\d{1,3}(?:[\s-]?\d{2,5}){2,4}")),
    (
        "telephone",
        r"\b(?:call(?:ing)?|dial(?:ling)?|ring(?:ing)?|phon(?:e|ing)|telephon(?:e|ing)|text(?:ing)?|"
r"contact(?:ing)?|hotline|helpline|non-emergency|via|using|on)"
        r"(?:\s+(?:the|police|us|them|officers|childline|crimestoppers|non-emergency|emergency|number|"
r"services|free|anonymously|on|or|their|our|local|force|your)){0,6}"
        r"[\s:]+(?:0\d[\d\s]*\d|101|999|111|112|105|116\s?\d{3}|18000|6\d{4})\b(?:\s+or\s+(?:101|999|"
r"111)\b)?(?!,\d|\s?%|\s+(?:[a-z]+\s+){0,2}(?:offences|crimes|cases))",
    ),
    ("telephone", (r"\b(?:number|line)\s+(?:to\s+(?:call|ring|dial)\s+)?(?:is|on|:)\s+(?:0\d[\d\s]*\d|101|"
r"999|111|112|105)\b")),
    ("telephone", r"\bnumber\s+(?:that\s+)?(?:ends?|ended|ending)\s+(?:in|with)\s+\d+"),
    ("money", (r"(?:[£$€]|\b(?:gbp|usd|eur)\s?)\s?\d[\d,]*(?:\.\d+)?(?:\s?(?:-|–|"
r"to)\s?[£$€]?\d[\d,.]*)?(?:\s?(?:million|billion|thousand|bn|m|k|p)\b)?(?:-a-\w+)?")),
    ("money", rf"\b{NUMBER}(?:\s|-)?(?:p\b|pence\b|pounds?\b|euros?\b|dollars?\b|quid\b|grand\b|cents\b)"),
    ("money", (rf"\b{NUMBER}\s?(?:%|per\s?cent)\s+of\s+(?:(?:their|its|his|her|the|a|global|annual|worldwide|"
r"gross|net|total|firm's|company's)\s+)*(?:turnover|revenues?|income|salary|profits?|budgets?|earnings|"
r"takings|sales|price|bill|cost)\b")),
    ("date", (rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}(?!\w)(?:,?\s+(?:19|20)\d\d\b)?(?:\s?(?:-|–|"
rf"to)\s?\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH}(?!\w)(?:,?\s+(?:19|20)\d\d\b)?)?")),
    ("date", (rf"\b{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\d|,\d)(?:\s?(?:-|–|to|and)\s?\d{{1,2}}(?:st|nd|"
rf"rd|th)?\b)?(?:,?\s+(?:19|20)\d\d\b)?")),
    ("date", rf"\b{MONTH}\s+'?\d{{2}}\b|\b{MONTH}\s+(?:19|20)\d\d\b"),
    ("date", r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b|\b(?:19|20)\d\d-\d{2}-\d{2}\b"),
    ("year", (r"\b(?:19|20)\d\d\s?(?:/|-|–)\s?(?:(?:19|20)?\d\d)\b|\b(?:19|20)\d0s\b|(?<!\w)'\d0s\b|"
r"\b\d0s\b|(?<!\w)'\d\d\b")),
    ("year", (r"\b(?:the|a|its|our|this|that)\s+(?:19|20)\d\d\s+(?:census|act|survey|report|study|release|election|"
r"budget|season|inquiry|review|consultation|edition)\b")),
    ("year", rf"(?<![\w.,£$€])(?:1[89]|20)\d\d(?!\d|,\d|\.\d|%|\s?per\s?cent|\s+(?:[a-z-]+\s+){{0,2}}?{_NOUN}\b)"),
    ("year", (r"(?:\b(?:in|since|during|from|until|till|by|to|of|and|year|between|before|after|late|early|"
r"mid|spring|summer|autumn|winter|march|april)[\s-]+)(?:19|20)\d\d\b(?!,\d|\.\d|%)")),
    ("time", (r"\b\d{1,2}(?:[:.]\d{2})?\s?(?:a\.?m\b|p\.?m\b|o'clock|noon|midnight)|"
r"\b\d{1,2}:\d{2}(?::\d{2})?\b|\b24\s?/\s?7\b|\bat\s+\d{1,2}[.:]\d{2}\b|\b\d{4}\s?(?:hrs|"
r"hours|gmt|bst)\b")),
    ("time", (r"(?<!from\s)\b(?:half|quarter|five|ten|twenty|twenty-five)\s+(?:past|to)\s+(?:one|two|three|"
r"four|five|six|seven|eight|nine|ten|eleven|twelve)\b")),
    (
        "age",
        rf"\bage(?:d|s|\s+of|\s+range\s+of|\s+group)?:?\s+(?:just\s+|only\s+|about\s+|around\s+|between\s+|"
rf"from\s+|as\s+young\s+as\s+|under\s+|over\s+)*{_SMALL}"
        rf"(?:\s?(?:and|to|-|–|or)\s?{_SMALL})?(?:\s+(?:and|or)\s+(?:under|over|younger|older|below|above|"
rf"up))?(?![\w%]|\s?per\s?cent|\s+{_NOUN})",
    ),
    ("age", (rf"\b{_SMALL}(?:\s?(?:to|and|or|-|–)\s?{_SMALL})?(?:-|\s|\s?-\s?)?(?:years?[-\s]?olds?|"
rf"yrs?[-\s]?olds?|year[-\s]old's|years?\s+of\s+age|months?[-\s]olds?|-?yo)\b")),
    ("age", (rf"\b(?:under|over)[-\s]?(?:\d{{1,2}}|{NUMBER})'?s\b|\b(?:under|over|below|"
rf"above)[\s-](?:the\s+)?ages?\s+of\s+{_SMALL}|\b(?:under|over)-\d{{1,2}}\b")),
    ("age", (r"\b(?:under|over|below|turned|turning|than)\s+(?:[4-9]|1[0-8])\b(?!,\d|\.\d|\s?%|\s+(?:per|"
r"a\s|(?!the\b)[a-z-]*\s?") + _NOUN + r"|police|forces|of|in|times|every|each|years|months|days|weeks))(?!\d)"),
    ("age", (rf"\b{_SMALL}\s+(?:and|or)\s+(?:under|younger|below|older)\b|\b(?:\d{{1,2}}s|"
rf"{NUMBER}s)\s+(?:and|or)\s+(?:under|over)\b")),
    ("age", (rf"\b(?:when|while|since)\s+(?:he|she|they|i)\s+(?:was|were|is)\s+(?:just\s+|"
rf"only\s+)?(?:\d{{1,2}}|{NUMBER})\b(?!\s*(?:per|%|{_NOUN}))")),
    ("score", (r"(?<![\w/,.])\d{1,2}\s?(?:-|–)\s?\d{1,2}(?=\s+(?:win|defeat|loss|victory|draw|lead|"
r"thrashing|away|at\s+home|to)\b)|\b(?:won|lost|beat\w*|drew|win|"
r"defeat)\s+(?:\w+\s+)?\d{1,2}\s?(?:-|–)\s?\d{1,2}\b")),
    ("reference", r"\b\d+/\d+(?:/[\da-z]+)*\b|\b50-50\b|\b\d+:\d+\b"),
    ("reference", (rf"(?<![\w'-])(?:{'|'.join(_HEADS)})\s?(?:no\.?\s?|"
rf"number\s)?(?:\d{{1,3}}(?!,\d)(?:\d+(?![\d,]))?|{NUMBER}(?=\W|"
rf"$)(?<!\d))(?:[a-z]{{0,2}}\b)?(?:[./(]\w+\)?)*(?:\s?(?:to|and|or|-|–|,)\s?\d{{1,3}}(?:\.\d+)*(?![\d,]))?(?!\s?%|\s?per\s?cent|,\d|"
rf"\s+(?!of\b|in\b|to\b|on\b)(?:[a-z-]+\s+){{0,2}}?{_NOUN}\b|\w)")),
    ("reference", (r"\b[a-z]+-?\d+[a-z0-9-]*\b|"
r"(?<![\w,.])\d+[a-z]{1,2}\b(?<!\dm)(?<!\dk)(?<!\dbn)(?<!\dpc)|\b\d{7,}\b|"
r"\bv\d+(?:\.\d+)*|\b\d+\.\d+\.\d+(?:\.\d+)*|\[\d+\]")),
    ("reference", r"\b[a-z]{2,}/[\w/-]*\d[\w/-]*"),
    ("reference", rf"(?<![\w,.])\d{{5,6}}(?![\d,.]\d|%)(?!\s+(?:[a-z-]+\s+){{0,3}}?{_NOUN}\b)"),
    ("reference", rf"\bnumbers?\s+(?:above|over|below|under|from|between|up\s+to)\s+{_SMALL}\b(?!,\d)"),
    ("measure", (r"\b\d[\d,.]*(?:\s|-)?(?:km|kilomet\w+|miles?|met(?:re|er)s?|cm|mm|kg|kilos?|lbs?|stone|"
r"feet|foot|ft|inch(?:es)?|lit(?:re|er)s?|mph|kph|°c?|degrees?|acres?|hectares?|[kmgt]b|"
r"[mg]bps|mg|ml|megabytes?|gigabytes?|terabytes?|watts?|volts?|pixels?)\b")),
    ("measure", (r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|a\s+dozen|twenty|thirty|"
r"forty|fifty)\s+(?:miles?|met(?:re|er)s?|kilomet\w+|inch(?:es)?|feet|degrees?|acres?|"
r"stone|lit(?:re|er)s?)\b")),
    ("duration", (rf"\b(?:{NUMBER}|half|half\s+an?|half-an?)[\s-]*(?:\+|"
rf"plus)?[\s-]?(?:more\s+)?(?:working\s+|calendar\s+|financial\s+|full\s+|consecutive\s+|"
rf"further\s+|school\s+|and\s+a\s+half\s+)?(?:years?|months?|weeks?|days?|hours?|minutes?|"
rf"mins?|seconds?|decades?|nights?|weekends?|fortnights?|century|centuries)\b")),
    ("reference", r"(?<!last )(?<!this )(?<!that )(?<!per )(?<!each )(?<!past )(?<!every )(?<!same )(?<!next )(?<!a )"
     r"(?<!the )(?<!previous )(?<!financial )(?<!following )\b(?:days?|weeks?|years?)\s+(?:[1-9]|[1-4]\d|5[0-3])\b"
     r"(?:\s?(?:and|to|-|–)\s?\d{1,2}\b)?(?!,\d|\.\d|\s?%|\s+per|/)"),
    ("reference", r"\byears?\s+(?:[1-9]|1[0-3])\s+(?:pupils?|students?|class(?:es)?|children|girls|boys|groups?)\b"),
    ("threshold", (rf"\bbases?\s+(?:of\s+)?(?:under|below|less\s+than|fewer\s+than|over|at\s+least|"
rf"smaller\s+than)\s+{NUMBER}\b")),
    ("postal", (r"\b\d{1,4}[a-z]?,?\s+(?:[a-z'-]+\s+){1,3}?(?:street|road|lane|avenue|close|drive|square|"
r"place|crescent|terrace|gardens|walk|mews|house|parade|grove|yard|quay|wharf|rd|ave|"
r"st\.)\b")),
    ("postal", r"\b[a-z]{1,2}\d{1,2}[a-z]?\s+\d[a-z]{2}\b"),
    ("modifier", (rf"\b{NUMBER}-(?!fold|year|per|{_ONES})(?:[a-z]+)(?:-[a-z]+)*\b(?!\s+in\b)|\b(?:one|two|"
rf"three)-to-(?:one|two|three)\b|\b{NUMBER}-(?:year|month|week|day|hour)(?:-[a-z]+)*\b")),
    ("ordinal", (r"\b\d+(?:st|nd|rd|th)\b|\b(?:first|second|other|latter|final|opening|closing|better|top|"
r"bottom|last|each)\s+half\b|\bhalf[\s-](?:term\b|time\b|past\b|way\b|of\s+the\s+(?:year|season|"
r"game|century|term))|\b(?:first|second|third|fourth|final|last|previous|each|this|next|"
r"latest)\s+quarter\b")),
    ("idiom", (r"\b(?:zero[\s-]tolerance|at\s+sixes\s+and\s+sevens|back\s+to\s+square\s+one|number\s+one|"
r"one\s+hundred\s+per\s+cent\s+(?:sure|committed|behind)|(?:100|110|one\s+hundred|"
r"a\s+hundred)(?:\s?%|\s+per\s?cent)\s+(?:sure|certain|committed|behind|confident|clear|"
r"safe|honest)|dressed\s+to\s+the\s+nines|a\s+million\s+(?:miles|times|dollars)|"
r"one\s+or\s+two|two\s+or\s+three|a\s+hundred\s+times|half\s+(?:a\s+)?(?:measures|hearted)|"
r"nine\s+to\s+five|on\s+all\s+fours|fifty[\s-]fifty|the\s+big\s+\w+|one\s+day|two\s+sides)\b")),
    ("age", (r"\b(?:were|was|are|is)\s+(?:just\s+|only\s+)?(?:\d|1[0-8])\s+(?:or|and|to|-)\s+(?:\d|1[0-8])\b"
r"(?!,\d|\.\d|\s?%)")),
    ("age", (r"\b(?:he|she|who)(?:'s|\s+(?:is|was|turned|turns))\s+(?:now\s+|just\s+|only\s+)?(?:[1-9]\d?)\b"
rf"(?!,\d|\.\d|\s?%|\s+(?:per|times|of|in|out|[a-z-]*\s?{_NOUN})\b)")),
    ("age", (r"\b(?:is|was)\s+[1-9]\d\s+and\s+(?:has|have|lives?|lived|did|works?|worked|asks|says|wants|plays|"
r"from|a|an|married|single|the)\b")),
    ("age", (r"\b(?:children|girls|boys|victims|those|pupils|youngsters|teenagers|teens)\s+(?:of|between)\s+"
rf"(?:just\s+)?{_SMALL}(?:\s?(?:to|and|or|-|–)\s?{_SMALL})?(?![\w%,]\d|\s?%|\s?per\s?cent|\s+{_NOUN})")),
    ("measure", r"\b\d{2,5}\s?(?:x|×)\s?\d{2,5}\b|\b\d{2,5}\s+by\s+\d{2,5}\s+(?:pixels|mm|cm|px|inch\w*|feet)\b"),
    ("measure", r"\b(?:first|his|her|their|a|the|charity|sponsored)\s+\d{1,2}k\b"),
    ("age", r"\bnow\s+(?:aged\s+)?[1-9]\d(?=\s*[,.)])"),
    ("measure", r"\b(?:ratings?|scores?|scored|band|grade)\b[^.;]{0,12}?\(?\d+\s+points?\b"),
    ("age", r"\bage\s+of\s+(?:[a-z'-]+\s+){1,4}(?:as|at|was|is)\s+\d{1,2}\b"),
    ("age", r"\b(?:as\s+young\s+as|as\s+old\s+as)\s+(?:just\s+)?" + _SMALL + r"\b"),
    ("list", r"^\s*\(?(?:\d{1,3})[.)](?=\s)|^\s*\(?(?:\d{1,3})\s*[-–]\s+(?=[a-z])|(?<=\s)\(\d\)(?=\s)"),
)  # fmt: skip


CUES: dict[str, str] = {
    "telephone": r"\d",
    "money": r"[£$€]|gbp|usd|eur|penc|penny|pound|quid|turnover|revenue|income|salary|profit|"
    r"budget|earnings|takings|sales|price|bill|cost|grand|cents|dollar|\d\s?p\b",
    "date": r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d[/.-]\d",
    "year": r"\d\d",
    "time": r"\d\s?[ap]\.?m\b|clock|noon|midnight|\d[:.]\d|half|quarter|five|ten|twenty|\d\s?hrs|\d\s?hours|gmt|bst|24",
    "age": r"age|old|under|over|below|turn|than|young|yo\b|years|\bwas\b|\bwere\b|\bis\b",
    "score": r"\d\s?[-–]\s?\d",
    "measure": r"\d|mile|met|inch|feet|degree|acre|stone|lit",
    "duration": r"year|month|week|day|hour|min|second|decade|night|fortnight|centur",
    "threshold": r"base",
    "postal": r"\d",
    "modifier": r"-",
    "ordinal": r"half|quarter|\d(?:st|nd|rd|th)",
    "list": r"\d",
}
"""What a sentence must hold for any pattern of a kind to be worth trying: most sentences hold few of them."""

_AGE_AFTER_NAME = re.compile(
    r"\b[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)+(?:,\s|\s\()(?P<age>1\d|[2-9]\d|[5-9])(?=,\s|\.|\)|\s+of\s+[A-Z]|\s+from\s)"
)
"""Only capitals tell "John Carter, 42, of Leeds" from "recorded, 42, of them"."""


@lru_cache(maxsize=1)
def _compile_patterns() -> tuple[tuple[str, re.Pattern[str], tuple[re.Pattern[str], ...]], ...]:
    """(kind, cue, patterns) of every kind in order."""
    kinds = dict.fromkeys(kind for kind, _ in PATTERNS)
    return tuple(
        (kind, re.compile(CUES.get(kind, "")), tuple(re.compile(p) for k, p in PATTERNS if k == kind)) for kind in kinds
    )


def find_nonclaims(
    sentence: str, original: str = "", names: tuple[tuple[int, int], ...] = ()
) -> tuple[tuple[int, int, str], ...]:
    """Spans (start, end, kind) of one plain sentence whose numbers are no claims, in order.

    `sentence` is in small letters; `original` is the same with its capitals, "" where they are not known;
    `names` are the spans of known places, which have no age.
    """
    found = [
        (match.start(), match.end(), kind)
        for kind, cue, patterns in _compile_patterns()
        if cue.search(sentence)
        for pattern in patterns
        for match in pattern.finditer(sentence)
    ]
    found += [
        (*match.span("age"), "age")
        for match in _AGE_AFTER_NAME.finditer(original)
        if not any(start < match.start("age") and match.start() < end for start, end in names)
    ]
    return tuple(sorted(found))
