"""A label's text -> Resolved: whole first, then its period, code and ages, then phrase by phrase.

The trap is the half-understood label: "Attempted rape" holds "rape" and is another category, so words that no
phrase covers stay as residue and the label settles nothing.
"""

import re

from answerable.lookups import Lookups
from answerable.model import Period
from answerable.observations.folding import FILLER, differ_by_one, find_neighbours, fold_label, spell_label
from answerable.observations.labels import (
    UNIT_WORDS,
    LabelIndex,
    Meaning,
    Phrase,
    Resolved,
    find_age_meanings,
    find_codes,
    normalise_number,
)
from answerable.values import Span, find_spans, parse_period_label, parse_subperiod, strip_marks

TOTAL_WORDS = frozenset(("total", "sum", "overall", "all", "grand", "subtotal", "combined", "altogether"))
_DERIVED = re.compile(
    r"(?:.*%.*|.*\bper ?cent(?:age)?\b.*|(?:.*\b)?(?:change|difference|increase|decrease|variance|diff|"
    r"rate|average|mean|rank)s?\b.*)",
    re.I | re.S,
)
_CUE = re.compile(
    r"(?:in\s+(?:answer|response|reply|relation|respect|regard)\s+(?:to|of)\s+(?:your\s+)?)?"
    r"(?:(?:question|response|answer|request|reply|part|point|q|a(?=\d))\s*(?:to\s+)?(?:question\s*|q\s*|part\s*|"
    r"no\.?\s*|number\s*)?)\(?"
    r"(\d{1,2}\s*\(?[a-h]?\)?|[a-h](?![a-z])|one|two|three|four|five|six|seven|eight|nine|ten)\b(?!-\d)\)?",
    re.I,
)
_BARE_CUE = re.compile(
    r"\(?(\d{1,2}\s*[a-h]?|[a-h])\s*(?:[.)]|[:=](?=\s))|\(?(\d{1,2}\s*\(?[a-h]\)?)(?=\s|$)|(\d{1,2})$", re.I
)
_LEADING_CODE = re.compile(r"(?:OC\s*|outcome\s*)?\d{1,2}[A-Za-z]?\s*[:.–-]\s*(?=[A-Za-z])|OC\d{1,2}[a-z]?\s+", re.I)


def resolve_label(index: LabelIndex, text: str, lookups: Lookups, authority: str, document: str) -> Resolved:
    """What a label says, patches first; a Resolved without parts where nothing is recognised."""
    for patch in lookups.labels:
        if patch.scope.covers(authority, document) and (
            patch.text == text or fold_label(patch.text) == fold_label(text)
        ):
            return Resolved(parts=tuple((meaning,) for meaning in _read_patch(patch)))
    key = (text, "")
    if key not in index.memo:
        index.memo[key] = _resolve(index, text)
    return index.memo[key]


def _read_patch(patch) -> list[Meaning]:  # type: ignore[no-untyped-def]
    why = f'lookup {patch.key}: "{patch.text}", {patch.reason}'
    made = []
    if patch.category:
        made.append(Meaning(role="category", key=patch.category, dimension=patch.dimension, why=why, patch=patch.key))
    if patch.total:
        made.append(Meaning(role="total", dimension=patch.dimension, why=why, patch=patch.key))
    for role in ("question", "period", "unit"):
        if key := getattr(patch, role):
            made.append(Meaning(role=role, key=key, why=why, patch=patch.key))
    return made


def _resolve(index: LabelIndex, text: str) -> Resolved:
    label = " ".join(strip_marks(text)[0].split()).strip(" :-–")
    words = fold_label(label)
    if not words:
        return Resolved()
    if found := index.exact.get(words):
        known = {(m.role, m.dimension, m.key) for m in found}
        ages = find_age_meanings(index, label)
        return Resolved(parts=(found + tuple(m for m in ages if (m.role, m.dimension, m.key) not in known),))
    if span := parse_period_label(label):
        return Resolved(parts=((name_span(index, span, label),),))
    for read in (_read_subperiod, _read_ages, _read_question, _read_derived, _read_total, _read_code):
        if resolved := read(index, label):
            return resolved
    if spans := find_spans(label):
        return _resolve_around(index, label, spans)
    return _cover(index, label, words)


def name_span(index: LabelIndex, span: Span, label: str) -> Meaning:
    """The survey's period with exactly these days, else the span itself. An academic year begins where the survey
    says that it does: in September at schools in England, in August in Scotland and at universities."""
    period = index.periods.get((span.start.isoformat(), span.end.isoformat())) if span.exact else None
    if span.kind == "academic":
        period = period or next(
            (p.id for p in index.survey.periods if is_academic(p) and p.start.year == span.start.year), None
        )
    period = period or next((m.key for m in index.exact.get(fold_label(label), ()) if m.role == "period"), None)
    if period:
        return Meaning(role="period", key=period, span=span, why=f'period {period}: "{label}"')
    return Meaning(role="span", key=label, span=span, why=f'"{label}" is {span.start} to {span.end}')


