"""The survey folder: the only module that knows paths and file layouts.

    my-survey/  survey.toml  lookups.toml  references.csv  replies/<authority>/...  decisions.jsonl  build/
                contacts.csv  mail.toml  letters/<kind>/<authority>.eml  requests.jsonl  outbox.jsonl

It hands out core types, text and bytes, and takes bytes to write. `replies/` is written once and never
altered, `decisions.jsonl` is only appended to, `build/` can be deleted at any time. The trap: nothing a reply
contains may choose where a file is written or read.
"""

from answerable.store.build import (
    count_kept_errors,
    find_printed,
    forget_readings,
    hash_inputs,
    hash_reader,
    is_current,
    keep_edition,
    keep_reading,
    list_editions,
    read_build,
    read_editions,
    read_printed,
    read_reading,
    write_build,
)
from answerable.store.folder import (
    BUNDLED,
    REPLIES,
    append_decision,
    append_line,
    copy_survey,
    find_audit,
    find_folder,
    list_bundled,
    read_beside,
    read_bytes,
    read_decisions,
    read_lookups,
    read_survey,
    read_text,
    read_texts,
    write_folder,
    write_private,
)
from answerable.store.letters import (
    list_kinds,
    list_letters,
    list_siblings,
    lock_outbox,
    mend_log,
    read_letter,
    read_log,
    remove_drafts,
    write_drafts,
    write_letter,
)
from answerable.store.replies import read_replies

__all__ = [
    "BUNDLED",
    "REPLIES",
    "append_decision",
    "append_line",
    "copy_survey",
    "count_kept_errors",
    "find_audit",
    "find_folder",
    "find_printed",
    "forget_readings",
    "hash_inputs",
    "hash_reader",
    "is_current",
    "keep_edition",
    "keep_reading",
    "list_bundled",
    "list_editions",
    "list_kinds",
    "list_letters",
    "list_siblings",
    "lock_outbox",
    "mend_log",
    "read_beside",
    "read_build",
    "read_bytes",
    "read_decisions",
    "read_editions",
    "read_letter",
    "read_log",
    "read_lookups",
    "read_printed",
    "read_reading",
    "read_replies",
    "read_survey",
    "read_text",
    "read_texts",
    "remove_drafts",
    "write_build",
    "write_drafts",
    "write_folder",
    "write_letter",
    "write_private",
]
