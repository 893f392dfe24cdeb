"""A survey's questions -> the sections of one request, in plain words of our own.

Says everything that replies go wrong without: what counts, over which days, in which units, by which codes. The trap
is a sentence that a force can answer in two ways; whatever is not said here is said differently by every authority.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from answerable.ask.laws import TERMS, Terms
from answerable.model import Authority, Dimension, Question, Survey, Unit

UNIT_MEANINGS: dict[Unit, str] = {
    "offences": "each recorded offence once, in the period in which it was recorded",
    "crimes": "each recorded crime once, in the period in which it was recorded",
    "victims": "each person recorded as the victim, once for each counted offence",
    "suspects": "each person recorded as a suspect for a counted offence",
    "arrests": "each arrest, in the period in which it was made",
    "records": "each record, in the period in which it was made",
    "people": "each person once",
    "contacts": "each contact, in the period in which it was made",
    "services": "each service once",
    "percent": "a percentage, with the two numbers it was worked out from",
}
"""What one of each unit is. A question that counts otherwise says so in its own text or in a [[definition]]."""

SHORT_LIST = 24
"""Up to this many codes are listed in the letter; a longer list is in the reply form only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and its lines; a line that begins with two spaces belongs to the one before it."""

    heading: str
    lines: tuple[str, ...]


def write_request(
    survey: Survey, authority: Authority, token: str, greeting: str, *, with_form: bool = True
) -> tuple[Section, ...]:
    """The sections of one authority's request, the same for the same survey."""
    terms = TERMS[authority.law]
    first = order_questions(survey)[0]
    return (
        Section(heading="", lines=(f"Dear {greeting or authority.name},", *_open(survey, terms, token))),
        Section(heading="What I am asking for", lines=tuple(_list_questions(survey))),
        Section(heading="What the words mean", lines=tuple(_list_meanings(survey))),
        *(Section(heading="Categories", lines=lines) for lines in (tuple(_list_codes(survey, with_form)),) if lines),
        Section(heading="If this would cost too much", lines=_limit_cost(first)),
        Section(heading="How to answer", lines=_name_format(terms, with_form)),
        Section(heading="Advice", lines=_ask_advice(terms)),
        Section(heading="", lines=tuple(_close(survey, terms, token))),
    )


def order_questions(survey: Survey) -> tuple[Question, ...]:
    """The questions in the order of their numbers: 1, 2, 2b, 10."""

    def rank(question: Question) -> tuple[int, str]:
        digits = "".join(sign for sign in question.number if sign.isdigit())
        return int(digits or 0), question.number

    return tuple(sorted(survey.questions, key=rank))


def _open(survey: Survey, terms: Terms, token: str) -> Iterator[str]:
    yield f"This is a request for information under the {terms.act}. Our reference is {token}; please quote it."
    if survey.summary:
        yield f"What it is for: {' '.join(survey.summary.split())}"
    if len(survey.authorities) > 1:
        # Without their number: a reply that quotes this letter would seem to state a count.
        noun = survey.authority_noun[1]
        yield f"The same questions go to other {noun} ({survey.area}), so that the answers can be set side by side."


def _list_questions(survey: Survey) -> Iterator[str]:
    dimensions = {dimension.id: dimension for dimension in survey.dimensions}
    names = ", ".join(period.id for period in survey.periods)
    for question in order_questions(survey):
        yield f"{question.number}. {' '.join(question.text.split())}"
        if question.kind == "count":
            yield f"  Count: {question.unit}. For each of: {names}."
        else:
            answers = {
                "yes_no": "Answer yes or no",
                "choice": "Answer with one of the codes",
                "text": "Answer in words",
            }
            yield f"  {answers[question.kind]}, for each of: {names}."
        if question.dimensions:
            parts = " and ".join(dimensions[name].name.lower() for name in question.dimensions)
            word = "Codes" if question.kind == "choice" else "For each"
            yield f"  {word}: {parts} (categories below)."


def _list_meanings(survey: Survey) -> Iterator[str]:
    for period in survey.periods:
        yield f"- {period.id}: {show_day(period.start)} to {show_day(period.end)}, both days included."
    for unit in dict.fromkeys(q.unit for q in order_questions(survey) if q.kind == "count"):
        yield f"- {unit}: {UNIT_MEANINGS[unit]}."
    for definition in survey.definitions:
        yield f"- {definition.term}: {' '.join(definition.text.split())}"
    yield "If you count anything in another way, please give it as you have it and say how you count."


def _list_codes(survey: Survey, with_form: bool) -> Iterator[str]:
    used = {name for question in survey.questions for name in question.dimensions}
    for dimension in survey.dimensions:
        if dimension.id in used:
            yield f"- {dimension.name}: {describe_categories(dimension, in_full=not with_form)}."


def describe_categories(dimension: Dimension, *, in_full: bool = False) -> str:
    """A dimension's categories in words: ages as a range, a short list in full, of a long one the codes at the most."""
    ages = [item for item in dimension.categories if item.low is not None and item.low == item.high]
    rest = [item for item in dimension.categories if item not in ages]
    parts = [f"each single year from {ages[0].label} to {ages[-1].label}"] if len(ages) > 1 else []
    rest = rest if parts else list(dimension.categories)
    named = dimension.kind == "offence"  # a Home Office code; other codes are the survey's own
    if len(rest) > SHORT_LIST and not in_full:
        codes = f": {', '.join(item.code for item in rest)}" if named else ""
        return f"those on the sheet Codes of the reply form{codes}"
    parts += [f"{item.code} {item.label}" if named and item.code not in item.label else item.label for item in rest]
    return "; ".join(parts)


def _limit_cost(first: Question) -> tuple[str, ...]:
    # No section is named where refusing is spoken of: a reply that quotes this letter would seem to rely on it.
    return (
        f"If answering everything would cost more than the limit that the Act sets, please answer question "
        f"{first.number} only. It comes first because it is the one we need most.",
        "Please do not refuse the whole request for the sake of one part. If the limit still stands in the way, please "
        "give your estimate: how many records, how long each takes, and what was tried.",
    )


def _name_format(terms: Terms, with_form: bool) -> tuple[str, ...]:
    form = (
        "best of all in the attached workbook: one sheet a question, one cell a figure. It says how to write a figure "
        "that is small, withheld or not held. A spreadsheet of your own or a CSV file is fine too"
    )
    return (
        f"I should like the answer in electronic form ({terms.format}), "
        f"{form if with_form else 'in a spreadsheet or a CSV file'}; a scan or a picture of a table is not.",
        "Please write 0 where there were none, and leave no cell blank. If you must withhold small numbers, please "
        "withhold only those cells, say what the limit is, and say for each why it could identify somebody.",
    )


def _ask_advice(terms: Terms) -> tuple[str, ...]:
    return (
        f"If anything here is unclear, too broad or not how you record it, please tell me soon what you could answer "
        f"instead ({terms.advice}: advice and assistance). A telephone call or a line by e-mail is enough.",
    )


def _close(survey: Survey, terms: Terms, token: str) -> Iterator[str]:
    day = "the 20th working day after you receive this"
    yield f"I look forward to your answer promptly, and by {day} at the latest ({terms.clock})."
    yield "Yours faithfully,"
    contact = survey.contact
    yield f"{contact.name if contact else '[your name]'}\n{contact.email if contact else '[your address]'}" + (
        f"\n{contact.telephone}" if contact and contact.telephone else ""
    )
    yield f"Our reference: {token}"


def show_day(day: date) -> str:
    """1 April 2015."""
    return f"{day.day} {day:%B %Y}"
