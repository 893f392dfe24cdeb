"""The shape of the line: import order, budgets, and names that say what a module makes (DESIGN section 1)."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "answerable"
LINE = (
    "errors model values survey store clock ask formats inbox tables lookups observations proposals decisions "
    "second quarantine flag checks stats bounds figures claims stories publish standards cluster reading line web cli"
).split()
FREE = {"__init__", "__main__", "surveys"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def name_module(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def find_imports(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "answerable":
            parts = node.module.split(".")
            names |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("answerable.")}
    return names - {"__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_imports_only_from_above_and_keeps_its_budget(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    own = name_module(path)
    if own not in FREE:
        assert own in LINE, f"{own} is not in the line; docs/decisions.md says how one is added"
        found = find_imports(tree)
        assert "surveys" not in found or own == "cli", "surveys are data: only a command may write or copy one"
        below = {name for name in found - FREE if LINE.index(name) > LINE.index(own)}
        assert not below, f"{own} imports from below itself: {sorted(below)}"
    assert text.count("\n") <= 400, "a module is at most 400 lines: split it by meaning"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 40, f"{node.name} has {length} lines, the budget is 40"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_opens_with_its_place_and_is_no_drawer(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "common", "misc", "manager", "base"}
    text = path.read_text()
    assert not text or ast.get_docstring(ast.parse(text)), "a module says its place in the line"
    assert "except Exception" not in text
