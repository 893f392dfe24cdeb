"""A cell's value and its number format -> the text a person sees (ECMA-376 part 1, 18.8.31).

Stands under the spreadsheet readers: a reply's "44.8%" is stored as 0.4484, its "01/04/2016" as 42461, and a
format such as `[<5]"*";0` is how some replies suppress a count. The trap is rounding: Excel rounds half away
from zero on the decimal digits it shows, not on the binary number.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from answerable.formats.date_format import show_date

GENERAL = "General"
MAX_CODE = 300
"""Characters of a number format that are looked at; Excel allows 255."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<pad>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<half>AM/PM|A/P)|(?P<power>E[+-])|(?P<date>y+|m+|d+|h+|s+|b+|e+|g+)"
    r"|(?P<digits>[0#?])|(?P<mark>[.,%/@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\Z")
_ELAPSED = re.compile(r"(h+|m+|s+)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a number format between semicolons. `kind` is number, date, text or general."""

    kind: str
    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, float] | None


def show_value(value: float | date | time | timedelta | str, code: str, *, from_1904: bool = False) -> str:
    """What a cell shows for a value under a number format; "" where the format hides it (";;;")."""
    sections = parse_format(code[:MAX_CODE])
    if isinstance(value, str):
        return show_text(value, sections)
    number = count_days(value)
    section, signed = choose_section(number, sections)
    if section is None:
        return "#####"
    if section.kind == "general" or (section.kind == "text" and len(sections) == 1):
        return fill_general(value, number, section)
    if section.kind == "date":
        return show_date(value, section.tokens, from_1904=from_1904)
    return show_number(number if signed else abs(number), section)


def is_date_format(code: str) -> bool:
    """Whether a number format shows its value as a date or time."""
    return any(section.kind == "date" for section in parse_format(code[:MAX_CODE])[:1])


@lru_cache(maxsize=4096)
def parse_format(code: str) -> tuple[Section, ...]:
    """The sections of a number format, at least one."""
    sections: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code or GENERAL):
        kind, text = match.lastgroup or "other", match[match.lastgroup or "other"]
        if kind == "other" and text == ";":
            sections.append([])
        elif kind != "fill":
            sections[-1].append(("literal", " ") if kind == "pad" else (kind, text))
    return tuple(settle_section(tokens) for tokens in sections[:4])


def settle_section(tokens: list[tuple[str, str]]) -> Section:
    """One section with its kind, its condition taken out, and colours and languages dropped."""
    kept: list[tuple[str, str]] = []
    condition = None
    for kind, text in tokens:
        if kind != "bracket":
            kept.append(("literal", text) if kind in ("quoted", "escaped", "other") else (kind, text))
        elif found := _CONDITION.match(text):
            condition = (found[1], read_limit(found[2]))
        elif _ELAPSED.match(text):
            kept.append(("elapsed", text))
        elif text.startswith("$"):
            kept.append(("literal", text[1:].partition("-")[0]))
    kinds = {kind for kind, _ in kept}
    if kinds & {"date", "elapsed"}:
        name = "date"
    elif "general" in kinds:
        name = "general"
    else:
        name = "text" if ("mark", "@") in kept else "number"
    return Section(name, tuple(kept), condition)


