"""Letters, settings and a mail server for tests of sending."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

from answerable.ask.mail import Mail, Server
from answerable.ask.send import Letter

TESTS = Path(__file__).resolve().parent


def make_letters(name: str, n: int, *, to: str = "foi") -> list[Letter]:
    """n letters; `to` is the name before the @ of each, which tells the server what to do."""
    return [
        Letter(
            kind="request",
            authority=f"force-{number}",
            message_id=f"<request.{name}-{number}@example.org>",
            recipient=f"{to}@force-{number}.example",
            data=f"Message-ID: <request.{name}-{number}@example.org>\r\nSubject: {number}\r\n\r\n.Text\r\n".encode(),
        )
        for number in range(n)
    ]


def make_mail(port: int, *, security: str = "none", **more: object) -> Mail:
    settings = {"user": "", "password_env": "", "timeout": 20, "per_minute": 100_000, **more}
    copy_to = str(settings.pop("copy_to", ""))
    imap = settings.pop("imap", None)
    server = Server(kind="smtp", host="localhost", port=port, security=security, **settings)  # type: ignore[arg-type]
    return Mail(name="Desk", email="survey@example.org", copy_to=copy_to, smtp=server, imap=imap)  # type: ignore[arg-type]


@contextmanager
def serve_mail(folder: Path, security: str = "none", *files: Path) -> Iterator[int]:
    """A mail server that keeps what it takes in `folder`; gives its port."""
    folder.mkdir(exist_ok=True)
    words = [sys.executable, str(TESTS / "mail_server.py"), str(folder), security, *map(str, files)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield int(server.stdout.readline())
        finally:
            server.kill()


def list_received(folder: Path) -> list[str]:
    """The Message-ID of every message taken, in order, as often as it came."""
    return [str(message_from_bytes(path.read_bytes())["Message-ID"]) for path in sorted(folder.iterdir())]


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """(certificate, key) of localhost, signed by itself."""
    certificate, key = folder / "server.pem", folder / "key.pem"
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost"
    more = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*words.split(), *more], check=True, capture_output=True)
    return certificate, key
