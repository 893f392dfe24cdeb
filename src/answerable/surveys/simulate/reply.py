"""One force's reply: its answers written into a document of some format, or a letter without any.

The trap: the same seed and number give the same bytes, so nothing here may ask a clock, a set or a dict of
unknown order.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from answerable.surveys.simulate.answers import SHEETS, Answer, draw_answers
from answerable.surveys.simulate.blocks import Block, Paragraph, Part, Tabular, drop_logos, say
from answerable.surveys.simulate.noise import add_footnote, add_hidden_row, choose_footers
from answerable.surveys.simulate.question_set import QUESTIONS
from answerable.surveys.simulate.wording import OPENINGS, REFERENCES, choose_style
from answerable.surveys.simulate.world import Force
from answerable.surveys.simulate.writers import WRITERS, write_csv, write_eml, write_mbox, write_scan, write_zip

FORMATS = (
    "xlsx", "xlsx", "xls", "ods", "csv", "csv", "docx", "docx", "pdf", "pdf", "pdf-unruled", "html", "html", "rtf",
    "txt", "eml", "eml+xlsx", "mbox", "zip", "scan",
)  # fmt: skip
"""Every format, the frequent ones twice."""

PICTURED = frozenset({"docx", "pdf", "pdf-unruled", "zip", "scan"})
"""Formats that can hold a logo."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LETTERS = {
    "refused": "Section 12(1) of the Act applies to the whole of your request: to answer it would exceed the "
    "appropriate limit. This letter is a refusal notice under section 17(5).",
    "clarify": "Before we can go on we need to know more: please tell us whether you mean victims or offences. "
    "Until we hear from you the request is on hold.",
    "acknowledged": "We have received your request and will reply within 20 working days.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A reply's files as (name, bytes), with its format and the answers in them."""

    kind: str
    files: tuple[tuple[str, bytes], ...]
    answers: tuple[Answer, ...] = ()
    letter: str = ""


def make_reply(force: Force, seed: int, number: int) -> Simulated | None:
    """What the force sent; None where it sent nothing."""
    draw = random.Random(f"{seed}:{number}:reply")
    fate = draw.random()
    if fate < 0.04:
        return None
    if fate < 0.11:
        letter = draw.choice(tuple(LETTERS))
        text = say(f"{force.name} Police", draw.choice(OPENINGS[:1]), LETTERS[letter], "Disclosure unit")
        kind = draw.choice(("docx", "pdf", "txt"))
        return Simulated(kind=kind, files=((f"reply.{kind}", WRITERS[kind]((Part(blocks=text),))),), letter=letter)
    kind = draw.choice(FORMATS)
    style = choose_style(draw)
    answers = tuple(draw_answers(force, style, kind, draw))
    marked = tuple(
        replace(answer, drawn=replace(answer.drawn, blocks=add_footnote(answer.drawn.blocks, style, draw)))
        for answer in answers
    )
    parts = _lay_sheets(marked, draw) if kind in SHEETS else _lay_letter(force, marked, draw)
    return Simulated(kind=kind, files=tuple(_write(kind, force, parts, draw)), answers=answers)


def _lay_letter(force: Force, answers: tuple[Answer, ...], draw: random.Random) -> tuple[Part, ...]:
    """One letter: opening, each question's number or text, its answer, and what letters end with."""
    repeat = draw.choice(("text", "number", "short"))
    blocks: list[Block] = [Paragraph(text="", style="logo")] if draw.random() < 0.4 else []
    blocks += list(say(f"{force.name} Police", draw.choice(REFERENCES), draw.choice(OPENINGS)))
    for answer in answers:
        number = list(QUESTIONS).index(answer.question) + 1
        head = {"text": f"Question {number}: {QUESTIONS[answer.question]}", "number": f"Question {number}"}
        blocks += [Paragraph(text=head.get(repeat, f"Q{number}"), style="heading"), *answer.drawn.blocks]
    blocks += [*say("Disclosure unit"), *choose_footers(draw)]
    return (Part(blocks=tuple(blocks)),)


def _lay_sheets(answers: tuple[Answer, ...], draw: random.Random) -> tuple[Part, ...]:
    """A workbook: all questions on one sheet, or a sheet each, with hidden rows and sheets now and then."""
    together = draw.random() < 0.4
    stacked: list[Block] = []
    parts: list[Part] = []
    for answer in answers:
        number = list(QUESTIONS).index(answer.question) + 1
        title = Paragraph(text=f"Question {number}: {QUESTIONS[answer.question]}")
        for name, blocks in answer.drawn.sheets:
            parts.append(Part(name=f"Question {number}, {name}"[:31], blocks=(title, *blocks)))
        blocks = answer.drawn.blocks
        if blocks and draw.random() < 0.12:
            blocks = add_hidden_row(blocks, draw)
        if together and blocks:
            stacked += [title, *blocks]
        elif blocks:
            parts.append(Part(name=f"Q{number}", blocks=(title, *blocks)))
    if stacked:
        parts.insert(0, Part(name="Response", blocks=tuple(stacked)))
    if draw.random() < 0.3:
        parts.append(
            Part(name="Notes", blocks=say(*(footer.text for footer in choose_footers(draw)), "Disclosure unit"))
        )
    if draw.random() < 0.08:
        working = Tabular(rows=(("Working", "Count"), ("draft", draw.randrange(500))))
        parts.append(Part(name="Working", blocks=(working,), hidden=True))
    return tuple(parts)


def _write(kind: str, force: Force, parts: tuple[Part, ...], draw: random.Random) -> Iterator[tuple[str, bytes]]:
    subject = "Your request for information"
    if kind not in PICTURED:
        parts = drop_logos(parts)
    if kind == "csv":
        encoding = draw.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16"))
        delimiter = draw.choice((",", ",", ";", "\t"))
        yield "reply.csv", write_csv(parts, encoding=encoding, delimiter=delimiter)
    elif kind == "pdf-unruled":
        yield "reply.pdf", WRITERS["pdf"](tuple(_remove_rules(part) for part in parts))
    elif kind == "scan":
        yield "scan.pdf", write_scan(parts)
    elif kind == "eml":
        yield "reply.eml", write_eml(parts, name=force.id, subject=subject, html=draw.random() < 0.5)
    elif kind == "eml+xlsx":
        letter = (Part(blocks=say(OPENINGS[0], "Please see the attached workbook.", "Disclosure unit")),)
        attachments = (("figures.xlsx", XLSX, WRITERS["xlsx"](parts)),)
        yield "reply.eml", write_eml(letter, name=force.id, subject=subject, attachments=attachments)
    elif kind == "mbox":
        yield "reply.mbox", write_mbox((write_eml(parts, name=force.id, subject=subject, html=True),))
    elif kind == "zip":
        yield "reply.zip", write_zip((("reply/letter.docx", WRITERS["docx"](parts)),))
    else:
        yield f"reply.{kind}", WRITERS[kind](parts)


def _remove_rules(part: Part) -> Part:
    blocks = tuple(replace(block, ruled=False) if isinstance(block, Tabular) else block for block in part.blocks)
    return replace(part, blocks=blocks)
