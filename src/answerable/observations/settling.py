"""Drafts -> which question, which period, and whether anything is still open.

A question is settled by its number or words over the table, or by being the only one with the dimensions that
the labels give; a period by a label, a title, or by being the only one the letter or the survey names. The
trap is to let two weak signs make a strong one: where signs disagree the Draft stays open, with the candidates.
"""

import re
from collections.abc import Sequence

from answerable.model import TOTAL, Question
from answerable.observations.counted import is_bare, names_measure
from answerable.observations.drafts import Draft
from answerable.observations.folding import fold_words
from answerable.observations.labels import LabelIndex, Meaning
from answerable.observations.units import units_agree

_ASKING = frozenset(
    "how many much what did do does has have your our you since there result please give held hold".split()
)
"""Folded words of a question that say nothing of what it counts."""


def settle_question(index: LabelIndex, draft: Draft, cue: Meaning | None) -> None:
    """Set `draft.question` and complete its dimensions, or leave "question" open with the candidates."""
    if any(what in ("question", "authority") for what, _ in draft.open):
        return
    named = list({m.key: m for m in draft.questions}.values())
    if len(named) > 1:
        draft.doubt("question", "its labels name " + " and ".join(m.why for m in named))
        return
    stated = named[0] if named else cue
    shown = _show_margin(index, draft)
    fits = _keep_counted(index, draft, _find_fitting(index, frozenset(shown)))
    exact = [q for q in fits if set(q.dimensions) == shown]
    asked = next((q for q in index.survey.questions if stated and q.id == stated.key), None)
    draft.stated = asked is not None
    if asked is not None and stated is not None and stated is cue and _counts_other(index, draft, asked):
        draft.doubt("question", f"{stated.why}, but its label names what another question counts")
        return
    if asked is not None and stated is not None:
        chosen = _take_stated(draft, asked, stated, fits, exact)
    elif draft.topic and _lacks_subject(index, draft):
        draft.doubt("question", f'"{draft.topic.strip()}" says less than the survey\'s subject')
        chosen = None
    else:
        chosen = _take_only(draft, fits, exact)
    if chosen is not None:
        _complete(draft, chosen)


def _show_margin(index: LabelIndex, draft: Draft) -> set[str]:
    """The dimensions that tell its question; of a table by two that no question asks together, a margin has one.

    What it sums over is dropped. The grand total answers the one question that both breakdowns have as theirs.
    """
    shown = set(draft.dims)
    if len(shown) < 2 or TOTAL not in draft.dims.values() or _find_fitting(index, frozenset(shown)):
        return shown
    named = {name: code for name, code in draft.dims.items() if code != TOTAL}
    parts = [q for q in index.survey.questions if q.dimensions and set(q.dimensions) <= shown]
    wholes = {q.total_of for q in parts}
    if not named and len(wholes) == 1 and {name for q in parts for name in q.dimensions} == shown:
        draft.dims = {parts[0].dimensions[0]: TOTAL}
    elif named:
        draft.dims = named
    return set(draft.dims)


def _find_fitting(index: LabelIndex, shown: frozenset[str]) -> list[Question]:
    """The questions that ask for a count broken down by all of some dimensions; by none where none are shown."""
    if shown not in index.fitting:
        counted = [q for q in index.survey.questions if q.kind == "count"]
        index.fitting[shown] = [q for q in counted if (shown <= set(q.dimensions) if shown else not q.dimensions)]
    return index.fitting[shown]


def _keep_counted(index: LabelIndex, draft: Draft, fits: list[Question]) -> list[Question]:
    """The questions that count what its labels or sentence name; all of them where that tells none apart."""
    if draft.sentence and len(whole := [q for q in fits if _says_all(index, draft.topic, q)]) == 1:
        draft.evidence.append(f"the sentence says every word of question {whole[0].number}")
        return whole
    named = [q for q in fits if q.id in draft.about]
    alike = [q for q in named if draft.unit and units_agree(draft.unit, q.unit)]
    named = alike if len(named) > 1 and alike else named
    if named and len(named) < len(fits):
        draft.evidence.append(f"what it counts is named: {', '.join(q.measure for q in named)}")
        return named
    same = [q for q in fits if draft.unit and units_agree(draft.unit, q.unit)]
    return same or fits


def _says_all(index: LabelIndex, sentence: str, question: Question) -> bool:
    """Whether a sentence says every word of a question, but for those of any question and any answer."""
    wanted = {word for word in index.asked[question.id] if not re.search(r"\d", word)} - _ASKING
    return len(wanted) > 1 and wanted <= set(fold_words(sentence))


def _counts_other(index: LabelIndex, draft: Draft, asked: Question) -> bool:
    """Whether its labels name what other questions count, and neither the one asked nor one it is broken down by."""
    family = {q.id for q in index.survey.questions if q.total_of == asked.id} | {asked.id, asked.total_of}
    return bool(draft.about) and not draft.about & family


