"""What one reply gave, as bytes that can be kept until its documents change, and back.

Stands beside the reading: a build reads again only what changed. The trap is trust: kept bytes may come with a
folder from somebody else, so only plain data and dates are let through, and what does not fit is read again.
"""

import pickle
from dataclasses import dataclass, fields
from typing import Any

from answerable.formats.frames import build_findings, build_grids, flatten_findings, flatten_grids
from answerable.formats.safely import load_plain
from answerable.model import Bounds, Caveat, Document, Exemption, Finding, Grid, Observation, Reply, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one reply gave: itself with all its documents, their grids, observations and findings."""

    reply: Reply
    grids: tuple[Grid, ...]
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]


REPLY = tuple(field.name for field in fields(Reply))
OBSERVATION = tuple(field.name for field in fields(Observation))
PARTS: dict[str, type[Any]] = {"documents": Document, "exemptions": Exemption, "caveats": Caveat}
"""The fields of a Reply that hold dataclasses, and which."""


def dump_read(read: Read) -> bytes:
    """The bytes that `load_read` turns back into the same Read."""
    frames = (
        _flatten_reply(read.reply),
        flatten_grids(read.grids),
        tuple(_flatten_observation(item) for item in read.observations),
        flatten_findings(read.findings),
    )
    return pickle.dumps(frames, protocol=5)


def load_read(data: bytes) -> Read | None:
    """The Read that was kept, None where the bytes are none."""
    try:
        reply, grids, observations, findings = load_plain(data)
        return Read(
            reply=_build_reply(reply),
            grids=build_grids(grids),
            observations=tuple(_build_observation(item) for item in observations),
            findings=build_findings(findings),
        )
    except (ValueError, TypeError):
        return None


def _flatten(item: object) -> tuple[Any, ...]:
    return tuple(getattr(item, field.name) for field in fields(item))  # type: ignore[arg-type]


def _flatten_reply(reply: Reply) -> tuple[Any, ...]:
    return tuple(
        tuple(_flatten(part) for part in getattr(reply, name)) if name in PARTS else getattr(reply, name)
        for name in REPLY
    )


def _build_reply(frame: Any) -> Reply:
    found = dict(zip(REPLY, frame, strict=True))
    for name, kind in PARTS.items():
        names = [field.name for field in fields(kind)]
        found[name] = tuple(kind(**dict(zip(names, part, strict=True))) for part in found[name])
    return Reply(**found)


def _flatten_observation(item: Observation) -> tuple[Any, ...]:
    bounds = (item.bounds.low, item.bounds.high) if item.bounds else None
    own = {"bounds": bounds, "source": (item.source.document, item.source.part, item.source.ref, item.source.quote)}
    return tuple(own[name] if name in own else getattr(item, name) for name in OBSERVATION)


def _build_observation(frame: Any) -> Observation:
    found = dict(zip(OBSERVATION, frame, strict=True))
    if found["bounds"] is not None:
        low, high = found["bounds"]
        found["bounds"] = Bounds(low=low, high=high)
    document, part, ref, quote = found["source"]
    found["source"] = Source(document=document, part=part, ref=ref, quote=quote)
    return Observation(**found)
