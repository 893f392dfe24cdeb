"""What was asked: the survey, its questions, periods and categories, and the authorities it went to."""

from dataclasses import dataclass
from datetime import date, datetime

from answerable.model.vocabulary import DimensionKind, Law, QuestionKind, Unit


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
class Definition:
    """What a term of the questions means, printed in the request: "online offences"."""

    term: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    name: str
    email: str
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The area of an authority as rings of (east, north) points; a ring inside another is a hole."""

    authority: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


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
    rate_per: int = 100_000
    """Children that a rate is given for: 1,000 or 100,000."""
    summary: str = ""
    method_note: str = ""
    source_note: str = ""
    contact: Contact | None = None
    helplines: tuple[str, ...] = ()
    published: date | None = None
    embargo: str = ""
    embargo_until: datetime | None = None
    """With its offset from UTC; before it nothing is public."""
    address: str = ""
    """Where the site is published, "" where that is not said."""
    digest_address: str = ""
    """What takes confirmations and unsubscriptions of the digest, "" for none."""
    simulated: bool = False
    second_readings: int = 0
    """Percent of accepted values that two people read again without seeing the reading."""
    group: str = ""
    """Shared by surveys that ask for similar information (FOIA s.12(4)); empty means `id`."""
    definitions: tuple[Definition, ...] = ()
    outlines: tuple[Outline, ...] = ()
    outlines_source: str = ""
    """Who drew the outlines and under which licence, printed under the map."""
