"""Where every request stands: who was asked, when an answer is due, what came, and what is left to do.

Made from core types and the log, so that the terminal, JSON and the web app show the same. The trap is a request that
disappears between two words: every authority has exactly one stage, and the counts of the stages add up to all.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from answerable.ask.outbox import Entry, find_entry
from answerable.clock import Calendar, Deadline, Event, find_deadlines
from answerable.model import Authority, Law, Observation, Reply, Survey

Stage = Literal[
    "not_asked", "unknown", "waiting", "late", "clarification", "fee", "answered", "partly", "refused", "not_held",
    "unread", "review", "review_late", "withdrawn",
]  # fmt: skip
STAGES: dict[Stage, str] = {
    "not_asked": "not asked yet",
    "unknown": "a request may or may not have gone out",
    "waiting": "waiting, in time",
    "late": "late",
    "clarification": "the authority wants a clarification",
    "fee": "the authority wants a fee",
    "answered": "answered",
    "partly": "answered in part",
    "refused": "refused",
    "not_held": "says that it holds nothing",
    "unread": "replied, with nothing read yet",
    "review": "under review, in time",
    "review_late": "under review, late",
    "withdrawn": "withdrawn",
}
"""Every stage and its words, in the order in which they are listed."""
ANSWERED: frozenset[Stage] = frozenset({"answered", "partly"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one authority's request stands. `due` is the next day by which the authority must act; `days_late` are
    working days from it to the reply, or to today while none has come. `read` and `for_review` count what was read
    of the reply."""

    authority: str
    name: str
    stage: Stage
    asked: date | None
    due: date | None
    also: date | None
    """The due day if a proclaimed holiday counts, where that differs."""
    replied: date | None
    days_late: int
    refused_on: tuple[str, ...]
    partly: bool
    clarification: bool
    documents: int
    read: int
    for_review: int
    reminded: int
    """How many reminders have gone out."""
    drafted: tuple[str, ...]
    """Kinds of letters that are drafted and have not gone out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Where all stand on one day. Shares are percentages of those asked by the survey, by number and by children."""

    survey: str
    today: date
    standings: tuple[Standing, ...]
    stages: tuple[tuple[Stage, int], ...]
    n_authorities: int
    n_asked: int
    n_answered: int
    n_late: int
    n_refused: int
    for_review: int
    share_answered: float
    share_children: float | None
    """Children of the areas that answered, of all areas; None without population.csv for each."""


def make_board(
    survey: Survey,
    replies: Sequence[Reply],
    observations: Sequence[Observation],
    events: Mapping[str, Sequence[Event]],
    outbox: Mapping[str, Entry],
    today: date,
    calendar: Calendar,
    children: Mapping[str, int] | None = None,
    acknowledged: Collection[str] = (),
    drafted: Collection[tuple[str, str]] = (),
) -> Board:
    """The Board of a survey. `children` maps authority ids to how many children live there; `acknowledged` are those
    whose documents so far say only that the request has come; `drafted` are (kind, authority) of letters."""
    by_authority: dict[str, list[Reply]] = {}
    for reply in replies:
        by_authority.setdefault(reply.authority, []).append(reply)
    counts = _count_read(survey, observations)
    standings = tuple(
        _make_standing(
            authority, by_authority.get(authority.id, ()), counts[authority.id], events.get(authority.id, ()), outbox,
            today, calendar, authority.id in acknowledged, drafted,
        )
        for authority in survey.authorities
    )  # fmt: skip
    return _sum_up(survey, today, standings, children)


def _count_read(survey: Survey, observations: Sequence[Observation]) -> dict[str, tuple[int, int]]:
    """Authority id -> (values accepted, values open); a value that only repeats an accepted one is not open."""
    kept = {(o.authority, o.question, o.period, o.dimensions) for o in observations if o.accepted}
    known = {(o.authority, o.question, o.period, o.dimensions) for o in observations}
    read = Counter(authority for authority, *_ in kept)
    left = Counter(authority for authority, *_ in known - kept)
    return {authority.id: (read[authority.id], left[authority.id]) for authority in survey.authorities}


def _sum_up(survey: Survey, today: date, standings: tuple[Standing, ...], children: Mapping[str, int] | None) -> Board:
    found = [standing.stage for standing in standings]
    answered = {standing.authority for standing in standings if standing.stage in ANSWERED}
    return Board(
        survey=survey.id,
        today=today,
        standings=standings,
        stages=tuple((stage, found.count(stage)) for stage in STAGES if stage in found),
        n_authorities=len(standings),
        n_asked=sum(stage not in {"not_asked", "unknown"} for stage in found),
        n_answered=len(answered),
        n_late=sum(stage in {"late", "review_late"} for stage in found),
        n_refused=found.count("refused"),
        for_review=sum(standing.for_review for standing in standings),
        share_answered=100 * len(answered) / len(standings),
        share_children=_share_children(survey, answered, children),
    )


def _share_children(survey: Survey, answered: set[str], children: Mapping[str, int] | None) -> float | None:
    known = [(children or {}).get(authority.id) for authority in survey.authorities]
    if None in known or not sum(value or 0 for value in known):
        return None
    part = sum((children or {})[name] for name in answered)
    return 100 * part / sum(value or 0 for value in known)


