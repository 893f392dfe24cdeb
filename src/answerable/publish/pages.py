"""What each page of the site shows, gathered from stories, figures and replies for its template.

Templates hold words of the page and no numbers; sentences come from `stories`, numbers from figures. The trap:
every figure a page states needs its workings on the same page, so they are collected from the sentences that
were actually set.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from answerable.model import Authority, Comparison, Edition, Figure, Observation, Sentence
from answerable.publish import compare, sources
from answerable.publish.issues import Issue
from answerable.publish.links import Places, find_places
from answerable.publish.outlines import draw_outlines
from answerable.stories import (
    Ground,
    Story,
    find_figure,
    list_comparisons,
    tell_stories,
    word_break,
    write_standing,
    write_value,
)
from answerable.stories.wording import CHANCE, count_noun, write_chance

OUTCOMES = {
    "waiting_response": "no reply",
    "waiting_clarification": "asked for clarification",
    "successful": "answered",
    "partially_successful": "answered in part",
    "rejected": "refused",
    "not_held": "not held",
    "internal_review": "under review",
    "user_withdrawn": "withdrawn",
    "error_message": "not delivered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything the pages are made from, indexed once an edition."""

    edition: Edition
    ground: Ground
    places: Places
    stories: dict[str | None, Story]
    grids: dict[str, list[Any]]
    marks: dict[tuple[str, str, str], Any]
    rows: tuple["Standing", ...]
    read: dict[str, list[Observation]]
    funnel: tuple[list[Any], list[Any]]
    issues: tuple[Issue, ...] = ()
    """The survey's editions so far, this one last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One authority's line in the table of all: figures by period, the change, what chance says, the outcome."""

    authority: Authority
    totals: tuple[Figure | None, ...]
    change: str
    change_value: float | None
    chance: str
    outcome: str
    recreated: bool


def set_desk(edition: Edition, ground: Ground, issues: tuple[Issue, ...] = ()) -> Desk:
    """Index an edition for its pages."""
    read: dict[str, list[Observation]] = {}
    for item in edition.observations:
        read.setdefault(item.authority, []).append(item)
    return Desk(
        edition=edition,
        issues=issues,
        read=read,
        funnel=compare.list_funnel(ground),
        ground=ground,
        places=find_places(edition),
        stories={story.where: story for story in tell_stories(ground)},
        grids=sources.index_grids(edition),
        marks=sources.index_marks(edition.observations),
        rows=tuple(_stand(ground, item) for item in sorted(edition.survey.authorities, key=lambda item: item.name)),
    )


def _stand(ground: Ground, authority: Authority) -> Standing:
    survey, reply = ground.survey, ground.replies.get(authority.id)
    change, chance, size = "", "", None
    for pair in list_comparisons(survey)[:1]:
        change = write_standing(ground, authority, pair)
        figure = find_figure(ground, "change_abs", authority.id, pair.period, base=pair.base)
        size = float(figure.value) if figure and isinstance(figure.value, int | float) else None
        test = find_figure(ground, "p_value", authority.id, pair.period, base=pair.base)
        if size is not None and test and isinstance(test.value, int | float):
            chance = "within chance" if test.value >= CHANCE else "more than chance"
    return Standing(
        authority=authority,
        totals=tuple(find_figure(ground, "total", authority.id, period.id) for period in survey.periods),
        change=change,
        change_value=size,
        chance=chance,
        outcome=OUTCOMES[reply.outcome if reply else "waiting_response"],
        recreated=bool(reply and reply.recreated_from),
    )


def say_basis(desk: Desk, where: str | None) -> str:
    """What a place's trend stands on: the same authorities, whoever answered, or years that cannot be compared."""
    survey, pairs = desk.edition.survey, list_comparisons(desk.edition.survey)[:1]
    declared = [find_figure(desk.ground, "break", where, pair.period, base=pair.base) for pair in pairs]
    if where is not None and not where.startswith("region:"):
        words = "".join(word_break(item) for item in declared if item)
        return f"The periods cannot be compared: {words}." if words else ""
    if not compare.list_matched(desk.ground, where):
        return f"Totals as answered; not always the same {survey.authority_noun[1]}."
    changes = (find_figure(desk.ground, "change_abs", where, pair.period, base=pair.base) for pair in pairs)
    counts = [count_noun(survey, change.n_matched or 0) for change in changes if change]
    return f"Over the {counts[0] if counts else survey.authority_noun[1]} with comparable figures for both periods."


def say_source(desk: Desk, where: str | None) -> str:
    """The line under a chart that leaves the site."""
    survey = desk.edition.survey
    parts = (f"{survey.title}.", say_basis(desk, where), "Simulated: no number is real." if survey.simulated else "")
    return " ".join(part for part in parts if part)


