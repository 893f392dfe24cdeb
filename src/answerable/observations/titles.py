"""The words over a table -> its period, the dimensions they announce, and a category they limit it to.

A small table per offence says its offence only here. The trap is a title that limits the table in words the
survey does not know: then every value under it stays open rather than passing for the whole.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from answerable.lookups import Lookups
from answerable.model import Table
from answerable.observations.context import Context, find_cue, find_periods
from answerable.observations.counted import name_questions
from answerable.observations.drafts import Draft
from answerable.observations.folding import fold_words
from answerable.observations.labels import LabelIndex, Meaning
from answerable.observations.resolving import resolve_label
from answerable.values import find_spans, parse_period_label

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
    about: frozenset[str] = frozenset()
    """Questions whose noun or measure is all that a text says, the nearest that says so."""
    unknown: str = ""
    """A text right over the table with words that the survey does not explain: it may limit the table."""


def read_title(index: LabelIndex, table: Table, context: Context, lookups: Lookups, authority: str) -> Title:
    """The Title of a table, from its own title cells, the lines just above it and the sheet's name."""
    texts = [cell.text for cell in reversed(table.title)]
    nearest = texts[:1] or list(reversed(context.recent))[:1]
    texts += [text for text in reversed(context.recent) if text not in texts][:3]
    if match := _SHEET.fullmatch(table.grid.part):
        texts.append(match[1])
    corners = _list_corners(table)
    nearest += [text for text in corners if not parse_period_label(text)]
    periods = next((tuple(found) for text in texts if (found := find_periods(index, text))), ())
    cue = context.cue if context.sure else None
    asked = {name for q in index.survey.questions if cue and q.id == cue.key for name in q.dimensions}
    dimensions: list[Meaning] = []
    categories: dict[str, dict[str, Meaning]] = {}
    doubts: list[tuple[str, str]] = []
    for text in (*texts, *corners):
        _read_text(index, text, lookups, authority, table.grid.document, asked, dimensions, categories, doubts)
    counted = (_name_counted(index, text) for text in texts)
    settled = tuple(next(iter(found.values())) for found in categories.values() if len(found) == 1)
    doubts += [
        (dimension, "the title names " + " and ".join(m.why for m in found.values()))
        for dimension, found in categories.items()
        if len(found) > 1
    ]
    return Title(
        texts=tuple(texts),
        periods=periods,
        dimensions=tuple(dimensions),
        categories=settled,
        doubts=tuple(doubts),
        about=next(filter(None, counted), frozenset()),
        unknown=next((t for t in nearest if _is_unexplained(index, t, lookups, authority, table.grid.document)), ""),
    )


def _list_corners(table: Table) -> list[str]:
    """Texts over the label columns: "Offences with a knife" there limits the whole table."""
    return [cell.text for cell in table.grid.cells if cell.row in table.header_rows and cell.col in table.header_cols]


@lru_cache(maxsize=16384)
def _part_text(text: str) -> tuple[str, ...]:
    """A title, then the pieces that its dashes, colons and brackets part."""
    pieces = (piece.strip() for piece in _PARTS.split(text) if piece)
    return (text.strip(), *(piece for piece in pieces if piece != text.strip()))


def _read_text(
    index: LabelIndex, text: str, lookups: Lookups, authority: str, document: str, asked: set[str],
    dimensions: list[Meaning], categories: dict[str, dict[str, Meaning]], doubts: list[tuple[str, str]],
) -> None:  # fmt: skip
    """Add what one text over a table says. A text as long as a sentence, or a question's own, limits nothing."""
    cued = bool(find_cue(index, text)[0])
    for part in _part_text(text):
        resolved = resolve_label(index, part, lookups, authority, document)
        for alternatives in resolved.parts:
            dimensions += [m for m in alternatives if m.role == "dimension"]
            chosen = [m for m in alternatives if m.role == "category" and not m.weak]
            chosen = [m for m in chosen if m.dimension in asked] or chosen
            if len({m.dimension for m in chosen}) != 1 or len({m.key for m in chosen}) != 1:
                continue
            if resolved.settled:
                categories.setdefault(chosen[0].dimension, {})[chosen[0].key] = chosen[0]
            elif not cued and len(text) < 120:
                doubts.append((chosen[0].dimension, f'"{text}" may limit the table to {chosen[0].why}'))


_PLAIN = frozenset(
    "foi freedom information force police constabulary summary appendix annex extract dataset result overview attached "
    "following below above shown show see provided find please flag flagged our your you we it this these please thank "
    "academic school tax fiscal month monthly term quarter quarterly year yearly annual annually "
    "row label column measure description category item metric value list type name group heading date "
    "made make received submitted issued logged noted council trust board service borough city county district "
    "authority university to "
    "who went that have has had been did do can will would any also "
    "detail online search date range system completed complete result obtained crime".split()
)
"""Words of a title that limit nothing."""


def _name_counted(index: LabelIndex, text: str) -> frozenset[str]:
    """The questions that count all that a text names beside periods and plain words; () for none."""
    for first, end, _ in reversed(find_spans(text)):
        text = f"{text[:first]} {text[end:]}"
    return name_questions(index.counted, " ".join(word for word in fold_words(text) if word not in _PLAIN))


def _is_unexplained(index: LabelIndex, text: str, lookups: Lookups, authority: str, document: str) -> bool:
    """Whether a short heading has words that may limit the table and that the survey does not know."""
    if len(text) > 90 or text.rstrip().endswith((".", ";")) or find_cue(index, text)[0]:
        return False
    residue = resolve_label(index, text, lookups, authority, document).residue
    own = _list_names(index, authority)
    left = [
        word
        for word in residue
        if word.isalpha() and len(word) > 1 and word not in _PLAIN | own and word not in index.topic
    ]
    return bool(left)


def _list_names(index: LabelIndex, authority: str) -> frozenset[str]:
    """The words an authority calls itself by."""
    return frozenset(
        word
        for item in index.survey.authorities
        if item.id == authority
        for name in (item.name, *item.aliases)
        for word in fold_words(name)
    )


def apply_title(draft: Draft, title: Title, summed: frozenset[str]) -> None:
    """Give a Draft the category its title limits the table to, where no label of its own has that dimension.

    `summed` are the dimensions of the survey: where a Draft has none of one, an unexplained title may limit it.
    """
    draft.unexplained = title.unknown
    draft.about = draft.about or title.about
    if title.unknown and not draft.dims and summed:
        draft.doubt("title", f'"{title.unknown}" stands over it and may limit it to a part')
    for meaning in title.categories:
        if meaning.dimension not in draft.dims:
            draft.dims[meaning.dimension] = meaning.key
            draft.evidence.append(f"{meaning.why}, in the title")
    for dimension, message in title.doubts:
        if dimension not in draft.dims:
            draft.doubt("title", message)
