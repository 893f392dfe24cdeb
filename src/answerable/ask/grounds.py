"""A refusal -> the grounds for a review that fit it, from grounds.toml with their sources.

The letter that was sent, what the reply says and what was read of it decide; nothing is argued that they do not call
for. The trap is a ground that sounds strong and does not fit the facts: each has a caution for whoever reviews the
letter, and no ground ever asks for what an authority withheld to be worked out.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from answerable.ask.laws import TERMS
from answerable.ask.wording import order_questions
from answerable.model import Authority, Law, Observation, Reply, Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One ground as grounds.toml gives it. `law` None is either Act; `sections` () is any refusal."""

    id: str
    when: str
    title: str
    text: str
    source: str
    confirmed: bool
    law: Law | None = None
    sections: tuple[str, ...] = ()
    caution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One authority's answer, as far as grounds look at it. `text` is all that its documents say, `values` what its
    sentences are filled with."""

    authority: Authority
    reply: Reply
    observations: tuple[Observation, ...]
    text: str
    late: bool
    values: tuple[tuple[str, str], ...]

    @property
    def sections(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.section.upper().removeprefix("S.").strip() for item in self.reply.exemptions))


@lru_cache(maxsize=1)
def load_grounds() -> tuple[Ground, ...]:
    """Every ground, in the order in which a letter argues them."""
    text = (resources.files("answerable.ask") / "grounds.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)["ground"]
    return tuple(Ground(**{**table, "sections": tuple(table.get("sections", ()))}) for table in tables)


def make_case(
    survey: Survey,
    authority: Authority,
    reply: Reply,
    observations: Sequence[Observation],
    text: str,
    *,
    late: bool = False,
    received: str = "",
    due: str = "",
) -> Case:
    """The Case of one authority, with the words that its grounds are filled with."""
    terms = TERMS[authority.law]
    own = tuple(item for item in observations if item.authority == authority.id)
    small = sum(item.status == "suppressed" for item in own)
    noun = survey.authority_noun[0 if len(survey.authorities) == 1 else 1]
    values = {
        "n_suppressed": str(small),
        "n_cells": str(len(own)),
        "first": order_questions(survey)[0].number,
        "advice": terms.advice.capitalize(),
        "refusal": terms.refusal,
        "clock": terms.clock,
        "n_authorities": str(len(survey.authorities)),
        "authorities": noun,
        "received": received,
        "due": due,
    }
    return Case(
        authority=authority, reply=reply, observations=own, text=text, late=late, values=tuple(values.items())
    )  # fmt: skip


def find_grounds(case: Case) -> tuple[tuple[Ground, str, str], ...]:
    """(ground, title, text) of every ground that fits, filled in, in order."""
    found = []
    for ground in load_grounds():
        if ground.law not in (None, case.authority.law) or not TESTS[ground.when](case):
            continue
        cited = [section for section in case.sections if not ground.sections or section in ground.sections]
        if ground.sections and not cited:
            continue
        values = {**dict(case.values), "section": " and ".join(cited)}
        found.append((ground, _fill(ground.title, values), _fill(ground.text, values)))
    return tuple(found)


def _fill(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], " ".join(text.split()))


_ESTIMATE = re.compile(r"\b\d[\d,.]*\s*(?:hours?|minutes?|records?|crimes?|files?|cases?)\b", re.I)
_LIMIT_ONLY = re.compile(r"\b(?:18|24|40) hours?\b", re.I)
_ADVICE = re.compile(
    r"advice and assistance|section 16|section 15\b|s\.? ?16\b|refin|narrow|could (?:be )?provide", re.I
)
_REDACTING = re.compile(r"redact|consider(?:ing|ation of)? (?:\w+ )?exemption|apply(?:ing)? exemption", re.I)
_BALANCE = re.compile(r"public interest", re.I)


def _hides_small_numbers(case: Case) -> bool:
    personal = {"FOIA": "40", "FOISA": "38"}[case.authority.law]
    small = any(item.status == "suppressed" for item in case.observations)
    return small and (personal in case.sections or not case.sections)


def _gives_no_estimate(case: Case) -> bool:
    return not _ESTIMATE.search(_LIMIT_ONLY.sub("", case.text))


def _refuses_whole(case: Case) -> bool:
    return not any(item.status == "normal" for item in case.observations)


def _counts_redaction(case: Case) -> bool:
    sentences = re.split(r"(?<=[.!?])\s+", case.text)
    return any(_REDACTING.search(item) and re.search(r"\b(?:hours?|minutes?|time)\b", item, re.I) for item in sentences)


def _names_no_section(case: Case) -> bool:
    refused = case.reply.outcome == "rejected" or any(item.status == "refused" for item in case.observations)
    return refused and not case.reply.exemptions


TESTS: dict[str, Callable[[Case], bool]] = {
    "small_numbers": _hides_small_numbers,
    "no_estimate": _gives_no_estimate,
    "counts_redaction": _counts_redaction,
    "cost_refused_whole": _refuses_whole,
    "no_advice": lambda case: not _ADVICE.search(case.text),
    "no_balance": lambda case: not _BALANCE.search(case.text),
    "section": lambda case: bool(case.sections),
    "not_held": lambda case: case.reply.outcome == "not_held",
    "no_section": _names_no_section,
    "late": lambda case: case.late,
}
"""What grounds.toml may write behind `when`."""
