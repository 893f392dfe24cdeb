"""A saved web page, such as a disclosure log -> the authority whose site it is from.

The trap is a page about one authority on the site of another: only the address it was saved from counts.
"""

import re

from answerable.inbox.matching import Addressees, Match, find_by_domain

_ADDRESS = re.compile(rb"https?://([A-Za-z0-9.-]{3,100})")
_MARKS = (
    re.compile(rb"<!--\s*saved from url=[^>]{0,300}-->", re.I),
    re.compile(rb"<link\b[^>]{0,300}\brel\s*=\s*[\"']?canonical\b[^>]{0,300}>", re.I),
    re.compile(rb"<meta\b[^>]{0,300}\bog:url\b[^>]{0,300}>", re.I),
    re.compile(rb"<base\b[^>]{0,300}>", re.I),
)
"""Where a page says its own address: browsers' "save as", the canonical link, Open Graph, and its base."""
FIRST = 100_000


def find_page_owner(data: bytes, index: Addressees) -> Match:
    """The authority whose domain a page was saved from; in doubt without an address or where they differ."""
    found: dict[str, None] = {}
    for mark in _MARKS:
        for text in mark.findall(data[:FIRST]):
            for host in _ADDRESS.findall(text):
                owners = find_by_domain(f"page@{host.decode().lower()}", index)
                found |= dict.fromkeys(item.id for item in owners)
    if len(found) == 1:
        return Match(authority=next(iter(found)), how="the site the page was saved from")
    return Match(authority="", how="the page does not say whose site it is from", candidates=tuple(found))
