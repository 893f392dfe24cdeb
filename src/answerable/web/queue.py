"""The queue: one Item at a time, its document on the left, its reading and its answers on the right.

Every answer is a form that works without a script; htmx swaps the piece that changes, and static/review.js turns
keys into clicks. The trap is an answer to something else than was shown: a form names its Item, its member and
how far decisions.jsonl was read.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from answerable.errors import StoreError, SurveyError
from answerable.model import Observation, Survey
from answerable.publish.pages import OUTCOMES
from answerable.web import papers, teaching
from answerable.web.choices import list_choices
from answerable.web.desk import Visit, may, show, tell
from answerable.web.held import View, answer_by_choice, answer_item, find_item, look, save_patch, take_back
from answerable.web.items import Item, Member
from answerable.web.rulings import Ruling, find_latest, parse_verdict

A_PAGE = 50
"""Items on a page of the list."""
SHOWN = 60
"""Members listed beside an Item."""


def show_queue(visit: Visit) -> Response:
    """The Item asked for, else the worst one."""
    return _show_item(visit, look(visit.desk.held), visit.ask("item"), visit.ask("member"))


def show_list(visit: Visit) -> Response:
    """Every open Item, a page at a time."""
    items = look(visit.desk.held).items
    pages = max(1, -(-len(items) // A_PAGE))
    number = min(max(_read_number(visit.ask("page")), 1), pages)
    shown = items[(number - 1) * A_PAGE : number * A_PAGE]
    names = {item.id: item.name for item in visit.desk.held.view.survey.authorities}
    return show(visit, "list.html", items=shown, total=len(items), number=number, pages=pages, names=names,
                first=(number - 1) * A_PAGE)  # fmt: skip


def _read_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _show_item(visit: Visit, view: View, name: str, member: str, said: str = "", effect: Any = None) -> Response:
    item = find_item(view, name) or (view.items[0] if view.items else None)
    if item is None:
        return show(visit, "work.html" if visit.partial else "queue.html", item=None, said=said, seen=view.seen)
    place = view.items.index(item)
    focused = next((one for one in item.members if one.name == member), item.members[0])
    at = item.members.index(focused)
    start = max(0, min(at - SHOWN // 2, len(item.members) - SHOWN))
    choices = list_choices(view.survey, item, view.observations)
    values = {
        "item": item,
        "place": place,
        "total": len(view.items),
        "before": view.items[place - 1].id,
        "after": view.items[(place + 1) % len(view.items)].id,
        "focused": focused,
        "member_before": item.members[at - 1].name,
        "member_after": item.members[(at + 1) % len(item.members)].name,
        "members": item.members[start : start + SHOWN],
        "paper": papers.lay_out_item(visit.desk.held.folder, view.reads, item, focused.name, visit.ask("document")),
        "choices": choices,
        "candidates": teaching.list_candidates(view.survey, item, view.observations)[: teaching.MOST - len(choices)],
        "describe": lambda one: describe_reading(view.survey, one.observation),
        "names": {one.id: one.name for one in view.survey.authorities},
        "outcome": _name_outcome(view, focused),
        "seen": view.seen,
        "said": said,
        "effect": effect,
        "reason": visit.ask("reason"),
        "accepts": any(one.acceptable or item.kind == "finding" for one in item.members),
    }
    return show(visit, "work.html" if visit.partial else "queue.html", **values)


def _name_outcome(view: View, member: Member) -> str:
    for read in view.reads:
        if read.reply.authority == member.authority:
            return OUTCOMES[read.reply.outcome]
    return ""


def describe_reading(survey: Survey, item: Observation | None) -> list[tuple[str, str]]:
    """What a value was read as: (name, words) for its question, period, each category, and value."""
    if item is None:
        return []
    question = next((q for q in survey.questions if q.id == item.question), None)
    rows = [
        ("Question", f"{question.number}. {question.measure}" if question else item.question),
        ("Period", item.period),
    ]
    known = {d.id: d for d in survey.dimensions}
    for name, code in item.dimensions:
        dimension = known.get(name)
        label = next((c.label for c in dimension.categories if c.code == code), "all") if dimension else code
        rows.append((dimension.name if dimension else name, label))
    return [*rows, ("Value", write_value(item))]


def write_value(item: Observation) -> str:
    """A value as a reviewer reads it: its number, its bounds, or its status."""
    if item.value is not None:
        return f"{item.value:,}" if isinstance(item.value, int) else str(item.value)
    if item.bounds is not None:
        top = "unbounded" if item.bounds.high is None else f"{item.bounds.high:,}"
        return f"{item.status.replace('_', ' ')}, {item.bounds.low:,} to {top}"
    return item.status.replace("_", " ")


def answer(visit: Visit) -> Response:
    """Take one answer and show what is next."""
    held = visit.desk.held
    view = look(held)
    item = find_item(view, visit.ask("item"))
    if item is None:
        return _show_next(visit, view, visit.ask("item"), (), "It was settled already.")
    if item.severity == "error" and item.kind == "finding" and not may(visit, "editor"):
        return tell(visit, 403, "Not for your account", "Only an editor settles a finding that blocks publishing.")
    ruling = Ruling(
        verdict=parse_verdict(visit.ask("verdict")),
        value=visit.ask("value").strip() or None,
        reason=visit.ask("reason"),
        only=visit.ask("only"),
    )
    order = [one.id for one in view.items]
    made = answer_item(held, item, ruling, visit.session.name, _read_seen(visit, view))
    words = f"{ruling.verdict.replace('_', ' ').capitalize()}: {len(made):,} value{'s' if len(made) != 1 else ''}."
    following = _find_following(item, made[-1].observation)
    return _show_next(visit, look(held), item.id, order, words, following)


def choose(visit: Visit) -> Response:
    """Take the numbered answer that was shown, and show what is next."""
    held = visit.desk.held
    view = look(held)
    item = find_item(view, visit.ask("item"))
    if item is None:
        return _show_next(visit, view, visit.ask("item"), (), "It was settled already.")
    found = list_choices(view.survey, item, view.observations)
    chosen = next((one for one in found if one.shown == visit.ask("shown")), None)
    if chosen is None:
        raise StoreError("this choice", "is no longer offered, because the values changed", "Look again and choose")
    order = [one.id for one in view.items]
    made = answer_by_choice(held, item, chosen, visit.ask("reason"), visit.session.name, _read_seen(visit, view))
    following = _find_following(item, made[-1].observation)
    return _show_next(visit, look(held), item.id, order, f"Chosen: {chosen.shown}.", following)


def _read_seen(visit: Visit, view: View) -> int:
    text = visit.ask("seen")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else view.seen


def _find_following(item: Item, name: str) -> str:
    names = [one.name for one in item.members]
    at = names.index(name)
    return names[(at + 1) % len(names)]


def _show_next(visit: Visit, view: View, name: str, order: Sequence[str], said: str, member: str = "") -> Response:
    """The same Item where it is still open, else the next of the old order that is."""
    still = {one.id for one in view.items}
    at = order.index(name) if name in order else 0
    chosen = next((one for one in (name, *order[at + 1 :], *order[:at]) if one in still), "")
    if visit.partial:
        return _show_item(visit, view, chosen, member, said)
    return RedirectResponse(f"/queue?item={quote(chosen)}&member={quote(member)}", 303)


def try_candidate(visit: Visit) -> Response:
    """What choosing a candidate would do, before it is saved."""
    view = look(visit.desk.held)
    item, candidate, number = _find_candidate(visit, view)
    block = teaching.write_patch(candidate, visit.ask("reason") or "tried", visit.session.name, "tried now")
    effect = teaching.try_patch(view.survey, view.reads, view.lookups, block)
    shown = {
        "number": number, "candidate": candidate, "effect": effect, "rows": _list_changes(view, effect),
        "scope": visit.ask("scope"),
    }  # fmt: skip
    return _show_item(visit, view, item.id, visit.ask("member"), "", shown)


def _find_candidate(visit: Visit, view: View) -> tuple[Item, teaching.Candidate, int]:
    item, number = find_item(view, visit.ask("item")), _read_number(visit.ask("choice"))
    if item is None:
        raise StoreError("this item", "was settled in the meantime", "Go on to the next")
    found = teaching.list_candidates(view.survey, item, view.observations)
    if not 1 <= number <= len(found):
        raise SurveyError(f"choice {number}", "is not offered", f"Choose 1 to {len(found)}")
    chosen = found[number - 1]
    if visit.ask("scope") and item.authorities:
        chosen = teaching.limit_candidate(chosen, item.authorities[0], visit.desk.held.view.survey)
    return item, chosen, number


def _list_changes(view: View, effect: teaching.Effect) -> list[dict[str, str]]:
    names = {one.id: one.name for one in view.survey.authorities}
    rows = []
    for change in effect.changes[:20]:
        item = change.after or change.before
        if item is not None:
            reading = describe_reading(view.survey, change.after)
            rows.append({
                "authority": names.get(item.authority, item.authority),
                "place": f"{item.source.part}, {item.source.ref}",
                "text": item.original_value,
                "now": "; ".join(words for _, words in reading) if reading else "no longer read",
                "state": "accepted" if change.after and change.after.accepted else "open",
            })  # fmt: skip
    return rows


def save_candidate(visit: Visit) -> Response:
    """Put a candidate into lookups.toml and show what is next."""
    held = visit.desk.held
    view = look(held)
    item, candidate, _ = _find_candidate(visit, view)
    order = [one.id for one in view.items]
    save_patch(held, item, candidate, visit.ask("reason"), visit.session.name)
    return _show_next(visit, look(held), item.id, order, f'Saved: "{item.text}" means {candidate.shown}.')


def undo(visit: Visit) -> Response:
    """Take the visitor's last answer back and show its Item again."""
    held = visit.desk.held
    made = find_latest(look(held).decisions, visit.session.name)
    if not made:
        return tell(visit, 422, "Nothing to undo", "No answer of yours still stands.")
    take_back(held, made, visit.session.name)
    view, names = look(held), {decision.observation for decision in made}
    item = next((one for one in view.items if any(m.name in names for m in one.members)), None)
    words = f"Taken back: {made[0].verdict.replace('_', ' ')}, {len(made):,}."
    return _show_next(visit, view, item.id if item else "", (), words)
