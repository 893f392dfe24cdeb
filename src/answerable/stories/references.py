"""Sentences for totals that somebody else published, kept beside ours and never mixed into them.

Each states the published value as it was published ("nearly 100" stays "nearly 100"), how many authorities
stood behind it, who published it and when. The trap: a published total has another set of authorities than
ours, so no sentence here compares the two.
"""

from answerable.model import TOTAL, Category, Dimension, Figure, Reference, Sentence
from answerable.stories.ground import Ground, find_question
from answerable.stories.wording import (
    count_noun,
    name_region,
    name_source,
    name_subject,
    write_iso_date,
    write_number,
    write_small,
)

MEASURES = ("total", "per_day", "mode", "at_most", "minimum")
"""Measures with a sentence, in the order they are told. A published percentage without its counts has none."""


def list_references(ground: Ground, where: str | None = None) -> tuple[Reference, ...]:
    """The figures stated elsewhere for one place: the first of each measure and period, the latest total first.

    Restated, derived and ambiguous ones stand in the table of published figures with their status, not in text.
    """
    order = {period.id: index for index, period in enumerate(ground.survey.periods)}
    found: dict[tuple[str, str], Reference] = {}
    for item in ground.survey.references:
        measure = item.measure.partition(":")[0]
        if item.authority == where and item.status == "stated" and measure in MEASURES and item.period in order:
            found.setdefault((item.measure, item.period), item)
    return tuple(
        sorted(found.values(), key=lambda item: (MEASURES.index(item.measure.partition(":")[0]), -order[item.period]))
    )


def tell_reference(ground: Ground, item: Reference) -> Sentence | None:
    """The published value in a sentence with its force count and source, None for a measure with no words."""
    measure, _, rest = item.measure.partition(":")
    value = write_number(int(item.value)) if item.value.isdigit() else item.value
    behind = f" from {count_noun(ground.survey, item.n_answered)}" if item.n_answered else ""
    if item.authority is not None and measure != "total":
        behind += f" for {_name_place(ground, item.authority)}"
    words = _word_measure(ground, item, measure, rest, value, behind)
    if words is None:
        return None
    figure = find_reference_figure(ground, item)
    return Sentence(
        kind=f"reference_{measure}",
        text=f"{words[:1].upper()}{words[1:]} ({write_citation(item)}).",
        figures=(figure.id,) if figure else (),
    )


def write_citation(item: Reference) -> str:
    """ "published by nspcc.org.uk, 1 June 2017"."""
    when = f", {write_iso_date(item.published)}" if item.published else ""
    return f"published by {name_source(item.source)}{when}"


def _word_measure(ground: Ground, item: Reference, measure: str, rest: str, value: str, behind: str) -> str | None:
    survey = ground.survey
    question = find_question(survey, item.question)
    subject = name_subject(survey, question, None)
    dimension, _, limit = rest.partition(":")
    if measure == "total":
        place = (
            f"across {name_region(survey.area)}"
            if item.authority is None
            else f"for {_name_place(ground, item.authority)}"
        )
        return f"{place} the published total for {item.period} is {value} {subject}{behind}"
    if measure == "per_day":
        return f"the published total for {item.period} comes to about {value} a day{behind}"
    if measure == "mode":
        return f"the most common {_name_dimension(ground, dimension)} in the published figures was {value}{behind}"
    if measure == "minimum":
        return f"the youngest victim in the published figures was aged {value}{behind}"
    if measure == "at_most" and limit.isdigit():
        ages = f"aged {write_small(int(limit))} and under"
        return f"{value} of the published {question.unit} were against children {ages}{behind}"
    return None


def _name_place(ground: Ground, name: str) -> str:
    if name.startswith("region:"):
        return name_region(name.removeprefix("region:"))
    return next((item.name for item in ground.survey.authorities if item.id == name), name)


def _name_dimension(ground: Ground, name: str) -> str:
    found = next((item for item in ground.survey.dimensions if item.id == name), None)
    return found.name.casefold() if found else name


def find_reference_figure(ground: Ground, item: Reference) -> Figure | None:
    """The figure that repeats a reference: its id ends in the reference's id."""
    return next(
        (figure for figure in ground.kinds.get("reference", ()) if figure.id.rpartition("/")[2] == item.id), None
    )


def tell_ages(ground: Ground, where: str | None, period: str) -> tuple[Sentence, ...]:
    """Our own age facts for one place and period: the commonest age, those at or under an age, the youngest."""
    sentences = []
    for kind in ("mode", "at_most", "minimum"):
        for figure in ground.placed.get((kind, where, period), ()):
            if figure.value is not None:
                text = _word_age(ground, kind, figure)
                sentences.append(Sentence(kind=f"age_{kind}", text=text, figures=(figure.id,)))
    return tuple(sentences)


def _word_age(ground: Ground, kind: str, figure: Figure) -> str:
    behind = f"in the {count_noun(ground.survey, figure.n_answered)} that gave ages"
    if figure.authority is not None and not figure.authority.startswith("region:"):
        behind = f"in {figure.period}"
    dimension, code = next(iter(figure.dimensions), ("", TOTAL))
    if kind == "mode":
        name = _name_dimension(ground, dimension) if dimension else "age"
        return f"The most common {name} was {_label_category(ground, dimension, str(figure.value))} {behind}."
    if kind == "minimum":
        return f"The youngest victim recorded was aged {write_number(figure.value or 0)} {behind}."
    unit = find_question(ground.survey, figure.question).unit
    # The id of such a figure ends in its age: at_most/kent/by-age/2016-17/10.
    tail = figure.id.rpartition("/")[2]
    code = code if code.isdigit() else tail
    limit = write_small(int(code)) if code.isdigit() else "this"
    return f"{write_number(figure.value or 0)} {unit} were against children aged {limit} and under {behind}."


def _label_category(ground: Ground, dimension: str, code: str) -> str:
    found: Dimension | None = next((item for item in ground.survey.dimensions if item.id == dimension), None)
    category: Category | None = next((c for c in found.categories if c.code == code), None) if found else None
    return category.label if category else code
