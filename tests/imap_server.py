"""A real IMAP server (Dovecot) for tests, on loopback, with one user and one mailbox in a folder of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USER, PASSWORD = "survey", "pass word"
_CONFIG = """
protocols = imap
base_dir = {base}/run
state_dir = {base}/run
log_path = {base}/log
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_failure_delay = 0 secs
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{base}/mail
listen = 127.0.0.1
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {secure}
  }}
}}
passdb {{
  driver = passwd-file
  args = {base}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={base}/mail
}}
"""


def find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def serve_mailbox(*files: Path) -> Iterator[tuple[int, int, Path]]:
    """(plain port, TLS port or 0, Maildir) of a running server; skips the test where it cannot run."""
    if not shutil.which("dovecot") or os.getuid() != 0:
        pytest.skip("needs Dovecot, started as root")
    account = pwd.getpwnam("mail")
    base = Path(tempfile.mkdtemp(prefix="dovecot"))
    ports = find_port(), find_port() if files else 0
    words = {"base": base, "user": "mail", "group": "mail", "port": ports[0], "secure": ports[1]}
    named = [base / path.name for path in files]
    lines = f"ssl_cert = <{named[0]}\nssl_key = <{named[1]}" if named else ""
    (base / "dovecot.conf").write_text(_CONFIG.format(**words, ssl="yes" if files else "no", certificate=lines))
    (base / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::::\n")
    for path, copy in zip(files, named, strict=True):
        shutil.copyfile(path, copy)
    for path in (base / "run", base / "mail"):
        path.mkdir()
    for path in (base, *base.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid)
    server = subprocess.Popen(["dovecot", "-F", "-c", str(base / "dovecot.conf")], stdin=subprocess.DEVNULL)
    try:
        wait_for(ports[0], base / "log")
        yield ports[0], ports[1], base / "mail"
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(base, ignore_errors=True)


def wait_for(port: int, log: Path) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(log.read_text() if log.is_file() else "Dovecot did not start")


def put_message(mailbox: Path, folder: str, name: str, data: bytes) -> None:
    """Put a message into a folder of the Maildir: "" is the inbox."""
    root = mailbox / (f".{folder}" if folder else "")
    account = pwd.getpwnam("mail")
    for part in ("cur", "new", "tmp"):
        (root / part).mkdir(parents=True, exist_ok=True)
    (root / "new" / name).write_bytes(data)
    for path in (root, *root.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid)
