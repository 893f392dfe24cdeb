"""What tests in a real Chromium ask of pages: a site in a folder, no rule of access broken, nothing too wide."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


def write_site(items: Iterable[tuple[str, bytes]], root: Path) -> str:
    """The address of the site among the rendered files, written below `root`."""
    for name, body in items:
        if name.startswith("site/"):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
    return (root / "site").as_uri()


def find_violations(page: Any, addresses: Iterable[str], rules: Iterable[str] = RULES) -> list[tuple[str, str, str]]:
    """(address, rule, element) for each rule of axe-core that a page breaks."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = []
    for address in addresses:
        page.goto(address)
        result = axe.run(page, options={"runOnly": list(rules)}).response
        found += [(address, item["id"], item["nodes"][0]["html"][:200]) for item in result["violations"]]
    return found


def find_wide(page: Any, addresses: Iterable[str], width: int) -> list[str]:
    """The addresses of pages that scroll sideways in a window so many pixels wide."""
    page.set_viewport_size({"width": width, "height": 800})
    wide = []
    for address in addresses:
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(address)
    return wide
