"""A text -> its sentences with everything found in them: statements, places, periods, categories.

The last step that looks at words alone; binding works on Readings. Sentences without a number or superlative
are read too, since the place and the period they name carry over to the next. The trap: a byline or a
caption names a place as loudly as a sentence does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from answerable.claims.counts import Setting
from answerable.claims.grammar import find_statements
from answerable.claims.measures import CategoryMention, Measures, find_categories, make_measures
from answerable.claims.numbers import find_numbers
from answerable.claims.periods import Calendar, PeriodMention, find_periods
from answerable.claims.phrases import Mention
from answerable.claims.places import NATION, UNKNOWN, Gazetteer, find_places, make_gazetteer
from answerable.claims.rows import Cell, find_cells
from answerable.claims.sentences import Sentence, lower_text, prepare_text, split_sentences
from answerable.claims.series import Series, index_figures
from answerable.claims.statement import Statement, make_statement
from answerable.claims.words import SUMS, UNIT_NOUNS
from answerable.model import Authority, Figure, Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Everything known about one survey that a text can be checked against."""

    gazetteer: Gazetteer
    calendar: Calendar
    measures: Measures | None
    series: Series
    survey: Survey | None
    nouns: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A number of a table at `start` of its sentence, with the place and the period that its row and column name."""

    start: int
    place: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One sentence with what was found in it; spans are within the sentence."""

    index: int
    sentence: Sentence
    statements: tuple[Statement, ...]
    places: tuple[Mention, ...]
    periods: tuple[PeriodMention, ...]
    categories: tuple[CategoryMention, ...]
    cells: tuple[Placed, ...] = ()

    @property
    def text(self) -> str:
        return self.sentence.text


def make_topic(survey: Survey, figures: Sequence[Figure]) -> Topic:
    """The Topic of a survey and its figures."""
    calendar = Calendar(periods=survey.periods)
    return Topic(
        gazetteer=make_gazetteer(survey.authorities, survey.area),
        calendar=calendar,
        measures=make_measures(survey),
        series=index_figures(figures, survey, calendar),
        survey=survey,
        nouns=survey.authority_noun,
    )


def make_bare_topic(authorities: Sequence[Authority] = ()) -> Topic:
    """A Topic that knows no figures: for checking a text against its own numbers."""
    return Topic(
        gazetteer=make_gazetteer(authorities, "England and Wales"),
        calendar=Calendar(),
        measures=None,
        series=Series(),
        survey=None,
        nouns=("force", "forces"),
    )


def read_sentences(text: str, topic: Topic) -> tuple[Reading, ...]:
    """The Readings of a text, one a sentence."""
    plain = prepare_text(text)
    readings: list[Reading] = []
    carried, counted, moved = False, -9, False
    cells = find_cells(text)
    for index, sentence in enumerate(split_sentences(text)):
        original = plain[sentence.start : sentence.end]
        places = find_places(topic.gazetteer, sentence.text, original)
        periods = find_periods(topic.calendar, sentence.text)
        statements = find_statements(
            sentence.text, topic.nouns, original, _read_setting(places, periods, carried, topic.measures, sentence.text)
        )
        categories = find_categories(topic.measures, sentence.text) if topic.measures else []
        if not (places or periods or categories) and index - counted > 3:
            statements = _drop_unrelated(statements, sentence.text)
        inside = [cell for cell in cells if sentence.start <= cell.start and cell.end <= sentence.end]
        placed, statements = _read_cells(inside, sentence, statements, topic)
        statements = tuple(_read_moved(s, sentence.text) if moved and not categories else s for s in statements)
        readings.append(
            Reading(
                index=index,
                sentence=sentence,
                statements=tuple(_drop_names(statements, places)),
                places=tuple(places),
                periods=tuple(periods),
                categories=tuple(categories),
                cells=placed,
            )
        )
        asked = sentence.text.rstrip("\"') ").endswith("?") and bool(places or periods)
        moved = {"base", "now"} & {s.role for s in statements} != set() or (moved and bool(statements))
        counts = any(statement.type in {"total", "threshold"} for statement in statements)
        carried = asked or counts or any(s.type in {"multiple", "change_pct", "change_abs"} for s in statements)
        counted = index if counts else counted
    return tuple(readings)


