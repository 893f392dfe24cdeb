"""The simulated truth: authorities that do not exist and what each of them recorded.

Counts add up over every breakdown, as a recording system's do; what a reply then states of them is decided
elsewhere. The trap: names hold no digits and no words of the survey, so that a reader gains nothing by luck.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

PERIODS = ("2021/22", "2022/23", "2023/24")
OFFENCES = (
    ("71/17", "Sexual communication with a child"),
    ("86/2", "Take, make or distribute indecent photographs of children"),
    ("86/10", "Possession of an indecent photograph of a child"),
    ("88/1", "Meeting a female child following sexual grooming"),
    ("22/8", "Causing or inciting a female child under 16 to engage in sexual activity"),
    ("22/11", "Causing a child under 16 to watch a sexual act"),
    ("71/1", "Arranging or facilitating the commission of a child sex offence"),
)
"""Home Office codes (hmpps-manage-offences-api, MIT) with labels as forces shorten them."""

AGES = ("0-11", "12-15", "16-17", "unknown")
SEXES = ("F", "M", "unknown")
TOTAL = "_T"

_FIRST = (
    "Alder", "Ash", "Beck", "Birch", "Black", "Bram", "Brook", "Cald", "Coln", "Crow", "Dale", "Elm", "Fern",
    "Glen", "Hart", "Haw", "Holt", "Ivy", "Kirk", "Lang", "Lin", "Marl", "Oak", "Ray", "Row", "Sel", "Stan",
    "Thorn", "Wal", "Wych",
)  # fmt: skip
_LAST = (
    "borough", "bourne", "combe", "dale", "field", "ford", "ham", "hurst", "ley", "mere", "moor", "shaw", "stead",
    "stow", "ton", "wick", "worth",
)  # fmt: skip
_SIDES = ("", "North ", "South ", "East ", "West ", "Upper ", "Lower ", "Mid ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """An authority with its counts: (period, offence), (period, age) and (period, age, sex) -> count."""

    id: str
    name: str
    offences: dict[tuple[str, str], int]
    ages: dict[tuple[str, str], int]
    victims: dict[tuple[str, str, str], int]


def make_forces(n: int, seed: int) -> Iterator[Force]:
    """`n` authorities; the first ones are the same whatever `n` is."""
    for number, name in zip(range(n), _make_names(seed), strict=False):
        draw = random.Random(f"{seed}:{number}:counts")
        yield _record(name.lower().replace(" ", "-"), name, draw)


def _make_names(seed: int) -> Iterator[str]:
    plain = [first + last for first in _FIRST for last in _LAST if not first.lower().endswith(last[:3])]
    random.Random(f"{seed}:names").shuffle(plain)
    for side in _SIDES:
        yield from (side + name for name in plain)


def _record(key: str, name: str, draw: random.Random) -> Force:
    size = draw.lognormvariate(3.2, 0.9)
    offences: dict[tuple[str, str], int] = {}
    ages: dict[tuple[str, str], int] = {}
    victims: dict[tuple[str, str, str], int] = {}
    for period in PERIODS:
        size *= draw.uniform(0.85, 1.3)
        for code, _ in OFFENCES:
            offences[period, code] = _count(size * draw.choice((0.05, 0.3, 1.0, 2.5)), draw)
        total = sum(offences[period, code] for code, _ in OFFENCES)
        ages |= {(period, age): n for age, n in _share(total, AGES, (2, 6, 2, 1), draw).items()}
        people = max(total - draw.randrange(4), 0)
        for age, n in _share(people, AGES, (2, 6, 2, 1), draw).items():
            victims |= {(period, age, sex): count for sex, count in _share(n, SEXES, (7, 3, 1), draw).items()}
    return Force(id=key, name=name, offences=offences, ages=ages, victims=victims)


def _count(mean: float, draw: random.Random) -> int:
    return max(round(draw.gauss(mean, mean**0.5)), 0)


def _share(total: int, keys: tuple[str, ...], weights: tuple[int, ...], draw: random.Random) -> dict[str, int]:
    """`total` dealt out over `keys` one by one."""
    found = dict.fromkeys(keys, 0)
    for key in draw.choices(keys, weights, k=total):
        found[key] += 1
    return found
