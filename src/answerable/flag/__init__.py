"""The cyber flag: whether a crime record's text says the offence involved the internet, on what platform, and why.

Stands beside the line: records in, flags out, no survey needed. `tokens` parts a block of text into words, `matches`
finds the phrases of `rules/*.toml`, `roles` says what each mention is, `verdicts` settles each record, `score` is
the model for the rest, `describing` puts it in words with its `evidence`, `reading` runs them on a batch, `records`
and `output` are its two ends, `audit` compares the reading with the force's own flag and `reply` answers a request
with it. The trap: a device is not a channel.
"""

from answerable.flag.describing import FLAGS
from answerable.flag.reading import COLUMNS, Job, Settings, flag_bytes, flag_records, make_job
from answerable.flag.verdicts import Policy

__all__ = ["COLUMNS", "FLAGS", "Job", "Policy", "Settings", "flag_bytes", "flag_records", "make_job"]
