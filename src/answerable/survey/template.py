"""Settings -> the text of a commented starting survey.toml and reply.toml.

Made from the table of settings, so that every key is shown and none is invented. The trap: the text must be
a valid survey as it stands, so that the first thing a newcomer sees is a build that works.
"""

from answerable.survey.settings import SETTINGS, TABLES, Setting

EXAMPLES: dict[tuple[str, str], str] = {
    ("", "title"): '"Crimes at hospitals"',
    ("", "subject"): '"crimes at hospitals"',
    ("", "summary"): '"How many crimes did each police force record at hospitals?"',
    ("", "area"): '"England and Wales"',
    ("", "recorded_by"): '"police"',
    ("", "authority_noun"): '["force", "forces"]',
    ("", "register"): '"uk-police"',
    ("", "authorities"): '["kent", "sussex"]',
    ("", "nations"): '["England", "Wales"]',
    ("", "kinds"): '["territorial"]',
    ("", "periods"): '["2023/24", "2024/25"]',
    ("", "headline"): '"crimes"',
    ("", "small_base"): "50",
    ("", "rate_per"): "100000",
    ("", "second_readings"): "10",
    ("", "method_note"): '"Counts are of crimes recorded in the year."',
    ("", "source_note"): '"The figures come from replies to requests under the Freedom of Information Act."',
    ("", "published"): "2026-01-31",
    ("", "outlines"): '"areas.geojson"',
    ("", "outlines_source"): '"Source: Office for National Statistics, Open Government Licence."',
    ("", "embargo_until"): "2026-01-31T00:01:00+00:00",
    ("", "embargo"): '"Not for use before 00:01 on Saturday 31 January 2026"',
    ("", "address"): '"https://example.org/survey/"',
    ("", "digest_address"): '"https://example.org/digest"',
    ("", "helplines"): '["Name of the service: its number and hours"]',
    ("", "simulated"): "false",
    ("", "group"): '"hospital-crime"',
    ("contact", "name"): '"Survey desk"',
    ("contact", "email"): '"survey@example.org"',
    ("contact", "telephone"): '"01632 960000"',
    ("period", "id"): '"2017/18"',
    ("period", "start"): "2017-04-03",
    ("period", "end"): "2018-03-31",
    ("period", "aliases"): '["3 April 2017 to 31 March 2018"]',
    ("dimension", "id"): '"offence"',
    ("dimension", "name"): '"Type of crime"',
    ("dimension", "kind"): '"category"',
    ("dimension", "aliases"): '["Offence", "Offence type", "Crime type"]',
    ("dimension", "ages"): "[0, 17]",
    ("dimension", "codes"): '"offences.csv"',
    ("dimension.category", "code"): '"violence"',
    ("dimension.category", "label"): '"Violence"',
    ("dimension.category", "aliases"): '["Violence against the person"]',
    ("dimension.category", "low"): "12",
    ("dimension.category", "high"): "15",
    ("question", "id"): '"crimes"',
    ("question", "number"): '"1"',
    ("question", "text"): '"How many crimes were recorded at hospitals in each year?"',
    ("question", "measure"): '"Crimes"',
    ("question", "unit"): '"crimes"',
    ("question", "kind"): '"count"',
    ("question", "dimensions"): "[]",
    ("question", "aliases"): '["Number of crimes", "Recorded crimes"]',
    ("question", "total_of"): '"crimes"',
    ("question", "version"): '"1"',
    ("definition", "term"): '"hospital"',
    ("definition", "text"): '"Premises whose address in the recording system is that of an NHS hospital."',
    ("comparison", "base"): '"2023/24"',
    ("comparison", "period"): '"2024/25"',
    ("break", "period"): '"2024/25"',
    ("break", "reason"): '"The force changed its recording system."',
    ("break", "authority"): '"kent"',
    ("break", "question"): '"crimes"',
    ("reply", "received"): "2025-06-02",
    ("reply", "outcome"): '"successful"',
    ("reply", "reference"): '"FOI 1234/25"',
    ("reply", "unit"): '"offences"',
    ("reply", "recreated_from"): '["https://example.org/published-figures"]',
    ("reply", "note"): '"The second sheet repeats the first."',
    ("reply.exemption", "question"): '"2"',
    ("reply.exemption", "section"): '"40"',
    ("reply.exemption", "subsection"): '"(2)"',
    ("reply.exemption", "harm"): '"A child could be recognised."',
    ("reply.exemption", "address"): '"https://example.org/published-figures"',
    ("reply.exemption", "public_interest"): '"not needed: absolute"',
    ("reply.caveat", "kind"): '"live_system"',
    ("reply.caveat", "text"): '"Figures may change as records are updated."',
    ("reply.caveat", "question"): '"crimes"',
    ("reply.caveat", "period"): '"2024/25"',
}
"""(table, key) -> what a filled-in line shows; the id is the folder's name."""

