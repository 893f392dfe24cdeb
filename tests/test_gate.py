"""The disclosure gate: against every assignment there is on small tables, and on the ways counts leak in practice."""

import subprocess
import sys
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.bounds import find_leaks
from answerable.bounds.relax import find_doubted
from answerable.bounds.solve import solve_system
from answerable.bounds.system import Statement, System
from answerable.model import Bounds, Figure, Finding, Observation, Reference, Source
from building import build_survey

SURVEY = build_survey()


def search_everything(system: System) -> dict[str, tuple[int, int]] | None:
    """The range of each hidden cell over every assignment that satisfies every statement; None where none does."""
    names = list(system.hidden)
    ranges = [range(low, (high or 0) + 1) for low, high in system.hidden.values()]
    kept = []
    for values in product(*ranges):
        at = {**dict(zip(names, values, strict=True)), **system.known}
        sums = [(sum(c * at[cell] for cell, c in item.terms), item) for item in system.statements]
        if all(item.low <= total <= item.high for total, item in sums):
            kept.append(values)
    if not kept:
        return None
    return {name: (min(v[i] for v in kept), max(v[i] for v in kept)) for i, name in enumerate(names)}


@st.composite
def systems(draw: st.DrawFn) -> System:
    """Up to five hidden cells with overlapping totals that some true assignment satisfies."""
    names = [f"c{n}" for n in range(draw(st.integers(1, 5)))]
    truth = {name: draw(st.integers(0, 4)) for name in names}
    statements = []
    for number in range(draw(st.integers(0, 5))):
        chosen = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
        total = float(sum(truth[name] for name in chosen))
        terms = tuple((name, 1.0) for name in chosen)
        statements.append(Statement(label=f"s{number}", terms=terms, low=total, high=total))
    return System(hidden=dict.fromkeys(names, (0, 4)), statements=tuple(statements))


@settings(max_examples=60, deadline=None)
@given(systems())
def test_the_solver_finds_what_an_exhaustive_search_finds(system: System) -> None:
    expected = search_everything(system)
    assert expected is not None
    solution = solve_system(system)
    assert not solution.contradictions
    assert {name: (cell.low, cell.high) for name, cell in solution.cells.items()} == expected


def test_overlapping_totals_need_more_than_propagation() -> None:
    pairs = (("a", "b"), ("b", "c"), ("a", "c"))
    statements = tuple(
        Statement(label="+".join(pair), terms=tuple((name, 1.0) for name in pair), low=4.0, high=4.0) for pair in pairs
    )
    system = System(hidden=dict.fromkeys("abc", (0, 4)), statements=statements)
    plain = solve_system(system, method="propagation").cells["a"]
    solved = solve_system(system).cells["a"]
    assert (plain.low, plain.high) == (0, 4)
    assert (solved.low, solved.high) == (2, 2)


def test_only_the_assumption_that_is_broken_gives_way() -> None:
    """a and b share a sum; a's own breakdown is impossible, b's is not and stays."""
    shared = Statement(label="shared", terms=(("a", 1.0), ("b", 1.0)), low=4.0, high=4.0)
    broken = Statement(label="broken", terms=(("a", 1.0), ("seen", 1.0)), low=4.0, high=4.0, assumed=True)
    sound = Statement(label="sound", terms=(("b", 1.0), ("seen", 1.0)), low=12.0, high=12.0, assumed=True)
    system = System(hidden={"a": (0, 4), "b": (0, 4)}, known={"seen": 9}, statements=(shared, broken, sound))
    (group,) = solve_system(system).contradictions
    assert find_doubted(system, [group]) == {1}


def test_where_only_whole_numbers_contradict_every_assumption_gives_way() -> None:
    half = Statement(label="half", terms=(("a", 2.0),), low=3.0, high=3.0)
    tie = Statement(label="tie", terms=(("a", 1.0), ("b", 1.0)), low=4.0, high=4.0, assumed=True)
    system = System(hidden={"a": (0, 4), "b": (0, 4)}, statements=(half, tie))
    assert find_doubted(system, solve_system(system).contradictions) == {1}


