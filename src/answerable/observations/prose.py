"""A line of a letter -> the count it states: "There have been 39 offences", "72 in 2016/17 and 59 in 2015/16".

A number in a sentence counts something only when a counting noun follows it, or a period stands beside it. The
trap is every other number a letter holds: dates, references, sections of Acts, telephone numbers, ages, and the
request itself, quoted back. A sentence that asks states nothing.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from answerable.model import Finding, Source
from answerable.observations.drafts import Draft
from answerable.observations.folding import FILLER, fold_words
from answerable.observations.keys import find_keys
from answerable.observations.labels import UNIT_WORDS, LabelIndex, Meaning
from answerable.observations.pairing import Paired, pair_counts
from answerable.observations.resolving import find_phrases, name_span, read_cue
from answerable.observations.walking import Line
from answerable.values import Reading, find_spans, parse_number_word, parse_value

_NOUN = (
    r"(?:offences?|crimes?|victims?|suspects?|offenders?|perpetrators?|arrests?|records?|results?|"
    r"incidents?|people|persons?|"
    r"individuals?|custody records?|occurrences?|reports?|cases?|matches|returns?|children|hits?)"
)
_WORDS = (
    "zero|no|nil|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|"
    "four|five|six|seven|eight|nine))?"
)
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(rf"\d|\b(?:none|{_WORDS})\b", re.I)
"""What a sentence that counts anything holds."""
_HIDDEN = r"(?:fewer|less) than (?:\d+|[a-z]+)|under (?:5|five)|<\s?\d+"


@lru_cache(maxsize=16)
def _compile_count(nouns: tuple[str, ...]) -> re.Pattern[str]:
    """A number and the noun it counts, one that every letter uses or one of the survey's questions'."""
    own = "".join(f"|{re.escape(noun)}" for noun in nouns)
    return re.compile(
        r"(?<![\w/.£-])(?P<hedge>(?:approximately|about|around|over|more than|at least|nearly|almost|some|up "
        r"to|circa|c\.)\s+)?"
        rf"(?P<value>{_HIDDEN}|\d{{1,3}}(?:,\d{{3}})+|\d+|{_WORDS})(?![\w/]|[.,]\d|-\d|%|\s?per ?cent)"
        rf"(?P<middle>(?:\s+(?!(?:in|for|and|or|were|was|of)\b)[a-z][\w'-]*){{0,5}}?)\s+(?P<noun>{_NOUN[:-1]}{own}))\b",
        re.I,
    )


_COUNT = (
    rf"(?<![\w/.£-])(?P<value>{_HIDDEN}|\d{{1,3}}(?:,\d{{3}})+|\d+|none|{_WORDS})(?![\w/]|[.,]\d|-\d|%|\s?per ?cent)"
)
_ANY_COUNT = re.compile(_COUNT, re.I)
_NEAR_PERIOD = re.compile(rf"{_COUNT}\s+(?:in|for|during|recorded in|between)\s+(?:the\s+)?$", re.I)
_AFTER_PERIOD = re.compile(
    rf"\s*\)?\s*[:=–-]\s*(?P<value>{_HIDDEN}|\d{{1,3}}(?:,\d{{3}})+|\d+|nil|none|zero)"
    r"(?![\w/]|[.,]\d|-\d|%|\s?per ?cent)",
    re.I,
)
_BARE = re.compile(rf"^(?P<value>{_HIDDEN}|\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|{_WORDS}|nil|none)\.?$", re.I)
_ASKS = re.compile(
    r"\?|\bplease\b|\bhow many\b|\bcould you\b|\bcan you\b|\bi (?:would|wish|want)\b|\byou (?:have "
    r")?(?:asked|requested)\b|"
    r"\bprovide (?:me|the|us)\b|^\s*the (?:total )?number of\b(?!.*\b(?:is|was|are|were)\b\s*:?\s*\d)|"
    r"\brequest(?:ed)? (?:for|the)\b",
    re.I,
)
_EXCUSED = re.compile(
    r"\b(?:s(?:ec(?:tion)?s?)?\.? ?\d+(?:\(\w+\))*|sections? [\d()a-z, ]+(?:and|or)? ?[\d()a-z]*|act \d{4}|"
    r"regulations? \d{4}|page \d+|table \d+|(?:question|request|part|answer|response)s? \d+\w?(?: ?(?:to|"
    r"and|-|,) ?\d+\w?)*|q\d+\w?|"
    r"(?:ref(?:erence)?|foi|request|our ref|version|publication|pub|no|number)[.:]? ?(?:no\.? "
    r"?)?[\w/.-]*\d[\w/.-]*|\d+ (?:working )?days?|"
    r"\d+ hours?|£ ?[\d,.]+|counts? of \d+ to \d+|under[ -]\d+s?|"
    r"aged? (?:of )?\d+(?:[ -]+(?:to|and|or|-) ?(?:\d+|under|over))?|"
    r"\d+ (?:and|or) (?:under|over)|over \d+s?|\d+ years?|"
    r"(?:article|paragraph|para|part|schedule|chapter|annex|appendix) \d+\w*|\d{1,2}(?:st|nd|rd|th)|"
    r"\d{1,2}:\d\d(?::\d\d)?|"
    r"0\d[\d ]{6,}\d|\+\d[\d ()]{7,}|[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}|0*\d{1,3}/\d{1,2}\b|\d+[A-Z]\b|"
    r"https?://\S+|www\.\S+|\S+@\S+|"
    r"\d{1,3}(?:\.\d+)+|\d+(?:\.\d+)? ?(?:%|per ?cent)|\d+ ?(?:minutes?|weeks?|months?|mins?))",
    re.I,
)
_HEADER = re.compile(
    r"\s*(?:date|sent|received|from|to|cc|subject|telephone|tel|phone|fax|our ref|your ref)\b[^:]{0,12}:", re.I
)
_LEADING = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|\(?\d{1,2}[a-h]?[.)]|[•*-])\s*")


def read_line(
    index: LabelIndex, line: Line, place: int, authority: str, *, answers: bool
) -> tuple[list[Draft], list[Finding]]:
    """(Drafts, Findings) of one line: the counts it states, and a Finding where it holds numbers not read.

    `answers` says that the line stands right under a question, where a bare number is its answer.
    """
    drafts: list[Draft] = []
    left: list[str] = []
    number, announced, _ = read_cue(index, line.cell.text)
    for sentence in _list_stating(line.cell.text):
        measured = _find_measured(index, sentence)
        found = _read_sentence(index, line, sentence, place, authority, measured, answers=answers)
        parted = frozenset(dimension for draft in found for dimension in draft.dims)
        for draft in found:
            _take_cue(index, draft, sentence, announced if number else None)
            _limit(index, draft, sentence, [other.text for other in found], parted, measured)
            draft.topic, draft.sentence = sentence, True
            draft.about = _find_about(index, sentence)
        drafts += found
        left += _find_left(index, sentence, found)
    findings = [_report_left(line, left, authority)] if left else []
    return drafts, findings


@lru_cache(maxsize=16384)
def _list_stating(text: str) -> tuple[str, ...]:
    """The sentences of a line that may state a count: they hold a number, ask nothing and explain no mark."""
    sentences = re.split(r"(?<=[a-z0-9)][a-z0-9)][.;!?])\s+(?=[A-Z0-9])", text)
    return tuple(
        sentence
        for sentence in sentences
        if _NUMBER.search(sentence) and not _ASKS.search(sentence) and not find_keys((sentence,)).marks
    )


def _read_sentence(
    index: LabelIndex, line: Line, sentence: str, place: int, authority: str, measured: frozenset[str], *,
    answers: bool,
) -> list[Draft]:  # fmt: skip
    body = sentence
    number, _meaning, used = read_cue(index, sentence)
    if number:
        body = sentence.strip()[used:].strip(" .:)-–=")
        if bare := _BARE.match(body.strip()):
            draft = _make(line, sentence, bare["value"], place, authority)
            return [draft] if draft.reading else []
    elif (bare := _BARE.match(sentence.strip())) and answers:
        return [_make(line, sentence, bare["value"], place, authority)]
    count = _compile_count(index.counted.surface)
    spans = _find_periods(index, body, count)
    if pairs := pair_counts(index, body, *_list_numbers(body, count, spans), spans, measured):
        return _make_pairs(line, sentence, body, pairs, count, place, authority)
    counts = [m for m in count.finditer(body) if not _inside(m.start("value"), spans) and not _is_excused(body, m)]
    beside = [
        (match, span)
        for first, end, span in spans
        if (match := _NEAR_PERIOD.search(body[:first]) or _AFTER_PERIOD.match(body, end))
        and not _inside(match.start("value"), spans)
    ]
    bound = [_bind(line, sentence, match, span, place, authority) for match, span in beside]
    taken = {match.start("value") for match, _ in beside}
    named = {span.key for _, span in beside}
    counts = [match for match in counts if match.start("value") not in taken]
    spans = [item for item in spans if item[2].key not in named] or spans
    drafts: list[Draft] = []
    for match in counts:
        draft = _make(line, sentence, match["value"], place, authority, noun=match["noun"])
        if match["hedge"]:
            draft.doubt("value", f'"{match[0]}" is not an exact count')
        drafts.append(draft)
    _give_periods(drafts, counts, spans)
    return [*drafts, *bound]


def _list_numbers(
    body: str, count: re.Pattern[str], spans: Sequence[tuple[int, int, Meaning]]
) -> tuple[list[re.Match[str]], set[int]]:
    """(every number of a sentence that may count something, where those begin that a counting noun follows)."""
    excused = [(m.start(), m.end()) for m in _EXCUSED.finditer(body)]
    numbers = [
        m for m in _ANY_COUNT.finditer(body)
        if not _inside(m.start(), spans) and not any(first <= m.start() < end for first, end in excused)
    ]  # fmt: skip
    return numbers, {m.start("value") for m in count.finditer(body)}


def _make_pairs(
    line: Line, sentence: str, body: str, pairs: Sequence[Paired], count: re.Pattern[str], place: int, authority: str
) -> list[Draft]:
    """The counts of a sentence that states several, each with what its place in the order gives it."""
    nouns = {m.start("value"): m["noun"] for m in count.finditer(body)}
    drafts = []
    for pair in pairs:
        noun = nouns.get(pair.first, "") or next(iter(nouns.values()), "")
        draft = _make(line, sentence, body[pair.first : pair.end], place, authority, noun=noun)
        draft.period = pair.period
        draft.dims = {meaning.dimension: meaning.key for meaning in pair.categories}
        draft.evidence += [f"{m.why}, by its place in the sentence" for m in (pair.period, *pair.categories) if m]
        drafts.append(draft)
    return drafts


def _find_periods(index: LabelIndex, body: str, count: re.Pattern[str]) -> list[tuple[int, int, Meaning]]:
    """Periods of at least a month in a sentence; a count of four digits ("2014 offences") is no year."""
    found = [(first, end, span) for first, end, span in find_spans(body) if (span.end - span.start).days >= 27]
    if not found:
        return []
    counted = {
        m.start("value") for m in count.finditer(body) if not m["middle"] and not _DATED.search(body[: m.start()])
    }
    return [(a, b, name_span(index, s, body[a:b])) for a, b, s in found if not (a in counted and b - a == 4)]


def _bind(line: Line, sentence: str, match: re.Match[str], span: Meaning, place: int, authority: str) -> Draft:
    draft = _make(line, sentence, match["value"], place, authority)
    draft.period = span
    draft.evidence.append(f"{span.why}, beside the number")
    return draft


def _give_periods(
    drafts: Sequence[Draft], counts: Sequence[re.Match[str]], spans: Sequence[tuple[int, int, Meaning]]
) -> None:
    """One period for all, or one each in turn; any other pairing is left open."""
    names = list({meaning.key: meaning for _, _, meaning in spans}.values())
    if not drafts or not names:
        return
    if len(names) == 1:
        for draft in drafts:
            draft.period = names[0]
            draft.evidence.append(f"{names[0].why}, in the sentence")
        return
    if len(names) == len(drafts):
        marks = sorted([(m.start(), "n") for m in counts] + [(first, "p") for first, _, _ in spans])
        order = "".join(kind for _, kind in marks)
        if order in ("np" * len(drafts), "pn" * len(drafts)):
            for draft, (_, _, meaning) in zip(drafts, spans, strict=True):
                draft.period = meaning
                draft.evidence.append(f"{meaning.why}, next to the number")
            return
    for draft in drafts:
        draft.doubt("period", "the sentence names several periods: " + ", ".join(m.key for m in names))


def _make(line: Line, sentence: str, value: str, place: int, authority: str, noun: str = "") -> Draft:
    text = value.strip()
    number = parse_number_word(text)
    if text.casefold() in ("no", "nil", "none"):
        number = 0
    reading = Reading(value=number) if number is not None else parse_value(text)
    draft = Draft(
        document=line.grid.document, part=line.grid.part, ref=line.cell.ref, text=text, reading=reading, place=place,
        cells=(line.cell,), quote=sentence.strip()[:200], authority=authority,
    )  # fmt: skip
    word = noun.casefold().split()[-1] if noun else ""
    draft.unit = UNIT_WORDS.get(word.removesuffix("s"), "") if "result" not in word else ""
    return draft


_PLAIN = frozenset(
    "search searche searched system niche athena connect crime recording retrieved retrieve returned "
    "return result find found "
    "following altogether can confirm confirmed information held hold show shown provided police "
    "constabulary force our we "
    "have has it this these such had been under code home office section act identified there year financial above "
    "therefore compared with against respectively only also please note query database period date range using "
    "received receive year went going "
    "council trust board service borough city county district authority university ambulance fire "
    "made make submitted issued logged noted correct stated given said "
    "previous prior while whilst but up down rise fall increase decrease dear sir madam thank zero one i they".split()
)
"""Words of an answering sentence that limit nothing."""
_SUBSET = re.compile(r"\bof (?:these|which|those|them)\b|\bincluding\b|\bexcluding\b", re.I)


def _limit(
    index: LabelIndex,
    draft: Draft,
    sentence: str,
    others: Sequence[str],
    parted: frozenset[str],
    measured: frozenset[str],
) -> None:
    """Take in the categories a sentence names, but for those of `parted` dimensions, which its counts share out;
    leave the value open where other words of it may limit the count."""
    rest = sentence.strip()[read_cue(index, sentence)[2] :]
    for first, end, _ in reversed(find_spans(rest)):
        rest = f"{rest[:first]} {rest[end:]}"
    for text in others:
        rest = re.sub(rf"(?<![\w/]){re.escape(text)}(?![\w/])", " ", rest, count=1)
    parts, loose = find_phrases(index, tuple(word for word in fold_words(rest) if word not in measured))
    categories = [[m for m in part if m.role == "category"] for part in parts]
    for found in categories:
        if any(m.dimension in parted for m in found):
            continue
        if len({(m.dimension, m.key) for m in found}) == 1 and found[0].dimension not in draft.dims:
            draft.dims[found[0].dimension] = found[0].key
            draft.evidence.append(f"{found[0].why}, in the sentence")
        elif found:
            draft.doubt("title", "the sentence names " + " or ".join(m.why for m in found))
    unknown = [w for w in loose if not (w in FILLER or w in _PLAIN or w in index.topic or w in UNIT_WORDS)]
    if unknown:
        draft.doubt("title", f'"{" ".join(unknown[:6])}" in the sentence may limit it to a part')
    elif subset := _SUBSET.search(rest):
        draft.doubt("title", f'"{subset[0]}" in the sentence may limit it to a part')


def _find_measured(index: LabelIndex, sentence: str) -> frozenset[str]:
    """Folded words of the measures that a sentence says whole: "students" of "students expelled" is no category."""
    said = set(fold_words(sentence))
    own = (name for names in index.aliases.values() for name in names if len(name) > 1 and said >= set(name))
    return frozenset(word for name in own for word in name)


def _find_about(index: LabelIndex, sentence: str) -> frozenset[str]:
    """The questions that count the one noun of the survey's that a sentence names; () for none or several."""
    nouns = index.counted.nouns
    said = set(fold_words(sentence)) & set().union(*nouns.values())
    return frozenset(name for name, own in nouns.items() if said <= own) if said else frozenset()


