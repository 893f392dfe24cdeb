"""Items -> files under replies/<authority>/, once each, and a line of inbox.jsonl that says why there.

The file is whole on disk before its line is written, and its name follows from its key: a process killed anywhere
leaves at most a file without a line, which the next run writes. The trap is two runs at once, so a run holds a lock.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from answerable import store
from answerable.ask.contacts import FILE as CONTACTS
from answerable.ask.contacts import parse_contacts
from answerable.ask.references import find_tokens
from answerable.clock.log import FILE as REQUESTS
from answerable.clock.log import make_event, write_event
from answerable.errors import StoreError
from answerable.inbox.exports import Row
from answerable.inbox.items import Item
from answerable.inbox.letters import Letter, find_today
from answerable.inbox.log import FILE, Entry, read_inbox, write_entry
from answerable.inbox.matching import Addressees, Match, index_survey, match_letter, read_first_cells
from answerable.inbox.pages import find_page_owner
from answerable.model import Survey

WAITING = "inbox"
"""Below private/: what waits for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What one run did: Entries it wrote, and how many items it knew already."""

    entries: tuple[Entry, ...]
    n_known: int


def file_items(
    folder: Path,
    survey: Survey,
    items: Iterable[Item],
    *,
    authority: str = "",
    progress: Callable[[int], None] = lambda _: None,
) -> Filed:
    """File every item that is not filed yet; with `authority`, under that one whatever the item says."""
    contacts = parse_contacts(store.read_text(folder, CONTACTS), survey)
    index = index_survey(survey, {name: item.email for name, item in contacts.items()})
    entries: list[Entry] = []
    n_known = 0
    with store.lock_inbox(folder):
        store.mend_log(folder, FILE)
        known = read_inbox(folder)
        for number, item in enumerate(items, start=1):
            entry = _file_item(folder, index, item, authority, known)
            if entry is None:
                n_known += 1
            else:
                entries.append(entry)
                known[entry.key] = entry
            progress(number)
    return Filed(entries=tuple(entries), n_known=n_known)


def _file_item(folder: Path, index: Addressees, item: Item, authority: str, known: Mapping[str, Entry]) -> Entry | None:
    """The Entry of one item, None where it is known. Its file is on disk before its line is."""
    if item.data is None:
        entry = Entry(
            key=hashlib.sha256(f"{item.source}\0{item.name}".encode()).hexdigest()[:16],
            state="waiting",
            authority="",
            on=find_today().isoformat(),
            how="larger than what is read; file its parts by hand",
            source=item.source,
            uid=item.uid,
        )
    elif item.kind == "mail" and not item.name.lower().endswith(".msg"):
        entry = _judge_letter(index, item, Letter(item.data), authority)
    else:
        entry = _judge_file(index, item, item.data, authority)
    earlier = known.get(entry.key)
    if earlier is not None:
        if item.uid and earlier.uid != item.uid:
            # Fetched before by another way: said once more, so that it is not fetched again.
            store.append_line(folder, FILE, write_entry(replace(earlier, uid=item.uid)))
        return None
    if item.data is not None:
        entry = replace(entry, path=_keep(folder, entry, item.data))
    store.append_line(folder, FILE, write_entry(entry))
    return entry


def _judge_letter(index: Addressees, item: Item, letter: Letter, authority: str) -> Entry:
    heads = letter.heads
    today = find_today()
    entry = Entry(
        key=letter.key,
        state="filed",
        authority=authority,
        on=min(heads.sent or today, today).isoformat(),
        how="named by a person",
        path=_name_file(heads.subject, letter.key, ".eml"),
        source=item.source,
        subject=heads.subject[:120],
        domain=heads.sender.rpartition("@")[2],
        uid=item.uid,
    )
    if authority:
        return entry
    if heads.auto == "bounce":
        found = [index.tokens[token] for token in find_tokens(letter.returned) if token in index.tokens]
        return replace(entry, state="bounced", authority=found[0] if found else "", how="a letter that came back")
    return _settle(entry, match_letter(letter, index))


def _judge_file(index: Addressees, item: Item, data: bytes, authority: str) -> Entry:
    key = hashlib.sha256(data).hexdigest()[:16]
    suffix = Path(item.name).suffix.lower()
    entry = Entry(
        key=key,
        state="filed",
        authority=authority,
        on=find_today().isoformat(),
        how="named by a person",
        path=_name_file(Path(item.name).stem, key, suffix),
        source=item.source,
    )
    return entry if authority else _settle(entry, _match_file(index, item.name, suffix, data))


def _match_file(index: Addressees, name: str, suffix: str, data: bytes) -> Match:
    """Whose a file is by the reference in its name or its first cells; a saved page by the site it is from."""
    for how, text in (("the reference in its name", name), ("the reference in it", "")):
        tokens = find_tokens(text or "\n".join(read_first_cells(name, data)))
        found = tuple(dict.fromkeys(index.tokens[token] for token in tokens if token in index.tokens))
        if found:
            return Match(authority=found[0] if len(found) == 1 else "", how=how, candidates=found[1:] and found)
    if suffix in (".html", ".htm"):
        return find_page_owner(data, index)
    return Match(authority="", how="nothing ties it to a request")


def _settle(entry: Entry, match: Match) -> Entry:
    changed = replace(entry, authority=match.authority, how=match.how, candidates=match.candidates)
    return replace(changed, state="filed" if match.authority else "waiting")


def _name_file(text: str, key: str, suffix: str) -> str:
    """A file's name made from what it is called: letters, digits and hyphens, then its key."""
    stem = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:48].strip("-")
    safe = suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ".bin"
    return f"{stem or 'reply'}-{key}{safe}"


