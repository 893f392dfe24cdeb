"""A mailbox over IMAP -> Items, from where the last run left off. Read only: nothing is marked, moved or deleted.

The trap is a mailbox that was rebuilt: its UIDVALIDITY changes, numbers start anew, and everything is fetched again;
what is filed already is known by its key.
"""

import imaplib
import re
from collections.abc import Iterator
from pathlib import Path

from answerable.ask.imap import open_imap
from answerable.ask.mail import Server
from answerable.errors import AnswerableError
from answerable.formats.limits import MAX_DOCUMENT
from answerable.inbox.items import Item
from answerable.inbox.log import read_uids

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


def fetch_items(folder: Path, server: Server, certificate: str | None) -> Iterator[Item]:
    """Every message of the inbox that is newer than the last one filed, oldest first.

    Raises AnswerableError where the server cannot be reached or breaks off.
    """
    line = open_imap(server, certificate)
    try:
        yield from _fetch(line, server, read_uids(folder))
    except (OSError, imaplib.IMAP4.error) as error:
        what = f"broke off ({error})"
        raise AnswerableError(server.place, what, "Run it again; what was filed stays filed") from error
    finally:
        try:
            line.logout()
        except (OSError, imaplib.IMAP4.error):
            line.shutdown()


def _fetch(line: imaplib.IMAP4, server: Server, uids: dict[str, int]) -> Iterator[Item]:
    if line.select(f'"{server.inbox}"', readonly=True)[0] != "OK":
        raise AnswerableError(server.place, f"has no folder {server.inbox}", "Correct inbox in mail.toml, [imap]")
    validity = line.response("UIDVALIDITY")[1][0]
    box = f"{server.inbox};{validity.decode() if isinstance(validity, bytes) else 0}"
    last = uids.get(box, 0)
    numbers = [int(number) for number in line.uid("SEARCH", f"UID {last + 1}:*")[1][0].split()]
    # "N:*" gives the last message even where its number is below N.
    for number in sorted(number for number in numbers if number > last):
        yield _fetch_one(line, box, number)


def _fetch_one(line: imaplib.IMAP4, box: str, number: int) -> Item:
    sized = b" ".join(part for part in line.uid("FETCH", str(number), "(RFC822.SIZE)")[1] if isinstance(part, bytes))
    found = _SIZE.search(sized)
    uid, source = f"{box}:{number}", f"{box.partition(';')[0]}, message {number}"
    if found and int(found[1]) > MAX_DOCUMENT:
        return Item(kind="mail", name=f"{number}.eml", source=source, data=None, uid=uid)
    parts = line.uid("FETCH", str(number), "(BODY.PEEK[])")[1]
    data = next((part[1] for part in parts if isinstance(part, tuple)), None)
    if not isinstance(data, bytes):
        raise imaplib.IMAP4.error(f"message {number} was not given")
    return Item(kind="mail", name=f"{number}.eml", source=source, data=data, uid=uid)
