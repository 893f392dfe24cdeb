"""Steps -> letters: reminders, review requests with the grounds that fit, and complaints with their papers.

Drafted in bulk for a person to read, and sent as requests are. The notes under a letter's Markdown name the source of
each ground and what speaks against it; they are not sent. The trap is a draft that has gone stale: those that are no
longer due are taken away when chasers are drafted again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from answerable import store
from answerable.ask.board import ANSWERED, Board, Standing
from answerable.ask.contacts import COMMISSIONERS, Recipient
from answerable.ask.grounds import Ground, find_grounds, make_case
from answerable.ask.laws import TERMS, Terms
from answerable.ask.letters import Attachment, Draft
from answerable.ask.outbox import Entry
from answerable.ask.record import Events
from answerable.ask.references import KINDS, make_token
from answerable.ask.steps import Step, find_step, show
from answerable.ask.wording import Section
from answerable.clock import Calendar
from answerable.model import Authority, Grid, Observation, Reply, Survey

CHASERS = tuple(kind for kind in KINDS if kind not in {"request", "clarification"})
LARGEST = 15_000_000
"""Bytes of papers that go with one complaint; mailboxes refuse more than some 20 MB, and base64 adds a third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """All that a survey's chasers are written from."""

    survey: Survey
    board: Board
    replies: tuple[Reply, ...]
    observations: tuple[Observation, ...]
    grids: tuple[Grid, ...]
    events: Events
    outbox: Mapping[str, Entry]
    contacts: Mapping[str, Recipient]
    today: date
    calendar: Calendar


def draft_chasers(folder: Path, matter: Matter) -> Iterator[tuple[Step, Draft | None]]:
    """Every next step in the survey's order, with its letter; None where a person has to look first."""
    standings = {standing.authority: standing for standing in matter.board.standings}
    hidden = {item.authority for item in matter.observations if item.status == "suppressed"}
    for authority in matter.survey.authorities:
        standing = standings[authority.id]
        step = find_step(
            authority, standing, matter.events.get(authority.id, ()), matter.outbox, authority.id in hidden,
            matter.today, matter.calendar,
        )  # fmt: skip
        if step is None:
            continue
        draft = _write(folder, matter, authority, standing, step) if step.kind else None
        if step.kind and draft is None and standing.stage in ANSWERED:
            continue  # withheld under sections that nothing here argues against
        why = step.why if draft or not step.kind else f"{step.why}; no ground fits by itself, so write it yourself"
        yield replace(step, why=why), draft


def _write(folder: Path, matter: Matter, authority: Authority, standing: Standing, step: Step) -> Draft | None:
    terms, token = TERMS[authority.law], make_token(matter.survey, authority.id)
    title = " ".join(matter.survey.title.split())
    recipient = matter.contacts.get(authority.id)
    grounds = _find_grounds(matter, authority, standing, step)
    attached: tuple[Attachment, ...] = ()
    notes = tuple(_note(item) for item, _, _ in grounds)
    if step.kind.startswith("reminder"):
        subject = f"Reminder: request under the {terms.act}: {title} (our reference {token})"
        sections = _remind(matter, authority, standing, step, terms, recipient)
    elif step.kind == "review":
        if not grounds:
            return None
        subject = f"Request for {terms.review.removeprefix('an ').removeprefix('a ')}: {title} (our reference {token})"
        sections = _ask_review(matter, authority, standing, terms, grounds, recipient)
    else:
        attached, left = list_papers(folder, matter, authority)
        recipient = matter.contacts.get(COMMISSIONERS[authority.law])
        subject = f"Complaint about {authority.name}: {title} (our reference {token})"
        sections = _complain(matter, authority, terms, grounds, (attached, left))
        notes += (
            f"The {terms.commissioner} may take complaints by a form only; check how, and the time limit, first.",
            *(f"Too large to attach: {name}" for name in left),
        )
    return Draft(
        kind=step.kind, authority=authority.id, token=token, subject=subject, sections=sections, recipient=recipient,
        attachments=attached, notes=(f"Why now: {step.why}.", *notes),
    )  # fmt: skip


def _find_grounds(
    matter: Matter, authority: Authority, standing: Standing, step: Step
) -> tuple[tuple[Ground, str, str], ...]:
    replies = [reply for reply in matter.replies if reply.authority == authority.id]
    if not replies or step.kind.startswith("reminder"):
        return ()
    paths = {document.path for reply in replies for document in reply.documents}
    text = " ".join(cell.text for grid in matter.grids if grid.document in paths for cell in grid.cells)
    case = make_case(
        matter.survey, authority, replies[-1], matter.observations, text,
        late=step.late, received=show(standing.asked), due=show(standing.due),
    )  # fmt: skip
    return find_grounds(case)


def _note(ground: Ground) -> str:
    check = "" if ground.confirmed else " Not confirmed from the source itself: check it before you send."
    return f'"{ground.title}" rests on {ground.source}{check} {" ".join(ground.caution.split())}'.strip()


def _greet(authority: Authority, recipient: Recipient | None) -> str:
    return f"Dear {(recipient.name if recipient else '') or authority.name},"


