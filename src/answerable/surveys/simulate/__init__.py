"""Practice surveys with known truth: replies in every format and layout, and the table of what they say.

`world` makes the authorities and what they recorded, `layouts` draw it, `reply` writes it into documents. The
same writers make the documents of the bundled surveys. The trap: nothing simulated may pass for real, so every
survey written here says `simulated = true`.
"""

import csv
import io
from collections.abc import Iterator

from answerable.surveys.simulate.layouts import Fact
from answerable.surveys.simulate.question_set import QUESTIONS, write_register, write_survey_toml
from answerable.surveys.simulate.reply import Simulated, make_reply
from answerable.surveys.simulate.world import Force, make_forces

Key = tuple[str, str, tuple[tuple[str, str], ...]]
"""Question, period and categories of a fact."""

TRUTH_COLUMNS = (
    "authority", "format", "layout", "question", "period", "offence", "age", "sex", "value", "low", "high", "status",
    "section", "expect",
)  # fmt: skip
"""One row a stated value, or a refused question. `expect` is accept, or review where the reply leaves it open."""


def simulate_survey(n_authorities: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Every file of a simulated survey as (path in its folder, bytes); truth.csv comes last.

    The same number and seed give the same bytes; with more authorities the first replies stay as they are.
    """
    forces = tuple(make_forces(n_authorities, seed))
    yield "survey.toml", write_survey_toml(seed).encode()
    yield "register.csv", write_register(forces).encode()
    out = io.StringIO()
    truth = csv.writer(out, lineterminator="\n")
    truth.writerow(TRUTH_COLUMNS)
    for number, force in enumerate(forces):
        reply = make_reply(force, seed, number)
        if reply is None:
            continue
        for name, data in reply.files:
            yield f"replies/{force.id}/{name}", data
        truth.writerows(_list_truth(force, reply))
    yield "truth.csv", out.getvalue().encode()


def _list_truth(force: Force, reply: Simulated) -> Iterator[tuple[object, ...]]:
    if reply.letter:
        status = "refused" if reply.letter == "refused" else reply.letter
        section = "12" if reply.letter == "refused" else ""
        yield (force.id, reply.kind, "letter", *[""] * 8, status, section, "accept")
    yield from _list_facts(force, reply)


def _list_facts(force: Force, reply: Simulated) -> Iterator[tuple[object, ...]]:
    """A row a stated value; a value stated twice and differently is left open by the reply."""
    found: dict[Key, tuple[str, Fact]] = {}
    doubted: set[Key] = set()
    for answer in reply.answers:
        if answer.status != "normal":
            where = (force.id, reply.kind, answer.drawn.layout, answer.question)
            yield (*where, *[""] * 7, answer.status, answer.section, "accept")
        for fact in answer.drawn.facts:
            key = (fact.question, fact.period, fact.dimensions)
            _, first = found.setdefault(key, (answer.drawn.layout, fact))
            if fact.expect == "review" or fact.stated.value != first.stated.value:
                doubted.add(key)
    for found_key, (layout, fact) in found.items():
        categories, stated = dict(fact.dimensions), fact.stated
        expect = "review" if reply.kind == "scan" or found_key in doubted else "accept"
        dimensions = (categories.get(name, "") for name in ("offence", "age", "sex"))
        worth = (stated.value, stated.low, stated.high, stated.status, "", expect)
        yield (force.id, reply.kind, layout, fact.question, fact.period, *dimensions, *worth)


__all__ = ["QUESTIONS", "TRUTH_COLUMNS", "simulate_survey"]
