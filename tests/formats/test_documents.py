"""Every small reply in tests/documents reads to the cells in tests/expected, and so does what is inside it.

`python tests/formats/test_documents.py` writes the expected files again, for a person to read the difference.
"""

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from answerable.formats import read_document, unpack_document
from answerable.model import Document

TESTS = Path(__file__).resolve().parents[1]
NAMES = sorted(path.name for path in (TESTS / "documents").glob("*.*") if path.suffix != ".md")


def list_cells(document: Document, data: bytes) -> Iterator[list[str]]:
    for grid in read_document(document, data):
        for cell in grid.cells:
            yield [document.path, grid.part, cell.ref, cell.kind, cell.text, repr(cell.value), "hidden" * cell.hidden]
        for area in grid.merges:
            span = f"{area.row},{area.col} to {area.last_row},{area.last_col}"
            yield [document.path, grid.part, span, "merge", "", "", ""]
    for inner, content in unpack_document(document, data):
        yield from list_cells(inner, content)


def write_cells(name: str) -> str:
    document = Document(sha256="", name=name, media_type="", path=name)
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["document", "part", "ref", "kind", "text", "value", "hidden"])
    rows.writerows(list_cells(document, (TESTS / "documents" / name).read_bytes()))
    return file.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_document_reads_to_its_expected_cells(name: str) -> None:
    if name.endswith(".doc") and not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    assert write_cells(name) == (TESTS / "expected" / f"{name}.cells.csv").read_text(encoding="utf-8")


def test_every_document_says_its_origin() -> None:
    readme = (TESTS / "documents" / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"| {name} |" not in readme] == []


if __name__ == "__main__":
    for each in NAMES:
        (TESTS / "expected" / f"{each}.cells.csv").write_text(write_cells(each), encoding="utf-8")
