"""Inputs for bench_figures: a survey of many authorities, its observations as Parquet, records, and a table."""

from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np

from answerable.bounds.system import Statement, System
from answerable.model import Authority, Bounds, Category, Comparison, Dimension, Observation, Question, Source, Survey
from answerable.survey import parse_period_id

CATEGORIES = 39
"""With the total, forty counts for each authority and period."""


def make_survey(authorities: int, periods: int) -> Survey:
    """A survey of numbered authorities in ten regions, a total and a breakdown of 39 categories."""
    years = [parse_period_id(f"{2016 + n}/{17 + n}", "bench") for n in range(periods)]
    codes = tuple(Category(code=f"c{n:02}", label=f"Category {n}") for n in range(CATEGORIES))
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


def write_observations(path: Path, authorities: int, survey: Survey) -> int:
    """Parquet with the columns of the table `observation`; returns the number of rows. One cell in fifty is
    suppressed, one authority-year in twenty has no answer."""
    sql = """
    COPY (
        WITH base AS (
            SELECT format('a{:05}', a) AS authority, p.period AS period, c, hash(a, p.period, c) AS h,
                hash(a, p.period) % 20 = 0 AS silent
            FROM range(?) t(a), (SELECT unnest(?) AS period) p, range(?) u(c))
        SELECT substr(md5(authority || period || c::VARCHAR), 1, 12) AS id, authority,
            CASE WHEN c = 0 THEN 'offences' ELSE 'by-kind' END AS question, period,
            CASE WHEN c = 0 THEN '' ELSE format('kind' || chr(31) || 'c{:02}', c - 1) END AS dims,
            CASE WHEN c = 0 THEN '' ELSE 'kind' END AS axes,
            CASE WHEN c > 0 AND h % 50 = 0 THEN NULL WHEN c = 0 THEN (h % 900 + 300)::BIGINT
                ELSE (h % 40)::BIGINT END AS value,
            CASE WHEN c > 0 AND h % 50 = 0 THEN 0 END::BIGINT AS low,
            CASE WHEN c > 0 AND h % 50 = 0 THEN 4 END::BIGINT AS high,
            c > 0 AND h % 50 = 0 AS suppressed, 0 AS edition, 0 AS grade, true AS added, 'offences' AS unit,
            '' AS reasons
        FROM base WHERE NOT silent
    ) TO '{path}' (FORMAT parquet)
    """.replace("{path}", str(path))
    with duckdb.connect() as connection:
        connection.execute(sql, [authorities, [period.id for period in survey.periods], CATEGORIES + 1])
        row = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()
    return int(row[0]) if row else 0


def write_records(path: Path, rows: int, survey: Survey) -> None:
    """Parquet of records: one row an offence, with its authority, day and category."""
    sql = """
    COPY (
        SELECT format('a{:05}', hash(i) % ?) AS authority, DATE '2016-04-01' + (hash(i, 1) % 2922)::INTEGER AS day,
            format('c{:02}', hash(i, 2) % ?) AS kind
        FROM range(?) t(i)
    ) TO '{path}' (FORMAT parquet)
    """.replace("{path}", str(path))
    with duckdb.connect() as connection:
        connection.execute(sql, [len(survey.authorities), CATEGORIES, rows])


def make_observations(survey: Survey) -> list[Observation]:
    """Observations as objects: a total and every category for each authority and period, one in fifty suppressed."""
    random = np.random.default_rng(44)
    found = []
    for authority in survey.authorities:
        for period in survey.periods:
            counts = random.integers(0, 40, CATEGORIES)
            stars = random.random(CATEGORIES) < 0.02
            stars[np.flatnonzero(stars)[:1]] &= stars.sum() > 1
            found.append(_observe(authority.id, "offences", period.id, (), int(counts.sum()), False))
            for number, (count, star) in enumerate(zip(counts, stars, strict=True)):
                hidden = bool(star and count <= 4)
                dims = (("kind", f"c{number:02}"),)
                found.append(_observe(authority.id, "by-kind", period.id, dims, int(count), hidden))
    return found


def _observe(
    authority: str, question: str, period: str, dims: tuple[tuple[str, str], ...], count: int, hidden: bool
) -> Observation:
    return Observation(
        survey="bench",
        authority=authority,
        question=question,
        period=period,
        dimensions=dims,
        value=None if hidden else count,
        bounds=Bounds(low=0, high=4) if hidden else None,
        unit="offences",
        status="suppressed" if hidden else "normal",
        accepted=True,
        original_value="<5" if hidden else str(count),
        origin="reader",
        evidence=(),
        source=Source(document=f"{authority}/reply.csv", part="csv", ref=repr((period, dims)), quote=""),
    )


def make_table(rows: int, columns: int, share: float) -> System:
    """A table of counts with both margins printed and a share of its cells suppressed, small ones as 0 to 4."""
    random = np.random.default_rng(200)
    counts = random.choice([0, 1, 2, 3, 4, 6, 11, 25, 60], (rows, columns))
    stars = random.random((rows, columns)) < share
    names = [[f"{r},{c}" for c in range(columns)] for r in range(rows)]
    hidden: dict[str, tuple[int, int | None]] = {}
    known: dict[str, int] = {}
    for r in range(rows):
        for c in range(columns):
            if stars[r, c]:
                hidden[names[r][c]] = (0, 4) if counts[r, c] <= 4 else (0, 99)
            else:
                known[names[r][c]] = int(counts[r, c])
    lines = [(names[r], float(counts[r].sum())) for r in range(rows)]
    lines += [([names[r][c] for r in range(rows)], float(counts[:, c].sum())) for c in range(columns)]
    statements = tuple(
        Statement(label=f"margin {n}", terms=tuple((cell, 1.0) for cell in cells), low=total, high=total)
        for n, (cells, total) in enumerate(lines)
    )
    return System(hidden=hidden, known=known, statements=statements)
