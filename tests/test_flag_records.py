"""Records from every source under one shape, through the command, to a file; text never where it should not be."""

import csv
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from answerable.cli.flag import command
from answerable.errors import AnswerableError
from answerable.flag import Job, Settings
from answerable.flag.records import Layout, parse_layout, read_records

OWN = {
    "Crime No": ["A1", "A2", "A3"],
    "Mo": ["Threats to victim on Snapchat", "Laptop stolen from car", "=Harassing messages"],
    "Summary": ["by ex partner", "", ""],
    "Date": ["01/02/2017", "2016-05-30", ""],
    "Flag": ["Y", "N", ""],
    "Age": ["14", "", "30"],
}
LAYOUT = """
[columns]
id = "Crime No"
text = ["Mo", "Summary"]
committed = "Date"
flag = "Flag"
age = "Age"
[flag]
yes = ["Y"]
"""


def write_source(folder: Path, kind: str) -> str:
    path = folder / f"records.{kind}"
    if kind == "csv":
        with path.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(OWN)
            writer.writerows(zip(*OWN.values(), strict=True))
    elif kind == "parquet":
        pq.write_table(pa.table(OWN), path)
    elif kind == "xlsx":
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        book.active.append(list(OWN))
        for row in zip(*OWN.values(), strict=True):
            book.active.append([value or None for value in row])
        book.active["B4"].data_type = "s"
        book.save(path)
    else:
        with duckdb.connect(str(path)) as connection:
            connection.register("held", pa.table(OWN))
            connection.execute("create table crime as select * from held")
        return f"{path}#crime"
    return str(path)


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx", "duckdb"])
def test_every_source_gives_the_same_records(tmp_path: Path, kind: str) -> None:
    batches = list(read_records(write_source(tmp_path, kind), parse_layout(LAYOUT, "map.toml")))
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert [row["id"] for row in rows] == ["A1", "A2", "A3"]
    assert rows[0]["text"] == "Threats to victim on Snapchat by ex partner"
    assert [row["day"] for row in rows] == [date(2017, 2, 1), date(2016, 5, 30), None]
    assert [row["flagged"] for row in rows][:2] == [True, False]
    assert [row["age"] for row in rows] == ["14", "", "30"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A PostgreSQL server of our own on a socket, where one is installed."""
    pytest.importorskip("psycopg")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders or shutil.which("runuser") is None or os.geteuid() != 0:
        pytest.skip("no PostgreSQL server to start")
    data = Path("/tmp") / f"flag-postgres-{os.getpid()}"
    data.mkdir()
    shutil.chown(data, "postgres")
    run = ["runuser", "-u", "postgres", "--"]
    subprocess.run([*run, folders[-1] / "initdb", "-D", data / "d", "-A", "trust"], check=True, capture_output=True)
    options = f"-k {data} -c listen_addresses="
    start = [*run, folders[-1] / "pg_ctl", "-D", data / "d", "-w", "-l", data / "log", "-o", options, "start"]
    subprocess.run(start, check=True, capture_output=True)
    try:
        yield f"postgresql://postgres@/postgres?host={data}"
    finally:
        subprocess.run(
            [*run, folders[-1] / "pg_ctl", "-D", data / "d", "-m", "fast", "stop"], check=True, capture_output=True
        )
        shutil.rmtree(data)


def test_a_postgresql_table_gives_the_same_records(server: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            'create table crime ("Crime No" text, "Mo" text, "Summary" text, "Date" text, "Flag" text, "Age" text)'
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into crime values (%s, %s, %s, %s, %s, %s)", list(zip(*OWN.values(), strict=True))
            )
    rows = [row for batch in read_records(f"{server}#crime", parse_layout(LAYOUT, "m")) for row in batch.to_pylist()]
    assert [row["id"] for row in rows] == ["A1", "A2", "A3"]
    assert rows[0]["day"] == date(2017, 2, 1)
    with pytest.raises(AnswerableError) as caught:
        list(read_records(f"{server}#nothing", Layout()))
    assert "postgres@" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "message"),
    [("gone.csv", "is not a file"), ("records.duckdb", "no table is named"), ("records.csv", "has no column 'id'")],
)
def test_a_wrong_source_is_said(tmp_path: Path, source: str, message: str) -> None:
    for kind in ("csv", "duckdb"):
        write_source(tmp_path, kind)
    with pytest.raises(AnswerableError, match=message):
        list(read_records(str(tmp_path / source), Layout()))


def test_a_wrong_map_is_said() -> None:
    with pytest.raises(AnswerableError, match="unknown key txt"):
        parse_layout('[columns]\ntxt = "a"', "map.toml")
    with pytest.raises(AnswerableError, match="unknown section"):
        parse_layout("[colums]", "map.toml")


def run(tmp_path: Path, *arguments: str) -> Result:
    (tmp_path / "map.toml").write_text(LAYOUT)
    source = write_source(tmp_path, "csv")
    return CliRunner().invoke(
        command, [*arguments, source, "--map", str(tmp_path / "map.toml"), "--workers", "1"], catch_exceptions=False
    )


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx", "duckdb"])
def test_the_command_writes_the_agreed_columns_and_no_text(tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"out.{kind}"
    result = run(tmp_path, "-o", str(target), "--json")
    assert json.loads(result.stdout) == {"records": 3, "yes": 1, "no": 1, "needs-a-person": 1}
    rows = read_rows(target)
    assert list(rows[0]) == ["id", "flag", "medium", "platforms", "role", "score", "rules", "evidence"]
    assert [row["flag"] for row in rows] == ["yes", "no", "needs-a-person"]
    shown = target.read_bytes() + result.stdout.encode() + result.stderr.encode()
    assert b"ex partner" not in shown


def read_rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text().splitlines()))
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute("select * from flags").fetchall()
            names = [column[0] for column in connection.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found]
    openpyxl = pytest.importorskip("openpyxl")
    head, *body = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_the_same_records_give_the_same_bytes_in_one_process_or_two(tmp_path: Path) -> None:
    run(tmp_path, "-o", str(tmp_path / "one.csv"))
    source, layout = str(tmp_path / "records.csv"), str(tmp_path / "map.toml")
    arguments = [source, "--map", layout, "--workers", "2", "-o", str(tmp_path / "two.csv")]
    CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_an_unknown_kind_of_output_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [write_source(tmp_path, "csv"), "-o", str(tmp_path / "out.doc")])
    assert result.exit_code != 0


def test_a_formula_in_evidence_is_defused(tmp_path: Path) -> None:
    path = tmp_path / "risky.csv"
    path.write_text('id,text\n"=1+1","threats on Facebook"\n')
    target = tmp_path / "out.csv"
    CliRunner().invoke(command, [str(path), "-o", str(target), "--workers", "1"], catch_exceptions=False)
    assert read_rows(target)[0]["id"] == " =1+1"


def test_no_connection_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    assert run(tmp_path, "-o", str(tmp_path / "out.csv")).exit_code == 0


def test_a_batch_on_its_way_shows_nothing_of_what_it_holds() -> None:
    job = Job(data=b"Jane Doe", settings=Settings())
    assert "Jane" not in repr(job) and "Jane" not in str([job])


def test_an_unreadable_file_is_named_without_its_text(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(b'id,text\n1,"Jane Doe was threatened\n2,\xff\xfe Peter Smith","x"y\n' * 50)
    result = CliRunner().invoke(command, [str(path), "-o", str(tmp_path / "out.csv"), "--workers", "1"])
    shown = result.stdout + result.stderr + str(result.exception)
    assert "Jane" not in shown and "Peter" not in shown


def test_show_text_and_score_all_and_band(tmp_path: Path) -> None:
    run(tmp_path, "-o", str(tmp_path / "out.csv"), "--score-all", "--band", "0", "1")
    rows = read_rows(tmp_path / "out.csv")
    assert all(0 <= float(row["score"]) <= 1 for row in rows)
    result = CliRunner().invoke(command, [str(tmp_path / "records.csv"), "-o", "x.csv", "--band", "0.9", "0.1"])
    assert result.exit_code != 0
