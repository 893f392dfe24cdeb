"""Counts of online offences for a reply form, gathered while records stream past, as the form's own Observations.

Answers the request that forces refuse on cost: `filling` reads the form that came with it, this module counts, and
`bounds` withholds what would give a small number away before anything is written. The trap: a record has one place in
each breakdown, so that every breakdown sums to the total, and one that fits no category goes to "not known" or is told.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from answerable.model import Authority, Bounds, Category, Dimension, Observation, Period, Question, Source, Survey

SMALL = 5
"""Counts below it, but not zero, are withheld."""
BY = ("reading", "force", "either")
"""Whose flag makes a record one of the online offences that the form counts."""
FORCE = Authority(id="force", name="the force")
UNKNOWN, SEVERAL, UNSTATED = "unknown", "several", "not stated"
_BANDS = (
    ("0-9", "Under 10"),
    ("10-12", "10 to 12"),
    ("13-15", "13 to 15"),
    ("16-17", "16 to 17"),
    ("18+", "18 and over"),
)
_SEXES = {"f": "female", "female": "female", "w": "female", "m": "male", "male": "male"}
_WORDS = {
    "platform": ("platform", "site", "app", "website", "social"),
    "age": ("age", "band"),
    "sex": ("sex", "gender"),
    "flag": ("flag", "flagged"),
    "offence": ("offence", "crime", "code", "classification"),
}
_NOT_KNOWN = ("unknown", "not known", "not recorded", "not stated", "n/k", "other", "other or not stated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One record as a form can count it."""

    period: str
    offence: str
    age: str
    sex: str
    platform: str
    flagged: bool


@dataclass(slots=True, kw_only=True)
class Counts:
    """Online offences, and how many records the reading leaves to a person or the force alone flagged, by period.
    `find_period` gives the period of a day, "" for one that the form does not ask about."""

    find_period: Callable[[date | None], str]
    by: str = "reading"
    records: Counter[Counted] = field(default_factory=Counter)
    undecided: Counter[str] = field(default_factory=Counter)
    force_only: Counter[str] = field(default_factory=Counter)
    outside: int = 0

    def add(self, records: Any, flags: Any) -> None:
        """Count one batch of records and its flags. A record of two platforms is counted once, as SEVERAL."""
        columns = [records.column(name).to_pylist() for name in ("day", "offence", "age", "sex", "flagged")]
        read = [flags.column(name).to_pylist() for name in ("flag", "platforms")]
        for day, offence, age, sex, own, flag, platforms in zip(*columns, *read, strict=True):
            period = self.find_period(day)
            if not period:
                self.outside += 1
                continue
            self.undecided[period] += flag == "needs-a-person" and not (own and self.by != "reading")
            self.force_only[period] += bool(own) and flag == "no"
            if (flag == "yes" and self.by != "force") or (own and self.by != "reading"):
                platform = SEVERAL if "; " in platforms else platforms
                sex = _SEXES.get(sex.strip().lower(), "")
                record = Counted(period=period, offence=offence, age=age, sex=sex, platform=platform, flagged=bool(own))
                self.records[record] += 1


def name_year(day: date | None) -> str:
    """The financial year of a day as forces write it, "2016/17"; "" for none."""
    if day is None:
        return ""
    first = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return f"{first}/{(first + 1) % 100:02}"


def make_survey(counts: Counts) -> Survey:
    """The survey of a plain form, for a request that came with none: the total, and it by flag, platform, age band
    and sex; then what only the force flagged, and what is not decided."""
    years = sorted({*(record.period for record in counts.records), *counts.undecided})
    platforms = sorted({record.platform for record in counts.records} - {"", SEVERAL})
    dimensions = (
        _make_dimension("flag", "Force's own flag", (("yes", "Flagged by the force"), ("no", "Not flagged"))),
        _make_dimension("platform", "Platform", (*((name, name) for name in platforms), (SEVERAL, "More than one"),
                                                 (UNSTATED, "Not stated"))),
        _make_dimension("age", "Age band of victim", (*_BANDS, (UNKNOWN, "Not known"))),
        _make_dimension("sex", "Sex of victim", (("F", "Female"), ("M", "Male"), (UNKNOWN, "Not known"))),
    )  # fmt: skip
    online = (
        "Online offences, by the " + {"reading": "text", "force": "force's flag", "either": "text or flag"}[counts.by]
    )
    questions = [_make_question("offences", "1", f"{online}?", ())]
    for number, item in enumerate(dimensions, start=2):
        text = f"The answer to question 1 by {item.name[0].lower()}{item.name[1:]}?"
        questions.append(_make_question(f"offences-by-{item.id}", str(number), text, (item.id,)))
    questions.append(
        _make_question("force-only", "6", "Offences that only the force flagged, not so by the text?", None)
    )
    questions.append(_make_question("undecided", "7", "Records that a person must read?", None))
    return Survey(
        id="online-offences", title="Online offences", subject="online offences", recorded_by="police",
        authority_noun=("force", "forces"), area="the force", headline="offences", dimensions=dimensions,
        periods=tuple(make_year(year) for year in years), questions=tuple(questions), authorities=(FORCE,),
    )  # fmt: skip


def make_year(year: str) -> Period:
    """The period of a financial year as `name_year` writes it."""
    first = int(year[:4])
    return Period(id=year, start=date(first, 4, 1), end=date(first + 1, 3, 31))


def _make_dimension(id_: str, name: str, pairs: Iterable[tuple[str, str]]) -> Dimension:
    return Dimension(id=id_, name=name, categories=tuple(Category(code=code, label=label) for code, label in pairs))


