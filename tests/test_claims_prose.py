"""Ways that a newspaper says a number, each over several places and years, with verdicts computed from the counts."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from claims_world import make_world

from answerable.claims import Topic, check_against, make_topic
from answerable.model import Claim

PHRASINGS = json.loads(
    (Path(__file__).resolve().parent.parent / "bench" / "claims" / "phrasings.json").read_text(encoding="utf-8")
)
PERIODS = ["2015/16", "2016/17", "2017/18", "2018/19", "2019/20"]
COUNTS = {
    "kent": [98, 145, 190, 262, 323],
    "sussex": [59, 72, 88, 103, 167],
    "surrey": [41, 66, 57, 124, 151],
    "durham": [120, 134, 171, 245, 196],
    "cleveland": [45, 52, 61, 80, 112],
    "northumbria": [77, 229, 311, 351, 402],
    "essex": [412, 380, 351, 317, 289],
    "norfolk": [36, 48, 69, 84, 93],
}
WHOLE = [sum(counts[at] for counts in COUNTS.values()) for at in range(5)]
PLACES = [("kent", "sussex", "surrey"), ("northumbria", "cleveland", "essex"), ("essex", "surrey", "durham")]
SPANS = [(3, 4), (0, 4)]
MARK = re.compile(r"\[\[(.*?)\|(\w+)\]\]")
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
PASSED = {"supported", "rounds"}


@cache
def read_topic() -> Topic:
    totals = {place: dict(zip(PERIODS, counts, strict=True)) for place, counts in COUNTS.items()}
    totals[""] = dict(zip(PERIODS, WHOLE, strict=True))
    world = {"survey": "cyber-flag", "periods": PERIODS, "authorities": sorted(COUNTS), "totals": totals}
    return make_topic(*make_world(world))


def mark(value: int | str, verdict: str = "supported", tail: str = "") -> str:
    return f"[[{value if isinstance(value, str) else f'{value:,}'}{tail}|{verdict}]]"


def mark_rounded(exact: Fraction, tail: str = "%") -> str:
    rounded = int(abs(exact) + Fraction(1, 2))
    return mark(rounded, "supported" if abs(exact) == rounded else "rounds", tail)


def fill(places: tuple[str, str, str], first: int, last: int) -> dict[str, str]:
    """What the letters of a phrasing stand for: places, years, and marked numbers with the verdict they deserve."""
    one, two, three = (COUNTS[place] for place in places)
    base, now, whole, before = one[first], one[last], WHOLE[last], WHOLE[first]
    days = 366 if PERIODS[last].endswith(("16", "20")) else 365
    hours = Fraction(days * 24, whole)
    fields = dict(zip("POQ", (place.title() for place in places), strict=True))
    fields |= {"y0": PERIODS[first], "y1": PERIODS[last], "e0": str(2016 + first), "e1": str(2016 + last)}
    fields |= {"A": mark(base), "B": mark(now), "D": mark(abs(now - base)), "N": mark(whole), "M": mark(before)}
    fields |= {"OA": mark(two[first]), "OB": mark(two[last]), "QA": mark(three[first]), "QB": mark(three[last])}
    fields |= {
        "S": mark(now + two[last]),
        "ND": mark(whole - before),
        "SUM5": mark(sum(one)),
        "SUM3": mark(sum(one[2:])),
    }
    change = (Fraction(now, base) - 1) * 100
    fields |= {"C": mark_rounded(change), "Cw": mark_rounded(change, " per cent"), "NSUM5": mark(sum(WHOLE))}
    fields |= {
        "NC": mark_rounded((Fraction(whole, before) - 1) * 100),
        "OC": mark_rounded((Fraction(two[last], two[first]) - 1) * 100),
        "SH": mark_rounded(Fraction(now * 100, whole)),
    }
    daily = Fraction(whole, days)
    fields["DAY"] = mark(WORDS[round(daily)], "rounds") if daily < 12 else mark_rounded(daily, "")
    fields |= {"HOURS": WORDS[round(hours)], "HV": "rounds", "mins": str(round(hours * 60))}
    ratio = Fraction(now, base)
    for times, verb, adverb in (
        (2, "doubled", "twice"),
        (3, "trebled", "three times"),
        (4, "quadrupled", "four times"),
    ):
        if Fraction(21, 20) * times < ratio < times + 1:
            fields |= {"MULT": f"more than {verb}", "TIMES": adverb}
    return fields


def fits(kind: str, places: tuple[str, str, str], first: int, last: int, fields: dict[str, str]) -> bool:
    one, two = COUNTS[places[0]], COUNTS[places[1]]
    rises = one[last] > one[first]
    wanted = {
        "any": True,
        "nation": places == PLACES[0],
        "down": not rises,
        "up": rises,
        "next": rises and last - first == 1,
        "last": rises,
        "five": rises and last - first == 4,
        "multiple": rises and "MULT" in fields,
        "times": rises and "TIMES" in fields,
        "both": rises and two[last] > two[first],
    }
    return wanted[kind]


def write_texts(kind: str, phrasing: str) -> Iterator[tuple[str, list[tuple[int, str, str]]]]:
    """Every text of one phrasing with the marked numbers: (start, words, verdict)."""
    for places in PLACES:
        for first, last in SPANS:
            fields = fill(places, first, last)
            if not fits(kind, places, first, last, fields):
                continue
            text, marks, at = "", [], 0
            filled = phrasing.format(**fields)
            for match in MARK.finditer(filled):
                text += filled[at : match.start()]
                marks.append((len(text), match[1], match[2]))
                text, at = text + match[1], match.end()
            yield text + filled[at:], marks


def find_over(claims: tuple[Claim, ...], start: int, end: int) -> list[Claim]:
    return [claim for claim in claims if claim.span[0] < end and start < claim.span[1]]


CASES = [(kind, phrasing) for kind, phrasings in PHRASINGS.items() for phrasing in phrasings]


@pytest.mark.parametrize(("kind", "phrasing"), CASES, ids=[f"{kind}-{at}" for at, (kind, _) in enumerate(CASES)])
def test_a_number_is_judged_however_it_is_said(kind: str, phrasing: str) -> None:
    for text, marks in write_texts(kind, phrasing):
        claims = check_against(text, read_topic())
        for start, words, verdict in marks:
            over = find_over(claims, start, start + len(words))
            widths = [(min(start + len(words), c.span[1]) - max(start, c.span[0]), c.span[0] - c.span[1]) for c in over]
            best = over[widths.index(max(widths))] if over else None
            assert (best.verdict if best else "not found") == verdict, (text, words, best)


@pytest.mark.parametrize(
    ("kind", "phrasing"), CASES[::3], ids=[f"{k}-{at * 3}" for at, (k, _) in enumerate(CASES[::3])]
)
def test_a_changed_number_never_passes(kind: str, phrasing: str) -> None:
    for text, marks in write_texts(kind, phrasing):
        for start, words, _ in marks:
            digits = re.match(r"\d[\d,]*", words)
            if digits is None:
                continue
            changed = f"{round(int(digits[0].replace(',', '')) * 1.37) + 1:,}"
            claims = check_against(text[:start] + changed + text[start + len(digits[0]) :], read_topic())
            assert not {claim.verdict for claim in find_over(claims, start, start + 1)} & PASSED, (text, words, changed)
