"""Makes the replies of the bundled survey `cyber-flag` from tools/cyber_flag_figures.csv.

Every figure in them is a published one, named with its source in that table and in the reply's own
reply.toml. The documents take the formats and layouts that real replies have; their words are ours. Run
`python tools/make_cyber_flag.py` after changing the table; the same table gives the same bytes.
"""

import codecs
import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from replies import write_replies

from answerable.surveys.simulate.blocks import Paragraph, Part, Tabular, Value, say
from answerable.surveys.simulate.writers import WRITERS, write_csv, write_eml, write_txt

FIRST, SECOND = "2015/16", "2016/17"
COUNTED = "Cyber-flagged sexual offences, victim under 18"
NOTE = (
    "This document was made again from published figures. It is not the letter that was sent. "
    "The file reply.toml beside it names the sources."
)
GAP = "Questions two and three (by offence and by age): no figure was published; not re-created."
NO_BASE = f"No figure for {FIRST} was published; not re-created."
OPENING = "Thank you for your request under the Freedom of Information Act 2000. Our answer to question one follows."
CLOSING = "Disclosure unit"
Figures = dict[str, str]
"""Period -> published value, or the words printed where there is none."""


def wrap(*blocks: Paragraph | Tabular, note: str = NOTE) -> tuple[Part, ...]:
    """One part: opening, what is given, and the two sentences every re-created document ends with."""
    body = (*say(OPENING), *blocks, *say(GAP), *say(CLOSING), Paragraph(text=note, style="footer"))
    return (Part(blocks=body),)


def number(text: str) -> Value:
    return int(text) if text.isdigit() else text


def draw_years_across(found: Figures) -> Tabular:
    return Tabular(rows=(("", FIRST, SECOND), (COUNTED, number(found[FIRST]), number(found[SECOND]))))


def draw_years_down(found: Figures, *, period: str = "Financial year", measure: str = "Number of offences") -> Tabular:
    return Tabular(rows=((period, measure), *((year, number(value)) for year, value in sorted(found.items()))))


def make_northumbria(found: Figures) -> tuple[str, bytes]:
    """A page of a disclosure log, years across, questions said again before the answers."""
    ask = "Question one: how many sexual offences against victims under 18 were recorded with the cyber-flag?"
    return "disclosure-log.html", WRITERS["html"](wrap(*say(ask, "Answer one:"), draw_years_across(found)))


def make_cleveland(found: Figures) -> tuple[str, bytes]:
    """A letter with a table, years down."""
    return "reply.docx", WRITERS["docx"](wrap(draw_years_down(found, measure=COUNTED)))


def make_durham(found: Figures) -> tuple[str, bytes]:
    """A mail whose figures are in the attached workbook; the year before is not available."""
    book = WRITERS["xlsx"](wrap(draw_years_down(found, measure=COUNTED)))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    body = say("Please find our reply in the attached workbook.", CLOSING, NOTE)
    return "reply.eml", write_eml(
        (Part(blocks=body),),
        name="durham",
        subject="Freedom of information request: cyber-flagged offences",
        sent=date(2017, 6, 1),
        attachments=(("figures.xlsx", kind, book),),
    )


def make_north_yorkshire(found: Figures) -> tuple[str, bytes]:
    """A pdf with a ruled table, years across."""
    return "reply.pdf", WRITERS["pdf"](wrap(draw_years_across(found)))


def make_northamptonshire(found: Figures) -> tuple[str, bytes]:
    """A workbook, years down, under a title that is merged over both columns."""
    rows = ((COUNTED, None), ("Financial year", "Number of offences"), *draw_years_down(found).rows[1:])
    table = Tabular(rows=rows, header=2, merges=((0, 0, 0, 1),))
    notes = (*say(GAP), Paragraph(text=NOTE, style="footer"))
    return "figures.xlsx", WRITERS["xlsx"]((Part(blocks=(table, *notes), name="Q1"),))


