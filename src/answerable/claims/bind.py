"""Where a Statement belongs: which place, which period and base, which categories; from the words and what went before.

Between reading and checking. Words in the same clause settle it, then the sentence, then the sentence before;
what nothing settles is left to the survey's own default and marked as weak. The trap: in "72 in 2016/17, up
from 59", the second number is of the year before although only one year is named.
"""

import re
from collections.abc import Sequence

from answerable.claims.bound import CHANGES, COUNTED, Bound, Context
from answerable.claims.lists import spread_lists
from answerable.claims.loose import find_loose
from answerable.claims.measures import CategoryMention
from answerable.claims.nearby import COMPARED, VERSUS, find_latest, find_owned
from answerable.claims.phrases import Mention
from answerable.claims.places import NATION, UNKNOWN, is_area
from answerable.claims.reading import Reading, Topic
from answerable.claims.statement import Statement
from answerable.claims.timing import find_period, find_steps

_ADJACENT = re.compile(
    r"\s*(?:(?!(?:and|but|while|had|or)\b)[a-z0-9'-]+\s+){0,14}?(?:in|by|for|across|from|within|at|throughout|"
    r"around|among)\s+"
    r"(?:the\s+)?(?:whole\s+of\s+)?(?:neighbouring\s+|nearby\s+|adjoining\s+|rural\s+|next-door\s+)?$"
)
_NO_JUMP = re.compile(
    rf"[.;:(]|,(?!\s*(?:in|by|across)\b)|\b(?:while|compared|{VERSUS}|up|down|from\s+\d|than|but|where|(?<!of\s)which)\b"
)
_PART_OF = re.compile(r"\(\s*$")
"""What a part stands behind that says in numbers what the words before it said: "girls made up 61% (250 of 412)"."""
_HEADED = re.compile(r"(?:\s+(?:police|constabulary|council|force))?\s*[:(|]?\s*")
"""Between a place and a number that stands for it: "Kent (361)", "Kent: 361", a row of a table."""
_ASIDE = re.compile(
    r"(?:\s+[a-z'-]+){0,5}?(?P<aside>\s\([^()]*\)(?=\s)|\s(?P<dash>[–—-])\s[^.;–—]*?\s(?P=dash)(?=\s)|"
    r"(?P<comma>,)\s(?:or|about|nearly|almost|more\s+than|some|equal\s+to|equivalent\s+to)\b[^.;,]*?,(?=\s(?:were|was|in|had)\b))"
)
"""What is put in between a number and the rest of its clause: "323 offences – 19% of the total – were in Kent"."""
_RESTATES = re.compile(r"(?:\s+[a-z'-]+){0,3}\s*(?:,|\(|–|-|—)\s*(?:or|that\s+is|which\s+is)?\s*")
"""Between a count and a share that says it again: "876 offences, 48 per cent of those"."""
_APART = re.compile(r";|\.\s")
_FROM = re.compile(r"\bfrom\s+(?:[a-z]+\s+){0,2}$")
_THAT_IS = re.compile(r"\W*(?:that|this|it)(?:'s|\s+(?:is|was|amounts|makes|equals))\b")
_BEATEN = re.compile(r"\b(?:overtak(?:e|en|es|ing)|overtook|ahead\s+of|above|than|past|pipped|beat(?:en)?)\s+$")
_AMONG = re.compile(r"\b(?:in|of|across|among|amongst|throughout|within|for)\s+(?:the\s+|all\s+)?(?:whole\s+of\s+)?$")
"""Between a rank and the area that it holds in; "came from Kent" names who holds the rank."""
_NO_SCOPE = re.compile(r"[.;]|\d|\b(?:was|were|came|is|went|belonged)\b")
_PRONOUN = re.compile(
    r"\b(?:the\s+(?:force|county|constabulary|council|city|borough)|it|its|there|locally)\b|"
    r"^\W*(?:the|that|this)\s+(?:[a-z]+\s+)?(?:increase|rise|fall|drop|figure|number|total|change|difference|tally)\b"
)
_BODY = re.compile(r"\b(?:the|this|our|that)\s+(?:force|county|constabulary|council|city|borough)\b(?!\s+councils?)")
_REGION = re.compile(r"\b(?:the|this|our|that)\s+region\b|\bregionally\b|\bregion-wide\b")


def bind_statements(readings: Sequence[Reading], topic: Topic) -> tuple[Bound, ...]:
    """Every Statement of a text bound as far as the words allow, in order."""
    named, told = _find_named(readings, topic)
    context = Context(first=_find_first(readings), named=named, told=told)
    bound: list[Bound] = []
    for reading in readings:
        here: list[Bound] = []
        for statement in reading.statements:
            here.append(_bind(statement, reading, topic, context, here))
        here = find_loose(spread_lists(here, topic.calendar.ids, context), topic, context)
        bound += here
        _carry(context, reading, here)
    return tuple(bound)


