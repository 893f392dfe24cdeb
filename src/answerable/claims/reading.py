"""A text -> its sentences with everything found in them: statements, places, periods, categories.

The last step that looks at words alone; binding works on Readings. Sentences without a number or superlative
are read too, since the place and the period they name carry over to the next. The trap: a byline or a
caption names a place as loudly as a sentence does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from answerable.claims.counts import Setting
from answerable.claims.grammar import find_statements
from answerable.claims.measures import CategoryMention, Measures, find_categories, make_measures
from answerable.claims.periods import Calendar, PeriodMention, find_periods
from answerable.claims.phrases import Mention
from answerable.claims.places import NATION, UNKNOWN, Gazetteer, find_places, make_gazetteer
from answerable.claims.sentences import Sentence, prepare_text, split_sentences
from answerable.claims.series import Series, index_figures
from answerable.claims.statement import Statement
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
class Reading:
    """One sentence with what was found in it; spans are within the sentence."""

    index: int
    sentence: Sentence
    statements: tuple[Statement, ...]
    places: tuple[Mention, ...]
    periods: tuple[PeriodMention, ...]
    categories: tuple[CategoryMention, ...]

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
    carried = False
    for index, sentence in enumerate(split_sentences(text)):
        original = plain[sentence.start : sentence.end]
        places = find_places(topic.gazetteer, sentence.text, original)
        periods = find_periods(topic.calendar, sentence.text)
        statements = find_statements(sentence.text, topic.nouns, original, _read_setting(places, periods, carried))
        categories = find_categories(topic.measures, sentence.text) if topic.measures else []
        readings.append(
            Reading(
                index=index,
                sentence=sentence,
                statements=tuple(_drop_names(statements, places)),
                places=tuple(places),
                periods=tuple(periods),
                categories=tuple(categories),
            )
        )
        carried = any(statement.type in {"total", "threshold"} for statement in statements)
    return tuple(readings)


def _read_setting(places: Sequence[Mention], periods: Sequence[PeriodMention], carried: bool) -> Setting:
    known = tuple((m.start, m.end) for m in places if m.key not in {UNKNOWN, NATION})
    return Setting(places=known, timed=any(m.kind not in {"unknown", "many"} for m in periods), carried=carried)


def _drop_names(statements: Sequence[Statement], places: Sequence[Mention]) -> list[Statement]:
    """Statements that do not lie inside a name."""
    return [s for s in statements if not any(p.start < s.end and s.start < p.end for p in places)]
