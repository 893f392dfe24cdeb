"""Two editions -> every figure and every printed sentence that differs, and the replies that made it differ.

It stands after the stories and before `publish`, which prints it as errata. A figure is the same one while its id
is; a sentence is the same one while it stands in the same part of the same story and states the same figures. The
trap: two editions, each harmless, may together give away a suppressed count, so what the gate finds when both are
solved at once is shown as [c].
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from answerable.bounds import find_narrowed
from answerable.model import Edition, Figure, Sentence, Survey
from answerable.stories.causes import MARK, Cause, Trail, find_causes, find_families, follow_readings
from answerable.stories.grammar import write_value
from answerable.stories.printed import Placed, Printed, print_edition
from answerable.stories.wording import write_chance

Change = Literal["added", "removed", "changed"]

NO_REPLY = "no reply changed: the survey's settings, a lookup, a published reference or the method did"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What one edition printed: its text, and for a figure its numbers and how many authorities are in it."""

    text: str
    value: int | float | str | None = None
    low: int | float | None = None
    high: int | float | None = None
    n_answered: int | None = None
    n_matched: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure or sentence that two editions print differently.

    `id` is the figure's id, or place/part/number of the sentence; `old` is None where it was added and `new` where
    it was removed; `figures` are the figures concerned; `reason` stands where no reply is the cause. `hidden` is
    True where the text is [c] because both editions together would give a suppressed count away.
    """

    subject: Literal["figure", "sentence"]
    change: Change
    id: str
    title: str
    kind: str
    authority: str | None
    question: str
    period: str
    old: Value | None
    new: Value | None
    figures: tuple[str, ...]
    causes: tuple[Cause, ...] = ()
    reason: str = ""
    hidden: bool = False


def find_differences(old: Edition, new: Edition) -> tuple[Difference, ...]:
    """Every difference between two editions in memory, figures before sentences, in the order they are printed."""
    return compare_printed(new.survey, print_edition(old, "old"), print_edition(new, "new"))


def compare_printed(survey: Survey, old: Printed, new: Printed) -> tuple[Difference, ...]:
    """As `find_differences`, for editions as they were printed; sentences only where both kept theirs."""
    trail = follow_readings(survey, old, new)
    figures = list(_compare_figures(trail, old.figures, new.figures))
    by_id = {item.id: item for item in figures}
    sentences: list[Difference] = []
    if old.sentences is not None and new.sentences is not None:
        sentences = list(_compare_sentences(by_id, old.sentences, new.sentences))
    return _hide_leaks(survey, old, new, [*figures, *sentences])


def _compare_figures(trail: Trail, old: Sequence[Figure], new: Sequence[Figure]) -> Iterable[Difference]:
    before = {figure.id: figure for figure in old}
    after = {figure.id: figure for figure in new}
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        first, second = (None if item is None else _read_value(item) for item in (was, now))
        figure = now or was
        if first == second or figure is None:
            continue
        causes = find_causes(trail, was, now)
        yield Difference(
            subject="figure",
            change="changed" if was and now else "added" if now else "removed",
            id=name,
            title=figure.title,
            kind=figure.kind,
            authority=figure.authority,
            question=figure.question,
            period=figure.period,
            old=first,
            new=second,
            figures=(name,),
            causes=causes,
            reason="" if causes else NO_REPLY,
        )


def _read_value(figure: Figure) -> Value:
    known = figure.value is not None or figure.low is not None or figure.high is not None
    text = write_value(figure) if known else "[x]"
    if figure.kind in {"p_value", "adjusted_p"} and isinstance(figure.value, int | float):
        text = write_chance(float(figure.value))
    return Value(
        text=text,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        n_answered=figure.n_answered,
        n_matched=figure.n_matched,
    )


def _compare_sentences(
    figures: Mapping[str, Difference], old: Sequence[Placed], new: Sequence[Placed]
) -> Iterable[Difference]:
    before, after = _group_sentences(old), _group_sentences(new)
    for key in dict.fromkeys([*after, *before]):
        for number, (was, now) in enumerate(_match_sentences(before.get(key, []), after.get(key, [])), start=1):
            item = now or was
            if item is None:
                continue
            names = tuple(dict.fromkeys(n for side in (now, was) if side for n in side.sentence.figures))
            causes = {cause: None for name in names if name in figures for cause in figures[name].causes}
            yield Difference(
                subject="sentence",
                change="changed" if was and now else "added" if now else "removed",
                id=f"{item.where or 'bulletin'}/{item.part}/{number}",
                title=f"{item.where or 'bulletin'}, {item.part}",
                kind=item.sentence.kind,
                authority=item.where,
                question="",
                period="",
                old=Value(text=was.sentence.text) if was else None,
                new=Value(text=now.sentence.text) if now else None,
                figures=names,
                causes=tuple(causes),
                reason="" if causes else NO_REPLY,
            )


def _group_sentences(placed: Iterable[Placed]) -> dict[tuple[str | None, str], list[Placed]]:
    groups: dict[tuple[str | None, str], list[Placed]] = {}
    for item in placed:
        groups.setdefault((item.where, item.part), []).append(item)
    return groups


_SAMENESS: tuple[Callable[[Sentence, Sentence], bool], ...] = (
    lambda old, new: bool(old.figures) and old.figures == new.figures,
    lambda old, new: not set(old.figures).isdisjoint(new.figures),
    lambda old, new: old.kind == new.kind,
)
"""What makes two sentences of one part the same one told anew, the surest first."""


def _match_sentences(old: Sequence[Placed], new: Sequence[Placed]) -> list[tuple[Placed | None, Placed | None]]:
    """The pairs whose text differs: first those that state the same figures, then those of one kind, in order."""
    texts = [{item.sentence.text for item in side} for side in (old, new)]
    left = [item for item in old if item.sentence.text not in texts[1]]
    fresh = [item for item in new if item.sentence.text not in texts[0]]
    pairs: dict[int, Placed] = {}
    for same in _SAMENESS:
        for number, item in enumerate(fresh):
            match = None if number in pairs else next((was for was in left if same(was.sentence, item.sentence)), None)
            if match is not None:
                pairs[number] = match
                left.remove(match)
    return [*((pairs.get(number), item) for number, item in enumerate(fresh)), *((item, None) for item in left)]


def _hide_leaks(survey: Survey, old: Printed, new: Printed, found: Sequence[Difference]) -> tuple[Difference, ...]:
    """The differences, with [c] for every one that could tell of a count which both editions together narrow.

    A count withheld in either edition is protected, unless its authority has stated it since.
    """
    stated = {(o.authority, o.question, o.period, o.dimensions) for o in new.observations.values() if o.accepted}
    past = [
        item
        for item in old.observations.values()
        if item.status == "suppressed" and (item.authority, item.question, item.period, item.dimensions) not in stated
    ]
    narrowed = find_narrowed(survey, [*new.observations.values(), *past], new.figures, {old.name: old.figures})
    if narrowed is not None and not narrowed:
        return tuple(found)
    families = find_families(survey)
    told = {figure.id: figure for figure in (*old.figures, *new.figures)}
    leaking = None if narrowed is None else {tuple(cell.split("|")[1:3]) for cell in narrowed}
    masked = {name for name, item in told.items() if leaking is None or _touches(item, leaking, families)}
    return tuple(_mask(item) if masked.intersection(item.figures) else item for item in found)


def _touches(figure: Figure, leaking: set[tuple[str, ...]], families: Mapping[str, frozenset[str]]) -> bool:
    periods = {figure.period, figure.base_period}
    family = families.get(figure.question, frozenset({figure.question}))
    return any(question in family and period in periods for question, period in leaking)


def _mask(item: Difference) -> Difference:
    hidden = Value(text=MARK)
    causes = tuple(replace(cause, text=cause.text.partition(": ")[0]) for cause in item.causes)
    return replace(item, old=hidden if item.old else None, new=hidden if item.new else None, causes=causes, hidden=True)
