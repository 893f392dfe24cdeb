"""Pages to look at: the status board, an authority, figures back to cells and forward to sentences, claims, editions.

They show the edition of the last build. The trap is a reader under embargo: every page that states a figure asks
first, and answers with the embargo's line instead.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.responses import Response

from answerable import store
from answerable.ask.board import STAGES, add_received
from answerable.ask.outbox import read_outbox
from answerable.ask.record import find_day, read_events
from answerable.claims import TYPES, VERDICTS, check_against, make_topic
from answerable.claims.report import SIGNS, TONES, cut_text, list_rows
from answerable.clock import Event, find_deadlines, load_calendar
from answerable.decisions import find_last
from answerable.errors import StoreError
from answerable.inbox import read_inbox
from answerable.line import make_matter
from answerable.model import Answer, Edition, Figure, Observation, Sentence
from answerable.publish.links import find_places, link_text
from answerable.publish.pages import OUTCOMES, write_cell
from answerable.stories import Story, prepare_ground, tell_stories
from answerable.stories.differences import compare_printed
from answerable.stories.printed import Printed, parse_printed, print_edition
from answerable.web.desk import Visit, may, show, tell
from answerable.web.held import look
from answerable.web.items import Item, Member
from answerable.web.papers import lay_out_item
from answerable.web.queue import describe_reading, write_value

MOST_ROWS = 200
LONGEST_ARTICLE = 200_000


def with_edition(page: Callable[[Visit, Edition], Response]) -> Callable[[Visit], Response]:
    """A page that needs a finished build and, for readers, an embargo that is over."""

    def handler(visit: Visit) -> Response:
        if visit.embargoed:
            return tell(visit, 403, "Under embargo", visit.desk.held.view.survey.embargo or "Not yet.")
        edition = visit.desk.held.edition
        if edition is None:
            return tell(visit, 503, "The first build is not done", "Wait for it, then load this page again.")
        return page(visit, edition)

    return handler


def show_status(visit: Visit) -> Response:
    """Where every request stands: asked, due, late, refused on what, read, and what is open for review."""
    view = look(visit.desk.held)
    opened = Counter(member.authority for item in view.items for member in item.members)
    today = datetime.now(ZoneInfo("Europe/London")).date()
    board = make_matter(visit.desk.held.folder, view.survey, view.reads, (), view.observations, today).board
    asked = sum(decision.verdict == "ask_authority" for decision in find_last(view.decisions).values())
    return show(visit, "status.html", board=board, stages=STAGES, opened=opened, asked=asked, items=len(view.items))


def show_authority(visit: Visit) -> Response:
    """One authority: its timeline, clock, outcome, values, findings and right of reply."""
    held, name = visit.desk.held, visit.request.path_params["name"]
    view = look(held)
    authority = next((a for a in view.survey.authorities if a.id == name), None)
    if authority is None:
        return tell(visit, 404, "No such authority", "Choose one from the status board.")
    read = next(read for read in view.reads if read.reply.authority == name)
    events = add_received(read_events(held.folder, view.survey), [one.reply for one in view.reads]).get(name, ())
    calendar = load_calendar(store.read_text(held.folder, "holidays.csv"))
    answers = [answer for answer in (held.edition.answers if held.edition else ()) if answer.authority == name]
    ids = {item.id for item in view.observations if item.authority == name}
    timeline = _list_events(visit, name, events, answers)
    shown = [] if visit.embargoed else [item for item in _list_shown(visit) if item.authority == name]
    return show(
        visit, "authority.html", authority=authority, reply=read.reply, outcome=OUTCOMES[read.reply.outcome],
        timeline=timeline, deadlines=find_deadlines(authority.law, events, calendar), observations=shown[:MOST_ROWS],
        n_observations=len(shown), describe=lambda item: describe_reading(view.survey, item),
        findings=[f for f in view.findings if f.subject == name], answers=answers,
        items=[item for item in view.items if name in item.authorities],
        decisions=[d for d in view.decisions if d.observation in ids][-20:],
    )  # fmt: skip


def _list_shown(visit: Visit) -> Sequence[Observation]:
    """Observations a visitor may see: reviewers as read, readers as published."""
    if may(visit, "reviewer"):
        return visit.desk.held.view.observations
    edition = visit.desk.held.edition
    return [item for item in edition.observations if item.accepted] if edition else []


def _list_events(visit: Visit, name: str, events: Sequence[Event], answers: Sequence[Answer]) -> list[tuple[str, str]]:
    """(day, words) of all that happened to a request: letters sent, letters that came, its clock, right of reply."""
    folder = visit.desk.held.folder
    rows = [(str(event.on), f"clock: {event.kind.replace('_', ' ')}") for event in events]
    rows += [
        (str(find_day(entry.at)), f"we: {entry.kind}, {entry.state.replace('_', ' ')}")
        for entry in read_outbox(folder).values()
        if entry.authority == name
    ]
    rows += [
        (entry.on, f"they: {entry.subject or entry.path.rpartition('/')[2]}, {entry.state}")
        for entry in read_inbox(folder).values()
        if entry.authority == name
    ]
    rows += [(str(one.on), f"right of reply: {one.answer.replace('_', ' ')}. {one.said}") for one in answers]
    return sorted(set(rows))


@with_edition
def show_figures(visit: Visit, edition: Edition) -> Response:
    """Figures, those that match the words asked for, a page at a time."""
    words = visit.ask("q").casefold().split()
    found = [f for f in edition.figures if all(word in f"{f.title} {f.period} {f.id}".casefold() for word in words)]
    return show(visit, "figures.html", figures=found[:MOST_ROWS], total=len(found), q=visit.ask("q"), cell=write_cell,
                quote=lambda text: quote(text, safe=""))  # fmt: skip


@with_edition
def show_figure(visit: Visit, edition: Edition) -> Response:
    """One figure: number, interval, working, the values behind it and the sentences that state it."""
    name = visit.request.path_params["name"]
    figure = next((f for f in edition.figures if f.id == name), None)
    if figure is None:
        return tell(visit, 404, "No such figure", "It may have another id since the last build. Search for it.")
    behind = [item for item in edition.observations if item.id in set(figure.observations)]
    names = {a.id: a.name for a in edition.survey.authorities}
    beside = [f for f in edition.figures if _is_beside(figure, f)]
    return show(
        visit, "figure.html", figure=figure, cell=write_cell, behind=behind[:MOST_ROWS], n_behind=len(behind),
        names=names, sentences=find_sentences(edition, figure), beside=beside[:40],
        missing=[names.get(m, m) for m in figure.missing], value=write_value,
        quote=lambda text: quote(text, safe=""),
    )  # fmt: skip


def _is_beside(figure: Figure, other: Figure) -> bool:
    """Whether another figure is about the same thing: its interval, its change, its parts."""
    same = (figure.authority, figure.question, figure.dimensions) == (other.authority, other.question, other.dimensions)
    return same and other.id != figure.id and figure.period in (other.period, other.base_period)


def show_value(visit: Visit) -> Response:
    """One value with its cell lit in the document, its evidence, and what was decided on it."""
    view, name = look(visit.desk.held), visit.request.path_params["name"]
    item = next((one for one in view.observations if one.id == name), None)
    if item is None:
        return tell(
            visit, 404, "No such value", "The document may be read differently now. Search its authority's page."
        )
    member = Member(
        name=item.id, quote=item.original_value, authority=item.authority, source=item.source, observation=item
    )
    shown = Item(
        id=item.id, kind="cells", check="", severity="info", title="", text="", dimension="",
        authorities=(item.authority,), members=(member,), findings=(),
    )  # fmt: skip
    authority = next(one for one in view.survey.authorities if one.id == item.authority)
    return show(
        visit, "value.html", value=item, authority=authority, read=describe_reading(view.survey, item),
        paper=lay_out_item(visit.desk.held.folder, view.reads, shown, item.id),
        decisions=[one for one in view.decisions if one.observation == item.id],
    )  # fmt: skip


def list_sentences(story: Story) -> tuple[Sentence, ...]:
    """Every sentence of a story."""
    return (story.headline, *story.lead, *story.context, *story.published, *story.coverage)


def find_sentences(edition: Edition, figure: Figure) -> list[tuple[str, Markup]]:
    """(place, sentence with its numbers linked) of every published sentence that states a figure."""
    ground = prepare_ground(edition.survey, edition.replies, edition.figures)
    places = find_places(edition)
    found = []
    for story in tell_stories(ground):
        for sentence in list_sentences(story):
            if figure.id in sentence.figures:
                linked = link_text(sentence, places, lambda one: f"/figures/{quote(one.id, safe='')}")
                found.append((story.where or edition.survey.area, linked))
    return found


@with_edition
def show_claims(visit: Visit, edition: Edition) -> Response:
    """A pasted article with every number marked."""
    text = visit.form.get("text", "")[:LONGEST_ARTICLE].replace("\r\n", "\n")
    if not text.strip():
        return show(visit, "claims.html", text="", rows=(), paragraphs=())
    claims = check_against(text, make_topic(edition.survey, edition.figures))
    counts = {verdict: sum(claim.verdict == verdict for claim in claims) for verdict in VERDICTS}
    return show(
        visit, "claims.html", text=text, rows=list_rows("article", claims, edition.figures, edition.survey),
        paragraphs=cut_text(text, claims), signs=SIGNS, tones=TONES, verdicts=VERDICTS, types=TYPES,
        counts={verdict: n for verdict, n in counts.items() if n},
    )  # fmt: skip


@with_edition
def show_editions(visit: Visit, edition: Edition) -> Response:
    """Published editions, and what differs between two of them or one and now."""
    kept = store.read_editions(visit.desk.held.folder)
    old, new = visit.ask("old"), visit.ask("new")
    differences = None
    if old:
        before, after = (_read_side(visit, edition, kept, name) for name in (old, new or "now"))
        differences = compare_printed(edition.survey, before, after)
    return show(visit, "editions.html", kept=sorted(kept), figures={name: len(kept[name]) for name in kept},
                differences=differences, old=old, new=new or "now")  # fmt: skip


def _read_side(visit: Visit, edition: Edition, kept: Collection[str], name: str) -> Printed:
    if name == "now":
        return print_edition(edition, "now")
    if name not in kept:
        raise StoreError(name[:40], "is no edition of this survey", "Choose one of the list")
    path, _ = store.find_printed(name, str(visit.desk.held.folder))
    return parse_printed(edition.survey, name, store.read_printed(path))
