"""The core types and their closed vocabularies; every other module turns one of these into the next.

Types are frozen and hold tuples, so a value can be hashed, compared and sent to a worker process. Nothing
here touches a disk, a database or a clock. The trap: a count that is unknown is `value=None` with a status,
never 0 and never NaN; zero, blank, not held and "*" are four different things.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Literal

Status = Literal["normal", "suppressed", "refused", "not_held", "no_reply", "not_applicable", "unreadable"]
"""Why a value is, or is not, a number."""

Outcome = Literal[
    "waiting_response",
    "waiting_clarification",
    "successful",
    "partially_successful",
    "rejected",
    "not_held",
    "internal_review",
    "user_withdrawn",
    "error_message",
]
"""What became of a request, in Alaveteli's words (https://alaveteli.org/docs/customising/states/)."""

Severity = Literal["error", "warning", "info"]
Law = Literal["FOIA", "FOISA"]
QuestionKind = Literal["count", "yes_no", "choice", "text"]
Unit = Literal[
    "offences",
    "crimes",
    "victims",
    "suspects",
    "arrests",
    "records",
    "people",
    "contacts",
    "services",
    "percent",
]
DimensionKind = Literal["category", "age", "offence"]
CellKind = Literal["text", "number", "date", "bool"]
GridKind = Literal["sheet", "table", "page", "text"]
Verdict = Literal["accept", "correct", "reject", "not_this_question", "ask_authority", "undo"]
CaveatKind = Literal[
    "live_system",
    "rule_changed",
    "system_changed",
    "flag_not_used",
    "counts_victims",
    "counts_suspects",
    "counts_arrests",
    "text_search",
    "part_period",
    "other_definition",
    "not_comparable",
    "rounded",
    "recreated",
    "other",
]

TOTAL = "_T"
"""The category that stands for a whole dimension (SDMX cross-domain code list CL_TOTAL)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The least and the greatest whole number a cell can be, both included; `high` None is unbounded."""

    low: int
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of days, both ends included. `id` is how the survey writes it: "2016/17"."""

    id: str
    start: date
    end: date
    aliases: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One category of a dimension. `low`/`high` are whole years for an age, `high` None is "and over"."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A way of breaking a count down. `aliases` are heading words that announce it ("Age of victim")."""

    id: str
    name: str
    kind: DimensionKind = "category"
    categories: tuple[Category, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One numbered part of the request. `dimensions` are Dimension ids; `total_of` names the question that
    the grand total of this breakdown also answers."""

    id: str
    number: str
    text: str
    measure: str
    unit: Unit
    kind: QuestionKind = "count"
    dimensions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    total_of: str | None = None
    version: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A public body. `code` is its official code where known (ONS police force area), else empty."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    nation: str = ""
    region: str = ""
    law: Law = "FOIA"
    code: str = ""
    kind: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A declared break in a series: no percentage is computed across the start of `period`.
    `authority` or `question` None means every one."""

    period: str
    reason: str
    authority: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A pair of periods whose change the survey publishes."""

    base: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A total that someone else published, kept beside ours and never mixed into it."""

    id: str
    question: str
    measure: str
    """total, change_pct, per_day, mode:<dimension>, minimum:<dimension>, at_most:<dimension>:<n>"""
    authority: str | None
    period: str
    value: str
    n_answered: int | None
    source: str
    published: str
    status: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    name: str
    email: str
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One question set put to many authorities. `headline` is the id of the question the bulletin leads with."""

    id: str
    title: str
    subject: str
    """A noun phrase for what is counted, used in sentences: "cyber-flagged sexual offences against under-18s"."""
    recorded_by: str
    """Who recorded it, used in sentences: "police"."""
    authority_noun: tuple[str, str]
    """Singular and plural: ("force", "forces")."""
    area: str
    """The whole that the authorities cover: "England and Wales"."""
    headline: str
    periods: tuple[Period, ...]
    dimensions: tuple[Dimension, ...]
    questions: tuple[Question, ...]
    authorities: tuple[Authority, ...]
    comparisons: tuple[Comparison, ...] = ()
    breaks: tuple[Break, ...] = ()
    references: tuple[Reference, ...] = ()
    small_base: int = 50
    """No percentage in text from a base under this (METHODS section 4.5)."""
    summary: str = ""
    method_note: str = ""
    source_note: str = ""
    contact: Contact | None = None
    helplines: tuple[str, ...] = ()
    published: date | None = None
    embargo: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as it came. `path` is relative to the folder `replies/`, with "/" between parts; a file that
    came inside another has `parent` set to the outer path and its own path continues it with "!"
    (`kent/reply.eml!table.xlsx`)."""

    sha256: str
    name: str
    media_type: str
    path: str
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """One limb of a refusal, for one numbered part of the request ("" for the whole)."""

    question: str
    section: str
    subsection: str = ""
    harm: str = ""
    public_interest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caveat:
    """Something the authority said that limits its figures. Empty `question` or `period` means all of them."""

    kind: CaveatKind
    text: str
    question: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What one authority sent. `recreated_from` is the published source of a document made again from it."""

    id: str
    authority: str
    received: date | None
    outcome: Outcome
    documents: tuple[Document, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    unit: Unit | None = None
    reference: str = ""
    recreated_from: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One non-empty cell. `row` and `col` count from 0. `text` is what a reader sees; `value` is what the file
    holds. `ref` is the address a person can find: "D14", a page box "72,340,110,352" (points, left top right
    bottom), or a paragraph "p3"."""

    row: int
    col: int
    text: str
    value: int | float | str | bool | date | None
    kind: CellKind
    ref: str
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A merged area, corners included."""

    row: int
    col: int
    last_row: int
    last_col: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells of one sheet, one table, one page or one run of paragraphs, in the document's own order.

    A `text` grid has one column and a row a paragraph or line; a table's context is the text grids before it.
    `document` is a Document path; `part` is what a person calls it: `sheet "Q3"`, `page 2, table 1`, `text`.
    """

    document: str
    part: str
    kind: GridKind
    cells: tuple[Cell, ...]
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of a grid, corners included."""

    row: int
    col: int
    last_row: int
    last_col: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A grid's rectangle of values with the rows above and the columns left that label them."""

    grid: Grid
    body: Area
    header_rows: tuple[int, ...]
    header_cols: tuple[int, ...]
    title: tuple[Cell, ...] = ()
    """Cells or paragraphs that stand over the table and may say what it counts."""
    notes: tuple[Cell, ...] = ()
    """Footnotes and keys below or beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value stands: a Document path, the grid's part, a cell ref, and the text quoted from it."""

    document: str
    part: str
    ref: str
    quote: str


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
        parts = (
            self.survey,
            self.authority,
            self.question,
            self.period,
            repr(self.dimensions),
            self.source.document,
            self.source.part,
            self.source.ref,
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


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
class Finding:
    """Something a person should know. `check` is the check's name; `subject` an authority id or ""."""

    check: str
    severity: Severity
    message: str
    subject: str
    source: Source | None = None


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
