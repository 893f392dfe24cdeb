"""Grids as plain tuples, and back: how they cross from the worker to the one who asked.

Stands between `worker` and `safely`. A frozen dataclass takes ten times as long to unpickle as to build, and a
plain tuple needs no trust. The trap: both sides must agree on the order of fields, so both are here.
"""

from typing import Any

from answerable.model import Cell, Document, Finding, Grid, Merge, Source, Touched


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
        place = _flatten_source(item.source) if item.source else None
        touched = tuple((_flatten_source(one.source), one.label, one.dimension) for one in item.touched)
        flat.append((item.check, item.severity, item.message, item.subject, place, touched))
    return tuple(flat)


def _flatten_source(source: Source) -> tuple[str, str, str, str]:
    return source.document, source.part, source.ref, source.quote


def _build_source(frame: Any) -> Source:
    document, part, ref, quote = frame
    return Source(document=document, part=part, ref=ref, quote=quote)


def build_findings(frames: Any) -> tuple[Finding, ...]:
    """The Findings that `flatten_findings` took apart. Raises ValueError or TypeError for anything else."""
    found = []
    for check, severity, message, subject, place, cells in frames:
        source = None if place is None else _build_source(place)
        touched = tuple(
            Touched(source=_build_source(at), label=label, dimension=dimension) for at, label, dimension in cells
        )
        item = Finding(check=check, severity=severity, message=message, subject=subject, source=source, touched=touched)
        found.append(item)
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
