"""The closed vocabularies of the core types."""

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
AnswerKind = Literal["sent", "confirm", "correct", "no_answer"]
"""What came of an authority's right of reply; `sent` is our own step."""
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
    "other_selection",
    "other_date_basis",
    "other_version",
    "not_comparable",
    "rounded",
    "recreated",
    "other",
]

TOTAL = "_T"
"""The category that stands for a whole dimension (SDMX cross-domain code list CL_TOTAL)."""
