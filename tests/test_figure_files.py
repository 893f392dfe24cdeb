"""Figures from files too large for objects: the same as from objects, and counted from records as by hand."""

import csv
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from answerable.errors import FigureError
from answerable.figures import compute_figures, compute_file_figures, compute_record_figures
from answerable.model import Caveat, Edition, Observation
from answerable.publish.plain import write_csv
from answerable.publish.tables import make_sheets
from counted import NOW, THEN, answer, make_counted_survey, observe

SURVEY = make_counted_survey()


def make_readings() -> list[Observation]:
    """Counts with a star, a doubled reading, another unit, ages, and one still in review."""
    readings = [observe(name, period, 40 + len(name + period) * 7) for name in ("ash", "birch", "cedar") for period in
                (THEN, NOW)]  # fmt: skip
    readings += [observe("elm", THEN, None, bounds=(0, 4)), observe("elm", NOW, 9, unit="victims")]
    readings += [observe("ash", NOW, 77, ref="B9"), observe("birch", NOW, 500, accepted=False, ref="B8")]
    for age in (3, 12, 13):
        readings.append(observe("ash", NOW, age, question="by-age", dims=(("age", str(age)),), ref=f"C{age}"))
        readings.append(
            observe("cedar", NOW, None, question="by-age", dims=(("age", str(age)),), bounds=(1, 4), ref=f"C{age}")
        )
    return readings


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_file_of_observations_gives_the_figures_of_the_objects(suffix: str, tmp_path: Path) -> None:
    readings = make_readings()
    late = answer("birch", id="birch-2", received=date(2017, 6, 1))
    document = replace(late.documents[0], path="birch/2.csv")
    readings.append(observe("birch", NOW, 66, document="birch/2.csv"))
    caveat = Caveat(kind="system_changed", text="A new system.", period=NOW)
    replies = (
        answer("ash"), answer("birch"), replace(late, documents=(document,)), answer("cedar", caveats=(caveat,)),
        answer("elm"),
    )  # fmt: skip
    edition = Edition(survey=SURVEY, replies=replies, grids=(), observations=tuple(readings), findings=(), figures=())
    path = tmp_path / "observations.csv"
    path.write_bytes(write_csv(make_sheets(edition)[0]))
    if suffix == "parquet":
        path = tmp_path / "observations.parquet"
        duckdb.execute(f"COPY (FROM '{tmp_path}/observations.csv') TO '{path}'")
    expected = tuple(item for item in compute_figures(SURVEY, replies, readings) if item.kind != "hidden_sum")
    assert compute_file_figures(SURVEY, path, replies) == expected
    areas = compute_file_figures(SURVEY, path, replies, breakdowns=False)
    kept = [figure for figure in expected if figure.authority is None or figure.authority.startswith("region:")]
    assert [figure for figure in areas if figure.authority is None or figure.authority.startswith("region:")] == kept


def test_records_are_counted_as_by_hand(tmp_path: Path) -> None:
    chance = random.Random(3)
    first = date(2015, 3, 1)  # a month before the first period
    rows = [
        (chance.choice(["ash", "birch", "cedar"]), first + timedelta(days=chance.randrange(800)), chance.randrange(14))
        for _ in range(500)
    ]
    path = tmp_path / "records.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("authority", "date", "age"), *rows])
    found = {figure.id: figure for figure in compute_record_figures(SURVEY, path)}
    periods = {period.id: period for period in SURVEY.periods}
    inside = [(a, next((p for p in periods if periods[p].start <= d <= periods[p].end), ""), age) for a, d, age in rows]
    by_period = Counter(period for _, period, _ in inside)
    by_age = Counter((period, age) for _, period, age in inside)
    assert found["total/the-realm/offences/2016-17"].value == by_period[NOW]
    assert found["total/the-realm/offences/2016-17"].missing == ("elm",)
    for age in range(18):
        assert found[f"total/the-realm/by-age/2015-16/age-{age}"].value == by_age[THEN, age]
    assert not any(figure.question == "victims" for figure in found.values())  # no column band


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("authority,age\nash,3\n", "has no column date"),
        ("authority,date,age\nahs,2016-05-01,3\n", 'authority "ahs" is not in the survey'),
        ("authority,date,age\nash,2016-05-01,99\n", 'age "99" is not in the survey'),
    ],
)
def test_records_that_fit_no_survey_are_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_text(text)
    with pytest.raises(FigureError) as caught:
        compute_record_figures(SURVEY, tmp_path / "records.csv")
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FigureError, match="there is no such file"):
        compute_file_figures(SURVEY, tmp_path / "absent.csv")
