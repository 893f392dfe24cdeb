"""Who is late: by the log of requests and the law's clock, on the survey's own closing day."""

import json
from pathlib import Path

import pytest

from answerable.line import read_edition

SURVEY = """
id = "late"
title = "Late"
subject = "crimes"
area = "England and Wales"
register = "uk-police"
authorities = ["essex", "kent", "surrey"]
periods = ["2023/24"]
[[question]]
id = "crimes"
number = "1"
text = "How many crimes were recorded?"
measure = "Crimes"
unit = "crimes"
"""


@pytest.mark.parametrize(
    ("published", "late"),
    [
        ("published = 2025-04-01\n", 0),  # the twentieth working day itself
        ("published = 2025-04-02\n", 1),
        ("", 1),  # closed by the last thing that came, Kent's reply of 3 April
    ],
)
def test_an_authority_is_late_once_its_time_is_over(published: str, late: int, tmp_path: Path) -> None:
    (tmp_path / "survey.toml").write_text(published + SURVEY)
    events = [
        ("essex", "received", "2025-03-03"),
        ("kent", "received", "2025-03-03"),
        ("kent", "replied", "2025-04-03"),
    ]
    lines = [json.dumps({"authority": who, "event": what, "on": on}) for who, what, on in events]
    (tmp_path / "requests.jsonl").write_text("\n".join(lines) + "\n")
    kent = tmp_path / "replies" / "kent"
    kent.mkdir(parents=True)
    (kent / "reply.csv").write_text("Year,Crimes\n2023/24,12\n")
    (kent / "reply.toml").write_text("received = 2025-04-03\n")
    outcomes = {
        item.id.rpartition("/")[2]: item.value
        for item in read_edition(tmp_path, workers=1).figures
        if item.kind == "outcome"
    }
    # Surrey was never asked on the record, so nothing says that it is late.
    assert outcomes == {"answered": 1, "no-reply": 2 - late} | ({"late": 1} if late else {})