def _find_first(readings: Sequence[Reading]) -> str:
    keys = [mention.key for reading in readings for mention in reading.places if mention.key != UNKNOWN]
    return next((key for key in keys if key != NATION), keys[0] if keys else "")


def _find_named(readings: Sequence[Reading], topic: Topic) -> tuple[str, list[str]]:
    """The latest period that a text names outright, its "last year" where the survey goes on to later ones; and the
    periods that it compares with by name."""
    ids = topic.calendar.ids
    named: list[str] = []
    told: list[str] = []
    for reading in readings:
        based = [m for s in reading.statements if s.role == "base" for m in find_owned(s, reading)]
        for mention in reading.periods if reading.statements else ():
            compared = mention in based or COMPARED.search(reading.text, 0, mention.start)
            known = [id_ for id_ in mention.ids if id_ in ids]
            if mention.kind in {"at", "range"} and not compared:
                named += known
            if known and (compared or mention.kind in {"since", "range"}) and known[0] not in told:
                told.append(known[0])
    return max(named, key=ids.index, default=""), told


def _bind(statement: Statement, reading: Reading, topic: Topic, context: Context, here: Sequence[Bound]) -> Bound:
    places = _add_twins(_find_place(statement, reading, topic, context), reading, topic)
    scope = ""
    if statement.type == "rank":
        around = [key for key in (*context.places, context.first) if places[0] in topic.gazetteer.regions.get(key, ())]
        scope = _find_scope(statement, reading) or next(iter(around), "")
    context.latest = find_latest(topic, places[0] if places else "")
    context.assumed = find_latest(topic, places[0] if places else "", context.named)
    period, ids, bases, unknown, weak = find_period(statement, reading, topic, context, here)
    settled = False
    parallel = [b.period for b in here if b.statement.role == statement.role == "base" and not b.weak_period]
    if parallel and weak:
        period, bases, weak, settled = parallel[-1], (), False, True
    versus = statement.role == "base" and weak and not _FROM.search(reading.text, 0, statement.start)
    if versus and (beside := _find_compared(places, here)):
        period, bases = beside, ()
    if cell := next((cell for cell in reading.cells if cell.start == statement.start), None):
        places = (cell.place,) if cell.place else places
        if cell.period and statement.type == "total":
            period, ids, unknown, weak, settled = cell.period, (), "", False, True
    return Bound(
        statement=statement,
        reading=reading,
        places=places,
        scope=scope,
        period=period,
        ids=ids,
        bases=bases,
        unknown=unknown,
        weak_period=weak,
        settled=settled,
        categories=_find_categories(statement, reading) or _carry_categories(statement, reading, context),
        steps=find_steps(statement, reading),
    )


def _carry(context: Context, reading: Reading, here: Sequence[Bound]) -> None:
    """What the next sentence inherits: the place of the last statement first, then the others named."""
    named = [mention.key for mention in reading.places if mention.key != UNKNOWN]
    if named:
        used = [bound.places[0] for bound in reversed(here) if bound.places and bound.places[0] in named]
        context.places = list(dict.fromkeys([*used, *named]))
    based = [b.period for b in here if b.statement.role == "base" and b.period and not b.weak_period]
    at = [m for m in reading.periods if m.kind == "at" and m.ids[0] not in based]
    at = [m for m in at if not COMPARED.search(reading.text, 0, m.start)]
    changed = [b.period for b in here if b.statement.type in CHANGES and b.period]
    periods = [
        bound.period
        for bound in here
        if bound.period
        and bound.statement.role != "base"
        and not bound.weak_period
        and bound.statement.type != "count_of_forces"
        and bound.steps >= 0
    ]
    periods.sort()
    counts = [b for b in here if b.statement.type in COUNTED and b.period and not b.ids and b.statement.role != "whole"]
    listed = tuple(dict.fromkeys(b.period for b in counts))
    if counts:
        context.listed = listed if len(listed) == len(counts) > 1 else ()
    context.last = next((b.period for b in reversed(counts) if not b.weak_period), context.last)
    if counts:
        context.categories = counts[-1].categories
    context.told += [id_ for id_ in listed if id_ not in context.told]
    context.before = context.period or context.before
    context.period = periods[-1] if periods else at[-1].ids[0] if at else (changed or [""])[-1]
    named_ids = {id_ for mention in reading.periods for id_ in mention.ids}
    based += [b.bases[0] for b in here if b.statement.type in CHANGES and b.bases and b.bases[0] in named_ids]
    context.base = based[0] if based else context.base if not named_ids else ""
    since = [mention for mention in reading.periods if mention.kind == "since"]
    if since:
        context.since = since[-1].ids[0]


