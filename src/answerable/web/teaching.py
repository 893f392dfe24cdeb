"""Choosing what a label or symbol means -> a patch for lookups.toml, and its effect before it is saved.

A patch is tried on the grids of every reply as they were read, so that the reviewer sees what it settles and
what it upsets elsewhere. The trap is a patch that means more than was seen: a symbol's holds for one authority
only, and a text near a table for one document only.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import tomlkit

from answerable.formats.screening import PREFIX
from answerable.lookups import Lookups, parse_lookups
from answerable.model import Observation, Survey
from answerable.observations import find_observations, settle_reply
from answerable.reading import Read
from answerable.web.items import Item

MOST = 9
"""Candidates offered: one a digit key."""
_CLOSE = 0.3
"""How like a label a category's name must be to be offered, of 1."""
_SAMPLES = 40
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])|\d{1,12}")
_MOST_NUMBERS = 3
_OPENING = ("unreadable-document", PREFIX)
"""How the checks begin that opening a document makes, and reading its grids again does not."""
LOOKUPS = "lookups.toml"


Patch = tuple[tuple[str, str | int | bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One meaning to choose: `shown` says it, `patch` are the keys of its table in lookups.toml."""

    shown: str
    table: str
    patch: Patch


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One observation before and after a patch; either is None where there is none."""

    before: Observation | None
    after: Observation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a patch does: values accepted, values lost, others changed; by authority, and some of them in full."""

    gained: int
    lost: int
    moved: int
    authorities: tuple[tuple[str, int], ...]
    changes: tuple[Change, ...]
    reads: tuple[Read, ...]


def list_candidates(survey: Survey, item: Item, observations: Sequence[Observation]) -> tuple[Candidate, ...]:
    """What an Item's text may mean, likeliest first; () where no patch could settle it."""
    if item.kind == "label":
        return _list_label_candidates(survey, item)[:MOST]
    if item.kind == "symbol":
        return _list_symbol_candidates(item, observations)[:MOST]
    return ()


def _list_label_candidates(survey: Survey, item: Item) -> tuple[Candidate, ...]:
    scored: list[tuple[float, Candidate]] = []
    patch: Patch
    for dimension in survey.dimensions:
        near = 0.25 if dimension.id == item.dimension else 0.0
        for category in dimension.categories:
            likeness = max(_compare(item.text, name) for name in (category.label, category.code, *category.aliases))
            if near or likeness >= _CLOSE:
                patch = (("text", item.text), ("dimension", dimension.id), ("category", category.code))
                shown = f"{dimension.name}: {category.label}"
                scored.append((likeness + near, Candidate(shown=shown, table="label", patch=patch)))
    for period in survey.periods:
        likeness = max(_compare(item.text, name) for name in (period.id, *period.aliases))
        patch = (("text", item.text), ("period", period.id))
        scored.append((likeness, Candidate(shown=f"Period {period.id}", table="label", patch=patch)))
    total = (("text", item.text), *((("dimension", item.dimension),) if item.dimension else ()), ("total", True))
    scored.append((0.2, Candidate(shown="A total", table="label", patch=total)))
    return tuple(candidate for _, candidate in sorted(scored, key=lambda pair: (-pair[0], pair[1].shown)))


def _compare(text: str, name: str) -> float:
    a, b = ("".join(char for char in one.casefold() if char.isalnum()) for one in (text, name))
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def _list_symbol_candidates(item: Item, observations: Sequence[Observation]) -> tuple[Candidate, ...]:
    authority = item.authorities[0] if item.authorities else ""
    scope = (("authority", authority),)
    highs = {
        o.bounds.high
        for o in observations
        if o.authority == authority and o.status == "suppressed" and o.bounds and o.bounds.high
    }
    made: list[Candidate] = []
    for number, shown in _list_numbers(item.text):
        made.append(Candidate(shown=shown, table="value", patch=(("text", item.text), ("value", number), *scope)))
    for high in sorted(highs) or [4]:
        bounds = (("text", item.text), ("low", 0), ("high", high), ("status", "suppressed"), *scope)
        made.append(Candidate(shown=f"Suppressed, 0 to {high}", table="value", patch=bounds))
    made.append(Candidate(shown="0", table="value", patch=(("text", item.text), ("value", 0), *scope)))
    for status, shown in (
        ("suppressed", "Suppressed, no limit known"),
        ("not_held", "Not held"),
        ("not_applicable", "Not applicable"),
        ("refused", "Refused"),
        ("unreadable", "Cannot be read"),
    ):
        patch = (("text", item.text), ("status", status), *scope)
        made.append(Candidate(shown=shown, table="value", patch=patch))
    return tuple(made)


def _list_numbers(text: str) -> list[tuple[int, str]]:
    """The whole numbers a text may mean, with how: its only number, or the sum of several and each of them."""
    found = [int(number.replace(",", "")) for number in _NUMBER.findall(text)][:_MOST_NUMBERS]
    if len(found) < 2:
        return [(number, str(number)) for number in found]
    total = (sum(found), f"{sum(found)}, the sum of {' and '.join(str(number) for number in found)}")
    return [total, *((number, str(number)) for number in dict.fromkeys(found) if number != total[0])]


def limit_candidate(candidate: Candidate, authority: str, survey: Survey) -> Candidate:
    """The same meaning in one authority's replies only."""
    if any(key == "authority" for key, _ in candidate.patch):
        return candidate
    name = next((one.name for one in survey.authorities if one.id == authority), authority)
    patch = (*candidate.patch, ("authority", authority))
    return replace(candidate, shown=f"{candidate.shown} (in the reply of {name} only)", patch=patch)


def write_patch(candidate: Candidate, reason: str, by: str, at: str) -> str:
    """The block of lookups.toml that says a Candidate, with who chose it, when and why."""
    table = tomlkit.table()
    for key, value in candidate.patch:
        table.add(key, value)
    table.add("reason", f"{reason} ({by}, {at[:10]})")
    array = tomlkit.aot()
    array.append(table)
    document = tomlkit.document()
    document.add(candidate.table, array)
    return f"\n{tomlkit.dumps(document).strip()}\n"


def try_patch(survey: Survey, reads: Sequence[Read], lookups: str, block: str) -> Effect:
    """The Effect of adding a block to lookups.toml, from the grids as read; nothing is saved.

    Raises SurveyError where the block is not one or says what another says already.
    """
    patched = parse_lookups(f"{lookups}{block}", LOOKUPS)
    added = parse_lookups(block, LOOKUPS)
    texts = [patch.text for patch in added.labels] + [patch.text for patch in added.values]
    renewed = tuple(read_again(survey, read, patched) if _may_hold(read, texts) else read for read in reads)
    changes = [change for old, new in zip(reads, renewed, strict=True) for change in _compare_reads(old, new)]
    by_authority: dict[str, int] = {}
    for change in changes:
        name = (change.after or change.before).authority  # type: ignore[union-attr]
        by_authority[name] = by_authority.get(name, 0) + 1
    gained = sum(_is_gained(change) for change in changes)
    lost = sum(_is_gained(Change(before=change.after, after=change.before)) for change in changes)
    return Effect(
        gained=gained,
        lost=lost,
        moved=len(changes) - gained - lost,
        authorities=tuple(sorted(by_authority.items(), key=lambda pair: (-pair[1], pair[0]))),
        changes=tuple(changes[:_SAMPLES]),
        reads=renewed,
    )


def _may_hold(read: Read, texts: Sequence[str]) -> bool:
    """Whether a reply's grids hold every word of one of the texts, so that a patch could touch it."""
    said = " ".join(cell.text for grid in read.grids for cell in grid.cells).casefold()
    return any(all(word in said for word in text.casefold().split()) for text in texts)


def read_again(survey: Survey, read: Read, lookups: Lookups) -> Read:
    """One reply's grids read again with other lookups; what its documents said when opened stays."""
    if not read.grids:
        return read
    observations, found = find_observations(survey, read.reply, read.grids, lookups)
    opened = tuple(finding for finding in read.findings if finding.check.startswith(_OPENING))
    reply = settle_reply(read.reply, read.grids, observations)
    return replace(read, reply=reply, observations=observations, findings=(*opened, *found))


def _compare_reads(old: Read, new: Read) -> Iterable[Change]:
    """Observations that differ, by the cell they stand in."""
    if old.observations == new.observations:
        return
    before = {(item.source.document, item.source.part, item.source.ref, item.id): item for item in old.observations}
    after = {(item.source.document, item.source.part, item.source.ref, item.id): item for item in new.observations}
    for key in dict.fromkeys((*after, *before)):
        was, now = before.get(key), after.get(key)
        if was is None or now is None or (was.accepted, was.value, was.status) != (now.accepted, now.value, now.status):
            yield Change(before=was, after=now)


def _is_gained(change: Change) -> bool:
    return bool(change.after and change.after.accepted and not (change.before and change.before.accepted))
