"""Makes the replies of the bundled survey `sexual-communication` from tools/sexual_communication_figures.csv.

Every figure is a published one, named with its source in that table and in the reply's own reply.toml. Four
forces' own answers are known in their layout too and are made again with their traps: Northamptonshire's
table with three kinds of empty cell, Dyfed-Powys' sentence, Essex' refusal, and an answer of the Police
Service of Northern Ireland that counts custody records. Run it after changing the table; the same table gives
the same bytes.
"""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from replies import write_replies

from answerable.surveys.simulate.blocks import Block, Paragraph, Part, Tabular, Value, say
from answerable.surveys.simulate.writers import WRITERS

COUNTED = "Sexual communication with a child (71/17)"
NOTE = (
    "This document was made again from published figures. It is not the letter that was sent. "
    "The file reply.toml beside it names the sources."
)
GAP = "Other questions and years: no figure was published; not re-created."
NORTHANTS = (
    "https://www.northants.police.uk/foi-ai/northamptonshire-police/disclosure-logs/2025/october/"
    "foi-10905-25-sexual-communication-with-a-child/"
)
DYFED_POWYS = (
    "https://www.dyfed-powys.police.uk/foi-ai/dyfed-powys-police/disclosure2022/june/child-sexual-offences-3702022/"
)
ESSEX = (
    "https://www.essex.police.uk/foi-ai/essex-police/other-information/previous-foi-requests/"
    "sexual-communication-with-a-child-2020-to-2023/"
)
PSNI = "https://www.psni.police.uk/foi-disclosure-log/offences-against-children"
Figures = dict[str, str]
"""Period -> published value; "" for a blank cell, words where words were printed."""


def number(text: str) -> Value:
    return int(text) if text.isdigit() else text or None


def draw_down(found: Figures) -> tuple[Block, ...]:
    return (Tabular(rows=(("Year", COUNTED), *((year, number(value)) for year, value in found.items()))),)


def draw_across(found: Figures, label: str = COUNTED) -> tuple[Block, ...]:
    return (Tabular(rows=(("Offence", *found), (label, *(number(value) for value in found.values())))),)


def draw_lines(found: Figures) -> tuple[Block, ...]:
    return say(f"1. {COUNTED}:", *(f"{year} - {value}" for year, value in found.items()))


def draw_prose(found: Figures) -> tuple[Block, ...]:
    return say(*(f"There were {value} such offences recorded in {year}." for year, value in found.items()))


def draw_marked(found: Figures) -> tuple[Block, ...]:
    """Sussex stands with an asterisk in the published table; its footnote was not seen."""
    return draw_across_force(found, "Sussex*")


def draw_across_force(found: Figures, force: str) -> tuple[Block, ...]:
    rows = (("Force", *found), (force, *(number(value) for value in found.values())))
    return (Paragraph(text=COUNTED), Tabular(rows=rows))


def draw_hampshire(found: Figures) -> tuple[Block, ...]:
    return draw_across_force(found, "Hampshire/IW")


def draw_scotland(found: Figures) -> tuple[Block, ...]:
    rows = (("Year", "Communicating indecently with a child"), *((year, int(value)) for year, value in found.items()))
    return (Tabular(rows=rows),)


LAYOUTS: dict[str, tuple[str, Callable[[Figures], tuple[Block, ...]]]] = {
    "cheshire": ("docx", draw_down),
    "cleveland": ("txt", draw_lines),
    "derbyshire": ("html", draw_across),
    "devon-and-cornwall": ("txt", draw_lines),
    "durham": ("pdf", draw_prose),
    "dyfed-powys": ("docx", draw_down),
    "essex": ("csv", draw_down),
    "gwent": ("pdf", draw_down),
    "hampshire": ("xlsx", draw_hampshire),
    "kent": ("xls", draw_across),
    "lancashire": ("html", draw_down),
    "north-wales": ("ods", draw_across),
    "north-yorkshire": ("docx", draw_across),
    "northamptonshire": ("csv", draw_across),
    "northumbria": ("rtf", draw_prose),
    "police-scotland": ("xlsx", draw_scotland),
    "south-wales": ("pdf", draw_across),
    "surrey": ("xlsx", draw_down),
    "sussex": ("csv", draw_marked),
    "thames-valley": ("docx", draw_prose),
}
"""Authority -> format and layout of its yearly figures."""

OWN = {("northamptonshire", "2024/25"), ("dyfed-powys", "2021/22")}
"""Figures that stand in a document of their own, made below."""


def make_northamptonshire() -> tuple[str, bytes]:
    """Ages across, sex down; blank is none, "*" is suppressed, and 0 stands only in the row of sums."""
    table = Tabular(
        rows=(
            ("", "11 and under", "12-15", "16 and over", "Unknown Age"),
            ("Female", None, "22", None, "2"),
            ("Male", "*", "*", None, None),
            ("Unknown", None, "*", None, "22"),
            ("Sum:", "0", "22", "0", "24"),
        )
    )
    blocks: tuple[Block, ...] = (
        Paragraph(text="1 April 2024 to 31 March 2025", style="heading"),
        Paragraph(text="Question 1: 52", style="heading"),
        Paragraph(text="Question 2", style="heading"),
        table,
        Paragraph(text="Question 3", style="heading"),
        *say("Exempt under section 40(2), personal information, since it concerns one child."),
        Paragraph(text=NOTE, style="footer"),
    )
    return "2024-25.html", WRITERS["html"]((Part(blocks=blocks),))


