"""What came back: replies, documents, and the cells and tables read out of them."""

from dataclasses import dataclass
from datetime import date

from answerable.model.vocabulary import CaveatKind, CellKind, GridKind, Outcome, Unit


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
    address: str = ""
    """Where a refusal under section 21 says that the information stands."""


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
