"""The drafts in letters/ -> what would go out now, and what is held back with the reason.

Stands between the review and `send_letters`, and looks at the files as they are after a person read and perhaps
changed them. The traps: a request that goes out beside a similar one, or to somebody who was asked by post; and a
reminder to somebody who has answered since it was drafted.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

from answerable import store
from answerable.ask.drafts import REQUEST
from answerable.ask.guard import Earlier, find_aggregation, share_group
from answerable.ask.mail import Mail
from answerable.ask.outbox import AGAIN, Entry, find_entry, read_outbox
from answerable.ask.record import Events, read_events
from answerable.ask.references import KINDS, make_token, parse_message_id
from answerable.ask.send import Letter
from answerable.clock import Calendar
from answerable.errors import AnswerableError
from answerable.model import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """One drafted letter. `state` is `ready`, `held`, or the outbox's last word; `why` says why it is held."""

    kind: str
    authority: str
    to: str
    state: str
    why: str = ""
    letter: Letter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that decides whether a letter may go."""

    survey: Survey
    mail: Mail
    outbox: Mapping[str, Entry]
    events: Events
    earlier: tuple[Earlier, ...]
    late: frozenset[str]
    """Authorities that owe a reply today: only they are reminded."""
    today: date
    calendar: Calendar


def list_ready(
    folder: Path,
    situation: Situation,
    *,
    kinds: Collection[str] = KINDS,
    only: Collection[str] = (),
    despite_aggregation: bool = False,
) -> tuple[Ready, ...]:
    """Every drafted letter of these kinds, in the order of KINDS and of the survey, with what would become of it."""
    found = []
    for kind in (kind for kind in KINDS if kind in kinds):
        drafted = {name.removesuffix(".eml") for name in store.list_letters(folder, kind)}
        for authority in situation.survey.authorities:
            if authority.id in drafted and (not only or authority.id in only):
                data = store.read_letter(folder, kind, f"{authority.id}.eml") or b""
                found.append(_judge(kind, authority.id, data, situation, despite_aggregation))
    return tuple(found)


def _judge(kind: str, authority: str, data: bytes, situation: Situation, despite_aggregation: bool) -> Ready:
    message = message_from_bytes(data)
    to, message_id = parseaddr(str(message["To"] or ""))[1], str(message["Message-ID"] or "").strip()
    own = parse_message_id(message_id) == (kind, make_token(situation.survey, authority))
    entry = situation.outbox.get(message_id) if own else None
    if entry is not None and entry.state not in AGAIN:
        return Ready(kind=kind, authority=authority, to=to, state=entry.state, why=entry.note)
    why = "its Message-ID is not that of this letter; delete the file and draft it again"
    if own:
        why = _hold(kind, authority, str(message["From"] or ""), to, situation, despite_aggregation)
    if why:
        return Ready(kind=kind, authority=authority, to=to, state="held", why=why)
    lines = re.sub(rb"\r?\n", b"\r\n", data)
    letter = Letter(kind=kind, authority=authority, message_id=message_id, recipient=to, data=lines)
    note = entry.note if entry else ""
    return Ready(kind=kind, authority=authority, to=to, state="ready", why=note, letter=letter)


def _hold(kind: str, authority: str, sender: str, to: str, situation: Situation, despite_aggregation: bool) -> str:
    """Why a letter may not go, "" when it may."""
    survey = situation.survey
    if not to:
        return "it has no address; add it to contacts.csv and draft again"
    if parseaddr(sender)[1] != situation.mail.email:
        return f"it is from {parseaddr(sender)[1]}, the settings say {situation.mail.email}; draft it again"
    if kind.startswith("reminder") and authority not in situation.late:
        return "no reply is overdue any more; draft again with `answerable ask SURVEY chase`"
    if kind != REQUEST:
        return ""
    earlier = find_entry(situation.outbox, REQUEST, authority)
    if earlier is not None and earlier.state not in AGAIN:
        return f"a request with another reference is {earlier.state} (outbox.jsonl); was the survey changed since?"
    if any(event.kind == "received" for event in situation.events.get(authority, ())):
        return "by requests.jsonl this authority has the request already"
    asked = next(item for item in survey.authorities if item.id == authority)
    found = find_aggregation(survey, asked, situation.earlier, situation.today, situation.calendar)
    return "" if despite_aggregation or not found else found[0].message


def read_situation(
    folder: Path, survey: Survey, mail: Mail, today: date, calendar: Calendar, late: Collection[str] = ()
) -> Situation:
    """What is on disk that decides what may go, in this folder and in those beside it."""
    return Situation(
        survey=survey,
        mail=mail,
        outbox=read_outbox(folder),
        events=read_events(folder, survey),
        earlier=read_earlier(folder, survey),
        late=frozenset(late),
        today=today,
        calendar=calendar,
    )


def read_earlier(folder: Path, survey: Survey) -> tuple[Earlier, ...]:
    """The requests of survey folders of the same group that lie beside this one."""
    found = []
    for path in store.list_siblings(folder):
        try:
            other = store.read_survey(path)
        except AnswerableError:
            # A half-made folder beside this one is no reason not to send; its own commands will say what is wrong.
            continue
        if share_group(survey, other):
            found.append(Earlier(folder=path.name, survey=other, events=read_events(path, other)))
    return tuple(found)


def list_letters(ready: Sequence[Ready]) -> tuple[Letter, ...]:
    """The letters that may go."""
    return tuple(item.letter for item in ready if item.letter is not None)
