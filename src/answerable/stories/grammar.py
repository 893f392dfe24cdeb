"""Typed sentences over figures: which one is written is settled by the data alone.

A level, a change, what chance would give, what forbids a comparison, a silence. Each returns a Sentence with
the ids of the figures it states, in order, or None where its figures are missing. The trap: a word that the
test does not bear. There is no adverb of size here, numbers stand before percentages, a percentage needs a base
of `Survey.small_base` (METHODS 4.5), and a record is never claimed.
"""

from answerable.model import Authority, Comparison, Figure, Reply, Sentence
from answerable.stories.ground import Ground, find_figure, find_period
from answerable.stories.wording import (
    CHANCE,
    LITTLE,
    count_noun,
    name_base,
    name_place,
    name_region,
    name_subject,
    write_chance,
    write_list,
    write_number,
    write_percent,
)

REGION = "region:"
"""Prefix of a region in `Figure.authority`."""

BREAKS = {
    "rule_changed": "the rule for recording changed",
    "system_changed": "the recording system changed",
    "flag_not_used": "the flag was not in use",
    "part_period": "one of the figures covers part of the period only",
    "other_definition": "the two figures count different things",
    "not_comparable": "it said that its figures should not be compared",
    "text_search": "the figures come from a search of free text",
}
"""Caveats that explain, in a sentence, why no change is stated."""

SILENCES = {
    "waiting_response": "had given no reply when this edition was made",
    "waiting_clarification": "asked what the request meant and had not answered it when this edition was made",
    "rejected": "refused the request",
    "not_held": "said that it does not hold the information",
    "internal_review": "refused the request, and a review of that refusal was open",
    "user_withdrawn": "was asked, and the request was withdrawn",
    "error_message": "could not be reached with the request",
}
"""How an authority without a figure is spoken of, by the outcome of its request."""


def tell_level(ground: Ground, where: str | None, period: str) -> Sentence | None:
    """ "72 … were recorded by police in Northamptonshire in 2016/17.", a range where counts were suppressed."""
    figure = find_figure(ground, "total", where, period)
    if figure is None or not is_known(figure):
        return None
    subject = name_subject(ground.survey, ground.headline, _count(figure))
    verb = "was" if _count(figure) == 1 else "were"
    text = f"{write_value(figure)} {subject} {verb} recorded by {_name_recorder(ground, where, figure)} in {period}"
    if figure.value is None:
        return Sentence(
            kind="range",
            text=f"{_capital(text)}; the exact number is not known because small counts were suppressed.",
            figures=(figure.id,),
        )
    return Sentence(kind="level", text=f"{_capital(text)}.", figures=(figure.id,))


def tell_change(ground: Ground, where: str | None, pair: Comparison) -> Sentence | None:
    """The level and its change in one sentence, numbers before the percentage, chosen by direction."""
    totals = find_totals(ground, where, pair)
    change = find_figure(ground, "change_abs", where, pair.period, base=pair.base)
    if totals is None or change is None or not isinstance(change.value, int | float):
        return None
    now, then = totals
    base = name_base(find_period(ground.survey, pair.base), find_period(ground.survey, pair.period))
    subject = name_subject(ground.survey, ground.headline, _count(now))
    verb = "was" if _count(now) == 1 else "were"
    recorder = _name_recorder(ground, where, now)
    kind, tail, used = _tell_move(ground, where, pair, change)
    text = (
        f"{write_value(now)} {subject} {verb} recorded by {recorder} in {pair.period}, "
        f"compared with {write_value(then)} {base}{tail}."
    )
    return Sentence(kind=kind, text=_capital(text), figures=(now.id, then.id, *used))


def _tell_move(ground: Ground, where: str | None, pair: Comparison, change: Figure) -> tuple[str, str, tuple[str, ...]]:
    """The kind of move, its words, and the figures they state."""
    size = change.value if isinstance(change.value, int | float) else 0
    percent = find_percent(ground, where, pair)
    chance = find_figure(ground, "p_value", where, pair.period, base=pair.base)
    if size == 0:
        return "same", ", the same number", (change.id,)
    words = f"{write_number(abs(size))}"
    used: tuple[str, ...] = (change.id,)
    if percent is not None and isinstance(percent.value, int | float):
        words, used = f"{words} ({write_percent(percent.value)})", (change.id, percent.id)
        p = chance.value if chance and isinstance(chance.value, float) else None
        if abs(percent.value) < LITTLE and (p is None or p >= CHANCE):
            way = "rise" if size > 0 else "fall"
            return "little_changed", f", little changed: a {way} of {words}", used
    return ("rose", f", a rise of {words}", used) if size > 0 else ("fell", f", a fall of {words}", used)


def find_percent(ground: Ground, where: str | None, pair: Comparison) -> Figure | None:
    """The percentage change, only where its base reaches the survey's small base and both ends are exact."""
    figure = find_figure(ground, "change_pct", where, pair.period, base=pair.base)
    totals = find_totals(ground, where, pair)
    if figure is None or totals is None or figure.value is None:
        return None
    base = totals[1].value
    return figure if isinstance(base, int | float) and base >= ground.survey.small_base else None


