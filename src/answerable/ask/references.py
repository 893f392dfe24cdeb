"""How a reply finds its request: one token a request, carried by everything that goes out.

    token          ANS-7K3Q-9XWD    from the survey's id and periods and the authority's id, so always the same
    subject, body  "... (our reference ANS-7K3Q-9XWD)", and in the letter's text and the reply form's first cells
    Message-ID     <request.ans-7k3q-9xwd@example.org>      <KIND.TOKEN@DOMAIN>, kinds as in `KINDS`
    thread         a reminder, review or complaint has In-Reply-To and References to the request's Message-ID
    plus-address   Reply-To: survey+ans-7k3q-9xwd@example.org, where mail.toml says `plus = true`

Whoever files replies asks in this order: `find_tokens` on In-Reply-To and References (they are Message-IDs of ours),
on To, Cc and Delivered-To (plus-address), on the subject, on the body, and on the names and first cells of
attachments; `index_tokens` gives the authority of each token. The trap is a token read wrongly by a person or a
scanner: its last sign is a check, letters that look like digits are taken as those, and a token that does not
check is no token.
"""

import hashlib
import re

from answerable.model import Survey

KINDS = ("request", "clarification", "reminder-1", "reminder-2", "review", "complaint")
"""Letters of one request in the order they may follow each other."""

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U (https://www.crockford.com/base32.html)."""
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_TOKEN = re.compile(r"(?<![A-Z0-9])ANS[\s_=–—-]{0,3}([0-9A-Z]{4})[\s_=–—-]{0,3}([0-9A-Z]{4})(?![A-Z0-9])", re.I)
_MESSAGE_ID = re.compile(r"<([a-z][a-z0-9-]*)\.(ans-[0-9a-z]{4}-[0-9a-z]{4})@[^<>\s]+>", re.I)


def make_token(survey: Survey, authority: str) -> str:
    """The token of one authority's request: seven signs of a digest and one that checks them."""
    parts = (survey.id, *(period.id for period in survey.periods), authority)
    number = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:5], "big") >> 5
    signs = "".join(_SIGNS[number >> shift & 31] for shift in range(30, -1, -5))
    signs += _find_check(signs)
    return f"ANS-{signs[:4]}-{signs[4:]}"


def _find_check(signs: str) -> str:
    return _SIGNS[sum(place * _SIGNS.index(sign) for place, sign in enumerate(signs, start=1)) % 31]


def find_tokens(text: str) -> tuple[str, ...]:
    """Every token in a text, each once, in the order they stand; those whose check fails are left out."""
    found: dict[str, None] = {}
    for match in _TOKEN.finditer(text):
        signs = (match[1] + match[2]).upper().translate(_ALIKE)
        if "U" not in signs and _find_check(signs[:7]) == signs[7]:
            found[f"ANS-{signs[:4]}-{signs[4:]}"] = None
    return tuple(found)


def index_tokens(survey: Survey) -> dict[str, str]:
    """Token -> authority id, for every authority asked."""
    return {make_token(survey, authority.id): authority.id for authority in survey.authorities}


def make_message_id(kind: str, token: str, address: str) -> str:
    """The one Message-ID of a letter; `address` is the sender's, whose domain it takes."""
    return f"<{kind}.{token.lower()}@{address.rpartition('@')[2]}>"


def parse_message_id(text: str) -> tuple[str, str] | None:
    """(kind, token) of a Message-ID of ours, None for any other."""
    match = _MESSAGE_ID.search(text)
    tokens = find_tokens(match[2]) if match else ()
    return (match[1].lower(), tokens[0]) if match and tokens else None


def make_plus_address(address: str, token: str) -> str:
    """The sender's address with the token after a plus sign (RFC 5233)."""
    name, _, domain = address.rpartition("@")
    return f"{name}+{token.lower()}@{domain}"
