"""A Statement with what it is said of, and what a text has spoken of so far: the types of binding.

Binding fills them, checking reads them. They are apart from the rules that fill them so that places and times
can each have a module. The trap: an empty period is not the latest one; it is one that nothing settles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from answerable.claims.measures import CategoryMention
from answerable.claims.reading import Reading
from answerable.claims.statement import Statement

COUNTED = frozenset({"total", "threshold", "sum"})
FOLLOWING = frozenset({"average", "change_pct", "change_abs", "multiple", "count_of_forces"})
"""Types whose truth follows from a count, so that it must be the count of the same edition."""
CHANGES = frozenset({"change_pct", "change_abs", "multiple", "comparison", "percentage_points"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A Statement with what it is said of. `places` are candidates, the likeliest first; `period` "" is unsettled;
    `ids` are the periods of a sum; `base` is set for a change; `unknown` names a period the survey has not."""

    statement: Statement
    reading: Reading
    places: tuple[str, ...]
    scope: str = ""
    period: str = ""
    ids: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    unknown: str = ""
    weak_period: bool = False
    categories: tuple[CategoryMention, ...] = ()
    settled: bool = False
    """Whether its place in a list or a table says which period it is."""
    loose: tuple[str, ...] = ()
    """Other periods that the words would also bear, where no time stands by a count; the first that fits exactly."""
    editions: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """The editions whose counts the text prints, by place and period."""
    steps: int = 0
    """How far the words put it from the period spoken of: -1 for "the year before"."""


@dataclass(slots=True)
class Context:
    """What has been read so far: the places and the period that the last sentence spoke of."""

    places: list[str] = field(default_factory=list)
    first: str = ""
    period: str = ""
    before: str = ""
    since: str = ""
    last: str = ""
    """The period of the last count that had one of its own: what "the year before that" steps back from."""
    base: str = ""
    """The period that the last sentence measured a change from."""
    named: str = ""
    """The latest period that the whole text names."""
    told: list[str] = field(default_factory=list)
    """The periods that the text names to compare with, then those that its counts were of."""
    listed: tuple[str, ...] = ()
    """The periods of the last sentence's several counts, in their order."""
    categories: tuple[CategoryMention, ...] = ()
    """The categories of the last count."""
    latest: str = ""
    """The latest period that the place in hand has a count for: its last year."""
    assumed: str = ""
    """The same, no later than what the whole text names: what a count without any time is of."""
