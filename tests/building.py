"""Builders for tests of reading: a survey with every kind of dimension, and grids written as rows or lines."""

from pathlib import Path

from answerable.model import Cell, Grid, Observation, Reply, Survey
from answerable.survey import parse_survey

REGISTERS = Path(__file__).resolve().parent.parent / "src" / "answerable" / "surveys" / "registers"
SURVEY_TEXT = """
id = "practice"
title = "Practice"
subject = "offences"
area = "England and Wales"
register = "uk-police"
nations = ["England", "Wales"]
kinds = ["territorial"]
periods = ["2015/16", "2016/17"]
[[dimension]]
id = "age"
name = "Age of victim"
kind = "age"
ages = [0, 17]
[[dimension.category]]
code = "unknown"
label = "Unknown"
[[dimension]]
id = "band"
name = "Age band"
kind = "age"
category = [
  { code = "0-11", label = "11 and under", high = 11 },
  { code = "12-15", label = "12 to 15", low = 12, high = 15 },
  { code = "16+", label = "16 and over", low = 16 },
  { code = "unknown", label = "Unknown" },
]
[[dimension]]
id = "sex"
name = "Sex"
aliases = ["Gender"]
category = [{ code = "F", label = "Female" }, { code = "M", label = "Male" }, { code = "U", label = "Unknown" }]
[[dimension]]
id = "offence"
name = "Offence"
kind = "offence"
category = [
  { code = "86/2", label = "Taking or making indecent photographs", aliases = ["Making/Taking"] },
  { code = "86/10", label = "Possession of indecent photographs" },
  { code = "rape", label = "Rape" },
  { code = "assault", label = "Sexual assault" },
]
[[dimension]]
id = "outcome"
name = "Outcome"
aliases = ["Crime outcome", "Positive outcomes"]
category = [
  { code = "charge", label = "Charged/summonsed", aliases = ["Charge/summons", "Charged"] },
  { code = "caution", label = "Caution" },
  { code = "resolution", label = "Community resolution" },
]
[[question]]
id = "offences"
number = "1"
text = "How many offences were recorded in each financial year?"
measure = "Offences"
unit = "offences"
[[question]]
id = "by-age"
number = "2"
text = "How many were there by single year of victim age?"
measure = "Offences"
unit = "offences"
dimensions = ["age"]
total_of = "offences"
[[question]]
id = "by-band"
number = "3"
text = "How many victims were there by age band and gender?"
measure = "Victims"
unit = "victims"
dimensions = ["band", "sex"]
[[question]]
id = "by-offence"
number = "4"
text = "How many were there by offence?"
measure = "Offences"
unit = "offences"
dimensions = ["offence"]
total_of = "offences"
[[question]]
id = "by-outcome"
number = "5"
text = "How many were there by offence and outcome?"
measure = "Offences"
unit = "offences"
dimensions = ["offence", "outcome"]
"""
REPLY = Reply(id="kent", authority="kent", received=None, outcome="waiting_response")


def read_beside(name: str) -> str | None:
    path = REGISTERS / f"{name}.csv"
    return path.read_text() if path.is_file() else None


def build_survey(text: str = SURVEY_TEXT) -> Survey:
    return parse_survey(text, "survey.toml", read_beside)


def build_grid(rows: list[str], part: str = "table 1", kind: str = "table", document: str = "kent/reply.docx") -> Grid:
    """A grid from rows of cells parted by "|"; a row "" is blank. Refs are as in a sheet."""
    cells = tuple(
        Cell(row=r, col=c, text=text.strip(), value=None, kind="text", ref=f"{name_column(c)}{r + 1}")
        for r, row in enumerate(rows)
        for c, text in enumerate(row.split("|"))
        if text.strip()
    )
    return Grid(document=document, part=part, kind=kind, cells=cells)  # type: ignore[arg-type]


def build_text(lines: list[str], document: str = "kent/reply.docx", part: str = "text") -> Grid:
    """A text grid, a paragraph a line."""
    cells = tuple(
        Cell(row=r, col=0, text=text, value=None, kind="text", ref=f"p{r + 1}") for r, text in enumerate(lines)
    )
    return Grid(document=document, part=part, kind="text", cells=cells)


def name_column(number: int) -> str:
    return (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)


def show(observations: tuple[Observation, ...], *, accepted: bool = True) -> list[str]:
    """Observations as short lines: "by-age 2016/17 13 = 72"."""
    return [
        f"{o.question} {o.period} {' '.join(code for _, code in o.dimensions)}".strip()
        + f" = {o.value if o.value is not None else o.status}"
        for o in observations
        if o.accepted == accepted
    ]
