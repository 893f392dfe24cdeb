"""The process that reads one hostile document after another, within limits; `safely` starts and stops it.

It takes a document on standard input and gives its Grids on standard output, and nothing else: before the first
one it limits its own memory and files and, where the system allows, leaves the network. The trap: a library
that prints would break the answers, so standard output is moved out of reach first.
"""

import contextlib
import ctypes
import os
import pickle
import resource
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from answerable.errors import UnreadableDocument
from answerable.formats import find_format, read_document, unpack_document
from answerable.formats.frames import flatten_documents, flatten_findings, flatten_grids
from answerable.formats.limits import MEMORY, SECONDS, SECONDS_OTHERWISE
from answerable.formats.pdf.draw import draw_page
from answerable.formats.screening import screen_document
from answerable.model import Document

RETIRE = 600_000_000
"""Bytes of memory after which a worker ends itself, so that one large document does not burden the next."""
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000


def open_(document: Document, data: bytes, domains: tuple[str, ...]) -> tuple[Any, ...]:
    """Its grids, what screening finds in it, what is inside it, and why that could not be unpacked.

    Grids once read are not lost for what could not be unpacked.
    """
    grids = read_document(document, data)
    opened = flatten_grids(grids), flatten_findings(screen_document(document, data, grids, domains=domains))
    try:
        return *opened, flatten_documents(unpack_document(document, data)), None
    except UnreadableDocument as error:
        return *opened, (), (error.where, error.what, error.next_step)


TASKS: dict[str, Callable[[Document, bytes, tuple[str, ...]], tuple[Any, ...]]] = {
    "open": open_,
    "read": lambda document, data, _: flatten_grids(read_document(document, data)),
    "unpack": lambda document, data, _: flatten_documents(unpack_document(document, data)),
    "draw": lambda document, data, words: draw_page(document, data, int(words[0])),
}


def main() -> None:
    """Answer tasks until standard input closes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    memory = int(sys.argv[1]) if len(sys.argv) > 1 else MEMORY
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    limit_process(memory)
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        answer = answer_task(frame, seconds)
        retire = answer[0] == "memory" or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > RETIRE
        body = pickle.dumps((*answer, retire), protocol=5)
        answers.write(struct.pack("<Q", len(body)) + body)
        answers.flush()
        if retire:
            return


def limit_process(memory: int) -> None:
    """Bound this process's memory and files and take the network away where the system lets us."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEMORY, MEMORY))
    with contextlib.suppress(OSError, AttributeError):
        system = ctypes.CDLL(None, use_errno=True)
        # As an ordinary user a network namespace needs a user namespace; root needs none and keeps its files.
        system.unshare(_NEW_NET if os.geteuid() == 0 else _NEW_USER | _NEW_NET)


def limit_seconds(seconds: int) -> None:
    """End this process when the next task has used that many processor seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next length-prefixed message, None at the end of the stream."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    (length,) = struct.unpack("<Q", head)
    body = stream.read(length)
    return body if len(body) == length else None


def answer_task(frame: bytes, seconds: int) -> tuple[str, Any]:
    """("done", result), ("unreadable", where what next), ("memory", "") or ("failed", what went wrong)."""
    task, path, name, data, domains = pickle.loads(frame)
    document = Document(sha256="", name=name, media_type="", path=path)
    try:
        limit_seconds(seconds or find_seconds(document, data))
        return "done", TASKS[task](document, data, domains)
    except UnreadableDocument as error:
        return "unreadable", (error.where, error.what, error.next_step)
    except MemoryError:
        return "memory", ""
    except RecursionError:
        return "failed", "it is nested too deeply"
    except (ArithmeticError, LookupError, ValueError, TypeError, AttributeError, OSError, RuntimeError) as error:
        # A reader met bytes that no one foresaw. One document must not end a whole survey's reading.
        return "failed", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def find_seconds(document: Document, data: bytes) -> int:
    limit_seconds(SECONDS_OTHERWISE)
    return SECONDS.get(find_format(document, data), SECONDS_OTHERWISE)


if __name__ == "__main__":
    main()
