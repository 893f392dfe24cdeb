"""How many decisions settle 44 replies: an automated reviewer answers the app's own queue from truth.csv.

It answers as a person would at the keyboard: it takes the first Item, chooses a label's meaning where trying it
shows only true values, corrects what was misread, accepts what is right, and turns down what was not asked. Every
answer goes through the functions the pages call. Keys are counted as the pages take them: also the arrows that
reach one value of an Item, and every character typed. A value under the key of another that is read right elsewhere
in the same reply was put in the wrong place, not misread: it is turned down where it stands, never overtyped; so is
a number that the page prints as text, or that shares too few digits with the true one to be it misread. A numbered
answer is taken, at one key, where it is among those shown and all it does is true.
"""

import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean

from report import Row, write_report
from simulated import Key, find_key, read_truth, write_simulated

from answerable import store
from answerable.decisions import FINDING
from answerable.errors import AnswerableError
from answerable.model import Observation, Survey
from answerable.web.choices import Choice, list_choices
from answerable.web.held import Held, View, answer_by_choice, answer_item, find_item, look, open_survey, save_patch
from answerable.web.items import Item, Member
from answerable.web.rulings import Ruling
from answerable.web.teaching import Effect, list_candidates, try_patch, write_patch

SEEDS = (1, 2, 3, 71234, 71235)
"""The last two were measured once before anything was made better on them."""
N = 44
Truth = dict[Key, dict[str, str]]


@dataclass(slots=True)
class Effort:
    """What one survey took. `keys` lists the keys pressed for each answer."""

    keys: list[int] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    items: set[str] = field(default_factory=set)
    by_item: Counter[str] = field(default_factory=Counter)
    settled: int = 0

    def count(self, what: str, keys: int, item: Item) -> None:
        self.answers[what] += 1
        self.keys.append(keys)
        self.items.add(item.id)
        self.by_item[item.id] += keys


def find_true_text(survey: Survey, truth: Truth, observation: Observation) -> str | None:
    """What the reply says for an observation, as a reviewer would type it; None where it says nothing of it."""
    row = truth.get(find_key(survey, observation))
    if row is None:
        return None
    if row["status"] == "suppressed":
        return f"<{int(row['high']) + 1}" if row["high"] else "[c]"
    return row["value"] or {"not_held": "not held", "refused": "refused"}.get(row["status"], row["status"])


def is_right(survey: Survey, truth: Truth, observation: Observation) -> bool:
    """Whether an observation reads as the reply says."""
    row = truth.get(find_key(survey, observation))
    if row is None:
        return False
    if row["status"] == "suppressed":
        return observation.status == "suppressed" and observation.value is None
    return row["value"] != "" and observation.value == int(row["value"])


def settle_all(held: Held, truth: Truth) -> Effort:
    """Ruling until nothing is open that an answer can settle."""
    effort = Effort()
    passed: set[str] = set()
    while True:
        view = look(held)
        item = next((one for one in view.items if one.id not in passed and not one.blocked), None)
        if item is None:
            return effort
        before = len(item.members)
        settle_item(held, item, truth, effort)
        left = find_item(look(held), item.id)
        if left is not None and len(left.members) >= before:
            passed.add(item.id)


def settle_item(held: Held, item: Item, truth: Truth, effort: Effort) -> None:
    """One Item, as far as the truth goes."""
    survey = look(held).survey
    if item.kind in ("label", "symbol") and teach(held, item, truth, effort):
        return
    item = choose_all(held, item, truth, effort)
    known = [member for member in item.members if member.observation is not None]
    texts = {member.name: find_true_text(survey, truth, member.observation) for member in known if member.observation}
    placed = find_placed(held, truth)
    wrong = [
        m
        for m in known
        if texts[m.name]
        and m.observation
        and not is_right(survey, truth, m.observation)
        and (item.kind == "symbol" or find_key(survey, m.observation) not in placed)
        and is_misread(survey, truth, m, texts[m.name] or "")
    ]
    walk = Walk(names=[member.name for member in item.members])
    for text, group in gather(wrong, texts).items():
        for member in group if item.kind != "symbol" else group[:1]:
            only = "" if item.kind == "symbol" else member.name
            keys = 2 + len(text) + (walk.reach(member.name) if only else 0)
            say(held, item, Ruling(verdict="correct", value=text, only=only), effort, keys)
    right = [m for m in known if m.observation and is_right(survey, truth, m.observation)]
    unasked = [m for m in item.members if m not in wrong and m not in right]
    if not item.members:
        return
    if item.kind == "finding":
        say(held, item, Ruling(verdict="accept"), effort, 1)
    elif right and unasked:
        settle_apart(held, item, right, unasked, walk, effort)
    elif right:
        say(held, item, Ruling(verdict="accept"), effort, 1)
    elif unasked:
        say(held, item, Ruling(verdict="not_this_question"), effort, 1)


