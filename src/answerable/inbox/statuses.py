"""Other sites' words for what became of a request -> ours (Alaveteli's, see `model.Outcome`).

The trap is a word that says whose turn it is and not what came: a fee or a fix that is asked for waits for us, so
it is `waiting_clarification`; a word that tells nothing of an answer is `waiting_response`.
"""

from answerable.model import Outcome

ALAVETELI: dict[str, Outcome] = {
    "waiting_classification": "waiting_response",
    "waiting_response": "waiting_response",
    "waiting_response_overdue": "waiting_response",
    "waiting_response_very_overdue": "waiting_response",
    "gone_postal": "waiting_response",
    "requires_admin": "waiting_response",
    "attention_requested": "waiting_response",
    "not_held": "not_held",
    "rejected": "rejected",
    "partially_successful": "partially_successful",
    "successful": "successful",
    "waiting_clarification": "waiting_clarification",
    "internal_review": "internal_review",
    "error_message": "error_message",
    "user_withdrawn": "user_withdrawn",
    "vexatious": "user_withdrawn",
    "not_foi": "user_withdrawn",
}
"""States of Alaveteli (https://github.com/mysociety/alaveteli, app/models/info_request/state.rb)."""

SHOWN: dict[str, str] = {
    "awaiting classification": "waiting_classification",
    "needs status update": "waiting_classification",
    "awaiting response": "waiting_response",
    "delayed": "waiting_response_overdue",
    "long overdue": "waiting_response_very_overdue",
    "information not held": "not_held",
    "refused": "rejected",
    "partially successful": "partially_successful",
    "successful": "successful",
    "waiting clarification": "waiting_clarification",
    "awaiting clarification": "waiting_clarification",
    "handled by post": "gone_postal",
    "handled by postal mail": "gone_postal",
    "awaiting internal review": "internal_review",
    "delivery error": "error_message",
    "unusual response": "requires_admin",
    "requires admin attention": "requires_admin",
    "reported": "attention_requested",
    "withdrawn": "user_withdrawn",
    "vexatious": "vexatious",
    "not an foi request": "not_foi",
}
"""How its dashboards show those states, in the wordings of several years."""

MUCKROCK: dict[str, Outcome] = {
    "draft": "waiting_response",
    "processing": "waiting_response",
    "awaiting acknowledgement": "waiting_response",
    "awaiting response": "waiting_response",
    "awaiting appeal": "internal_review",
    "fix required": "waiting_clarification",
    "payment required": "waiting_clarification",
    "in litigation": "internal_review",
    "rejected": "rejected",
    "no responsive documents": "not_held",
    "completed": "successful",
    "partially completed": "partially_successful",
    "withdrawn": "user_withdrawn",
}
"""Statuses of MuckRock as its exports show them (https://github.com/MuckRock/muckrock, muckrock/foia/models)."""

FROIDE: dict[str, Outcome] = {
    "awaiting_user_confirmation": "waiting_response",
    "publicbody_needed": "waiting_response",
    "awaiting_publicbody_confirmation": "waiting_response",
    "awaiting_response": "waiting_response",
    "awaiting_classification": "waiting_response",
    "overdue": "waiting_response",
    "asleep": "waiting_response",
    "resolved": "successful",
    "successful": "successful",
    "partially_successful": "partially_successful",
    "not_held": "not_held",
    "refused": "rejected",
    "user_withdrew": "user_withdrawn",
    "user_withdrew_costs": "user_withdrawn",
}
"""Statuses and resolutions of Froide (https://github.com/okfde/froide, froide/foirequest/models/request.py)."""


def map_alaveteli(word: str) -> Outcome | None:
    """Our outcome for a state of Alaveteli, named or as shown; None for a word that is not known."""
    plain = word.strip().lower().rstrip(".")
    return ALAVETELI.get(SHOWN.get(plain, plain.replace(" ", "_")))


def map_muckrock(word: str) -> Outcome | None:
    """Our outcome for a status of MuckRock, None for a word that is not known."""
    return MUCKROCK.get(word.strip().lower())


def map_froide(status: str, resolution: str) -> Outcome | None:
    """Our outcome for Froide's status and, of a resolved request, its resolution; None for unknown words."""
    word = resolution if status.strip() == "resolved" and resolution.strip() else status
    return FROIDE.get(word.strip().lower())
