"""Standards as dated data: TOML -> settings that can be observed and the rules that judge them.

A standard is to an audit what a question is to a survey. The text of each rule is in our own words, with the
address of its source; a rule whose source was not read says `unconfirmed` wherever it is shown, a proposed one
judges nothing. The trap: law moves, so no rule is ever edited in place: it ends on a day and another begins.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal, get_args

from answerable.errors import SurveyError
from answerable.standards.keys import check_choice, check_once, list_tables, may, parse_toml, read_table, want

Weight = Literal["high", "medium", "low"]
RuleStatus = Literal["confirmed", "unconfirmed", "proposed"]

NO_FEATURE = "no_feature"
NOT_TESTED = "not_tested"
RESERVED = (NO_FEATURE, NOT_TESTED)
"""Answers that every setting can have beside its own values."""

ADULT = 18
AGES = (13, 15, 16, 17, ADULT)
"""Declared ages of an audit; 18 is the control that no rule judges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A part of a service that a rule can hang on."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Something to observe on a fresh account. `values` pairs codes with words, from the safest to the least."""

    id: str
    name: str
    how: str
    feature: str
    values: tuple[tuple[str, str], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code, _ in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The document a rule comes from."""

    id: str
    name: str
    publisher: str
    basis: str
    address: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One standard. It holds from `start` to `end`, both included, `end` None while it stands and `start` None
    while it is proposed; it judges an account whose declared age is in `ages` on a service with every one of
    `features` and none of `without`. `applied` marks a general text that we apply to this setting."""

    id: str
    origin: Origin
    place: str
    text: str
    address: str
    version: str
    start: date | None
    end: date | None
    features: tuple[str, ...]
    without: tuple[str, ...]
    ages: tuple[int, int]
    condition: str
    setting: str
    passes: tuple[str, ...]
    partial: tuple[str, ...]
    severity: Weight
    status: RuleStatus
    applied: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standards:
    """Everything that can be observed and every rule, in the order of the files."""

    features: tuple[Feature, ...]
    settings: tuple[Setting, ...]
    rules: tuple[Rule, ...]

    def find_setting(self, name: str) -> Setting:
        """The setting of an id; SurveyError naming the nearest where there is none."""
        known = {item.id: item for item in self.settings}
        return known[check_choice(name, tuple(known), "setting")]


SETTINGS_FILE = "settings.toml"
PENALTIES_FILE = "penalties.toml"

_FEATURE = {"id": want(str), "name": want(str)}
_SETTING = {"id": want(str), "name": want(str), "how": want(str), "feature": want(str), "values": want(dict)}
_SOURCE = {
    "id": want(str), "name": want(str), "publisher": want(str), "basis": want(str), "address": want(str),
    "version": want(str), "in_force_from": may(date), "in_force_to": may(date),
}  # fmt: skip
_RULE = {
    "id": want(str), "place": want(str), "text": want(str), "setting": want(str), "passes": want(list),
    "partial": may(list, []), "applies_if": may(dict, {}), "condition": may(str, ""), "severity": want(str),
    "status": want(str), "applied": may(bool, False), "address": may(str), "version": may(str),
    "in_force_from": may(date), "in_force_to": may(date), "note": may(str, ""),
}  # fmt: skip
_APPLIES = {"features": may(list, []), "without": may(list, []), "ages": may(list, [0, 17])}


@cache
def load_standards() -> Standards:
    """The standards that come with the package."""
    texts = read_bundled()
    return parse_standards({name: text for name, text in texts.items() if name != PENALTIES_FILE})


def read_bundled() -> dict[str, str]:
    """The bundled TOML files by name."""
    folder = files("answerable.standards")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".toml"))
    return {name: folder.joinpath(name).read_text(encoding="utf-8") for name in names}


def parse_standards(texts: Mapping[str, str]) -> Standards:
    """Standards from TOML texts by file name, one of them settings.toml, every other one source with its rules.

    Raises SurveyError for an unknown key (naming the nearest), a missing one, a name that nothing defines, a rule
    that ends before it begins, or one without a first day that is not marked proposed.
    """
    raw = parse_toml(texts[SETTINGS_FILE], SETTINGS_FILE)
    read_table(raw, {"feature": want(list), "setting": want(list)}, SETTINGS_FILE)
    features = tuple(
        Feature(**read_table(table, _FEATURE, f"{SETTINGS_FILE}, feature"))
        for table in list_tables(raw, "feature", SETTINGS_FILE)
    )
    known = tuple(item.id for item in features)
    settings = tuple(_parse_setting(table, known) for table in list_tables(raw, "setting", SETTINGS_FILE))
    check_once(known, "feature", SETTINGS_FILE)
    check_once([item.id for item in settings], "setting", SETTINGS_FILE)
    by_id = {item.id: item for item in settings}
    rules = [
        rule
        for name, text in sorted(texts.items())
        if name != SETTINGS_FILE
        for rule in _parse_source(text, name, by_id, known)
    ]
    _check_versions(rules)
    return Standards(features=features, settings=settings, rules=tuple(rules))


