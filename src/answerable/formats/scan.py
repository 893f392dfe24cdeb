"""Pictures of pages to Grids: Tesseract for the words, the same table finder as PDFs for the cells.

Reads png, jpg and tiff, and serves the PDF reader for pages that are only a picture. Every part ends in
", scanned", so that a value read by machine goes to review unless arithmetic bears it out. The trap: Tesseract
reads the lines of a table as letters and leaves out what stands alone, so lines are wiped first (`pixels`) and
the page is read as one block; that loses the spaces of narrow labels, which a second reading gives back (`twice`).
"""

import io
import math
import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from answerable.errors import UnreadableDocument
from answerable.formats.pdf.boxes import Word
from answerable.formats.pdf.grids import make_note, make_text
from answerable.formats.pdf.lines import gather_lines
from answerable.formats.pdf.marks import PageMarks
from answerable.formats.pdf.page import make_page
from answerable.formats.twice import Seen, join_readings
from answerable.model import Document, Grid

ENDING = ", scanned"
"""How the part of every grid ends whose words a machine read off a picture."""
DPI = 300
"""Dots an inch that Tesseract reads best at."""
MAX_PIXELS = 40_000_000
"""Pixels of one page; A3 at 300 dots an inch has 17 million."""
MAX_PICTURES = 40
"""Pages of one document that are read off pictures."""
SECONDS = 60
"""Seconds that Tesseract may take for one page."""
CERTAIN = 70.0
"""Tesseract's certainty of a word, of 100, from which it is rarely wrong."""
SURE = 0.6
"""Share of letters in certain words under which a page may lie on its side or be no text at all."""
DASHES = ("-", "\u2013", "\u2014")
"""What stands between a label and its number in a letter."""
BLOCK, SPARSE = "6", "11"
"""Tesseract's ways to part a page: one block of lines, and text wherever there is any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Words read off a picture, and the share of their letters that stand in words read with certainty."""

    words: tuple[Word, ...]
    sure: float
    lines: tuple[tuple[Seen, ...], ...] = ()


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """Text and table grids of a picture, in the order of its pages; every part ends in `, scanned`.

    Raises UnreadableDocument for a broken or too large picture, and where Tesseract or Pillow is not installed.
    """
    with warnings.catch_warnings():
        # Pillow warns of what is odd in a file; what matters of it is raised or comes out as a grid.
        warnings.simplefilter("ignore")
        return tuple(_read_pages(document, data))


def _read_pages(document: Document, data: bytes) -> Iterator[Grid]:
    for number, (pixels, dpi) in enumerate(_open_picture(document, data), start=1):
        if number > MAX_PICTURES:
            text = f"Pages from {number} on were not read: {MAX_PICTURES} pages of a picture are read."
            yield make_note(document.path, f"page {number} on, not read", text)
            return
        yield from read_pixels(document, number, pixels, dpi)


def read_pixels(document: Document, number: int, pixels: Any, dpi: float) -> Iterator[Grid]:
    """The grids of one page's grey pixels, a numpy array of rows by columns."""
    from answerable.formats.pixels import find_rules

    drawing, clean = find_rules(pixels, dpi)
    reading, turn = read_words(document, clean, dpi), 0
    if reading.sure < SURE:
        reading, turn = _try_turned(document, clean, dpi, reading)
        if turn:
            drawing, _ = find_rules(_turn(pixels, turn), dpi)
    if reading.sure >= SURE:
        second = read_words(document, _turn(clean, turn), dpi, SPARSE)
        reading = parse_lines(join_readings(reading.lines, second.lines))
    height, width = (side * 72.0 / dpi for side in _turn(pixels, turn).shape)
    marks = PageMarks(number=number, width=width, height=height, words=reading.words, drawing=drawing, turn=turn)
    if reading.sure >= SURE:
        yield from make_page(document.path, f"page {number}", marks, ENDING)
    elif reading.words:
        # A map or a photograph: what letters it has are kept as text and make no table.
        yield make_text(document.path, f"page {number}{ENDING}", gather_lines(reading.words), marks.see_box)


def _turn(pixels: Any, turn: int) -> Any:
    """The pixels turned clockwise by `turn` quarters."""
    import numpy

    return numpy.rot90(pixels, -turn)


def _try_turned(document: Document, pixels: Any, dpi: float, first: Reading) -> tuple[Reading, int]:
    """The reading and the clockwise quarter turns of the way round that reads best."""
    # Which way round shows at half the resolution, in a quarter of the time.
    small = pixels[::2, ::2]
    tried = {turn: read_words(document, _turn(small, turn), dpi / 2) for turn in (0, 1, 2, 3)}
    best = max(tried, key=lambda turn: (tried[turn].sure * len(tried[turn].words), turn == 0))
    return (read_words(document, _turn(pixels, best), dpi), best) if best else (first, 0)


