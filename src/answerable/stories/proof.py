"""Our own sentences held against the figures they name: every number in them is one of those, or is printed.

Stands after the stories and before they are set; the claim checker reads prose as a stranger would, this knows
what each sentence says it states. A number with no figure, a direction against its figure's sign, or a figure
named and not printed is a Finding at error, so nothing is published with it. The trap: a period, a date and a
source's name hold digits that count nothing, so they are struck out first.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from answerable.model import Figure, Finding, Reply, Sentence, Survey
from answerable.stories.ground import Ground, prepare_ground
from answerable.stories.releases import Story, tell_stories
from answerable.stories.wording import MONTHS, round_half_up, write_chance, write_number, write_percent, write_small

CHECK = "unproven-sentence"

_CITATION = re.compile(r" \(published by [^)]*\)")
_DATE = re.compile(rf"\b(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)}) \d{{4}}\b")
_LAW = re.compile(r"\bsection \d+[A-Z]?\b|\bAct \d{4}\b")
_NUMBER = re.compile(r"p [=<] [\d.]+|\d[\d,]*(?:\.\d+)?(?:%|st|nd|rd|th)?")


def check_stories(ground: Ground, stories: Iterable[Story]) -> tuple[Finding, ...]:
    """A Finding at error for each published sentence that its figures do not bear, once for each sentence."""
    figures = {figure.id: figure for found in ground.kinds.values() for figure in found}
    subject = re.compile(_name_words(ground))
    found: dict[str, Finding] = {}
    for story in stories:
        for sentence in (story.headline, *story.lead, *story.context, *story.published, *story.coverage):
            problem = next(_find_problems(ground, sentence, figures, subject), "")
            if problem and sentence.text not in found:
                found[sentence.text] = Finding(
                    check=CHECK,
                    severity="error",
                    message=f'releases/{story.slug}: "{sentence.text}" {problem}. '
                    "Report this as a fault of Answerable.",
                    subject=story.where or "",
                )
    return tuple(found.values())


def find_unproven(survey: Survey, replies: Iterable[Reply], figures: Sequence[Figure]) -> tuple[Finding, ...]:
    """As `check_stories`, over every story that a survey's figures make."""
    ground = prepare_ground(survey, replies, figures)
    return check_stories(ground, tell_stories(ground))


def _name_words(ground: Ground) -> str:
    """Every phrase of the survey whose digits count nothing: its subject, its periods, its authorities' names."""
    survey = ground.survey
    phrases = {survey.subject, survey.area, ground.headline.measure, *(period.id for period in survey.periods)}
    phrases |= {item.name for item in survey.authorities} | {item.name for item in survey.dimensions}
    phrases |= {survey.subject.replace("offences", "offence", 1)}
    return "|".join(re.escape(item) for item in sorted(phrases, key=lambda item: (-len(item), item)) if item)


def _find_problems(
    ground: Ground, sentence: Sentence, figures: dict[str, Figure], subject: re.Pattern[str]
) -> Iterator[str]:
    named = [figures[name] for name in sentence.figures if name in figures]
    if len(named) < len(sentence.figures):
        yield "names a figure that this edition does not have"
    text = _LAW.sub("", _DATE.sub("", _CITATION.sub("", subject.sub("", sentence.text))))
    allowed = {form for figure in named for form in _list_forms(ground, figure)}
    for number in _NUMBER.findall(text):
        if number.rstrip(",") not in allowed:
            yield f"prints {number}, which none of its figures gives"
    for figure in named:
        if figure.kind == "change_abs" and isinstance(figure.value, int):
            words = "a fall of" if figure.value > 0 else "a rise of"
            if words in text or ("the same number" in text and figure.value):
                yield f"turns the direction of {figure.id} round"


def _list_forms(ground: Ground, figure: Figure) -> Iterator[str]:
    """Every way a figure may print: its value, its bounds, how many authorities it has, its period's days."""
    value = figure.value
    counts = (figure.n_asked, figure.n_answered, figure.n_matched)
    yield from (f"{count:,}" for count in counts if count is not None)
    yield from (str(period.days) for period in ground.survey.periods if period.id == figure.period)
    for end in (figure.low, figure.high):
        if end is not None and value is None:
            yield write_number(abs(end))
    if figure.kind == "p_value" and isinstance(value, int | float):
        yield write_chance(float(value))
    elif figure.kind == "change_pct" and isinstance(value, int | float):
        yield write_percent(value)
    elif isinstance(value, int | float):
        yield write_number(abs(value))
        yield f"{round_half_up(abs(value), 1).normalize():f}"
        yield from (f"{int(value)}{end}" for end in ("st", "nd", "rd", "th") if figure.kind == "rank")
    elif isinstance(value, str):
        yield from _NUMBER.findall(value)
    if figure.kind == "at_most" or figure.kind == "reference":
        yield from (write_small(int(part)) for part in re.findall(r"\d+", figure.id.rpartition("/")[2]))
