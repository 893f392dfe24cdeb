"""A model's answer -> the Proposals in it that hold, and why each of the others was dropped.

Stands between the endpoint and proposals.jsonl. The trap is a fluent answer: nothing in it is believed but what
the survey names and the document says at the place given.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from answerable.model import TOTAL, Grid, Question, Reply, Survey
from answerable.proposals.proposal import Proposal, close_spaces, find_texts, read_quoted

_ARRAY = re.compile(r"\[.*\]", re.DOTALL)


def find_proposals(
    answer: str, survey: Survey, reply: Reply, grids: Sequence[Grid], model: str
) -> tuple[tuple[Proposal, ...], tuple[str, ...]]:
    """(proposals, reasons): what holds in a model's answer, and one sentence for each item that was dropped."""
    texts = find_texts(grids)
    kept: list[Proposal] = []
    dropped: list[str] = []
    for item in _read_items(answer):
        made = _check_item(item, survey, reply, texts, model)
        if isinstance(made, str):
            dropped.append(made)
        elif made not in kept:
            kept.append(made)
    return tuple(kept), tuple(dropped)


def _read_items(answer: str) -> list[Any]:
    """The items of the outermost JSON array in an answer; an answer without one is a single item that is none."""
    found = _ARRAY.search(answer)
    try:
        items = json.loads(found[0]) if found else None
    except (ValueError, RecursionError):
        items = None
    return items if isinstance(items, list) else [None]


def _check_item(
    item: Any, survey: Survey, reply: Reply, texts: Mapping[tuple[str, str, str], str], model: str
) -> Proposal | str:
    if not isinstance(item, dict):
        return "not a JSON object of the form asked for"
    question = next((known for known in survey.questions if known.id == item.get("question")), None)
    if question is None:
        return "names no question of the survey"
    if item.get("period") not in {period.id for period in survey.periods}:
        return "names no period of the survey"
    dimensions = _check_categories(survey, question, item.get("categories") or {})
    if dimensions is None:
        return "names a category that the question does not have, or leaves one out"
    place = (str(item.get("document", "")), str(item.get("part", "")), str(item.get("ref", "")))
    quote, value = close_spaces(str(item.get("quote", ""))), close_spaces(str(item.get("value", "")))
    if not quote or quote not in texts.get(place, ""):
        return "its quote does not stand at the place it names"
    if read_quoted(value, quote) is None:
        return "its value is no count or status that stands in its quote"
    document, part, ref = place
    return Proposal(
        authority=reply.authority,
        question=question.id,
        period=str(item["period"]),
        dimensions=dimensions,
        value=value,
        quote=quote,
        document=document,
        part=part,
        ref=ref,
        model=model,
    )


def _check_categories(survey: Survey, question: Question, given: Any) -> tuple[tuple[str, str], ...] | None:
    """(Dimension id, Category code) for each dimension of the question, None where one is missing or unknown."""
    if not isinstance(given, dict) or set(given) != set(question.dimensions):
        return None
    codes = {item.id: {category.code for category in item.categories} | {TOTAL} for item in survey.dimensions}
    pairs = tuple((name, str(given[name])) for name in question.dimensions)
    return pairs if all(code in codes[name] for name, code in pairs) else None
