"""One force's answers to the questions: drawn in some layout, refused, not held, or left out.

The trap: what an answer refuses is a fact as well, and no number of it may be read from anywhere.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from answerable.surveys.simulate import layouts
from answerable.surveys.simulate.blocks import Block, say
from answerable.surveys.simulate.layouts import Drawn, Fact
from answerable.surveys.simulate.question_set import QUESTIONS
from answerable.surveys.simulate.wording import ZEROS, Style, show_keys
from answerable.surveys.simulate.world import Force

REFUSALS = (
    ("40", "This information is exempt under section 40(2) of the Act, personal information."),
    ("12", "Section 12(1) applies: to answer this question would exceed the appropriate limit of 18 hours."),
    ("31", "This information is exempt under section 31(1)(a) of the Act, law enforcement."),
)
SHEETS = frozenset({"xlsx", "xls", "ods", "eml+xlsx"})
TEXTS = frozenset({"txt", "eml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question's answer. `status` is normal, refused, not_held or missing; `section` is set for a refusal."""

    question: str
    drawn: Drawn
    status: str = "normal"
    section: str = ""


def draw_answers(force: Force, style: Style, kind: str, draw: random.Random) -> Iterator[Answer]:
    """The answers in the order of the request, in layouts that the format `kind` can hold."""
    small = layouts.break_by_offence(force)
    n_records = sum(small.counts.values())
    if kind in {"xlsx", "xls", "csv"} and 0 < n_records <= layouts.MOST_RECORDS and draw.random() < 0.3:
        yield Answer(question="offences", drawn=layouts.draw_records(force, style, draw))
        yield _draw_answer("victims", force, style, kind, draw)
        return
    for question in QUESTIONS:
        yield _draw_answer(question, force, style, kind, draw)


def _draw_answer(question: str, force: Force, style: Style, kind: str, draw: random.Random) -> Answer:
    fate = draw.random()
    if question != "offences" and fate < 0.14:
        if fate < 0.09:
            section, text = draw.choice(REFUSALS)
            refused = Drawn(layout="refusal", blocks=say(text))
            return Answer(question=question, drawn=refused, status="refused", section=section)
        text = "The force does not hold this information."
        return Answer(question=question, drawn=Drawn(layout="not_held", blocks=say(text)), status="not_held")
    drawn = _draw_layout(question, force, style, kind, draw)
    return Answer(question=question, drawn=_explain(drawn, style))


def _draw_layout(question: str, force: Force, style: Style, kind: str, draw: random.Random) -> Drawn:
    if question == "offences":
        if draw.random() < 0.12:
            return draw.choice(layouts.TOTAL_TRAPS)(force, style, draw)
        choices = layouts.TOTAL_TEXTS if kind in TEXTS else layouts.TOTAL_TABLES
        if kind not in TEXTS and kind not in SHEETS and kind != "csv":
            choices += layouts.TOTAL_TEXTS
        return draw.choice(choices)(force, style, draw)
    if question == "victims":
        return draw.choice(layouts.VICTIM_TABLES)(force, style, draw)
    breakdown = layouts.break_by_offence(force) if question.endswith("offence") else layouts.break_by_age(force)
    tables = layouts.TABLES + (layouts.GROUPED if breakdown.dimension == "offence" else ())
    if kind in SHEETS:
        tables += (layouts.draw_sheet_a_year,)
    elif kind != "csv":
        texts = layouts.TEXTS if kind in TEXTS else layouts.TEXTS[:1]
        tables = texts * 2 + tables if kind in TEXTS else tables + texts
    return draw.choice(tables)(breakdown, style, draw)


def _explain(drawn: Drawn, style: Style) -> Drawn:
    """The drawn answer with the keys of the marks it uses."""
    said = [fact.stated for fact in drawn.facts]
    zero = any(stated.value == 0 and stated.text in (None, "-") for stated in said)
    mark = any(stated.status == "suppressed" for stated in said)
    keys = show_keys(style, zero=zero and bool(ZEROS[style.zero]), mark=mark)
    if not keys:
        return drawn
    if drawn.sheets:
        sheets = tuple((name, (*blocks, *keys)) for name, blocks in drawn.sheets)
        return Drawn(layout=drawn.layout, sheets=sheets, facts=drawn.facts)
    blocks: tuple[Block, ...] = (*drawn.blocks, *keys)
    return Drawn(layout=drawn.layout, blocks=blocks, facts=drawn.facts)


__all__ = ["SHEETS", "Answer", "Fact", "draw_answers"]
