"""A mailbox (mbox) -> its mails, each a Document. The trap: a line of a mail that begins "From " is quoted with ">"."""

import re

from answerable.errors import UnreadableDocument
from answerable.formats.inner import make_inner
from answerable.formats.limits import MAX_MEMBERS
from answerable.formats.mail import parse_mail, read_header
from answerable.model import Document

_START = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\n]*\n")


def unpack(document: Document, data: bytes) -> tuple[tuple[Document, bytes], ...]:
    """Every mail, named by its subject, in the mailbox's order."""
    mails: list[tuple[str, bytes]] = []
    starts = list(_START.finditer(data))
    if len(starts) > MAX_MEMBERS:
        raise UnreadableDocument(
            document.path,
            f"holds {len(starts):,} mails, more than {MAX_MEMBERS:,}",
            "Export only the folder that has the replies",
        )
    for index, start in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(data)
        mail = re.sub(rb"(?m)^>(>*From )", rb"\1", data[start.end() : end])
        mails.append((f"{index + 1:03} {read_header(parse_mail(document, mail), 'Subject')[:80]}.eml", mail))
    return make_inner(document, mails)
