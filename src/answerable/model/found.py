"""What was found: observations, decisions, findings, figures, and the claims and sentences made from them."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from answerable.model.asked import Survey
from answerable.model.received import Grid, Reply, Source
from answerable.model.vocabulary import AnswerKind, CaveatKind, Severity, Status, Unit, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The least and the greatest whole number a cell can be, both included; `high` None is unbounded."""

    low: int
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One value of one question, for one authority, period and set of categories.

    `dimensions` pairs (Dimension id, Category code) in the question's order; a summed-out dimension has code
    `_T`. `value` is a whole number for a count, a Category code or text otherwise, None unless status is
    normal. `bounds` is set for suppressed counts. `original_value` is the cell's own text, never overwritten.
    `origin` is `reader`, `lookup:<key>`, `review:<name>` or `model:<name>`. `evidence` lists, one short
    sentence each, what settled the authority, the period, the question and the categories, and which
    arithmetic held. `accepted` is False while anything is open.
    """

    survey: str
    authority: str
    question: str
    period: str
    dimensions: tuple[tuple[str, str], ...]
    value: int | str | None
    bounds: Bounds | None
    unit: Unit
    status: Status
    accepted: bool
    original_value: str
    origin: str
    evidence: tuple[str, ...]
    caveats: tuple[CaveatKind, ...] = ()
    source: Source

    @property
    def id(self) -> str:
        """A stable id: 12 hex digits over what it is and where it stands, not over its value."""
        source = self.source
        return _hash(
            self.survey,
            self.authority,
            self.question,
            self.period,
            self.dimensions,
            source.document,
            source.part,
            source.ref,
        )


@lru_cache(maxsize=1 << 16)
def _hash(*parts: object) -> str:
    """12 hex digits over `parts`; the last ones are kept, because every step of the line asks for them again."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A reviewer's word on one observation. It holds while `quote` still stands at the source."""

    observation: str
    verdict: Verdict
    value: str | None
    reason: str
    by: str
    at: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One step of an authority's right of reply. `on` is the day of it, `due` the day an answer was asked for by,
    `said` what the authority said in short, `by` who recorded it."""

    authority: str
    answer: AnswerKind
    on: date
    due: date | None = None
    said: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One cell that a Finding leaves open. `label` is the text not understood, `dimension` where it seems to
    belong; both are "" where something else is open."""

    source: Source
    label: str = ""
    dimension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a person should know. `check` is the check's name; `subject` an authority id or "". `touched`
    are all the cells it leaves open, where it leaves cells open."""

    check: str
    severity: Severity
    message: str
    subject: str
    source: Source | None = None
    touched: tuple[Touched, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A published number. `authority` is None for the nation, `region:<name>` for a region. `value` is exact
    where it is set; else `low` and `high` bound it. `base_period` is set for a change. `observations` are the
    ids it was computed from, `query` the SQL or formula that computed it, `missing` the authorities asked but
    not in it. `kind` is one of `answerable.figures.KINDS`."""

    id: str
    title: str
    kind: str
    authority: str | None
    question: str
    period: str
    base_period: str | None = None
    dimensions: tuple[tuple[str, str], ...] = ()
    value: int | float | str | None
    low: int | float | None = None
    high: int | float | None = None
    unit: str
    n_asked: int
    n_answered: int
    n_matched: int | None = None
    missing: tuple[str, ...] = ()
    observations: tuple[str, ...] = ()
    query: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A number stated in prose. `span` is (start, end) in characters of the text it was found in.
    `computed` shows the recomputation as arithmetic; `verdict` is one of `answerable.claims.VERDICTS`."""

    text: str
    span: tuple[int, int]
    type: str
    stated: str
    bound_to: tuple[str, ...] = ()
    computed: str = ""
    verdict: str = "not_checkable"
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One published sentence with the ids of the figures it states, in the order they appear in it."""

    kind: str
    text: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Everything one build knows, handed to `publish`: the survey, what came back, and what was found."""

    survey: Survey
    replies: tuple[Reply, ...]
    grids: tuple[Grid, ...]
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]
    figures: tuple[Figure, ...]
    answers: tuple[Answer, ...] = ()
