"""A survey's questions -> Findings for what would come back refused, different from each authority, or not at all.

Run before anything is sent; nothing here stops a letter. Each finding names the question, the words, and a way out.
The trap is advice nobody can act on: a rule stands here only with something better to write.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from answerable.ask.form import count_cells
from answerable.ask.laws import find_cost_limit
from answerable.ask.wording import order_questions
from answerable.model import Finding, Question, Severity, Survey

CHECKS: dict[str, tuple[Severity, str]] = {
    "ask-no-address": ("error", "An authority has no address for requests."),
    "ask-no-name": ("error", "Nobody is named as asking, so the request would not be valid."),
    "ask-undefined-group": (
        "warning",
        "A question names a group of offences that each authority will draw differently.",
    ),
    "ask-no-period": (
        "warning",
        "A question names a period by words that move, or a year the survey does not ask for.",
    ),
    "ask-no-unit": ("warning", "A question does not say what is counted: offences, victims, suspects or arrests."),
    "ask-vague": ("warning", 'A question asks for "any other" or "all information", which has no end.'),
    "ask-cost": ("warning", "A question is likely to be refused on cost."),
    "ask-first": ("warning", "The question answered if only one can be is not the one the survey leads with."),
    "ask-personal": ("warning", "A question asks for personal data, or for cells so small that they are."),
    "ask-aggregation": ("warning", "A similar request went to this authority within 60 working days."),
    "ask-asked-already": ("error", "By the log this authority has this request already."),
}
"""Check -> severity and what it finds, for every check of asking."""

GROUPS: tuple[str, ...] = (
    r"online (?:crimes?|offences?|abuse|grooming|offending)",
    r"internet[- ](?:related|enabled|facilitated) (?:crimes?|offences?)",
    r"cyber[- ]?(?:crimes?|offences?|enabled|related)",
    r"(?:child )?(?:sexual )?(?:abuse|exploitation) (?:crimes?|offences?)",
    r"child (?:sex|abuse|sexual) (?:crimes?|offences?)",
    r"grooming(?: offences?| crimes?)?",
    r"hate (?:crimes?|offences?|incidents?)",
    r"knife (?:crimes?|offences?)",
    r"domestic (?:abuse|violence)(?: offences?| crimes?| incidents?)?",
    r"violent (?:crimes?|offences?)",
    r"serious (?:crimes?|offences?|violence)",
    r"(?:anti-?social|antisocial) behaviour",
    r"social[- ]media (?:crimes?|offences?)",
    r"image(?:-based)? (?:crimes?|offences?|abuse)",
    r"drug(?:s|-related)? (?:crimes?|offences?)",
    r"youth (?:crimes?|offences?|violence)",
    r"(?:related|relevant|similar|associated) (?:crimes?|offences?|incidents?)",
)
"""Names of groups with no one definition. A survey settles one by a [[definition]], or by codes in the question."""

_GROUP = re.compile(rf"\b(?:{'|'.join(GROUPS)})\b(?! (?:flag|marker|keyword|code))", re.I)
_CODED = re.compile(
    r"\b\d{1,3}[A-Z]?/\d{1,2}\b|\bsections? ?\d|\bs\.? ?\d{1,3}[A-Z]?\b|home office code|\bclass \d", re.I
)
_MOVING = re.compile(
    r"\b(?:(?:last|past|previous|recent|current|this|next) (?:\w+ )?(?:years?|months?|quarter|period)|in recent years|"
    r"to date|until now|so far|currently|at present|recently|since \d{4})\b",
    re.I,
)
_YEAR = re.compile(r"\b((?:19|20)\d{2})(?:/(\d{2}))?\b")
_LOOSE_UNIT = re.compile(r"\b(?:incidents?|cases?|instances?|occurrences?|reports?|matters?|situations?)\b", re.I)
_NAMES = {"people": "|persons?|officers?|staff|employees?|children|pupils|patients"}
"""Words that name a unit as well as its own."""
_VAGUE = re.compile(
    r"\b(?:any other|anything else|any (?:and all|further|additional) \w+|all (?:information|documents|correspondence|"
    r"data|records)|everything|etc\b\.?|and so on|and/or similar|or similar|any information|details of)",
    re.I,
)
_BY_HAND = re.compile(
    r"\b(?:free[- ]?text|keywords?|narratives?|modus operandi|circumstances|method used|how (?:the|each|they|it) \w+|"
    r"platforms?|websites?|apps?|which (?:app|site|platform|service)|copies of|case files?|each (?:case|record|offence|"
    r"incident) separately|describe|descriptions?|relationship between)\b",
    re.I,
)
_PERSONAL = re.compile(
    r"\b(?:names? of|full names?|surnames?|home address(?:es)?|addresses of|dates? of birth|(?:full )?postcodes?|"
    r"collar numbers?|crime (?:reference|numbers?)|telephone numbers?|identity|identities|photographs? of (?:the )?"
    r"(?:victims?|suspects?|offenders?))\b",
    re.I,
)
MANY_CELLS = 1_000
"""Figures in one question beyond which somebody will say that compiling them takes too long."""
OLD_YEARS = 8
"""Years back beyond which records lie in a system that the authority no longer runs."""

Linter = Callable[[Survey, Question], Iterator[tuple[str, str, str]]]
"""(check, what, what next) for each thing found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A question's text on one line, with what its survey defines taken out."""

    plain: str
    open: str


def lint_survey(survey: Survey) -> tuple[Finding, ...]:
    """Findings on the wording of a survey's questions, in the order of their numbers."""
    found = [
        _make(check, f"survey.toml, question {question.number} ({question.id}): {what}. {after}.")
        for question in order_questions(survey)
        for lint in LINTERS
        for check, what, after in lint(survey, question)
    ]
    return (*found, *_lint_order(survey))


