"""Tables and letters of one reply -> Observations, and a Finding for all that is left over.

The heart of the line: every value that is accepted has its authority, period, question and categories each
settled by stated evidence, and the arithmetic its table offers holds. The trap is to be helpful: what the
evidence does not settle is never guessed, it goes to review with the candidates.
"""

from answerable.observations.letters import find_caveats, find_exemptions, find_outcome
from answerable.observations.reading import account_cells, find_observations
from answerable.observations.replies import settle_reply
from answerable.observations.unread import Fate, find_unread

__all__ = [
    "Fate",
    "account_cells",
    "find_caveats",
    "find_exemptions",
    "find_observations",
    "find_outcome",
    "find_unread",
    "settle_reply",
]