def make_lincolnshire(found: Figures) -> tuple[str, bytes]:
    """A csv in Windows-1252 with a totals row and an en dash in each year; the sum of both years was printed too."""
    rows = [(year.replace("/", "\u2013"), number(value)) for year, value in sorted(found.items())]
    total = sum(int(value) for value in found.values())
    table = Tabular(rows=(("Year", COUNTED), *rows, ("Total", total)))
    return "figures.csv", write_csv((Part(blocks=(table, *say(GAP, NOTE))),), encoding="cp1252")


def make_west_mercia(found: Figures) -> tuple[str, bytes]:
    """Plain text, a line a year."""
    lines = say(f"Question 1. {COUNTED}:", *(f"{year} - {value}" for year, value in sorted(found.items())))
    return "reply.txt", write_txt(wrap(*lines))


def make_cambridgeshire(found: Figures) -> tuple[str, bytes]:
    """A pdf in prose."""
    text = f"There were {found[SECOND]} cyber-flagged sexual offences against under-18s recorded in {SECOND}."
    return "reply.pdf", WRITERS["pdf"](wrap(*say(text, NO_BASE)))


def make_kent(found: Figures) -> tuple[str, bytes]:
    """An old workbook, a sheet a year."""
    parts = [
        Part(name=year.replace("/", "-"), blocks=(Tabular(rows=(("Measure", "Total"), (COUNTED, number(value)))),))
        for year, value in sorted(found.items())
    ]
    return "figures.xls", WRITERS["xls"]((*parts, Part(name="Notes", blocks=say(GAP, NOTE))))


def make_thames_valley(found: Figures) -> tuple[str, bytes]:
    """A page of a disclosure log, a line a year."""
    lines = say(f"1. {COUNTED}:", f"{SECOND} \u2013 {found[SECOND]}", NO_BASE)
    return "disclosure-log.html", WRITERS["html"](wrap(*lines))


def make_humberside(found: Figures) -> tuple[str, bytes]:
    """A letter in prose that says the question again."""
    ask = "Question one: sexual offences against victims under 18 recorded with the cyber-flag, by financial year."
    text = f"In {SECOND} the force recorded {found[SECOND]} such offences."
    return "reply.docx", WRITERS["docx"](wrap(*say(ask, text, NO_BASE)))


def make_south_yorkshire(found: Figures) -> tuple[str, bytes]:
    """A workbook with label columns before the count, one row a year."""
    rows = [("South Yorkshire", year, "Cyber-flag", number(value)) for year, value in sorted(found.items())]
    head = ("Force", "Financial year", "Flag", "Sexual offences, victim under 18")
    table = Tabular(rows=(head, *rows))
    return "figures.xlsx", WRITERS["xlsx"](
        (
            Part(name="Cover", blocks=say(OPENING, GAP, CLOSING, NOTE)),
            Part(name="Question 1", blocks=(table,)),
        )
    )


def make_greater_manchester(found: Figures) -> tuple[str, bytes]:
    """An OpenDocument sheet with two header rows, the first merged over the years."""
    table = Tabular(
        rows=(
            ("Offences", "Financial year recorded", None),
            (None, FIRST, SECOND),
            (COUNTED, number(found[FIRST]), number(found[SECOND])),
        ),
        header=2,
        merges=((0, 1, 0, 2), (0, 0, 1, 0)),
    )
    return "figures.ods", WRITERS["ods"]((Part(name="Table 1", blocks=(table, *say(GAP, NOTE))),))


def make_wiltshire(found: Figures) -> tuple[str, bytes]:
    """A mail with the answer in its body and a caveat on the first year."""
    caveat = f"Few flags were added in {FIRST}, probably because staff did not yet know of them."
    lines = say(f"{COUNTED}:", *(f"{year}: {value}" for year, value in sorted(found.items())), caveat)
    return "reply.eml", write_eml(wrap(*lines), name="wiltshire", subject="Freedom of information request: answer")


def make_essex(found: Figures) -> tuple[str, bytes]:
    """A csv with semicolons."""
    table = Tabular(rows=(("Offence", "Period", "Count"), (COUNTED, SECOND, number(found[SECOND]))))
    return "figures.csv", write_csv((Part(blocks=(table, *say(NO_BASE, GAP, NOTE))),), delimiter=";")


