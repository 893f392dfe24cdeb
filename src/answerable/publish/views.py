"""What each kind of page shows: the values its template sets, from stories, figures, replies and drawings.

It stands between `pages`, which indexes an edition, and `site`, which renders. The trap: a drawing never stands
alone; the rows it was drawn from go to the page as a table too.
"""

from collections import Counter
from typing import Any

from answerable.model import Authority, Figure, Reference
from answerable.publish import charts, compare, sources
from answerable.publish.errata import list_notices
from answerable.publish.links import slug
from answerable.publish.pages import (
    OUTCOMES,
    Desk,
    list_left_out,
    list_sentences,
    list_workings,
    say_basis,
    show_map,
    write_cell,
)
from answerable.stories import Story, find_figure, list_comparisons, list_references, name_slug, tell_answer
from answerable.stories.wording import count_noun, name_region, name_source

FUNNEL = "Change against size, with the limits of chance"


def show_index(desk: Desk) -> dict[str, Any]:
    story = desk.stories[None]
    return {
        "story": story,
        "notices": list_notices(desk, None),
        "left_out": list_left_out(desk, None),
        "keys": _list_keys(desk),
        "trend": _show_area_trend(desk, None),
        **show_map(desk),
        "rows": desk.rows,
        "regions": [item for item in desk.stories.values() if item.where and item.where.startswith("region:")],
        "workings": list_workings(desk, list_sentences(story), _list_key_figures(desk)),
    }


def _show_area_trend(desk: Desk, where: str | None) -> dict[str, Any]:
    """An area's trend over the same authorities where a change is told, else its totals as answered."""
    matched = compare.list_matched(desk.ground, where)
    if not matched:
        rows = compare.list_trend(desk.ground, where)
        return _show_trend(where, rows, "Recorded over time", say_basis(desk, where))
    pair = list_comparisons(desk.edition.survey)[0]
    change = find_figure(desk.ground, "change_abs", where, pair.period, base=pair.base)
    noun = desk.edition.survey.authority_noun[1]
    count = count_noun(desk.edition.survey, change.n_matched or 0) if change else noun
    return _show_trend(where, matched, f"Recorded in the same {count}", say_basis(desk, where))


def _list_key_figures(desk: Desk) -> list[Figure]:
    period = desk.edition.survey.periods[-1].id
    figure = find_figure(desk.ground, "total", None, period)
    return [figure] if figure else []


def _list_keys(desk: Desk) -> list[dict[str, str]]:
    """The numbers that stand large on the first page: our total, and the published one beside it."""
    survey, keys = desk.edition.survey, []
    for figure in _list_key_figures(desk):
        text = f"recorded in {figure.period} by {figure.n_answered} of {count_noun(survey, figure.n_asked)}"
        keys.append({"value": write_cell(figure), "text": text, "href": f"#work-{slug(figure.id)}"})
    for item in list_references(desk.ground):
        if item.measure == "total" and item.question == survey.headline:
            keys.append({"value": _write_reference(item), "text": _word_reference(desk, item), "href": item.source})
            break
    answered = sum(reply.outcome in ("successful", "partially_successful") for reply in desk.edition.replies)
    keys.append({"value": str(answered), "text": f"of {count_noun(survey, len(survey.authorities))} answered",
                 "href": "about.html#came"})  # fmt: skip
    return keys


def _write_reference(item: Reference) -> str:
    return f"{int(item.value):,}" if item.value.isdigit() else item.value


def _word_reference(desk: Desk, item: Reference) -> str:
    behind = f" from {count_noun(desk.edition.survey, item.n_answered)}" if item.n_answered else ""
    return f"published for {item.period}{behind} ({name_source(item.source)}); not our count"


def _show_trend(where: str | None, rows: list[charts.Row], title: str, caption: str) -> dict[str, Any]:
    name = f"trend-{name_slug(where)}"
    drawing = charts.frame_chart(charts.draw_trend(rows), name, title, _describe(rows, "period", "text"))
    return {"title": title, "drawing": drawing, "caption": caption, "rows": rows}


def _describe(rows: list[charts.Row], label: str, text: str) -> str:
    """A drawing's text alternative: every row of it in words."""
    return "; ".join(f"{row[label]}: {row[text]}" for row in rows)


def show_authority(desk: Desk, authority: Authority) -> dict[str, Any]:
    """One authority's page."""
    survey, story = desk.edition.survey, desk.stories[authority.id]
    reply = desk.ground.replies.get(authority.id)
    profiles = [
        _show_profile(authority, item) for item in compare.list_profiles(survey, desk.read.get(authority.id, ()))
    ]
    return {
        "story": story,
        "feed": story.slug,
        "notices": list_notices(desk, authority.id),
        "region": _find_region(desk, authority),
        "recreated": reply.recreated_from if reply else (),
        "trend": _show_trend(authority.id, compare.list_trend(desk.ground, authority.id), "Recorded over time",
            f"{survey.subject[:1].upper()}{survey.subject[1:]}, {authority.name}. {say_basis(desk, authority.id)}",
        ),
        "funnel": _show_own_funnel(desk, authority),
        "profiles": profiles,
        "answers": tell_answer(desk.ground, authority),
        "papers": sources.lay_out_reply(reply, {}, {}) if reply else (),
        "workings": list_workings(desk, list_sentences(story), _list_own_figures(desk, authority.id)),
    }  # fmt: skip


def _list_own_figures(desk: Desk, where: str) -> list[Figure]:
    found = (find_figure(desk.ground, "total", where, period.id) for period in desk.edition.survey.periods)
    return [figure for figure in found if figure]


