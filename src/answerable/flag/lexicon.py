"""The rule files as tables that a block of words can be matched against at once.

Reads `rules/*.toml` of the package (or a force's own folder of the same shape) and splits each phrase into
its slots. A phrase is words with `(a|b)` for one of several, `(a|)` for an optional one and
`word~` for a verb's forms. The trap: a longer phrase hides the shorter ones inside it, which is how "text book"
keeps "text" from matching; so a new rule can silence an old one, and the tests list what each must still find.
"""

import itertools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from answerable.errors import SurveyError

ROLES = (
    "medium",
    "unclear",
    "mention",
    "negated",
    "investigative",
    "object-stolen",
    "resale",
    "third-party",
    "hypothetical",
    "historic",
    "homonym",
    "device",
)
"""What a mention can be, and which one speaks for a record that has several: the first. `medium` is the only one
that makes the offence online; `mention` is a channel with nothing that says what it was used for; `unclear` is a
message or picture whose channel is not said; `device` is a thing merely named."""

SIGNS = ("act", "weak", "physical")
"""What a cue can be beside a role. act: something was done through the channel. weak: the same, where the record
tells of no physical act. physical: something was done to a body or a thing."""

KINDS = ("channel", "policy", "ambiguous", "device", "fixed")
"""channel: counts as online. policy: counts where a switch says so. ambiguous: only with a person's word or the
model's. device: never a channel. fixed: a phrase whose role is known from its own words."""

SWITCHES = ("sms", "voice", "camera")
SCOPES = ("before", "after", "both")
WITHIN = ("clause", "sentence", "record")
_KEYS = {
    "platform": {"id", "name", "medium", "from", "typos", "phrases", "act"},
    "target": {"id", "medium", "kind", "switch", "phrases", "role", "act"},
    "cue": {
        "id",
        "role",
        "scope",
        "reach",
        "within",
        "strong",
        "sure",
        "only",
        "despite",
        "needs",
        "physical",
        "phrases",
    },
    "stop": {"id", "phrases"},
}
_CHOICE = re.compile(r"\(([^()]*)\)|([^\s()]+)")


Phrase = tuple[tuple[tuple[str, ...], ...], ...]
"""A phrase as its slots in order; a slot as the word sequences it may be, the empty one where it may be left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One rule: a target (`kind` set), a cue (`role` and `scope` set) or a stop. `first_day` is the day before
    which a platform did not exist. `only` lists the media a cue speaks of, all where empty; a cue that `needs` a
    physical act is heard only in a record that has one. A weak cue is heard there too of the media in `despite`, as
    people meet through them. `act` marks a target whose own words say what was done ("sextortion")."""

    id: str
    section: str
    role: str = ""
    kind: str = ""
    medium: str = ""
    platform: str = ""
    switch: str = ""
    first_day: date | None = None
    act: bool = False
    scope: str = ""
    reach: int = 0
    within: str = "clause"
    strong: bool = False
    sure: bool = False
    only: tuple[str, ...] = ()
    despite: tuple[str, ...] = ()
    needs: str = ""
    physical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """Every rule and every phrase that calls it, a phrase with the place of its entry. Where two rules share a
    phrase the earlier has it. Two lexicons are the same only if they are one object, so that tables made from one
    can be kept by it."""

    entries: tuple[Entry, ...]
    phrases: tuple[tuple[Phrase, int], ...] = field(repr=False)
    names: Mapping[str, str] = field(repr=False)
    """Platform id to its printed name."""


@cache
def read_lexicon() -> Lexicon:
    """The rules the package ships."""
    folder = files("answerable.flag") / "rules"
    return parse_lexicon((item.name, item.read_text()) for item in sorted(folder.iterdir(), key=lambda item: item.name))


