"""Rules -> the safest default settings an account of a declared age must start with, and what a birthday changes.

What a platform can build into sign-up: as values with the rules behind each, as a JSON Schema, and by a
function. The trap: several rules may judge one setting, and only a value that all of them pass is a default;
where no value passes them all the conflict is said, never settled here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from answerable.errors import SurveyError
from answerable.standards.keys import check_choice
from answerable.standards.rules import ADULT, Rule, Setting, Standards, find_rules, fits_service, load_standards


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """One setting: `value` is the safest that every rule passes, `allowed` all that do, from the safest on."""

    setting: Setting
    value: str
    allowed: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def words(self) -> str:
        """The value in words."""
        return dict(self.setting.values)[self.value]

    @property
    def confirmed(self) -> bool:
        """Whether one rule at least was read at its source."""
        return any(rule.status == "confirmed" for rule in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a birthday does to one setting: the values allowed before it and from it on (empty: no rule)."""

    age: int
    setting: Setting
    before: tuple[str, ...]
    after: tuple[str, ...]
    rules: tuple[Rule, ...]
    """The rules that begin or end at that age."""


def find_defaults(
    age: int,
    features: Iterable[str],
    *,
    on: date,
    standards: Standards | None = None,
    proposed: bool = False,
) -> tuple[Default, ...]:
    """The defaults that the rules of a day ask for, in the order of the settings; none for an adult.

    `age` is the declared age in whole years, `features` ids of settings.toml (unknown ones are a SurveyError that
    names the nearest), `proposed` adds rules that are not in force. Conditions that only the provider can settle,
    such as a risk of grooming, are taken as given and stand in each rule.
    """
    book = standards or load_standards()
    has = check_features(book, features)
    rules = list(find_rules(book, on=on, features=has, age=age))
    if proposed:
        rules += [
            rule
            for rule in book.rules
            if rule.status == "proposed" and fits_service(rule, has) and rule.ages[0] <= age <= rule.ages[1]
        ]
    found = []
    for setting in book.settings:
        own = tuple(rule for rule in rules if rule.setting == setting.id)
        if own:
            found.append(_settle(setting, own))
    return tuple(found)


def check_features(standards: Standards, features: Iterable[str]) -> tuple[str, ...]:
    """The features without doubles, "account" first."""
    known = tuple(item.id for item in standards.features)
    return tuple(dict.fromkeys(("account", *(check_choice(name, known, "features") for name in features))))


def _settle(setting: Setting, rules: tuple[Rule, ...]) -> Default:
    allowed = _list_allowed(setting, rules)
    if not allowed:
        names = ", ".join(rule.id for rule in rules)
        raise SurveyError(setting.id, f"no value passes all of {names}", "Compare these rules: one must be wrong")
    return Default(setting=setting, value=allowed[0], allowed=allowed, rules=rules)


def _list_allowed(setting: Setting, rules: Sequence[Rule]) -> tuple[str, ...]:
    return tuple(code for code in setting.codes if rules and all(code in rule.passes for rule in rules))


def choose_defaults(age: int, features: Iterable[str], on: date) -> dict[str, str]:
    """Setting id -> the safest default value: what a sign-up can call. Empty from 18 on."""
    return {item.setting.id: item.value for item in find_defaults(age, features, on=on)}


def list_changes(
    features: Iterable[str], *, on: date, standards: Standards | None = None, proposed: bool = False
) -> tuple[Change, ...]:
    """What changes at each birthday up to 18, in the order of ages and settings."""
    book, has = standards or load_standards(), tuple(features)
    changes: list[Change] = []
    before = {item.setting.id: item for item in find_defaults(0, has, on=on, standards=book, proposed=proposed)}
    for age in range(1, ADULT + 1):
        after = {item.setting.id: item for item in find_defaults(age, has, on=on, standards=book, proposed=proposed)}
        for setting in book.settings:
            old, new = before.get(setting.id), after.get(setting.id)
            moved = _list_moved(old, new)
            if moved:
                changes.append(
                    Change(
                        age=age,
                        setting=setting,
                        before=old.allowed if old else (),
                        after=new.allowed if new else (),
                        rules=moved,
                    )
                )
        before = after
    return tuple(changes)


def _list_moved(old: Default | None, new: Default | None) -> tuple[Rule, ...]:
    left, right = old.rules if old else (), new.rules if new else ()
    return (*(rule for rule in left if rule not in right), *(rule for rule in right if rule not in left))


def make_schema(age: int, features: Iterable[str], *, on: date, standards: Standards | None = None) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) that a new account's settings must fit: each setting with its allowed values,
    its default, and the rules behind it."""
    found = find_defaults(age, features, on=on, standards=standards)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Settings of a new account of declared age {age}",
        "description": f"The defaults that the standards in force on {on.isoformat()} ask for.",
        "type": "object",
        "properties": {item.setting.id: _describe(item) for item in found},
        "required": [item.setting.id for item in found],
        "additionalProperties": True,
    }


def _describe(item: Default) -> dict[str, Any]:
    return {
        "title": item.setting.name,
        "type": "string",
        "enum": list(item.allowed),
        "default": item.value,
        "x-rules": [
            {"id": rule.id, "place": rule.place, "text": rule.text, "status": rule.status, "address": rule.address}
            for rule in item.rules
        ],
    }
