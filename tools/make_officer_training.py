"""Makes the replies of the bundled survey `officer-training`: simulated, with a seed, of forces that do not exist.

Seven forces answer as real ones do: workbooks, a letter, a page, a refusal on cost, and one that does not hold who
was told of the flag. The same seed gives the same bytes.
"""

import random
from collections.abc import Callable, Iterator

from replies import write_replies

from answerable.surveys.simulate.blocks import Block, Paragraph, Part, Tabular, say
from answerable.surveys.simulate.writers import WRITERS

PERIODS = ("2024/25", "2025/26")
NOTE = "Simulated: this force does not exist and no figure here is real."
TRAINED, BY_ROLE = "People trained", "Trained, by role"
PARTS, FLAG = "Parts completed", "Told of the online flag"
Figures = dict[str, dict[str, int]]
"""Row label -> period -> people."""


def simulate_force(name: str) -> dict[str, Figures]:
    """One force's figures by question: a share of its people trained, and a share of those who record crime told."""
    rng = random.Random(f"officer-training {name}")
    record = rng.randrange(700, 3200)
    found: dict[str, Figures] = {"trained": {}, "role": {}, "parts": {}, "flag": {}}
    share, told = rng.uniform(0.05, 0.2), rng.uniform(0.2, 0.6)
    for period in PERIODS:
        officers, staff = round(record * share * 0.7), round(record * share * 0.3)
        rows: dict[str, dict[str, int]] = {
            "trained": {TRAINED: officers + staff},
            "role": {"Police officers": officers, "Police staff": staff},
            "parts": {
                "Recognise": round((officers + staff) * rng.uniform(1.6, 2.4)),
                "Investigate": round((officers + staff) * rng.uniform(1.05, 1.4)),
                "Safeguard": round((officers + staff) * rng.uniform(1.2, 1.8)),
            },
            "flag": {"Told": round(record * told), "Not told": record - round(record * told)},
        }
        for question, values in rows.items():
            for label, value in values.items():
                found[question].setdefault(label, {})[period] = value
        share, told = share * rng.uniform(1.1, 1.6), min(told * rng.uniform(1.05, 1.5), 0.9)
    return found


def draw(title: str, first: str, figures: Figures) -> Tabular:
    rows = tuple((label, *(values[period] for period in PERIODS)) for label, values in figures.items())
    return Tabular(rows=((title, None, None), (first, *PERIODS), *rows), header=2, merges=((0, 0, 0, 2),))


def list_tables(found: dict[str, Figures], *, flag: bool = True) -> list[Block]:
    tables: list[Block] = [
        Tabular(rows=((None, *PERIODS), (TRAINED, *(found["trained"][TRAINED][period] for period in PERIODS)))),
        draw(BY_ROLE, "Role", found["role"]),
        draw(PARTS, "Part of the training", found["parts"]),
    ]
    return [*tables, draw(FLAG, "Told when to use the online flag", found["flag"])] if flag else tables


def make_workbook(found: dict[str, Figures], kind: str = "xlsx") -> tuple[str, bytes]:
    """A sheet a question."""
    names = ("Question 1", "Question 2", "Question 3", "Question 4")
    parts = [Part(name=name, blocks=(table,)) for name, table in zip(names, list_tables(found), strict=True)]
    return f"figures.{kind}", WRITERS[kind]((*parts, Part(name="Notes", blocks=say(NOTE))))


def make_letter(found: dict[str, Figures], kind: str, *, flag: bool = True) -> tuple[str, bytes]:
    """A letter with a table a question, each under its question."""
    asks = (
        "Question 1: people trained, by year.", "Question 2: the same by role.",
        "Question 3: who completed each part.", "Question 4: who had been told when to use the online flag.",
    )  # fmt: skip
    blocks: list[Block] = []
    for ask, table in zip(asks, list_tables(found, flag=flag), strict=False):
        blocks += [*say(ask), table]
    if not flag:
        blocks += say(asks[3], "This information is not held: the force keeps no record of who was told of the flag.")
    blocks.append(Paragraph(text=NOTE, style="footer"))
    return f"reply.{kind}", WRITERS[kind]((Part(blocks=tuple(blocks)),))


def make_refusal(_found: dict[str, Figures]) -> tuple[str, bytes]:
    text = (
        "To answer would need the training record of each officer to be read, which would take longer than the "
        "appropriate limit. This is a refusal notice under section 17(5); section 12(1) applies."
    )
    return "refusal.docx", WRITERS["docx"]((Part(blocks=say(text, NOTE)),))


MAKERS: dict[str, Callable[[dict[str, Figures]], tuple[str, bytes]]] = {
    "ashvale": make_workbook,
    "brookmoor": lambda found: make_letter(found, "docx"),
    "calderwick": lambda found: make_workbook(found, "ods"),
    "dunmere": make_refusal,
    "eastholm": lambda found: make_letter(found, "docx", flag=False),
    "fenbury": lambda found: make_letter(found, "html"),
}
"""Glenmarsh does not answer."""


def make_replies() -> Iterator[tuple[str, bytes]]:
    """Every file under replies/ as (path, bytes)."""
    for name, make in MAKERS.items():
        file, data = make(simulate_force(name))
        yield f"{name}/{file}", data
        lines = ["received = 2026-07-01", f'note = "{NOTE}"']
        if name == "dunmere":
            lines += ['outcome = "rejected"', "", "[[exemption]]", 'section = "12"', 'subsection = "(1)"']
        if name == "eastholm":
            lines += ['outcome = "partially_successful"']
        yield f"{name}/reply.toml", ("\n".join(lines) + "\n").encode()


if __name__ == "__main__":
    write_replies("officer-training", make_replies())
