"""`answerable standards rules`, `defaults` and `penalty`: the dated rules and what follows from them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

import click

from answerable.cli import json_option, print_json, say
from answerable.standards.defaults import Change, Default, find_defaults, list_changes, make_schema
from answerable.standards.penalty import choose_penalty, compute_penalty, load_penalties, parse_amount, write_pounds
from answerable.standards.rules import Rule, find_rules, load_standards

DAY = click.DateTime(["%Y-%m-%d"])


def on_option(function: Any) -> Any:
    """The day whose rules are meant, passed on as `on`; today where it is left out."""
    text = "The day whose rules are meant, YYYY-MM-DD; default: today."
    return click.option("--on", type=DAY, metavar="DATE", help=text)(function)


def features_option(function: Any) -> Any:
    """Parts of a service, parted by commas, passed on as `features`."""
    text = "Parts of the service, parted by commas: dm,feed,livestream. Left out: every part."
    return click.option("--features", metavar="LIST", help=text)(function)


def take_day(on: datetime | None) -> date:
    return on.date() if on else date.today()


def split_features(text: str | None) -> tuple[str, ...]:
    if text is None:
        return tuple(item.id for item in load_standards().features)
    return tuple(part.strip() for part in text.split(",") if part.strip())


@click.command("rules")
@on_option
@click.option("--all", "everything", is_flag=True, help="Also rules that are not in force that day.")
@json_option
def rules_command(on: datetime | None, everything: bool, as_json: bool) -> None:
    """List the rules in force on a day, each with what is observed, what passes, its source and its dates."""
    book = load_standards()
    found = book.rules if everything else find_rules(book, on=take_day(on))
    if as_json:
        print_json([describe_rule(rule) for rule in found])
        return
    for rule in found:
        for line in _tell_rule(rule):
            click.echo(line)
    say(f"{len(found)} rules. One marked unconfirmed was not read at its source: check it before you rely on it.")


def _tell_rule(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}  {rule.text}"
    yield f"    {rule.setting}: {', '.join(rule.passes)}; ages {rule.ages[0]} to {rule.ages[1]}; {tell_source(rule)}"
    yield f"    {rule.address}"
    if rule.note:
        yield f"    {rule.note}"


def describe_rule(rule: Rule) -> dict[str, Any]:
    """A rule as JSON."""
    return {
        "id": rule.id,
        "text": rule.text,
        "source": {
            "publisher": rule.origin.publisher, "name": rule.origin.name, "place": rule.place,
            "basis": rule.origin.basis, "address": rule.address, "version": rule.version,
        },
        "status": rule.status,
        "applied": rule.applied,
        "in_force_from": rule.start.isoformat() if rule.start else None,
        "in_force_to": rule.end.isoformat() if rule.end else None,
        "applies_if": {
            "features": list(rule.features), "without": list(rule.without), "ages": list(rule.ages),
            "condition": rule.condition,
        },
        "setting": rule.setting,
        "passes": list(rule.passes),
        "partial": list(rule.partial),
        "severity": rule.severity,
        "note": rule.note,
    }  # fmt: skip


def tell_status(rule: Rule) -> str:
    """The marks of a rule in words."""
    return ", ".join((rule.status, *(["our application"] if rule.applied else [])))


def tell_source(rule: Rule) -> str:
    """Where a rule stands, how sure its reading is, when it holds and on what condition, on one line."""
    parts = [f"{rule.origin.publisher}, {rule.origin.name}, {rule.place}", tell_status(rule), tell_dates(rule)]
    return "; ".join([*parts, f"if {rule.condition}"] if rule.condition else parts)


def tell_dates(rule: Rule) -> str:
    """From when to when a rule holds."""
    if rule.start is None:
        return "not in force"
    return f"from {rule.start.isoformat()}" + (f" to {rule.end.isoformat()}" if rule.end else "")


@click.command("defaults")
@click.option("--age", type=click.IntRange(0, 120), help="Declared age in whole years.")
@features_option
@on_option
@click.option("--changes", is_flag=True, help="Print what turns on or off at each birthday instead.")
@click.option("--json-schema", "as_schema", is_flag=True, help="Print a JSON Schema that a new account must fit.")
@click.option("--proposed", is_flag=True, help="Also rules that are proposed and not in force.")
@json_option
def defaults_command(
    age: int | None,
    features: str | None,
    on: datetime | None,
    changes: bool,
    as_schema: bool,
    proposed: bool,
    as_json: bool,
) -> None:
    """Print the safest default settings that the rules ask for at a declared age, each with its rules.

    In Python: `answerable.standards.choose_defaults(13, ("dm", "feed"), date(2026, 11, 24))`.
    """
    day, has = take_day(on), split_features(features)
    if changes:
        _print_changes(list_changes(has, on=day, proposed=proposed), as_json)
        return
    if age is None:
        raise click.UsageError("--age is missing: write --age 13, or --changes for every birthday")
    if as_schema:
        print_json(make_schema(age, has, on=day))
        return
    _print_defaults(find_defaults(age, has, on=day, proposed=proposed), age, day, as_json)


def _print_defaults(found: Sequence[Default], age: int, day: date, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "setting": item.setting.id,
                "value": item.value,
                "allowed": list(item.allowed),
                "confirmed": item.confirmed,
                "rules": [describe_rule(rule) for rule in item.rules],
            }
            for item in found
        ]
        print_json({"age": age, "on": day.isoformat(), "defaults": rows})
        return
    if not found:
        say(f"No rule asks for a default at {age} on {day.isoformat()}.")
        return
    for item in found:
        click.echo(f"{item.setting.id} = {item.value}    {item.setting.name}: {item.words}")
        for rule in item.rules:
            click.echo(f"    {rule.id}: {tell_source(rule)}")
    say(f"{len(found)} settings for a declared age of {age}, by the rules of {day.isoformat()}.")


def _print_changes(changes: Sequence[Change], as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {"age": item.age, "setting": item.setting.id, "before": list(item.before), "after": list(item.after),
                 "rules": [rule.id for rule in item.rules]}
                for item in changes
            ]
        )  # fmt: skip
        return
    for age, group in groupby(changes, key=lambda item: item.age):
        click.echo(f"At {age}")
        for item in group:
            before, after = (" or ".join(values) or "anything" for values in (item.before, item.after))
            moved = f"{before} -> {after}" if before != after else f"still {after}"
            click.echo(f"    {item.setting.id}: {moved}  ({', '.join(rule.id for rule in item.rules)})")


@click.command("penalty")
@click.option("--revenue", metavar="POUNDS", help="Qualifying worldwide revenue: 250000000, 1.2bn.")
@click.option("--no-accounting-period", is_flag=True, help="The person has no accounting period.")
@click.option("--days", type=click.IntRange(1), default=365, help="Days of the accounting period; default 365.")
@on_option
@json_option
def penalty_command(
    revenue: str | None, no_accounting_period: bool, days: int, on: datetime | None, as_json: bool
) -> None:
    """Print the statutory maximum penalty under the Online Safety Act 2023, with its rule and working.

    The maximum is what the law allows at most; it says nothing on whether a penalty is due or what it would be.
    """
    if (revenue is None) == (not no_accounting_period):
        raise click.UsageError("give --revenue POUNDS, or --no-accounting-period")
    day = take_day(on)
    amount = None if revenue is None else parse_amount(revenue, "--revenue")
    found = compute_penalty(choose_penalty(load_penalties(), day), day, amount, days)
    rule = found.rule
    if as_json:
        print_json(
            {
                "on": day.isoformat(), "maximum": write_pounds(found.maximum).replace(",", ""),
                "working": found.working, "law": rule.law, "who": rule.who, "of": rule.of,
                "in_force_from": rule.start.isoformat(),
                "in_force_to": rule.end.isoformat() if rule.end else None, "address": rule.address,
                "status": rule.status, "note": rule.note, "accounting": rule.accounting,
            }
        )  # fmt: skip
        return
    click.echo(f"£{write_pounds(found.maximum)}")
    for text in (
        f"The most that {rule.regulator} may impose on {rule.who}, on {day.isoformat()}.",
        f"{found.working[:1].upper()}{found.working[1:]}.",
        f"{rule.law}; of {rule.of}. {rule.accounting}",
        f"In force from {rule.start.isoformat()} ({rule.status}). {rule.note}",
        rule.address,
    ):
        say(text)
