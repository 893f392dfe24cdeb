"""What a file carries beside its cells: pivot caches, embedded files, macros, outside links, properties.

Looks at the names of parts and at the properties, and opens nothing that is embedded. The trap: a file is full of
harmless relations (web addresses in a letter, its template); only links that pull data or files in are counted.
"""

import io
import re
from collections.abc import Callable, Iterator

import olefile

from answerable.errors import UnreadableDocument
from answerable.formats import find_format
from answerable.formats.package import Package
from answerable.model import Document

Hit = tuple[str, str, str]
PARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"xl/pivotCache/pivotCacheDefinition[^/]*\.(xml|bin)"), "quarantine-pivot-cache"),
    (
        re.compile(r"(xl|word|ppt)/(embeddings|activeX)/[^/]+\.(?!rels)[^/]+|Object [^/]*/content\.xml"),
        "quarantine-embedded-object",
    ),
    (re.compile(r"(xl|word)/vbaProject\.bin|Basic/.*\.xml"), "quarantine-macros"),
    (re.compile(r"xl/externalLinks/externalLink[^/]*\.(xml|bin)"), "quarantine-external-link"),
    (re.compile(r"word/comments\.xml"), "quarantine-comments"),
)
LINKS = frozenset("oleObject attachedTemplate subDocument frame image package".split())
PEOPLE = frozenset("creator lastModifiedBy Company Manager initial-creator printed-by".split())
TOOLS = frozenset(
    "openpyxl python-docx xlsxwriter calamine odfpy libreoffice openoffice user windows admin administrator unknown "
    "author owner".split()
)
"""Names in properties that name no one."""
_DELETED = re.compile(rb"<w:(?:del|moveFrom)\s[^>]*>")
_RTF_AUTHOR = re.compile(rb"\{\\(?:author|operator|manager|company) ?([^{}\\]+)\}")


def find_contents(document: Document, data: bytes) -> Iterator[Hit]:
    """(check, part, ref) for each thing a file carries beside its cells."""
    finder = FINDERS.get(find_format(document, data))
    return finder(document, data) if finder else iter(())


def find_in_package(document: Document, data: bytes) -> Iterator[Hit]:
    """Office packages: by the names of their parts, their relations and their properties."""
    with Package(document, data) as package:
        for name in sorted(package.names):
            for pattern, check in PARTS:
                if pattern.fullmatch(name):
                    yield check, "", name
            if name.endswith(".rels"):
                yield from find_links(package, name)
        if "word/document.xml" in package.names:
            for _ in _DELETED.finditer(package.read_member("word/document.xml")):
                yield "quarantine-tracked-changes", "", "word/document.xml"
        for name in ("docProps/core.xml", "docProps/app.xml", "meta.xml"):
            root = package.read_tree(name)
            for item in root.iter() if root is not None else ():
                if (
                    isinstance(item.tag, str)
                    and item.tag.rpartition("}")[2] in PEOPLE
                    and names_someone(item.text or "")
                ):
                    yield "quarantine-document-properties", "", name


def find_links(package: Package, name: str) -> Iterator[Hit]:
    root = package.read_tree(name)
    for item in root if root is not None else ():
        if item.get("TargetMode") == "External" and str(item.get("Type", "")).rpartition("/")[2] in LINKS:
            yield "quarantine-external-link", "", name


def names_someone(text: str) -> bool:
    """Whether a property names a person or a body, not the program that wrote the file."""
    words = re.findall(r"[a-z-]+", text.lower())
    return bool(words) and not TOOLS.issuperset(words) and not {"microsoft", "office"} & set(words)


def find_in_ole(document: Document, data: bytes) -> Iterator[Hit]:
    """Old Office files: by the names of their storages and their summary."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            storages = {entry[0] for entry in ole.listdir(streams=False, storages=True)}
            summary = ole.get_metadata()
            people = [summary.author, summary.last_saved_by, summary.company, summary.manager]
    except (OSError, ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError) as error:
        raise UnreadableDocument(
            document.path, "is damaged: its parts cannot be listed", "Ask the authority to send it again"
        ) from error
    for name in sorted(storages):
        if name in ("Macros", "_VBA_PROJECT_CUR"):
            yield "quarantine-macros", "", name
        elif name == "_SX_DB_CUR":
            yield "quarantine-pivot-cache", "", name
        elif name == "ObjectPool" or name.startswith("MBD"):
            yield "quarantine-embedded-object", "", name
    for person in people:
        if isinstance(person, bytes) and names_someone(person.decode("cp1252", "replace").strip("\0 ")):
            yield "quarantine-document-properties", "", "summary"


def find_in_rtf(_: Document, data: bytes) -> Iterator[Hit]:
    """Rich text: embedded objects and the people named in its information group."""
    for _n in range(data.count(b"\\objdata")):
        yield "quarantine-embedded-object", "", "object"
    for match in _RTF_AUTHOR.finditer(data):
        if names_someone(match[1].decode("cp1252", "replace")):
            yield "quarantine-document-properties", "", "info"


def find_in_pdf(document: Document, data: bytes) -> Iterator[Hit]:
    """PDF: attached files, scripts and the author it names."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(
            document.path, "is damaged or locked", "Ask the authority for a copy that opens without a password"
        ) from error
    try:
        people = pdf.get_metadata_dict().get("Author", "")
        attached = pypdfium2.raw.FPDFDoc_GetAttachmentCount(pdf)
        scripts = pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(pdf)
    finally:
        pdf.close()
    for _ in range(max(0, attached)):
        yield "quarantine-embedded-object", "", "attachment"
    if scripts > 0:
        yield "quarantine-macros", "", "script"
    if names_someone(people):
        yield "quarantine-document-properties", "", "Author"


FINDERS: dict[str, Callable[[Document, bytes], Iterator[Hit]]] = {
    "xlsx": find_in_package,
    "xlsb": find_in_package,
    "docx": find_in_package,
    "ods": find_in_package,
    "xls": find_in_ole,
    "doc": find_in_ole,
    "rtf": find_in_rtf,
    "pdf": find_in_pdf,
}
"""Format -> what looks into it; the others carry nothing beside their text."""
