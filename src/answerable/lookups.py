"""lookups.toml -> Lookups: what a person has settled about labels and values, each with its reason.

Stands before the reading of observations, which asks it first. A patch says what one text means, everywhere
or in one authority's or document's cells; the value it settles has origin `lookup:<key>`. The trap is a patch
that silently does nothing: an unknown key is an error that names the nearest known one, and a patch that
settles nothing is refused.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from answerable.errors import SurveyError
from answerable.model import Bounds, Status, Unit
from answerable.survey.settings import Setting, refuse_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a patch holds: empty fields mean everywhere. `document` is a path below `replies/`."""

    authority: str = ""
    document: str = ""

    def covers(self, authority: str, document: str) -> bool:
        return self.authority in ("", authority) and (
            not self.document or document == self.document or document.startswith(f"{self.document}!")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPatch:
    """What a label means: a category of a dimension, a question, a period, a total, or a unit."""

    key: str
    text: str
    scope: Scope
    reason: str
    dimension: str = ""
    category: str = ""
    question: str = ""
    period: str = ""
    total: bool = False
    unit: Unit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuePatch:
    """What a cell's text means: a whole number, bounds, or a status."""

    key: str
    text: str
    scope: Scope
    reason: str
    value: int | None = None
    bounds: Bounds | None = None
    status: Status = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Cells that carry nothing asked for: every cell with this text, or the one at `part` and `ref`."""

    key: str
    text: str
    scope: Scope
    reason: str
    part: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookups:
    """All patches of a survey, in the file's order."""

    labels: tuple[LabelPatch, ...] = ()
    values: tuple[ValuePatch, ...] = ()
    ignores: tuple[Ignore, ...] = ()


def _setting(table: str, key: str, kind: type, text: str, *, required: bool = False) -> Setting:
    return Setting(table=table, key=key, type=kind, help=text, required=required)


_SCOPE = (
    ("reason", str, "Why this is right; printed beside every value it settles."),
    ("key", str, "Short name used in `origin`; left out, the table's name and the text."),
    ("authority", str, "Authority id it holds for; left out, all."),
    ("document", str, "Document path below `replies/` it holds for; left out, all."),
)
SETTINGS: tuple[Setting, ...] = (
    _setting("label", "text", str, "The label as it stands in the reply.", required=True),
    _setting("label", "dimension", str, "Dimension id, with `category` or `total`."),
    _setting("label", "category", str, "Category code of that dimension."),
    _setting("label", "question", str, "Question id the label announces."),
    _setting("label", "period", str, "Period id the label stands for."),
    _setting("label", "total", bool, "True where the label is a total."),
    _setting("label", "unit", str, "Unit the label counts in."),
    _setting("value", "text", str, "The cell's text.", required=True),
    _setting("value", "value", int, "The whole number it stands for."),
    _setting("value", "low", int, "The least it can be."),
    _setting("value", "high", int, "The most it can be."),
    _setting("value", "status", str, "`suppressed`, `refused`, `not_held`, `not_applicable`, `unreadable`."),
    _setting("ignore", "text", str, "The cell's text; left out, name `part` and `ref`."),
    _setting("ignore", "part", str, 'Part of the document: `sheet "Q3"`.'),
    _setting("ignore", "ref", str, "Cell in that part: `D14`."),
    *(
        _setting(table, key, kind, text, required=key == "reason")
        for table in ("label", "value", "ignore")
        for key, kind, text in _SCOPE
    ),
)
"""Every key of lookups.toml: [[label]], [[value]] and [[ignore]]."""


def parse_lookups(text: str, where: str) -> Lookups:
    """The Lookups of a lookups.toml; an empty text gives none. `where` names the file in messages.

    Raises SurveyError for broken TOML, an unknown or missing key, or a patch that settles nothing.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SurveyError(where, f"is not valid TOML: {error}", "Correct that line") from error
    for name, items in raw.items():
        if name not in ("label", "value", "ignore"):
            refuse_key(name, ["label", "value", "ignore"], where)
        if not isinstance(items, list):
            raise SurveyError(where, f"{name} is a single table", f"Write [[{name}]] with double brackets")
    lookups = Lookups(
        labels=tuple(_parse_label(item, where) for item in raw.get("label", ())),
        values=tuple(_parse_value_patch(item, where) for item in raw.get("value", ())),
        ignores=tuple(_parse_ignore(item, where) for item in raw.get("ignore", ())),
    )
    _refuse_doubles(lookups, where)
    return lookups


def _check_item(table: str, item: Mapping[str, Any], where: str) -> None:
    known = {setting.key: setting for setting in SETTINGS if setting.table == table}
    for key, value in item.items():
        if key not in known:
            refuse_key(key, list(known), f"{where} [[{table}]]")
        wanted = known[key].type
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise SurveyError(f"{where} [[{table}]]", f"{key} is {type(value).__name__}", f"Write {known[key].help}")
    for key, setting in known.items():
        if setting.required and key not in item:
            raise SurveyError(f"{where} [[{table}]]", f"{key} is missing", f"Add it: {setting.help}")


def _name(table: str, item: Mapping[str, Any]) -> dict[str, Any]:
    text = item.get("text", "")
    return {
        "key": item.get("key") or f"{table}:{text or item.get('ref', '')}",
        "text": text,
        "scope": Scope(authority=item.get("authority", ""), document=item.get("document", "")),
        "reason": item["reason"],
    }


def _parse_label(item: Mapping[str, Any], where: str) -> LabelPatch:
    _check_item("label", item, where)
    place = f'{where} [[label]] "{item["text"]}"'
    if not {"category", "question", "period", "total", "unit"} & set(item):
        raise SurveyError(place, "says nothing about the label", "Add category, question, period, total or unit")
    if "category" in item and "dimension" not in item:
        raise SurveyError(place, "has a category without its dimension", 'Add dimension = "<its id>"')
    unit = item.get("unit")
    if unit is not None and unit not in get_args(Unit):
        refuse_key(unit, list(get_args(Unit)), f"{place}, unit")
    return LabelPatch(
        **_name("label", item),
        dimension=item.get("dimension", ""),
        category=item.get("category", ""),
        question=item.get("question", ""),
        period=item.get("period", ""),
        total=item.get("total", False),
        unit=unit,
    )


def _parse_value_patch(item: Mapping[str, Any], where: str) -> ValuePatch:
    _check_item("value", item, where)
    place = f'{where} [[value]] "{item["text"]}"'
    low, high, status = item.get("low"), item.get("high"), item.get("status")
    if status is not None and status not in get_args(Status):
        refuse_key(status, list(get_args(Status)), f"{place}, status")
    if "value" in item and (low is not None or high is not None or status not in (None, "normal")):
        raise SurveyError(place, "gives a value and bounds or a status", "Keep one of the two")
    if "value" not in item and low is None and high is None and status in (None, "normal"):
        raise SurveyError(place, "says nothing about the value", "Add value, low and high, or status")
    bounded = low is not None or high is not None
    if bounded and high is not None and high < (low or 0):
        raise SurveyError(place, "has high under low", "Swap them")
    return ValuePatch(
        **_name("value", item),
        value=item.get("value"),
        bounds=Bounds(low=low or 0, high=high) if bounded or status == "suppressed" else None,
        status=status or ("suppressed" if bounded else "normal"),
    )


def _parse_ignore(item: Mapping[str, Any], where: str) -> Ignore:
    _check_item("ignore", item, where)
    if "text" not in item and "ref" not in item:
        raise SurveyError(f"{where} [[ignore]]", "names no cell", "Add text, or part and ref")
    return Ignore(**_name("ignore", item), part=item.get("part", ""), ref=item.get("ref", ""))


def _refuse_doubles(lookups: Lookups, where: str) -> None:
    """One text cannot mean two things in one place."""
    for patches in (lookups.labels, lookups.values):
        seen: set[tuple[str, Scope]] = set()
        for patch in patches:
            if (patch.text, patch.scope) in seen:
                raise SurveyError(where, f'"{patch.text}" is patched twice', "Keep one, or give them an authority")
            seen.add((patch.text, patch.scope))
