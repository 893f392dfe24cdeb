"""Survey -> one request for each authority, as the files a person reviews and the message that will go out.

Everything is drafted, with or without an address, so that a missing address never hides what would be asked. The
trap is a letter corrected by hand: the store keeps it when the survey is drafted again.
"""

from collections.abc import Iterator, Mapping

from answerable.ask.contacts import Recipient
from answerable.ask.laws import TERMS
from answerable.ask.letters import Attachment, Draft, write_markdown, write_message
from answerable.ask.mail import Mail
from answerable.ask.references import make_token
from answerable.ask.wording import write_request
from answerable.ask.workbook import MEDIA_TYPE, fill_form, make_form
from answerable.model import Survey

REQUEST = "request"


def draft_requests(survey: Survey, contacts: Mapping[str, Recipient], *, with_form: bool = True) -> Iterator[Draft]:
    """A Draft for every authority asked, in the survey's order; the same for the same survey and contacts."""
    form = make_form(survey) if with_form else None
    for authority in survey.authorities:
        token = make_token(survey, authority.id)
        recipient = contacts.get(authority.id)
        attached: tuple[Attachment, ...] = ()
        if form is not None:
            name = f"reply-form-{authority.id}.xlsx"
            attached = (Attachment(name=name, media_type=MEDIA_TYPE, data=fill_form(form, authority, token)),)
        title = " ".join(survey.title.split())
        yield Draft(
            kind=REQUEST,
            authority=authority.id,
            token=token,
            subject=f"Request under the {TERMS[authority.law].act}: {title} (our reference {token})",
            sections=write_request(survey, authority, token, recipient.name if recipient else "", with_form=with_form),
            recipient=recipient,
            attachments=attached,
        )


def write_files(draft: Draft, mail: Mail) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of a letter's files: what is reviewed, what is sent, and what is sent with it."""
    yield f"{draft.authority}.md", write_markdown(draft, mail).encode()
    yield f"{draft.authority}.eml", write_message(draft, mail)
    for item in draft.attachments:
        if item.media_type == MEDIA_TYPE:
            yield f"{draft.authority}.xlsx", item.data
