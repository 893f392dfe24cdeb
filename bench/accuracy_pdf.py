"""Tables found and read in the 27 PDFs of the ICDAR 2013 competition, beside pdfplumber, camelot and kreuzberg.

Every tool finds the tables itself; the truth's regions are not given to it. See `adjacency` for the measure.
"""

import logging
import os
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from adjacency import Pairs, Placed, find_pairs, read_truth, score
from report import Row, write_report

from answerable.formats.pdf import read
from answerable.model import Document

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("ANSWERABLE_CORPUS", ROOT.parent / "shared" / "corpus")) / "icdar2013-eu"

Tables = Iterator[tuple[int, list[Placed]]]


def read_answerable(path: Path) -> Tables:
    document = Document(sha256="", name=path.name, media_type="application/pdf", path=path.name)
    for grid in read(document, path.read_bytes()):
        if grid.kind != "table":
            continue
        ends = {(merge.row, merge.col): (merge.last_row, merge.last_col) for merge in grid.merges}
        page = re.match(r"page (\d+)", grid.part)
        cells = [
            Placed(cell.row, cell.col, *ends.get((cell.row, cell.col), (cell.row, cell.col)), cell.text)
            for cell in grid.cells
        ]
        yield int(page[1]) if page else 0, cells


def _place(rows: list[list[str | None]]) -> list[Placed]:
    return [Placed(r, c, r, c, text or "") for r, row in enumerate(rows) for c, text in enumerate(row)]


def read_pdfplumber(path: Path, **settings: str) -> Tables:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            for rows in page.extract_tables(settings):
                yield page.page_number, _place(rows)


def read_pdfplumber_text(path: Path) -> Tables:
    return read_pdfplumber(path, vertical_strategy="text", horizontal_strategy="text")


def read_camelot(path: Path) -> Tables:
    import camelot

    for table in camelot.read_pdf(str(path), pages="all", flavor="lattice"):
        yield int(table.page), _place(table.df.values.tolist())


def read_kreuzberg(path: Path) -> Tables:
    import kreuzberg

    for table in kreuzberg.extract_file_sync(str(path)).tables:
        yield int(table.page_number), _place(table.cells)


TOOLS: dict[str, Callable[[Path], Tables]] = {
    "answerable": read_answerable,
    "pdfplumber ruled": read_pdfplumber,
    "pdfplumber text": read_pdfplumber_text,
    "camelot lattice": read_camelot,
    "kreuzberg": read_kreuzberg,
}
PACKAGES = ("pypdfium2", "pdfplumber", "camelot-py", "kreuzberg")


def gather_pairs(tables: Tables | list[tuple[int, list[Placed]]]) -> Pairs:
    pairs: Pairs = Counter()
    for page, cells in tables:
        pairs += find_pairs(page, cells)
    return pairs


def measure(
    tool: Callable[[Path], Tables], paths: list[Path], truths: list[Pairs]
) -> tuple[dict[str, float], float, float]:
    """Scores, and seconds for all documents after one is read to load what the tool needs.

    Seconds are of processor time, all threads counted, so that another program on the machine slows nobody; those
    of programs that the tool starts, as Tesseract for the one page that is a picture, come second.
    """
    list(tool(paths[0]))
    begun = os.times()
    found = [list(tool(path)) for path in paths]
    ended = os.times()
    own = ended.user + ended.system - begun.user - begun.system
    started = ended.children_user + ended.children_system - begun.children_user - begun.children_system
    return score(list(zip(truths, map(gather_pairs, found), strict=True))), own, started


def make_rows(
    name: str, scores: dict[str, float], seconds: float, started: float, pages: int, pace: float
) -> list[Row]:
    own = name == "answerable"
    f1, mean = scores["f1"], scores["mean_f1"]
    return [
        Row(name=name, metric="F1 overall", value=f1, bar=">= 0.92" if own else "", holds=f1 >= 0.92 if own else None),
        Row(
            name=name,
            metric="F1 mean over documents",
            value=mean,
            bar=">= 0.85" if own else "",
            holds=mean >= 0.85 if own else None,
        ),
        Row(name=name, metric="precision", value=scores["precision"]),
        Row(name=name, metric="recall", value=scores["recall"]),
        Row(name=name, metric="seconds a page", value=seconds / pages),
        Row(name=name, metric="seconds a page with programs it starts", value=(seconds + started) / pages),
        Row(name=name, metric="pages a second", value=pages / seconds),
        Row(
            name=name,
            metric="times pdfplumber's speed",
            value=pace / seconds,
            bar=">= 5" if own else "",
            holds=pace / seconds >= 5 if own else None,
        ),
    ]


def main() -> None:
    if not CORPUS.is_dir():
        print(f"Skipped: {CORPUS} is not here. Set ANSWERABLE_CORPUS to the folder that holds icdar2013-eu.")
        return
    import pypdfium2

    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    paths = sorted(CORPUS.glob("*.pdf"))
    truths = [gather_pairs(read_truth(path.with_name(f"{path.stem}-str.xml"))) for path in paths]
    pages = sum(len(pypdfium2.PdfDocument(path)) for path in paths)
    measured = {name: measure(tool, paths, truths) for name, tool in TOOLS.items()}
    pace = measured["pdfplumber ruled"][1]
    rows = [row for name, found in measured.items() for row in make_rows(name, *found, pages, pace)]
    note = f"{len(paths)} documents, {pages} pages, processor time, full detection; text compared without case."
    write_report("accuracy-pdf", rows, packages=PACKAGES, note=note)


if __name__ == "__main__":
    main()