def _keep(folder: Path, entry: Entry, data: bytes) -> str:
    """Write the bytes where the Entry belongs and give that path, relative to the survey folder."""
    if entry.state == "filed":
        return store.file_reply(folder, entry.authority, f"{entry.on}-{entry.path}", data)
    name = f"{WAITING}/{entry.on}-{entry.path}"
    store.write_private(folder, {name: data})
    return f"{store.PRIVATE}/{name}"


def assign_letter(folder: Path, survey: Survey, key: str, authority: str) -> Entry:
    """File what waits under an authority, as a person says. StoreError for an unknown key or authority."""
    if authority not in {item.id for item in survey.authorities}:
        raise StoreError(authority, "the survey does not ask it", "Name an id of the register")
    with store.lock_inbox(folder):
        entry, data = _find_waiting(folder, key)
        name = Path(entry.path).name
        path = store.file_reply(folder, authority, name, data)
        made = replace(entry, state="filed", authority=authority, how="named by a person", path=path, uid="")
        store.append_line(folder, FILE, write_entry(made))
    return made


def discard_letter(folder: Path, key: str) -> Entry:
    """Set aside what waits, as a person says; its file stays in private/."""
    with store.lock_inbox(folder):
        entry, _ = _find_waiting(folder, key)
        made = replace(entry, state="discarded", how="set aside by a person", uid="")
        store.append_line(folder, FILE, write_entry(made))
    return made


def _find_waiting(folder: Path, key: str) -> tuple[Entry, bytes]:
    store.mend_log(folder, FILE)
    entry = read_inbox(folder).get(key)
    if entry is None or entry.state not in ("waiting", "bounced", "discarded") or not entry.path:
        raise StoreError(key, "nothing that waits has this key", "See `answerable inbox SURVEY list`")
    return entry, store.read_waiting(folder, entry.path)


def log_rows(folder: Path, rows: Iterable[Row], source: str) -> tuple[Entry, ...]:
    """Write what another site says of requests: status into inbox.jsonl, days into requests.jsonl, each once."""
    made = []
    with store.lock_inbox(folder):
        store.mend_log(folder, FILE)
        store.mend_log(folder, REQUESTS)
        known = read_inbox(folder)
        logged = set(store.read_log(folder, REQUESTS))
        for row in rows:
            entry = _make_status(row, source)
            if known.get(entry.key) != entry:
                store.append_line(folder, FILE, write_entry(entry))
                known[entry.key] = entry
                made.append(entry)
            for kind, on in (("received", row.asked), ("replied", row.answered)):
                line = write_event(row.authority, make_event(kind, on.isoformat(), source)) if on else ""
                if line and line not in logged:
                    store.append_line(folder, REQUESTS, line)
                    logged.add(line)
    return tuple(made)


def _make_status(row: Row, source: str) -> Entry:
    key = hashlib.sha256(f"status\0{row.authority}\0{row.address}".encode()).hexdigest()[:16]
    day = row.answered or row.asked or date.min
    return Entry(
        key=key,
        state="status",
        authority=row.authority,
        on="" if day == date.min else day.isoformat(),
        how=f'"{row.status}" in {source}',
        source=row.address,
        outcome=row.outcome or "",
    )
