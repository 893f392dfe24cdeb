"""Inputs for bench_figures: a survey of many authorities, its observations as Parquet, records, and a table."""

from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np

from answerable.model import Authority, Bounds, Category, Comparison, Dimension, Observation, Question, Source, Survey
from answerable.survey import parse_period_id

CATEGORIES = 39
"""With the total, forty counts for each authority and period."""

CATEGORIES_OF_GATE = 60


def make_survey(authorities: int, periods: int, categories: int = CATEGORIES) -> Survey:
    """A survey of numbered authorities in ten regions, a total and a breakdown by category."""
    years = [parse_period_id(f"{2016 + n}/{17 + n}", "bench") for n in range(periods)]
    codes = tuple(Category(code=f"c{n:02}", label=f"Category {n}") for n in range(categories))
    return Survey(
        id="bench",
        title="Bench",
        subject="offences",
        recorded_by="police",
        authority_noun=("force", "forces"),
        area="Everywhere",
        headline="offences",
        periods=tuple(years),
        dimensions=(Dimension(id="kind", name="Kind", categories=codes),),
        questions=(
            Question(id="offences", number="1", text="", measure="Offences", unit="offences"),
            Question(
                id="by-kind", number="2", text="", measure="Offences", unit="offences", dimensions=("kind",),
                total_of="offences",
            ),
        ),
        authorities=tuple(
            Authority(id=f"a{n:05}", name=f"Authority {n}", region=f"Region {n % 10}") for n in range(authorities)
        ),
        comparisons=tuple(Comparison(base=a.id, period=b.id) for a, b in pairwise(years)),
    )  # fmt: skip


def write_observations(path: Path, survey: Survey) -> int:
    """Parquet with the public columns of observations.csv; returns the number of rows. One count in fifty is
    suppressed, one authority-year in twenty has no answer."""
    sql = """
    COPY (
        WITH base AS (
            SELECT format('a{:05}', a) AS authority, p.period AS period, c, hash(a, p.period, c) AS h,
                hash(a, p.period) % 20 = 0 AS silent, c > 0 AND hash(a, p.period, c) % 50 = 0 AS hidden
            FROM range(?) t(a), (SELECT unnest(?) AS period) p, range(?) u(c))
        SELECT substr(md5(authority || period || c::VARCHAR), 1, 12) AS observation_id, authority,
            CASE WHEN c = 0 THEN 'offences' ELSE 'by-kind' END AS question, period,
            CASE WHEN c = 0 THEN '_T' ELSE format('c{:02}', c - 1) END AS kind,
            CASE WHEN hidden THEN NULL WHEN c = 0 THEN (h % 900 + 300)::VARCHAR ELSE (h % 40)::VARCHAR END AS value,
            CASE WHEN hidden THEN 0 END AS low, CASE WHEN hidden THEN 4 END AS high,
            CASE WHEN hidden THEN 'suppressed' ELSE 'normal' END AS status, 'offences' AS unit, true AS accepted
        FROM base WHERE NOT silent
    ) TO '{path}' (FORMAT parquet)
    """.replace("{path}", str(path))
    with duckdb.connect() as connection:
        periods = [period.id for period in survey.periods]
        connection.execute(sql, [len(survey.authorities), periods, CATEGORIES + 1])
        row = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()
    return int(row[0]) if row else 0


def write_records(path: Path, rows: int, survey: Survey) -> None:
    """Parquet of records: one row an offence, with its authority, day and category."""
    sql = """
    COPY (
        SELECT format('a{:05}', hash(i) % ?) AS authority, DATE '2016-04-01' + (hash(i, 1) % ?)::INTEGER AS date,
            format('c{:02}', hash(i, 2) % ?) AS kind
        FROM range(?) t(i)
    ) TO '{path}' (FORMAT parquet)
    """.replace("{path}", str(path))
    days = sum(period.days for period in survey.periods)
    with duckdb.connect() as connection:
        connection.execute(sql, [len(survey.authorities), days, CATEGORIES, rows])


def make_observations(survey: Survey) -> list[Observation]:
    """Observations as objects: a total and every category for each authority and period, one in fifty suppressed."""
    random = np.random.default_rng(44)
    found = []
    for authority in survey.authorities:
        for period in survey.periods:
            counts = random.integers(0, 40, CATEGORIES)
            stars = random.random(CATEGORIES) < 0.02
            stars[np.flatnonzero(stars)[:1]] &= stars.sum() > 1
            found.append(_observe(authority.id, "offences", period.id, (), int(counts.sum()), None))
            for number, (count, star) in enumerate(zip(counts, stars, strict=True)):
                dims = (("kind", f"c{number:02}"),)
                bounds = Bounds(low=0, high=4) if star and count <= 4 else None
                found.append(_observe(authority.id, "by-kind", period.id, dims, int(count), bounds))
    return found


def _observe(
    authority: str, question: str, period: str, dims: tuple[tuple[str, str], ...], count: int, bounds: Bounds | None
) -> Observation:
    return Observation(
        survey="bench",
        authority=authority,
        question=question,
        period=period,
        dimensions=dims,
        value=None if bounds else count,
        bounds=bounds,
        unit="offences",
        status="suppressed" if bounds else "normal",
        accepted=True,
        original_value="*" if bounds else str(count),
        origin="reader",
        evidence=(),
        source=Source(document=f"{authority}/reply.csv", part="csv", ref=repr((period, dims)), quote=""),
    )


def make_withheld(survey: Survey, share: float) -> tuple[list[Observation], list[Observation]]:
    """A table of authorities by categories with every margin known, whole and with a share of it suppressed.

    A count under five is withheld as "<5", another as a bare star; each authority's total stands.
    """
    random = np.random.default_rng(200)
    period = survey.periods[0].id
    whole, left = [], []
    for authority in survey.authorities:
        counts = random.choice([0, 1, 2, 3, 4, 6, 11, 25, 60], CATEGORIES_OF_GATE)
        stars = random.random(CATEGORIES_OF_GATE) < share
        for side in (whole, left):
            side.append(_observe(authority.id, "offences", period, (), int(counts.sum()), None))
        for number, (count, star) in enumerate(zip(counts, stars, strict=True)):
            cell = (authority.id, "by-kind", period, (("kind", f"c{number:02}"),), int(count))
            whole.append(_observe(*cell, None))
            left.append(_observe(*cell, Bounds(low=0, high=4 if count <= 4 else None) if star else None))
    return whole, left
