"""The statutory maximum penalty: the rule of the day and exact arithmetic on a stated revenue.

It says what the law's maximum is and never what a penalty would be. The trap: the share is of qualifying
worldwide revenue of an accounting period, which is not turnover as printed, and a period that is not a year is
scaled to one.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from answerable.errors import SurveyError
from answerable.standards.keys import list_tables, may, parse_toml, read_table, want
from answerable.standards.rules import PENALTIES_FILE, read_bundled

_KEYS = {
    "id": want(str), "law": want(str), "regulator": want(str), "who": want(str), "fixed": want(int),
    "share": want(str), "of": want(str), "address": want(str), "in_force_from": want(date),
    "in_force_to": may(date), "status": want(str), "note": may(str, ""), "accounting": may(str, ""),
}  # fmt: skip

YEAR = 365
"""Days of an accounting period that needs no scaling; 366 and 52 or 53 whole weeks count as a year too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyRule:
    """A maximum that holds from `start` to `end`: the greater of `fixed` pounds and `share` of the revenue."""

    id: str
    law: str
    regulator: str
    who: str
    fixed: int
    share: Decimal
    of: str
    address: str
    start: date
    end: date | None
    status: str
    note: str
    accounting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A maximum in exact pounds, with its working. `revenue` None is a person without an accounting period."""

    rule: PenaltyRule
    on: date
    revenue: Decimal | None
    yearly: Fraction | None
    from_revenue: Fraction | None
    maximum: Fraction
    working: str


def load_penalties() -> tuple[PenaltyRule, ...]:
    """The bundled rules on penalties."""
    return parse_penalties(read_bundled()[PENALTIES_FILE], PENALTIES_FILE)


def parse_penalties(text: str, where: str) -> tuple[PenaltyRule, ...]:
    """Rules on penalties from TOML."""
    raw = parse_toml(text, where)
    read_table(raw, {"penalty": want(list)}, where)
    rules = []
    for table in list_tables(raw, "penalty", where):
        found = read_table(table, _KEYS, f"{where}, penalty {table.get('id', '')}")
        start, end = found.pop("in_force_from"), found.pop("in_force_to")
        rules.append(PenaltyRule(**{**found, "share": parse_amount(found["share"], where), "start": start, "end": end}))
    return tuple(rules)


def parse_amount(text: str, where: str) -> Decimal:
    """An amount of pounds as an exact decimal: "1,250,000.50", "£2.5bn", "3m". SurveyError for anything else."""
    plain = text.strip().casefold().replace("£", "").replace(",", "").replace("_", "").replace(" ", "")
    scale = Decimal(1)
    for words, factor in (("billion", 10**9), ("million", 10**6), ("bn", 10**9), ("m", 10**6)):
        if plain.endswith(words):
            plain, scale = plain.removesuffix(words), Decimal(factor)
            break
    try:
        amount = Decimal(plain)
    except InvalidOperation as error:
        raise SurveyError(where, f'"{text}" is not an amount', "Write it like 250000000 or 1.2bn") from error
    if not amount.is_finite() or amount < 0:
        raise SurveyError(where, f'"{text}" is not an amount of money', "Write a number of pounds from 0")
    return amount * scale


def compute_penalty(rule: PenaltyRule, on: date, revenue: Decimal | None, days: int = YEAR) -> Penalty:
    """The maximum on a day for a revenue in pounds over an accounting period of `days` days.

    Source: Online Safety Act 2023, Schedule 13, paragraph 4. SurveyError where the rule does not hold that day or
    the period has no days.
    """
    if not rule.start <= on or (rule.end and on > rule.end):
        raise SurveyError(rule.law, f"is not in force on {on.isoformat()}", f"It holds from {rule.start.isoformat()}")
    if days < 1:
        raise SurveyError("accounting period", f"{days} days is no period", "Give its length in days, from 1")
    if revenue is None:
        text = f"without an accounting period the maximum is £{rule.fixed:,}"
        return Penalty(
            rule=rule, on=on, revenue=None, yearly=None, from_revenue=None, maximum=Fraction(rule.fixed), working=text
        )
    is_year = days in {YEAR, YEAR + 1, 52 * 7, 53 * 7}
    yearly = Fraction(revenue) if is_year else Fraction(revenue) * YEAR / days
    from_revenue = yearly * Fraction(rule.share)
    maximum = max(Fraction(rule.fixed), from_revenue)
    scaled = "" if is_year else f" (£{write_pounds(Fraction(revenue))} in {days} days, scaled to {YEAR})"
    percent = f"{(rule.share * 100).normalize():f}%"
    text = (
        f"{percent} of £{write_pounds(yearly)}{scaled} is £{write_pounds(from_revenue)}; the greater of that and "
        f"£{rule.fixed:,} is £{write_pounds(maximum)}"
    )
    return Penalty(
        rule=rule, on=on, revenue=revenue, yearly=yearly, from_revenue=from_revenue, maximum=maximum, working=text
    )


def write_pounds(amount: Fraction) -> str:
    """An amount with thousands marked, in pence where it is not whole pounds, rounded half up at the penny."""
    pence = (amount * 200 + 1) // 2
    pounds, rest = divmod(int(pence), 100)
    return f"{pounds:,}.{rest:02}" if rest else f"{pounds:,}"


def choose_penalty(rules: tuple[PenaltyRule, ...], on: date) -> PenaltyRule:
    """The rule that holds on a day; SurveyError that names the first day where none does."""
    for rule in rules:
        if rule.start <= on and (rule.end is None or on <= rule.end):
            return rule
    first = min(rule.start for rule in rules)
    raise SurveyError(
        "penalty", f"no rule is in force on {on.isoformat()}", f"The first holds from {first.isoformat()}"
    )
