"""Documents inside documents as the line opens them: to one stated depth, and nothing read is lost on the way."""

from pathlib import Path

from answerable import store
from answerable.formats.limits import MAX_DEPTH
from answerable.line import read_edition


def nest_mails(count: int) -> bytes:
    """Mails inside mails; each names its own place, counted from the innermost, which is 0."""
    mail = b"Subject: 0\n\nlevel 0\n"
    for n in range(1, count):
        mark = b"=%d=" % n
        mail = (
            b'Subject: %d\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="%s"\n\n'
            b"--%s\nContent-Type: text/plain\n\nlevel %d\n--%s\n"
            b"Content-Type: message/rfc822\n\n%s\n--%s--\n" % (n, mark, mark, n, mark, mail, mark)
        )
    return mail


def test_mails_in_mails_are_read_to_one_depth_and_what_was_read_is_kept(tmp_path: Path) -> None:
    folder = store.copy_survey("cyber-flag", tmp_path / "survey")
    count = MAX_DEPTH + 3
    (folder / "replies" / "kent" / "nested.eml").write_bytes(nest_mails(count))
    edition = read_edition(folder, workers=1)
    said = {cell.text for grid in edition.grids if "nested.eml" in grid.document for cell in grid.cells}
    read = {f"level {count - 1 - depth}" for depth in range(MAX_DEPTH + 1)}
    assert read <= said
    assert f"level {count - MAX_DEPTH - 2}" not in said
    (deep,) = [item for item in edition.findings if item.check == "unreadable-document"]
    assert f"more than {MAX_DEPTH} documents deep" in deep.message
    assert deep.subject == "kent"