_MOVED = re.compile(r"(?i)\b(?:change|rise|increase|fall|growth|difference|\+/-)|[%±]")
_NO_COUNT = re.compile(r"(?i)\b(?:rank|rate|per|population|average|share|age|days?)\b")


def _read_cells(
    cells: Sequence[Cell], sentence: Sentence, statements: Sequence[Statement], topic: Topic
) -> tuple[tuple[Placed, ...], tuple[Statement, ...]]:
    """The statements of a sentence that is a row of a table: its numbers are what the heads of row and column say."""
    placed: list[Placed] = []
    found = list(statements)
    for cell in cells:
        start, end = cell.start - sentence.start, cell.end - sentence.start
        heads = " ".join((cell.label, cell.heading))
        places = find_places(topic.gazetteer, lower_text(heads), heads)
        periods = [m for m in find_periods(topic.calendar, lower_text(heads)) if m.kind == "at"]
        number = next((n for n in find_numbers(sentence.text[start:end])), None)
        if number is None or not (places or periods) or _NO_COUNT.search(cell.heading):
            continue
        found = [s for s in found if s.end <= start or s.start >= end]
        moved = cell.percent or _MOVED.search(cell.heading) is not None
        form = "percent" if cell.percent or "%" in cell.heading else "number"
        type_ = "total" if not moved else "change_pct" if form == "percent" else "change_abs"
        moved_as = {"direction": cell.sign or 1} if moved else {}
        made = make_statement(number, sentence.text[start:end], type_, form, **moved_as)
        found.append(replace(made, start=start, end=end, anchor=start))
        key = places[0].key if places else ""
        placed.append(Placed(start=start, place=key, period=periods[0].ids[0] if periods else ""))
    return tuple(placed), tuple(sorted(found, key=lambda s: (s.start, s.end)))


def _read_setting(
    places: Sequence[Mention], periods: Sequence[PeriodMention], carried: bool, measures: Measures | None, text: str
) -> Setting:
    subjects = tuple((m.start, m.end) for m in measures.subjects.find(text)) if measures else ()
    known = tuple(
        (m.start, m.end)
        for m in places
        if m.key not in {UNKNOWN, NATION} or (m.key == NATION and text[m.end : m.end + 1] == ":")
    )
    return Setting(
        places=known,
        times=tuple((m.start, m.end) for m in periods if m.kind in {"at", "offset"} or "r" in m.label),
        timed=any(m.kind not in {"unknown", "many"} for m in periods),
        carried=carried,
        subjects=subjects,
    )


_SAYS = re.compile(
    r"(?:^\W*|\b(?:that's|it's|that\s+is|it\s+is|says?|said|makes|equals|put\s+it\s+at|works\s+out\s+(?:at|as))\s+)$"
)


def _read_moved(statement: Statement, text: str) -> Statement:
    """A bare percentage after two counts compared is their change: "98 to 323. The papers say 229.5%"."""
    bare = statement.type == "share" and statement.form == "percent" and not statement.subject
    if bare and _SAYS.search(text, 0, statement.start) and re.match(r"\s*(?:[.,;:)!?]|$)", text[statement.end :]):
        return replace(statement, type="change_pct")
    return statement


_PLURALS = [noun for noun in UNIT_NOUNS if noun.endswith("s") or noun in {"children", "people", "women", "men"}]
_COUNTED = re.compile(
    rf"\b(?:{'|'.join([*_PLURALS, *SUMS])}|rates?|share|proportion|force|forces|police|councils?|grooming)\b"
)


def _drop_unrelated(statements: Sequence[Statement], text: str) -> tuple[Statement, ...]:
    """Without the percentages of a sentence in which nothing is counted: a battery at 15%, a pass mark of 40%."""
    if _COUNTED.search(text) or any(s.form not in {"percent", "fraction"} for s in statements):
        return tuple(statements)
    return tuple(s for s in statements if s.hedge == "" and s.type == "change_pct" and s.direction and s.start < 3)


def _drop_names(statements: Sequence[Statement], places: Sequence[Mention]) -> list[Statement]:
    """Statements that do not lie inside a name."""
    return [s for s in statements if not any(p.start < s.end and s.start < p.end for p in places)]
