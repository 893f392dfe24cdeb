"""The erratum: every figure, sentence, page and release that an edition changed, for the page and as Markdown.

Set from an Issue, after the stories. The trap: one corrected count moves a total that stands in every release, so a
sentence is listed once with the places it stands in, and what merely rounds to the same text is not listed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jinja2 import Environment

from answerable.publish.issues import Issue, find_day, is_erratum, list_own
from answerable.publish.pages import Desk
from answerable.stories import Difference, Value, find_authority, name_slug
from answerable.stories.wording import name_region, write_chance, write_date

CHANCES = frozenset({"p_value", "adjusted_p"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place whose page and release an edition changed, with their paths in the site."""

    where: str | None
    name: str
    page: str
    release: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One changed figure or sentence: what was printed, what is now, why, and the places that print it."""

    title: str
    old: str
    new: str
    why: tuple[str, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """What one edition changed. `kind` is "Correction", "Update" or "Rewording"; `figures` are grouped by place."""

    name: str
    after: str
    day: str
    kind: str
    figures: tuple[tuple[Place, tuple[Line, ...]], ...]
    sentences: tuple[Line, ...]
    places: tuple[Place, ...]

    @property
    def n_figures(self) -> int:
        return sum(len(lines) for _, lines in self.figures)


def render_errata(desk: Desk, environment: Environment) -> Iterator[tuple[str, bytes]]:
    """(path in build/ and in the site, bytes) of each edition's erratum as Markdown."""
    template = environment.get_template("erratum.md")
    for item in list_errata(desk, desk.issues):
        text = template.render(item=item, survey=desk.edition.survey)
        yield f"errata/edition-{item.name or 'draft'}.md", f"{text.strip()}\n".encode()


def list_errata(desk: Desk, issues: Sequence[Issue]) -> tuple[Erratum, ...]:
    """An Erratum for each issue that changed something printed, the latest first."""
    found = (write_erratum(desk, issue) for issue in reversed(issues) if issue.differences)
    return tuple(item for item in found if item.places)


def write_erratum(desk: Desk, issue: Issue) -> Erratum:
    """One issue's changes in print."""
    figures: dict[str | None, list[Line]] = {}
    sentences: dict[tuple[str, str], list[Difference]] = {}
    for item in issue.differences:
        old, new = write_side(item, item.old), write_side(item, item.new)
        if old == new and not item.hidden:
            continue
        if item.subject == "figure":
            line = Line(title=item.title, old=old, new=new, why=_list_reasons(item), places=())
            figures.setdefault(item.authority, []).append(line)
        else:
            sentences.setdefault((old, new), []).append(item)
    told = [item for items in sentences.values() for item in items]
    # A figure that no sentence states is still printed in the tables of its place.
    touched = dict.fromkeys([*figures, *(item.authority for item in told)])
    return Erratum(
        name=issue.name,
        after=issue.after,
        day=write_date(find_day(desk.edition, issue)) if issue.name else "",
        kind=name_change(issue, bool(figures)),
        figures=tuple((find_place(desk, where), tuple(figures[where])) for where in _sort(desk, figures)),
        sentences=tuple(_set_sentence(desk, old, new, items) for (old, new), items in sentences.items()),
        places=tuple(find_place(desk, where) for where in _sort(desk, touched)),
    )


def write_side(item: Difference, side: Value | None) -> str:
    """What one edition printed, "" where it printed nothing."""
    if side is None:
        return ""
    if item.kind in CHANCES and isinstance(side.value, int | float):
        return write_chance(float(side.value))
    return side.text


def name_change(issue: Issue, with_figures: bool) -> str:
    """What kind of change an issue is: of figures that were printed, of figures that came, or of words alone."""
    if not with_figures:
        return "Rewording"
    return "Correction" if is_erratum(issue.differences) else "Update"


def list_printed(items: Sequence[Difference]) -> list[Difference]:
    """Differences that a reader can see: their printed texts differ, or they are held back."""
    return [item for item in items if item.hidden or write_side(item, item.old) != write_side(item, item.new)]


def list_notices(desk: Desk, where: str | None) -> tuple[tuple[str, str, str], ...]:
    """(kind, edition, day) of each issue that changed a place's own figures, the latest first; "" where the
    edition is not published yet."""
    found = []
    for issue in reversed(desk.issues):
        own = list_printed(list_own(issue, where))
        if own:
            day = write_date(find_day(desk.edition, issue)) if issue.name else ""
            found.append(("Corrected" if is_erratum(own) else "Updated", issue.name, day))
    return tuple(found)


def _list_reasons(item: Difference) -> tuple[str, ...]:
    texts = [cause.text for cause in item.causes]
    more = [f"and {len(texts) - 3} more replies"] if len(texts) > 3 else []
    return (*texts[:3], *more) or ((item.reason,) if item.reason else ())


def _set_sentence(desk: Desk, old: str, new: str, items: list[Difference]) -> Line:
    places = dict.fromkeys(item.authority for item in items)
    return Line(
        title=items[0].kind.replace("_", " "),
        old=old,
        new=new,
        why=_list_reasons(items[0]),
        places=tuple(find_place(desk, where) for where in _sort(desk, places)),
    )


def _sort(desk: Desk, places: dict[str | None, object] | dict[str | None, list[Line]]) -> list[str | None]:
    """Places in the order their stories are told; one that has no story any more comes last."""
    order = {where: number for number, where in enumerate(desk.stories)}
    return sorted(places, key=lambda where: (order.get(where, len(order)), where or ""))


def find_place(desk: Desk, where: str | None) -> Place:
    """A place with its page and its release; without paths where this edition has no story of it."""
    slug = name_slug(where)
    if where is None:
        name, page = desk.edition.survey.area, "index.html"
    elif where.startswith("region:"):
        name = name_region(where.removeprefix("region:"))
        name, page = name[:1].upper() + name[1:], f"regions/{slug}.html"
    else:
        known = any(item.id == where for item in desk.edition.survey.authorities)
        name = find_authority(desk.edition.survey, where).name if known else where
        page = f"authorities/{where}.html"
    told = where in desk.stories
    return Place(where=where, name=name, page=page if told else "", release=f"releases/{slug}.html" if told else "")
