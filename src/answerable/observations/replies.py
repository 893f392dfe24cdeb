"""A Reply with what its letter says: exemptions, caveats and the outcome, where reply.toml leaves them open."""

from collections.abc import Sequence
from dataclasses import replace

from answerable.model import Grid, Observation, Reply
from answerable.observations.letters import find_caveats, find_exemptions, find_outcome
from answerable.observations.returned import leave_out_forms


def settle_reply(reply: Reply, grids: Sequence[Grid], observations: Sequence[Observation]) -> Reply:
    """The reply with its exemptions, caveats and outcome; what reply.toml states stands.

    An outcome of `waiting_response` beside documents means that nobody stated one.
    """
    grids, named = leave_out_forms(grids)
    exemptions = reply.exemptions or tuple(dict.fromkeys((*find_exemptions(grids), *named)))
    stated = {caveat.kind for caveat in reply.caveats}
    caveats = (*reply.caveats, *(caveat for caveat in find_caveats(grids) if caveat.kind not in stated))
    outcome = reply.outcome
    if outcome == "waiting_response" and grids:
        answered = sum(observation.status == "normal" for observation in observations)
        outcome = find_outcome(grids, answered=answered, exemptions=exemptions) or outcome
    return replace(reply, exemptions=exemptions, caveats=caveats, outcome=outcome)