def list_left_out(desk: Desk, where: str | None) -> tuple[tuple[Authority, str], ...]:
    """Each authority of an area that is in no matched total of the latest comparison, with the reason, by name."""
    ground, survey = desk.ground, desk.edition.survey
    for pair in list_comparisons(survey)[:1]:
        change = find_figure(ground, "change_abs", where, pair.period, base=pair.base)
        if change is None or not change.n_matched:
            return ()
        found = []
        for row in desk.rows:
            item = row.authority
            inside = where is None or item.region == where.removeprefix("region:")
            if inside and find_figure(ground, "change_abs", item.id, pair.period, base=pair.base) is None:
                found.append((item, _find_reason(desk, item, pair)))
        return tuple(found)
    return ()


def _find_reason(desk: Desk, item: Authority, pair: Comparison) -> str:
    declared = find_figure(desk.ground, "break", item.id, pair.period, base=pair.base)
    if declared is not None:
        return word_break(declared)
    lacking = [
        period for period in (pair.base, pair.period) if find_figure(desk.ground, "total", item.id, period) is None
    ]
    return f"no figure for {' and '.join(lacking)}" if lacking else "the two figures are not alike"


def list_workings(desk: Desk, sentences: Iterable[Sentence], more: Iterable[Figure] = ()) -> tuple[Figure, ...]:
    """Each figure the sentences state, once, in the order first stated, then `more`."""
    names = [name for sentence in sentences for name in sentence.figures]
    found = [desk.places.figures[name] for name in names if name in desk.places.figures]
    return tuple({figure.id: figure for figure in (*found, *more)}.values())


def list_sentences(story: Story) -> tuple[Sentence, ...]:
    """Every sentence of a story that may state a figure, in the order it is set."""
    return (story.headline, *story.lead, *story.context, *story.published, *story.coverage)


def show_map(desk: Desk) -> dict[str, Any]:
    """The map of this survey's authorities: their outlines where the survey has any, else tiles, and its key."""
    standing = {row.authority.id: row for row in sorted(desk.rows, key=lambda row: row.authority.name)}
    cuts = _cut_quarters(desk)
    shades = {name: _shade(row.totals[-1], cuts[1:]) for name, row in standing.items()}
    outlines = desk.edition.survey.outlines
    return {
        "tiles": [] if outlines else _list_tiles(standing),
        "drawing": draw_outlines(outlines) if outlines else None,
        "standing": standing,
        "shades": shades,
        "map_key": _list_key(cuts),
    }


def _list_tiles(standing: Collection[str]) -> list[dict[str, Any]]:
    """The tiles of authorities by name; none where fewer than half of them have a tile."""
    import csv
    from importlib.resources import files

    text = files("answerable.publish").joinpath("tiles.csv").read_text(encoding="utf-8")
    rows = {row["authority"]: row for row in csv.DictReader(text.splitlines()) if row["authority"] in standing}
    if len(rows) * 2 < len(standing) or len(standing) < 6:
        return []
    top, left = (min(int(row[side]) for row in rows.values()) for side in ("row", "column"))
    return [
        {
            "authority": name,
            "row": int(rows[name]["row"]) - top + 1,
            "column": int(rows[name]["column"]) - left + 1,
            "label": rows[name]["label"],
        }
        for name in standing
        if name in rows
    ]


def _cut_quarters(desk: Desk) -> list[int | float]:
    """The least figure of each quarter of the authorities; [] for fewer than four figures."""
    totals = (row.totals[-1] for row in desk.rows)
    values = sorted(figure.value for figure in totals if figure and isinstance(figure.value, int | float))
    return [values[len(values) * step // 4] for step in range(4)] if len(values) >= 4 else []


def _shade(figure: Figure | None, cuts: Sequence[int | float]) -> str:
    if figure is None:
        return "none"
    if not isinstance(figure.value, int | float):
        return "range"
    return f"q{1 + sum(figure.value >= cut for cut in cuts)}"


def _list_key(cuts: Sequence[int | float]) -> list[tuple[str, str]]:
    """What each shade of the map means, as (shade, words)."""
    if not cuts:
        return [("q1", "has a figure"), ("none", "no figure")]
    words = [f"{low:,} to {high - 1:,}" for low, high in pairwise(cuts)]
    key = [(f"q{number}", text) for number, text in enumerate([*words, f"{cuts[-1]:,} and over"], start=1)]
    return [*key, ("none", "no figure")]


def write_cell(figure: Figure | None) -> str:
    """A figure in a table: its number, its bounds, or [x] where there is none."""
    if figure is None or (figure.value is None and figure.low is None and figure.high is None):
        return "[x]"
    if figure.kind in {"p_value", "adjusted_p"} and isinstance(figure.value, int | float):
        return write_chance(float(figure.value)).removeprefix("p = ").removeprefix("p ")
    return write_value(figure).removeprefix("between ").replace(" and ", "–")
