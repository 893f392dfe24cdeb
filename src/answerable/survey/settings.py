"""The settings of survey.toml and reply.toml: every key, its type and meaning.

One table drives reading, checking and the reference page, so none of the three can drift. The trap is a key
that is accepted but not documented; a test compares this table with docs/survey.md.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from answerable.errors import SurveyError

SettingType = type | tuple[type, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One key of one table. `type` is what TOML must give; `required` keys have no default."""

    table: str
    key: str
    type: SettingType
    help: str
    required: bool = False
    default: Any = None


def _setting(table: str, key: str, kind: SettingType, text: str, **more: Any) -> Setting:
    return Setting(table=table, key=key, type=kind, help=text, **more)


SETTINGS: tuple[Setting, ...] = (
    _setting("", "id", str, "Short name of the survey, used in file names: `cyber-flag`.", required=True),
    _setting("", "title", str, "Title of the bulletin and the site.", required=True),
    _setting(
        "",
        "subject",
        str,
        "What is counted, as a noun phrase that fits into a sentence: `crimes at hospitals`.",
        required=True,
    ),
    _setting("", "summary", str, "One paragraph on what the survey is.", default=""),
    _setting("", "area", str, "The whole that the authorities cover: `England and Wales`.", required=True),
    _setting("", "recorded_by", str, "Who recorded it, in a sentence: `police`.", default="the authorities"),
    _setting("", "authority_noun", list, "Singular and plural of one authority.", default=["authority", "authorities"]),
    _setting("", "register", str, "`uk-police` (bundled) or a CSV file beside survey.toml.", required=True),
    _setting(
        "", "authorities", list, "Authority ids asked; left out, all of the register that `nations` and `kinds` allow."
    ),
    _setting("", "nations", list, "Keep only authorities of these nations."),
    _setting("", "kinds", list, "Keep only authorities of these kinds, such as `territorial`."),
    _setting("", "periods", list, "Periods asked for, in order: `2015/16` (financial), `2024` (calendar)."),
    _setting("", "headline", str, "Id of the question the bulletin leads with; left out, the first question."),
    _setting("", "small_base", int, "No percentage in text from a base under this (0 prints all).", default=50),
    _setting("", "rate_per", int, "Children that a rate is given for: `1000` or `100000`.", default=100_000),
    _setting(
        "",
        "second_readings",
        int,
        "Percent of accepted values that two people read again, without seeing the reading: 0 none, 100 all.",
        default=0,
    ),
    _setting("", "method_note", str, "Added to the notes to editors.", default=""),
    _setting("", "source_note", str, "Where the replies came from, shown on every page.", default=""),
    _setting(
        "", "outlines", str, "GeoJSON file beside survey.toml with the authorities' areas, for the map.", default=""
    ),
    _setting(
        "", "outlines_source", str, "Who drew the outlines and under which licence, printed under the map.", default=""
    ),
    _setting("", "published", date, "Date printed on the bulletin and the releases."),
    _setting(
        "",
        "embargo_until",
        datetime,
        "Moment the embargo ends, with its offset from UTC: `2017-06-01T00:01:00+01:00`. Nothing goes to "
        "published/ before it.",
    ),
    _setting(
        "",
        "embargo",
        str,
        "Embargo line printed at the head of every release; left out, it is written from `embargo_until`.",
        default="",
    ),
    _setting(
        "",
        "address",
        str,
        "Where the site is published, for feeds and mails: `https://example.org/survey/`; left out, links in feeds "
        "are relative.",
        default="",
    ),
    _setting(
        "",
        "digest_address",
        str,
        "Where `answerable digest SURVEY listen` is reached from outside, for the links in its mails: "
        "`https://example.org/digest`.",
        default="",
    ),
    _setting("", "helplines", list, "Lines of the help block at the end of every release.", default=[]),
    _setting("", "simulated", bool, "Marks every page as simulated.", default=False),
    _setting(
        "",
        "group",
        str,
        "Shared by surveys that ask for similar information, this year's and last year's; left out, `id`.",
        default="",
    ),
    _setting("contact", "name", str, "Who answers questions about the survey.", required=True),
    _setting("contact", "email", str, "Their address.", required=True),
    _setting("contact", "telephone", str, "Their telephone number.", default=""),
    _setting("period", "id", str, "Name of a period that `periods` cannot express.", required=True),
    _setting("period", "start", date, "First day.", required=True),
    _setting("period", "end", date, "Last day, included.", required=True),
    _setting("period", "aliases", list, "Other names replies may use for it.", default=[]),
    _setting("dimension", "id", str, "Short name: `age`.", required=True),
    _setting("dimension", "name", str, "Name shown to readers: `Age of victim`.", required=True),
    _setting(
        "dimension", "kind", str, "`category`, `age` or `offence` (matches Home Office codes too).", default="category"
    ),
    _setting("dimension", "aliases", list, "Heading words that announce this dimension.", default=[]),
    _setting("dimension", "ages", list, "For single years of age: first and last, `[0, 17]`."),
    _setting("dimension", "codes", str, "A CSV of `code,label,aliases` beside survey.toml (aliases split by `;`)."),
    _setting("dimension.category", "code", str, "Code used in the outputs.", required=True),
    _setting("dimension.category", "label", str, "Label shown to readers.", required=True),
    _setting("dimension.category", "aliases", list, "Other labels replies may use.", default=[]),
    _setting("dimension.category", "low", int, "Youngest age of a band."),
    _setting("dimension.category", "high", int, "Oldest age of a band; left out, no upper end."),
    _setting("question", "id", str, "Short name: `offences-by-age`.", required=True),
    _setting("question", "number", str, "Its number in the request: `1`, `2b`.", required=True),
    _setting("question", "text", str, "The question as it was put.", required=True),
    _setting("question", "measure", str, "What is counted, for table headings: `Offences`.", required=True),
    _setting(
        "question", "unit", str, "`offences`, `crimes`, `victims`, `suspects`, `arrests`, `people` ...", required=True
    ),
    _setting("question", "kind", str, "`count`, `yes_no`, `choice` or `text`.", default="count"),
    _setting("question", "dimensions", list, "Dimension ids it is broken down by.", default=[]),
    _setting("question", "aliases", list, "Heading words that announce it in replies.", default=[]),
    _setting("question", "total_of", str, "Question that the grand total of this breakdown also answers."),
    _setting(
        "question",
        "version",
        str,
        "Raise it when the wording changes; no change is computed across versions.",
        default="1",
    ),
    _setting(
        "definition", "term", str, "A term of the questions that needs a meaning: `online offences`.", required=True
    ),
    _setting("definition", "text", str, "What it means, as printed in the request.", required=True),
    _setting("comparison", "base", str, "Earlier period of a published change.", required=True),
    _setting("comparison", "period", str, "Later period.", required=True),
    _setting("break", "period", str, "First period after the break.", required=True),
    _setting("break", "reason", str, "Why figures before and after cannot be compared.", required=True),
    _setting("break", "authority", str, "Authority it concerns; left out, all."),
    _setting("break", "question", str, "Question it concerns; left out, all."),
    _setting("reply", "received", date, "Day the reply came."),
    _setting("reply", "outcome", str, "What became of the request; left out, it is read from the letter."),
    _setting("reply", "reference", str, "The authority's own reference.", default=""),
    _setting("reply", "unit", str, "What the authority counted, where it says so."),
    _setting(
        "reply", "recreated_from", list, "Published sources of a document that was made again from them.", default=[]
    ),
    _setting("reply", "note", str, "Anything a reader of the figures should know.", default=""),
    _setting("reply.exemption", "question", str, "Numbered part refused; left out, the whole.", default=""),
    _setting("reply.exemption", "section", str, "Section of the Act: `12`, `40`.", required=True),
    _setting("reply.exemption", "subsection", str, "Subsection: `(2)`.", default=""),
    _setting("reply.exemption", "harm", str, "Harm argued.", default=""),
    _setting("reply.exemption", "public_interest", str, "Outcome of the public interest test.", default=""),
    _setting("reply.exemption", "address", str, "Where the information stands, by section 21.", default=""),
    _setting(
        "reply.caveat",
        "kind",
        str,
        "`live_system`, `rule_changed`, `flag_not_used`, `counts_victims` ...",
        required=True,
    ),
    _setting("reply.caveat", "text", str, "What the authority said, in short.", required=True),
    _setting("reply.caveat", "question", str, "Question id it limits; left out, all.", default=""),
    _setting("reply.caveat", "period", str, "Period it limits; left out, all.", default=""),
)

