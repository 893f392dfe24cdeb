"""Office packages (zip of XML): members and XML trees, opened safely.

Stands under docx, xlsx and ods. The traps are the bomb (a member that unpacks without end: bytes are counted as
they come out) and the entity (XML that grows when read, or names a file to fetch: entities are not expanded and
nothing is loaded).
"""

import io
import posixpath
import zipfile
from types import TracebackType

from lxml import etree

from answerable.errors import UnreadableDocument
from answerable.formats.limits import MAX_MEMBER, MAX_UNPACKED, ZIP_ERRORS
from answerable.model import Document

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Package:
    """An opened zip whose members come out counted. Raises UnreadableDocument for all that is wrong with it."""

    def __init__(self, document: Document, data: bytes) -> None:
        self.document = document
        self.room = MAX_UNPACKED
        self.relations: dict[str, dict[str, tuple[str, str, bool]]] = {}
        if data.startswith(OLE):
            # Office keeps a workbook or letter that has a password inside an OLE file.
            raise UnreadableDocument(
                document.path, "is protected with a password", "Ask the authority for a copy without a password"
            )
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(data))
        except ZIP_ERRORS as error:
            raise self.report(f"is damaged and cannot be opened ({error})") from error
        self.names = frozenset(self.archive.namelist())

    def __enter__(self) -> "Package":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.archive.close()

    def report(self, what: str) -> UnreadableDocument:
        return UnreadableDocument(
            self.document.path, what, "Open it in an office program and save it again, or ask for another copy"
        )

    def read_member(self, name: str) -> bytes:
        """The bytes of one member, b"" when there is none."""
        if name not in self.names:
            return b""
        limit = min(MAX_MEMBER, self.room)
        try:
            with self.archive.open(name) as member:
                data = member.read(limit + 1)
        except ZIP_ERRORS as error:
            raise self.report(f"is damaged: {name} cannot be unpacked ({error})") from error
        self.room -= len(data)
        if len(data) > limit:
            raise self.report(f"is too large: {name} unpacks to more than {limit:,} bytes")
        return data

    def read_tree(self, name: str) -> etree._Element | None:
        """The root of an XML member, None when there is none or it is empty."""
        return self.parse_tree(name, self.read_member(name))

    def parse_tree(self, name: str, data: bytes) -> etree._Element | None:
        """The root of some XML, None when it is empty; `name` is for the message when it is not XML."""
        if not data:
            return None
        try:
            return etree.fromstring(data, make_parser())
        except etree.XMLSyntaxError as error:
            raise self.report(f"is damaged: {name} is not valid XML ({error})") from error

    def read_relations(self, name: str) -> dict[str, tuple[str, str, bool]]:
        """A part's relations: id -> (kind, target member or address, whether it is outside the package)."""
        if name in self.relations:
            return self.relations[name]
        folder, file = posixpath.split(name)
        root = self.read_tree(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
        found: dict[str, tuple[str, str, bool]] = {}
        for item in root if root is not None else ():
            target = str(item.get("Target", ""))
            outside = item.get("TargetMode") == "External"
            if not outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[str(item.get("Id", ""))] = (str(item.get("Type", "")).rpartition("/")[2], target, outside)
        self.relations[name] = found
        return found

    def find_main(self, usual: str) -> str:
        """The member that holds the document itself, by the package's own relations, else where it usually is."""
        for kind, target, outside in self.read_relations("").values():
            if kind == "officeDocument" and not outside and target in self.names:
                return target
        return usual

    def find_part(self, name: str, kind: str) -> str:
        """The first member of some kind that a part relates to, "" when there is none."""
        return next(
            (target for sort, target, outside in self.read_relations(name).values() if sort == kind and not outside), ""
        )


def make_parser() -> etree.XMLParser:
    """An XML parser that expands no entities, loads no DTD and opens no address."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