def _take_cue(index: LabelIndex, draft: Draft, sentence: str, announced: Meaning | None) -> None:
    """Give a Draft the question its sentence begins with, else the one its line does."""
    number, meaning, _ = read_cue(index, sentence)
    meaning = meaning if number else announced
    if meaning is not None:
        draft.questions.append(meaning)


def _inside(position: int, spans: Sequence[tuple[int, int, Meaning]]) -> bool:
    return any(first <= position < end for first, end, _ in spans)


_DATED = re.compile(r"\b(?:in|during|for|since|from|until|by|of|year|calendar|between)\s+$", re.I)
"""What stands before a year and not before a count of four digits: "2014 offences", "in 2014 offences rose"."""
_GOES_ON = re.compile(r"\d\s*(?:[,;]|\band\b)\s*(?:and\s+)?$", re.I)
"""What stands before the next count of a row of them: "no arrests in 2022/23, one arrest in 2023/24"."""
_ANSWERS = re.compile(
    r"(?:were|was|are|have been|has been|recorded|there|found|returned|holds?|retrieved)\W+(?:\w+\W+){0,2}$", re.I
)


def _is_excused(body: str, match: re.Match[str]) -> bool:
    before = body[: match.start("value")]
    alone = match["value"].casefold() in ("no", "one") and before.strip() and not _GOES_ON.search(before)
    if alone and not _ANSWERS.search(before):
        return True
    return any(m.start() <= match.start("value") < m.end() for m in _EXCUSED.finditer(body))


