"""audit.toml -> Audit: the services of an audit, its editions, and what each service is exempt from or answered.

An audit folder is a survey folder whose authorities are services, whose questions are settings and whose periods are
editions, so the store, the site and the public tables are those of a survey. The trap: what a service has decides
which rules judge it, so a feature that is left out is a rule that is not applied, and the page says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Literal, get_args

from answerable.errors import SurveyError
from answerable.model import Authority, Category, Comparison, Contact, Dimension, Period, Question, Survey
from answerable.standards.keys import check_choice, check_once, list_tables, may, parse_toml, read_table, want
from answerable.standards.rules import AGES, Standards

AUDIT = "audit.toml"
RESPONSE = "response.toml"
"""The name of a file in a service's folder that holds its right of reply."""

Outcome = Literal["no_reply", "accepted", "disputed", "changed", "explained"]
OUTCOMES: dict[Outcome, str] = {
    "no_reply": "did not reply",
    "accepted": "accepted the observations",
    "disputed": "disputed the observations",
    "changed": "said that it has changed the setting",
    "explained": "gave a reason",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of the audit. `exempt` pairs a rule's id with the reason why it is not applied here."""

    id: str
    name: str
    provider: str
    features: tuple[str, ...]
    aliases: tuple[str, ...]
    exempt: tuple[tuple[str, str], ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A service's right of reply to one edition: when it was asked, what it said, on which rules ((): all)."""

    service: str
    edition: str
    asked: date
    received: date | None
    outcome: Outcome
    text: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One audit. `survey` is the same thing in core types, without dimensions until settings are observed."""

    survey: Survey
    services: tuple[Service, ...]
    ages: tuple[int, ...]
    country: str


_TOP = {
    "id": want(str), "title": want(str), "summary": may(str, ""), "country": may(str, "GB"), "published": may(date),
    "simulated": may(bool, False), "helplines": may(list, []), "ages": may(list, list(AGES)),
    "method_note": may(str, ""), "embargo": may(str, ""), "contact": may(dict), "edition": want(list),
    "service": want(list),
}  # fmt: skip
_EDITION = {"id": want(str), "from": want(date), "to": want(date)}
_SERVICE = {
    "id": want(str), "name": want(str), "provider": may(str, ""), "features": want(list), "aliases": may(list, []),
    "exempt": may(list, []), "note": may(str, ""),
}  # fmt: skip
_EXEMPT = {"rule": want(str), "reason": want(str)}
_RESPONSE = {
    "edition": want(str), "asked": want(date), "received": may(date), "outcome": want(str), "text": may(str, ""),
    "rules": may(list, []),
}  # fmt: skip


def parse_audit(text: str, where: str, standards: Standards) -> Audit:
    """The audit that audit.toml describes. SurveyError for an unknown key, feature or rule, naming the nearest."""
    raw = parse_toml(text, where)
    found = read_table(raw, _TOP, where)
    editions = _parse_editions(raw, where)
    services = tuple(_parse_service(table, where, standards) for table in list_tables(raw, "service", where))
    check_once([item.id for item in services], "service", where)
    if not services:
        raise SurveyError(where, "no service is audited", "Add a [[service]]")
    ages = tuple(sorted(set(found["ages"])))
    if not ages or not all(isinstance(age, int) and 0 <= age <= 18 for age in ages):
        raise SurveyError(where, "ages are not whole years up to 18", "Write ages = [13, 15, 16, 17, 18]")
    contact = None
    if found["contact"] is not None:
        keys = {"name": want(str), "email": want(str), "telephone": may(str, "")}
        contact = Contact(**read_table(found["contact"], keys, f"{where}, contact"))
    survey = _make_survey(found, editions, services, contact, standards)
    return Audit(survey=survey, services=services, ages=ages, country=found["country"])


def _parse_editions(raw: Mapping[str, Any], where: str) -> tuple[Period, ...]:
    editions = []
    for table in list_tables(raw, "edition", where):
        found = read_table(table, _EDITION, f"{where}, edition")
        if found["to"] < found["from"]:
            raise SurveyError(where, f"edition {found['id']} ends before it starts", "Swap from and to")
        editions.append(Period(id=found["id"], start=found["from"], end=found["to"]))
    if not editions:
        raise SurveyError(where, "there is no edition", "Add an [[edition]] with id, from and to")
    check_once([item.id for item in editions], "edition", where)
    editions.sort(key=lambda item: item.start)
    for earlier, later in pairwise(editions):
        if later.start <= earlier.end:
            raise SurveyError(where, f"editions {earlier.id} and {later.id} overlap", "Correct their days")
    return tuple(editions)


def _parse_service(table: dict[str, Any], where: str, standards: Standards) -> Service:
    place = f"{where}, service {table.get('id', '')}"
    found = read_table(table, _SERVICE, place)
    features = tuple(item.id for item in standards.features)
    rules = tuple(rule.id for rule in standards.rules)
    for name in found["features"]:
        check_choice(name, features, f"{place}, features")
    exempt = [read_table(item, _EXEMPT, f"{place}, exempt") for item in found["exempt"]]
    for item in exempt:
        check_choice(item["rule"], rules, f"{place}, exempt")
    return Service(
        id=found["id"],
        name=found["name"],
        provider=found["provider"],
        features=tuple(dict.fromkeys(("account", *found["features"]))),
        aliases=tuple(found["aliases"]),
        exempt=tuple((item["rule"], item["reason"]) for item in exempt),
        note=found["note"],
    )


def _make_survey(
    found: Mapping[str, Any],
    editions: tuple[Period, ...],
    services: tuple[Service, ...],
    contact: Contact | None,
    standards: Standards,
) -> Survey:
    pairs = tuple(Comparison(base=a.id, period=b.id) for a, b in pairwise(editions))
    return Survey(
        id=found["id"],
        title=found["title"],
        subject="default settings",
        recorded_by="testers",
        authority_noun=("service", "services"),
        area="all services",
        headline=standards.settings[0].id,
        periods=editions,
        dimensions=(),
        questions=tuple(
            Question(
                id=item.id, number=str(number), text=item.name, measure=item.name, unit="services", kind="choice",
                dimensions=("declared-age", "tester", "run"),
            )
            for number, item in enumerate(standards.settings, start=1)
        ),
        authorities=tuple(
            Authority(id=item.id, name=item.name, aliases=item.aliases, kind="service") for item in services
        ),
        comparisons=pairs[-1:],
        summary=found["summary"],
        method_note=found["method_note"],
        contact=contact,
        helplines=tuple(found["helplines"]),
        published=found["published"],
        embargo=found["embargo"],
        simulated=found["simulated"],
    )  # fmt: skip


def add_dimensions(audit: Audit, testers: tuple[str, ...], runs: tuple[int, ...]) -> Survey:
    """The audit's survey with its three dimensions: declared age, tester and run."""

    def make(name: str, title: str, codes: tuple[str, ...]) -> Dimension:
        return Dimension(id=name, name=title, categories=tuple(Category(code=code, label=code) for code in codes))

    ages = tuple(
        Category(code=str(age), label="18 (control)" if age == 18 else str(age), low=age, high=age)
        for age in audit.ages
    )
    return replace(
        audit.survey,
        dimensions=(
            Dimension(id="declared-age", name="Declared age", kind="age", categories=ages),
            make("tester", "Tester", testers),
            make("run", "Run", tuple(str(run) for run in runs)),
        ),
    )


def parse_responses(text: str, where: str, service: str, audit: Audit, standards: Standards) -> tuple[Response, ...]:
    """A service's replies from its response.toml, each [[response]] to one edition."""
    raw = parse_toml(text, where)
    read_table(raw, {"response": want(list)}, where)
    editions = tuple(item.id for item in audit.survey.periods)
    rules = tuple(rule.id for rule in standards.rules)
    found = []
    for table in list_tables(raw, "response", where):
        item = read_table(table, _RESPONSE, where)
        check_choice(item["edition"], editions, f"{where}, edition")
        check_choice(item["outcome"], get_args(Outcome), f"{where}, outcome")
        for name in item["rules"]:
            check_choice(name, rules, f"{where}, rules")
        if item["received"] and item["received"] < item["asked"]:
            raise SurveyError(where, "a reply was received before it was asked for", "Correct asked or received")
        # A control character is no part of a reply, and a Word file that holds one does not open.
        words = "".join(letter for letter in item["text"] if letter.isprintable() or letter in "\n\t")
        found.append(Response(service=service, **{**item, "rules": tuple(item["rules"]), "text": words}))
    return tuple(found)
