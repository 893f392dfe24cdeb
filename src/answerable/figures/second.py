"""Second readings -> Figures: how often two readers agreed, Cohen's kappa, and the sampled error rate.

They are about reading, not about what was counted: each stands under the headline question and the last period
because a Figure has one, and says in its note what it covers. The trap is an open disagreement: it counts as a
pair that differs and is left out of the error rate until a third has settled it.
"""

from collections.abc import Iterable

from answerable.model import Figure, Survey
from answerable.second import Pair
from answerable.stats import bound_share, compare_readings


def compute_second_figures(survey: Survey, pairs: Iterable[Pair], n_sampled: int) -> tuple[Figure, ...]:
    """Agreement in percent, kappa, and the error rate in percent with its 95% interval; () without pairs."""
    pairs = tuple(pairs)
    if not pairs:
        return ()
    found = compare_readings([(pair.first.value, pair.second.value) for pair in pairs])
    settled = [pair for pair in pairs if pair.settled is not None]
    wrong = sum(pair.wrong for pair in settled)
    covers = f"{found.n} of {n_sampled} sampled values were read by two people; {found.agreed} times they agreed."
    figures = [
        _make(
            survey, "reading_agreement", "Second readings that agree, %", 100 * found.share, covers,
            f"100 * {found.agreed} / {found.n}",
        )
    ]  # fmt: skip
    if found.kappa is not None:
        title = "Agreement of second readings, Cohen's kappa"
        figures.append(_make(survey, "reading_kappa", title, found.kappa, covers, "(observed - chance) / (1 - chance)"))
    if settled:
        bounds = bound_share(wrong, len(settled))
        note = f"{wrong} of {len(settled)} settled values had been read wrongly before they were put right."
        title, query = "Sampled values read wrongly, %", f"100 * {wrong} / {len(settled)}, Wilson's 95% interval"
        low, high = (100 * (end or 0.0) for end in (bounds.low, bounds.high))
        share = 100 * wrong / len(settled)
        figures.append(_make(survey, "reading_error", title, share, note, query, low, high))
    return tuple(figures)


def _make(
    survey: Survey, kind: str, title: str, value: float, note: str, query: str, low: float | None = None,
    high: float | None = None,
) -> Figure:  # fmt: skip
    n = len(survey.authorities)
    return Figure(
        id=f"{kind}/{survey.id}",
        title=title,
        kind=kind,
        authority=None,
        question=survey.headline,
        period=survey.periods[-1].id,
        value=value,
        low=low,
        high=high,
        unit="kappa" if kind == "reading_kappa" else "percent",
        n_asked=n,
        n_answered=n,
        query=query,
        note=note,
    )