def _find_left(index: LabelIndex, sentence: str, drafts: Sequence[Draft]) -> list[str]:
    """Numbers of a sentence that were neither read nor explained."""
    if not _DIGIT.search(sentence):
        return []
    rest = _LEADING.sub("", sentence.strip()[read_cue(index, sentence)[2] :])
    for first, end, _ in reversed(find_spans(rest)):
        rest = rest[:first] + " " * (end - first) + rest[end:]
    rest = _EXCUSED.sub(" ", rest)
    if _HEADER.match(sentence):
        return []
    numbers = re.findall(r"(?<![\w/.-])\d[\d,]*(?![\w/-])", rest)
    for draft in drafts:
        if draft.text in numbers:
            numbers.remove(draft.text)
    return numbers


def _report_left(line: Line, numbers: Sequence[str], authority: str) -> Finding:
    text = line.cell.text.strip()
    shown = text if len(text) <= 80 else text[:77] + "..."
    return Finding(
        check="unread-number",
        severity="info",
        message=f'{line.grid.document}, {line.grid.part}, {line.cell.ref}: {", ".join(numbers[:6])} in "{shown}" '
        "was not read as a count. Look at the line; if it answers a question, say so in review.",
        subject=authority,
        source=Source(document=line.grid.document, part=line.grid.part, ref=line.cell.ref, quote=text[:200]),
    )
