"""A Draft: one value while what it means is being settled, with what is open and the evidence so far.

Everything in this package passes Drafts along; only settling.py turns them into Observations. A Draft is
accepted when nothing is open. The trap is to drop a doubt on the way: `open` is only ever added to.
"""

from dataclasses import dataclass, field

from answerable.model import CaveatKind, Cell, Source
from answerable.observations.labels import Meaning
from answerable.values import Reading


@dataclass(slots=True, eq=False)
class Draft:
    """One cell's or sentence's value. `dims` pairs dimension id and code; "?text" is a label not recognised.

    `place` numbers the table it stands in, so that arithmetic stays inside one table. `cells` are all cells
    it was read from: several for months that add up to a period, none for a number in a sentence.
    """

    document: str
    part: str
    ref: str
    text: str
    reading: Reading | None
    place: int
    cells: tuple[Cell, ...] = ()
    quote: str = ""
    dims: dict[str, str] = field(default_factory=dict)
    period: Meaning | None = None
    period_total: bool = False
    months: tuple[int, int] | None = None
    questions: list[Meaning] = field(default_factory=list)
    unit: str = ""
    blank: bool = False
    origin: str = "reader"
    authority: str = ""
    open: list[tuple[str, str]] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    caveats: list[CaveatKind] = field(default_factory=list)
    question: str = ""
    answer: str = ""
    """The answer to a question that counts nothing: "yes", a Category code, or text."""
    topic: str = ""
    """Words of its labels that only repeat the survey's subject, or the sentence it stands in."""
    before: frozenset[str] = frozenset()
    """Folded words of the lines before a sentence, that "such offences" points back to."""
    sentence: bool = False
    """Whether it stands in a sentence and not in a table or list."""
    about: frozenset[str] = frozenset()
    """Questions whose noun or measure its labels or sentence name."""
    stated: bool = False
    """Whether a number or heading names its question, and not its labels alone."""
    unexplained: str = ""
    """A title over it that may limit it, in words the survey does not know."""
    unknown: list[tuple[str, str]] = field(default_factory=list)
    """(dimension, text) of each label over or beside it that is not understood."""
    derived: bool = False
    placeless: str = ""
    """The dimension that the labels beside its own break down, where its own names no
    category, or calls a total by a name that is not known."""

    @property
    def source(self) -> Source:
        return Source(document=self.document, part=self.part, ref=self.ref, quote=self.quote or self.text)

    @property
    def where(self) -> str:
        return f"{self.document}, {self.part}, {self.ref}"

    @property
    def low(self) -> int:
        """The least the value can be; 0 where nothing is known."""
        if self.reading is None:
            return 0
        if self.reading.value is not None:
            return self.reading.value
        return self.reading.bounds.low if self.reading.bounds else 0

    @property
    def high(self) -> int | None:
        """The most the value can be; None where nothing is known."""
        if self.reading is None:
            return None
        if self.reading.value is not None:
            return self.reading.value
        return self.reading.bounds.high if self.reading.bounds else None

    @property
    def visible(self) -> bool:
        return self.reading is not None and self.reading.value is not None

    def doubt(self, what: str, message: str) -> None:
        """Leave `what` open, once, with the reason a person will read."""
        if (what, message) not in self.open:
            self.open.append((what, message))