def read_words(document: Document, pixels: Any, dpi: float, parted: str = BLOCK) -> Reading:
    """The words that Tesseract reads in a page's pixels, boxes in points."""
    program = shutil.which("tesseract")
    if not program:
        raise UnreadableDocument(
            document.path,
            "it is a picture of text and Tesseract is not installed",
            "Install it (Debian: apt install tesseract-ocr) and build again, or enter the figures in review",
        )
    rows, cols = pixels.shape
    picture = b"P5 %d %d 255\n" % (cols, rows) + pixels.tobytes()
    command = [program, "stdin", "stdout", "--psm", parted, "--dpi", str(round(dpi)), "-l", "eng", "tsv"]
    # One thread: more make Tesseract slower where several documents are read at once.
    settings = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=SECONDS, env=settings, check=True)
    except subprocess.TimeoutExpired as error:
        raise UnreadableDocument(
            document.path, f"reading a page took over {SECONDS} seconds", "Enter its figures in review"
        ) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip()[:200]
        raise UnreadableDocument(
            document.path, f"Tesseract could not read it ({said})", "Install tesseract-ocr-eng, or enter its figures"
        ) from error
    return parse_words(done.stdout.decode("utf-8", "replace"), 72.0 / dpi)


def parse_words(text: str, scale: float) -> Reading:
    """Words of Tesseract's tab-separated output, boxes times `scale`."""
    lines: dict[tuple[str, ...], list[Seen]] = {}
    for row in text.splitlines()[1:]:
        fields = row.split("\t")
        if len(fields) < 12 or not fields[11].strip():
            continue
        left, top, width, height = (float(field) * scale for field in fields[6:10])
        seen = Seen(left, top, left + width, top + height, fields[11].strip(), float(fields[10]))
        lines.setdefault(tuple(fields[2:5]), []).append(seen)
    return parse_lines(tuple(tuple(line) for line in lines.values()))


def parse_lines(lines: tuple[tuple[Seen, ...], ...]) -> Reading:
    """A Reading of lines of words as seen."""
    letters = sum(len(seen.text) for line in lines for seen in line)
    sure = sum(len(seen.text) for line in lines for seen in line if seen.sure >= CERTAIN)
    words = tuple(word for line in lines for word in _even_out(line))
    return Reading(words=words, sure=sure / letters if letters else 0.0, lines=lines)


def _even_out(line: Sequence[Seen]) -> list[Word]:
    """A line's words with one height: Tesseract boxes the ink, and a dash has next to none."""
    usual = median(seen.bottom - seen.top for seen in line)
    height = max(usual, 4.0) * 1.2
    words = []
    for number, seen in enumerate(line):
        middle = (seen.top + seen.bottom) / 2
        left, right = _reach_over(line, number, usual)
        words.append(Word(left, middle - height / 2, right, middle + height / 2, seen.text))
    return words


def _reach_over(line: Sequence[Seen], number: int, height: float) -> tuple[float, float]:
    """Left and right of a word; a dash between words reaches to both, as it does where a file says its width."""
    left, right = line[number].left, line[number].right
    if line[number].text not in DASHES or not 0 < number < len(line) - 1:
        return left, right
    before, after = line[number - 1].right, line[number + 1].left
    near = left - before < 0.7 * height and after - right < 0.7 * height
    return (max(before + 1.5, left - 2.5), min(after - 1.5, right + 2.5)) if near else (left, right)


def _open_picture(document: Document, data: bytes) -> Iterator[tuple[Any, float]]:
    """Grey pixels and dots an inch of each page of a picture file."""
    try:
        from PIL import Image, ImageOps, ImageSequence
    except ModuleNotFoundError as error:
        raise UnreadableDocument(
            document.path, "it is a picture and Pillow is not installed", "Run pip install 'answerable[scan]'"
        ) from error
    import numpy

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as picture:
            for frame in ImageSequence.Iterator(picture):
                wide, high = frame.size
                if wide * high > MAX_PIXELS:
                    raise UnreadableDocument(
                        document.path, f"it is {wide} by {high} pixels large", "Save it smaller and file it again"
                    )
                upright = ImageOps.exif_transpose(frame) or frame
                grey = upright.convert("L")
                dpi = guess_dpi(frame.info.get("dpi"), grey.size)
                if dpi < 0.8 * DPI:
                    times = min(DPI / dpi, math.sqrt(MAX_PIXELS / (wide * high)))
                    grey = grey.resize((round(grey.width * times), round(grey.height * times)))
                    dpi *= times
                yield numpy.asarray(grey), dpi
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise UnreadableDocument(
            document.path, "it is not a whole picture", "Open it to see, or ask the authority to send it again"
        ) from error


def guess_dpi(said: Any, size: tuple[int, int]) -> float:
    """Dots an inch: what the file says if a page of that size can be, else that of an A4 page."""
    try:
        dpi = float(said[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        dpi = 0.0
    longest = max(size)
    return dpi if 4.0 < longest / max(dpi, 1.0) < 24.0 else longest / 11.69
