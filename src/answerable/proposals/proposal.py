"""Proposals: one line of proposals.jsonl each, and the Observations they become.

The trap is a document that changed: a proposal is shown only while its quote still stands at its place.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from answerable.errors import StoreError
from answerable.model import Caveat, Finding, Grid, Observation, Reply, Source, Survey
from answerable.values import Reading, parse_value

FILE = "proposals.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A value that a model reads at one place. `dimensions` pairs Dimension id and Category code in the question's
    order; `value` is the text it stands for, a part of `quote`; `document`, `part` and `ref` say where."""

    authority: str
    question: str
    period: str
    dimensions: tuple[tuple[str, str], ...]
    value: str
    quote: str
    document: str
    part: str
    ref: str
    model: str


Key = tuple[str, str, str, tuple[tuple[str, str], ...]]


def write_proposal(proposal: Proposal) -> str:
    """The line of proposals.jsonl that says this Proposal."""
    return json.dumps(asdict(proposal), ensure_ascii=False)


def parse_proposals(text: str) -> tuple[Proposal, ...]:
    """The Proposals of a proposals.jsonl, in order. StoreError names the line that is none."""
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            found.append(_parse_line(line, f"{FILE}, line {number}"))
    return tuple(found)


def _parse_line(line: str, where: str) -> Proposal:
    try:
        raw = json.loads(line)
        pairs = tuple((str(name), str(code)) for name, code in raw.pop("dimensions"))
        return Proposal(dimensions=pairs, **{name: str(value) for name, value in raw.items()})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreError(where, "is not a proposal", "Remove the line, or run `answerable propose` again") from error


def close_spaces(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def find_texts(grids: Iterable[Grid]) -> dict[tuple[str, str, str], str]:
    """Every visible cell's text by document, part and ref, spaces closed up."""
    return {
        (grid.document, grid.part, cell.ref): close_spaces(cell.text)
        for grid in grids
        for cell in grid.cells
        if not cell.hidden
    }


def read_quoted(value: str, quote: str) -> Reading | None:
    """The Reading of a value that stands in its quote as a whole word, None where it does not or says nothing."""
    found = re.search(rf"(?<![\w.,]){re.escape(value)}(?![\w]|[.,]\d)", quote) if value else None
    reading = parse_value(value) if found else None
    if reading is None or not reading.settled or (reading.value is None and reading.status == "normal"):
        return None
    return reading


def apply_proposals(
    survey: Survey,
    replies: Sequence[Reply],
    grids: Sequence[Grid],
    observations: Sequence[Observation],
    proposals: Sequence[Proposal],
) -> tuple[tuple[Observation, ...], tuple[Finding, ...]]:
    """The Observations that proposals make, none of them accepted, and a Finding for each.

    Left out are proposals whose quote no longer stands at its place, and those for what the rules have read.
    """
    if not proposals:
        return (), ()
    texts = find_texts(grids)
    caveats = {reply.authority: reply.caveats for reply in replies}
    read = {_key(item) for item in observations if item.accepted}
    made: dict[str, Observation] = {item.id: item for item in observations}
    found, said = [], []
    for proposal in proposals:
        stands = proposal.quote in texts.get((proposal.document, proposal.part, proposal.ref), "")
        item = _make_observation(survey, proposal, caveats) if stands else None
        if item is None or _key(item) in read or item.id in made:
            continue
        made[item.id] = item
        found.append(item)
        said.append(_report(item, proposal))
    return tuple(found), tuple(said)


def _key(item: Observation) -> Key:
    return item.authority, item.question, item.period, item.dimensions


def _make_observation(
    survey: Survey, proposal: Proposal, caveats: Mapping[str, tuple[Caveat, ...]]
) -> Observation | None:
    question = next((item for item in survey.questions if item.id == proposal.question), None)
    reading = read_quoted(proposal.value, proposal.quote)
    if question is None or reading is None:
        return None
    kinds = [
        caveat.kind
        for caveat in caveats.get(proposal.authority, ())
        if caveat.question in ("", question.id, question.number) and caveat.period in ("", proposal.period)
    ]
    return Observation(
        survey=survey.id,
        authority=proposal.authority,
        question=question.id,
        period=proposal.period,
        dimensions=proposal.dimensions,
        value=reading.value,
        bounds=reading.bounds,
        unit=question.unit,
        status=reading.status,
        accepted=False,
        original_value=proposal.value,
        origin=f"model:{proposal.model}",
        evidence=(f"proposed by {proposal.model}; its quote stands at {proposal.ref}",),
        caveats=tuple(dict.fromkeys(kinds)),
        source=Source(document=proposal.document, part=proposal.part, ref=proposal.ref, quote=proposal.quote),
    )


def _report(item: Observation, proposal: Proposal) -> Finding:
    categories = "".join(f", {code}" for _, code in item.dimensions)
    return Finding(
        check="review-proposal",
        severity="warning",
        message=f"replies/{item.source.document}, {item.source.part}, {item.source.ref}: {proposal.model} reads "
        f'"{proposal.value}" as question {item.question}, {item.period}{categories}. Accept, correct or reject it.',
        subject=item.authority,
        source=item.source,
    )
