"""Figures -> Stories: a release for every authority and region, and the bulletin for the whole.

Headline, lead, context, coverage, caveats and notes to editors, all as Sentences with the figures they state;
`publish` only sets them in type. The trap: a local story leads with its own direction, even where the whole
moved the other way, and one without a figure says so instead of borrowing the national number for its headline.
"""

from dataclasses import dataclass

from answerable.model import Authority, Comparison, Figure, Sentence
from answerable.stories.grammar import (
    REGION,
    find_percent,
    find_totals,
    is_known,
    tell_chance,
    tell_change,
    tell_level,
    tell_no_change,
    tell_silence,
    write_value,
)
from answerable.stories.ground import (
    Ground,
    find_authority,
    find_figure,
    list_comparisons,
    list_regions,
)
from answerable.stories.notes import Note, write_notes
from answerable.stories.references import list_references, tell_ages, tell_reference
from answerable.stories.wording import (
    count_noun,
    name_region,
    name_subject,
    write_list,
    write_number,
    write_percent,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One release or bulletin. `where` is an authority id, `region:<name>` or None for the whole; `slug` names
    its file; `told` is False where the place has no figure of its own."""

    where: str | None
    slug: str
    name: str
    told: bool
    headline: Sentence
    lead: tuple[Sentence, ...]
    context: tuple[Sentence, ...]
    published: tuple[Sentence, ...]
    coverage: tuple[Sentence, ...]
    caveats: tuple[Sentence, ...]
    notes: tuple[Note, ...]
    helplines: tuple[str, ...]
    embargo: str


def tell_stories(ground: Ground) -> tuple[Story, ...]:
    """The bulletin, the regions by name, then every authority in the survey's order."""
    places: list[str | None] = [None]
    places += [f"{REGION}{name}" for name in list_regions(ground.survey) if _has_region(ground, name)]
    places += [authority.id for authority in ground.survey.authorities]
    return tuple(tell_story(ground, where) for where in places)


def tell_story(ground: Ground, where: str | None) -> Story:
    """One place's story."""
    survey = ground.survey
    period = survey.periods[-1].id
    lead = _tell_lead(ground, where)
    return Story(
        where=where,
        slug=name_slug(where),
        name=_name(ground, where),
        told=bool(lead) and not lead[0].kind.startswith(("silent", "no_figure")),
        headline=write_headline(ground, where),
        lead=lead,
        context=_tell_context(ground, where, period),
        published=_tell_published(ground, where),
        coverage=tell_coverage(ground, where),
        caveats=_tell_caveats(ground, where),
        notes=write_notes(ground, where),
        helplines=survey.helplines,
        embargo=survey.embargo,
    )


def name_slug(where: str | None) -> str:
    """The file stem of a place: "bulletin", "region-north-east", "kent"."""
    if where is None:
        return "bulletin"
    return where.replace(REGION, "region-").replace(" ", "-").casefold() if where.startswith(REGION) else where


def write_headline(ground: Ground, where: str | None) -> Sentence:
    """The headline: the latest number and its own direction; a silence where there is no number."""
    survey, name = ground.survey, _name(ground, where)
    for pair in list_comparisons(survey):
        totals = find_totals(ground, where, pair)
        if totals and totals[0].kind == "matched_total":
            name = f"{_name(ground, where)}, {count_noun(survey, totals[0].n_answered)}"
        change = find_figure(ground, "change_abs", where, pair.period, base=pair.base)
        if totals and change and isinstance(change.value, int | float):
            return _head_change(ground, name, pair, totals, change)
    for period in reversed(survey.periods):
        figure = find_figure(ground, "total", where, period.id)
        if figure and is_known(figure):
            subject = name_subject(survey, ground.headline, figure.value if isinstance(figure.value, int) else None)
            text = f"{name}: {write_value(figure)} {subject} in {period.id}"
            return Sentence(kind="headline_level", text=text, figures=(figure.id,))
    return Sentence(kind="headline_silent", text=f"{name}: no figure for {survey.subject}")


def _head_change(
    ground: Ground, name: str, pair: Comparison, totals: tuple[Figure, Figure], change: Figure
) -> Sentence:
    now, then = totals
    size = change.value if isinstance(change.value, int | float) else 0
    way = "up from" if size > 0 else "down from" if size < 0 else "the same as"
    subject = name_subject(ground.survey, ground.headline, now.value if isinstance(now.value, int) else None)
    text = f"{name}: {write_value(now)} {subject} in {pair.period}, {way} {write_value(then)} in {pair.base}"
    kind = "headline_rose" if size > 0 else "headline_fell" if size < 0 else "headline_same"
    return Sentence(kind=kind, text=text, figures=(now.id, then.id))


def _tell_lead(ground: Ground, where: str | None) -> tuple[Sentence, ...]:
    """Level and change with what chance would give; or the level and why there is no change; or the silence."""
    survey = ground.survey
    lead: list[Sentence | None] = []
    for pair in list_comparisons(survey):
        told = tell_change(ground, where, pair)
        if told:
            lead += [told, tell_chance(ground, where, pair)]
        elif not lead and (level := tell_level(ground, where, pair.period)):
            lead += [level, tell_no_change(ground, where, pair)]
    if not any(lead):
        lead = [next(filter(None, (tell_level(ground, where, p.id) for p in reversed(survey.periods))), None)]
    found = tuple(item for item in lead if item)
    if found:
        return found
    if where is None or where.startswith(REGION):
        return (Sentence(kind="no_figure", text=f"No {survey.authority_noun[0]} here has given a usable figure."),)
    return (tell_silence(find_authority(survey, where), ground.replies.get(where)),)


def _tell_context(ground: Ground, where: str | None, period: str) -> tuple[Sentence, ...]:
    """The wider picture from our own figures: ages, place among the others, the whole, per day."""
    own: list[Sentence | None] = [*tell_ages(ground, where, period)]
    if where is not None:
        own.append(_tell_rank(ground, where, period))
    own += [_tell_whole(ground, where), _tell_per_day(ground, period)]
    own = list({item.text: item for item in own if item}.values())
    if where is not None:
        own += tell_ages(ground, None, period)
    return tuple(item for item in own if item)


def _tell_published(ground: Ground, where: str | None) -> tuple[Sentence, ...]:
    """What others published: for the place itself first, then for the whole, each with its own count."""
    items = (*(list_references(ground, where) if where else ()), *list_references(ground))
    return tuple(told for item in items if (told := tell_reference(ground, item)))


def _tell_whole(ground: Ground, where: str | None) -> Sentence | None:
    """The whole's change, for a local story; the bulletin leads with it already."""
    if where is None:
        return None
    pairs = list_comparisons(ground.survey)
    found = next(filter(None, (tell_change(ground, None, pair) for pair in pairs)), None)
    return found or tell_level(ground, None, ground.survey.periods[-1].id)


def _tell_per_day(ground: Ground, period: str) -> Sentence | None:
    figure = find_figure(ground, "per_day", None, period)
    if figure is None or not isinstance(figure.value, int | float):
        return tell_level(ground, None, period)
    days = next(item.days for item in ground.survey.periods if item.id == period)
    n = count_noun(ground.survey, figure.n_answered)
    total = find_figure(ground, "total", None, period)
    if total is None or total.value is None:
        return tell_level(ground, None, period)
    text = (
        f"The {n} with a figure for {period} recorded {write_value(total)} in all, an average of "
        f"{round(figure.value, 1):g} a day over its {days} days."
    )
    return Sentence(kind="per_day", text=text, figures=(total.id, figure.id))


def _tell_rank(ground: Ground, where: str, period: str) -> Sentence | None:
    figure = find_figure(ground, "rank", where, period)
    if figure is None or not isinstance(figure.value, int) or figure.n_answered < 2:
        return None
    noun = ground.survey.authority_noun[1]
    text = (
        f"By number alone it stands {_write_ordinal(figure.value)} of the {figure.n_answered} {noun} with a figure "
        f"for {period}; {noun} differ in size and in how they record, so this is not a league table."
    )
    return Sentence(kind="rank", text=text, figures=(figure.id,))


def _write_ordinal(n: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{n}{'th' if 10 <= n % 100 <= 20 else ends.get(n % 10, 'th')}"


def tell_coverage(ground: Ground, where: str | None) -> tuple[Sentence, ...]:
    """How many were asked, answered and matched, with names where a few are missing."""
    survey = ground.survey
    if where is not None and not where.startswith(REGION):
        return ()
    figure = find_figure(ground, "total", where, survey.periods[-1].id)
    if figure is None:
        return ()
    text = (
        f"{figure.n_answered} of {count_noun(survey, figure.n_asked)} asked have a figure for {figure.period} "
        "in this edition."
    )
    found = [Sentence(kind="coverage", text=text, figures=(figure.id,))]
    if figure.n_answered * 2 < figure.n_asked:
        text = f"That is fewer than half, so the figures do not stand for {_name(ground, where)} as a whole."
        found.append(Sentence(kind="coverage_low", text=text))
    for pair in list_comparisons(survey)[:1]:
        change = find_figure(ground, "change_abs", where, pair.period, base=pair.base)
        if change and change.n_matched:
            those = (
                f"{change.n_matched} that have" if change.n_matched > 1 else f"one {survey.authority_noun[0]} that has"
            )
            text = (
                f"The change is over the {those} a comparable figure for both {pair.base} "
                f"and {pair.period}; the others are in the total and not in the change."
            )
            found.append(Sentence(kind="matched", text=text, figures=(change.id,)))
    if 0 < len(figure.missing) <= 12:
        names = [find_authority(survey, item).name for item in figure.missing]
        found.append(Sentence(kind="missing", text=f"Missing: {write_list(sorted(names))}.", figures=(figure.id,)))
    return tuple(found)


def _tell_caveats(ground: Ground, where: str | None) -> tuple[Sentence, ...]:
    """What the authority itself said limits its figures, in its reply's words as filed."""
    reply = ground.replies.get(where) if where else None
    caveats = [item for item in reply.caveats if item.kind != "recreated"] if reply else []
    return tuple(Sentence(kind=f"caveat_{item.kind}", text=item.text) for item in caveats)


def _name(ground: Ground, where: str | None) -> str:
    if where is None:
        return ground.survey.area
    if where.startswith(REGION):
        name = name_region(where.removeprefix(REGION))
        return name[:1].upper() + name[1:]
    return find_authority(ground.survey, where).name


def _has_region(ground: Ground, name: str) -> bool:
    return any(figure.authority == f"{REGION}{name}" for figure in ground.kinds.get("total", ()))


def write_standing(ground: Ground, authority: Authority, pair: Comparison) -> str:
    """A short cell of a table: "up 13 (22%)", "down 54", "no change", "" where nothing is stated."""
    change = find_figure(ground, "change_abs", authority.id, pair.period, base=pair.base)
    if change is None or not isinstance(change.value, int | float):
        return ""
    if change.value == 0:
        return "no change"
    percent = find_percent(ground, authority.id, pair)
    tail = f" ({write_percent(percent.value)})" if percent and isinstance(percent.value, int | float) else ""
    return f"{'up' if change.value > 0 else 'down'} {write_number(abs(change.value))}{tail}"
