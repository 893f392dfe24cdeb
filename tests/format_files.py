"""Small documents made for the reader tests, and their grids in a short form."""

import io

import openpyxl

from answerable.formats import read_document
from answerable.model import Document, Grid


def make_document(name: str) -> Document:
    return Document(sha256="", name=name, media_type="", path=f"kent/{name}")


def read(name: str, data: bytes) -> tuple[Grid, ...]:
    return read_document(make_document(name), data)


def show(grids: tuple[Grid, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(grid.part, [(cell.ref, cell.text) for cell in grid.cells]) for grid in grids]


def write_workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Q3"
    sheet.append(["Age", 2015])
    sheet.append(["13", 72.0])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
