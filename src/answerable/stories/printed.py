"""What an edition printed: its figures, its sentences and where each stands, and the readings behind them.

Made from an Edition in memory, or from the files that a published edition keeps, so that both are compared by one
function. It comes after the releases and before the differences. The trap: a kept edition is what was printed
then, so its sentences are read back and never told anew with today's words.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from answerable.errors import FigureError
from answerable.figures import parse_figures_json
from answerable.model import TOTAL, Bounds, Edition, Figure, Observation, Sentence, Source, Status, Survey, Unit
from answerable.stories.ground import prepare_ground
from answerable.stories.releases import Story, tell_stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A sentence with the place whose story it stands in (None for the whole) and the part of that story."""

    where: str | None
    part: str
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One edition as it was printed. `sentences` is None where the edition kept none; `observations` are by id;
    `received` gives the day each authority's reply came, ISO 8601, "" where it is not known."""

    name: str
    figures: tuple[Figure, ...]
    sentences: tuple[Placed, ...] | None
    observations: Mapping[str, Observation]
    received: Mapping[str, str]


def print_edition(edition: Edition, name: str) -> Printed:
    """An edition in memory as it would be printed."""
    ground = prepare_ground(edition.survey, edition.replies, edition.figures)
    return Printed(
        name=name,
        figures=edition.figures,
        sentences=place_sentences(tell_stories(ground)),
        observations={item.id: item for item in edition.observations},
        received={reply.authority: reply.received.isoformat() if reply.received else "" for reply in edition.replies},
    )


def place_sentences(stories: Iterable[Story]) -> tuple[Placed, ...]:
    """Every sentence of every story in the order it is set; notes to editors state no figure and are left out."""
    return tuple(
        Placed(where=story.where, part=part, sentence=sentence)
        for story in stories
        for part, sentences in _list_parts(story)
        for sentence in sentences
    )


def _list_parts(story: Story) -> Iterator[tuple[str, tuple[Sentence, ...]]]:
    yield "headline", (story.headline,)
    yield "lead", story.lead
    yield "context", story.context
    yield "published", story.published
    yield "coverage", story.coverage
    yield "caveats", story.caveats


def write_sentences(placed: Iterable[Placed]) -> bytes:
    """sentences.json: every printed sentence with the figures it states, one a line."""
    rows = (
        {
            "place": item.where,
            "part": item.part,
            "kind": item.sentence.kind,
            "text": item.sentence.text,
            "figures": list(item.sentence.figures),
        }
        for item in placed
    )
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n".encode()


def parse_printed(survey: Survey, name: str, files: Mapping[str, str]) -> Printed:
    """The Printed of an edition's files by name. FigureError for a file that is not what its name says."""
    sentences = files.get("sentences.json")
    return Printed(
        name=name,
        figures=parse_figures_json(files["figures.json"], f"{name}/figures.json"),
        sentences=None if sentences is None else _parse_sentences(sentences, f"{name}/sentences.json"),
        observations=_parse_observations(survey, files.get("observations.csv", ""), f"{name}/observations.csv"),
        received={
            row["id"]: row.get("received", "")
            for row in csv.DictReader(io.StringIO(files.get("authorities.csv", "")))
            if "id" in row
        },
    )


def _parse_sentences(text: str, where: str) -> tuple[Placed, ...]:
    try:
        return tuple(
            Placed(
                where=row["place"],
                part=row["part"],
                sentence=Sentence(kind=row["kind"], text=row["text"], figures=tuple(row["figures"])),
            )
            for row in json.loads(text)
        )
    except (json.JSONDecodeError, TypeError, KeyError) as error:
        raise FigureError(where, f"is not a list of sentences ({error})", "Restore it as it was published") from error


def _parse_observations(survey: Survey, text: str, where: str) -> dict[str, Observation]:
    counted = {question.id for question in survey.questions if question.kind == "count"}
    rows = csv.DictReader(io.StringIO(text))
    try:
        return {row["observation_id"]: _parse_observation(survey, counted, row) for row in rows}
    except (ValueError, KeyError) as error:
        raise FigureError(where, f"is not a table of observations ({error})", "Restore it as published") from error


def _parse_observation(survey: Survey, counted: set[str], row: Mapping[str, Any]) -> Observation:
    value = row["value"] or None
    names = next((question.dimensions for question in survey.questions if question.id == row["question"]), ())
    return Observation(
        survey=row["survey"],
        authority=row["authority"],
        question=row["question"],
        period=row["period"],
        dimensions=tuple((name, row.get(name) or TOTAL) for name in names),
        value=int(value) if value and row["question"] in counted else value,
        bounds=Bounds(low=int(row["low"]), high=int(row["high"]) if row["high"] else None) if row["low"] else None,
        unit=cast(Unit, row["unit"]),
        status=cast(Status, row["status"]),
        accepted=row["accepted"] == "true",
        original_value=row["original_value"],
        origin=row["origin"],
        evidence=tuple(row["evidence"].split(" | ")) if row["evidence"] else (),
        source=Source(document=row["document"], part=row["part"], ref=row["ref"], quote=row["quote"]),
    )
