"""Observations -> Findings: one function a check, over the whole survey.

Stands after decisions and before figures: what no single reply can show (a tenfold change, the same figures in
two years, a late reply) shows here. Checks that reading itself makes are listed too, so that one table says
what every Finding means. The trap is a check that judges: each names the numbers and leaves the verdict open.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from answerable.ask.lint import CHECKS as ASK_CHECKS
from answerable.formats.screening import CHECKS as SCREENED
from answerable.model import TOTAL, Finding, Observation, Question, Reply, Severity, Survey

Key = tuple[str, str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a check may look at."""

    survey: Survey
    replies: tuple[Reply, ...]
    observations: tuple[Observation, ...]


Checker = Callable[[Case], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check's severity and its one line of help; `function` is None where another step makes its Findings."""

    severity: Severity
    help: str
    function: Checker | None = None


def run_checks(survey: Survey, replies: Sequence[Reply], observations: Sequence[Observation]) -> tuple[Finding, ...]:
    """Findings of every check that looks across a survey, in the order of CHECKS."""
    case = Case(survey=survey, replies=tuple(replies), observations=tuple(observations))
    found: list[Finding] = []
    for check in CHECKS.values():
        if check.function is not None:
            found += check.function(case)
    return tuple(found)


def _make(name: str, message: str, subject: str, observation: Observation | None = None) -> Finding:
    return Finding(
        check=name,
        severity=CHECKS[name].severity,
        message=message,
        subject=subject,
        source=observation.source if observation else None,
    )


def _keep_accepted(observations: Sequence[Observation]) -> dict[Key, Observation]:
    return {(o.authority, o.question, o.period, o.dimensions): o for o in observations if o.accepted}


def _place(observation: Observation) -> str:
    labels = "".join(f", {code}" for _, code in observation.dimensions)
    return f"{observation.authority}, question {observation.question}, {observation.period}{labels}"


def check_authorities(case: Case) -> Iterator[Finding]:
    """A value of an authority that was not asked."""
    known = {authority.id for authority in case.survey.authorities}
    for name in sorted({o.authority for o in case.observations} - known):
        yield _make(
            "unknown-authority",
            f"{name}: values of an authority that the survey does not ask. "
            "Add it to survey.toml, or remove its folder.",
            name,
        )


def check_missing_questions(case: Case) -> Iterator[Finding]:
    """A reply with documents that answers a question for one period and not for another, or not at all."""
    answered = {(o.authority, o.question, o.period) for o in case.observations if o.accepted}
    opened = {(o.authority, o.question) for o in case.observations if not o.accepted}
    for reply in case.replies:
        if not reply.documents or not any(key[0] == reply.authority for key in answered):
            continue
        refused = {exemption.question for exemption in reply.exemptions}
        for question in (q for q in case.survey.questions if q.kind == "count"):
            missing = [p.id for p in case.survey.periods if (reply.authority, question.id, p.id) not in answered]
            if missing and not refused & {"", question.number} and (reply.authority, question.id) not in opened:
                yield _make(
                    "missing-question",
                    f"{reply.authority}: nothing read for question {question.number} ({question.id}) in "
                    f"{', '.join(missing)}. Look at the reply; ask again if it was left out.",
                    reply.authority,
                )


def check_parts(case: Case) -> Iterator[Finding]:
    """The parts of a breakdown add to more than the total stated elsewhere, or to less when none is hidden."""
    kept = _keep_accepted(case.observations)
    parts: dict[tuple[str, str, str], list[Observation]] = defaultdict(list)
    for observation in kept.values():
        if TOTAL not in {code for _, code in observation.dimensions} and observation.dimensions:
            parts[observation.authority, observation.question, observation.period].append(observation)
    questions = {question.id: question for question in case.survey.questions}
    for (authority, name, period), own in parts.items():
        total = _find_total(kept, questions[name], authority, period)
        if total is None or not isinstance(total.value, int):
            continue
        low = sum(_low(observation) for observation in own)
        if low > total.value:
            yield _make(
                "parts-exceed-total",
                f"{authority}, {period}: the parts of question {questions[name].number} add to {low}, more than the "
                f"total {total.value} at {total.source.document}, {total.source.ref}. "
                "Check whether both count the same thing.",
                authority,
                own[0],
            )


def _find_total(kept: dict[Key, Observation], question: Question, authority: str, period: str) -> Observation | None:
    if question.total_of:
        return kept.get((authority, question.total_of, period, ()))
    return kept.get((authority, question.id, period, tuple((name, TOTAL) for name in question.dimensions)))


def _low(observation: Observation) -> int:
    if isinstance(observation.value, int):
        return observation.value
    return observation.bounds.low if observation.bounds else 0


def check_tenfold(case: Case) -> Iterator[Finding]:
    """A total that is ten times the period before, or a tenth: usually another definition or a slipped digit."""
    kept = _keep_accepted(case.observations)
    order = [period.id for period in case.survey.periods]
    for (authority, question, period, dims), now in kept.items():
        if dims or period not in order or order.index(period) == 0:
            continue
        before = kept.get((authority, question, order[order.index(period) - 1], dims))
        if before is None or not isinstance(now.value, int) or not isinstance(before.value, int):
            continue
        low, high = sorted((now.value, before.value))
        if high >= 20 and high >= 10 * max(low, 1):
            yield _make(
                "tenfold-change",
                f"{_place(now)}: {now.value}, after {before.value} in {before.period}. "
                "Check the source and ask what changed.",
                authority,
                now,
            )


def check_copied(case: Case) -> Iterator[Finding]:
    """A breakdown whose figures are the same in two periods: usually one column pasted twice."""
    columns: dict[tuple[str, str, str], dict[tuple[tuple[str, str], ...], int]] = defaultdict(dict)
    for observation in _keep_accepted(case.observations).values():
        if observation.dimensions and isinstance(observation.value, int):
            columns[observation.authority, observation.question, observation.period][observation.dimensions] = (
                observation.value
            )
    order = [period.id for period in case.survey.periods]
    for (authority, question, period), values in columns.items():
        later = order[order.index(period) + 1 :] if period in order else []
        for other in later:
            same = columns.get((authority, question, other))
            if same == values and sum(value > 0 for value in values.values()) >= 4:
                yield _make(
                    "same-figures-twice",
                    f"{authority}, question {question}: all {len(values)} figures of {period} stand again for {other}. "
                    "Ask whether a column was pasted twice.",
                    authority,
                )


def check_small_numbers(case: Case) -> Iterator[Finding]:
    """A reply that hides counts under a limit and prints one under it all the same."""
    by_authority: dict[str, list[Observation]] = defaultdict(list)
    for observation in case.observations:
        by_authority[observation.authority].append(observation)
    for authority, own in by_authority.items():
        highs = {o.bounds.high for o in own if o.status == "suppressed" and o.bounds and o.bounds.high}
        if len(highs) != 1:
            continue
        limit = highs.pop()
        shown = [o for o in own if o.accepted and isinstance(o.value, int) and 0 < o.value <= (limit or 0)]
        if shown:
            yield _make(
                "small-number-shown",
                f"{authority}: counts of {limit} and under are hidden in this reply, but {len(shown)} are printed, the "
                f"first at {shown[0].source.document}, {shown[0].source.ref}. "
                "They stay as printed; say so before publishing.",
                authority,
                shown[0],
            )


def check_shares(case: Case) -> Iterator[Finding]:
    """A percentage under 0 or over 100."""
    for observation in case.observations:
        if observation.unit == "percent" and isinstance(observation.value, int) and not 0 <= observation.value <= 100:
            yield _make(
                "share-out-of-range",
                f"{_place(observation)}: {observation.value} per cent. Correct it in review, or ask the authority.",
                observation.authority,
                observation,
            )


CHECKS: dict[str, Check] = {
    "unknown-authority": Check(
        severity="error", help="A reply or value of an authority the survey does not ask.", function=check_authorities
    ),
    "unproven-sentence": Check(severity="error", help="A sentence prints a number that none of its figures gives."),
    "disclosure": Check(severity="error", help="A withheld count could be worked out from what would be printed."),
    "withheld": Check(severity="info", help="A count is withheld so that a suppressed one cannot be worked out."),
    "unreadable-document": Check(severity="error", help="A document could not be opened."),
    **{
        name: Check(severity=severity, help=f"A document holds {what.format(n='some')}: held until a person decides.")
        for name, (severity, what, _) in SCREENED.items()
    },
    "document-released": Check(severity="info", help="A person released a document that screening held."),
    "document-left-out": Check(severity="warning", help="A person left a document out: nothing read of it counts."),
    "missing-question": Check(
        severity="info", help="A reply answers other questions, not this one.", function=check_missing_questions
    ),
    "conflicting-values": Check(severity="error", help="One reply gives two values for the same thing."),
    "totals-do-not-add": Check(severity="warning", help="A printed total is not the sum of its cells."),
    "totals-count-hidden-as-zero": Check(
        severity="warning", help="Printed totals leave out the cells that are hidden."
    ),
    "parts-exceed-total": Check(
        severity="warning", help="A breakdown adds to more than the total stated.", function=check_parts
    ),
    "unit-mismatch": Check(severity="warning", help="The reply counts another unit than the question asks for."),
    "comparability": Check(severity="warning", help="A period overlaps the one asked for and is not the same."),
    "not-asked": Check(severity="info", help="Values for a period the survey does not ask for."),
    "tenfold-change": Check(
        severity="warning", help="A total is ten times the period before, or a tenth.", function=check_tenfold
    ),
    "same-figures-twice": Check(
        severity="warning", help="A breakdown's figures are the same in two periods.", function=check_copied
    ),
    "small-number-shown": Check(
        severity="info", help="A reply hides small counts and prints one all the same.", function=check_small_numbers
    ),
    "share-out-of-range": Check(severity="error", help="A percentage under 0 or over 100.", function=check_shares),
    "review-value": Check(severity="warning", help="A cell's text is no whole number and no settled status."),
    "review-category": Check(severity="warning", help="A label is not one of the survey's, or fits several."),
    "review-title": Check(severity="warning", help="A title may limit the table to part of what was asked."),
    "review-question": Check(severity="warning", help="Nothing says which question a value answers."),
    "review-period": Check(severity="warning", help="Nothing says which period a value is for."),
    "review-arithmetic": Check(severity="warning", help="A total and its cells disagree, so none is accepted."),
    "review-authority": Check(severity="warning", help="A label names another authority."),
    "review-unit": Check(severity="warning", help="It counts another unit, and only labels tie it to a question."),
    "review-scanned": Check(severity="warning", help="A value was read from a picture and no total confirms it."),
    "review-records": Check(severity="warning", help="A list of records has rows that are not understood."),
    "review-proposal": Check(severity="warning", help="A model proposes a value; it counts once a person accepts it."),
    "unread-cell": Check(severity="warning", help="A cell was read neither as a value nor as a label."),
    "unread-number": Check(severity="info", help="A number in the letter was not read as a count."),
    "hidden-cell": Check(severity="warning", help="Cells are hidden in the document and were not read."),
    "form-blank": Check(severity="warning", help="Cells of a returned reply form are blank, which is not zero."),
    "form-empty": Check(severity="info", help="The reply form came back with nothing in it."),
    "decision-stale": Check(severity="warning", help="The source of a decision changed, so it is not applied."),
    "decision-unusable": Check(severity="error", help="A decision gives no whole number and no status."),
    **{name: Check(severity=severity, help=text) for name, (severity, text) in ASK_CHECKS.items()},
}
"""Every check by name. docs/checks.md lists them in this order."""
