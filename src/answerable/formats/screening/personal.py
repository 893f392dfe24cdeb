"""Personal data in cells and paragraphs: numbers, dates of birth, addresses of mail, telephones.

Knows a thing by its form and, where forms collide, by what labels it: one in eleven ten-digit numbers has the
check digit of an NHS number, so a bare one counts only where "NHS" labels it. The trap is the letter itself: it is
full of the authority's own telephone numbers and addresses, which give no one away.
"""

import re
from collections.abc import Iterator

from answerable.model import Cell, Grid

Hit = tuple[str, str, str]
_NHS = re.compile(r"(?<![\d.,/-])(?:\d{3} \d{3} \d{4}|\d{3}-\d{3}-\d{4}|\d{10})(?![\d/-]|[.,]\d)")
_INSURANCE = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2})[ -]?(\d{2})[ -]?(\d{2})[ -]?(\d{2})[ -]?[A-D](?![A-Za-z0-9])")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![\w-])")
_MOBILE = re.compile(r"(?<![\d+])(?:\+44 ?\(?0?\)? ?|0044 ?|0)7\d{3} ?\d{3} ?\d{3}(?!\d)")
_TELEPHONE = re.compile(r"(?<![\d+/-])(?:\+44 ?\(?0?\)? ?|0044 ?|0)[1-2]\d{1,4}[ -]?\d{3}[ -]?\d{3,4}(?!\d)")
_DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8},? (?:19|20)\d{2})"
)
_BIRTH = re.compile(r"(?i:\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\b)[^\d\n]{0,12}" + _DATE)
_BIRTH_LABEL = re.compile(r"\b(?:d\.?\s?o\.?\s?b\b|dates? of birth|birth ?date)", re.IGNORECASE)
_NAME_LABEL = re.compile(r"\b(?:sur|fore|first |last |full |given |family |middle )?names?\b", re.IGNORECASE)
_OTHER_NAME = re.compile(
    r"\b(?:force|school|hospital|station|file|authority|offence|area|ward|street|site)\s+name", re.IGNORECASE
)
_DATED = re.compile(rf"\s*{_DATE}(?: \d\d:\d\d(?::\d\d)?)?\s*\Z")

OFFICES = (
    *(".police.uk", ".gov.uk", ".nhs.uk", ".nhs.net", ".parliament.uk", ".gov.scot", ".gov.wales", ".mod.uk"),
    *("police.uk", "nhs.net", "parliament.uk", "ico.org.uk", "gov.scot", "itspublicknowledge.info", "ons.gov.uk"),
    *("whatdotheyknow.com", "npcc.police.uk", "policeconduct.gov.uk", "actionfraud.police.uk"),
)
"""Mail domains of public offices: an address there is where the public is meant to write."""
UNUSED_PREFIXES = frozenset("BG GB KN NK NT TN ZZ".split())
"""Prefixes never given out (HMRC, National Insurance Manual NIM39110)."""


def find_personal(grids: tuple[Grid, ...], domains: tuple[str, ...] = ()) -> Iterator[Hit]:
    """(check, part, ref) for each cell that holds personal data; `domains` are mail domains to leave out."""
    for grid in grids:
        labels = find_labels(grid)
        for cell in grid.cells:
            for check in check_text(grid, cell, labels.get(cell.col, ""), domains):
                yield check, grid.part, cell.ref
        yield from find_births(grid)


def check_text(grid: Grid, cell: Cell, label: str, domains: tuple[str, ...]) -> Iterator[str]:
    """The checks that one cell's text fails."""
    text = cell.text
    if len(text) < 6:
        return
    if any(
        is_nhs_number(match[0]) and (not match[0].isdigit() or "nhs" in f"{label} {text}".lower())
        for match in _NHS.finditer(text)
    ):
        yield "quarantine-nhs-number"
    if any(is_insurance_prefix(match[1]) for match in _INSURANCE.finditer(text)):
        yield "quarantine-national-insurance-number"
    # From and To of a mail are the two who write to each other.
    if "@" in text and grid.part != "headers":
        allowed = OFFICES + tuple(domains)
        if any(not is_office(match[1].lower(), allowed) for match in _EMAIL.finditer(text)):
            yield "quarantine-email-address"
    # A landline in a letter is the office that answers; in a table it belongs to a record.
    if _MOBILE.search(text) or (grid.kind in ("sheet", "table") and _TELEPHONE.search(text)):
        yield "quarantine-phone-number"
    if _BIRTH.search(text):
        yield "quarantine-date-of-birth"


def is_nhs_number(text: str) -> bool:
    """Whether ten digits end in the check digit of an NHS number (NHS Data Dictionary: modulus 11)."""
    digits = [int(digit) for digit in text if digit.isdigit()]
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return check != 10 and check % 11 == digits[9]


def is_insurance_prefix(prefix: str) -> bool:
    """Whether two letters can begin a national insurance number (HMRC, NIM39110)."""
    return prefix[0] not in "DFIQUV" and prefix[1] not in "DFIOQUV" and prefix not in UNUSED_PREFIXES


def is_office(domain: str, allowed: tuple[str, ...]) -> bool:
    return any(domain == name.lstrip(".") or domain.endswith("." + name.lstrip(".")) for name in allowed)


def find_labels(grid: Grid) -> dict[int, str]:
    """For each column, its texts that have letters and no long number: what may label it."""
    labels: dict[int, str] = {}
    if grid.kind in ("sheet", "table"):
        for cell in grid.cells:
            if cell.kind == "text" and len(labels.get(cell.col, "")) < 200 and not re.search(r"\d{6}", cell.text):
                labels[cell.col] = f"{labels.get(cell.col, '')} {cell.text[:60]}"
    return labels


def find_births(grid: Grid) -> Iterator[Hit]:
    """Rows with a date under a heading of birth, and whether a name stands beside it."""
    if grid.kind not in ("sheet", "table"):
        return
    births = {cell.col: cell.row for cell in grid.cells if cell.kind == "text" and _BIRTH_LABEL.search(cell.text)}
    if not births:
        return
    heads = set(births.values())
    names = {
        cell.col
        for cell in grid.cells
        if cell.row in heads and _NAME_LABEL.search(cell.text) and not _OTHER_NAME.search(cell.text)
    }
    named = {cell.row for cell in grid.cells if cell.col in names}
    for cell in grid.cells:
        if cell.col in births and cell.row > births[cell.col] and (cell.kind == "date" or _DATED.match(cell.text)):
            yield (
                ("quarantine-name-and-birth" if cell.row in named else "quarantine-date-of-birth"),
                grid.part,
                cell.ref,
            )