def _lacks_subject(index: LabelIndex, draft: Draft) -> bool:
    """Whether its labels or sentence, with the lines before, name less than three quarters of the subject.

    A question's whole measure claims no other subject, nor does its bare noun over a table that breaks it down.
    """
    words = fold_words(draft.topic)
    if names_measure(index.counted, words) or (draft.dims and not draft.sentence and is_bare(index.counted, words)):
        return False
    if re.search(r"\b(?:such|these|relevant|matching)\b", draft.topic, re.I):
        return False  # it points back to what was asked
    said = set(fold_words(draft.topic)) | draft.before
    return len(index.subject & said) * 4 < len(index.subject) * 3


def _take_stated(
    draft: Draft, asked: Question, stated: Meaning, fits: Sequence[Question], exact: Sequence[Question]
) -> Question | None:
    """The question that a number or heading names, where its dimensions allow; else the one it is the total of."""
    if asked in fits or (not draft.dims and asked.kind == "count"):
        draft.evidence.append(stated.why)
        if asked.dimensions and not draft.dims:
            # One of a row of small tables whose heading stands elsewhere looks like this, and is no total.
            draft.doubt("category", f"question {asked.number} is broken down, and nothing says what this is of it")
        return asked
    if draft.dims and not asked.dimensions and asked.kind == "count" and set(draft.dims.values()) == {TOTAL}:
        draft.evidence.append(f"{stated.why}; a total over {' and '.join(draft.dims)}")
        draft.dims = {}
        return asked
    parts = [q for q in exact or fits if q.total_of == asked.id]
    if len(parts) == 1:
        draft.evidence.append(f"{stated.why}; broken down as question {parts[0].number} asks")
        return parts[0]
    others = ", ".join(f"{q.number} ({q.id})" for q in fits) or "none with these labels"
    draft.doubt("question", f"{stated.why}, but its labels fit another question: {others}")
    return None


def _take_only(draft: Draft, fits: Sequence[Question], exact: Sequence[Question]) -> Question | None:
    for found, why in (
        (exact, "the only question with exactly these labels"),
        (fits, "the only question so broken down"),
    ):
        if len(found) == 1:
            draft.evidence.append(f"question {found[0].number}: {why}")
            return found[0]
        if found:
            break
    names = ", ".join(f"{q.number} ({q.id})" for q in exact or fits)
    draft.doubt("question", f"nothing says which question it answers; candidates: {names or 'none'}")
    return None


def _complete(draft: Draft, question: Question) -> None:
    """Name the question; its unlabelled dimensions are summed out. A grand total answers `total_of`."""
    if all(code == TOTAL for code in draft.dims.values()) and question.dimensions and question.total_of:
        draft.question = question.total_of
        draft.evidence.append(f"grand total of question {question.number}")
        draft.dims = {}
        return
    draft.question = question.id
    if draft.unexplained and not set(question.dimensions) <= set(draft.dims):
        draft.doubt("title", f'"{draft.unexplained}" stands over it and may limit it to a part')
    draft.dims = {name: draft.dims.get(name, TOTAL) for name in question.dimensions}


def settle_period(
    index: LabelIndex, draft: Draft, near: Sequence[Sequence[Meaning]], everywhere: Sequence[Meaning]
) -> None:
    """Set `draft.period`. `near` are the periods of the title, then of the section; `everywhere` the letter's."""
    if draft.period is None:
        for found in near:
            if chosen := _take_one(found):
                draft.period = chosen
                draft.evidence.append(f"{chosen.why}, over it")
                break
            if found:
                return
    if draft.period is None and (chosen := _take_one(everywhere)) and chosen.role == "period":
        draft.period = chosen
        draft.evidence.append(f"{chosen.why}, the only period the letter names")
    if draft.period is None and not everywhere and len(index.survey.periods) == 1:
        only = index.survey.periods[0]
        draft.period = Meaning(role="period", key=only.id)
        draft.evidence.append(f"period {only.id}: the only one asked for")


def _take_one(found: Sequence[Meaning]) -> Meaning | None:
    """The one period among those named; several names of one are one."""
    spans = {(m.span.start, m.span.end) if m.span else m.key: m for m in found}
    return next(iter(spans.values())) if len(spans) == 1 else None


def doubt_period(index: LabelIndex, draft: Draft, named: Sequence[Meaning]) -> None:
    """Leave "period" open where it is not one of the survey's, saying which it may be or overlaps."""
    period = draft.period
    if draft.months is not None and (period is None or period.role == "period"):
        draft.doubt("period", f"it is for months {draft.months[0]} to {draft.months[1]} of a period, not the whole")
    if period is None:
        names = ", ".join(dict.fromkeys(m.key for m in named)) or ", ".join(p.id for p in index.survey.periods)
        draft.doubt("period", f"nothing says which period it is for; candidates: {names}")
    elif period.role == "span" and period.span is not None:
        over = [p.id for p in index.survey.periods if p.start <= period.span.end and period.span.start <= p.end]
        asked = f"overlaps {' and '.join(over)} but is not the same" if over else "was not asked for"
        draft.doubt("comparability" if over else "not_asked", f"{period.why}, which {asked}")