def _find_region(desk: Desk, authority: Authority) -> dict[str, str] | None:
    if not authority.region:
        return None
    story = desk.stories.get(f"region:{authority.region}")
    return {"name": authority.region, "slug": story.slug if story else ""}


def _show_profile(authority: Authority, profile: compare.Profile) -> dict[str, Any]:
    rows = [
        {"category": label, "order": order, "value": value, "text": text}
        for order, (label, text, value, _) in enumerate(profile.rows)
    ]
    drawn = len(rows) <= 20 and all(len(str(row["category"])) <= 8 for row in rows)
    title = f"{authority.name} by {profile.title}, {profile.period}"
    name = f"profile-{slug(profile.title)}"
    svg = charts.draw_profile(rows) if drawn and any(row["value"] for row in rows) else ""
    drawing = charts.frame_chart(svg, name, title, _describe(rows, "category", "text"))
    return {"title": profile.title, "period": profile.period, "rows": profile.rows, "drawing": drawing}


def show_region(desk: Desk, story: Story) -> dict[str, Any]:
    """One region's page: its own story and its authorities."""
    name = (story.where or "").removeprefix("region:")
    own = [row for row in desk.rows if row.authority.region == name]
    return {
        "story": story,
        "feed": story.slug,
        "notices": list_notices(desk, story.where),
        "left_out": list_left_out(desk, story.where),
        "region": None,
        "recreated": (),
        "trend": _show_area_trend(desk, story.where),
        "funnel": {},
        "profiles": (),
        "papers": (),
        "forces": own,
        "place": name_region(name),
        "workings": list_workings(desk, list_sentences(story), _list_own_figures(desk, story.where or "")),
    }


def _show_both(name: str, title: str, drawn: dict[bool, str], said: str) -> dict[str, Any]:
    """The narrow and the broad drawing of one chart; CSS shows the one that fits."""
    return {
        "narrow": charts.frame_chart(drawn[False], f"{name}-narrow", title, said),
        "broad": charts.frame_chart(drawn[True], f"{name}-broad", title, said),
    }


def _describe_points(points: list[charts.Row]) -> str:
    return "; ".join(f"{point['name']}: {point['ratio']:.2f} times, {point['n']:,} in both periods" for point in points)


def _show_own_funnel(desk: Desk, authority: Authority) -> dict[str, Any]:
    """The funnel with one authority marked; nothing where it has no point in it."""
    points, limits = desk.funnel
    index = next((number for number, point in enumerate(points) if point["id"] == authority.id), None)
    drawing = charts.draw_funnel(points, limits, wide=False) if index is not None else ""
    if index is None or not drawing:
        return {}
    marked = charts.choose_point(drawing, index, authority.name)
    return {"narrow": charts.frame_chart(marked, "funnel", FUNNEL, _describe_points([points[index]]))}


def _show_funnel(desk: Desk) -> dict[str, Any]:
    points, limits = desk.funnel
    if not points:
        return {}
    drawn = {wide: charts.draw_funnel(points, limits, wide=wide) for wide in (False, True)}
    rows = sorted(points, key=lambda point: str(point["name"]))
    return {**_show_both("funnel", FUNNEL, drawn, _describe_points(points)), "rows": rows}


def show_compare(desk: Desk) -> dict[str, Any]:
    """The page that sets authorities side by side."""
    ratios, counts = compare.list_ratios(desk.ground), compare.list_counts(desk.ground)
    trends = []
    for row in desk.rows:
        authority = row.authority
        rows = compare.list_trend(desk.ground, authority.id)
        if rows:
            said = _describe(rows, "period", "text")
            drawing = charts.frame_chart(charts.draw_trend(rows), f"each-{authority.id}", authority.name, said)
            trends.append({"id": authority.id, "name": authority.name, "drawing": drawing, "text": said})
    return {
        "ratios": {"rows": ratios, **_show_ratios(ratios)},
        "counts": {"rows": counts, **_show_counts(counts)},
        "funnel": _show_funnel(desk),
        "trends": trends,
    }


def _show_ratios(rows: list[charts.Row]) -> dict[str, Any]:
    drawn = {wide: charts.draw_ratios(rows, wide=wide) for wide in (False, True)}
    said = "; ".join(f"{row['name']}: {row['ratio']:.2f} ({row['low']:.2f} to {row['high']:.2f})" for row in rows)
    return _show_both("ratios", "Ratio of the later count to the earlier, with intervals", drawn, said)


def _show_counts(rows: list[charts.Row]) -> dict[str, Any]:
    drawn = {wide: charts.draw_counts(rows, wide=wide) for wide in (False, True)}
    said = "; ".join(f"{row['name']}: {row['value']:,} ({row['low']:.0f} to {row['high']:.0f})" for row in rows)
    return _show_both("counts", "Counts with intervals", drawn, said)


def show_about(desk: Desk, downloads: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Method, questions, outcomes, downloads, published figures, findings."""
    edition = desk.edition
    outcomes = Counter(OUTCOMES[reply.outcome] for reply in edition.replies)
    found = Counter((item.check, item.severity) for item in edition.findings)
    return {
        "story": desk.stories[None],
        "outcomes": [(name, outcomes[name]) for name in OUTCOMES.values() if outcomes[name]],
        "recreated": [reply for reply in edition.replies if reply.recreated_from],
        "packs": [
            (item.name, f"packs/{item.slug}.zip")
            for item in desk.stories.values()
            if item.where and item.where.startswith("region:")
        ],
        "files": [{"name": name, "text": text} for name, text in downloads],
        "workbook": any(name == "workbook.xlsx" for name, _ in downloads),
        "drawings": charts.can_draw(),
        "findings": [(check, severity, n) for (check, severity), n in sorted(found.items())],
    }
