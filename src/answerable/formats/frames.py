"""Grids as plain tuples, and back: how they cross from the worker to the one who asked.

Stands between `worker` and `safely`. A frozen dataclass takes ten times as long to unpickle as to build, and a
plain tuple needs no trust. The trap: both sides must agree on the order of fields, so both are here.
"""

from typing import Any

from answerable.model import Cell, Document, Finding, Grid, Merge, Source


def flatten_grids(grids: tuple[Grid, ...]) -> tuple[Any, ...]:
    """Grids as tuples of strings, numbers and dates."""
    return tuple(
        (
            grid.document,
            grid.part,
            grid.kind,
            tuple((cell.row, cell.col, cell.text, cell.value, cell.kind, cell.ref, cell.hidden) for cell in grid.cells),
            tuple((area.row, area.col, area.last_row, area.last_col) for area in grid.merges),
        )
        for grid in grids
    )


def build_grids(frames: Any) -> tuple[Grid, ...]:
    """The Grids that `flatten_grids` took apart. Raises ValueError or TypeError for anything else."""
    return tuple(
        Grid(
            document=document,
            part=part,
            kind=kind,
            cells=tuple(
                Cell(row=row, col=col, text=text, value=value, kind=sort, ref=ref, hidden=hidden)
                for row, col, text, value, sort, ref, hidden in cells
            ),
            merges=tuple(Merge(row=row, col=col, last_row=down, last_col=right) for row, col, down, right in merges),
        )
        for document, part, kind, cells, merges in frames
    )


def flatten_findings(findings: tuple[Finding, ...]) -> tuple[Any, ...]:
    """Findings as tuples of strings."""
    flat = []
    for item in findings:
        at = item.source
        place = (at.document, at.part, at.ref, at.quote) if at else None
        flat.append((item.check, item.severity, item.message, item.subject, place))
    return tuple(flat)


def build_findings(frames: Any) -> tuple[Finding, ...]:
    """The Findings that `flatten_findings` took apart. Raises ValueError or TypeError for anything else."""
    found = []
    for check, severity, message, subject, place in frames:
        source = None
        if place is not None:
            document, part, ref, quote = place
            source = Source(document=document, part=part, ref=ref, quote=quote)
        found.append(Finding(check=check, severity=severity, message=message, subject=subject, source=source))
    return tuple(found)


def flatten_documents(found: tuple[tuple[Document, bytes], ...]) -> tuple[Any, ...]:
    """Inner documents and their bytes as tuples."""
    return tuple((item.sha256, item.name, item.media_type, item.path, item.parent, data) for item, data in found)


def build_documents(frames: Any) -> tuple[tuple[Document, bytes], ...]:
    """The inner documents that `flatten_documents` took apart. Raises ValueError or TypeError for anything else."""
    return tuple(
        (Document(sha256=sha256, name=name, media_type=media_type, path=path, parent=parent), data)
        for sha256, name, media_type, path, parent, data in frames
    )
