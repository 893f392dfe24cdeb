"""The inbox: what comes back, from a mailbox, a file, a folder or another site's export, filed once.

Stands after the formats, whose readers it uses to look for a reference, and before the reading. `filing` is the one
way in; `matching` says whose a letter is, `exports` reads what other sites give. Screening happens where documents
are read. The traps: a letter filed under the wrong authority is a wrong figure with a good source, so what is in
doubt waits for a person; and a process may be killed anywhere, so nothing is lost or filed twice.
"""

from answerable.inbox.exports import Export, Row, read_export
from answerable.inbox.filing import Filed, assign_letter, discard_letter, file_items, log_rows
from answerable.inbox.items import Item, read_items
from answerable.inbox.letters import Letter, parse_letter
from answerable.inbox.log import FILE, Entry, date_replies, read_inbox
from answerable.inbox.matching import Match, match_letter

__all__ = [
    "FILE",
    "Entry",
    "Export",
    "Filed",
    "Item",
    "Letter",
    "Match",
    "Row",
    "assign_letter",
    "date_replies",
    "discard_letter",
    "file_items",
    "log_rows",
    "match_letter",
    "parse_letter",
    "read_export",
    "read_inbox",
    "read_items",
]
