"""What the two Acts call the same things, for letters. The trap: the sections' numbers differ by one or two."""

from dataclasses import dataclass

from answerable.model import Authority, Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One Act's names and sections. `refusal` is the notice that must give reasons, `format` the requester's choice."""

    act: str
    short: str
    advice: str = "section 16"
    refusal: str = "section 17"
    review: str = "an internal review"
    commissioner: str = "Information Commissioner"
    clock: str = "section 10(1)"
    format: str = "section 11(1)"


TERMS: dict[Law, Terms] = {
    "FOIA": Terms(act="Freedom of Information Act 2000", short="FOIA"),
    "FOISA": Terms(
        act="Freedom of Information (Scotland) Act 2002",
        short="FOISA",
        advice="section 15",
        refusal="section 16",
        review="a review under section 20",
        commissioner="Scottish Information Commissioner",
    ),
}

CENTRAL = frozenset({"mod-police"})
"""Police forces that follow their department, so have the limit of central government."""


def find_cost_limit(authority: Authority) -> tuple[int, int]:
    """(pounds, hours) of the cost limit.

    £450 at £25 an hour, £600 for central government (SI 2004/3244 regs 3 and 4); in Scotland £600 at up to £15
    (SSI 2004/467).
    """
    if authority.law == "FOISA":
        return 600, 40
    return (600, 24) if authority.kind == "central" or authority.id in CENTRAL else (450, 18)
