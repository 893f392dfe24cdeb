"""The disclosure gate: would what is printed together let anybody work out a count that an authority withheld?

Solves over every observation, every figure, every published reference and every earlier edition at once, as an
attacker would. The trap is to look at one output at a time: a regional total, the other forces' counts and last
year's release may each be harmless. It fails closed: what the solver cannot decide is reported as a leak.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from answerable.bounds.solve import Feasible, Solution, solve_system
from answerable.bounds.system import SLACK, Statement, System
from answerable.model import TOTAL, Figure, Finding, Observation, Reference, Survey

LEAST_WIDTH = 4
"""The width protected where an authority's mark declares no range: that of "fewer than five", 0 to 4."""

EXACT_KINDS = frozenset({"total", "matched_total"})
"""Kinds of figure that state a sum of counts outright, for their own period."""


def find_leaks(
    survey: Survey,
    observations: Sequence[Observation],
    figures: Iterable[Figure],
    earlier: Mapping[str, Sequence[Figure]] | None = None,
    *,
    seconds: float = 60.0,
) -> tuple[Finding, ...]:
    """A Finding at `error` for each withheld count whose feasible range is narrower than the one declared.

    `earlier` maps the name of a published edition to its figures. Each Finding names the outputs that together
    narrow the count and never the range itself. () at once where nothing was withheld.
    """
    hidden = _list_hidden(observations)
    if not hidden:
        return ()
    known = _list_known(observations, hidden)
    statements = [*_tie_breakdowns(survey, hidden, known)]
    statements += [item for figure in figures for item in _state_figure(survey, figure, "figure")]
    for name, printed in sorted((earlier or {}).items()):
        statements += [item for figure in printed for item in _state_figure(survey, figure, f"edition {name}, figure")]
    statements += [item for reference in survey.references for item in _state_reference(survey, reference)]
    system = System(hidden=hidden, known=known, statements=tuple(statements))
    system, solution = _solve(system, seconds)
    places = {_name_cell(item): item for item in observations if item.status == "suppressed"}
    found = [_report(places[cell], system, solution.cells[cell]) for cell in hidden]
    return tuple(finding for finding in found if finding is not None) + _report_contradictions(system, solution)


def _name(authority: str, question: str, period: str, dimensions: Iterable[tuple[str, str]]) -> str:
    kept = sorted(f"{name}={code}" for name, code in dimensions if code != TOTAL)
    return "|".join([authority, question, period, *kept])


def _name_cell(item: Observation) -> str:
    return _name(item.authority, item.question, item.period, item.dimensions)


def _list_hidden(observations: Iterable[Observation]) -> dict[str, tuple[int, int | None]]:
    """Withheld cells with the range each was declared to have; several marks for one cell give the widest."""
    hidden: dict[str, tuple[int, int | None]] = {}
    for item in observations:
        if item.status != "suppressed":
            continue
        low, high = (item.bounds.low, item.bounds.high) if item.bounds else (0, None)
        cell = _name_cell(item)
        if cell in hidden:
            old = hidden[cell]
            high = None if high is None or old[1] is None else max(high, old[1])
            low = min(low, old[0])
        hidden[cell] = (low, high)
    return hidden


def _list_known(observations: Iterable[Observation], hidden: Mapping[str, object]) -> dict[str, int]:
    """Accepted counts. What is still in review is no fact: a printed sum may leave the withheld cells out."""
    return {
        _name_cell(item): item.value
        for item in observations
        if item.accepted and isinstance(item.value, int) and _name_cell(item) not in hidden
    }


