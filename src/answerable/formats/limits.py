"""How much one document may cost: sizes, counts, seconds and bytes of memory, as named constants.

Stands under the containers and readers. The trap: a limit must hold on what comes out, not on what a file says
of itself.
"""

MAX_DOCUMENT = 100_000_000
"""Bytes of one document as it came."""
MAX_UNPACKED = 400_000_000
"""Bytes that one container may unpack to."""
MAX_MEMBERS = 5_000
"""Files in one archive."""
MAX_MEMBER = 300_000_000
"""Bytes that one member of an office package may unpack to."""
MAX_CELLS = 3_000_000
"""Cells of one sheet."""
MAX_MERGES = 200_000
"""Merged areas of one sheet."""
