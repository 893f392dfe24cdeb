"""What is kept of a reading: read again only what changed, and nothing trusted that was kept."""

import os
import pickle
from pathlib import Path

import pytest

from answerable import store
from answerable.line import read_edition
from answerable.reading import read_reply
from answerable.reading.kept import dump_read, load_read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return store.copy_survey("cyber-flag", tmp_path / "survey")


def count_read(folder: Path, **options: bool) -> int:
    """How many replies were read from their documents."""
    told = []
    read_edition(
        folder, workers=1, progress=lambda step, done, _: told.append(done) if step == "reading" else None, **options
    )
    return len(told)


def test_only_what_changed_is_read_again(folder: Path) -> None:
    came = [path.parent.name for path in sorted((folder / "replies").glob("*/reply.toml"))]
    assert count_read(folder) == len(came)
    assert count_read(folder) == 0
    document = next(path for path in (folder / "replies" / "kent").iterdir() if path.name != "reply.toml")
    document.write_bytes(document.read_bytes() + b"\n")
    assert count_read(folder) == 1
    assert count_read(folder, afresh=True) == len(came)
    (folder / "lookups.toml").write_text("# a word that may change how a label is read\n")
    assert count_read(folder) == len(came)


def test_a_kept_reading_is_the_reading(folder: Path) -> None:
    first = read_edition(folder, workers=1)
    assert read_edition(folder, workers=1) == first
    survey = store.read_survey(folder)
    for reply in store.read_replies(folder, survey)[0]:
        if reply.documents:
            read = read_reply(folder, survey, store.read_lookups(folder), reply)
            assert load_read(dump_read(read)) == read


def test_a_reply_that_is_gone_leaves_nothing_behind(folder: Path) -> None:
    read_edition(folder, workers=1)
    kept = sorted((folder / ".readings").glob("[0-9a-f]*"))
    for path in (folder / "replies" / "kent").iterdir():
        path.unlink()
    read_edition(folder, workers=1)
    assert len(list((folder / ".readings").glob("[0-9a-f]*"))) == len(kept) - 1


class Trap:
    """What a hostile folder could keep under a right key."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("kept", ["trap", b"", b"\x80\x05.", pickle.dumps(((), (), (), ())), pickle.dumps(7)], ids=repr)
def test_what_was_kept_by_somebody_else_is_not_trusted(folder: Path, tmp_path: Path, kept: bytes | str) -> None:
    first = read_edition(folder, workers=1)
    mark = tmp_path / "executed"
    for path in (folder / ".readings").glob("[0-9a-f]*"):
        path.write_bytes(kept if isinstance(kept, bytes) else pickle.dumps(Trap(mark)))
    assert read_edition(folder, workers=1) == first
    assert not mark.exists()


def test_a_folder_that_cannot_be_written_is_read_all_the_same(folder: Path) -> None:
    (folder / ".readings").write_text("no folder can be made here")
    assert read_edition(folder, workers=1).observations
