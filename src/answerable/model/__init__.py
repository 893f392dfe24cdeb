"""The core types and their closed vocabularies; every other module turns one of these into the next.

Types are frozen and hold tuples, so a value can be hashed, compared and sent to a worker process. Nothing
here touches a disk, a database or a clock. The trap: a count that is unknown is `value=None` with a status,
never 0 and never NaN; zero, blank, not held and "*" are four different things.
"""

from answerable.model.asked import (
    Authority,
    Break,
    Category,
    Comparison,
    Contact,
    Dimension,
    Period,
    Question,
    Reference,
    Survey,
)
from answerable.model.found import Bounds, Claim, Decision, Edition, Figure, Finding, Observation, Sentence
from answerable.model.received import Area, Caveat, Cell, Document, Exemption, Grid, Merge, Reply, Source, Table
from answerable.model.vocabulary import (
    TOTAL,
    CaveatKind,
    CellKind,
    DimensionKind,
    GridKind,
    Law,
    Outcome,
    QuestionKind,
    Severity,
    Status,
    Unit,
    Verdict,
)

__all__ = [
    "TOTAL",
    "Area",
    "Authority",
    "Bounds",
    "Break",
    "Category",
    "Caveat",
    "CaveatKind",
    "Cell",
    "CellKind",
    "Claim",
    "Comparison",
    "Contact",
    "Decision",
    "Dimension",
    "DimensionKind",
    "Document",
    "Edition",
    "Exemption",
    "Figure",
    "Finding",
    "Grid",
    "GridKind",
    "Law",
    "Merge",
    "Observation",
    "Outcome",
    "Period",
    "Question",
    "QuestionKind",
    "Reference",
    "Reply",
    "Sentence",
    "Severity",
    "Source",
    "Status",
    "Survey",
    "Table",
    "Unit",
    "Verdict",
]