def _sign(survey: Survey, token: str) -> tuple[str, ...]:
    contact = survey.contact
    name = f"{contact.name}\n{contact.email}" if contact else "[your name]\n[your address]"
    return ("Yours faithfully,", name, f"Our reference: {token}")


def _remind(
    matter: Matter, authority: Authority, standing: Standing, step: Step, terms: Terms, recipient: Recipient | None
) -> tuple[Section, ...]:
    token = make_token(matter.survey, authority.id)
    lines = [
        _greet(authority, recipient),
        f"On {show(standing.asked)} I asked you for information under the {terms.act} (our reference {token}). A reply "
        f"was due promptly, and by {show(standing.due)} at the latest ({terms.clock}). I have not had one.",
        "Please send it now. If only part of it is ready, please send that part, and say when the rest will come.",
    ]
    if step.kind != "reminder-1":
        lines.append(f"This is my second reminder. Without a reply I shall complain to the {terms.commissioner}.")
    lines.append("If your reply has crossed with this, thank you; please tell me when it was sent.")
    return (Section(heading="", lines=(*lines, *_sign(matter.survey, token))),)


def _ask_review(
    matter: Matter, authority: Authority, standing: Standing, terms: Terms,
    grounds: Sequence[tuple[Ground, str, str]], recipient: Recipient | None,
) -> tuple[Section, ...]:  # fmt: skip
    token = make_token(matter.survey, authority.id)
    theirs = next((r.reference for r in matter.replies if r.authority == authority.id and r.reference), "")
    named = f" (your reference {theirs})" if theirs else ""
    when = f"your reply of {show(standing.replied)}{named}" if standing.replied else f"how you dealt with it{named}"
    opening = (
        _greet(authority, recipient),
        f"On {show(standing.asked) or '[date]'} I asked you for information under the {terms.act} (our reference "
        f"{token}). I ask for {terms.review} of {when}, on these grounds.",
    )
    numbered = tuple(
        Section(heading=f"{number}. {title}", lines=(text,)) for number, (_, title, text) in enumerate(grounds, start=1)
    )
    closing = (
        "Where a ground fails for one question or one figure, please decide the others by themselves.",
        "I look forward to the outcome within 20 working days.",
    )
    signed = Section(heading="", lines=(*closing, *_sign(matter.survey, token)))
    return (Section(heading="", lines=opening), *numbered, signed)


def _complain(
    matter: Matter, authority: Authority, terms: Terms,
    grounds: Sequence[tuple[Ground, str, str]], papers: tuple[Sequence[Attachment], Sequence[str]],
) -> tuple[Section, ...]:  # fmt: skip
    token = make_token(matter.survey, authority.id)
    section = "section 50" if authority.law == "FOIA" else "section 47(1)"
    opening = (
        f"To the {terms.commissioner},",
        f"I apply for a decision under {section} of the {terms.act} on how {authority.name} dealt with my request for "
        f"information (our reference {token}).",
    )
    events = sorted(matter.events.get(authority.id, ()), key=lambda event: event.on)
    dates = tuple(f"- {show(event.on)}: {_EVENTS[event.kind]}" for event in events)
    attached, left = papers
    numbered = tuple(
        Section(heading=f"{number}. {title}", lines=(text,)) for number, (_, title, text) in enumerate(grounds, start=1)
    )
    listed = tuple(f"- {item.name}" for item in attached) + tuple(f"- {name} (to follow, large)" for name in left)
    return (
        Section(heading="", lines=opening),
        Section(heading="What happened", lines=dates or ("[dates]",)),
        *numbered,
        Section(heading="Papers", lines=listed or ("None.",)),
        Section(heading="", lines=_sign(matter.survey, token)),
    )


_EVENTS = {
    "received": "the authority received the request",
    "clarification_asked": "it asked for a clarification",
    "clarified": "it received the clarification",
    "fees_notice": "it sent a fees notice",
    "fee_paid": "the fee was paid",
    "extended": "it took more time to weigh the public interest",
    "replied": "it replied",
    "review_asked": "it received the request for a review",
}


def list_papers(folder: Path, matter: Matter, authority: Authority) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """(papers that go with a complaint, names of those too large to): letters as sent, then what the authority sent."""
    found: list[tuple[str, str, bytes]] = []
    for kind in KINDS:
        if data := store.read_letter(folder, f"sent/{kind}", f"{authority.id}.eml"):
            found.append((f"sent-{kind}.eml", "application/octet-stream", data))
    documents = [d for r in matter.replies if r.authority == authority.id for d in r.documents if d.parent is None]
    for document in documents:
        name = document.path.removeprefix(f"{authority.id}/").replace("/", "-")
        found.append((f"reply-{name}", "application/octet-stream", store.read_bytes(folder, document)))
    kept, left, size = [], [], 0
    for name, media_type, data in found:
        if size + len(data) > LARGEST:
            left.append(name)
            continue
        size += len(data)
        kept.append(Attachment(name=name, media_type=media_type, data=data))
    return tuple(kept), tuple(left)