def _make_question(id_: str, number: str, text: str, dimensions: tuple[str, ...] | None) -> Question:
    total = "offences" if dimensions else None
    return Question(
        id=id_, number=number, text=text, measure="Offences", unit="offences", dimensions=dimensions or (),
        total_of=total,
    )  # fmt: skip


def make_observations(survey: Survey, counts: Counts, small: int = SMALL) -> tuple[tuple[Observation, ...], list[str]]:
    """The answer to every count that the form asks for and the records can give, small ones withheld as "1 to 4";
    and in words what was left out."""
    dimensions = {dimension.id: dimension for dimension in survey.dimensions}
    found: list[Observation] = []
    left: list[str] = []
    for question in survey.questions:
        asked = [dimensions[name] for name in question.dimensions]
        strange = [dimension.name for dimension in asked if guess_subject(dimension) is None]
        if question.kind != "count" or strange:
            left.append(f"question {question.number} is left blank: {', '.join(strange) or 'it asks for no count'}")
            continue
        cells, lost = _count_cells(question, asked, counts)
        if lost:
            left.append(f"question {question.number}: {lost} offences fit no category of the form and are not in it")
        for period in survey.periods:
            for pairs in _list_pairs(asked):
                found.append(_observe(survey, question, period.id, pairs, cells[period.id, pairs], small))
    if counts.outside:
        left.append(f"{counts.outside:,} records have no date in a period of the form and are not counted")
    return tuple(found), left


def guess_subject(dimension: Dimension) -> str | None:
    """What of a record a breakdown is about: a key of _WORDS, by its id, then its name."""
    for text in (dimension.id, dimension.name):
        words = set(re.findall(r"[a-z]+", text.lower()))
        for subject, known in _WORDS.items():
            if words & set(known):
                return subject
    return None


def _count_cells(
    question: Question, asked: list[Dimension], counts: Counts
) -> tuple[Counter[tuple[str, tuple[tuple[str, str], ...]]], int]:
    cells: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
    others = {"force-only": counts.force_only, "undecided": counts.undecided}
    if not asked and question.id in others:
        for period, count in others[question.id].items():
            cells[period, ()] += count
        return cells, 0
    lost = 0
    for record, count in counts.records.items():
        codes = [_choose(dimension, record) for dimension in asked]
        if None in codes:
            lost += count
        else:
            cells[record.period, tuple((d.id, code or "") for d, code in zip(asked, codes, strict=True))] += count
    return cells, lost


def _choose(dimension: Dimension, record: Counted) -> str | None:
    """The category of a record in a breakdown: its own, else the one for what is not known, else None."""
    subject = guess_subject(dimension)
    if subject == "age":
        found = _choose_age(dimension, record.age)
    else:
        value = {
            "offence": record.offence,
            "sex": record.sex,
            "platform": record.platform or UNSTATED,
            "flag": "yes" if record.flagged else "no",
        }[subject or "offence"].casefold()
        names = {value, value[:1]} if subject == "sex" and value else {value}
        found = next((item.code for item in dimension.categories if names & _name(item)), None)
    rest = (item.code for item in dimension.categories if _name(item) & set(_NOT_KNOWN))
    return found or next(rest, None)


def _name(category: Category) -> set[str]:
    return {text.strip().casefold() for text in (category.code, category.label, *category.aliases)}


def _choose_age(dimension: Dimension, age: str) -> str | None:
    try:
        years = int(float(age))
    except ValueError:
        return None
    for item in dimension.categories:
        match = re.fullmatch(r"(\d+)(?:\s*(?:-|to)\s*(\d+)|(\+))?", item.code)
        if match and int(match[1]) <= years <= int(match[2] or (200 if match[3] else match[1])):
            return item.code
    return None


def _list_pairs(asked: list[Dimension]) -> list[tuple[tuple[str, str], ...]]:
    pairs: list[tuple[tuple[str, str], ...]] = [()]
    for dimension in asked:
        pairs = [(*before, (dimension.id, item.code)) for before in pairs for item in dimension.categories]
    return pairs


def _observe(
    survey: Survey, question: Question, period: str, pairs: tuple[tuple[str, str], ...], count: int, small: int
) -> Observation:
    hidden = 0 < count < small
    # Zeros are printed, so a small count is said as what it can be; "<5" would read as 0 to 4.
    text = f"1 to {small - 1}" if hidden else str(count)
    key = "; ".join(f"{name}={code}" for name, code in pairs) or "total"
    return Observation(
        survey=survey.id, authority="force", question=question.id, period=period, dimensions=pairs,
        value=None if hidden else count, bounds=Bounds(low=1, high=small - 1) if hidden else None,
        unit=question.unit, status="suppressed" if hidden else "normal", accepted=True, original_value=text,
        origin="reader", evidence=("counted from the records",),
        source=Source(document="reply", part=question.id, ref=f"{key}, {period}", quote=text),
    )  # fmt: skip


def withhold_periods(observations: Iterable[Observation], least: int) -> tuple[Observation, ...]:
    """The observations with every count of a period withheld where any one of its plain totals is withheld or under
    `least`: so few offences cannot be broken down without giving one away."""
    observations = tuple(observations)
    small = {
        item.period
        for item in observations
        if not item.dimensions and (not isinstance(item.value, int) or 0 < item.value < least)
    }
    return tuple(
        replace(item, value=None, bounds=Bounds(low=0, high=None), status="suppressed", original_value="[c]",
                source=replace(item.source, quote="[c]")) if item.period in small else item
        for item in observations
    )  # fmt: skip