def make_dyfed_powys() -> tuple[str, bytes]:
    """All questions first, then numbered responses in prose."""
    blocks = say(
        "Question 1: recorded offences 71/17, 1 April 2021 to 31 March 2022.",
        "Question 2: victims by age band and gender.",
        "Response 1: There have been 39 offences.",
        "Response 2: no figure was published; not re-created.",
        NOTE,
    )
    return "2021-22.html", WRITERS["html"]((Part(blocks=blocks),))


def make_essex() -> tuple[str, bytes]:
    """A whole refusal on cost."""
    blocks = say(
        "Request: offences of sexual communication with a child, 1 April 2022 to 31 March 2023.",
        "Section 12(1) of the Act applies: question four could be answered only by reading every record, "
        "which would take longer than the appropriate limit. This is a refusal notice under section 17(5).",
        "Some figures were given outside the Act; they were not published; not re-created.",
        "Disclosure unit",
        NOTE,
    )
    return "2022-23-refusal.docx", WRITERS["docx"]((Part(blocks=blocks),))


def make_psni() -> tuple[str, bytes]:
    """Another unit (custody records) and another period (a calendar year) than were asked for."""
    blocks = say(
        "Request 1: adults charged with sexual communication with a child in 2024.",
        "Answer 1: 71 custody records hold at least one such charge. Records are counted, not people or offences.",
        "Requests 2 to 4: exempt under section 30(1) and section 40(2).",
        NOTE,
    )
    return "2024.html", WRITERS["html"]((Part(blocks=blocks),))


LETTERS: dict[str, tuple[str, Callable[[], tuple[str, bytes]]]] = {
    "northamptonshire": (NORTHANTS, make_northamptonshire),
    "dyfed-powys": (DYFED_POWYS, make_dyfed_powys),
    "essex": (ESSEX, make_essex),
    "psni": (PSNI, make_psni),
}

EXEMPTIONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "northamptonshire": (("3", "40", "(2)"), ("2", "40", "(2)")),
    "essex": (("", "12", "(1)"),),
    "psni": (("", "30", "(1)"), ("", "40", "(2)")),
}
CAVEATS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "police-scotland": (
        (
            "other_definition",
            "",
            "Communicating indecently with a child is an offence of Scottish law, not code 71/17.",
        ),
    ),
    "psni": (
        ("not_comparable", "", "Custody records in a calendar year are counted, not offences in financial years."),
    ),
    "hampshire": (
        ("other", "2021/22", "No figure was given for this year; the published regional total adds it as nothing."),
    ),
    "sussex": (("other", "", "The published table marks the name with an asterisk; its footnote was not seen."),),
}
RECEIVED = {"essex": "2023-06-16", "psni": "2025-05-06"}
"""Day the force dated its own answer."""


def read_figures() -> dict[str, list[dict[str, str]]]:
    """Rows of the table by authority, in its order."""
    with (Path(__file__).resolve().parent / "sexual_communication_figures.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["authority"], []).append(row)
    return found


def show_value(row: dict[str, str]) -> str:
    """What stands in the cell: the number, "n/a" where that was printed, nothing for a blank."""
    return row["value"] or ("" if row["status"] == "blank" else "n/a")


def write_reply_toml(authority: str, rows: list[dict[str, str]]) -> str:
    """reply.toml of a re-created reply."""
    own = [LETTERS[authority][0]] if authority in LETTERS else []
    sources = list(dict.fromkeys([row["source"] for row in rows] + own))
    editions = list(dict.fromkeys(row["edition"] for row in rows)) or ["the force's disclosure log"]
    notes = [f"Re-created from published figures: {'; '.join(editions)}."]
    notes += list(dict.fromkeys(f"{row['period']}: {row['note']}" for row in rows if row["note"]))
    lines = [f"received = {RECEIVED[authority]}"] if authority in RECEIVED else []
    lines += ['outcome = "partially_successful"']
    lines += ['unit = "records"'] if authority == "psni" else []
    lines += ["recreated_from = ["]
    lines += [f"  {json.dumps(source)}," for source in sources]
    lines += ["]", f"note = {json.dumps(' '.join(notes))}"]
    for question, section, subsection in EXEMPTIONS.get(authority, ()):
        lines += ["", "[[exemption]]"] + ([f'question = "{question}"'] if question else [])
        lines += [f'section = "{section}"', f'subsection = "{subsection}"']
    caveats = [("recreated", "", "Made again from published figures."), *CAVEATS.get(authority, ())]
    for kind, period, text in caveats:
        lines += ["", "[[caveat]]", f'kind = "{kind}"', f"text = {json.dumps(text)}"]
        lines += [f'period = "{period}"'] if period else []
    return "\n".join(lines) + "\n"


def make_replies() -> Iterator[tuple[str, bytes]]:
    """Every file under replies/ as (path, bytes)."""
    figures = read_figures()
    for authority in sorted(figures.keys() | LETTERS.keys()):
        rows = figures.get(authority, [])
        yearly = {row["period"]: show_value(row) for row in rows if (authority, row["period"]) not in OWN}
        if yearly:
            kind, draw = LAYOUTS[authority]
            blocks = (*draw(dict(sorted(yearly.items()))), *say(GAP), Paragraph(text=NOTE, style="footer"))
            yield f"{authority}/figures.{kind}", WRITERS[kind]((Part(blocks=blocks),))
        if authority in LETTERS:
            name, data = LETTERS[authority][1]()
            yield f"{authority}/{name}", data
        yield f"{authority}/reply.toml", write_reply_toml(authority, rows).encode()


if __name__ == "__main__":
    write_replies("sexual-communication", make_replies())