def _scopes(reading: Reading) -> set[int]:
    """Starts of place mentions that only say among whom a rank holds: "the highest number in Wales"."""
    starts = set()
    for statement in reading.statements:
        if statement.type == "rank" and statement.subject != "record":
            for mention in reading.places:
                gap = reading.text[statement.end : mention.start]
                if mention.start >= statement.end and _AMONG.search(gap) and not _NO_SCOPE.search(gap):
                    starts.add(mention.start)
                    break
    return starts


def _find_scope(statement: Statement, reading: Reading) -> str:
    for mention in reading.places:
        gap = reading.text[statement.end : mention.start]
        if mention.start < statement.end or len(gap) >= 60:
            continue
        if _AMONG.search(gap) and not _NO_SCOPE.search(gap):
            return mention.key
    if _REGION.search(reading.text, statement.end):
        return "region"
    return ""


def _find_place(statement: Statement, reading: Reading, topic: Topic, context: Context) -> tuple[str, ...]:
    scopes = _scopes(reading)
    mentions = [m for m in reading.places if m.start not in scopes]
    if statement.type == "comparison":
        mentions = [m for m in mentions if m.key != NATION]
    if statement.type == "multiple" and context.places and _THAT_IS.match(reading.text):
        return tuple(dict.fromkeys(context.places))
    if statement.type == "share" and not reading.categories and (named := _share_out(statement, reading)):
        return (named,)
    if beside := _find_beside(statement, reading, mentions):
        return (beside,)
    if statement.type in {"mode", "minimum", "maximum"} and any(m.key == NATION for m in reading.places):
        return (NATION,)
    if statement.role in {"part", "whole"} and (named := _share_out(statement, reading)):
        return (named,)
    if statement.role == "whole" and scopes:
        return tuple(m.key for m in reading.places if m.start in scopes)
    before = [m for m in mentions if m.end <= statement.start]
    known = [m for m in before if m.key != UNKNOWN]
    if known:
        return (_choose_before(statement, reading, known),)
    if before:
        return (UNKNOWN,)
    if _REGION.search(reading.text) and statement.type != "rank":
        region = topic.gazetteer.region_of.get((context.places or [context.first])[0])
        if region:
            return (region,)
    if statement.type == "comparison":
        return tuple(place for place in (*context.places, context.first) if place and place != NATION)
    return _find_later_place(statement, reading, context, mentions)


def _find_later_place(
    statement: Statement, reading: Reading, context: Context, mentions: Sequence[Mention]
) -> tuple[str, ...]:
    """The places of a number that none stands before: the next that is nobody's, else those spoken of."""
    heads = {m.start for m in mentions for s in reading.statements if _is_headed(m, s, reading)}
    later = [
        m.key
        for m in mentions
        if m.start >= statement.end
        and m.key != UNKNOWN
        and m.start not in heads
        and not _APART.search(reading.text, statement.end, m.start)
    ]
    if later and not (context.places and (statement.role == "base" or _goes_on(statement, reading, later[0]))):
        return (later[0],)
    carried = tuple(dict.fromkeys(place for place in (*context.places, context.first) if place))
    own = [place for place in carried if not is_area(place)] if _BODY.search(reading.text) else []
    if own:
        return (own[0],)
    return carried if context.places else (*carried, NATION)


def _is_headed(mention: Mention, statement: Statement, reading: Reading) -> bool:
    """Whether a place stands right before a number that is its own: "Kent 246", "Kent (246)"."""
    gap = reading.text[mention.end : statement.start] if mention.end <= statement.start else "."
    return _HEADED.fullmatch(gap) is not None


def _find_beside(statement: Statement, reading: Reading, mentions: Sequence[Mention]) -> str:
    """The place that heads a number, or that follows it in its clause; "" where neither does."""
    for mention in mentions if statement.type != "rank" else ():
        if _is_headed(mention, statement, reading):
            return mention.key
    aside = _ASIDE.match(reading.text, statement.end)
    left, right = aside.span("aside") if aside else (statement.end, statement.end)
    ends = (s.start for s in reading.statements if s.start >= statement.end and s.type != "count_of_forces")
    follows = min((end for end in ends if not left <= end < right), default=len(reading.text))
    for mention in reading.places if statement.role == "whole" else mentions:
        if statement.end <= mention.start < follows and not left <= mention.start < right:
            gap = reading.text[statement.end : mention.start]
            if aside and right <= mention.start:
                gap = reading.text[statement.end : left] + reading.text[right : mention.start]
            if (
                len(gap) <= 110
                and not _NO_JUMP.search(gap)
                and (_ADJACENT.fullmatch(gap) or (mention.key == NATION and _is_close(gap)))
            ):
                if statement.type == "rank" and mention.key != UNKNOWN:
                    break
                return mention.key
    return ""