def _make(check: str, message: str) -> Finding:
    return Finding(check=check, severity=CHECKS[check][0], message=message, subject="")


def _read_text(survey: Survey, question: Question) -> _Text:
    plain = " ".join(question.text.split())
    rest = plain
    for definition in sorted(survey.definitions, key=lambda item: -len(item.term)):
        rest = re.sub(rf"\b{re.escape(definition.term)}\b", "", rest, flags=re.I)
    return _Text(plain=plain, open=rest)


def _lint_groups(survey: Survey, question: Question) -> Iterator[tuple[str, str, str]]:
    text = _read_text(survey, question)
    kinds = {dimension.id: dimension.kind for dimension in survey.dimensions}
    if _CODED.search(text.plain) or any(kinds[name] == "offence" for name in question.dimensions):
        return
    for term in dict.fromkeys(match[0].lower() for match in _GROUP.finditer(text.open)):
        after = f'Add a [[definition]] of "{term}" with the offence codes or the flag that make it, or name them here'
        yield "ask-undefined-group", f'"{term}" is not defined, and no two authorities draw it alike', after


def _lint_periods(survey: Survey, question: Question) -> Iterator[tuple[str, str, str]]:
    plain = _read_text(survey, question).plain
    names = ", ".join(period.id for period in survey.periods)
    for term in dict.fromkeys(match[0].lower() for match in _MOVING.finditer(plain)):
        yield "ask-no-period", f'"{term}" means another period on another day', f"Write the periods asked for: {names}"
    asked = {name for period in survey.periods for name in (period.id, *period.aliases)}
    days = [(period.start.year, period.end.year) for period in survey.periods]
    for match in _YEAR.finditer(plain):
        year = int(match[1])
        if match[0] not in asked and not any(first <= year <= last for first, last in days):
            after = f"Take it out, or add it to `periods` (now {names})"
            yield "ask-no-period", f"{match[0]} is no period of the survey", after


def _lint_unit(survey: Survey, question: Question) -> Iterator[tuple[str, str, str]]:
    if question.kind != "count":
        return
    text = _read_text(survey, question)
    named = re.search(rf"\b(?:{question.unit.rstrip('s')}{_NAMES.get(question.unit, '')})", text.plain, re.I)
    points_back = re.search(r"\bquestions? \d", text.plain, re.I)
    if question != order_questions(survey)[0] and not _LOOSE_UNIT.search(text.open):
        points_back = points_back or re.search(r"\bhow many (?:had|have|has|were|was|of|did)\b", text.plain, re.I)
    loose = _LOOSE_UNIT.search(text.open)
    if named or points_back:
        return
    what = f'"{loose[0]}" may be crimes, victims or calls' if loose else "it does not say what is counted"
    yield "ask-no-unit", what, f'Write "{question.unit}", the unit that the survey counts here'


def _lint_vague(survey: Survey, question: Question) -> Iterator[tuple[str, str, str]]:
    for term in dict.fromkeys(match[0].lower() for match in _VAGUE.finditer(_read_text(survey, question).open)):
        yield "ask-vague", f'"{term}" has no end, so a search for it has none', "List what you want, each by its name"


def _lint_cost(survey: Survey, question: Question) -> Iterator[tuple[str, str, str]]:
    text = _read_text(survey, question)
    pounds, hours = min(find_cost_limit(authority) for authority in survey.authorities)
    limit = f"the limit is {hours} hours (£{pounds}, s.12)"
    if match := _BY_HAND.search(text.plain):
        what = f'"{match[0].lower()}" is seldom a field that can be searched: records would be read by hand; {limit}'
        yield "ask-cost", what, "Ask for what is recorded in a field, or put this question last"
    if (n := count_cells(survey, question)) > MANY_CELLS:
        what = f"it asks for {n:,} figures of each authority"
        yield "ask-cost", what, "Ask for broader categories, or drop a breakdown"
    first, last = survey.periods[0], survey.periods[-1]
    if question == order_questions(survey)[0] and last.end.year - first.start.year > OLD_YEARS:
        what = f"{first.id} lies {last.end.year - first.start.year} years before the last period; {limit}"
        yield "ask-cost", what, "Ask for the older periods in a request of their own, more than 60 working days apart"


def _lint_personal(survey: Survey, question: Question) -> Iterator[tuple[str, str, str]]:
    for term in dict.fromkeys(match[0].lower() for match in _PERSONAL.finditer(_read_text(survey, question).plain)):
        what = f'"{term}" asks for personal data, which will be refused (FOIA s.40(2), FOISA s.38(1)(b))'
        yield "ask-personal", what, "Ask for a count, an age band or an area instead"
    if question.kind == "count" and len(question.dimensions) >= 3:
        what = f"{len(question.dimensions)} breakdowns at once leave most cells at 0 or 1, which will be withheld"
        yield "ask-personal", what, "Ask for two at a time, as questions of their own"


def _lint_order(survey: Survey) -> Iterator[Finding]:
    first = order_questions(survey)[0]
    if survey.headline != first.id:
        message = (
            f"survey.toml, headline: the letter says that over the cost limit question {first.number} ({first.id}) "
            f"alone will do, but the survey leads with {survey.headline}. Number that one first, or change headline."
        )
        yield _make("ask-first", message)


LINTERS: tuple[Linter, ...] = (_lint_groups, _lint_periods, _lint_unit, _lint_vague, _lint_cost, _lint_personal)
