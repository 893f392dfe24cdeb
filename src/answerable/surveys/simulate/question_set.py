"""The simulated survey's own files: survey.toml and the register of authorities that do not exist."""

import csv
import io
import json

from answerable.surveys.simulate.wording import AGE_LABELS, SEX_LABELS, SHORT_OFFENCES
from answerable.surveys.simulate.world import OFFENCES, PERIODS, Force

QUESTIONS = {
    "offences": "How many online-flagged offences against under-18s were recorded in each financial year?",
    "offences-by-offence": "Please break the answer to question 1 down by offence.",
    "offences-by-age": "Please break the answer to question 1 down by age of victim.",
    "victims": "How many victims were there, by age and sex?",
}
"""Question id -> its text, in the order of the request."""

_HEAD = """\
# A simulated survey for practice and measurement: no authority in it exists and no figure in it is real.
id = "simulated-{seed}"
title = "Simulated survey, seed {seed}"
subject = "simulated online-flagged offences"
summary = "Practice data. No authority in it exists and no figure in it is real."
area = "Nowhere"
recorded_by = "police"
authority_noun = ["force", "forces"]
register = "register.csv"
periods = {periods}
simulated = true
source_note = "Simulated: no authority here exists and no figure here is real."

[contact]
name = "Nobody"
email = "nobody@example.org"
"""
_QUESTION = """
[[question]]
id = "{id}"
number = "{number}"
text = {text}
measure = "{measure}"
unit = "{unit}"
aliases = {aliases}
"""
_ALIASES = {
    "offences": ("Number of offences", "Recorded offences", "Offences recorded", "Online-flagged offences"),
    "offences-by-offence": ("Offences by offence type",),
    "offences-by-age": ("Offences by age of victim",),
    "victims": ("Victims by age and sex", "Number of victims"),
}
_DIMENSIONS = {"offences-by-offence": ("offence",), "offences-by-age": ("age",), "victims": ("age", "sex")}


def write_survey_toml(seed: int) -> str:
    """survey.toml of the survey with this seed."""
    lines = [_HEAD.format(seed=seed, periods=json.dumps(list(PERIODS)))]
    lines.append(
        _draw_dimension("offence", "Offence", "offence", ("Offence type", "Offence description", "Crime type"))
    )
    lines += [_draw_category(code, label, (SHORT_OFFENCES[code],)) for code, label in OFFENCES]
    lines.append(_draw_dimension("age", "Age of victim", "age", ("Victim age", "Age group", "Age")))
    for code, labels in AGE_LABELS.items():
        low, _, high = code.partition("-")
        ages = (int(low), int(high)) if high else None
        lines.append(_draw_category(code, labels[0], labels[1:], ages))
    lines.append(_draw_dimension("sex", "Sex of victim", "category", ("Sex", "Gender", "Victim gender")))
    lines += [_draw_category(code, labels[0], labels[1:]) for code, labels in SEX_LABELS.items()]
    for number, (key, text) in enumerate(QUESTIONS.items(), start=1):
        unit = "victims" if key == "victims" else "offences"
        question = _QUESTION.format(
            id=key,
            number=number,
            text=json.dumps(text),
            measure=unit.capitalize(),
            unit=unit,
            aliases=json.dumps(list(_ALIASES[key])),
        )
        if key in _DIMENSIONS:
            question += f"dimensions = {json.dumps(list(_DIMENSIONS[key]))}\n"
        lines.append(question + ('total_of = "offences"\n' if key.startswith("offences-") else ""))
    return "\n".join(lines)


def _draw_dimension(key: str, name: str, kind: str, aliases: tuple[str, ...]) -> str:
    return f'[[dimension]]\nid = "{key}"\nname = "{name}"\nkind = "{kind}"\naliases = {json.dumps(list(aliases))}\n'


def _draw_category(code: str, label: str, aliases: tuple[str, ...], ages: tuple[int, int] | None = None) -> str:
    text = f'[[dimension.category]]\ncode = "{code}"\nlabel = {json.dumps(label)}\n'
    text += f"aliases = {json.dumps(list(aliases))}\n"
    return text + (f"low = {ages[0]}\nhigh = {ages[1]}\n" if ages else "")


def write_register(forces: tuple[Force, ...]) -> str:
    """register.csv of the authorities."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("id", "name", "nation", "region", "law", "kind"))
    writer.writerows((force.id, force.name, "Nowhere", "Nowhere", "FOIA", "simulated") for force in forces)
    return out.getvalue()