def tell_chance(ground: Ground, where: str | None, pair: Comparison) -> Sentence | None:
    """Whether the change is more than chance alone would give, with the exact test's p (METHODS 4.1)."""
    figure = find_figure(ground, "p_value", where, pair.period, base=pair.base)
    change = find_figure(ground, "change_abs", where, pair.period, base=pair.base)
    if figure is None or change is None or not isinstance(figure.value, int | float) or change.value == 0:
        return None
    p = write_chance(float(figure.value))
    if figure.value >= CHANCE:
        text = f"A change of this size is within what chance alone would give (exact test, {p})."
        return Sentence(kind="within_chance", text=text, figures=(figure.id,))
    text = (
        f"The change is larger than chance alone would usually give (exact test, {p}). "
        "The test does not say why: how offences are recorded and flagged changes too."
    )
    if "offences" not in ground.survey.subject:
        text = text.replace("offences are recorded and flagged", "they are recorded")
    return Sentence(kind="beyond_chance", text=text, figures=(figure.id,))


def tell_no_change(ground: Ground, where: str | None, pair: Comparison) -> Sentence | None:
    """Why no change is stated: a declared break, a caveat, a range, or no figure for the earlier period."""
    change = find_figure(ground, "change_abs", where, pair.period, base=pair.base)
    if change is not None:
        return _tell_range(change, pair)
    declared = find_figure(ground, "break", where, pair.period, base=pair.base)
    if declared is not None:
        text = f"The figure cannot be compared with {pair.base}: {word_break(declared)}."
        return Sentence(kind="cannot_compare", text=text, figures=(declared.id,))
    then = find_figure(ground, "total", where, pair.base)
    if then is None or not is_known(then):
        text = f"No figure for {pair.base} was given, so no change is stated."
        return Sentence(kind="first_figure", text=text)
    for caveat in ground.replies[where].caveats if where and where in ground.replies else ():
        if caveat.kind in BREAKS:
            text = f"The figure cannot be compared with {pair.base}: {BREAKS[caveat.kind]}."
            return Sentence(kind="cannot_compare", text=text)
    text = f"No change from {pair.base} is stated, because the two figures cannot be set side by side."
    return Sentence(kind="cannot_compare", text=text)


def word_break(declared: Figure) -> str:
    """A break's reason in words: each caveat it names, or the survey's own sentence."""
    reason = declared.value if isinstance(declared.value, str) else declared.note
    parts = [BREAKS.get(part.replace(" ", "_")) for part in reason.split(", ")]
    known = [part for part in parts if part]
    words = write_list(known) if len(known) == len(parts) else reason.rstrip(".")
    return words or "the two figures are not alike"


def _tell_range(change: Figure, pair: Comparison) -> Sentence | None:
    """A change known only within bounds: its sign where both ends agree on it."""
    low, high = change.low, change.high
    if low is None or high is None:
        return None
    if low > 0 or high < 0:
        way, ends = ("rise", (low, high)) if low > 0 else ("fall", (-high, -low))
        text = f"From {pair.base} that is a {way} of between {write_number(ends[0])} and {write_number(ends[1])}"
    else:
        text = (
            f"From {pair.base} it may have fallen by up to {write_number(-low)} or risen by up to {write_number(high)}"
        )
    text += ", because small counts were suppressed."
    return Sentence(kind="change_range", text=text, figures=(change.id,))


def tell_silence(authority: Authority, reply: Reply | None) -> Sentence:
    """The sentence for an authority with no figure: no reply, refused under a section, not held, unreadable."""
    outcome = reply.outcome if reply else "waiting_response"
    name = authority.name
    if outcome in ("successful", "partially_successful"):
        return Sentence(
            kind="no_figure", text=f"{name} replied, but no figure in its reply could be used for this question."
        )
    text = f"{name} {SILENCES[outcome]}"
    sections = sorted({item.section for item in reply.exemptions}) if reply else []
    if sections and outcome in ("rejected", "internal_review", "not_held"):
        law = (
            "Freedom of Information (Scotland) Act 2002"
            if authority.law == "FOISA"
            else ("Freedom of Information Act 2000")
        )
        text = f"{text} under {write_list([_name_section(section) for section in sections])} of the {law}"
    return Sentence(kind=f"silent_{outcome}", text=f"{text}. No number is shown for it, and none is assumed.")


def write_value(figure: Figure) -> str:
    """A figure as text: its number, or "between 46 and 52" where only bounds are known."""
    if figure.value is not None:
        return write_number(figure.value)
    if figure.high is None:
        return f"at least {write_number(figure.low or 0)}"
    return f"between {write_number(figure.low or 0)} and {write_number(figure.high)}"


def find_totals(ground: Ground, where: str | None, pair: Comparison) -> tuple[Figure, Figure] | None:
    """Both counts a change stands on: over the matched authorities where that is told, else the plain totals."""
    now = find_figure(ground, "matched_total", where, pair.period, base=pair.base)
    then = find_figure(ground, "matched_base", where, pair.period, base=pair.base)
    if now is None or then is None:
        now = find_figure(ground, "total", where, pair.period)
        then = find_figure(ground, "total", where, pair.base)
    return (now, then) if now and then and is_known(now) and is_known(then) else None


def _name_recorder(ground: Ground, where: str | None, figure: Figure) -> str:
    survey = ground.survey
    if where is not None and not where.startswith(REGION):
        return name_place(survey, next(a for a in survey.authorities if a.id == where))
    place = name_region(survey.area if where is None else where.removeprefix(REGION))
    return f"{count_noun(survey, figure.n_matched or figure.n_answered)} in {place}"


def is_known(figure: Figure) -> bool:
    """Whether a number or bounds can be printed."""
    return figure.value is not None or figure.low is not None or figure.high is not None


def _count(figure: Figure) -> int | float | None:
    return figure.value if isinstance(figure.value, int | float) else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _name_section(section: str) -> str:
    return f"section {section.removeprefix('s.').removeprefix('section ').strip()}"
