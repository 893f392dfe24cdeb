"""A page of a PDF, or a picture, drawn as a PNG for a person to look at beside what was read from it.

Runs in the worker process like every reader, because what draws a hostile page can fall over. The trap is the
page's own size: a page a mile wide is drawn small, never refused memory for.
"""

import io
import struct
import zlib
from typing import Any

import pypdfium2

from answerable.errors import UnreadableDocument
from answerable.model import Document

_SCALE = 1.6
"""Pixels a point: 115 dots an inch reads well on a screen."""
_MOST_PIXELS = 4_000_000


def draw_page(document: Document, data: bytes, number: int) -> tuple[bytes, float, float]:
    """(PNG, width, height) of the page of that number from 1; width and height in points, as cell refs are.

    Raises UnreadableDocument where there is no such page or it cannot be drawn.
    """
    if not data.startswith(b"%PDF") and b"%PDF" not in data[:1024]:
        return _draw_picture(document, data)
    try:
        pdf = pypdfium2.PdfDocument(data)
        if not 1 <= number <= len(pdf):
            raise UnreadableDocument(document.path, f"has no page {number}", f"Ask for a page from 1 to {len(pdf)}")
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = min(_SCALE, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        pixels: Any = page.render(scale=scale, rev_byteorder=True).to_numpy()
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(document.path, f"page {number} cannot be drawn", "Open it by hand") from error
    return write_png(pixels[:, :, :3]), width, height


def _draw_picture(document: Document, data: bytes) -> tuple[bytes, float, float]:
    """A picture as it is, its size taken at the dots an inch it names, as the reader of scans does."""
    import warnings

    from PIL import Image, UnidentifiedImageError

    from answerable.formats.scan import guess_dpi

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(data))
            dpi = guess_dpi(picture.info.get("dpi"), picture.size)
            width, height = picture.width * 72 / dpi, picture.height * 72 / dpi
            shown = picture.convert("RGB")
            shown.thumbnail((2000, 2000))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise UnreadableDocument(document.path, "cannot be drawn as a picture", "Open it by hand") from error
    out = io.BytesIO()
    shown.save(out, "PNG")
    return out.getvalue(), width, height


def write_png(pixels: Any) -> bytes:
    """Rows of RGB bytes (height, width, 3) as a PNG."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\x00" + pixels[row].tobytes() for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_frame(kind, body) for kind, body in parts)


def _frame(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
