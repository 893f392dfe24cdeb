"""Numbers as the explanations print them: exact where short, else with the digits that matter.

Used wherever a recomputation is shown. Everything is a Fraction until here, so nothing is rounded twice. The
trap: 44.84 must never print as 44.8 beside a claim of 44.8, so a printed value keeps two more places.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def show_count(value: Fraction) -> str:
    """A whole number with thousands separators, a broken one with two decimals."""
    if value.denominator == 1:
        return f"{int(value):,}"
    return show_decimal(value)


def show_decimal(value: Fraction, places: int = 2) -> str:
    """A value to some decimals, halves rounded up, without trailing zeros beyond the point."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_percent(value: Fraction, *, signed: bool = False) -> str:
    """A ratio as a percentage with two decimals, with its sign where asked."""
    text = show_decimal(abs(value) * 100)
    sign = "-" if value < 0 else "+" if signed else ""
    return f"{sign}{text}%"


def show_bounds(low: Fraction, high: Fraction | None) -> str:
    """One number, or "12 to 15", or "12 or more"."""
    if high is None:
        return f"{show_count(low)} or more"
    return show_count(low) if low == high else f"{show_count(low)} to {show_count(high)}"
