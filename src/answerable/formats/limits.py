"""How much one document may cost, as named constants, and what a damaged zip can raise.

Stands under the containers and readers. The trap: a limit must hold on what comes out, not on what a file says
of itself. `safely` runs a reader within them.
"""

import struct
import zipfile
import zlib

MAX_DOCUMENT = 100_000_000
"""Bytes of one document as it came."""
MAX_UNPACKED = 400_000_000
"""Bytes that one container may unpack to."""
MAX_MEMBER = 300_000_000
"""Bytes that one member of an office package may unpack to."""
MAX_MEMBERS = 5_000
"""Files in one archive, attachments in one mail, mails in one mailbox."""
MAX_CELLS = 3_000_000
"""Cells of one sheet."""
MAX_MERGES = 200_000
"""Merged areas of one sheet."""
MAX_DEPTH = 8
"""Documents inside documents: a mail in a mail in a zip is three."""

SECONDS: dict[str, int] = {"scan": 240, "pdf": 120}
"""Processor seconds that reading one document may take, by format."""
SECONDS_OTHERWISE = 30
WALL_SECONDS = 300
"""Seconds by the clock for any one document, helpers such as LibreOffice included."""
MEMORY = 3_000_000_000
"""Bytes of address space of the process that reads."""

ZIP_ERRORS: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, LookupError),
    *(NotImplementedError, RuntimeError, OverflowError, TypeError),
)
"""What the standard library raises, besides BadZipFile, for zip files that fuzzing spoiled."""
