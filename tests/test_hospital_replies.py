"""Two forces' real PDF replies on crimes at hospitals: financial years read whole, calendar years never accepted.

The letters are in the shared corpus and not here; they name officials, so nothing but numbers is kept. The
numbers below were read from the pages by eye.
"""

from collections import Counter
from pathlib import Path

import pytest

from answerable.formats import read_document
from answerable.model import Document, Finding, Observation, Reply, Survey
from answerable.observations import find_observations
from building import build_survey

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "hospital-crime"
OFFENCES = """
Absconding from lawful custody; Arson; Bicycle theft; Burglary business and community; Burglary residential;
Criminal damage; Dangerous driving; Disclosure, obstruction, false or misleading statements etc; Interfering
with a motor vehicle; NFIB52B Hacking-Personal; NFIB5A Cheque, Plastic card and Online Bank Accounts (not
PSP); NFIB90 Other Fraud Not Covered Elsewhere; Other forgery; Other notifiable offences; Other offences
against the state or public order; Other sexual offences; Other theft; Perverting the course of justice;
Possession of article with blade or point; Possession of drugs; Possession of other weapons; Public fear,
alarm or distress; Racially or religiously aggravated public fear, alarm or distress; Rape; Shoplifting;
Stalking and harassment; Theft from the person; Theft from vehicle; Threat or possession with intent to commit
criminal damage; Trafficking in controlled drugs; Violence with injury; Violence without injury
"""
TEXT = (
    """
id = "hospital-crime"
title = "Crimes at hospitals"
subject = "crimes on hospital grounds"
area = "England"
register = "uk-police"
authorities = ["cumbria", "humberside"]
periods = ["2019/20", "2020/21", "2021/22", "2022/23", "2023/24"]
[[dimension]]
id = "offence"
name = "Offence"
kind = "offence"
aliases = ["Offence Sub Group", "Offence types"]
"""
    + "".join(
        f'[[dimension.category]]\ncode = "{number}"\nlabel = "{" ".join(name.split())}"\n'
        for number, name in enumerate(OFFENCES.split(";"), start=1)
    )
    + """
[[question]]
id = "crimes"
number = "1a"
text = "The total number of crimes on hospital grounds for each year"
measure = "Crimes"
unit = "crimes"
[[question]]
id = "by-offence"
number = "1b"
text = "By the nature of each crime description"
measure = "Crimes"
unit = "crimes"
dimensions = ["offence"]
total_of = "crimes"
"""
)
TOTALS = {"2019/20": 635, "2020/21": 505, "2021/22": 569, "2022/23": 513, "2023/24": 278}


def read_letter(name: str) -> tuple[Survey, tuple[Observation, ...], tuple[Finding, ...]]:
    path = CORPUS / f"{name}.pdf"
    if not path.is_file():
        pytest.skip("the shared corpus is not beside the repository")
    survey = build_survey(TEXT)
    authority = name.casefold()
    document = Document(sha256="", name=path.name, media_type="application/pdf", path=f"{authority}/{path.name}")
    grids = read_document(document, path.read_bytes())
    reply = Reply(id=authority, authority=authority, received=None, outcome="waiting_response")
    return survey, *find_observations(survey, reply, grids)


def test_cumbria_is_read_whole_across_pages() -> None:
    survey, observations, _ = read_letter("Cumbria")
    accepted = [o for o in observations if o.accepted]
    assert {o.period: o.value for o in accepted if o.question == "crimes"} == TOTALS
    sums: Counter[str] = Counter()
    for observation in accepted:
        if observation.question == "by-offence" and isinstance(observation.value, int):
            sums[observation.period] += observation.value
    assert sums == TOTALS
    labels = {c.code: c.label for c in survey.dimensions[0].categories}
    read = {(labels[o.dimensions[0][1]], o.period): o.value for o in accepted if o.dimensions}
    assert [read["Criminal damage", period] for period in TOTALS] == [69, 48, 54, 50, 33]
    assert [read["Violence without injury", period] for period in TOTALS] == [259, 257, 246, 218, 128]
    assert any(o.evidence and any("add to the total" in why for why in o.evidence) for o in accepted)


def test_humberside_answers_by_calendar_year_and_nothing_is_accepted() -> None:
    _, observations, findings = read_letter("Humberside")
    assert [o for o in observations if o.accepted] == []
    assert any(finding.check == "comparability" for finding in findings)
