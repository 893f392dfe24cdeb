"""The core types and their closed vocabularies; every other module turns one of these into the next.

Types are frozen and hold tuples, so a value can be hashed, compared and sent to a worker process. Nothing
here touches a disk, a database or a clock. The trap: a count that is unknown is `value=None` with a status,
never 0 and never NaN; zero, blank, not held and "*" are four different things.
"""

from answerable.model.asked import Period, Category, Dimension, Question, Authority, Break, Comparison, Reference, Contact, Survey
from answerable.model.received import Document, Exemption, Caveat, Reply, Cell, Merge, Grid, Area, Table, Source
from answerable.model.found import Bounds, Observation, Decision, Finding, Figure, Claim, Sentence
from answerable.model.vocabulary import Status, Outcome, Severity, Law, QuestionKind, Unit, DimensionKind, CellKind, GridKind, Verdict, CaveatKind, TOTAL

__all__ = ['Area', 'Authority', 'Bounds', 'Break', 'Category', 'Caveat', 'CaveatKind', 'Cell', 'CellKind', 'Claim', 'Comparison', 'Contact', 'Decision', 'Dimension', 'DimensionKind', 'Document', 'Exemption', 'Figure', 'Finding', 'Grid', 'GridKind', 'Law', 'Merge', 'Observation', 'Outcome', 'Period', 'Question', 'QuestionKind', 'Reference', 'Reply', 'Sentence', 'Severity', 'Source', 'Status', 'Survey', 'TOTAL', 'Table', 'Unit', 'Verdict']
