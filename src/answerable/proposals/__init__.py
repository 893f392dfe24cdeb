"""What a language model proposes for what the rules left -> Observations that wait for a person.

Stands after `observations`, off by default: it runs only where the user names an endpoint. A proposal is kept as
one line of proposals.jsonl, so that a build needs no model and gives the same bytes. The trap is trust: a
proposal counts for nothing until a person accepts it, and one whose quote does not stand in the document, or
whose value does not stand in the quote, is dropped before anyone sees it.
"""

from answerable.proposals.asking import LONGEST, is_open, write_messages
from answerable.proposals.endpoint import ask_endpoint
from answerable.proposals.proposal import FILE, Proposal, apply_proposals, parse_proposals, write_proposal
from answerable.proposals.screening import find_proposals

__all__ = [
    "FILE",
    "LONGEST",
    "Proposal",
    "apply_proposals",
    "ask_endpoint",
    "find_proposals",
    "is_open",
    "parse_proposals",
    "write_messages",
    "write_proposal",
]
