"""A Letter -> the authority whose reply it is, and how that is known; or the candidates, for a person.

Evidence in falling order: the thread (a Message-ID of ours that it answers), the address it was sent to, the
subject, its words, its attachments, the sender's domain. A reference of ours is proof unless another says
otherwise; a domain alone is none, because the same office sends newsletters. The trap is a reply that quotes two.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from answerable.ask.references import find_tokens, index_tokens, parse_message_id
from answerable.errors import UnreadableDocument
from answerable.formats.safely import read_safely
from answerable.inbox.letters import Letter
from answerable.model import Authority, Document, Survey
from answerable.survey.register import fold_name

TABLES = (".xlsx", ".xls", ".ods", ".csv", ".docx", ".pdf")
FIRST_CELLS = 40
"""Cells of an attachment that are searched for a reference: the reply form has it at its top."""
REQUEST_WORDS = ("freedom of information", "foi", "foisa", "information request", "request for information")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Whose a letter is. `authority` is "" where that is in doubt; then `candidates` are those it may be of. `how`
    says in words what settled it, or what does not."""

    authority: str
    how: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressees:
    """What a survey knows of those it asked: token -> authority id, and the authorities by mail domain."""

    survey: Survey
    tokens: Mapping[str, str]
    domains: Mapping[str, tuple[Authority, ...]]


def index_survey(survey: Survey, addresses: Mapping[str, str]) -> Addressees:
    """What matching looks letters up in. `addresses` are where each authority takes requests, by its id."""
    domains: dict[str, tuple[Authority, ...]] = {}
    for authority in survey.authorities:
        own = {authority.domain, addresses.get(authority.id, "").rpartition("@")[2].lower()} - {""}
        for name in own:
            domains[name] = (*domains.get(name, ()), authority)
    return Addressees(survey=survey, tokens=index_tokens(survey), domains=domains)


def match_letter(letter: Letter, index: Addressees) -> Match:
    """The Match of one letter of the survey."""
    sender = find_by_domain(letter.heads.sender, index)
    for how, find in _LOOKS:
        found = tuple(dict.fromkeys(index.tokens[token] for token in find(letter) if token in index.tokens))
        if len(found) > 1:
            return Match(authority="", how=f"{how} names several requests", candidates=found)
        if found and sender and found[0] not in {item.id for item in sender}:
            both = (found[0], *(item.id for item in sender))
            return Match(authority="", how=f"{how} names another than its sender", candidates=both)
        if found:
            return Match(authority=found[0], how=how)
    return _match_sender(letter, sender, index)


def _match_sender(letter: Letter, sender: Sequence[Authority], index: Addressees) -> Match:
    subject = letter.heads.subject
    named = find_named(subject, index.survey)
    ids = tuple(item.id for item in sender)
    about = f" {subject.lower()} "
    title = " ".join(index.survey.title.lower().split())
    asked = title in about or any(f" {word}" in about.replace("(", " ").replace("[", " ") for word in REQUEST_WORDS)
    if len(ids) == 1 and asked and (not named or named == ids):
        return Match(authority=ids[0], how="the sender's domain and the subject")
    if ids:
        return Match(authority="", how="only the sender's domain", candidates=ids)
    if named and asked:
        return Match(authority="", how="only the name in the subject", candidates=named)
    return Match(authority="", how="nothing ties it to a request")


def find_named(text: str, survey: Survey) -> tuple[str, ...]:
    """Ids of the authorities whose name or an alias of three letters or more stands in a text as whole words."""
    folded = f" {fold_name(text)} "
    found = []
    for authority in survey.authorities:
        names = (fold_name(name) for name in (authority.name, *authority.aliases))
        if any(len(name) > 2 and f" {name} " in folded for name in names):
            found.append(authority.id)
    return tuple(found)


def find_by_domain(address: str, index: Addressees) -> tuple[Authority, ...]:
    """The authorities that have an address's domain, or the domain it is below."""
    name = address.rpartition("@")[2].lower()
    while "." in name:
        if name in index.domains:
            return index.domains[name]
        name = name.partition(".")[2]
    return ()


def _find_thread(letter: Letter) -> list[str]:
    ours = (parse_message_id(item) for item in letter.heads.thread)
    return [found[1] for found in ours if found]


def _find_attached(letter: Letter) -> tuple[str, ...]:
    texts = []
    for name, data in letter.attachments:
        texts.append(name)
        if name.lower().endswith(TABLES) and len(texts) < 20:
            texts += read_first_cells(name, data)
    return find_tokens("\n".join(texts))


def read_first_cells(name: str, data: bytes) -> list[str]:
    """The first cells of each part of a file, [] where it cannot be read."""
    document = Document(sha256="", name=name, media_type="", path=name)
    try:
        grids = read_safely(document, data)
    except UnreadableDocument:
        return []
    return [cell.text for grid in grids for cell in grid.cells[:FIRST_CELLS] if not cell.hidden]


_LOOKS: tuple[tuple[str, Callable[[Letter], Sequence[str]]], ...] = (
    ("the thread", _find_thread),
    ("the address it was sent to", lambda letter: find_tokens(" ".join(letter.heads.to))),
    ("the reference in the subject", lambda letter: find_tokens(letter.heads.subject)),
    ("the reference in its text", lambda letter: find_tokens(letter.words)),
    ("the reference in an attachment", _find_attached),
)
"""What is looked at, in order, and what it is called."""