def make_staffordshire(found: Figures) -> tuple[str, bytes]:
    """A csv in UTF-16 with tabs, as a spreadsheet saves "Unicode text"."""
    table = draw_years_across(found)
    body = write_csv((Part(blocks=(table, *say(GAP, NOTE))),), encoding="utf-16-le", delimiter="\t")
    return "figures.csv", codecs.BOM_UTF16_LE + body


def make_sussex(found: Figures) -> tuple[str, bytes]:
    """A letter: each question, then its answer."""
    lines = say(
        f"Q1 Number of sexual offences against victims under 18 with the cyber-flag, {FIRST} and {SECOND}",
        f"A1 {SECOND}: {found[SECOND]}. {NO_BASE}",
    )
    return "reply.docx", WRITERS["docx"](wrap(*lines))


MAKERS: dict[str, Callable[[Figures], tuple[str, bytes]]] = {
    "northumbria": make_northumbria,
    "cleveland": make_cleveland,
    "durham": make_durham,
    "north-yorkshire": make_north_yorkshire,
    "northamptonshire": make_northamptonshire,
    "lincolnshire": make_lincolnshire,
    "west-mercia": make_west_mercia,
    "cambridgeshire": make_cambridgeshire,
    "kent": make_kent,
    "thames-valley": make_thames_valley,
    "humberside": make_humberside,
    "south-yorkshire": make_south_yorkshire,
    "greater-manchester": make_greater_manchester,
    "wiltshire": make_wiltshire,
    "essex": make_essex,
    "staffordshire": make_staffordshire,
    "sussex": make_sussex,
}

CAVEATS: dict[str, tuple[str, str, str]] = {
    "wiltshire": (
        "flag_not_used",
        FIRST,
        "The force said that few flags were created in the first year, probably for want of awareness among staff.",
    ),
    "durham": ("other", FIRST, "The figure for the year before was not available."),
}
"""Authority -> kind, period and words of what it said about its own figures."""


def read_figures() -> dict[str, list[dict[str, str]]]:
    """Rows of the table by authority, in its order."""
    with (Path(__file__).resolve().parent / "cyber_flag_figures.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["authority"], []).append(row)
    return found


def write_reply_toml(authority: str, rows: list[dict[str, str]]) -> str:
    """reply.toml of a re-created reply. Where a source gives its day of publication, that is the day received."""
    days = sorted(row["published"] for row in rows if re.fullmatch(r"\d{4}-\d\d-\d\d", row["published"]))
    sources = list(dict.fromkeys(row["source"] for row in rows))
    editions = list(dict.fromkeys(row["edition"] for row in rows))
    note = f"Re-created from published figures ({' and '.join(editions)}). "
    note += "Questions 2 and 3: no figure was published; not re-created."
    if days:
        note += " The day received is the day of publication."
    lines = [f"received = {days[0]}"] if days else []
    lines += ['outcome = "partially_successful"', "recreated_from = ["]
    lines += [f"  {json.dumps(source)}," for source in sources] + ["]", f"note = {json.dumps(note)}"]
    caveats = [("recreated", "", f"Made again from published figures: {' and '.join(editions)}.")]
    caveats += [CAVEATS[authority]] if authority in CAVEATS else []
    for kind, period, text in caveats:
        lines += ["", "[[caveat]]", f'kind = "{kind}"', f"text = {json.dumps(text)}"]
        lines += [f'period = "{period}"'] if period else []
    return "\n".join(lines) + "\n"


def make_replies() -> Iterator[tuple[str, bytes]]:
    """Every file under replies/ as (path, bytes)."""
    for authority, rows in read_figures().items():
        name, data = MAKERS[authority]({row["period"]: row["value"] or row["status"] for row in rows})
        yield f"{authority}/{name}", data
        yield f"{authority}/reply.toml", write_reply_toml(authority, rows).encode()


if __name__ == "__main__":
    write_replies("cyber-flag", make_replies())
