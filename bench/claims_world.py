"""Small surveys with known counts that texts are checked against: facts with their sources, made into Figures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from answerable import store
from answerable.line import read_edition
from answerable.model import Authority, Figure, Reference, Survey
from answerable.survey.periods import parse_period_id
from answerable.survey.register import parse_register

FOLDER = Path(__file__).resolve().parent / "claims"
REGISTER = Path(store.__file__).resolve().parent.parent / "surveys" / "registers" / "uk-police.csv"


def read_register() -> tuple[Authority, ...]:
    """Every authority of the bundled register."""
    return parse_register(REGISTER.read_text(), "uk-police")


def build_world(name: str) -> tuple[Survey, tuple[Figure, ...]]:
    """A bundled survey with every figure that its build prints."""
    edition = read_edition(REGISTER.parent.parent / name, workers=1)
    return edition.survey, edition.figures


def make_world(data: Mapping[str, Any]) -> tuple[Survey, tuple[Figure, ...]]:
    """A survey and its total figures from `data`: a bundled survey or a folder beside it, its periods, its counts.

    `totals` maps a place ("" for the whole area) to counts by period; `categories` maps "dimension:code" to
    counts by place and period; `suppressed` maps a place to [low, high] by period; `missing` names authorities
    that did not answer, by period.
    """
    folder = FOLDER / data["folder"] if "folder" in data else REGISTER.parent.parent / data["survey"]
    survey = store.read_survey(store.find_folder(str(folder)))
    if "periods" in data:
        survey = replace(
            survey, periods=tuple(parse_period_id(text, "world") for text in data["periods"]), comparisons=()
        )
    if "authorities" in data:
        known = {authority.id: authority for authority in read_register()}
        survey = replace(survey, authorities=tuple(known[id_] for id_ in data["authorities"]))
    if "subject" in data:
        survey = replace(survey, subject=data["subject"], area=data.get("area", survey.area))
    if "references" in data:
        survey = replace(survey, references=tuple(_make_reference(row, survey) for row in data["references"]))
    return survey, tuple(_make_figures(data, survey))


def _make_reference(row: Mapping[str, Any], survey: Survey) -> Reference:
    return Reference(
        id=row["id"],
        question=survey.headline,
        measure=row.get("measure", "total"),
        authority=row.get("authority"),
        period=row["period"],
        value=str(row["value"]),
        n_answered=row.get("n_answered"),
        source=row["source"],
        published=row["published"],
        status="stated",
        note="",
    )


def _make_figures(data: Mapping[str, Any], survey: Survey) -> list[Figure]:
    figures = []
    missing: Mapping[str, Sequence[str]] = data.get("missing", {})
    for place, counts in data.get("totals", {}).items():
        for period, value in counts.items():
            figures.append(_make_total(survey, place, period, value, missing.get(period, ())))
    for place, counts in data.get("suppressed", {}).items():
        for period, (low, high) in counts.items():
            figures.append(replace(_make_total(survey, place, period, None, ()), low=low, high=high))
    for name, places in data.get("categories", {}).items():
        dimension, code = name.split(":")
        question = next(q.id for q in survey.questions if dimension in q.dimensions)
        for place, counts in places.items():
            for period, value in counts.items():
                figure = _make_total(survey, place, period, value, ())
                figures.append(
                    replace(
                        figure,
                        id=f"{figure.id}/{dimension}-{code}",
                        question=question,
                        dimensions=((dimension, code),),
                    )
                )
    return figures


def _make_total(survey: Survey, place: str, period: str, value: int | None, missing: Sequence[str]) -> Figure:
    area = not place or place.startswith("region:")
    return Figure(
        id=f"total/{place or 'all'}/{survey.headline}/{period.replace('/', '-')}",
        title=f"{place or survey.area}, {period}",
        kind="total",
        authority=place or None,
        question=survey.headline,
        period=period,
        value=value,
        unit="offences",
        n_asked=len(survey.authorities) if area else 1,
        n_answered=len(survey.authorities) - len(missing) if area else 1,
        missing=tuple(missing),
        observations=(f"{place}{period}",),
    )