def _tie_breakdowns(
    survey: Survey, hidden: Mapping[str, tuple[int, int | None]], known: Mapping[str, int]
) -> list[Statement]:
    """Each total against the categories under it, in every direction that a table of these cells has."""
    totals = {question.id: question.total_of for question in survey.questions}
    cells = {**dict.fromkeys(hidden), **dict.fromkeys(known)}
    children: dict[tuple[str, str], list[str]] = {}
    for cell in cells:
        head, dims = cell.split("|")[:3], cell.split("|")[3:]
        for dim in dims:
            rest = [other for other in dims if other != dim]
            children.setdefault(("|".join([*head, *rest]), dim.partition("=")[0]), []).append(cell)
    found = []
    for (parent, dimension), parts in children.items():
        authority, question, period, *rest = parent.split("|")
        names = [parent] if rest or not totals.get(question) else [parent, f"{authority}|{totals[question]}|{period}"]
        for name in names:
            if name in cells:
                terms = (*((cell, 1.0) for cell in parts), (name, -1.0))
                label = f"the breakdown by {dimension} of {authority}, {question}, {period}"
                found.append(Statement(label=label, terms=terms, low=0.0, high=0.0, assumed=True))
    return found


def _list_members(survey: Survey, place: str | None) -> list[str]:
    region = place.removeprefix("region:") if place and place.startswith("region:") else None
    if place is None:
        return [authority.id for authority in survey.authorities]
    if region is not None:
        return [authority.id for authority in survey.authorities if authority.region == region]
    return [place]


def _state_figure(survey: Survey, figure: Figure, where: str) -> list[Statement]:
    """What an exact total says of the counts in it."""
    if figure.kind not in EXACT_KINDS or not isinstance(figure.value, int):
        return []
    members = [name for name in _list_members(survey, figure.authority) if name not in figure.missing]
    terms = tuple((_name(name, figure.question, figure.period, figure.dimensions), 1.0) for name in members)
    value = float(figure.value)
    return [Statement(label=f"{where} {figure.id}", terms=terms, low=value, high=value, printed=True)] if terms else []


def _state_reference(survey: Survey, item: Reference) -> list[Statement]:
    """What a published total says, where it covers everyone it names."""
    members = _list_members(survey, item.authority)
    whole = len(members) == 1 or item.n_answered == len(members)
    plain = item.value.replace(",", "")
    if item.measure != "total" or not whole or not members or not plain.isdigit():
        return []
    terms = tuple((_name(name, item.question, item.period, ()), 1.0) for name in members)
    value = float(plain)
    # Another edition may have counted otherwise: it binds only while it fits.
    return [Statement(label=f"reference {item.id}", terms=terms, low=value, high=value, assumed=True, printed=True)]


def _solve(system: System, seconds: float) -> tuple[System, Solution]:
    """The solution, with assumed statements dropped from every group that cannot hold together."""
    solution = solve_system(system, exact=False, seconds=seconds)
    if solution.contradictions:
        doubted = {index for group in solution.contradictions for index in group}
        kept = tuple(item for index, item in enumerate(system.statements) if index not in doubted or not item.assumed)
        system = replace(system, statements=kept)
        solution = solve_system(system, exact=False, seconds=seconds)
    return system, solution


def _report(item: Observation, system: System, found: Feasible) -> Finding | None:
    low, high = system.hidden[_name_cell(item)]
    wanted = LEAST_WIDTH if high is None else high - low
    if found.decided and found.high - found.low >= wanted - SLACK:
        return None
    outputs = sorted({system.statements[index].label for index in found.proof})
    why = "; ".join(outputs[:6]) or "the solver stopped before it was sure"
    named = f"{item.authority}, question {item.question}, {item.period}"
    return Finding(
        check="disclosure",
        severity="error",
        message=f"{named}: a count that the authority withheld can be narrowed from what would be printed together: "
        f"{why}. Withhold one of these, or a further count of the same table, and build again.",
        subject=item.authority,
        source=item.source,
    )


def _report_contradictions(system: System, solution: Solution) -> tuple[Finding, ...]:
    """Statements that cannot all be true leave the gate without an answer, so they block too."""
    found = []
    for group in solution.contradictions:
        labels = sorted({system.statements[index].label for index in group})
        found.append(
            Finding(
                check="disclosure",
                severity="error",
                message=f"{'; '.join(labels[:6])}: these cannot all be true, so the gate cannot tell what they give "
                "away. Correct the reading, or withhold one of them.",
                subject="",
            )
        )
    return tuple(found)