def is_academic(period: Period) -> bool:
    """Whether a period is a year from August, September or October."""
    return period.start.month in (8, 9, 10) and (period.end - period.start).days in (364, 365)


def _read_subperiod(index: LabelIndex, label: str) -> Resolved | None:
    part = parse_subperiod(label)
    if part is None:
        return None
    alternatives = [
        Meaning(role="subperiod", key=f"{part[0]}-{part[1]}", why=f'months {part[0]} to {part[1]}: "{label}"')
    ]
    number = normalise_number(label)
    if re.fullmatch(r"q[1-4]", "".join(fold_label(label))) and number in index.numbers:
        alternatives.append(_name_question(index, number, label))
    return Resolved(parts=(tuple(alternatives),))


def _read_ages(index: LabelIndex, label: str) -> Resolved | None:
    found = find_age_meanings(index, label)
    if not found:
        return None
    number = normalise_number(label)
    if all(meaning.weak for meaning in found) and number in index.numbers:
        return Resolved(parts=((*found, _name_question(index, number, label)),))
    return Resolved(parts=(found,))


def _name_question(index: LabelIndex, number: str, label: str) -> Meaning:
    return Meaning(role="question", key=index.numbers[number], why=f'question {number}: "{label}"')


def read_cue(index: LabelIndex, text: str) -> tuple[str, Meaning | None, int]:
    """A question's number at the head of a text: (number, its Meaning if asked, characters used); ("", None, 0)
    where there is none."""
    if text not in index.heads:
        index.heads[text] = _read_cue(index, text)
    return index.heads[text]


def _read_cue(index: LabelIndex, text: str) -> tuple[str, Meaning | None, int]:
    for pattern in (_CUE, _BARE_CUE):
        if match := pattern.match(text.strip()):
            number = normalise_number(next(group for group in match.groups() if group))
            if number in index.numbers:
                return number, _name_question(index, number, match[0]), match.end()
            if pattern is _CUE and number:
                return number, None, match.end()
    return "", None, 0


def _read_question(index: LabelIndex, label: str) -> Resolved | None:
    number, meaning, used = read_cue(index, label)
    if not number:
        return None
    part = meaning or Meaning(role="no_question", key=number, why=f'question {number} was not asked: "{label}"')
    rest = label[used:].strip(" .:)-–=")
    if not rest:
        return Resolved(parts=((part,),))
    inner = _resolve(index, rest)
    if not inner.settled and _CUE.match(label) is None:
        return None
    return Resolved(parts=((part,), *inner.parts), residue=inner.residue)


def _read_derived(_: LabelIndex, label: str) -> Resolved | None:
    return Resolved(parts=((Meaning(role="derived", key=label),),)) if _DERIVED.fullmatch(label) else None


def _read_total(index: LabelIndex, label: str) -> Resolved | None:
    """ "Total", "Sum:", "Grand Total", "All ages": a total word and nothing that means anything else."""
    words = fold_label(label)
    if not TOTAL_WORDS & set(words):
        return None
    rest = tuple(word for word in words if word not in TOTAL_WORDS)
    named = [m for m in index.exact.get(rest, ()) if m.role == "dimension"] if rest else []
    if rest and not named and not set(rest) <= FILLER | set(UNIT_WORDS) | index.topic:
        return None
    dimension = named[0].dimension if len(named) == 1 else ""
    return Resolved(parts=((Meaning(role="total", dimension=dimension, why=f'total: "{label}"'),),))


def _read_code(index: LabelIndex, label: str) -> Resolved | None:
    found = [meaning for code in find_codes(label) for meaning in index.codes.get(code, ())]
    names = {(meaning.dimension, meaning.key) for meaning in found}
    if len(names) == 1:
        why = f'{found[0].why}, Home Office code in "{label[:60]}"'
        rest = re.sub(r"(?<![\d/])0*\d{1,3}(?:/\d{1,2}[A-Z]?|[A-Z])(?![\d/])", " ", label)
        meaning = Meaning(role="category", key=found[0].key, dimension=found[0].dimension, why=why)
        spans = find_spans(rest)
        others = [(name_span(index, span, rest[a:b]),) for a, b, span in spans]
        return Resolved(parts=((meaning,), *others))
    if match := _LEADING_CODE.match(label):
        inner = _resolve(index, label[match.end() :])
        return inner if inner.settled else None
    return None


