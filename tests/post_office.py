"""A real mailbox for tests: Dovecot on loopback over a Maildir, and letters to put into it."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
USER = 65534
"""nobody, whose the mail is: Dovecot reads no mail as root."""
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{root}/mail
first_valid_uid = 0
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def deliver(mail: Path, name: str, data: bytes) -> None:
    """Put a letter into a Maildir."""
    for part in ("", "cur", "new", "tmp"):
        (mail / part).mkdir(exist_ok=True)
        (mail / part).chmod(0o777)
    (mail / "tmp" / name).write_bytes(data)
    (mail / "tmp" / name).rename(mail / "new" / name)


@contextmanager
def serve_mailbox(root: Path) -> Iterator[int]:
    """Dovecot over the Maildir `root`/mail; gives its port. Skips where there is no Dovecot to start.

    Its login process runs as another user, so `root` must be open to others: not pytest's own folder.
    """
    if not Path(PROGRAM).exists() or os.geteuid() != 0:
        pytest.skip("needs Dovecot, started as root")
    root.chmod(0o755)
    deliver(root / "mail", "none", b"Subject: welcome\r\n\r\nHello\r\n")
    port = find_port()
    settings = {"root": root, "port": port, "uid": USER, "gid": USER}
    for part in ("run", "state", "home"):
        (root / part).mkdir()
    (root / "home").chmod(0o777)
    config = root / "dovecot.conf"
    config.write_text(CONFIG.format(**settings))
    with subprocess.Popen([PROGRAM, "-F", "-c", str(config)], stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(port, server, root / "dovecot.log")
            yield port
        finally:
            server.terminate()


def wait_for(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as line:
            if line.recv(4) == b"* OK":
                return
        time.sleep(0.05)
    pytest.fail(f"Dovecot does not answer: {log.read_text() if log.exists() else ''}")
