"""The words over a table -> its period, the dimensions they announce, and a category they limit it to.

A small table per offence says its offence only here. The trap is a title that limits the table in words the
survey does not know: then every value under it stays open rather than passing for the whole.
"""

import re
from dataclasses import dataclass

from answerable.lookups import Lookups
from answerable.model import Table
from answerable.observations.context import Context, find_cue, find_periods
from answerable.observations.drafts import Draft
from answerable.observations.labels import LabelIndex, Meaning
from answerable.observations.resolving import resolve_label

_PARTS = re.compile(r"\s[-–—|]\s|[:|;()\n]|(?<=\w)–(?=\s)|^table \d+\w?[.:]?\s*", re.I)
_SHEET = re.compile(r'sheet "(.*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """What stands over a table. `texts` are nearest first; `categories` limit it; `doubts` say what may."""

    texts: tuple[str, ...] = ()
    periods: tuple[Meaning, ...] = ()
    dimensions: tuple[Meaning, ...] = ()
    categories: tuple[Meaning, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    """(dimension, message)"""


def read_title(index: LabelIndex, table: Table, context: Context, lookups: Lookups, authority: str) -> Title:
    """The Title of a table, from its own title cells, the lines just above it and the sheet's name."""
    texts = [cell.text for cell in reversed(table.title)]
    texts += [text for text in reversed(context.recent) if text not in texts][:3]
    if match := _SHEET.fullmatch(table.grid.part):
        texts.append(match[1])
    periods = next((tuple(found) for text in texts if (found := find_periods(index, text))), ())
    dimensions: list[Meaning] = []
    categories: dict[str, dict[str, Meaning]] = {}
    doubts: list[tuple[str, str]] = []
    for text in texts:
        _read_text(index, text, lookups, authority, table.grid.document, dimensions, categories, doubts)
    settled = tuple(next(iter(found.values())) for found in categories.values() if len(found) == 1)
    doubts += [
        (dimension, "the title names " + " and ".join(m.why for m in found.values()))
        for dimension, found in categories.items()
        if len(found) > 1
    ]
    return Title(
        texts=tuple(texts), periods=periods, dimensions=tuple(dimensions), categories=settled, doubts=tuple(doubts)
    )


def _read_text(
    index: LabelIndex, text: str, lookups: Lookups, authority: str, document: str, dimensions: list[Meaning],
    categories: dict[str, dict[str, Meaning]], doubts: list[tuple[str, str]],
) -> None:  # fmt: skip
    """Add what one text over a table says. A text as long as a sentence, or a question's own, limits nothing."""
    cued = bool(find_cue(index, text)[0])
    for part in [text, *(piece for piece in _PARTS.split(text) if piece and piece.strip() != text.strip())]:
        resolved = resolve_label(index, part.strip(), lookups, authority, document)
        for alternatives in resolved.parts:
            dimensions += [m for m in alternatives if m.role == "dimension"]
            chosen = [m for m in alternatives if m.role == "category" and not m.weak]
            if len({m.dimension for m in chosen}) != 1 or len({m.key for m in chosen}) != 1:
                continue
            if resolved.settled:
                categories.setdefault(chosen[0].dimension, {})[chosen[0].key] = chosen[0]
            elif not cued and len(text) < 120:
                doubts.append((chosen[0].dimension, f'"{text}" may limit the table to {chosen[0].why}'))


def apply_title(draft: Draft, title: Title) -> None:
    """Give a Draft the category its title limits the table to, where no label of its own has that dimension."""
    for meaning in title.categories:
        if meaning.dimension not in draft.dims:
            draft.dims[meaning.dimension] = meaning.key
            draft.evidence.append(f"{meaning.why}, in the title")
    for dimension, message in title.doubts:
        if dimension not in draft.dims:
            draft.doubt("title", message)
