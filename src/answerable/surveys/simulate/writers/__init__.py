"""Blocks -> the bytes of a document, one function a format, the same bytes for the same blocks.

Most libraries stamp the time of writing into a file; every writer here takes the stamp out, because a
re-created reply must not change when nothing in it did.
"""

from collections.abc import Callable

from answerable.surveys.simulate.blocks import Part
from answerable.surveys.simulate.writers.letters import write_docx
from answerable.surveys.simulate.writers.mail import write_eml, write_mbox, write_zip
from answerable.surveys.simulate.writers.pages import write_pdf, write_scan
from answerable.surveys.simulate.writers.sheets import write_ods, write_xls, write_xlsx
from answerable.surveys.simulate.writers.text import write_csv, write_html, write_rtf, write_txt

WRITERS: dict[str, Callable[[tuple[Part, ...]], bytes]] = {
    "xlsx": write_xlsx,
    "xls": write_xls,
    "ods": write_ods,
    "csv": write_csv,
    "docx": write_docx,
    "pdf": write_pdf,
    "html": write_html,
    "rtf": write_rtf,
    "txt": write_txt,
}
"""File extension -> writer, for every format that holds one letter or workbook."""

__all__ = [
    "WRITERS",
    "write_csv",
    "write_docx",
    "write_eml",
    "write_html",
    "write_mbox",
    "write_ods",
    "write_pdf",
    "write_rtf",
    "write_scan",
    "write_txt",
    "write_xls",
    "write_xlsx",
    "write_zip",
]
