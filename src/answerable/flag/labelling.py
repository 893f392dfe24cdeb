"""The written records that the model is trained on and the accuracy is measured on, unfolded from their families.

`labelled/` holds families: ways of telling one kind of record, each template with slots, in files for training and
one for testing. No family's wording stands in both, so a score on test is a score on wording not seen. The trap: these
records are written, not real, and flatter than real ones; a force measures its own text with `flag audit`.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_FILES = {"train": ("train-plain", "train-short", "train-open"), "test": ("test",)}
SPLITS = tuple(_FILES)
VARIANTS = {"train": 10, "test": 8}
"""How many records a template with slots gives at most; one without slots gives one and its capitals."""
_LOGS = {"train": ("log-1", "log-2", "log-3", "log-4", "log-6", "log-7", "log-8", "log-9"), "test": ("log-5", "log-10")}
"""Records written one by one in the manner of logs and reports, each file read by the tool once before it was used."""
_GROUPS = 20
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One written record. `label` is yes, no or unclear with every policy switch off; `switch` names the one that
    would make it yes, or is ""."""

    id: str
    family: str
    split: str
    offence: str
    text: str
    label: str
    role: str
    medium: str
    switch: str
    platforms: tuple[str, ...] | None = None
    """Platforms named that the offence involved, None where that was not written down."""


@cache
def read_labelled(split: str) -> tuple[Labelled, ...]:
    """Every written record of "train" or "test", in the order of their families."""
    folder = files("answerable.flag") / "labelled"
    tables = [tomllib.loads((folder / f"{name}.toml").read_text()) for name in _FILES[split]]
    unfolded = tuple(
        record
        for data in tables
        for family in data["family"]
        for record in _unfold_family(split, data["slots"], family)
    )
    return unfolded + tuple(
        record for name in _LOGS[split] for record in parse_log((folder / f"{name}.tsv").read_text(), name, split)
    )


def parse_log(text: str, name: str, split: str) -> Iterator[Labelled]:
    """Records of a table of label, style, text and perhaps platforms parted by tabs, each of its own wording. They
    are dealt into _GROUPS families, which hold nothing in common, so that each is judged by a model trained without
    it."""
    head, *lines = (line.split("\t") for line in text.splitlines())
    for place, cells in enumerate(lines):
        row = dict(zip(head, cells, strict=True))
        label = row["label"]
        yield Labelled(
            id=f"{name}-{place + 1:03}",
            family=f"{name}-{place % _GROUPS}",
            split=split,
            offence="",
            text=row["text"],
            label=label,
            role="medium" if label == "yes" else "",
            medium="",
            switch="",
            platforms=tuple(filter(None, row["platforms"].split("; "))) if "platforms" in row else None,
        )


def _unfold_family(split: str, slots: dict[str, list[str]], family: dict[str, Any]) -> Iterator[Labelled]:
    seen: set[str] = set()
    for template in family["templates"]:
        for variant in range(VARIANTS[split]):
            text = _fill(template, slots, variant)
            if text in seen:
                continue
            seen.add(text)
            yield Labelled(
                id=f"{split}-{family['id']}-{len(seen):03}",
                family=family["id"],
                split=split,
                offence=family["offence"],
                text=text,
                label=family["label"],
                role=family.get("role", "medium" if family["label"] == "yes" else ""),
                medium=family.get("medium", ""),
                switch=family.get("switch", ""),
            )


def _fill(template: str, slots: dict[str, list[str]], variant: int) -> str:
    """One filling of a template, the same every time; each fourth is in capitals, as older systems store text."""

    def choose(match: re.Match[str]) -> str:
        values = slots[match[1]]
        key = f"{template}\x1f{match[1]}\x1f{match.start()}".encode()
        return values[(int.from_bytes(hashlib.sha256(key).digest()[:4], "big") + variant) % len(values)]

    text = _SLOT.sub(choose, template)
    text = text[0].upper() + text[1:]
    return text.upper() if variant % 4 == 3 else text