TABLES = tuple(dict.fromkeys(setting.table for setting in SETTINGS))
"""Table names in the order they are documented; `dimension.category` nests in `dimension`."""


def check_keys(table: str, found: Mapping[str, Any], where: str) -> None:
    """Raise SurveyError for an unknown key (naming the nearest), a missing one, or a wrong type."""
    known = {setting.key: setting for setting in SETTINGS if setting.table == table}
    nested = {name.rpartition(".")[2] for name in TABLES if name and name.rpartition(".")[0] == table}
    for key, value in found.items():
        if key in nested:
            continue
        if key not in known:
            refuse_key(key, [*known, *nested], f"{where}{f' [{table}]' if table else ''}")
        if not _fits(value, known[key].type):
            wanted = _name_type(known[key].type)
            raise SurveyError(
                where, f"{key} is {type(value).__name__}, expected {wanted}", f"See docs/survey.md, {key}"
            )
    for setting in known.values():
        if setting.required and setting.key not in found:
            place = f"[{table}] {found.get('id', '')}".strip() if table else "the top of the file"
            raise SurveyError(where, f"{setting.key} is missing from {place}", f"Add it: {setting.help}")


def refuse_key(key: str, known: list[str], where: str) -> None:
    """Raise SurveyError for an unknown key, naming the nearest known one."""
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f'Did you mean "{near[0]}"?' if near else f"Known keys: {', '.join(sorted(known))}"
    raise SurveyError(where, f'unknown key "{key}"', hint)


def get_value(table: str, found: Mapping[str, Any], key: str) -> Any:
    """The value of a key, or its documented default."""
    if key in found:
        return found[key]
    return next(setting.default for setting in SETTINGS if setting.table == table and setting.key == key)


def _fits(value: Any, kind: SettingType) -> bool:
    if kind is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    if kind is datetime:
        return isinstance(value, datetime)
    if kind is int and isinstance(value, bool):
        return False
    return isinstance(value, kind)


def _name_type(kind: SettingType) -> str:
    names = {
        str: "text in quotes",
        int: "a whole number",
        list: "a list in brackets",
        date: "a date such as 2017-06-01",
        datetime: "a moment such as 2017-06-01T00:01:00+01:00",
    }
    return names.get(kind, "true or false") if isinstance(kind, type) else "one of several types"