def test_statements_that_cannot_all_hold_are_reported() -> None:
    first = Statement(label="x", terms=(("a", 1.0),), low=1.0, high=1.0)
    second = Statement(label="y", terms=(("a", 1.0),), low=2.0, high=2.0)
    assert solve_system(System(hidden={"a": (0, 4)}, statements=(first, second))).contradictions


HEAD = SURVEY.questions[0]
FIRST, SECOND = SURVEY.authorities[:2]
PERIOD = SURVEY.periods[-1].id


def observe(authority: str, value: int | None) -> Observation:
    source = Source(document=f"{authority}/a.csv", part="sheet", ref="B2", quote="<5" if value is None else str(value))
    return Observation(
        survey=SURVEY.id,
        authority=authority,
        question=HEAD.id,
        period=PERIOD,
        dimensions=(),
        value=value,
        bounds=Bounds(low=0, high=4) if value is None else None,
        unit=HEAD.unit,
        status="suppressed" if value is None else "normal",
        accepted=True,
        original_value=source.quote,
        origin="reader",
        evidence=(),
        source=source,
    )


def total(value: int, missing: tuple[str, ...]) -> Figure:
    return Figure(
        id="total/all",
        title="",
        kind="total",
        authority=None,
        question=HEAD.id,
        period=PERIOD,
        value=value,
        unit=HEAD.unit,
        n_asked=len(SURVEY.authorities),
        n_answered=2,
        missing=missing,
    )


OTHERS = tuple(authority.id for authority in SURVEY.authorities[2:])


def find(*figures: Figure, earlier: dict[str, tuple[Figure, ...]] | None = None) -> tuple[Finding, ...]:
    return find_leaks(SURVEY, [observe(FIRST.id, None), observe(SECOND.id, 30)], figures, earlier)


def test_a_total_beside_every_other_count_gives_the_withheld_one_away() -> None:
    assert find() == ()
    (finding,) = find(total(33, OTHERS))
    assert (finding.check, finding.severity, finding.subject) == ("disclosure", "error", FIRST.id)
    assert "figure total/all" in finding.message
    assert "3" not in finding.message.replace(PERIOD, "").replace("question 3", "")


def test_an_earlier_edition_is_remembered() -> None:
    (finding,) = find(earlier={"1": (total(33, OTHERS),)})
    assert "edition 1" in finding.message


def test_a_total_that_another_silence_protects_passes() -> None:
    assert find(total(40, OTHERS[1:])) == ()


def test_nothing_withheld_asks_no_solver() -> None:
    assert find_leaks(SURVEY, [observe(FIRST.id, 7)], [total(7, OTHERS)]) == ()


def test_a_published_reference_for_the_authority_itself_is_a_leak() -> None:
    item = Reference(
        id="paper",
        question=HEAD.id,
        measure="total",
        authority=FIRST.id,
        period=PERIOD,
        value="3",
        n_answered=None,
        source="",
        published="",
        status="stated",
        note="",
    )
    survey = replace(SURVEY, references=(item,))
    (finding,) = find_leaks(survey, [observe(FIRST.id, None)], [])
    assert "reference paper" in finding.message


def test_what_the_solver_cannot_finish_blocks() -> None:
    (finding,) = find_leaks(SURVEY, [observe(FIRST.id, None), observe(SECOND.id, 30)], [total(33, OTHERS)], steps=0)
    assert finding.check == "disclosure"


def test_the_solver_prints_nothing() -> None:
    code = (
        "from answerable.bounds.solve import solve_system\n"
        "from answerable.bounds.system import Statement, System\n"
        "row = Statement(label='x', terms=(('a', 1.0), ('b', 1.0)), low=4.0, high=4.0)\n"
        "solve_system(System(hidden={'a': (0, 4), 'b': (0, 4)}, statements=(row,)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout + done.stderr == ""
