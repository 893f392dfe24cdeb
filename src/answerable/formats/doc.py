"""Old Word documents (doc) and OpenDocument text (odt) -> as docx, through LibreOffice where it is installed.

There is no kept library for the binary format. LibreOffice runs with a profile and a folder of its own that are
deleted after, with macros off, within a time limit. The trap: it starts a second process, so the whole group is
ended, not only the first.
"""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from answerable.errors import UnreadableDocument
from answerable.formats.docx import read as read_docx
from answerable.model import Document, Grid

SECONDS = 90
"""Seconds that one conversion may take."""
PROGRAMS = ("soffice", "libreoffice")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """The grids of the document converted to docx; UnreadableDocument without LibreOffice or when it fails."""
    return read_docx(document, convert(document, data, "docx"))


def convert(document: Document, data: bytes, kind: str) -> bytes:
    """The document in another format ("docx"), by LibreOffice. Links in it are not followed, macros not run."""
    program = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        raise UnreadableDocument(
            document.path,
            "is in an old word-processor format that needs LibreOffice to read",
            "Install LibreOffice (Debian: apt install libreoffice-writer-nogui), or save the document as docx",
        )
    with tempfile.TemporaryDirectory(prefix="answerable-") as folder:
        profile = Path(folder) / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_SETTINGS)
        suffix = "odt" if data.startswith(b"PK") else "doc"
        source = Path(folder) / f"document.{suffix}"
        source.write_bytes(data)
        run_program(document, program, Path(folder), source, kind)
        target = Path(folder) / "out" / f"document.{kind}"
        if not target.is_file():
            raise report_failure(document, "LibreOffice could not open it")
        return target.read_bytes()


def run_program(document: Document, program: str, folder: Path, source: Path, kind: str) -> None:
    command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--nolockcheck"]
    command += ["--convert-to", kind, "--outdir", str(folder / "out"), str(source)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"},
        start_new_session=True,
        preexec_fn=raise_limits,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise report_failure(document, f"LibreOffice took more than {SECONDS} seconds") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def raise_limits() -> None:
    """LibreOffice reserves more address space than a reader may: back to what the system allows."""
    for limit in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (hard, hard))


def report_failure(document: Document, what: str) -> UnreadableDocument:
    return UnreadableDocument(document.path, what, "Open it in a word processor and save it as docx")
