"""docs/survey.md: its tables are those the code reads, and its example is a survey that works."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

from answerable import store
from answerable.lookups import SETTINGS as LOOKUP_SETTINGS
from answerable.lookups import parse_lookups
from answerable.survey import SETTINGS, parse_survey
from answerable.survey.template import LOOKUPS

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "survey.md").read_text(encoding="utf-8")


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_settings_say() -> None:
    assert load_tool().fill_page(PAGE) == PAGE, "run tools/make_docs.py"


def test_every_lookup_setting_stands_in_its_own_table() -> None:
    parts = dict(re.findall(r"<!-- settings lookups (\w+) -->(.*?)<!-- end -->", PAGE, re.DOTALL))
    for setting in LOOKUP_SETTINGS:
        assert f"| `{setting.key}` |" in parts[setting.table], f"{setting.table}.{setting.key}"


def test_every_setting_stands_in_its_own_table() -> None:
    parts = dict(re.findall(r"<!-- settings survey ?([\w.]*) -->(.*?)<!-- end -->", PAGE, re.DOTALL))
    for setting in SETTINGS:
        assert f"| `{setting.key}` |" in parts[setting.table], f"{setting.table}.{setting.key}"


def test_the_example_of_lookups_and_the_starting_one_are_valid() -> None:
    piece = re.search(r"## lookups.toml.*?```toml\n(.*?)```", PAGE, re.DOTALL)
    assert piece
    found = parse_lookups(piece[1], "docs/survey.md")
    assert len(found.labels) == len(found.values) == 1
    start = re.sub(r"^# ?(?=\[|\w+ = )", "", LOOKUPS, flags=re.MULTILINE)
    assert parse_lookups(start, "lookups.toml") == found


def test_the_walk_through_is_a_survey() -> None:
    pieces = re.findall(r"   ```toml\n(.*?)   ```", PAGE, re.DOTALL)
    assert len(pieces) == 3
    text = "\n".join(re.sub(r"^   ", "", piece, flags=re.MULTILINE) for piece in pieces)
    survey = parse_survey(
        text, "docs/survey.md", lambda name: store.read_text(store.BUNDLED / "registers", f"{name}.csv")
    )
    assert [question.id for question in survey.questions] == ["crimes", "crimes-by-offence"]
    assert survey.questions[1].total_of == "crimes"