def _make_standing(
    authority: Authority, replies: Sequence[Reply], counts: Sequence[int], events: Sequence[Event],
    outbox: Mapping[str, Entry], today: date, calendar: Calendar, acknowledged: bool,
    drafted: Collection[tuple[str, str]],
) -> Standing:  # fmt: skip
    asked = min((event.on for event in events if event.kind == "received"), default=None)
    replied = find_replied(replies, events)
    deadline = find_due(authority.law, events, calendar)
    stage = _find_stage(replies, counts, events, outbox, authority.id, deadline, today, acknowledged)
    due = deadline.due if deadline else None
    sent = {item.kind for item in outbox.values() if item.authority == authority.id and item.state == "sent"}
    waits = stage in {"waiting", "late", "review", "review_late"}
    until = today if waits else replied
    late = count_late(due, until, authority.law, calendar) if due and until else 0
    limbs = (f"s.{item.section.removeprefix('s.')}{item.subsection}" for reply in replies for item in reply.exemptions)
    return Standing(
        authority=authority.id,
        name=authority.name,
        stage=stage,
        asked=asked,
        due=due,
        also=deadline.also if deadline else None,
        replied=replied,
        days_late=late,
        refused_on=tuple(dict.fromkeys(limbs)),
        partly=stage == "partly",
        clarification=stage == "clarification",
        documents=sum(len(reply.documents) for reply in replies),
        read=counts[0],
        for_review=counts[1],
        reminded=sum(kind.startswith("reminder") for kind in sent),
        drafted=tuple(kind for kind, name in drafted if name == authority.id and kind not in sent),
    )


def find_replied(replies: Sequence[Reply], events: Sequence[Event]) -> date | None:
    """The day of the first reply that is logged or stated, None where no day is known."""
    days = [event.on for event in events if event.kind == "replied"]
    days += [reply.received for reply in replies if reply.received]
    return min(days, default=None)


def add_received(events: Mapping[str, Sequence[Event]], replies: Sequence[Reply]) -> dict[str, tuple[Event, ...]]:
    """Events with the day of each reply that reply.toml gives and nobody logged; an acknowledgement is no reply."""
    found = {authority: tuple(own) for authority, own in events.items()}
    for reply in replies:
        own = found.get(reply.authority, ())
        if reply.received and reply.outcome != "waiting_response" and "replied" not in {event.kind for event in own}:
            found[reply.authority] = (*own, Event(kind="replied", on=reply.received))
    return found


def find_due(law: Law, events: Sequence[Event], calendar: Calendar) -> Deadline | None:
    """The deadline that binds the authority now: of the review where one is asked for, else of the reply."""
    found = {item.kind: item for item in find_deadlines(law, events, calendar)}
    for kind in ("review", "reply_extended", "reply"):
        # FOISA has no extension, and the clock gives none.
        if kind in found:
            return found[kind]
    return None


def _find_stage(
    replies: Sequence[Reply], counts: Sequence[int], events: Sequence[Event], outbox: Mapping[str, Entry],
    authority: str, deadline: Deadline | None, today: date, acknowledged: bool,
) -> Stage:  # fmt: skip
    outcomes = {reply.outcome for reply in replies}
    late = deadline is not None and today > deadline.due
    if "user_withdrawn" in outcomes:
        return "withdrawn"
    if is_under_review(events) or "internal_review" in outcomes:
        return "review_late" if late else "review"
    for outcome, stage in _BY_OUTCOME:
        if outcome in outcomes and not (stage == "clarification" and _is_clarified(events)):
            return stage
    kinds = [event.kind for event in sorted(events, key=lambda event: event.on)]
    if "clarification_asked" in kinds and not _is_clarified(events):
        return "clarification"
    if kinds.count("fees_notice") > kinds.count("fee_paid"):
        return "fee"
    if "replied" in kinds or (any(reply.documents for reply in replies) and not acknowledged):
        return "answered" if counts[0] else "unread"
    if "received" not in kinds:
        entry = find_entry(outbox, "request", authority)
        return "unknown" if entry and entry.state in {"unknown", "sending"} else "not_asked"
    return "late" if late else "waiting"


_BY_OUTCOME: tuple[tuple[str, Stage], ...] = (
    ("successful", "answered"),
    ("partially_successful", "partly"),
    ("rejected", "refused"),
    ("not_held", "not_held"),
    ("waiting_clarification", "clarification"),
)


def is_under_review(events: Sequence[Event]) -> bool:
    """Whether a review was asked for and nothing has come since."""
    asked = [event.on for event in events if event.kind == "review_asked"]
    replied = [event.on for event in events if event.kind == "replied"]
    return bool(asked) and not any(day > max(asked) for day in replied)


def _is_clarified(events: Sequence[Event]) -> bool:
    asked = [event.on for event in events if event.kind == "clarification_asked"]
    return any(event.kind == "clarified" and event.on >= max(asked, default=event.on) for event in events)


def count_late(due: date, until: date, law: Law, calendar: Calendar) -> int:
    """Working days after `due` up to and including `until`; 0 in time."""
    days = (due + timedelta(days=number) for number in range(1, (until - due).days + 1))
    return sum(day.weekday() < 5 and calendar.name_holiday(law, day) is None for day in days)
