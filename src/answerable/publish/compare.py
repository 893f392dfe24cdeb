"""Rows behind the drawings: trends, age profiles, ratios and counts with intervals, and the funnel.

They are made from figures, and from the exact arithmetic of `stats` where a figure carries no interval. The
trap: a drawing must not say more than a table would, so whatever is drawn here is also printed as a table, and
an authority whose count is a range is in no drawing that needs a point.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from answerable.model import TOTAL, Figure, Observation, Survey
from answerable.publish.charts import Row
from answerable.stats import bound_count
from answerable.stories import Ground, find_figure, find_totals, list_comparisons, write_value

LIMITS = (("inner", 1.96), ("outer", 3.09))
"""Normal deviates of the 95% and 99.8% limits (APHO funnel plots, Spiegelhalter 2005,
https://doi.org/10.1002/sim.1970)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One breakdown of one authority's latest count: heading and (label, printed text, number or None) rows."""

    title: str
    period: str
    rows: tuple[tuple[str, str, int | None, str], ...]
    """Label, the text as the authority printed it, the number where it is one, the observation's id."""


def list_trend(ground: Ground, where: str | None) -> list[Row]:
    """A row a period; a period without a figure keeps its place with the words "no figure"."""
    rows: list[Row] = []
    for period in ground.survey.periods:
        figure = find_figure(ground, "total", where, period.id)
        exact = figure.value if figure and isinstance(figure.value, int | float) else None
        text = write_value(figure) if figure and (exact is not None or figure.low is not None) else "no figure"
        rows.append({"period": period.id, "order": len(rows), "value": exact, "text": text.replace("between ", "")})
    return rows if any(row["value"] is not None for row in rows) else []


def list_matched(ground: Ground, where: str | None) -> list[Row]:
    """The two matched totals of the latest comparison, for the whole or a region."""
    for pair in list_comparisons(ground.survey)[:1]:
        totals = find_totals(ground, where, pair)
        if totals and totals[0].kind == "matched_total" and all(isinstance(item.value, int | float) for item in totals):
            now, then = totals
            return [
                {"period": period, "order": order, "value": item.value, "text": write_value(item)}
                for order, (period, item) in enumerate(((pair.base, then), (pair.period, now)))
            ]
    return []


def list_ratios(ground: Ground) -> list[Row]:
    """Rate ratio and 95% interval of each authority with a stated change, the largest ratio first."""
    found: list[tuple[float, Row]] = []
    for pair in list_comparisons(ground.survey)[:1]:
        for item in ground.survey.authorities:
            ratio = find_figure(ground, "rate_ratio", item.id, pair.period, base=pair.base)
            if ratio and isinstance(ratio.value, int | float) and ratio.value > 0 and ratio.low and ratio.high:
                row = {"name": item.name, "id": item.id, "ratio": ratio.value, "low": ratio.low, "high": ratio.high}
                found.append((ratio.value, row))
    found.sort(key=lambda pair: (-pair[0], str(pair[1]["name"])))
    return [{**row, "order": order} for order, (_, row) in enumerate(found)]


def list_counts(ground: Ground) -> list[Row]:
    """Latest count and its exact 95% interval of each authority with an exact count, the largest first."""
    period = ground.survey.periods[-1].id
    found: list[Row] = []
    for item in ground.survey.authorities:
        figure = find_figure(ground, "total", item.id, period)
        if figure and isinstance(figure.value, int):
            limits = bound_count(figure.value)
            found.append(
                {"name": item.name, "id": item.id, "value": figure.value, "low": limits.low, "high": limits.high}
            )
    found.sort(key=lambda row: (-int(row["value"]), str(row["name"])))
    return [{**row, "order": order} for order, row in enumerate(found)]


def list_funnel(ground: Ground) -> tuple[list[Row], list[Row]]:
    """Points (both counts together, ratio) and the limits about the matched whole's ratio."""
    for pair in list_comparisons(ground.survey)[:1]:
        whole = find_totals(ground, None, pair)
        if not whole or not all(isinstance(item.value, int) and item.value > 0 for item in whole):
            continue
        points: list[Row] = []
        for item in ground.survey.authorities:
            totals = find_totals(ground, item.id, pair)
            values = [figure.value for figure in totals or ()]
            change = find_figure(ground, "change_abs", item.id, pair.period, base=pair.base)
            if change and len(values) == 2 and all(isinstance(value, int) and value > 0 for value in values):
                now, then = (int(value) for value in values if isinstance(value, int))
                points.append({"name": item.name, "id": item.id, "n": now + then, "ratio": now / then})
        if len(points) < 3:
            return [], []
        centre = _number(whole[0]) / _number(whole[1])
        return points, _list_limits(centre, [int(str(point["n"])) for point in points])
    return [], []


def _number(figure: Figure) -> float:
    return float(figure.value) if isinstance(figure.value, int | float) else 0.0


def _list_limits(centre: float, sizes: Sequence[int]) -> list[Row]:
    """Limits of now/then for a total of n counts shared at the whole's ratio: log ratio has variance 1/(n p q)."""
    share = centre / (1 + centre)
    low, high = math.log(min(sizes) * 0.8), math.log(max(sizes) * 1.2)
    rows = []
    for step in range(25):
        n = math.exp(low + (high - low) * step / 24)
        row: Row = {"n": round(n, 3), "centre": round(centre, 4)}
        for name, deviate in LIMITS:
            spread = math.exp(deviate / math.sqrt(n * share * (1 - share)))
            row[f"{name}_low"], row[f"{name}_high"] = round(centre / spread, 4), round(centre * spread, 4)
        rows.append(row)
    return rows


def list_profiles(survey: Survey, observations: Sequence[Observation]) -> tuple[Profile, ...]:
    """One authority's breakdowns, as it printed them, each for the latest period that has one."""
    profiles = []
    for question in survey.questions:
        if len(question.dimensions) != 1:
            continue
        dimension = next(item for item in survey.dimensions if item.id == question.dimensions[0])
        order = {category.code: index for index, category in enumerate(dimension.categories)}
        labels = {category.code: category.label for category in dimension.categories}
        for period in reversed(survey.periods):
            found = [
                (order[code], item)
                for item in observations
                if (item.question, item.period) == (question.id, period.id)
                and item.accepted
                and (code := dict(item.dimensions).get(dimension.id, TOTAL)) in order
            ]
            if found:
                rows = tuple(
                    (
                        labels[dict(item.dimensions)[dimension.id]],
                        item.original_value,
                        item.value if isinstance(item.value, int) else None,
                        item.id,
                    )
                    for _, item in sorted(found, key=lambda pair: (pair[0], pair[1].id))
                )
                profiles.append(Profile(title=dimension.name, period=period.id, rows=rows))
                break
    return tuple(profiles)
