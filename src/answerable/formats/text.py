"""Plain text -> one text grid, a row a line.

A format of its own and the last resort of others. The trap is the encoding: replies come in UTF-8, in Windows
code page 1252 and in UTF-16 with and without a byte-order mark, and a wrong guess turns "–" or "£" into noise.
"""

import codecs

from answerable.formats.cells import Body
from answerable.model import Document, Grid

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """One text grid with a row for each line that is not blank; refs count every line from 1."""
    body = Body(document=document)
    for line in decode_text(data).splitlines():
        body.add_line(line)
    return body.finish()


def decode_text(data: bytes) -> str:
    """The text of a file of unknown encoding; never fails. Control characters but tab and newline are dropped."""
    text = data.decode(find_encoding(data), "replace")
    return text.translate(_CONTROLS)


def find_encoding(data: bytes) -> str:
    """The encoding of some text: its byte-order mark, UTF-16 by its zero bytes, UTF-8 if valid, else cp1252."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    sample = data[:_SAMPLE]
    if sample.count(0) > len(sample) // 5:
        return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A file cut off inside its last character is still UTF-8.
        return (
            "utf-8"
            if error.start >= len(data) - 3 and error.start > 0 and not data[: error.start].isascii()
            else "cp1252"
        )
    return "utf-8"


_CONTROLS = {code: None for code in range(32) if code not in (9, 10, 12, 13)} | {12: "\n"}
