"""Asking: the request and its reply form, the lint, sending, chasers, and the board that says where all stand.

Stands after the clock and before the inbox. Nothing here sends by itself: letters are drafted as files, read by a
person, and sent by `send_letters`, which is also what any other mail of a survey goes out through. How a reply
finds its request is told in `answerable.ask.references`. The trap is mail that goes out twice: see
`answerable.ask.outbox`.
"""

from answerable.ask.mail import Mail, Server, parse_mail
from answerable.ask.outbox import Entry, read_outbox
from answerable.ask.references import find_tokens, index_tokens, make_message_id, make_token, parse_message_id
from answerable.ask.send import Letter, send_letters, settle_entry

__all__ = [
    "Entry",
    "Letter",
    "Mail",
    "Server",
    "find_tokens",
    "index_tokens",
    "make_message_id",
    "make_token",
    "parse_mail",
    "parse_message_id",
    "read_outbox",
    "send_letters",
    "settle_entry",
]
