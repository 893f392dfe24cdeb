"""The digest: an e-mail of an edition's new and corrected figures to each confirmed subscriber, at most once each.

Made from what a published edition printed, so nothing embargoed can be in it, and sent by `ask.send_letters`, which
never sends one Message-ID twice. The trap: one-click unsubscription (RFC 8058) needs an https address that takes a
POST; without one only a mail address is offered, and the one-click header is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import urlencode

from answerable import store
from answerable.ask.mail import Mail
from answerable.ask.outbox import Entry
from answerable.ask.send import Letter, send_letters
from answerable.errors import StoreError
from answerable.model import Survey
from answerable.publish.errata import list_printed, write_side
from answerable.publish.issues import ACROSS, CHANGES, Issue, is_erratum, parse_changes, screen_issue
from answerable.publish.subscribers import Subscriber, list_confirmed
from answerable.stories import Printed, name_slug, parse_printed
from answerable.stories.wording import write_date

KIND = "digest"
CONFIRMATION = "confirmation"
MOST = 30
"""So many changed figures are told; the page of changes has them all."""


def find_issue(survey: Survey, kept: Mapping[str, Mapping[str, str]], name: str | None = None) -> tuple[Issue, Printed]:
    """(the published edition with this name, what the latest prints); the latest where no name is given.

    An earlier edition's numbers that the latest may not print are held back. StoreError where there is none.
    """
    issues = [parse_changes(files[CHANGES], f"published/{key}") for key, files in kept.items() if CHANGES in files]
    issues = sorted((issue for issue in issues if issue.at), key=lambda issue: issue.at or datetime.min)
    chosen = [issue for issue in issues if name in (None, issue.name)]
    if not chosen:
        what = "no such edition is published"
        raise StoreError(f"published/{name or ''}", what, "Publish it first: answerable publish")
    latest = parse_printed(survey, issues[-1].name, kept[issues[-1].name])
    issue = chosen[-1]
    if issue is not issues[-1]:
        issue = screen_issue(issue, latest.figures, latest.observations.values())
    return issue, latest


def write_digest(survey: Survey, issue: Issue, latest: Printed, place: str | None) -> str:
    """The digest's text for one place (None for the whole), "" where the edition holds nothing new for it.

    Its sentences are those of the latest edition, its changes those of the issue.
    """
    news = [
        item
        for item in list_printed(issue.differences)
        if item.subject == "figure" and item.kind not in ACROSS and place in (None, item.authority)
    ]
    told = [item for item in latest.sentences or () if item.where == place]
    lead = [item.sentence.text for item in told if item.part == "lead"]
    silent = any(item.sentence.kind.startswith("headline_silent") for item in told)
    if (issue.after and not news) or (not issue.after and (silent or not told)):
        return ""
    day = write_date(issue.at.date()) if issue.at else ""
    lines = [item.sentence.text for item in told if item.part == "headline"]
    lines += [f"Edition {issue.name}, {day}.", *lead]
    if news:
        lines.append("Corrected figures:" if is_erratum(news) else "New figures:")
        ranked = sorted(news, key=lambda item: item.kind != "total")
        lines.append("\n".join(
            f"- {item.title}: {write_side(item, item.old) or 'none'} before, {write_side(item, item.new) or 'none'} now"
            for item in ranked[:MOST]
        ))  # fmt: skip
        lines += [f"And {len(ranked) - MOST} more, on the page of changes."] if len(ranked) > MOST else []
    if survey.simulated:
        lines.insert(0, "SIMULATED. No number here is real.")
    lines += [_link_page(survey, issue, place)] if survey.address else []
    return "\n\n".join(line for line in lines if line) + "\n"


def _link_page(survey: Survey, issue: Issue, place: str | None) -> str:
    base = survey.address.rstrip("/")
    slug = name_slug(place)
    page = "index.html" if place is None else f"regions/{slug}.html" if ":" in place else f"authorities/{slug}.html"
    changes = f"\n{base}/changes.html#edition-{issue.name}" if issue.after else ""
    return f"{base}/{page}{changes}"


def make_digests(
    survey: Survey, mail: Mail, issue: Issue, latest: Printed, subscribers: Sequence[Subscriber]
) -> tuple[Letter, ...]:
    """One letter a subscriber for whom the edition has news, in the order they subscribed."""
    texts = {place: write_digest(survey, issue, latest, place) for place in {item.place for item in subscribers}}
    due = (item for item in subscribers if texts[item.place])
    return tuple(_write_letter(survey, mail, issue, item, texts[item.place]) for item in due)


def _write_letter(survey: Survey, mail: Mail, issue: Issue, item: Subscriber, text: str) -> Letter:
    domain = mail.email.rpartition("@")[2]
    message_id = f"<{KIND}.{issue.name}.{item.name}@{domain}>"
    message = _start_message(mail, item, message_id)
    message["Subject"] = f"New and corrected figures: {survey.title}"
    message["List-Id"] = f"{_header(survey.title)} <{survey.id}.{domain}>"
    addresses = [f"<mailto:{mail.email}?{urlencode({'subject': f'unsubscribe {item.stop}'})}>"]
    way = f"To stop these mails, answer with the subject: unsubscribe {item.stop}"
    if survey.digest_address:
        link = link_action(survey, "unsubscribe", item.stop)
        addresses.insert(0, f"<{link}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        way = f"To stop these mails: {link}"
    message["List-Unsubscribe"] = ", ".join(addresses)
    message.set_content(f"{text}\n-- \n{way}\n")
    return Letter(
        kind=KIND, authority=f"{item.name}-{issue.name}", message_id=message_id, recipient=item.address,
        data=message.as_bytes(),
    )  # fmt: skip


def make_confirmation(survey: Survey, mail: Mail, item: Subscriber) -> Letter:
    """The mail that asks an address whether it was the one that asked."""
    message_id = f"<{CONFIRMATION}.{item.name}@{mail.email.rpartition('@')[2]}>"
    message = _start_message(mail, item, message_id)
    message["Subject"] = f"Please confirm: new and corrected figures of {survey.title}"
    way = f"answer this mail with the subject: confirm {item.confirm}"
    if survey.digest_address:
        way = f"open {link_action(survey, 'confirm', item.confirm)}"
    message.set_content(
        f"Somebody asked for new and corrected figures of {survey.title} to be sent to this address.\n\n"
        f"If it was you, {way}\n\n"
        "If it was not, do nothing: no further mail will come.\n"
    )
    return Letter(
        kind=CONFIRMATION, authority=item.name, message_id=message_id, recipient=item.address, data=message.as_bytes()
    )


def _start_message(mail: Mail, item: Subscriber, message_id: str) -> EmailMessage:
    # A folded header would be written as encoded words, which no mail program takes for an address.
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message["From"] = f'"{_header(mail.name)}" <{mail.email}>' if mail.name else mail.email
    message["To"] = item.address
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    return message


def _header(text: str) -> str:
    """Text that can stand in quotes in a header."""
    return " ".join(text.split()).replace('"', "'")


def link_action(survey: Survey, action: str, token: str) -> str:
    """The address that takes a confirmation or an unsubscription."""
    return f"{survey.digest_address.rstrip('/')}/{action}?{urlencode({'token': token})}"


def send_digests(folder: Path, survey: Survey, mail: Mail, issue: Issue, latest: Printed) -> tuple[Entry, ...]:
    """Send an edition's digest to each confirmed subscriber that has not got it, and give the last word on each.

    Call it again after any interruption: nobody gets one edition twice.
    """
    return send_quietly(folder, mail, make_digests(survey, mail, issue, latest, list_confirmed(folder)))


def send_quietly(folder: Path, mail: Mail, letters: Sequence[Letter]) -> tuple[Entry, ...]:
    """Send without the blind copy that requests have; what went out is kept where no repository takes it."""
    for kind in dict.fromkeys(letter.kind for letter in letters):
        store.hide_letters(folder, f"sent/{kind}")
    return send_letters(folder, letters, replace(mail, copy_to="")) if letters else ()