def _share_out(statement: Statement, reading: Reading) -> str:
    """Of a place and the whole area named beside "498 of 1,339", the place for the part and the area for the whole."""
    keys = {m.key for m in reading.places}
    if NATION not in keys or len(keys) != 2 or UNKNOWN in keys:
        return ""
    return NATION if statement.role == "whole" else next(iter(keys - {NATION}))


def _add_twins(places: tuple[str, ...], reading: Reading, topic: Topic) -> tuple[str, ...]:
    """The places, and after a force the region of the same name, where the text does not say which of them it means."""
    found: list[str] = []
    for place in places:
        found.append(place)
        twin = topic.gazetteer.twins.get(place)
        if twin and not re.search(rf"{re.escape(topic.gazetteer.names[place].lower())}\s+police", reading.text):
            found.append(twin)
    return tuple(dict.fromkeys(found))


def _is_close(gap: str) -> bool:
    return len(gap.split()) <= 5 and re.search(r"\band\b", gap) is None


def _goes_on(statement: Statement, reading: Reading, later: str) -> bool:
    """Whether a sentence still speaks of the place before it: it begins with "the force" or "it", or only later
    turns to the whole area."""
    return later == NATION or _PRONOUN.search(reading.text, 0, statement.start) is not None


def _choose_before(statement: Statement, reading: Reading, known: Sequence[object]) -> str:
    """The last place before a statement; a rank is said of the first, which is its subject."""
    mentions = [m for m in reading.places if m in known]
    if statement.type == "rank":
        mentions = [m for m in mentions if not _BEATEN.search(reading.text, 0, m.start)] or mentions
        own = [m.key for m in mentions if m.key != NATION and not m.key.startswith("region:")]
        return own[-1] if own else mentions[-1].key
    return mentions[-1].key


def _find_categories(statement: Statement, reading: Reading) -> tuple[CategoryMention, ...]:
    """Categories named in the statement's own stretch of the sentence, the nearest first."""
    if statement.type in {"mode", "minimum", "maximum", "rank", "count_of_forces"} or statement.role == "whole":
        return ()
    left = max((s.end for s in reading.statements if s.end <= statement.start), default=0)
    before = [s for s in reading.statements if s.end <= statement.start and s.type in COUNTED]
    if statement.type == "share" and before and _RESTATES.fullmatch(reading.text, before[-1].end, statement.start):
        left = before[-2].end if len(before) > 1 else 0
    apart = [s for s in reading.statements if s.start >= statement.end]
    if apart and statement.type == "share" and reading.text[: apart[0].start].endswith("("):
        apart = apart[1:] if reading.text.startswith(")", apart[0].end) else apart
    if apart and apart[0].role == (
        "part" if statement.type == "share" else "whole" if statement.role == "part" else "-"
    ):
        apart = apart[1:]
    right = min((s.start for s in apart), default=len(reading.text))
    near = [
        m
        for m in reading.categories
        if left <= m.start and m.end <= right and not (m.start < statement.end and statement.start < m.end)
    ]
    if not near and (part := _PART_OF.search(reading.text, 0, statement.start)) and statement.role == "part":
        near = [m for m in reading.categories if m.end <= part.start()]
    return tuple(sorted(near, key=lambda m: _measure_gap(statement, reading, m)))


def _find_compared(places: Sequence[str], here: Sequence[Bound]) -> str:
    """The period of the count that another place's is compared with: "323 in Kent compared with 167 in Sussex"."""
    counts = [b for b in here if b.statement.type in COUNTED and b.period]
    return counts[-1].period if counts and counts[-1].places[:1] != tuple(places[:1]) else ""


def _carry_categories(statement: Statement, reading: Reading, context: Context) -> tuple[CategoryMention, ...]:
    """The categories of the count before, for a share that only says "that is 58%"."""
    said = statement.type == "share" and not reading.categories and not statement.subject
    return context.categories if said and _THAT.search(reading.text) else ()


_THAT = re.compile(r"\b(?:that|this|these|which)\s+(?:is|was|are|were|makes?|made|equals|represents?|amounts|works)\b")


def _measure_gap(statement: Statement, reading: Reading, mention: CategoryMention) -> int:
    """How far a category stands from a number; one that a comma or more parts from it stands further."""
    if mention.start >= statement.end:
        return mention.start - statement.end
    gap = reading.text[mention.end : statement.start]
    return statement.start - mention.end + (40 if re.search(r"[,;:(]", gap) else 0)