def is_misread(survey: Survey, truth: Truth, member: Member, text: str) -> bool:
    """Whether a value may be its true text misread, and not one of another place: it is no number yet, or it comes
    off a picture, shares digits with it, and is not a number of two digits that the reply gives elsewhere."""
    if member.observation is None or not isinstance(member.observation.value, int):
        return member.observation is not None and member.observation.status != "suppressed"
    place = find_key(survey, member.observation)
    elsewhere = {row["value"] for key, row in truth.items() if key[:2] == place[:2] and len(row["value"]) > 1}
    if str(member.observation.value) in elsewhere:
        return False
    scanned = member.source is not None and member.source.part.endswith(", scanned")
    alike = SequenceMatcher(None, member.quote, text, autojunk=False).ratio() >= 0.5
    return scanned and (alike or len(member.quote) == len(text) == 1)


def choose_all(held: Held, item: Item, truth: Truth, effort: Effort) -> Item:
    """Every numbered answer of an Item that says only what is true, one key each, as the page shows them; the Item
    as it is left."""
    while True:
        view = look(held)
        now = find_item(view, item.id)
        if now is None:
            return replace(item, members=())
        choices = list_choices(view.survey, now, view.observations)
        true = next((one for one in choices if is_true_choice(view, truth, now, one)), None)
        if true is None:
            return now
        made = answer_by_choice(held, now, true, "", "reviewer", view.seen)
        effort.settled += len(made)
        effort.count("chosen", 1, item)


def is_true_choice(view: View, truth: Truth, item: Item, choice: Choice) -> bool:
    """Whether a Choice accepts right values and corrects misread ones to what the reply says, and turns down no other
    right one."""
    members = {member.name: member.observation for member in item.members}
    for ruling in choice.rulings:
        if ruling.only.startswith(FINDING):
            continue
        o = members[ruling.only]
        right = o is not None and is_right(view.survey, truth, o)
        if ruling.verdict == "correct":
            if o is None or right or find_true_text(view.survey, truth, o) != ruling.value:
                return False
        elif right != (ruling.verdict == "accept"):
            return False
    return True


@dataclass(slots=True)
class Walk:
    """Where the light stands among an Item's values; each that is answered goes, and the next is lit."""

    names: list[str]
    at: int = 0

    def reach(self, name: str) -> int:
        """Arrow keys to a value, which is answered then."""
        place = self.names.index(name)
        apart = abs(place - self.at)
        keys = min(apart, len(self.names) - apart)
        self.names.pop(place)
        self.at = place % max(len(self.names), 1)
        return keys


def find_placed(held: Held, truth: Truth) -> set[Key]:
    """Keys whose value is read right somewhere."""
    view = look(held)
    return {find_key(view.survey, o) for o in view.observations if is_right(view.survey, truth, o)}


def settle_apart(
    held: Held, item: Item, right: list[Member], unasked: list[Member], walk: Walk, effort: Effort
) -> None:
    """Right values beside wrong places: the fewer are answered one by one, the rest at once."""
    misplaced = [member for member in unasked if member.acceptable]
    if len(misplaced) <= len(right):
        for member in misplaced:
            keys = 1 + walk.reach(member.name)
            say(held, item, Ruling(verdict="not_this_question", only=member.name), effort, keys)
        say(held, item, Ruling(verdict="accept"), effort, 1)
    else:
        for member in right:
            say(held, item, Ruling(verdict="accept", only=member.name), effort, 1 + walk.reach(member.name))
        say(held, item, Ruling(verdict="not_this_question"), effort, 1)


def gather(members: list[Member], texts: dict[str, str | None]) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for member in members:
        found.setdefault(texts[member.name] or "", []).append(member)
    return found


def teach(held: Held, item: Item, truth: Truth, effort: Effort) -> bool:
    """Choose the first meaning whose effect accepts true values only; says whether there was one."""
    view = look(held)
    for candidate in list_candidates(view.survey, item, view.observations):
        block = write_patch(candidate, "tried", "reviewer", "2026-01-01")
        try:
            effect = try_patch(view.survey, view.reads, view.lookups, block)
        except AnswerableError:
            continue
        if is_true(view.survey, truth, item, effect):
            save_patch(held, item, candidate, "", "reviewer")
            effort.count("taught", 2, item)
            return True
    return False