def parse_lexicon(texts: Iterable[tuple[str, str]]) -> Lexicon:
    """Rules from (file name, TOML text) pairs. Raises SurveyError naming the rule that is wrong."""
    entries: list[Entry] = []
    phrases: list[tuple[Phrase, int]] = []
    names: dict[str, str] = {}
    for where, text in texts:
        for section, tables in tomllib.loads(text).items():
            for table in tables:
                entries.append(_parse_entry(where, section, table))
                if section == "platform":
                    names[table["id"]] = table["name"]
                phrases.extend((phrase, len(entries) - 1) for phrase in _parse_phrases(table))
    return Lexicon(entries=tuple(entries), phrases=tuple(phrases), names=names)


def _parse_entry(where: str, section: str, table: dict[str, Any]) -> Entry:
    name = f"{where}, {section} {table.get('id', '(no id)')}"
    known = _KEYS.get(section)
    if known is None:
        raise SurveyError(where, f"has no section called {section}", f"Use one of {', '.join(sorted(_KEYS))}")
    wrong = sorted(set(table) - known)
    if wrong or "id" not in table or not table.get("phrases"):
        what = f"has the unknown key {wrong[0]}" if wrong else "needs an id and phrases"
        raise SurveyError(name, what, f"Use {', '.join(sorted(known))}")
    kind = {"platform": "channel", "target": table.get("kind", "channel")}.get(section, "")
    role = table.get("role", "")
    closed = (
        (kind, ("", *KINDS)),
        (role, ("", *SIGNS, *ROLES)),
        (table.get("switch", ""), ("", *SWITCHES)),
        (table.get("needs", ""), ("", "physical")),
    )
    for value, allowed in (*closed, (table.get("scope", "both"), SCOPES), (table.get("within", "clause"), WITHIN)):
        if value not in allowed:
            raise SurveyError(name, f"does not know {value!r}", f"Use one of {', '.join(filter(None, allowed))}")
    return Entry(
        id=table["id"],
        section=section,
        role=role,
        kind=kind,
        medium=table.get("medium", ""),
        platform=table["id"] if section == "platform" else "",
        switch=table.get("switch", ""),
        first_day=table.get("from"),
        act=table.get("act", False),
        scope=table.get("scope", "both"),
        reach=table.get("reach", 8),
        within=table.get("within", "clause"),
        strong=table.get("strong", False),
        sure=table.get("sure", False),
        only=tuple(table.get("only", ())),
        despite=tuple(table.get("despite", ())),
        needs=table.get("needs", ""),
        physical=table.get("physical", role == "physical"),
    )


def _parse_phrases(table: dict[str, Any]) -> Iterable[Phrase]:
    for text in table["phrases"]:
        yield parse_phrase(text)
        if table.get("typos") and re.fullmatch(r"[a-z]{7,}", text):
            yield (tuple((word,) for word in misspell(text)),)


def parse_phrase(text: str) -> Phrase:
    """The slots of a phrase: "(text|) message~" is two slots."""
    if "(" in re.sub(r"\([^()]*\)", "", text):
        raise SurveyError(f"phrase {text!r}", "has one bracket inside another", "Write the choices side by side")
    slots = []
    for match in _CHOICE.finditer(text):
        choices = match[1].split("|") if match[1] is not None else [match[2]]
        slots.append(tuple(dict.fromkeys(words for choice in choices for words in _unfold_choice(choice))))
    return tuple(slots)


def _unfold_choice(choice: str) -> list[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+~?", choice.lower())
    forms = [inflect(word[:-1]) if word.endswith("~") else [word] for word in words]
    return list(itertools.product(*forms))


def inflect(verb: str) -> list[str]:
    """A regular verb's forms: "message" gives message, messages, messaged, messaging."""
    if verb.endswith("e"):
        return [verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"]
    plural = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z")) else f"{verb}s"
    return [verb, plural, f"{verb}ed", f"{verb}ing"]


def misspell(name: str) -> list[str]:
    """A long name with one letter left out, doubled, or changed places with its neighbour; the first letter stays."""
    found = set()
    for place in range(1, len(name)):
        found.add(name[:place] + name[place + 1 :])
        found.add(name[:place] + name[place] + name[place:])
        found.add(name[:place] + name[place : place + 2][::-1] + name[place + 2 :])
    return sorted(found - {name})
