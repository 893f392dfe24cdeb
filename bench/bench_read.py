"""How fast replies are read, from bytes to observations, beside tools that only extract text or tables.

1,000 simulated replies; each tool gets the same files of each format in the same run, in one process on one
core, after a warm-up. markitdown and kreuzberg give text and understand nothing of it; pdfplumber and camelot give
tables. Last, all replies over all cores.
"""

import io
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from report import Row, write_report
from simulated import read_documents, write_simulated

from answerable import store
from answerable.cluster import map_documents
from answerable.model import Document, Reply, Survey
from answerable.observations import find_observations

SEED = 4711
N_AUTHORITIES = 1000
MOST = 60
"""No tool is timed on more files of one format than this; slow ones on fewer."""

KINDS = {"xlsx": ".xlsx", "xls": ".xls", "ods": ".ods", "csv": ".csv", "docx": ".docx", "html": ".html", "pdf": ".pdf"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = {
    "xlsx": XLSX,
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "pdf": "application/pdf",
}
Letter = tuple[Reply, Document, bytes]


def time_each(function: Callable[[Letter], object], letters: Sequence[Letter], most: int = MOST) -> float:
    """Files a second of processor time, all threads counted, after a warm-up on the first three.

    Processor time and not the clock's, so that another program on the machine slows nobody's row.
    """
    chosen = letters[:most]
    for letter in chosen[:3]:
        function(letter)
    start = time.process_time()
    for letter in chosen:
        function(letter)
    return len(chosen) / (time.process_time() - start)


def read_whole(survey: Survey, letter: Letter) -> object:
    reply, document, data = letter
    return find_observations(survey, reply, tuple(read_documents(document, data)))


def read_markitdown(letter: Letter) -> object:
    from markitdown import MarkItDown, StreamInfo

    global _markitdown
    _markitdown = _markitdown or MarkItDown(enable_plugins=False)
    suffix = Path(letter[1].name).suffix
    return _markitdown.convert_stream(io.BytesIO(letter[2]), stream_info=StreamInfo(extension=suffix))


_markitdown = None


def read_kreuzberg(letter: Letter) -> object:
    import kreuzberg

    return kreuzberg.extract_bytes_sync(letter[2], MEDIA[Path(letter[1].name).suffix.lstrip(".")])


def read_pdfplumber(letter: Letter) -> object:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(letter[2])) as pdf:
        return [page.extract_tables() for page in pdf.pages]


def read_camelot(letter: Letter) -> object:
    import camelot

    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(letter[2])
        file.flush()
        return camelot.read_pdf(file.name, pages="all", flavor="lattice")


def make_rows(survey: Survey, kind: str, letters: Sequence[Letter]) -> list[Row]:
    """The rows of one format: ours, the peers, and how they compare."""
    ours = time_each(lambda letter: read_whole(survey, letter), letters)
    grids_only = time_each(lambda letter: tuple(read_documents(letter[1], letter[2])), letters)
    rows = [
        Row(name=f"{kind}, answerable, to observations", metric="files/s/core", value=ours),
        Row(name=f"{kind}, answerable, to cells only", metric="files/s/core", value=grids_only),
    ]
    markitdown = time_each(read_markitdown, letters, 20) if kind not in {"ods"} else None
    if markitdown:
        rows.append(Row(name=f"{kind}, markitdown", metric="files/s/core", value=markitdown))
        rows.append(
            Row(name=f"{kind}, answerable / markitdown", metric="times", value=ours / markitdown, bar=">= 5",
                holds=ours >= 5 * markitdown)
        )  # fmt: skip
    kreuzberg = time_each(read_kreuzberg, letters)
    rows.append(Row(name=f"{kind}, kreuzberg", metric="files/s/core", value=kreuzberg))
    rows.append(Row(name=f"{kind}, answerable / kreuzberg", metric="times", value=ours / kreuzberg))
    if kind == "pdf":
        plumber = time_each(read_pdfplumber, letters, 20)
        rows.append(Row(name="pdf, pdfplumber tables", metric="files/s/core", value=plumber))
        rows.append(
            Row(name="pdf, answerable / pdfplumber", metric="times", value=ours / plumber, bar=">= 5",
                holds=ours >= 5 * plumber)
        )  # fmt: skip
        rows.append(Row(name="pdf, camelot lattice", metric="files/s/core", value=time_each(read_camelot, letters, 5)))
    return rows


def read_reply(folder: Path, survey: Survey, reply: Reply) -> int:
    grids = tuple(grid for one in reply.documents for grid in read_documents(one, store.read_bytes(folder, one)))
    return len(find_observations(survey, reply, grids)[0])


class ReadReply:
    """`read_reply` of one folder, in a form that worker processes can be sent."""

    def __init__(self, folder: Path, survey: Survey) -> None:
        self.folder, self.survey = folder, survey

    def __call__(self, reply: Reply) -> int:
        return read_reply(self.folder, self.survey, reply)


def main() -> None:
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as name:
        folder = write_simulated(Path(name) / "survey", N_AUTHORITIES, SEED)
        survey = store.read_survey(folder)
        replies, _ = store.read_replies(folder, survey)
        came = [reply for reply in replies if reply.documents]
        letters = [(reply, one, store.read_bytes(folder, one)) for reply in came for one in reply.documents]
        rows: list[Row] = []
        for kind, suffix in KINDS.items():
            own = [letter for letter in letters if letter[1].name == f"reply{suffix}"]
            print(f"{kind}: {len(own)} files", file=sys.stderr)
            rows += make_rows(survey, kind, own)
        typed = [reply for reply in came if reply.documents[0].name != "scan.pdf"]
        start = time.perf_counter()
        n_observations = sum(map_documents(ReadReply(folder, survey), typed))
        took = time.perf_counter() - start
    cores = len(os.sched_getaffinity(0))
    rows.append(Row(name=f"{len(typed)} replies of every format but scans, {cores} cores", metric="s", value=took))
    rows.append(Row(name="the same", metric="replies/s", value=len(typed) / took))
    rows.append(Row(name="the same", metric="observations", value=n_observations))
    write_report(
        "bench-read",
        rows,
        packages=("markitdown", "kreuzberg", "pdfplumber", "camelot-py", "python-calamine", "selectolax", "pypdfium2"),
        note="Simulated letters of one to four pages, each with four answers. Peers extract text or tables only.",
    )


if __name__ == "__main__":
    main()