def is_true(survey: Survey, truth: Truth, item: Item, effect: Effect) -> bool:
    """Whether a patch settles something of the Item and every value it newly reads is what the reply says."""
    own = {(m.source.document, m.source.part, m.source.ref) for m in item.members if m.source}
    after = [c.after for c in effect.changes if c.after is not None]
    placed = [o for o in after if (o.source.document, o.source.part, o.source.ref) in own and not effect.lost]
    return (
        bool(placed)
        and all(find_true_text(survey, truth, o) is not None for o in placed)
        and all(is_right(survey, truth, o) for o in placed if o.accepted)
    )


def say(held: Held, item: Item, ruling: Ruling, effort: Effort, keys: int) -> None:
    """One answer through the app; one that settles nothing is not counted."""
    now = find_item(look(held), item.id)
    if now is None:
        return
    try:
        made = answer_item(held, now, ruling, "reviewer", look(held).seen)
    except AnswerableError as error:
        print(f"  {item.title}: {error}", file=sys.stderr)
        return
    effort.settled += len(made)
    effort.count(ruling.verdict, keys, item)


def measure(folder: Path, name: str, truth: Truth | None) -> list[Row]:
    """The rows of one survey."""
    held = open_survey(folder)
    view = look(held)
    values = sum(item.accepted for item in view.observations)
    opened = len({member.name for item in view.items for member in item.members})
    effort = settle_all(held, truth) if truth else settle_plainly(held)
    view = look(held)
    settled = sum(item.accepted for item in view.observations)
    n = len(effort.keys)
    total = max(settled, values)
    per = total / n if n else float(total)
    few = sum(keys < 3 for keys in effort.by_item.values()) / max(len(effort.by_item), 1)
    each = sum(effort.keys) / max(effort.settled + effort.answers["taught"], 1)
    rows = [
        Row(name=name, metric="replies", value=sum(bool(read.reply.documents) for read in view.reads)),
        Row(name=name, metric="values accepted before", value=values),
        Row(name=name, metric="open at first", value=opened),
        Row(name=name, metric="decisions", value=n),
        Row(name=name, metric="values accepted after", value=settled),
        Row(
            name=name,
            metric="values a decision",
            value=per,
            bar=">= 20" if truth else "",
            holds=per >= 20 if truth else None,
        ),
        Row(name=name, metric="keys a settled value", value=each, bar="< 3", holds=each < 3),
        Row(name=name, metric="keys an item, mean", value=mean(effort.by_item.values() or [0])),
        Row(name=name, metric="items under 3 keys", value=few, bar="1", holds=few == 1 if effort.by_item else None),
        Row(name=name, metric="items of 3 keys or more", value=sum(n > 2 for n in effort.by_item.values())),
        Row(name=name, metric="keys an item, most", value=max(effort.by_item.values(), default=0)),
        Row(name=name, metric="left open", value=sum(not item.blocked for item in view.items)),
    ]
    if truth:
        kept = [o for o in view.observations if o.accepted and o.status in ("normal", "suppressed")]
        wrong = sum(find_key(view.survey, o) in truth and not is_right(view.survey, truth, o) for o in kept)
        rows.append(Row(name=name, metric="accepted and wrong after", value=wrong))
    print(name, dict(effort.answers), file=sys.stderr)
    return rows


def settle_plainly(held: Held) -> Effort:
    """A bundled survey has no truth.csv: every Item is answered once, as one key would."""
    effort = Effort()
    for item in look(held).items:
        if not item.blocked:
            verdict = "accept" if any(m.acceptable or m.name.startswith(FINDING) for m in item.members) else "reject"
            say(held, item, Ruling(verdict=verdict), effort, 1)  # type: ignore[arg-type]
    return effort


def main() -> None:
    """Measure the bundled surveys and three simulated ones, and write bench/review-effort.json."""
    rows: list[Row] = []
    for name in store.list_bundled():
        with tempfile.TemporaryDirectory() as temporary:
            rows += measure(store.copy_survey(name, Path(temporary) / name), name, None)
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as temporary:
            folder = write_simulated(Path(temporary) / "survey", N, seed)
            rows += measure(folder, f"simulated, seed {seed}", read_truth(folder))
    write_report("review-effort", rows, packages=("starlette",), note="The reviewer answers from truth.csv.")


if __name__ == "__main__":
    main()
