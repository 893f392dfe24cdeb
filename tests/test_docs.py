"""The documentation: generated pages are what the code says, and what the README tells people to type exists."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from answerable.cli import COMMANDS
from answerable.store import list_bundled

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def load_tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


TOOL = load_tool("make_commands")


@pytest.mark.parametrize("name", sorted(TOOL.PAGES))
def test_a_generated_page_is_what_the_code_says(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == TOOL.PAGES[name](), "run tools/make_commands.py"


def test_the_accuracy_page_is_what_was_measured() -> None:
    page = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    assert page == load_tool("make_accuracy").describe_accuracy(), "run tools/make_accuracy.py"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_json_and_help(name: str) -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    part = page.split(f"## answerable {name}\n", 1)[1].split("\n## ", 1)[0]
    assert "`--json`" in part
    assert len(part.split("\n\n")[2]) > 20


def test_the_readme_begins_with_two_commands_that_exist() -> None:
    block = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert block
    targets = [line.split()[1] for line in block[1].splitlines()]
    assert targets == ["demo", "test"]
    makefile = (ROOT / "Makefile").read_text()
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    assert "make test" in (ROOT / ".ci" / "run").read_text()


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_what_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", text):
        assert (page.parent / target).exists(), target
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL):
        for name in re.findall(r"^\s*(?:\$ )?answerable ([a-z-]+)", block, re.MULTILINE):
            assert name in COMMANDS, f"answerable {name}"


def test_the_readme_names_every_bundled_survey() -> None:
    assert all(f"`{name}`" in README for name in list_bundled())
