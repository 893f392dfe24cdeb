"""Fills the generated parts of docs/survey.md and docs/how-to-ask.md from the tables that the code itself reads.

A part stands between `<!-- settings NAME TABLE -->` or `<!-- words NAME -->` and `<!-- end -->`. Run
`python tools/make_docs.py` after changing a setting; a test says when it was forgotten.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import get_args

from answerable.ask.mail import SETTINGS as MAIL_SETTINGS
from answerable.lookups import SETTINGS as LOOKUP_SETTINGS
from answerable.model import CaveatKind, Outcome, Unit
from answerable.survey.parse import REFERENCE_COLUMNS
from answerable.survey.register import COLUMNS
from answerable.survey.settings import SETTINGS, Setting

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = ("survey.md", "how-to-ask.md")
TABLES: Mapping[str, Sequence[Setting]] = {"survey": SETTINGS, "lookups": LOOKUP_SETTINGS, "mail": MAIL_SETTINGS}
WORDS: Mapping[str, Sequence[str]] = {
    "units": get_args(Unit),
    "outcomes": get_args(Outcome),
    "caveats": get_args(CaveatKind),
}
LINES: Mapping[str, Sequence[str]] = {"references": REFERENCE_COLUMNS, "register": COLUMNS}
TYPES: Mapping[object, str] = {
    str: "text",
    int: "whole number",
    list: "list",
    bool: "true or false",
    date: "date",
    datetime: "moment",
}
_PART = re.compile(r"<!-- (settings|words) ([^>]*?) -->(.*?)<!-- end -->", re.DOTALL)


def fill_page(text: str) -> str:
    """The page with every generated part made again."""
    return _PART.sub(fill_part, text)


def fill_part(found: re.Match[str]) -> str:
    kind, name = found[1], found[2]
    if kind == "settings":
        group, _, table = name.partition(" ")
        body = f"\n{draw_table([setting for setting in TABLES[group] if setting.table == table])}\n"
    elif name in WORDS:
        body = ", ".join(f"`{word}`" for word in WORDS[name])
    else:
        body = f"`{','.join(LINES[name])}`"
    return f"<!-- {kind} {name} -->{body}<!-- end -->"


def draw_table(settings: Sequence[Setting]) -> str:
    rows = ["| Key | Type | Left out | What it says |", "|---|---|---|---|"]
    for setting in settings:
        rows.append(f"| `{setting.key}` | {TYPES[setting.type]} | {show_default(setting)} | {setting.help} |")
    return "\n".join(rows)


def show_default(setting: Setting) -> str:
    if setting.required:
        return "**needed**"
    if setting.default in (None, "", []):
        return "nothing"
    if isinstance(setting.default, bool):
        return f"`{str(setting.default).lower()}`"
    if isinstance(setting.default, list):
        return ", ".join(f"`{item}`" for item in setting.default)
    return f"`{setting.default}`"


def main() -> None:
    for name in PAGES:
        page = DOCS / name
        page.write_text(fill_page(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
