"""The filled reply form: online offences by period, platform, age band and sex, safe to send as it stands.

Answers the request that forces refuse on cost, from the records and their flags. Counts under SMALL are printed
"<5", and where the printed total would give one away, further cells are withheld as "*" until it does not. The
trap: totals repeat in every table, so a cell is safe only if no sum in the workbook gives it to within a few.
"""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from answerable.errors import AnswerableError

SMALL = 5
AGES = (
    (0, 9, "Under 10"),
    (10, 12, "10 to 12"),
    (13, 15, "13 to 15"),
    (16, 17, "16 to 17"),
    (18, 200, "18 and over"),
)
_WIDTH = 3
"""A withheld count must have been able to be at least this many different numbers."""
_SEXES = {"f": "Female", "female": "Female", "m": "Male", "male": "Male"}
UNKNOWN = "Not recorded"
_QUESTIONS = (
    ("1", "Offences flagged as online, by the force's flag and by the reading of the text"),
    ("2", "Offences read as online, by platform"),
    ("3", "Offences read as online, by age band of victim"),
    ("4", "Offences read as online, by sex of victim"),
)


@dataclass(slots=True, kw_only=True)
class Counts:
    """Online offences by question, row and financial year, gathered while records stream past."""

    cells: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    years: set[str] = field(default_factory=set)

    def add(self, records: Any, flags: Any) -> None:
        """Count one batch of records and its flags. A record with two platforms counts once, as "More than one"."""
        names = ("day", "age", "sex", "flagged")
        columns = [records.column(name).to_pylist() for name in names]
        read = [flags.column(name).to_pylist() for name in ("flag", "platforms")]
        for day, age, sex, own, flag, platforms in zip(*columns, *read, strict=True):
            year = name_year(day)
            self.years.add(year)
            if own:
                self.cells["1", "Flagged by the force", year] += 1
            if flag == "needs-a-person":
                self.cells["1", "Not decided: a person must read the record", year] += 1
            if flag != "yes":
                continue
            self.cells["1", "Read as online", year] += 1
            several = "More than one platform" if "; " in platforms else platforms
            self.cells["2", several or "Platform not stated", year] += 1
            self.cells["3", _name_age(age), year] += 1
            self.cells["4", _SEXES.get(sex.strip().lower(), UNKNOWN), year] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTable:
    """One question's table: a row label and a text a year, the last row the total where the rows sum to one."""

    number: str
    title: str
    years: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def name_year(day: date | None) -> str:
    """The financial year of a day as forces write it, "2016/17"; UNKNOWN for none."""
    if day is None:
        return UNKNOWN
    first = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return f"{first}/{(first + 1) % 100:02}"


def make_tables(counts: Counts) -> tuple[FormTable, ...]:
    """The form's tables with small numbers protected."""
    years = tuple(sorted(counts.years))
    tables = []
    for number, title in _QUESTIONS:
        labels = _order_labels({row for question, row, _ in counts.cells if question == number}, number)
        columns = [_fill_column(counts, number, labels, year) for year in years]
        names = labels if number == "1" else [*labels, "Total"]
        rows = tuple((name, tuple(column[at] for column in columns)) for at, name in enumerate(names))
        tables.append(FormTable(number=number, title=title, years=years, rows=rows))
    return tuple(tables)


def protect_counts(values: Sequence[int]) -> list[str]:
    """The texts for counts whose total is printed beside them: "<5" for 1 to 4, "*" for what must also go.

    A zero is printed. Where the total itself is 1 to 4 every count is withheld. Cells are withheld, the smallest
    first, until each withheld one could still have been _WIDTH different numbers.
    """
    total = sum(values)
    if 0 < total < SMALL:
        return ["*"] * len(values)
    small = {place for place, value in enumerate(values) if 0 < value < SMALL}
    more: set[int] = set()
    while not _is_safe(values, small, more):
        rest = [place for place in range(len(values)) if place not in small and place not in more]
        if not rest:
            break
        more.add(min(rest, key=lambda place: (values[place] == 0, values[place], place)))
    return ["*" if at in more else "<5" if at in small else str(value) for at, value in enumerate(values)]


def _is_safe(values: Sequence[int], small: set[int], more: set[int]) -> bool:
    """Whether every withheld count could have been several numbers, given the total and how it was withheld."""
    left = sum(values[place] for place in small | more)
    floors = dict.fromkeys(small, 1) | dict.fromkeys(more, 0)
    ceilings = dict.fromkeys(small, SMALL - 1) | dict.fromkeys(more, left)
    for place in small | more:
        others_low = sum(floors.values()) - floors[place]
        others_high = sum(ceilings.values()) - ceilings[place]
        low = max(floors[place], left - others_high)
        high = min(ceilings[place], left - others_low)
        if high - low + 1 < _WIDTH:
            return False
    return True


def _fill_column(counts: Counts, number: str, labels: list[str], year: str) -> list[str]:
    values = [counts.cells[number, label, year] for label in labels]
    if number == "1":
        # These rows overlap and sum to nothing, but "Read as online" is the total of every other table.
        return ["<5" if 0 < value < SMALL else str(value) for value in values]
    total = sum(values)
    return [*protect_counts(values), "<5" if 0 < total < SMALL else str(total)]


def _order_labels(labels: set[str], number: str) -> list[str]:
    if number == "1":
        order = ["Flagged by the force", "Read as online", "Not decided: a person must read the record"]
    elif number == "3":
        order = [name for _, _, name in AGES] + [UNKNOWN]
    elif number == "4":
        order = ["Female", "Male", UNKNOWN]
    else:
        last = ["More than one platform", "Platform not stated"]
        return sorted(labels - set(last)) + [name for name in last if name in labels]
    return order


def _name_age(age: str) -> str:
    try:
        years = int(float(age))
    except ValueError:
        return UNKNOWN
    return next((name for low, high, name in AGES if low <= years <= high), UNKNOWN)


def write_reply_form(tables: Sequence[FormTable], authority: str = "") -> bytes:
    """The form as an xlsx workbook: a sheet a question, a title, a header row of years, a row a label. The same
    tables give the same bytes. Needs XlsxWriter (the extra `flag`)."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise AnswerableError("flag reply", "needs XlsxWriter", "Run: pip install 'answerable[flag]'") from error
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    book.set_properties({"title": "Reply form", "created": datetime(2000, 1, 1)})
    bold = book.add_format({"bold": True})
    for table in tables:
        sheet = book.add_worksheet(f"Q{table.number}")
        sheet.write_string(0, 0, f"{table.number}. {table.title}" + (f" ({authority})" if authority else ""), bold)
        sheet.write_row(2, 0, ["Financial year", *table.years], bold)
        for at, (label, texts) in enumerate(table.rows):
            sheet.write_string(3 + at, 0, label)
            for col, text in enumerate(texts):
                if text.isdigit():
                    sheet.write_number(3 + at, 1 + col, int(text))
                else:
                    sheet.write_string(3 + at, 1 + col, text)
        note = "<5: one to four, withheld. *: withheld so that no withheld number can be worked out."
        sheet.write_string(4 + len(table.rows), 0, note)
        sheet.set_column(0, 0, 44)
    book.close()
    return held.getvalue()
