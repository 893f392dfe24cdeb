"""Documents that may give away more than they were meant to -> held back until a person decides.

Stands between `decisions` and the pages: screening names what a document hides or gives away, a line of
decisions.jsonl on `document:<path>` releases it or leaves it out, and what is still held is never printed. Its
counts are read all the same: a count gives no one away that the authority did not mean to publish. The trap is
the quote: an observation or a finding of a held document repeats its words, so those go too.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from answerable.formats.screening import PREFIX
from answerable.model import Cell, Decision, Document, Edition, Finding, Grid, Observation, Source

DOCUMENT = "document:"
"""What a Decision on a whole document names before its path; its quote is the document's sha256."""
HELD = "held back"
EVIDENCE = "read from a document that is held back"
_COUNT = re.compile(r"(?!(?:\D*\d){6})(?!.*[A-Za-z]{3})[\s\dA-Za-z,.<>*~\[\]()%–-]{1,12}")
"""A count, a mark or a short code; six digits may be a number of a person, three letters a name."""


def find_held(findings: Iterable[Finding]) -> frozenset[str]:
    """Paths of the documents that are held: those with a screening finding over `info` and no decision on it."""
    return frozenset(
        finding.source.document
        for finding in findings
        if finding.check.startswith(PREFIX) and finding.severity != "info" and finding.source is not None
    )


def split_decisions(decisions: Iterable[Decision]) -> tuple[tuple[Decision, ...], dict[str, Decision]]:
    """The Decisions on observations, and the last one on each document by its path; an undone one is none."""
    on_values = []
    on_documents: dict[str, Decision] = {}
    for decision in decisions:
        if not decision.observation.startswith(DOCUMENT):
            on_values.append(decision)
        elif decision.verdict == "undo":
            on_documents.pop(decision.observation.removeprefix(DOCUMENT), None)
        else:
            on_documents[decision.observation.removeprefix(DOCUMENT)] = decision
    return tuple(on_values), on_documents


def decide_documents(
    documents: Sequence[Document], findings: Sequence[Finding], decided: dict[str, Decision]
) -> tuple[tuple[Finding, ...], frozenset[str]]:
    """The findings as decided, and the paths of documents left out.

    `accept` releases a document: its screening findings give way to one that says who released it. `reject`
    leaves it out: nothing read of it counts. Any other verdict keeps it held. A Decision made on other bytes
    is `decision-stale` and changes nothing.
    """
    known = {document.path: document for document in documents}
    released, left_out, said = set(), set(), []
    for path, decision in sorted(decided.items()):
        document = known.get(path)
        if document is None or document.sha256 != decision.quote:
            said.append(_report_stale(path, decision))
        elif decision.verdict == "accept":
            released.add(path)
            said.append(_report(path, "document-released", "info", f"released by {_show(decision)}"))
        elif decision.verdict == "reject":
            left_out.add(path)
            said.append(_report(path, "document-left-out", "warning", f"left out by {_show(decision)}"))
    settled = released | left_out
    kept = [
        finding
        for finding in findings
        if not (finding.source and finding.source.document in settled and finding.check.startswith(PREFIX))
        and not (finding.source and finding.source.document in left_out)
    ]
    return (*kept, *said), frozenset(left_out)


def hold_back(edition: Edition) -> Edition:
    """The edition as it may be printed: of a held document only the cells that are nothing but a count."""
    held = find_held(edition.findings)
    if not held:
        return edition
    read = {(item.source.document, item.source.part, item.source.ref) for item in edition.observations}
    return replace(
        edition,
        grids=tuple(_mask_grid(grid, read) if grid.document in held else grid for grid in edition.grids),
        observations=tuple(
            _mask_quote(item) if item.source.document in held else item for item in edition.observations
        ),
        findings=tuple(_mask_finding(item, held) for item in edition.findings),
    )


def _mask_grid(grid: Grid, read: set[tuple[str, str, str]]) -> Grid:
    """A letter keeps only the lines that were read from, a table its shape."""
    cells = (cell if _is_count(cell.text) else _mask_cell(cell) for cell in grid.cells)
    kept = (cell for cell in cells if grid.kind != "text" or (grid.document, grid.part, cell.ref) in read)
    return replace(grid, cells=tuple(kept))


def _mask_cell(cell: Cell) -> Cell:
    return replace(cell, text=HELD, value=HELD, kind="text")


def _is_count(text: str) -> bool:
    return _COUNT.fullmatch(text) is not None


def _mask_quote(item: Observation) -> Observation:
    """Its count without the words around it: quote, labels in the evidence, and a text that is more than a count."""
    original = item.original_value if _is_count(item.original_value) else HELD
    quote = item.source.quote if _is_count(item.source.quote) else original
    source = replace(item.source, quote=quote)
    return replace(item, original_value=original, evidence=(EVIDENCE,), source=source)


def _mask_finding(finding: Finding, held: frozenset[str]) -> Finding:
    source = finding.source
    if source is None or source.document not in held or finding.check.startswith(PREFIX):
        return finding
    where = ", ".join(text for text in (f"replies/{source.document}", source.part, source.ref) if text)
    message = f"{where}: what stands there is held back. Decide on the document, then look again."
    return replace(finding, message=message, source=replace(source, quote=""))


def _show(decision: Decision) -> str:
    return f"{decision.by}, {decision.at}: {decision.reason}"


def _report(path: str, check: str, severity: str, what: str) -> Finding:
    return Finding(
        check=check,
        severity="warning" if severity == "warning" else "info",
        message=f"replies/{path}: {what}. Nothing needs doing; undo the decision to hold it again.",
        subject=path.partition("/")[0],
        source=Source(document=path, part="", ref="", quote=""),
    )


def _report_stale(path: str, decision: Decision) -> Finding:
    return Finding(
        check="decision-stale",
        severity="warning",
        message=f"replies/{path}: {decision.by} decided on other bytes than stand there now, or it is gone. "
        "The decision is not applied; decide again.",
        subject=path.partition("/")[0],
        source=Source(document=path, part="", ref="", quote=""),
    )
