"""Outlook messages: properties, attached mails, rich-text bodies."""

import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from answerable.formats import read_document, unpack_document
from answerable.formats.mail import parse_mail, read_header, write_mail
from answerable.formats.msg import expand_rtf, read_rich
from format_files import make_document, show


def test_the_specification_s_own_example_of_compressed_rich_text() -> None:
    # [MS-OXRTFCP] 4.1.1: "{\rtf1\ansi\ansicpg1252\pard hello world}"
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert expand_rtf(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert read_rich(expand_rtf(packed)).strip() == "hello world"


@pytest.mark.parametrize("content", [b"", b"x" * 40, struct.pack("<II4sI", 99, 99, b"LZFu", 0) + b"\xff\xff\xff"])
def test_broken_rich_text_is_short_not_fatal(content: bytes) -> None:
    assert len(expand_rtf(content)) < 99


def test_an_attached_mail_is_written_the_same_each_time() -> None:
    sent = datetime(2017, 6, 1, 9, 30, tzinfo=UTC)
    made = [
        write_mail(
            "Réponse", "FOI <foi@kent.example>", "a@b.example", sent, ("39 offences", "<p>39"), (("a.csv", b"a,1"),)
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert read_header(parse_mail(make_document("x.eml"), made[0]), "Subject") == "Réponse"
    ((inner, data),) = unpack_document(make_document("x.eml"), made[0])
    assert (inner.name, data) == ("a.csv", b"a,1")


def test_a_real_message_opens_and_its_impossible_date_is_left_out() -> None:
    path = Path(__file__).parents[2].parent / "shared" / "corpus" / "mail" / "strangeDate.msg"
    if not path.is_file():
        pytest.skip("no corpus beside the repository")
    grids = show(read_document(make_document("strangeDate.msg"), path.read_bytes()))
    assert grids[0][0] == "headers" and grids[0][1][0] == ("p1", "Subject: MSG Test File")
    assert not any(text.startswith("Date:") for _, text in grids[0][1])
    assert grids[1][0] == "text" and len(grids[1][1]) > 20