def read_limit(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def choose_section(number: float, sections: tuple[Section, ...]) -> tuple[Section | None, bool]:
    """The section for a number, and whether the number keeps its own minus sign in it."""
    numeric = sections[:3] if len(sections) == 4 else sections
    if len(numeric) > 1 and numeric[-1].kind == "text":
        numeric = numeric[:-1]
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or holds(number, *section.condition):
                return section, True
        return None, True
    if len(numeric) > 1 and number < 0:
        return numeric[1], False
    if len(numeric) > 2 and number == 0:
        return numeric[2], True
    return numeric[0], True


def holds(number: float, sign: str, limit: float) -> bool:
    return {
        "<": number < limit,
        "<=": number <= limit,
        ">": number > limit,
        ">=": number >= limit,
        "=": number == limit,
        "<>": number != limit,
    }[sign]


def count_days(value: float | date | time | timedelta) -> float:
    """A number as it is; a date or time as days, good enough to choose a section by."""
    if isinstance(value, datetime | date):
        return float(value.toordinal())
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    return value.total_seconds() / 86400 if isinstance(value, timedelta) else value


def show_text(value: str, sections: tuple[Section, ...]) -> str:
    """Text under a format: only a section with "@", or an empty fourth one, changes it."""
    section = sections[3] if len(sections) == 4 else sections[-1]
    if section.kind != "text":
        return "" if len(sections) == 4 and not section.tokens else value
    return "".join(value if token == ("mark", "@") else token[1] for token in section.tokens if token[0] != "digits")


def fill_general(value: float | date | time | timedelta, number: float, section: Section) -> str:
    if isinstance(value, date | time | timedelta):
        return show_date(value, ())
    shown = show_general(number)
    if section.kind == "text":
        return "".join(shown if token == ("mark", "@") else token[1] for token in section.tokens)
    return "".join(
        shown if kind == "general" else text for kind, text in section.tokens if kind in ("general", "literal")
    )


def show_general(number: float) -> str:
    """A number in General: up to eleven characters as Excel shows, no trailing zeros, 1E+11 and over by power."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    size = abs(number)
    if size >= 1e11 or size < 1e-9:
        mantissa, _, power = f"{number:.5E}".partition("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{power}"
    whole = len(str(int(size)))
    text = str(round_half_up(number, max(0, 10 - whole)))
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_half_up(number: float, places: int) -> Decimal:
    """A number rounded half away from zero on its shortest decimal digits, as Excel rounds."""
    return Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def show_number(number: float, section: Section) -> str:
    """A number in one numeric section: digits, thousands, percent, scaling and powers, among literal text."""
    tokens = section.tokens
    if ("mark", "/") in tokens and any(kind == "digits" for kind, _ in tokens):
        return show_fraction(number, tokens)
    first, point, last, power = find_digits(tokens)
    if first < 0:
        sign = "-" if number < 0 and tokens and section.condition is None else ""
        return sign + "".join(text for kind, text in tokens if kind in ("literal", "mark"))
    scale = sum(1 for token in tokens if token == ("mark", "%")) * 2
    stop = point if point >= 0 else last + 1
    trailing = count_commas(tokens, stop, last)
    amount = Decimal(repr(float(number))).scaleb(scale - 3 * trailing)
    whole_slots = [i for i in range(first, stop) if tokens[i][0] == "digits"]
    part_slots = [i for i in range(stop, last + 1) if tokens[i][0] == "digits"]
    exponent = 0
    if power >= 0:
        part_slots = [i for i in part_slots if i < power]
        exponent = find_exponent(amount, max(1, len(whole_slots)), len(part_slots))
        amount = amount.scaleb(-exponent)
    amount = amount.quantize(Decimal(1).scaleb(-len(part_slots)), rounding=ROUND_HALF_UP)
    grouped = any(tokens[i] == ("mark", ",") for i in range(first, whole_slots[-1] if whole_slots else first))
    whole, _, part = f"{abs(amount):f}".partition(".")
    pieces = place_whole(whole, whole_slots, tokens, grouped)
    pieces |= place_part(part, part_slots, tokens)
    sign = "-" if amount < 0 else ""
    return sign + join_tokens(tokens, pieces, power, exponent)


def find_digits(tokens: tuple[tuple[str, str], ...]) -> tuple[int, int, int, int]:
    """Where the first digit, the decimal point, the last digit and the power stand; -1 where there is none."""
    digits = [i for i, (kind, _) in enumerate(tokens) if kind == "digits"]
    point = next((i for i, token in enumerate(tokens) if token == ("mark", ".")), -1)
    power = next((i for i, (kind, _) in enumerate(tokens) if kind == "power"), -1)
    if not digits:
        return -1, point, -1, power
    return (min(digits[0], point) if point >= 0 else digits[0]), point, digits[-1], power


def count_commas(tokens: tuple[tuple[str, str], ...], stop: int, last: int) -> int:
    """Commas straight after the last whole digit or the last digit of all: each divides by a thousand."""
    n = 0
    for start in {stop - 1, last}:
        step = 1 if start == last else -1
        at = start + 1 if start == last else start
        while 0 <= at < len(tokens) and tokens[at] == ("mark", ","):
            n += 1
            at += step
    return n


def find_exponent(amount: Decimal, slots: int, places: int) -> int:
    """The power of ten to take out, a multiple of the whole slots, after rounding to the decimals shown."""
    if not amount:
        return 0
    power = amount.adjusted() - amount.adjusted() % slots
    rounded = amount.scaleb(-power).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return power + slots if rounded.adjusted() >= slots else power


def show_fraction(number: float, tokens: tuple[tuple[str, str], ...]) -> str:
    """A number as a whole and a fraction ("# ?/?"), the denominator as long as the format allows."""
    below = "".join(text for _, text in tokens).rpartition("/")[2].strip()
    limit = 10 ** min(max(1, len(below)), 5) - 1
    near = Fraction(abs(number)).limit_denominator(limit)
    whole, rest = divmod(near.numerator, near.denominator)
    parts = [str(whole)] if whole or not rest else []
    parts += [f"{rest}/{near.denominator}"] if rest else []
    return ("-" if number < 0 else "") + " ".join(parts)


def place_whole(whole: str, slots: list[int], tokens: tuple[tuple[str, str], ...], grouped: bool) -> dict[int, str]:
    """What stands at each whole-digit slot, filled from the right; the leftmost takes what is left over."""
    digits = "" if whole == "0" else whole
    least = sum(1 for i in slots if tokens[i][1] == "0")
    first_zero = next((n for n, i in enumerate(slots) if tokens[i][1] == "0"), len(slots))
    digits = digits.zfill(max(least, len(slots) - first_zero)) if slots else digits
    pieces: dict[int, str] = {}
    taken = 0
    for i in reversed(slots):
        rest = digits[: len(digits) - taken]
        piece = rest if i == slots[0] else rest[-1:]
        shown = ""
        for digit in reversed(piece):
            shown = digit + ("," if grouped and taken and taken % 3 == 0 else "") + shown
            taken += 1
        pieces[i] = shown
    if not slots and digits:
        pieces[-1] = digits
    return pieces


def place_part(part: str, slots: list[int], tokens: tuple[tuple[str, str], ...]) -> dict[int, str]:
    """What stands at each decimal slot; zeros at the end are dropped where the slot is "#"."""
    pieces: dict[int, str] = {}
    dropping = True
    for n, i in reversed(list(enumerate(slots))):
        digit = part[n : n + 1] or "0"
        dropping = dropping and digit == "0" and tokens[i][1] != "0"
        pieces[i] = "" if dropping else digit
    return pieces


def join_tokens(tokens: tuple[tuple[str, str], ...], pieces: dict[int, str], power: int, exponent: int) -> str:
    shown = [pieces.get(-1, "")]
    power_slots = [i for i, (kind, _) in enumerate(tokens) if kind == "digits" and 0 <= power < i]
    for i, (kind, text) in enumerate(tokens):
        if kind == "power":
            sign = "-" if exponent < 0 else "+" if text[1] == "+" else ""
            shown.append("E" + sign + str(abs(exponent)).zfill(len(power_slots)))
        elif kind == "digits" and i not in power_slots:
            shown.append(pieces.get(i, ""))
        elif kind == "literal" or (kind == "mark" and text in ".%"):
            shown.append(text)
    return "".join(shown)
