"""The reply form: how its sheets are laid out, so that what is filled in reads back without a doubt.

Everything that ties a cell to a question stands visibly in the sheet: the first cell names the survey and the
question, the column Key the categories, the heading the period, and the first sheet the request. So a form that comes
back saved by another program, as another format, or with rows moved, is read the same. Nothing is hidden, because
hidden sheets are what replies are quarantined for. `answerable.observations.returned` reads it. The trap is a blank
cell: it is not zero.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from answerable.model import Bounds, Question, Status, Survey

MARK = "Reply form"
KEY = "Key"
NOTE = "Note"
COUNTED = "What the figures count"
START, CODES = "Start here", "Codes"
TOTAL_KEY = "total"

SHORTHAND: tuple[tuple[str, Status, str], ...] = (
    ("[c]", "suppressed", "a small number that you withhold; better, how small: <5, or 1 to 4"),
    ("[x]", "not_held", "you do not hold it"),
    ("[z]", "not_applicable", "the question does not apply"),
    ("[s.40]", "refused", "you refuse it under that section of the Act; write the section's own number"),
)
"""What to write where there is no number, what it reads as, and what it means."""

_SECTION = re.compile(r"\[\s*s\.?\s*(\d{1,2}[A-Z]?(?:\s*\(\w{1,3}\))*)\s*\]", re.I)
_MARKER = re.compile(
    rf"{MARK} (?P<survey>.+?), question (?P<number>.+?) \((?P<question>\S+)\), version (?P<version>.+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What the first cell of a question's sheet says: the survey's id, the question's number, id and version."""

    survey: str
    number: str
    question: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a question's sheet: its key, the categories it stands for, and the labels beside it."""

    key: str
    dimensions: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]


def write_marker(survey: Survey, question: Question) -> str:
    """The text of the first cell of a question's sheet."""
    return f"{MARK} {survey.id}, question {question.number} ({question.id}), version {question.version}"


def parse_marker(text: str) -> Marker | None:
    """The Marker in a cell's text, None where there is none."""
    match = _MARKER.fullmatch(" ".join(text.split()))
    return Marker(**match.groupdict()) if match else None


def list_rows(survey: Survey, question: Question) -> Iterator[Row]:
    """The rows of a question's sheet in order: every combination of its categories, or one for the whole.

    A choice has one row; its dimensions are the codes to choose from.
    """
    dimensions = {dimension.id: dimension for dimension in survey.dimensions}
    asked = [dimensions[name] for name in question.dimensions]
    if not asked or question.kind == "choice":
        whole = tuple((name, "_T") for name in question.dimensions)
        yield Row(key=TOTAL_KEY, dimensions=whole, labels=())
        return
    for combined in product(*(dimension.categories for dimension in asked)):
        pairs = tuple((dimension.id, item.code) for dimension, item in zip(asked, combined, strict=True))
        key = "; ".join(f"{name}={code}" for name, code in pairs)
        yield Row(key=key, dimensions=pairs, labels=tuple(item.label for item in combined))


def count_cells(survey: Survey, question: Question) -> int:
    """How many figures a question asks for."""
    n = len(survey.periods)
    if question.kind != "choice":
        sizes = {dimension.id: len(dimension.categories) for dimension in survey.dimensions}
        for name in question.dimensions:
            n *= sizes[name]
    return n


def list_choices(survey: Survey, question: Question) -> tuple[str, ...]:
    """What a cell of a yes/no or choice question can hold."""
    if question.kind == "yes_no":
        return ("yes", "no")
    names = {dimension.id: dimension for dimension in survey.dimensions}
    return tuple(item.code for name in question.dimensions for item in names[name].categories)


def parse_shorthand(text: str) -> tuple[Status, Bounds | None, str] | None:
    """(status, bounds, section) of the form's own shorthand, None for any other text."""
    tidy = " ".join(text.split()).casefold()
    if match := _SECTION.fullmatch(tidy):
        return "refused", None, re.sub(r"\s", "", match[1])
    for mark, status, _ in SHORTHAND[:3]:
        if tidy == mark:
            return status, Bounds(low=0, high=None) if status == "suppressed" else None, ""
    return None