def _parse_setting(table: dict[str, Any], features: Sequence[str]) -> Setting:
    where = f"{SETTINGS_FILE}, setting {table.get('id', '')}"
    found = read_table(table, _SETTING, where)
    check_choice(found["feature"], features, f"{where}, feature")
    values = tuple(found["values"].items())
    if len(values) < 2 or any(not isinstance(words, str) or code in RESERVED for code, words in values):
        raise SurveyError(
            where, "values need two codes or more with their words", "See docs/how-to-write-a-standard.md"
        )
    return Setting(**{**found, "values": values})


def _parse_source(text: str, name: str, settings: Mapping[str, Setting], features: Sequence[str]) -> list[Rule]:
    raw = parse_toml(text, name)
    read_table(raw, {"source": want(dict), "rule": want(list)}, name)
    source = read_table(raw["source"], _SOURCE, f"{name}, source")
    origin = Origin(**{key: source[key] for key in ("id", "name", "publisher", "basis", "address", "version")})
    return [_parse_rule(table, name, origin, source, settings, features) for table in list_tables(raw, "rule", name)]


def _parse_rule(
    table: dict[str, Any],
    name: str,
    origin: Origin,
    source: Mapping[str, Any],
    settings: Mapping[str, Setting],
    features: Sequence[str],
) -> Rule:
    where = f"{name}, rule {table.get('id', '')}"
    found = read_table(table, _RULE, where)
    applies = read_table(found["applies_if"], _APPLIES, f"{where}, applies_if")
    setting = settings[check_choice(found["setting"], tuple(settings), f"{where}, setting")]
    for key in ("passes", "partial"):
        for code in found[key]:
            check_choice(code, setting.codes, f"{where}, {key}")
    for code in (*applies["features"], *applies["without"]):
        check_choice(code, features, f"{where}, applies_if")
    rule = Rule(
        id=found["id"],
        origin=origin,
        place=found["place"],
        text=found["text"],
        address=found["address"] or origin.address,
        version=found["version"] or origin.version,
        start=None if found["status"] == "proposed" else found["in_force_from"] or source["in_force_from"],
        end=found["in_force_to"] or source["in_force_to"],
        features=tuple(dict.fromkeys((setting.feature, *applies["features"]))),
        without=tuple(applies["without"]),
        ages=_parse_ages(applies["ages"], where),
        condition=found["condition"],
        setting=setting.id,
        passes=tuple(found["passes"]),
        partial=tuple(found["partial"]),
        severity=_choose(found["severity"], Weight, f"{where}, severity"),
        status=_choose(found["status"], RuleStatus, f"{where}, status"),
        applied=found["applied"],
        note=found["note"],
    )
    _check_rule(rule, setting, where)
    return rule


def _choose(value: str, kind: Any, where: str) -> Any:
    return check_choice(value, get_args(kind), where)


def _parse_ages(ages: list[Any], where: str) -> tuple[int, int]:
    if len(ages) != 2 or not all(isinstance(age, int) for age in ages) or not 0 <= ages[0] <= ages[1] < ADULT:
        raise SurveyError(where, "ages are not two whole years under 18, the lower first", "Write ages = [0, 17]")
    return ages[0], ages[1]


def _check_rule(rule: Rule, setting: Setting, where: str) -> None:
    if rule.start is None and rule.status != "proposed":
        raise SurveyError(where, "has no first day", 'Add in_force_from, or status = "proposed"')
    if rule.start and rule.end and rule.end < rule.start:
        raise SurveyError(where, "ends before it begins", "Correct in_force_from or in_force_to")
    if not rule.passes or set(rule.passes) & set(rule.partial):
        raise SurveyError(where, "passes is empty, or a value is in passes and in partial", "Put each value once")
    if {*rule.passes, *rule.partial} == set(setting.codes):
        raise SurveyError(
            where, f"nothing that can be observed of {setting.id} fails it", "Leave the failing value out"
        )


def _check_versions(rules: Sequence[Rule]) -> None:
    """One id may stand several times with different days, never twice on one day."""
    by_id: dict[str, list[Rule]] = {}
    for rule in rules:
        by_id.setdefault(rule.id, []).append(rule)
    for name, versions in by_id.items():
        dated = sorted((rule for rule in versions if rule.start), key=lambda rule: rule.start or date.min)
        for earlier, later in pairwise(dated):
            if earlier.end is None or (later.start and earlier.end >= later.start):
                raise SurveyError(name, "two versions hold on one day", "Give the earlier one an in_force_to before it")


def is_in_force(rule: Rule, on: date) -> bool:
    """Whether the rule holds on a day. A proposed rule never does."""
    return rule.start is not None and rule.start <= on and (rule.end is None or on <= rule.end)


def fits_service(rule: Rule, features: Iterable[str]) -> bool:
    """Whether the rule is about a service with these features; every service has accounts."""
    has = {"account", *features}
    return has.issuperset(rule.features) and has.isdisjoint(rule.without)


def find_rules(
    standards: Standards, *, on: date, features: Iterable[str] | None = None, age: int | None = None
) -> tuple[Rule, ...]:
    """Rules in force on a day, for a service with `features` (None: any) and a declared age (None: any)."""
    wanted = None if features is None else tuple(features)
    return tuple(
        rule
        for rule in standards.rules
        if is_in_force(rule, on)
        and (wanted is None or fits_service(rule, wanted))
        and (age is None or rule.ages[0] <= age <= rule.ages[1])
    )
