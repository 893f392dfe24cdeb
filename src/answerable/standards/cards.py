"""What the pages of an audit show, gathered from results for their templates.

One Card a service and edition; the pages, the releases and the case file are all set from it. The trap: a card of
200 services is made in one pass over the results, never by looking through all results for each service.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from answerable.model import Period
from answerable.standards.audit import Response, Service
from answerable.standards.differences import Difference, compare_results
from answerable.standards.observed import ObservedSetting
from answerable.standards.reading import Reading
from answerable.standards.results import Result, judge_audit
from answerable.standards.rules import ADULT, Origin, Rule, Setting
from answerable.standards.scores import (
    Agreement,
    Score,
    find_places,
    find_same_as_adult,
    measure_agreement,
    rank_scores,
    score_services,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One rule on a card: its results by age, and the answers of the adult control."""

    rule: Rule
    setting: Setting
    results: Mapping[int, Result]
    control: tuple[str, ...]
    observed: tuple[ObservedSetting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One difference of a rule at every age where it is the same."""

    ages: tuple[int, ...]
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One service in one edition."""

    service: Service
    edition: Period
    results: tuple[Result, ...]
    score: Score
    confirmed: Score
    place: tuple[int, int] | None
    parts: tuple[tuple[Origin, tuple[Line, ...]], ...]
    """Rules that were tested, by the document they stand in."""
    untested: tuple[Rule, ...]
    """Rules that apply and that nobody tested."""
    left_out: tuple[tuple[Rule, str], ...]
    """Rules that were not applied, each with why."""
    responses: tuple[Response, ...]
    differences: tuple[Move, ...]
    same_as_adult: tuple[int, int] | None
    earlier: tuple[Score, ...]
    """The service's scores in the editions before, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything about an audit that pages are set from; `cards` are those of `edition`, best score first."""

    reading: Reading
    edition: Period
    before: Period | None
    results: tuple[Result, ...]
    scores: Mapping[tuple[str, str], Score]
    cards: tuple[Card, ...]
    differences: tuple[Difference, ...]
    agreement: tuple[Agreement, ...]

    @property
    def ages(self) -> tuple[int, ...]:
        """The declared ages that rules judge."""
        return tuple(age for age in self.reading.audit.ages if age < ADULT)


def make_board(reading: Reading, edition: str | None = None) -> Board:
    """The board of one edition, the last where none is named."""
    audit = reading.audit
    periods = audit.survey.periods
    at = next((number for number, item in enumerate(periods) if item.id == edition), len(periods) - 1)
    now, before = periods[at], periods[at - 1] if at else None
    results = judge_audit(audit, reading.standards, reading.observed)
    by_edition = {name: tuple(own) for name, own in groupby(results, key=lambda item: item.edition)}
    current = by_edition.get(now.id, ())
    scores, confirmed = score_services(results), score_services(current, confirmed=True)
    earlier = by_edition.get(before.id, ()) if before else ()
    found = compare_results(earlier, current) if before else ()
    changes: dict[str, list[Difference]] = {}
    for item in found:
        changes.setdefault(item.service, []).append(item)
    ranked = rank_scores(score for (name, _), score in scores.items() if name == now.id)
    makers = _CardMaker(
        reading=reading,
        edition=now,
        own={name: tuple(own) for name, own in groupby(current, key=lambda item: item.service)},
        scores=scores,
        confirmed=confirmed,
        places=find_places(ranked),
        changes=changes,
        same=find_same_as_adult(audit, reading.observed),
        control=_find_control(reading.observed, now.id),
        past=tuple(item.id for item in periods[:at]),
    )
    services = {item.id: item for item in audit.services}
    return Board(
        reading=reading,
        edition=now,
        before=before,
        results=results,
        scores=scores,
        cards=tuple(makers.make(services[score.service]) for score in ranked),
        differences=found,
        agreement=measure_agreement(reading.observed),
    )


def _find_control(observed: Iterable[ObservedSetting], edition: str) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], dict[str, None]] = {}
    for item in observed:
        if item.edition == edition and item.age == ADULT:
            found.setdefault((item.visit.service, item.setting), {})[item.value] = None
    return {key: tuple(values) for key, values in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _CardMaker:
    """What all cards of an edition are made from."""

    reading: Reading
    edition: Period
    own: Mapping[str, tuple[Result, ...]]
    scores: Mapping[tuple[str, str], Score]
    confirmed: Mapping[tuple[str, str], Score]
    places: Mapping[str, tuple[int, int]]
    changes: Mapping[str, list[Difference]]
    same: Mapping[tuple[str, str], tuple[int, int]]
    control: Mapping[tuple[str, str], tuple[str, ...]]
    past: tuple[str, ...]

    def make(self, service: Service) -> Card:
        results = self.own.get(service.id, ())
        lines, left_out = self._list_lines(service, results)
        key = (self.edition.id, service.id)
        return Card(
            service=service,
            edition=self.edition,
            results=results,
            score=self.scores[key],
            confirmed=self.confirmed[key],
            place=self.places.get(service.id),
            parts=_group_lines(line for line in lines if line.observed),
            untested=tuple(line.rule for line in lines if not line.observed),
            left_out=left_out,
            responses=tuple(
                item for item in self.reading.responses if (item.edition, item.service) == (self.edition.id, service.id)
            ),
            differences=group_differences(self.changes.get(service.id, ())),
            same_as_adult=self.same.get(key),
            earlier=tuple(self.scores[name, service.id] for name in self.past if (name, service.id) in self.scores),
        )

    def _list_lines(
        self, service: Service, results: Sequence[Result]
    ) -> tuple[list[Line], tuple[tuple[Rule, str], ...]]:
        settings = {item.id: item for item in self.reading.standards.settings}
        lines: list[Line] = []
        left_out: dict[str, tuple[Rule, str]] = {}
        for _, group in groupby(results, key=lambda item: item.rule.id):
            own = tuple(group)
            rule = own[-1].rule
            if all(item.verdict == "not_applicable" for item in own):
                left_out[rule.id] = (rule, own[0].reason)
                continue
            lines.append(
                Line(
                    rule=rule,
                    setting=settings[rule.setting],
                    results={item.age: item for item in own},
                    control=self.control.get((service.id, rule.setting), ()),
                    observed=tuple(sorted((seen for item in own for seen in item.observed), key=_sort_seen)),
                )
            )
        return lines, tuple(left_out.values())


def _sort_seen(item: ObservedSetting) -> tuple[int, date, str, int]:
    return item.age, item.visit.on, item.visit.tester, item.visit.run


def group_differences(found: Iterable[Difference]) -> tuple[Move, ...]:
    """Differences of one service, ages of a rule that moved alike together."""
    groups: dict[tuple[object, ...], list[Difference]] = {}
    for item in found:
        sides = tuple((side.verdict, side.values) if side else None for side in (item.before, item.after))
        groups.setdefault((item.result.rule.id, item.kind, *sides), []).append(item)
    return tuple(Move(ages=tuple(item.result.age for item in own), difference=own[0]) for own in groups.values())


def _group_lines(lines: Iterable[Line]) -> tuple[tuple[Origin, tuple[Line, ...]], ...]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.rule.origin.id, []).append(line)
    return tuple((own[0].rule.origin, tuple(own)) for own in found.values())
