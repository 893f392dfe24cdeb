"""Takes the README's two pictures from a built survey: `python tools/make_images.py demo/cyber-flag/build/site`."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SHOTS = (("national.png", "index.html", 1100, 1150), ("authority.png", "authorities/northamptonshire.html", 400, 1150))


def take_pictures(site: Path) -> None:
    """Write docs/images/*.png, light, at the size the README shows them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        for name, page, width, height in SHOTS:
            view = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            view.goto((site / page).resolve().as_uri())
            view.screenshot(path=str(IMAGES / name))
        browser.close()


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]))