def _resolve_around(index: LabelIndex, label: str, spans: tuple[tuple[int, int, Span], ...]) -> Resolved:
    """Periods inside a label, and what the rest of it says."""
    parts = [(name_span(index, span, label[first:end]),) for first, end, span in spans]
    rest = label
    for first, end, _ in reversed(spans):
        rest = f"{rest[:first]} {rest[end:]}"
    rest = re.sub(r"[()\[\]:,]|\s[-–]\s", " ", rest).strip(" -–/")
    words = fold_label(rest)
    if not [word for word in words if word not in FILLER]:
        if TOTAL_WORDS & set(words):
            return Resolved(parts=((Meaning(role="total", why=f'total: "{label}"'),), *parts))
        return Resolved(parts=(*parts, *_read_units(words)))
    inner = _resolve(index, rest)
    return Resolved(parts=(*inner.parts, *parts), residue=inner.residue)


def _read_units(words: Phrase) -> tuple[tuple[Meaning, ...], ...]:
    units = list(dict.fromkeys(UNIT_WORDS[word] for word in words if word in UNIT_WORDS))
    return tuple((Meaning(role="unit", key=unit, why=f"counts {unit}"),) for unit in units[:1])


def find_phrases(index: LabelIndex, words: Phrase) -> tuple[list[tuple[Meaning, ...]], list[str]]:
    """The survey's phrases in running words, longest first, and the words that belong to none."""
    parts: list[tuple[Meaning, ...]] = []
    rest: list[str] = []
    position = 0
    while position < len(words):
        phrase = match_phrase(index, words, position)
        if phrase:
            parts.append(index.exact[phrase])
        else:
            rest.append(words[position])
        position += len(phrase) or 1
    return parts, rest


def match_phrase(index: LabelIndex, words: Phrase, position: int) -> Phrase:
    """The longest phrase of the survey that begins at a word, () where none does."""
    starts = index.starts.get(words[position], ())
    return next((phrase for phrase in starts if words[position : position + len(phrase)] == phrase), ())


def _cover(index: LabelIndex, label: str, words: Phrase) -> Resolved:
    """The label phrase by phrase, longest first; words that are neither phrase nor filler are residue."""
    parts, loose = find_phrases(index, words)
    residue = [word for word in loose if word not in FILLER and word not in UNIT_WORDS]
    if residue and (near := _find_near(index, label)):
        return Resolved(parts=(near,))
    if residue and (bracketed := re.fullmatch(r"(.*?)\s*[\[(]([^)\]]*)[)\]]", label)) and bracketed[1]:
        outer, inner = _resolve(index, bracketed[1]), _resolve(index, bracketed[2])
        if outer.settled and inner.settled and _agree(outer, inner):
            return Resolved(parts=outer.parts)
    parts = _narrow(parts)
    if residue and set(residue) <= index.topic and not any(m.role == "category" for part in parts for m in part):
        parts.append((_name_topic(words, label),))
        residue = []
    return Resolved(
        parts=(*parts, *(_read_units(tuple(loose)) if not residue and not _repeats(parts) else ())),
        residue=tuple(residue),
    )


def _repeats(parts: list[tuple[Meaning, ...]]) -> bool:
    """Whether a label repeats the question or names a dimension; a unit word in it then counts nothing."""
    return any(m.role in ("question", "topic", "dimension") for part in parts for m in part)


def _name_topic(words: Phrase, label: str) -> Meaning:
    """A label that only repeats the survey's subject."""
    return Meaning(role="topic", key=" ".join(words), why=f'subject: "{label}" repeats what was asked')


def _agree(first: Resolved, second: Resolved) -> bool:
    names = [{(m.role, m.dimension, m.key) for part in side.parts for m in part} for side in (first, second)]
    return bool(names[0] & names[1])


def _narrow(parts: list[tuple[Meaning, ...]]) -> list[tuple[Meaning, ...]]:
    """Alternatives cut to the dimension the label itself names: "Unknown age" is an age."""
    named = {m.dimension for part in parts for m in part if m.role == "dimension"}
    narrowed = []
    for part in parts:
        kept = tuple(m for m in part if m.role == "category" and m.dimension in named)
        narrowed.append(kept or part)
    categories = [part for part in narrowed if any(m.role == "category" for m in part)]
    return [part for part in narrowed if not categories or not all(m.role == "dimension" for m in part)]


def _find_near(index: LabelIndex, label: str) -> tuple[Meaning, ...]:
    """The one label of the survey that differs by one letter; () where none or several do."""
    spelled = spell_label(label)
    if len(spelled) < 5:
        return ()
    close = {item for form in (spelled, *find_neighbours(spelled)) for item in index.near.get(form, ())}
    close = {(text, phrase) for text, phrase in close if differ_by_one(text, spelled)}
    if len({phrase for _, phrase in close}) != 1:
        return ()
    text, phrase = min(close)
    read = f'read "{spelled}" as "{text}": one letter differs and no other label is as near'
    return tuple(
        Meaning(role=m.role, key=m.key, dimension=m.dimension, span=m.span, why=f"{m.why} ({read})")
        for m in index.exact[phrase]
    )
