"""Takes the pictures of docs/images from two built sites: the bundled survey's and a simulated one's.

`python tools/make_images.py demo/cyber-flag/build/site practice/build/site`; the simulated survey should have been
published, corrected and published again, so that its page of changes shows something.
"""

import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

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
"""The README's two."""
SIZES = ((360, "light"), (768, "dark"), (1280, "light"))
COLOURS = 48
"""Pages are drawn in few colours; a palette makes a picture a quarter as large."""


def take_picture(browser: Browser, page: Path, target: Path, width: int, height: int, scheme: str) -> None:
    """Write one page at one size as a palette PNG."""
    view = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    view.goto(page.resolve().as_uri())
    target.parent.mkdir(parents=True, exist_ok=True)
    view.screenshot(path=str(target))
    view.close()
    with Image.open(target) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


def find_pages(site: Path) -> dict[str, Path]:
    """One file for each kind of page; the authority is the first that the last edition corrected, else the first."""
    corrected = [p for p in sorted((site / "authorities").glob("*.html")) if "Corrected</strong>" in p.read_text()]
    authority = (corrected or sorted((site / "authorities").glob("*.html")))[0]
    found = {name: site / f"{name}.html" for name in ("index", "compare", "about", "changes")}
    found |= {"authority": authority, "source": site / "sources" / authority.name}
    return found | {"release": site / "releases" / authority.name}


def take_pictures(bundled: Path, simulated: Path) -> None:
    """Write docs/images/*.png for the README and docs/images/site/<page>-<width>-<scheme>.png for reference."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        for name, page, width, height in SHOTS:
            take_picture(browser, bundled / page, IMAGES / name, width, height, "light")
        for name, path in find_pages(simulated).items():
            for width, scheme in SIZES:
                take_picture(browser, path, IMAGES / "site" / f"{name}-{width}-{scheme}.png", width, 1000, scheme)
        for name, page in (("map", "index.html"), ("region", "regions/region-east-midlands.html")):
            for width, scheme in SIZES:
                target = IMAGES / "site" / f"{name}-{width}-{scheme}.png"
                take_picture(browser, bundled / page, target, width, 1000 if name == "region" else 1400, scheme)
        browser.close()


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]), Path(sys.argv[2]))
