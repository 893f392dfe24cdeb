"""What the sentences stand on: the figures of one edition, found by what they mean rather than by their ids.

It comes before the grammar and after `figures`. The trap: a figure that is not there is a fact of its own
(a break, a refusal, no reply), so `find_figure` returns None and the grammar says which.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from answerable.model import Answer, Authority, Comparison, Figure, Period, Question, Reply, Survey

Key = tuple[str, str | None, str, str, str | None, tuple[tuple[str, str], ...]]
"""Kind, authority, question, period, base period, dimensions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One edition indexed for telling."""

    survey: Survey
    replies: Mapping[str, Reply]
    figures: Mapping[Key, Figure]
    kinds: Mapping[str, tuple[Figure, ...]]
    placed: Mapping[tuple[str, str | None, str], tuple[Figure, ...]]
    """By kind, authority and period, whatever the question."""
    answers: Mapping[str, tuple[Answer, ...]]
    """Each authority's right of reply, in the order recorded."""

    @property
    def headline(self) -> Question:
        return find_question(self.survey, self.survey.headline)


def prepare_ground(
    survey: Survey, replies: Iterable[Reply], figures: Sequence[Figure], answers: Iterable[Answer] = ()
) -> Ground:
    """Index figures by meaning; the first of two with one meaning stands."""
    index: dict[Key, Figure] = {}
    kinds: dict[str, list[Figure]] = {}
    placed: dict[tuple[str, str | None, str], list[Figure]] = {}
    said: dict[str, list[Answer]] = {}
    for answer in answers:
        said.setdefault(answer.authority, []).append(answer)
    for figure in figures:
        index.setdefault(
            (figure.kind, figure.authority, figure.question, figure.period, figure.base_period, figure.dimensions),
            figure,
        )
        kinds.setdefault(figure.kind, []).append(figure)
        placed.setdefault((figure.kind, figure.authority, figure.period), []).append(figure)
    return Ground(
        survey=survey,
        replies={reply.authority: reply for reply in replies},
        figures=index,
        kinds={kind: tuple(found) for kind, found in kinds.items()},
        placed={key: tuple(found) for key, found in placed.items()},
        answers={key: tuple(found) for key, found in said.items()},
    )


def find_figure(
    ground: Ground,
    kind: str,
    authority: str | None,
    period: str,
    *,
    base: str | None = None,
    question: str | None = None,
    dimensions: tuple[tuple[str, str], ...] = (),
) -> Figure | None:
    """The figure of this meaning, None where the edition has none; the headline question unless one is named."""
    return ground.figures.get((kind, authority, question or ground.survey.headline, period, base, dimensions))


def find_question(survey: Survey, name: str) -> Question:
    """The question with this id."""
    return next(question for question in survey.questions if question.id == name)


def find_period(survey: Survey, name: str) -> Period:
    """The period with this id."""
    return next(period for period in survey.periods if period.id == name)


def find_authority(survey: Survey, name: str) -> Authority:
    """The authority with this id."""
    return next(authority for authority in survey.authorities if authority.id == name)


def list_comparisons(survey: Survey) -> tuple[Comparison, ...]:
    """The published comparisons, the latest first, the nearest base first among them."""
    order = {period.id: index for index, period in enumerate(survey.periods)}
    return tuple(sorted(survey.comparisons, key=lambda pair: (-order[pair.period], -order[pair.base])))


def list_regions(survey: Survey) -> tuple[str, ...]:
    """Regions of the survey's authorities, in the register's order of first mention, sorted by name."""
    return tuple(sorted({authority.region for authority in survey.authorities if authority.region}))
