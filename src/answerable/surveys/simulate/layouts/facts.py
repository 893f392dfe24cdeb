"""What a table says, apart from how it is drawn: the facts it states and the counts they rest on.

A layout returns its blocks and its facts together, so that the truth of a survey is what its documents say and
not what the simulated force recorded. The trap: a printed total is a fact too, of the question it totals.
"""

from dataclasses import dataclass
from typing import Literal

from answerable.surveys.simulate.blocks import Block
from answerable.surveys.simulate.wording import Stated
from answerable.surveys.simulate.world import AGES, OFFENCES, TOTAL, Force

Expect = Literal["accept", "review"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One stated value. `expect` is review where the reply leaves something open that nobody may guess."""

    question: str
    period: str
    dimensions: tuple[tuple[str, str], ...]
    stated: Stated
    expect: Expect = "accept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Blocks of one answer with the facts in them. `sheets` pairs a name with blocks where it fills several."""

    layout: str
    blocks: tuple[Block, ...] = ()
    facts: tuple[Fact, ...] = ()
    sheets: tuple[tuple[str, tuple[Block, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """A question with one dimension: its categories in order and a force's count for each."""

    question: str
    dimension: str
    categories: tuple[str, ...]
    counts: dict[tuple[str, str], int]

    def find_total(self, period: str) -> int:
        return sum(self.counts[period, category] for category in self.categories)


def break_by_offence(force: Force) -> Breakdown:
    return Breakdown(
        question="offences-by-offence",
        dimension="offence",
        categories=tuple(code for code, _ in OFFENCES),
        counts=force.offences,
    )


def break_by_age(force: Force) -> Breakdown:
    return Breakdown(question="offences-by-age", dimension="age", categories=AGES, counts=force.ages)


def state_total(period: str, count: int, *, expect: Expect = "accept") -> Fact:
    """A grand total: whichever table prints it, it answers the first question."""
    return Fact(
        question="offences", period=period, dimensions=(), stated=Stated(text=count, value=count), expect=expect
    )


def state_victims(period: str, age: str, sex: str, stated: Stated) -> Fact:
    return Fact(question="victims", period=period, dimensions=(("age", age), ("sex", sex)), stated=stated)


__all__ = ["TOTAL", "Breakdown", "Drawn", "Expect", "Fact"]
