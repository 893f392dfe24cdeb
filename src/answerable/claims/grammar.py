"""A sentence -> its Statements: the order in which the patterns take numbers, and the first that takes one keeps it.

Extraction ends here; nothing in it knows a figure. Superlatives and averages take their numbers before plain
counts, and numbers inside dates, ages and references are left out. The trap: a number must become one claim,
not two of different types.
"""

from dataclasses import replace

from answerable.claims.averages import find_averages
from answerable.claims.counts import BARE, Setting, find_counts
from answerable.claims.extremes import find_extremes
from answerable.claims.forces import find_forces
from answerable.claims.nonclaims import find_nonclaims
from answerable.claims.numbers import Number, find_numbers
from answerable.claims.ratios import find_ratios
from answerable.claims.statement import Statement


def find_statements(
    text: str, nouns: tuple[str, str] = ("force", "forces"), original: str = "", setting: Setting = BARE
) -> tuple[Statement, ...]:
    """Every Statement of one plain small-letter sentence, in order, spans within the sentence.

    `nouns` is what the survey calls an authority, singular and plural; `original` the sentence with its capitals;
    `setting` the places and times found in it.
    """
    extremes = find_extremes(text)
    all_numbers = find_numbers(text)
    if not all_numbers and not extremes:
        return tuple(_add_verbs(text))
    masked = find_nonclaims(text, original, setting.places)
    addresses = [(left, right) for left, right, kind in masked if kind == "address"]
    dates = [(left, right) for left, right, kind in masked if kind in {"year", "date", "time", "money", "reference"}]
    extremes = [s for s in extremes if not _overlaps(s.start, s.end, addresses)]
    extremes = [s for s in extremes if s.form == "word" or not _overlaps(s.start, s.end, dates)]
    extreme_spans = [(s.start, s.end) for s in extremes]
    numbers = [n for n in all_numbers if _is_free(n, masked) and not _overlaps(n.start, n.end, extreme_spans)]
    found = list(extremes)
    for statement in find_averages(text, numbers):
        _keep(found, statement)
    for statement in find_forces(text, numbers, nouns):
        _keep(found, statement)
    for statement in find_ratios(text, numbers, masked):
        _keep(found, statement)
    taken = [(s.start, s.end) for s in found]
    for statement in find_counts(text, numbers, taken, setting):
        _keep(found, statement)
    return tuple(sorted((_trim(text, s) for s in found), key=lambda s: (s.start, s.end)))


def _add_verbs(text: str) -> list[Statement]:
    """Multiples that carry no number word ("doubled") in a sentence without any number."""
    return find_ratios(text, (), ())


def _is_free(number: Number, masked: tuple[tuple[int, int, str], ...]) -> bool:
    return not any(left < number.end and number.start < right for left, right, _ in masked)


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(left < end and start < right for left, right in spans)


def _keep(found: list[Statement], statement: Statement) -> None:
    if not _overlaps(statement.start, statement.end, [(s.start, s.end) for s in found]):
        found.append(statement)


def _trim(text: str, statement: Statement) -> Statement:
    """The Statement without white space at either end of its span."""
    piece = text[statement.start : statement.end]
    start = statement.start + len(piece) - len(piece.lstrip())
    end = statement.end - len(piece) + len(piece.rstrip())
    return replace(statement, start=start, end=end)
