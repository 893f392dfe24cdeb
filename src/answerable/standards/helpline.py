"""A helpline's own export, a row a contact -> tables of counts in which no small number can be worked out.

The export stays with the helpline; what leaves is counts by quarter, by theme and by age band. A count of one to
four is shown as "<5", and where a quarter's total would give one away the next smallest count is withheld as "*". The
trap: a label that is not known must stop the work, since a contact that is left out would make a total wrong.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from answerable.errors import SurveyError
from answerable.model import Dimension, Period, Survey
from answerable.survey.settings import refuse_key

SMALL = 5
"""Counts from 1 to one under this are not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of an export: the day, and for each dimension of the survey its own."""

    day: str
    dimensions: Mapping[str, str]


def find_columns(heads: Sequence[str], survey: Survey, named: Mapping[str, str], where: str) -> Columns:
    """The columns by the names given, else by the survey's own words for each dimension. SurveyError where one is
    not there, naming the nearest."""
    folded = {head.strip().casefold(): head for head in heads}

    def find(name: str, words: Sequence[str]) -> str:
        if name in named:
            if named[name] not in heads:
                refuse_key(named[name], list(heads), f"{where}, {name}")
            return named[name]
        for word in words:
            if word.casefold() in folded:
                return folded[word.casefold()]
        raise SurveyError(
            where, f"has no column for {name}", f"Say which: --column {name}=NAME, one of {', '.join(heads)}"
        )

    dimensions = {item.id: find(item.id, (item.id, item.name, *item.aliases)) for item in survey.dimensions}
    return Columns(day=find("day", ("day", "date", "contact date", "started")), dimensions=dimensions)


def count_contacts(
    text: str, survey: Survey, where: str, named: Mapping[str, str] | None = None
) -> dict[str, dict[str, Counter[str]]]:
    """Dimension id, and "" for all, -> period id -> category code -> contacts. Days outside every period are left out.

    Raises SurveyError for a day or a label that is not known, with its line.
    """
    rows = csv.DictReader(io.StringIO(text))
    columns = find_columns(tuple(rows.fieldnames or ()), survey, named or {}, where)
    counts: dict[str, dict[str, Counter[str]]] = {
        name: {period.id: Counter() for period in survey.periods} for name in ("", *columns.dimensions)
    }
    dimensions = {item.id: item for item in survey.dimensions}
    for number, row in enumerate(rows, start=2):
        place = f"{where}, line {number}"
        period = _find_period(row[columns.day] or "", survey.periods, place)
        codes = {
            name: _find_code(row[column] or "", dimensions[name], place) for name, column in columns.dimensions.items()
        }
        if period is not None:
            counts[""][period][""] += 1
            for name, code in codes.items():
                counts[name][period][code] += 1
    return counts


def _find_period(text: str, periods: Sequence[Period], place: str) -> str | None:
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        raise SurveyError(place, f'"{text}" is no day', "Export days as 2026-01-31") from error
    return next((item.id for item in periods if item.start <= day <= item.end), None)


def _find_code(text: str, dimension: Dimension, place: str) -> str:
    """The category of a label, or of an age in whole years. Nothing is put among the others by default."""
    wanted = text.strip().casefold()
    for item in dimension.categories:
        if wanted in {item.code.casefold(), item.label.casefold(), *(alias.casefold() for alias in item.aliases)}:
            return item.code
    if dimension.kind == "age" and wanted.isdigit():
        age = int(wanted)
        for item in dimension.categories:
            if item.low is not None and item.low <= age and (item.high is None or age <= item.high):
                return item.code
    known = ", ".join(item.label for item in dimension.categories)
    raise SurveyError(
        place, f'"{text.strip()}" is no category of {dimension.name}', f"Known: {known}. Add it to survey.toml"
    )


def protect_column(counts: Mapping[str, int], small: int = SMALL) -> dict[str, str]:
    """One column of counts as it may be shown beside its printed total: numbers, "<5" and "*".

    A reader knows the total, every number shown, that "<5" is 0 to 4 and that "*" is 5 or more. Cells are withheld,
    smallest first, until nothing narrows a "<5" and each "*" keeps as wide a range; where that cannot be had, all
    are withheld. It is what the disclosure gate asks of every output.
    """
    hidden = {code for code, count in counts.items() if 0 < count < small}
    if not hidden:
        return {code: str(count) for code, count in counts.items()}
    starred: set[str] = set()
    rest = sorted((code for code, count in counts.items() if count >= small), key=lambda code: (counts[code], code))
    left = sum(counts[code] for code in hidden)
    while not _is_safe(len(hidden), len(starred), left, small):
        if not rest:
            return dict.fromkeys(counts, "*")
        code = rest.pop(0)
        starred.add(code)
        left += counts[code]
    return {
        code: f"<{small}" if code in hidden else "*" if code in starred else str(count)
        for code, count in counts.items()
    }


def _is_safe(n_small: int, n_starred: int, left: int, small: int) -> bool:
    """Whether cells that add up to `left` leave each "<5" its whole range and each "*" one as wide."""
    top = small - 1
    reaches_top = left - (n_small - 1) - n_starred * small >= top
    reaches_bottom = n_starred > 0 or left <= (n_small - 1) * top
    if not n_starred:
        return reaches_top and reaches_bottom
    most = left - n_small - (n_starred - 1) * small
    least = max(small, left - n_small * top) if n_starred == 1 else small
    return reaches_top and reaches_bottom and most - least >= top


def write_reply(counts: Mapping[str, Mapping[str, Counter[str]]], survey: Survey, small: int = SMALL) -> dict[str, str]:
    """File name -> CSV: contacts by quarter, and for each dimension a table of quarters across.

    A quarter whose own total is small shows nothing but that.
    """
    totals = {period: found[""] for period, found in counts[""].items()}
    periods = [item for item in survey.periods if totals[item.id]]
    names = [item.aliases[0] if item.aliases else item.id for item in periods]
    measure = next(item.measure for item in survey.questions if item.id == survey.headline)
    shown = [f"<{small}" if totals[item.id] < small else str(totals[item.id]) for item in periods]
    files = {"contacts.csv": _write_csv([["", *names], [measure, *shown]])}
    for dimension in survey.dimensions:
        question = next((item for item in survey.questions if item.dimensions == (dimension.id,)), None)
        if question is None:
            continue
        columns = []
        for period in periods:
            own = {item.code: counts[dimension.id][period.id][item.code] for item in dimension.categories}
            total = totals[period.id]
            columns.append(protect_column(own, small) if total >= small else dict.fromkeys(own, "*"))
        rows = [[item.label, *(column[item.code] for column in columns)] for item in dimension.categories]
        files[f"{question.id}.csv"] = _write_csv([[question.measure], [dimension.name, *names], *rows])
    return files


def _write_csv(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
