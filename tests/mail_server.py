"""A mail server for tests, run as a process of its own: `python mail_server.py FOLDER SECURITY [CERTIFICATE KEY]`.

Prints its port. Every message it takes is a file in FOLDER, on disk before the answer; what happens to a recipient is
said by the name before the @: `refused`, `later`, `silent` (the line breaks instead of an answer), `slow`, `limited`
(two letters a conversation).
"""

import asyncio
import os
import ssl
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult


class Mailbox:
    """What aiosmtpd asks of a handler."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("refused"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later"):
            return "451 4.7.1 try again later"
        if address.startswith("limited") and getattr(session, "taken", 0) >= 2:
            return "421 4.7.0 too many letters in one conversation"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        session.taken = getattr(session, "taken", 0) + 1
        number = len(list(self.folder.iterdir()))
        with (self.folder / f"{number:05d}.eml").open("xb") as file:
            secured = "secured" if server.transport.get_extra_info("cipher") else "clear"
            file.write(f"X-Received: {','.join(envelope.rcpt_tos)} {secured} {session.auth_data}\r\n".encode())
            file.write(envelope.content)
            os.fsync(file.fileno())
        if envelope.rcpt_tos[0].startswith("silent"):
            server.transport.abort()
        if envelope.rcpt_tos[0].startswith("slow"):
            await asyncio.sleep(0.05)
        return "250 2.0.0 taken"


def check_login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = data.login == b"survey" and data.password == b"pass word"
    return AuthResult(success=good, handled=False, auth_data=data.login.decode())


async def serve(folder: Path, security: str, files: list[str]) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if files else None
    if context:
        context.load_cert_chain(*files)
    handler = Mailbox(folder)

    def answer() -> SMTP:
        started = context if security == "starttls" else None
        login = security != "none"
        return SMTP(
            handler, hostname="localhost", tls_context=started, require_starttls=started is not None,
            authenticator=check_login, auth_required=login, auth_require_tls=security == "starttls",
        )  # fmt: skip

    outer = context if security == "tls" else None
    listening = await asyncio.get_running_loop().create_server(answer, "127.0.0.1", 0, ssl=outer)
    sys.stdout.write(f"{listening.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
