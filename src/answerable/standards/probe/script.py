"""A probe script: TOML -> steps. Five verbs: open, fill, click, read, screenshot.

A script is data that a stranger can check before it is run. The trap: a script that could do anything would let a
probe do anything, so there is no verb for code, none for waiting in place of a sign, and none for another host.
"""

from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from answerable.errors import SurveyError
from answerable.standards.keys import Key, check_choice, check_once, list_tables, may, parse_toml, read_table, want
from answerable.standards.rules import AGES, RESERVED, Standards

Verb = Literal["open", "fill", "click", "read", "screenshot"]
Part = Literal["value", "text", "checked", "present"]
Permission = Literal["own", "written"]

SUBJECT = "subject"
"""The account whose settings are read; other accounts of a script are peers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `target` is an address, a selector or a screenshot's name; `text` what is filled in; for a read,
    `part` of the element is held against `values` (what the page says -> code of `setting`)."""

    verb: Verb
    target: str
    account: str
    text: str = ""
    setting: str = ""
    part: Part = "value"
    beside: str = ""
    """An element that must be on the page where `part` is "present", so that its absence says something."""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A probe of one service. `peers` pairs further test accounts with their declared ages."""

    service: str
    address: str
    country: str
    app_version: str
    platform: str
    ages: tuple[int, ...]
    peers: tuple[tuple[str, int], ...]
    sign_up: tuple[Step, ...]
    steps: tuple[Step, ...]
    permission: Permission
    by: str
    on: date
    reference: str
    orders: tuple[tuple[str, tuple[str, ...]], ...]
    """The codes of each setting that is read, from the safest on."""


_TOP = {
    "service": want(str), "address": want(str), "country": may(str, "GB"), "app_version": may(str, ""),
    "platform": may(str, "web"), "ages": may(list, list(AGES)), "permission": want(dict), "account": may(list, []),
    "sign_up": want(list), "step": want(list),
}  # fmt: skip
_PERMISSION = {"kind": want(str), "by": want(str), "on": want(date), "reference": may(str, "")}
_ACCOUNT = {"id": want(str), "age": want(int)}
_STEP: dict[str, Key] = {
    **{verb: may(str) for verb in get_args(Verb)},
    "account": may(str, SUBJECT), "with": may(str, ""), "setting": may(str, ""), "part": may(str, "value"),
    "beside": may(str, ""), "values": may(dict, {}),
}  # fmt: skip
NEXT = "See docs/how-to-probe-a-service.md"


def parse_script(text: str, where: str, standards: Standards) -> Script:
    """The script that a TOML text describes.

    Raises SurveyError for an unknown key, verb, setting or value (naming the nearest), and where the script does not
    say that the tester runs the service or has permission to test it.
    """
    raw = parse_toml(text, where)
    found = read_table(raw, _TOP, where)
    permission = read_table(found["permission"], _PERMISSION, f"{where}, permission")
    check_choice(permission["kind"], get_args(Permission), f"{where}, permission")
    _check_permission(found["address"], permission, where)
    peers = [read_table(table, _ACCOUNT, f"{where}, account") for table in list_tables(raw, "account", where)]
    accounts = (SUBJECT, *(peer["id"] for peer in peers))
    check_once(accounts, "account", where)
    sign_up = _parse_steps(raw, "sign_up", where, (SUBJECT,), standards)
    steps = _parse_steps(raw, "step", where, accounts, standards)
    if any(step.verb == "read" for step in sign_up) or not any(step.verb == "read" for step in steps):
        raise SurveyError(where, "settings are read in [[step]] and in nothing else", NEXT)
    ages = found["ages"]
    if not ages or not all(isinstance(age, int) and 0 <= age <= 120 for age in ages):
        raise SurveyError(where, "ages are not whole years", "Write ages = [13, 15, 16, 17, 18]")
    return Script(
        service=found["service"],
        address=found["address"].rstrip("/"),
        country=found["country"],
        app_version=found["app_version"],
        platform=found["platform"],
        ages=tuple(ages),
        peers=tuple((peer["id"], peer["age"]) for peer in peers),
        sign_up=sign_up,
        steps=steps,
        permission=permission["kind"],
        by=permission["by"],
        on=permission["on"],
        reference=permission["reference"],
        orders=tuple((name, standards.find_setting(name).codes) for name in sorted({s.setting for s in steps} - {""})),
    )


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_permission(address: str, found: dict[str, Any], where: str) -> None:
    """A service elsewhere needs a declaration that names who gave permission and where it is kept."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise SurveyError(where, f'the address "{address}" is not one of a service', "Write http://127.0.0.1:8420")
    if not found["by"].strip():
        raise SurveyError(where, "permission does not say by whom", "Name who runs the service or gave permission")
    if not is_loopback(address) and not found["reference"].strip():
        raise SurveyError(
            where,
            f"{parts.hostname} is not this machine, and no permission to test it is declared",
            "Probe only a service you run or may test; add to [permission] a reference to where that is written",
        )
    if found["on"] > date.today():
        raise SurveyError(where, "permission is dated after today", "Wait for it")


def _parse_steps(
    raw: dict[str, Any], name: str, where: str, accounts: tuple[str, ...], standards: Standards
) -> tuple[Step, ...]:
    steps = []
    for number, table in enumerate(list_tables(raw, name, where), start=1):
        place = f"{where}, {name} {number}"
        found = read_table(table, _STEP, place)
        verbs = [verb for verb in get_args(Verb) if found[verb] is not None]
        if len(verbs) != 1:
            raise SurveyError(place, f"has {len(verbs)} verbs", f"Write one of {', '.join(get_args(Verb))}")
        check_choice(found["account"], accounts, f"{place}, account")
        check_choice(found["part"], get_args(Part), f"{place}, part")
        if (verbs[0] == "read") != bool(found["setting"]):
            raise SurveyError(place, "setting and read go together", NEXT)
        if (found["part"] == "present") != bool(found["beside"]):
            raise SurveyError(
                place,
                "present needs beside, and nothing else does",
                "Name an element that is on the page whether the setting is on or off",
            )
        steps.append(
            Step(
                verb=verbs[0],
                target=found[verbs[0]],
                account=found["account"],
                text=found["with"],
                setting=found["setting"],
                part=found["part"],
                beside=found["beside"],
                values=_parse_values(found, place, standards),
            )
        )
    return tuple(steps)


def _parse_values(found: dict[str, Any], place: str, standards: Standards) -> tuple[tuple[str, str], ...]:
    if not found["setting"]:
        return ()
    codes = (*standards.find_setting(check_setting(found["setting"], place, standards)).codes, *RESERVED)
    for code in found["values"].values():
        check_choice(str(code), codes, f"{place}, values")
    return tuple((str(text), str(code)) for text, code in found["values"].items()) or tuple((c, c) for c in codes)


def check_setting(name: str, place: str, standards: Standards) -> str:
    """The id of a setting that is known."""
    return check_choice(name, tuple(item.id for item in standards.settings), f"{place}, setting")