_SHOWN = frozenset({
    ("", "summary"), ("", "recorded_by"), ("", "authority_noun"), ("", "nations"), ("", "kinds"), ("", "periods"),
    ("dimension", "aliases"), ("dimension.category", "aliases"), ("question", "aliases"),
})  # fmt: skip
"""Keys without which the survey would be valid but bare; written uncommented beside the required ones."""

_COMMENTED = frozenset({"period", "definition", "comparison", "break"})
"""Tables that most surveys do without: shown, but as comments."""

_BREAKDOWN = """
# A breakdown: its categories are those of the dimension, its grand total also answers the first question.
[[question]]
id = "crimes-by-offence"
number = "2"
text = "Please break the answer to question 1 down by type of crime."
measure = "Crimes"
unit = "crimes"
dimensions = ["offence"]
total_of = "crimes"
"""

LOOKUPS = """\
# What you have settled about labels and values in the replies, each with its reason. See docs/survey.md.
#
# [[label]]
# text = "VAP"
# dimension = "offence"
# category = "violence"
# reason = "The force's own abbreviation, spelt out on its first sheet."
#
# [[value]]
# text = "*"
# low = 1
# high = 4
# authority = "kent"
# reason = "The letter says that an asterisk stands for fewer than five."
"""

REFERENCES = "id,question,measure,authority,period,value,n_answered,source,published,status,note\n"


def make_survey_text(name: str) -> str:
    """A survey.toml with every key shown, valid as it stands; `name` becomes its id."""
    lines = [
        f"# The survey {name}. Keys behind # may be left out; each is explained in docs/survey.md.",
        *_show_table("", f'"{name}"'),
    ]
    for table in TABLES:
        if table.startswith("reply") or not table:
            continue
        mark = "# " if table in _COMMENTED else ""
        brackets = f"[{table}]" if table == "contact" else f"[[{table}]]"
        lines += ["", f"{mark}{brackets}"]
        lines += _show_table(table, EXAMPLES.get((table, "id"), ""))
    return "\n".join(lines) + "\n" + _BREAKDOWN


def make_reply_guide() -> str:
    """The README of an empty replies/ folder: where a reply goes and every key of its reply.toml."""
    lines = [
        "# Replies",
        "",
        "One folder for each authority, named by its id in the register: `kent/`. Put the files in as they came;",
        "they are never altered. What the files do not say goes into `reply.toml` beside them:",
        "",
        "```toml",
        *_show_table("reply", "", everything=True),
    ]
    for table in ("exemption", "caveat"):
        lines += ["", f"[[{table}]]", *_show_table(f"reply.{table}", "", everything=True)]
    return "\n".join([*lines, "```", ""])


def _show_table(table: str, name: str, *, everything: bool = False) -> list[str]:
    lines = []
    for setting in SETTINGS:
        if setting.table != table:
            continue
        example = name if setting.key == "id" and not table else EXAMPLES[table, setting.key]
        shown = everything or (table not in _COMMENTED and _is_shown(setting))
        lines.append(f"# {setting.help}")
        lines.append(f"{'' if shown else '# '}{setting.key} = {example}")
    return lines


def _is_shown(setting: Setting) -> bool:
    return setting.required or (setting.table, setting.key) in _SHOWN
