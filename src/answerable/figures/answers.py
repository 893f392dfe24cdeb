"""Yes/no and choice questions -> how many authorities gave each answer.

The trap: an authority that answered two ways in one period is counted under neither.
"""

from collections.abc import Iterable, Iterator, Mapping

from answerable.figures.kinds import WHOLE, Place, slug_text
from answerable.figures.make import make_figure
from answerable.model import Figure, Observation, Survey


def make_answers(survey: Survey, places: Mapping[str, Place], observations: Iterable[Observation]) -> Iterator[Figure]:
    """A figure for each answer that occurred, over the authorities that answered clearly."""
    questions = {item.id: item for item in survey.questions if item.kind in {"yes_no", "choice"}}
    given: dict[tuple[str, str], dict[str, dict[str, list[str]]]] = {}
    for item in observations:
        if item.accepted and item.question in questions and item.status == "normal" and item.value is not None:
            own = given.setdefault((item.question, item.period), {}).setdefault(item.authority, {})
            own.setdefault(str(item.value), []).append(item.id)
    whole = places[WHOLE]
    for (question, period), by_authority in sorted(given.items()):
        clear = {name: own for name, own in by_authority.items() if len(own) == 1 and name in whole.asked}
        answered = tuple(name for name in whole.asked if name in clear)
        for answer in sorted({value for own in clear.values() for value in own}):
            ids = [key for name in answered for key in sorted(clear[name].get(answer, ()))]
            n = sum(answer in clear[name] for name in answered)
            yield make_figure(
                survey, "answers", whole, questions[question], period, value=n, unit="authorities",
                answered=answered, observations=ids, tail=slug_text(answer), title_tail=f": {answer}",
                query=f"authorities that answered {answer}, of {len(answered)}",
            )  # fmt: skip
