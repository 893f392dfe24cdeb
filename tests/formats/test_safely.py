"""Reading in a worker: the same grids, within bounds, and one bad document never harms the next."""

import pickle

import pytest

from answerable.errors import UnreadableDocument
from answerable.formats import read_document
from answerable.formats.safely import PlainData, WorkerEnded, load_answer, read_safely, unpack_safely
from answerable.model import Document
from format_files import make_document, write_workbook

LARGE = b"1,2,3,4,5,6,7,8,9,10\n" * 2_000_000


def test_a_worker_reads_what_the_reader_reads() -> None:
    document, data = make_document("q3.xlsx"), write_workbook()
    assert read_safely(document, data) == read_document(document, data)
    assert unpack_safely(document, data) == ()


def test_what_is_unreadable_says_so_through_the_worker() -> None:
    with pytest.raises(UnreadableDocument, match=r"kent/a\.xlsx: the file is empty"):
        read_safely(make_document("a.xlsx"), b"")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [({"memory": 400_000_000}, "memory"), ({"seconds": 1}, "too much processor time")],
)
def test_a_document_that_costs_too_much_is_given_up_and_the_next_is_read(limits: dict[str, int], reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_safely(make_document("large.csv"), LARGE, **limits)
    small = make_document("small.csv")
    assert read_safely(small, b"a,1\n", **limits) == read_document(small, b"a,1\n")


def test_an_answer_of_anything_but_plain_data_is_refused() -> None:
    class Harm:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return print, ("harm",)

    with pytest.raises(WorkerEnded, match="cannot be trusted"):
        load_answer(pickle.dumps(("done", Harm(), False)))
    assert issubclass(PlainData, pickle.Unpickler)


def test_a_file_over_the_limit_is_not_even_sent() -> None:
    document = Document(sha256="", name="big.pdf", media_type="", path="kent/big.pdf")
    with pytest.raises(UnreadableDocument, match="larger than the 100 MB"):
        read_safely(document, bytes(200_000_000))
