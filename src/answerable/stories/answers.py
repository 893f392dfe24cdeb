"""right-of-reply.jsonl <-> Answers, and the sentences that say what an authority made of its figures.

An authority is sent its figures as read and confirms them, asks for a correction, or does not answer; each is one
line, only ever appended. What it says is a value elsewhere: a correction changes a figure through a decision or a
further reply, never from here. The trap: a line that named the figures it was about could give away a count
withheld since, so it holds days and words only.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import get_args

from answerable.errors import StoreError, SurveyError
from answerable.model import Answer, AnswerKind, Authority, Sentence
from answerable.stories.ground import Ground
from answerable.stories.wording import write_date

ANSWERS = "right-of-reply.jsonl"

_KEYS = ("authority", "answer", "on", "due", "said", "by")


def parse_answers(text: str, authorities: Collection[str]) -> tuple[Answer, ...]:
    """The Answers of a right-of-reply.jsonl, in order. StoreError names the line that is none."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found.append(_parse_line(line, f"{ANSWERS}, line {number}", authorities))
    return tuple(found)


def _parse_line(line: str, where: str, authorities: Collection[str]) -> Answer:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise StoreError(where, f"is not valid JSON: {error.msg}", "Restore the line from a backup") from error
    if not isinstance(row, dict) or set(row) != set(_KEYS) or not all(isinstance(v, str) for v in row.values()):
        raise StoreError(where, "does not have the keys of an answer as text", f"Write {', '.join(_KEYS)}")
    if row["authority"] not in authorities:
        raise StoreError(where, f'the survey does not ask "{row["authority"]}"', "Use an id of the register")
    return make_answer(**row, where=where)


def make_answer(*, authority: str, answer: str, on: str, due: str, said: str, by: str, where: str) -> Answer:
    """The Answer of a line's or a command's words; SurveyError when the kind or a day is not one."""
    kinds = get_args(AnswerKind)
    if answer not in kinds:
        raise SurveyError(where, f'"{answer}" is no answer', f"Use one of {', '.join(kinds)}")
    days = [_parse_day(text, where) for text in (on, due) if text]
    if not on:
        raise SurveyError(where, "the day is missing", "Write it as 2026-11-24")
    return Answer(
        authority=authority,
        answer=next(kind for kind in kinds if kind == answer),
        on=days[0],
        due=days[1] if due else None,
        said=said,
        by=by,
    )


def _parse_day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SurveyError(where, f'"{text}" is no date', "Write it as 2026-11-24") from error


def write_answer(answer: Answer) -> str:
    """The line that records an answer."""
    row = {key: value for key, value in asdict(answer).items() if key in _KEYS}
    row |= {"on": answer.on.isoformat(), "due": answer.due.isoformat() if answer.due else ""}
    return json.dumps(row, ensure_ascii=False)


def tell_answer(ground: Ground, authority: Authority, *, with_words: bool = True) -> tuple[Sentence, ...]:
    """What came of one authority's right of reply; () where it was not put to it.

    `with_words` adds what it said, for its page; a release goes without, since its numbers are not ours to prove.
    """
    own = ground.answers.get(authority.id, ())
    sent = next((item for item in reversed(own) if item.answer == "sent"), None)
    last = next((item for item in reversed(own) if item.answer != "sent"), None)
    if sent and last and sent.on > last.on:
        # Figures sent again: the earlier answer was about others.
        last = None
    if sent is None and last is None:
        return ()
    shown = last if with_words or last is None else replace(last, said="")
    text = _word_answer(authority.name, sent, shown)
    reply = ground.replies.get(authority.id)
    found = [text]
    if last and reply and reply.received and reply.received > last.on:
        found.append(f"A further reply was received on {write_date(reply.received)}, after that answer.")
    return tuple(Sentence(kind="right_of_reply", text=text) for text in found)


def _word_answer(name: str, sent: Answer | None, last: Answer | None) -> str:
    asked = f"{name} was sent these figures on {write_date(sent.on)}" if sent else ""
    if last is None:
        due = f" and asked to confirm or correct them by {write_date(sent.due)}" if sent and sent.due else ""
        return f"{asked}{due or ' and asked to confirm or correct them'}."
    opening = f"{asked} and" if asked else name
    if last.answer == "confirm":
        return (
            f"{opening} confirmed them on {write_date(last.on)}."
            if asked
            else (f"{name} confirmed these figures on {write_date(last.on)}.")
        )
    if last.answer == "correct":
        said = f": {last.said.rstrip('.')}" if last.said else ""
        return f"{opening} asked for a correction on {write_date(last.on)}{said}."
    return (
        f"{opening} had not answered by {write_date(last.on)}."
        if asked
        else (f"{name} was asked to confirm its figures and had not answered by {write_date(last.on)}.")
    )


def tell_answers(ground: Ground, members: Iterable[Authority]) -> tuple[Sentence, ...]:
    """How many of some authorities were sent their figures, and what they answered; () where none was."""
    latest: list[str] = [own[-1].answer for item in members if (own := ground.answers.get(item.id))]
    if not latest:
        return ()
    parts = [
        f"{latest.count(kind)} {words}"
        for kind, words in (
            ("confirm", "confirmed"),
            ("correct", "asked for a correction"),
            ("no_answer", "none"),
            ("sent", "awaited"),
        )
        if latest.count(kind)
    ]
    text = f"Figures were put to those whose replies gave them. Answers: {', '.join(parts)}."
    return (Sentence(kind="right_of_reply", text=text),)
